#pragma once
#include "app/analysis.h"
#include "app/movement_solver.h"

namespace buttress {

/// how long a muscle is at its longest and shortest in the movement, fibre length in % of its optimum
struct MuscleStretch {
  std::string name, title;
  double longest = 0, shortest = 0;
};
/// fibre lengths with a rigid tendon: sqrt((L - ls)^2 + (l0 sin alpha0)^2); muscle groups by their longest muscle
std::vector<MuscleStretch> calc_stretches(const Model& model, const MuscleGroups& groups, const Condition& condition,
                                          std::size_t frames);

struct CueResult {
  std::string title;
  bool met = true;
  double lowest = 0, highest = 0;  ///< degrees or metres
  std::string unit;
};
std::vector<CueResult> check_cues(const Model& model, const MovementSpec& movement, const CoordinateTrajectory& motion);

/// Gluteal-to-TFL index of one side (Selkowitz et al. 2013, J Orthop Sports Phys Ther 43:54), from mean activations in
/// percent: (medius / TFL * medius + maximus / TFL * maximus) / 2. Here model activations stand for EMG; the index
/// grows without bound as the tensor falls silent, so that below 0.1 % of activation it is computed with 0.1 %.
double calc_gluteal_index(const Condition& condition, char side);

}  // namespace buttress
