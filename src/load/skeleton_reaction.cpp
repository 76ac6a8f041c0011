#include "load/skeleton_reaction.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace buttress {

namespace {

/// where a point is, from the workspace's poses
Vec3d find_arm(const ChainPlan& plan, const ReactionWorkspace& ws, int p) {
  const ContactPoint& point = plan.options.contacts.points[static_cast<std::size_t>(p)];
  return ws.kinematics.X_WB[static_cast<std::size_t>(point.body)].R * point.p_B;
}

/// acceleration of a point, from the workspace's kinematics
Vec3d find_acceleration(const ChainPlan& plan, const ReactionWorkspace& ws, int p) {
  const std::size_t b = static_cast<std::size_t>(plan.options.contacts.points[static_cast<std::size_t>(p)].body);
  const Vec3d arm = find_arm(plan, ws, p), w = ws.kinematics.w_WB_W[b];
  return ws.kinematics.a_WB_W[b] + cross(ws.kinematics.alpha_WB_W[b], arm) + cross(w, cross(w, arm));
}

/// direction of a contact point's column: n, n +- mu t1, n +- mu t2
Vec3d find_push(const ContactSurface& surface, int column) {
  const Vec3d tangent = column < 3 ? surface.tangent1_W : surface.tangent2_W;
  return surface.normal_W + (column == 0 ? 0.0 : column % 2 ? surface.friction : -surface.friction) * tangent;
}

/// x >= 0 with the least x H x / 2 - c x for H that is positive semidefinite (Lawson and Hanson's active set); of
/// equally good ones nearly the smallest
Eigen::VectorXd solve_nonnegative(Eigen::MatrixXd H, const Eigen::VectorXd& c) {
  H.diagonal().array() += 1e-10 * H.diagonal().maxCoeff();
  const Eigen::Index n = c.size();
  Eigen::VectorXd x = Eigen::VectorXd::Zero(n);
  std::vector<Eigen::Index> free;
  for (Eigen::Index step = 0; step < 3 * n; ++step) {
    // the column that helps most joins
    const Eigen::VectorXd slope = c - H * x;
    Eigen::Index best = -1;
    for (Eigen::Index i = 0; i < n; ++i)
      if (std::find(free.begin(), free.end(), i) == free.end() && slope[i] > 1e-9 * (1 + c.cwiseAbs().maxCoeff()) &&
          (best < 0 || slope[i] > slope[best]))
        best = i;
    if (best < 0) break;
    free.push_back(best);
    for (;;) {
      const Eigen::MatrixXd part = H(free, free);
      const Eigen::VectorXd wanted = part.ldlt().solve(c(free));
      // as far towards the unconstrained solution as nothing becomes negative
      double reach = 1;
      for (std::size_t i = 0; i < free.size(); ++i) {
        const double from = x[free[i]], to = wanted[static_cast<Eigen::Index>(i)];
        if (to < 0) reach = std::min(reach, from / (from - to));
      }
      for (std::size_t i = 0; i < free.size(); ++i)
        x[free[i]] += reach * (wanted[static_cast<Eigen::Index>(i)] - x[free[i]]);
      if (reach == 1) break;
      std::vector<Eigen::Index> left;
      for (Eigen::Index i : free)
        if (x[i] > 1e-12)
          left.push_back(i);
        else
          x[i] = 0;
      free = left;
    }
  }
  return x;
}

}  // namespace

std::vector<int> find_touching_points(const ChainPlan& plan, const double* q, const double* qd, ReactionWorkspace& ws) {
  update_positions(*plan.model, q, ws.kinematics);
  update_accelerations<double>(*plan.model, qd, nullptr, ws.kinematics);
  const ContactSet& contacts = plan.options.contacts;
  const ContactRamps& ramps = contacts.ramps;
  std::vector<int> touching;
  for (std::size_t i = 0; i < contacts.points.size(); ++i) {
    const ContactPoint& point = contacts.points[i];
    const ContactSurface& surface = contacts.surfaces[static_cast<std::size_t>(point.surface)];
    const std::size_t b = static_cast<std::size_t>(point.body);
    const Vec3d arm = find_arm(plan, ws, static_cast<int>(i));
    const Vec3d from = ws.kinematics.X_WB[b].p + arm - surface.p_W;
    const Vec3d v = ws.kinematics.v_WB_W[b] + cross(ws.kinematics.w_WB_W[b], arm);
    const double height = dot(from, surface.normal_W);
    if (std::abs(dot(from, surface.tangent1_W)) <= surface.half_size1 &&
        std::abs(dot(from, surface.tangent2_W)) <= surface.half_size2 &&
        calc_contact_ramp(height, ramps.height_limit) * calc_contact_ramp(-height, ramps.depth_limit) *
                calc_contact_ramp(norm(v), ramps.speed_limit) >=
            0.5)
      touching.push_back(static_cast<int>(i));
  }
  return touching;
}

bool update_skeleton_reactions(const ChainPlan& plan, const double* q, const double* qd, double time,
                               const std::vector<int>& held, ReactionWorkspace& ws) {
  const Model& model = *plan.model;
  const AppliedForces none{std::vector<double>(model.muscles.size(), 0.0),
                           std::vector<double>(model.actuators.size(), 0.0),
                           std::vector<Wrench<double>>(model.bodies.size(), zero_wrench<double>())};
  if (!update_joint_reactions(plan, q, qd, time, none, ws)) return false;
  if (held.empty()) return true;

  // accelerations of the held points along the pushes are linear in the pushes: a = a0 + H f
  const ContactSet& contacts = plan.options.contacts;
  const auto find_point = [&](std::size_t push) -> const ContactPoint& {
    return contacts.points[static_cast<std::size_t>(held[push / kContactColumns])];
  };
  std::vector<Vec3d> direction;
  for (std::size_t k = 0; k < kContactColumns * held.size(); ++k)
    direction.push_back(find_push(contacts.surfaces[static_cast<std::size_t>(find_point(k).surface)],
                                  static_cast<int>(k % kContactColumns)));
  const Eigen::Index size = static_cast<Eigen::Index>(direction.size());
  const auto find_accelerations = [&] {
    Eigen::VectorXd a(size);
    for (std::size_t k = 0; k < direction.size(); ++k)
      a[static_cast<Eigen::Index>(k)] = dot(direction[k], find_acceleration(plan, ws, held[k / kContactColumns]));
    return a;
  };
  const Eigen::VectorXd a0 = find_accelerations();
  AppliedForces forces = none;
  const auto push = [&](std::size_t k, double size_of_push) {
    const std::size_t b = static_cast<std::size_t>(find_point(k).body);
    const Vec3d at = ws.kinematics.X_WB[b].p + find_arm(plan, ws, held[k / kContactColumns]);
    const Vec3d force = size_of_push * direction[k];
    forces.external[b] += {force, cross(at, force)};
  };
  Eigen::MatrixXd H(size, size);
  for (std::size_t k = 0; k < direction.size(); ++k) {
    forces = none;
    push(k, 1);
    if (!update_joint_reactions(plan, q, qd, time, forces, ws)) return false;
    H.col(static_cast<Eigen::Index>(k)) = find_accelerations() - a0;
  }
  const Eigen::VectorXd f = solve_nonnegative(H, -a0);
  forces = none;
  for (std::size_t k = 0; k < direction.size(); ++k) push(k, f[static_cast<Eigen::Index>(k)]);
  return update_joint_reactions(plan, q, qd, time, forces, ws);
}

}  // namespace buttress
