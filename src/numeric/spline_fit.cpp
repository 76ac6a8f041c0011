#include "numeric/spline_fit.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/assert.h"
#include "numeric/banded_matrix.h"

namespace buttress {

namespace {

constexpr int kMaxDegree = 7;
constexpr int kMaxWeights = (kMaxDegree + 1) * (kMaxDegree + 1);

void check_input(const std::vector<double>& points, int degree) {
  if (degree != 1 && degree != 3 && degree != 5 && degree != 7)
    throw std::invalid_argument("a spline has degree 1, 3, 5 or 7");
  if (points.size() < static_cast<std::size_t>(degree) + 1)
    throw std::invalid_argument("a spline needs at least degree + 1 points");
  if (!std::isfinite(points.front()) || !std::isfinite(points.back()))
    throw std::invalid_argument("the points of a spline must be finite");
  for (std::size_t i = 1; i < points.size(); ++i)
    if (!(points[i] > points[i - 1])) throw std::invalid_argument("the points of a spline must increase");
}

/// fills one row of the collocation matrix with the weights of derivative k at x
void set_row(BandedMatrix& matrix, const SplineTable& spline, std::size_t row, std::size_t span, double x, int k) {
  double weights[kMaxWeights];
  const std::size_t width = static_cast<std::size_t>(spline.degree) + 1;
  calc_basis_derivatives(spline, span, x, k, weights);
  const double* w = weights + static_cast<std::size_t>(k) * width;
  // rows of derivatives carry powers of 1 / step; bring every row to the same size
  double largest = 0;
  if (k > 0)
    for (std::size_t i = 0; i < width; ++i) largest = std::max(largest, std::fabs(w[i]));
  const double scale = k > 0 && largest > 0 ? 1.0 / largest : 1.0;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t column = span - static_cast<std::size_t>(spline.degree) + i;
    if (column + matrix.lower >= row && column <= row + matrix.upper)
      matrix.at(row, column) = w[i] * scale;
    else
      BUTTRESS_ASSERT(w[i] == 0.0);
  }
}

/// polynomial of degree m - 1 that continues the spline beyond an end: Taylor series there
void extrapolate(const SplineTable& spline, bool at_start, double x, double* value, double* first, double* second) {
  double weights[kMaxWeights];
  const std::size_t width = static_cast<std::size_t>(spline.degree) + 1, columns = spline.column_count;
  const int m = (spline.degree + 1) / 2;
  const double end = at_start ? spline.points.front() : spline.points.back();
  const std::size_t span = static_cast<std::size_t>(spline.degree) + (at_start ? 0 : spline.points.size() - 2);
  calc_basis_derivatives(spline, span, end, m - 1, weights);
  const double u = x - end;
  const double* c = spline.coefficients.data() + (span - static_cast<std::size_t>(spline.degree)) * columns;
  for (std::size_t column = 0; column < columns; ++column) {
    double f = 0, df = 0, ddf = 0, power0 = 1, power1 = 0, power2 = 0;
    for (int k = 0; k < m; ++k) {
      double derivative = 0;
      for (std::size_t i = 0; i < width; ++i)
        derivative += weights[static_cast<std::size_t>(k) * width + i] * c[i * columns + column];
      f += derivative * power0;
      df += derivative * power1;
      ddf += derivative * power2;
      // u^k / k! and its derivatives
      power2 = power1;
      power1 = power0;
      power0 *= u / (k + 1);
    }
    if (value) value[column] = f;
    if (first) first[column] = df;
    if (second) second[column] = ddf;
  }
}

}  // namespace

void calc_basis_derivatives(const SplineTable& spline, std::size_t span, double x, int highest, double* weights) {
  const int degree = spline.degree;
  BUTTRESS_ASSERT(degree <= kMaxDegree && highest <= degree);
  const double* t = spline.knots.data() + span;  // t[0] <= x <= t[1]
  const int width = degree + 1;
  // values of the B-splines of degree 0 .. degree by Cox and de Boor's recurrence; those of degree p that live on this
  // span start at knot span - p + i, i = 0 .. p
  double values[kMaxDegree + 1][kMaxDegree + 1];
  values[0][0] = 1.0;
  for (int p = 1; p <= degree; ++p) {
    double carried = 0.0;
    for (int i = 0; i < p; ++i) {
      const double left = t[i + 1 - p], right = t[i + 1];
      const double share = values[p - 1][i] / (right - left);
      values[p][i] = carried + (right - x) * share;
      carried = (x - left) * share;
    }
    values[p][p] = carried;
  }
  for (int k = 0; k <= highest; ++k) {
    // derivative k of degree `degree` comes from values of degree - k, raised k times:
    // B'_{j,p} = p (B_{j,p-1} / (t_{j+p} - t_j) - B_{j+1,p-1} / (t_{j+p+1} - t_{j+1}))
    double d[kMaxDegree + 2];
    for (int i = 0; i <= degree - k; ++i) d[i] = values[degree - k][i];
    for (int p = degree - k + 1; p <= degree; ++p) {
      double before = 0.0;
      for (int i = 0; i < p; ++i) {
        const double slope = p * d[i] / (t[i + 1] - t[i + 1 - p]);
        d[i] = before - slope;
        before = slope;
      }
      d[p] = before;
    }
    for (int i = 0; i < width; ++i) weights[k * width + i] = d[i];
  }
}

