#include "numeric/piecewise_polynomial.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "numeric/spline_fit.h"

namespace buttress {

namespace {

// OpenSim takes no knot interval to be shorter than this (TINY_NUMBER of its SimmMacros.h)
constexpr double kShortestInterval = 1e-7;

void check_points(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() != y.size()) throw std::invalid_argument("x and y of a function differ in length");
  if (x.size() < 2) throw std::invalid_argument("a function through points needs at least 2 of them");
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) throw std::invalid_argument("points must be finite");
  for (std::size_t i = 1; i < x.size(); ++i)
    if (x[i] < x[i - 1]) throw std::invalid_argument("x of a function must not decrease");
}

double interval(const std::vector<double>& x, std::size_t from, std::size_t to) {
  return std::max(kShortestInterval, x[to] - x[from]);
}

void append_piece(PiecewisePolynomial& p, double from, double origin, std::initializer_list<double> coefficients) {
  p.breaks.push_back(from);
  p.origins.push_back(origin);
  p.coefficients.insert(p.coefficients.end(), coefficients);
}

/// the piece beyond the last knot; the knot itself still belongs to the spline
double just_after(double x) {
  return std::nextafter(x, std::numeric_limits<double>::infinity());
}

}  // namespace

PiecewisePolynomial make_constant(double value) {
  return make_polynomial({value});
}

PiecewisePolynomial make_line(double slope, double intercept) {
  return make_polynomial({intercept, slope});
}

PiecewisePolynomial make_polynomial(std::vector<double> coefficients_low_first) {
  if (coefficients_low_first.empty()) throw std::invalid_argument("a polynomial needs at least one coefficient");
  PiecewisePolynomial p;
  p.degree = static_cast<int>(coefficients_low_first.size()) - 1;
  p.breaks = {0.0};
  p.origins = {0.0};
  p.coefficients = std::move(coefficients_low_first);
  return p;
}

PiecewisePolynomial make_piecewise_linear(const std::vector<double>& x, const std::vector<double>& y) {
  check_points(x, y);
  PiecewisePolynomial p;
  p.degree = 1;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    append_piece(p, x[i], x[i], {y[i], (y[i + 1] - y[i]) / interval(x, i, i + 1)});
  return p;
}

PiecewisePolynomial make_piecewise_constant(const std::vector<double>& x, const std::vector<double>& y) {
  check_points(x, y);
  const std::size_t last = x.size() - 1;
  // the index that OpenSim's search ends at when it looks for x[k] itself: k, or k - 1 where that is met first
  const auto find_holder = [&](std::size_t k) {
    std::size_t low = 0, high = x.size();
    while (true) {
      const std::size_t middle = (low + high) / 2;
      if (x[k] < x[middle])
        high = middle;
      else if (middle < last && x[k] > x[middle + 1])
        low = middle;
      else
        return middle;
    }
  };
  PiecewisePolynomial p;
  append_piece(p, x[0], x[0], {y[0]});
  for (std::size_t k = 1; k < last; ++k) append_piece(p, find_holder(k) < k ? just_after(x[k]) : x[k], x[k], {y[k]});
  append_piece(p, x[last], x[last], {y[last]});
  return p;
}

PiecewisePolynomial make_smooth_step(double x0, double x1, double y0, double y1) {
  check_points({x0, x1}, {y0, y1});
  if (!(x0 < x1)) throw std::invalid_argument("a step must end after it starts");
  const double h = x1 - x0, rise = y1 - y0;
  PiecewisePolynomial p;
  p.degree = 5;
  append_piece(p, x0, x0, {y0, 0, 0, 0, 0, 0});
  append_piece(p, x0, x0,
               {y0, 0, 0, 10 * rise / std::pow(h, 3), -15 * rise / std::pow(h, 4), 6 * rise / std::pow(h, 5)});
  append_piece(p, x1, x1, {y1, 0, 0, 0, 0, 0});
  return p;
}

