#pragma once
#include <random>
#include <set>
#include <string>
#include <vector>

#include "multibody/kinematics.inl"
#include "muscle/path_answers_testing.h"
#include "muscle/path_kinematics.inl"

/// Random models for the tests of paths: a tree of bodies on joints of every shape, and paths with points and wrap
/// objects of every kind, placed where the paths will meet them. Made by hand so that no reader is needed.
namespace buttress::path_testing {

struct Random {
  std::mt19937_64 engine;
  explicit Random(unsigned seed) : engine(seed) {}
  double within(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); }
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(engine); }
  bool chance(double p) { return within(0, 1) < p; }
  Vec3d vector(double size) { return {within(-size, size), within(-size, size), within(-size, size)}; }
  Vec3d direction() {
    Vec3d v = vector(1);
    while (norm(v) < 0.2) v = vector(1);
    return (1 / norm(v)) * v;
  }
  Posed pose(double size) { return {make_body_xyz_rotation(vector(2)), vector(size)}; }
};

inline PiecewisePolynomial make_curve(std::vector<double> coefficients) {
  PiecewisePolynomial p;
  p.degree = static_cast<int>(coefficients.size()) - 1;
  p.breaks = {0};
  p.origins = {0};
  p.coefficients = std::move(coefficients);
  return p;
}

inline int add_coordinate(Model& model, int joint) {
  Coordinate c;
  c.name = "q" + std::to_string(model.coordinates.size());
  c.joint = joint;
  model.coordinates.push_back(c);
  return static_cast<int>(model.coordinates.size()) - 1;
}

/// a body on a joint with the given axes; axis functions are lines through 0, cubics, or sums over two coordinates
inline void add_body(Model& model, int parent, Random& random, int rotations, int slides, bool slides_last) {
  Joint joint;
  const int index = static_cast<int>(model.joints.size());
  joint.name = "joint" + std::to_string(index);
  joint.kind = JointKind::custom;
  joint.parent_body = parent;
  joint.X_PF = {make_body_xyz_rotation(random.vector(0.5)), random.vector(0.1)};
  joint.X_PF.p.y -= 0.25;
  joint.X_BM = {make_body_xyz_rotation(random.vector(0.5)), random.vector(0.05)};
  joint.X_MB = inverse(joint.X_BM);
  joint.first_axis = static_cast<int>(model.axes.size());
  joint.axis_count = rotations + slides;
  joint.slides_first = slides_last ? 0 : slides;
  const int driver = add_coordinate(model, index);
  for (int k = 0; k < rotations + slides; ++k) {
    Axis axis;
    axis.is_rotation = slides_last ? k < rotations : k >= slides;
    axis.direction = random.direction();
    if (random.chance(0.4)) {
      axis.principal = random.chance(0.5) ? Principal::x : Principal::z;
      axis.sign = random.chance(0.5) ? 1 : -1;
      axis.direction = axis.principal == Principal::x ? Vec3d{axis.sign, 0, 0} : Vec3d{0, 0, axis.sign};
    }
    const double size = axis.is_rotation ? 1.0 : 0.03;
    if (axis.is_rotation && random.chance(0.6)) {
      axis.terms.push_back({k == 0 ? driver : add_coordinate(model, index), make_curve({0, 1})});
    } else {
      // as the tibia's slides: a curve of the joint's first coordinate, and a constant
      axis.terms.push_back({driver, make_curve({0, size * random.within(0.3, 1), size * 0.3, size * 0.1})});
      axis.terms.push_back({-1, make_curve({0.01})});
    }
    model.axes.push_back(axis);
  }
  Body body;
  body.name = "body" + std::to_string(index + 1);
  body.mass = 1;
  model.bodies.push_back(body);
  model.joints.push_back(joint);
}

