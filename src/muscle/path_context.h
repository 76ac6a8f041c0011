#pragma once
#include "multibody/kinematics.h"
#include "muscle/path_plan.h"
#include "muscle/wrap_outcome.h"

namespace buttress {

template <class T>
struct PathWorkspace;

namespace detail {

[[gnu::always_inline]] inline std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// what the functions below share about the path in hand
template <class T>
struct PathContext {
  const Model& model;
  const PathPlan& plan;
  const Path& path;
  const PathRecipe& recipe;
  const Kinematics<T>& kin;
  const T* q;
  PathWorkspace<T>& ws;
};

/// force on the body of a point, and on the point if it moves in its body
template <class T>
void pull_at(PathContext<T>& c, int point, int entry, const Vec3<T>& force) {
  Wrench<T>& w = c.ws.body_wrench[at(entry)];
  w.force += force;
  w.moment += cross(c.ws.point_W[at(point)], force);
  if (!c.recipe.moving_points.empty()) c.ws.moving_force_W[at(point)] += force;
}

template <class T>
struct Straight {
  Vec3<T> u;
  T length;
};
template <class T>
Straight<T> find_straight(const Vec3<T>& P, const Vec3<T>& Q) {
  const Vec3<T> d = Q - P;
  // points that coincide give no direction rather than NaN
  const T length = sqrt(max(dot(d, d), T(1e-200)));
  return {(T(1.0) / length) * d, length};
}

}  // namespace detail

}  // namespace buttress
