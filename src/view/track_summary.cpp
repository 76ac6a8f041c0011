#include "view/track_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "io/table_writer.h"
#include "io/text_file.h"
#include "motion/coordinate_columns.h"
#include "study/kinematics_tables.h"
#include "view/finish_results.h"
#include "view/run_record.h"

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

std::string make_track_record_text(const TrackOutcome& outcome, const Provenance& provenance,
                                   const Diagnostics& diagnostics) {
  auto record = make_run_record(provenance, diagnostics);
  record["track"] = make_track_record(outcome);
  return format_run_record(record);
}

std::optional<TrackFiles> write_track(const TrackOutcome& outcome, const std::string& recording,
                                      const std::string& folder_name, Diagnostics& diagnostics) {
  const std::filesystem::path folder(folder_name);
  if (!make_folder(folder_name, diagnostics)) return std::nullopt;
  TrackFiles files{outcome.model_file, (folder / (recording + ".mot")).string(),
                   (folder / (recording + "_marker_errors.sto")).string(), false};
  files.is_model_written = !outcome.model_text.empty();
  if (files.is_model_written) {
    files.model = (folder / (outcome.model_name + ".osim")).string();
    if (!write_text_file(files.model, outcome.model_text, diagnostics)) return std::nullopt;
  }
  const InverseKinematicsResult& result = outcome.result;
  if (!write_sto(files.motion, make_coordinate_table(*outcome.model, result.time, result.q), diagnostics) ||
      !write_sto(files.errors, make_marker_error_table(result), diagnostics))
    return std::nullopt;
  return files;
}

std::vector<std::string> TrackFiles::list_written() const {
  std::vector<std::string> written = {motion, errors};
  if (is_model_written) written.insert(written.begin(), model);
  return written;
}

bool write_track(const TrackOutcome& outcome, const std::string& recording_file, std::string& record,
                 const std::string& folder, std::string& text, Diagnostics& diagnostics) {
  const auto files = write_track(outcome, std::filesystem::path(recording_file).stem().string(), folder, diagnostics);
  if (!files) return false;
  std::vector<std::string> written = files->list_written();
  if (!finish_results(folder, written, EarlierRun::any_verb, record, diagnostics)) return false;
  written.push_back((std::filesystem::path(folder) / "run.json").string());
  text += "  wrote     " + fmt::format("{}\n", fmt::join(written, "\n            "));
  return true;
}

}  // namespace buttress
