#include "opensim/run_analyses.h"

#include <algorithm>
#include <filesystem>

#include "base/run_status.h"
#include "io/table_reader.h"
#include "opensim/tool_analyses.h"

namespace buttress {

namespace {

/// whether what the analysis reports hangs on the states of muscles
bool uses_muscle_states(const AnalysisSetup& analysis) {
  if (analysis.kind == AnalysisKind::joint_reaction) return analysis.forces_file.empty();
  return analysis.kind != AnalysisKind::static_optimization;
}

/// messages of one analysis that an earlier one of the same tool has not given
void add_new(const Diagnostics& from, Diagnostics& to) {
  for (const Diagnostic& d : from.items()) {
    const auto is_same = [&](const Diagnostic& other) {
      return other.id == d.id && other.message == d.message && other.file == d.file && other.line == d.line;
    };
    if (std::none_of(to.items().begin(), to.items().end(), is_same)) to.add(d);
  }
}

/// Puts columns of a table, linear between the rows and held at the ends, in place of the controls of actuators.
/// @param column_of [actuators] -1: the actuator keeps its controls
void set_controls(const Table& table, const std::vector<int>& column_of, AnalyzeTrial& trial) {
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    const double t = trial.trial.motion.time[f];
    const auto after = std::upper_bound(table.time.begin(), table.time.end(), t);
    const std::size_t next = std::min(static_cast<std::size_t>(after - table.time.begin()), table.row_count() - 1);
    const std::size_t before = next > 0 ? next - 1 : 0;
    const double step = table.time[next] - table.time[before];
    const double w = step > 0 ? std::clamp((t - table.time[before]) / step, 0.0, 1.0) : 0.0;
    for (std::size_t a = 0; a < column_of.size(); ++a) {
      if (column_of[a] < 0) continue;
      const std::size_t c = static_cast<std::size_t>(column_of[a]);
      trial.controls[f * column_of.size() + a] = (1 - w) * table.at(before, c) + w * table.at(next, c);
    }
  }
}

/// What the model's own controllers and default activations make of its actuators, then, where a states file has their
/// activations, those.
void set_driven_controls(const Model& model, const Table* states, AnalyzeTrial& trial) {
  const std::size_t count = model.actuators.size();
  std::vector<double> force(count);
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    find_driven_forces(model, trial.trial.motion.time[f], force);
    for (std::size_t a = 0; a < count; ++a)
      if (model.actuators[a].optimal_force != 0)
        trial.controls[f * count + a] = force[a] / model.actuators[a].optimal_force;
  }
  if (!states) return;
  std::vector<int> column_of(count, -1);
  for (std::size_t a = 0; a < count; ++a)
    if (model.actuators[a].has_activation) column_of[a] = find_activation_column(*states, model.actuators[a].name);
  set_controls(*states, column_of, trial);
}

/// controls of actuators over time, as OpenSim's ControlLinear; it does not hold them within min_control and
/// max_control
void read_controls(const Model& model, const std::string& file, AnalyzeTrial& trial, Diagnostics& diagnostics) {
  if (std::filesystem::path(file).extension() == ".xml") {
    diagnostics.error("TOOL-014", file, 0, "this is a ControlSet; controls are read from tables (.sto) alone",
                      "Name the .sto that was written beside it, such as *_controls.sto of CMC.");
    return;
  }
  const auto table = read_table(file, diagnostics);
  if (!table) return;
  std::vector<int> column_of(model.actuators.size(), -1);
  for (std::size_t a = 0; a < model.actuators.size(); ++a)
    for (std::size_t c = 0; c < table->column_count(); ++c) {
      const std::string& label = table->columns[c];
      const std::string& name = model.actuators[a].name;
      if (label == name || label == name + ".excitation" || label == "/forceset/" + name)
        column_of[a] = static_cast<int>(c);
    }
  set_controls(*table, column_of, trial);
}

