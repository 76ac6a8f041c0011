#pragma once
#include "base/diagnostics.h"
#include "movement/movement_pose.h"

/// From what a movement file asks for to what one pose is to satisfy, and back: what could not be had.
namespace buttress {

/// Everything that is named in the file and must exist in the body: MOVE-003 coordinates, MOVE-004 groups, surfaces
/// and bodies.
void check_names(const Model& model, const MovementSpec& m, const ContactSet& contacts, Diagnostics& diagnostics);

/// MOVE-010: sizes, masses, stiffnesses and durations that cannot be, with the parameters as they are set.
void check_numbers(const MovementSpec& m, Diagnostics& diagnostics);

/// a surface of the file in the world
ContactSurface make_surface(const MovementSpec& m, const MovementSurface& s);

/// Goal of a keyframe from the coordinates `start`; places without numbers are those that `before` (none: null) holds.
PoseGoal make_goal(const Model& model, const MovementSpec& m, const ContactSet& contacts, const Keyframe& frame,
                   const std::vector<double>& start, PoseSolver* before);

/// the goal of a keyframe as the pose q meets it: heights, places and balance as they came out
void measure_goal(PoseSolver& solver, const std::vector<double>& q, PoseGoal& goal);

/// numbers of a goal between two others of the same shape: s = 0 is `a`, s = 1 is `b`
void blend_goals(const PoseGoal& a, const PoseGoal& b, double s, PoseGoal& out);

/// What could not be had at a keyframe: MOVE-007 (places, balance, angles), MOVE-008 (ranges). `worst` grows to the
/// largest distance of a placed point from its place, m.
void check_reach(const Model& model, const MovementSpec& m, const Keyframe& frame, const PoseGoal& goal,
                 const PoseSolver& solver, const std::vector<double>& q, const ContactRamps& ramps, double& worst,
                 Diagnostics& diagnostics);

}  // namespace buttress
