#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "io/c3d_trial.h"
#include "model/model.h"
#include "motion/coordinate_motion.h"
#include "motion/external_loads.h"

/// Which foot stands on which force plate, and when: plates of a recording as loads on the feet of a model that moves
/// as recorded.
///
/// Whenever a plate is loaded without a break, the foot nearest to the centre of pressure gets its force. Nothing is
/// guessed: a load that no foot stands on, and a plate with both feet on it, whose force cannot be told apart, are
/// errors.
///
/// Ids of this header:
///   PLATE-001  a plate is loaded where no foot stands
///   PLATE-002  both feet stand on one plate
///   PLATE-003  a plate carries a little where no foot stands (note: it is left out)
///   PLATE-004  the model has no feet by the names that are known
///   PLATE-005  the plates carry nothing (warning)
///   PLATE-006  frames in which no foot is on a plate (warning)
namespace buttress {

struct PlateOptions {
  double least_force = 20;  ///< N across the surface; less is noise, as customary in gait analysis
  double least_load = 50;   ///< N; a load that never exceeds this and has no foot is left out
  double farthest_foot =
      0.12;                   ///< m, of the centre of pressure from the line heel to toes, beside the foot's half width
  double shared_share = 0.2;  ///< of the frames of a contact in which a second foot may touch the plate
};

/// Loads at the frames of the motion: force, centre of pressure and free moment are the means over the samples around
/// each frame, in ground. One load for each plate and each foot that ever stands on it. Nothing when there is an error;
/// without loads when no plate is pressed.
/// @param rate_hz of the samples, the first at time 0
/// @param file names the recording in messages
std::optional<LoadTrajectory> assign_plates(const Model& model, const CoordinateTrajectory& motion,
                                            const std::vector<C3dPlateLoads>& plates, double rate_hz,
                                            const std::string& file, Diagnostics& diagnostics,
                                            const PlateOptions& options = {});

}  // namespace buttress