/// as compile() does it
inline void find_coordinates(const Model& model, Path& path) {
  std::set<int> bodies, used;
  for (const PathPoint& p : path.points) bodies.insert(p.body);
  for (const PathWrap& w : path.wraps) bodies.insert(model.wrap_objects[static_cast<std::size_t>(w.wrap_object)].body);
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    std::size_t below = 0;
    for (int b : bodies) below += model.is_in_subtree(b, static_cast<int>(j) + 1) ? 1 : 0;
    if (below == 0 || below == bodies.size()) continue;
    for (int a = model.joints[j].first_axis; a < model.joints[j].first_axis + model.joints[j].axis_count; ++a)
      for (const AxisTerm& t : model.axes[static_cast<std::size_t>(a)].terms)
        if (t.coordinate >= 0) used.insert(t.coordinate);
  }
  for (const PathPoint& p : path.points)
    if (p.kind == PathPointKind::moving)
      for (const AxisTerm& t : p.moving)
        if (t.coordinate >= 0) used.insert(t.coordinate);
  path.coordinates.assign(used.begin(), used.end());
}

inline std::vector<double> make_pose(const Model& model, Random& random, double size) {
  std::vector<double> q(model.coordinates.size());
  for (double& v : q) v = random.within(-size, size);
  return q;
}

/// an object near the middle of the stretch from point k to k + 1 as it is at q = 0
inline WrapObject make_object(const Model& model, const Path& path, std::size_t k, WrapKind kind, Random& random) {
  Kinematics<double> kin = make_kinematics<double>(model);
  const std::vector<double> q(model.coordinates.size(), 0.0);
  update_positions(model, q.data(), kin);
  const auto where = [&](const PathPoint& p) { return kin.X_WB[static_cast<std::size_t>(p.body)] * p.p_B; };
  const Vec3d P = where(path.points[k]), Q = where(path.points[k + 1]), d = Q - P;
  const double size = norm(d);
  WrapObject object;
  object.kind = kind;
  object.body = path.points[k + (random.chance(0.5) ? 1 : 0)].body;
  object.radius = size * random.within(0.08, 0.2);
  const double r = object.radius;
  object.semi_axes = {r * random.within(0.6, 1.5), r * random.within(0.6, 1.5), r * random.within(0.6, 2.5)};
  object.length = random.chance(0.7) ? 10 * size : 2 * size;
  object.inner_radius = 0.5 * r;
  object.outer_radius = 2.5 * r;
  const WrapQuadrant quadrants[] = {WrapQuadrant::all,        WrapQuadrant::all,        WrapQuadrant::positive_x,
                                    WrapQuadrant::negative_x, WrapQuadrant::positive_y, WrapQuadrant::negative_y,
                                    WrapQuadrant::positive_z, WrapQuadrant::negative_z};
  object.quadrant = quadrants[random.below(kind == WrapKind::cylinder ? 6 : 8)];
  // z across the stretch (a torus: along it), the centre a little off
  const Vec3d along = (1 / size) * d;
  Vec3d across = cross(along, random.direction());
  across = (1 / norm(across)) * across;
  const Vec3d z = kind == WrapKind::torus ? along : across, x = kind == WrapKind::torus ? across : cross(along, across);
  const Vec3d y = cross(z, x);
  Posed X_WS{{{{x.x, y.x, z.x}, {x.y, y.y, z.y}, {x.z, y.z, z.z}}},
             P + random.within(0.35, 0.65) * d + (0.5 * r) * random.direction()};
  if (kind == WrapKind::torus) X_WS.p += (random.within(1.0, 2.2) * r) * across;
  X_WS.R = X_WS.R * make_body_xyz_rotation(random.vector(0.3));
  object.X_BS = inverse(kin.X_WB[static_cast<std::size_t>(object.body)]) * X_WS;
  return object;
}

