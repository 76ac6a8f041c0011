#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/table.h"
#include "model/model.h"
#include "motion/marker_trajectory.h"

/// From recorded markers to the coordinates of a model: OpenSim's InverseKinematicsTool.
///
/// Each frame minimises  1/2 sum_m w_m |p_m(q) - o_m|^2 / sum_m w_m + 1/2 sum_c w_c (q_c - v_c)^2
/// over the independent coordinates: markers m that were seen in the frame, coordinate tasks c; weights as given,
/// metres and radians. That is what OpenSim minimises (Simbody's Assembler with Markers and QValue goals). Couplers,
/// locks and prescribed coordinates hold exactly, clamped coordinates stay inside their range.
/// Departure: OpenSim stops when it is satisfied (accuracy 1e-5); here the minimum is reached to 1e-8 rad and m, so the
/// error can be lower than OpenSim's. Coordinates that nothing determines stay where they are.
///
/// Ids of this header:
///   IK-001  no marker is both in the model and in the recording
///   IK-002  marker tasks without a marker in the model or in the recording (warning: they are left out)
///   IK-003  markers that have no position in any frame that is fitted (warning)
///   IK-004  coordinates that no marker and no task determines (note: they keep their default)
///   IK-005  the recorded body is of another size altogether: wrong units
///   IK-006  the recorded body does not stand upright: wrong vertical axis, or lying (warning)
///   IK-007  two markers have their names exchanged (warning)
///   IK-008  a marker is far from the model, much farther than the others (warning)
///   IK-009  frames without a single marker (warning: the pose before is kept)
///   IK-010  a coordinate task names no coordinate of the model
///   IK-011  a coordinate task takes its value from a file that does not have it
///   IK-012  no frame lies in the time window
///   IK-013  frames whose minimum was not reached (warning)
///   IK-014  a weight is negative or not finite
namespace buttress {

struct MarkerTask {
  std::string marker;
  double weight = 1;
};

enum class CoordinateTarget { default_value, manual_value, from_file };

struct CoordinateTask {
  std::string coordinate;
  double weight = 1;
  CoordinateTarget target = CoordinateTarget::default_value;
  double value = 0;  ///< rad or m, for manual_value
};

struct InverseKinematicsOptions {
  std::vector<MarkerTask> markers;  ///< empty: every marker of model and recording, weight 1
  std::vector<CoordinateTask> coordinates;
  double start = -kInfinity, end = kInfinity;  ///< s: frames from the one nearest to start to that nearest to end
  double step_tolerance = 1e-8;                ///< rad or m: largest change of a coordinate at which iteration ends
  int max_iterations = 100;                    ///< per frame
  std::function<void(std::size_t done, std::size_t all)> progress;  ///< called after each frame; may be empty
};

enum class PoseStatus {
  solved,
  not_converged,  ///< max_iterations; the pose is the best found
  no_markers      ///< nothing was seen: the pose was left alone
};

struct InverseKinematicsResult {
  std::vector<double> time;              ///< [frames] s
  std::vector<double> q;                 ///< [frames x model.coordinates] rad or m
  std::vector<PoseStatus> status;        ///< [frames]
  std::vector<int> iterations;           ///< [frames]
  std::vector<std::string> markers;      ///< those that were fitted
  std::vector<double> weights;           ///< [markers]
  std::vector<double> marker_positions;  ///< [frames x markers x 3] of the model, in ground, m
  std::vector<double> marker_errors;     ///< [frames x markers] distance to the recorded one, m; NaN = gap
};

/// Fits the model to every frame of the window, each warm from the one before. The first frame is also tried from
/// poses turned by quarter and half turns about each rotation of the root, so that it does not matter which way the
/// person faces.
/// @param coordinates values for tasks from_file; may be null. OpenSim's tools take every such file to be in degrees,
/// so
///   one that does not state its unit is (MOTION-016). Departure: inDegrees=no is obeyed here.
/// @param coordinate_file names that table in messages
std::optional<InverseKinematicsResult> calc_inverse_kinematics(const Model& model, const MarkerTrajectory& recording,
                                                               const InverseKinematicsOptions& options,
                                                               const Table* coordinates,
                                                               const std::string& coordinate_file,
                                                               Diagnostics& diagnostics);

}  // namespace buttress
