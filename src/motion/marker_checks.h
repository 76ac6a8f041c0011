#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "model/model.h"
#include "motion/inverse_kinematics.h"

/// What can be wrong with recorded markers though every number is a number.
namespace buttress {

/// Where the vertical of the model's default pose points in the recording, after the rotation that fits the model's
/// markers to the recorded ones best; unit vector. Nothing with fewer than four markers or a model without gravity.
/// @param model_markers, observed as below
std::optional<Vec3d> find_recorded_vertical(const Model& model, const std::vector<int>& model_markers,
                                            const double* observed);

/// The axis next to a direction, as the recording's file calls it: "-y".
std::string find_axis_in_file(const Vec3d& direction, const MarkerTrajectory& recording);

/// Size and vertical axis of the recorded body in one frame against the model in its default pose (IK-005, IK-006).
/// @param model_markers index into Model::markers of each marker that is fitted
/// @param observed [model_markers x 3] m, NaN = gap
/// False when there was an error.
bool check_recorded_body(const Model& model, const std::vector<int>& model_markers, const double* observed,
                         const MarkerTrajectory& recording, Diagnostics& diagnostics);

/// Markers that lie far from the fitted model, and pairs whose names are exchanged (IK-007, IK-008).
/// @param observed [frames x markers x 3] m, NaN = gap
void check_fitted_markers(const InverseKinematicsResult& result, const std::vector<double>& observed,
                          const std::string& file, Diagnostics& diagnostics);

}  // namespace buttress
