#include "muscle/passive_forces.inl"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>

namespace buttress {
namespace {

std::mt19937 random_engine(11);
double uniform(double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random_engine);
}
Vec3d random_vector(double size) {
  return {uniform(-size, size), uniform(-size, size), uniform(-size, size)};
}
Posed random_pose(double angle, double size) {
  return {make_body_xyz_rotation(random_vector(angle)), random_vector(size)};
}

/// two bodies and ground, moved by hand: passive forces need no joints
struct Scene {
  Model model;
  Kinematics<double> kin;
  std::vector<double> q, qd, path_length, path_speed;
  PassiveForcePlan plan;
  PassiveForceWorkspace<double> ws;
};

Scene make_scene(const PassiveForceSpec& spec) {
  Scene s;
  s.model.bodies.resize(3);
  s.model.coordinates.resize(2);
  s.model.paths.resize(1);
  PassiveForce force;
  force.spec = spec;
  force.frame1 = {1, random_pose(1, 0.1)};
  force.frame2 = {2, random_pose(1, 0.1)};
  force.coordinate = 1;
  force.path = 0;
  s.model.passive_forces = {force};
  s.kin.X_WB = {Posed::identity(), random_pose(2, 0.5), Posed::identity()};
  // frame2 close enough to frame1 for its angles to stay away from the singularity
  s.kin.X_WB[2] = s.kin.X_WB[1] * force.frame1.X_BF * random_pose(0.7, 0.05) * inverse(force.frame2.X_BF);
  s.kin.w_WB_W = {zero3<double>(), random_vector(2), random_vector(2)};
  s.kin.v_WB_W = {zero3<double>(), random_vector(1), random_vector(1)};
  s.q = {0, 0};
  s.qd = {0, 0};
  s.path_length = {0};
  s.path_speed = {0};
  s.plan = make_passive_force_plan(s.model);
  s.ws = make_passive_force_workspace<double>(s.model);
  return s;
}

void update(Scene& s) {
  update_passive_forces(s.model, s.plan, s.kin, s.q.data(), s.qd.data(), s.path_length.data(), s.path_speed.data(),
                        s.ws);
}

/// power of the wrenches on the moving bodies
double calc_power(const Scene& s) {
  double power = 0;
  for (std::size_t b = 1; b < 3; ++b)
    power += dot(s.ws.body_wrench[b].force, s.kin.v_WB_W[b]) +
             dot(moment_about(s.ws.body_wrench[b], s.kin.X_WB[b].p), s.kin.w_WB_W[b]);
  return power;
}

/// the bodies a time h later at their present velocities
void move(Scene& s, double h) {
  for (std::size_t b = 1; b < 3; ++b) {
    const double speed = norm(s.kin.w_WB_W[b]);
    s.kin.X_WB[b].R = make_rotation<double>((1 / speed) * s.kin.w_WB_W[b], h * speed) * s.kin.X_WB[b].R;
    s.kin.X_WB[b].p += h * s.kin.v_WB_W[b];
  }
}

PassiveForceSpec make_bushing(bool elastic, bool damped) {
  PassiveForceSpec spec;
  spec.name = "bushing";
  spec.kind = PassiveForceKind::bushing;
  if (elastic) {
    spec.rotational_stiffness = {30, 50, 20};
    spec.translational_stiffness = {1000, 3000, 2000};
  }
  if (damped) {
    spec.rotational_damping = {3, 1, 2};
    spec.translational_damping = {40, 70, 10};
  }
  return spec;
}

/// six deviations by inverse sines and cosines, where the kernel uses atan2
std::array<double, 6> find_deviation(const Scene& s) {
  const PassiveForce& f = s.model.passive_forces[0];
  const Posed X_FM = inverse(s.kin.X_WB[1] * f.frame1.X_BF) * (s.kin.X_WB[2] * f.frame2.X_BF);
  const double b = std::asin(X_FM.R.m[0][2]);
  return {std::asin(-X_FM.R.m[1][2] / std::cos(b)),
          b,
          std::asin(-X_FM.R.m[0][1] / std::cos(b)),
          X_FM.p.x,
          X_FM.p.y,
          X_FM.p.z};
}
double calc_bushing_energy(const Scene& s) {
  const PassiveForceSpec& spec = s.model.passive_forces[0].spec;
  const auto d = find_deviation(s);
  const double k[6] = {spec.rotational_stiffness.x,    spec.rotational_stiffness.y,    spec.rotational_stiffness.z,
                       spec.translational_stiffness.x, spec.translational_stiffness.y, spec.translational_stiffness.z};
  double energy = 0;
  for (std::size_t i = 0; i < 6; ++i) energy += 0.5 * k[i] * d[i] * d[i];
  return energy;
}

TEST(PassiveForces, the_power_of_an_elastic_bushing_is_the_loss_of_its_energy) {
  // for any motion of both bodies: this is the principle of virtual work for all twelve directions
  for (int i = 0; i < 50; ++i) {
    Scene s = make_scene(make_bushing(true, false));
    update(s);
    const double power = calc_power(s), h = 1e-6;
    Scene after = s, before = s;
    move(after, h);
    move(before, -h);
    EXPECT_NEAR(power, -(calc_bushing_energy(after) - calc_bushing_energy(before)) / (2 * h),
                1e-6 * (1 + std::fabs(power)));
  }
}

TEST(PassiveForces, a_damped_bushing_takes_energy_and_does_so_by_its_rates) {
  for (int i = 0; i < 50; ++i) {
    Scene s = make_scene(make_bushing(false, true));
    update(s);
    // power = -sum damping * rate^2, rates by differences of the deviations
    const double h = 1e-6;
    Scene after = s, before = s;
    move(after, h);
    move(before, -h);
    const auto d1 = find_deviation(after), d0 = find_deviation(before);
    const double c[6] = {3, 1, 2, 40, 70, 10};
    double loss = 0;
    for (std::size_t k = 0; k < 6; ++k) loss += c[k] * std::pow((d1[k] - d0[k]) / (2 * h), 2);
    EXPECT_GT(loss, 0);
    EXPECT_NEAR(calc_power(s), -loss, 1e-6 * (1 + loss));
  }
}

TEST(PassiveForces, action_equals_reaction) {
  PassiveForceSpec spring;
  spring.kind = PassiveForceKind::point_to_point_spring;
  spring.stiffness = 700;
  spring.rest_length = 0.1;
  spring.point1 = {0.1, 0.2, -0.1};
  for (const PassiveForceSpec& spec : {make_bushing(true, true), spring}) {
    Scene s = make_scene(spec);
    update(s);
    EXPECT_GT(norm(s.ws.body_wrench[1].force), 1);
    EXPECT_EQ(norm(s.ws.body_wrench[1].force + s.ws.body_wrench[2].force), 0);
    EXPECT_EQ(norm(s.ws.body_wrench[1].moment + s.ws.body_wrench[2].moment), 0);
    EXPECT_EQ(norm(s.ws.body_wrench[0].force), 0);
  }
}

TEST(PassiveForces, an_expression_bushing_with_linear_formulas_is_the_linear_bushing) {
  PassiveForceSpec spec = make_bushing(true, true);
  spec.kind = PassiveForceKind::expression_bushing;
  const char* formulas[6] = {"30*theta_x",   "50.0*theta_y",   "2e1*theta_z",
                             "1000*delta_x", "3000 * delta_y", "2000*delta_z"};
  for (int i = 0; i < 6; ++i) spec.expressions[i] = formulas[i];
  Scene s = make_scene(spec);
  update(s);
  const Wrench<double> by_formula = s.ws.body_wrench[2];
  s.model.passive_forces[0].spec = make_bushing(true, true);
  update(s);
  EXPECT_LT(norm(by_formula.force - s.ws.body_wrench[2].force), 1e-12 * norm(by_formula.force));
  EXPECT_LT(norm(by_formula.moment - s.ws.body_wrench[2].moment), 1e-12 * norm(by_formula.moment));
}

TEST(PassiveForces, a_point_spring_pulls_along_its_line_and_keeps_its_energy) {
  PassiveForceSpec spec;
  spec.kind = PassiveForceKind::point_to_point_spring;
  spec.stiffness = 700;
  spec.rest_length = 0.12;
  spec.point1 = {0.1, 0.2, -0.1};
  spec.point2 = {-0.05, 0.02, 0.3};
  const auto calc_length = [](const Scene& s) {
    const PassiveForce& f = s.model.passive_forces[0];
    return norm(s.kin.X_WB[2] * (f.frame2.X_BF * f.spec.point2) - s.kin.X_WB[1] * (f.frame1.X_BF * f.spec.point1));
  };
  for (int i = 0; i < 20; ++i) {
    Scene s = make_scene(spec);
    update(s);
    EXPECT_NEAR(norm(s.ws.body_wrench[1].force), 700 * std::fabs(calc_length(s) - 0.12), 1e-10);
    Scene after = s, before = s;
    const double h = 1e-6;
    move(after, h);
    move(before, -h);
    const auto energy = [&](const Scene& x) { return 350 * std::pow(calc_length(x) - 0.12, 2); };
    EXPECT_NEAR(calc_power(s), -(energy(after) - energy(before)) / (2 * h), 1e-5);
  }
}

TEST(PassiveForces, a_spring_between_points_in_one_place_is_finite) {
  PassiveForceSpec spec;
  spec.kind = PassiveForceKind::point_to_point_spring;
  spec.stiffness = 700;
  Scene s = make_scene(spec);
  s.model.passive_forces[0].frame2 = s.model.passive_forces[0].frame1;
  update(s);
  EXPECT_EQ(norm(s.ws.body_wrench[1].force), 0);
}

PassiveForceSpec make_limit() {
  PassiveForceSpec spec;
  spec.name = "limit";
  spec.kind = PassiveForceKind::coordinate_limit;
  spec.upper_limit = 1.2;
  spec.lower_limit = -0.3;
  spec.upper_stiffness = 40;
  spec.lower_stiffness = 90;
  spec.damping = 2;
  spec.transition = 0.2;
  return spec;
}
double calc_limit(double q, double qd, const PassiveForceSpec& spec = make_limit()) {
  Scene s = make_scene(spec);
  s.q[1] = q;
  s.qd[1] = qd;
  update(s);
  EXPECT_EQ(s.ws.coordinate_force[0], 0);
  return s.ws.coordinate_force[1];
}

TEST(PassiveForces, a_coordinate_limit_is_silent_inside_and_a_spring_with_damper_far_outside) {
  EXPECT_EQ(calc_limit(0.5, 3), 0);
  EXPECT_EQ(calc_limit(1.2, 3), 0);
  EXPECT_EQ(calc_limit(-0.3, 3), 0);
  EXPECT_NEAR(calc_limit(1.5, 0.7), -40 * 0.3 - 2 * 0.7, 1e-12);
  EXPECT_NEAR(calc_limit(-0.6, 0.7), 90 * 0.3 - 2 * 0.7, 1e-12);
}

TEST(PassiveForces, a_coordinate_limit_keeps_the_energy_that_opensim_states) {
  // energy in the transition, from OpenSim's CoordinateLimitForce::computePotentialEnergy:
  // K x^3 (2 - 2.5 x + 6/7 x^2) delta^2 with x = delta / transition
  const auto energy = [](double delta, double k) {
    const double x = delta / 0.2;
    return x >= 1 ? k * (-2.0 / 14 * 0.04 + 0.5 * delta * delta)
                  : k * x * x * x * (2 - 2.5 * x + 6.0 / 7 * x * x) * delta * delta;
  };
  const double h = 1e-6;
  for (double delta = 0.01; delta < 0.4; delta += 0.03) {
    EXPECT_NEAR(calc_limit(1.2 + delta, 0), -(energy(delta + h, 40) - energy(delta - h, 40)) / (2 * h), 1e-7);
    EXPECT_NEAR(calc_limit(-0.3 - delta, 0), (energy(delta + h, 90) - energy(delta - h, 90)) / (2 * h), 1e-7);
  }
}

TEST(PassiveForces, a_limit_without_transition_or_stiffness_stays_finite) {
  PassiveForceSpec spec = make_limit();
  spec.transition = 0;
  EXPECT_NEAR(calc_limit(1.3, 0, spec), -4, 1e-12);
  spec = make_limit();
  spec.upper_stiffness = 0;
  EXPECT_NEAR(calc_limit(1.5, 0.7, spec), -1.4, 1e-12);
}

TEST(PassiveForces, springs_and_formulas_act_on_their_coordinate) {
  PassiveForceSpec spec;
  spec.kind = PassiveForceKind::coordinate_spring;
  spec.stiffness = 12;
  spec.rest_length = 0.2;
  spec.viscosity = 3;
  Scene s = make_scene(spec);
  s.q[1] = 0.5;
  s.qd[1] = -2;
  update(s);
  EXPECT_NEAR(s.ws.coordinate_force[1], -12 * 0.3 + 6, 1e-14);
  spec.kind = PassiveForceKind::expression_coordinate;
  spec.expressions[0] = "-12*(q-0.2)-3*qdot";
  Scene f = make_scene(spec);
  f.q = s.q;
  f.qd = s.qd;
  update(f);
  EXPECT_NEAR(f.ws.coordinate_force[1], s.ws.coordinate_force[1], 1e-14);
}

TEST(PassiveForces, a_ligament_is_slack_up_to_its_resting_length) {
  PassiveForceSpec spec;
  spec.kind = PassiveForceKind::ligament;
  spec.resting_length = 0.05;
  spec.pcsa_force = 200;
  Scene s = make_scene(spec);
  s.model.passive_forces[0].force_length = make_line(2.0, -1.5);
  for (const double length : {0.03, 0.05}) {
    s.path_length[0] = length;
    update(s);
    EXPECT_EQ(s.ws.tension[0], 0);
  }
  s.path_length[0] = 0.06;
  update(s);
  EXPECT_NEAR(s.ws.tension[0], 200 * (2 * 1.2 - 1.5), 1e-12);
  EXPECT_EQ(norm(s.ws.body_wrench[1].force), 0);
}

TEST(PassiveForces, forces_that_are_switched_off_do_nothing_and_nothing_is_left_from_the_last_call) {
  Scene s = make_scene(make_bushing(true, true));
  update(s);
  EXPECT_GT(norm(s.ws.body_wrench[1].force), 0);
  s.model.passive_forces[0].spec.applies_force = false;
  update(s);
  EXPECT_EQ(norm(s.ws.body_wrench[1].force), 0);
}

TEST(PassiveForces, a_bad_formula_is_told_with_its_name_text_and_place) {
  Scene s = make_scene(make_bushing(true, true));
  PassiveForceSpec& spec = s.model.passive_forces[0].spec;
  spec.kind = PassiveForceKind::expression_bushing;
  spec.name = "L5_S1";
  for (auto& e : spec.expressions) e = "0";
  spec.expressions[2] = "3*theta_w";
  spec.expressions[4] = "(delta_y";
  const auto problems = find_passive_force_problems(s.model);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].name, "L5_S1");
  EXPECT_NE(problems[0].message.find("Mz_expression '3*theta_w', character 3: unknown variable 'theta_w'"),
            std::string::npos)
      << problems[0].message;
  EXPECT_THROW(make_passive_force_plan(s.model), std::invalid_argument);
}

