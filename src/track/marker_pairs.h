#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"

/// data/marker_pairs.csv: which distances between markers give the size of which segment.
///
/// Ids of this header:
///   TRACK-003  the table of marker pairs cannot be read
namespace buttress {

/// one distance on one side of the body
struct MarkerPair {
  std::string segment;              ///< "thigh": both sides of a segment share the name
  char side = 0;                    ///< 'r', 'l', or 0 for the middle
  std::vector<std::string> bodies;  ///< that the distance scales
  bool axis[3] = {false, false, false};
  std::string first, second;  ///< markers of the built-in body
  bool needs_pose = false;    ///< the distance changes with the pose
  int rank = 1;               ///< pairs of the lowest rank that were recorded are used
};

/// All pairs, right sides followed by their mirrored twins; nothing when there is an error.
std::optional<std::vector<MarkerPair>> read_marker_pairs(const std::string& path, Diagnostics& diagnostics);

}  // namespace buttress
