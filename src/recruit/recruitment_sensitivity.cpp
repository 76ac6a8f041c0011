#include "recruit/recruitment_sensitivity.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include "recruit/recruitment_kernel.inl"
#include "recruit/recruitment_rescue.h"

namespace buttress {
namespace {

void check_size(std::size_t found, int expected, const char* what) {
  if (static_cast<int>(found) != expected) throw std::invalid_argument(std::string(what) + " has the wrong size");
}

// s_i = A_i^T x
double dot_column(const RecruitmentPattern& p, const double* matrix, int i, const std::vector<double>& x) {
  double sum = 0.0;
  for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) sum += matrix[e] * x[p.row_index[e]];
  return sum;
}

// D of the columns strictly within their bounds or pressed against neither, then H and its factors
void update_linearisation(const RecruitmentPattern& p, const RecruitmentProblem<double>& problem,
                          const RecruitmentOptions& options, RecruitmentWorkspace<double>& ws) {
  recruitment_kernel::check_call(options, static_cast<int>(ws.activation.size()) == p.column_count &&
                                              static_cast<int>(ws.factor.size()) == p.factor_value_count());
  for (int j = 0; j < p.row_count; ++j) {
    ws.reserve_square[j] = problem.reserve_strength[j] * problem.reserve_strength[j];
  }
  for (std::size_t g = 0; g < p.group.size(); ++g) {
    const RecruitmentGroup& group = p.group[g];
    int free_count = 0;
    for (int c = 0; c < group.column_count; ++c) {
      const int i = p.group_column[group.column_begin + c];
      const double a = ws.activation[i];
      const bool is_free = problem.lower[i] < a && a < problem.upper[i];
      const double bend = options.exponent == 2 ? 1.0 : 2.0 * std::fabs(a) + options.regularisation;
      ws.curvature[i] = is_free ? 1.0 / (problem.weight[i] * bend) : 0.0;
      if (is_free) ws.free_column[group.column_begin + free_count++] = i;
    }
    ws.free_count[g] = free_count;
  }
  recruitment_kernel::update_hessian(p, problem, ws);
  recruitment_kernel::update_factor(p, 1e-14, ws);
}

}  // namespace

double calc_recruitment_value(const RecruitmentPattern& p, const RecruitmentProblem<double>& problem,
                              const RecruitmentOptions& options, const RecruitmentWorkspace<double>& ws) {
  double value = 0.0;
  for (int i = 0; i < p.column_count; ++i) {
    const double a = ws.activation[i];
    const double square = 0.5 * a * a;
    value += problem.weight[i] *
             (options.exponent == 2 ? square : std::fabs(a) * a * a / 3.0 + options.regularisation * square);
  }
  // r^2 / (2 rho^2) = r lambda / 2, which also holds for rho = 0
  for (int j = 0; j < p.row_count; ++j) value += 0.5 * ws.reserve[j] * ws.multiplier[j];
  return value;
}

RecruitmentValueGradient calc_value_gradient(const RecruitmentPattern& p, const RecruitmentProblem<double>& problem,
                                             const RecruitmentWorkspace<double>& ws) {
  RecruitmentValueGradient gradient{ws.multiplier, std::vector<double>(p.column_count)};
  for (int i = 0; i < p.column_count; ++i) {
    gradient.strength[i] = -ws.activation[i] * dot_column(p, problem.matrix, i, ws.multiplier);
  }
  return gradient;
}

RecruitmentRates calc_solution_rates(const RecruitmentPattern& p, const RecruitmentProblem<double>& problem,
                                     const RecruitmentOptions& options, const std::vector<double>& load_rate,
                                     const std::vector<double>& strength_rate, RecruitmentWorkspace<double>& ws) {
  check_size(load_rate.size(), p.row_count, "calc_solution_rates: load_rate");
  check_size(strength_rate.size(), p.column_count, "calc_solution_rates: strength_rate");
  update_linearisation(p, problem, options, ws);
  std::vector<double> right = load_rate;
  std::vector<double> effort(p.column_count);
  for (int i = 0; i < p.column_count; ++i) {
    effort[i] = dot_column(p, problem.matrix, i, ws.multiplier);
    const double moved = strength_rate[i] * (ws.activation[i] + ws.curvature[i] * effort[i]);
    for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) right[p.row_index[e]] -= problem.matrix[e] * moved;
  }
  RecruitmentRates rates{std::vector<double>(p.row_count), std::vector<double>(p.column_count),
                         std::vector<double>(p.row_count)};
  recruitment_kernel::solve_factored(p, right.data(), rates.multiplier.data(), ws);
  for (int i = 0; i < p.column_count; ++i) {
    rates.activation[i] =
        ws.curvature[i] * (dot_column(p, problem.matrix, i, rates.multiplier) + strength_rate[i] * effort[i]);
  }
  for (int j = 0; j < p.row_count; ++j) rates.reserve[j] = ws.reserve_square[j] * rates.multiplier[j];
  return rates;
}

RecruitmentLossGradient calc_loss_gradient(const RecruitmentPattern& p, const RecruitmentProblem<double>& problem,
                                           const RecruitmentOptions& options,
                                           const std::vector<double>& loss_by_activation,
                                           RecruitmentWorkspace<double>& ws) {
  check_size(loss_by_activation.size(), p.column_count, "calc_loss_gradient: loss_by_activation");
  update_linearisation(p, problem, options, ws);
  std::vector<double> right(p.row_count, 0.0);
  for (int i = 0; i < p.column_count; ++i) {
    const double pull = ws.curvature[i] * loss_by_activation[i];
    for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) right[p.row_index[e]] += problem.matrix[e] * pull;
  }
  RecruitmentLossGradient gradient{std::vector<double>(p.row_count), std::vector<double>(p.column_count)};
  recruitment_kernel::solve_factored(p, right.data(), gradient.load.data(), ws);
  for (int i = 0; i < p.column_count; ++i) {
    const double effort = dot_column(p, problem.matrix, i, ws.multiplier);
    const double response = dot_column(p, problem.matrix, i, gradient.load);
    gradient.strength[i] =
        ws.curvature[i] * loss_by_activation[i] * effort - response * (ws.activation[i] + ws.curvature[i] * effort);
  }
  return gradient;
}

}  // namespace buttress
