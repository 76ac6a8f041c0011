#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/decimal.h"
#include "base/near_names.h"
#include "movement/movement.h"

namespace buttress {

namespace {

constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void set_parameters(const std::vector<std::string>& settings, MovementSpec& movement, Diagnostics& diagnostics) {
  std::vector<std::string> known;
  for (const MovementParameter& p : movement.parameters) known.push_back(p.name);
  const std::string names = fmt::format("{}", fmt::join(known, ", "));
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    const auto at = std::find_if(movement.parameters.begin(), movement.parameters.end(),
                                 [&](const MovementParameter& p) { return p.name == name; });
    const double value =
        equals == std::string::npos ? kNotKnown : parse_decimal(setting.substr(equals + 1)).value_or(kNotKnown);
    if (at == movement.parameters.end() || !std::isfinite(value)) {
      diagnostics.error("MOVE-005", movement.file, 0, "'" + setting + "' sets no parameter of " + movement.name,
                        names.empty()
                            ? "This movement has no parameters."
                            : (at == movement.parameters.end() ? ask_for_near_names(name, known) : std::string()) +
                                  "Write NAME=NUMBER with one of: " + names + ".");
      continue;
    }
    if (value < at->min || value > at->max) {
      const bool grown = movement.length_factor != 1 && name.ends_with("_m");
      diagnostics.error("MOVE-006", movement.file, 0, "'" + setting + "' is out of range",
                        fmt::format("Give a value from {:g} to {:g}{}.", at->min, at->max,
                                    grown ? ", what a person of this height can do" : ""));
      continue;
    }
    at->value = value;
  }
}

double find_value(const MovementSpec& movement, const MovementValue& value) {
  for (const MovementParameter& p : movement.parameters)
    if (p.name == value.parameter) return value.offset + value.scale * p.value;
  return value.offset;
}

}  // namespace buttress
