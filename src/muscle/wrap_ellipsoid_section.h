#pragma once
#include <cmath>

#include "muscle/wrap_outcome.h"

namespace buttress {

namespace detail {
// Gauss-Legendre, 12 points on -1..1 (Abramowitz and Stegun, table 25.4): the six positive abscissae and their weights
inline constexpr int kGaussHalf = 6;
inline constexpr double kGaussPoint[kGaussHalf] = {0.1252334085114689154724414, 0.3678314989981801937526915,
                                                   0.5873179542866174472967024, 0.7699026741943046870368938,
                                                   0.9041172563704748566784659, 0.9815606342467192506905491};
inline constexpr double kGaussWeight[kGaussHalf] = {0.2491470458134027850005624, 0.2334925365383548087608499,
                                                    0.2031674267230659217490645, 0.1600783285433462263346525,
                                                    0.1069393259953184309602547, 0.0471753363865118271946160};
}  // namespace detail

/// Shortest way from P to Q round the plane section of the ellipsoid through P, Q and c, on c's side.
template <class T>
struct EllipsoidSection {
  T length, arc;
  Vec3<T> r1, r2;
  Vec3<T> slope_P, slope_Q, slope_c;  ///< d length / d(P, Q, c), the plane turning with them
};

/// Divided by the semi-axes the section is a circle, which gives the tangent points in closed form; the arc is
/// integrated over w = tan(quarter angle) by 12-point Gauss-Legendre panels, narrow enough that the slopes are those of
/// the sum to 1e-9.
///
/// Slopes: in the plane the path is a shortest one, so P and Q pull along the tangents. Out of the plane the section
/// moves: where the plane moves by h along its normal n, the section moves outward by beta h,
/// beta = -(n . g)/(nu . g) with g the gradient of the ellipsoid and nu the outward normal in the plane, and a curve of
/// curvature kappa that moves outward by that grows by the integral of kappa beta h ds; h is linear between the
/// out-of-plane moves of P, Q and c.
template <class T>
EllipsoidSection<T> solve_ellipsoid_section(const Vec3d& a, const Vec3<T>& P, const Vec3<T>& Q, const Vec3<T>& c,
                                            Mask<T> lanes) {
  EllipsoidSection<T> out;
  const T one(1.0), zero(0.0);
  const Vec3d inv{1 / a.x, 1 / a.y, 1 / a.z};
  const auto shrink = [&](const Vec3<T>& v) { return Vec3<T>{inv.x * v.x, inv.y * v.y, inv.z * v.z}; };
  const auto stretch = [&](const Vec3<T>& v) { return Vec3<T>{a.x * v.x, a.y * v.y, a.z * v.z}; };

  // the plane: e1 from P to Q, e2 towards c, n = e1 x e2, so that the path turns clockwise about n
  const Vec3<T> PQ = Q - P, Pc = c - P;
  const T D = norm(PQ);
  const Vec3<T> e1 = (one / D) * PQ;
  const T xi_c = dot(Pc, e1);
  const Vec3<T> up = Pc - xi_c * e1;
  const T h_c = norm(up);
  const Vec3<T> e2 = (one / h_c) * up, n = cross(e1, e2);

  // the circle in the shrunk space: centre C, radius rho, travel about the axis m
  const Vec3<T> p = shrink(P), q = shrink(Q);
  Vec3<T> m = cross(q - p, shrink(c) - p);
  m = (-one / norm(m)) * m;
  const T offset = dot(m, p);
  const Vec3<T> C = offset * m, Cp = p - C, Cq = q - C;
  const T rho2 = one - offset * offset, rho = sqrt(max(rho2, T(1e-30)));
  const auto find_foot = [&](const Vec3<T>& v, const T& turns) {
    const T vv = dot(v, v), t = sqrt(max(vv - rho2, zero)), k = one / vv;
    return (rho2 * k) * v + (turns * rho * t * k) * cross(m, v);
  };
  const Vec3<T> f1 = find_foot(Cp, one), f2 = find_foot(Cq, -one);
  out.r1 = stretch(C + f1);
  out.r2 = stretch(C + f2);

  // half angle of the arc (0..pi) and w at its ends; the middle of the arc is at b
  const T k = one / rho2;
  const T sin_arc = k * dot(m, cross(f1, f2)), cos_arc = k * dot(f1, f2);
  // a tangent touching both gives an arc of 0 -+ rounding, which must not become a full turn
  const Mask<T> is_short = cos_arc > zero;
  const Mask<T> is_reflex = (is_short && sin_arc < T(-1e-9)) || (!is_short && sin_arc < zero);
  const T tan_half =
      select(is_short, sin_arc / select(is_short, one + cos_arc, one),
             (one - cos_arc) / select(is_short, one, select(abs(sin_arc) > T(1e-12), sin_arc, T(1e-12))));
  const T root = sqrt(one + tan_half * tan_half);
  const T w_end = select(is_reflex, (one + root) / select(is_reflex, -tan_half, one), tan_half / (one + root));
  // direction of the middle: half the arc on from f1
  const T scale = one / (one + w_end * w_end), cos_half = (one - w_end * w_end) * scale,
          sin_half = T(2.0) * w_end * scale;
  const Vec3<T> b = cos_half * f1 + sin_half * cross(m, f1), b_next = cross(m, b);
  const Vec3<T> C_x = stretch(C), u = stretch(b), v = stretch(b_next);
  const Vec3<T> uv = cross(u, v);
  const T area = norm(uv);

  // panels: the integrand is singular at a distance of about (short/long axis)/2 in w
  const T g2 = T(2.0) * area / (dot(u, u) + dot(v, v));
  const T ratio = g2 / (one + sqrt(max(one - g2 * g2, zero)));
  int panels = 1;
  for (std::size_t i = 0; i < lanes_of<T>; ++i) {
    if (!get_lane(lanes, i)) continue;
    const double wanted = std::ceil(get_lane(w_end, i) / (0.5 * get_lane(ratio, i)));
    if (wanted > panels) panels = wanted < 40 ? static_cast<int>(wanted) : 40;
  }

  // arc, and the moments of kappa beta ds over the plane
  T arc(0.0), sum_0(0.0), sum_xi(0.0), sum_eta(0.0);
  const T half_panel = (one / T(panels)) * w_end;
  for (int panel = 0; panel < panels; ++panel) {
    const T middle = (T(2 * panel + 1) * half_panel) - w_end;
    for (int i = 0; i < 2 * detail::kGaussHalf; ++i) {
      const double abscissa =
          i < detail::kGaussHalf ? detail::kGaussPoint[i] : -detail::kGaussPoint[i - detail::kGaussHalf];
      const double weight = detail::kGaussWeight[i % detail::kGaussHalf];
      const T w = middle + abscissa * half_panel, s = one / (one + w * w);
      const T cosine = (one - w * w) * s, sine = T(2.0) * w * s;
      // angle from the middle = 2 atan w, so d angle = 2 s dw
      const T d_angle = (2 * weight) * half_panel * s;
      const Vec3<T> x = C_x + cosine * u + sine * v, tangent = cosine * v - sine * u;
      const T speed = norm(tangent);
      arc += speed * d_angle;
      const Vec3<T> g = shrink(shrink(x));
      const T growth = -area * dot(n, g) / (speed * dot(cross(n, tangent), g));
      const T part = growth * d_angle;
      const Vec3<T> Px = x - P;
      sum_0 += part;
      sum_xi += part * dot(Px, e1);
      sum_eta += part * dot(Px, e2);
    }
  }
  out.arc = arc;
  const Vec3<T> d1 = out.r1 - P, d2 = out.r2 - Q;
  const T t1 = norm(d1), t2 = norm(d2);
  out.length = t1 + arc + t2;

  // unit tangents at P and Q; at the surface the tangent of the section serves
  const Vec3<T> surface1 = stretch(cross(m, f1)), surface2 = stretch(cross(m, f2));
  const Mask<T> off1 = t1 > T(1e-9), off2 = t2 > T(1e-9);
  const Vec3<T> u1 = select<T>(off1, (one / max(t1, T(1e-12))) * d1, (one / norm(surface1)) * surface1);
  const Vec3<T> u2 = select<T>(off2, (one / max(t2, T(1e-12))) * d2, (-one / norm(surface2)) * surface2);
  const T by_c = sum_eta / h_c, by_Q = (sum_xi - xi_c * by_c) / D, by_P = sum_0 - by_Q - by_c;
  out.slope_P = by_P * n - u1;
  out.slope_Q = by_Q * n - u2;
  out.slope_c = by_c * n;
  return out;
}

}  // namespace buttress
