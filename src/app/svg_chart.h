#pragma once
#include <string>
#include <vector>

namespace buttress {

/// text made safe for HTML and SVG
std::string escape_html(const std::string& text);

/// one curve of a chart
struct ChartLine {
  std::string name;
  const std::vector<double>* values = nullptr;  ///< [points], as long as the time axis
  std::string style;                            ///< CSS class: "whole" or "weak"
};

/// A line chart over time as an SVG element with title and description for screen readers. Zero is always in view.
std::string make_line_chart(const std::string& title, const std::string& unit, const std::vector<double>& time,
                            const std::vector<ChartLine>& lines);

/// one row of a bar chart: the first condition's value and, when has_second, the second's
struct ChartBar {
  std::string name;
  double first = 0, second = 0;
  bool has_second = false;
};
/// horizontal bars, longest first as given, with their numbers written at the end
std::string make_bar_chart(const std::string& title, const std::string& unit, const std::vector<ChartBar>& bars);

}  // namespace buttress
