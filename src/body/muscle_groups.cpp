#include "body/muscle_groups.h"

#include <algorithm>
#include <fstream>
#include <map>

#include "io/csv_table.h"

namespace buttress {

namespace {

/// a name without its side mark, and the side: glmed1_r, glmed1_R, r_glmed1 and R_glmed1 are all right
std::pair<std::string, char> split_side(const std::string& name) {
  const auto find_side = [](char mark) -> char {
    return mark == 'r' || mark == 'R' ? 'r' : mark == 'l' || mark == 'L' ? 'l' : char{0};
  };
  const std::size_t size = name.size();
  if (size > 2 && name[size - 2] == '_' && find_side(name[size - 1]))
    return {name.substr(0, size - 2), find_side(name[size - 1])};
  if (size > 2 && name[1] == '_' && find_side(name[0])) return {name.substr(2), find_side(name[0])};
  return {name, char{0}};
}

/// the first row that fits, and the side
std::optional<std::pair<const MuscleGroupRule*, char>> find_rule(const MuscleGroups& groups,
                                                                 const std::string& muscle) {
  const auto [stem, side] = split_side(muscle);
  for (const MuscleGroupRule& rule : groups.rules)
    if (fits(rule.pattern, rule.side ? muscle : stem)) return std::pair{&rule, rule.side ? rule.side : side};
  return std::nullopt;
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
    const bool has_parts = cells.size() > 3 && !cells[3].empty();
    if (cells.size() < 3 || cells[0].empty() || cells[1].empty() || (has_side && cells[2] != "r" && cells[2] != "l") ||
        (has_parts && cells[3] != "yes")) {
      diagnostics.error(
          "GROUP-001", path, number,
          "expected group,pattern,side,parts_of_one_muscle with side r, l or nothing and parts yes or nothing");
      continue;
    }
    if (auto pattern = parse_name_pattern(cells[1]))
      groups.rules.push_back({cells[0], std::move(*pattern), has_side ? cells[2][0] : char{0}, has_parts});
    else
      diagnostics.error("GROUP-001", path, number, "'" + cells[1] + "' is not a pattern of names",
                        "Letters, digits and _ stand for themselves; besides them . [] (|) ? and + are known.");
  }
  return groups;
}

std::optional<GroupMembership> find_group(const MuscleGroups& groups, const std::string& muscle) {
  const auto found = find_rule(groups, muscle);
  if (!found) return std::nullopt;
  return GroupMembership{found->first->group, found->second};
}

std::vector<double> calc_effort_weights(const Model& model, const MuscleGroups& groups) {
  // the whole muscle of each part: its row and its side
  std::vector<std::optional<std::pair<const MuscleGroupRule*, char>>> whole;
  std::map<std::pair<const MuscleGroupRule*, char>, double> force;
  for (const Muscle& muscle : model.muscles) {
    whole.push_back(find_rule(groups, muscle.name));
    if (whole.back()) force[*whole.back()] += muscle.max_isometric_force;
  }
  std::vector<double> weights(model.muscles.size(), 1.0);
  for (std::size_t m = 0; m < weights.size(); ++m)
    if (whole[m] && whole[m]->first->parts_of_one_muscle && model.muscles[m].max_isometric_force > 0)
      weights[m] = model.muscles[m].max_isometric_force / force[*whole[m]];
  return weights;
}

std::string make_group_title(const GroupMembership& membership) {
  std::string words = membership.group;
  std::replace(words.begin(), words.end(), '_', ' ');
  if (membership.side == 'r') return "right " + words;
  if (membership.side == 'l') return "left " + words;
  return words;
}

}  // namespace buttress
