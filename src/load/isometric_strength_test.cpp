// Isometric torques against virtual work: full fibre force times the change of the muscle's length with the angle, by
// differences.
#include "load/isometric_strength.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "load/limb_testing.h"
#include "muscle/fiber_force.h"
#include "muscle/path_kinematics.h"

namespace buttress {
namespace {

Model make_limb() {
  Diagnostics diagnostics;
  auto model = compile(limb_testing::make_limb_spec(), {}, diagnostics);
  EXPECT_TRUE(model);
  return *model;
}

std::vector<double> find_posture(const Model& model, double hip, double knee) {
  std::vector<double> q;
  for (const Coordinate& c : model.coordinates) q.push_back(c.default_value);
  q[static_cast<std::size_t>(model.find_coordinate("hip1"))] = hip;
  q[static_cast<std::size_t>(model.find_coordinate("knee_angle"))] = knee;
  return q;
}

/// lengths of the muscles with couplers followed
std::vector<double> calc_lengths(const Model& model, std::vector<double> q) {
  for (const Coupler& c : model.couplers)
    q[static_cast<std::size_t>(c.dependent)] = evaluate(c.function, q[static_cast<std::size_t>(c.independent)]).f;
  const PathPlan plan = make_path_plan(model);
  PathWorkspace<double> ws = make_path_workspace<double>(model, plan);
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q.data(), kin);
  update_paths(model, plan, kin, q.data(), ws);
  std::vector<double> lengths;
  for (const Muscle& m : model.muscles) lengths.push_back(ws.length[static_cast<std::size_t>(m.path)]);
  return lengths;
}

std::vector<double> calc_active_forces(const Model& model, const std::vector<double>& lengths) {
  const FiberPlan plan = make_fiber_plan(model);
  FiberWorkspace<double> ws = make_fiber_workspace<double>(plan);
  const std::vector<double> speeds(lengths.size(), 0.0);
  update_fibers(model, plan, lengths.data(), speeds.data(), ws);
  return ws.active_force;
}

TEST(IsometricStrength, is_the_work_of_full_fibre_force_per_angle) {
  const Model model = make_limb();
  const int knee = model.find_coordinate("knee_angle"), hip = model.find_coordinate("hip1");
  const std::vector<double> q = find_posture(model, 0.3, 0.7);
  const auto torques = calc_isometric_torques(model, {{q, knee}, {q, hip}});
  const std::vector<double> force = calc_active_forces(model, calc_lengths(model, q));
  double largest = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t c = static_cast<std::size_t>(i == 0 ? knee : hip);
    std::vector<double> ahead = q, behind = q;
    ahead[c] += 1e-5, behind[c] -= 1e-5;
    const std::vector<double> longer = calc_lengths(model, ahead), shorter = calc_lengths(model, behind);
    for (std::size_t m = 0; m < model.muscles.size(); ++m) {
      // a muscle that is switched off counts for nothing
      const double works = model.muscles[m].applies_force ? 1 : 0;
      const double expected = -works * force[m] * (longer[m] - shorter[m]) / 2e-5;
      EXPECT_NEAR(torques[i][m], expected, 1e-4) << model.muscles[m].name;
      largest = std::max(largest, std::abs(expected));
    }
  }
  EXPECT_GT(largest, 1);
}

TEST(IsometricStrength, grows_with_the_force_of_each_muscle_and_leaves_springs_and_motors_out) {
  Model model = make_limb();
  const int knee = model.find_coordinate("knee_angle");
  const std::vector<double> q = find_posture(model, 0.1, 0.4);
  const auto before = calc_isometric_torques(model, {{q, knee}})[0];
  for (Muscle& m : model.muscles) m.max_isometric_force *= 0.5;
  model.actuators.clear();
  model.passive_forces.clear();
  const auto after = calc_isometric_torques(model, {{q, knee}})[0];
  for (std::size_t m = 0; m < before.size(); ++m) EXPECT_NEAR(after[m], 0.5 * before[m], 1e-9);
}

