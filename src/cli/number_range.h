#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "base/decimal.h"

namespace buttress {

/// A check of an option's number: from `low` to `high`, both included; NaN, infinity and what is no number are refused.
/// `what` says in the message what was expected, such as "hertz, from 0 (no filter) to 1000".
inline CLI::Validator number_between(double low, double high, const std::string& what) {
  return {[=](std::string& text) {
            const auto number = parse_decimal(text);
            const bool is_good = number && *number >= low && *number <= high;
            return is_good ? std::string() : "expected " + what + ", not " + text;
          },
          "", "number_between"};
}

/// The same for numbers that must be above zero, up to `high`.
inline CLI::Validator number_above_zero(double high, const std::string& what) {
  return {[=](std::string& text) {
            const auto number = parse_decimal(text);
            const bool is_good = number && *number > 0 && *number <= high;
            return is_good ? std::string() : "expected " + what + ", not " + text;
          },
          "", "number_above_zero"};
}

/// The same for counts.
inline CLI::Validator whole_number_between(double low, double high, const std::string& what) {
  return {[=](std::string& text) {
            const auto number = parse_decimal(text);
            const bool is_good = number && *number >= low && *number <= high &&
                                 text.find_first_not_of("0123456789") == std::string::npos;
            return is_good ? std::string() : "expected " + what + ", not " + text;
          },
          "", "whole_number_between"};
}

}  // namespace buttress
