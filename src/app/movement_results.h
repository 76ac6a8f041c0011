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
  std::string title, meaning;
  bool met = true;
  double lowest = 0, highest = 0;  ///< what came out, degrees or metres
  double min = 0, max = 0;         ///< what is asked for; beyond +-1e8 = not limited on that side
  std::string unit;
};
std::vector<CueResult> check_cues(const Model& model, const MovementSpec& movement, const CoordinateTrajectory& motion);

/// "0.04 to 0.08 m, asked for -0.05 to 0.05 m"
std::string format_cue_numbers(const CueResult& cue);

/// How much a movement asks of the glutes of one side for what it asks of others; means over the movement.
struct GlutealRatios {
  char side = 'r';
  double maximus = 0, medius = 0, tensor = 0;  ///< mean activation, %
  double disc_load = 0;                        ///< mean compression of L4-L5, body weights

  /// Gluteal-to-TFL index (Selkowitz et al. 2013, J Orthop Sports Phys Ther 43:54) of mean activations in percent:
  /// (medius / TFL * medius + maximus / TFL * maximus) / 2. Here model activations stand for EMG; the index grows
  /// without bound as the tensor falls silent, so that below 0.1 % of activation it is computed with 0.1 %.
  double index_to_tensor() const;
  /// % of activation per body weight of compression; 0 when the disc is not compressed
  double maximus_per_disc_load() const { return disc_load > 0 ? maximus / disc_load : 0; }
  double medius_per_disc_load() const { return disc_load > 0 ? medius / disc_load : 0; }
};
GlutealRatios calc_gluteal_ratios(const Condition& condition, char side);
/// What must be said wherever the index is shown to people: what it is, what it is not, and how far it can be believed.
inline constexpr const char* kGlutealIndexCaution =
    "The gluteal-to-TFL index (TFL: tensor fasciae latae) tells where the work goes: high when the glutes work and the "
    "tensor rests. It is no measure of strength, of how hard the glutes train or of what an exercise does for a "
    "patient. It was defined on fine-wire EMG of 20 healthy people (Selkowitz et al. 2013); here simulated activations "
    "take the place of EMG. Least effort silences the tensor wherever the hip is bent, so that the index is far too "
    "high in bridges, squats and lunges, and its order among movements is not that of people (docs/validation.md): do "
    "not rank exercises by it.";
/// its index_to_tensor()
double calc_gluteal_index(const Condition& condition, char side);

/// All that is said about a movement beside its loads and activations; of the condition without changes.
struct MovementResults {
  std::vector<CueResult> cues;
  std::vector<MuscleStretch> stretches;  ///< longest first
  std::vector<GlutealRatios> ratios;     ///< right, left
  std::vector<PublishedLoad> published;
};
MovementResults make_movement_results(const Model& model, const MovementSpec& movement, const MuscleGroups& groups,
                                      const Analysis& analysis, const CoordinateTrajectory& motion);

/// "about 2.31 BW", "about 2000 N", "a disc pressure of 0.5 MPa"
std::string format_published(const PublishedLoad& load);

}  // namespace buttress
