#pragma once
#include "movement/movement.h"

namespace buttress {

/// Makes the movement that of a body whose lengths are `factor` times those for which it was written: parameters in
/// metres (default and range), surfaces, places, positions of the root, bands, strides and the lengths of form cues.
/// Angles (those too that depend on a parameter in metres), times, speeds, loads and stiffnesses stay. For
/// set_parameters() to mean what people say, call it after this.
void scale_lengths(double factor, MovementSpec& movement);

}  // namespace buttress
