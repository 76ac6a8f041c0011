#include "track/track_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "body/joint_titles.h"
#include "io/world_axes.h"
#include "motion/marker_checks.h"
#include "track/marker_frames.h"

namespace buttress {

namespace {

constexpr std::size_t kCheckedFrames = 25;
constexpr double kPoorFit = 0.025;    ///< m RMS; a sound recording fits better, and then its mirror image is not tried
constexpr double kUpright = 0.8;      ///< cosine; who bends or walks still stands along the axis that is up
constexpr double kLowestFoot = -0.1;  ///< m over the lab's origin: where the lowest marker of a person who stands is
constexpr double kHighestFoot = 0.3;
constexpr double kAtCentre = 0.01;  ///< m; a marker so near the hip's centre stays where it is when the hip turns

bool is_seen(const MarkerTrajectory& recording, const std::string& marker) {
  const auto column = static_cast<std::size_t>(std::find(recording.names.begin(), recording.names.end(), marker) -
                                               recording.names.begin());
  if (column == recording.names.size()) return false;
  for (std::size_t f = 0; f < recording.time.size(); ++f)
    if (std::isfinite(recording.positions[(f * recording.names.size() + column) * 3])) return true;
  return false;
}

/// whether the markers tell where the leg below this hip is
bool is_leg_told(const Model& model, std::size_t hip, const std::vector<const Marker*>& markers) {
  std::set<int> moving;  // coordinates between the pelvis and a marker
  std::size_t numbers = 0;
  bool bends_knee = false;
  for (const Marker* marker : markers) {
    // joints from the marker's body up to the hip, if it is on this leg
    std::vector<std::size_t> joints;
    for (int body = marker->body; body > 0; body = model.joints[joints.back()].parent_body) {
      joints.push_back(static_cast<std::size_t>(body - 1));
      if (joints.back() == hip) break;
    }
    if (joints.empty() || joints.back() != hip) continue;
    if (joints.size() == 1 && norm(marker->p_B - model.joints[hip].X_BM.p) < kAtCentre) continue;
    numbers += 3;
    for (std::size_t c = 0; c < model.coordinates.size(); ++c) {
      const Coordinate& coordinate = model.coordinates[c];
      const auto joint = static_cast<std::size_t>(coordinate.joint);
      if (coordinate.independent < 0 || std::find(joints.begin(), joints.end(), joint) == joints.end()) continue;
      moving.insert(static_cast<int>(c));
      bends_knee = bends_knee || find_joint_title(model.joints[joint].name).title.ends_with(" knee");
    }
  }
  return bends_knee && numbers >= moving.size();
}

/// Lowest coordinate of the markers along a direction, m.
double find_lowest(const std::vector<double>& observed, const Vec3d& direction) {
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 2 < observed.size(); i += 3)
    if (std::isfinite(observed[i]))
      lowest = std::min(lowest, dot(direction, Vec3d{observed[i], observed[i + 1], observed[i + 2]}));
  return lowest;
}

/// as --up wants it: "y", "-y"
std::string find_option(const LabAxis& axis) {
  const std::string text = format_lab_axis(axis);
  return text[0] == '+' ? text.substr(1) : text;
}

/// A body that does not stand along what was taken to be up, in a file that does not say what is. A C3D has no usual
/// vertical: the body's own is taken if the feet are near the lab's origin along it, as they are over a floor. A .trc
/// has y up by convention, so that it may well be someone who lies.
void check_up(const Vec3d& body_up, const std::vector<double>& observed, MarkerRecording& recorded,
              Diagnostics& diagnostics) {
  const std::string along = find_axis_in_file(body_up, recorded.markers), taken = format_lab_axis(recorded.up);
  const LabAxis axis = parse_lab_axis(along).value_or(recorded.up);
  const Mat3d R_WL = make_world_from_up(recorded.up);
  const Vec3d up_W = axis.sign * R_WL.column(axis.index);
  const double lowest = find_lowest(observed, up_W);
  const std::string what = fmt::format("the body's long axis points along {} of the file", along);
  if (recorded.is_up_free && dot(body_up, up_W) > kUpright && lowest > kLowestFoot && lowest < kHighestFoot) {
    diagnostics.warning(
        "TRACK-004", recorded.markers.file, 0,
        fmt::format("{}, which does not say what is up; {} is taken to be up, not {}", what, along, taken),
        fmt::format("If the person lies, give --up with the axis that points up: --up {}, perhaps.", taken));
    turn_up(axis, recorded);
    return;
  }
  diagnostics.error("TRACK-004", recorded.markers.file, 0, fmt::format("{}, but {} was taken as up", what, taken),
                    fmt::format("If the person stands, give --up {}; if the person lies, give --up with the axis that "
                                "points up all the same: --up {}, perhaps.",
                                find_option(axis), find_option(recorded.up)));
}

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

bool check_legs(const Model& model, const MarkerTrajectory& recording, const std::vector<MarkerTask>& tasks,
                const MarkerNaming& naming, bool needs_legs, Diagnostics& diagnostics) {
  std::vector<const Marker*> markers;
  for (const Marker& marker : model.markers)
    if (std::any_of(tasks.begin(), tasks.end(), [&](const MarkerTask& t) { return t.marker == marker.name; }) &&
        is_seen(recording, marker.name))
      markers.push_back(&marker);
  std::size_t legs = 0;
  std::vector<std::string> untold;
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const std::string title = find_joint_title(model.joints[j].name).title;
    if (!title.ends_with(" hip")) continue;
    ++legs;
    if (!is_leg_told(model, j, markers)) untold.push_back(title.substr(0, title.find(' ')));
  }
  // that nothing was seen at all is told elsewhere
  if (untold.empty() || markers.empty()) return true;
  std::vector<std::string> known;
  known.reserve(markers.size());
  for (const Marker* marker : markers) known.push_back(marker->name);
  const std::string of = fmt::format("{} of {} recorded markers can be used: {}", markers.size(),
                                     recording.names.size(), list_some(known));
  if (untold.size() < legs) {
    diagnostics.warning("TRACK-020", recording.file, 0,
                        fmt::format("the markers do not tell where the {} leg is; {}", untold.front(), of),
                        "What is said of that leg belongs to a posture that nobody recorded.");
    return true;
  }
  std::string advice = "A leg needs markers of the knee and of the ankle or foot.";
  if (!naming.unknown.empty())
    advice += fmt::format(
        " Of the others ({}) no place on the model is known: give a marker map with --map FILE; "
        "data/README.md tells how to write one.",
        list_some(naming.unknown));
  const bool refuse = needs_legs || 2 * naming.known < recording.names.size();
  diagnostics.add({refuse ? Severity::error : Severity::warning, "TRACK-019", recording.file, 0,
                   "the markers do not tell where the legs are; " + of, advice});
  return !refuse;
}

