#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Numbers to and from text with a decimal point, whatever the locale of the process: strtod and stod, streams and
/// printf write or expect a comma under many of them.
namespace buttress {

/// A number at the start of a text.
struct ScannedDecimal {
  double value = 0;        ///< the nearest double; too small is zero, too large infinite
  std::size_t length = 0;  ///< characters of the number; 0: there is none
};
/// Reads as std::from_chars does, and a leading plus.
ScannedDecimal scan_decimal(std::string_view text);

/// The number that a text is, from its first to its last character, or nothing.
std::optional<double> parse_decimal(std::string_view text);

/// The shortest of fixed and scientific notation with so many significant digits, as %g writes.
std::string format_decimal(double value, int digits = 6);

/// Two numbers that a message sets against each other: both with the fewest digits, from 6 on, in which they differ.
std::pair<std::string, std::string> format_apart(double a, double b);

}  // namespace buttress
