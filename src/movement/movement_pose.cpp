#include "movement/movement_pose.h"

#include <algorithm>
#include <cmath>

namespace buttress {

PoseSolver::PoseSolver(const Model& model, const ContactSet& contacts, const MovementSpec& movement)
    : model_(model), contacts_(contacts), kin_(make_kinematics<double>(model)) {
  for (const MovementLoad& l : movement.loads)
    carried_.push_back({model.find_body(l.body), l.p_B, find_value(movement, l.mass_kg)});
  const std::vector<double> zero(model.coordinates.size(), 0.0);
  update_positions(model, zero.data(), kin_);
  for (std::size_t b = 2; b < kin_.X_WB.size(); ++b)
    body_length_ = std::max(body_length_, norm(kin_.X_WB[b].p - kin_.X_WB[1].p));
  // joints that no muscle crosses (arms) have ranges of measurement, not of motion
  has_range_.assign(model.coordinates.size(), false);
  for (const Path& path : model.paths)
    for (int c : path.coordinates) {
      has_range_[static_cast<std::size_t>(c)] = true;
      const int coupler = model.coordinates[static_cast<std::size_t>(c)].coupler;
      if (coupler >= 0)
        has_range_[static_cast<std::size_t>(model.couplers[static_cast<std::size_t>(coupler)].independent)] = true;
    }
  for (std::size_t c = 0; c < has_range_.size(); ++c) {
    const std::size_t joint = static_cast<std::size_t>(model.coordinates[c].joint);
    if (model.joints[joint].parent_body == 0) has_range_[c] = false;
  }
}

Vec3d PoseSolver::find_point(int p) const {
  const ContactPoint& point = contacts_.points[static_cast<std::size_t>(p)];
  return kin_.X_WB[static_cast<std::size_t>(point.body)] * point.p_B;
}

Vec3d PoseSolver::find_middle(const std::vector<int>& points) const {
  Vec3d sum{0, 0, 0};
  for (int p : points) sum += find_point(p);
  return (1.0 / static_cast<double>(points.size())) * sum;
}

double PoseSolver::find_height(const PlacedGroup& g, int p) const {
  return dot(find_point(p) - g.surface.p_W, g.surface.normal_W);
}

Vec3d PoseSolver::find_mass_center() const {
  // what is carried counts
  double mass = model_.total_mass;
  Vec3d sum = mass * calc_mass_center(model_, kin_);
  for (const Carried& c : carried_) {
    sum += c.mass * (kin_.X_WB[static_cast<std::size_t>(c.body)] * c.p_B);
    mass += c.mass;
  }
  return (1 / mass) * sum;
}

double PoseSolver::find_yaw(const PlacedGroup& g) const {
  const int body = contacts_.points[static_cast<std::size_t>(g.points[0])].body;
  const Vec3d x = kin_.X_WB[static_cast<std::size_t>(body)].R.column(0);
  return std::atan2(-x.z, x.x);
}

void PoseSolver::place(std::vector<double>& q) {
  for (const Coupler& c : model_.couplers)
    q[static_cast<std::size_t>(c.dependent)] = evaluate(c.function, q[static_cast<std::size_t>(c.independent)]).f;
  update_positions(model_, q.data(), kin_);
}

Eigen::VectorXd PoseSolver::calc_residual(const PoseGoal& goal, std::vector<double>& q) {
  place(q);
  std::vector<double> r;
  const double near = kPlace * body_length_;
  for (std::size_t c = 0; c < q.size(); ++c) {
    if (goal.sigma[c] == 0) continue;
    r.push_back((q[c] - goal.target[c]) / goal.sigma[c]);
    const Coordinate& coordinate = model_.coordinates[c];
    r.push_back(!has_range_[c]
                    ? 0.0
                    : (std::max(0.0, q[c] - coordinate.range_max) + std::min(0.0, q[c] - coordinate.range_min)) /
                          kRange);
  }
  for (const PlacedGroup& g : goal.places) {
    const Vec3d middle = find_middle(g.points);
    if (g.on_surface) {
      const double share = near * std::sqrt(static_cast<double>(g.points.size()));
      for (std::size_t i = 0; i < g.points.size(); ++i)
        r.push_back((find_height(g, g.points[i]) - g.heights[i]) / share);
    }
    for (const Vec3d& along : g.held_along) r.push_back(dot(middle - g.middle, along) / near);
    if (g.has_yaw) {
      const int body = contacts_.points[static_cast<std::size_t>(g.points[0])].body;
      const Vec3d x = kin_.X_WB[static_cast<std::size_t>(body)].R.column(0);
      // part of the body's x axis across the wanted direction
      r.push_back((x.x * std::sin(g.yaw) + x.z * std::cos(g.yaw)) / kTurn);
    }
  }
  if (!goal.balance.empty()) {
    const Vec3d offset = find_mass_center() - find_middle(goal.balance);
    r.push_back((offset.x - goal.offset_x) / near), r.push_back((offset.z - goal.offset_z) / near);
  }
  return Eigen::Map<Eigen::VectorXd>(r.data(), static_cast<Eigen::Index>(r.size()));
}

void PoseSolver::solve(const PoseGoal& goal, std::vector<double>& q, double tolerance) {
  std::vector<std::size_t> free;
  for (std::size_t c = 0; c < q.size(); ++c)
    if (goal.sigma[c] > 0) free.push_back(c);
  Eigen::VectorXd r = calc_residual(goal, q);
  Eigen::MatrixXd J(r.size(), static_cast<Eigen::Index>(free.size())), H;
  double damping = 1e-3, step_before = 0;
  bool is_fresh = false, is_stale = true;
  for (int iteration = 0; iteration < 200; ++iteration) {
    // the slopes are kept as long as the steps shrink fast with them
    if (is_stale) {
      for (std::size_t i = 0; i < free.size(); ++i) {
        std::vector<double> moved = q;
        moved[free[i]] += 1e-6;
        J.col(static_cast<Eigen::Index>(i)) = (calc_residual(goal, moved) - r) / 1e-6;
      }
      H = J.transpose() * J;
      is_fresh = true;
    }
    const Eigen::VectorXd slope = J.transpose() * r;
    bool better = false;
    double step_size = 0;
    for (int trial = 0; trial < (is_fresh ? 12 : 1) && !better; ++trial) {
      Eigen::MatrixXd damped = H;
      damped.diagonal().array() += damping;
      const Eigen::VectorXd step = damped.ldlt().solve(-slope);
      std::vector<double> next = q;
      for (std::size_t i = 0; i < free.size(); ++i) next[free[i]] += step[static_cast<Eigen::Index>(i)];
      const Eigen::VectorXd next_r = calc_residual(goal, next);
      better = next_r.squaredNorm() < r.squaredNorm();
      if (better) {
        q = next, r = next_r, step_size = step.norm();
        damping = std::max(damping * 0.1, 1e-9);
      } else if (is_fresh) {
        damping *= 10;
      }
    }
    if (better ? step_size < tolerance : is_fresh) break;
    is_stale = !better || step_size > 0.2 * step_before;
    is_fresh = false, step_before = step_size;
  }
  place(q);
}

}  // namespace buttress
