#include "io/marker_file.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "io/trc_reader.h"

namespace buttress {

namespace {

constexpr LabAxis kTrcUp{1, 1};  ///< by convention; the format has no word for it

std::string find_ending(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return ending;
}

/// what the file calls the axes of W, and what of it is up
void name_axes(const LabAxis& up, MarkerRecording& recording) {
  const Mat3<double> R_WL = make_world_from_up(up);
  recording.up = up;
  for (int w = 0; w < 3; ++w)
    for (int l = 0; l < 3; ++l)
      if (R_WL.m[w][l] != 0)
        recording.markers.axes_in_file[static_cast<std::size_t>(w)] = format_lab_axis({l, R_WL.m[w][l]});
}

void rotate_markers(const Mat3<double>& R_WL, MarkerTrajectory& markers) {
  for (std::size_t i = 0; i + 2 < markers.positions.size(); i += 3) {
    double* const p = markers.positions.data() + i;
    const Vec3<double> turned = R_WL * Vec3<double>{p[0], p[1], p[2]};
    p[0] = turned.x, p[1] = turned.y, p[2] = turned.z;
  }
}

/// an id of c3d_plates.h
bool is_about_plates(const Diagnostic& d) {
  return d.id == "C3D-028" || (d.id >= "C3D-020" && d.id <= "C3D-026");
}

/// Without plates when they are not needed and cannot be read: what is wrong or odd with them is a note then. Plates
/// that can be read tell which way is up all the same.
std::optional<C3dTrial> read_trial(const std::string& path, bool needs_plates, Diagnostics& diagnostics) {
  if (needs_plates) return read_c3d(path, diagnostics);
  Diagnostics with_plates, without;
  auto trial = read_c3d(path, with_plates);
  const bool are_readable = trial.has_value();
  if (!are_readable) trial = read_c3d(path, without, C3dTrialOptions{false});
  for (const Diagnostic& d : without.items()) diagnostics.add(d);
  for (const Diagnostic& d : with_plates.items()) {
    if (trial && is_about_plates(d))
      diagnostics.note(d.id, d.file, d.line, d.message + "; nothing here needs the force plates");
    else if (are_readable)
      diagnostics.add(d);
  }
  return trial;
}

}  // namespace

void turn_up(const LabAxis& up, MarkerRecording& recording) {
  rotate_markers(make_world_from_up(up) * transpose(make_world_from_up(recording.up)), recording.markers);
  name_axes(up, recording);
}

bool is_marker_file(const std::string& path) {
  const std::string ending = find_ending(path);
  return ending == ".trc" || ending == ".c3d";
}

std::optional<MarkerRecording> read_marker_file(const std::string& path, Diagnostics& diagnostics,
                                                const MarkerFileOptions& options) {
  const auto up = parse_lab_axis(options.up);
  if (!up && !options.up.empty()) throw std::invalid_argument("read_marker_file: up is no axis");
  MarkerRecording recording;
  recording.is_up_known = up.has_value();
  if (find_ending(path) != ".c3d") {
    auto markers = read_trc(path, diagnostics);
    if (!markers) return std::nullopt;
    recording.markers = std::move(*markers);
    if (up) rotate_markers(make_world_from_up(*up), recording.markers);
    name_axes(up.value_or(kTrcUp), recording);
    return recording;
  }
  auto trial = read_trial(path, options.needs_plates, diagnostics);
  if (!trial) return std::nullopt;
  LabAxis taken = up.value_or(LabAxis{});
  if (!up) {
    const auto screens = find_c3d_texts(trial->description.parameters, "POINT", "Y_SCREEN");
    recording.is_up_known = !trial->plates.empty() || (!screens.empty() && parse_lab_axis(screens.front()));
    recording.is_up_free = !recording.is_up_known;
    taken = find_lab_up(*trial, diagnostics);
  }
  rotate_c3d_trial(make_world_from_up(taken), *trial);
  recording.markers = std::move(trial->markers);
  name_axes(taken, recording);
  recording.plates = std::move(trial->plates);
  recording.plate_rate_hz = trial->description.analog_rate_hz();
  return recording;
}

}  // namespace buttress
