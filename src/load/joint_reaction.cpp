#include "load/joint_reaction.h"

#include <algorithm>

#include "load/chain_stages.inl"
#include "multibody/forward_dynamics.h"

namespace buttress {

ReactionWorkspace make_reaction_workspace(const ChainPlan& plan) {
  const Model& model = *plan.model;
  ReactionWorkspace ws;
  ws.kinematics = make_kinematics<double>(model);
  ws.paths = make_path_workspace<double>(model, plan.paths);
  ws.passive = make_passive_force_workspace<double>(model);
  ws.applied.resize(model.bodies.size());
  ws.joint_wrench.resize(model.bodies.size());
  ws.generalized.resize(model.coordinates.size());
  ws.qdd.resize(model.coordinates.size());
  ws.wrench_work.resize(model.coordinates.size());
  ws.path_speed.resize(model.paths.size());
  return ws;
}

namespace {

/// What pulls on bodies leave out of a path's moment arms: where a coordinate moves a point along its body, the tension
/// does work on that coordinate that no wrench on a body does (OpenSim applies it to the mobility, too).
void add_moving_points(const ChainPlan& plan, std::size_t p, double tension, ReactionWorkspace& ws) {
  std::fill(ws.wrench_work.begin(), ws.wrench_work.end(), 0.0);
  for (int k = plan.paths.touched_start[p]; k < plan.paths.touched_start[p + 1]; ++k)
    add_wrench_work(*plan.model, ws.kinematics, plan.first_term, plan.paths.touched_body[static_cast<std::size_t>(k)],
                    ws.paths.body_wrench[static_cast<std::size_t>(k)], 1.0, ws.wrench_work.data());
  for (int k = plan.paths.row_start[p]; k < plan.paths.row_start[p + 1]; ++k) {
    const std::size_t c = static_cast<std::size_t>(plan.paths.columns[static_cast<std::size_t>(k)]);
    ws.generalized[c] += tension * (ws.paths.moment_arm[static_cast<std::size_t>(k)] - ws.wrench_work[c]);
  }
}

/// tension of a path: on bodies for point paths, on coordinates for polynomial ones
void add_path_tension(const ChainPlan& plan, int path, double tension, ReactionWorkspace& ws) {
  const std::size_t p = static_cast<std::size_t>(path);
  if (!plan.model->paths[p].is_polynomial) {
    add_path_wrenches(plan.paths, ws.paths, p, tension, ws.applied);
    if (!plan.paths.recipes[p].moving_points.empty()) add_moving_points(plan, p, tension, ws);
    return;
  }
  for (int k = plan.paths.row_start[p]; k < plan.paths.row_start[p + 1]; ++k)
    ws.generalized[static_cast<std::size_t>(plan.paths.columns[static_cast<std::size_t>(k)])] +=
        ws.paths.moment_arm[static_cast<std::size_t>(k)] * tension;
}

}  // namespace

bool update_joint_reactions(const ChainPlan& plan, const double* q, const double* qd, double time,
                            const AppliedForces& forces, ReactionWorkspace& ws) {
  const Model& model = *plan.model;
  update_positions(model, q, ws.kinematics);
  update_accelerations<double>(model, qd, nullptr, ws.kinematics);
  update_paths(model, plan.paths, ws.kinematics, q, ws.paths);

  // springs, then muscles and actuators, then external loads
  for (std::size_t b = 0; b < model.bodies.size(); ++b) ws.applied[b] = forces.external[b];
  for (double& g : ws.generalized) g = 0;
  if (plan.has_passive_forces) {
    for (int p : plan.passive.damped_paths)
      ws.path_speed[static_cast<std::size_t>(p)] = find_lengthening_speed(plan.paths, ws.paths, p, qd);
    update_passive_forces(model, plan.passive, ws.kinematics, q, qd, ws.paths.length.data(), ws.path_speed.data(),
                          ws.passive);
    for (std::size_t b = 0; b < model.bodies.size(); ++b) ws.applied[b] += ws.passive.body_wrench[b];
    for (std::size_t c = 0; c < ws.generalized.size(); ++c) ws.generalized[c] += ws.passive.coordinate_force[c];
    for (std::size_t i = 0; i < model.passive_forces.size(); ++i)
      if (model.passive_forces[i].path >= 0)
        add_path_tension(plan, model.passive_forces[i].path, ws.passive.tension[i], ws);
  }
  for (std::size_t m = 0; m < model.muscles.size(); ++m)
    if (model.muscles[m].applies_force) add_path_tension(plan, model.muscles[m].path, forces.muscle[m], ws);
  for (std::size_t i = 0; i < model.actuators.size(); ++i) {
    const Actuator& actuator = model.actuators[i];
    if (actuator.kind == ActuatorKind::coordinate) {
      ws.generalized[static_cast<std::size_t>(actuator.coordinate)] += forces.actuator[i];
    } else if (actuator.kind == ActuatorKind::path) {
      add_path_tension(plan, actuator.path, forces.actuator[i], ws);
    } else {
      const Wrench<double> unit = find_actuator_wrench(actuator, ws.kinematics);
      const Wrench<double> wrench{forces.actuator[i] * unit.force, forces.actuator[i] * unit.moment};
      ws.applied[static_cast<std::size_t>(actuator.body)] += wrench;
      if (acts_between_bodies(actuator)) ws.applied[static_cast<std::size_t>(actuator.body_b)] -= wrench;
    }
  }

  if (!calc_accelerations(model, q, qd, time, ws.applied.data(), ws.generalized.data(), ws.kinematics, ws.qdd.data()))
    return false;
  calc_joint_wrenches(model, ws.kinematics, ws.applied.data(), ws.joint_wrench.data());
  return true;
}

ReactionLoad find_reaction_load(const Model& model, const Kinematics<double>& kin, const ReactionRequest& request,
                                const Vec3d& force_W, const Vec3d& moment_W) {
  const std::size_t j = static_cast<std::size_t>(request.joint);
  Vec3d force = force_W, moment = moment_W, point = kin.p_WM_W[j];
  if (request.on_parent) {
    // the same load with opposite sign, moved to the joint frame F on the parent
    const Joint& joint = model.joints[j];
    const Vec3d p_WF_W = kin.X_WB[static_cast<std::size_t>(joint.parent_body)] * joint.p_PF_given;
    moment = -(moment + cross(point - p_WF_W, force));
    force = -force;
    point = p_WF_W;
  }
  const Posed X_WE = kin.X_WB[static_cast<std::size_t>(request.expressed_in_body)] * request.X_BE;
  return {multiply_transposed(X_WE.R, force), multiply_transposed(X_WE.R, moment),
          multiply_transposed(X_WE.R, point - X_WE.p)};
}

ReactionLoad find_reaction_load(const Model& model, const ReactionWorkspace& ws, const ReactionRequest& request) {
  const std::size_t j = static_cast<std::size_t>(request.joint);
  const Wrench<double>& wrench = ws.joint_wrench[j + 1];
  return find_reaction_load(model, ws.kinematics, request, wrench.force, moment_about(wrench, ws.kinematics.p_WM_W[j]));
}

}  // namespace buttress
