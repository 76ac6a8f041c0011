#pragma once
#include <vector>

#include "load/chain_plan.h"
#include "multibody/inverse_dynamics.h"

namespace buttress {

/// What one thread needs to work on lanes_of<T> frames at a time. Made once, never grows.
template <class T>
struct ChainWorkspace {
  // inputs of the current frames
  std::vector<T> q, qd, qdd;   ///< [coordinates]
  std::vector<T> load_values;  ///< [loads x 9]
  // stages
  Kinematics<T> kinematics;
  std::vector<Wrench<T>> applied;       ///< [bodies] external loads on each body
  std::vector<Wrench<T>> joint_wrench;  ///< [bodies] see calc_joint_wrenches; joint loads after update_reactions
  std::vector<T> joint_moment;          ///< [coordinates] net generalized force of inverse dynamics
  std::vector<T> passive_moment;        ///< [coordinates] generalized force of springs and the like
  std::vector<T> scratch_moment;        ///< [coordinates]
  std::vector<T> coupler_slope;         ///< [couplers] d dependent / d independent
  PathWorkspace<T> paths;
  std::vector<T> length, speed;  ///< [muscles] of the muscle-tendon unit
  std::vector<T> path_speed;     ///< [paths] lengthening; only PassiveForcePlan::damped_paths are written
  FiberWorkspace<T> fibers;
  PassiveForceWorkspace<T> passive;
  std::vector<T> capacity, passive_tension;  ///< [columns] force at activation 1; force at activation 0
  // recruitment
  std::vector<T> matrix, load, lower, upper;  ///< [nnz], [rows], [columns], [columns]
  RecruitmentWorkspace<T> recruitment;
  std::vector<T> force;                   ///< [columns]
  std::vector<Vec3<T>> contact_p_W;       ///< [contact points]
  std::vector<T> contact_strength;        ///< [contact points] N
  std::vector<Wrench<T>> contact_wrench;  ///< [bodies, or 0 without contact] forces of contact on each body
  std::vector<T> contact_load;            ///< [contact groups x 9] see ChainOutput::contact
  std::vector<T> reduced_moment;          ///< [independent coordinates]
  std::vector<Wrench<T>> subtree_wrench;  ///< [bodies] forces of muscles and springs on each body and all below it
};

template <class T>
ChainWorkspace<T> make_chain_workspace(const ChainPlan& plan) {
  const Model& model = *plan.model;
  const T zero(0.0);
  ChainWorkspace<T> ws;
  const std::size_t n = model.coordinates.size();
  for (auto* v : {&ws.q, &ws.qd, &ws.qdd, &ws.joint_moment, &ws.passive_moment, &ws.scratch_moment}) v->assign(n, zero);
  ws.load_values.assign(plan.loads.size() * 9, zero);
  ws.kinematics = make_kinematics<T>(model);
  for (auto* v : {&ws.applied, &ws.joint_wrench, &ws.subtree_wrench}) v->assign(model.bodies.size(), zero_wrench<T>());
  ws.coupler_slope.assign(model.couplers.size(), zero);
  ws.paths = make_path_workspace<T>(model, plan.paths);
  ws.length.assign(model.muscles.size(), zero);
  ws.speed.assign(model.muscles.size(), zero);
  ws.path_speed.assign(model.paths.size(), zero);
  ws.fibers = make_fiber_workspace<T>(plan.fibers);
  ws.passive = make_passive_force_workspace<T>(model);
  for (auto* v : {&ws.capacity, &ws.passive_tension, &ws.lower, &ws.upper, &ws.force})
    v->assign(plan.columns.size(), zero);
  ws.contact_p_W.assign(plan.options.contacts.points.size(), zero3<T>());
  ws.contact_strength.assign(plan.options.contacts.points.size(), zero);
  if (!plan.contact_groups.empty()) ws.contact_wrench.assign(model.bodies.size(), zero_wrench<T>());
  ws.contact_load.assign(plan.contact_groups.size() * 9, zero);
  ws.matrix.assign(plan.row_index.size(), zero);
  ws.load.assign(plan.rows.size(), zero);
  ws.reduced_moment.assign(model.independent.size(), zero);
  ws.recruitment = make_recruitment_workspace<T>(plan.pattern);
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    ws.lower[c] = T(plan.lower[c]);
    ws.upper[c] = T(plan.upper[c]);
  }
  return ws;
}

}  // namespace buttress
