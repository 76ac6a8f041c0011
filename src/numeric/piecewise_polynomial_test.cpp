#include "numeric/piecewise_polynomial.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>

#include "simd/dual.h"
#include "simd/lanes.h"

namespace buttress {
namespace {

std::vector<double> uneven_points(std::mt19937& random, std::size_t n) {
  std::uniform_real_distribution<double> step(0.3, 1.7);
  std::vector<double> x(n);
  x[0] = -2.0;
  for (std::size_t i = 1; i < n; ++i) x[i] = x[i - 1] + step(random);
  return x;
}

std::vector<double> random_values(std::mt19937& random, std::size_t n) {
  std::normal_distribution<double> value;
  std::vector<double> y(n);
  for (double& v : y) v = value(random);
  return y;
}

double polynomial_at(const std::vector<double>& c, double x) {
  double f = 0;
  for (std::size_t i = c.size(); i-- > 0;) f = f * x + c[i];
  return f;
}

/// Second algorithm for the natural spline of degree 2m - 1: reproducing kernel (truncated powers). The spline is
/// sum_j a_j (x - x_j)_+^(2m-1) + polynomial of degree m - 1 with sum_j a_j x_j^k = 0 for k < m; dense, long double.
struct DenseNaturalSpline {
  using Vector = Eigen::Matrix<long double, Eigen::Dynamic, 1>;
  using Matrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  std::vector<double> x;
  int m;
  Vector solution;

  DenseNaturalSpline(const std::vector<double>& points, const std::vector<double>& y, int degree)
      : x(points), m((degree + 1) / 2) {
    const int n = static_cast<int>(x.size());
    Matrix a = Matrix::Zero(n + m, n + m);
    Vector b = Vector::Zero(n + m);
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        const long double u = static_cast<long double>(x[i]) - x[j];
        if (u > 0) a(i, j) = std::pow(u, 2 * m - 1);
      }
      for (int k = 0; k < m; ++k) a(i, n + k) = a(n + k, i) = std::pow(static_cast<long double>(x[i]), k);
      b(i) = y[i];
    }
    solution = a.fullPivLu().solve(b);
  }
  /// derivative of order k at t
  double at(double t, int k) const {
    const int n = static_cast<int>(x.size()), d = 2 * m - 1;
    long double sum = 0;
    const auto power = [&](long double u, int p) {
      long double factor = 1;
      for (int i = 0; i < k; ++i) factor *= p - i;
      return p < k ? 0.0L : factor * std::pow(u, p - k);
    };
    for (int j = 0; j < n; ++j)
      if (t > x[j]) sum += solution(j) * power(static_cast<long double>(t) - x[j], d);
    for (int q = 0; q < m; ++q) sum += solution(n + q) * power(t, q);
    return static_cast<double>(sum);
  }
};

TEST(PiecewisePolynomial, constant_line_and_polynomial_have_their_closed_form_and_derivatives) {
  EXPECT_TRUE(make_constant(3.5).is_constant());
  EXPECT_EQ(evaluate(make_constant(3.5), 7.0).f, 3.5);
  EXPECT_EQ(evaluate(make_constant(3.5), 7.0).df, 0.0);
  const Jet<double> line = evaluate(make_line(2.0, -1.0), 4.0);
  EXPECT_DOUBLE_EQ(line.f, 7.0);
  EXPECT_DOUBLE_EQ(line.df, 2.0);
  EXPECT_DOUBLE_EQ(line.ddf, 0.0);
  // 1 - 2x + 3x^3 at 2: 21, f' = -2 + 9x^2 = 34, f'' = 18x = 36
  const Jet<double> cubic = evaluate(make_polynomial({1.0, -2.0, 0.0, 3.0}), 2.0);
  EXPECT_DOUBLE_EQ(cubic.f, 21.0);
  EXPECT_DOUBLE_EQ(cubic.df, 34.0);
  EXPECT_DOUBLE_EQ(cubic.ddf, 36.0);
  const Jet<double> half = evaluate(scaled(make_polynomial({1.0, -2.0, 0.0, 3.0}), 0.5), 2.0);
  EXPECT_DOUBLE_EQ(half.f, 10.5);
  EXPECT_DOUBLE_EQ(half.df, 17.0);
  EXPECT_THROW(make_polynomial({}), std::invalid_argument);
}

