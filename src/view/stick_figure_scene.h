#pragma once
#include <vector>

#include "multibody/kinematics.h"
#include "view/stick_figure.h"

/// What a figure shows beside the bones: muscles, outside forces, surfaces; all in the world.
namespace buttress {

struct MuscleLine {
  std::vector<Vec3d> points_W;
  double activation = 0;
  char side = 0;  ///< 'r', 'l' or 0
};
/// path points of all muscles, the busiest last; none without activations [columns of the posture]
std::vector<MuscleLine> find_muscles(const Posture& posture, const Kinematics<double>& kin, const double* activation);

struct ForceArrow {
  Vec3d from_W, to_W;
  double size = 0;  ///< N
};
/// the outside forces as arrows, a body weight 0.5 m long; small ones are left out
std::vector<ForceArrow> find_forces(const Posture& posture);

/// a bounded surface: what the body sits, lies, leans or stands on beside the floor
struct SurfaceShape {
  std::vector<Vec3d> corners_W;
  bool is_level = true;
};
std::vector<SurfaceShape> find_surfaces(const ContactSet* contacts);

/// Where the body faces once it is turned upright the short way, to the nearest quarter turn, so that either view shows
/// it square and a body that lies is seen as it was before it lay down.
Vec3d find_forward(const Model& model, const Kinematics<double>& kin);

}  // namespace buttress
