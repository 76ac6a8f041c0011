#pragma once
#include <cmath>

#include "simd/dual.h"

namespace buttress::fiber_detail {

/// Where f(x) falls through zero between low (f >= 0) and high (f <= 0): Newton's method kept inside a bracket, which
/// is halved whenever two steps have not done so (about an inflection Newton's method may walk to and fro for ever). f
/// takes and returns Dual<double>. Returns an end when f does not change sign.
template <class Function>
double find_falling_root(const Function& f, double low, double high) {
  if (f(Dual<double>(low, 1.0)).v <= 0) return low;
  if (f(Dual<double>(high, 1.0)).v >= 0) return high;
  double x = high, width_before = high - low, width = width_before;
  for (int i = 0; i < 200; ++i) {
    const Dual<double> y = f(Dual<double>(x, 1.0));
    if (y.v == 0) return x;
    (y.v > 0 ? low : high) = x;
    double next = x - y.v / y.d;
    // also when the slope is zero, missing or has the wrong sign
    const bool is_slow = i > 1 && high - low > 0.5 * width_before;
    width_before = width;
    width = high - low;
    if (!(next > low && next < high) || is_slow) next = 0.5 * (low + high);
    if (std::fabs(next - x) <= 1e-15 * std::fabs(high)) return next;
    x = next;
  }
  return x;
}

}  // namespace buttress::fiber_detail
