#include "track/marker_naming.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace buttress {

namespace {

std::set<std::string> find_names(const Model& model) {
  std::set<std::string> names;
  for (const Marker& m : model.markers) names.insert(m.name);
  return names;
}

std::vector<std::string> find_known(const MarkerTrajectory& recording, const std::set<std::string>& names) {
  std::vector<std::string> known;
  for (const std::string& name : recording.names)
    if (names.count(name)) known.push_back(name);
  return known;
}

bool is_ever_seen(const MarkerTrajectory& recording, std::size_t marker) {
  for (std::size_t f = 0; f < recording.time.size(); ++f)
    if (std::isfinite(recording.positions[(f * recording.names.size() + marker) * 3])) return true;
  return false;
}

/// "Ann:LASI" -> "LASI", unless that would make two names equal
void remove_subject(MarkerTrajectory& recording, const std::set<std::string>& names) {
  std::set<std::string> used(recording.names.begin(), recording.names.end());
  for (std::string& name : recording.names) {
    const std::size_t colon = name.rfind(':');
    if (colon == std::string::npos || names.count(name)) continue;
    const std::string bare = name.substr(colon + 1);
    if (names.count(bare) && used.insert(bare).second) name = bare;
  }
}

}  // namespace

std::string list_some(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 8;
  const std::vector<std::string> some(names.begin(),
                                      names.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, names.size())));
  return fmt::format("{}{}", fmt::join(some, ", "), names.size() > kMost ? ", ..." : "");
}

std::vector<MarkerMap> read_built_in_maps(const std::string& data_folder, Diagnostics& diagnostics) {
  std::vector<std::string> files;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder + "/marker_maps", problem))
    if (entry.path().extension() == ".csv") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  std::vector<MarkerMap> maps;
  for (const std::string& file : files)
    if (auto map = read_marker_map(file, diagnostics)) maps.push_back(std::move(*map));
  return maps;
}

std::optional<MarkerNaming> name_markers(const Model& model, const std::string& map_file,
                                         const std::vector<MarkerMap>& built_in, MarkerTrajectory& recording,
                                         Diagnostics& diagnostics) {
  const std::set<std::string> names = find_names(model);
  if (names.empty()) {
    diagnostics.error("TRACK-002", model.file, 0, "the model has no markers",
                      "Add a MarkerSet to the model, or use the built-in body: buttress track body ...");
    return std::nullopt;
  }
  const std::vector<std::string> as_recorded = recording.names;
  // names alone: positions may be large, and maps do not look at them
  MarkerTrajectory bare;
  bare.file = recording.file;
  bare.names = recording.names;
  MarkerTrajectory plain = bare;
  remove_subject(plain, names);
  MarkerNaming naming;
  const MarkerMap* chosen = nullptr;
  std::optional<MarkerMap> given;
  MarkerTrajectory named = plain;
  if (!map_file.empty()) {
    given = read_marker_map(map_file, diagnostics);
    if (!given) return std::nullopt;
    named = bare;
    if (!apply_marker_map(*given, named, diagnostics)) return std::nullopt;
    chosen = &*given;
  } else {
    std::size_t most = find_known(plain, names).size();
    for (const MarkerMap& map : built_in) {
      MarkerTrajectory attempt = bare;
      Diagnostics unused;
      if (!apply_marker_map(map, attempt, unused)) continue;
      const std::size_t known = find_known(attempt, names).size();
      if (known > most) most = known, chosen = &map;
    }
    if (chosen) {
      named = bare;
      // its note on near places is acted upon here
      Diagnostics messages;
      apply_marker_map(*chosen, named, messages);
      for (const Diagnostic& d : messages.items())
        if (d.id != "MAP-008") diagnostics.add(d);
    }
  }
  if (chosen) {
    naming.map_file = chosen->file;
    naming.map_name = std::filesystem::path(chosen->file).stem().string();
  }
  for (std::size_t i = 0; i < named.names.size(); ++i) {
    if (!names.count(named.names[i])) {
      naming.unknown.push_back(as_recorded[i]);
    } else {
      ++naming.known;
      if (!is_ever_seen(recording, i)) naming.empty.push_back(as_recorded[i]);
    }
    if (!chosen) continue;
    for (const MarkerMapRow& row : chosen->rows) {
      const std::string& own = as_recorded[i];
      const bool is_row =
          row.theirs == own || (own.size() > row.theirs.size() && own[own.size() - row.theirs.size() - 1] == ':' &&
                                own.compare(own.size() - row.theirs.size(), std::string::npos, row.theirs) == 0);
      if (is_row && row.is_near && row.marker == named.names[i]) naming.near.insert(row.marker);
    }
  }
  if (naming.known == 0) {
    std::vector<std::string> tried;
    tried.reserve(built_in.size());
    for (const MarkerMap& map : built_in) tried.push_back(std::filesystem::path(map.file).stem().string());
    if (given) tried = {map_file};
    diagnostics.error("TRACK-001", recording.file, 0,
                      fmt::format("none of its {} names is a marker of the model, as it is or through the maps {}; it "
                                  "has {}; the model has {}",
                                  recording.names.size(), fmt::join(tried, ", "), list_some(as_recorded),
                                  list_some(std::vector<std::string>(names.begin(), names.end()))),
                      "Give a marker map with --map FILE; data/README.md tells how to write one.");
    return std::nullopt;
  }
  recording.names = std::move(named.names);
  return naming;
}

const MarkerMap* find_map_of_model(const Model& model, const std::vector<MarkerMap>& built_in) {
  const std::set<std::string> names = find_names(model), landmarks = find_landmarks(built_in);
  std::size_t most = 0;
  for (const std::string& name : names) most += landmarks.count(name);
  const MarkerMap* best = nullptr;
  for (const MarkerMap& map : built_in) {
    std::size_t known = 0;
    for (const MarkerMapRow& row : map.rows) known += names.count(row.theirs);
    if (known > most) most = known, best = &map;
  }
  return best;
}

std::set<std::string> find_landmarks(const std::vector<MarkerMap>& built_in) {
  std::set<std::string> landmarks;
  for (const MarkerMap& map : built_in)
    for (const MarkerMapRow& row : map.rows) landmarks.insert(row.marker);
  return landmarks;
}

}  // namespace buttress
