#pragma once
#include <cstdint>
#include <cstring>

#include "simd/scalar.h"

/// Lanes<double,N>: N doubles in one vector register, by the vector extension of GCC and Clang, with sines
/// and the like from glibc's libmvec. Each translation unit that uses Lanes<double,8> is compiled for AVX-512,
/// Lanes<double,4> for AVX2, Lanes<double,2> for SSE: the types differ, so code of two instruction sets never mixes.
#if defined(__x86_64__)
#include <immintrin.h>
#define BUTTRESS_HAS_LANES 1

namespace buttress {

template <class T, std::size_t N>
struct Lanes;

/// the register types of each width, spelled out because GCC drops vector_size when it depends on N
template <std::size_t N>
struct RegisterOf;
template <>
struct RegisterOf<2> {
  typedef double Real __attribute__((vector_size(16)));
  typedef std::int64_t Word __attribute__((vector_size(16)));
};
template <>
struct RegisterOf<4> {
  typedef double Real __attribute__((vector_size(32)));
  typedef std::int64_t Word __attribute__((vector_size(32)));
};
template <>
struct RegisterOf<8> {
  typedef double Real __attribute__((vector_size(64)));
  typedef std::int64_t Word __attribute__((vector_size(64)));
};

/// one 64-bit word per lane, all ones where true
template <std::size_t N>
struct LaneMask {
  using Vector = typename RegisterOf<N>::Word;
  Vector v;
  friend LaneMask operator&(LaneMask a, LaneMask b) { return {a.v & b.v}; }
  friend LaneMask operator|(LaneMask a, LaneMask b) { return {a.v | b.v}; }
  friend LaneMask operator&&(LaneMask a, LaneMask b) { return {a.v & b.v}; }
  friend LaneMask operator||(LaneMask a, LaneMask b) { return {a.v | b.v}; }
  friend LaneMask operator!(LaneMask a) { return {~a.v}; }
};

template <std::size_t N>
struct Lanes<double, N> {
  using Vector = typename RegisterOf<N>::Real;
  Vector v;

  Lanes() = default;
  Lanes(double x) : v(Vector{} + x) {}
  explicit Lanes(Vector x) : v(x) {}
  static Lanes load(const double* p) {
    Lanes r;
    std::memcpy(&r.v, p, sizeof(r.v));
    return r;
  }
  void store(double* p) const { std::memcpy(p, &v, sizeof(v)); }

