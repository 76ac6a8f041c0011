#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/model.h"
#include "motion/marker_trajectory.h"

/// How high landmarks of pelvis and trunk stand over the ankles: what a recording shows of a person's height without
/// any length of a segment.
namespace buttress {

struct ReachedLandmark {
  std::string marker;        ///< on the model
  bool is_on_trunk = false;  ///< else of pelvis or hip
  double height_m = 0;       ///< over the lowest of `low`, the highest while the person stands straight
};

struct MarkerReach {
  std::vector<std::string> low;            ///< markers of both ankles, else heels, else toes; on the model
  std::vector<ReachedLandmark> landmarks;  ///< empty: nothing is known
};

/// Frames count in which a leg is straight to within 25 degrees, as far as its knee's markers tell; for a landmark of
/// the trunk also those in which it stands over the pelvis to within 20 degrees. Heights are along the axis that is up.
/// @param recording with the model's names, y up
/// @param own_names names on the model by those of the built-in body
MarkerReach find_marker_reach(const Model& model, const MarkerTrajectory& recording,
                              const std::map<std::string, std::string>& own_names);

/// [landmarks of the reach] the same heights of this model in its default pose, m
std::vector<double> find_standing_heights(const Model& model, const MarkerReach& reach);

}  // namespace buttress
