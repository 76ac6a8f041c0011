#pragma once
#include "body/muscle_groups.h"
#include "study/run_result.h"

namespace buttress {

/// Runs the whole condition and, when there are changes, the weakened one; fills options, names of the arrays,
/// conditions, joint_moments and the notes that every result must carry (ignored elements, joints without muscles).
/// `result` must hold its model, body weight and loads; result.load_values, if any, are the loads of `input`.
/// @param options its strength, if any, is that of the whole condition
/// @param strengths [muscles] what the changes multiply it by in the weakened one
void run_conditions(RunResult& result, const MuscleGroups& groups, const ChainInput& input, const ChainOptions& options,
                    const std::vector<StrengthChange>& changes, const std::vector<double>& strengths,
                    unsigned thread_count);

}  // namespace buttress
