#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/table.h"
#include "model/model.h"

/// Forces from outside, such as those of force plates, as OpenSim's ExternalLoads names them, and their values at the
/// frames of a motion.
///
/// Ids of this header:
///   LOADS-001  a force is to act on a body that the model does not have
///   LOADS-002  a force or point is expressed in a body that the model does not have (warning: ground is taken)
///   LOADS-003  an identifier does not pick three columns of the data
///   LOADS-004  neither force nor torque is named, or a point without a force
///   LOADS-005  frames outside the times of the data (warning: no load there; error when all are)
///   LOADS-006  a force, its point while it acts, or a torque is NaN or infinite
///   LOADS-007  a force is switched off (note)
///   LOADS-008  two or more forces, all on one body (warning)
///   LOADS-009  the data name no force that acts
namespace buttress {

struct ExternalForceSpec {
  std::string name;
  std::string applied_to_body;
  std::string force_expressed_in_body = "ground", point_expressed_in_body = "ground";
  std::string force_identifier, point_identifier, torque_identifier;  ///< column names without x, y, z; empty: none
  std::string data_source_name;                                       ///< read, not used: one data file serves all
  bool applies_force = true;
  int line = 0;
};

struct ExternalLoadsSpec {
  std::string name;
  std::string file;       ///< the XML file
  std::string data_file;  ///< .mot or .sto with the columns, seen from where the program runs; empty: not named
  std::vector<ExternalForceSpec> forces;
};

/// Values of all loads at all frames.
struct LoadTrajectory {
  struct Load {
    int body = 0;              ///< body that feels it
    int force_frame_body = 0;  ///< body in whose frame force and torque are given; 0 = ground
    int point_frame_body = 0;  ///< body in whose frame the point is given; 0 = ground
    bool has_point = false;    ///< false: the force acts at the origin of `body`; point_frame_body is `body` then
    bool has_torque = false;
    std::string name;
  };
  std::vector<Load> loads;
  std::vector<double> values;  ///< [frames x loads x 9] force N, point m, torque N m, each in its frame
};

/// How values between rows of the data are found.
enum class LoadInterpolation {
  cubic_spline,  ///< natural cubic spline through each column (from 4 rows on): OpenSim's ExternalForce
  linear,
};

/// Picks the columns of every force and evaluates them at the frames' times (s).
/// Read the table with NaN allowed: points that are NaN while nothing presses are common.
/// Departures from OpenSim, which only show between the rows of the data: where the force is exactly zero in a row its
/// point says nothing and is replaced by that of the nearest loaded row before the spline is fitted; between two rows
/// without force there is neither force nor point, and likewise for torque. More than one row before or after the data
/// there is no load (OpenSim extrapolates).
/// @param data_file names the table in messages
std::optional<LoadTrajectory> make_load_trajectory(const Model& model, const ExternalLoadsSpec& spec,
                                                   const Table& table, const std::string& data_file,
                                                   const std::vector<double>& times, Diagnostics& diagnostics,
                                                   LoadInterpolation interpolation = LoadInterpolation::cubic_spline);

/// The three columns of an identifier: those that begin with it, in the file's order, if there are exactly three
/// (OpenSim's rule); else identifier + x, y, z, or _x, _y, _z, .x, .y, .z, 1, 2, 3, _1, _2, _3. "#7" stands for
/// the name of column 7 (time is column 0) less its last letter, as in OpenSim 2. Empty when there are none.
std::vector<int> find_identified_columns(const Table& table, const std::string& identifier);

}  // namespace buttress
