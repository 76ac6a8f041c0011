#include "view/report_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace buttress {

namespace {

/// keeps a number and its unit on one line
constexpr const char* kSpace = "\u00a0";

/// no "-0", and U+2212 for minus, which screen readers name and which is as wide as a plus
std::string write_fixed(double value, int decimals) {
  if (!std::isfinite(value)) return "\u2013";
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text[0] != '-') return text;
  text.erase(0, 1);
  return text.find_first_not_of("0.") == std::string::npos ? text : fmt::format("\u2212{}", text);
}

/// below this a value is as good as nothing, and a ratio to it says nothing
double find_small(const std::string& unit) {
  if (unit == "N") return 10;
  if (unit == "0..1") return 0.02;
  return 0.05;
}

}  // namespace

std::string format_number(double value, const std::string& unit) {
  const double size = std::abs(value);
  if (unit == "0..1") return write_fixed(100 * value, 0);
  if (unit == "N") return write_fixed(size >= 1000 ? 10 * std::round(value / 10) : value, 0);
  return write_fixed(value, unit == "BW" && size >= 0.995 ? 1 : 2);
}

std::string format_quantity(double value, const std::string& unit) {
  return format_number(value, unit) + kSpace + (unit == "0..1" ? "%" : unit);
}

std::string format_in_words(double value, const std::string& unit) {
  if (unit == "N") return write_fixed(std::abs(value) >= 100 ? 10 * std::round(value / 10) : value, 0) + kSpace + "N";
  // here it is mostly a difference of two numbers that have one decimal
  if (unit == "BW" && std::abs(value) >= 0.095) return write_fixed(value, 1) + kSpace + "BW";
  return format_quantity(value, unit);
}

std::string format_change(double a, double b, const std::string& unit) {
  if (!(std::abs(a) >= find_small(unit)) || !std::isfinite(b)) return {};
  const double percent = std::round(100 * (b - a) / std::abs(a));
  return fmt::format("{}{}{}%", percent > 0 ? "+" : "", write_fixed(percent, 0), kSpace);
}

std::string format_tick(double value, double step) {
  const int decimals = static_cast<int>(std::max(0.0, -std::floor(std::log10(step) + 1e-9)));
  return write_fixed(value, std::min(decimals, 6));
}

}  // namespace buttress
