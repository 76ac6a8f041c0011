#pragma once
#include <cstddef>

#include "simd/dual.h"
#include "simd/lanes.h"

/// For lanes_test.cpp: every function of the number types, by name, over arrays. Each instruction set has a small file
/// of its own that holds nothing else, because whatever is compiled for AVX-512 must not be linked into the rest.
namespace buttress::lanes_testing {

enum class Operation {
  add,
  subtract,
  multiply,
  divide,
  negate,
  add_assign,
  subtract_assign,
  multiply_assign,
  divide_assign,
  less,
  greater,
  less_or_equal,
  greater_or_equal,
  equal,
  mask_and,
  mask_or,
  mask_not,
  select_smaller,
  minimum,
  maximum,
  absolute,
  square_root,
  sine,
  cosine,
  exponential,
  logarithm,
  arc_cosine,
  arc_sine,
  arc_tangent,
  look_up,
  count
};

/// table that look_up reads as table[x * 2 + 1], x = 0 .. 7
inline constexpr double kTable[16] = {0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16, 7, 17};

template <class T>
T apply(Operation operation, T x, T y) {
  const T one(1.0), zero(0.0);
  switch (operation) {
    case Operation::add:
      return x + y;
    case Operation::subtract:
      return x - y;
    case Operation::multiply:
      return x * y;
    case Operation::divide:
      return x / y;
    case Operation::negate:
      return -x;
    case Operation::add_assign:
      return x += y;
    case Operation::subtract_assign:
      return x -= y;
    case Operation::multiply_assign:
      return x *= y;
    case Operation::divide_assign:
      return x /= y;
    case Operation::less:
      return select(x < y, one, zero);
    case Operation::greater:
      return select(x > y, one, zero);
    case Operation::less_or_equal:
      return select(x <= y, one, zero);
    case Operation::greater_or_equal:
      return select(x >= y, one, zero);
    case Operation::equal:
      return select(x == y, one, zero);
    case Operation::mask_and:
      return select(x < y && x > zero, one, zero);
    case Operation::mask_or:
      return select(x < y || x > zero, one, zero);
    case Operation::mask_not:
      return select(!(x < y), one, zero);
    case Operation::select_smaller:
      return select(x < y, x, y);
    case Operation::minimum:
      return min(x, y);
    case Operation::maximum:
      return max(x, y);
    case Operation::absolute:
      return abs(x);
    case Operation::square_root:
      return sqrt(x);
    case Operation::sine:
      return sin(x);
    case Operation::cosine:
      return cos(x);
    case Operation::exponential:
      return exp(x);
    case Operation::logarithm:
      return log(x);
    case Operation::arc_cosine:
      return acos(x);
    case Operation::arc_sine:
      return asin(x);
    case Operation::arc_tangent:
      return atan2(x, y);
    case Operation::look_up:
      return gather(kTable, x, 2, 1);
    case Operation::count:
      break;
  }
  return zero;
}

/// out[i] = operation(x[i], y[i]) for i < count, count a multiple of 8
using Evaluate = void (*)(Operation operation, const double* x, const double* y, double* out, std::size_t count);
/// the same with derivatives: value[i], slope[i] of operation at (x[i], y[i]) along (dx[i], dy[i])
using EvaluateDual = void (*)(Operation operation, const double* x, const double* y, const double* dx, const double* dy,
                              double* value, double* slope, std::size_t count);
/// any[g], all[g] of x < y over each group g of lanes
using EvaluateAnyAll = void (*)(const double* x, const double* y, bool* any, bool* all, std::size_t count);
/// writes lane by lane with set_lane(), reads lane by lane with get_lane()
using CopyByLane = void (*)(const double* x, double* out, std::size_t count);

/// what one instruction set offers
struct InstructionSet {
  const char* name;
  std::size_t lanes;
  Evaluate evaluate;
  EvaluateDual evaluate_dual;
  EvaluateAnyAll evaluate_any_all;
  CopyByLane copy_by_lane;
};

#if defined(BUTTRESS_HAS_LANES)
template <std::size_t N>
void evaluate(Operation operation, const double* x, const double* y, double* out, std::size_t count) {
  using T = Lanes<double, N>;
  for (std::size_t i = 0; i < count; i += N) apply(operation, T::load(x + i), T::load(y + i)).store(out + i);
}

template <std::size_t N>
void evaluate_dual(Operation operation, const double* x, const double* y, const double* dx, const double* dy,
                   double* value, double* slope, std::size_t count) {
  using T = Lanes<double, N>;
  for (std::size_t i = 0; i < count; i += N) {
    const Dual<T> a(T::load(x + i), T::load(dx + i)), b(T::load(y + i), T::load(dy + i));
    const Dual<T> r = apply(operation, a, b);
    r.v.store(value + i);
    r.d.store(slope + i);
  }
}

template <std::size_t N>
void evaluate_any_all(const double* x, const double* y, bool* any_less, bool* all_less, std::size_t count) {
  using T = Lanes<double, N>;
  for (std::size_t i = 0; i < count; i += N) {
    const LaneMask<N> m = T::load(x + i) < T::load(y + i);
    any_less[i / N] = any(m);
    all_less[i / N] = all(m);
  }
}

template <std::size_t N>
void copy_by_lane(const double* x, double* out, std::size_t count) {
  for (std::size_t i = 0; i < count; i += N) {
    Lanes<double, N> r(0.0);
    for (std::size_t lane = 0; lane < N; ++lane) set_lane(r, lane, x[i + lane]);
    for (std::size_t lane = 0; lane < N; ++lane) out[i + lane] = get_lane(r, lane);
  }
}

template <std::size_t N>
constexpr InstructionSet make_instruction_set(const char* name) {
  return {name, N, evaluate<N>, evaluate_dual<N>, evaluate_any_all<N>, copy_by_lane<N>};
}

extern const InstructionSet kSse, kAvx2, kAvx512;
#endif

}  // namespace buttress::lanes_testing
