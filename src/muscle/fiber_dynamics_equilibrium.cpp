// The state in which a muscle's fibre and tendon are in equilibrium while its path changes its length.
#include <algorithm>
#include <cmath>

#include "muscle/fiber_dynamics.h"
#include "muscle/fiber_equilibrium.h"
#include "muscle/fiber_force.inl"

namespace buttress {
namespace {

using D = Dual<double>;

/// fibre and tendon at a trial length, with the length as variable; normalized to the maximum isometric force
struct Pull {
  D along, cosine, norm_length, norm_tendon;  ///< of the fibre; tendon length / slack length
};
Pull find_pull(const FiberParameters& p, double path_length, double fiber_length) {
  const D l(fiber_length, 1.0);
  // no steeper than the class allows
  const double steepest = p.max_cos_pennation;
  D cosine(1.0);
  if (p.height > 0) {
    const D sine = D(p.height) / l;
    cosine = sine.v < p.max_sin_pennation ? sqrt(D(1.0) - sine * sine) : D(steepest);
  }
  const D along = l * cosine;
  return {along, cosine, l * D(p.inverse_optimal_length), (D(path_length) - along) * D(1 / p.slack_length)};
}

/// forces along the tendon at a trial length; `velocity` is the fibre's, `tendon_velocity` the tendon's
struct Balance {
  D fiber, tendon;
};

/// Thelen 2003; the force-velocity relation is that at the muscle's own activation
Balance balance_thelen(const FiberPlan& plan, std::size_t index, double path_length, double fiber_length,
                       double velocity, double activation) {
  const FiberParameters& p = plan.muscles[index];
  const Pull pull = find_pull(p, path_length, fiber_length);
  const double factor = calc_thelen_force_velocity(velocity * p.inverse_max_speed / (0.25 + 0.75 * activation), p.af,
                                                   p.flen, p.velocity_threshold);
  const D active = D(activation * factor) * calc_thelen_active_force(pull.norm_length, p.k_shape_active);
  const D passive = calc_thelen_passive_force(pull.norm_length, p.k_shape_passive, p.passive_strain);
  return {(active + passive) * pull.cosine, calc_tendon_force(plan, static_cast<int>(index), pull.norm_tendon)};
}

/// Millard2012AccelerationMuscle: damped elements, and the fibre's mass, which turns with the pennation
Balance balance_acceleration(const FiberPlan& plan, std::size_t index, const Muscle& muscle, double path_length,
                             double fiber_length, double velocity, double tendon_velocity, double activation) {
  const FiberParameters& p = plan.muscles[index];
  const MuscleDynamicsSpec& spec = muscle.dynamics;
  const auto table = [&](int t, const D& x) { return evaluate(plan.tables[static_cast<std::size_t>(t)], x); };
  const Pull pull = find_pull(p, path_length, fiber_length);
  const double rate = velocity * p.inverse_optimal_length;
  const double factor =
      evaluate(plan.tables[static_cast<std::size_t>(p.velocity_table)], velocity * p.inverse_max_speed);
  const D active = D(activation * factor) * table(p.active_table, pull.norm_length);
  const D passive = table(p.passive_table, pull.norm_length) * D(std::max(1 + spec.passive_damping * rate, 0.0));
  const D tendon = table(p.tendon_table, pull.norm_tendon) *
                   D(std::max(1 + spec.tendon_damping * tendon_velocity / p.slack_length, 0.0));
  // m l w^2, with w = -v / l tan(pennation)
  const double sine = p.height / fiber_length, turning = velocity * sine / pull.cosine.v;
  const double centrifugal = spec.mass * turning * turning / (fiber_length * pull.cosine.v * p.max_force);
  return {(active + passive + D(spec.fiber_damping * rate)) * pull.cosine - D(centrifugal), tendon};
}

/// Length and velocity at which `balance` holds while fibre and tendon share the path's speed by their stiffness.
/// @return false when there is none above the shortest fibre, which is then the length, at rest
template <class BalanceAt>
bool share_speed(const FiberParameters& p, double path_length, double path_speed, const BalanceAt& balance,
                 double& fiber_length, double& velocity) {
  const double shortest = std::max(p.min_pennated_length, 1e-6 * p.optimal_length);
  const double along = path_length - 1.01 * p.slack_length;
  double l = along >= p.min_length_along_tendon ? std::max(std::hypot(p.height, along), shortest) : shortest;
  double v = 0, tendon_v = 0;
  for (int i = 0; i < 200; ++i) {
    const Balance b = balance(l, v, tendon_v);
    const Pull pull = find_pull(p, path_length, l);
    // stiffness of the fibre along the tendon, and of the tendon, per length
    const double fiber_stiffness = b.fiber.d / pull.along.d, tendon_stiffness = -b.tendon.d / pull.along.d;
    const double sum = fiber_stiffness + tendon_stiffness;
    const bool taut = pull.norm_tendon.v > 1 && std::fabs(sum) > 1e-14;
    tendon_v = taut ? path_speed * fiber_stiffness / sum : path_speed;
    v = (path_speed - tendon_v) * pull.cosine.v;

    // one Newton step of the length at these velocities, shortened until the error falls
    const Balance now = balance(l, v, tendon_v);
    const double error = now.fiber.v - now.tendon.v, slope = now.fiber.d - now.tendon.d;
    if (std::fabs(error) < 1e-13) break;
    double step = -error / slope, next = l;
    for (int k = 0; k < 40; ++k, step *= 0.5) {
      next = std::max(l + step, shortest);
      const Balance there = balance(next, v, tendon_v);
      if (std::fabs(there.fiber.v - there.tendon.v) < std::fabs(error)) break;
    }
    const bool settled = std::fabs(next - l) < 1e-15 * p.optimal_length;
    l = next;
    if (settled) break;
  }
  fiber_length = l;
  velocity = v;
  const Balance b = balance(l, v, tendon_v);
  if (std::fabs(b.fiber.v - b.tendon.v) < 1e-8) return true;
  fiber_length = shortest;
  velocity = 0;
  return false;
}

/// De Groote et al. 2016: the tendon force at which a fibre that takes all of the path's speed pulls as hard
double find_degroote_tendon_force(const FiberPlan& plan, const Muscle& muscle, std::size_t index, double path_length,
                                  double path_speed, const FiberState& state) {
  Muscle implicit = muscle;
  implicit.dynamics.implicit_tendon_dynamics = true;
  const auto excess = [&](double norm_force) {
    FiberState trial = state;
    trial.normalized_tendon_force = norm_force;
    const FiberDynamics f = calc_fiber_dynamics(plan, implicit, index, path_length, path_speed, trial);
    return norm_force -
           (f.active_fiber_force_along_tendon + f.passive_fiber_force_along_tendon) / muscle.max_isometric_force;
  };
  double low = 0, high = 5;
  // no such force: OpenSim leaves the state alone
  if (!(excess(low) <= 0 && excess(high) >= 0)) return state.normalized_tendon_force;
  for (int i = 0; i < 100 && high - low > 1e-15; ++i) {
    const double middle = 0.5 * (low + high);
    (excess(middle) <= 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

FiberState find_equilibrium_state(const FiberPlan& plan, const Muscle& muscle, std::size_t index, double path_length,
                                  double path_speed, const FiberState& state) {
  const FiberParameters& p = plan.muscles[index];
  const MuscleDynamicsSpec& spec = muscle.dynamics;
  FiberState out = state;
  if (spec.ignore_tendon_compliance || !(p.slack_length > 0)) return out;
  switch (muscle.kind) {
    case MuscleKind::millard2012_equilibrium:
      out.fiber_length = find_isometric_equilibrium(plan, static_cast<int>(index), path_length,
                                                    std::clamp(state.activation, spec.minimum_activation, 1.0))
                             .fiber_length;
      break;
    case MuscleKind::schutte1993:
      out.fiber_length =
          find_isometric_equilibrium(plan, static_cast<int>(index), path_length, state.activation).fiber_length;
      break;
    case MuscleKind::degroote_fregly2016:
      out.normalized_tendon_force = find_degroote_tendon_force(plan, muscle, index, path_length, path_speed, state);
      break;
    case MuscleKind::thelen2003: {
      const double activation = std::clamp(state.activation, spec.minimum_activation, 1.0);
      double velocity;
      share_speed(
          p, path_length, path_speed,
          [&](double l, double v, double) { return balance_thelen(plan, index, path_length, l, v, activation); },
          out.fiber_length, velocity);
      break;
    }
    case MuscleKind::millard2012_acceleration:
      share_speed(
          p, path_length, path_speed,
          [&](double l, double v, double tendon_v) {
            return balance_acceleration(plan, index, muscle, path_length, l, v, tendon_v, state.activation);
          },
          out.fiber_length, out.fiber_velocity);
      break;
  }
  return out;
}

}  // namespace buttress
