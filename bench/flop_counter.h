#pragma once
#include "simd/scalar.h"

/// A double that counts what is done to it: the same kernels run over it give the number of useful operations a frame,
/// from which the benchmark works out the share of the machine's peak. Comparisons, selections and moves are free;
/// +, -, * and / and sqrt count one; sines and the like twenty.
namespace buttress {

struct FlopCounter {
  double v;
  static inline thread_local unsigned long long count = 0;
  static constexpr unsigned long long kTranscendental = 20;

  FlopCounter() = default;
  FlopCounter(double x) : v(x) {}
  friend FlopCounter operator+(FlopCounter a, FlopCounter b) { return ++count, FlopCounter(a.v + b.v); }
  friend FlopCounter operator-(FlopCounter a, FlopCounter b) { return ++count, FlopCounter(a.v - b.v); }
  friend FlopCounter operator*(FlopCounter a, FlopCounter b) { return ++count, FlopCounter(a.v * b.v); }
  friend FlopCounter operator/(FlopCounter a, FlopCounter b) { return ++count, FlopCounter(a.v / b.v); }
  friend FlopCounter operator-(FlopCounter a) { return FlopCounter(-a.v); }
  FlopCounter& operator+=(FlopCounter b) { return *this = *this + b; }
  FlopCounter& operator-=(FlopCounter b) { return *this = *this - b; }
  FlopCounter& operator*=(FlopCounter b) { return *this = *this * b; }
  FlopCounter& operator/=(FlopCounter b) { return *this = *this / b; }
  friend bool operator<(FlopCounter a, FlopCounter b) { return a.v < b.v; }
  friend bool operator>(FlopCounter a, FlopCounter b) { return a.v > b.v; }
  friend bool operator<=(FlopCounter a, FlopCounter b) { return a.v <= b.v; }
  friend bool operator>=(FlopCounter a, FlopCounter b) { return a.v >= b.v; }
  friend bool operator==(FlopCounter a, FlopCounter b) { return a.v == b.v; }
};

template <>
struct NumberTraits<FlopCounter> {
  static constexpr std::size_t lanes = 1;
  using Mask = bool;
};

inline FlopCounter select(bool m, FlopCounter a, FlopCounter b) {
  return m ? a : b;
}
inline double get_lane(FlopCounter x, std::size_t) {
  return x.v;
}
inline void set_lane(FlopCounter& x, std::size_t, double v) {
  x.v = v;
}
inline FlopCounter abs(FlopCounter x) {
  return {std::fabs(x.v)};
}
inline FlopCounter min(FlopCounter a, FlopCounter b) {
  return a.v < b.v ? a : b;
}
inline FlopCounter max(FlopCounter a, FlopCounter b) {
  return a.v > b.v ? a : b;
}
inline FlopCounter sqrt(FlopCounter x) {
  return ++FlopCounter::count, FlopCounter(std::sqrt(x.v));
}

inline FlopCounter count_transcendental(double value) {
  FlopCounter::count += FlopCounter::kTranscendental;
  return {value};
}
inline FlopCounter sin(FlopCounter x) {
  return count_transcendental(std::sin(x.v));
}
inline FlopCounter cos(FlopCounter x) {
  return count_transcendental(std::cos(x.v));
}
inline FlopCounter exp(FlopCounter x) {
  return count_transcendental(std::exp(x.v));
}
inline FlopCounter log(FlopCounter x) {
  return count_transcendental(std::log(x.v));
}
inline FlopCounter acos(FlopCounter x) {
  return count_transcendental(std::acos(x.v));
}
inline FlopCounter asin(FlopCounter x) {
  return count_transcendental(std::asin(x.v));
}
inline FlopCounter atan2(FlopCounter y, FlopCounter x) {
  return count_transcendental(std::atan2(y.v, x.v));
}
inline FlopCounter gather(const double* table, FlopCounter index, std::size_t stride, std::size_t offset) {
  return {table[static_cast<std::size_t>(index.v) * stride + offset]};
}

// what the fibre kernels ask of a number type besides; free, as they stand for moves between registers
namespace fiber_detail {
inline FlopCounter round_nearest(FlopCounter x) {
  return {std::nearbyint(x.v)};
}
inline void set_value(FlopCounter& x, std::size_t, double value) {
  x.v = value;
}
}  // namespace fiber_detail

}  // namespace buttress
