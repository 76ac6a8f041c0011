#include "io/marker_map.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

#include "io/table_header.h"

namespace buttress {

namespace {

/// after this many errors in the rows the reader only counts
constexpr int kMostListedErrors = 20;

/// the text up to the next comma, without blanks around it; `rest` moves behind the comma
std::string_view take_cell(std::string_view& rest) {
  const std::size_t comma = std::min(rest.find(','), rest.size());
  const std::string_view cell = trim_blanks(rest.substr(0, comma));
  rest = comma < rest.size() ? rest.substr(comma + 1) : std::string_view();
  return cell;
}

}  // namespace

std::optional<MarkerMap> read_marker_map(const std::string& path, Diagnostics& diagnostics) {
  std::ifstream in(path, std::ios::binary);
  std::string text;
  std::error_code ignored;
  // a folder opens, but cannot be read
  const bool is_folder = std::filesystem::is_directory(path, ignored);
  if (in && !is_folder) text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  if (!in || is_folder) {
    diagnostics.error("MAP-001", path, 0, "the marker map cannot be read", "Check path, spelling and permissions.");
    return std::nullopt;
  }
  return parse_marker_map(text, path, diagnostics);
}

std::optional<MarkerMap> parse_marker_map(std::string_view text, const std::string& file_name,
                                          Diagnostics& diagnostics) {
  MarkerMap map;
  map.file = file_name;
  LineScanner lines(text);
  std::string_view line;
  bool has_header = false;
  int failed = 0;
  std::unordered_map<std::string, int> line_of;
  while (lines.next(line)) {
    line = trim_blanks(line);
    // lines that start with # are remarks
    if (line.empty() || line[0] == '#') continue;
    if (!has_header) {
      has_header = true;
      if (line == "marker,theirs,match,source") continue;
      diagnostics.error(
          "MAP-002", file_name, lines.line_number(),
          std::string("\"").append(line.substr(0, 60)) + "\" stands where marker,theirs,match,source was expected",
          "Write the names of the columns into the first line.");
      return std::nullopt;
    }
    MarkerMapRow row;
    row.line = lines.line_number();
    row.marker = take_cell(line);
    row.theirs = take_cell(line);
    const std::string match(take_cell(line));
    // the source may have commas of its own
    row.source = trim_blanks(line);
    row.is_near = match == "near";
    if (row.marker.empty() || row.theirs.empty() || (match != "same" && match != "near")) {
      if (++failed <= kMostListedErrors)
        diagnostics.error("MAP-003", file_name, row.line,
                          "the row has the marker \"" + row.marker + "\", their name \"" + row.theirs +
                              "\" and match \"" + match + "\"; two names and \"same\" or \"near\" were expected",
                          "Complete the row.");
      continue;
    }
    const auto [found, is_new] = line_of.emplace(row.theirs, row.line);
    if (!is_new) {
      if (++failed <= kMostListedErrors)
        diagnostics.error("MAP-004", file_name, row.line,
                          "\"" + row.theirs + "\" stands in line " + std::to_string(found->second) + " already",
                          "A marker of theirs can stand for one of the model only; remove a row.");
      continue;
    }
    map.rows.push_back(std::move(row));
  }
  if (map.rows.empty() && failed == 0) {
    diagnostics.error("MAP-005", file_name, 0, "the marker map has no rows", "Add a row for each marker.");
    return std::nullopt;
  }
  if (failed > kMostListedErrors)
    diagnostics.error("MAP-009", file_name, 0, std::to_string(failed - kMostListedErrors) + " more rows have errors",
                      "Mend the ones listed first; they may have one cause.");
  if (failed > 0) return std::nullopt;
  return map;
}

bool apply_marker_map(const MarkerMap& map, MarkerTrajectory& trajectory, Diagnostics& diagnostics) {
  std::unordered_map<std::string, std::size_t> row_of;
  for (std::size_t i = 0; i < map.rows.size(); ++i) row_of.emplace(map.rows[i].theirs, i);
  const auto find_row = [&](const std::string& name) {
    auto found = row_of.find(name);
    const std::size_t colon = name.rfind(':');
    if (found == row_of.end() && colon != std::string::npos) found = row_of.find(name.substr(colon + 1));
    return found == row_of.end() ? map.rows.size() : found->second;
  };

  // who is to have which name; a marker that bears it already and has no row keeps it
  constexpr std::size_t kKeepsItsName = static_cast<std::size_t>(-1);
  struct Claim {
    std::size_t marker, row;
  };
  std::unordered_map<std::string, Claim> owner;
  std::vector<std::size_t> rows(trajectory.names.size());
  std::size_t known = 0;
  for (std::size_t i = 0; i < trajectory.names.size(); ++i) {
    rows[i] = find_row(trajectory.names[i]);
    if (rows[i] == map.rows.size())
      owner[trajectory.names[i]] = {i, kKeepsItsName};
    else
      ++known;
  }
  if (known == 0) {
    const std::string first = trajectory.names.empty() ? "" : ", such as \"" + trajectory.names.front() + "\"";
    diagnostics.error("MAP-006", map.file, 0,
                      "none of its " + std::to_string(map.rows.size()) + " names is among the " +
                          std::to_string(trajectory.names.size()) + " markers of " + trajectory.file + first,
                      "Choose the map of the marker set that was used, or write one (data/README.md).");
    return false;
  }
  for (std::size_t i = 0; i < trajectory.names.size(); ++i) {
    if (rows[i] == map.rows.size()) continue;
    const std::string& wanted = map.rows[rows[i]].marker;
    const auto [found, is_new] = owner.emplace(wanted, Claim{i, rows[i]});
    if (is_new) continue;
    Claim& claim = found->second;
    // the row that comes first in the map wins over later ones, and a name that is there already over all
    const bool is_better = claim.row != kKeepsItsName && rows[i] < claim.row;
    const std::size_t loser = is_better ? claim.marker : i;
    diagnostics.warning("MAP-007", trajectory.file, 0,
                        "\"" + trajectory.names[claim.marker] + "\" and \"" + trajectory.names[i] +
                            "\" both stand for " + wanted + "; \"" + trajectory.names[loser] + "\" is not taken",
                        "Remove one of both from the map, if the wrong one was taken.");
    if (is_better) claim = {i, rows[i]};
  }
  // those that lost keep their names, with _2 and so on if a winner has that now
  std::vector<bool> is_owner(trajectory.names.size());
  for (const auto& [name, claim] : owner) {
    trajectory.names[claim.marker] = name;
    is_owner[claim.marker] = true;
  }
  std::unordered_set<std::string> used;
  for (const auto& [name, claim] : owner) used.insert(name);
  for (std::size_t i = 0; i < trajectory.names.size(); ++i) {
    const std::string own = trajectory.names[i];
    for (int number = 2; !is_owner[i] && !used.insert(trajectory.names[i]).second; ++number)
      trajectory.names[i] = own + "_" + std::to_string(number);
  }
  std::string near;
  for (const MarkerMapRow& row : map.rows) {
    const auto found = owner.find(row.marker);
    if (row.is_near && found != owner.end() && found->second.row < map.rows.size() &&
        &map.rows[found->second.row] == &row)
      near += (near.empty() ? "" : ", ") + row.marker;
  }
  if (!near.empty())
    diagnostics.note("MAP-008", map.file, 0, "near their places on the model, not at them: " + near,
                     "Give these markers a smaller weight.");
  return true;
}

}  // namespace buttress
