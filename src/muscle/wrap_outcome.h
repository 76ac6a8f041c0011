#pragma once
#include "model/model.h"

/// What wrapping one straight stretch from P to Q over one object gives, in the frame S of the object. The wrap_
/// functions fill an outcome that the caller keeps, because it is large.
namespace buttress {

template <class T>
Mask<T> no_lanes() {
  return T(0.0) > T(1.0);
}
template <class T>
Mask<T> all_lanes() {
  return T(0.0) < T(1.0);
}

/// OpenSim's verdicts (WrapObject::WrapAction); a lane in none of them does not wrap
template <class T>
struct WrapOutcome {
  Mask<T> inside;     ///< P or Q is inside the object
  Mask<T> wrapped;    ///< may wrap: the candidate that lengthens the path least is taken
  Mask<T> mandatory;  ///< the stretch goes through the object: the first such candidate is taken
  // the rest holds where wrapped or mandatory
  Mask<T> is_geodesic;       ///< leaves the surface along the straight pieces, so it is a shortest path
  T length;                  ///< m, P to Q along the surface
  T arc;                     ///< m, part of it on the surface
  Vec3<T> r1, r2;            ///< where the path meets and leaves the surface
  Vec3<T> slope_P, slope_Q;  ///< d length / dP and / dQ, exact

  void clear() {
    inside = wrapped = mandatory = no_lanes<T>();
    is_geodesic = all_lanes<T>();
  }
  Mask<T> any() const { return wrapped || mandatory; }
};

/// the side of the object that the path must use
struct WrapSide {
  int axis = -1;  ///< 0 x, 1 y, 2 z; -1 = any side
  bool positive = true;
};
[[gnu::always_inline]] inline WrapSide find_side(WrapQuadrant quadrant) {
  switch (quadrant) {
    case WrapQuadrant::positive_x:
      return {0, true};
    case WrapQuadrant::negative_x:
      return {0, false};
    case WrapQuadrant::positive_y:
      return {1, true};
    case WrapQuadrant::negative_y:
      return {1, false};
    case WrapQuadrant::positive_z:
      return {2, true};
    case WrapQuadrant::negative_z:
      return {2, false};
    case WrapQuadrant::all:
      break;
  }
  return {};
}
template <class T>
T find_component(const Vec3<T>& v, int axis) {
  return axis == 0 ? v.x : axis == 1 ? v.y : v.z;
}
/// OpenSim counts zero as positive
template <class T>
Mask<T> is_on_side(const T& component, bool positive) {
  return positive ? component >= T(0.0) : component < T(0.0);
}

/// The angle on the surface from r1 to r2, by OpenSim's rules. `signed_angle` (-pi..pi) is counted in the direction
/// of travel. OpenSim takes the short way round unless it found a long wrap; where that is against the direction of
/// travel the path has a kink and is no geodesic (`is_geodesic` false), and its angle shrinks as signed_angle grows.
template <class T>
T find_wrap_angle(const T& signed_angle, Mask<T> is_long, Mask<T>& is_geodesic) {
  constexpr double kPi = 3.14159265358979323846, kRounding = 1e-9;
  const Mask<T> negative = signed_angle < T(0.0);
  const Mask<T> kink = (is_long && signed_angle >= T(0.0) && signed_angle < T(kPi - kRounding)) ||
                       (!is_long && signed_angle < T(-kRounding));
  is_geodesic = !kink;
  const T smooth = select(is_long && negative, signed_angle + T(2 * kPi), signed_angle);
  const T kinked = select(is_long, T(2 * kPi) - signed_angle, -signed_angle);
  return select(kink, kinked, smooth);
}

}  // namespace buttress
