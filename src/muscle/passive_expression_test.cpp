#include "muscle/passive_expression.inl"

#include <gtest/gtest.h>

#include <cmath>

namespace buttress {
namespace {

double value_of(const std::string& text, double x = 0, double y = 0) {
  const ParsedExpression parsed = parse_expression(text, {"x", "y"});
  EXPECT_FALSE(parsed.error) << text << ": " << (parsed.error ? parsed.error->message : "");
  if (parsed.error) return std::nan("");
  const double values[2] = {x, y};
  return evaluate(parsed.expression, values);
}

ExpressionError error_of(const std::string& text) {
  const ParsedExpression parsed = parse_expression(text, {"x", "y"});
  EXPECT_TRUE(parsed.error) << text << " was accepted";
  EXPECT_TRUE(parsed.expression.steps.empty());
  return parsed.error.value_or(ExpressionError{});
}

// the reference of all these is the same formula written in C++
TEST(PassiveExpression, operators_bind_as_in_lepton) {
  EXPECT_EQ(value_of("1 + 2*3 - 4/2"), 5);
  EXPECT_EQ(value_of("8 - 3 - 2"), 3);
  EXPECT_EQ(value_of("16/4/2"), 2);
  EXPECT_EQ(value_of("2^3^2"), 512);
  EXPECT_EQ(value_of("-x^2", 3), -9);
  EXPECT_EQ(value_of("(-x)^2", 3), 9);
  EXPECT_EQ(value_of("2^-2"), 0.25);
  EXPECT_EQ(value_of("-2*-x", 3), 6);
  EXPECT_EQ(value_of("3--x", 2), 5);
  EXPECT_EQ(value_of(" ( ( x+y ) * 2 ) ", 1, 2), 6);
}

TEST(PassiveExpression, numbers_may_have_fractions_and_exponents) {
  EXPECT_EQ(value_of("1.5e2"), 150);
  EXPECT_EQ(value_of(".25E-1"), 0.025);
  EXPECT_EQ(value_of("3."), 3);
  EXPECT_EQ(value_of("2e+1*x", 3), 60);
}

TEST(PassiveExpression, every_function_gives_what_the_standard_library_gives) {
  for (const double x : {-0.9, -0.3, 0.2, 0.8}) {
    EXPECT_NEAR(value_of("exp(x)", x), std::exp(x), 1e-15);
    EXPECT_NEAR(value_of("log(x+2)", x), std::log(x + 2), 1e-15);
    EXPECT_NEAR(value_of("sin(x)+cos(x)", x), std::sin(x) + std::cos(x), 1e-15);
    EXPECT_NEAR(value_of("sec(x)*csc(x)", x), 1 / (std::cos(x) * std::sin(x)), 1e-13);
    EXPECT_NEAR(value_of("tan(x)+cot(x)", x), std::tan(x) + 1 / std::tan(x), 1e-13);
    EXPECT_NEAR(value_of("asin(x)-acos(x)+atan(x)", x), std::asin(x) - std::acos(x) + std::atan(x), 1e-15);
    EXPECT_NEAR(value_of("sinh(x)+cosh(x)", x), std::sinh(x) + std::cosh(x), 1e-15);
    EXPECT_NEAR(value_of("tanh(x)", x), std::tanh(x), 1e-15);
    EXPECT_NEAR(value_of("erf(x)+2*erfc(x)", x), std::erf(x) + 2 * std::erfc(x), 1e-15);
    EXPECT_EQ(value_of("step(x)", x), x >= 0 ? 1 : 0);
    EXPECT_EQ(value_of("delta(x)", x), 0);
    EXPECT_NEAR(value_of("square(x)+cube(x)+recip(x)", x), x * x + x * x * x + 1 / x, 1e-14);
    EXPECT_EQ(value_of("floor(x)+10*ceil(x)", x), std::floor(x) + 10 * std::ceil(x));
    EXPECT_EQ(value_of("min(x,0.1)+max(x,0.1)+abs(x)", x), std::fmin(x, 0.1) + std::fmax(x, 0.1) + std::fabs(x));
    EXPECT_EQ(value_of("select(step(x), 5, 7)", x), x >= 0 ? 5 : 7);
    EXPECT_NEAR(value_of("sqrt(x*x)", x), std::fabs(x), 1e-15);
  }
  EXPECT_EQ(value_of("delta(x)", 0), 1);
  EXPECT_EQ(value_of("tanh(x)", 800), 1);
  EXPECT_EQ(value_of("tanh(x)", -800), -1);
}

TEST(PassiveExpression, powers_agree_with_the_standard_library_for_every_sign) {
  for (const double x : {-2.5, -1.0, 0.0, 0.7, 3.0})
    for (const double y : {-3.0, -2.0, 0.0, 0.5, 1.0, 2.0, 5.0}) {
      const double expected = std::pow(x, y), got = value_of("x^y", x, y);
      if (std::isnan(expected)) {
        EXPECT_TRUE(std::isnan(got)) << x << "^" << y;
      } else if (std::isinf(expected)) {
        EXPECT_TRUE(std::isinf(got)) << x << "^" << y;
      } else {
        EXPECT_NEAR(got, expected, 1e-13 * std::fabs(expected)) << x << "^" << y;
      }
    }
  EXPECT_EQ(value_of("x^3", -2), -8);
  EXPECT_EQ(value_of("x^-2", -2), 0.25);
  EXPECT_EQ(value_of("x^(1+2)", -2), -8);
}

TEST(PassiveExpression, named_parts_may_follow_and_use_one_another) {
  EXPECT_EQ(value_of("k*u^2; u = x - 1; k = 2*m; m = 3", 4), 54);
}

TEST(PassiveExpression, formulas_of_published_models_are_read) {
  // a lumbar bushing and a knee limit in the style of models on simtk.org
  EXPECT_NEAR(value_of("-0.1*exp(10.0*(x-0.5))+0.1*exp(-8*(x+0.2))-0.5*y", 0.3, 2),
              -0.1 * std::exp(-2.0) + 0.1 * std::exp(-4.0) - 1, 1e-14);
  EXPECT_NEAR(value_of("-2*x^3+0.03*(1-step(x-0.7))", 0.5), -0.25 + 0.03, 1e-15);
}

TEST(PassiveExpression, derivatives_are_exact) {
  const char* formulas[] = {"exp(x)*sin(y)+x^3/(1+y^2)", "x^y", "tanh(x)-erf(x*y)+atan(x)", "sqrt(x+1)*log(x+2)",
                            "max(x,y)^2-abs(x-2)"};
  for (const char* formula : formulas) {
    const ParsedExpression parsed = parse_expression(formula, {"x", "y"});
    ASSERT_FALSE(parsed.error) << formula;
    for (const double x : {0.4, 1.3}) {
      const double h = 1e-6, y = 0.8, up[2] = {x + h, y}, down[2] = {x - h, y};
      const Dual<double> at[2] = {{x, 1.0}, {y, 0.0}};
      EXPECT_NEAR(evaluate(parsed.expression, at).d,
                  (evaluate(parsed.expression, up) - evaluate(parsed.expression, down)) / (2 * h), 1e-8)
          << formula;
    }
  }
  // the slope of a whole power holds at zero, where the logarithm does not exist
  const ParsedExpression line = parse_expression("x^1", {"x", "y"});
  const Dual<double> zero[2] = {{0.0, 1.0}, {0.0, 0.0}};
  EXPECT_EQ(evaluate(line.expression, zero).d, 1);
}

TEST(PassiveExpression, mistakes_are_told_with_their_place) {
  EXPECT_EQ(error_of("2*z+1").position, 2u);
  EXPECT_NE(error_of("2*z+1").message.find("unknown variable 'z'"), std::string::npos);
  EXPECT_EQ(error_of("x + sinus(x)").position, 4u);
  EXPECT_EQ(error_of("x + * y").position, 4u);
  EXPECT_EQ(error_of("(x + y").position, 6u);
  EXPECT_NE(error_of("(x + y").message.find("expected ')'"), std::string::npos);
  EXPECT_EQ(error_of("x y").position, 2u);
  EXPECT_EQ(error_of("min(x)").position, 5u);
  EXPECT_EQ(error_of("exp(x, y)").position, 5u);
  EXPECT_EQ(error_of("2e+").position, 0u);
  EXPECT_EQ(error_of("+x").position, 0u);
  EXPECT_EQ(error_of("").position, 0u);
  EXPECT_EQ(error_of("x)").position, 1u);
  error_of("a*x; a");
  error_of("x;;; = 3");
  error_of(".");
  error_of("x # y");
}

TEST(PassiveExpression, a_hostile_text_ends_with_an_error_and_not_with_a_broken_stack) {
  error_of(std::string(100000, '('));
  error_of(std::string(100000, '-') + "x");
  std::string right_heavy;
  for (int i = 0; i < 100; ++i) right_heavy += "1+x*(";
  right_heavy += "x" + std::string(100, ')');
  error_of(right_heavy);
  // doubling parts would make 2^40 steps
  std::string doubling = "a0";
  for (int i = 0; i < 40; ++i)
    doubling += ";a" + std::to_string(i) + "=a" + std::to_string(i + 1) + "+a" + std::to_string(i + 1);
  doubling += ";a40=x";
  error_of(doubling);
}

}  // namespace
}  // namespace buttress
