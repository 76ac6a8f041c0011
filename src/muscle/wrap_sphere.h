#pragma once
#include "muscle/wrap_outcome.h"

namespace buttress {

/// Wraps the stretch P-Q over a sphere about the origin of S: a great circle with straight tangents, in the plane of
/// P, Q and the centre. Decisions as OpenSim's WrapSphere::wrapLine, but for two things: OpenSim gives a wrap round
/// the far side a negative length on the surface, here it is positive; and where P-Q passes within 1e-5 of the
/// centre OpenSim reuses the tangent points of the last call, here the plane is still computed.
template <class T>
void wrap_sphere(double radius, WrapSide side, const Vec3<T>& P, const Vec3<T>& Q, Mask<T> lanes, WrapOutcome<T>& w) {
  w.clear();
  const T R(radius), R2(radius * radius), zero(0.0), one(1.0);
  const T rho1 = dot(P, P), rho2 = dot(Q, Q);
  w.inside = rho1 < R2 || rho2 < R2;

  // point of P-Q nearest to the centre is P + (s/dd) (Q - P)
  const Vec3<T> d = Q - P, normal = cross(P, Q);
  const T dd = dot(d, d), s = -dot(P, d), nn = dot(normal, normal);
  w.wrapped = !w.inside && nn <= R2 * dd && s > zero && s < dd;
  if (!any(w.wrapped && lanes)) return;

  const T t1 = sqrt(max(rho1 - R2, zero)), t2 = sqrt(max(rho2 - R2, zero));
  const T both_inverse = one / (rho1 * rho2), inv1 = rho2 * both_inverse, inv2 = rho1 * both_inverse;
  const T foot1 = R2 * inv1, foot2 = R2 * inv2, off1 = R * t1 * inv1, off2 = R * t2 * inv2;
  const Vec3<T> n = (one / sqrt(max(nn, T(1e-60)))) * normal;
  const Vec3<T> left1 = cross(n, P), left2 = cross(n, Q);

  // direction of travel about n: +1 = the short way
  T turns = one;
  Mask<T> is_long = no_lanes<T>();
  const auto find_r1 = [&] { return foot1 * P + (turns * off1) * left1; };
  const auto find_r2 = [&] { return foot2 * Q - (turns * off2) * left2; };
  if (side.axis >= 0) {
    const T P_side = find_component(P, side.axis), Q_side = find_component(Q, side.axis);
    const Mask<T> P_on = is_on_side(P_side, side.positive), Q_on = is_on_side(Q_side, side.positive);
    const Mask<T> either = P_on || Q_on, both = P_on && Q_on;
    // OpenSim compares the distance from P to the nearest point with 1 (m)
    const Mask<T> is_near = s * s < dd;
    const Mask<T> near_on = is_on_side(P_side * dd + s * (Q_side - P_side), side.positive);
    w.mandatory = w.wrapped && either && is_near;
    w.wrapped = w.wrapped && (!either || (!is_near && !both && !near_on));

    // the way whose tangents point to the wanted side: first the long one is tried
    turns = T(-1.0);
    Vec3<T> towards = find_r1() - P + find_r2() - Q;
    const T wanted = find_component(towards, side.axis);
    const Mask<T> flip = both || (side.positive ? wanted < zero : wanted > zero);
    turns = select(flip, one, turns);
    const Vec3<T> middle = find_r1() + find_r2();
    is_long = !both && dot(middle, middle - P - Q) < zero;
  }
  w.r1 = find_r1();
  w.r2 = find_r2();
  T angle = atan2(turns * dot(n, cross(w.r1, w.r2)), dot(w.r1, w.r2));
  if (side.axis >= 0) angle = find_wrap_angle(angle, is_long, w.is_geodesic);
  w.arc = R * angle;
  w.length = t1 + w.arc + t2;

  const T turns_R = turns * R;
  w.slope_P = inv1 * (t1 * P - turns_R * left1);
  w.slope_Q = inv2 * (t2 * Q + turns_R * left2);
  if (side.axis >= 0 && !all(w.is_geodesic)) {
    // as for the cylinder: t1 - R signed_angle + t2
    const T k1 = T(2.0) / max(t1, T(1e-12)), k2 = T(2.0) / max(t2, T(1e-12));
    w.slope_P = select<T>(w.is_geodesic, w.slope_P, k1 * P - w.slope_P);
    w.slope_Q = select<T>(w.is_geodesic, w.slope_Q, k2 * Q - w.slope_Q);
  }
}

}  // namespace buttress
