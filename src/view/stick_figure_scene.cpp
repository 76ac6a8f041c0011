#include "view/stick_figure_scene.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "view/stick_figure_bones.h"

namespace buttress {

namespace {

/// the points that are in use at q, in the world
std::vector<Vec3d> find_path_points(const Path& path, const Kinematics<double>& kin, const double* q) {
  std::vector<Vec3d> points;
  for (const PathPoint& p : path.points) {
    if (p.kind == PathPointKind::conditional) {
      const double value = q[p.coordinate];
      if (value < p.range_min || value > p.range_max) continue;
    }
    Vec3d p_B = p.p_B;
    if (p.kind == PathPointKind::moving) {
      double at[3];
      for (int i = 0; i < 3; ++i)
        at[i] = evaluate(p.moving[i].function, p.moving[i].coordinate < 0 ? 0.0 : q[p.moving[i].coordinate]).f;
      p_B = p.X_BF * Vec3d{at[0], at[1], at[2]};
    }
    points.push_back(kin.X_WB[static_cast<std::size_t>(p.body)] * p_B);
  }
  return points;
}

}  // namespace

std::vector<MuscleLine> find_muscles(const Posture& posture, const Kinematics<double>& kin, const double* activation) {
  const Model& model = *posture.model;
  std::vector<MuscleLine> muscles;
  for (std::size_t c = 0; activation && c < posture.muscle_of_column.size(); ++c) {
    if (posture.muscle_of_column[c] < 0) continue;
    const Muscle& muscle = model.muscles[static_cast<std::size_t>(posture.muscle_of_column[c])];
    const double a = std::isfinite(activation[c]) ? std::clamp(activation[c], 0.0, 1.0) : 0.0;
    muscles.push_back({find_path_points(model.paths[static_cast<std::size_t>(muscle.path)], kin, posture.q), a,
                       find_side(muscle.name)});
  }
  // the busiest on top
  std::stable_sort(muscles.begin(), muscles.end(),
                   [](const MuscleLine& a, const MuscleLine& b) { return a.activation < b.activation; });
  return muscles;
}

std::vector<ForceArrow> find_forces(const Posture& posture) {
  std::vector<ForceArrow> forces;
  // a body weight is drawn 0.5 m long
  const double scale = 0.5 / (posture.model->total_mass * 9.81);
  for (std::size_t i = 0; i + 9 <= posture.outside_forces.size(); i += 9) {
    const double* v = &posture.outside_forces[i];
    const Vec3d force{v[0], v[1], v[2]}, point{v[3], v[4], v[5]};
    // an arrow shorter than its head says nothing
    if (scale * norm(force) > 0.04) forces.push_back({point, point + scale * force, norm(force)});
  }
  return forces;
}

std::vector<SurfaceShape> find_surfaces(const ContactSet* contacts) {
  std::vector<SurfaceShape> shapes;
  if (!contacts) return shapes;
  for (const ContactSurface& s : contacts->surfaces) {
    if (s.half_size1 > 100 || s.half_size2 > 100) continue;
    SurfaceShape shape{{}, s.normal_W.y > 0.999};
    for (const auto& [a, b] : {std::pair{1, 1}, std::pair{1, -1}, std::pair{-1, -1}, std::pair{-1, 1}})
      shape.corners_W.push_back(s.p_W + (a * s.half_size1) * s.tangent1_W + (b * s.half_size2) * s.tangent2_W);
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

Vec3d find_forward(const Model& model, const Kinematics<double>& kin) {
  for (std::size_t b = 1; b < model.bodies.size(); ++b) {
    if (model.bodies[b].name != "pelvis") continue;
    // the least turn that takes the pelvis's y to the world's
    const Vec3d x = kin.X_WB[b].R.column(0), y = kin.X_WB[b].R.column(1), k = cross(y, Vec3d{0, 1, 0});
    const Vec3d ahead = y.y < -0.95 ? x : x + cross(k, x) + (1 / (1 + y.y)) * cross(k, cross(k, x));
    if (std::abs(ahead.x) >= std::abs(ahead.z)) return {ahead.x < 0 ? -1.0 : 1.0, 0, 0};
    return {0, 0, ahead.z < 0 ? -1.0 : 1.0};
  }
  return {1, 0, 0};
}

}  // namespace buttress
