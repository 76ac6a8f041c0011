#include "view/scatter_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "view/report_numbers.h"
#include "view/svg_chart.h"

namespace buttress {

namespace {

constexpr double kSide = 380, kLeft = 52, kTop = 34, kNameWidth = 250, kBottom = 46, kNameStep = 15;

constexpr const char* kStyle =
    "<style>.paper{fill:#fff;stroke:#c5cad2}.ink{fill:#1c2330}.soft{fill:#545d6b}.rule{stroke:#e3e7ed}.axis{stroke:"
    "#8a94a3}.equal{stroke:#545d6b;stroke-dasharray:5 "
    "4}.band{fill:#0a6b45;fill-opacity:.15}.range{stroke:#8a94a3}.link{"
    "stroke:#b6bdc8}.dot{fill:#1f5fa8}.pale{fill:#b6bdc8}</style>\n";

/// the axis' end: at least the largest value, on a tick
struct ChartAxis {
  double end = 1, step = 0.25;
  double to_length(double value) const { return std::clamp(value / end, 0.0, 1.0) * kSide; }
};
ChartAxis make_axis(const std::vector<ScatterPoint>& points) {
  double most = 0;
  for (const ScatterPoint& p : points) most = std::max({most, p.measured, p.computed});
  ChartAxis axis;
  axis.step = find_round_step(most > 0 ? most : 1, 5);
  axis.end = std::max(1.0, std::ceil(1.03 * most / axis.step)) * axis.step;
  return axis;
}

std::string make_band(const ChartAxis& axis, const ScatterBand& band) {
  const double x0 = kLeft, y0 = kTop + kSide;
  std::string svg;
  if (band.share > 0) {
    // where the upper line leaves the paper
    const double top = axis.end / (1 + band.share);
    svg += fmt::format("<polygon class=\"band\" points=\"{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}\"/>\n",
                       x0, y0, x0 + axis.to_length(top), kTop, x0 + kSide, kTop, x0 + kSide,
                       y0 - axis.to_length(axis.end * (1 - band.share)));
  }
  for (std::size_t i = 0; i <= band.limits.size() && !band.limits.empty(); ++i) {
    const double low = i == 0 ? 0 : band.limits[i - 1], high = i < band.limits.size() ? band.limits[i] : axis.end;
    if (low >= axis.end) break;
    const double a = axis.to_length(low), b = axis.to_length(high);
    svg += fmt::format("<rect class=\"band\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", x0 + a,
                       y0 - b, b - a, b - a);
  }
  return svg;
}

std::string make_grid(const ChartAxis& axis, const std::string& unit) {
  std::string svg;
  const int count = static_cast<int>(std::lround(axis.end / axis.step));
  for (int i = 0; i <= count; ++i) {
    const double at = axis.to_length(i * axis.step), x = kLeft + at, y = kTop + kSide - at;
    const std::string tick = format_tick(i * axis.step, axis.step);
    svg += fmt::format(
        "<path class=\"rule\" d=\"M{0:.1f},{1}V{2}M{3},{4:.1f}H{5}\"/><text class=\"soft\" text-anchor=\"middle\" "
        "x=\"{0:.1f}\" y=\"{6}\">{8}</text><text class=\"soft\" text-anchor=\"end\" x=\"{7}\" "
        "y=\"{9:.1f}\">{8}</text>\n",
        x, kTop, kTop + kSide, kLeft, y, kLeft + kSide, kTop + kSide + 16, kLeft - 6, tick, y + 4);
  }
  const std::string ending = unit.empty() ? "" : ", " + escape_html(unit);
  svg += fmt::format("<text class=\"ink\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">measured{}</text>\n",
                     kLeft + kSide / 2, kTop + kSide + 34, ending);
  svg += fmt::format(
      "<text class=\"ink\" text-anchor=\"middle\" transform=\"translate(13 {}) rotate(-90)\">computed{}</text>\n",
      kTop + kSide / 2, ending);
  svg += fmt::format("<path class=\"equal\" d=\"M{},{}L{},{}\"/>\n", kLeft, kTop + kSide, kLeft + kSide, kTop);
  return svg + fmt::format("<path class=\"axis\" fill=\"none\" d=\"M{0},{1}V{2}H{3}\"/>\n", kLeft, kTop, kTop + kSide,
                           kLeft + kSide);
}

/// Heights of the names: each as near to its point as the others allow. Points come sorted from above.
std::vector<double> place_names(const std::vector<double>& wanted, double top, double bottom) {
  std::vector<double> at = wanted;
  for (std::size_t i = 0; i < at.size(); ++i) at[i] = std::max(at[i], i == 0 ? top : at[i - 1] + kNameStep);
  double limit = bottom;
  for (std::size_t i = at.size(); i-- > 0; limit = at[i] - kNameStep) at[i] = std::min(at[i], limit);
  return at;
}

}  // namespace

std::string make_scatter_svg(const std::string& title, const std::string& unit, const std::vector<ScatterPoint>& points,
                             const ScatterBand& band) {
  const ChartAxis axis = make_axis(points);
  std::vector<std::size_t> order(points.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return points[a].computed > points[b].computed; });
  std::vector<double> wanted;
  std::string description;
  for (std::size_t i : order) {
    const ScatterPoint& p = points[i];
    wanted.push_back(kTop + kSide - axis.to_length(p.computed));
    description += fmt::format("{}: measured {:.3g}, computed {:.3g}. ", p.name, p.measured, p.computed);
  }
  const double names = kNameStep * static_cast<double>(points.size());
  const double height = std::max(kTop + kSide + kBottom, kTop + names + 10), width = kLeft + kSide + kNameWidth;
  const std::vector<double> heights = place_names(wanted, kTop + 6, std::max(kTop + kSide, kTop + names));

  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "font-family=\"system-ui,sans-serif\" font-size=\"12\"><title>{2}</title><desc>{3}</desc>\n",
      width, height, escape_html(title), escape_html(description));
  svg += kStyle;
  svg += fmt::format("<rect class=\"paper\" x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"6\"/>\n", width - 1,
                     height - 1);
  svg += fmt::format("<text class=\"ink\" x=\"{}\" y=\"21\" font-size=\"14\" font-weight=\"600\">{}</text>\n", kLeft,
                     escape_html(title));
  if (!band.title.empty())
    svg += fmt::format("<text class=\"soft\" text-anchor=\"end\" x=\"{}\" y=\"21\">green: {}</text>\n", width - 12,
                       escape_html(band.title));
  svg += make_band(axis, band) + make_grid(axis, unit);
  for (std::size_t n = 0; n < order.size(); ++n) {
    const ScatterPoint& p = points[order[n]];
    const double x = kLeft + axis.to_length(p.measured), y = wanted[n];
    if (p.high > p.low)
      svg += fmt::format("<path class=\"range\" d=\"M{:.1f},{:.1f}H{:.1f}\"/>\n", kLeft + axis.to_length(p.low), y,
                         kLeft + axis.to_length(p.high));
    svg += fmt::format("<path class=\"link\" fill=\"none\" d=\"M{:.1f},{:.1f}L{},{:.1f}h6\"/>\n", x, y,
                       kLeft + kSide + 8, heights[n]);
    svg += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{:.1f}\">{}</text>\n", p.counts ? "ink" : "soft",
                       kLeft + kSide + 18, heights[n] + 4, escape_html(p.name));
  }
  // points above all lines
  for (std::size_t n = 0; n < order.size(); ++n) {
    const ScatterPoint& p = points[order[n]];
    svg += fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\"/>\n", p.counts ? "dot" : "pale",
                       kLeft + axis.to_length(p.measured), wanted[n]);
  }
  return svg + "</svg>\n";
}

}  // namespace buttress