TEST(PiecewisePolynomial, piecewise_lines_pass_through_points_and_go_on_beyond_the_ends) {
  const PiecewisePolynomial p = make_piecewise_linear({0.0, 1.0, 3.0}, {1.0, 2.0, -2.0});
  EXPECT_DOUBLE_EQ(evaluate(p, 0.5).f, 1.5);
  EXPECT_DOUBLE_EQ(evaluate(p, 2.0).f, 0.0);
  EXPECT_DOUBLE_EQ(evaluate(p, 2.0).df, -2.0);
  EXPECT_DOUBLE_EQ(evaluate(p, -1.0).f, 0.0);
  EXPECT_DOUBLE_EQ(evaluate(p, 4.0).f, -4.0);
  EXPECT_DOUBLE_EQ(evaluate(p, 4.0).df, -2.0);
}

TEST(PiecewisePolynomial, constant_pieces_hold_from_their_x_as_opensims_search_finds_it) {
  // values and choices at the knots from OpenSim 4.6's PiecewiseConstantFunction
  const PiecewisePolynomial p =
      make_piecewise_constant({0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4}, {0, 1, 0.3, -0.2, 0.5, 0.6, 0.1});
  const std::pair<double, double> expected[] = {{-1, 0},      {0, 0},      {0.01, 0},    {0.02, 1},
                                                {0.04, 1},    {0.05, 1},   {0.051, 0.3}, {0.1, -0.2},
                                                {0.15, -0.2}, {0.25, 0.5}, {0.4, 0.1},   {9, 0.1}};
  for (const auto& [x, y] : expected) {
    EXPECT_EQ(evaluate(p, x).f, y) << x;
    EXPECT_EQ(evaluate(p, x).df, 0) << x;
  }
  EXPECT_THROW(make_piecewise_constant({0.0}, {1.0}), std::invalid_argument);
}

TEST(PiecewisePolynomial, a_step_rises_smoothly_between_its_ends) {
  const PiecewisePolynomial p = make_smooth_step(0.03, 0.13, 0.2, 0.9);
  EXPECT_EQ(evaluate(p, 0.0).f, 0.2);
  EXPECT_EQ(evaluate(p, 0.5).f, 0.9);
  EXPECT_NEAR(evaluate(p, 0.08).f, 0.55, 1e-14);
  for (const double end : {0.03, 0.13})
    for (const double side : {-1e-9, 1e-9}) {
      EXPECT_NEAR(evaluate(p, end + side).df, 0, 1e-6);
      EXPECT_NEAR(evaluate(p, end + side).ddf, 0, 1e-3);
    }
  EXPECT_THROW(make_smooth_step(1, 1, 0, 1), std::invalid_argument);
}

TEST(PiecewisePolynomial, malformed_points_are_refused) {
  EXPECT_THROW(make_simm_spline({0.0}, {1.0}), std::invalid_argument);
  EXPECT_THROW(make_simm_spline({0.0, 1.0}, {1.0}), std::invalid_argument);
  EXPECT_THROW(make_simm_spline({1.0, 0.0}, {1.0, 2.0}), std::invalid_argument);
  EXPECT_THROW(make_piecewise_linear({0.0, NAN}, {1.0, 2.0}), std::invalid_argument);
  EXPECT_THROW(make_gcv_spline({0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}, 5), std::invalid_argument);
  EXPECT_THROW(make_gcv_spline({0, 1, 2, 2, 4, 5}, {0, 1, 2, 3, 4, 5}, 5), std::invalid_argument);
  EXPECT_THROW(make_gcv_spline({0, 1, 2, 3, 4, 5}, {0, 1, 2, 3, 4, 5}, 4), std::invalid_argument);
}

