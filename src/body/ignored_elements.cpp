#include "body/ignored_elements.h"

#include <algorithm>

#include "base/near_names.h"
#include "motion/coordinate_columns.h"

namespace buttress {

namespace {

/// names and types of all that compile() leaves out when it is asked to, each once
std::vector<std::string> find_names_to_ignore(const ModelSpec& spec) {
  std::vector<std::string> names;
  const auto add = [&](const auto& elements) {
    for (const auto& element : elements)
      for (const std::string& name : {element.name, element.type})
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  add(spec.unsupported);
  add(spec.actuators);
  add(spec.controllers);
  add(spec.passive_forces);
  return names;
}

}  // namespace

void warn_of_unmatched_names(const ModelSpec& spec, const std::vector<std::string>& ignore, Diagnostics& diagnostics) {
  const std::vector<std::string> names = find_names_to_ignore(spec);
  for (const std::string& wanted : ignore) {
    if (std::find(names.begin(), names.end(), wanted) != names.end()) continue;
    const bool is_muscle = std::any_of(spec.muscles.begin(), spec.muscles.end(),
                                       [&](const MuscleSpec& muscle) { return muscle.name == wanted; });
    const std::string can = names.empty() ? "This model has nothing that can be left out."
                                          : "What can be left out, by name or type: " + join_names(names) + ".";
    diagnostics.warning(
        "MODEL-033", spec.file, 0,
        "--ignore " + wanted + " leaves nothing out: " +
            (is_muscle ? "muscles are never left out" : "no element that can be left out has that name or type"),
        is_muscle ? "A muscle that does not work is --strength " + wanted + "=0 of `buttress analyze`."
                  : ask_for_near_names(wanted, names) + can);
  }
}

}  // namespace buttress
