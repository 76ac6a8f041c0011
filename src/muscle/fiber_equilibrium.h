#pragma once
#include "muscle/fiber_force.h"

/// Isometric equilibrium of fibre and elastic tendon, in double, as OpenSim's computeFiberEquilibrium finds it for
/// MuscleAnalysis and initial states.
namespace buttress {

enum class EquilibriumStatus {
  converged,
  slack,              ///< the path is shorter than the slack tendon: no force
  at_minimum_length,  ///< the fibre is at its shortest and still pulls less than the tendon
};

/// lengths in m, forces in N
struct FiberEquilibrium {
  EquilibriumStatus status = EquilibriumStatus::converged;
  double fiber_length = 0, tendon_length = 0, cos_pennation = 1;
  double tendon_force = 0;                                 ///< along the tendon
  double active_fiber_force = 0, passive_fiber_force = 0;  ///< along the fibre
};

/// Fibre length at which (activation * fl + fp) cos(pennation) = tendon force, at zero velocity, for muscle number
/// `muscle` of the plan. path_length in m, activation 0..1. All five classes; Millard2012AccelerationMuscle without
/// its compressive elements, which are zero at the lengths of a working muscle.
/// Throws std::invalid_argument when the muscle has no tendon (slack length zero).
FiberEquilibrium find_isometric_equilibrium(const FiberPlan& plan, int muscle, double path_length, double activation);

/// normalized tendon force at tendon length / slack length, of the muscle's own class
double calc_tendon_force(const FiberPlan& plan, int muscle, double norm_tendon_length);
Dual<double> calc_tendon_force(const FiberPlan& plan, int muscle, const Dual<double>& norm_tendon_length);

}  // namespace buttress
