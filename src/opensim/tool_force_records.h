#pragma once
#include <string>
#include <vector>

#include "opensim/tool_frames.h"

/// What OpenSim's forces record (Force::getRecordLabels, getRecordValues), the columns of its ForceReporter and of the
/// force file of its StaticOptimization. This is the one place that knows them; a new kind of force is a case here.
namespace buttress {

/// one force of the model and its columns
struct ForceRecord {
  std::string name;
  int muscle = -1, actuator = -1, passive = -1;  ///< index into the model; one of them is set
  std::vector<std::string> columns;
  Model alone;            ///< passive: the same bodies and coordinates, and no other force
  PassiveForcePlan plan;  ///< of that model
  PassiveForceWorkspace<double> workspace;
};

/// All forces that act, in the order in which the files list them. A muscle or actuator has one column, its name.
/// Bushings have the name of a frame's body where OpenSim has that of the frame.
std::vector<ForceRecord> make_force_records(const Model& model);

/// Appends the values of one force at a frame (update_frame first); muscles and actuators are those of
/// dynamics.applied. Forces and points in the world, N, N m, m; the second column of a limit force is its energy, J.
void append_force_record(const FrameDynamics& dynamics, ForceRecord& record, std::vector<double>& values);

/// Appends the values of each external load, in the order of Trial::load_columns(): force and torque in the world,
/// the point in the frame of the body that feels it.
void append_load_records(const AnalyzeTrial& trial, std::size_t frame, const FrameDynamics& dynamics,
                         std::vector<double>& values);

}  // namespace buttress
