#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/table.h"
#include "io/c3d_plates.h"
#include "io/c3d_reader.h"
#include "io/world_axes.h"
#include "motion/marker_trajectory.h"

/// A whole C3D file in memory, in the axes of the lab or of our world, and its force plates as ground loads.
///
/// Ids of this header: C3D-026 (c3d_plates.h) and
///   C3D-027  the file does not say which axis of the lab is up (note or warning; the message says what is taken)
namespace buttress {

struct C3dPlateLoads {
  C3dPlate plate;
  std::vector<PlateLoad> samples;  ///< [analog samples]
};

struct C3dTrial {
  C3dDescription description;
  MarkerTrajectory markers;           ///< points that are markers
  Table analogs;                      ///< all channels, each in its own unit
  std::vector<C3dPlateLoads> plates;  ///< at analogs.time
  std::vector<C3dEvent> events;
};

struct C3dTrialOptions {
  bool with_plates = true;  ///< false: plates that cannot be read are no error
};

/// Reads a whole file. Positions, points and forces are in lab axes; time starts at 0 with the first frame, as in
/// OpenSim. Nothing when there is an error.
std::optional<C3dTrial> read_c3d(const std::string& path, Diagnostics& diagnostics, const C3dTrialOptions& = {});
/// the same from bytes in memory; `file_name` stands in messages
std::optional<C3dTrial> parse_c3d(std::string bytes, const std::string& file_name, Diagnostics& diagnostics,
                                  const C3dTrialOptions& = {});

/// Which axis of the lab is up: POINT:Y_SCREEN ("+Z": the lab's z is up), else the surface of the first plate, else z.
LabAxis find_lab_up(const C3dTrial& trial, Diagnostics& diagnostics);

/// Rotation from lab axes L to our world W (y up, as in OpenSim): v_W = R_WL * v_L, with find_lab_up().
/// The other axes are not in the file, so they are kept where possible (io/world_axes.h).
/// Which way the person faces may differ from +x; a turn about the vertical changes no load inside the body.
/// @param turn_about_up rad, a further turn about +y of W
Mat3<double> make_world_from_lab(const C3dTrial& trial, Diagnostics& diagnostics, double turn_about_up = 0);

/// Turns markers and plates (forces, moments, points, corners, axes) of a trial by R_WL: what is written L in C3dPlate
/// is W from then on. Channels and the description stay what they are.
void rotate_c3d_trial(const Mat3<double>& R_WL, C3dTrial& trial);

/// Forces on the person as a table with the column names of OpenSim's ExternalLoads: for plate 1 ground_force_1_vx vy
/// vz (N), ground_force_1_px py pz (m), ground_torque_1_x y z (N m, free moment about the point), and so on.
/// @param least_force N; samples with less force across the plate's surface get zeros in all nine columns: noise would
///   put the centre of pressure anywhere (20 N is customary in gait analysis; 0 keeps all that have a point)
/// Call it on a trial that was turned to world axes, if a model is to use the table.
Table make_ground_load_table(const C3dTrial& trial, double least_force = 20);

}  // namespace buttress
