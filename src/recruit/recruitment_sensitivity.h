#pragma once
#include <vector>

#include "recruit/recruitment_problem.h"

/// How the answer of solve_recruitment moves with the loads and with the strengths of the columns. The optimiser itself
/// is never differentiated: the value follows from the envelope theorem, the activations from the implicit function
/// theorem on the columns that are free. A strength theta_i scales column i, A_i = theta_i A0_i; all derivatives are at
/// theta = 1, that is, with respect to the relative change of a column. Valid where no column is about to meet or leave
/// a bound; there the activations have a kink (the value has not). All functions expect a converged workspace of the
/// same problem and options.
namespace buttress {

/// What the activations cost: sum_i w_i phi(a_i) + sum_j r_j^2 / (2 rho_j^2).
double calc_recruitment_value(const RecruitmentPattern& pattern, const RecruitmentProblem<double>& problem,
                              const RecruitmentOptions& options, const RecruitmentWorkspace<double>& ws);

/// d value / d load_j = lambda_j and d value / d theta_i = -a_i s_i, s = A^T lambda.
struct RecruitmentValueGradient {
  std::vector<double> load;      ///< [rows] 1/(N m)
  std::vector<double> strength;  ///< [columns]
};
RecruitmentValueGradient calc_value_gradient(const RecruitmentPattern& pattern,
                                             const RecruitmentProblem<double>& problem,
                                             const RecruitmentWorkspace<double>& ws);

/// Derivatives of the solution in one direction: loads moving at load_rate [rows], strengths at strength_rate
/// [columns].
///   H dlambda = db - sum_i dtheta_i (A_i a_i + A_i D_i s_i),   da = D (A^T dlambda + dtheta s),   dr = rho^2 dlambda
struct RecruitmentRates {
  std::vector<double> multiplier;  ///< [rows]
  std::vector<double> activation;  ///< [columns]
  std::vector<double> reserve;     ///< [rows]
};
/// Uses ws as scratch (factor, curvature), not its results.
RecruitmentRates calc_solution_rates(const RecruitmentPattern& pattern, const RecruitmentProblem<double>& problem,
                                     const RecruitmentOptions& options, const std::vector<double>& load_rate,
                                     const std::vector<double>& strength_rate, RecruitmentWorkspace<double>& ws);

/// Gradient of a scalar loss of the activations, given d loss / d a [columns], with respect to all loads and strengths
/// at once, by the adjoint: H z = A D (d loss / d a).
struct RecruitmentLossGradient {
  std::vector<double> load;      ///< [rows]
  std::vector<double> strength;  ///< [columns]
};
/// Uses ws as scratch (factor, curvature), not its results.
RecruitmentLossGradient calc_loss_gradient(const RecruitmentPattern& pattern, const RecruitmentProblem<double>& problem,
                                           const RecruitmentOptions& options,
                                           const std::vector<double>& loss_by_activation,
                                           RecruitmentWorkspace<double>& ws);

}  // namespace buttress
