#pragma once
#include "muscle/fiber_force.h"

/// What fibre and tendon of a muscle do when their state is given: OpenSim's muscle states and the quantities of its
/// MuscleAnalysis, class by class, in double.
namespace buttress {

/// The state variables of OpenSim's muscle classes. Which of them count depends on the class: fiber_length (not De
/// Groote), fiber_velocity (Millard2012Acceleration alone), normalized_tendon_force (De Groote alone). With
/// ignore_tendon_compliance the path decides and the length does not count.
struct FiberState {
  double activation = 0;
  double fiber_length = 0;             ///< m
  double fiber_velocity = 0;           ///< m/s
  double normalized_tendon_force = 0;  ///< of the maximum isometric force
};

/// the state in which OpenSim's initSystem leaves the muscle
FiberState find_default_state(const Muscle& muscle);

/// Names as in OpenSim's MuscleAnalysis; m, m/s, rad, rad/s, N, W. Powers are positive where energy goes to the bones.
struct FiberDynamics {
  double fiber_length = 0, norm_fiber_length = 0, pennation_angle = 0, tendon_length = 0;
  double fiber_velocity = 0, norm_fiber_velocity = 0, pennation_angular_velocity = 0;
  double tendon_force = 0;                                                  ///< what the muscle pulls with
  double fiber_force = 0, active_fiber_force = 0, passive_fiber_force = 0;  ///< along the fibre
  double active_fiber_force_along_tendon = 0, passive_fiber_force_along_tendon = 0;
  double fiber_active_power = 0, fiber_passive_power = 0, tendon_power = 0, muscle_power = 0;
};

/// The muscle (number `index` of the plan) at the length and lengthening speed of its path and in `state`.
/// Fibre velocity is the one at which fibre and tendon are in equilibrium, except in a rigid tendon (the path's) and
/// in Millard2012AccelerationMuscle (a state). Activation and length are kept to their minimum as the class does.
/// `control` takes the place of the activation of muscles that ignore activation dynamics.
/// Not finite where OpenSim throws: no activation in a Millard2012EquilibriumMuscle without damping.
/// Departures: forces along the fibre, powers and the rate of pennation of Schutte1993 too, where OpenSim has NaN;
/// Millard2012AccelerationMuscle without its compressive elements, which act on fibres shorter than half
/// their optimal length or pennated by more than 80 degrees.
FiberDynamics calc_fiber_dynamics(const FiberPlan& plan, const Muscle& muscle, std::size_t index, double path_length,
                                  double path_speed, const FiberState& state, double control = 0);

/// The state in equilibrium with its own activation at this length and speed of the path, as OpenSim's
/// equilibrateMuscles: Millard2012Equilibrium and Schutte without velocities; Thelen and Millard2012Acceleration share
/// the path's speed between fibre and tendon by their stiffness; De Groote leaves all of it to the fibre.
/// Departure: Schutte to the root, where OpenSim stops at 1 % of the force.
FiberState find_equilibrium_state(const FiberPlan& plan, const Muscle& muscle, std::size_t index, double path_length,
                                  double path_speed, const FiberState& state);

}  // namespace buttress
