#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "io/c3d_trial.h"
#include "io/world_axes.h"
#include "motion/marker_trajectory.h"

/// Marker files of either kind, in the axes of our world. Ids: those of trc_reader.h, c3d_reader.h, c3d_plates.h and
/// c3d_trial.h.
namespace buttress {

struct MarkerFileOptions {
  std::string up;            ///< "z", "-y" ...: the axis of the file that points up; empty: the file's own statement
  bool needs_plates = true;  ///< false: plates that cannot be read are left out with a note
};

struct MarkerRecording {
  MarkerTrajectory markers;           ///< in W (y up), if the file's vertical is known
  bool is_up_known = false;           ///< the file, its plates or the caller say which axis is up
  bool is_up_free = false;            ///< nor has the format a usual one: a C3D that says nothing
  LabAxis up;                         ///< of the file: what was turned to y
  std::vector<C3dPlateLoads> plates;  ///< in W
  double plate_rate_hz = 0;           ///< samples of the plates per second, the first at time 0
};

/// Turns a recording whose vertical its file does not state so that this axis of the file points up.
void turn_up(const LabAxis& up, MarkerRecording& recording);

/// true for a name that ends in .trc or .c3d, in any capitals
bool is_marker_file(const std::string& path);

/// Reads a .c3d file and turns it to our world, or a .trc file, which is taken to have y up unless `up` says otherwise.
/// `up` must be an axis (parse_lab_axis()) or empty. Nothing when there is an error; plates that cannot be read are one
/// only with `needs_plates`.
std::optional<MarkerRecording> read_marker_file(const std::string& path, Diagnostics& diagnostics,
                                                const MarkerFileOptions& = {});

}  // namespace buttress
