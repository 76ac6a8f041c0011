#pragma once
#include <array>
#include <vector>

#include "model/model_spec.h"

/// The muscle curves of Millard et al. 2013 (Flexing computational muscle: modeling and simulation of
/// musculotendon dynamics, J Biomech Eng 135), drawn with quintic Bezier segments as OpenSim 4 does.
namespace buttress {

/// control points of one segment: x(u), y(u) with u from 0 to 1
struct BezierSegment {
  std::array<double, 6> x, y;
};

/// A curve y(x) made of segments in increasing x. Outside [x_first, x_last] it goes on along a straight line with
/// the slope given for that end.
struct BezierCurve {
  std::vector<BezierSegment> segments;
  double slope_before = 0, slope_after = 0;

  double x_first() const { return segments.front().x.front(); }
  double x_last() const { return segments.back().x.back(); }
};

struct ValueSlope {
  double value, slope;
};

/// y and dy/dx at x, by solving x(u) = x. Costly; tables for the kernels are made from it (fiber_curves.h).
ValueSlope calc_bezier(const BezierCurve& curve, double x);

/// the same in extended precision, for fitting
struct ExtendedValueSlope {
  long double value, slope;
};
ExtendedValueSlope calc_bezier_extended(const BezierCurve& curve, long double x);

/// C-shaped corner from (x0, y0) with slope slope0 to (x1, y1) with slope slope1. curviness in [0, 1]: 0 is a straight
/// line between the ends, 1 follows the two tangents. Throws std::invalid_argument when the corner would be S-shaped.
BezierSegment make_bezier_corner(double x0, double y0, double slope0, double x1, double y1, double slope1,
                                 double curviness);

/// active force against fibre length / optimal length (OpenSim ActiveForceLengthCurve); minimum_value as given here,
/// not the one in `spec`, because the muscle decides about it
BezierCurve make_active_force_length_curve(const MuscleCurveSpec& spec, double minimum_value);

/// force-velocity factor against fibre velocity / maximum contraction velocity, lengthening positive
/// (OpenSim ForceVelocityCurve); the slopes at +-1 are given here for the same reason
BezierCurve make_force_velocity_curve(const MuscleCurveSpec& spec, double concentric_slope_at_vmax,
                                      double eccentric_slope_at_vmax);

/// passive fibre force against fibre length / optimal length (OpenSim FiberForceLengthCurve)
BezierCurve make_passive_force_length_curve(const MuscleCurveSpec& spec);

/// tendon force against tendon length / slack length with OpenSim's default stiffness and toe for that strain
/// (OpenSim TendonForceLengthCurve)
BezierCurve make_tendon_force_length_curve(double strain_at_one_norm_force);

}  // namespace buttress
