#include "view/finish_results.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "io/file_hash.h"
#include "io/text_file.h"
#include "motion/coordinate_columns.h"
#include "view/run_record.h"

namespace buttress {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// a text field of a record that anybody may have changed; empty when it is none
std::string read_text_field(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// the list of that name, an empty one when there is none
json read_list(const json& record, const char* name) {
  if (!record.is_object()) return json::array();
  const auto at = record.find(name);
  return at != record.end() && at->is_array() ? *at : json::array();
}

json read_earlier_record(const fs::path& folder) {
  std::ifstream file(folder / "run.json", std::ios::binary);
  return file ? json::parse(file, nullptr, false) : json();
}

bool makes_room(const json& before, const json& now, EarlierRun earlier) {
  const bool was_tool = read_text_field(before, "command") == "run-tool";
  if (earlier == EarlierRun::any_verb) return !was_tool;
  const json a = read_list(before, "inputs"), b = read_list(now, "inputs");
  // the setup is the first file that is read
  return was_tool && !a.empty() && !b.empty() && read_text_field(a[0], "file") == read_text_field(b[0], "file");
}

bool is_read(const json& record, const fs::path& path) {
  const json inputs = read_list(record, "inputs");
  return std::any_of(inputs.begin(), inputs.end(), [&](const json& input) {
    std::error_code problem;
    return fs::equivalent(read_text_field(input, "file"), path, problem);
  });
}

/// names of what the earlier run alone has left
std::vector<std::string> remove_stale(const fs::path& folder, const json& before, const json& now) {
  const json files = read_list(now, "files");
  std::vector<std::string> removed;
  for (const json& entry : read_list(before, "files")) {
    const std::string name = read_text_field(entry, "file"), hash = read_text_field(entry, "sha256");
    const bool is_written =
        std::any_of(files.begin(), files.end(), [&](const json& f) { return read_text_field(f, "file") == name; });
    // a name without folders cannot lead out of this one; another hash is somebody's own work
    if (name.empty() || name != fs::path(name).filename().string() || hash.empty() || is_written) continue;
    const fs::path path = folder / name;
    std::error_code problem;
    if (!fs::is_regular_file(fs::symlink_status(path, problem)) || is_read(now, path) ||
        calc_file_hash(path.string()) != hash)
      continue;
    if (fs::remove(path, problem)) removed.push_back(name);
  }
  return removed;
}

}  // namespace

bool finish_results(const std::string& folder, const std::vector<std::string>& written, EarlierRun earlier,
                    json& record, std::string& text, Diagnostics& diagnostics) {
  record["files"] = json::array();
  for (const std::string& path : written) {
    std::error_code problem;
    const fs::path parent = fs::path(path).parent_path();
    if (fs::equivalent(parent.empty() ? "." : parent, folder, problem))
      record["files"].push_back({{"file", fs::path(path).filename().string()}, {"sha256", calc_file_hash(path)}});
  }
  const json before = read_earlier_record(folder);
  if (makes_room(before, record, earlier)) {
    const std::vector<std::string> removed = remove_stale(folder, before, record);
    if (!removed.empty()) {
      diagnostics.note("APP-003", folder, 0,
                       "removed what an earlier run left there and this one does not write: " + join_names(removed),
                       "Give every run that is to be kept its own --out.");
      record["messages"].push_back(format_diagnostic(diagnostics.items().back()));
    }
  }
  text = format_run_record(record);
  return write_text_file((fs::path(folder) / "run.json").string(), text, diagnostics);
}

bool finish_results(const std::string& folder, const std::vector<std::string>& written, EarlierRun earlier,
                    std::string& record_text, Diagnostics& diagnostics) {
  json record = json::parse(record_text);
  return finish_results(folder, written, earlier, record, record_text, diagnostics);
}

}  // namespace buttress
