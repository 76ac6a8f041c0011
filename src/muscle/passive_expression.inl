#pragma once
#include <array>
#include <cmath>
#include <limits>

#include "muscle/passive_expression.h"

namespace buttress {
namespace passive_detail {

// functions without a form for several lanes: each lane by itself
template <class T, class Function>
T apply_to_lanes(const T& x, const Function& f) {
  T y = x;
  for (std::size_t i = 0; i < lanes_of<T>; ++i) set_lane(y, i, f(get_lane(x, i)));
  return y;
}
template <class T>
T calc_floor(const T& x) {
  return apply_to_lanes(x, [](double v) { return std::floor(v); });
}
template <class T>
Dual<T> calc_floor(const Dual<T>& x) {
  return {calc_floor(x.v), T(0.0)};
}
template <class T>
T calc_erf(const T& x) {
  return apply_to_lanes(x, [](double v) { return std::erf(v); });
}
template <class T>
Dual<T> calc_erf(const Dual<T>& x) {
  return {calc_erf(x.v), T(1.1283791670955126) * exp(-x.v * x.v) * x.d};
}
// 1 - erf loses all digits for large x
template <class T>
T calc_erfc(const T& x) {
  return apply_to_lanes(x, [](double v) { return std::erfc(v); });
}
template <class T>
Dual<T> calc_erfc(const Dual<T>& x) {
  return {calc_erfc(x.v), T(-1.1283791670955126) * exp(-x.v * x.v) * x.d};
}

template <class T>
T calc_tanh(const T& x) {
  // never overflows: exp(-2|x|) <= 1
  const T e = exp(T(-2.0) * abs(x));
  const T y = (T(1.0) - e) / (T(1.0) + e);
  return select(x < T(0.0), -y, y);
}

// x^y for any whole y and for x >= 0; NaN otherwise, as std::pow
template <class T>
T calc_power(const T& x, const T& y) {
  const T whole = calc_floor(y);
  const Mask<T> is_whole = whole == y;
  const T half = whole * T(0.5);
  const Mask<T> is_odd = !(calc_floor(half) == half);
  const T size = abs(x);
  const Mask<T> is_zero = size == T(0.0);
  const T magnitude = exp(y * log(select(is_zero, T(1.0), size)));
  const T signed_magnitude = select(
      x < T(0.0), select(is_whole, select(is_odd, -magnitude, magnitude), T(std::numeric_limits<double>::quiet_NaN())),
      magnitude);
  // 0^0 = 1, 0^y = 0 or infinite
  const T at_zero = select(y > T(0.0), T(0.0), select(y < T(0.0), T(std::numeric_limits<double>::infinity()), T(1.0)));
  return select(is_zero, at_zero, signed_magnitude);
}

// x^n by repeated squaring: right for negative x, and its derivative holds at zero
template <class T>
T calc_whole_power(const T& x, int n) {
  T result(1.0), square = x;
  for (int left = n < 0 ? -n : n; left > 0; left /= 2) {
    if (left % 2 == 1) result = result * square;
    square = square * square;
  }
  return n < 0 ? T(1.0) / result : result;
}

inline int find_operand_count(ExpressionOperation operation) {
  switch (operation) {
    case ExpressionOperation::constant:
    case ExpressionOperation::variable:
      return 0;
    case ExpressionOperation::add:
    case ExpressionOperation::subtract:
    case ExpressionOperation::multiply:
    case ExpressionOperation::divide:
    case ExpressionOperation::power:
    case ExpressionOperation::min:
    case ExpressionOperation::max:
      return 2;
    case ExpressionOperation::select:
      return 3;
    default:
      return 1;
  }
}

/// a[0], a[1], a[2]: the operands
template <class T>
T apply(ExpressionOperation operation, const T* a) {
  const T one(1.0), zero(0.0);
  switch (operation) {
    case ExpressionOperation::constant:
    case ExpressionOperation::variable:
      break;
    case ExpressionOperation::add:
      return a[0] + a[1];
    case ExpressionOperation::subtract:
      return a[0] - a[1];
    case ExpressionOperation::multiply:
      return a[0] * a[1];
    case ExpressionOperation::divide:
      return a[0] / a[1];
    case ExpressionOperation::power:
      return calc_power(a[0], a[1]);
    case ExpressionOperation::negate:
      return -a[0];
    case ExpressionOperation::sqrt:
      return sqrt(a[0]);
    case ExpressionOperation::exp:
      return exp(a[0]);
    case ExpressionOperation::log:
      return log(a[0]);
    case ExpressionOperation::sin:
      return sin(a[0]);
    case ExpressionOperation::cos:
      return cos(a[0]);
    case ExpressionOperation::sec:
      return one / cos(a[0]);
    case ExpressionOperation::csc:
      return one / sin(a[0]);
    case ExpressionOperation::tan:
      return sin(a[0]) / cos(a[0]);
    case ExpressionOperation::cot:
      return cos(a[0]) / sin(a[0]);
    case ExpressionOperation::asin:
      return asin(a[0]);
    case ExpressionOperation::acos:
      return acos(a[0]);
    case ExpressionOperation::atan:
      return atan2(a[0], one);
    case ExpressionOperation::sinh:
      return T(0.5) * (exp(a[0]) - exp(-a[0]));
    case ExpressionOperation::cosh:
      return T(0.5) * (exp(a[0]) + exp(-a[0]));
    case ExpressionOperation::tanh:
      return calc_tanh(a[0]);
    case ExpressionOperation::erf:
      return calc_erf(a[0]);
    case ExpressionOperation::erfc:
      return calc_erfc(a[0]);
    case ExpressionOperation::step:
      return select(a[0] >= zero, one, zero);
    case ExpressionOperation::delta:
      return select(a[0] == zero, one, zero);
    case ExpressionOperation::square:
      return a[0] * a[0];
    case ExpressionOperation::cube:
      return a[0] * a[0] * a[0];
    case ExpressionOperation::recip:
      return one / a[0];
    case ExpressionOperation::abs:
      return abs(a[0]);
    case ExpressionOperation::floor:
      return calc_floor(a[0]);
    case ExpressionOperation::ceil:
      return -calc_floor(-a[0]);
    case ExpressionOperation::min:
      return min(a[0], a[1]);
    case ExpressionOperation::max:
      return max(a[0], a[1]);
    case ExpressionOperation::select:
      return select(a[0] == zero, a[2], a[1]);
  }
  return zero;
}

}  // namespace passive_detail

template <class T>
T evaluate(const Expression& expression, const T* variables) {
  std::array<T, kExpressionStack> stack;
  // what an expression without steps is worth
  stack[0] = T(0.0);
  std::size_t depth = 0;
  for (std::size_t i = 0; i < expression.steps.size(); ++i) {
    const ExpressionStep& step = expression.steps[i];
    switch (step.operation) {
      case ExpressionOperation::constant:
        stack[depth++] = T(step.constant);
        break;
      case ExpressionOperation::variable:
        stack[depth++] = variables[step.variable];
        break;
      default: {
        const ExpressionStep* before = i > 0 ? &expression.steps[i - 1] : nullptr;
        // a constant whole exponent, which is what nearly all formulas have
        if (step.operation == ExpressionOperation::power && before->operation == ExpressionOperation::constant &&
            before->constant == std::floor(before->constant) && std::fabs(before->constant) <= 64) {
          --depth;
          stack[depth - 1] = passive_detail::calc_whole_power(stack[depth - 1], static_cast<int>(before->constant));
          break;
        }
        depth -= static_cast<std::size_t>(passive_detail::find_operand_count(step.operation));
        stack[depth] = passive_detail::apply(step.operation, &stack[depth]);
        ++depth;
      }
    }
  }
  return stack[0];
}

}  // namespace buttress
