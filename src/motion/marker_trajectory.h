#pragma once
#include <array>
#include <string>
#include <vector>

namespace buttress {

/// Recorded positions of markers over time, from a .trc or .c3d file.
/// positions[(frame * names.size() + marker) * 3 + axis], in metres, in the file's own axes or turned (axes_in_file).
struct MarkerTrajectory {
  std::string file;
  double rate_hz = 0;         ///< frames per second
  std::string units_in_file;  ///< "mm", "cm" or "m": what the file's numbers were
  /// what the file calls the axes of `positions`: others than these after a turn (io/marker_file.h)
  std::array<std::string, 3> axes_in_file{"+x", "+y", "+z"};
  std::vector<std::string> names;
  std::vector<double> time;       ///< [frames] s, increasing
  std::vector<double> positions;  ///< [frames x markers x 3] m, NaN = gap
};

}  // namespace buttress
