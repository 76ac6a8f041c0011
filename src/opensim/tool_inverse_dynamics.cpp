#include <algorithm>
#include <set>

#include "io/table_header.h"
#include "load/chain_batch.inl"
#include "opensim/tool_analyses.h"
#include "view/result_tables.h"

namespace buttress {

namespace {

/// adds the generalized forces of an actuator that pulls with `force`
void add_actuator_moment(const ChainPlan& plan, const Actuator& actuator, double force, ChainWorkspace<double>& ws,
                         std::vector<double>& moment) {
  const Model& model = *plan.model;
  if (actuator.kind == ActuatorKind::coordinate) {
    moment[static_cast<std::size_t>(actuator.coordinate)] += force;
  } else if (actuator.kind == ActuatorKind::path) {
    const std::size_t path = static_cast<std::size_t>(actuator.path);
    for (int k = plan.paths.row_start[path]; k < plan.paths.row_start[path + 1]; ++k)
      moment[static_cast<std::size_t>(plan.paths.columns[static_cast<std::size_t>(k)])] +=
          ws.paths.moment_arm[static_cast<std::size_t>(k)] * force;
  } else {
    const Wrench<double> unit = find_actuator_wrench(actuator, ws.kinematics);
    add_wrench_work(model, ws.kinematics, plan.first_term, actuator.body, unit, force, moment.data());
    if (acts_between_bodies(actuator))
      add_wrench_work(model, ws.kinematics, plan.first_term, actuator.body_b, unit, -force, moment.data());
  }
}

/// takes the generalized forces of the model's springs and of driven actuators off the net moments
void subtract_driven_forces(const ChainPlan& plan, const Trial& trial, std::vector<double>& joint_moment) {
  const Model& model = *plan.model;
  const ChainInput input = trial.input();
  ChainWorkspace<double> ws = make_chain_workspace<double>(plan);
  const std::size_t n = model.coordinates.size();
  std::vector<double> actuator_force(model.actuators.size()), moment(n);
  for (std::size_t f = 0; f < input.frame_count; ++f) {
    const std::size_t frame[1] = {f};
    detail::load_lanes(input.q, n, frame, ws.q.data());
    detail::load_lanes(input.qd, n, frame, ws.qd.data());
    detail::load_lanes(input.qdd, n, frame, ws.qdd.data());
    if (!plan.loads.empty()) detail::load_lanes(input.loads, plan.loads.size() * 9, frame, ws.load_values.data());
    update_joint_moments(plan, ws);
    update_muscle_geometry(plan, ws);
    update_capacities(plan, ws);
    std::fill(moment.begin(), moment.end(), 0.0);
    if (plan.has_passive_forces) {
      update_passive_moments(plan, ws);
      moment = ws.passive_moment;
    }
    find_driven_forces(model, trial.motion.time[f], actuator_force);
    for (std::size_t i = 0; i < model.actuators.size(); ++i)
      if (actuator_force[i] != 0) add_actuator_moment(plan, model.actuators[i], actuator_force[i], ws, moment);
    for (std::size_t c = 0; c < n; ++c) joint_moment[f * n + c] -= moment[c];
  }
}

bool has_driven_actuators(const Model& model) {
  return !model.controls.empty() || std::any_of(model.actuators.begin(), model.actuators.end(),
                                                [](const Actuator& a) { return a.default_activation != 0; });
}

/// what is named, all that a named group holds; names of forces count only where the model has no groups, as in OpenSim
std::set<std::string> find_named_forces(const Model& model, const std::vector<std::string>& excluded,
                                        const std::string& file, Diagnostics& diagnostics) {
  std::set<std::string> names;
  for (const std::string& word : excluded) {
    if (to_lower(word) == "muscles" || to_lower(word) == "actuators") continue;
    const auto group = std::find_if(model.force_groups.begin(), model.force_groups.end(),
                                    [&](const ForceGroupSpec& g) { return g.name == word; });
    const bool is_force =
        std::find(model.force_names.begin(), model.force_names.end(), word) != model.force_names.end();
    if (group != model.force_groups.end())
      names.insert(group->members.begin(), group->members.end());
    else if (model.force_groups.empty() && is_force)
      names.insert(word);
    else
      diagnostics.warning(
          "TOOL-011", file, 0, "forces_to_exclude names '" + word + "', which is not found among the model's forces",
          model.force_groups.empty() ? "Check its spelling."
                                     : "The model's forces are in groups; OpenSim then looks for groups alone.");
  }
  return names;
}

}  // namespace

Model exclude_forces(const Model& model, const std::vector<std::string>& excluded, const std::string& file,
                     Diagnostics& diagnostics) {
  Model rest = model;
  const auto has = [&](const char* keyword) {
    return std::any_of(excluded.begin(), excluded.end(),
                       [&](const std::string& word) { return to_lower(word) == keyword; });
  };
  const bool all = has("all"), all_actuators = all || has("actuators");
  if (!model.muscles.empty() && !all_actuators && !has("muscles"))
    diagnostics.warning("TOOL-001", file, 0, "forces_to_exclude does not name Muscles; they are left out all the same",
                        "Write <forces_to_exclude>Muscles</forces_to_exclude>.");
  const std::set<std::string> names =
      all ? std::set<std::string>() : find_named_forces(model, excluded, file, diagnostics);
  std::erase_if(rest.passive_forces,
                [&](const PassiveForce& force) { return all || names.count(force.spec.name) > 0; });
  std::erase_if(rest.controls, [&](const ActuatorControl& c) {
    return all_actuators || names.count(model.actuators[static_cast<std::size_t>(c.actuator)].name) > 0;
  });
  for (Actuator& actuator : rest.actuators)
    if (all_actuators || names.count(actuator.name) > 0) actuator.default_activation = 0;
  if (all_actuators) rest.unknown_controls.clear();
  return rest;
}

bool refuse_unknown_controls(const Model& model, const std::string& tool, Diagnostics& diagnostics) {
  for (const UnknownControl& c : model.unknown_controls)
    diagnostics.error(
        "TOOL-012", model.file, c.at.line,
        c.type + " '" + c.controller + "' drives actuators, which count in OpenSim's " + tool +
            ", and cannot be followed: " + c.reason,
        "Write <enabled>false</enabled> into it, or run again with --ignore " +
            (c.controller.empty() ? c.type : c.controller) +
            ": the result is then that without it. InverseDynamicsTool may name its actuators in forces_to_exclude.");
  return model.unknown_controls.empty();
}

bool check_driven_actuators(const Model& model, Diagnostics& diagnostics) {
  const bool are_known = refuse_unknown_controls(model, "InverseDynamicsTool", diagnostics);
  std::set<int> driven;
  for (const ActuatorControl& c : model.controls)
    if (!model.actuators[static_cast<std::size_t>(c.actuator)].has_activation) driven.insert(c.actuator);
  for (std::size_t i = 0; i < model.actuators.size(); ++i) {
    const Actuator& actuator = model.actuators[i];
    const bool has_activation = actuator.default_activation != 0;
    if (!has_activation && driven.count(static_cast<int>(i)) == 0) continue;
    diagnostics.note("TOOL-013", model.file, 0,
                     "what actuator '" + actuator.name + "' does " +
                         (has_activation ? "at its default activation " : "under its controller ") +
                         "is counted, as OpenSim's InverseDynamicsTool counts it; the moments are what is left to do",
                     "Name it in forces_to_exclude for the moments without it.");
  }
  return are_known;
}

void find_driven_forces(const Model& model, double time, std::vector<double>& force) {
  for (std::size_t i = 0; i < force.size(); ++i) force[i] = model.actuators[i].default_activation;
  // an actuator with a state of its own does not follow its controls at once
  for (const ActuatorControl& c : model.controls)
    if (!model.actuators[static_cast<std::size_t>(c.actuator)].has_activation)
      force[static_cast<std::size_t>(c.actuator)] += evaluate(c.control, time).f;
  for (std::size_t i = 0; i < force.size(); ++i) force[i] *= model.actuators[i].optimal_force;
}

Table calc_inverse_dynamics(const Model& model, const Trial& trial, unsigned thread_count) {
  ChainOptions options;
  options.reactions = false;
  options.passive_fiber_force = false;  // muscles are left out
  options.muscle_physiology = false;
  const ChainPlan plan = make_chain_plan(model, options, trial.chain_loads());
  const ChainInput input = trial.input();
  ChainOutput output = make_chain_output(plan, input.frame_count);
  ChainRunOptions run;
  run.thread_count = thread_count;
  run.last_stage = ChainStage::inverse_dynamics;
  run_chain(plan, input, run, output);
  if (plan.has_passive_forces || has_driven_actuators(model)) subtract_driven_forces(plan, trial, output.joint_moment);
  TableView view = make_joint_moment_table(model, output, trial.motion.time);
  Table table;
  table.name = std::move(view.name);
  table.columns = std::move(view.columns);
  table.time = trial.motion.time;
  table.values = std::move(output.joint_moment);
  return table;
}

}  // namespace buttress