// the end rule takes f''' from the four outermost points, so cubics are reproduced exactly; beyond the ends the
// tangent goes on. This proves the equations and end conditions, not that SIMM chose them.
TEST(PiecewisePolynomial, simm_spline_reproduces_cubics_inside_and_their_tangents_outside) {
  std::mt19937 random(11);
  const std::vector<double> c = {0.3, -1.2, 0.7, 0.25};
  for (std::size_t n : {4u, 5u, 9u, 30u}) {
    const std::vector<double> x = uneven_points(random, n);
    std::vector<double> y;
    for (double v : x) y.push_back(polynomial_at(c, v));
    const PiecewisePolynomial p = make_simm_spline(x, y);
    const double scale = std::fabs(polynomial_at(c, x.back())) + 1;
    for (int i = 0; i <= 100; ++i) {
      const double t = x.front() + (x.back() - x.front()) * i / 100.0;
      const Jet<double> jet = evaluate(p, t);
      EXPECT_NEAR(jet.f, polynomial_at(c, t), 1e-12 * scale);
      EXPECT_NEAR(jet.df, c[1] + 2 * c[2] * t + 3 * c[3] * t * t, 1e-11 * scale);
      EXPECT_NEAR(jet.ddf, 2 * c[2] + 6 * c[3] * t, 1e-11 * scale);
    }
    const Jet<double> end = evaluate(p, x.back()), beyond = evaluate(p, x.back() + 2.0);
    EXPECT_NEAR(beyond.f, end.f + 2.0 * end.df, 1e-11 * scale);
    EXPECT_EQ(beyond.ddf, 0.0);
    EXPECT_NEAR(end.ddf, 2 * c[2] + 6 * c[3] * x.back(), 1e-11 * scale) << "the last knot still belongs to the spline";
    const Jet<double> start = evaluate(p, x.front()), before = evaluate(p, x.front() - 1.5);
    EXPECT_NEAR(before.f, start.f - 1.5 * start.df, 1e-11 * scale);
    EXPECT_EQ(before.ddf, 0.0);
  }
}

// dense second algorithm: knot slopes and curvatures as unknowns of an Eigen system built from the definition
TEST(PiecewisePolynomial, simm_spline_solves_the_dense_system_of_its_definition) {
  std::mt19937 random(12);
  for (std::size_t n : {3u, 4u, 6u, 12u}) {
    const std::vector<double> x = uneven_points(random, n), y = random_values(random, n);
    // unknowns: a..d of every piece
    const int pieces = static_cast<int>(n) - 1;
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(4 * pieces, 4 * pieces);
    Eigen::VectorXd b = Eigen::VectorXd::Zero(4 * pieces);
    int row = 0;
    for (int i = 0; i < pieces; ++i) {
      const double h = x[i + 1] - x[i];
      a(row, 4 * i) = 1;
      b(row++) = y[i];
      a.block(row, 4 * i, 1, 4) << 1, h, h * h, h * h * h;
      b(row++) = y[i + 1];
      if (i + 1 < pieces) {
        a.block(row, 4 * i, 1, 4) << 0, 1, 2 * h, 3 * h * h;
        a(row++, 4 * i + 5) = -1;
        a.block(row, 4 * i, 1, 4) << 0, 0, 2, 6 * h;
        a(row++, 4 * i + 6) = -2;
      }
    }
    const auto third = [&](std::size_t first) {  // third divided difference
      if (n < 4) return 0.0;
      double f[4] = {y[first], y[first + 1], y[first + 2], y[first + 3]};
      for (std::size_t k = 1; k < 4; ++k)
        for (std::size_t i = 3; i >= k; --i) f[i] = (f[i] - f[i - 1]) / (x[first + i] - x[first + i - k]);
      return f[3];
    };
    a(row, 3) = 1;
    b(row++) = third(0);
    a(row, 4 * pieces - 1) = 1;
    b(row++) = third(n < 4 ? 0 : n - 4);
    const Eigen::VectorXd c = a.fullPivLu().solve(b);
    const PiecewisePolynomial p = make_simm_spline(x, y);
    for (int i = 0; i < pieces; ++i) {
      const double u = 0.37 * (x[i + 1] - x[i]);
      const double expected = c(4 * i) + u * (c(4 * i + 1) + u * (c(4 * i + 2) + u * c(4 * i + 3)));
      EXPECT_NEAR(evaluate(p, x[i] + u).f, expected, 1e-11) << n << " points, piece " << i;
    }
  }
}

TEST(PiecewisePolynomial, gcv_spline_equals_the_dense_natural_spline_inside_and_outside) {
  std::mt19937 random(13);
  for (int degree : {1, 3, 5, 7}) {
    for (std::size_t n : {8u, 9u, 14u}) {
      const std::vector<double> x = uneven_points(random, n), y = random_values(random, n);
      const PiecewisePolynomial p = make_gcv_spline(x, y, degree);
      const DenseNaturalSpline dense(x, y, degree);
      const double span = x.back() - x.front();
      for (int i = -15; i <= 115; ++i) {
        const double t = x.front() + span * (i + 0.123) / 100.0;
        const Jet<double> jet = evaluate(p, t);
        EXPECT_NEAR(jet.f, dense.at(t, 0), 1e-8) << "degree " << degree << ", n " << n << ", t " << t;
        EXPECT_NEAR(jet.df, dense.at(t, 1), 1e-7) << "degree " << degree << ", n " << n << ", t " << t;
        EXPECT_NEAR(jet.ddf, dense.at(t, 2), 1e-6) << "degree " << degree << ", n " << n << ", t " << t;
      }
    }
  }
}

