// Newton-Euler against closed forms and laws that hold for every model. What this can prove: signs, units and terms of
// the equations of motion, without any other program. Comparison with Simbody: tests/property.
#include "multibody/inverse_dynamics.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "model/compile.h"
#include "model/random_model_testing.h"
#include "multibody/allocations_testing.h"
#include "multibody/forward_dynamics.h"
#include "multibody/kinematics.inl"
#include "simd/dual.h"

namespace buttress {
namespace {

constexpr double kG = 9.80665;

Model compile_or_throw(const ModelSpec& spec) {
  Diagnostics diagnostics;
  std::optional<Model> model = compile(spec, {}, diagnostics);
  if (model) return *std::move(model);
  std::string all;
  for (const Diagnostic& d : diagnostics.items()) all += format_diagnostic(d) + "\n";
  throw std::runtime_error(all);
}

void add_body(ModelSpec& spec, const std::string& parent, Vec3d p_PF, const std::string& name, JointKind kind,
              std::vector<std::string> coordinates, double mass, Vec3d centre, Inertia<double> inertia) {
  spec.bodies.push_back({name, mass, centre, inertia, {}});
  JointSpec joint;
  joint.name = "to_" + name;
  joint.kind = kind;
  joint.parent = {parent, {Mat3d::identity(), p_PF}};
  joint.child = {name, Posed::identity()};
  for (const std::string& c : coordinates) {
    CoordinateSpec coordinate;
    coordinate.name = c;
    joint.coordinates.push_back(coordinate);
  }
  make_standard_axes(joint);
  spec.joints.push_back(joint);
}

struct Result {
  Kinematics<double> kin;
  std::vector<Wrench<double>> joint_wrench;
  std::vector<double> tau;
};

Result calc_inverse_dynamics(const Model& model, const std::vector<double>& q, const std::vector<double>& qd,
                             const std::vector<double>& qdd, const Wrench<double>* applied = nullptr) {
  Result r{make_kinematics<double>(model), std::vector<Wrench<double>>(model.bodies.size()),
           std::vector<double>(model.coordinates.size())};
  update_positions(model, q.data(), r.kin);
  update_accelerations(model, qd.data(), qdd.data(), r.kin);
  calc_joint_wrenches(model, r.kin, applied, r.joint_wrench.data());
  calc_generalized_forces(model, r.kin, r.joint_wrench.data(), r.tau.data());
  return r;
}

void expect_near(const Vec3d& a, const Vec3d& b, double tolerance) {
  EXPECT_NEAR(a.x, b.x, tolerance);
  EXPECT_NEAR(a.y, b.y, tolerance);
  EXPECT_NEAR(a.z, b.z, tolerance);
}

TEST(InverseDynamics, pendulum_needs_its_textbook_torque_and_its_pin_holds_the_centripetal_force) {
  const double m = 2.5, l = 0.7, I = 0.13, q = 0.6, qd = 1.9, qdd = -3.1;
  ModelSpec spec;
  add_body(spec, "ground", {0.3, 1.2, -0.4}, "rod", JointKind::pin, {"angle"}, m, {0, -l, 0}, {0.2, 0.1, I, 0, 0, 0});
  const Result r = calc_inverse_dynamics(compile_or_throw(spec), {q}, {qd}, {qdd});
  EXPECT_NEAR(r.tau[0], (I + m * l * l) * qdd + m * kG * l * std::sin(q), 1e-13);
  // along the rod: weight and m l qd^2; across it: weight and m l qdd
  const Vec3d along{-std::sin(q), std::cos(q), 0}, across{std::cos(q), std::sin(q), 0};
  EXPECT_NEAR(dot(r.joint_wrench[1].force, along), m * (l * qd * qd + kG * std::cos(q)), 1e-12);
  EXPECT_NEAR(dot(r.joint_wrench[1].force, across), m * (l * qdd + kG * std::sin(q)), 1e-12);
  EXPECT_NEAR(r.joint_wrench[1].force.z, 0, 1e-14);
}

TEST(InverseDynamics, double_pendulum_needs_its_textbook_torques) {
  const double m1 = 1.3, m2 = 0.9, l1 = 0.5, c1 = 0.3, c2 = 0.2, I1 = 0.04, I2 = 0.02;
  ModelSpec spec;
  add_body(spec, "ground", {0, 0, 0}, "upper", JointKind::pin, {"q1"}, m1, {0, -c1, 0}, {0.1, 0.1, I1, 0, 0, 0});
  add_body(spec, "upper", {0, -l1, 0}, "lower", JointKind::pin, {"q2"}, m2, {0, -c2, 0}, {0.1, 0.1, I2, 0, 0, 0});
  const Model model = compile_or_throw(spec);
  Random random(1);
  for (int i = 0; i < 50; ++i) {
    const double q1 = random.uniform(-3, 3), q2 = random.uniform(-3, 3), d1 = random.uniform(-5, 5),
                 d2 = random.uniform(-5, 5), a1 = random.uniform(-9, 9), a2 = random.uniform(-9, 9);
    const Result r = calc_inverse_dynamics(model, {q1, q2}, {d1, d2}, {a1, a2});
    // Lagrange's equations with relative angles (Spong, Hutchinson, Vidyasagar 2006, section 7.3.2)
    const double h = m2 * l1 * c2, c = std::cos(q2), s = std::sin(q2);
    const double m11 = I1 + I2 + m1 * c1 * c1 + m2 * (l1 * l1 + c2 * c2) + 2 * h * c, m12 = I2 + m2 * c2 * c2 + h * c,
                 m22 = I2 + m2 * c2 * c2;
    const double g2 = m2 * kG * c2 * std::sin(q1 + q2), g1 = (m1 * c1 + m2 * l1) * kG * std::sin(q1) + g2;
    EXPECT_NEAR(r.tau[0], m11 * a1 + m12 * a2 - h * s * (2 * d1 * d2 + d2 * d2) + g1, 1e-12);
    EXPECT_NEAR(r.tau[1], m12 * a1 + m22 * a2 + h * s * d1 * d1 + g2, 1e-12);
  }
}

TEST(InverseDynamics, projectile_and_free_fall_need_no_force) {
  ModelSpec spec;
  add_body(spec, "ground", {0, 0, 0}, "ball", JointKind::free, {"rx", "ry", "rz", "tx", "ty", "tz"}, 3.1, {0, 0, 0},
           {0.2, 0.2, 0.2, 0, 0, 0});
  const Model model = compile_or_throw(spec);
  for (double rise : {0.0, 4.0}) {
    // flies sideways and spins about z as it falls
    const Result r =
        calc_inverse_dynamics(model, {0.3, -0.2, 0.8, 1, 2, 3}, {0, 0, 2, 5, rise, 1}, {0, 0, 0, 0, -kG, 0});
    for (double tau : r.tau) EXPECT_NEAR(tau, 0, 1e-13);
    expect_near(r.joint_wrench[1].force, {0, 0, 0}, 1e-13);
    expect_near(r.joint_wrench[1].moment, {0, 0, 0}, 1e-13);
  }
  // at rest in the air it wants its weight
  const Result held =
      calc_inverse_dynamics(model, {0, 0, 0, 0, 1, 0}, std::vector<double>(6, 0), std::vector<double>(6, 0));
  EXPECT_NEAR(held.tau[4], 3.1 * kG, 1e-13);
}

TEST(InverseDynamics, spinning_top_precesses_steadily_without_torque) {
  const double m = 0.4, l = 0.06, I1 = 0.0011, I3 = 0.0005, lean = 0.5, spin = 220;
  ModelSpec spec;
  spec.bodies.push_back({"top", m, {0, l, 0}, {I1, I3, I1, 0, 0, 0}, {}});
  // precession about the vertical y, lean about x, spin about the top's own y
  JointSpec joint;
  joint.name = "tip";
  joint.kind = JointKind::custom;
  joint.parent = {"ground", Posed::identity()};
  joint.child = {"top", Posed::identity()};
  const Vec3d directions[3] = {{0, 1, 0}, {1, 0, 0}, {0, 1, 0}};
  const char* names[3] = {"precession", "lean", "spin"};
  for (int a = 0; a < 3; ++a) {
    CoordinateSpec c;
    c.name = names[a];
    joint.coordinates.push_back(c);
    joint.axes[a].direction = directions[a];
    AxisTermSpec term;
    term.coordinate = names[a];
    term.function.kind = FunctionKind::linear;
    term.function.coefficients = {1, 0};
    joint.axes[a].terms = {term};
  }
  spec.joints = {joint};
  const Model model = compile_or_throw(spec);
  // about the tip (Goldstein, Classical Mechanics, 5.7): (I1' cos) p^2 - I3 w3 p + m g l = 0 with w3 = spin + p cos
  const double I1_tip = I1 + m * l * l, c = std::cos(lean);
  const double A = (I1_tip - I3) * c, B = -I3 * spin, C = m * kG * l;
  const double root = std::sqrt(B * B - 4 * A * C);
  for (double precession : {(-B - root) / (2 * A), (-B + root) / (2 * A)}) {
    const Result r = calc_inverse_dynamics(model, {1.1, lean, 0.4}, {precession, 0, spin}, {0, 0, 0});
    for (double tau : r.tau) EXPECT_NEAR(tau, 0, 1e-12 * I3 * spin * std::abs(precession)) << precession;
    // the tip pushes the mass centre around its circle; in the kernel that is left of terms in spin * precession
    const double radius = l * std::sin(lean);
    EXPECT_NEAR(norm(r.joint_wrench[1].force - Vec3d{0, m * kG, 0}), m * precession * precession * radius,
                1e-13 * m * l * spin * std::abs(precession));
  }
}

std::string format_error(double error) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2e", error);
  return text;
}

/// kinetic and potential energy of the whole model
double calc_energy(const Model& model, const std::vector<double>& q, const std::vector<double>& qd) {
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q.data(), kin);
  update_accelerations<double>(model, qd.data(), nullptr, kin);
  double energy = 0;
  for (std::size_t b = 1; b < model.bodies.size(); ++b) {
    const Body& body = model.bodies[b];
    const Vec3d r = kin.X_WB[b].R * body.p_BBcm_B, v = kin.v_WB_W[b] + cross(kin.w_WB_W[b], r);
    const Vec3d w_B = multiply_transposed(kin.X_WB[b].R, kin.w_WB_W[b]);
    energy += 0.5 * body.mass * dot(v, v) + 0.5 * dot(w_B, body.I_BBcm_B * w_B) -
              body.mass * dot(model.gravity_W, kin.X_WB[b].p + r);
  }
  return energy;
}

