#include "movement/movement_support.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "multibody/inverse_dynamics.h"

namespace buttress {

namespace {

/// min |A x - b| with x >= 0 by active sets (Lawson and Hanson 1974, Solving Least Squares Problems, chapter 23)
Eigen::VectorXd solve_nonnegative(const Eigen::MatrixXd& A, const Eigen::VectorXd& b) {
  const Eigen::Index n = A.cols();
  Eigen::VectorXd x = Eigen::VectorXd::Zero(n);
  std::vector<Eigen::Index> passive;
  for (Eigen::Index pass = 0; pass < 3 * n; ++pass) {
    // the column that helps most
    const Eigen::VectorXd slope = A.transpose() * (b - A * x);
    Eigen::Index best = -1;
    for (Eigen::Index j = 0; j < n; ++j)
      if (std::find(passive.begin(), passive.end(), j) == passive.end() && slope[j] > 1e-9 &&
          (best < 0 || slope[j] > slope[best]))
        best = j;
    if (best < 0) break;
    passive.push_back(best);
    while (!passive.empty()) {
      Eigen::MatrixXd P(A.rows(), static_cast<Eigen::Index>(passive.size()));
      for (std::size_t i = 0; i < passive.size(); ++i) P.col(static_cast<Eigen::Index>(i)) = A.col(passive[i]);
      const Eigen::VectorXd z = P.colPivHouseholderQr().solve(b);
      if (z.minCoeff() > 0) {
        for (std::size_t i = 0; i < passive.size(); ++i) x[passive[i]] = z[static_cast<Eigen::Index>(i)];
        break;
      }
      // as far as the first that would pull
      double share = 1;
      for (std::size_t i = 0; i < passive.size(); ++i) {
        const double zi = z[static_cast<Eigen::Index>(i)];
        if (zi <= 0) share = std::min(share, x[passive[i]] / (x[passive[i]] - zi));
      }
      std::vector<Eigen::Index> kept;
      for (std::size_t i = 0; i < passive.size(); ++i) {
        double& xi = x[passive[i]];
        xi += share * (z[static_cast<Eigen::Index>(i)] - xi);
        if (xi > 1e-12)
          kept.push_back(passive[i]);
        else
          xi = 0;
      }
      passive = kept;
    }
  }
  return x;
}

/// Moment by weight, m, that points which press and rub on surfaces of any slope cannot give; a missing force counts
/// as acting 1 m away.
double calc_missing_support(const Wrench<double>& needed, const Vec3d& about,
                            const std::vector<std::pair<Vec3d, const ContactSurface*>>& points) {
  const double weight = std::max(1.0, norm(needed.force));
  const auto stack = [&](const Wrench<double>& w) {
    const Vec3d m = moment_about(w, about);
    Eigen::VectorXd v(6);
    v << w.force.x, w.force.y, w.force.z, m.x, m.y, m.z;
    return v;
  };
  Eigen::MatrixXd columns(6, static_cast<Eigen::Index>(4 * points.size()));
  Eigen::Index c = 0;
  for (const auto& [p, surface] : points)
    for (int k = 0; k < 4; ++k) {
      const Vec3d tangent = k < 2 ? surface->tangent1_W : surface->tangent2_W;
      const Vec3d force = surface->normal_W + (k % 2 ? -surface->friction : surface->friction) * tangent;
      columns.col(c++) = stack({force, cross(p, force)});
    }
  const Eigen::VectorXd b = stack(needed) / weight;
  const Eigen::VectorXd x = solve_nonnegative(columns, b);
  return (columns * x - b).norm();
}

}  // namespace

double calc_distance_outside_support(const Model& model, const SolvedMovement& solved, std::size_t frame,
                                     const std::vector<Wrench<double>>& loads) {
  const std::size_t n = model.coordinates.size();
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, &solved.motion.q[frame * n], kin);
  update_accelerations(model, &solved.motion.qd[frame * n], &solved.motion.qdd[frame * n], kin);
  std::vector<Wrench<double>> joint(model.bodies.size());
  calc_joint_wrenches(model, kin, loads.data(), joint.data());
  std::vector<std::pair<double, double>> points;
  double height_sum = 0;
  std::vector<std::pair<Vec3d, const ContactSurface*>> touching;
  bool is_level = true;
  const ContactRamps& ramps = solved.contacts.ramps;
  for (const ContactPoint& p : solved.contacts.points) {
    const std::size_t b = static_cast<std::size_t>(p.body);
    const Vec3d arm = kin.X_WB[b].R * p.p_B, at = kin.X_WB[b].p + arm;
    const Vec3d v = kin.v_WB_W[b] + cross(kin.w_WB_W[b], arm);
    // points that have at least half their strength
    const ContactSurface& surface = solved.contacts.surfaces[static_cast<std::size_t>(p.surface)];
    const Vec3d from = at - surface.p_W;
    const double height = dot(from, surface.normal_W);
    if (std::abs(dot(from, surface.tangent1_W)) > surface.half_size1 ||
        std::abs(dot(from, surface.tangent2_W)) > surface.half_size2 ||
        calc_contact_ramp(height, ramps.height_limit) * calc_contact_ramp(-height, ramps.depth_limit) *
                calc_contact_ramp(norm(v), ramps.speed_limit) <
            0.5)
      continue;
    points.emplace_back(at.x, at.z);
    height_sum += at.y;
    touching.emplace_back(at, &surface);
    is_level = is_level && surface.normal_W.y > 0.999;
  }
  if (touching.empty()) return 1e9;
  // what the ground must give, and where at the height of what touches: M = r x F
  const Wrench<double>& root = joint[0];
  if (root.force.y < 1) return 0;
  const double y = height_sum / static_cast<double>(points.size());
  const double x = (root.moment.z + y * root.force.x) / root.force.y,
               z = (y * root.force.z - root.moment.x) / root.force.y;

  if (!is_level) return calc_missing_support(root, touching[0].first, touching);

  // convex hull of the touching points seen from above (Andrew's monotone chain)
  std::sort(points.begin(), points.end());
  std::vector<std::pair<double, double>> hull;
  const auto turn = [](const auto& a, const auto& b, const auto& c) {
    return (b.first - a.first) * (c.second - a.second) - (b.second - a.second) * (c.first - a.first);
  };
  for (int pass = 0; pass < 2; ++pass) {
    const std::size_t base = hull.size();
    for (const auto& p : points) {
      while (hull.size() >= base + 2 && turn(hull[hull.size() - 2], hull.back(), p) <= 0) hull.pop_back();
      hull.push_back(p);
    }
    if (!hull.empty()) hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  if (hull.empty()) return 1e9;
  bool inside = hull.size() > 2;
  double distance = 1e9;
  for (std::size_t i = 0; i < hull.size(); ++i) {
    const auto &a = hull[i], &b = hull[(i + 1) % hull.size()];
    inside = inside && turn(a, b, std::pair{x, z}) >= 0;
    const double ux = b.first - a.first, uz = b.second - a.second, length2 = ux * ux + uz * uz;
    const double t = length2 > 0 ? std::clamp(((x - a.first) * ux + (z - a.second) * uz) / length2, 0.0, 1.0) : 0;
    distance = std::min(distance, std::hypot(a.first + t * ux - x, a.second + t * uz - z));
  }
  return inside ? 0 : distance;
}

}  // namespace buttress
