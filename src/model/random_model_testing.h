#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "model/model_spec.h"

/// Random models for property tests: every joint kind, every function kind, full inertias, joint frames that lie
/// anywhere. The same seed gives the same model on every platform.
namespace buttress {

struct Random {
  std::mt19937_64 engine;
  explicit Random(std::uint64_t seed) : engine(seed) {}

  /// the distributions of the standard library differ between compilers, so the 53 upper bits are used directly
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine() >> 11) * 0x1.0p-53;
  }
  /// low..high, both included
  int whole(int low, int high) { return low + static_cast<int>(engine() % static_cast<std::uint64_t>(high - low + 1)); }
  bool chance(double probability) { return uniform(0, 1) < probability; }
  Vec3d vector(double size) { return {uniform(-size, size), uniform(-size, size), uniform(-size, size)}; }
  Vec3d direction() {
    for (;;) {
      const Vec3d v = vector(1);
      const double length = norm(v);
      if (length > 0.1 && length < 1) return (1 / length) * v;
    }
  }
  Posed pose(double size) { return {make_rotation<double>(direction(), uniform(-3, 3)), vector(size)}; }
};

/// A function of the wanted kind that stays near offset + slope x for |x| < 1.5. Knots often end inside that range, so
/// that extrapolation is exercised too.
inline FunctionSpec make_random_function(Random& random, FunctionKind kind, double slope, double offset,
                                         double wobble) {
  FunctionSpec f;
  f.kind = kind;
  if (random.chance(0.3)) f.scale = random.uniform(0.5, 1.5);
  switch (kind) {
    case FunctionKind::constant:
      f.coefficients = {offset};
      return f;
    case FunctionKind::linear:
      f.coefficients = {slope, offset};
      return f;
    case FunctionKind::polynomial: {
      const int degree = random.whole(1, 5);
      for (int power = degree; power >= 2; --power) f.coefficients.push_back(random.uniform(-wobble, wobble));
      f.coefficients.push_back(slope);
      f.coefficients.push_back(offset);
      return f;
    }
    default:
      break;
  }
  int fewest = 2;
  if (kind == FunctionKind::gcv_spline) {
    f.degree = 2 * random.whole(0, 3) + 1;
    fewest = f.degree + 1;
  }
  const int points = random.whole(fewest, 10);
  double first = random.uniform(-2.0, -0.8), last = random.uniform(0.8, 2.0);
  // beyond its ends a natural spline of degree 1 is flat: a coordinate that moves nothing
  if (kind == FunctionKind::gcv_spline && f.degree == 1) first = -3, last = 3;
  for (int i = 0; i < points; ++i) {
    const double place = i == 0 || i == points - 1 ? i : i + random.uniform(-0.3, 0.3);
    f.x.push_back(first + (last - first) * place / (points - 1));
    f.y.push_back(offset + slope * f.x.back() + random.uniform(-wobble, wobble) / points);
  }
  return f;
}

inline FunctionKind pick_function_kind(Random& random, bool constant_allowed) {
  return static_cast<FunctionKind>(random.whole(constant_allowed ? 0 : 1, static_cast<int>(FunctionKind::polynomial)));
}

/// Fills a custom joint with 1 to 6 coordinates: each leads one axis of its own and may also feed others; axes are
/// principal or oblique, and oblique rotation axes are not at right angles to each other.
inline void make_random_custom_joint(Random& random, JointSpec& joint) {
  static const Vec3d principal[3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  const int first_principal = random.whole(0, 2);
  const int handedness = random.chance(0.5) ? 1 : 2;
  for (int base : {0, 3}) {
    const bool oblique = random.chance(0.5);
    for (int i = 0; i < 3; ++i) {
      Vec3d d = principal[(first_principal + i * handedness) % 3];
      if (random.chance(0.3)) d = -d;
      if (oblique) d += random.vector(0.3);
      // files need not give unit vectors for rotations; OpenSim normalises them
      joint.axes[base + i].direction = d;
    }
  }
  std::vector<int> slots = {0, 1, 2, 3, 4, 5};
  for (int i = 5; i > 0; --i)
    std::swap(slots[static_cast<std::size_t>(i)], slots[static_cast<std::size_t>(random.whole(0, i))]);
  const std::size_t leaders = joint.coordinates.size();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const int slot = slots[i];
    AxisSpec& axis = joint.axes[slot];
    const double size = slot < 3 ? 1.0 : 0.3;
    if (i < leaders) {
      const double slope = random.uniform(0.6, 1.2) * (random.chance(0.3) ? -1 : 1);
      AxisTermSpec lead;
      lead.coordinate = joint.coordinates[i].name;
      lead.function = make_random_function(random, pick_function_kind(random, false), slope * size,
                                           random.uniform(-0.2, 0.2) * size, 0.05 * size);
      axis.terms.push_back(lead);
      joint.coordinates[i].motion_type = slot >= 3 ? MotionType::translational : MotionType::rotational;
    }
    if (i < leaders ? !random.chance(0.3) : !random.chance(0.6)) continue;
    AxisTermSpec side;
    side.function = make_random_function(random, pick_function_kind(random, true), random.uniform(-0.3, 0.3) * size,
                                         random.uniform(-0.2, 0.2) * size, 0.05 * size);
    if (side.function.kind != FunctionKind::constant)
      side.coordinate =
          joint.coordinates[static_cast<std::size_t>(random.whole(0, static_cast<int>(leaders) - 1))].name;
    axis.terms.push_back(side);
  }
}