/// a random model whose functions have no kinks, so that differences along a motion make sense
Model make_smooth_model(Random& random, bool with_constraints) {
  ModelSpec spec = make_random_model(random, 15);
  if (with_constraints) add_random_constraints(random, spec);
  const auto smooth = [](FunctionSpec& f) {
    const bool kinked =
        f.kind == FunctionKind::piecewise_linear || (f.kind == FunctionKind::gcv_spline && f.degree == 1);
    if (kinked) f.kind = FunctionKind::simm_spline;
  };
  for (JointSpec& joint : spec.joints)
    for (AxisSpec& axis : joint.axes)
      for (AxisTermSpec& term : axis.terms) smooth(term.function);
  for (CouplerSpec& coupler : spec.couplers) smooth(coupler.function);
  return compile_or_throw(spec);
}

std::vector<double> make_random_vector(Random& random, std::size_t count, double size) {
  std::vector<double> v(count);
  for (double& x : v) x = random.uniform(-size, size);
  return v;
}

TEST(InverseDynamics, power_of_the_generalized_forces_is_the_rate_of_energy) {
  double worst = 0;
  for (int seed = 1; seed <= 200; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Model model = make_smooth_model(random, false);
    const std::size_t n = model.coordinates.size();
    const std::vector<double> q = make_random_vector(random, n, 1.2), qd = make_random_vector(random, n, 2),
                              qdd = make_random_vector(random, n, 5);
    const Result r = calc_inverse_dynamics(model, q, qd, qdd);
    double power = 0, size = 0;
    for (std::size_t c = 0; c < n; ++c) power += r.tau[c] * qd[c], size += std::abs(r.tau[c] * qd[c]);
    const double step = 1e-5;
    const auto energy_at = [&](double t) {
      std::vector<double> q_t(n), qd_t(n);
      for (std::size_t c = 0; c < n; ++c) {
        q_t[c] = q[c] + qd[c] * t + 0.5 * qdd[c] * t * t;
        qd_t[c] = qd[c] + qdd[c] * t;
      }
      return calc_energy(model, q_t, qd_t);
    };
    const double rate = (energy_at(step) - energy_at(-step)) / (2 * step);
    // equal when both are zero: a model of welds alone
    EXPECT_LE(std::abs(power - rate), 1e-8 * size) << "seed " << seed;
    if (size > 0) worst = std::max(worst, std::abs(power - rate) / size);
  }
  RecordProperty("worst_relative_error", format_error(worst));
}

