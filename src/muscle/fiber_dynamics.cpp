#include "muscle/fiber_dynamics.h"

#include <algorithm>
#include <cmath>

#include "muscle/fiber_equilibrium.h"
#include "muscle/fiber_force.inl"
#include "muscle/fiber_root.h"

namespace buttress {
namespace {

using D = Dual<double>;

/// what the classes share while one muscle is worked on
struct Fiber {
  const FiberPlan& plan;
  const FiberParameters& p;
  const MuscleDynamicsSpec& spec;
  std::size_t index;
  double path_length, path_speed;
  double activation;
};

/// the curve of a Millard muscle
template <class T>
T evaluate_table(const Fiber& f, int table, const T& x) {
  return evaluate(f.plan.tables[static_cast<std::size_t>(table)], x);
}

/// pennation of a fibre of constant height, no steeper than the class allows
struct Pennation {
  double angle = 0, sine = 0, cosine = 1;
};
Pennation find_pennation(const FiberParameters& p, double fiber_length) {
  if (p.height == 0) return {};
  const double sine = fiber_length > p.min_pennated_length ? p.height / fiber_length : 1.0;
  const double angle = sine < p.max_sin_pennation ? std::asin(sine) : std::acos(p.max_cos_pennation);
  return {angle, std::sin(angle), std::cos(angle)};
}

/// fibre length when the tendon has this length (OpenSim's pennation model)
double find_fiber_length(const FiberParameters& p, double path_length, double tendon_length) {
  const double along = path_length - tendon_length;
  return along >= p.min_length_along_tendon ? std::hypot(p.height, along) : p.min_pennated_length;
}

void set_lengths(const Fiber& f, double fiber_length, const Pennation& pennation, FiberDynamics& out) {
  out.fiber_length = fiber_length;
  out.norm_fiber_length = fiber_length / f.p.optimal_length;
  out.pennation_angle = pennation.angle;
  out.tendon_length = f.path_length - fiber_length * pennation.cosine;
}

/// velocity of the tendon; sets the fibre's and that of the pennation
double set_velocities(const Fiber& f, double fiber_velocity, const Pennation& pennation, FiberDynamics& out) {
  out.fiber_velocity = fiber_velocity;
  out.norm_fiber_velocity = fiber_velocity * f.p.inverse_max_speed;
  out.pennation_angular_velocity =
      f.p.height == 0 || out.fiber_length == 0 ? 0.0 : -fiber_velocity / out.fiber_length * std::tan(pennation.angle);
  const double along =
      fiber_velocity * pennation.cosine - out.fiber_length * pennation.sine * out.pennation_angular_velocity;
  return f.path_speed - along;
}

/// forces and powers that all classes have in common; `elastic` is the part of the passive force that stores energy
void set_forces(const Fiber& f, double active, double passive, double elastic, double tendon_force, double cosine,
                double tendon_velocity, FiberDynamics& out) {
  out.active_fiber_force = active;
  out.passive_fiber_force = passive;
  out.active_fiber_force_along_tendon = active * cosine;
  out.passive_fiber_force_along_tendon = passive * cosine;
  out.tendon_force = tendon_force;
  out.fiber_active_power = -(active + passive - elastic) * out.fiber_velocity;
  out.fiber_passive_power = -elastic * out.fiber_velocity;
  out.tendon_power = -tendon_force * tendon_velocity;
  out.muscle_power = -tendon_force * f.path_speed;
}

/// normalized fibre velocity at which active force, passive force and damping make `force`, along the fibre
double find_millard_velocity(const Fiber& f, double force_length, double passive, double force) {
  // OpenSim calls less damping than this none, and inverts the force-velocity curve, whose ends go on straight
  const double gain = f.activation * force_length, damping = f.spec.fiber_damping < 0.001 ? 0 : f.spec.fiber_damping;
  const auto excess = [&](const D& v) {
    return D(force - passive) - D(gain) * evaluate_table(f, f.p.velocity_table, v) - D(damping) * v;
  };
  double low = -1, high = 1;
  for (int i = 0; i < 60 && excess(D(low)).v < 0; ++i) low *= 2;
  for (int i = 0; i < 60 && excess(D(high)).v > 0; ++i) high *= 2;
  return fiber_detail::find_falling_root(excess, low, high);
}

FiberDynamics calc_millard(const Fiber& f, const FiberState& state) {
  FiberDynamics out;
  const bool rigid = f.spec.ignore_tendon_compliance;
  const double length = std::max(rigid ? find_fiber_length(f.p, f.path_length, f.p.slack_length) : state.fiber_length,
                                 f.p.min_active_length);
  const Pennation pennation = find_pennation(f.p, length);
  set_lengths(f, length, pennation, out);
  const double force_length = evaluate_table(f, f.p.active_table, out.norm_fiber_length);
  const double passive = evaluate_table(f, f.p.passive_table, out.norm_fiber_length);
  const double norm_tendon = evaluate_table(f, f.p.tendon_table, out.tendon_length / f.p.slack_length);

  // what the fibre does; a rigid tendon that is too long for the path hangs loose
  double velocity = 0;
  const bool loose = rigid && out.tendon_length < f.p.slack_length - 1e-14;
  if (rigid && !loose) velocity = f.path_speed * pennation.cosine;
  if (!rigid)
    velocity = find_millard_velocity(f, force_length, passive, norm_tendon / pennation.cosine) / f.p.inverse_max_speed;
  double tendon_velocity = set_velocities(f, velocity, pennation, out);
  if (rigid) tendon_velocity = 0;
  const bool at_its_shortest = length <= f.p.min_active_length && velocity <= 0;
  if (at_its_shortest) {
    // neither moves nor pulls; an elastic tendon may
    set_velocities(f, 0, pennation, out);
    set_forces(f, 0, 0, 0, rigid ? 0.0 : norm_tendon * f.p.max_force, pennation.cosine, f.path_speed, out);
    return out;
  }
  const double force_velocity = loose ? 1.0 : evaluate_table(f, f.p.velocity_table, out.norm_fiber_velocity);
  const double active = f.p.max_force * f.activation * force_length * force_velocity;
  const double elastic = f.p.max_force * passive;
  double damping = f.p.max_force * f.spec.fiber_damping * out.norm_fiber_velocity;
  // a fibre on a rigid tendon does not push
  if (rigid && active + elastic + damping < 0) damping = -active - elastic;
  out.fiber_force = active + elastic + damping;
  set_forces(f, active, elastic + damping, elastic,
             rigid ? out.fiber_force * pennation.cosine : norm_tendon * f.p.max_force, pennation.cosine,
             tendon_velocity, out);
  return out;
}

/// Thelen 2003, eqs. 6 and 7: normalized velocity when the fibre makes `active` (normalized); the hyperbolas go on
/// along their tangents below zero force and above `threshold` of the largest.
double find_thelen_velocity(const FiberParameters& p, double activation, double force_length, double active) {
  const double isometric = activation * force_length, largest = p.flen * isometric;
  const auto velocity = [&](const D& x) {
    const D b = x.v <= isometric ? D(isometric) + x / D(p.af) : D((2 + 2 / p.af) / (p.flen - 1)) * (D(largest) - x);
    return D(0.25 + 0.75 * activation) * (x - D(isometric)) / b;
  };
  const double known = std::clamp(active, 0.0, p.velocity_threshold * largest);
  const D at_known = velocity(D(known, 1.0));
  return at_known.v + at_known.d * (active - known);
}

FiberDynamics calc_thelen(const Fiber& f, const FiberState& state) {
  FiberDynamics out;
  const double length = std::max(state.fiber_length, f.p.min_pennated_length);
  const Pennation pennation = find_pennation(f.p, length);
  set_lengths(f, length, pennation, out);
  const double force_length = calc_thelen_active_force(out.norm_fiber_length, f.p.k_shape_active);
  const double passive = calc_thelen_passive_force(out.norm_fiber_length, f.p.k_shape_passive, f.p.passive_strain);
  const double norm_tendon = calc_tendon_force(f.plan, static_cast<int>(f.index), out.tendon_length / f.p.slack_length);
  const double norm_active = norm_tendon / pennation.cosine - passive;
  const double velocity = find_thelen_velocity(f.p, f.activation, force_length, norm_active) / f.p.inverse_max_speed;
  const double tendon_velocity = set_velocities(f, velocity, pennation, out);
  const double elastic = f.p.max_force * passive, tendon_force = norm_tendon * f.p.max_force;
  if (state.fiber_length <= f.p.min_pennated_length && velocity <= 0) {
    set_velocities(f, 0, pennation, out);
    set_forces(f, 0, elastic, elastic, tendon_force, pennation.cosine, f.path_speed, out);
    return out;
  }
  const double active = norm_active * f.p.max_force;
  out.fiber_force = active + elastic;
  set_forces(f, active, elastic, elastic, tendon_force, pennation.cosine, tendon_velocity, out);
  return out;
}

/// tendon length / slack length at a normalized force: the inverse of De Groote's curve
double find_degroote_tendon(const FiberParameters& p, double norm_force) {
  const double k = std::log(1.2 / 0.2) / p.tendon_strain;
  return std::log(5 * (norm_force + 0.2)) / k + 1;
}

FiberDynamics calc_degroote(const Fiber& f, const FiberState& state) {
  FiberDynamics out;
  const bool rigid = f.spec.ignore_tendon_compliance;
  out.tendon_length = f.p.slack_length * (rigid ? 1.0 : find_degroote_tendon(f.p, state.normalized_tendon_force));
  const double along = f.path_length - out.tendon_length;
  out.fiber_length = std::hypot(f.p.height, along);
  out.norm_fiber_length = out.fiber_length / f.p.optimal_length;
  const double cosine = along / out.fiber_length;
  out.pennation_angle = std::asin(f.p.height / out.fiber_length);
  const double force_length = calc_degroote_active_force(out.norm_fiber_length, f.p.width_scale);
  const double passive =
      f.p.ignore_passive ? 0.0 : calc_degroote_passive_force(out.norm_fiber_length, f.p.passive_strain);

  double force_velocity, tendon_velocity = 0;
  if (rigid || f.spec.implicit_tendon_dynamics) {
    // the rate of the tendon's force is zero unless somebody solves for it
    out.fiber_velocity = f.path_speed * cosine;
    out.norm_fiber_velocity = out.fiber_velocity * f.p.inverse_max_speed;
    force_velocity = calc_degroote_force_velocity(out.norm_fiber_velocity);
  } else {
    force_velocity = (state.normalized_tendon_force / cosine - passive) / (f.activation * force_length);
    const double d1 = -0.3211346127989808, d2 = -8.149, d3 = -0.374, d4 = 0.8825327733249912;
    out.norm_fiber_velocity = (std::sinh((force_velocity - d4) / d1) - d3) / d2;
    out.fiber_velocity = out.norm_fiber_velocity / f.p.inverse_max_speed;
    tendon_velocity = f.path_speed - out.fiber_velocity / cosine;
  }
  out.pennation_angular_velocity = -out.fiber_velocity / out.fiber_length * f.p.height / along;
  const double active = f.p.max_force * f.activation * force_length * force_velocity;
  const double elastic = f.p.max_force * passive;
  const double damping = f.p.max_force * f.spec.fiber_damping * out.norm_fiber_velocity;
  out.fiber_force = active + elastic + damping;
  set_forces(f, active, elastic + damping, elastic,
             rigid ? out.fiber_force * cosine : state.normalized_tendon_force * f.p.max_force, cosine, tendon_velocity,
             out);
  return out;
}

/// Hunt and Crossley's damping: force * (1 + damping * rate), never of the other sign
template <class T>
T add_damping(const T& force, double damping, const T& rate) {
  return max(force + force * T(damping) * rate, T(0.0));
}

FiberDynamics calc_millard_acceleration(const Fiber& f, const FiberState& state) {
  FiberDynamics out;
  const Pennation pennation = find_pennation(f.p, state.fiber_length);
  set_lengths(f, state.fiber_length, pennation, out);
  const double v = state.fiber_velocity, rate = v / f.p.optimal_length;
  const double tendon_velocity = set_velocities(f, v, pennation, out);
  const double tendon = evaluate_table(f, f.p.tendon_table, out.tendon_length / f.p.slack_length);
  const double passive = evaluate_table(f, f.p.passive_table, out.norm_fiber_length);
  const double tendon_force =
      f.p.max_force * add_damping(tendon, f.spec.tendon_damping, tendon_velocity / f.p.slack_length);
  const double passive_force = f.p.max_force * add_damping(passive, f.spec.passive_damping, rate);
  const double damping = f.p.max_force * f.spec.fiber_damping * rate;
  const double active = f.p.max_force * f.activation * evaluate_table(f, f.p.active_table, out.norm_fiber_length) *
                        evaluate_table(f, f.p.velocity_table, out.norm_fiber_velocity);
  out.fiber_force = active + passive_force + damping;
  set_forces(f, active, passive_force, passive_force, tendon_force, pennation.cosine, tendon_velocity, out);

  // the fibre has mass: its kinetic energy counts as passive power, along the tendon
  const double l = out.fiber_length, c = pennation.cosine, s = pennation.sine, w = out.pennation_angular_velocity;
  const double acceleration = (tendon_force - out.fiber_force * c) * c / f.spec.mass + l * w * w;
  const double turning = f.p.height == 0 ? 0.0 : (s * c * (v * v - l * acceleration) - l * v * w) / (l * l * c * c);
  const double along = v * c - l * s * w;
  const double along_acceleration = acceleration * c - l * s * turning - w * (2 * v * s + l * c * w);
  out.fiber_passive_power = -(f.spec.mass * along * along_acceleration + passive_force * c * along + damping * v);
  return out;
}

FiberDynamics calc_schutte(const Fiber& f, const FiberState& state) {
  FiberDynamics out;
  const SchutteCurves& curves = f.plan.schutte[static_cast<std::size_t>(f.p.schutte)];
  const double sine = state.fiber_length > 2.2e-16 ? f.p.height / state.fiber_length : 0.0;
  out.pennation_angle = std::asin(std::min(sine, 1.0));
  const double cosine = std::cos(out.pennation_angle);
  set_lengths(f, state.fiber_length, {out.pennation_angle, sine, cosine}, out);
  const auto b = fiber_detail::calc_schutte_balance(f.p, curves, state.fiber_length, f.path_length, 1.0);
  const double strain = out.tendon_length / f.p.slack_length - 1;
  const double tendon = strain < 0 ? 0.0 : evaluate(curves.tendon, strain).f;
  const double isometric = f.activation * std::max(evaluate(curves.active, out.norm_fiber_length).f, 0.0);

  // Raasch and Schutte's hyperbolas with damping, solved for the velocity in fibre lengths per time scale
  const double force = std::max(tendon / cosine - b.passive, 0.0), damping = f.spec.fiber_damping;
  const double kv = 0.15, k = 0.13 * kv / (kv + 1);
  double velocity;
  if (force < isometric) {
    const double linear = -kv * (force / kv + isometric + damping) / damping,
                 constant = kv * (force - isometric) / damping;
    velocity = (-linear - std::sqrt(linear * linear - 4 * constant)) / 2;
  } else {
    const double linear = -(force / damping - 1.4 * isometric / damping - k),
                 constant = -k / damping * (force - isometric);
    velocity = (-linear + std::sqrt(linear * linear - 4 * constant)) / 2;
  }
  const double tendon_velocity =
      set_velocities(f, velocity * f.p.optimal_length / f.spec.time_scale, {out.pennation_angle, sine, cosine}, out);
  const double tendon_force = tendon * f.p.max_force, passive = b.passive * f.p.max_force;
  out.fiber_force = tendon_force / cosine;
  set_forces(f, out.fiber_force - passive, passive, passive, tendon_force, cosine, tendon_velocity, out);
  return out;
}

}  // namespace

FiberState find_default_state(const Muscle& muscle) {
  const MuscleDynamicsSpec& d = muscle.dynamics;
  return {d.default_activation, d.default_fiber_length, d.default_fiber_velocity, d.default_normalized_tendon_force};
}

FiberDynamics calc_fiber_dynamics(const FiberPlan& plan, const Muscle& muscle, std::size_t index, double path_length,
                                  double path_speed, const FiberState& state, double control) {
  const MuscleDynamicsSpec& spec = muscle.dynamics;
  Fiber f{plan,
          plan.muscles[index],
          spec,
          index,
          path_length,
          path_speed,
          spec.ignore_activation_dynamics ? control : state.activation};
  switch (muscle.kind) {
    case MuscleKind::thelen2003:
      f.activation = std::clamp(f.activation, spec.minimum_activation, 1.0);
      return calc_thelen(f, state);
    case MuscleKind::millard2012_equilibrium:
      f.activation = std::clamp(f.activation, spec.minimum_activation, 1.0);
      return calc_millard(f, state);
    case MuscleKind::millard2012_acceleration:
      return calc_millard_acceleration(f, state);
    case MuscleKind::degroote_fregly2016:
      return calc_degroote(f, state);
    case MuscleKind::schutte1993:
      return calc_schutte(f, state);
  }
  return {};
}

}  // namespace buttress
