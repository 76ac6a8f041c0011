#pragma once
#include <cstddef>
#include <vector>

namespace buttress {

/// Natural splines of odd degree through all points of several columns that share their abscissae: what OpenSim
/// makes of a motion (GCVSplineSet, error variance zero; Woltring 1986, "A Fortran package for generalized,
/// cross-validatory spline smoothing and differentiation"). With degree 2m - 1 the derivatives of order
/// m .. 2m - 2 vanish at both ends, and beyond the ends a polynomial of degree m - 1 goes on.
/// Departure from Woltring: his natural B-spline basis is replaced by ordinary B-splines with the end conditions as
/// extra equations; the spline is the same.
struct SplineTable {
  int degree = 5;
  std::size_t column_count = 0;
  std::vector<double> points;        ///< [rows], the abscissae, increasing
  std::vector<double> knots;         ///< [rows + 2 degree], the same with the end ones repeated
  std::vector<double> coefficients;  ///< [(rows + degree - 1) x column_count], row-major
};

/// Fits all columns at once: the band matrix is factored a single time, cost O(rows x columns).
/// `values` is [points.size() x column_count], row-major. Degree is 1, 3, 5 or 7.
/// Throws std::invalid_argument when the degree is another, the points are fewer than degree + 1, do not increase or
/// are not finite, or lie so unevenly that the equations are singular in double precision.
SplineTable make_spline_table(const std::vector<double>& points, const double* values, std::size_t column_count,
                              int degree);

/// Value, first and second derivative of every column at the given abscissae (any order, fastest when increasing).
/// Each output is [at.size() x column_count], row-major; a null pointer leaves that output out.
void evaluate_spline_table(const SplineTable& spline, const std::vector<double>& at, double* value, double* first,
                           double* second);

/// Derivatives 0 .. degree of all B-splines that do not vanish on knots[span] <= x <= knots[span + 1], at x:
/// weights[k * (degree + 1) + i] belongs to derivative k and coefficient span - degree + i.
/// Derivatives of order above `highest` are not filled. `weights` is [(highest + 1) x (degree + 1)], degree <= 7.
void calc_basis_derivatives(const SplineTable& spline, std::size_t span, double x, int highest, double* weights);

}  // namespace buttress
