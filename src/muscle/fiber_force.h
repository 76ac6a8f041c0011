#pragma once
#include <vector>

#include "model/model.h"
#include "muscle/fiber_curves.h"
#include "muscle/passive_tension.h"
#include "numeric/piecewise_polynomial.h"

/// Fibre state and force capacity of every muscle for given muscle-tendon lengths and speeds, with the tendon taken as
/// rigid, as OpenSim does for static optimization (Muscle::calcInextensibleTendonActiveFiberForce).
namespace buttress {

/// What active_force means for the two muscle classes in which OpenSim departs from F fl fv cos(pennation):
/// Millard2012EquilibriumMuscle takes the pennation at the normalized length as if that were metres (its cosine is
/// then close to 1), DeGrooteFregly2016Muscle leaves the cosine out.
enum class CapacityRule {
  opensim,      ///< the numbers of OpenSim's static optimization
  along_tendon  ///< F fl fv cos(pennation) for all classes
};

/// normalized curves of Schutte1993Muscle, shared by muscles that have the same
struct SchutteCurves {
  PiecewisePolynomial active, passive, tendon;  ///< against l / optimal, l / optimal, tendon strain
  bool passive_is_exponential = true;           ///< exp(8 (l - 1)) / exp(4) in place of the passive curve
};

/// one muscle as the kernels want it; lengths in m
struct FiberParameters {
  MuscleKind kind = MuscleKind::thelen2003;
  double max_force = 0;
  double optimal_length = 0, inverse_optimal_length = 0, slack_length = 0;
  double height = 0;                   ///< of the fibre parallelogram, constant: optimal length * sin(pennation)
  double min_length_along_tendon = 0;  ///< below this the pennation stays at its maximum
  double min_pennated_length = 0;      ///< fibre length there
  double min_active_length = 0;        ///< no active force at or below this fibre length
  double max_sin_pennation = 0, max_cos_pennation = 0;
  double inverse_max_speed = 0;  ///< 1 / (optimal length * maximum contraction velocity)
  double cos_pennation_at_optimal = 1;
  int active_table = -1, velocity_table = -1, passive_table = -1, tendon_table = -1;  ///< Millard: FiberPlan::tables
  int schutte = -1;                                                                   ///< into FiberPlan::schutte
  // Thelen and De Groote
  double k_shape_active = 0, k_shape_passive = 0, passive_strain = 0, tendon_strain = 0, af = 0, flen = 0,
         velocity_threshold = 0;
  double width_scale = 1;
  bool ignore_passive = false;
};

/// Built once per model. Curves are shared: one table for each distinct set of parameters.
struct FiberPlan {
  CapacityRule rule = CapacityRule::opensim;
  std::vector<CurveTable> tables;
  std::vector<SchutteCurves> schutte;
  std::vector<FiberParameters> muscles;  ///< [muscles]
  /// [muscles], or empty: passive force with a rigid tendon, as OpenSim has it. From make_passive_tensions().
  std::vector<PassiveTension> passive_tensions;
};

/// Throws std::invalid_argument, naming the muscle, when parameters or curve shapes make no sense.
/// Millard2012EquilibriumMuscle: with fiber damping of 0.001 or more the active curve goes to zero and the
/// force-velocity curve is flat at maximum velocity, whatever the file says; with less, at least 0.1 and 0.1 (OpenSim).
FiberPlan make_fiber_plan(const Model& model, CapacityRule rule = CapacityRule::opensim);

/// Written by update_fibers; one per thread. All [muscles].
template <class T>
struct FiberWorkspace {
  std::vector<T> active_force;         ///< N, at activation 1, along the tendon (see CapacityRule). Schutte1993: the
                                       ///< whole tendon force of OpenSim's isometric equilibrium times its velocity
                                       ///< factor, so passive_force is already in it
  std::vector<T> passive_force;        ///< N, elastic, along the tendon; OpenSim's static optimization leaves it out.
                                       ///< With passive_tensions the tension at rest, whatever the activation
  std::vector<T> norm_fiber_length;    ///< fibre length / optimal length, clamped to its minimum
  std::vector<T> norm_fiber_velocity;  ///< in maximum contraction velocities, lengthening positive; 0 when slack
  std::vector<T> cos_pennation;
  std::vector<T> tendon_length;  ///< m; below slack length when the path is too short for the shortest fibre
};

template <class T>
FiberWorkspace<T> make_fiber_workspace(const FiberPlan& plan);

/// length [muscles] m and lengthening_speed [muscles] m/s of the muscle-tendon paths. Does not allocate.
/// A path that is too short for the shortest fibre gives no active force.
template <class T>
void update_fibers(const Model& model, const FiberPlan& plan, const T* length, const T* lengthening_speed,
                   FiberWorkspace<T>& ws);

// compiled once for plain numbers; fiber_force.inl holds the definitions for lanes and derivatives
extern template FiberWorkspace<double> make_fiber_workspace<double>(const FiberPlan&);
extern template void update_fibers<double>(const Model&, const FiberPlan&, const double*, const double*,
                                           FiberWorkspace<double>&);

}  // namespace buttress
