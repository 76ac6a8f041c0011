#pragma once
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "motion/inverse_kinematics.h"

/// Recorded markers that do not fit the body: named, and left out of the frames in question.
namespace buttress {

/// frames first to last, both included
struct FrameSpan {
  double start = 0, end = 0;  ///< s
  std::size_t frames = 0;
};

struct MarkerOutlier {
  std::string marker;
  std::vector<FrameSpan> spans;
  std::size_t frames = 0;      ///< in which it is left out
  std::size_t seen = 0;        ///< in which it was recorded
  double worst = 0;            ///< m
  bool is_everywhere = false;  ///< in more than half of its frames: it is left out of all
};

/// Samples farther from the fitted model than `kOutlierDistance` and than `kOutlierRatio` times the median error of all
/// markers and frames. Of a marker that is one in more than half of its frames, all samples count.
inline constexpr double kOutlierDistance = 0.1;  ///< m
inline constexpr double kOutlierRatio = 5;
std::vector<MarkerOutlier> find_outliers(const InverseKinematicsResult& result);

/// the recording with these samples as gaps
MarkerTrajectory remove_outliers(const MarkerTrajectory& recording, const std::vector<MarkerOutlier>& outliers);

/// "0.5 to 0.62 s, 3.1 s", at most four spans
std::string format_spans(const MarkerOutlier& outlier);

}  // namespace buttress
