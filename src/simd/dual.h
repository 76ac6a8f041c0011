#pragma once
#include "simd/scalar.h"

namespace buttress {

/// A number with its exact derivative along one direction: v + d*eps with eps^2 = 0.
/// Comparisons look at v alone, so a branch is differentiated on the side that is taken.
template <class T>
struct Dual {
  T v;
  T d;

  Dual() = default;
  Dual(double x) : v(x), d(0.0) {}
  Dual(T value, T slope) : v(value), d(slope) {}

  friend Dual operator+(Dual a, Dual b) { return {a.v + b.v, a.d + b.d}; }
  friend Dual operator-(Dual a, Dual b) { return {a.v - b.v, a.d - b.d}; }
  friend Dual operator*(Dual a, Dual b) { return {a.v * b.v, a.v * b.d + a.d * b.v}; }
  friend Dual operator/(Dual a, Dual b) { return {a.v / b.v, (a.d - a.v / b.v * b.d) / b.v}; }
  friend Dual operator-(Dual a) { return {-a.v, -a.d}; }
  Dual& operator+=(Dual b) { return *this = *this + b; }
  Dual& operator-=(Dual b) { return *this = *this - b; }
  Dual& operator*=(Dual b) { return *this = *this * b; }
  Dual& operator/=(Dual b) { return *this = *this / b; }
  friend auto operator<(Dual a, Dual b) { return a.v < b.v; }
  friend auto operator>(Dual a, Dual b) { return a.v > b.v; }
  friend auto operator<=(Dual a, Dual b) { return a.v <= b.v; }
  friend auto operator>=(Dual a, Dual b) { return a.v >= b.v; }
  friend auto operator==(Dual a, Dual b) { return a.v == b.v; }
};

template <class T>
struct NumberTraits<Dual<T>> {
  static constexpr std::size_t lanes = lanes_of<T>;
  using Mask = buttress::Mask<T>;
};

template <class T>
Dual<T> select(Mask<T> m, Dual<T> a, Dual<T> b) {
  return {select(m, a.v, b.v), select(m, a.d, b.d)};
}
template <class T>
double get_lane(const Dual<T>& x, std::size_t i) {
  return get_lane(x.v, i);
}
template <class T>
Dual<T> sqrt(Dual<T> a) {
  const T r = sqrt(a.v);
  // sqrt(0) has no slope; the kernels only meet it multiplied by zero
  const T slope = select(r > T(0.0), T(0.5) / select(r > T(0.0), r, T(1.0)), T(0.0));
  return {r, slope * a.d};
}
template <class T>
Dual<T> abs(Dual<T> a) {
  return {abs(a.v), select(a.v < T(0.0), -a.d, a.d)};
}
template <class T>
Dual<T> min(Dual<T> a, Dual<T> b) {
  return select<T>(a.v < b.v, a, b);
}
template <class T>
Dual<T> max(Dual<T> a, Dual<T> b) {
  return select<T>(a.v > b.v, a, b);
}
template <class T>
Dual<T> sin(Dual<T> a) {
  return {sin(a.v), cos(a.v) * a.d};
}
template <class T>
Dual<T> cos(Dual<T> a) {
  return {cos(a.v), -sin(a.v) * a.d};
}
template <class T>
Dual<T> exp(Dual<T> a) {
  const T e = exp(a.v);
  return {e, e * a.d};
}
template <class T>
Dual<T> log(Dual<T> a) {
  return {log(a.v), a.d / a.v};
}
template <class T>
Dual<T> acos(Dual<T> a) {
  return {acos(a.v), -a.d / sqrt(T(1.0) - a.v * a.v)};
}
template <class T>
Dual<T> asin(Dual<T> a) {
  return {asin(a.v), a.d / sqrt(T(1.0) - a.v * a.v)};
}
template <class T>
Dual<T> atan2(Dual<T> y, Dual<T> x) {
  return {atan2(y.v, x.v), (x.v * y.d - y.v * x.d) / (x.v * x.v + y.v * y.v)};
}
template <class T>
Dual<T> gather(const double* table, Dual<T> index, std::size_t stride, std::size_t offset) {
  return {gather(table, index.v, stride, offset), T(0.0)};
}

}  // namespace buttress
