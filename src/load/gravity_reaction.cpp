#include "load/gravity_reaction.h"

#include <cmath>
#include <limits>

#include "multibody/forward_dynamics.h"

namespace buttress {

namespace {

/// points that touch at the positions and velocities in kin
std::vector<HeldPoint> find_touching_points(const ContactSet& contacts, const Kinematics<double>& kin) {
  std::vector<HeldPoint> touching;
  for (const ContactPoint& point : contacts.points) {
    const ContactSurface& surface = contacts.surfaces[static_cast<std::size_t>(point.surface)];
    const std::size_t b = static_cast<std::size_t>(point.body);
    const Vec3d arm = kin.X_WB[b].R * point.p_B, offset = kin.X_WB[b].p + arm - surface.p_W;
    const Vec3d v = kin.v_WB_W[b] + cross(kin.w_WB_W[b], arm);
    const double height = dot(offset, surface.normal_W);
    const bool is_over = std::abs(dot(offset, surface.tangent1_W)) <= surface.half_size1 &&
                         std::abs(dot(offset, surface.tangent2_W)) <= surface.half_size2;
    const double ramp = calc_contact_ramp(height, contacts.ramps.height_limit) *
                        calc_contact_ramp(-height, contacts.ramps.depth_limit) *
                        calc_contact_ramp(std::sqrt(dot(v, v)), contacts.ramps.speed_limit);
    if (is_over && ramp >= 0.5) touching.push_back({point.body, point.p_B});
  }
  return touching;
}

}  // namespace

std::vector<Vec3d> calc_gravity_reactions(const Model& model, const ContactSet& contacts, std::size_t frame_count,
                                          const double* q, const double* qd, int joint) {
  const std::size_t n = model.coordinates.size();
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  Kinematics<double> kin = make_kinematics<double>(model);
  std::vector<Wrench<double>> wrench(model.bodies.size());
  std::vector<double> qdd(n);
  const std::vector<double> none(n);
  std::vector<Vec3d> reactions;
  for (std::size_t f = 0; f < frame_count; ++f) {
    update_positions(model, q + f * n, kin);
    update_accelerations<double>(model, qd + f * n, nullptr, kin);
    const std::vector<HeldPoint> points = find_touching_points(contacts, kin);
    std::vector<Vec3d> forces(points.size());
    if (!calc_held_accelerations(model, q + f * n, qd + f * n, 0, nullptr, none.data(), points, kin, qdd.data(),
                                 forces.data())) {
      reactions.push_back({kNothing, kNothing, kNothing});
      continue;
    }
    std::vector<Wrench<double>> applied(model.bodies.size(), zero_wrench<double>());
    for (std::size_t p = 0; p < points.size(); ++p) {
      const std::size_t b = static_cast<std::size_t>(points[p].body);
      applied[b] += {forces[p], cross(kin.X_WB[b] * points[p].p_B, forces[p])};
    }
    calc_joint_wrenches(model, kin, applied.data(), wrench.data());
    reactions.push_back(wrench[static_cast<std::size_t>(joint) + 1].force);
  }
  return reactions;
}

}  // namespace buttress
