#pragma once
#include <vector>

#include "load/chain_plan.h"
#include "motion/coordinate_motion.h"
#include "movement/movement.h"

namespace buttress {

/// forces from outside on the bodies that are known once the motion is
struct OutsideForces {
  std::vector<ChainLoad> loads;
  std::vector<double> values;  ///< [frames x loads x 9] force and point in the world, no moment
};

/// What carried things pull, frame by frame: mass times gravity less acceleration, at their point; and what bands pull
/// at either end that is not the ground.
OutsideForces make_outside_forces(const Model& model, const MovementSpec& movement, const CoordinateTrajectory& motion);

/// Pull of a band on its first end towards its second, N: stiffness times what it is longer than at rest, never a push.
/// The ends in the world, m.
Vec3d calc_band_force(const Vec3d& p_from_W, const Vec3d& p_to_W, double rest_length, double stiffness);

}  // namespace buttress
