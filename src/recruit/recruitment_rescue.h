#pragma once
#include "recruit/recruitment_problem.h"

/// The slow, careful path of solve_recruitment, compiled once for every instruction set.
namespace buttress::recruitment_kernel {

/// Throws std::invalid_argument when the options or the workspace cannot be used.
void check_call(const RecruitmentOptions& options, bool is_workspace_made_for_pattern);

RecruitmentWorkspace<long double> make_rescue_workspace(const RecruitmentPattern& pattern);

/// Solves the problem held in `problem_data` in extended precision, from zero; when that fails, by continuation.
/// Does not allocate. Status, residual and results in ws.
void solve_alone(const RecruitmentPattern& pattern, const double* weight, const double* reserve_strength,
                 const RecruitmentOptions& options, const RecruitmentRescue& problem_data,
                 RecruitmentWorkspace<long double>& ws);

}  // namespace buttress::recruitment_kernel
