#pragma once
#include <string>
#include <vector>

namespace buttress {

/// a measured and a computed value of one thing
struct ScatterPoint {
  std::string name;
  double measured = 0, computed = 0;
  double low = 0, high = 0;  ///< range of what was measured; equal to measured when there is none
  bool counts = true;        ///< false: drawn pale
};

/// the region in which a point agrees with its measurement
struct ScatterBand {
  double share = 0;            ///< lines at (1 - share) and (1 + share) times the measured value; 0 = none
  std::vector<double> limits;  ///< both axes cut at these values: agreement is to lie in the same field
  std::string title;           ///< what the shaded region means
};

/// A whole SVG file: computed values over measured ones on equal axes from zero, the line where both are equal, the
/// band shaded, names at the right with a line to their points. Readable in light and dark surroundings; title and
/// description for screen readers.
std::string make_scatter_svg(const std::string& title, const std::string& unit, const std::vector<ScatterPoint>& points,
                             const ScatterBand& band);

}  // namespace buttress
