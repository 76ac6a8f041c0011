#pragma once
#include "load/contact.h"
#include "motion/coordinate_motion.h"
#include "movement/movement.h"

namespace buttress {

/// a keyframe in the solved movement
struct SolvedPhase {
  std::string name;
  std::size_t frame = 0;
};

/// A movement on one body: its frames and what it touches.
struct SolvedMovement {
  CoordinateTrajectory motion;
  ContactSet contacts;              ///< points of the groups that may carry load, on their surfaces
  std::vector<SolvedPhase> phases;  ///< in the order of time
  double worst_distance = 0;        ///< m, largest distance of a placed point from its place
  std::string remark;               ///< what had to be changed, a sentence for people; may be empty
};

/// Finds the coordinates of every frame: keyframe angles joined by minimum-jerk curves (quintic, at rest at both ends),
/// and at each frame the least change of them, in the least-squares sense, that keeps placed groups where they touch
/// and the mass centre over the support where the file asks for balance (Levenberg-Marquardt). Speeds and accelerations
/// are those of quintic splines through the frames, 50 frames a second. A cycle is solved by solve_cycle().
/// `body_contacts` are all contact points of the body. Adds MOVE-003 (coordinate), MOVE-004 (group, surface or body),
/// MOVE-007 (a place or an angle cannot be reached), MOVE-008 (outside a joint's range), MOVE-010 (numbers that cannot
/// be) and returns nothing after any.
std::optional<SolvedMovement> solve_movement(const Model& model, const MovementSpec& movement,
                                             const ContactSet& body_contacts, Diagnostics& diagnostics);

}  // namespace buttress
