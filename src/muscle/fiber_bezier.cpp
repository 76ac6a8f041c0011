#include "muscle/fiber_bezier.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace buttress {
namespace {

// value and first derivative with respect to u of the quintic with these control points (de Casteljau)
template <class Real>
struct Quintic {
  Real value, slope;
};
template <class Real>
Quintic<Real> calc_quintic(const std::array<double, 6>& control, Real u) {
  std::array<Real, 6> b;
  std::copy(control.begin(), control.end(), b.begin());
  const Real w = 1 - u;
  for (std::size_t level = 5; level > 1; --level)
    for (std::size_t i = 0; i < level; ++i) b[i] = w * b[i] + u * b[i + 1];
  return {w * b[0] + u * b[1], 5 * (b[1] - b[0])};
}

// the user's curviness is drawn in so that the curve never has a true corner
double scale_curviness(double curviness) {
  return 0.1 + 0.8 * curviness;
}

void require(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(std::string("muscle curve: ") + what);
}

}  // namespace

ValueSlope calc_bezier(const BezierCurve& curve, double x) {
  const auto [value, slope] = calc_bezier_extended(curve, x);
  return {static_cast<double>(value), static_cast<double>(slope)};
}

ExtendedValueSlope calc_bezier_extended(const BezierCurve& curve, long double x) {
  const BezierSegment& first = curve.segments.front();
  const BezierSegment& last = curve.segments.back();
  if (x <= first.x[0]) return {first.y[0] + curve.slope_before * (x - first.x[0]), curve.slope_before};
  if (x >= last.x[5]) return {last.y[5] + curve.slope_after * (x - last.x[5]), curve.slope_after};
  std::size_t k = 0;
  while (k + 1 < curve.segments.size() && x >= curve.segments[k + 1].x[0]) ++k;
  const BezierSegment& s = curve.segments[k];
  // x(u) increases: Newton's method, kept inside a shrinking bracket
  const double target = static_cast<double>(x);
  double low = 0, high = 1, u = (target - s.x[0]) / (s.x[5] - s.x[0]);
  for (int i = 0; i < 100; ++i) {
    const auto c = calc_quintic(s.x, u);
    (c.value > target ? high : low) = u;
    double next = u - (c.value - target) / c.slope;
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    const double step = std::fabs(next - u);
    u = next;
    if (step < 1e-12) break;
  }
  // one more step in extended precision squares the error that is left
  const auto c = calc_quintic<long double>(s.x, u);
  const long double refined = std::clamp(u - (c.value - x) / c.slope, 0.0L, 1.0L);
  const auto cy = calc_quintic(s.y, refined);
  return {cy.value, cy.slope / calc_quintic(s.x, refined).slope};
}

BezierSegment make_bezier_corner(double x0, double y0, double slope0, double x1, double y1, double slope1,
                                 double curviness) {
  // where the two tangents meet
  double xc = 0.5 * (x0 + x1);
  if (std::fabs(slope0 - slope1) > 1.4901161193847656e-08)
    xc = (y1 - y0 - x1 * slope1 + x0 * slope0) / (slope0 - slope1);
  const double yc = (xc - x1) * slope1 + y1;
  const double chord = std::hypot(x1 - x0, y1 - y0);
  require(chord > std::hypot(xc - x0, yc - y0) && chord > std::hypot(xc - x1, yc - y1),
          "the end points and slopes of a segment do not make a C-shaped corner");
  const double xa = x0 + curviness * (xc - x0), ya = y0 + curviness * (yc - y0);
  const double xb = x1 + curviness * (xc - x1), yb = y1 + curviness * (yc - y1);
  return {{x0, xa, xa, xb, xb, x1}, {y0, ya, ya, yb, yb, y1}};
}

BezierCurve make_active_force_length_curve(const MuscleCurveSpec& spec, double minimum_value) {
  const double x0 = spec.min_norm_active_fiber_length, x1 = spec.transition_norm_fiber_length, x2 = 1.0,
               x3 = spec.max_norm_active_fiber_length, slope = spec.shallow_ascending_slope;
  require(x0 >= 0 && x1 > x0 && x2 > x1 && x3 > x2,
          "active force-length needs 0 <= min < transition < 1 < max normalized fiber length");
  require(minimum_value >= 0, "active force-length minimum_value must not be negative");
  require(slope >= 0 && slope < (1 - minimum_value) / (x2 - x1),
          "active force-length shallow_ascending_slope must lie between 0 and (1 - minimum_value)/(1 - transition)");
  const double c = scale_curviness(1.0);
  // half width of the plateau
  const double half_plateau = 0.05 * x2;
  const double x_shoulder = x2 - half_plateau;
  // steep ascending limb
  const double y1 = 1 - slope * (x_shoulder - x1);
  const double slope01 = 1.25 * y1 / (x1 - x0);
  const double x01 = x0 + 0.5 * (x1 - x0), y01 = 0.5 * y1;
  // shallow ascending limb
  const double x1s = x1 + 0.5 * (x_shoulder - x1), y1s = y1 + 0.5 * (1 - y1);
  // descending limb
  const double x23 = (x2 + half_plateau) + 0.5 * (x3 - (x2 + half_plateau)), y23 = 0.5;
  const double slope23 = -1.0 / ((x3 - half_plateau) - (x2 + half_plateau));
  return {{make_bezier_corner(x0, minimum_value, 0, x01, y01, slope01, c),
           make_bezier_corner(x01, y01, slope01, x1s, y1s, slope, c), make_bezier_corner(x1s, y1s, slope, x2, 1, 0, c),
           make_bezier_corner(x2, 1, 0, x23, y23, slope23, c),
           make_bezier_corner(x23, y23, slope23, x3, minimum_value, 0, c)},
          0,
          0};
}

