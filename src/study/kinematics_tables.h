#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "base/table.h"
#include "model/model.h"
#include "motion/inverse_kinematics.h"

/// Coordinates and markers over time as OpenSim's InverseKinematicsTool writes them.
namespace buttress {

/// coordinates in the order of OpenSim's CoordinateSet: joint by joint as the file lists them
std::vector<std::size_t> find_coordinate_order(const Model& model);

/// q [frames x coordinates] (rad, m) as "Coordinates": one column per coordinate in the order of OpenSim's
/// CoordinateSet, angles in degrees
Table make_coordinate_table(const Model& model, const std::vector<double>& time, const std::vector<double>& q);

/// total_squared_error (m^2), marker_error_RMS and marker_error_max (m) of each frame, over the markers that were seen.
/// Departure: OpenSim divides by all markers of the task set, seen or not.
Table make_marker_error_table(const InverseKinematicsResult& result);

/// positions of the model's markers in ground (m): NAME_tx, NAME_ty, NAME_tz
Table make_marker_location_table(const InverseKinematicsResult& result);

}  // namespace buttress
