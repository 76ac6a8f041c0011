#include "body/strength_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/near_names.h"

namespace buttress {

std::optional<StrengthChange> parse_strength(const std::string& text, Diagnostics& diagnostics) {
  const std::size_t equals = text.find('=');
  double factor = -1;
  bool read = false;
  if (equals != std::string::npos && equals > 0) {
    const char* first = text.data() + equals + 1;
    const char* last = text.data() + text.size();
    const auto result = std::from_chars(first, last, factor);
    read = result.ec == std::errc() && result.ptr == last;
  }
  if (!read || !std::isfinite(factor) || factor < 0 || factor > 10) {
    diagnostics.error("STRENGTH-001", "", 0,
                      "--strength " + text + " does not read as NAME=FACTOR with a factor from 0 to 10",
                      "For half strength of the right gluteus medius write --strength gluteus_medius_r=0.5");
    return std::nullopt;
  }
  return StrengthChange{text.substr(0, equals), factor};
}

std::vector<double> make_strengths(const Model& model, const MuscleGroups& groups,
                                   const std::vector<StrengthChange>& changes, Diagnostics& diagnostics) {
  std::vector<double> strengths(model.muscles.size(), 1.0);
  std::set<std::string> known;
  for (const Muscle& muscle : model.muscles)
    if (const auto membership = find_group(groups, muscle.name)) known.insert(membership->key());
  std::vector<std::string> names(known.begin(), known.end());
  for (const Muscle& muscle : model.muscles) names.push_back(muscle.name);
  for (const StrengthChange& change : changes) {
    bool fits = false;
    for (std::size_t m = 0; m < model.muscles.size(); ++m) {
      const auto membership = find_group(groups, model.muscles[m].name);
      const bool named = model.muscles[m].name == change.target;
      if (!named && !(membership && (membership->key() == change.target || membership->group == change.target)))
        continue;
      strengths[m] *= change.factor;
      fits = true;
    }
    if (!fits)
      diagnostics.error("STRENGTH-002", model.file, 0,
                        "no muscle or muscle group of the model is called '" + change.target + "'",
                        fmt::format("{}Use a muscle's own name or one of these groups: {}.",
                                    ask_for_near_names(change.target, names), fmt::join(known, ", ")));
  }
  return strengths;
}

}  // namespace buttress
