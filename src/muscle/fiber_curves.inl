#pragma once
#include <array>
#include <cstring>

#include "muscle/fiber_curves.h"

namespace buttress {
namespace fiber_detail {

// nearest whole number for |x| < 2^51: adding 1.5 * 2^52 leaves no bits below one
inline constexpr double kRoundingBias = 6755399441055744.0;

inline double round_nearest(double x) {
  return (x + kRoundingBias) - kRoundingBias;
}
template <class T>
Dual<T> round_nearest(const Dual<T>& x) {
  return {round_nearest(x.v), T(0.0)};
}

/// the eight coefficients of each lane's row
template <class T>
std::array<T, 8> load_row(const double* rows, const T& row) {
  std::array<T, 8> c;
  for (std::size_t i = 0; i < 8; ++i) c[i] = gather(rows, row, 8, i);
  return c;
}
inline std::array<double, 8> load_row(const double* rows, double row) {
  std::array<double, 8> c;
  std::memcpy(c.data(), rows + 8 * static_cast<std::size_t>(row), sizeof(c));
  return c;
}

#if defined(BUTTRESS_HAS_LANES)
template <std::size_t N>
Lanes<double, N> round_nearest(const Lanes<double, N>& x) {
  return (x + Lanes<double, N>(kRoundingBias)) - Lanes<double, N>(kRoundingBias);
}

// the low bits of row + 1.5 * 2^52 are the row number: cheaper than a conversion
template <std::size_t N>
std::array<std::int64_t, N> whole_numbers(const Lanes<double, N>& row) {
  const auto biased = row + Lanes<double, N>(kRoundingBias);
  std::array<std::int64_t, N> bits;
  std::memcpy(bits.data(), &biased.v, sizeof(bits));
  for (auto& b : bits) b = (b & 0xffffffff) * 8;
  return bits;
}

#if defined(__AVX512F__)
// eight rows of eight are loaded whole and transposed: a gather per coefficient would touch memory 64 times
inline std::array<Lanes<double, 8>, 8> load_row(const double* rows, const Lanes<double, 8>& row) {
  using V = Lanes<double, 8>::Vector;
  const auto offset = whole_numbers(row);
  V r[8], s[8];
  for (std::size_t i = 0; i < 8; ++i) std::memcpy(&r[i], rows + offset[i], sizeof(V));
  for (std::size_t i = 0; i < 8; i += 2) {
    s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (std::size_t i = 0; i < 8; i += 4)
    for (std::size_t j = 0; j < 2; ++j) {
      r[i + j] = __builtin_shufflevector(s[i + j], s[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      r[i + j + 2] = __builtin_shufflevector(s[i + j], s[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  std::array<Lanes<double, 8>, 8> c;
  for (std::size_t j = 0; j < 4; ++j) {
    c[j].v = __builtin_shufflevector(r[j], r[j + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    c[j + 4].v = __builtin_shufflevector(r[j], r[j + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  return c;
}
#endif
#if defined(__AVX2__)
inline std::array<Lanes<double, 4>, 8> load_row(const double* rows, const Lanes<double, 4>& row) {
  using V = Lanes<double, 4>::Vector;
  const auto offset = whole_numbers(row);
  std::array<Lanes<double, 4>, 8> c;
  for (std::size_t half = 0; half < 2; ++half) {
    V r[4];
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(&r[i], rows + offset[i] + 4 * half, sizeof(V));
    const V a = __builtin_shufflevector(r[0], r[1], 0, 4, 2, 6), b = __builtin_shufflevector(r[0], r[1], 1, 5, 3, 7);
    const V d = __builtin_shufflevector(r[2], r[3], 0, 4, 2, 6), e = __builtin_shufflevector(r[2], r[3], 1, 5, 3, 7);
    c[4 * half + 0].v = __builtin_shufflevector(a, d, 0, 1, 4, 5);
    c[4 * half + 1].v = __builtin_shufflevector(b, e, 0, 1, 4, 5);
    c[4 * half + 2].v = __builtin_shufflevector(a, d, 2, 3, 6, 7);
    c[4 * half + 3].v = __builtin_shufflevector(b, e, 2, 3, 6, 7);
  }
  return c;
}
#endif
#endif

// the derivative part takes no share in finding the row
template <class T>
std::array<Dual<T>, 8> load_row(const double* rows, const Dual<T>& row) {
  const auto values = load_row(rows, row.v);
  std::array<Dual<T>, 8> c;
  for (std::size_t i = 0; i < 8; ++i) c[i] = {values[i], T(0.0)};
  return c;
}

// h(x) for De Groote's bumps: b1 exp(-(x - b2)^2 / (2 (b3 + b4 x)^2))
template <class T>
T calc_bump(const T& x, double b1, double b2, double b3, double b4) {
  const T r = (x - T(b2)) / (T(b3) + T(b4) * x);
  return T(b1) * exp(T(-0.5) * r * r);
}

}  // namespace fiber_detail

// inlined by force: eight lanes passed through the stack cost a tenth of the whole muscle
template <class T>
[[gnu::always_inline]] inline T evaluate(const CurveTable& table, const T& x) {
  // this order sends a missing number (NaN) to the first bin; it comes back through the muscle's own length
  const T first(table.x_first);
  const T inside = min(T(table.x_last), select(x >= first, x, first));
  T scale(table.segments[0].scale), shift(table.segments[0].shift);
  for (std::size_t k = 1; k < table.segments.size(); ++k) {
    const auto& s = table.segments[k];
    const Mask<T> passed = inside >= T(s.start);
    scale = select(passed, T(s.scale), scale);
    shift = select(passed, T(s.shift), shift);
  }
  const T place = scale * inside + shift;
  const T row = fiber_detail::round_nearest(place);
  const T t = place - row;
  const auto c = fiber_detail::load_row(table.rows.data(), row);
  // even and odd powers side by side, so that the two chains run at once
  const T t2 = t * t;
  const T even = c[0] + t2 * (c[2] + t2 * (c[4] + t2 * c[6]));
  const T odd = c[1] + t2 * (c[3] + t2 * (c[5] + t2 * c[7]));
  T y = even + t * odd;
  if (table.slope_before != 0) y = y + T(table.slope_before) * (min(x, first) - first);
  if (table.slope_after != 0) y = y + T(table.slope_after) * (max(x, T(table.x_last)) - T(table.x_last));
  return y;
}

template <class T>
T calc_thelen_active_force(const T& norm_fiber_length, double k_shape_active) {
  const T d = norm_fiber_length - T(1.0);
  return exp(d * d * T(-1.0 / k_shape_active));
}

template <class T>
T calc_thelen_passive_force(const T& norm_fiber_length, double k_shape_passive, double fmax_muscle_strain) {
  const T strain = max(norm_fiber_length - T(1.0), T(0.0));
  return (exp(T(k_shape_passive / fmax_muscle_strain) * strain) - T(1.0)) * T(1.0 / (std::exp(k_shape_passive) - 1.0));
}

template <class T>
T calc_thelen_force_velocity(const T& norm_fiber_velocity, double af, double flen, double threshold) {
  const T v = norm_fiber_velocity;
  // shortening: v = (f - 1)/(1 + f/af)
  const T shortening = min(max(v, T(-1.0)), T(0.0));
  const T f_shortening = (T(1.0) + shortening) / (T(1.0) - shortening * T(1.0 / af));
  // lengthening: v = (f - 1)(flen - 1)/(k (flen - f)), up to f0 = threshold * flen
  const double k = 2 + 2 / af, f0 = threshold * flen, v0 = (f0 - 1) * (flen - 1) / (k * (flen - f0));
  const T lengthening = min(max(v, T(0.0)), T(v0));
  const T f_lengthening = (T(flen - 1) + lengthening * T(k * flen)) / (T(flen - 1) + lengthening * T(k));
  // beyond: straight on, with df/dv = k (flen - f0)^2 / (flen - 1)^2
  const double slope = k * (flen - f0) * (flen - f0) / ((flen - 1) * (flen - 1));
  const T f_beyond = T(slope) * (max(v, T(v0)) - T(v0));
  return select(v < T(0.0), f_shortening, f_lengthening) + f_beyond;
}

template <class T>
T calc_degroote_active_force(const T& norm_fiber_length, double width_scale) {
  using fiber_detail::calc_bump;
  const T x = (norm_fiber_length - T(1.0)) * T(1.0 / width_scale) + T(1.0);
  return calc_bump(x, 0.8150671134243542, 1.055033428970575, 0.162384573599574, 0.063303448465465) +
         calc_bump(x, 0.433004984392647, 0.716775413397760, -0.029947116970696, 0.200356847296188) +
         calc_bump(x, 0.1, 1.0, 0.353553390593274, 0.0);
}

template <class T>
T calc_degroote_passive_force(const T& norm_fiber_length, double strain_at_one_norm_force) {
  const double k = 4.0, e0 = strain_at_one_norm_force, offset = std::exp(k * (0.2 - 1.0) / e0);
  return (exp((norm_fiber_length - T(1.0)) * T(k / e0)) - T(offset)) * T(1.0 / (std::exp(k) - offset));
}

template <class T>
T calc_degroote_force_velocity(const T& norm_fiber_velocity) {
  const double d1 = -0.3211346127989808, d2 = -8.149, d3 = -0.374, d4 = 0.8825327733249912;
  // d1 asinh(z) + d4; asinh is odd, and log(|z| + ...) keeps its digits for large |z|
  const T z = T(d2) * norm_fiber_velocity + T(d3);
  const T size = abs(z);
  const T asinh_size = log(size + sqrt(size * size + T(1.0)));
  return T(d1) * select(z < T(0.0), -asinh_size, asinh_size) + T(d4);
}

}  // namespace buttress