PiecewisePolynomial make_simm_spline(const std::vector<double>& x, const std::vector<double>& y) {
  check_points(x, y);
  const std::size_t n = x.size(), last = n - 1;
  PiecewisePolynomial p;
  p.degree = 3;
  if (n == 2) {
    append_piece(p, x[0], x[0], {y[0], (y[1] - y[0]) / interval(x, 0, 1), 0.0, 0.0});
    return p;
  }

  std::vector<double> h(last), slope(last);
  for (std::size_t i = 0; i < last; ++i) {
    h[i] = interval(x, i, i + 1);
    slope[i] = (y[i + 1] - y[i]) / h[i];
  }
  // unknowns s[i] = f''(x[i]) / 6. Inside, continuity of the slope:
  // h[i-1] s[i-1] + 2 (h[i-1] + h[i]) s[i] + h[i] s[i+1] = slope[i] - slope[i-1]
  std::vector<double> diagonal(n), s(n);
  for (std::size_t i = 1; i < last; ++i) {
    diagonal[i] = 2.0 * (h[i - 1] + h[i]);
    s[i] = slope[i] - slope[i - 1];
  }
  // ends: the third derivative is that of the cubic through the four outermost points
  diagonal[0] = -h[0];
  diagonal[last] = -h[last - 1];
  s[0] = s[last] = 0.0;
  if (n > 3) {
    const double third_first = s[2] / interval(x, 1, 3) - s[1] / interval(x, 0, 2);
    const double third_last = s[last - 1] / interval(x, last - 2, last) - s[last - 2] / interval(x, last - 3, last - 1);
    s[0] = third_first * h[0] * h[0] / interval(x, 0, 3);
    s[last] = -third_last * h[last - 1] * h[last - 1] / interval(x, last - 3, last);
  }
  // tridiagonal and symmetric: eliminate forward, substitute back
  for (std::size_t i = 1; i < n; ++i) {
    const double factor = h[i - 1] / diagonal[i - 1];
    diagonal[i] -= factor * h[i - 1];
    s[i] -= factor * s[i - 1];
  }
  s[last] /= diagonal[last];
  for (std::size_t i = last; i-- > 0;) s[i] = (s[i] - h[i] * s[i + 1]) / diagonal[i];

  const double first_slope = slope[0] - h[0] * (s[1] + 2.0 * s[0]);
  const double last_slope = slope[last - 1] + h[last - 1] * (s[last - 1] + 2.0 * s[last]);
  append_piece(p, x[0], x[0], {y[0], first_slope, 0.0, 0.0});
  for (std::size_t i = 0; i < last; ++i)
    append_piece(p, x[i], x[i],
                 {y[i], slope[i] - h[i] * (s[i + 1] + 2.0 * s[i]), 3.0 * s[i], (s[i + 1] - s[i]) / h[i]});
  append_piece(p, just_after(x[last]), x[last], {y[last], last_slope, 0.0, 0.0});
  return p;
}

PiecewisePolynomial make_natural_cubic_spline(const std::vector<double>& x, const std::vector<double>& y) {
  return make_simm_spline(x, y);
}

PiecewisePolynomial make_gcv_spline(const std::vector<double>& x, const std::vector<double>& y, int degree) {
  if (x.size() != y.size()) throw std::invalid_argument("x and y of a function differ in length");
  const SplineTable spline = make_spline_table(x, y.data(), 1, degree);
  const std::size_t d = static_cast<std::size_t>(degree), width = d + 1, m = (d + 1) / 2;
  std::vector<double> weights(width * width);
  PiecewisePolynomial p;
  p.degree = degree;
  // Taylor coefficients f^(k) / k! at a point, seen from the piece that starts at `piece`; those above `highest` are 0
  const auto append_taylor = [&](double from, double origin, std::size_t piece, std::size_t highest) {
    p.breaks.push_back(from);
    p.origins.push_back(origin);
    calc_basis_derivatives(spline, piece + d, origin, degree, weights.data());
    double factorial = 1.0;
    for (std::size_t k = 0; k < width; ++k) {
      if (k > 1) factorial *= static_cast<double>(k);
      double derivative = 0.0;
      if (k <= highest)
        for (std::size_t i = 0; i < width; ++i) derivative += weights[k * width + i] * spline.coefficients[piece + i];
      p.coefficients.push_back(derivative / factorial);
    }
  };
  append_taylor(x.front(), x.front(), 0, m - 1);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) append_taylor(x[i], x[i], i, d);
  append_taylor(just_after(x.back()), x.back(), x.size() - 2, m - 1);
  return p;
}

PiecewisePolynomial scaled(PiecewisePolynomial p, double factor) {
  for (double& c : p.coefficients) c *= factor;
  return p;
}

}  // namespace buttress
