#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "body/muscle_groups.h"
#include "model/model.h"

namespace buttress {

/// one factor the user gave: "gluteus_medius_r=0.5" for a group with its side, a group on both sides, or one muscle
struct StrengthChange {
  std::string target;
  double factor = 1;
};

/// "name=0.5" -> StrengthChange; adds STRENGTH-001 when it does not read as that or the factor is not in 0..10
std::optional<StrengthChange> parse_strength(const std::string& text, Diagnostics& diagnostics);

/// factors for all muscles of the model [muscles]; adds STRENGTH-002 (with the names that would do) for a target that
/// fits no muscle
std::vector<double> make_strengths(const Model& model, const MuscleGroups& groups,
                                   const std::vector<StrengthChange>& changes, Diagnostics& diagnostics);

}  // namespace buttress
