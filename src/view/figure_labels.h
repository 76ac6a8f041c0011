#pragma once
#include <cstddef>
#include <vector>

/// Where short texts of a drawing go, so that they stay inside their panel and none lies over another.
namespace buttress {

/// One line of text on paper; y grows downwards.
struct FigureLabel {
  double left = 0, right = 0, baseline = 0;
};

/// A text of so many characters beside x, to its left or to its right, as near to `baseline` as the labels that are
/// there already allow: inside `from` to `to`, and above what it would cover. It joins them. Widths are estimates
/// (system fonts): 0.6 of the size for each character.
FigureLabel place_label(double x, double baseline, bool to_the_left, std::size_t characters, double size, double from,
                        double to, std::vector<FigureLabel>& placed);

}  // namespace buttress
