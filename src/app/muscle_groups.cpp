#include "app/muscle_groups.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace buttress {

namespace {

std::vector<std::string> split_cells(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

}  // namespace

MuscleGroups read_muscle_groups(const std::string& path, Diagnostics& diagnostics) {
  MuscleGroups groups;
  std::ifstream file(path);
  if (!file) {
    diagnostics.error("GROUP-001", path, 0, "the table of muscle groups cannot be read",
                      "Set BUTTRESS_DATA to the data folder of Buttress.");
    return groups;
  }
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    // the first line names the columns; lines that start with # are remarks
    if (number == 1 || line.empty() || line[0] == '#') continue;
    const std::vector<std::string> cells = split_cells(line);
    const bool has_side = cells.size() > 2 && !cells[2].empty();
    if (cells.size() < 3 || cells[0].empty() || cells[1].empty() || (has_side && cells[2] != "r" && cells[2] != "l")) {
      diagnostics.error("GROUP-001", path, number, "expected group,pattern,side with side r, l or nothing");
      continue;
    }
    try {
      groups.rules.push_back({cells[0], std::regex(cells[1]), has_side ? cells[2][0] : char{0}});
    } catch (const std::regex_error&) {
      diagnostics.error("GROUP-001", path, number, "the pattern '" + cells[1] + "' is not a regular expression");
    }
  }
  return groups;
}

std::optional<GroupMembership> find_group(const MuscleGroups& groups, const std::string& muscle) {
  // the side mark at the end of a name
  std::string stem = muscle;
  char side = 0;
  if (stem.size() > 2 && stem[stem.size() - 2] == '_' && (stem.back() == 'r' || stem.back() == 'l')) {
    side = stem.back();
    stem.resize(stem.size() - 2);
  }
  for (const MuscleGroupRule& rule : groups.rules) {
    if (rule.side ? std::regex_match(muscle, rule.pattern) : std::regex_match(stem, rule.pattern))
      return GroupMembership{rule.group, rule.side ? rule.side : side};
  }
  return std::nullopt;
}

std::string make_group_title(const GroupMembership& membership) {
  std::string words = membership.group;
  std::replace(words.begin(), words.end(), '_', ' ');
  if (membership.side == 'r') return "right " + words;
  if (membership.side == 'l') return "left " + words;
  return words;
}

}  // namespace buttress
