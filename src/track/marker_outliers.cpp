#include "track/marker_outliers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace buttress {

std::vector<MarkerOutlier> find_outliers(const InverseKinematicsResult& result) {
  const std::size_t markers = result.markers.size(), frames = result.time.size();
  std::vector<double> errors;
  for (const double e : result.marker_errors)
    if (std::isfinite(e)) errors.push_back(e);
  if (errors.empty()) return {};
  const auto middle = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2);
  std::nth_element(errors.begin(), middle, errors.end());
  const double limit = std::max(kOutlierDistance, kOutlierRatio * *middle);

  std::vector<MarkerOutlier> outliers;
  for (std::size_t m = 0; m < markers; ++m) {
    MarkerOutlier found;
    found.marker = result.markers[m];
    const auto error_at = [&](std::size_t f) { return result.marker_errors[f * markers + m]; };
    for (std::size_t f = 0; f < frames; ++f) {
      if (!std::isfinite(error_at(f))) continue;
      ++found.seen;
      if (!(error_at(f) > limit)) continue;
      ++found.frames;
      found.worst = std::max(found.worst, error_at(f));
      const bool goes_on = !found.spans.empty() && f > 0 && found.spans.back().end == result.time[f - 1];
      if (goes_on)
        found.spans.back().end = result.time[f], ++found.spans.back().frames;
      else
        found.spans.push_back({result.time[f], result.time[f], 1});
    }
    if (found.frames == 0) continue;
    if (2 * found.frames > found.seen) {
      found.is_everywhere = true;
      found.frames = found.seen;
      found.spans = {{result.time.front(), result.time.back(), frames}};
    }
    outliers.push_back(std::move(found));
  }
  return outliers;
}

MarkerTrajectory remove_outliers(const MarkerTrajectory& recording, const std::vector<MarkerOutlier>& outliers) {
  MarkerTrajectory cleaned = recording;
  const std::size_t n = recording.names.size();
  for (const MarkerOutlier& outlier : outliers) {
    const auto column = static_cast<std::size_t>(
        std::find(recording.names.begin(), recording.names.end(), outlier.marker) - recording.names.begin());
    if (column == n) continue;
    for (const FrameSpan& span : outlier.spans)
      for (std::size_t f = 0; f < recording.time.size(); ++f)
        if (recording.time[f] >= span.start && recording.time[f] <= span.end)
          std::fill_n(cleaned.positions.begin() + static_cast<std::ptrdiff_t>(3 * (f * n + column)), 3,
                      std::numeric_limits<double>::quiet_NaN());
  }
  return cleaned;
}

std::string format_spans(const MarkerOutlier& outlier) {
  constexpr std::size_t kMost = 4;
  std::vector<std::string> parts;
  for (const FrameSpan& span : outlier.spans) {
    if (parts.size() == kMost) break;
    parts.push_back(span.frames == 1 ? fmt::format("{:.6g}", span.start)
                                     : fmt::format("{:.6g} to {:.6g}", span.start, span.end));
  }
  return fmt::format(
      "{} s{}", fmt::join(parts, ", "),
      outlier.spans.size() > kMost ? fmt::format(" and {} more times", outlier.spans.size() - kMost) : "");
}

}  // namespace buttress