TEST(InverseDynamics, loads_enter_with_the_power_they_do_on_the_bodies) {
  for (int seed = 1; seed <= 50; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Model model = make_smooth_model(random, false);
    const std::size_t n = model.coordinates.size();
    const std::vector<double> q = make_random_vector(random, n, 1.2), qd = make_random_vector(random, n, 2),
                              qdd = make_random_vector(random, n, 5);
    std::vector<Wrench<double>> applied(model.bodies.size());
    for (Wrench<double>& w : applied) w = {random.vector(100), random.vector(20)};
    const Result without = calc_inverse_dynamics(model, q, qd, qdd);
    const Result with = calc_inverse_dynamics(model, q, qd, qdd, applied.data());
    // power of a wrench about the world origin: moment . w + force . velocity of the body's point at the origin
    double power = 0, change = 0, size = 0;
    for (std::size_t b = 1; b < model.bodies.size(); ++b) {
      const Vec3d v = with.kin.v_WB_W[b] - cross(with.kin.w_WB_W[b], with.kin.X_WB[b].p);
      power += dot(applied[b].moment, with.kin.w_WB_W[b]) + dot(applied[b].force, v);
    }
    for (std::size_t c = 0; c < n; ++c) {
      change += (without.tau[c] - with.tau[c]) * qd[c];
      size += std::abs(without.tau[c] * qd[c]) + std::abs(with.tau[c] * qd[c]);
    }
    EXPECT_NEAR(change, power, 1e-12 * size) << "seed " << seed;
  }
}

