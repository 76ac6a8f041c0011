#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "body/library.h"
#include "study/simulation.h"
#include "validate/evidence.h"

/// The movement library run as a whole, and what of its results is held against measurements.
namespace buttress {

/// What a comparison with measurements looks at: curves of the whole condition.
struct SimulatedCurves {
  std::vector<Series> joint_loads;         ///< see Condition
  std::vector<Series> group_activations;   ///< see Condition
  std::vector<Series> muscle_activations;  ///< 0..1, one for each muscle, under its own name
  TrustReport trust;
  double body_weight = 0;   ///< N
  SolvedMovement movement;  ///< the frames
};

/// a movement with its settings on the built-in body, and what came of it
struct ValidationRun {
  std::string movement;
  std::string settings;  ///< as in Comparison
  bool in_library = false;
  bool computed = false;   ///< false: not in the library, or the movement could not be computed
  SimulatedCurves curves;  ///< empty unless computed
  /// of walking alone, right and left: what gravity and the speeds make of the hip's reaction force without any muscle
  /// at the instant of its peak (load/skeleton_reaction.h), over that peak
  std::array<std::optional<double>, 2> hip_gravity_share;
};

/// Runs every movement of the library at its defaults, and with the settings that comparisons ask for, in the order of
/// names; threads take one movement after the other, and the results do not depend on how many there are. What
/// goes wrong is added to `diagnostics` in the same order; a movement that is not in the library is no error.
std::vector<ValidationRun> run_movement_library(const Library& library,
                                                const std::shared_ptr<const SimulatedBody>& body,
                                                const Evidence& evidence, unsigned thread_count,
                                                Diagnostics& diagnostics);

/// the run that a comparison asks for; it is always there after run_movement_library() with the same evidence
const ValidationRun* find_run(const std::vector<ValidationRun>& runs, const std::string& movement,
                              const std::string& settings);

/// The computed counterpart of a measurement, in its unit; nothing when the movement or what it is compared with was
/// not computed. By quantity, of the comparison's side and statistic:
/// - hip_contact, knee_contact: resultant of the joint's reaction force, % of body weight;
/// - hip_gravity_share: size of the part that gravity and the speeds make, at the instant of the peak, % of the peak;
/// - disc_pressure: compression at L4-L5 over that in quiet standing;
/// - vertebral_order: compression at L2-L3 (the implants sit at L1 and L3) over the peak in walking;
///   vertebral_share: over quiet standing, in per cent;
/// - model_spine_compression: compression at L4-L5, N;
/// - emg_..., fine_wire_...: activation of the muscle group, mean over its fascicles weighted by strength, in per cent;
///   emg_gluteus_maximus is the mean of the two upper parts (glmax1, glmax2), between whose lines surface electrodes
///   lie; gluteus_maximus_upper is its upper third (glmax1), from which Selkowitz recorded;
/// - gluteal_to_tfl_index: (medius^2 + upper maximus^2) / (2 tensor), the formula of Selkowitz et al. 2013, of
///   activations in per cent, with 0.1 % for a tensor that is more silent than that.
std::optional<double> calc_counterpart(const Measurement& measurement, const Comparison& comparison,
                                       const std::vector<ValidationRun>& runs);

/// Measured value in the form in which it is compared: pressures over that of standing, everything else as it is. The
/// middle of the range when there is no value.
double find_measured_value(const Measurement& measurement, const Evidence& evidence);

}  // namespace buttress
