#include "app/result_tables.h"
#include "app/tool_analyses.h"
#include "load/chain_batch.inl"

namespace buttress {

namespace {

/// takes the generalized forces of the model's springs off the net moments
void subtract_passive_moments(const ChainPlan& plan, const ChainInput& input, std::vector<double>& joint_moment) {
  ChainWorkspace<double> ws = make_chain_workspace<double>(plan);
  const std::size_t n = plan.model->coordinates.size();
  for (std::size_t f = 0; f < input.frame_count; ++f) {
    const std::size_t frame[1] = {f};
    detail::load_lanes(input.q, n, frame, ws.q.data());
    detail::load_lanes(input.qd, n, frame, ws.qd.data());
    detail::load_lanes(input.qdd, n, frame, ws.qdd.data());
    if (!plan.loads.empty()) detail::load_lanes(input.loads, plan.loads.size() * 9, frame, ws.load_values.data());
    update_joint_moments(plan, ws);
    update_muscle_geometry(plan, ws);
    update_capacities(plan, ws);
    update_passive_moments(plan, ws);
    for (std::size_t c = 0; c < n; ++c) joint_moment[f * n + c] -= ws.passive_moment[c];
  }
}

}  // namespace

Table calc_inverse_dynamics(const Model& model, const Trial& trial, bool exclude_passive, unsigned thread_count) {
  ChainOptions options;
  options.reactions = false;
  options.passive_fiber_force = false;  // muscles are left out
  const ChainPlan plan = make_chain_plan(model, options, trial.chain_loads());
  const ChainInput input = trial.input();
  ChainOutput output = make_chain_output(plan, input.frame_count);
  ChainRunOptions run;
  run.thread_count = thread_count;
  run.last_stage = ChainStage::inverse_dynamics;
  run_chain(plan, input, run, output);
  if (plan.has_passive_forces && !exclude_passive) subtract_passive_moments(plan, input, output.joint_moment);
  return make_joint_moment_table(model, output, trial.motion.time);
}

}  // namespace buttress
