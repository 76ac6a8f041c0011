// Fibres and tendons in given states. What the references can prove: the energy that a fibre in equilibrium with its
// tendon gives is what the whole muscle gives; states in equilibrium are at rest; the root finder on a function whose
// Newton steps go to and fro. OpenSim's own numbers of all classes are judged in tests/golden/analyses_test.cpp.
#include "muscle/fiber_dynamics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "muscle/fiber_root.h"

namespace buttress {
namespace {

Model make_muscle(MuscleKind kind) {
  Model model;
  Muscle& muscle = model.muscles.emplace_back();
  muscle.name = "m";
  muscle.kind = kind;
  muscle.max_isometric_force = 1000;
  muscle.optimal_fiber_length = 0.08;
  muscle.tendon_slack_length = 0.2;
  muscle.pennation_at_optimal = 0.3;
  muscle.dynamics.fiber_damping = kind == MuscleKind::millard2012_equilibrium ? 0.1 : 0;
  return model;
}

const MuscleKind kInEquilibrium[] = {MuscleKind::thelen2003, MuscleKind::millard2012_equilibrium,
                                     MuscleKind::degroote_fregly2016};

TEST(FiberDynamics, powers_of_fibre_and_tendon_are_those_of_the_muscle) {
  std::mt19937 draw(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (MuscleKind kind : kInEquilibrium) {
    const Model model = make_muscle(kind);
    const FiberPlan plan = make_fiber_plan(model);
    for (int i = 0; i < 300; ++i) {
      FiberState state{0.05 + 0.9 * uniform(draw), 0.05 + 0.05 * uniform(draw), 0, 0.02 + 0.9 * uniform(draw)};
      const double length = 0.2 * (1 + 0.04 * uniform(draw)) + state.fiber_length * 0.93;
      const FiberDynamics f = calc_fiber_dynamics(plan, model.muscles[0], 0, length, uniform(draw) - 0.5, state);
      const double sum = f.fiber_active_power + f.fiber_passive_power + f.tendon_power;
      EXPECT_NEAR(sum, f.muscle_power, 1e-6 * (1 + std::abs(f.muscle_power) + std::abs(f.tendon_power)));
      // the tendon pulls as hard as the fibre, damping included
      EXPECT_NEAR(f.active_fiber_force_along_tendon + f.passive_fiber_force_along_tendon, f.tendon_force, 1e-6);
    }
  }
}

TEST(FiberDynamics, states_in_equilibrium_do_not_move_while_the_path_does_not) {
  for (MuscleKind kind : {MuscleKind::thelen2003, MuscleKind::millard2012_equilibrium, MuscleKind::degroote_fregly2016,
                          MuscleKind::millard2012_acceleration}) {
    const Model model = make_muscle(kind);
    const FiberPlan plan = make_fiber_plan(model);
    for (double length : {0.262, 0.275, 0.29})
      for (double activation : {0.05, 0.4, 1.0}) {
        const FiberState given{activation, 0.07, 0, 0.3};
        const FiberState state = find_equilibrium_state(plan, model.muscles[0], 0, length, 0, given);
        const FiberDynamics f = calc_fiber_dynamics(plan, model.muscles[0], 0, length, 0, state);
        EXPECT_NEAR(f.norm_fiber_velocity, 0, 1e-7) << static_cast<int>(kind) << " " << length << " " << activation;
        EXPECT_NEAR(f.fiber_force * std::cos(f.pennation_angle), f.tendon_force, 1e-5);
      }
  }
}

TEST(FiberRoot, is_found_where_newtons_steps_go_to_and_fro) {
  // tanh falls through zero at 0.3; from 1.6 on its tangents overshoot ever further on the other side
  for (double steepness : {1.0, 3.0, 10.0, 300.0}) {
    const auto f = [&](const Dual<double>& x) {
      const Dual<double> z = exp((x - Dual<double>(0.3)) * Dual<double>(2 * steepness));
      return (Dual<double>(1.0) - z) / (Dual<double>(1.0) + z) - Dual<double>(1e-3) * (x - Dual<double>(0.3));
    };
    EXPECT_NEAR(fiber_detail::find_falling_root(f, -1.0, 1.5), 0.3, 1e-12) << steepness;
  }
}

}  // namespace
}  // namespace buttress
