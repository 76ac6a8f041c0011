#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "io/scale_setup.h"
#include "model/model_spec.h"

/// Reads the setup files of OpenSim's InverseKinematicsTool, ScaleTool, InverseDynamicsTool and AnalyzeTool, of all
/// versions from 2.3 on.
///
/// Ids of this header, besides XML-001 ... XML-014:
///   SETUP-001  the file holds no tool, but what the message says
///   SETUP-002  it holds a tool that is not built yet (forward simulation, computed muscle control, ...)
///   SETUP-003  a file that the tool needs is not named (model_file; coordinates_file or states_file)
///   SETUP-004  the start is after the end
///   SETUP-005  states_file and coordinates_file are both given (warning: the states are taken, as in OpenSim)
///   SETUP-006  an analysis that is on is not built (warning; the others run)
///   SETUP-007  no analysis that is built is on
///   SETUP-008  lists of a JointReaction differ in length, or hold something other than child or parent
///   SETUP-009  an element that is not known (warning)
///   SETUP-010  something that has no effect here: settings of the integrator (note); controllers (note, or a warning
///              where an analysis is on whose forces come from controls)
///   SETUP-011  a number is out of its range
///   SETUP-012  external loads in the form of OpenSim 1 (a .mot and two bodies)
///   SETUP-013  a task, measurement or scale of a kind or content that is not known
///   SETUP-014  an analysis has a time range of its own, which OpenSim's AnalyzeTool does not use either (warning)
namespace buttress {

enum class ToolKind { inverse_dynamics, analyze, inverse_kinematics, scale };
enum class AnalysisKind {
  static_optimization,
  joint_reaction,
  muscle_analysis,
  kinematics,
  body_kinematics,
  point_kinematics,
  force_reporter,
  actuation,
  states_reporter,
  unsupported
};

/// One analysis of an AnalyzeTool. Defaults are OpenSim's.
struct AnalysisSetup {
  AnalysisKind kind = AnalysisKind::unsupported;
  std::string type;  ///< the element's name, e.g. StaticOptimization
  std::string name;  ///< part of the names of result files: TOOL_NAME_activation.sto
  int line = 0;
  bool on = true;
  double start_time = -kInfinity, end_time = kInfinity;  ///< s; without effect in OpenSim's AnalyzeTool
  int step_interval = 1;
  bool in_degrees = true;
  // StaticOptimization
  bool use_model_force_set = true, use_muscle_physiology = true;
  double activation_exponent = 2, optimizer_convergence_criterion = 1e-4;
  int optimizer_max_iterations = 100;
  // JointReaction; the lists have one entry, or one per joint name
  std::string forces_file;
  std::vector<std::string> joint_names{"ALL"}, apply_on_bodies{"child"}, express_in_frame{"ground"};
  // MuscleAnalysis
  std::vector<std::string> muscle_list{"all"}, moment_arm_coordinate_list{"all"};
  bool compute_moments = true;
  // Kinematics
  std::vector<std::string> coordinates{"all"};
  // BodyKinematics
  std::vector<std::string> bodies{"all"};
  bool express_results_in_body_local_frame = false;
  // PointKinematics
  std::string body_name = "ground", relative_to_body_name = "none", point_name = "NONAME";
  std::array<double, 3> point{0, 0, 0};
  // ForceReporter
  bool include_constraint_forces = false;
};

/// A tool's setup. Paths count from the setup file's folder and come out as seen from where the program runs.
struct ToolSetup {
  ToolKind kind = ToolKind::inverse_dynamics;
  std::string name;  ///< first part of the names of result files
  std::string file;
  int version = 40000;
  std::string model_file;
  bool replace_force_set = false;  ///< with no force_set_files the model has no forces left, as in OpenSim
  std::vector<std::string> force_set_files;
  std::string results_directory;  ///< the setup file's folder when absent; empty only when that is the current one
  int output_precision = 8;
  double start = -kInfinity, end = kInfinity;  ///< s: time_range, or initial_time and final_time
  std::string coordinates_file, states_file, speeds_file, external_loads_file;
  double lowpass_hz = -1;  ///< lowpass_cutoff_frequency_for_coordinates; negative: no filter
  bool solve_for_equilibrium = false;
  std::vector<std::string> controllers;     ///< names of controllers in the file
  std::vector<std::string> controls_files;  ///< of its ControlSetControllers that are enabled, of whatever format
  // InverseDynamicsTool
  std::vector<std::string> forces_to_exclude;
  std::string output_gen_force_file = "inverse_dynamics.sto", output_body_forces_file;
  std::vector<std::string> joints_to_report_body_forces;
  std::optional<bool> coordinates_in_degrees;  ///< of files before OpenSim 3; OpenSim reads it and does not use it
  // AnalyzeTool
  std::vector<AnalysisSetup> analyses;
  // InverseKinematicsTool; coordinates_file above is its coordinate_file
  std::string marker_file, output_motion_file;
  TaskSetSetup tasks;
  double constraint_weight = kInfinity, accuracy = 1e-5;
  bool report_errors = true, report_marker_locations = false;
  // ScaleTool
  ScaleSetup scale;
};

std::optional<ToolSetup> read_setup(const std::string& path, Diagnostics& diagnostics);
std::optional<ToolSetup> parse_setup(std::string_view text, const std::string& file_name, Diagnostics& diagnostics);

}  // namespace buttress
