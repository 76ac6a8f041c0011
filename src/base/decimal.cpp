#include "base/decimal.h"

#include <array>
#include <charconv>
#include <limits>

namespace buttress {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether a number beyond the range of doubles is too large, not too small: the place of its first digit other than
/// zero says it.
bool is_large(std::string_view number) {
  long long place = 0, exponent = 0;
  bool has_point = false, has_digit = false;
  std::size_t i = 0;
  for (; i < number.size() && number[i] != 'e' && number[i] != 'E'; ++i) {
    if (number[i] == '.') has_point = true;
    if (!is_digit(number[i])) continue;
    if (number[i] != '0') has_digit = true;
    // digits before the point count upwards from the first, zeros behind it downwards up to the first
    if (has_digit && !has_point) ++place;
    if (!has_digit && has_point) --place;
  }
  if (i < number.size()) {
    const bool is_negative = ++i < number.size() && number[i] == '-';
    // what lies far out of range need not be known exactly
    for (; i < number.size(); ++i)
      if (is_digit(number[i]) && exponent < 1000000000000) exponent = 10 * exponent + (number[i] - '0');
    if (is_negative) exponent = -exponent;
  }
  return place + exponent > 0;
}

}  // namespace

ScannedDecimal scan_decimal(std::string_view text) {
  // from_chars knows no leading plus
  const std::size_t skipped = text.size() > 1 && text[0] == '+' && text[1] != '-' ? 1 : 0;
  const char* const first = text.data() + skipped;
  ScannedDecimal scanned;
  const auto [end, code] = std::from_chars(first, text.data() + text.size(), scanned.value);
  if (code == std::errc::invalid_argument) return {};
  const auto count = static_cast<std::size_t>(end - first);
  if (code == std::errc::result_out_of_range) {
    const double size = is_large({first, count}) ? std::numeric_limits<double>::infinity() : 0.0;
    scanned.value = *first == '-' ? -size : size;
  }
  scanned.length = skipped + count;
  return scanned;
}

std::optional<double> parse_decimal(std::string_view text) {
  const ScannedDecimal scanned = scan_decimal(text);
  if (scanned.length == 0 || scanned.length != text.size()) return std::nullopt;
  return scanned.value;
}

std::string format_decimal(double value, int digits) {
  std::array<char, 64> text{};
  const auto [end, code] =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, digits);
  return code == std::errc() ? std::string(text.data(), end) : std::string();
}

std::pair<std::string, std::string> format_apart(double a, double b) {
  for (int digits = 6;; ++digits) {
    std::pair<std::string, std::string> texts{format_decimal(a, digits), format_decimal(b, digits)};
    // 17 digits tell all doubles apart
    if (texts.first != texts.second || digits == 17) return texts;
  }
}

}  // namespace buttress
