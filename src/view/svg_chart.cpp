#include "view/svg_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "view/report_numbers.h"

namespace buttress {

namespace {

/// bytes of the UTF-8 character at text[i]; 0 when there is none, as in names that an old program wrote in Latin-1
std::size_t find_utf8_length(const std::string& text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const unsigned first = byte(i), second = byte(i + 1);
  const std::size_t length = first < 0x80                     ? 1
                             : first >= 0xC2 && first < 0xE0  ? 2
                             : first >= 0xE0 && first < 0xF0  ? 3
                             : first >= 0xF0 && first <= 0xF4 ? 4
                                                              : 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  // overlong forms, surrogates, and what lies beyond U+10FFFF
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return length;
}

}  // namespace

std::string escape_html(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::size_t length = find_utf8_length(text, i);
    if (length != 1) {
      out += length ? text.substr(i, length) : "\xEF\xBF\xBD";
      i += length ? length - 1 : 0;
      continue;
    }
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
      case '\'':
        out += "&#39;";
        break;
      default:
        // control characters have no place in XML
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return out;
}

double find_round_step(double span, int count) {
  const double raw = span / count;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double lead = raw / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

void ChartRange::include(double value) {
  if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
}

namespace {

std::string unit_words(const std::string& unit) {
  return unit == "0..1" ? "%" : unit;
}

/// an axis shows at least this much, so that next to nothing looks like next to nothing
double find_least_span(const std::string& unit) {
  return unit == "N" ? 10 : 0.1;
}

/// where the value of largest size is
std::size_t find_peak(const std::vector<double>& values) {
  std::size_t peak = 0;
  for (std::size_t i = 1; i < values.size(); ++i)
    if (std::abs(values[i]) > std::abs(values[peak]) || !std::isfinite(values[peak])) peak = i;
  return peak;
}

/// A curve as an SVG path. Of all points that fall on one column of the paper only the lowest and the highest are kept,
/// so that long recordings stay small and no peak is lost; the pen lifts where a value is missing.
template <class X, class Y>
std::string make_path(const std::vector<double>& time, const std::vector<double>& values, const X& x, const Y& y) {
  const std::size_t count = std::min(time.size(), values.size());
  const std::size_t columns = 150, bucket = std::max<std::size_t>(1, (count + columns - 1) / columns);
  std::string path;
  bool pen_down = false;
  const auto add = [&](std::size_t i) {
    path += fmt::format("{}{:.1f},{:.1f}", pen_down ? "L" : "M", x(time[i]), y(values[i]));
    pen_down = true;
  };
  for (std::size_t start = 0; start < count; start += bucket) {
    const std::size_t end = std::min(count, start + bucket);
    std::size_t low = start, high = start;
    bool whole = true;
    for (std::size_t i = start; i < end; ++i) {
      whole = whole && std::isfinite(values[i]);
      if (values[i] < values[low]) low = i;
      if (values[i] > values[high]) high = i;
    }
    if (!whole) {
      pen_down = false;
      continue;
    }
    add(std::min(low, high));
    if (low != high) add(std::max(low, high));
  }
  return path;
}

/// title above the picture, so that it can break into two lines on a narrow page, and the peaks in numbers
std::string make_caption(const std::string& title, const std::string& unit, const std::string& peaks) {
  return fmt::format("<figcaption><strong>{}</strong> <span class=\"unit\">{}</span>{}</figcaption>",
                     escape_html(title), escape_html(unit_words(unit)),
                     peaks.empty() ? "" : " <span class=\"peak\">" + escape_html(peaks) + "</span>");
}

}  // namespace

std::string make_line_chart(const std::string& title, const std::string& unit, const std::vector<double>& time,
                            const std::vector<ChartLine>& lines, ChartRange range) {
  const double width = 340, height = 188, left = 44, right = 14, top = 8, bottom = 36;
  for (const ChartLine& line : lines)
    for (double v : *line.values) range.include(v);
  range.high = std::max(range.high, range.low + find_least_span(unit));
  // per cent on paper, 0..1 inside
  const double factor = unit == "0..1" ? 100 : 1;
  const double step = find_round_step(range.high - range.low, 4);
  const double low = std::floor(range.low / step + 1e-9) * step, high = std::ceil(range.high / step - 1e-9) * step;
  const double t0 = time.empty() ? 0 : time.front(), t1 = time.size() < 2 ? t0 + 1 : time.back();
  const auto x = [&](double t) { return left + (t - t0) / (t1 - t0) * (width - left - right); };
  const auto y = [&](double v) { return height - bottom - (v - low) / (high - low) * (height - top - bottom); };

  // what a screen reader says: the largest value of each line and when it is reached
  std::string description, peaks, last_peak;
  bool all_same = lines.size() > 1;
  for (const ChartLine& line : lines) {
    if (line.values->empty()) continue;
    const std::size_t peak = find_peak(*line.values);
    const double value = (*line.values)[peak];
    description += fmt::format("{}: largest {}{}. ", line.name, format_quantity(value, unit),
                               peak < time.size() ? fmt::format(" at {:.2f} s", time[peak]) : "");
    const std::string number = format_number(value, unit);
    all_same = all_same && (last_peak.empty() || last_peak == number);
    peaks += (peaks.empty() ? "peak " : " \u2192 ") + number;
    last_peak = number;
  }
  if (all_same) peaks = "peak " + last_peak + " in both";
  std::string svg = "<figure class=\"chart\">" + make_caption(title, unit, peaks) +
                    fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\"><title>{}</title><desc>{}</desc>\n", width,
                                height, escape_html(title + " over time"), escape_html(description));

  // grid with round numbers; counted, so that rounding cannot drop the last line
  const int rows = static_cast<int>(std::lround((high - low) / step));
  for (int i = 0; i <= rows; ++i) {
    const double v = low + i * step;
    const bool zero = std::abs(v) < 1e-9 * step;
    svg += fmt::format(
        "<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text class=\"tick\" text-anchor=\"end\" "
        "x=\"{}\" y=\"{:.1f}\">{}</text>\n",
        zero ? "zero" : "rule", left, width - right, y(v), y(v), left - 6, y(v) + 4,
        format_tick(factor * v, factor * step));
  }
  const double time_step = find_round_step(t1 - t0, 4);
  for (double n = std::ceil(t0 / time_step - 1e-9); n * time_step <= t1 + 1e-9 * time_step; ++n)
    svg += fmt::format(
        "<line class=\"zero\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/><text class=\"tick\" "
        "text-anchor=\"middle\" x=\"{0:.1f}\" y=\"{3}\">{4}</text>\n",
        x(n * time_step), height - bottom, height - bottom + 4, height - bottom + 17,
        format_tick(n * time_step, time_step));
  svg += fmt::format("<text class=\"tick\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{}\">time, s</text>\n",
                     0.5 * (left + width - right), height - 4);
  for (const ChartLine& line : lines)
    svg += fmt::format("<path class=\"{}\" d=\"{}\"/>\n", line.style, make_path(time, *line.values, x, y));
  return svg + "</svg></figure>\n";
}

std::string make_bar_chart(const std::string& title, const std::string& unit, const std::vector<ChartBar>& bars,
                           const std::string& first_label, const std::string& second_label) {
  const double width = 340, number_width = 48, name_height = 17, thickness = 11, gap = 9;
  ChartRange range;
  std::string description;
  bool pairs = false;
  for (const ChartBar& bar : bars) {
    range.include(bar.first);
    if (bar.has_second) range.include(bar.second);
    pairs = pairs || bar.has_second;
    description += fmt::format("{}: {} {}{}. ", bar.name, first_label, format_quantity(bar.first, unit),
                               bar.has_second ? ", " + second_label + " " + format_quantity(bar.second, unit) : "");
  }
  const double row = name_height + thickness + (pairs ? thickness + 2 : 0) + gap;
  const double height = row * static_cast<double>(bars.size());
  // numbers stand outside the bars, on the left too when something is negative
  const double left = range.low < 0 ? number_width : 1;
  const double scale = (width - left - number_width) / std::max(find_least_span(unit), range.high - range.low);
  const double zero = left - range.low * scale;
  std::string svg = "<figure class=\"chart\">" + make_caption(title, unit, "") +
                    fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\"><title>{}</title><desc>{}</desc>\n", width,
                                height, escape_html(title), escape_html(description));
  double y = 0;
  for (const ChartBar& bar : bars) {
    const auto draw = [&](double value, const char* style, double at) {
      const double size = std::isfinite(value) ? std::abs(value) * scale : 0;
      const bool negative = value < 0;
      svg += fmt::format(
          "<rect class=\"bar-{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\"/><text class=\"number\" "
          "text-anchor=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
          style, negative ? zero - size : zero, at, size, thickness, negative ? "end" : "start",
          negative ? zero - size - 5 : zero + size + 5, at + thickness - 1, format_number(value, unit));
    };
    svg += fmt::format("<text class=\"name\" x=\"1.5\" y=\"{:.1f}\">{}</text>\n", y + name_height - 4,
                       escape_html(bar.name));
    draw(bar.first, "whole", y + name_height);
    if (bar.has_second) draw(bar.second, "weak", y + name_height + thickness + 2);
    svg += fmt::format("<line class=\"zero\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>\n", zero,
                       y + name_height - 1, y + row - gap + 1);
    y += row;
  }
  return svg + "</svg></figure>\n";
}

}  // namespace buttress
