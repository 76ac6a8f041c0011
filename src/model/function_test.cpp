// make_function against hand-written values. What this can prove: coefficients are read in the file's order, each kind
// reaches its own constructor, scale factors apply, and numbers that make no function are refused. The splines
// themselves: numeric/piecewise_polynomial_test.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "model/compile.h"

namespace buttress {
namespace {

FunctionSpec make_by_coefficients(FunctionKind kind, std::vector<double> coefficients, double scale = 1) {
  FunctionSpec spec;
  spec.kind = kind;
  spec.coefficients = std::move(coefficients);
  spec.scale = scale;
  return spec;
}

FunctionSpec make_by_points(FunctionKind kind, std::vector<double> x, std::vector<double> y, double scale = 1) {
  FunctionSpec spec;
  spec.kind = kind;
  spec.x = std::move(x);
  spec.y = std::move(y);
  spec.scale = scale;
  return spec;
}

void expect_jet(const FunctionSpec& spec, double x, double f, double df, double ddf) {
  const Jet<double> jet = evaluate(make_function(spec), x);
  EXPECT_NEAR(jet.f, f, 1e-14);
  EXPECT_NEAR(jet.df, df, 1e-14);
  EXPECT_NEAR(jet.ddf, ddf, 1e-13);
}

TEST(MakeFunction, constant_has_its_value_everywhere) {
  expect_jet(make_by_coefficients(FunctionKind::constant, {0.7}), -3, 0.7, 0, 0);
  expect_jet(make_by_coefficients(FunctionKind::constant, {0.7}), 1e6, 0.7, 0, 0);
}

TEST(MakeFunction, linear_takes_the_slope_first) {
  expect_jet(make_by_coefficients(FunctionKind::linear, {2, 0.5}), 3, 6.5, 2, 0);
}

TEST(MakeFunction, polynomial_takes_the_highest_power_first) {
  // 2 x^3 - x^2 + 4 x + 5
  expect_jet(make_by_coefficients(FunctionKind::polynomial, {2, -1, 4, 5}), 2, 25, 24, 22);
}

TEST(MakeFunction, scale_multiplies_value_and_slopes) {
  expect_jet(make_by_coefficients(FunctionKind::polynomial, {2, -1, 4, 5}, -0.5), 2, -12.5, -12, -11);
  expect_jet(make_by_points(FunctionKind::piecewise_linear, {0, 1, 3}, {0, 2, 3}, 10), 2, 25, 5, 0);
}

TEST(MakeFunction, piecewise_line_goes_through_its_points_and_on_beyond) {
  const FunctionSpec spec = make_by_points(FunctionKind::piecewise_linear, {0, 1, 3}, {0, 2, 3});
  expect_jet(spec, 0.5, 1, 2, 0);
  expect_jet(spec, 2, 2.5, 0.5, 0);
  expect_jet(spec, -1, -2, 2, 0);
  expect_jet(spec, 5, 4, 0.5, 0);
}

// a cubic is its own spline when the ends have the third derivative of the cubic through four points
TEST(MakeFunction, simm_spline_reproduces_a_cubic_inside_and_goes_straight_beyond) {
  const auto cubic = [](double x) { return x * x * x - 2 * x; };
  std::vector<double> x, y;
  for (double knot : {-1.0, -0.3, 0.2, 0.9, 1.5}) x.push_back(knot), y.push_back(cubic(knot));
  for (FunctionKind kind : {FunctionKind::simm_spline, FunctionKind::natural_cubic_spline}) {
    expect_jet(make_by_points(kind, x, y), 0.5, cubic(0.5), 3 * 0.25 - 2, 3);
    expect_jet(make_by_points(kind, x, y), 2.0, cubic(1.5) + 0.5 * (3 * 2.25 - 2), 3 * 2.25 - 2, 0);
  }
}

// a natural spline of degree 2m - 1 reproduces polynomials of degree m - 1
TEST(MakeFunction, gcv_spline_of_each_degree_reproduces_the_polynomials_it_must) {
  for (int degree : {1, 3, 5, 7}) {
    const int order = (degree - 1) / 2;
    FunctionSpec spec = make_by_points(FunctionKind::gcv_spline, {}, {});
    spec.degree = degree;
    for (int i = 0; i < 10; ++i) {
      spec.x.push_back(0.1 * i * i);
      spec.y.push_back(std::pow(spec.x.back(), order) + 1);
    }
    const Jet<double> jet = evaluate(make_function(spec), 3.3);
    EXPECT_NEAR(jet.f, std::pow(3.3, order) + 1, 1e-10) << degree;
    EXPECT_NEAR(jet.df, order == 0 ? 0 : order * std::pow(3.3, order - 1), 1e-10) << degree;
  }
}

TEST(MakeFunction, refuses_numbers_that_make_no_function) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(make_function(make_by_coefficients(FunctionKind::constant, {})), std::invalid_argument);
  EXPECT_THROW(make_function(make_by_coefficients(FunctionKind::constant, {1, 2})), std::invalid_argument);
  EXPECT_THROW(make_function(make_by_coefficients(FunctionKind::linear, {1})), std::invalid_argument);
  EXPECT_THROW(make_function(make_by_coefficients(FunctionKind::linear, {1, 2, 3})), std::invalid_argument);
  EXPECT_THROW(make_function(make_by_coefficients(FunctionKind::polynomial, {})), std::invalid_argument);
  for (FunctionKind kind : {FunctionKind::simm_spline, FunctionKind::natural_cubic_spline, FunctionKind::gcv_spline,
                            FunctionKind::piecewise_linear}) {
    const int k = static_cast<int>(kind);
    EXPECT_THROW(make_function(make_by_points(kind, {}, {})), std::invalid_argument) << k;
    EXPECT_THROW(make_function(make_by_points(kind, {1}, {1})), std::invalid_argument) << k;
    EXPECT_THROW(make_function(make_by_points(kind, {0, 1, 2, 3, 4, 5, 6}, {1, 2, 3})), std::invalid_argument) << k;
    EXPECT_THROW(make_function(make_by_points(kind, {0, 1, 2, 1.5, 4, 5, 6}, {1, 2, 3, 4, 5, 6, 7})),
                 std::invalid_argument)
        << k;
    EXPECT_THROW(make_function(make_by_points(kind, {0, 1, 2, nan, 4, 5, 6}, {1, 2, 3, 4, 5, 6, 7})),
                 std::invalid_argument)
        << k;
    EXPECT_THROW(make_function(make_by_points(kind, {0, 1, 2, 3, 4, 5, 6}, {1, 2, 3, nan, 5, 6, 7})),
                 std::invalid_argument)
        << k;
  }
  FunctionSpec even = make_by_points(FunctionKind::gcv_spline, {0, 1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6, 7});
  even.degree = 4;
  EXPECT_THROW(make_function(even), std::invalid_argument);
  for (FunctionKind kind : {FunctionKind::constant, FunctionKind::linear, FunctionKind::polynomial}) {
    EXPECT_THROW(make_function(make_by_coefficients(kind, {nan, 1})), std::invalid_argument) << static_cast<int>(kind);
  }
  EXPECT_THROW(make_function(make_by_coefficients(FunctionKind::constant, {nan})), std::invalid_argument);
  EXPECT_THROW(make_function(make_by_coefficients(FunctionKind::constant, {1}, nan)), std::invalid_argument);
}

}  // namespace
}  // namespace buttress
