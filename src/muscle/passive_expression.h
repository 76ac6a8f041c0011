#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simd/dual.h"
#include "simd/lanes.h"

/// The formulas of ExpressionBasedBushingForce and ExpressionBasedCoordinateForce, in the language that OpenSim's
/// parser (Lepton) accepts, compiled to a list of steps for a stack.
///
/// numbers (1, 2.5, .3e-2), variables, + - * / ^ (right to left), unary minus (below ^, above *: -x^2 = -(x^2)),
/// parentheses, and the functions sqrt exp log sin cos sec csc tan cot asin acos atan sinh cosh tanh erf erfc step
/// delta square cube recip abs floor ceil min(a, b) max(a, b) select(c, a, b). log is natural; step(x) is 1 for
/// x >= 0; delta(x) is 1 for x = 0; select gives a unless c = 0. After the formula, named parts may follow:
/// "k*u^2; u = q - 0.3; k = 12".
namespace buttress {

enum class ExpressionOperation {
  constant,
  variable,
  add,
  subtract,
  multiply,
  divide,
  power,
  negate,
  sqrt,
  exp,
  log,
  sin,
  cos,
  sec,
  csc,
  tan,
  cot,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  erf,
  erfc,
  step,
  delta,
  square,
  cube,
  recip,
  abs,
  floor,
  ceil,
  min,
  max,
  select
};

struct ExpressionStep {
  ExpressionOperation operation = ExpressionOperation::constant;
  double constant = 0;  ///< constant
  int variable = 0;     ///< variable: index into the values given to evaluate()
};

/// steps in the order of evaluation: operands first
struct Expression {
  std::vector<ExpressionStep> steps;
};

/// no deeper stack is needed by an accepted expression
inline constexpr std::size_t kExpressionStack = 32;

struct ExpressionError {
  std::size_t position = 0;  ///< 0-based character of the text at which reading stopped
  std::string message;
};

struct ParsedExpression {
  Expression expression;
  std::optional<ExpressionError> error;  ///< when set, the expression is empty
};

/// Reads a formula in these variables; their order is the order of values in evaluate().
ParsedExpression parse_expression(std::string_view text, const std::vector<std::string>& variables);

/// value for these variables; does not allocate
template <class T>
T evaluate(const Expression& expression, const T* variables);

// compiled once for plain numbers; passive_expression.inl holds the definitions for lanes and derivatives
extern template double evaluate<double>(const Expression&, const double*);

}  // namespace buttress
