#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "app/data_folder.h"
#include "app/run_record.h"
#include "app/validation.h"
#include "app/validation_document.h"

namespace buttress {

namespace {

/// the page that is there, or a new one; nothing after VALID-002
std::optional<std::string> read_page(const std::string& path, Diagnostics& diagnostics) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return make_validation_page(make_empty_section());
  const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (replace_section(page, "")) return page;
  diagnostics.error(
      "VALID-002", path, 0, "the page does not hold the marks between which the section stands, once each and in order",
      "Write <!-- buttress validate: begin --> and <!-- buttress validate: end --> on lines of their own.");
  return std::nullopt;
}

}  // namespace

RunStatus run_validate(const ValidateRequest& request, std::string& text, std::string& record_text,
                       Diagnostics& diagnostics) {
  std::string folder = request.out_folder;
  if (folder.empty()) {
    folder = find_data_folder() + "/../docs";
    if (!std::filesystem::is_regular_file(folder + "/validation.md")) {
      diagnostics.error("VALID-003", folder, 0, "there is no page docs/validation.md beside the data folder",
                        "Name a folder for the results with --out.");
      return RunStatus::bad_input;
    }
    folder = std::filesystem::path(folder).lexically_normal().string();
  }
  Evidence evidence = read_evidence(find_data_folder() + "/evidence", diagnostics);
  const std::vector<GlobalNumber> numbers = find_global_numbers(diagnostics);
  const auto body = prepare_body("", false, diagnostics);
  // before the work is done: can its result be put down?
  const auto old_page = read_page(folder + "/validation.md", diagnostics);
  if (!body || diagnostics.has_errors() || !make_folder(folder + "/validation", diagnostics))
    return RunStatus::bad_input;
  std::vector<ValidationRun> runs = run_movement_library(*body, evidence, request.thread_count, diagnostics);
  const Validation validation = make_validation(std::move(evidence), std::move(runs));

  const std::string page = *replace_section(*old_page, make_validation_section(validation, numbers));
  text = make_validation_text(validation);
  record_text = format_run_record(make_validation_record(validation, numbers));
  bool written = write_text_file(folder + "/validation.md", page, diagnostics);
  written = written && write_text_file(folder + "/validation/validation.json", record_text, diagnostics);
  for (const ValidationPlot& plot : make_validation_plots(validation))
    written = written && write_text_file(folder + "/validation/" + plot.file, plot.svg, diagnostics);
  if (!written) return RunStatus::bad_input;
  text += "Page: " + folder + "/validation.md\n";
  // a movement that cannot be run is an error; what agrees badly is a result
  return diagnostics.has_errors() ? RunStatus::not_solved : RunStatus::done;
}

}  // namespace buttress