TEST(InverseDynamics, the_world_holds_what_newton_says_of_the_whole_model) {
  for (int seed = 1; seed <= 50; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Model model = make_smooth_model(random, false);
    const std::size_t n = model.coordinates.size();
    const std::vector<double> q = make_random_vector(random, n, 1.2), qd = make_random_vector(random, n, 2),
                              qdd = make_random_vector(random, n, 5);
    const Result r = calc_inverse_dynamics(model, q, qd, qdd);
    // momentum of all mass centres by differences
    const double step = 1e-5;
    const auto momentum_at = [&](double t) {
      std::vector<double> q_t(n), qd_t(n);
      for (std::size_t c = 0; c < n; ++c) {
        q_t[c] = q[c] + qd[c] * t + 0.5 * qdd[c] * t * t;
        qd_t[c] = qd[c] + qdd[c] * t;
      }
      Kinematics<double> kin = make_kinematics<double>(model);
      update_positions(model, q_t.data(), kin);
      update_accelerations<double>(model, qd_t.data(), nullptr, kin);
      Vec3d sum{0, 0, 0};
      for (std::size_t b = 1; b < model.bodies.size(); ++b)
        sum += model.bodies[b].mass * (kin.v_WB_W[b] + cross(kin.w_WB_W[b], kin.X_WB[b].R * model.bodies[b].p_BBcm_B));
      return sum;
    };
    const Vec3d rate = (1 / (2 * step)) * (momentum_at(step) - momentum_at(-step));
    const Vec3d force = rate - model.total_mass * model.gravity_W;
    EXPECT_LT(norm(r.joint_wrench[0].force - force), 1e-6 * norm(force)) << "seed " << seed;
  }
}

