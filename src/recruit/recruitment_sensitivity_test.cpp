// Derivatives against central differences of the solver itself. Frames where a column changes between free and held
// within the difference are left out, since the activations have a kink there; how many are left out is bounded.
#include "recruit/recruitment_sensitivity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "recruit/random_recruitment_problem.h"

namespace buttress {
namespace {

using recruit_test::make_random_problem;
using recruit_test::OwnedProblem;

constexpr double kStep = 1e-5;

struct Case {
  OwnedProblem problem;
  RecruitmentPattern pattern;
  RecruitmentOptions options;
  std::vector<double> load_rate, strength_rate;
};

// problems of ordinary scale, so that a difference of 1e-5 is small for all of them
Case make_case(unsigned seed) {
  Case c;
  c.problem = make_random_problem(seed);
  for (double& rho : c.problem.reserve_strength) {
    if (rho > 0.0) rho = std::min(std::max(rho, 0.5), 50.0);
  }
  for (double& x : c.problem.matrix) x = std::min(std::max(x, -100.0), 100.0);
  for (double& b : c.problem.load) b = std::min(std::max(b, -100.0), 100.0);
  c.pattern = c.problem.make_pattern();
  c.options.exponent = seed % 2 == 0 ? 2 : 3;
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  for (int j = 0; j < c.problem.rows; ++j) c.load_rate.push_back(normal(random));
  for (int i = 0; i < c.problem.columns; ++i) c.strength_rate.push_back(0.1 * normal(random));
  return c;
}

// the problem moved by `step` along the case's direction
OwnedProblem move_problem(const Case& c, double step) {
  OwnedProblem p = c.problem;
  for (int j = 0; j < p.rows; ++j) p.load[j] += step * c.load_rate[j];
  for (int i = 0; i < p.columns; ++i) {
    for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) p.matrix[e] *= 1.0 + step * c.strength_rate[i];
  }
  return p;
}

RecruitmentWorkspace<double> solve(const Case& c, const OwnedProblem& p) {
  auto ws = make_recruitment_workspace<double>(c.pattern);
  solve_recruitment(c.pattern, p.view(), c.options, ws);
  EXPECT_EQ(ws.status[0], RecruitmentStatus::converged);
  return ws;
}

bool has_same_free_columns(const OwnedProblem& p, const std::vector<double>& a, const std::vector<double>& b) {
  for (int i = 0; i < p.columns; ++i) {
    if ((a[i] == p.lower[i]) != (b[i] == p.lower[i]) || (a[i] == p.upper[i]) != (b[i] == p.upper[i])) return false;
  }
  return true;
}

TEST(RecruitmentSensitivity, value_gradient_equals_differences) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const Case c = make_case(seed);
    const auto ws = solve(c, c.problem);
    const RecruitmentValueGradient gradient = calc_value_gradient(c.pattern, c.problem.view(), ws);
    double slope = 0.0;
    double size = 0.0;
    for (int j = 0; j < c.problem.rows; ++j) {
      slope += gradient.load[j] * c.load_rate[j];
      size += std::fabs(gradient.load[j] * c.load_rate[j]);
    }
    for (int i = 0; i < c.problem.columns; ++i) {
      slope += gradient.strength[i] * c.strength_rate[i];
      size += std::fabs(gradient.strength[i] * c.strength_rate[i]);
    }
    const OwnedProblem ahead = move_problem(c, kStep);
    const OwnedProblem behind = move_problem(c, -kStep);
    const double difference = (calc_recruitment_value(c.pattern, ahead.view(), c.options, solve(c, ahead)) -
                               calc_recruitment_value(c.pattern, behind.view(), c.options, solve(c, behind))) /
                              (2.0 * kStep);
    // a kink in the slope costs about the step; rounding costs a part in 1e13 of the value over the step
    const double value = calc_recruitment_value(c.pattern, c.problem.view(), c.options, ws);
    EXPECT_NEAR(slope, difference, 1e-6 * (1.0 + size) + 1e-13 * value / kStep) << "seed " << seed;
  }
}

TEST(RecruitmentSensitivity, solution_rates_equal_differences_and_the_adjoint_equals_the_rates) {
  int compared = 0;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const Case c = make_case(seed);
    auto ws = solve(c, c.problem);
    const RecruitmentRates rates =
        calc_solution_rates(c.pattern, c.problem.view(), c.options, c.load_rate, c.strength_rate, ws);

    // adjoint: the loss v . a, v random
    std::mt19937_64 random(seed + 1000);
    std::normal_distribution<double> normal;
    std::vector<double> v(c.problem.columns);
    for (double& x : v) x = normal(random);
    const RecruitmentLossGradient gradient = calc_loss_gradient(c.pattern, c.problem.view(), c.options, v, ws);
    double forward = 0.0, adjoint = 0.0, size = 0.0;
    for (int i = 0; i < c.problem.columns; ++i) {
      forward += v[i] * rates.activation[i];
      adjoint += gradient.strength[i] * c.strength_rate[i];
      size += std::fabs(v[i] * rates.activation[i]);
    }
    for (int j = 0; j < c.problem.rows; ++j) adjoint += gradient.load[j] * c.load_rate[j];
    EXPECT_NEAR(forward, adjoint, 1e-9 * (1.0 + size)) << "seed " << seed;

    // fourth-order central differences: near-redundant rows make some solutions bend sharply
    const auto far_behind = solve(c, move_problem(c, -2.0 * kStep));
    const auto behind = solve(c, move_problem(c, -kStep));
    const auto ahead = solve(c, move_problem(c, kStep));
    const auto far_ahead = solve(c, move_problem(c, 2.0 * kStep));
    bool is_smooth = true;
    for (const auto* moved : {&far_behind, &behind, &ahead, &far_ahead}) {
      is_smooth = is_smooth && has_same_free_columns(c.problem, moved->activation, ws.activation);
    }
    if (!is_smooth) continue;
    ++compared;
    const auto calc_difference = [](double m2, double m1, double p1, double p2) {
      return (8.0 * (p1 - m1) - (p2 - m2)) / (12.0 * kStep);
    };
    for (int i = 0; i < c.problem.columns; ++i) {
      const double difference =
          calc_difference(far_behind.activation[i], behind.activation[i], ahead.activation[i], far_ahead.activation[i]);
      EXPECT_NEAR(rates.activation[i], difference, 1e-6 * (1.0 + std::fabs(difference)))
          << "seed " << seed << " column " << i;
    }
    for (int j = 0; j < c.problem.rows; ++j) {
      const double difference =
          calc_difference(far_behind.reserve[j], behind.reserve[j], ahead.reserve[j], far_ahead.reserve[j]);
      EXPECT_NEAR(rates.reserve[j], difference, 1e-6 * (1.0 + std::fabs(difference)))
          << "seed " << seed << " row " << j;
    }
  }
  EXPECT_GE(compared, 150);
}

TEST(RecruitmentSensitivity, wrong_sizes_throw) {
  const Case c = make_case(1);
  auto ws = solve(c, c.problem);
  EXPECT_THROW(calc_solution_rates(c.pattern, c.problem.view(), c.options, {}, c.strength_rate, ws),
               std::invalid_argument);
  EXPECT_THROW(calc_loss_gradient(c.pattern, c.problem.view(), c.options, {}, ws), std::invalid_argument);
}

}  // namespace
}  // namespace buttress
