#include "opensim/run_tool.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/decimal.h"
#include "base/run_status.h"
#include "base/stage_clock.h"
#include "io/marker_file.h"
#include "io/setup_reader.h"
#include "io/table_header.h"
#include "io/table_reader.h"
#include "io/table_writer.h"
#include "io/text_file.h"
#include "opensim/run_analyses.h"
#include "opensim/tool_analyses.h"
#include "opensim/tool_scale.h"
#include "study/kinematics_tables.h"
#include "view/finish_results.h"
#include "view/run_record.h"

namespace buttress {

namespace {

/// what one run of the tool carries along
struct ToolRun {
  const RunToolRequest& request;
  const ToolSetup& setup;
  std::string results_folder;
  std::vector<std::string>& written;
  Diagnostics& diagnostics;
  StageClock clock;
  std::string loads_data_file;

  bool write(const std::string& file_name, const Table& table) {
    const std::string path = (std::filesystem::path(results_folder) / file_name).string();
    if (!write_sto(path, table, diagnostics)) return false;
    written.push_back(path);
    return true;
  }
};

std::optional<Trial> read_tool_trial(ToolRun& run, const Model& model, const MotionOptions& motion) {
  TrialRequest request;
  request.motion_file = run.setup.coordinates_file;
  request.loads_file = run.setup.external_loads_file;
  request.motion = motion;
  return read_trial(model, request, run.loads_data_file, run.diagnostics);
}

RunStatus run_inverse_dynamics(ToolRun& run, const Model& model) {
  const auto trial =
      read_tool_trial(run, model, make_inverse_dynamics_options(run.setup.lowpass_hz, run.setup.start, run.setup.end));
  if (!trial || run.diagnostics.has_errors()) return RunStatus::bad_input;
  run.clock.finish("read_motion");
  const Model rest = exclude_forces(model, run.setup.forces_to_exclude, run.setup.file, run.diagnostics);
  if (!check_driven_actuators(rest, run.diagnostics)) return RunStatus::bad_input;
  const Table moments = calc_inverse_dynamics(rest, *trial, run.request.thread_count);
  run.clock.finish("compute");
  return run.write(run.setup.output_gen_force_file, moments) ? RunStatus::done : RunStatus::bad_input;
}

/// where a file goes that the setup names: beside the setup as in OpenSim, or into the folder the user asked for
std::string find_output_path(const ToolRun& run, const std::string& file) {
  const std::filesystem::path path(file);
  return run.request.results_folder ? (std::filesystem::path(run.results_folder) / path.filename()).string()
                                    : path.string();
}

RunStatus run_inverse_kinematics(ToolRun& run, const Model& model) {
  const auto recording = read_marker_file(run.setup.marker_file, run.diagnostics, {{}, false});
  std::optional<Table> coordinates;
  if (!run.setup.coordinates_file.empty()) coordinates = read_table(run.setup.coordinates_file, run.diagnostics);
  if (!recording || run.diagnostics.has_errors()) return RunStatus::bad_input;
  if (std::isfinite(run.setup.constraint_weight) && !model.couplers.empty())
    run.diagnostics.note("SETUP-010", run.setup.file, 0, "constraint_weight has no effect here",
                         "Coupled coordinates are held exactly.");
  run.clock.finish("read_motion");
  InverseKinematicsOptions options;
  options.markers = run.setup.tasks.markers;
  options.coordinates = run.setup.tasks.coordinates;
  options.start = run.setup.start;
  options.end = run.setup.end;
  options.step_tolerance = std::min(options.step_tolerance, run.setup.accuracy);
  const auto result = calc_inverse_kinematics(model, recording->markers, options, coordinates ? &*coordinates : nullptr,
                                              run.setup.coordinates_file, run.diagnostics);
  if (!result) return RunStatus::bad_input;
  run.clock.finish("compute");
  if (!run.setup.output_motion_file.empty()) {
    const std::string path = find_output_path(run, run.setup.output_motion_file);
    if (!write_sto(path, make_coordinate_table(model, result->time, result->q), run.diagnostics))
      return RunStatus::bad_input;
    run.written.push_back(path);
  }
  if (run.setup.report_errors && !run.write(run.setup.name + "_ik_marker_errors.sto", make_marker_error_table(*result)))
    return RunStatus::bad_input;
  if (run.setup.report_marker_locations &&
      !run.write(run.setup.name + "_ik_model_marker_locations.sto", make_marker_location_table(*result)))
    return RunStatus::bad_input;
  const bool solved = std::none_of(result->status.begin(), result->status.end(),
                                   [](PoseStatus s) { return s == PoseStatus::not_converged; });
  return solved ? RunStatus::done : RunStatus::not_solved;
}

/// inverse dynamics moves the skeleton under its springs and driven actuators, inverse kinematics looks for markers,
/// analyses use all forces
ModelParts find_needed_parts(const ToolSetup& setup) {
  switch (setup.kind) {
    case ToolKind::inverse_dynamics:
      return {.muscles = false,
              .other_forces = std::none_of(setup.forces_to_exclude.begin(), setup.forces_to_exclude.end(),
                                           [](const std::string& word) { return to_lower(word) == "all"; }),
              .markers = false};
    case ToolKind::inverse_kinematics:
      return {.muscles = false, .other_forces = false, .markers = true};
    case ToolKind::analyze:
      return {.muscles = true, .other_forces = true, .markers = false};
    case ToolKind::scale:
      break;
  }
  return {};
}

RunStatus run_scale(const RunToolRequest& request, const ToolSetup& setup, std::vector<std::string>& written,
                    Diagnostics& diagnostics) {
  StageClock clock;
  std::string folder = request.results_folder.value_or(setup.results_directory);
  if (folder.empty()) folder.assign(1, '.');
  if (!make_folder(folder, diagnostics)) return RunStatus::bad_input;
  for (const std::string& name : request.ignore)
    diagnostics.warning("MODEL-033", setup.model_file, 0,
                        "--ignore " + name + " leaves nothing out: ScaleTool keeps every element of the model",
                        "Give --ignore to the tools that use the scaled model.");
  ToolRun run{request, setup, folder, written, diagnostics, clock, {}};
  ScaleOutcome outcome;
  const RunStatus status = run_scale_tool(
      setup, [&](const std::string& file) { return find_output_path(run, file); }, outcome, diagnostics);
  clock.finish("scale");
  written.insert(written.end(), outcome.written.begin(), outcome.written.end());
  if (status == RunStatus::bad_input) return status;
  const ScaleSetup& scale = setup.scale;
  auto record = make_run_record(Provenance{"run-tool",
                                           {setup.file, setup.model_file, scale.marker_set_file,
                                            scale.scaler_marker_file, scale.placer_marker_file, scale.coordinate_file},
                                           clock},
                                diagnostics);
  for (const auto& [body, f] : outcome.factors) record["scale_factors"][body] = {f.x, f.y, f.z};
  const std::string path = (std::filesystem::path(folder) / "run.json").string();
  std::string text;
  if (finish_results(folder, written, EarlierRun::same_setup, record, text, diagnostics)) written.push_back(path);
  return status;
}

/// what the tool computes decides which parts of the model it cannot do without
ModelUse find_use(const ToolSetup& setup) {
  if (setup.kind == ToolKind::inverse_dynamics) return ModelUse::inverse_dynamics;
  if (setup.kind == ToolKind::inverse_kinematics) return ModelUse::poses;
  for (const AnalysisSetup& analysis : setup.analyses)
    if (analysis.on && analysis.kind != AnalysisKind::unsupported && analysis.kind != AnalysisKind::muscle_analysis &&
        analysis.kind != AnalysisKind::states_reporter)
      return ModelUse::forces;
  return ModelUse::poses;
}

}  // namespace

RunStatus run_tool(const RunToolRequest& request, std::vector<std::string>& written, Diagnostics& diagnostics) {
  const StageClock clock;
  const auto setup = read_setup(request.setup_file, diagnostics);
  if (!setup) return RunStatus::bad_input;
  if (setup->kind == ToolKind::scale) return run_scale(request, *setup, written, diagnostics);
  const auto model = load_model({setup->model_file,
                                 setup->force_set_files,
                                 setup->replace_force_set,
                                 request.ignore,
                                 {},
                                 true,
                                 find_needed_parts(*setup),
                                 {},
                                 find_use(*setup)},
                                diagnostics);
  if (!model || diagnostics.has_errors()) return RunStatus::bad_input;
  std::string folder = request.results_folder.value_or(setup->results_directory);
  if (folder.empty()) folder.assign(1, '.');
  if (!make_folder(folder, diagnostics)) return RunStatus::bad_input;
  ToolRun run{request, *setup, folder, written, diagnostics, clock, {}};
  run.clock.finish("read_model");
  RunStatus status = RunStatus::bad_input;
  if (setup->kind == ToolKind::inverse_dynamics) status = run_inverse_dynamics(run, *model);
  if (setup->kind == ToolKind::inverse_kinematics) status = run_inverse_kinematics(run, *model);
  if (setup->kind == ToolKind::analyze)
    status = run_analyses({*setup, request.thread_count,
                           [&](const std::string& file, const Table& table) { return run.write(file, table); },
                           run.clock, run.loads_data_file, diagnostics},
                          *model);

  std::vector<std::string> inputs = {setup->file,         setup->model_file,  setup->coordinates_file,
                                     setup->states_file,  setup->speeds_file, setup->external_loads_file,
                                     run.loads_data_file, setup->marker_file};
  for (const auto* files : {&setup->force_set_files, &setup->controls_files})
    inputs.insert(inputs.end(), files->begin(), files->end());
  auto record = make_run_record(Provenance{"run-tool", inputs, run.clock}, diagnostics);
  record["ignored"] = model->ignored;
  // where run-tool follows OpenSim instead of physiology or mechanics
  record["options"] = {
      {"passive_fiber_force", false}, {"reserve_strength", 0}, {"opensim_double_wraps", true}, {"simbody_rates", true}};
  const std::string path = (std::filesystem::path(folder) / "run.json").string();
  std::string text;
  if (status != RunStatus::bad_input &&
      finish_results(folder, written, EarlierRun::same_setup, record, text, diagnostics))
    written.push_back(path);
  return status;
}

}  // namespace buttress
