#include "view/figure_labels.h"

#include <algorithm>
#include <cmath>

namespace buttress {

FigureLabel place_label(double x, double baseline, bool to_the_left, std::size_t characters, double size, double from,
                        double to, std::vector<FigureLabel>& placed) {
  const double width = 0.6 * size * static_cast<double>(characters);
  FigureLabel label;
  label.left = std::clamp(to_the_left ? x - width : x, from, std::max(from, to - width));
  label.right = label.left + width;
  label.baseline = baseline;
  const auto covers = [&](const FigureLabel& other) {
    return label.left < other.right && other.left < label.right && std::abs(label.baseline - other.baseline) < size;
  };
  // up, line by line, until nothing is covered; each line can be full only as often as there are labels
  for (std::size_t line = 0; line < placed.size() && std::any_of(placed.begin(), placed.end(), covers); ++line)
    label.baseline -= size;
  placed.push_back(label);
  return label;
}

}  // namespace buttress
