#pragma once
#include <string>
#include <vector>

namespace buttress {

/// Recorded positions of markers over time, from a .trc or .c3d file.
/// positions[(frame * names.size() + marker) * 3 + axis], in the file's own axes, in metres.
struct MarkerTrajectory {
  std::string file;
  double rate_hz = 0;         ///< frames per second
  std::string units_in_file;  ///< "mm", "cm" or "m": what the file's numbers were
  std::vector<std::string> names;
  std::vector<double> time;       ///< [frames] s, increasing
  std::vector<double> positions;  ///< [frames x markers x 3] m, NaN = gap
};

}  // namespace buttress
