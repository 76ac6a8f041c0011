#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "motion/inverse_kinematics.h"

/// Which frames of a recording show the person.
namespace buttress {

/// frames spread evenly over those that show nearly as many of these markers as any, at most `count`
MarkerTrajectory pick_frames(const MarkerTrajectory& recording, const std::vector<MarkerTask>& markers,
                             std::size_t count);

/// First and last frame that show at least half as many of these markers as any frame: before the person comes into
/// view and after leaving it there is nothing to fit. Nothing when none of them is ever seen.
std::optional<std::pair<std::size_t, std::size_t>> find_seen_window(const MarkerTrajectory& recording,
                                                                    const std::vector<std::string>& markers);

}  // namespace buttress
