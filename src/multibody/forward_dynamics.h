#pragma once
#include <Eigen/Dense>
#include <vector>

#include "multibody/inverse_dynamics.h"

namespace buttress {

/// Accelerations qdd [coordinates] that the bodies take at q, qd under the given wrenches and generalized forces, with
/// couplers, locked and prescribed coordinates held as constraints (prescribed: acceleration from its function of
/// time; locked: zero). The mass matrix is built column by column with inverse dynamics; used where OpenSim
/// lets forces decide the motion (joint reactions from a force file), not in the fast chain.
/// Returns false when the mass matrix is singular (a moving coordinate carries no mass).
/// @param kin must hold positions and velocities at q, qd; its accelerations are overwritten with the result's
/// @param applied [bodies] world wrenches about the world origin; @param generalized [coordinates] N m or N
bool calc_accelerations(const Model& model, const double* q, const double* qd, double time,
                        const Wrench<double>* applied, const double* generalized, Kinematics<double>& kin, double* qdd);

/// a point of a body that the world holds where it is
struct HeldPoint {
  int body = 0;
  Vec3d p_B{0, 0, 0};
};

/// The same with points of bodies held: their accelerations are zero (in the least-squares sense where they contradict
/// one another), whatever force that takes. Several points of one rigid body hold it fast; which of them then pushes is
/// not decided by mechanics, and the forces of least squared sum are given, whose wrench on the body is unique.
/// @param held_force [points] force of the world on each point, W, N
bool calc_held_accelerations(const Model& model, const double* q, const double* qd, double time,
                             const Wrench<double>* applied, const double* generalized,
                             const std::vector<HeldPoint>& points, Kinematics<double>& kin, double* qdd,
                             Vec3d* held_force);

}  // namespace buttress
