// Dual numbers against central differences of the standard library's functions. What this can prove: the slope of every
// function is the derivative of its value to about 1e-8 of its size, which is where central differences end.
#include "simd/dual.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace buttress {
namespace {

using D = Dual<double>;

struct Case {
  const char* name;
  double min, max;  ///< range of x and y in which the function is smooth
  std::function<D(D, D)> dual;
  std::function<double(double, double)> plain;
};

const std::vector<Case>& find_cases() {
  static const std::vector<Case> cases{
      {"add", -3, 3, [](D x, D y) { return x + y; }, [](double x, double y) { return x + y; }},
      {"subtract", -3, 3, [](D x, D y) { return x - y; }, [](double x, double y) { return x - y; }},
      {"multiply", -3, 3, [](D x, D y) { return x * y; }, [](double x, double y) { return x * y; }},
      {"divide", 0.3, 3, [](D x, D y) { return x / y; }, [](double x, double y) { return x / y; }},
      {"negate", -3, 3, [](D x, D) { return -x; }, [](double x, double) { return -x; }},
      {"add_assign", -3, 3, [](D x, D y) { return x += y; }, [](double x, double y) { return x + y; }},
      {"subtract_assign", -3, 3, [](D x, D y) { return x -= y; }, [](double x, double y) { return x - y; }},
      {"multiply_assign", -3, 3, [](D x, D y) { return x *= y; }, [](double x, double y) { return x * y; }},
      {"divide_assign", 0.3, 3, [](D x, D y) { return x /= y; }, [](double x, double y) { return x / y; }},
      {"sqrt", 0.1, 9, [](D x, D) { return sqrt(x); }, [](double x, double) { return std::sqrt(x); }},
      {"sin", -9, 9, [](D x, D) { return sin(x); }, [](double x, double) { return std::sin(x); }},
      {"cos", -9, 9, [](D x, D) { return cos(x); }, [](double x, double) { return std::cos(x); }},
      {"exp", -5, 3, [](D x, D) { return exp(x); }, [](double x, double) { return std::exp(x); }},
      {"log", 0.1, 9, [](D x, D) { return log(x); }, [](double x, double) { return std::log(x); }},
      {"acos", -0.95, 0.95, [](D x, D) { return acos(x); }, [](double x, double) { return std::acos(x); }},
      {"asin", -0.95, 0.95, [](D x, D) { return asin(x); }, [](double x, double) { return std::asin(x); }},
      {"atan2", 0.1, 3, [](D x, D y) { return atan2(x, y); }, [](double x, double y) { return std::atan2(x, y); }},
      {"atan2 behind", 0.1, 3, [](D x, D y) { return atan2(-x, -y); },
       [](double x, double y) { return std::atan2(-x, -y); }},
      // a chain: product, quotient and functions together
      {"chain", 0.2, 2, [](D x, D y) { return sin(x * y) / sqrt(x + D(1.0)) - exp(-x) * log(y); },
       [](double x, double y) { return std::sin(x * y) / std::sqrt(x + 1.0) - std::exp(-x) * std::log(y); }}};
  return cases;
}

TEST(Dual, value_is_that_of_double) {
  for (const Case& c : find_cases()) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> uniform(c.min, c.max);
    for (int i = 0; i < 500; ++i) {
      const double x = uniform(random), y = uniform(random);
      ASSERT_EQ(c.dual(D(x, 1.0), D(y, 0.0)).v, c.plain(x, y)) << c.name;
    }
  }
}

TEST(Dual, slope_is_the_central_difference_along_any_direction) {
  for (const Case& c : find_cases()) {
    std::mt19937_64 random(2);
    std::uniform_real_distribution<double> uniform(c.min, c.max), direction(-1, 1);
    for (int i = 0; i < 500; ++i) {
      const double x = uniform(random), y = uniform(random), dx = direction(random), dy = direction(random);
      // the error of the difference is about h^2 times the third derivative, plus rounding / h
      const double h = 1e-5;
      const double difference = (c.plain(x + h * dx, y + h * dy) - c.plain(x - h * dx, y - h * dy)) / (2 * h);
      ASSERT_NEAR(c.dual(D(x, dx), D(y, dy)).d, difference, 2e-8 * (1 + std::fabs(difference)))
          << c.name << " at " << x << ", " << y;
    }
  }
}

TEST(Dual, slope_of_a_branch_is_that_of_the_side_taken) {
  const D x(2.0, 3.0), y(5.0, 7.0);
  EXPECT_EQ(min(x, y).d, 3.0);
  EXPECT_EQ(max(x, y).d, 7.0);
  EXPECT_EQ(min(y, x).d, 3.0);
  EXPECT_EQ(max(y, x).d, 7.0);
  EXPECT_EQ(select(true, x, y).d, 3.0);
  EXPECT_EQ(select(false, x, y).d, 7.0);
  EXPECT_EQ(abs(D(-2.0, 3.0)).d, -3.0);
  EXPECT_EQ(abs(D(2.0, 3.0)).d, 3.0);
}

TEST(Dual, comparisons_look_at_the_value_alone) {
  const D x(2.0, 9.0), y(2.0, -9.0), z(3.0, 0.0);
  EXPECT_TRUE(x == y && x <= y && x >= y && x < z && z > x && z >= y && y <= z);
  EXPECT_FALSE(x < y || x > y || x == z || z < x || z <= x || x >= z);
}

TEST(Dual, square_root_of_zero_has_slope_zero_instead_of_infinity) {
  EXPECT_EQ(sqrt(D(0.0, 1.0)).v, 0.0);
  EXPECT_EQ(sqrt(D(0.0, 1.0)).d, 0.0);
}

TEST(Dual, table_look_up_has_no_slope) {
  const double table[] = {1, 2, 3, 4, 5, 6};
  const D r = gather(table, D(1.0, 8.0), 3, 2);
  EXPECT_EQ(r.v, 6.0);
  EXPECT_EQ(r.d, 0.0);
}

TEST(Dual, of_dual_gives_the_second_derivative) {
  // d2/dx2 of exp(x) sin(x) = 2 exp(x) cos(x)
  using D2 = Dual<D>;
  for (double x = -2; x <= 2; x += 0.37) {
    const D2 seed(D(x, 1.0), D(1.0, 0.0));
    EXPECT_NEAR((exp(seed) * sin(seed)).d.d, 2 * std::exp(x) * std::cos(x), 1e-13);
  }
}

}  // namespace
}  // namespace buttress
