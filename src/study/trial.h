#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/table.h"
#include "load/inverse_chain.h"
#include "motion/coordinate_motion.h"
#include "motion/external_loads.h"

/// A recorded movement on a model: its coordinates and external loads at the same frames.
namespace buttress {

struct Trial {
  CoordinateTrajectory motion;
  LoadTrajectory loads;

  std::vector<ChainLoad> chain_loads() const;
  /// points into this trial, which must outlive it
  ChainInput input() const;
  /// names of the columns that OpenSim's force files have for each load: calcn_r_right_foot_Fx .. _pz .. _Tz; without
  /// points or torques where the loads have none
  std::vector<std::string> load_columns(const Model& model) const;
};

struct TrialRequest {
  std::string motion_file;
  std::string loads_file;   ///< ExternalLoads XML; empty = none
  std::string speeds_file;  ///< speeds in a file of their own; empty = the derivatives of the motion
  MotionOptions motion;
};

/// Reads both files and brings them to the same frames; nothing when there was an error. Adds FORCE-002.
/// @param loads_data_file set to the data file that the loads name, for the record
std::optional<Trial> read_trial(const Model& model, const TrialRequest& request, std::string& loads_data_file,
                                Diagnostics& diagnostics);

/// The same for a motion that is there already; `request.motion_file` and speeds_file are not read, the first stands in
/// messages.
std::optional<Trial> make_trial(const Model& model, const Table& motion, const TrialRequest& request,
                                std::string& loads_data_file, Diagnostics& diagnostics);

/// FORCE-002, a warning, when the model presses on surfaces with contact forces of its own while `ground` ("the
/// external loads", "the predicted ground") acts, too. Both push, as in OpenSim.
void warn_of_contact_forces(const Model& model, const std::string& ground, Diagnostics& diagnostics);

}  // namespace buttress