std::optional<AnalyzeTrial> read_analyze_trial(const AnalysesRun& run, const Model& model,
                                               const AnalysisSetup& analysis, Diagnostics& diagnostics) {
  const ToolSetup& setup = run.setup;
  const bool has_states = !setup.states_file.empty();
  TrialRequest request;
  request.motion_file = has_states ? setup.states_file : setup.coordinates_file;
  request.loads_file = setup.external_loads_file;
  // states are taken as they are, coordinates may be filtered
  request.motion =
      make_analyze_options(has_states ? -1 : setup.lowpass_hz, setup.start, setup.end, analysis.step_interval);
  if (has_states) {
    request.motion.speeds = SpeedSource::file;
    request.motion.missing_are_zero = false;
    request.motion.takes_muscle_states = uses_muscle_states(analysis);
  } else {
    request.speeds_file = setup.speeds_file;
  }
  auto trial = read_trial(model, request, run.loads_data_file, diagnostics);
  if (!trial) return std::nullopt;
  AnalyzeTrial out = make_analyze_trial(model, std::move(*trial));
  if (!uses_muscle_states(analysis)) return out;
  out.equilibrate = setup.solve_for_equilibrium;
  std::optional<Table> table;
  if (has_states) {
    table = read_table(setup.states_file, diagnostics);
    if (!table) return std::nullopt;
    out.states = make_muscle_states(model, *table, setup.states_file, out.trial.motion.time, diagnostics);
  } else if (!model.muscles.empty() && out.equilibrate) {
    // who asks for equilibrium knows that no states are there
    diagnostics.note("TOOL-004", setup.file, 0,
                     "no <states_file> gives activations: the model's default activations are taken, as in OpenSim",
                     "");
  } else if (!model.muscles.empty()) {
    diagnostics.warning("TOOL-004", setup.file, 0,
                        "no <states_file> gives activations and fibre lengths: the model's defaults are taken",
                        "OpenSim does the same. Name a states file, or set "
                        "<solve_for_equilibrium_for_auxiliary_states> for lengths in equilibrium.");
  }
  if (analysis.kind != AnalysisKind::muscle_analysis && !refuse_unknown_controls(model, "AnalyzeTool", diagnostics))
    return std::nullopt;
  set_driven_controls(model, table ? &*table : nullptr, out);
  for (const std::string& file : setup.controls_files) read_controls(model, file, out, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return out;
}

RunStatus run_static_optimization(const AnalysesRun& run, const Model& model, const AnalysisSetup& analysis,
                                  const Trial& trial, std::vector<NamedTable>& tables, Diagnostics& diagnostics) {
  if (!analysis.use_model_force_set) {
    diagnostics.error("TOOL-002", run.setup.file, analysis.line, "use_model_force_set is false, which is not supported",
                      "Put the forces into the model or into force_set_files and set it to true.");
    return RunStatus::bad_input;
  }
  if (analysis.activation_exponent != 2 && analysis.activation_exponent != 3) {
    diagnostics.error("TOOL-003", run.setup.file, analysis.line,
                      "activation_exponent is " + std::to_string(analysis.activation_exponent) + ", expected 2 or 3");
    return RunStatus::bad_input;
  }
  StaticOptimizationChoices choices;
  choices.exponent = static_cast<int>(analysis.activation_exponent);
  choices.use_muscle_physiology = analysis.use_muscle_physiology;
  choices.thread_count = run.thread_count;
  bool solved = true;
  tables = calc_static_optimization(model, trial, choices, run.setup.file, solved, diagnostics);
  return solved ? RunStatus::done : RunStatus::not_solved;
}

/// the tables of one analysis, each with the end of its file's name
RunStatus run_analysis(const AnalysesRun& run, const Model& model, const AnalysisSetup& analysis,
                       const AnalyzeTrial& trial, std::vector<NamedTable>& tables, Diagnostics& diagnostics) {
  switch (analysis.kind) {
    case AnalysisKind::static_optimization:
      return run_static_optimization(run, model, analysis, trial.trial, tables, diagnostics);
    case AnalysisKind::joint_reaction: {
      NamedTable named{"ReactionLoads", {}};
      if (calc_joint_reactions(
              model, trial,
              {analysis.forces_file, analysis.joint_names, analysis.apply_on_bodies, analysis.express_in_frame},
              named.table, diagnostics))
        tables.push_back(std::move(named));
      break;
    }
    case AnalysisKind::muscle_analysis:
      tables = calc_muscle_analysis(
          model, trial, {analysis.muscle_list, analysis.moment_arm_coordinate_list, analysis.compute_moments},
          diagnostics);
      break;
    case AnalysisKind::kinematics:
      tables = calc_kinematics(model, trial, analysis.coordinates, analysis.in_degrees, diagnostics);
      break;
    case AnalysisKind::body_kinematics:
      tables = calc_body_kinematics(
          model, trial, {analysis.bodies, analysis.express_results_in_body_local_frame, analysis.in_degrees},
          diagnostics);
      break;
    case AnalysisKind::point_kinematics:
      tables = calc_point_kinematics(
          model, trial, {analysis.body_name, analysis.relative_to_body_name, analysis.point_name, analysis.point},
          diagnostics);
      break;
    case AnalysisKind::force_reporter:
      tables = calc_force_report(model, trial, analysis.include_constraint_forces, diagnostics);
      break;
    case AnalysisKind::actuation:
      tables = calc_actuation(model, trial, diagnostics);
      break;
    case AnalysisKind::states_reporter:
      tables = calc_states_report(model, trial, diagnostics);
      break;
    case AnalysisKind::unsupported:
      break;
  }
  return diagnostics.has_errors() ? RunStatus::bad_input : RunStatus::done;
}

}  // namespace

RunStatus run_analyses(const AnalysesRun& run, const Model& model) {
  RunStatus worst = RunStatus::done;
  for (const AnalysisSetup& analysis : run.setup.analyses) {
    if (!analysis.on || analysis.kind == AnalysisKind::unsupported) continue;
    Diagnostics said;
    const auto trial = read_analyze_trial(run, model, analysis, said);
    run.clock.finish("read_motion");
    std::vector<NamedTable> tables;
    RunStatus status = RunStatus::bad_input;
    if (trial && !said.has_errors()) status = run_analysis(run, model, analysis, *trial, tables, said);
    add_new(said, run.diagnostics);
    if (status == RunStatus::bad_input) return status;
    for (const NamedTable& named : tables)
      if (!run.write(run.setup.name + "_" + analysis.name + "_" + named.suffix + ".sto", named.table))
        return RunStatus::bad_input;
    run.clock.finish(analysis.name);
    if (status != RunStatus::done) worst = status;
  }
  return worst;
}

}  // namespace buttress
