#pragma once
#include <cstdint>
#include <vector>

#include "muscle/fiber_bezier.h"
#include "simd/dual.h"
#include "simd/lanes.h"

/// Muscle curves in the form the kernels evaluate: binned polynomials for the Bezier curves of Millard 2012, closed
/// forms for Thelen 2003 and De Groote et al. 2016.
namespace buttress {

/// A Bezier curve as polynomials of degree 7, one per bin. Each segment of the curve has its own uniform bins, because
/// the curve is smooth only inside a segment. Differs from the curve by less than 1e-10 in value and 1e-8 in slope.
struct CurveTable {
  /// row number (before rounding) of x inside a segment = scale * x + shift, for x >= start
  struct Segment {
    double start, scale, shift;
  };
  std::vector<Segment> segments;
  std::vector<double> rows;  ///< [rows x 8] coefficients, constant term first, in t = row number - nearest integer
  double x_first = 0, x_last = 0, slope_before = 0, slope_after = 0;
};

/// Doubles the number of bins of each segment until both errors are met. Throws std::invalid_argument when the
/// curve's x does not increase along the curve.
CurveTable make_curve_table(const BezierCurve& curve);

/// y(x), for each lane
template <class T>
T evaluate(const CurveTable& table, const T& x);

/// Active force of Thelen 2003, eq. 4: exp(-(l - 1)^2 / k)
template <class T>
T calc_thelen_active_force(const T& norm_fiber_length, double k_shape_active);

/// Passive force of Thelen 2003, eq. 3, zero for l <= 1
template <class T>
T calc_thelen_passive_force(const T& norm_fiber_length, double k_shape_passive, double fmax_muscle_strain);

/// Force-velocity factor of Thelen 2003, eqs. 6 and 7 at activation 1, inverted; v in maximum contraction velocities,
/// lengthening positive. Beyond `threshold` * flen the relation goes on linearly in v, below v = -1 it is zero, both
/// as in OpenSim, which finds the same number by Newton's method to 1e-6.
template <class T>
T calc_thelen_force_velocity(const T& norm_fiber_velocity, double af, double flen, double threshold);

/// Active force of De Groote et al. 2016: three Gaussian-like bumps, with OpenSim's constants, for which f(1) = 1
template <class T>
T calc_degroote_active_force(const T& norm_fiber_length, double width_scale);

/// Passive force of De Groote et al. 2016 as OpenSim modified it: zero at l = 0.2, one at l = 1 + strain
template <class T>
T calc_degroote_passive_force(const T& norm_fiber_length, double strain_at_one_norm_force);

/// Force-velocity factor of De Groote et al. 2016 with OpenSim's constants: f(-1) = 0, f(0) = 1
template <class T>
T calc_degroote_force_velocity(const T& norm_fiber_velocity);

// compiled once for plain numbers; fiber_curves.inl holds the definitions for lanes and derivatives
extern template double evaluate<double>(const CurveTable&, const double&);
extern template double calc_thelen_active_force<double>(const double&, double);
extern template double calc_thelen_passive_force<double>(const double&, double, double);
extern template double calc_thelen_force_velocity<double>(const double&, double, double, double);
extern template double calc_degroote_active_force<double>(const double&, double);
extern template double calc_degroote_passive_force<double>(const double&, double);
extern template double calc_degroote_force_velocity<double>(const double&);

}  // namespace buttress
