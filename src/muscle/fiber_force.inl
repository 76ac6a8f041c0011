#pragma once
#include "base/assert.h"
#include "muscle/fiber_curves.inl"
#include "muscle/fiber_force.h"
#include "muscle/fiber_schutte.h"

namespace buttress {
namespace fiber_detail {

/// fibre of constant height with the tendon at slack length
template <class T>
struct RigidFiber {
  T length, inverse_length, cos_pennation, along_tendon;
  Mask<T> is_pennation_limited;
};

template <class T>
RigidFiber<T> calc_rigid_fiber(const FiberParameters& p, const T& path_length) {
  RigidFiber<T> f;
  const T along = path_length - T(p.slack_length);
  f.is_pennation_limited = along < T(p.min_length_along_tendon);
  const T positive = select(f.is_pennation_limited, T(p.min_length_along_tendon), along);
  if (p.height == 0) {
    // straight fibres: no root, and a length of exactly zero must not divide
    f.length = positive;
    f.cos_pennation = T(1.0);
    f.inverse_length = T(0.0);
  } else {
    // l^2 = height^2 + along^2
    f.length = sqrt(T(p.height * p.height) + positive * positive);
    f.inverse_length = T(1.0) / f.length;
    f.cos_pennation = positive * f.inverse_length;
  }
  f.along_tendon = positive;
  return f;
}

// OpenSim's Millard2012EquilibriumMuscle puts the normalized length where metres belong when it asks for the pennation
template <class T>
T calc_opensim_millard_cosine(const FiberParameters& p, const RigidFiber<T>& f, const T& norm_length) {
  const T sine = T(p.height * p.optimal_length) * f.inverse_length;
  const Mask<T> regular = (norm_length > T(p.min_pennated_length)) && (sine < T(p.max_sin_pennation));
  const T safe = select(regular, sine, T(0.0));
  return select(regular, sqrt(T(1.0) - safe * safe), T(p.max_cos_pennation));
}

// whether the tension at rest takes the place of that of a fibre on a rigid tendon
inline bool has_passive_tension(const FiberPlan& plan, std::size_t m) {
  return !plan.passive_tensions.empty() && !plan.passive_tensions[m].curve.origins.empty();
}

template <class T>
void update_millard(const FiberPlan& plan, const FiberParameters& p, std::size_t m, const T& length, const T& speed,
                    FiberWorkspace<T>& ws) {
  const RigidFiber<T> f = calc_rigid_fiber(p, length);
  // the limited fibre's length is its shortest one only up to rounding, so both are asked
  const Mask<T> works = (f.length > T(p.min_active_length)) && !f.is_pennation_limited;
  const T unclamped = f.length * T(p.inverse_optimal_length);
  const T norm_length = select(works, unclamped, T(p.min_active_length * p.inverse_optimal_length));
  // d(l)/dt = cos(pennation) * speed of the path
  const T norm_velocity = f.cos_pennation * speed * T(p.inverse_max_speed);
  const T fl = evaluate(plan.tables[static_cast<std::size_t>(p.active_table)], norm_length);
  const T fv = evaluate(plan.tables[static_cast<std::size_t>(p.velocity_table)], norm_velocity);
  T cosine = f.cos_pennation;
  if (p.kind == MuscleKind::millard2012_equilibrium && plan.rule == CapacityRule::opensim && p.height != 0)
    cosine = calc_opensim_millard_cosine(p, f, unclamped);
  ws.active_force[m] = select(works, T(p.max_force) * fl * fv * cosine, T(0.0));
  // the passive curve is zero up to its first point, where most fibres are most of the time
  const CurveTable& passive = plan.tables[static_cast<std::size_t>(p.passive_table)];
  ws.passive_force[m] = T(0.0);
  if (!has_passive_tension(plan, m) && any(norm_length > T(passive.x_first)))
    ws.passive_force[m] = T(p.max_force) * evaluate(passive, norm_length) * f.cos_pennation;
  ws.norm_fiber_length[m] = norm_length;
  ws.norm_fiber_velocity[m] = select(f.is_pennation_limited, T(0.0), norm_velocity);
  ws.cos_pennation[m] = f.cos_pennation;
  ws.tendon_length[m] = length - f.along_tendon;
}

template <class T>
void update_thelen(const FiberParameters& p, std::size_t m, const T& length, const T& speed, FiberWorkspace<T>& ws) {
  const RigidFiber<T> f = calc_rigid_fiber(p, length);
  const T norm_length = f.length * T(p.inverse_optimal_length);
  const T norm_velocity = f.cos_pennation * speed * T(p.inverse_max_speed);
  const T fl = calc_thelen_active_force(norm_length, p.k_shape_active);
  const T fv = calc_thelen_force_velocity(norm_velocity, p.af, p.flen, p.velocity_threshold);
  const T fp = calc_thelen_passive_force(norm_length, p.k_shape_passive, p.passive_strain);
  const Mask<T> works = (f.length > T(p.min_active_length)) && !f.is_pennation_limited;
  ws.active_force[m] = select(works, T(p.max_force) * fl * fv * f.cos_pennation, T(0.0));
  ws.passive_force[m] = T(p.max_force) * fp * f.cos_pennation;
  ws.norm_fiber_length[m] = norm_length;
  ws.norm_fiber_velocity[m] = select(f.is_pennation_limited, T(0.0), norm_velocity);
  ws.cos_pennation[m] = f.cos_pennation;
  ws.tendon_length[m] = length - f.along_tendon;
}

template <class T>
void update_degroote(const FiberPlan& plan, const FiberParameters& p, std::size_t m, const T& length, const T& speed,
                     FiberWorkspace<T>& ws) {
  // no limits on length or pennation here, as in OpenSim
  const T along = length - T(p.slack_length);
  const T fiber_length = p.height == 0 ? abs(along) : sqrt(T(p.height * p.height) + along * along);
  const T cosine = along / fiber_length;
  const T norm_length = fiber_length * T(p.inverse_optimal_length);
  const T norm_velocity = cosine * speed * T(p.inverse_max_speed);
  const T force = T(p.max_force) * calc_degroote_active_force(norm_length, p.width_scale) *
                  calc_degroote_force_velocity(norm_velocity);
  ws.active_force[m] = plan.rule == CapacityRule::opensim ? force : force * cosine;
  ws.passive_force[m] =
      p.ignore_passive ? T(0.0) : T(p.max_force) * calc_degroote_passive_force(norm_length, p.passive_strain) * cosine;
  ws.norm_fiber_length[m] = norm_length;
  ws.norm_fiber_velocity[m] = norm_velocity;
  ws.cos_pennation[m] = cosine;
  ws.tendon_length[m] = T(p.slack_length);
}

template <class T>
void update_schutte(const FiberPlan& plan, const FiberParameters& p, std::size_t m, const T& length, const T& speed,
                    FiberWorkspace<T>& ws) {
  const SchutteCurves& curves = plan.schutte[static_cast<std::size_t>(p.schutte)];
  const SchutteState<T> s = calc_schutte_equilibrium(p, curves, length, 1.0);
  // OpenSim's generic velocity factor for muscles without a better one; v is the shortening velocity
  const T shortening = T(-p.cos_pennation_at_optimal * p.inverse_max_speed) * speed;
  const T fv = T(1.8) - T(1.8) / (T(1.0) + exp((T(0.04) - shortening) * T(1.0 / 0.18)));
  ws.active_force[m] = s.tendon_force * fv;
  ws.passive_force[m] = s.passive_force_along_tendon;
  ws.norm_fiber_length[m] = s.fiber_length * T(p.inverse_optimal_length);
  ws.norm_fiber_velocity[m] = -shortening;
  ws.cos_pennation[m] = s.cos_pennation;
  ws.tendon_length[m] = length - s.fiber_length * s.cos_pennation;
}

template <class T>
void update_passive_tension(const PassiveTension& tension, const T& length, FiberWorkspace<T>& ws, std::size_t m) {
  const Mask<T> taut = length > T(tension.onset);
  ws.passive_force[m] = T(0.0);
  // most muscles are slack most of the time
  if (any(taut)) ws.passive_force[m] = select(taut, evaluate(tension.curve, length).f, T(0.0));
}

}  // namespace fiber_detail

template <class T>
FiberWorkspace<T> make_fiber_workspace(const FiberPlan& plan) {
  const std::vector<T> nothing(plan.muscles.size(), T(0.0));
  return {nothing, nothing, nothing, nothing, nothing, nothing};
}

template <class T>
void update_fibers(const Model& model, const FiberPlan& plan, const T* length, const T* lengthening_speed,
                   FiberWorkspace<T>& ws) {
  BUTTRESS_ASSERT(plan.muscles.size() == model.muscles.size() && ws.active_force.size() == plan.muscles.size());
  for (std::size_t m = 0; m < plan.muscles.size(); ++m) {
    const FiberParameters& p = plan.muscles[m];
    switch (p.kind) {
      case MuscleKind::millard2012_equilibrium:
      case MuscleKind::millard2012_acceleration:
        fiber_detail::update_millard(plan, p, m, length[m], lengthening_speed[m], ws);
        break;
      case MuscleKind::thelen2003:
        fiber_detail::update_thelen(p, m, length[m], lengthening_speed[m], ws);
        break;
      case MuscleKind::degroote_fregly2016:
        fiber_detail::update_degroote(plan, p, m, length[m], lengthening_speed[m], ws);
        break;
      case MuscleKind::schutte1993:
        fiber_detail::update_schutte(plan, p, m, length[m], lengthening_speed[m], ws);
        break;
    }
    if (fiber_detail::has_passive_tension(plan, m))
      fiber_detail::update_passive_tension(plan.passive_tensions[m], length[m], ws, m);
  }
}

}  // namespace buttress
