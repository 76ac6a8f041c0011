// Strength factors against closed forms (one action, separate actions), against a brute-force search of the cost
// function where muscles are shared, and against the symmetries that the docstring claims.
#include "load/strength_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

namespace buttress {
namespace {

constexpr double kPrior = 0.5;

TEST(StrengthFit, gives_all_muscles_of_a_lone_action_the_ratio_of_target_and_torque) {
  const StrengthFit fit = fit_strengths({{{10, 30, 0, 60}, 50, 0.1}}, 4, kPrior);
  ASSERT_TRUE(fit.converged);
  for (const std::size_t m : {0u, 1u, 3u}) EXPECT_NEAR(fit.factor[m], 0.5, 1e-9);
  EXPECT_EQ(fit.factor[2], 1);
  EXPECT_NEAR(fit.after[0], 50, 1e-7);
  EXPECT_EQ(fit.before[0], 100);
}

TEST(StrengthFit, sets_a_body_right_that_is_too_strong_by_one_factor_throughout) {
  // shared muscles, one common factor: the second sum costs nothing, the targets are met
  const StrengthFit fit = fit_strengths(
      {{{10, 30, 5}, 45 * 0.4, 0.1}, {{0, 8, 12}, 20 * 0.4, 0.25}, {{3, 0, 9}, 12 * 0.4, 0.1}}, 3, kPrior);
  ASSERT_TRUE(fit.converged);
  for (const double f : fit.factor) EXPECT_NEAR(f, 0.4, 1e-8);
}

TEST(StrengthFit, balances_separate_actions_as_the_weighted_means_that_their_equations_give) {
  // no shared muscles: quadratic in u; u_a = (r_a / s_a^2 + mean / p^2) / (1 / s_a^2 + 1 / p^2), solved for the mean
  const double r[2] = {std::log(0.5), std::log(1.5)}, s[2] = {0.1, 0.25};
  double top = 0, bottom = 0;
  for (int a = 0; a < 2; ++a) {
    const double w = 1 / (s[a] * s[a]), v = 1 / (kPrior * kPrior);
    top += w * r[a] / (w + v), bottom += 1 - v / (w + v);
  }
  const double mean = top / bottom;
  const StrengthFit fit = fit_strengths({{{10, 0}, 5, s[0]}, {{0, 20}, 30, s[1]}}, 2, kPrior);
  ASSERT_TRUE(fit.converged);
  for (int a = 0; a < 2; ++a) {
    const double w = 1 / (s[a] * s[a]), v = 1 / (kPrior * kPrior);
    EXPECT_NEAR(std::log(fit.factor[static_cast<std::size_t>(a)]), (w * r[a] + v * mean) / (w + v), 1e-9);
  }
}

/// the cost of the header for two actions, by its definition
double calc_cost(const std::vector<StrengthAction>& actions, double u0, double u1) {
  const double u[2] = {u0, u1};
  double sum[2] = {0, 0};
  for (std::size_t a = 0; a < 2; ++a)
    for (const double t : actions[a].torque) sum[a] += t;
  double cost = 0;
  for (std::size_t a = 0; a < 2; ++a) {
    double torque = 0;
    for (std::size_t m = 0; m < actions[a].torque.size(); ++m) {
      const double s0 = actions[0].torque[m] / sum[0], s1 = actions[1].torque[m] / sum[1];
      if (s0 + s1 > 0) torque += actions[a].torque[m] * std::exp((s0 * u0 + s1 * u1) / (s0 + s1));
    }
    cost += std::pow(std::log(torque / actions[a].target) / actions[a].log_sd, 2);
    cost += std::pow((u[a] - 0.5 * (u0 + u1)) / kPrior, 2);
  }
  return cost;
}

TEST(StrengthFit, finds_the_least_cost_that_a_search_over_all_multipliers_finds) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> torque(0, 50), part(0.3, 2), sd(0.05, 0.3);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<StrengthAction> actions(2);
    for (StrengthAction& action : actions) {
      double sum = 0;
      for (int m = 0; m < 5; ++m) {
        action.torque.push_back(std::max(0.0, torque(random) - 20));
        sum += action.torque.back();
      }
      action.torque.push_back(5);
      action.target = (sum + 5) * part(random);
      action.log_sd = sd(random);
    }
    const StrengthFit fit = fit_strengths(actions, 6, kPrior);
    ASSERT_TRUE(fit.converged);
    const double u0 = std::log(fit.multiplier[0]), u1 = std::log(fit.multiplier[1]);
    const double found = calc_cost(actions, u0, u1);
    for (double a = -3; a <= 3; a += 0.05)
      for (double b = -3; b <= 3; b += 0.05) EXPECT_GE(calc_cost(actions, a, b), found - 1e-9);
    for (const double d : {1e-3, -1e-3}) {
      EXPECT_GE(calc_cost(actions, u0 + d, u1), found);
      EXPECT_GE(calc_cost(actions, u0, u1 + d), found);
    }
  }
}

TEST(StrengthFit, does_not_depend_on_the_order_of_actions_and_muscles) {
  const std::vector<StrengthAction> actions = {
      {{10, 30, 0, 4}, 20, 0.1}, {{0, 25, 9, 0}, 30, 0.2}, {{7, 0, 3, 1}, 15, 0.05}};
  const StrengthFit fit = fit_strengths(actions, 4, kPrior);
  const std::size_t order[3] = {2, 0, 1}, place[4] = {3, 1, 0, 2};
  std::vector<StrengthAction> mixed;
  for (const std::size_t a : order) {
    mixed.push_back(actions[a]);
    for (std::size_t m = 0; m < 4; ++m) mixed.back().torque[m] = actions[a].torque[place[m]];
  }
  const StrengthFit again = fit_strengths(mixed, 4, kPrior);
  for (std::size_t m = 0; m < 4; ++m) EXPECT_NEAR(again.factor[m], fit.factor[place[m]], 1e-9);
  for (std::size_t a = 0; a < 3; ++a) EXPECT_NEAR(again.after[a], fit.after[order[a]], 1e-7);
}

TEST(StrengthFit, a_higher_target_makes_no_muscle_of_its_action_weaker) {
  std::vector<StrengthAction> actions = {{{10, 30, 0}, 20, 0.1}, {{0, 25, 9}, 30, 0.2}};
  StrengthFit before = fit_strengths(actions, 3, kPrior);
  for (double target = 24; target < 80; target += 4) {
    actions[0].target = target;
    const StrengthFit fit = fit_strengths(actions, 3, kPrior);
    EXPECT_GT(fit.after[0], before.after[0]);
    EXPECT_GT(fit.factor[0], before.factor[0]);
    before = fit;
  }
}

TEST(StrengthFit, refuses_actions_that_mean_nothing) {
  const StrengthAction good{{1, 2}, 3, 0.1};
  for (const StrengthAction& bad : {StrengthAction{{1, 2}, 0, 0.1}, StrengthAction{{1, 2}, 3, 0},
                                    StrengthAction{{0, 0}, 3, 0.1}, StrengthAction{{1}, 3, 0.1}})
    EXPECT_THROW(fit_strengths({good, bad}, 2, kPrior), std::invalid_argument);
  EXPECT_THROW(fit_strengths({}, 2, kPrior), std::invalid_argument);
  EXPECT_THROW(fit_strengths({good}, 2, 0), std::invalid_argument);
}

}  // namespace
}  // namespace buttress
