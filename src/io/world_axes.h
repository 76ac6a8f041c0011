#pragma once
#include <optional>
#include <string>

#include "spatial/spatial.h"

/// From the axes of a laboratory L to our world W, in which y is up.
namespace buttress {

/// an axis of the lab: 0, 1, 2 for x, y, z, and its sign
struct LabAxis {
  int index = 2;
  double sign = 1;
};

/// "z", "+Z" or "-y"; nothing for another text
std::optional<LabAxis> parse_lab_axis(const std::string& text);
/// "+z"
std::string format_lab_axis(const LabAxis& axis);

/// Rotation v_W = R_WL * v_L that takes the axis `up` to y. The other axes are kept where possible: z up gives
/// (x, z, -y), OpenSim's usual turn by -90 degrees about x; y up the identity; x up (z, x, y); an axis that points down
/// likewise with a half turn.
Mat3<double> make_world_from_up(const LabAxis& up);

}  // namespace buttress
