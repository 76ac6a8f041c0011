#pragma once
#include "muscle/wrap_outcome.h"

namespace buttress {

/// Nearest point of the ellipsoid sum (c_i/a_i)^2 = 1: c_i = a_i^2 x_i / (tau + a_i^2).
template <class T>
struct NearestPoint {
  T tau;
  Vec3<T> weight;  ///< 1 / (tau + a_i^2); 0 on an axis that is left out
  Vec3<T> c;
  Vec3<T> tau_slope;  ///< d tau / dx
};

/// The nearest point to x (Eberly 2013, "Distance from a point to an ellipsoid"). An axis along which x is (nearly)
/// zero is left out, so that the point stays in that principal section, as in OpenSim's findClosestPoint.
template <class T>
NearestPoint<T> find_nearest_on_ellipsoid(const Vec3d& a, const Vec3<T>& x) {
  const T one(1.0), zero(0.0), tiny(1e-9), far(-1e30);
  const Vec3d aa{a.x * a.x, a.y * a.y, a.z * a.z};
  const auto find_use = [&](const T& v) { return select(abs(v) > tiny, one, zero); };
  const Vec3<T> use{find_use(x.x), find_use(x.y), find_use(x.z)};
  const Vec3<T> load{use.x * aa.x * x.x * x.x, use.y * aa.y * x.y * x.y, use.z * aa.z * x.z * x.z};
  // start where one term alone reaches 1, so that S = sum a^2 x^2 w^2 is at least 1
  const auto find_start = [&](const T& used, double square, double axis, const T& v) {
    return select(used > zero, axis * abs(v) - T(square), far);
  };
  T tau =
      max(find_start(use.x, aa.x, a.x, x.x), max(find_start(use.y, aa.y, a.y, x.y), find_start(use.z, aa.z, a.z, x.z)));
  // Newton on 1/sqrt(S) = 1, which is nearly a line and concave: from the start it climbs to the root, never past it.
  // One step more after convergence, so that derivatives carried along converge too
  NearestPoint<T> n;
  T sum_3;
  bool last = false;
  for (int k = 0;; ++k) {
    // three inverses for the price of one; axes left out count as 1 and weigh nothing
    const T A = select(use.x > zero, tau + T(aa.x), one), B = select(use.y > zero, tau + T(aa.y), one),
            C = select(use.z > zero, tau + T(aa.z), one);
    const T AB = A * B, inverse = one / (AB * C), inverse_AB = C * inverse;
    n.weight = {use.x * (B * inverse_AB), use.y * (A * inverse_AB), use.z * (AB * inverse)};
    const T sx = load.x * n.weight.x * n.weight.x, sy = load.y * n.weight.y * n.weight.y,
            sz = load.z * n.weight.z * n.weight.z;
    const T S = sx + sy + sz;
    sum_3 = sx * n.weight.x + sy * n.weight.y + sz * n.weight.z;
    if (last || k == 60) break;
    const T step = S * (sqrt(S) - one) / sum_3;
    tau += step;
    last = all(abs(S - one) < T(1e-7));
  }
  n.tau = tau;
  n.c = {aa.x * n.weight.x * x.x, aa.y * n.weight.y * x.y, aa.z * n.weight.z * x.z};
  // sum a^2 x^2 w^2 = 1  =>  d tau = (sum a^2 x w^2 dx) / (sum a^2 x^2 w^3)
  const T inverse = one / sum_3;
  n.tau_slope = {inverse * n.c.x * n.weight.x, inverse * n.c.y * n.weight.y, inverse * n.c.z * n.weight.z};
  return n;
}

/// (dc/dx)^T v
template <class T>
Vec3<T> pull_back_nearest(const Vec3d& a, const Vec3<T>& x, const NearestPoint<T>& n, const Vec3<T>& v) {
  const Vec3<T> scaled{a.x * a.x * n.weight.x * v.x, a.y * a.y * n.weight.y * v.y, a.z * a.z * n.weight.z * v.z};
  const T by_tau = scaled.x * x.x * n.weight.x + scaled.y * x.y * n.weight.y + scaled.z * x.z * n.weight.z;
  return scaled - by_tau * n.tau_slope;
}

/// outward normal of the ellipsoid at the nearest point
template <class T>
Vec3<T> find_nearest_normal(const Vec3<T>& x, const NearestPoint<T>& n, T& inverse_norm) {
  const Vec3<T> m{x.x * n.weight.x, x.y * n.weight.y, x.z * n.weight.z};
  inverse_norm = T(1.0) / norm(m);
  return inverse_norm * m;
}

/// (d normal/dx)^T v
template <class T>
Vec3<T> pull_back_normal(const Vec3<T>& x, const NearestPoint<T>& n, const Vec3<T>& normal, const T& inverse_norm,
                         const Vec3<T>& v) {
  const Vec3<T> u = inverse_norm * (v - dot(normal, v) * normal);
  const Vec3<T> scaled{u.x * n.weight.x, u.y * n.weight.y, u.z * n.weight.z};
  const T by_tau = scaled.x * x.x * n.weight.x + scaled.y * x.y * n.weight.y + scaled.z * x.z * n.weight.z;
  return scaled - by_tau * n.tau_slope;
}

}  // namespace buttress
