#include "app/movement_support.h"

#include <algorithm>
#include <cmath>

#include "multibody/inverse_dynamics.h"

namespace buttress {

double calc_distance_outside_support(const Model& model, const SolvedMovement& solved, std::size_t frame,
                                     const std::vector<Wrench<double>>& loads) {
  const std::size_t n = model.coordinates.size();
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, &solved.motion.q[frame * n], kin);
  update_accelerations(model, &solved.motion.qd[frame * n], &solved.motion.qdd[frame * n], kin);
  std::vector<Wrench<double>> joint(model.bodies.size());
  calc_joint_wrenches(model, kin, loads.data(), joint.data());
  const Wrench<double>& root = joint[0];
  if (root.force.y < 1) return 0;

  // convex hull of the touching points seen from above (Andrew's monotone chain)
  std::vector<std::pair<double, double>> points;
  double height_sum = 0;
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
  }
  // what the ground must give, and where at the height of what touches: M = r x F
  const double y = points.empty() ? 0 : height_sum / static_cast<double>(points.size());
  const double x = (root.moment.z + y * root.force.x) / root.force.y,
               z = (y * root.force.z - root.moment.x) / root.force.y;
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
