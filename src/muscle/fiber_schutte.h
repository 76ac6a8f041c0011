#pragma once
#include "muscle/fiber_root.h"
#include "simd/dual.h"
#include "simd/lanes.h"

/// Isometric equilibrium of fibre and elastic tendon of OpenSim's Schutte1993Muscle_Deprecated, which its static
/// optimization uses for this class. Included by fiber_force.inl.
namespace buttress {

/// forces in N
template <class T>
struct SchutteState {
  T fiber_length, cos_pennation, tendon_force, passive_force_along_tendon;
};

namespace fiber_detail {

/// normalized forces at a trial fibre length, and tendon minus fibre force along the tendon
template <class T>
struct SchutteBalance {
  T difference, tendon, passive, cos_pennation;
};

template <class T>
SchutteBalance<T> calc_schutte_balance(const FiberParameters& p, const SchutteCurves& curves, const T& fiber_length,
                                       const T& path_length, double activation) {
  const T norm_length = fiber_length * T(p.inverse_optimal_length);
  // as a product, so that a fibre as short as the muscle is wide gives zero however it is rounded
  const T along_squared = max((fiber_length - T(p.height)) * (fiber_length + T(p.height)), T(0.0));
  const T along = sqrt(along_squared);
  SchutteBalance<T> b;
  b.cos_pennation = along / fiber_length;
  const T strain = (path_length - along) * T(1.0 / p.slack_length) - T(1.0);
  b.tendon = select(strain < T(0.0), T(0.0), evaluate(curves.tendon, strain).f);
  const T active = max(evaluate(curves.active, norm_length).f, T(0.0)) * T(activation);
  b.passive = curves.passive_is_exponential ? exp(T(8.0) * (norm_length - T(1.0)) - T(4.0))
                                            : max(evaluate(curves.passive, norm_length).f, T(0.0));
  b.difference = b.tendon - (active + b.passive) * b.cos_pennation;
  return b;
}

inline void set_value(double& x, std::size_t, double value) {
  x = value;
}
template <class T>
void set_value(Dual<T>& x, std::size_t lane, double value) {
  set_value(x.v, lane, value);
}
#if defined(BUTTRESS_HAS_LANES)
template <std::size_t N>
void set_value(Lanes<double, N>& x, std::size_t lane, double value) {
  set_lane(x, lane, value);
}
#endif

/// fibre length at which the difference vanishes, and the slope of the difference there; the tendon must be taut
struct SchutteRoot {
  double fiber_length, slope;
};
inline SchutteRoot find_schutte_fiber_length(const FiberParameters& p, const SchutteCurves& curves, double path_length,
                                             double activation) {
  const double slack_along = path_length - p.slack_length;
  // fibre at its shortest: the tendon pulls harder; tendon at slack length: the fibre does
  const double shortest = std::fmax(p.height, 1e-9 * p.optimal_length);
  const double longest = std::fmax(std::sqrt(p.height * p.height + slack_along * slack_along), shortest);
  const auto difference = [&](const Dual<double>& x) {
    return calc_schutte_balance<Dual<double>>(p, curves, x, Dual<double>(path_length), activation).difference;
  };
  const double x = find_falling_root(difference, shortest, longest);
  return {x, difference(Dual<double>(x, 1.0)).d};
}

}  // namespace fiber_detail

/// Fibre length, tendon force and passive force at zero velocity and this activation (0..1). The root is found in
/// double for each lane; one Newton step in T then carries a first derivative through, if T has one.
/// A path shorter than the tendon's slack length gives no force and a fibre as long as the muscle is wide (OpenSim).
template <class T>
SchutteState<T> calc_schutte_equilibrium(const FiberParameters& p, const SchutteCurves& curves, const T& path_length,
                                         double activation) {
  T root(0.0), inverse_slope(0.0);
  const Mask<T> taut = path_length > T(p.slack_length);
  for (std::size_t lane = 0; lane < lanes_of<T>; ++lane) {
    const double length = get_lane(path_length, lane);
    // a missing number (NaN) stays slack here and comes out as NaN below
    fiber_detail::SchutteRoot r{std::fmax(p.height, 1e-9 * p.optimal_length), 1.0};
    if (length > p.slack_length) r = fiber_detail::find_schutte_fiber_length(p, curves, length, activation);
    fiber_detail::set_value(root, lane, r.fiber_length);
    fiber_detail::set_value(inverse_slope, lane, r.slope != 0 ? 1.0 / r.slope : 0.0);
  }
  const T step = fiber_detail::calc_schutte_balance(p, curves, root, path_length, activation).difference;
  const T fiber_length = root - select(taut, step * inverse_slope, T(0.0));
  const auto b = fiber_detail::calc_schutte_balance(p, curves, fiber_length, path_length, activation);
  // a path that is no number gives a force that is none
  const T force = select(taut, T(p.max_force), T(0.0)) + T(0.0) * path_length;
  return {fiber_length, b.cos_pennation, force * b.tendon, force * b.passive * b.cos_pennation};
}

}  // namespace buttress
