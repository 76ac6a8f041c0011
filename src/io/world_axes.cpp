#include "io/world_axes.h"

namespace buttress {

std::optional<LabAxis> parse_lab_axis(const std::string& text) {
  if (text.empty() || text.size() > 2) return std::nullopt;
  LabAxis axis;
  if (text.size() == 2) {
    if (text[0] != '+' && text[0] != '-') return std::nullopt;
    axis.sign = text[0] == '-' ? -1 : 1;
  }
  const char letter = text.back();
  if (letter >= 'X' && letter <= 'Z')
    axis.index = letter - 'X';
  else if (letter >= 'x' && letter <= 'z')
    axis.index = letter - 'x';
  else
    return std::nullopt;
  return axis;
}

std::string format_lab_axis(const LabAxis& axis) {
  return std::string(axis.sign < 0 ? "-" : "+") + "xyz"[axis.index];
}

Mat3<double> make_world_from_up(const LabAxis& up) {
  const auto unit = [](int index, double sign) {
    return Vec3<double>{index == 0 ? sign : 0.0, index == 1 ? sign : 0.0, index == 2 ? sign : 0.0};
  };
  // rows of R_WL are the axes of W in L; forward stays x unless that is up
  const Vec3<double> forward = unit(up.index == 0 ? 2 : 0, 1), upward = unit(up.index, up.sign);
  const Vec3<double> rows[3] = {forward, upward, cross(forward, upward)};
  Mat3<double> R_WL{};
  for (int r = 0; r < 3; ++r) {
    R_WL.m[r][0] = rows[r].x;
    R_WL.m[r][1] = rows[r].y;
    R_WL.m[r][2] = rows[r].z;
  }
  return R_WL;
}

}  // namespace buttress
