#include "muscle/fiber_force.inl"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>

#include "muscle/fiber_equilibrium.h"

namespace buttress {
namespace {

constexpr MuscleKind kKinds[] = {MuscleKind::thelen2003, MuscleKind::millard2012_equilibrium,
                                 MuscleKind::millard2012_acceleration, MuscleKind::degroote_fregly2016,
                                 MuscleKind::schutte1993};

Muscle make_muscle(MuscleKind kind, double pennation) {
  Muscle m;
  m.name = "muscle";
  m.kind = kind;
  m.max_isometric_force = 1200;
  m.optimal_fiber_length = 0.09;
  m.tendon_slack_length = 0.21;
  m.pennation_at_optimal = pennation;
  m.max_contraction_velocity = 10;
  return m;
}

Model make_model(const std::vector<Muscle>& muscles) {
  Model model;
  model.muscles = muscles;
  return model;
}

struct Case {
  Model model;
  FiberPlan plan;
  FiberWorkspace<double> ws;
};
Case make_case(const Muscle& muscle, CapacityRule rule = CapacityRule::opensim) {
  Case c{make_model({muscle}), {}, {}};
  c.plan = make_fiber_plan(c.model, rule);
  c.ws = make_fiber_workspace<double>(c.plan);
  return c;
}
void update(Case& c, double length, double speed) {
  update_fibers(c.model, c.plan, &length, &speed, c.ws);
}

TEST(FiberForce, a_fibre_at_optimal_length_and_rest_gives_its_maximum_force_times_the_cosine_of_pennation) {
  for (const MuscleKind kind : kKinds) {
    if (kind == MuscleKind::schutte1993) continue;  // has an elastic tendon
    const double pennation = 0.3;
    Case c = make_case(make_muscle(kind, pennation), CapacityRule::along_tendon);
    update(c, 0.21 + 0.09 * std::cos(pennation), 0);
    EXPECT_NEAR(c.ws.norm_fiber_length[0], 1, 1e-14);
    EXPECT_NEAR(c.ws.cos_pennation[0], std::cos(pennation), 1e-14);
    EXPECT_NEAR(c.ws.active_force[0], 1200 * std::cos(pennation), 1e-3);
    EXPECT_NEAR(c.ws.tendon_length[0], 0.21, 1e-14);
  }
}

TEST(FiberForce, fibre_velocity_is_the_time_derivative_of_fibre_length) {
  // the workspace gives both; differences of the length along a stretch must give the velocity
  for (const MuscleKind kind : {MuscleKind::thelen2003, MuscleKind::millard2012_equilibrium,
                                MuscleKind::millard2012_acceleration, MuscleKind::degroote_fregly2016}) {
    Case c = make_case(make_muscle(kind, 0.5));
    const double speed = 0.13, h = 1e-6;
    for (double along = 0.5; along < 1.4; along += 0.1) {
      const double length = 0.21 + 0.09 * along;
      update(c, length + h * speed, speed);
      const double after = c.ws.norm_fiber_length[0];
      update(c, length - h * speed, speed);
      const double before = c.ws.norm_fiber_length[0];
      update(c, length, speed);
      EXPECT_NEAR(c.ws.norm_fiber_velocity[0] * 10, (after - before) / (2 * h), 1e-7);
    }
  }
}

TEST(FiberForce, the_fibre_keeps_its_height_until_the_largest_pennation) {
  // sin(pennation) * length = sin(pennation at optimal) * optimal length; beyond acos(0.1) nothing moves any more
  Case c = make_case(make_muscle(MuscleKind::thelen2003, 0.6));
  for (double along = -0.5; along < 1.5; along += 0.05) {
    update(c, 0.21 + 0.09 * along, 0);
    const double sine = std::sqrt(1 - c.ws.cos_pennation[0] * c.ws.cos_pennation[0]);
    EXPECT_NEAR(sine * c.ws.norm_fiber_length[0], std::sin(0.6), 1e-12);
    EXPECT_GE(c.ws.cos_pennation[0], 0.1 - 1e-12);
  }
}

TEST(FiberForce, a_path_too_short_for_the_shortest_fibre_gives_no_active_force) {
  for (const double pennation : {0.0, 0.4})
    for (const MuscleKind kind : kKinds) {
      if (kind == MuscleKind::degroote_fregly2016) continue;  // OpenSim sets no limit there
      Case c = make_case(make_muscle(kind, pennation));
      for (const double length : {0.1, 0.2, 0.2099}) {
        update(c, length, 0.1);
        EXPECT_EQ(c.ws.active_force[0], 0);
        EXPECT_TRUE(std::isfinite(c.ws.passive_force[0]));
        EXPECT_LT(c.ws.tendon_length[0], 0.21);
      }
    }
  // the equilibrium muscle also stops where its active curve does, at 0.4441 optimal lengths
  Case c = make_case(make_muscle(MuscleKind::millard2012_equilibrium, 0));
  update(c, 0.21 + 0.09 * 0.444, 0);
  EXPECT_EQ(c.ws.active_force[0], 0);
  EXPECT_NEAR(c.ws.norm_fiber_length[0], 0.4441, 1e-12);
  update(c, 0.21 + 0.09 * 0.5, 0);
  EXPECT_GT(c.ws.active_force[0], 1);
}

// OpenSim's static optimization, transcribed as equations for one muscle: pennation model with sines and angles, exact
// Bezier curves. The kernel works with tables and cosines.
double calc_opensim_capacity(const Muscle& m, double length, double speed) {
  const double height = m.optimal_fiber_length * std::sin(m.pennation_at_optimal);
  const bool acceleration = m.kind == MuscleKind::millard2012_acceleration;
  const double max_angle = acceleration ? std::acos(-1.0) / 2 : std::acos(0.1);
  const double shortest = height / std::sin(max_angle);
  const auto angle_of = [&](double fiber) {
    if (!(m.pennation_at_optimal > 0)) return 0.0;
    if (fiber <= shortest || height / fiber >= std::sin(max_angle)) return max_angle;
    return std::asin(height / fiber);
  };
  const double along = length - m.tendon_slack_length;
  const double fiber = along >= shortest * std::cos(max_angle) ? std::hypot(height, along) : shortest;
  const double norm_speed = std::cos(angle_of(fiber)) * speed / (m.optimal_fiber_length * m.max_contraction_velocity);
  const double norm = fiber / m.optimal_fiber_length;
  const MuscleCurveSpec& c = m.curves;
  double fl = 0, fv = 0, angle = angle_of(fiber);
  switch (m.kind) {
    case MuscleKind::thelen2003:
      if (fiber <= shortest) return 0;
      fl = std::exp(-(norm - 1) * (norm - 1) / c.k_shape_active);
      fv = calc_thelen_force_velocity(norm_speed, c.af, c.flen, c.fv_linear_extrapolation_threshold);
      break;
    case MuscleKind::millard2012_equilibrium:
      if (fiber <= std::fmax(shortest, 0.4441 * m.optimal_fiber_length)) return 0;
      fl = calc_bezier(make_active_force_length_curve(c, 0), norm).value;
      fv = calc_bezier(make_force_velocity_curve(c, 0, 0), norm_speed).value;
      angle = angle_of(norm);
      break;
    case MuscleKind::millard2012_acceleration:
      if (fiber <= shortest) return 0;
      fl = calc_bezier(make_active_force_length_curve(c, c.minimum_value), norm).value;
      fv = calc_bezier(make_force_velocity_curve(c, 0, 0), norm_speed).value;
      break;
    case MuscleKind::degroote_fregly2016: {
      const double signed_fiber = std::hypot(height, along);
      fl = calc_degroote_active_force(signed_fiber / m.optimal_fiber_length, 1.0);
      fv = calc_degroote_force_velocity(along / signed_fiber * speed /
                                        (m.optimal_fiber_length * m.max_contraction_velocity));
      angle = 0;
      break;
    }
    case MuscleKind::schutte1993:
      break;
  }
  return m.max_isometric_force * fl * fv * std::cos(angle);
}

TEST(FiberForce, capacity_is_that_of_opensims_static_optimization_with_its_peculiarities) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> unit(0, 1);
  for (const MuscleKind kind : kKinds) {
    if (kind == MuscleKind::schutte1993) continue;
    for (int i = 0; i < 40; ++i) {
      Muscle m = make_muscle(kind, i % 3 == 0 ? 0 : 0.9 * unit(random));
      m.optimal_fiber_length = 0.02 + 0.3 * unit(random);
      Case c = make_case(m);
      const double length = m.tendon_slack_length + m.optimal_fiber_length * (-0.2 + 2 * unit(random));
      const double speed = m.optimal_fiber_length * m.max_contraction_velocity * (3 * unit(random) - 1.5);
      update(c, length, speed);
      EXPECT_NEAR(c.ws.active_force[0], calc_opensim_capacity(m, length, speed), 1e-6) << i;
    }
  }
}

TEST(FiberForce, forces_have_the_derivatives_that_differences_show) {
  // for every class, through length and through speed
  for (const MuscleKind kind : kKinds)
    for (const double pennation : {0.0, 0.35}) {
      Case c = make_case(make_muscle(kind, pennation));
      auto dual_ws = make_fiber_workspace<Dual<double>>(c.plan);
      for (double along = 0.62; along < 1.45; along += 0.17)
        for (const double speed : {-0.31, -0.04, 0.02, 0.27})
          for (const bool along_length : {true, false}) {
            const double length = 0.212 + 0.09 * along, h = 1e-7;
            const Dual<double> L(length, along_length ? 1.0 : 0.0), v(speed, along_length ? 0.0 : 1.0);
            update_fibers(c.model, c.plan, &L, &v, dual_ws);
            const double dl = along_length ? h : 0, dv = along_length ? 0 : h;
            update(c, length + dl, speed + dv);
            const double active = c.ws.active_force[0], passive = c.ws.passive_force[0];
            update(c, length - dl, speed - dv);
            const double slope = (active - c.ws.active_force[0]) / (2 * h),
                         passive_slope = (passive - c.ws.passive_force[0]) / (2 * h);
            EXPECT_NEAR(dual_ws.active_force[0].d, slope, 2e-5 * (1000 + std::fabs(slope)));
            EXPECT_NEAR(dual_ws.passive_force[0].d, passive_slope, 2e-5 * (1000 + std::fabs(passive_slope)));
          }
    }
}

TEST(FiberForce, muscles_with_the_same_curves_share_their_tables) {
  std::vector<Muscle> muscles;
  for (int i = 0; i < 50; ++i) muscles.push_back(make_muscle(MuscleKind::millard2012_equilibrium, 0.01 * i));
  EXPECT_EQ(make_fiber_plan(make_model(muscles)).tables.size(), 4u);
  muscles[7].curves.strain_at_one_norm_force = 0.6;
  EXPECT_EQ(make_fiber_plan(make_model(muscles)).tables.size(), 5u);
  // the undamped muscle of OpenSim has an active curve that does not reach zero
  muscles[9].curves.fiber_damping = 0;
  EXPECT_EQ(make_fiber_plan(make_model(muscles)).tables.size(), 7u);
}

TEST(FiberForce, parameters_that_make_no_sense_are_refused_with_the_muscles_name) {
  const auto message_of = [](const Muscle& muscle) -> std::string {
    try {
      make_fiber_plan(make_model({muscle}));
    } catch (const std::invalid_argument& problem) {
      return problem.what();
    }
    return "accepted";
  };
  Muscle m = make_muscle(MuscleKind::millard2012_equilibrium, 0.1);
  m.name = "glmax1_r";
  m.optimal_fiber_length = 0;
  EXPECT_NE(message_of(m).find("glmax1_r: optimal_fiber_length"), std::string::npos) << message_of(m);
  m = make_muscle(MuscleKind::millard2012_equilibrium, 0.1);
  m.name = "glmax1_r";
  m.curves.isometric_slope = 0;
  EXPECT_NE(message_of(m).find("glmax1_r: muscle curve: isometric_slope"), std::string::npos) << message_of(m);
  m = make_muscle(MuscleKind::thelen2003, 0.1);
  m.curves.flen = 1;
  EXPECT_NE(message_of(m).find("Flen"), std::string::npos) << message_of(m);
}

TEST(FiberEquilibrium, tendon_and_fibre_pull_alike_along_the_tendon) {
  // the balance is formed again here from the parts that the solver reports
  for (const MuscleKind kind : kKinds)
    for (const double pennation : {0.0, 0.4}) {
      const Case c = make_case(make_muscle(kind, pennation));
      for (const double activation : {0.0, 0.05, 0.5, 1.0})
        for (double along = 0.5; along < 1.5; along += 0.1) {
          const double length = 0.21 + 0.09 * along;
          const FiberEquilibrium e = find_isometric_equilibrium(c.plan, 0, length, activation);
          if (e.status != EquilibriumStatus::converged) continue;
          EXPECT_NEAR(e.tendon_length + e.fiber_length * e.cos_pennation, length, 1e-14);
          EXPECT_NEAR(e.tendon_force, 1200 * calc_tendon_force(c.plan, 0, e.tendon_length / 0.21), 1e-9);
          EXPECT_NEAR((e.active_fiber_force + e.passive_fiber_force) * e.cos_pennation, e.tendon_force, 1e-7)
              << static_cast<int>(kind) << " " << along;
        }
    }
}

TEST(FiberEquilibrium, tendons_reach_one_norm_force_at_their_strain) {
  const struct {
    MuscleKind kind;
    double strain;
  } cases[] = {{MuscleKind::thelen2003, 0.04},
               {MuscleKind::millard2012_equilibrium, 0.049},
               {MuscleKind::degroote_fregly2016, 0.049}};
  for (const auto& it : cases) {
    Case c = make_case(make_muscle(it.kind, 0));
    EXPECT_NEAR(calc_tendon_force(c.plan, 0, 1.0), 0, 1e-12);
    EXPECT_NEAR(calc_tendon_force(c.plan, 0, 1 + it.strain), 1, 1e-11);
  }
}

TEST(FiberEquilibrium, a_stiffer_muscle_than_tendon_is_found_from_any_length_and_slack_is_told) {
  Case c = make_case(make_muscle(MuscleKind::millard2012_equilibrium, 0));
  EXPECT_EQ(find_isometric_equilibrium(c.plan, 0, 0.2, 1).status, EquilibriumStatus::slack);
  EXPECT_EQ(find_isometric_equilibrium(c.plan, 0, 0.2, 1).tendon_force, 0);
  EXPECT_EQ(find_isometric_equilibrium(c.plan, 0, 0.30, 0.5).status, EquilibriumStatus::converged);
}

TEST(FiberForce, schutte_capacity_is_the_isometric_tendon_force_times_opensims_velocity_factor) {
  // the general solver of fiber_equilibrium.cpp shares the curves, not the root finding in lanes
  Case c = make_case(make_muscle(MuscleKind::schutte1993, 0.3));
  for (double along = 0.5; along < 1.4; along += 0.1)
    for (const double speed : {-0.4, 0.0, 0.3}) {
      const double length = 0.21 + 0.09 * along;
      update(c, length, speed);
      const FiberEquilibrium e = find_isometric_equilibrium(c.plan, 0, length, 1);
      const double v = -std::cos(0.3) * speed / (10 * 0.09);
      EXPECT_NEAR(c.ws.active_force[0], e.tendon_force * (1.8 - 1.8 / (1 + std::exp((0.04 - v) / 0.18))), 1e-6);
      EXPECT_NEAR(c.ws.norm_fiber_length[0] * 0.09, e.fiber_length, 1e-12);
    }
}

}  // namespace
}  // namespace buttress
