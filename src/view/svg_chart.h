#pragma once
#include <string>
#include <vector>

/// Charts as HTML figures with an SVG inside: no script, no font, colours by CSS classes of the page (report_style.h).
namespace buttress {

/// text made safe for HTML and SVG, also inside attributes
std::string escape_html(const std::string& text);

/// a step of 1, 2 or 5 times a power of ten that cuts `span` (> 0) into about `count` pieces
double find_round_step(double span, int count);

/// one curve of a chart
struct ChartLine {
  std::string name;
  const std::vector<double>* values = nullptr;  ///< [points], as long as the time axis; gaps where not finite
  std::string style;                            ///< CSS class: "whole" (solid) or "weak" (dashed)
};

/// values that an axis must show; charts that are to be compared share one
struct ChartRange {
  double low = 0, high = 0;
  void include(double value);  ///< ignores what is not finite
};

/// A line chart over time with title and description for screen readers. Zero and `range` are always in view.
/// @param unit unit of the values, see report_numbers.h; @param time [points] s, increasing
std::string make_line_chart(const std::string& title, const std::string& unit, const std::vector<double>& time,
                            const std::vector<ChartLine>& lines, ChartRange range = {});

/// one row of a bar chart: the first condition's value and, when has_second, the second's
struct ChartBar {
  std::string name;
  double first = 0, second = 0;
  bool has_second = false;
};
/// horizontal bars in the order given, each under its name, with their numbers written beside them; the first filled,
/// the second an outline
/// @param first_label, second_label how the description calls them
std::string make_bar_chart(const std::string& title, const std::string& unit, const std::vector<ChartBar>& bars,
                           const std::string& first_label = "first", const std::string& second_label = "second");

}  // namespace buttress
