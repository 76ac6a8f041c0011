#include "recruit/recruitment_rescue.h"

#include <algorithm>
#include <stdexcept>

#include "recruit/recruitment_solver.inl"

namespace buttress::recruitment_kernel {
namespace {

void run_stage(const RecruitmentPattern& p, const RecruitmentProblem<long double>& problem,
               const RecruitmentOptions& options, double eps, RecruitmentWorkspace<long double>& ws) {
  if (options.exponent == 2) {
    run_attempt<long double, 2>(p, problem, options, 0.0, ws);
  } else {
    run_attempt<long double, 3>(p, problem, options, eps, ws);
  }
}

}  // namespace

void check_call(const RecruitmentOptions& options, bool is_workspace_made_for_pattern) {
  if (options.exponent != 2 && options.exponent != 3) {
    throw std::invalid_argument("solve_recruitment: exponent must be 2 or 3");
  }
  if (options.exponent == 3 && !(options.regularisation > 0.0)) {
    throw std::invalid_argument("solve_recruitment: exponent 3 needs a regularisation above 0");
  }
  if (!is_workspace_made_for_pattern) {
    throw std::invalid_argument("solve_recruitment: the workspace was made for another pattern");
  }
}

void size_plain_buffers(const RecruitmentPattern& p, std::vector<double>& weight_inverse,
                        std::vector<double>& reserve_square, std::vector<int>& free_column,
                        std::vector<int>& free_count) {
  weight_inverse.assign(p.column_count, 0.0);
  reserve_square.assign(p.row_count, 0.0);
  free_column.assign(p.column_count, 0);
  free_count.assign(p.group.size(), 0);
}

void size_rescue(const RecruitmentPattern& p, RecruitmentRescue& rescue,
                 std::vector<RecruitmentWorkspace<long double>>& rescue_workspace) {
  rescue.matrix.assign(p.entry_count(), 0.0L);
  rescue.load.assign(p.row_count, 0.0L);
  rescue.lower.assign(p.column_count, 0.0L);
  rescue.upper.assign(p.column_count, 0.0L);
  rescue_workspace.push_back(make_workspace<long double>(p));
}

void solve_alone(const RecruitmentPattern& p, const double* weight, const double* reserve_strength,
                 const RecruitmentOptions& options, const RecruitmentRescue& data,
                 RecruitmentWorkspace<long double>& ws) {
  const RecruitmentProblem<long double> problem{data.matrix.data(), data.load.data(), data.lower.data(),
                                                data.upper.data(),  weight,           reserve_strength};
  ws.lane_iterations[0] = 0;
  update_scales(p, weight, reserve_strength, ws);
  std::fill(ws.multiplier.begin(), ws.multiplier.end(), 0.0L);
  run_stage(p, problem, options, options.regularisation, ws);
  if (ws.status[0] == RecruitmentStatus::converged || !(ws.residual < 1e300L)) return;

  // large reserves and a large eps make an easy problem; each easier problem starts the next
  double largest_load = 1.0;
  for (const long double b : data.load) largest_load = std::max(largest_load, std::abs(static_cast<double>(b)));
  std::fill(ws.multiplier.begin(), ws.multiplier.end(), 0.0L);
  for (const double ease : {1.0, 1e-1, 1e-2, 1e-3, 1e-4, 0.0}) {
    for (int j = 0; j < p.row_count; ++j) {
      const double extra = ease * largest_load;
      ws.reserve_square[j] = reserve_strength[j] * reserve_strength[j] + extra * extra;
    }
    run_stage(p, problem, options, std::max(options.regularisation, ease), ws);
  }
}

}  // namespace buttress::recruitment_kernel
