#pragma once
#include "movement/movement_solver.h"
#include "spatial/spatial.h"

namespace buttress {

/// How far the pressure centre that the movement needs lies outside the points that can press there (half of their
/// strength and more), seen from above, m; 0 = inside, 1e9 = nothing touches.
/// When a surface that is not level is touched too, the moment that no pressing and rubbing there can give, divided by
/// the weight.
/// Takes weight, accelerations and loads [frames x loads x 9] (force, point on world).
double calc_distance_outside_support(const Model& model, const SolvedMovement& solved, std::size_t frame,
                                     const std::vector<Wrench<double>>& loads);

}  // namespace buttress
