#pragma once
#include <string>
#include <vector>

namespace buttress {

/// Positions of named markers over time, whatever file they came from.
struct MarkerTrajectory {
  std::string file;                ///< path as the user gave it
  double rate_hz = 0;              ///< frames per second
  std::string units_in_file;       ///< "mm": as the file says; positions are in m all the same
  std::vector<std::string> names;  ///< [markers]
  std::vector<double> time;        ///< [frames] s
  std::vector<double> positions;   ///< [frames x markers x 3] m, in the axes of the file; NaN = gap
};

}  // namespace buttress
