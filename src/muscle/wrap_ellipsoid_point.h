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

/// The nearest points to x[0] .. x[N - 1] (Eberly 2013, "Distance from a point to an ellipsoid"); several at a time,
/// so that their divisions overlap. An axis along which x is (nearly) zero is left out, so that the point stays in that
/// principal section, as in OpenSim's findClosestPoint.
template <int N, class T>
void find_nearest_on_ellipsoid(const Vec3d& a, const Vec3<T>* x, NearestPoint<T>* n) {
  const T one(1.0), zero(0.0), tiny(1e-9), far(-1e30);
  const Vec3d aa{a.x * a.x, a.y * a.y, a.z * a.z};
  const auto find_use = [&](const T& v) { return select(abs(v) > tiny, one, zero); };
  // start where one term alone reaches 1, so that S = sum a^2 x^2 w^2 is at least 1
  const auto find_start = [&](const T& v, double axis) {
    return select(abs(v) > tiny, axis * abs(v) - T(axis * axis), far);
  };
  T tau[N], sum_3[N];
  for (int i = 0; i < N; ++i)
    tau[i] = max(find_start(x[i].x, a.x), max(find_start(x[i].y, a.y), find_start(x[i].z, a.z)));
  // Newton on 1/sqrt(S) = 1, which is nearly a line and concave: from the start it climbs to the root, never past it.
  // One step more after convergence, so that derivatives carried along converge too
  bool last = false;
  for (int k = 0;; ++k) {
    Mask<T> converged = all_lanes<T>();
    for (int i = 0; i < N; ++i) {
      const Vec3<T> use{find_use(x[i].x), find_use(x[i].y), find_use(x[i].z)};
      // three inverses for the price of one; axes left out count as 1 and weigh nothing
      const T A = select(use.x > zero, tau[i] + T(aa.x), one), B = select(use.y > zero, tau[i] + T(aa.y), one),
              C = select(use.z > zero, tau[i] + T(aa.z), one);
      const T AB = A * B, inverse = one / (AB * C), inverse_AB = C * inverse;
      const Vec3<T> w{use.x * (B * inverse_AB), use.y * (A * inverse_AB), use.z * (AB * inverse)};
      const Vec3<T> ax_w{a.x * x[i].x * w.x, a.y * x[i].y * w.y, a.z * x[i].z * w.z};
      const T sx = ax_w.x * ax_w.x, sy = ax_w.y * ax_w.y, sz = ax_w.z * ax_w.z, S = sx + sy + sz;
      sum_3[i] = sx * w.x + sy * w.y + sz * w.z;
      n[i].weight = w;
      if (last) continue;
      tau[i] += S * (sqrt(S) - one) / sum_3[i];
      converged = converged && abs(S - one) < T(1e-7);
    }
    if (last) break;
    last = all(converged) || k == 60;
  }
  for (int i = 0; i < N; ++i) {
    const Vec3<T>& w = n[i].weight;
    n[i].tau = tau[i];
    n[i].c = {aa.x * w.x * x[i].x, aa.y * w.y * x[i].y, aa.z * w.z * x[i].z};
    // sum a^2 x^2 w^2 = 1  =>  d tau = (sum a^2 x w^2 dx) / (sum a^2 x^2 w^3)
    const T inverse = one / sum_3[i];
    n[i].tau_slope = {inverse * n[i].c.x * w.x, inverse * n[i].c.y * w.y, inverse * n[i].c.z * w.z};
  }
}
template <class T>
NearestPoint<T> find_nearest_on_ellipsoid(const Vec3d& a, const Vec3<T>& x) {
  NearestPoint<T> n;
  find_nearest_on_ellipsoid<1>(a, &x, &n);
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
