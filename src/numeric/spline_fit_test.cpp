#include "numeric/spline_fit.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>

#include "numeric/banded_matrix.h"
#include "numeric/piecewise_polynomial.h"

namespace buttress {
namespace {

TEST(BandedMatrix, solves_what_a_dense_solver_solves_even_when_rows_must_be_swapped) {
  std::mt19937 random(21);
  std::normal_distribution<double> value;
  for (std::size_t lower : {0u, 1u, 3u}) {
    for (std::size_t upper : {0u, 2u}) {
      const std::size_t n = 17, columns = 3;
      BandedMatrix a(n, lower, upper);
      Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(n, n), b(n, columns);
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i < lower ? 0 : i - lower; j <= std::min(n - 1, i + upper); ++j)
          dense(i, j) = a.at(i, j) = i == j && lower > 0 && upper > 0 ? 0.0 : value(random);
        for (std::size_t c = 0; c < columns; ++c) b(i, c) = value(random);
      }
      std::vector<double> x(n * columns);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t c = 0; c < columns; ++c) x[i * columns + c] = b(i, c);
      const Eigen::MatrixXd expected = dense.fullPivLu().solve(b);
      const double size = expected.cwiseAbs().maxCoeff();
      ASSERT_TRUE(factor_banded(a));
      solve_banded(a, x.data(), columns);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t c = 0; c < columns; ++c)
          EXPECT_NEAR(x[i * columns + c], expected(i, c), 1e-9 * (1 + size)) << lower << " " << upper;
    }
  }
  BandedMatrix singular(3, 1, 1);
  EXPECT_FALSE(factor_banded(singular));
}

TEST(SplineTable, every_column_equals_its_own_single_spline_at_knots_between_and_beyond) {
  std::mt19937 random(22);
  std::normal_distribution<double> value;
  std::uniform_real_distribution<double> step(0.005, 0.02);
  const std::size_t rows = 60, columns = 7;
  std::vector<double> points(rows), values(rows * columns);
  for (std::size_t i = 1; i < rows; ++i) points[i] = points[i - 1] + step(random);
  for (double& v : values) v = value(random);
  for (int degree : {1, 3, 5, 7}) {
    const SplineTable spline = make_spline_table(points, values.data(), columns, degree);
    std::vector<double> at = points;
    for (double t = points.back() + 0.02; t > -0.02; t -= 0.0037) at.push_back(t);
    std::vector<double> f(at.size() * columns), df(f.size()), ddf(f.size());
    evaluate_spline_table(spline, at, f.data(), df.data(), ddf.data());
    for (std::size_t c = 0; c < columns; ++c) {
      std::vector<double> y(rows);
      for (std::size_t i = 0; i < rows; ++i) y[i] = values[i * columns + c];
      const PiecewisePolynomial single = make_gcv_spline(points, y, degree);
      for (std::size_t r = 0; r < at.size(); ++r) {
        const Jet<double> jet = evaluate(single, at[r]);
        EXPECT_NEAR(f[r * columns + c], jet.f, 1e-9 * (1 + std::fabs(jet.f)));
        // the slope of a spline of degree 1 jumps at knots, and the last knot is seen from opposite sides
        if (degree == 1 && r + 1 == rows) continue;
        EXPECT_NEAR(df[r * columns + c], jet.df, 1e-8 * (100 + std::fabs(jet.df)));
        EXPECT_NEAR(ddf[r * columns + c], jet.ddf, 1e-7 * (1e4 + std::fabs(jet.ddf)));
      }
    }
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(f[i], values[i], 1e-11);
  }
}

// truncation error of an interpolating quintic spline away from its ends falls with the sixth power of the step
TEST(SplineTable, derivatives_of_a_sampled_sine_converge_with_the_order_of_the_spline) {
  double errors[2];
  for (int pass = 0; pass < 2; ++pass) {
    const std::size_t rows = pass == 0 ? 101 : 201;
    std::vector<double> t(rows), y(rows), df(rows), ddf(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      t[i] = static_cast<double>(i) * 10.0 / static_cast<double>(rows - 1);
      y[i] = std::sin(3.0 * t[i]);
    }
    evaluate_spline_table(make_spline_table(t, y.data(), 1, 5), t, nullptr, df.data(), ddf.data());
    errors[pass] = 0;
    for (std::size_t i = rows / 3; i < 2 * rows / 3; ++i) {
      errors[pass] = std::max(errors[pass], std::fabs(ddf[i] + 9.0 * y[i]));
      EXPECT_NEAR(df[i], 3.0 * std::cos(3.0 * t[i]), 1e-3);
    }
  }
  EXPECT_LT(errors[0], 1e-2);
  // second derivative: fourth order, ratio 16
  EXPECT_GT(errors[0] / errors[1], 12.0);
  EXPECT_LT(errors[0] / errors[1], 20.0);
}

// time stamps counted from 1970 cost digits of the abscissa itself but must not break the equations
TEST(SplineTable, large_time_stamps_do_not_spoil_the_fit) {
  const std::size_t rows = 500;
  std::vector<double> t(rows), shifted(rows), y(rows), a(rows), b(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    t[i] = static_cast<double>(i) / 128.0;  // exact in binary, before and after the shift
    shifted[i] = t[i] + 1.5e9;
    y[i] = std::sin(5.0 * t[i]) + 0.1 * std::cos(40.0 * t[i]);
  }
  evaluate_spline_table(make_spline_table(t, y.data(), 1, 5), t, nullptr, nullptr, a.data());
  evaluate_spline_table(make_spline_table(shifted, y.data(), 1, 5), shifted, nullptr, nullptr, b.data());
  for (std::size_t i = 0; i < rows; ++i) EXPECT_NEAR(a[i], b[i], 1e-7);
}

}  // namespace
}  // namespace buttress
