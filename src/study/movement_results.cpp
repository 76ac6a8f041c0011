#include "study/movement_results.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace buttress {

std::vector<MuscleStretch> calc_stretches(const Model& model, const MuscleGroups& groups, const Condition& condition,
                                          std::size_t frames) {
  std::vector<MuscleStretch> all;
  const std::size_t width = model.muscles.size();
  for (std::size_t m = 0; m < width; ++m) {
    const Muscle& muscle = model.muscles[m];
    const auto group = find_group(groups, muscle.name);
    if (!group) continue;
    double longest = 0, shortest = 1e9;
    const double height = muscle.optimal_fiber_length * std::sin(muscle.pennation_at_optimal);
    for (std::size_t f = 0; f < frames; ++f) {
      const double along = std::max(0.0, condition.output.length[f * width + m] - muscle.tendon_slack_length);
      const double fiber = 100 * std::hypot(along, height) / muscle.optimal_fiber_length;
      longest = std::max(longest, fiber), shortest = std::min(shortest, fiber);
    }
    const std::string key = group->key();
    const auto at = std::find_if(all.begin(), all.end(), [&](const MuscleStretch& s) { return s.name == key; });
    if (at == all.end()) {
      all.push_back({key, make_group_title(*group), longest, shortest});
    } else {
      at->longest = std::max(at->longest, longest), at->shortest = std::min(at->shortest, shortest);
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.longest > b.longest; });
  return all;
}

std::vector<CueResult> check_cues(const Model& model, const MovementSpec& movement,
                                  const CoordinateTrajectory& motion) {
  std::vector<CueResult> results;
  Kinematics<double> kin = make_kinematics<double>(model);
  const std::size_t n = model.coordinates.size();
  for (const FormCue& cue : movement.cues) {
    CueResult result{cue.title, cue.meaning, true, 1e9, -1e9, cue.min, cue.max, cue.coordinate.empty() ? "m" : "deg"};
    for (std::size_t f = 0; f < motion.frame_count(); ++f) {
      const double* q = &motion.q[f * n];
      double value = 0;
      if (!cue.coordinate.empty()) {
        value = q[model.find_coordinate(cue.coordinate)] * 180 / std::numbers::pi;
      } else {
        update_positions(model, q, kin);
        const Posed& X_WR = kin.X_WB[static_cast<std::size_t>(model.find_body(cue.relative_to))];
        const Vec3d offset =
            multiply_transposed(X_WR.R, kin.X_WB[static_cast<std::size_t>(model.find_body(cue.point))].p - X_WR.p);
        value = cue.axis == 'x' ? offset.x : cue.axis == 'y' ? offset.y : offset.z;
      }
      result.lowest = std::min(result.lowest, value), result.highest = std::max(result.highest, value);
    }
    // postures are found to within half a degree and a millimetre
    const double slack = cue.coordinate.empty() ? 1e-3 : 0.5;
    result.met = result.lowest >= cue.min - slack && result.highest <= cue.max + slack;
    results.push_back(result);
  }
  return results;
}

double GlutealRatios::index_to_tensor() const {
  return (medius * medius + maximus * maximus) / (2 * std::max(0.1, tensor));
}

GlutealRatios calc_gluteal_ratios(const Condition& condition, char side) {
  const auto find_mean = [](const std::vector<Series>& list, const std::string& name) {
    for (const Series& s : list)
      if (s.name == name) return s.mean();
    return 0.0;
  };
  const auto find_percent = [&](const std::string& group) {
    return 100 * find_mean(condition.group_activations, group + "_" + side);
  };
  return {side, find_percent("gluteus_maximus"), find_percent("gluteus_medius"), find_percent("tensor_fasciae_latae"),
          find_mean(condition.joint_loads, "L4_L5_compression")};
}

double calc_gluteal_index(const Condition& condition, char side) {
  return calc_gluteal_ratios(condition, side).index_to_tensor();
}

MovementResults make_movement_results(const Model& model, const MovementSpec& movement, const MuscleGroups& groups,
                                      const RunResult& run, const CoordinateTrajectory& motion) {
  const Condition& whole = run.conditions[0];
  return {check_cues(model, movement, motion),
          calc_stretches(model, groups, whole, motion.frame_count()),
          {calc_gluteal_ratios(whole, 'r'), calc_gluteal_ratios(whole, 'l')},
          movement.published};
}

}  // namespace buttress
