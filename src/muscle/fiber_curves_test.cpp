#include "muscle/fiber_curves.inl"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>

namespace buttress {
namespace {

// Bernstein polynomials written out and plain bisection on u, in long double: shares no code with calc_bezier, which
// uses de Casteljau's scheme and Newton's method.
long double bernstein(const std::array<double, 6>& p, long double u) {
  const long double w = 1 - u, u2 = u * u, w2 = w * w;
  return w2 * w2 * w * p[0] + 5 * u * w2 * w2 * p[1] + 10 * u2 * w2 * w * p[2] + 10 * u2 * u * w2 * p[3] +
         5 * u2 * u2 * w * p[4] + u2 * u2 * u * p[5];
}
long double bernstein_slope(const std::array<double, 6>& p, long double u) {
  const long double w = 1 - u, u2 = u * u, w2 = w * w;
  std::array<long double, 5> d;
  for (std::size_t i = 0; i < 5; ++i) d[i] = static_cast<long double>(p[i + 1]) - p[i];
  return 5 * (w2 * w2 * d[0] + 4 * u * w2 * w * d[1] + 6 * u2 * w2 * d[2] + 4 * u2 * u * w * d[3] + u2 * u2 * d[4]);
}
ValueSlope bisect_bezier(const BezierCurve& curve, double x) {
  const auto& first = curve.segments.front();
  const auto& last = curve.segments.back();
  if (x < first.x[0]) return {first.y[0] + curve.slope_before * (x - first.x[0]), curve.slope_before};
  if (x > last.x[5]) return {last.y[5] + curve.slope_after * (x - last.x[5]), curve.slope_after};
  const BezierSegment* s = &first;
  for (const auto& candidate : curve.segments)
    if (x >= candidate.x[0]) s = &candidate;
  long double low = 0, high = 1;
  for (int i = 0; i < 80; ++i) (bernstein(s->x, (low + high) / 2) < x ? low : high) = (low + high) / 2;
  const long double u = (low + high) / 2;
  return {static_cast<double>(bernstein(s->y, u)),
          static_cast<double>(bernstein_slope(s->y, u) / bernstein_slope(s->x, u))};
}

std::vector<BezierCurve> make_curves() {
  const MuscleCurveSpec standard;
  MuscleCurveSpec other;
  other.min_norm_active_fiber_length = 0.35;
  other.transition_norm_fiber_length = 0.7;
  other.max_norm_active_fiber_length = 2.1;
  other.shallow_ascending_slope = 0.6;
  other.concentric_slope_near_vmax = 0.3;
  other.isometric_slope = 7;
  other.eccentric_slope_near_vmax = 0.2;
  other.max_eccentric_velocity_force_multiplier = 1.8;
  other.concentric_curviness = 0.3;
  other.eccentric_curviness = 0.75;
  other.strain_at_zero_force = -0.1;
  other.strain_at_one_norm_force = 0.5;
  other.stiffness_at_low_force = 0.1;
  other.stiffness_at_one_norm_force = 5;
  other.curviness = 0.9;
  return {make_active_force_length_curve(standard, 0.0), make_force_velocity_curve(standard, 0, 0),
          make_passive_force_length_curve(standard),     make_tendon_force_length_curve(0.049),
          make_active_force_length_curve(other, 0.1),    make_force_velocity_curve(other, 0.1, 0.1),
          make_passive_force_length_curve(other),        make_tendon_force_length_curve(0.033)};
}

TEST(FiberCurves, tables_follow_the_bezier_curves_to_1e_10_in_value_and_1e_8_in_slope) {
  // the slope comes from the table by exact differentiation, so both parts of the table are seen
  std::mt19937 random(3);
  for (const BezierCurve& curve : make_curves()) {
    const CurveTable table = make_curve_table(curve);
    std::uniform_real_distribution<double> x(curve.x_first() - 0.1, curve.x_last() + 0.1);
    double worst_value = 0, worst_slope = 0;
    for (int i = 0; i < 5000; ++i) {
      const double at = x(random);
      const ValueSlope exact = bisect_bezier(curve, at);
      const Dual<double> got = evaluate(table, Dual<double>(at, 1.0));
      worst_value = std::fmax(worst_value, std::fabs(got.v - exact.value));
      worst_slope = std::fmax(worst_slope, std::fabs(got.d - exact.slope));
    }
    EXPECT_LT(worst_value, 1e-10) << "curve from " << curve.x_first();
    EXPECT_LT(worst_slope, 1e-8) << "curve from " << curve.x_first();
  }
}

TEST(FiberCurves, tables_meet_the_curve_at_the_joints_of_segments_and_next_to_them) {
  // where a wrong row would show: one rounding error to either side of every joint
  for (const BezierCurve& curve : make_curves()) {
    const CurveTable table = make_curve_table(curve);
    for (const BezierSegment& s : curve.segments)
      for (const double joint : {s.x[0], s.x[5]})
        for (const double at : {joint, std::nextafter(joint, 1e9), std::nextafter(joint, -1e9)}) {
          const Dual<double> got = evaluate(table, Dual<double>(at, 1.0));
          EXPECT_NEAR(got.v, bisect_bezier(curve, at).value, 1e-10);
          EXPECT_NEAR(got.d, bisect_bezier(curve, at).slope, 1e-8);
        }
  }
}

TEST(FiberCurves, exact_bezier_evaluation_agrees_with_bisection_on_bernstein_polynomials) {
  std::mt19937 random(4);
  for (const BezierCurve& curve : make_curves()) {
    std::uniform_real_distribution<double> x(curve.x_first(), curve.x_last());
    for (int i = 0; i < 2000; ++i) {
      const double at = x(random);
      const ValueSlope a = calc_bezier(curve, at), b = bisect_bezier(curve, at);
      EXPECT_NEAR(a.value, b.value, 1e-14);
      EXPECT_NEAR(a.slope, b.slope, 1e-11);
    }
  }
}

TEST(FiberCurves, millard_curves_pass_through_the_points_that_define_them) {
  const MuscleCurveSpec c;
  const CurveTable fl = make_curve_table(make_active_force_length_curve(c, 0.0));
  EXPECT_NEAR(evaluate(fl, 1.0), 1, 1e-12);
  EXPECT_NEAR(evaluate(fl, Dual<double>(1.0, 1.0)).d, 0, 1e-8);
  EXPECT_EQ(evaluate(fl, 0.2), evaluate(fl, 0.4441));
  EXPECT_NEAR(evaluate(fl, 0.2), 0, 1e-12);
  EXPECT_NEAR(evaluate(fl, 3.0), 0, 1e-12);
  const CurveTable fv = make_curve_table(make_force_velocity_curve(c, 0, 0));
  EXPECT_NEAR(evaluate(fv, 0.0), 1, 1e-12);
  EXPECT_NEAR(evaluate(fv, Dual<double>(0.0, 1.0)).d, 5, 1e-8);
  EXPECT_NEAR(evaluate(fv, -1.0), 0, 1e-12);
  EXPECT_NEAR(evaluate(fv, -7.0), 0, 1e-12);
  EXPECT_NEAR(evaluate(fv, 1.0), 1.4, 1e-12);
  EXPECT_NEAR(evaluate(fv, 5.0), 1.4, 1e-12);
  const CurveTable fp = make_curve_table(make_passive_force_length_curve(c));
  EXPECT_NEAR(evaluate(fp, 0.9), 0, 1e-12);
  EXPECT_NEAR(evaluate(fp, 1.7), 1, 1e-11);
  EXPECT_NEAR(evaluate(fp, 1.9), 1 + 0.2 * 2 / 0.7, 1e-11);
  const CurveTable ft = make_curve_table(make_tendon_force_length_curve(0.049));
  EXPECT_NEAR(evaluate(ft, 0.99), 0, 1e-12);
  EXPECT_NEAR(evaluate(ft, 1.049), 1, 1e-11);
}

TEST(FiberCurves, a_missing_number_does_not_read_outside_the_table) {
  const CurveTable fl = make_curve_table(make_active_force_length_curve(MuscleCurveSpec{}, 0.0));
  EXPECT_NEAR(evaluate(fl, std::nan("")), 0, 1e-12);
  EXPECT_NEAR(evaluate(fl, HUGE_VAL), 0, 1e-12);
}

TEST(FiberCurves, shapes_that_make_no_sense_are_refused) {
  MuscleCurveSpec c;
  c.transition_norm_fiber_length = 0.3;
  EXPECT_THROW(make_active_force_length_curve(c, 0), std::invalid_argument);
  c = {};
  c.isometric_slope = 0.5;
  EXPECT_THROW(make_force_velocity_curve(c, 0, 0), std::invalid_argument);
  c = {};
  c.curviness = 0.5;
  EXPECT_THROW(make_passive_force_length_curve(c), std::invalid_argument);
  EXPECT_THROW(make_tendon_force_length_curve(0), std::invalid_argument);
}

TEST(FiberCurves, thelen_gaussian_and_exponential_have_their_closed_form) {
  EXPECT_DOUBLE_EQ(calc_thelen_active_force(1.0, 0.45), 1);
  for (const double d : {0.1, 0.3, 0.7}) {
    EXPECT_NEAR(calc_thelen_active_force(1 + d, 0.45), std::exp(-d * d / 0.45), 1e-15);
    EXPECT_NEAR(calc_thelen_active_force(1 + d, 0.45), calc_thelen_active_force(1 - d, 0.45), 1e-15);
  }
  EXPECT_EQ(calc_thelen_passive_force(0.8, 5.0, 0.6), 0);
  EXPECT_NEAR(calc_thelen_passive_force(1.6, 5.0, 0.6), 1, 1e-14);
}

// normalized fibre velocity for a force factor f at activation 1: Thelen 2003 eqs. 6 and 7 with the linear ends
double calc_thelen_velocity(double f, double af, double flen, double threshold) {
  const auto velocity = [&](double force) {
    const double b = force <= 1 ? 1 + force / af : (2 + 2 / af) * (flen - force) / (flen - 1);
    return (force - 1) / b;
  };
  const double last = threshold * flen;
  if (f < last) return velocity(f);
  const double h = 1e-6;
  return velocity(last) + (velocity(last) - velocity(last - h)) / h * (f - last);
}

TEST(FiberCurves, thelen_force_velocity_inverts_the_published_velocity_force_relation) {
  for (const double af : {0.25, 0.4})
    for (const double flen : {1.4, 1.8}) {
      for (double f = 0.001; f < 1.3 * flen; f += 0.01) {
        const double v = calc_thelen_velocity(f, af, flen, 0.95);
        // beyond the threshold the reference slope is a difference quotient
        EXPECT_NEAR(calc_thelen_force_velocity(v, af, flen, 0.95), f, f < 0.95 * flen ? 1e-13 : 1e-5);
      }
      EXPECT_EQ(calc_thelen_force_velocity(-1.0, af, flen, 0.95), 0);
      EXPECT_EQ(calc_thelen_force_velocity(-3.0, af, flen, 0.95), 0);
      EXPECT_EQ(calc_thelen_force_velocity(0.0, af, flen, 0.95), 1);
    }
}

TEST(FiberCurves, degroote_curves_have_the_values_their_constants_were_chosen_for) {
  EXPECT_NEAR(calc_degroote_active_force(1.0, 1.0), 1, 1e-12);
  EXPECT_NEAR(calc_degroote_active_force(1.0, 1.7), 1, 1e-12);
  EXPECT_NEAR(calc_degroote_force_velocity(-1.0), 0, 1e-6);
  EXPECT_NEAR(calc_degroote_force_velocity(0.0), 1, 1e-6);
  EXPECT_NEAR(calc_degroote_force_velocity(1.0), 1.794, 1e-3);
  EXPECT_NEAR(calc_degroote_passive_force(0.2, 0.6), 0, 1e-15);
  EXPECT_NEAR(calc_degroote_passive_force(1.6, 0.6), 1, 1e-14);
  // asinh written as the logarithm that keeps its digits
  for (double v = -2; v <= 2; v += 0.1)
    EXPECT_NEAR(calc_degroote_force_velocity(v),
                -0.3211346127989808 * std::asinh(-8.149 * v - 0.374) + 0.8825327733249912, 1e-14);
}

TEST(FiberCurves, exact_derivatives_of_the_closed_forms_agree_with_differences) {
  const auto check = [](auto f, double x) {
    const double h = 1e-6, difference = (f(x + h) - f(x - h)) / (2 * h);
    EXPECT_NEAR(f(Dual<double>(x, 1.0)).d, difference, 1e-7 * (1 + std::fabs(difference))) << x;
  };
  for (double x = 0.45; x < 1.75; x += 0.093) {
    check([](auto l) { return calc_thelen_active_force(l, 0.45); }, x);
    check([](auto l) { return calc_thelen_passive_force(l, 5.0, 0.6); }, x);
    check([](auto l) { return calc_degroote_active_force(l, 1.2); }, x);
    check([](auto l) { return calc_degroote_passive_force(l, 0.6); }, x);
    check([](auto v) { return calc_thelen_force_velocity(v, 0.25, 1.4, 0.95); }, x - 1.13);
    check([](auto v) { return calc_degroote_force_velocity(v); }, x - 1.13);
  }
}

}  // namespace
}  // namespace buttress
