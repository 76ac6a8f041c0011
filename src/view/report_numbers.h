#pragma once
#include <string>

/// How numbers are written for people: as many digits as a simulation of a generic body bears, a true minus sign
/// (U+2212), and a space before the unit at which no line breaks (U+00A0).
namespace buttress {

/// The value alone, about two digits for body weights (one decimal from 1 BW on, else two), three for N (tens from
/// 1000 N on), two decimals for N m/kg, "0..1" as per cent without the sign. Values that are not finite give a dash.
std::string format_number(double value, const std::string& unit);

/// value and unit: "4.4 BW", "312 N", "64 %"
std::string format_quantity(double value, const std::string& unit);

/// for running text, coarser: forces from 100 N on to the next ten
std::string format_in_words(double value, const std::string& unit);

/// change from a to b in per cent of |a|, "+13 %"; empty when a is too small for a ratio to mean anything
std::string format_change(double a, double b, const std::string& unit);

/// a number of an axis whose ticks are `step` apart
std::string format_tick(double value, double step);

}  // namespace buttress