inline void add_path(Model& model, Random& random, int wraps, bool special_points, bool only_round = false) {
  Path path;
  const int n = 2 + random.below(4);
  int body = random.below(model.body_count());
  for (int i = 0; i < n; ++i) {
    PathPoint p;
    p.body = body;
    p.p_B = random.vector(0.06);
    if (special_points && i > 0 && i + 1 < n && random.chance(0.5)) {
      p.kind = PathPointKind::conditional;
      p.coordinate = random.below(model.coordinate_count());
      p.range_min = random.within(-0.6, 0);
      p.range_max = random.within(0, 0.6);
    } else if (special_points && random.chance(0.4)) {
      p.kind = PathPointKind::moving;
      p.X_BF = random.pose(0.02);
      for (AxisTerm& term : p.moving) {
        const bool constant = random.chance(0.3);
        term.coordinate = constant ? -1 : random.below(model.coordinate_count());
        term.function = constant ? make_curve({random.within(-0.05, 0.05)})
                                 : make_curve({random.within(-0.05, 0.05), 0.02, -0.01, 0.02});
      }
    }
    path.points.push_back(p);
    // mostly on to another body, sometimes a second point on the same one
    if (random.chance(0.8) || i + 2 == n) body = (body + 1 + random.below(model.body_count() - 1)) % model.body_count();
  }
  const WrapKind kinds[] = {WrapKind::cylinder, WrapKind::sphere, WrapKind::ellipsoid, WrapKind::torus};
  for (int w = 0; w < wraps; ++w) {
    const std::size_t k = static_cast<std::size_t>(random.below(n - 1));
    PathWrap wrap;
    wrap.method = random.chance(0.7)   ? WrapMethod::hybrid
                  : random.chance(0.5) ? WrapMethod::midpoint
                                       : WrapMethod::axial;
    wrap.first_point = random.chance(0.3) ? static_cast<int>(k) : 0;
    wrap.last_point = random.chance(0.3) ? static_cast<int>(k) + 1 : n - 1;
    wrap.wrap_object = static_cast<int>(model.wrap_objects.size());
    model.wrap_objects.push_back(make_object(model, path, k, kinds[random.below(only_round ? 2 : 4)], random));
    path.wraps.push_back(wrap);
  }
  find_coordinates(model, path);
  model.paths.push_back(path);
}

inline void add_polynomial_path(Model& model, Random& random) {
  Path path;
  path.is_polynomial = true;
  const int n = 1 + random.below(3);
  std::set<int> used;
  while (static_cast<int>(used.size()) < n) used.insert(random.below(model.coordinate_count()));
  path.polynomial_coordinates.assign(used.begin(), used.end());
  if (n > 1 && random.chance(0.5)) std::swap(path.polynomial_coordinates[0], path.polynomial_coordinates[1]);
  path.polynomial_order = 1 + random.below(5);
  double count = 1;
  for (int k = 1; k <= n; ++k) count = count * (path.polynomial_order + k) / k;
  for (int i = 0; i < static_cast<int>(count + 0.5); ++i)
    path.polynomial_coefficients.push_back(random.chance(0.3) ? 0.0 : random.within(-0.2, 0.2));
  path.coordinates.assign(used.begin(), used.end());
  model.paths.push_back(path);
}

/// `kinds` of paths: straight, special points, one wrap, one wrap with special points, several wraps, polynomial
inline Model make_random_model(unsigned seed) {
  Random random(seed);
  Model model;
  model.bodies.push_back({});
  model.bodies[0].name = "ground";
  add_body(model, 0, random, 1, 0, false);                // pin
  add_body(model, 1, random, 3, 0, false);                // ball
  add_body(model, 2, random, 3, 3, false);                // custom: slides, then rotations
  add_body(model, 1, random, 2, 2, true);                 // reversed: rotations, then slides
  add_body(model, random.below(4), random, 0, 1, false);  // slider
  for (int i = 0; i < 2; ++i) add_path(model, random, 0, false);
  for (int i = 0; i < 2; ++i) add_path(model, random, 0, true);
  for (int i = 0; i < 8; ++i) add_path(model, random, 1, i % 2 == 1);
  for (int i = 0; i < 3; ++i) add_path(model, random, 2 + i % 2, i == 2, true);
  for (int i = 0; i < 2; ++i) add_path(model, random, 2 + i, false);
  add_polynomial_path(model, random);
  return model;
}

}  // namespace buttress::path_testing
