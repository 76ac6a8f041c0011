#pragma once
/// The number types of the kernels and the few functions each one offers, so that one template serves all:
///   double           one frame
///   Lanes<double,N>  N frames in lock-step (lanes.h)
///   Dual<T>          T with one exact derivative (dual.h)
/// A comparison gives Mask<T>; branches become select(mask, a, b), or any(mask)/all(mask) to skip work.
#include <algorithm>
#include <cmath>
#include <cstddef>

namespace buttress {

template <class T>
struct NumberTraits;

template <>
struct NumberTraits<double> {
  static constexpr std::size_t lanes = 1;
  using Mask = bool;
};

/// number of frames that one T carries
template <class T>
inline constexpr std::size_t lanes_of = NumberTraits<T>::lanes;
template <class T>
using Mask = typename NumberTraits<T>::Mask;

inline double select(bool m, double a, double b) {
  return m ? a : b;
}
inline bool any(bool m) {
  return m;
}
inline bool all(bool m) {
  return m;
}
inline bool get_lane(bool m, std::size_t) {
  return m;
}
inline double get_lane(double x, std::size_t) {
  return x;
}
inline void set_lane(double& x, std::size_t, double v) {
  x = v;
}

inline double sqrt(double x) {
  return std::sqrt(x);
}
inline double abs(double x) {
  return std::fabs(x);
}
inline double min(double a, double b) {
  return a < b ? a : b;
}
inline double max(double a, double b) {
  return a > b ? a : b;
}
inline double sin(double x) {
  return std::sin(x);
}
inline double cos(double x) {
  return std::cos(x);
}
inline double exp(double x) {
  return std::exp(x);
}
inline double log(double x) {
  return std::log(x);
}
inline double acos(double x) {
  return std::acos(x);
}
inline double asin(double x) {
  return std::asin(x);
}
inline double atan2(double y, double x) {
  return std::atan2(y, x);
}

/// table[index * stride + offset] for each lane's own index, where the index is a whole number held as T
inline double gather(const double* table, double index, std::size_t stride, std::size_t offset) {
  return table[static_cast<std::size_t>(index) * stride + offset];
}

}  // namespace buttress