SplineTable make_spline_table(const std::vector<double>& points, const double* values, std::size_t column_count,
                              int degree) {
  check_input(points, degree);
  SplineTable spline;
  spline.degree = degree;
  spline.column_count = column_count;
  spline.points = points;
  const std::size_t n = points.size(), d = static_cast<std::size_t>(degree), m = (d + 1) / 2;
  spline.knots.assign(d, points.front());
  spline.knots.insert(spline.knots.end(), points.begin(), points.end());
  spline.knots.insert(spline.knots.end(), d, points.back());

  // unknowns: n + d - 1 coefficients. Equations, in an order that keeps the band narrow: value at the first point,
  // m - 1 end conditions, values inside, m - 1 end conditions, value at the last point
  const std::size_t size = n + d - 1;
  BandedMatrix matrix(size, m - 1, m - 1);
  set_row(matrix, spline, 0, d, points.front(), 0);
  for (std::size_t r = 1; r < m; ++r) set_row(matrix, spline, r, d, points.front(), static_cast<int>(m + r - 1));
  for (std::size_t i = 1; i + 1 < n; ++i) set_row(matrix, spline, i + m - 1, d + i, points[i], 0);
  for (std::size_t r = 1; r < m; ++r)
    set_row(matrix, spline, size - 1 - r, d + n - 2, points.back(), static_cast<int>(m + r - 1));
  set_row(matrix, spline, size - 1, d + n - 2, points.back(), 0);
  if (!factor_banded(matrix)) throw std::invalid_argument("the points of a spline lie too unevenly");

  spline.coefficients.assign(size * column_count, 0.0);
  double* c = spline.coefficients.data();
  std::copy_n(values, column_count, c);
  std::copy_n(values + column_count, (n - 2) * column_count, c + m * column_count);
  std::copy_n(values + (n - 1) * column_count, column_count, c + (size - 1) * column_count);
  solve_banded(matrix, c, column_count);
  return spline;
}

void evaluate_spline_table(const SplineTable& spline, const std::vector<double>& at, double* value, double* first,
                           double* second) {
  const std::size_t columns = spline.column_count, d = static_cast<std::size_t>(spline.degree), width = d + 1;
  const std::vector<double>& points = spline.points;
  const int highest = std::min(spline.degree, second ? 2 : first ? 1 : 0);
  double weights[kMaxWeights];
  std::size_t piece = 0;
  for (std::size_t r = 0; r < at.size(); ++r) {
    const double x = at[r];
    double* const out[3] = {value ? value + r * columns : nullptr, first ? first + r * columns : nullptr,
                            second ? second + r * columns : nullptr};
    if (x < points.front() || x > points.back()) {
      extrapolate(spline, x < points.front(), x, out[0], out[1], out[2]);
      continue;
    }
    // the piece of the time before or the next one is nearly always right; a time on a point belongs to the piece
    // that starts there
    if (!(points[piece] <= x && x < points[piece + 1])) {
      if (piece + 2 < points.size() && points[piece + 1] <= x && x < points[piece + 2])
        ++piece;
      else
        piece = static_cast<std::size_t>(std::upper_bound(points.begin(), points.end(), x) - points.begin()) - 1;
      piece = std::min(piece, points.size() - 2);
    }
    calc_basis_derivatives(spline, piece + d, x, highest, weights);
    const double* c = spline.coefficients.data() + piece * columns;
    for (int k = 0; k < 3; ++k) {
      if (!out[k]) continue;
      if (k > highest) {
        std::fill_n(out[k], columns, 0.0);
        continue;
      }
      const double* w = weights + static_cast<std::size_t>(k) * width;
      for (std::size_t column = 0; column < columns; ++column) out[k][column] = w[0] * c[column];
      for (std::size_t i = 1; i < width; ++i) {
        const double* ci = c + i * columns;
        for (std::size_t column = 0; column < columns; ++column) out[k][column] += w[i] * ci[column];
      }
    }
  }
}

}  // namespace buttress
