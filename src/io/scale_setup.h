#pragma once
#include <string>
#include <vector>

#include "motion/inverse_kinematics.h"

/// What setup files of OpenSim's InverseKinematicsTool and ScaleTool say about markers, weights and scale factors.
namespace buttress {

/// IKTaskSet: tasks whose <apply> is true
struct TaskSetSetup {
  std::vector<MarkerTask> markers;
  std::vector<CoordinateTask> coordinates;
};

struct MarkerPairSetup {
  std::string first, second;
};

/// a body and the axes of its frame that a measurement scales
struct BodyScaleSetup {
  std::string body;
  bool axis[3] = {false, false, false};
};

struct MeasurementSetup {
  std::string name;
  int line = 0;
  std::vector<MarkerPairSetup> pairs;
  std::vector<BodyScaleSetup> bodies;
};

struct ManualScaleSetup {
  std::string segment;
  Vec3d factors{1, 1, 1};
  int line = 0;
};

/// A ScaleTool's setup. Paths as in ToolSetup; empty when the element is absent or Unassigned.
struct ScaleSetup {
  double mass = -1;  ///< kg; negative: the masses are not set
  std::string marker_set_file;
  // ModelScaler
  bool scales = false;
  std::vector<std::string> order;  ///< "measurements", "manualScale"
  std::vector<MeasurementSetup> measurements;
  std::vector<ManualScaleSetup> manual;
  std::string scaler_marker_file;
  double scaler_start = -1, scaler_end = -1;  ///< s; both -1: the whole recording
  bool preserve_mass_distribution = false;
  std::string scaled_model_file, scale_factor_file;
  // MarkerPlacer
  bool places = false;
  TaskSetSetup tasks;
  std::string placer_marker_file, coordinate_file;
  double placer_start = -1, placer_end = -1;  ///< s; both -1: the whole recording
  double max_marker_movement = -1;            ///< in the unit of the marker file; negative: no limit
  std::string pose_file, placed_model_file, placed_marker_file;
};

}  // namespace buttress
