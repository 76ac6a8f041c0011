#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "opensim/tool_analyses.h"
#include "opensim/tool_force_records.h"

namespace buttress {

namespace {

/// columns in the order in which the files list the forces, as OpenSim writes them
std::vector<std::size_t> find_file_order(const Model& model, const ChainPlan& plan) {
  std::vector<std::size_t> order;
  std::vector<bool> placed(plan.columns.size(), false);
  for (const std::string& name : model.force_order)
    for (std::size_t c = 0; c < plan.columns.size(); ++c)
      if (!placed[c] && plan.columns[c].name == name) {
        order.push_back(c);
        placed[c] = true;
        break;
      }
  for (std::size_t c = 0; c < plan.columns.size(); ++c)
    if (!placed[c]) order.push_back(c);
  return order;
}

Table make_ordered_table(const ChainPlan& plan, const std::vector<std::size_t>& order, const std::string& name,
                         const std::vector<double>& values, const std::vector<double>& time) {
  Table table;
  table.name = name;
  table.time = time;
  for (std::size_t c : order) table.columns.push_back(plan.columns[c].name);
  table.values.reserve(values.size());
  for (std::size_t f = 0; f < time.size(); ++f)
    for (std::size_t c : order) table.values.push_back(values[f * plan.columns.size() + c]);
  return table;
}

/// Forces of muscles and actuators, what springs do, and external loads: what OpenSim's ForceReporter writes.
Table make_force_table(const Model& model, const Trial& trial, const ChainPlan& plan,
                       const std::vector<double>& force) {
  std::vector<ForceRecord> records = make_force_records(model);
  Table table;
  table.name = "ModelForces";
  table.time = trial.motion.time;
  for (const ForceRecord& record : records)
    table.columns.insert(table.columns.end(), record.columns.begin(), record.columns.end());
  const std::vector<std::string> loads = trial.load_columns(model);
  table.columns.insert(table.columns.end(), loads.begin(), loads.end());
  table.values.reserve(table.time.size() * table.columns.size());

  const AnalyzeTrial frames = make_analyze_trial(model, trial);
  FrameDynamics d = make_frame_dynamics(model, frames, std::make_shared<const FiberPlan>(plan.fibers));
  const bool needs_poses = !model.passive_forces.empty() || !loads.empty();
  const bool needs_paths = std::any_of(model.passive_forces.begin(), model.passive_forces.end(),
                                       [](const PassiveForce& spring) { return spring.path >= 0; });
  for (std::size_t f = 0; f < table.time.size(); ++f) {
    if (needs_poses) update_frame_poses(frames, f, d);
    if (needs_paths) update_frame_paths(d);
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
      const double value = force[f * plan.columns.size() + c];
      if (plan.columns[c].muscle >= 0) d.applied.muscle[static_cast<std::size_t>(plan.columns[c].muscle)] = value;
      if (plan.columns[c].actuator >= 0) d.applied.actuator[static_cast<std::size_t>(plan.columns[c].actuator)] = value;
    }
    for (ForceRecord& record : records) append_force_record(d, record, table.values);
    append_load_records(frames, f, d, table.values);
  }
  return table;
}

/// Says what is missing at a frame that has no solution: the problem once more with reserves, which show where.
void explain_unsolved(const Model& model, const Trial& trial, const ChainPlan& plan, const ChainOutput& output,
                      const std::string& file, Diagnostics& diagnostics) {
  const std::size_t frames = trial.motion.frame_count();
  std::size_t first = 0, count = 0;
  for (std::size_t f = frames; f-- > 0;)
    if (output.status[f] != FrameStatus::solved) first = f, ++count;
  ChainOptions options = plan.options;
  options.reserve_strength = 1.0;
  options.reactions = false;
  const ChainPlan helped = make_chain_plan(model, options, trial.chain_loads());
  const std::size_t n = model.coordinates.size(), loads = helped.loads.size();
  const ChainInput all = trial.input();
  const ChainInput one{1, all.q + first * n, all.qd + first * n, all.qdd + first * n,
                       loads ? all.loads + first * loads * 9 : nullptr};
  ChainOutput shown = make_chain_output(helped, 1);
  run_chain(helped, one, ChainRunOptions{}, shown);
  std::size_t worst = 0;
  for (std::size_t r = 0; r < helped.rows.size(); ++r)
    if (std::abs(shown.reserve[r]) > std::abs(shown.reserve[worst])) worst = r;
  const Coordinate& coordinate =
      model.coordinates[static_cast<std::size_t>(model.independent[static_cast<std::size_t>(helped.rows[worst])])];
  diagnostics.error(
      "RECRUIT-001", file, 0,
      fmt::format("the model's forces cannot make the motion in {} of {} frames, first at {:.4f} s: "
                  "coordinate '{}' lacks about {:.3g} {}",
                  count, frames, trial.motion.time[first], coordinate.name, std::abs(shown.reserve[worst]),
                  coordinate.motion_type == MotionType::rotational      ? "N m"
                  : coordinate.motion_type == MotionType::translational ? "N"
                                                                        : "N or N m"),
      "Append a CoordinateActuator for that coordinate through force_set_files, or check the motion there.");
}

}  // namespace

std::vector<NamedTable> calc_static_optimization(const Model& model, const Trial& trial,
                                                 const StaticOptimizationChoices& choices, const std::string& file,
                                                 bool& solved, Diagnostics& diagnostics) {
  // what OpenSim's static optimization does, one option for each difference from physiology
  ChainOptions options;
  options.passive_fiber_force = false;
  options.opensim_double_wraps = true;
  options.muscle_physiology = choices.use_muscle_physiology;
  options.reserve_strength = 0;
  options.drop_rows_without_muscles = false;
  options.exponent = choices.exponent;
  options.reactions = false;
  const ChainPlan plan = make_chain_plan(model, options, trial.chain_loads());
  const ChainInput input = trial.input();
  ChainOutput output = make_chain_output(plan, input.frame_count);
  ChainRunOptions run;
  run.thread_count = choices.thread_count;
  run_chain(plan, input, run, output);

  solved =
      std::all_of(output.status.begin(), output.status.end(), [](FrameStatus s) { return s == FrameStatus::solved; });
  if (!solved) explain_unsolved(model, trial, plan, output, file, diagnostics);
  const std::vector<std::size_t> order = find_file_order(model, plan);
  return {{"activation", make_ordered_table(plan, order, "Static Optimization", output.activation, trial.motion.time)},
          {"force", make_force_table(model, trial, plan, output.force)}};
}

}  // namespace buttress
