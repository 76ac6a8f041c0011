#pragma once
#include <optional>
#include <string>
#include <vector>

#include "body/osim_scaling.h"
#include "io/xml_document.h"
#include "track/marker_naming.h"
#include "track/marker_pairs.h"

/// The size of a person, from distances between the markers.
///
/// A segment's factor is the recorded distance of a pair of landmarks over the model's: the median over time, the mean
/// over its pairs and both sides. Distances that change with the pose are compared with the model in the pose that fits
/// the frame, and so the factors are found by turns: scale, fit some frames, measure again. What has no pair grows with
/// the height of the person: that of thigh, shank and trunk, else of landmarks over the ankles (marker_reach.h), with
/// which it must agree in any case.
///
/// Ids of this header:
///   TRACK-005  the markers belong to no person: a height or a factor that nobody has
///   TRACK-007  the height given and the markers differ by more than 10 % (warning)
///   TRACK-009  right and left differ by more than 6 % (warning: the mean is taken)
///   TRACK-021  the height is not known: the markers measure breadths or one length alone, or disagree with how high
///              landmarks stand over the ankles (an error; a warning where these heights alone tell it)
///   TRACK-016  no pair of markers measures anything (warning: the model keeps its size, or grows with the height
///   given)
namespace buttress {

struct SegmentSize {
  std::string segment;             ///< "thigh"
  double factor = 1;               ///< mean of both sides
  double right = 0, left = 0;      ///< factors of the sides; 0 when not measured, or of the middle
  std::vector<std::string> pairs;  ///< "RHJC-RLFC"
};

struct PersonSize {
  ScaleFactors factors;                ///< of all bodies
  std::vector<SegmentSize> segments;   ///< those that were measured
  std::vector<std::string> by_height;  ///< bodies that have no pair
  double height_ratio = 1;             ///< factor of the bodies without a pair
  double model_height = 0;             ///< m; 0 when it could not be estimated
  double height = 0;                   ///< m; given, or estimated from the markers; 0 when not known
  bool is_height_given = false;
};

/// @param document the model's file, unscaled; `model` is the same compiled
/// @param recording with the model's names (name_markers()), of a static trial or of the movement itself
/// @param options weights of the markers, for fitting poses
/// @param model_height m; 0 = not known
/// @param given_height m; 0 = to be estimated
std::optional<PersonSize> measure_person(const XmlDocument& document, const Model& model,
                                         const MarkerTrajectory& recording, const MarkerNaming& naming,
                                         const MarkerMap* map_of_model, const std::vector<MarkerPair>& pairs,
                                         const InverseKinematicsOptions& options, double model_height,
                                         double given_height, Diagnostics& diagnostics);

}  // namespace buttress
