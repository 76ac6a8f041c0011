#include "motion/pose_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "model/compile.h"
#include "model/random_model_testing.h"

namespace buttress {
namespace {

// Random trees with couplers, curved axes and joints of every kind. Markers computed from known coordinates prove the
// solution; differences of the objective prove that it is a minimum where markers cannot be met.

/// a seeded model with three markers on every body
Model make_marked_model(std::uint32_t seed) {
  Random source(seed);
  Diagnostics diagnostics;
  const auto compiled = compile(make_random_model(source, 8), {}, diagnostics);
  EXPECT_TRUE(compiled);
  Model model = *compiled;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(-0.2, 0.2);
  for (int b = 1; b < model.body_count(); ++b)
    for (int k = 0; k < 3; ++k)
      model.markers.push_back(
          {"m" + std::to_string(model.markers.size()), b, {place(random), place(random), place(random)}});
  return model;
}

std::vector<FitMarker> all_markers(const Model& model, double weight = 1) {
  std::vector<FitMarker> markers;
  for (std::size_t m = 0; m < model.markers.size(); ++m) markers.push_back({static_cast<int>(m), weight});
  return markers;
}

void apply_couplers(const Model& model, std::vector<double>& q) {
  for (const Coupler& c : model.couplers)
    q[static_cast<std::size_t>(c.dependent)] = evaluate(c.function, q[static_cast<std::size_t>(c.independent)]).f;
}

std::vector<double> find_markers(const Model& model, std::vector<double> q) {
  apply_couplers(model, q);
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q.data(), kin);
  std::vector<double> positions;
  for (const Marker& m : model.markers) {
    const Vec3d p = kin.X_WB[static_cast<std::size_t>(m.body)] * m.p_B;
    positions.insert(positions.end(), {p.x, p.y, p.z});
  }
  return positions;
}

/// the objective, written down again
double calc_objective(const Model& model, const PoseFitPlan& plan, const std::vector<double>& observed,
                      const std::vector<double>& wanted, std::vector<double> q) {
  const std::vector<double> p = find_markers(model, q);
  double sum = 0, weight = 0;
  for (std::size_t m = 0; m < plan.markers.size(); ++m) {
    if (std::isnan(observed[3 * m])) continue;
    weight += plan.markers[m].weight;
    for (std::size_t k = 0; k < 3; ++k) sum += plan.markers[m].weight * std::pow(p[3 * m + k] - observed[3 * m + k], 2);
  }
  double objective = 0.5 * sum / weight;
  apply_couplers(model, q);
  for (std::size_t c = 0; c < plan.coordinates.size(); ++c)
    objective += 0.5 * plan.coordinates[c].weight *
                 std::pow(q[static_cast<std::size_t>(plan.coordinates[c].coordinate)] - wanted[c], 2);
  return objective;
}

TEST(PoseFit, noise_free_markers_give_back_the_pose) {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    const Model model = make_marked_model(seed);
    std::mt19937 random(seed + 100);
    std::uniform_real_distribution<double> angle(-0.3, 0.3);
    std::vector<double> truth(model.coordinates.size());
    for (double& x : truth) x = angle(random);
    apply_couplers(model, truth);
    const std::vector<double> observed = find_markers(model, truth);
    const PoseFitPlan plan = make_pose_fit_plan(model, all_markers(model), {});
    PoseFitWorkspace ws = make_pose_fit_workspace(plan);
    std::vector<double> q = truth;
    for (const int c : model.independent) q[static_cast<std::size_t>(c)] += 0.3 * angle(random);
    const PoseFitResult fit = fit_pose(plan, observed.data(), nullptr, {}, q.data(), ws);
    EXPECT_TRUE(fit.converged) << seed;
    EXPECT_LT(std::sqrt(2 * fit.objective), 1e-8) << seed;
    const std::vector<double> found = find_markers(model, q);
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], observed[i], 1e-7) << seed;
  }
}