TEST(IsometricStrength, is_nothing_where_no_muscle_acts_or_nothing_moves) {
  const Model model = make_limb();
  const std::vector<double> q = find_posture(model, 0, 0.2);
  for (const char* name : {"arm1", "subtalar_angle", "patella"}) {
    const int c = model.find_coordinate(name);
    ASSERT_GE(c, 0);
    const auto torques = calc_isometric_torques(model, {{q, c}});
    for (const double t : torques[0]) EXPECT_EQ(t, 0) << name;
  }
}

TEST(IsometricStrength, adds_up_what_pulls_in_one_direction) {
  const auto sum = [](const std::vector<double>& torques, double direction) {
    const std::vector<double> shares = calc_isometric_shares(torques, direction, {});
    return std::accumulate(shares.begin(), shares.end(), 0.0);
  };
  EXPECT_EQ(sum({10, -4, 3, 0}, 1), 13);
  EXPECT_EQ(sum({10, -4, 3, 0}, -1), 4);
  EXPECT_EQ(sum({}, 1), 0);
}

TEST(IsometricStrength, shares_are_what_pulls_when_nothing_must_be_balanced) {
  EXPECT_EQ(calc_isometric_shares({10, -4, 3, 0}, 1, {}), (std::vector<double>{10, 0, 3, 0}));
  EXPECT_EQ(calc_isometric_shares({10, -4, 3, 0}, -1, {}), (std::vector<double>{0, 4, 0, 0}));
  EXPECT_EQ(calc_isometric_shares({0, 0}, 1, {{1, -1}}), (std::vector<double>{0, 0}));
  EXPECT_THROW(calc_isometric_shares({1}, 1, {{1}, {1}, {1}}), std::invalid_argument);
}

TEST(IsometricStrength, shares_add_up_to_the_most_that_balance_allows) {
  const auto sum = [](const std::vector<double>& torques, const std::vector<std::vector<double>>& balanced) {
    const std::vector<double> shares = calc_isometric_shares(torques, 1, balanced);
    return std::accumulate(shares.begin(), shares.end(), 0.0);
  };
  // closed forms: both at full pull; nothing balances; the second lets half of the first work; it costs what it takes
  EXPECT_NEAR(sum({10, 10}, {{1, -1}}), 20, 1e-4);
  EXPECT_NEAR(sum({10, 5}, {{1, 1}}), 0, 1e-4);
  EXPECT_NEAR(sum({10, 2}, {{2, -1}}), 7, 1e-4);
  EXPECT_NEAR(sum({10, -2}, {{2, -1}}), 3, 1e-4);
}

TEST(IsometricStrength, shares_add_up_to_the_dual_of_the_linear_programme) {
  // the least over all prices of what the muscles are worth: a convex function with flat faces, least at a corner where
  // two muscles are worth nothing; all corners are tried
  std::mt19937 random(7);
  std::normal_distribution<double> normal(0, 20);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> torques(12), first(12), second(12);
    for (auto* row : {&torques, &first, &second})
      for (double& x : *row) x = normal(random);
    const auto worth = [&](double p, double q) {
      double total = 0;
      for (std::size_t m = 0; m < 12; ++m) total += std::max(0.0, torques[m] - p * first[m] - q * second[m]);
      return total;
    };
    double best = worth(0, 0);
    for (std::size_t m = 0; m < 12; ++m)
      for (std::size_t k = 0; k < m; ++k) {
        const double area = first[m] * second[k] - first[k] * second[m];
        best = std::min(best, worth((torques[m] * second[k] - torques[k] * second[m]) / area,
                                    (first[m] * torques[k] - first[k] * torques[m]) / area));
      }
    const std::vector<double> shares = calc_isometric_shares(torques, 1, {first, second});
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), best, 1e-4 * best) << trial;
    for (const double share : shares) EXPECT_GE(share, 0);
  }
}

}  // namespace
}  // namespace buttress
