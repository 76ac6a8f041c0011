#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "body/name_pattern.h"
#include "model/model.h"

namespace buttress {

/// One row of data/muscle_groups.csv: muscles whose whole name fits `pattern` belong to `group`.
struct MuscleGroupRule {
  std::string group;  ///< anatomical name, e.g. gluteus_medius
  NamePattern
      pattern;    ///< on the name without its mark (_r, _l, r_, l_); on the full name when the rule gives the side
  char side = 0;  ///< 'r' or 'l' when the names of this rule carry no mark; else 0
  bool parts_of_one_muscle = false;  ///< muscles of one side that fit this row are parts of one anatomical muscle
};
struct MuscleGroups {
  std::vector<MuscleGroupRule> rules;  ///< the first that fits wins
};

struct GroupMembership {
  std::string group;
  char side = 0;  ///< 'r', 'l', or 0 when the name carries no side
  /// "gluteus_medius_r"
  std::string key() const { return side ? group + "_" + side : group; }
};

/// reads the built-in table; adds GROUP-001 for a row that cannot be used
MuscleGroups read_muscle_groups(const std::string& path, Diagnostics& diagnostics);

/// the group of a muscle by its name; nothing when no rule fits
std::optional<GroupMembership> find_group(const MuscleGroups& groups, const std::string& muscle);

/// For ChainOptions::effort_weight [muscles]: what each part has of the maximal force of its whole muscle (of one
/// side), 1 for a muscle that is not divided. A sum of squared activations over parts would make a muscle dearer, the
/// more parts a model cuts it into: psoas in eleven would cost eleven times iliacus in one (Holmberg and Klarbring
/// 2012).
std::vector<double> calc_effort_weights(const Model& model, const MuscleGroups& groups);

/// "gluteus_medius_r" -> "right gluteus medius"
std::string make_group_title(const GroupMembership& membership);

}  // namespace buttress
