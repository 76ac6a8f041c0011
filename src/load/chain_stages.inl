#pragma once
#include "load/chain_workspace.h"
#include "load/contact_stages.inl"
#include "load/coupled_ligament_stages.inl"
#include "load/wrench_work.inl"
#include "multibody/kinematics.inl"
#include "muscle/fiber_force.inl"
#include "muscle/passive_forces.inl"
#include "muscle/path_kinematics.inl"

/// The stages of one set of frames. Each reads what the stages before it wrote in the workspace.
namespace buttress {

/// external loads as world wrenches about the world origin (OpenSim ExternalForce)
template <class T>
void update_external_wrenches(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  for (Wrench<T>& w : ws.applied) w = zero_wrench<T>();
  for (std::size_t i = 0; i < plan.loads.size(); ++i) {
    const ChainLoad& load = plan.loads[i];
    const T* v = &ws.load_values[i * 9];
    Vec3<T> force{v[0], v[1], v[2]}, point{v[3], v[4], v[5]}, torque{v[6], v[7], v[8]};
    if (load.force_frame_body > 0) {
      const Mat3<T>& R = ws.kinematics.X_WB[static_cast<std::size_t>(load.force_frame_body)].R;
      force = R * force;
      torque = R * torque;
    }
    if (load.point_frame_body > 0) point = ws.kinematics.X_WB[static_cast<std::size_t>(load.point_frame_body)] * point;
    ws.applied[static_cast<std::size_t>(load.body)] += {force, torque + cross(point, force)};
  }
}

/// poses, accelerations and the net joint moments that the motion needs
template <class T>
void update_joint_moments(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  const Model& model = *plan.model;
  update_positions(model, ws.q.data(), ws.kinematics);
  update_accelerations(model, ws.qd.data(), ws.qdd.data(), ws.kinematics);
  update_external_wrenches(plan, ws);
  calc_joint_wrenches(model, ws.kinematics, ws.applied.data(), ws.joint_wrench.data());
  calc_generalized_forces(model, ws.kinematics, ws.joint_wrench.data(), ws.joint_moment.data());
}

/// muscle-tendon lengths, moment arms, lengthening speeds
template <class T>
void update_muscle_geometry(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  const Model& model = *plan.model;
  update_paths(model, plan.paths, ws.kinematics, ws.q.data(), ws.paths);
  for (std::size_t m = 0; m < model.muscles.size(); ++m) {
    const std::size_t path = static_cast<std::size_t>(model.muscles[m].path);
    ws.length[m] = ws.paths.length[path];
    ws.speed[m] = find_lengthening_speed(plan.paths, ws.paths, static_cast<int>(path), ws.qd.data());
  }
}

/// force at full activation and at none, and the forces of springs
template <class T>
void update_capacities(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  const Model& model = *plan.model;
  if (!plan.contact_groups.empty()) update_contact_points(plan, ws);
  if (plan.options.muscle_physiology || plan.options.passive_fiber_force)
    update_fibers(model, plan.fibers, ws.length.data(), ws.speed.data(), ws.fibers);
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    ws.passive_tension[c] = T(0.0);
    if (plan.columns[c].muscle >= 0) {
      const std::size_t m = static_cast<std::size_t>(plan.columns[c].muscle);
      const T strength(plan.strength[m]);
      ws.capacity[c] = strength * (plan.options.muscle_physiology ? ws.fibers.active_force[m]
                                                                  : T(model.muscles[m].max_isometric_force));
      // Schutte's capacity is the force of the whole muscle at equilibrium: its passive part is in it already
      const bool has_passive = model.muscles[m].kind == MuscleKind::schutte1993 && plan.options.muscle_physiology;
      if (plan.options.passive_fiber_force && !has_passive) ws.passive_tension[c] = ws.fibers.passive_force[m];
    } else if (plan.columns[c].contact >= 0) {
      ws.capacity[c] = ws.contact_strength[static_cast<std::size_t>(plan.columns[c].contact)];
    } else {
      ws.capacity[c] = T(model.actuators[static_cast<std::size_t>(plan.columns[c].actuator)].optimal_force);
    }
  }
  if (plan.has_passive_forces) {
    for (int p : plan.passive.damped_paths)
      ws.path_speed[static_cast<std::size_t>(p)] = find_lengthening_speed(plan.paths, ws.paths, p, ws.qd.data());
    update_passive_forces(model, plan.passive, ws.kinematics, ws.q.data(), ws.qd.data(), ws.paths.length.data(),
                          ws.path_speed.data(), ws.passive);
  }
}

