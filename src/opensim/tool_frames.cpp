#include "opensim/tool_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "load/chain_stages.inl"

namespace buttress {

AnalyzeTrial make_analyze_trial(const Model& model, Trial trial) {
  AnalyzeTrial out;
  out.trial = std::move(trial);
  out.states = make_default_states(model, out.frame_count());
  out.controls.assign(out.frame_count() * model.actuators.size(), 0.0);
  return out;
}

FrameDynamics make_frame_dynamics(const Model& model, const AnalyzeTrial& trial,
                                  std::shared_ptr<const FiberPlan> fibers) {
  ChainOptions options;
  options.fibers = std::move(fibers);
  options.opensim_double_wraps = true;
  options.passive_fiber_force = false;  // the muscles' states say what they do
  options.elastic_passive_tendon = false;
  FrameDynamics d;
  d.model = &model;
  d.plan = make_chain_plan(model, options, trial.trial.chain_loads());
  d.chain = make_chain_workspace<double>(d.plan);
  d.states.resize(model.muscles.size());
  d.fibers.resize(model.muscles.size());
  d.applied.muscle.assign(model.muscles.size(), 0.0);
  d.applied.actuator.assign(model.actuators.size(), 0.0);
  d.applied.external.assign(model.bodies.size(), zero_wrench<double>());
  d.reaction = make_reaction_workspace(d.plan);
  return d;
}

void update_frame_poses(const AnalyzeTrial& trial, std::size_t frame, FrameDynamics& d) {
  const Model& model = *d.model;
  const CoordinateTrajectory& motion = trial.trial.motion;
  const std::size_t n = model.coordinates.size();
  ChainWorkspace<double>& ws = d.chain;
  std::copy_n(&motion.q[frame * n], n, ws.q.begin());
  std::copy_n(&motion.qd[frame * n], n, ws.qd.begin());
  std::copy_n(&motion.qdd[frame * n], n, ws.qdd.begin());
  update_positions(model, ws.q.data(), ws.kinematics);
  update_accelerations(model, ws.qd.data(), ws.qdd.data(), ws.kinematics);
  if (!ws.load_values.empty())
    std::copy_n(&trial.trial.loads.values[frame * ws.load_values.size()], ws.load_values.size(),
                ws.load_values.begin());
  update_external_wrenches(d.plan, ws);
  d.applied.external = ws.applied;
}

void update_frame_paths(FrameDynamics& d) {
  update_muscle_geometry(d.plan, d.chain);
  for (int p : d.plan.passive.damped_paths) d.chain.path_speed[static_cast<std::size_t>(p)] = find_path_speed(d, p);
}

void update_frame(const AnalyzeTrial& trial, std::size_t frame, FrameDynamics& d) {
  const Model& model = *d.model;
  const std::size_t muscles = model.muscles.size(), actuators = model.actuators.size();
  const ChainWorkspace<double>& ws = d.chain;
  update_frame_poses(trial, frame, d);
  update_frame_paths(d);
  // muscles: their own state, or the one in equilibrium with their activation
  for (std::size_t m = 0; m < muscles; ++m) {
    const Muscle& muscle = model.muscles[m];
    d.states[m] = trial.states[frame * muscles + m];
    if (trial.equilibrate && muscle.applies_force)
      d.states[m] = find_equilibrium_state(d.plan.fibers, muscle, m, ws.length[m], ws.speed[m], d.states[m]);
    d.fibers[m] = calc_fiber_dynamics(d.plan.fibers, muscle, m, ws.length[m], ws.speed[m], d.states[m]);
    d.applied.muscle[m] = muscle.applies_force ? d.fibers[m].tendon_force : 0.0;
  }
  for (std::size_t a = 0; a < actuators; ++a)
    d.applied.actuator[a] = trial.controls[frame * actuators + a] * model.actuators[a].optimal_force;
}

bool update_frame_accelerations(const AnalyzeTrial& trial, std::size_t frame, FrameDynamics& d,
                                Diagnostics& diagnostics) {
  const double time = trial.trial.motion.time[frame];
  if (update_joint_reactions(d.plan, d.chain.q.data(), d.chain.qd.data(), time, d.applied, d.reaction)) return true;
  diagnostics.error("JR-007", d.model->file, 0,
                    fmt::format("the mass matrix is singular at {:.4f} s: a coordinate moves no mass", time),
                    "Give the bodies at the ends of the chains a mass, or lock their coordinates.");
  return false;
}

double find_path_speed(const FrameDynamics& d, int path) {
  return find_lengthening_speed(d.plan.paths, d.chain.paths, path, d.chain.qd.data());
}

double find_actuator_speed(const FrameDynamics& d, const Actuator& actuator) {
  const Kinematics<double>& kin = d.chain.kinematics;
  const std::size_t body = static_cast<std::size_t>(actuator.body), other = static_cast<std::size_t>(actuator.body_b);
  switch (actuator.kind) {
    case ActuatorKind::coordinate:
      return d.chain.qd[static_cast<std::size_t>(actuator.coordinate)];
    case ActuatorKind::path:
      return find_path_speed(d, actuator.path);
    case ActuatorKind::torque:
      return dot(kin.w_WB_W[body] - kin.w_WB_W[other], actuator.direction);
    case ActuatorKind::point: {
      const Vec3d p_BQ_W =
          actuator.point_is_global ? actuator.point - kin.X_WB[body].p : kin.X_WB[body].R * actuator.point;
      const Vec3d v = kin.v_WB_W[body] + cross(kin.w_WB_W[body], p_BQ_W);
      return std::sqrt(dot(v, v));
    }
    case ActuatorKind::point_to_point: {
      const auto place = [&](std::size_t b, const Vec3d& p) { return kin.X_WB[b] * p; };
      const auto velocity = [&](std::size_t b, const Vec3d& p_W) {
        return kin.v_WB_W[b] + cross(kin.w_WB_W[b], p_W - kin.X_WB[b].p);
      };
      const Vec3d a = actuator.point_is_global ? actuator.point : place(body, actuator.point),
                  b = actuator.point_is_global ? actuator.point_b : place(other, actuator.point_b);
      return dot(velocity(body, a) - velocity(other, b), a - b) / std::sqrt(dot(a - b, a - b));
    }
  }
  return 0;
}

}  // namespace buttress