TEST(InverseDynamics, forward_dynamics_takes_back_what_inverse_dynamics_gave) {
  for (int seed = 1; seed <= 100; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Model model = make_smooth_model(random, false);
    const std::size_t n = model.coordinates.size();
    const std::vector<double> q = make_random_vector(random, n, 1.2), qd = make_random_vector(random, n, 2),
                              qdd = make_random_vector(random, n, 5);
    Result r = calc_inverse_dynamics(model, q, qd, qdd);
    std::vector<double> back(n);
    ASSERT_TRUE(calc_accelerations(model, q.data(), qd.data(), 0, nullptr, r.tau.data(), r.kin, back.data())) << seed;
    for (std::size_t c = 0; c < n; ++c) EXPECT_NEAR(back[c], qdd[c], 1e-8) << "seed " << seed;
  }
}

TEST(InverseDynamics, forces_reduced_to_free_coordinates_do_the_same_work) {
  int couplers = 0;
  for (int seed = 1; seed <= 100; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Model model = make_smooth_model(random, true);
    const std::size_t n = model.coordinates.size();
    std::vector<double> q = make_random_vector(random, n, 1.2), qd(n, 0.0), tau = make_random_vector(random, n, 10);
    for (int c : model.independent) qd[static_cast<std::size_t>(c)] = random.uniform(-2, 2);
    // dependents move by the chain rule, here from differences of the coupler's function
    for (const Coupler& k : model.couplers) {
      const double h = 1e-6, x = q[static_cast<std::size_t>(k.independent)];
      const double slope = (evaluate(k.function, x + h).f - evaluate(k.function, x - h).f) / (2 * h);
      qd[static_cast<std::size_t>(k.dependent)] = slope * qd[static_cast<std::size_t>(k.independent)];
      ++couplers;
    }
    std::vector<double> reduced(model.independent.size());
    reduce_to_independent(model, q.data(), tau.data(), reduced.data());
    double all = 0, free = 0;
    for (std::size_t c = 0; c < n; ++c) all += tau[c] * qd[c];
    for (std::size_t row = 0; row < reduced.size(); ++row)
      free += reduced[row] * qd[static_cast<std::size_t>(model.independent[row])];
    EXPECT_NEAR(all, free, 1e-7) << "seed " << seed;
  }
  EXPECT_GT(couplers, 100);
}

TEST(ForwardDynamics, refuses_a_coordinate_that_moves_no_mass) {
  ModelSpec spec;
  add_body(spec, "ground", {0, 0, 0}, "rod", JointKind::pin, {"q1"}, 1, {0, -0.5, 0}, {0.1, 0.1, 0.1, 0, 0, 0});
  add_body(spec, "rod", {0, -1, 0}, "ghost", JointKind::pin, {"q2"}, 0, {0, 0, 0}, {0, 0, 0, 0, 0, 0});
  const Model model = compile_or_throw(spec);
  const std::vector<double> q = {0.1, 0.2}, zero = {0, 0};
  Result r = calc_inverse_dynamics(model, q, zero, zero);
  std::vector<double> qdd(2);
  EXPECT_FALSE(calc_accelerations(model, q.data(), zero.data(), 0, nullptr, zero.data(), r.kin, qdd.data()));
}

// with q + qd e + ..., nested dual numbers differentiate the positions twice along the motion
TEST(Kinematics, velocities_and_accelerations_are_the_exact_derivatives_of_the_positions) {
  using D = Dual<double>;
  using DD = Dual<D>;
  double worst = 0;
  for (int seed = 1; seed <= 100; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Model model = compile_or_throw(make_random_model(random, 15));
    const std::size_t n = model.coordinates.size();
    const std::vector<double> q = make_random_vector(random, n, 1.2), qd = make_random_vector(random, n, 2),
                              qdd = make_random_vector(random, n, 5);
    Kinematics<double> kin = make_kinematics<double>(model);
    update_positions(model, q.data(), kin);
    update_accelerations(model, qd.data(), qdd.data(), kin);
    std::vector<DD> moving;
    for (std::size_t c = 0; c < n; ++c) moving.push_back(DD(D(q[c], qd[c]), D(qd[c], qdd[c])));
    Kinematics<DD> differentiated = make_kinematics<DD>(model);
    update_positions(model, moving.data(), differentiated);

    double error = 0, size = 0;
    const auto compare = [&](double a, double b) {
      error = std::max(error, std::abs(a - b));
      size = std::max(size, std::abs(b));
    };
    for (std::size_t b = 1; b < model.bodies.size(); ++b) {
      const Pose<DD>& X = differentiated.X_WB[b];
      const auto compare3 = [&](const Vec3d& v, const Vec3<DD>& p, const Vec3d& a) {
        compare(v.x, p.x.v.d), compare(v.y, p.y.v.d), compare(v.z, p.z.v.d);
        compare(a.x, p.x.d.d), compare(a.y, p.y.d.d), compare(a.z, p.z.d.d);
      };
      compare3(kin.v_WB_W[b], X.p, kin.a_WB_W[b]);
      // each column e of R is carried round: e' = w x e, e'' = alpha x e + w x (w x e)
      for (int i = 0; i < 3; ++i) {
        const Vec3d e = kin.X_WB[b].R.column(i), turned = cross(kin.w_WB_W[b], e);
        compare3(turned, X.R.column(i), cross(kin.alpha_WB_W[b], e) + cross(kin.w_WB_W[b], turned));
      }
    }
    EXPECT_LT(error, 1e-12 * size) << "seed " << seed;
    worst = std::max(worst, error / size);
  }
  RecordProperty("worst_relative_error", format_error(worst));
}

