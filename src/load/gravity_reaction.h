#pragma once
#include <vector>

#include "load/contact.h"

namespace buttress {

/// The part of a joint's reaction force that gravity and the speeds of the motion make by themselves: no muscle pulls,
/// no spring or actuator acts, and the points that touch the ground are held fast while the rest falls. What muscles
/// make besides is the difference to the whole reaction; in walking it is nearly all of it at the hip (Correa et al.
/// 2010, J Biomech 43:1618, where points of the foot are held likewise). A point touches where the product of its ramps
/// of height, depth and speed is a half or more.
/// @param q, qd [frames x coordinates]; @param joint Model::joints index
/// @return [frames] force of the parent on the child, W, N; NaN where the equations of motion cannot be solved
std::vector<Vec3d> calc_gravity_reactions(const Model& model, const ContactSet& contacts, std::size_t frame_count,
                                          const double* q, const double* qd, int joint);

}  // namespace buttress
