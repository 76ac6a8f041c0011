#include "app/single_leg_stance.h"

#include <Eigen/Dense>
#include <cmath>
#include <numbers>

namespace buttress {

namespace {

/// q with every coupled coordinate set from the one that drives it
void set_coupled_coordinates(const Model& model, std::vector<double>& q) {
  for (const Coupler& coupler : model.couplers)
    q[static_cast<std::size_t>(coupler.dependent)] =
        evaluate(coupler.function, q[static_cast<std::size_t>(coupler.independent)]).f;
}

Vec3d calc_mass_center(const Model& model, const Kinematics<double>& kin) {
  Vec3d sum{0, 0, 0};
  for (std::size_t b = 1; b < model.bodies.size(); ++b)
    sum += model.bodies[b].mass * (kin.X_WB[b] * model.bodies[b].p_BBcm_B);
  return (1.0 / model.total_mass) * sum;
}

/// middle of the standing foot: half way between heel and the toes' joint, on the sole below it
Vec3d find_foot_middle(const Kinematics<double>& kin, std::size_t heel_body, std::size_t toes_joint) {
  return 0.5 * (kin.X_WB[heel_body].p + kin.p_WM_W[toes_joint]);
}

}  // namespace

std::optional<StandingPosture> make_single_leg_stance(const Model& model, Diagnostics& diagnostics) {
  constexpr double kDegree = std::numbers::pi / 180;
  const char* const free_names[] = {"hip_flexion_r", "hip_adduction_r", "ankle_angle_r", "subtalar_angle_r"};
  std::vector<double> q;
  for (const Coordinate& c : model.coordinates) q.push_back(c.default_value);
  const auto find = [&](const char* name) {
    const int c = model.find_coordinate(name);
    if (c < 0)
      diagnostics.error("SIM-002", model.file, 0, std::string("the body has no coordinate '") + name + "'",
                        "Use the built-in body, or a model with the coordinate names of Rajagopal 2016.");
    return c;
  };
  const int hip_l = find("hip_flexion_l"), knee_l = find("knee_angle_l"), height = find("pelvis_ty");
  int free[4];
  for (int i = 0; i < 4; ++i) free[i] = find(free_names[i]);
  const int heel = model.find_body("calcn_r"), toes = model.find_joint("mtp_r");
  if (heel < 0 || toes < 0)
    diagnostics.error("SIM-002", model.file, 0, "the body has no foot 'calcn_r' with toes 'mtp_r'",
                      "Use the built-in body.");
  if (diagnostics.has_errors()) return std::nullopt;
  q[static_cast<std::size_t>(hip_l)] = 30 * kDegree;
  q[static_cast<std::size_t>(knee_l)] = 60 * kDegree;

  // four angles, four conditions: mass centre over the middle of the foot (two), sole level (two)
  Kinematics<double> kin = make_kinematics<double>(model);
  const auto residual = [&](std::vector<double>& at) {
    set_coupled_coordinates(model, at);
    update_positions(model, at.data(), kin);
    const Vec3d offset = calc_mass_center(model, kin) -
                         find_foot_middle(kin, static_cast<std::size_t>(heel), static_cast<std::size_t>(toes));
    const Vec3d up = kin.X_WB[static_cast<std::size_t>(heel)].R.column(1);
    return Eigen::Vector4d(offset.x, offset.z, up.x, up.z);
  };
  Eigen::Vector4d r = residual(q);
  for (int iteration = 0; iteration < 30 && r.norm() > 1e-12; ++iteration) {
    Eigen::Matrix4d J;
    for (int i = 0; i < 4; ++i) {
      std::vector<double> moved = q;
      moved[static_cast<std::size_t>(free[i])] += 1e-6;
      J.col(i) = (residual(moved) - r) / 1e-6;
    }
    const Eigen::Vector4d step = J.partialPivLu().solve(-r);
    for (int i = 0; i < 4; ++i) q[static_cast<std::size_t>(free[i])] += step[i];
    r = residual(q);
  }
  if (!(r.norm() < 1e-9)) {
    diagnostics.error("SIM-003", model.file, 0, "the body cannot be balanced over its right foot");
    return std::nullopt;
  }
  // set the heel on the floor
  q[static_cast<std::size_t>(height)] -= kin.X_WB[static_cast<std::size_t>(heel)].p.y;
  update_positions(model, q.data(), kin);

  const Vec3d center = calc_mass_center(model, kin);
  const double weight = model.total_mass * std::sqrt(dot(model.gravity_W, model.gravity_W));
  StandingPosture posture;
  posture.q = q;
  posture.loads = {{"floor under the right foot", heel, 0, 0}};
  posture.load_values = {0, weight, 0, center.x, 0, center.z, 0, 0, 0};
  return posture;
}

}  // namespace buttress
