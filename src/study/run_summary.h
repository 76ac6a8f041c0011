#pragma once
#include "body/muscle_groups.h"
#include "study/run_result.h"

namespace buttress {

/// Fills joint_loads, group_forces, group_activations, saturated and trust of a condition from its output. `result`
/// must hold its model, body weight, options and columns.
void summarise(const RunResult& result, const MuscleGroups& groups, const ChainInput& input, Condition& condition);
/// net joint moments by body mass
std::vector<Series> make_joint_moments(const Model& model, const ChainOutput& output, std::size_t frames);

}  // namespace buttress
