#pragma once
#include "recruit/recruitment_problem.h"

/// The slow, careful path of solve_recruitment, compiled once for every instruction set.
namespace buttress::recruitment_kernel {

/// Throws std::invalid_argument when the options or the workspace cannot be used.
void check_call(const RecruitmentOptions& options, bool is_workspace_made_for_pattern);

/// Sizes what does not depend on the number type. Here, so that the translation units of one instruction set hold no
/// code that the rest of the program could be linked with.
void size_plain_buffers(const RecruitmentPattern& pattern, std::vector<double>& weight_inverse,
                        std::vector<double>& reserve_square, std::vector<int>& free_column,
                        std::vector<int>& free_count);
void size_rescue(const RecruitmentPattern& pattern, RecruitmentRescue& rescue,
                 std::vector<RecruitmentWorkspace<long double>>& rescue_workspace);

/// Solves the problem held in `problem_data` in extended precision, from zero; when that fails, by continuation.
/// Does not allocate. Status, residual and results in ws.
void solve_alone(const RecruitmentPattern& pattern, const double* weight, const double* reserve_strength,
                 const RecruitmentOptions& options, const RecruitmentRescue& problem_data,
                 RecruitmentWorkspace<long double>& ws);

}  // namespace buttress::recruitment_kernel
