#include "app/track_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/result_folder.h"
#include "app/run_record.h"
#include "motion/coordinate_columns.h"

namespace buttress {

namespace {

/// markers that were fitted in at least one frame
std::size_t count_seen_markers(const InverseKinematicsResult& result) {
  const std::size_t markers = result.markers.size();
  std::vector<bool> is_seen(markers, false);
  for (std::size_t i = 0; i < result.marker_errors.size(); ++i)
    if (std::isfinite(result.marker_errors[i])) is_seen[i % markers] = true;
  return static_cast<std::size_t>(std::count(is_seen.begin(), is_seen.end(), true));
}

std::string describe_size(const PersonSize& size) {
  std::string text;
  for (const SegmentSize& s : size.segments) {
    text += fmt::format("            {:<10} {:.3f} times the model", s.segment, s.factor);
    if (s.right > 0 && s.left > 0) text += fmt::format(" (right {:.3f}, left {:.3f})", s.right, s.left);
    text += fmt::format(", by {}\n", fmt::join(s.pairs, ", "));
  }
  if (!size.by_height.empty())
    text += fmt::format("            the rest   {:.3f}, by height: {}\n", size.height_ratio,
                        fmt::join(size.by_height, ", "));
  return text;
}

}  // namespace

std::string describe_track(const TrackRequest& request, const TrackOutcome& outcome) {
  const MarkerTrajectory& markers = outcome.recording.markers;
  const MarkerNaming& naming = outcome.naming;
  std::string text = fmt::format("{}: {} frames, {:g} to {:g} s, {} markers\n",
                                 std::filesystem::path(request.marker_file).filename().string(), markers.time.size(),
                                 markers.time.front(), markers.time.back(), markers.names.size());
  // a name without a position tells nothing of the person
  const std::string known =
      fmt::format("{} of {} markers are known{}\n", naming.known, markers.names.size(),
                  naming.empty.empty() ? "" : fmt::format(", {} of them without data", naming.empty.size()));
  text += naming.map_name.empty() ? "  names     as on the model: " + known
                                  : fmt::format("  names     through the map {}{}: {}", naming.map_name,
                                                request.choices.map_file.empty() ? ", which explains most" : "", known);
  if (outcome.size) {
    const PersonSize& size = *outcome.size;
    text += fmt::format(
        "  size      {} (the model: {:.2f} m), {:.1f} kg ({})\n",
        size.height > 0 ? fmt::format("{:.2f} m {}", size.height, size.is_height_given ? "as given" : "by the markers")
                        : std::string("height not known"),
        size.model_height, outcome.mass, outcome.is_mass_given ? "as given" : "as stout as the model");
    text += describe_size(size);
  } else {
    text += fmt::format("  size      as the model is, {:.1f} kg\n", outcome.mass);
  }
  text += fmt::format("  fit       {} markers, RMS {:.1f} mm, worst {:.0f} mm ({} at {:g} s)\n",
                      count_seen_markers(outcome.result), 1000 * outcome.rms, 1000 * outcome.worst,
                      outcome.worst_marker, outcome.worst_time);
  std::string title = "  left out  ";
  const auto add = [&](const std::string& line) {
    text += title + line + "\n";
    title = "            ";
  };
  for (const MarkerOutlier& o : outcome.outliers)
    add(o.is_everywhere
            ? fmt::format("{}: far from the body throughout, up to {:.0f} mm", o.marker, 1000 * o.worst)
            : fmt::format("{}: far from the body at {}, up to {:.0f} mm", o.marker, format_spans(o), 1000 * o.worst));
  if (!outcome.technical.empty()) add(fmt::format("at no anatomical place: {}", fmt::join(outcome.technical, ", ")));
  if (!naming.empty.empty()) add("without a position in any frame: " + join_names(naming.empty));
  if (!naming.unknown.empty()) add("not on the model: " + join_names(naming.unknown));
  if (!naming.near.empty())
    text += fmt::format("  weight    {:g} for markers that are only near their places: {}\n", kNearWeight,
                        fmt::join(naming.near, ", "));
  text += fmt::format("  time      {:.2f} s\n", outcome.seconds);
  return text;
}

nlohmann::json make_track_record(const TrackOutcome& outcome) {
  nlohmann::json record;
  record["markers"] = {{"map", outcome.naming.map_name},       {"known", outcome.naming.known},
                       {"unknown", outcome.naming.unknown},    {"near", outcome.naming.near},
                       {"without_data", outcome.naming.empty}, {"technical", outcome.technical},
                       {"fitted", outcome.result.markers}};
  for (const MarkerOutlier& o : outcome.outliers) {
    nlohmann::json spans = nlohmann::json::array();
    for (const FrameSpan& s : o.spans) spans.push_back({s.start, s.end});
    record["left_out"].push_back(
        {{"marker", o.marker}, {"frames", o.frames}, {"seen", o.seen}, {"worst_m", o.worst}, {"from_to_s", spans}});
  }
  record["mass_kg"] = outcome.mass;
  record["mass_given"] = outcome.is_mass_given;
  if (outcome.size) {
    const PersonSize& size = *outcome.size;
    record["height_m"] = size.height;
    record["height_given"] = size.is_height_given;
    record["model_height_m"] = size.model_height;
    for (const auto& [body, f] : size.factors) record["scale_factors"][body] = {f.x, f.y, f.z};
    for (const SegmentSize& s : size.segments)
      record["segments"][s.segment] = {{"factor", s.factor}, {"right", s.right}, {"left", s.left}, {"pairs", s.pairs}};
    record["by_height"] = size.by_height;
  }
  record["frames"] = outcome.result.time.size();
  record["marker_error_rms_m"] = outcome.rms;
  record["marker_error_worst_m"] = outcome.worst;
  record["worst_marker"] = outcome.worst_marker;
  record["worst_time_s"] = outcome.worst_time;
  return record;
}

RunStatus run_track(const TrackRequest& request, std::string& text, std::string& record_text,
                    Diagnostics& diagnostics) {
  StageClock clock;
  RunStatus status = RunStatus::bad_input;
  const auto outcome = track(request, status, diagnostics);
  if (!outcome) return status;
  clock.finish("track");
  auto record = make_run_record(
      "track",
      {find_model_file(request.model_file), request.marker_file, request.choices.static_file, outcome->naming.map_file},
      nullptr, diagnostics, clock);
  record["track"] = make_track_record(*outcome);
  text = describe_track(request, *outcome);
  const std::string path = (std::filesystem::path(request.out_folder) / "run.json").string();
  std::vector<std::string> written = outcome->written;
  if (!finish_results(request.out_folder, written, EarlierRun::any_verb, record, record_text, diagnostics))
    return RunStatus::bad_input;
  written.push_back(path);
  text += "  wrote     " + fmt::format("{}\n", fmt::join(written, "\n            "));
  return status;
}

}  // namespace buttress
