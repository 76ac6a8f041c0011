#pragma once
#include <functional>

#include "base/run_status.h"
#include "body/model_loading.h"
#include "body/osim_scaling.h"
#include "io/setup_reader.h"

/// OpenSim's ScaleTool: a generic model to the size of a person, from distances between markers or given factors, then
/// its markers to where they were in a static trial.
///
/// Ids of this header, besides those of io/osim_scaling.h and of inverse kinematics:
///   SCALE-004  a measurement is not used: one of its markers is not in the model or was not recorded (warning)
///   SCALE-005  a manual scale or a measurement names a body that the model does not have (warning)
///   SCALE-006  a factor is far from 1, or not above 0
///   SCALE-007  the time range holds no frame of the static trial
///   SCALE-008  a marker moves more in the static trial than is allowed (warning)
namespace buttress {

struct ScaleOutcome {
  ScaleFactors factors;
  std::vector<std::string> written;
};

/// @param find_path where a file that the setup names is to be written
/// Departures from OpenSim: models of OpenSim 4 files only; the pose is written as coordinates in degrees; the file
/// keeps its version and everything that is not scaled.
RunStatus run_scale_tool(const ToolSetup& setup, const std::function<std::string(const std::string&)>& find_path,
                         ScaleOutcome& outcome, Diagnostics& diagnostics);

}  // namespace buttress
