#include "movement/movement_forces.h"

#include <algorithm>

#include "multibody/kinematics.h"

namespace buttress {

Vec3d calc_band_force(const Vec3d& p_from_W, const Vec3d& p_to_W, double rest_length, double stiffness) {
  const Vec3d along = p_to_W - p_from_W;
  const double length = norm(along);
  const double tension = stiffness * std::max(0.0, length - rest_length);
  return length > 0 ? (tension / length) * along : Vec3d{0, 0, 0};
}

OutsideForces make_outside_forces(const Model& model, const MovementSpec& movement,
                                  const CoordinateTrajectory& motion) {
  OutsideForces forces;
  const auto find_body = [&](const std::string& name) { return name == "ground" ? 0 : model.find_body(name); };
  for (const MovementLoad& l : movement.loads) forces.loads.push_back({l.name, find_body(l.body), 0, 0});
  for (const MovementBand& b : movement.bands)
    for (const std::string& end : {b.from_body, b.to_body})
      if (end != "ground") forces.loads.push_back({b.name + " on " + end, find_body(end), 0, 0});
  if (forces.loads.empty()) return forces;

  Kinematics<double> kin = make_kinematics<double>(model);
  const std::size_t n = model.coordinates.size();
  const auto add = [&](const Vec3d& force, const Vec3d& p) {
    forces.values.insert(forces.values.end(), {force.x, force.y, force.z, p.x, p.y, p.z, 0, 0, 0});
  };
  for (std::size_t f = 0; f < motion.frame_count(); ++f) {
    update_positions(model, &motion.q[f * n], kin);
    update_accelerations(model, &motion.qd[f * n], &motion.qdd[f * n], kin);
    for (const MovementLoad& l : movement.loads) {
      const std::size_t b = static_cast<std::size_t>(find_body(l.body));
      const Vec3d arm = kin.X_WB[b].R * l.p_B, w = kin.w_WB_W[b];
      const Vec3d a = kin.a_WB_W[b] + cross(kin.alpha_WB_W[b], arm) + cross(w, cross(w, arm));
      add(find_value(movement, l.mass_kg) * (model.gravity_W - a), kin.X_WB[b].p + arm);
    }
    for (const MovementBand& band : movement.bands) {
      const Vec3d from = kin.X_WB[static_cast<std::size_t>(find_body(band.from_body))] * band.p_from;
      const Vec3d to = kin.X_WB[static_cast<std::size_t>(find_body(band.to_body))] * band.p_to;
      const Vec3d force =
          calc_band_force(from, to, find_value(movement, band.rest_length_m), find_value(movement, band.stiffness_N_m));
      if (band.from_body != "ground") add(force, from);
      if (band.to_body != "ground") add(-1.0 * force, to);
    }
  }
  return forces;
}

}  // namespace buttress