TEST(PassiveForces, bushing_forces_have_exact_derivatives) {
  // along a motion of the second body: Dual through poses against differences
  Scene s = make_scene(make_bushing(true, false));
  using D = Dual<double>;
  Kinematics<D> kin;
  kin.X_WB.resize(3);
  kin.w_WB_W.assign(3, zero3<D>());
  kin.v_WB_W.assign(3, zero3<D>());
  kin.X_WB[1] = broadcast<D>(s.kin.X_WB[1]);
  const Vec3d w = s.kin.w_WB_W[2], v = s.kin.v_WB_W[2];
  for (int c = 0; c < 3; ++c) {
    const Vec3d column = s.kin.X_WB[2].R.column(c), rate = cross(w, column);
    kin.X_WB[2].R.m[0][c] = {column.x, rate.x};
    kin.X_WB[2].R.m[1][c] = {column.y, rate.y};
    kin.X_WB[2].R.m[2][c] = {column.z, rate.z};
  }
  kin.X_WB[2].p = {{s.kin.X_WB[2].p.x, v.x}, {s.kin.X_WB[2].p.y, v.y}, {s.kin.X_WB[2].p.z, v.z}};
  auto ws = make_passive_force_workspace<D>(s.model);
  const D zeros[2] = {0.0, 0.0};
  update_passive_forces(s.model, s.plan, kin, zeros, zeros, zeros, zeros, ws);
  s.kin.w_WB_W[1] = {1e-12, 0, 0};
  s.kin.v_WB_W[1] = zero3<double>();
  const double h = 1e-6;
  Scene after = s, before = s;
  move(after, h);
  move(before, -h);
  update(after);
  update(before);
  const Vec3d slope = (1 / (2 * h)) * (after.ws.body_wrench[2].moment - before.ws.body_wrench[2].moment);
  EXPECT_NEAR(ws.body_wrench[2].moment.x.d, slope.x, 1e-5 * (1 + norm(slope)));
  EXPECT_NEAR(ws.body_wrench[2].moment.y.d, slope.y, 1e-5 * (1 + norm(slope)));
  EXPECT_NEAR(ws.body_wrench[2].moment.z.d, slope.z, 1e-5 * (1 + norm(slope)));
}

}  // namespace
}  // namespace buttress
