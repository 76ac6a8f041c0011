#include "app/track_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/marker_frames.h"
#include "io/world_axes.h"
#include "motion/marker_checks.h"

namespace buttress {

namespace {

constexpr std::size_t kCheckedFrames = 25;
constexpr double kPoorFit = 0.025;  ///< m RMS; a sound recording fits better, and then its mirror image is not tried

}  // namespace

bool check_track_request(const TrackRequest& request, Diagnostics& diagnostics) {
  if (!is_marker_file(request.marker_file))
    diagnostics.error("TRACK-014", request.marker_file, 0, "this is no .trc or .c3d file",
                      "Export the markers as TRC or C3D.");
  if (!request.choices.static_file.empty() && !is_marker_file(request.choices.static_file))
    diagnostics.error("TRACK-014", request.choices.static_file, 0, "this is no .trc or .c3d file",
                      "Export the static trial as TRC or C3D.");
  if (!request.choices.up.empty() && !parse_lab_axis(request.choices.up))
    diagnostics.error("TRACK-013", {}, 0, "--up is \"" + request.choices.up + "\", which is no axis",
                      "Give x, y, z, -x, -y or -z.");
  if (request.choices.mass != 0 && !(request.choices.mass >= 10 && request.choices.mass <= 300))
    diagnostics.error("TRACK-006", {}, 0, fmt::format("a mass of {:g} kg was given", request.choices.mass),
                      "People weigh 10 to 300 kg.");
  if (request.choices.height != 0 && !(request.choices.height >= 0.8 && request.choices.height <= 2.4))
    diagnostics.error("TRACK-006", {}, 0, fmt::format("a height of {:g} m was given", request.choices.height),
                      "People are 0.8 to 2.4 m tall; give metres.");
  if (!request.choices.scale &&
      (request.choices.mass != 0 || request.choices.height != 0 || !request.choices.static_file.empty()))
    diagnostics.error("TRACK-015", {}, 0, "--no-scale was given together with --mass, --height or --static",
                      "Leave one out: these are for scaling.");
  return !diagnostics.has_errors();
}

bool check_size_and_vertical(const Model& model, const MarkerRecording& recorded, const std::vector<MarkerTask>& tasks,
                             Diagnostics& diagnostics) {
  const MarkerTrajectory& recording = recorded.markers;
  const MarkerTrajectory frame = pick_frames(recording, model, 1);
  std::vector<int> markers;
  std::vector<double> observed;
  for (const MarkerTask& task : tasks) {
    const auto column = std::find(frame.names.begin(), frame.names.end(), task.marker) - frame.names.begin();
    for (std::size_t m = 0; m < model.markers.size(); ++m) {
      if (model.markers[m].name != task.marker || frame.time.empty()) continue;
      markers.push_back(static_cast<int>(m));
      observed.insert(observed.end(), frame.positions.begin() + 3 * column, frame.positions.begin() + 3 * column + 3);
      break;
    }
  }
  if (std::none_of(observed.begin(), observed.end(), [](double x) { return std::isfinite(x); })) {
    diagnostics.error("IK-001", recording.file, 0, "no marker of the model was seen in any frame",
                      "Check the recording; all its positions are gaps.");
    return false;
  }
  Diagnostics found;
  check_recorded_body(model, markers, observed.data(), frame, found);
  for (const Diagnostic& d : found.items()) {
    if (d.id == "IK-006") {
      // a person may lie, but then the file or the user must say which way is up
      if (!recorded.is_up_known)
        diagnostics.error("TRACK-004", recording.file, 0, d.message,
                          "If the person stands, give --up with the axis of the file that points up; if the person "
                          "lies, give --up all the same.");
    } else {
      diagnostics.add(d);
    }
  }
  return !diagnostics.has_errors();
}

double find_marker_rms(const InverseKinematicsResult& result) {
  double sum = 0, count = 0;
  for (const double e : result.marker_errors)
    if (std::isfinite(e)) sum += e * e, ++count;
  return count > 0 ? std::sqrt(sum / count) : 0;
}

bool check_mirror_image(const Model& model, const MarkerTrajectory& recording, const std::vector<MarkerTask>& tasks,
                        Diagnostics& diagnostics) {
  MarkerTrajectory frames = pick_frames(recording, model, kCheckedFrames);
  InverseKinematicsOptions options;
  options.markers = tasks;
  Diagnostics unused;
  const auto straight = calc_inverse_kinematics(model, frames, options, nullptr, "", unused);
  // what is wrong is told when all frames are fitted
  if (!straight) return true;
  const double rms = find_marker_rms(*straight);
  if (rms < kPoorFit) return true;
  for (std::size_t i = 2; i < frames.positions.size(); i += 3) frames.positions[i] = -frames.positions[i];
  const auto mirrored = calc_inverse_kinematics(model, frames, options, nullptr, "", unused);
  if (!mirrored || find_marker_rms(*mirrored) > 0.6 * rms) return true;
  diagnostics.error("TRACK-010", recording.file, 0,
                    fmt::format("the recording is the mirror image of a body: its markers lie {:.0f} mm RMS from the "
                                "model, {:.0f} mm when it is mirrored",
                                1000 * rms, 1000 * find_marker_rms(*mirrored)),
                    "Left and right are exchanged in the markers' names, or the file's axes are left-handed.");
  return false;
}

}  // namespace buttress