/// wrench that one unit of control x optimal force of a point, torque or point-to-point actuator puts on body (and
/// minus on body_b)
template <class T>
Wrench<T> find_actuator_wrench(const Actuator& actuator, const Kinematics<T>& kin) {
  const Pose<T>& X_WB = kin.X_WB[static_cast<std::size_t>(actuator.body)];
  if (actuator.kind == ActuatorKind::point_to_point) {
    Vec3<T> point_a = broadcast<T>(actuator.point), point_b = broadcast<T>(actuator.point_b);
    if (!actuator.point_is_global) {
      point_a = X_WB * point_a;
      point_b = kin.X_WB[static_cast<std::size_t>(actuator.body_b)] * point_b;
    }
    const Vec3<T> apart = point_a - point_b;
    // two points in one place are driven in no direction
    const T distance = norm(apart);
    const Vec3<T> force = (T(1.0) / select(distance > T(0.0), distance, T(1.0))) * apart;
    return {force, cross(point_a, force)};
  }
  Vec3<T> direction = broadcast<T>(actuator.direction);
  if (!actuator.direction_is_global) direction = X_WB.R * direction;
  if (actuator.kind == ActuatorKind::torque) return {zero3<T>(), direction};
  Vec3<T> point = broadcast<T>(actuator.point);
  if (!actuator.point_is_global) point = X_WB * point;
  return {direction, cross(point, direction)};
}

/// moment per unit force of an actuator that is not a path, into its column of the matrix
template <class T>
void update_actuator_column(const ChainPlan& plan, std::size_t c, ChainWorkspace<T>& ws) {
  const Model& model = *plan.model;
  const Actuator& actuator = model.actuators[static_cast<std::size_t>(plan.columns[c].actuator)];
  std::vector<T>& tau = ws.scratch_moment;
  for (T& t : tau) t = T(0.0);
  if (actuator.kind == ActuatorKind::coordinate) {
    tau[static_cast<std::size_t>(actuator.coordinate)] = T(1.0);
  } else {
    const Wrench<T> unit = find_actuator_wrench(actuator, ws.kinematics);
    add_wrench_work(model, ws.kinematics, plan.first_term, actuator.body, unit, T(1.0), tau.data());
    if (acts_between_bodies(actuator))
      add_wrench_work(model, ws.kinematics, plan.first_term, actuator.body_b, unit, T(-1.0), tau.data());
  }
  reduce_to_independent(model, ws.q.data(), tau.data(), ws.reduced_moment.data());
  for (int k = plan.column_start[c]; k < plan.column_start[c + 1]; ++k)
    ws.matrix[static_cast<std::size_t>(k)] = ws.reduced_moment[static_cast<std::size_t>(
        plan.rows[static_cast<std::size_t>(plan.row_index[static_cast<std::size_t>(k)])])];
}

/// generalized forces of springs and the like, into passive_moment
template <class T>
void update_passive_moments(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  const Model& model = *plan.model;
  // a wrench on a body does work through every joint between it and ground
  for (std::size_t b = 0; b < model.bodies.size(); ++b) ws.subtree_wrench[b] = ws.passive.body_wrench[b];
  for (std::size_t b = model.bodies.size() - 1; b > 0; --b)
    ws.subtree_wrench[static_cast<std::size_t>(model.joints[b - 1].parent_body)] += ws.subtree_wrench[b];
  calc_generalized_forces(model, ws.kinematics, ws.subtree_wrench.data(), ws.passive_moment.data());
  for (std::size_t c = 0; c < ws.passive_moment.size(); ++c) ws.passive_moment[c] += ws.passive.coordinate_force[c];
  // ligaments pull along their paths
  for (std::size_t i = 0; i < model.passive_forces.size(); ++i) {
    const int path = model.passive_forces[i].path;
    if (path < 0) continue;
    for (int k = plan.paths.row_start[static_cast<std::size_t>(path)];
         k < plan.paths.row_start[static_cast<std::size_t>(path) + 1]; ++k)
      ws.passive_moment[static_cast<std::size_t>(plan.paths.columns[static_cast<std::size_t>(k)])] +=
          ws.paths.moment_arm[static_cast<std::size_t>(k)] * ws.passive.tension[i];
  }
}