TEST(PoseFit, disturbed_markers_are_fitted_to_a_minimum) {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    const Model model = make_marked_model(seed);
    if (model.independent.empty()) continue;
    std::mt19937 random(seed + 200);
    std::normal_distribution<double> noise(0, 0.02);
    std::uniform_real_distribution<double> weight(0.1, 10);
    std::vector<double> truth(model.coordinates.size(), 0.1);
    std::vector<double> observed = find_markers(model, truth);
    for (double& x : observed) x += noise(random);
    // some are not seen
    for (std::size_t m = 0; m < model.markers.size(); m += 5) observed[3 * m] = observed[3 * m + 1] = NAN;
    std::vector<FitMarker> markers = all_markers(model);
    for (FitMarker& m : markers) m.weight = weight(random);
    // tasks for the first free coordinate and, if there is one, a coupled one
    std::vector<FitCoordinate> tasks = {{model.independent[0], 0.01}};
    if (!model.couplers.empty()) tasks.push_back({model.couplers[0].dependent, 0.02});
    const std::vector<double> wanted = {0.2, -0.1};
    const PoseFitPlan plan = make_pose_fit_plan(model, markers, tasks);
    PoseFitWorkspace ws = make_pose_fit_workspace(plan);
    std::vector<double> q = truth;
    const PoseFitResult fit = fit_pose(plan, observed.data(), wanted.data(), {}, q.data(), ws);
    EXPECT_TRUE(fit.converged) << seed;
    const double lowest = calc_objective(model, plan, observed, wanted, q);
    EXPECT_NEAR(fit.objective, lowest, 1e-12) << seed;
    for (const int c : model.independent) {
      std::vector<double> up = q, down = q;
      const double h = 1e-5;
      up[static_cast<std::size_t>(c)] += h;
      down[static_cast<std::size_t>(c)] -= h;
      const double slope =
          (calc_objective(model, plan, observed, wanted, up) - calc_objective(model, plan, observed, wanted, down)) /
          (2 * h);
      EXPECT_NEAR(slope, 0, 1e-8) << seed << " coordinate " << c;
    }
  }
}

TEST(PoseFit, clamped_coordinates_stay_in_their_range_and_push_against_it) {
  int at_bound = 0;
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    Model model = make_marked_model(seed);
    if (model.independent.empty()) continue;
    const auto c = static_cast<std::size_t>(model.independent.back());
    std::vector<double> truth(model.coordinates.size(), 0.15);
    apply_couplers(model, truth);
    const std::vector<double> observed = find_markers(model, truth);
    model.coordinates[c].clamped = true;
    model.coordinates[c].range_min = -0.1;
    model.coordinates[c].range_max = 0.1;
    const PoseFitPlan plan = make_pose_fit_plan(model, all_markers(model), {});
    PoseFitWorkspace ws = make_pose_fit_workspace(plan);
    std::vector<double> q(model.coordinates.size(), 0.12);
    const PoseFitResult fit = fit_pose(plan, observed.data(), nullptr, {}, q.data(), ws);
    EXPECT_TRUE(fit.converged) << seed;
    EXPECT_LE(q[c], 0.1) << seed;
    EXPECT_GE(q[c], -0.1) << seed;
    if (q[c] == 0.1) {
      ++at_bound;
      std::vector<double> beyond = q;
      beyond[c] += 1e-4;
      EXPECT_LE(calc_objective(model, plan, observed, {}, beyond), fit.objective) << seed;
    }
  }
  EXPECT_GE(at_bound, 15);
}

TEST(PoseFit, what_nothing_shows_stays_where_it_is) {
  const Model model = make_marked_model(3);
  const std::vector<double> nothing(model.markers.size() * 3, NAN);
  const PoseFitPlan plan = make_pose_fit_plan(model, all_markers(model), {});
  PoseFitWorkspace ws = make_pose_fit_workspace(plan);
  std::vector<double> q(model.coordinates.size(), 0.1);
  apply_couplers(model, q);
  const std::vector<double> before = q;
  EXPECT_TRUE(fit_pose(plan, nothing.data(), nullptr, {}, q.data(), ws).converged);
  EXPECT_EQ(q, before);
}

}  // namespace
}  // namespace buttress
