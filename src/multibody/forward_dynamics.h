#pragma once
#include <Eigen/Dense>

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

}  // namespace buttress
