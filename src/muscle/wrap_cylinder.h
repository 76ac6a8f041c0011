#pragma once
#include "muscle/wrap_outcome.h"

namespace buttress {

/// Wraps the stretch P-Q over a cylinder about z of S. Decisions as OpenSim's WrapCylinder::wrapLine; the path is the
/// exact helix with straight tangents (a straight line on the unrolled surface), where OpenSim slides the tangent
/// points until they are tangent to 0.1 degree, or, for a single object, leaves them where a plane cuts them.
/// `lanes` tells which lanes matter, so that work is skipped when none of them can wrap.
template <class T>
void wrap_cylinder(double radius, double length, WrapSide side, const Vec3<T>& P, const Vec3<T>& Q, Mask<T> lanes,
                   WrapOutcome<T>& w) {
  w.clear();
  const T R(radius), R2(radius * radius), zero(0.0), one(1.0);
  const T rho1 = P.x * P.x + P.y * P.y, rho2 = Q.x * Q.x + Q.y * Q.y;
  w.inside = rho1 < R2 || rho2 < R2;

  // point of P-Q nearest to the axis is P + (s/dd) (Q - P); it is inside the cylinder when turn^2 < R^2 dd
  const T dx = Q.x - P.x, dy = Q.y - P.y, dd = dx * dx + dy * dy;
  const T s = -(P.x * dx + P.y * dy), turn = P.x * Q.y - P.y * Q.x;
  const Mask<T> through = turn * turn < R2 * dd && s > zero && s < dd;
  if (side.axis < 0) {
    w.mandatory = through && !w.inside;
  } else {
    const T P_side = find_component(P, side.axis), Q_side = find_component(Q, side.axis);
    const Mask<T> P_on = is_on_side(P_side, side.positive), Q_on = is_on_side(Q_side, side.positive);
    const Mask<T> near_on = is_on_side(P_side * dd + s * (Q_side - P_side), side.positive);
    const Mask<T> either = P_on || Q_on, both = P_on && Q_on;
    w.mandatory = either && through && !w.inside;
    w.wrapped = !w.inside && (!either || (!through && !both && !near_on));
  }
  if (!any(w.any() && lanes)) return;

  // tangent points: foot R^2/rho^2 P, then R t/rho^2 to either side, with t the length of the tangent in the xy plane
  const T t1 = sqrt(max(rho1 - R2, zero)), t2 = sqrt(max(rho2 - R2, zero));
  const T both_inverse = one / (rho1 * rho2), inv1 = rho2 * both_inverse, inv2 = rho1 * both_inverse;
  const T foot1 = R2 * inv1, foot2 = R2 * inv2, off1 = R * t1 * inv1, off2 = R * t2 * inv2;

  // direction of travel about z: +1 or -1
  T turns;
  if (side.axis < 0) {
    turns = select(turn < zero, T(-1.0), one);
  } else {
    // a = tangent point to the left seen from the axis, b = to the right; left turn uses a1 and b2
    const Vec3<T> a1{foot1 * P.x - off1 * P.y, foot1 * P.y + off1 * P.x, P.z};
    const Vec3<T> b1{foot1 * P.x + off1 * P.y, foot1 * P.y - off1 * P.x, P.z};
    const Vec3<T> a2{foot2 * Q.x - off2 * Q.y, foot2 * Q.y + off2 * Q.x, Q.z};
    const Vec3<T> b2{foot2 * Q.x + off2 * Q.y, foot2 * Q.y - off2 * Q.x, Q.z};
    const auto is_on = [&](const Vec3<T>& r) { return is_on_side(find_component(r, side.axis), side.positive); };
    const Mask<T> a1_on = is_on(a1), b1_on = is_on(b1), a2_on = is_on(a2), b2_on = is_on(b2);
    const Mask<T> left_is_longer = a1.x * b2.x + a1.y * b2.y < b1.x * a2.x + b1.y * a2.y;
    const Mask<T> left = (a1_on && (!b1_on || !a2_on)) || (!a1_on && !b1_on && !a2_on && (b2_on || left_is_longer));
    turns = select(left, one, T(-1.0));
  }
  const T side1 = turns * off1, side2 = turns * off2;
  const T r1x = foot1 * P.x - side1 * P.y, r1y = foot1 * P.y + side1 * P.x;
  const T r2x = foot2 * Q.x + side2 * Q.y, r2y = foot2 * Q.y - side2 * Q.x;
  T angle = atan2(turns * (r1x * r2y - r1y * r2x), r1x * r2x + r1y * r2y);
  if (side.axis >= 0) {
    // more than half a turn when the tangents point away from the middle of the arc
    const T mx = r1x + r2x, my = r1y + r2y;
    const Mask<T> is_long = (mx - P.x - Q.x) * mx + (my - P.y - Q.y) * my < zero;
    angle = find_wrap_angle(angle, is_long, w.is_geodesic);
  }

  // unrolled: a right triangle of base t1 + R angle + t2 and height dz
  const T base = t1 + R * angle + t2, dz = Q.z - P.z;
  w.length = sqrt(base * base + dz * dz);
  const T together = one / (w.length * base), inverse_length = base * together, inverse_base = w.length * together;
  const T climb = dz * inverse_base;
  w.arc = R * angle * w.length * inverse_base;
  w.r1 = {r1x, r1y, P.z + climb * t1};
  w.r2 = {r2x, r2y, Q.z - climb * t2};
  const T half(0.5 * length);
  if (any(max(abs(P.z), abs(Q.z)) > half)) {
    // OpenSim looks at the heights of its own tangent points, which lie in the plane through P, Q and the point of the
    // axis that divides PQ as their distances from it; a height outside P..Q is put back to its own end
    const T rho_P = sqrt(rho1), rho_Q = sqrt(rho2);
    const T z_axis = P.z + rho_P / (rho_P + rho_Q) * dz, inverse_turn = one / turn;
    const auto find_height = [&](const T& x, const T& y, const T& own, const T& other) {
      const T z = z_axis + (x * Q.y - y * Q.x) * inverse_turn * (P.z - z_axis) +
                  (P.x * y - P.y * x) * inverse_turn * (Q.z - z_axis);
      return select(abs(z - other) < abs(own - other), z, own);
    };
    const Mask<T> beyond = abs(find_height(r1x, r1y, P.z, Q.z)) > half && abs(find_height(r2x, r2y, Q.z, P.z)) > half;
    w.mandatory = w.mandatory && !beyond;
    w.wrapped = w.wrapped && !beyond;
  }

  // d base/dP is minus the unit vector towards the tangent point
  const T c = base * inverse_length;
  const T turns_R = turns * R;
  w.slope_P = {c * inv1 * (t1 * P.x + turns_R * P.y), c * inv1 * (t1 * P.y - turns_R * P.x), -dz * inverse_length};
  w.slope_Q = {c * inv2 * (t2 * Q.x - turns_R * Q.y), c * inv2 * (t2 * Q.y + turns_R * Q.x), dz * inverse_length};
  if (side.axis >= 0 && !all(w.is_geodesic)) {
    // kink: base = t1 - R signed_angle + t2, and d(R signed_angle)/dP = d base/dP of the geodesic - P/t1
    const T k1 = T(2.0) * c / max(t1, T(1e-12)), k2 = T(2.0) * c / max(t2, T(1e-12));
    const Vec3<T> kinked_P{k1 * P.x - w.slope_P.x, k1 * P.y - w.slope_P.y, w.slope_P.z};
    const Vec3<T> kinked_Q{k2 * Q.x - w.slope_Q.x, k2 * Q.y - w.slope_Q.y, w.slope_Q.z};
    w.slope_P = select<T>(w.is_geodesic, w.slope_P, kinked_P);
    w.slope_Q = select<T>(w.is_geodesic, w.slope_Q, kinked_Q);
  }
}

}  // namespace buttress