TEST(PiecewisePolynomial, gcv_spline_reproduces_polynomials_of_degree_m_minus_1_everywhere) {
  std::mt19937 random(14);
  for (int degree : {1, 3, 5, 7}) {
    const std::vector<double> x = uneven_points(random, 25);
    std::vector<double> c = random_values(random, static_cast<std::size_t>((degree + 1) / 2)), y;
    for (double v : x) y.push_back(polynomial_at(c, v));
    const PiecewisePolynomial p = make_gcv_spline(x, y, degree);
    for (double t = x.front() - 3; t < x.back() + 3; t += 0.173)
      EXPECT_NEAR(evaluate(p, t).f, polynomial_at(c, t), 1e-9 * (1 + std::pow(std::fabs(t), degree / 2)))
          << "degree " << degree << " at " << t;
  }
}

// natural splines have degree - 1 continuous derivatives inside and (degree - 1) / 2 ... degree - 1 vanish at the ends,
// so derivative 0 .. degree - 1 of neighbouring pieces agree at every knot, the ends included
TEST(PiecewisePolynomial, gcv_spline_has_degree_minus_1_continuous_derivatives_at_every_knot) {
  std::mt19937 random(15);
  for (int degree : {1, 3, 5, 7}) {
    const std::vector<double> x = uneven_points(random, 20), y = random_values(random, 20);
    const PiecewisePolynomial p = make_gcv_spline(x, y, degree);
    const std::size_t width = static_cast<std::size_t>(degree) + 1;
    for (int order = 0; order < degree; ++order) {
      // derivative of that order of piece k at distance u from its origin
      const auto derivative = [&](std::size_t k, double u) {
        double sum = 0;
        for (std::size_t i = width; i-- > static_cast<std::size_t>(order);) {
          double factor = 1;
          for (int q = 0; q < order; ++q) factor *= static_cast<double>(i) - q;
          sum = sum * u + factor * p.coefficients[k * width + i];
        }
        return sum;
      };
      double largest = 0;
      for (std::size_t k = 0; k < p.piece_count(); ++k) largest = std::max(largest, std::fabs(derivative(k, 0)));
      for (std::size_t k = 1; k < p.piece_count(); ++k)
        EXPECT_NEAR(derivative(k - 1, p.origins[k] - p.origins[k - 1]), derivative(k, 0), 1e-10 * largest)
            << "degree " << degree << ", knot " << k << ", order " << order;
    }
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(evaluate(p, x[i]).f, y[i], 1e-12);
  }
}

TEST(PiecewisePolynomial, exact_derivatives_agree_with_dual_numbers_and_lanes) {
  std::mt19937 random(16);
  const std::vector<double> x = uneven_points(random, 10), y = random_values(random, 10);
  for (const PiecewisePolynomial& p :
       {make_gcv_spline(x, y, 5), make_simm_spline(x, y), make_piecewise_linear(x, y), make_polynomial({1, 2, 3})}) {
    for (double t = x.front() - 1; t < x.back() + 1; t += 0.31) {
      const Jet<double> jet = evaluate(p, t);
      Dual<double> dual(t);
      dual.d = 1.0;
      const Jet<Dual<double>> jet_dual = evaluate(p, dual);
      EXPECT_NEAR(jet_dual.f.d, jet.df, 1e-12 * (1 + std::fabs(jet.df)));
      EXPECT_NEAR(jet_dual.df.d, jet.ddf, 1e-11 * (1 + std::fabs(jet.ddf)));
#ifdef BUTTRESS_HAS_LANES
      Lanes<double, 2> lanes(t);
      set_lane(lanes, 1, t + 2.2);
      const auto jet_lanes = evaluate(p, lanes);
      EXPECT_NEAR(get_lane(jet_lanes.f, 0), jet.f, 1e-12);
      EXPECT_NEAR(get_lane(jet_lanes.ddf, 1), evaluate(p, t + 2.2).ddf, 1e-11);
#endif
    }
  }
}

}  // namespace
}  // namespace buttress
