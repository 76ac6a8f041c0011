#pragma once
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "model/model_spec.h"

/// Names that were to be left out of a model (`--ignore`).
namespace buttress {

/// MODEL-033, a warning, for each name that is neither the name nor the type of an element that can be left out, with
/// the names that are near
void warn_of_unmatched_names(const ModelSpec& spec, const std::vector<std::string>& ignore, Diagnostics& diagnostics);

}  // namespace buttress
