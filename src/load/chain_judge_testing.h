#pragma once
#include "load/limb_testing.h"

/// What tests of the chain share: a run with its options, a second way to the balance of a frame, and the limb as a
/// trial.
namespace buttress::limb_testing {

inline ChainOutput run(const ChainPlan& plan, const ChainInput& input, InstructionSet set = InstructionSet::scalar,
                       unsigned threads = 1) {
  ChainOutput output = make_chain_output(plan, input.frame_count);
  ChainRunOptions options;
  options.instruction_set = set;
  options.thread_count = threads;
  run_chain(plan, input, options, output);
  return output;
}

/// Recomputes one frame in double with nothing but poses, path lengths and forces.
struct Judge {
  const ChainPlan& plan;
  const Model& model;
  Kinematics<double> kin;
  PathWorkspace<double> paths;
  FiberWorkspace<double> fibers;
  PassiveForceWorkspace<double> passive;
  std::vector<double> q, qd, qdd;
  std::vector<Wrench<double>> applied;  ///< external loads on each body, about the world origin

  explicit Judge(const ChainPlan& p)
      : plan(p),
        model(*p.model),
        kin(make_kinematics<double>(model)),
        paths(make_path_workspace<double>(model, p.paths)),
        fibers(make_fiber_workspace<double>(p.fibers)),
        passive(make_passive_force_workspace<double>(model)) {}

  void place(const std::vector<double>& at) {
    update_positions(model, at.data(), kin);
    update_paths(model, plan.paths, kin, at.data(), paths);
  }

  void load_frame(const ChainInput& input, std::size_t f) {
    const std::size_t n = model.coordinates.size();
    q.assign(input.q + f * n, input.q + (f + 1) * n);
    qd.assign(input.qd + f * n, input.qd + (f + 1) * n);
    qdd.assign(input.qdd + f * n, input.qdd + (f + 1) * n);
    place(q);
    update_accelerations(model, qd.data(), qdd.data(), kin);
    if (plan.has_passive_forces) {
      std::vector<double> speed(model.paths.size());
      for (int p : plan.passive.damped_paths)
        speed[static_cast<std::size_t>(p)] = find_lengthening_speed(plan.paths, paths, p, qd.data());
      update_passive_forces(model, plan.passive, kin, q.data(), qd.data(), paths.length.data(), speed.data(), passive);
    }
    applied.assign(model.bodies.size(), zero_wrench<double>());
    for (std::size_t i = 0; i < plan.loads.size(); ++i) {
      const double* v = input.loads + (f * plan.loads.size() + i) * 9;
      const Posed& X_WE = kin.X_WB[static_cast<std::size_t>(plan.loads[i].force_frame_body)];
      const Posed& X_WP = kin.X_WB[static_cast<std::size_t>(plan.loads[i].point_frame_body)];
      const Vec3d force = X_WE.R * Vec3d{v[0], v[1], v[2]}, torque = X_WE.R * Vec3d{v[6], v[7], v[8]};
      const Vec3d point = X_WP * Vec3d{v[3], v[4], v[5]};
      applied[static_cast<std::size_t>(plan.loads[i].body)] += {force, torque + cross(point, force)};
    }
  }

  /// mass times acceleration less weight, as a wrench about the world origin
  Wrench<double> find_inertial_wrench(std::size_t b) const {
    const Body& body = model.bodies[b];
    const Mat3d& R = kin.X_WB[b].R;
    const Vec3d w = kin.w_WB_W[b], alpha = kin.alpha_WB_W[b], r = R * body.p_BBcm_B;
    const Vec3d a = kin.a_WB_W[b] + cross(alpha, r) + cross(w, cross(w, r));
    const Vec3d force = body.mass * (a - model.gravity_W);
    const Vec3d w_B = multiply_transposed(R, w), alpha_B = multiply_transposed(R, alpha);
    const Vec3d moment = R * (body.I_BBcm_B * alpha_B + cross(w_B, body.I_BBcm_B * w_B));
    return {force, moment + cross(kin.X_WB[b].p + r, force)};
  }

