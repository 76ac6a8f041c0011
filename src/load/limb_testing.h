#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "load/inverse_chain.h"
#include "model/compile.h"

/// A hand-made body with one of everything that the chain treats in its own way: a free pelvis, a hip of three angles,
/// a knee that slides as it bends, a patella coupled to the knee, an ankle with a locked second angle, an arm without
/// muscles, muscles of three classes (one over a cylinder, one through the patella), actuators of all kinds, a bushing,
/// a joint limit, a ligament, and a load under the foot.
namespace buttress::limb_testing {

/// a measured number in the test's record, with its digits
inline void record(const std::string& name, double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  testing::Test::RecordProperty(name, std::string(text));
}

inline BodySpec make_body(const std::string& name, double mass, const Vec3d& center) {
  BodySpec body;
  body.name = name;
  body.mass = mass;
  body.p_BBcm_B = center;
  body.I_BBcm_B = {0.02 * mass, 0.015 * mass, 0.01 * mass, 0.001 * mass, -0.002 * mass, 0.0005 * mass};
  return body;
}

inline JointSpec make_joint(const std::string& name, JointKind kind, const std::string& parent, const Vec3d& p_PF,
                            const std::string& child, const std::vector<std::string>& coordinates) {
  JointSpec joint;
  joint.name = name;
  joint.kind = kind;
  joint.parent = {parent, {make_body_xyz_rotation({0.1, -0.05, 0.08}), p_PF}};
  joint.child = {child, {make_body_xyz_rotation({-0.04, 0.03, 0.06}), {0.01, -0.005, 0.002}}};
  for (const std::string& c : coordinates) {
    CoordinateSpec coordinate;
    coordinate.name = c;
    joint.coordinates.push_back(coordinate);
  }
  make_standard_axes(joint);
  return joint;
}

inline FunctionSpec make_polynomial_spec(std::vector<double> highest_first) {
  FunctionSpec f;
  f.kind = FunctionKind::polynomial;
  f.coefficients = std::move(highest_first);
  return f;
}

inline PathPointSpec make_point(const std::string& body, const Vec3d& p) {
  PathPointSpec point;
  point.name = "on_" + body;
  point.frame.body = body;
  point.p_F = p;
  return point;
}

inline MuscleSpec make_muscle(const std::string& name, MuscleKind kind, std::vector<PathPointSpec> points, double force,
                              double fiber, double tendon) {
  MuscleSpec muscle;
  muscle.name = name;
  muscle.kind = kind;
  muscle.path.points = std::move(points);
  muscle.max_isometric_force = force;
  muscle.optimal_fiber_length = fiber;
  muscle.tendon_slack_length = tendon;
  muscle.pennation_at_optimal = 0.1;
  return muscle;
}

inline ModelSpec make_limb_spec() {
  ModelSpec spec;
  spec.name = "limb";
  spec.file = "limb.osim";
  spec.bodies = {make_body("pelvis", 11, {0, 0.05, 0.01}),    make_body("thigh", 8, {0.01, -0.17, 0.005}),
                 make_body("shank", 3.5, {0, -0.19, 0}),      make_body("patella", 0.1, {0, 0, 0}),
                 make_body("talus", 0.1, {0, -0.01, 0}),      make_body("foot", 1.1, {0.08, -0.02, 0}),
                 make_body("arm", 2.5, {0.02, -0.15, 0.003}), make_body("plate", 0.3, {0, 0, 0.01})};
  JointSpec knee = make_joint("knee", JointKind::custom, "thigh", {0, -0.4, 0}, "shank", {"knee_angle"});
  knee.axes[0].direction = {0, 0, 1};
  knee.axes[0].terms = {{"knee_angle", make_polynomial_spec({1, 0})}};
  knee.axes[1].direction = {1, 0, 0};
  knee.axes[1].terms = {{"knee_angle", make_polynomial_spec({0.05, 0.02, 0})}};
  knee.axes[3].direction = {1, 0, 0};
  knee.axes[3].terms = {{"knee_angle", make_polynomial_spec({0.004, 0.01, 0.002})}};
  JointSpec patella =
      make_joint("patellofemoral", JointKind::custom, "thigh", {0.05, -0.38, 0}, "patella", {"patella"});
  patella.axes[2].direction = {0, 0, 1};
  patella.axes[2].terms = {{"patella", make_polynomial_spec({1, 0})}};
  patella.axes[4].direction = {0, 1, 0};
  patella.axes[4].terms = {{"patella", make_polynomial_spec({0.02, 0})}};
  JointSpec ankle = make_joint("ankle", JointKind::pin, "shank", {0, -0.42, 0}, "talus", {"ankle_angle"});
  JointSpec subtalar = make_joint("subtalar", JointKind::pin, "talus", {-0.03, -0.03, 0}, "foot", {"subtalar_angle"});
  subtalar.coordinates[0].locked = true;
  subtalar.coordinates[0].default_value = 0.1;
  spec.joints = {
      make_joint("root", JointKind::free, "ground", {0, 0, 0}, "pelvis", {"rx", "ry", "rz", "tx", "ty", "tz"}),
      make_joint("hip", JointKind::gimbal, "pelvis", {-0.05, -0.06, 0.08}, "thigh", {"hip1", "hip2", "hip3"}),
      knee,
      patella,
      ankle,
      subtalar,
      make_joint("shoulder", JointKind::universal, "pelvis", {0, 0.4, 0.15}, "arm", {"arm1", "arm2"}),
      make_joint("mount", JointKind::weld, "arm", {0, -0.3, 0}, "plate", {})};
  CouplerSpec coupler;
  coupler.name = "patella_coupler";
  coupler.dependent = "patella";
  coupler.independent = "knee_angle";
  coupler.function = make_polynomial_spec({-0.1, 0.2, -0.6, 0.05});
  spec.couplers = {coupler};

  WrapObjectSpec condyle;
  condyle.name = "condyle";
  condyle.frame = {"thigh", {make_body_xyz_rotation({0.05, 0.04, 0}), {-0.005, -0.4, 0}}};
  condyle.kind = WrapKind::cylinder;
  condyle.radius = 0.03;
  spec.wrap_objects = {condyle};

  // the tendon slides along the shank as the knee bends
  PathPointSpec sliding = make_point("shank", {0, 0, 0});
  sliding.kind = PathPointKind::moving;
  sliding.moving[0] = {"knee_angle", make_polynomial_spec({0.01, 0.02, 0.05})};
  sliding.moving[1] = {"knee_angle", make_polynomial_spec({-0.03, -0.04})};
  sliding.moving[2] = {"", make_polynomial_spec({0.003})};

  const MuscleKind thelen = MuscleKind::thelen2003, millard = MuscleKind::millard2012_equilibrium,
                   degroote = MuscleKind::degroote_fregly2016;
  MuscleSpec gastroc = make_muscle(
      "gastroc", millard, {make_point("thigh", {-0.03, -0.36, -0.01}), make_point("foot", {-0.05, -0.01, 0.01})}, 1800,
      0.06, 0.38);
  PathWrapSpec wrap;
  wrap.wrap_object = "condyle";
  gastroc.path.wraps = {wrap};
  spec.muscles = {
      make_muscle("glut", thelen, {make_point("pelvis", {-0.1, 0.06, 0.06}), make_point("thigh", {-0.03, -0.1, 0.03})},
                  1900, 0.12, 0.06),
      make_muscle("glmed", thelen,
                  {make_point("pelvis", {-0.04, 0.05, 0.12}), make_point("thigh", {-0.01, -0.02, 0.06})}, 1500, 0.07,
                  0.06),
      make_muscle("psoas", millard, {make_point("pelvis", {0.02, 0.1, 0.04}), make_point("thigh", {0.01, -0.06, 0.0})},
                  1400, 0.12, 0.05),
      make_muscle("adductor", degroote,
                  {make_point("pelvis", {-0.03, -0.1, 0.01}), make_point("thigh", {0.01, -0.2, 0.0})}, 900, 0.12, 0.03),
      make_muscle("quad", thelen,
                  {make_point("thigh", {0.04, -0.1, 0.0}), make_point("patella", {0.01, 0.01, 0.002}), sliding,
                   make_point("shank", {0.04, -0.06, 0})},
                  4000, 0.1, 0.25),
      make_muscle("ham", millard,
                  {make_point("pelvis", {-0.12, -0.1, 0.06}), make_point("shank", {-0.03, -0.06, 0.01})}, 2600, 0.12,
                  0.32),
      gastroc,
      make_muscle("tibant", thelen, {make_point("shank", {0.02, -0.15, 0.01}), make_point("foot", {0.07, 0.02, -0.01})},
                  1100, 0.09, 0.2),
      make_muscle("severed", thelen, {make_point("pelvis", {0.02, 0.1, 0.0}), make_point("thigh", {0.01, -0.06, 0.02})},
                  1400, 0.12, 0.05)};
  spec.muscles.back().applies_force = false;

  ActuatorSpec motor;
  motor.name = "knee_motor";
  motor.coordinate = "knee_angle";
  motor.optimal_force = 20;
  ActuatorSpec push;
  push.name = "push";
  push.kind = ActuatorKind::point;
  push.body = "shank";
  push.point = {0.02, -0.2, 0.03};
  push.direction = {0.3, -0.4, 0.2};
  push.direction_is_global = false;
  push.optimal_force = 30;
  ActuatorSpec anchor = push;
  anchor.name = "anchor";
  anchor.point = {0.1, -0.5, 0.1};
  anchor.point_is_global = anchor.direction_is_global = true;
  ActuatorSpec twist;
  twist.name = "twist";
  twist.kind = ActuatorKind::torque;
  twist.body = "patella";
  twist.body_b = "foot";
  twist.direction = {0.2, 0.5, 0.9};
  twist.optimal_force = 15;
  ActuatorSpec cable;
  cable.name = "cable";
  cable.kind = ActuatorKind::path;
  cable.path.points = {make_point("pelvis", {0.08, 0, 0.05}), make_point("patella", {0.01, 0.0, 0.01})};
  cable.optimal_force = 40;
  cable.min_control = 0;
  ActuatorSpec strut;
  strut.name = "strut";
  strut.kind = ActuatorKind::point_to_point;
  strut.body = "pelvis";
  strut.point = {0.1, -0.05, 0.02};
  strut.body_b = "shank";
  strut.point_b = {0.03, -0.1, -0.02};
  strut.optimal_force = 25;
  spec.actuators = {motor, push, anchor, twist, cable, strut};

  PassiveForceSpec bushing;
  bushing.name = "capsule";
  bushing.kind = PassiveForceKind::bushing;
  bushing.frame1 = {"pelvis", {make_body_xyz_rotation({0, 0.1, 0}), {-0.05, -0.06, 0.08}}};
  bushing.frame2 = {"thigh", {make_body_xyz_rotation({0.1, 0, 0}), {0, 0, 0}}};
  bushing.rotational_stiffness = {12, 15, 9};
  bushing.translational_stiffness = {300, 250, 200};
  bushing.rotational_damping = {0.5, 0.3, 0.2};
  PassiveForceSpec limit;
  limit.name = "knee_limit";
  limit.kind = PassiveForceKind::coordinate_limit;
  limit.coordinate = "knee_angle";
  limit.upper_limit = -0.2, limit.lower_limit = -0.9;
  limit.upper_stiffness = 40, limit.lower_stiffness = 30, limit.damping = 0.5, limit.transition = 0.2;
  PassiveForceSpec ligament;
  ligament.name = "ligament";
  ligament.kind = PassiveForceKind::ligament;
  ligament.path.points = {make_point("thigh", {0.0, -0.35, 0.04}), make_point("shank", {0.0, -0.08, 0.03})};
  ligament.resting_length = 0.09;
  ligament.pcsa_force = 200;
  ligament.force_length.kind = FunctionKind::simm_spline;
  ligament.force_length.x = {0, 1, 1.3, 1.7, 3};
  ligament.force_length.y = {0, 0, 0.2, 0.6, 2};
  PassiveForceSpec strap;
  strap.name = "strap";
  strap.kind = PassiveForceKind::blankevoort_ligament;
  strap.path.points = {make_point("pelvis", {0.02, -0.1, 0.06}), make_point("shank", {0.02, -0.05, 0.02})};
  strap.resting_length = 0.2;
  strap.stiffness = 150;
  strap.damping_coefficient = 2;
  // a ball on the thigh that is deep inside the pelvis' half-space
  spec.contact_geometries = {{"wall",
                              "ContactHalfSpace",
                              ContactShape::half_space,
                              {"pelvis", {make_body_xyz_rotation({0, 0.2, -1.4}), {0, -0.1, 0}}},
                              {},
                              {}},
                             {"ball",
                              "ContactSphere",
                              ContactShape::sphere,
                              {"thigh", {Mat3d::identity(), {0.01, -0.1, 0.02}}},
                              {0.05, 0.05, 0.05},
                              {}}};
  PassiveForceSpec contact;
  contact.name = "contact";
  contact.kind = PassiveForceKind::hunt_crossley;
  contact.surfaces = {{"wall", 2e4, 0.5, 0.6, 0.4, 0.1}, {"ball", 4e4, 0.3, 0.7, 0.5, 0.2}};
  contact.transition_velocity = 0.1;
  spec.passive_forces = {bushing, limit, ligament, strap, contact};
  return spec;
}

inline Model compile_or_fail(const ModelSpec& spec) {
  Diagnostics diagnostics;
  const auto model = compile(spec, {}, diagnostics);
  for (const Diagnostic& d : diagnostics.items()) EXPECT_NE(d.severity, Severity::error) << format_diagnostic(d);
  return model.value_or(Model{});
}

/// a smooth movement that keeps to couplers and locks, and loads that change with it
struct Movement {
  std::size_t frames = 0;
  std::vector<double> q, qd, qdd, loads;
  ChainInput input() const { return {frames, q.data(), qd.data(), qdd.data(), loads.data()}; }
  /// frames [first, first + count)
  ChainInput part(const Model& model, std::size_t load_count, std::size_t first, std::size_t count) const {
    const std::size_t n = model.coordinates.size();
    return {count, q.data() + first * n, qd.data() + first * n, qdd.data() + first * n,
            loads.data() + first * load_count * 9};
  }
};

/// values of dependent coordinates and their rates from those of their drivers
inline void apply_couplers(const Model& model, double* q, double* qd, double* qdd) {
  for (const Coupler& c : model.couplers) {
    const Jet<double> f = evaluate(c.function, q[c.independent]);
    q[c.dependent] = f.f;
    qd[c.dependent] = f.df * qd[c.independent];
    qdd[c.dependent] = f.df * qdd[c.independent] + f.ddf * qd[c.independent] * qd[c.independent];
  }
}

inline Movement make_movement(const Model& model, std::size_t load_count, std::size_t frames, unsigned seed) {
  std::mt19937_64 engine(seed);
  const auto within = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(engine() >> 11) * 0x1.0p-53;
  };
  Movement m;
  m.frames = frames;
  const std::size_t n = model.coordinates.size();
  for (auto* v : {&m.q, &m.qd, &m.qdd}) v->assign(frames * n, 0.0);
  m.loads.assign(frames * load_count * 9, 0.0);
  const double step = 0.01;
  for (std::size_t c = 0; c < n; ++c) {
    const Coordinate& coordinate = model.coordinates[c];
    const double phase = within(0, 6), size = within(0.05, 0.25), rate = within(3, 7);
    const double offset = coordinate.name == "knee_angle" ? -0.6 : 0.0;
    for (std::size_t f = 0; f < frames; ++f) {
      const double t = step * static_cast<double>(f), s = std::sin(rate * t + phase), k = std::cos(rate * t + phase);
      m.q[f * n + c] = coordinate.locked ? coordinate.default_value : offset + size * s;
      m.qd[f * n + c] = coordinate.locked ? 0 : size * rate * k;
      m.qdd[f * n + c] = coordinate.locked ? 0 : -size * rate * rate * s;
    }
  }
  for (std::size_t f = 0; f < frames; ++f) apply_couplers(model, &m.q[f * n], &m.qd[f * n], &m.qdd[f * n]);
  for (std::size_t i = 0; i < load_count * 9; ++i) {
    const bool is_point = i % 9 >= 3 && i % 9 < 6;
    const double offset = i % 9 == 1 ? 200 : 0, size = is_point ? 0.05 : i % 9 < 3 ? 40 : 3, phase = within(0, 6);
    for (std::size_t f = 0; f < frames; ++f)
      m.loads[f * load_count * 9 + i] = offset + size * std::sin(0.04 * static_cast<double>(f) + phase);
  }
  return m;
}

/// loads in three frames, so that every change of frame is used
inline std::vector<ChainLoad> make_loads(const Model& model) {
  const int foot = model.find_body("foot"), shank = model.find_body("shank"), arm = model.find_body("arm");
  return {{"floor", foot, 0, 0}, {"strap", shank, shank, foot}, {"hand", arm, 0, arm}};
}

}  // namespace buttress::limb_testing
