#pragma once
#include "muscle/wrap_cylinder.h"

namespace buttress {

namespace detail {

/// The point P + t (Q - P) of the line where its distance to the circle of that radius about z is stationary,
/// started at t = start; h = half the slope of the squared distance along the line must vanish.
template <class T>
struct CircleApproach {
  T t;
  Vec3<T> x, toward;  ///< the point, and x minus its nearest point on the circle
  T slope;            ///< dh/dt
  Vec3<T> H_d;        ///< (d toward/dx) (Q - P)
};
template <class T>
CircleApproach<T> find_circle_approach(double circle, const Vec3<T>& P, const Vec3<T>& d, double start) {
  CircleApproach<T> a;
  a.t = T(start);
  const T r(circle), dd = dot(d, d);
  const auto update = [&] {
    a.x = P + a.t * d;
    const T rho = sqrt(max(a.x.x * a.x.x + a.x.y * a.x.y, T(1e-24))), k = r / rho;
    a.toward = {a.x.x - k * a.x.x, a.x.y - k * a.x.y, a.x.z};
    const T radial = (a.x.x * d.x + a.x.y * d.y) / (rho * rho);
    a.H_d = {d.x - k * (d.x - radial * a.x.x), d.y - k * (d.y - radial * a.x.y), d.z};
    a.slope = dot(d, a.H_d);
  };
  // Newton, downhill also where the distance curves the wrong way
  for (int i = 0; i < 60; ++i) {
    update();
    const T step = dot(d, a.toward) / max(abs(a.slope), T(0.05) * dd);
    const T limited = max(min(step, T(0.5)), T(-0.5));
    a.t -= limited;
    if (all(abs(limited) < T(1e-15))) break;
  }
  update();
  return a;
}

}  // namespace detail

/// Wraps the stretch P-Q over a torus about z of S whose tube has radius `inner` about a circle of radius `outer`,
/// as OpenSim's WrapTorus does: over a small cylinder along the circle at the circle's point nearest to the line, on
/// the side of the hole. Always an optional wrap. Departures: the nearest point is exact (OpenSim minimises to 1e-4),
/// is always a minimum of the distance, and the cylinder's path is the exact helix. The slopes hold the motion of the
/// small cylinder.
template <class T>
void wrap_torus(double inner, double outer, WrapSide side, const Vec3<T>& P, const Vec3<T>& Q, Mask<T> lanes,
                WrapOutcome<T>& w) {
  // the better of the two searches, one from each end
  const Vec3<T> d = Q - P;
  const detail::CircleApproach<T> a1 = detail::find_circle_approach(outer, P, d, 0.0),
                                  a2 = detail::find_circle_approach(outer, P, d, 1.0);
  Mask<T> allowed = all_lanes<T>(), first = dot(a1.toward, a1.toward) < dot(a2.toward, a2.toward);
  if (side.axis >= 0) {
    const Mask<T> on1 = is_on_side(find_component(a1.x, side.axis), side.positive),
                  on2 = is_on_side(find_component(a2.x, side.axis), side.positive);
    allowed = on1 || on2;
    first = on1 && (first || !on2);
  }
  const T t = select(first, a1.t, a2.t), slope = select(first, a1.slope, a2.slope);
  const Vec3<T> x = select<T>(first, a1.x, a2.x), toward = select<T>(first, a1.toward, a2.toward),
                H_d = select<T>(first, a1.H_d, a2.H_d);

  // cylinder frame: x towards the torus' centre, y = -z of the torus, z along the circle
  const T rho2 = max(x.x * x.x + x.y * x.y, T(1e-24)), inverse = T(1.0) / sqrt(rho2);
  const T cx = x.x * inverse, cy = x.y * inverse;
  const auto into = [&](const Vec3<T>& p) {
    return Vec3<T>{T(outer) - cx * p.x - cy * p.y, -p.z, cy * p.x - cx * p.y};
  };
  const auto out_of = [&](const Vec3<T>& v) { return Vec3<T>{cy * v.z - cx * v.x, -cx * v.z - cy * v.x, -v.y}; };
  wrap_cylinder<T>(inner, kInfinity, WrapSide{0, true}, into(P), into(Q), lanes && allowed, w);
  const Mask<T> wraps = w.any() && allowed;
  w.inside = no_lanes<T>();
  w.mandatory = no_lanes<T>();
  w.wrapped = wraps;
  if (!any(w.wrapped && lanes)) return;
  w.is_geodesic = no_lanes<T>();
  const T o(outer);
  w.r1 = out_of({w.r1.x - o, w.r1.y, w.r1.z});
  w.r2 = out_of({w.r2.x - o, w.r2.y, w.r2.z});
  w.slope_P = out_of(w.slope_P);
  w.slope_Q = out_of(w.slope_Q);

  // the cylinder turns about z by the angle psi of x, and x follows P and Q by h = d . toward = 0
  const T by_psi = -(w.slope_P.y * P.x - w.slope_P.x * P.y) - (w.slope_Q.y * Q.x - w.slope_Q.x * Q.y);
  const Vec3<T> e{-x.y / rho2, x.x / rho2, T(0.0)};
  const T by_t = by_psi * dot(e, d) / slope;
  w.slope_P += ((T(1.0) - t) * by_psi) * e - by_t * ((T(1.0) - t) * H_d - toward);
  w.slope_Q += (t * by_psi) * e - by_t * (t * H_d + toward);
}

}  // namespace buttress
