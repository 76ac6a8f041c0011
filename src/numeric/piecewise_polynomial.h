#pragma once
#include <vector>

#include "simd/scalar.h"

namespace buttress {

/// value and the first two derivatives of a function of one variable
template <class T>
struct Jet {
  T f, df, ddf;
};

/// A function of one variable, made of polynomials: the one form into which every spline, line and polynomial
/// of a model is compiled. Piece k holds for breaks[k] <= x < breaks[k+1]; the first piece also serves all
/// x < breaks[1], the last all x above. With u = x - origins[k], f = sum_i c[k][i] u^i.
struct PiecewisePolynomial {
  int degree = 0;
  std::vector<double> breaks;        ///< [pieces]; breaks[0] is not looked at
  std::vector<double> origins;       ///< [pieces]
  std::vector<double> coefficients;  ///< [pieces x (degree + 1)], constant term first

  std::size_t piece_count() const { return origins.size(); }
  bool is_constant() const { return degree == 0 && piece_count() == 1; }
};

/// f, f' and f'' at x
template <class T>
Jet<T> evaluate(const PiecewisePolynomial& p, const T& x) {
  const std::size_t width = static_cast<std::size_t>(p.degree) + 1;
  const double* c = p.coefficients.data();
  T origin, f, df(0.0), ddf(0.0);
  if (p.piece_count() == 1) {
    const T u = x - T(p.origins[0]);
    f = T(c[width - 1]);
    for (std::size_t i = width - 1; i-- > 0;) {
      ddf = ddf * u + df;
      df = df * u + f;
      f = f * u + T(c[i]);
    }
    return {f, df, T(2.0) * ddf};
  }
  // each lane finds its own piece; the count of breaks passed is the index
  T index(0.0);
  for (std::size_t k = 1; k < p.breaks.size(); ++k) index = index + select(x >= T(p.breaks[k]), T(1.0), T(0.0));
  origin = gather(p.origins.data(), index, 1, 0);
  const T u = x - origin;
  f = gather(c, index, width, width - 1);
  for (std::size_t i = width - 1; i-- > 0;) {
    ddf = ddf * u + df;
    df = df * u + f;
    f = f * u + gather(c, index, width, i);
  }
  return {f, df, T(2.0) * ddf};
}

/// f(x) = value
PiecewisePolynomial make_constant(double value);
/// f(x) = intercept + slope x
PiecewisePolynomial make_line(double slope, double intercept);
/// f(x) = sum_i c[i] x^i, constant term first
PiecewisePolynomial make_polynomial(std::vector<double> coefficients_low_first);
/// Straight lines through the points; beyond the ends the first and the last segment go on, as in OpenSim's
/// PiecewiseLinearFunction. This and the two cubic splines below throw std::invalid_argument when there are fewer
/// than 2 points, x decreases, lengths differ or a number is not finite. Intervals of x shorter than 1e-7 count as
/// 1e-7, as in OpenSim.
PiecewisePolynomial make_piecewise_linear(const std::vector<double>& x, const std::vector<double>& y);
/// y[k] from x[k] on to x[k+1], y[0] before and the last y beyond (OpenSim PiecewiseConstantFunction). Exactly at an x
/// OpenSim's binary search decides which of the two neighbours holds, and so it is here. Throws as above.
PiecewisePolynomial make_piecewise_constant(const std::vector<double>& x, const std::vector<double>& y);
/// y0 up to x0, y1 from x1 on, and between them y0 + (y1 - y0) (10 s^3 - 15 s^4 + 6 s^5) with s = (x - x0) / (x1 - x0):
/// OpenSim's StepFunction. Throws std::invalid_argument unless x0 < x1 and all numbers are finite.
PiecewisePolynomial make_smooth_step(double x0, double x1, double y0, double y1);
/// SIMM's cubic spline (OpenSim SimmSpline): at each end the third derivative is that of the cubic through the four
/// outermost points; straight lines beyond the ends (Forsythe, Malcolm, Moler 1977, chapter 4)
PiecewisePolynomial make_simm_spline(const std::vector<double>& x, const std::vector<double>& y);
/// OpenSim's NaturalCubicSpline. In spite of its name it is the SimmSpline under an older name: the second derivative
/// does not vanish at the ends.
PiecewisePolynomial make_natural_cubic_spline(const std::vector<double>& x, const std::vector<double>& y);
/// natural interpolating spline of odd degree 1, 3, 5 or 7 through all points (OpenSim GCVSpline with zero error
/// variance; Woltring 1986). Beyond the ends the polynomial of degree (degree-1)/2 goes on.
/// x must increase and be finite; needs at least degree + 1 points. Throws std::invalid_argument otherwise.
/// For many columns over the same x use numeric/spline_fit.h.
PiecewisePolynomial make_gcv_spline(const std::vector<double>& x, const std::vector<double>& y, int degree);

/// f scaled by a factor (OpenSim MultiplierFunction)
PiecewisePolynomial scaled(PiecewisePolynomial p, double factor);

}  // namespace buttress