  friend Lanes operator+(Lanes a, Lanes b) { return Lanes(a.v + b.v); }
  friend Lanes operator-(Lanes a, Lanes b) { return Lanes(a.v - b.v); }
  friend Lanes operator*(Lanes a, Lanes b) { return Lanes(a.v * b.v); }
  friend Lanes operator/(Lanes a, Lanes b) { return Lanes(a.v / b.v); }
  friend Lanes operator-(Lanes a) { return Lanes(-a.v); }
  Lanes& operator+=(Lanes b) { return v += b.v, *this; }
  Lanes& operator-=(Lanes b) { return v -= b.v, *this; }
  Lanes& operator*=(Lanes b) { return v *= b.v, *this; }
  Lanes& operator/=(Lanes b) { return v /= b.v, *this; }
  friend LaneMask<N> operator<(Lanes a, Lanes b) { return {a.v < b.v}; }
  friend LaneMask<N> operator>(Lanes a, Lanes b) { return {a.v > b.v}; }
  friend LaneMask<N> operator<=(Lanes a, Lanes b) { return {a.v <= b.v}; }
  friend LaneMask<N> operator>=(Lanes a, Lanes b) { return {a.v >= b.v}; }
  friend LaneMask<N> operator==(Lanes a, Lanes b) { return {a.v == b.v}; }
};

template <std::size_t N>
struct NumberTraits<Lanes<double, N>> {
  static constexpr std::size_t lanes = N;
  using Mask = LaneMask<N>;
};

template <std::size_t N>
inline Lanes<double, N> select(LaneMask<N> m, Lanes<double, N> a, Lanes<double, N> b) {
  return Lanes<double, N>(m.v ? a.v : b.v);
}
template <std::size_t N>
inline bool any(LaneMask<N> m) {
  // one test of the whole register where there is one
#if defined(__AVX512F__)
  if constexpr (N == 8) return _mm512_test_epi64_mask((__m512i)m.v, (__m512i)m.v) != 0;
#endif
#if defined(__AVX__)
  if constexpr (N == 4) return _mm256_movemask_pd((__m256d)m.v) != 0;
#endif
  std::int64_t r = 0;
  for (std::size_t i = 0; i < N; ++i) r |= m.v[i];
  return r != 0;
}
template <std::size_t N>
inline bool all(LaneMask<N> m) {
#if defined(__AVX512F__)
  if constexpr (N == 8) return _mm512_test_epi64_mask((__m512i)m.v, (__m512i)m.v) == 0xff;
#endif
#if defined(__AVX__)
  if constexpr (N == 4) return _mm256_movemask_pd((__m256d)m.v) == 0xf;
#endif
  std::int64_t r = -1;
  for (std::size_t i = 0; i < N; ++i) r &= m.v[i];
  return r != 0;
}
template <std::size_t N>
inline bool get_lane(LaneMask<N> m, std::size_t i) {
  return m.v[i] != 0;
}
template <std::size_t N>
inline double get_lane(const Lanes<double, N>& x, std::size_t i) {
  return x.v[i];
}
template <std::size_t N>
inline void set_lane(Lanes<double, N>& x, std::size_t i, double value) {
  x.v[i] = value;
}

template <std::size_t N>
inline Lanes<double, N> abs(Lanes<double, N> a) {
  return select(a < Lanes<double, N>(0.0), -a, a);
}
template <std::size_t N>
inline Lanes<double, N> min(Lanes<double, N> a, Lanes<double, N> b) {
  return select(a < b, a, b);
}
template <std::size_t N>
inline Lanes<double, N> max(Lanes<double, N> a, Lanes<double, N> b) {
  return select(a > b, a, b);
}
template <std::size_t N>
inline Lanes<double, N> gather(const double* table, Lanes<double, N> index, std::size_t stride, std::size_t offset) {
  Lanes<double, N> r;
  for (std::size_t i = 0; i < N; ++i) r.v[i] = table[static_cast<std::size_t>(index.v[i]) * stride + offset];
  return r;
}

// glibc's vector functions, named by width: b = 2 doubles (SSE), d = 4 (AVX2), e = 8 (AVX-512)
#define BUTTRESS_VECTOR_FUNCTION1(width, letter, function)                                                    \
  extern "C" Lanes<double, width>::Vector _ZGV##letter##N##width##v_##function(Lanes<double, width>::Vector); \
  inline Lanes<double, width> function(Lanes<double, width> x) {                                              \
    return Lanes<double, width>(_ZGV##letter##N##width##v_##function(x.v));                                   \
  }
#define BUTTRESS_VECTOR_FUNCTIONS(width, letter)                                                          \
  BUTTRESS_VECTOR_FUNCTION1(width, letter, sin)                                                           \
  BUTTRESS_VECTOR_FUNCTION1(width, letter, cos)                                                           \
  BUTTRESS_VECTOR_FUNCTION1(width, letter, exp)                                                           \
  BUTTRESS_VECTOR_FUNCTION1(width, letter, log)                                                           \
  BUTTRESS_VECTOR_FUNCTION1(width, letter, acos)                                                          \
  BUTTRESS_VECTOR_FUNCTION1(width, letter, asin)                                                          \
  extern "C" Lanes<double, width>::Vector _ZGV##letter##N##width##vv_atan2(Lanes<double, width>::Vector,  \
                                                                           Lanes<double, width>::Vector); \
  inline Lanes<double, width> atan2(Lanes<double, width> y, Lanes<double, width> x) {                     \
    return Lanes<double, width>(_ZGV##letter##N##width##vv_atan2(y.v, x.v));                              \
  }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wpsabi"
BUTTRESS_VECTOR_FUNCTIONS(2, b)
#if defined(__AVX2__)
BUTTRESS_VECTOR_FUNCTIONS(4, d)
#endif
#if defined(__AVX512F__)
BUTTRESS_VECTOR_FUNCTIONS(8, e)
#endif
#pragma GCC diagnostic pop
#undef BUTTRESS_VECTOR_FUNCTIONS
#undef BUTTRESS_VECTOR_FUNCTION1

template <std::size_t N>
inline Lanes<double, N> sqrt(Lanes<double, N> x) {
  // the loop below becomes one instruction only without errno, so the register widths are named; the masked form
  // keeps GCC 12 from warning about its own header
#if defined(__AVX512F__)
  if constexpr (N == 8) return Lanes<double, N>(_mm512_maskz_sqrt_pd(0xff, x.v));
#endif
#if defined(__AVX__)
  if constexpr (N == 4) return Lanes<double, N>(_mm256_sqrt_pd(x.v));
#endif
  if constexpr (N == 2) return Lanes<double, N>(_mm_sqrt_pd(x.v));
  Lanes<double, N> r;
  for (std::size_t i = 0; i < N; ++i) r.v[i] = __builtin_sqrt(x.v[i]);
  return r;
}

}  // namespace buttress
#endif
