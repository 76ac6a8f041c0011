#include "io/marker_file.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "io/trc_reader.h"
#include "io/world_axes.h"

namespace buttress {

namespace {

std::string find_ending(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return ending;
}

void rotate_markers(const Mat3<double>& R_WL, MarkerTrajectory& markers) {
  for (std::size_t i = 0; i + 2 < markers.positions.size(); i += 3) {
    double* const p = markers.positions.data() + i;
    const Vec3<double> turned = R_WL * Vec3<double>{p[0], p[1], p[2]};
    p[0] = turned.x, p[1] = turned.y, p[2] = turned.z;
  }
}

/// without plates when they are not wanted and cannot be read; they tell which way is up all the same
std::optional<C3dTrial> read_trial(const std::string& path, bool needs_plates, Diagnostics& diagnostics) {
  if (needs_plates) return read_c3d(path, diagnostics);
  Diagnostics first_try;
  auto trial = read_c3d(path, first_try);
  if (!trial) return read_c3d(path, diagnostics, C3dTrialOptions{false});
  for (const Diagnostic& d : first_try.items()) diagnostics.add(d);
  return trial;
}

}  // namespace

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
    return recording;
  }
  auto trial = read_trial(path, options.with_plates, diagnostics);
  if (!trial) return std::nullopt;
  if (up) {
    rotate_c3d_trial(make_world_from_up(*up), *trial);
  } else {
    const auto screens = find_c3d_texts(trial->description.parameters, "POINT", "Y_SCREEN");
    recording.is_up_known = !trial->plates.empty() || (!screens.empty() && parse_lab_axis(screens.front()));
    rotate_c3d_trial(make_world_from_lab(*trial, diagnostics), *trial);
  }
  recording.markers = std::move(trial->markers);
  if (options.with_plates) recording.plates = std::move(trial->plates);
  recording.plate_rate_hz = trial->description.analog_rate_hz();
  return recording;
}

}  // namespace buttress