TEST(Kinematics, without_accelerations_of_coordinates_those_of_the_velocities_are_left) {
  Random random(7);
  const Model model = compile_or_throw(make_random_model(random, 15));
  const std::size_t n = model.coordinates.size();
  const std::vector<double> q = make_random_vector(random, n, 1.2), qd = make_random_vector(random, n, 2), zero(n, 0.0);
  Kinematics<double> with = make_kinematics<double>(model), without = with;
  update_positions(model, q.data(), with);
  update_positions(model, q.data(), without);
  update_accelerations(model, qd.data(), zero.data(), with);
  update_accelerations<double>(model, qd.data(), nullptr, without);
  for (std::size_t b = 0; b < model.bodies.size(); ++b) {
    expect_near(without.a_WB_W[b], with.a_WB_W[b], 0);
    expect_near(without.alpha_WB_W[b], with.alpha_WB_W[b], 0);
  }
}

TEST(Kinematics, first_terms_are_where_update_positions_writes_them) {
  Random random(3);
  const Model model = compile_or_throw(make_random_model(random, 25));
  const std::vector<double> q = make_random_vector(random, model.coordinates.size(), 1.2);
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q.data(), kin);
  const std::vector<int> first = find_first_terms(model);
  ASSERT_EQ(first.size(), model.axes.size() + 1);
  EXPECT_EQ(static_cast<std::size_t>(first.back()), kin.term.size());
  for (std::size_t a = 0; a < model.axes.size(); ++a)
    for (std::size_t i = 0; i < model.axes[a].terms.size(); ++i) {
      const AxisTerm& term = model.axes[a].terms[i];
      const double x = term.coordinate < 0 ? 0.0 : q[static_cast<std::size_t>(term.coordinate)];
      EXPECT_EQ(kin.term[static_cast<std::size_t>(first[a]) + i].f, evaluate(term.function, x).f);
    }
}

TEST(Kinematics, the_kernels_never_allocate) {
  Random random(11);
  const Model model = compile_or_throw(make_random_model(random, 25));
  const std::size_t n = model.coordinates.size();
  const std::vector<double> q = make_random_vector(random, n, 1.2), qd = make_random_vector(random, n, 2),
                            qdd = make_random_vector(random, n, 5);
  Result r = calc_inverse_dynamics(model, q, qd, qdd);
  std::vector<double> reduced(model.independent.size());
  const std::size_t before = count_allocations();
  update_positions(model, q.data(), r.kin);
  update_accelerations(model, qd.data(), qdd.data(), r.kin);
  calc_joint_wrenches<double>(model, r.kin, nullptr, r.joint_wrench.data());
  calc_generalized_forces(model, r.kin, r.joint_wrench.data(), r.tau.data());
  reduce_to_independent(model, q.data(), r.tau.data(), reduced.data());
  const std::size_t during = count_allocations() - before;
  EXPECT_EQ(during, 0u);
  // the counter counts
  const std::vector<double> one(1);
  EXPECT_GT(count_allocations(), before);
}

}  // namespace
}  // namespace buttress
