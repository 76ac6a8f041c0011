#pragma once
#include <vector>

/// Muscle strengths that make a body as strong, action by action, as it was measured or as a norm says.
namespace buttress {

struct StrengthAction {
  std::vector<double> torque;  ///< [muscles] N m at full activation as the body is, 0 for those that do not help
  double target = 0;           ///< N m that all together should make
  double log_sd = 0.05;        ///< how firmly it is wanted: standard deviation of log(torque / target)
};

struct StrengthFit {
  std::vector<double> factor;      ///< [muscles] on the force of each; 1 for muscles of no action
  std::vector<double> multiplier;  ///< [actions] what each action asks of a muscle that has no other
  std::vector<double> before;      ///< [actions] N m as the body was
  std::vector<double> after;       ///< [actions] N m with the factors
  int iterations = 0;
  bool converged = false;
};

/// Every action has one multiplier, exp(u_a). A muscle's factor is the geometric mean of the multipliers of its
/// actions, weighted by its share of each action's torque: log f_m = sum_a w_am u_a, w_am = s_am / sum_b s_bm, s_am =
/// t_am / sum_n t_an. So the muscles of one action that have no other all get the same factor, whatever their size, and
/// the muscles of a group keep their proportions. The multipliers minimise
///
///     sum_a ((log sum_m t_am f_m - log target_a) / sd_a)^2 + sum_a ((u_a - mean u) / prior_log_sd)^2
///
/// by Gauss-Newton with halved steps. A body that is too strong or too weak throughout is set right by the mean at no
/// cost; the second sum holds back what sets actions apart, so that no muscle is blown up or starved for a norm that is
/// not well known, and makes the answer unique where actions share their muscles. So torques come near their targets,
/// not onto them, and `after` says how near. Order of actions and muscles does not matter; mirrored actions with equal
/// targets give mirrored factors.
/// Throws std::invalid_argument when there is no action, a target or standard deviation is not above 0, or an action
/// has no torque.
StrengthFit fit_strengths(const std::vector<StrengthAction>& actions, std::size_t muscle_count, double prior_log_sd);

}  // namespace buttress
