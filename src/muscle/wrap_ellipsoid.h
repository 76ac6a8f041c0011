#pragma once
#include "muscle/wrap_ellipsoid_point.h"
#include "muscle/wrap_ellipsoid_section.h"

namespace buttress {

namespace detail {

// WrapEllipsoid.cpp: between these cosines of the angle between the line and its most parallel axis the two ways of
// choosing the plane are blended; the axial way also fades near the ends of the chord
inline constexpr double kBlendMin = 0.7073, kBlendMax = 0.9, kEndBlend = 0.3;
// Gauss-Legendre on 0..1 (Abramowitz and Stegun, table 25.4, 4 points) for each half of the fan
inline constexpr int kFanHalf = 4, kFanCount = 2 * kFanHalf;
inline constexpr double kFanPoint[kFanHalf] = {0.0694318442029737124, 0.3300094782075718676, 0.6699905217924281324,
                                               0.9305681557970262876};
inline constexpr double kFanWeight[kFanHalf] = {0.1739274225687269287, 0.3260725774312730713, 0.3260725774312730713,
                                                0.1739274225687269287};

/// the shortest semi-axis: nearest points jump where the chord crosses the plane normal to it
[[gnu::always_inline]] inline int find_shortest(const Vec3d& a) {
  return a.x <= a.y && a.x <= a.z ? 0 : a.y <= a.z ? 1 : 2;
}

/// OpenSim's choice of the point c of the ellipsoid through which the wrapping plane goes, with what is needed to
/// pull a slope back from c to P and Q. All in units of the mean semi-axis, as in OpenSim.
template <class T>
struct EllipsoidPlane {
  Vec3<T> best;              ///< 1 on the axis most parallel to the line, 0 elsewhere
  Vec3<T> d, r1, r2;         ///< P - Q; where the line goes in and out
  T l1, l2;                  ///< r = Q + l d
  T cosine, t, fade, share;  ///< of line and axis; chord parameter of the axial point, its fading, its share in c
  Mask<T> is_fading_in, is_fading_out, is_mixed;
  Vec3<T> axial_x, fan_sum, fan_x, mixed_x, flipped_x, flip;
  T fan_inverse;  ///< 1 / |fan_sum|
  T split;        ///< chord parameter where the fan is cut in two
  T node_t[kFanCount];
  NearestPoint<T> axial, fan, mixed, flipped;
  Vec3<T> node[kFanCount];
  NearestPoint<T> node_near[kFanCount];
  Mask<T> is_flipped = no_lanes<T>();
  Vec3<T> before_flip, c;
};

/// line P-Q against the ellipsoid: fills r1, r2, l1, l2; true where both crossings lie between P and Q
template <class T>
Mask<T> cross_ellipsoid(const Vec3d& a, const Vec3<T>& P, const Vec3<T>& Q, EllipsoidPlane<T>& e) {
  const T one(1.0), zero(0.0);
  e.d = P - Q;
  const Vec3<T> f1{e.d.x * (1 / a.x), e.d.y * (1 / a.y), e.d.z * (1 / a.z)};
  const Vec3<T> f2{Q.x * (1 / a.x), Q.y * (1 / a.y), Q.z * (1 / a.z)};
  const T aa = dot(f1, f1), b = dot(f1, f2), cc = dot(f2, f2) - one, discriminant = b * b - aa * cc;
  const T root = sqrt(max(discriminant, zero)), inverse = one / aa;
  e.l1 = (root - b) * inverse;
  e.l2 = (-root - b) * inverse;
  e.r1 = Q + e.l1 * e.d;
  e.r2 = Q + e.l2 * e.d;
  return discriminant >= zero && e.l1 > zero && e.l1 < one && e.l2 > zero && e.l2 < one;
}

/// WrapEllipsoid.cpp, "compute wrapping plane" and the flip to the constrained side
template <class T>
void choose_plane(const Vec3d& a, WrapSide side, WrapMethod method, EllipsoidPlane<T>& e) {
  const T one(1.0), zero(0.0);
  const Vec3<T> chord = e.r2 - e.r1, middle = e.r1 + T(0.5) * chord;

  // the axial way: the nearest point from where the line crosses the plane normal to its most parallel axis
  const T inverse_norm = one / norm(e.d);
  const Vec3<T> mu{inverse_norm * abs(e.d.x), inverse_norm * abs(e.d.y), inverse_norm * abs(e.d.z)};
  const Mask<T> y_beats_x = mu.y > mu.x, z_best = mu.z > max(mu.x, mu.y);
  e.best = {select(y_beats_x || z_best, zero, one), select(y_beats_x && !z_best, one, zero), select(z_best, one, zero)};
  e.cosine = max(mu.x, max(mu.y, mu.z));
  const T raw_cosine = e.cosine;
  e.t = -dot(e.best, e.r1) / dot(e.best, chord);
  const T t = e.t;
  e.fade = one;
  e.is_fading_in = no_lanes<T>();
  e.is_fading_out = no_lanes<T>();
  e.is_mixed = no_lanes<T>();
  if (method == WrapMethod::hybrid) {
    const Mask<T> outside = t < zero || t > one;
    e.is_fading_in = !outside && t < T(kEndBlend);
    e.is_fading_out = !outside && !e.is_fading_in && t > T(1 - kEndBlend);
    e.fade = select(outside, zero, one);
    e.fade = select(e.is_fading_in, t * (1 / kEndBlend), e.fade);
    e.fade = select(e.is_fading_out, (one - t) * (1 / kEndBlend), e.fade);
    const T faded = T(kBlendMin) + e.fade * (raw_cosine - T(kBlendMin));
    const T cosine = select(raw_cosine > T(kBlendMin), faded, raw_cosine);
    const T share = (cosine - T(kBlendMin)) * (1 / (kBlendMax - kBlendMin));
    e.share = max(min(share, one), zero);
    e.is_mixed = share > zero && share < one;
  } else {
    e.share = method == WrapMethod::axial ? one : zero;
  }
  const bool has_axial = method == WrapMethod::axial || (method == WrapMethod::hybrid && any(e.share > zero));
  const bool has_fan = method == WrapMethod::hybrid && any(e.share < one);

  Vec3<T> c = zero3<T>();
  if (has_axial) {
    const Vec3<T> x = e.r1 + t * chord;
    e.axial_x = {x.x * (one - e.best.x), x.y * (one - e.best.y), x.z * (one - e.best.z)};
    e.axial = find_nearest_on_ellipsoid(a, e.axial_x);
    c = e.axial.c;
  }
  if (has_fan) {
    // the fan: mean direction from the points of the chord to their nearest points, seen from its middle. It is cut
    // where it may jump, so that each half is smooth
    const int shortest = find_shortest(a);
    const T s1 = find_component(e.r1, shortest), s2 = find_component(e.r2, shortest);
    const T split = s1 / (s1 - s2);
    e.split = select(s1 * s2 < zero, split, one);
    for (int i = 0; i < kFanHalf; ++i) {
      e.node_t[i] = kFanPoint[i] * e.split;
      e.node_t[kFanHalf + i] = e.split + kFanPoint[i] * (one - e.split);
      e.node[i] = e.r1 + e.node_t[i] * chord;
      e.node[kFanHalf + i] = e.r1 + e.node_t[kFanHalf + i] * chord;
    }
    const bool two_halves = any(e.split < one);
    find_nearest_on_ellipsoid<kFanHalf>(a, e.node, e.node_near);
    if (two_halves) find_nearest_on_ellipsoid<kFanHalf>(a, e.node + kFanHalf, e.node_near + kFanHalf);
    e.fan_sum = zero3<T>();
    for (int i = 0; i < (two_halves ? kFanCount : kFanHalf); ++i) {
      const T weight = kFanWeight[i % kFanHalf] * (i < kFanHalf ? e.split : one - e.split);
      T unused;
      e.fan_sum += weight * find_nearest_normal(e.node[i], e.node_near[i], unused);
    }
    e.fan_inverse = one / norm(e.fan_sum);
    e.fan_x = middle + e.fan_inverse * e.fan_sum;
    e.fan = find_nearest_on_ellipsoid(a, e.fan_x);
    c = has_axial ? e.share * c + (one - e.share) * e.fan.c : e.fan.c;
  }
  if (method == WrapMethod::midpoint) {
    e.fan_x = middle;
    e.fan = find_nearest_on_ellipsoid(a, middle);
    c = e.fan.c;
  }
  // a mixture has left the surface
  e.c = c;
  if (has_axial && has_fan) {
    e.mixed_x = c;
    e.mixed = find_nearest_on_ellipsoid(a, c);
    e.c = e.mixed.c;
  }
  e.before_flip = e.c;

  // to the wanted side: mirrored where the axial way rules, into the middle plane where the fan does
  if (side.axis >= 0) {
    e.is_flipped = !is_on_side(find_component(e.c, side.axis), side.positive);
    if (any(e.is_flipped)) {
      const T kept = method == WrapMethod::hybrid
                         ? e.share
                         : max(min((raw_cosine - T(kBlendMin)) * (1 / (kBlendMax - kBlendMin)), one), zero);
      e.flip = {one, one, one};
      (side.axis == 0 ? e.flip.x : side.axis == 1 ? e.flip.y : e.flip.z) = -kept;
      e.flipped_x = {e.flip.x * e.c.x, e.flip.y * e.c.y, e.flip.z * e.c.z};
      e.flipped = find_nearest_on_ellipsoid(a, e.flipped_x);
      e.c = select<T>(e.is_flipped, e.flipped.c, e.c);
    }
  }
}

/// adds (dc/dP)^T v and (dc/dQ)^T v to the slopes: the steps of choose_plane() backwards
template <class T>
void pull_back_plane(const Vec3d& a, WrapSide side, WrapMethod method, const EllipsoidPlane<T>& e, const Vec3<T>& v,
                     Vec3<T>& slope_P, Vec3<T>& slope_Q) {
  const T one(1.0), zero(0.0);
  const Vec3<T> chord = e.r2 - e.r1;
  Vec3<T> by_c = v;
  T by_share(0.0), by_cosine(0.0);
  const double per_share = 1 / (kBlendMax - kBlendMin);
  if (side.axis >= 0 && any(e.is_flipped)) {
    const Vec3<T> g = pull_back_nearest(a, e.flipped_x, e.flipped, v);
    by_c = select<T>(e.is_flipped, Vec3<T>{e.flip.x * g.x, e.flip.y * g.y, e.flip.z * g.z}, v);
    const T by_kept =
        select(e.is_flipped, -find_component(g, side.axis) * find_component(e.before_flip, side.axis), zero);
    if (method == WrapMethod::hybrid) {
      by_share += by_kept;
    } else {
      const T kept = -find_component(e.flip, side.axis);
      by_cosine += select(kept > zero && kept < one, by_kept * per_share, zero);
    }
  }
  Vec3<T> by_r1 = zero3<T>(), by_r2 = zero3<T>();
  T by_t(0.0);
  const bool has_axial = method == WrapMethod::axial || (method == WrapMethod::hybrid && any(e.share > zero));
  const bool has_fan = method == WrapMethod::hybrid && any(e.share < one);
  Vec3<T> by_mixed = by_c;
  if (has_axial && has_fan) {
    by_mixed = pull_back_nearest(a, e.mixed_x, e.mixed, by_c);
    by_share += dot(by_mixed, e.axial.c - e.fan.c);
  }
  if (has_axial) {
    const Vec3<T> g = pull_back_nearest(a, e.axial_x, e.axial, e.share * by_mixed);
    by_r1 += (one - e.t) * g;
    by_r2 += e.t * g;
    by_t += dot(g, chord);
  }
  if (has_fan || method == WrapMethod::midpoint) {
    const Vec3<T> g = pull_back_nearest(a, e.fan_x, e.fan, (one - e.share) * by_mixed);
    by_r1 += T(0.5) * g;
    by_r2 += T(0.5) * g;
    if (has_fan) {
      const Vec3<T> direction = e.fan_inverse * e.fan_sum;
      const Vec3<T> by_sum = e.fan_inverse * (g - dot(direction, g) * direction);
      const bool two_halves = any(e.split < one);
      T by_split(0.0);
      for (int i = 0; i < (two_halves ? kFanCount : kFanHalf); ++i) {
        const double gauss = kFanWeight[i % kFanHalf], point = kFanPoint[i % kFanHalf];
        const bool is_first = i < kFanHalf;
        T inverse_norm;
        const Vec3<T> normal = find_nearest_normal(e.node[i], e.node_near[i], inverse_norm);
        const T weight = gauss * (is_first ? e.split : one - e.split);
        const Vec3<T> h = weight * pull_back_normal(e.node[i], e.node_near[i], normal, inverse_norm, by_sum);
        by_r1 += (one - e.node_t[i]) * h;
        by_r2 += e.node_t[i] * h;
        // the cut moves the points and their weights
        const T by_weight = gauss * dot(by_sum, normal);
        by_split += (is_first ? point : 1 - point) * dot(h, chord) + (is_first ? by_weight : -by_weight);
      }
      // split = s1 / (s1 - s2)
      const int shortest = find_shortest(a);
      const T s1 = find_component(e.r1, shortest), s2 = find_component(e.r2, shortest), span = s1 - s2;
      const T by_s = select(e.split < one, by_split / (span * span), zero);
      const auto add_to = [&](Vec3<T>& r, const T& add) { (shortest == 0 ? r.x : shortest == 1 ? r.y : r.z) += add; };
      add_to(by_r1, -by_s * s2);
      add_to(by_r2, by_s * s1);
    }
  }
  if (method == WrapMethod::hybrid) {
    // share = ((kBlendMin + fade (cosine - kBlendMin)) - kBlendMin) / (kBlendMax - kBlendMin)
    const T by_faded = select(e.is_mixed, by_share * per_share, zero);
    by_cosine += e.fade * by_faded;
    const T by_fade = by_faded * (e.cosine - T(kBlendMin)) * (1 / kEndBlend);
    by_t += select(e.is_fading_in, by_fade, zero) - select(e.is_fading_out, by_fade, zero);
  }
  // t = -r1_b / (r2_b - r1_b), b the most parallel axis
  const T r1_b = dot(e.best, e.r1), r2_b = dot(e.best, e.r2), span = r2_b - r1_b;
  const T by_span = by_t / (span * span);
  by_r1 -= (by_span * r2_b) * e.best;
  by_r2 += (by_span * r1_b) * e.best;

  // r = Q + l d stays on the ellipsoid; cosine = |d_b| / |d|
  const auto hold = [&](const Vec3<T>& r, const Vec3<T>& by) {
    const Vec3<T> g{r.x * (1 / (a.x * a.x)), r.y * (1 / (a.y * a.y)), r.z * (1 / (a.z * a.z))};
    return by - (dot(by, e.d) / dot(g, e.d)) * g;
  };
  const Vec3<T> h1 = hold(e.r1, by_r1), h2 = hold(e.r2, by_r2);
  const T inverse_norm = one / norm(e.d), sign = select(dot(e.best, e.d) < zero, T(-1.0), one);
  const Vec3<T> by_d = e.l1 * h1 + e.l2 * h2 + (by_cosine * inverse_norm * sign) * e.best -
                       (by_cosine * e.cosine * inverse_norm * inverse_norm) * e.d;
  slope_P += by_d;
  slope_Q += h1 + h2 - by_d;
}

}  // namespace detail

/// Wraps the stretch P-Q over an ellipsoid: the shortest way round the plane section through P, Q and a point c.
/// Verdicts and the choice of c as OpenSim's WrapEllipsoid::wrapLine. Departures: the mean over the "fan" is an
/// Gauss integral, cut where nearest points jump, instead of 298
/// samples; tangent points are exact where OpenSim iterates; the arc is the
/// ellipse's exact length instead of 1 mm chords, and always goes on in the direction of travel (OpenSim takes the
/// short way round when the side is not constrained); with the axial method the tangent points are always those on
/// c's side. Slopes are exact for this path, which is no geodesic.
template <class T>
void wrap_ellipsoid(const Vec3d& semi_axes, WrapSide side, WrapMethod method, const Vec3<T>& P_S, const Vec3<T>& Q_S,
                    Mask<T> lanes, WrapOutcome<T>& w) {
  w.clear();
  const T one(1.0);
  // in units of the mean semi-axis, because the fan steps one unit from the chord
  const double factor = 3.0 / (semi_axes.x + semi_axes.y + semi_axes.z);
  const Vec3d a = factor * semi_axes;
  const Vec3<T> P = T(factor) * P_S, Q = T(factor) * Q_S;
  const auto find_excess = [&](const Vec3<T>& p) {
    return p.x * p.x * (1 / (a.x * a.x)) + p.y * p.y * (1 / (a.y * a.y)) + p.z * p.z * (1 / (a.z * a.z)) - one;
  };
  w.inside = find_excess(P) < T(-1e-4) || find_excess(Q) < T(-1e-4);
  const T PQ = dot(P, Q), alike = PQ / sqrt(dot(P, P) * dot(Q, Q)) - one;
  detail::EllipsoidPlane<T> e;
  w.mandatory = detail::cross_ellipsoid(a, P, Q, e) && !w.inside && !(abs(alike) < T(1e-4));
  if (!any(w.mandatory && lanes)) return;

  detail::choose_plane(a, side, method, e);
  const EllipsoidSection<T> section = solve_ellipsoid_section(a, P, Q, e.c, w.mandatory && lanes);
  w.slope_P = section.slope_P;
  w.slope_Q = section.slope_Q;
  detail::pull_back_plane(a, side, method, e, section.slope_c, w.slope_P, w.slope_Q);
  const T back(1 / factor);
  w.length = back * section.length;
  w.arc = back * section.arc;
  w.r1 = back * section.r1;
  w.r2 = back * section.r2;
  w.is_geodesic = no_lanes<T>();
}

}  // namespace buttress
