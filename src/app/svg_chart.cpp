#include "app/svg_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace buttress {

std::string escape_html(const std::string& text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

namespace {

/// a step of 1, 2 or 5 times a power of ten that cuts `span` into about `count` pieces
double find_round_step(double span, int count) {
  const double raw = span / count;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double lead = raw / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

struct Range {
  double low = 0, high = 0;
};

Range find_range(const std::vector<ChartLine>& lines) {
  Range range;
  for (const ChartLine& line : lines)
    for (double v : *line.values)
      if (std::isfinite(v)) range.low = std::min(range.low, v), range.high = std::max(range.high, v);
  if (range.high - range.low < 1e-12) range.high = range.low + 1;
  return range;
}

}  // namespace

std::string make_line_chart(const std::string& title, const std::string& unit, const std::vector<double>& time,
                            const std::vector<ChartLine>& lines) {
  const double width = 340, height = 190, left = 46, right = 10, top = 26, bottom = 28;
  const Range range = find_range(lines);
  const double t0 = time.empty() ? 0 : time.front(), t1 = time.size() < 2 ? t0 + 1 : time.back();
  const auto x = [&](double t) { return left + (t - t0) / (t1 - t0) * (width - left - right); };
  const auto y = [&](double v) {
    return height - bottom - (v - range.low) / (range.high - range.low) * (height - top - bottom);
  };

  // what a screen reader says: the largest value of each line
  std::string description;
  for (const ChartLine& line : lines) {
    double peak = 0;
    for (double v : *line.values)
      if (std::abs(v) > std::abs(peak)) peak = v;
    description += fmt::format("{}: peak {:.3g} {}. ", line.name, peak, unit);
  }
  std::string svg = fmt::format(
      "<figure><svg viewBox=\"0 0 {} {}\" role=\"img\"><title>{}</title><desc>{}</desc>"
      "<text class=\"chart-title\" x=\"{}\" y=\"14\">{} <tspan class=\"unit\">[{}]</tspan></text>\n",
      width, height, escape_html(title), escape_html(description), left, escape_html(title), escape_html(unit));

  // grid with round numbers
  const double step = find_round_step(range.high - range.low, 4);
  for (double v = std::ceil(range.low / step) * step; v <= range.high + 1e-9 * step; v += step)
    svg += fmt::format(
        "<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text class=\"tick\" text-anchor=\"end\" "
        "x=\"{}\" y=\"{:.1f}\">{:.4g}</text>\n",
        std::abs(v) < 1e-9 * step ? "zero" : "grid", left, width - right, y(v), y(v), left - 5, y(v) + 3.5,
        std::abs(v) < 1e-9 * step ? 0.0 : v);
  const double time_step = find_round_step(t1 - t0, 4);
  for (double t = std::ceil(t0 / time_step) * time_step; t <= t1 + 1e-9; t += time_step)
    svg += fmt::format("<text class=\"tick\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{}\">{:.4g} s</text>\n", x(t),
                       height - 10, t);

  for (const ChartLine& line : lines) {
    std::string points;
    for (std::size_t i = 0; i < time.size() && i < line.values->size(); ++i)
      if (std::isfinite((*line.values)[i])) points += fmt::format("{:.1f},{:.1f} ", x(time[i]), y((*line.values)[i]));
    svg += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", line.style, points);
  }
  return svg + "</svg></figure>\n";
}

std::string make_bar_chart(const std::string& title, const std::string& unit, const std::vector<ChartBar>& bars) {
  const double width = 700, name_width = 235, number_width = 105, row = 34, top = 28;
  const double height = top + row * static_cast<double>(bars.size()) + 6;
  double longest = 1e-12;
  std::string description;
  for (const ChartBar& bar : bars) {
    longest = std::max({longest, std::abs(bar.first), bar.has_second ? std::abs(bar.second) : 0.0});
    description += fmt::format("{}: {:.3g}{} {}. ", bar.name, bar.first,
                               bar.has_second ? fmt::format(", weakened {:.3g}", bar.second) : "", unit);
  }
  const double scale = (width - name_width - number_width) / longest;
  std::string svg = fmt::format(
      "<figure class=\"wide\"><svg viewBox=\"0 0 {} {}\" role=\"img\"><title>{}</title><desc>{}</desc>"
      "<text class=\"chart-title\" x=\"0\" y=\"14\">{} <tspan class=\"unit\">[{}]</tspan></text>\n",
      width, height, escape_html(title), escape_html(description), escape_html(title), escape_html(unit));
  double y = top;
  for (const ChartBar& bar : bars) {
    const auto draw = [&](double value, const char* style, double offset, double thickness) {
      svg += fmt::format(
          "<rect class=\"bar-{}\" x=\"{}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\"/><text class=\"number\" "
          "x=\"{:.1f}\" y=\"{:.1f}\">{:.3g}</text>\n",
          style, name_width, y + offset, std::abs(value) * scale, thickness, name_width + std::abs(value) * scale + 6,
          y + offset + thickness - 1.5, value);
    };
    svg += fmt::format("<text class=\"name\" text-anchor=\"end\" x=\"{}\" y=\"{:.1f}\">{}</text>\n", name_width - 8,
                       y + row / 2 + 1, escape_html(bar.name));
    draw(bar.first, "whole", bar.has_second ? 2 : 7, 12);
    if (bar.has_second) draw(bar.second, "weak", 16, 12);
    y += row;
  }
  return svg + "</svg></figure>\n";
}

}  // namespace buttress