/// matrix and right-hand side of the recruitment problem: moment per unit activation, and the moment to be made
template <class T>
void update_recruitment_problem(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  const Model& model = *plan.model;

  // moment per unit force: moment arms, with coupled coordinates folded into their drivers
  for (std::size_t i = 0; i < model.couplers.size(); ++i)
    ws.coupler_slope[i] =
        evaluate(model.couplers[i].function, ws.q[static_cast<std::size_t>(model.couplers[i].independent)]).df;
  for (T& entry : ws.matrix) entry = T(0.0);
  for (const ReducedEntry& entry : plan.entries) {
    T arm = ws.paths.moment_arm[static_cast<std::size_t>(entry.source)];
    if (entry.coupler >= 0) arm = arm * ws.coupler_slope[static_cast<std::size_t>(entry.coupler)];
    ws.matrix[static_cast<std::size_t>(entry.target)] += arm;
  }
  for (std::size_t c = 0; c < plan.columns.size(); ++c)
    if (plan.columns[c].actuator >= 0 && plan.columns[c].entry_count == 0) update_actuator_column(plan, c, ws);
  if (!plan.contact_groups.empty()) update_contact_columns(plan, ws);

  // what is to be made: the net moment less what springs make already
  for (std::size_t c = 0; c < ws.scratch_moment.size(); ++c) ws.scratch_moment[c] = ws.joint_moment[c];
  if (plan.has_passive_forces) {
    update_passive_moments(plan, ws);
    for (std::size_t c = 0; c < ws.scratch_moment.size(); ++c) ws.scratch_moment[c] -= ws.passive_moment[c];
  }
  reduce_to_independent(model, ws.q.data(), ws.scratch_moment.data(), ws.reduced_moment.data());
  for (std::size_t r = 0; r < plan.rows.size(); ++r)
    ws.load[r] = ws.reduced_moment[static_cast<std::size_t>(plan.rows[r])];

  // less what passive fibres make; then from moment per force to moment per activation
  for (std::size_t c = 0; c < plan.columns.size(); ++c)
    for (int k = plan.column_start[c]; k < plan.column_start[c + 1]; ++k) {
      T& entry = ws.matrix[static_cast<std::size_t>(k)];
      if (plan.options.passive_fiber_force)
        ws.load[static_cast<std::size_t>(plan.row_index[static_cast<std::size_t>(k)])] -= entry * ws.passive_tension[c];
      entry = entry * ws.capacity[c];
    }
}

/// who pulls how hard
template <class T>
void update_recruitment(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  update_recruitment_problem(plan, ws);
  const RecruitmentProblem<T> problem{ws.matrix.data(), ws.load.data(),     ws.lower.data(),
                                      ws.upper.data(),  plan.weight.data(), plan.reserve_strength.data()};
  solve_recruitment(plan.pattern, problem, plan.recruitment, ws.recruitment);
  for (std::size_t c = 0; c < plan.columns.size(); ++c)
    ws.force[c] = ws.recruitment.activation[c] * ws.capacity[c] + ws.passive_tension[c];
  if (!plan.contact_groups.empty()) update_contact_forces(plan, ws);
}

/// adds tension times the unit wrenches of a path to the bodies that it touches
template <class T>
void add_path_wrenches(const PathPlan& paths, const PathWorkspace<T>& ws, std::size_t path, const T& tension,
                       std::vector<Wrench<T>>& body_wrench) {
  for (int k = paths.touched_start[path]; k < paths.touched_start[path + 1]; ++k) {
    const Wrench<T>& unit = ws.body_wrench[static_cast<std::size_t>(k)];
    body_wrench[static_cast<std::size_t>(paths.touched_body[static_cast<std::size_t>(k)])] +=
        {tension * unit.force, tension * unit.moment};
  }
}

/// joint loads: what inverse dynamics asked of each joint, less what muscles and springs bring across it
template <class T>
void update_reactions(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  const Model& model = *plan.model;
  for (std::size_t b = 0; b < model.bodies.size(); ++b)
    ws.subtree_wrench[b] = plan.has_passive_forces ? ws.passive.body_wrench[b] : zero_wrench<T>();
  for (std::size_t b = 0; b < ws.contact_wrench.size(); ++b) ws.subtree_wrench[b] += ws.contact_wrench[b];
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    const ChainColumn& column = plan.columns[c];
    if (column.muscle >= 0) {
      add_path_wrenches(plan.paths, ws.paths,
                        static_cast<std::size_t>(model.muscles[static_cast<std::size_t>(column.muscle)].path),
                        ws.force[c], ws.subtree_wrench);
      continue;
    }
    if (column.contact >= 0) continue;
    const Actuator& actuator = model.actuators[static_cast<std::size_t>(column.actuator)];
    if (actuator.kind == ActuatorKind::path) {
      add_path_wrenches(plan.paths, ws.paths, static_cast<std::size_t>(actuator.path), ws.force[c], ws.subtree_wrench);
    } else if (actuator.kind != ActuatorKind::coordinate) {
      const Wrench<T> unit = find_actuator_wrench(actuator, ws.kinematics);
      const Wrench<T> wrench{ws.force[c] * unit.force, ws.force[c] * unit.moment};
      ws.subtree_wrench[static_cast<std::size_t>(actuator.body)] += wrench;
      if (acts_between_bodies(actuator)) ws.subtree_wrench[static_cast<std::size_t>(actuator.body_b)] -= wrench;
    }
  }
  for (std::size_t i = 0; i < model.passive_forces.size(); ++i)
    if (model.passive_forces[i].path >= 0)
      add_path_wrenches(plan.paths, ws.paths, static_cast<std::size_t>(model.passive_forces[i].path),
                        ws.passive.tension[i], ws.subtree_wrench);
  for (std::size_t b = model.bodies.size() - 1; b > 0; --b)
    ws.subtree_wrench[static_cast<std::size_t>(model.joints[b - 1].parent_body)] += ws.subtree_wrench[b];
  for (std::size_t b = 0; b < model.bodies.size(); ++b) ws.joint_wrench[b] -= ws.subtree_wrench[b];
  update_coupled_ligaments(plan, ws);
}

}  // namespace buttress
