#include "track/marker_frames.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace buttress {

namespace {

/// [frames] how many of these markers each frame shows
std::vector<std::size_t> count_seen(const MarkerTrajectory& recording, const std::set<std::string>& markers) {
  const std::size_t n = recording.names.size(), frames = recording.time.size();
  std::vector<std::size_t> columns, seen(frames, 0);
  for (std::size_t m = 0; m < n; ++m)
    if (markers.count(recording.names[m])) columns.push_back(m);
  for (std::size_t f = 0; f < frames; ++f)
    for (const std::size_t m : columns) seen[f] += std::isfinite(recording.positions[3 * (f * n + m)]);
  return seen;
}

}  // namespace

MarkerTrajectory pick_frames(const MarkerTrajectory& recording, const std::vector<MarkerTask>& markers,
                             std::size_t count) {
  const std::size_t n = recording.names.size(), frames = recording.time.size();
  std::set<std::string> wanted_names;
  for (const MarkerTask& m : markers) wanted_names.insert(m.marker);
  const std::vector<std::size_t> seen = count_seen(recording, wanted_names);
  const std::size_t most = frames ? *std::max_element(seen.begin(), seen.end()) : 0;
  std::vector<std::size_t> good;
  for (std::size_t f = 0; f < frames; ++f)
    if (5 * seen[f] >= 4 * most) good.push_back(f);
  MarkerTrajectory picked = recording;
  picked.time.clear();
  picked.positions.clear();
  const std::size_t wanted = std::min(count, good.size());
  for (std::size_t k = 0; k < wanted; ++k) {
    const std::size_t f = good[wanted == 1 ? 0 : k * (good.size() - 1) / (wanted - 1)];
    picked.time.push_back(recording.time[f]);
    picked.positions.insert(picked.positions.end(),
                            recording.positions.begin() + static_cast<std::ptrdiff_t>(3 * f * n),
                            recording.positions.begin() + static_cast<std::ptrdiff_t>(3 * (f + 1) * n));
  }
  return picked;
}

std::optional<std::pair<std::size_t, std::size_t>> find_seen_window(const MarkerTrajectory& recording,
                                                                    const std::vector<std::string>& markers) {
  const std::vector<std::size_t> seen = count_seen(recording, {markers.begin(), markers.end()});
  const std::size_t most = seen.empty() ? 0 : *std::max_element(seen.begin(), seen.end());
  if (most == 0) return std::nullopt;
  std::size_t first = 0, last = seen.size() - 1;
  while (2 * seen[first] < most) ++first;
  while (2 * seen[last] < most) --last;
  return std::pair{first, last};
}

}  // namespace buttress
