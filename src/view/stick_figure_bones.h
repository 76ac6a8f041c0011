#pragma once
#include <string>
#include <vector>

#include "multibody/kinematics.h"

namespace buttress {

/// which of the two pictures a shape belongs to
enum class FigureView { front, right, both };

/// A bone, or what stands for it: a chain of points drawn as a thick line, or a closed outline that is filled.
struct BoneShape {
  std::vector<Vec3d> points_W;  ///< m, in the world
  bool closed = false;
  char side = 0;  ///< 'r', 'l', or 0 for the middle of the body
  FigureView view = FigureView::both;
};

/// 'r' or 'l' by the end of a name, as OpenSim's models write it; 0 when it has no such end
char find_side(const std::string& name);

/// The bones of a body at the pose in `kin`. Joint centres come from the model; the outlines of skull, rib cage, pelvis
/// and feet are an average adult's, placed between the model's own hips, shoulders and ankles and scaled by their
/// distances, because a model says nothing about them. Bodies with names other than OpenSim's usual ones (pelvis,
/// femur_r, tibia_r, calcn_r, toes_r, torso, ...) become lines between their joints.
std::vector<BoneShape> make_bone_shapes(const Model& model, const Kinematics<double>& kin);

}  // namespace buttress
