#pragma once
#include <cmath>

#include "simd/scalar.h"

/// long double as a number type of the kernels, for the few problems whose multipliers cancel to more digits than
/// double has. 64-bit significand on x86-64.
namespace buttress {

template <>
struct NumberTraits<long double> {
  static constexpr std::size_t lanes = 1;
  using Mask = bool;
};

inline long double select(bool m, long double a, long double b) {
  return m ? a : b;
}
inline double get_lane(long double x, std::size_t) {
  return static_cast<double>(x);
}
inline void set_lane(long double& x, std::size_t, double v) {
  x = v;
}
inline long double sqrt(long double x) {
  return std::sqrt(x);
}
inline long double abs(long double x) {
  return std::fabs(x);
}
inline long double min(long double a, long double b) {
  return a < b ? a : b;
}
inline long double max(long double a, long double b) {
  return a > b ? a : b;
}

}  // namespace buttress
