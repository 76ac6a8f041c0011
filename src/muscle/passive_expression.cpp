#include "muscle/passive_expression.h"

#include <algorithm>
#include <cctype>

#include "base/decimal.h"
#include "muscle/passive_expression.inl"

namespace buttress {
namespace {

using Operation = ExpressionOperation;

struct NamedFunction {
  std::string_view name;
  Operation operation;
};
constexpr NamedFunction kFunctions[] = {
    {"sqrt", Operation::sqrt}, {"exp", Operation::exp},     {"log", Operation::log},     {"sin", Operation::sin},
    {"cos", Operation::cos},   {"sec", Operation::sec},     {"csc", Operation::csc},     {"tan", Operation::tan},
    {"cot", Operation::cot},   {"asin", Operation::asin},   {"acos", Operation::acos},   {"atan", Operation::atan},
    {"sinh", Operation::sinh}, {"cosh", Operation::cosh},   {"tanh", Operation::tanh},   {"erf", Operation::erf},
    {"erfc", Operation::erfc}, {"step", Operation::step},   {"delta", Operation::delta}, {"square", Operation::square},
    {"cube", Operation::cube}, {"recip", Operation::recip}, {"abs", Operation::abs},     {"floor", Operation::floor},
    {"ceil", Operation::ceil}, {"min", Operation::min},     {"max", Operation::max},     {"select", Operation::select},
};

// parts that use parts could otherwise grow without end
constexpr std::size_t kMostSteps = 10000;

using Steps = std::vector<ExpressionStep>;

struct NamedPart {
  std::string name;
  Steps steps;
};

/// thrown inside this file only; parse_expression turns it into a value
struct Stop {
  ExpressionError error;
};

void append_operation(Steps& steps, Operation operation) {
  const auto count = static_cast<std::size_t>(passive_detail::find_operand_count(operation));
  // operands that are all constants are worked out at once: exponents such as -(1+1) become plain numbers
  const bool constant = std::all_of(steps.end() - static_cast<std::ptrdiff_t>(count), steps.end(),
                                    [](const ExpressionStep& s) { return s.operation == Operation::constant; });
  if (!constant) {
    steps.push_back({operation, 0, 0});
    return;
  }
  Expression folded;
  folded.steps.assign(steps.end() - static_cast<std::ptrdiff_t>(count), steps.end());
  folded.steps.push_back({operation, 0, 0});
  steps.resize(steps.size() - count);
  steps.push_back({Operation::constant, evaluate<double>(folded, nullptr), 0});
}

struct Parser {
  std::string_view text;
  const std::vector<std::string>& variables;
  const std::vector<NamedPart>& parts;
  std::size_t at;   ///< next character
  std::size_t end;  ///< one past the last character of the part being read
  int nesting = 0;

  [[noreturn]] void stop(std::string message) const { throw Stop{{at, std::move(message)}}; }
  void skip_blanks() {
    while (at < end && std::isspace(static_cast<unsigned char>(text[at]))) ++at;
  }
  char peek() {
    skip_blanks();
    return at < end ? text[at] : '\0';
  }
  std::string describe_next() {
    return at < end ? std::string("'") + text[at] + "'" : std::string("the end of the expression");
  }

  // everything that binds at least as tightly as `tightest`: 0 + -, 1 * /, 2 unary minus, 3 ^
  void read(int tightest, Steps& steps) {
    if (++nesting > 200) stop("the expression is nested too deeply");
    read_operand(steps);
    for (;;) {
      const char c = peek();
      const Operation operation = c == '+'   ? Operation::add
                                  : c == '-' ? Operation::subtract
                                  : c == '*' ? Operation::multiply
                                  : c == '/' ? Operation::divide
                                  : c == '^' ? Operation::power
                                             : Operation::constant;
      if (operation == Operation::constant) break;
      const int strength = c == '^' ? 3 : (c == '*' || c == '/') ? 1 : 0;
      if (strength < tightest) break;
      ++at;
      read(c == '^' ? strength : strength + 1, steps);
      append_operation(steps, operation);
    }
    --nesting;
  }

  void read_operand(Steps& steps) {
    const char c = peek();
    if (c == '(') {
      ++at;
      read(0, steps);
      expect(')');
    } else if (c == '-') {
      ++at;
      read(2, steps);
      append_operation(steps, Operation::negate);
    } else if (c == '.' || std::isdigit(static_cast<unsigned char>(c))) {
      read_number(steps);
    } else if (std::isalpha(static_cast<unsigned char>(c)) || c == '_') {
      read_name(steps);
    } else {
      stop("found " + describe_next() + ", expected a number, a variable, a function or '('");
    }
  }