BezierCurve make_force_velocity_curve(const MuscleCurveSpec& spec, double concentric_slope_at_vmax,
                                      double eccentric_slope_at_vmax) {
  const double slope_c = concentric_slope_at_vmax, near_c = std::max(spec.concentric_slope_near_vmax, slope_c),
               slope_e = eccentric_slope_at_vmax, near_e = std::max(spec.eccentric_slope_near_vmax, slope_e),
               force_max = spec.max_eccentric_velocity_force_multiplier, slope_0 = spec.isometric_slope;
  require(force_max > 1, "max_eccentric_velocity_force_multiplier must exceed 1");
  require(slope_c >= 0 && near_c >= slope_c && near_c <= 1, "concentric slopes must lie between 0 and 1");
  require(slope_0 > 1, "isometric_slope must exceed 1");
  require(slope_e >= 0 && near_e >= slope_e && near_e < force_max - 1,
          "eccentric slopes must lie between 0 and the maximum eccentric force - 1");
  const double cc = scale_curviness(spec.concentric_curviness), ce = scale_curviness(spec.eccentric_curviness);
  const double x_near = 0.9;
  const double y_near_c = 0.5 * (near_c + slope_c) * (1 - x_near);
  const double y_near_e = force_max - 0.5 * (near_e + slope_e) * (1 - x_near);
  return {{make_bezier_corner(-1, 0, slope_c, -x_near, y_near_c, near_c, cc),
           make_bezier_corner(-x_near, y_near_c, near_c, 0, 1, slope_0, cc),
           make_bezier_corner(0, 1, slope_0, x_near, y_near_e, near_e, ce),
           make_bezier_corner(x_near, y_near_e, near_e, 1, force_max, slope_e, ce)},
          slope_c,
          slope_e};
}

BezierCurve make_passive_force_length_curve(const MuscleCurveSpec& spec) {
  const double e0 = spec.strain_at_zero_force, e1 = spec.strain_at_one_norm_force;
  require(e1 > e0, "strain_at_one_norm_force must exceed strain_at_zero_force");
  const bool complete = !std::isnan(spec.stiffness_at_low_force) && !std::isnan(spec.stiffness_at_one_norm_force) &&
                        !std::isnan(spec.curviness);
  const bool absent = std::isnan(spec.stiffness_at_low_force) && std::isnan(spec.stiffness_at_one_norm_force) &&
                      std::isnan(spec.curviness);
  require(complete || absent,
          "stiffness_at_low_force, stiffness_at_one_norm_force and curviness must all be given, or none of them");
  const double k_low = complete ? spec.stiffness_at_low_force : 0.2;
  const double k_one = complete ? spec.stiffness_at_one_norm_force : 2.0 / (e1 - e0);
  const double c = scale_curviness(complete ? spec.curviness : 0.75);
  require(k_one > 1 / (e1 - e0), "stiffness_at_one_norm_force must exceed 1/(strain at one force - strain at zero)");
  require(k_low > 0 && k_low < 1 / (e1 - e0), "stiffness_at_low_force must lie between 0 and the mean stiffness");
  const double x0 = 1 + e0, x1 = 1 + e1;
  const double x_low = x0 + std::min(0.1 / k_one, 0.1 * (x1 - x0));
  const double x_foot = x0 + 0.5 * (x_low - x0);
  const double y_low = k_low * (x_low - x_foot);
  return {
      {make_bezier_corner(x0, 0, 0, x_low, y_low, k_low, c), make_bezier_corner(x_low, y_low, k_low, x1, 1, k_one, c)},
      0,
      k_one};
}

BezierCurve make_tendon_force_length_curve(double strain_at_one_norm_force) {
  const double e = strain_at_one_norm_force;
  require(e > 0, "tendon strain at one norm force must be positive");
  const double k = 1.375 / e, y_toe = 2.0 / 3.0, c = scale_curviness(0.5);
  const double x_one = 1 + e, x_toe = (y_toe - 1) / k + x_one;
  // the line that the toe tends to meets the x axis to the right of slack length
  const double x_foot = 1 + (x_toe - 1) / 10;
  const double y_mid = 0.5 * y_toe, x_mid = (y_mid - 1) / k + x_one;
  const double slope_mid = y_mid / (x_mid - x_foot);
  const double x_control = x_foot + 0.5 * (x_mid - x_foot), y_control = slope_mid * (x_control - x_foot);
  return {{make_bezier_corner(1, 0, 0, x_control, y_control, slope_mid, c),
           make_bezier_corner(x_control, y_control, slope_mid, x_toe, y_toe, k, c)},
          0,
          k};
}

}  // namespace buttress