bool check_size_and_vertical(const Model& model, MarkerRecording& recorded, const std::vector<MarkerTask>& tasks,
                             Diagnostics& diagnostics) {
  const MarkerTrajectory& recording = recorded.markers;
  const MarkerTrajectory frame = pick_frames(recording, tasks, 1);
  std::vector<int> markers;
  std::vector<double> observed;
  std::vector<std::string> wanted;
  for (const MarkerTask& task : tasks) {
    wanted.push_back(task.marker);
    const auto column = std::find(frame.names.begin(), frame.names.end(), task.marker) - frame.names.begin();
    for (std::size_t m = 0; m < model.markers.size(); ++m) {
      if (model.markers[m].name != task.marker || frame.time.empty()) continue;
      markers.push_back(static_cast<int>(m));
      observed.insert(observed.end(), frame.positions.begin() + 3 * column, frame.positions.begin() + 3 * column + 3);
      break;
    }
  }
  if (std::none_of(observed.begin(), observed.end(), [](double x) { return std::isfinite(x); })) {
    const bool others_seen =
        std::any_of(recording.positions.begin(), recording.positions.end(), [](double x) { return std::isfinite(x); });
    diagnostics.error(
        "IK-001", recording.file, 0,
        fmt::format("none of the markers that can be used was seen in any frame ({}); {}", list_some(wanted),
                    others_seen ? "others were" : "nor was any other: all positions are gaps"),
        others_seen ? "Look at the names: those that were seen have no place on the model. Give a marker "
                      "map with --map FILE; data/README.md tells how to write one."
                    : "Check the recording.");
    return false;
  }
  Diagnostics found;
  check_recorded_body(model, markers, observed.data(), frame, found);
  for (const Diagnostic& d : found.items())
    if (d.id != "IK-006") diagnostics.add(d);
  const auto body_up = find_recorded_vertical(model, markers, observed.data());
  // a person may lie, but then the file or the user must say which way is up
  if (!recorded.is_up_known && body_up && body_up->y < 0.5) check_up(*body_up, observed, recorded, diagnostics);
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
  MarkerTrajectory frames = pick_frames(recording, tasks, kCheckedFrames);
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
