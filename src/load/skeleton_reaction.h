#pragma once
#include "load/joint_reaction.h"

/// What gravity and speed alone load joints with: the share of a joint's load that no muscle makes.
/// Correa, Crossley, Kim, Pandy 2010, J Biomech 43:1618: below 5 % at the hip in walking, because the skeleton without
/// muscles falls rather than carries.
namespace buttress {

/// Contact points of plan.options.contacts that touch at q, qd: half of their strength and more, by their ramps.
std::vector<int> find_touching_points(const ChainPlan& plan, const double* q, const double* qd, ReactionWorkspace& ws);

/// Joint loads with every muscle and actuator slack: the skeleton at q, qd moves as gravity, its speeds, its springs
/// and the ground make it move. At the points `held` (of plan.options.contacts) the ground pushes along the five
/// directions of its friction pyramid, never pulls, and as near as that allows the points do not accelerate
/// (non-negative least squares; Lawson and Hanson 1974, Solving Least Squares Problems, chapter 23). Departure from
/// Correa 2010 and Lin, Kim, Pandy 2011, J Biomech 44:1574: their ground holds points both ways, by pseudo-inverse; two
/// rigid feet held both ways make an arch that carries loads no ground could. Returns false when the mass matrix is
/// singular. Results stay in the workspace for find_reaction_load().
bool update_skeleton_reactions(const ChainPlan& plan, const double* q, const double* qd, double time,
                               const std::vector<int>& held, ReactionWorkspace& ws);

}  // namespace buttress