inline int find_coordinate_count(JointKind kind) {
  switch (kind) {
    case JointKind::weld:
      return 0;
    case JointKind::pin:
    case JointKind::slider:
      return 1;
    case JointKind::universal:
      return 2;
    case JointKind::ball:
    case JointKind::gimbal:
    case JointKind::planar:
      return 3;
    case JointKind::free:
      return 6;
    case JointKind::custom:
      break;
  }
  return -1;
}

/// a box of 0.5 to 5 kg, turned and shifted anyhow: mass properties that a real body can have
inline BodySpec make_random_body(Random& random, const std::string& name) {
  BodySpec body;
  body.name = name;
  body.mass = random.uniform(0.5, 5);
  body.p_BBcm_B = random.vector(0.2);
  const double a = random.uniform(0.05, 0.4), b = random.uniform(0.05, 0.4), c = random.uniform(0.05, 0.4);
  const double box[3] = {body.mass / 12 * (b * b + c * c), body.mass / 12 * (a * a + c * c),
                         body.mass / 12 * (a * a + b * b)};
  const Mat3d R = random.pose(0).R;
  double I[3][3] = {};
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < 3; ++k)
      for (int n = 0; n < 3; ++n) I[i][k] += R.m[i][n] * box[n] * R.m[k][n];
  body.I_BBcm_B = {I[0][0], I[1][1], I[2][2], I[0][1], I[0][2], I[1][2]};
  return body;
}

/// A tree of 2 to `most_bodies` bodies. Joints stand in the file in random order, some are given in reverse.
inline ModelSpec make_random_model(Random& random, int most_bodies) {
  ModelSpec spec;
  spec.name = "random";
  spec.file = "random.osim";
  spec.gravity_W = random.uniform(5, 15) * random.direction();
  const int bodies = random.whole(2, most_bodies);
  std::vector<std::string> names = {"ground"};
  for (int b = 1; b <= bodies; ++b) {
    BodySpec body = make_random_body(random, "body" + std::to_string(b));
    JointSpec joint;
    joint.name = "joint" + std::to_string(b);
    joint.kind = random.chance(0.35) ? JointKind::custom : static_cast<JointKind>(random.whole(0, 8));
    joint.reversed = random.chance(0.2);
    // files weld frames to bodies as bodies without mass
    if (joint.kind == JointKind::weld && random.chance(0.3)) body.mass = 0, body.I_BBcm_B = {0, 0, 0, 0, 0, 0};
    const auto pose = [&] {
      if (random.chance(0.3)) return Posed{Mat3d::identity(), random.vector(0.4)};
      return random.chance(0.1) ? Posed::identity() : random.pose(0.4);
    };
    const int last = static_cast<int>(names.size()) - 1;
    joint.parent = {names[static_cast<std::size_t>(random.chance(0.5) ? last : random.whole(0, last))], pose()};
    joint.child = {body.name, pose()};
    int count = find_coordinate_count(joint.kind);
    if (count < 0) count = random.chance(0.7) ? random.whole(1, 3) : random.whole(1, 6);
    for (int i = 0; i < count; ++i) {
      CoordinateSpec coordinate;
      coordinate.name = joint.name + "_q" + std::to_string(i);
      joint.coordinates.push_back(coordinate);
    }
    if (joint.kind == JointKind::custom)
      make_random_custom_joint(random, joint);
    else
      make_standard_axes(joint);
    names.push_back(body.name);
    spec.bodies.push_back(std::move(body));
    spec.joints.insert(spec.joints.begin() + random.whole(0, static_cast<int>(spec.joints.size())), std::move(joint));
  }
  return spec;
}

/// Adds couplers between coordinates of any joints, locks whole joints and single coordinates, and prescribes some as
/// functions of time.
inline void add_random_constraints(Random& random, ModelSpec& spec) {
  std::vector<CoordinateSpec*> coordinates;
  for (JointSpec& joint : spec.joints)
    for (CoordinateSpec& coordinate : joint.coordinates) coordinates.push_back(&coordinate);
  const int n = static_cast<int>(coordinates.size());
  if (n < 2) return;
  std::set<std::string> dependents, drivers;
  for (int tries = random.whole(0, 1 + n / 3); tries > 0; --tries) {
    CouplerSpec coupler;
    coupler.name = "coupler" + std::to_string(spec.couplers.size());
    coupler.dependent = coordinates[static_cast<std::size_t>(random.whole(0, n - 1))]->name;
    coupler.independent = coordinates[static_cast<std::size_t>(random.whole(0, n - 1))]->name;
    if (coupler.dependent == coupler.independent || dependents.count(coupler.dependent) ||
        drivers.count(coupler.dependent) || dependents.count(coupler.independent))
      continue;
    dependents.insert(coupler.dependent);
    drivers.insert(coupler.independent);
    coupler.function = make_random_function(random, pick_function_kind(random, false), random.uniform(-1, 1),
                                            random.uniform(-0.2, 0.2), 0.05);
    spec.couplers.push_back(coupler);
  }
  for (JointSpec& joint : spec.joints) {
    const bool whole_joint = random.chance(0.1);
    for (CoordinateSpec& coordinate : joint.coordinates) {
      if (dependents.count(coordinate.name)) continue;
      coordinate.locked = whole_joint || random.chance(0.05);
      if (coordinate.locked || !random.chance(0.05)) continue;
      coordinate.prescribed = true;
      coordinate.prescribed_function = make_random_function(random, pick_function_kind(random, false),
                                                            random.uniform(-1, 1), random.uniform(-0.2, 0.2), 0.05);
    }
  }
}

}  // namespace buttress