  Wrench<double> find_wrench_of(const Actuator& a, double force) const {
    const Posed& X = kin.X_WB[static_cast<std::size_t>(a.body)];
    const Vec3d direction = force * (a.direction_is_global ? a.direction : X.R * a.direction);
    if (a.kind == ActuatorKind::torque) return {zero3<double>(), direction};
    if (a.kind == ActuatorKind::point_to_point) {
      const Vec3d from = kin.X_WB[static_cast<std::size_t>(a.body_b)] * a.point_b, to = X * a.point;
      const Vec3d push = (force / norm(to - from)) * (to - from);
      return {push, cross(to, push)};
    }
    const Vec3d point = a.point_is_global ? a.point : X * a.point;
    return {direction, cross(point, direction)};
  }

  /// the moment that is still missing on a free coordinate, by virtual work: everything moves a little along it,
  /// coupled coordinates follow, and the work of all forces is set against that of the accelerations
  double find_missing_moment(const ChainOutput& out, std::size_t f, int coordinate) {
    const double h = 1e-5;
    std::vector<std::vector<double>> length;
    std::vector<std::vector<Posed>> pose;
    std::vector<std::vector<double>> value;
    for (double step : {-h, h}) {
      std::vector<double> at = q, rate = qd, change = qdd;
      at[static_cast<std::size_t>(coordinate)] += step;
      limb_testing::apply_couplers(model, at.data(), rate.data(), change.data());
      place(at);
      length.push_back(paths.length);
      pose.push_back(kin.X_WB);
      value.push_back(at);
    }
    place(q);
    const auto work_of = [&](std::size_t b, const Wrench<double>& wrench) {
      // turn of the body: the skew part of dR R^T
      const Mat3d A = pose[1][b].R * transpose(pose[0][b].R);
      const Vec3d turn = 0.5 * Vec3d{A.m[2][1] - A.m[1][2], A.m[0][2] - A.m[2][0], A.m[1][0] - A.m[0][1]};
      const Vec3d shift = pose[1][b].p - pose[0][b].p;
      return (dot(shift, wrench.force) + dot(turn, moment_about(wrench, kin.X_WB[b].p))) / (2 * h);
    };
    const auto work_of_path = [&](int path, double tension) {
      return -tension * (length[1][static_cast<std::size_t>(path)] - length[0][static_cast<std::size_t>(path)]) /
             (2 * h);
    };
    const auto work_of_coordinate = [&](int c, double force) {
      return force * (value[1][static_cast<std::size_t>(c)] - value[0][static_cast<std::size_t>(c)]) / (2 * h);
    };
    double needed = 0, made = 0;
    for (std::size_t b = 1; b < model.bodies.size(); ++b) {
      needed += work_of(b, find_inertial_wrench(b));
      made += work_of(b, applied[b]);
      if (plan.has_passive_forces) made += work_of(b, passive.body_wrench[b]);
    }
    if (plan.has_passive_forces) {
      for (int c = 0; c < model.coordinate_count(); ++c)
        made += work_of_coordinate(c, passive.coordinate_force[static_cast<std::size_t>(c)]);
      for (std::size_t i = 0; i < model.passive_forces.size(); ++i)
        if (model.passive_forces[i].path >= 0) made += work_of_path(model.passive_forces[i].path, passive.tension[i]);
    }
    for (std::size_t k = 0; k < plan.columns.size(); ++k) {
      const double force = out.force[f * plan.columns.size() + k];
      if (plan.columns[k].muscle >= 0) {
        made += work_of_path(model.muscles[static_cast<std::size_t>(plan.columns[k].muscle)].path, force);
        continue;
      }
      const Actuator& a = model.actuators[static_cast<std::size_t>(plan.columns[k].actuator)];
      if (a.kind == ActuatorKind::coordinate) made += work_of_coordinate(a.coordinate, force);
      if (a.kind == ActuatorKind::path) made += work_of_path(a.path, force);
      if (a.kind != ActuatorKind::coordinate && a.kind != ActuatorKind::path)
        made += work_of(static_cast<std::size_t>(a.body), find_wrench_of(a, force));
      if (acts_between_bodies(a)) made -= work_of(static_cast<std::size_t>(a.body_b), find_wrench_of(a, force));
    }
    return needed - made;
  }
};

/// the limb with its movement and plan
struct Trial {
  Model model;
  ChainPlan plan;
  Movement movement;
  explicit Trial(const ChainOptions& options = {}, std::size_t frames = 203)
      : model(compile_or_fail(make_limb_spec())),
        plan(make_chain_plan(model, options, make_loads(model))),
        movement(make_movement(model, 3, frames, 7)) {}
};

}  // namespace buttress::limb_testing
