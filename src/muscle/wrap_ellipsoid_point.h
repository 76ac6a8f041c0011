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
  const T one(1.0), zero(0.0), tiny(1e-9);
  const double squares[3] = {a.x * a.x, a.y * a.y, a.z * a.z};
  const T xs[3] = {x.x, x.y, x.z};
  T use[3], load[3], tau(-1e30);
  for (int i = 0; i < 3; ++i) {
    use[i] = select(abs(xs[i]) > tiny, one, zero);
    load[i] = squares[i] * xs[i] * xs[i] * use[i];
    // where one term alone reaches 1 the sum is at least 1; from there Newton descends to the root without overshoot
    const T start = select(use[i] > zero, sqrt(load[i]) - T(squares[i]), T(-1e30));
    tau = max(tau, start);
  }
  const auto find_weight = [&](int i) { return use[i] / (tau + T(squares[i])); };
  // 1 + last keeps one step after convergence, so that derivatives carried along converge too
  bool last = false;
  for (int k = 0; k < 60; ++k) {
    T f(-1.0), slope(0.0);
    for (int i = 0; i < 3; ++i) {
      const T w = select(use[i] > zero, find_weight(i), zero), ww = w * w;
      f += load[i] * ww;
      slope += load[i] * ww * w;
    }
    tau += f / (T(2.0) * slope);
    if (last) break;
    last = all(abs(f) < T(1e-8));
  }
  NearestPoint<T> n;
  n.tau = tau;
  const T w[3] = {select(use[0] > zero, find_weight(0), zero), select(use[1] > zero, find_weight(1), zero),
                  select(use[2] > zero, find_weight(2), zero)};
  n.weight = {w[0], w[1], w[2]};
  n.c = {squares[0] * w[0] * x.x, squares[1] * w[1] * x.y, squares[2] * w[2] * x.z};
  // sum a^2 x^2 w^2 = 1  =>  d tau = (sum a^2 x w^2 dx) / (sum a^2 x^2 w^3)
  const T sum = load[0] * w[0] * w[0] * w[0] + load[1] * w[1] * w[1] * w[1] + load[2] * w[2] * w[2] * w[2];
  const T inverse = one / sum;
  n.tau_slope = {inverse * squares[0] * x.x * w[0] * w[0], inverse * squares[1] * x.y * w[1] * w[1],
                 inverse * squares[2] * x.z * w[2] * w[2]};
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