  void expect(char wanted) {
    if (peek() != wanted) stop("found " + describe_next() + ", expected '" + wanted + "'");
    ++at;
  }

  void read_number(Steps& steps) {
    std::size_t stop_at = at;
    const auto digits = [&] {
      const std::size_t first = stop_at;
      while (stop_at < end && std::isdigit(static_cast<unsigned char>(text[stop_at]))) ++stop_at;
      return stop_at - first;
    };
    std::size_t count = digits();
    if (stop_at < end && text[stop_at] == '.') {
      ++stop_at;
      count += digits();
    }
    if (count == 0) stop("found '.', expected a number");
    if (stop_at < end && (text[stop_at] == 'e' || text[stop_at] == 'E')) {
      ++stop_at;
      if (stop_at < end && (text[stop_at] == '+' || text[stop_at] == '-')) ++stop_at;
      if (digits() == 0) stop("the exponent of this number has no digits");
    }
    steps.push_back({Operation::constant, scan_decimal(text.substr(at, stop_at - at)).value, 0});
    at = stop_at;
  }

  void read_name(Steps& steps) {
    const std::size_t first = at;
    while (at < end && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_' || text[at] == '.')) ++at;
    const std::string name(text.substr(first, at - first));
    if (peek() == '(') return read_function(name, first, steps);
    for (const NamedPart& part : parts)
      if (part.name == name) {
        if (steps.size() + part.steps.size() > kMostSteps) stop("the expression is too long");
        steps.insert(steps.end(), part.steps.begin(), part.steps.end());
        return;
      }
    const auto found = std::find(variables.begin(), variables.end(), name);
    if (found == variables.end()) {
      std::string known;
      for (const std::string& v : variables) known += (known.empty() ? "" : ", ") + v;
      at = first;
      stop("unknown variable '" + name + "'; known here: " + known);
    }
    steps.push_back({Operation::variable, 0, static_cast<int>(found - variables.begin())});
  }

  void read_function(const std::string& name, std::size_t first, Steps& steps) {
    const auto* found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                     [&](const NamedFunction& f) { return f.name == name; });
    if (found == std::end(kFunctions)) {
      at = first;
      stop("unknown function '" + name + "'");
    }
    expect('(');
    const int wanted = passive_detail::find_operand_count(found->operation);
    for (int i = 0; i < wanted; ++i) {
      if (i > 0) expect(',');
      read(0, steps);
    }
    expect(')');
    append_operation(steps, found->operation);
  }

  Steps read_whole() {
    Steps steps;
    read(0, steps);
    if (peek() != '\0') stop("found " + describe_next() + " after the end of the expression");
    return steps;
  }
};

std::size_t find_stack_depth(const Steps& steps) {
  std::size_t depth = 0, deepest = 0;
  for (const ExpressionStep& s : steps) {
    depth = depth + 1 - static_cast<std::size_t>(passive_detail::find_operand_count(s.operation));
    deepest = std::max(deepest, depth);
  }
  return deepest;
}

}  // namespace

ParsedExpression parse_expression(std::string_view text, const std::vector<std::string>& variables) {
  ParsedExpression result;
  try {
    // named parts are read from the last to the first, so that each may use those behind it
    std::vector<NamedPart> parts;
    std::size_t end = text.size();
    for (;;) {
      const std::size_t semicolon = text.substr(0, end).rfind(';');
      if (semicolon == std::string_view::npos) break;
      Parser parser{text, variables, parts, semicolon + 1, end};
      if (parser.peek() != '\0') {
        const std::size_t first = parser.at;
        while (parser.at < end && (std::isalnum(static_cast<unsigned char>(text[parser.at])) || text[parser.at] == '_'))
          ++parser.at;
        const std::string name(text.substr(first, parser.at - first));
        if (name.empty() || parser.peek() != '=') parser.stop("expected name = expression after ';'");
        ++parser.at;
        Steps steps = parser.read_whole();
        parts.push_back({name, std::move(steps)});
      }
      end = semicolon;
    }
    Parser parser{text, variables, parts, 0, end};
    result.expression.steps = parser.read_whole();
    if (result.expression.steps.size() > kMostSteps || find_stack_depth(result.expression.steps) > kExpressionStack)
      throw Stop{{0, "the expression is too long or nested too deeply"}};
  } catch (const Stop& problem) {
    result.expression.steps.clear();
    result.error = problem.error;
  }
  return result;
}

template double evaluate<double>(const Expression&, const double*);

}  // namespace buttress
