// Tension of muscles at rest on elastic tendons. The reference is the equilibrium solver, at lengths between the points
// from which the curves are made, and the rigid tendon, which can only pull harder.
#include "muscle/passive_tension.h"

#include <gtest/gtest.h>

#include <random>

#include "muscle/fiber_equilibrium.h"
#include "muscle/path_testing.h"

namespace buttress {
namespace {

Model make_muscles() {
  Model model;
  std::mt19937_64 engine(7);
  const auto within = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(engine() >> 11) * 0x1.0p-53;
  };
  for (int i = 0; i < 60; ++i) {
    Muscle m;
    m.name = "muscle " + std::to_string(i);
    m.kind = std::vector{MuscleKind::millard2012_equilibrium, MuscleKind::thelen2003,
                         MuscleKind::degroote_fregly2016}[static_cast<std::size_t>(i % 3)];
    m.max_isometric_force = within(40, 6000);
    m.optimal_fiber_length = within(0.025, 0.3);
    m.tendon_slack_length = within(0.01, 0.4);
    m.pennation_at_optimal = within(0, 0.5);
    model.muscles.push_back(m);
  }
  return model;
}

double passive_force(const Model& model, const FiberPlan& plan, std::size_t m, double length) {
  FiberWorkspace<double> ws = make_fiber_workspace<double>(plan);
  std::vector<double> lengths(model.muscles.size(), 0.1), speeds(model.muscles.size(), 0.0);
  lengths[m] = length;
  update_fibers(model, plan, lengths.data(), speeds.data(), ws);
  return ws.passive_force[m];
}

TEST(PassiveTension, is_the_equilibrium_of_fibre_and_tendon_at_rest) {
  const Model model = make_muscles();
  FiberPlan plan = make_fiber_plan(model);
  plan.passive_tensions = make_passive_tensions(plan);
  std::mt19937_64 engine(8);
  double worst = 0;
  std::string who;
  for (std::size_t m = 0; m < model.muscles.size(); ++m)
    for (int i = 0; i < 100; ++i) {
      const Muscle& muscle = model.muscles[m];
      const double share = 2.1 * static_cast<double>(engine() >> 11) * 0x1.0p-53;
      const double length = muscle.tendon_slack_length + share * muscle.optimal_fiber_length;
      const double expected =
          std::max(0.0, find_isometric_equilibrium(plan, static_cast<int>(m), length, 0).tendon_force);
      const double error = std::abs(passive_force(model, plan, m, length) - expected) / muscle.max_isometric_force;
      if (error > worst) who = muscle.name + " at " + std::to_string(share);
      worst = std::max(worst, error);
    }
  EXPECT_LT(worst, 1e-3) << who;
}

TEST(PassiveTension, never_exceeds_that_on_a_rigid_tendon_and_never_falls_with_length) {
  const Model model = make_muscles();
  const FiberPlan rigid = make_fiber_plan(model);
  FiberPlan elastic = rigid;
  elastic.passive_tensions = make_passive_tensions(elastic);
  for (std::size_t m = 0; m < model.muscles.size(); ++m) {
    const Muscle& muscle = model.muscles[m];
    double before = 0;
    for (double share = 0.3; share < 2.5; share += 0.01) {
      const double length = muscle.tendon_slack_length + share * muscle.optimal_fiber_length;
      const double force = passive_force(model, elastic, m, length);
      EXPECT_LE(force, passive_force(model, rigid, m, length) + 1e-3 * muscle.max_isometric_force) << muscle.name;
      EXPECT_GE(force, before - 1e-9) << muscle.name << " at " << share;
      before = force;
    }
  }
}

}  // namespace
}  // namespace buttress
