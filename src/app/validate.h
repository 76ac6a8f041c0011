#pragma once
#include <optional>
#include <vector>

#include "base/diagnostics.h"
#include "body/library.h"
#include "validate/global_numbers.h"
#include "validate/validation.h"

/// `buttress validate`: the movement library on the built-in body against measurements in people.
namespace buttress {

struct Validated {
  Validation validation;
  std::vector<GlobalNumber> numbers;
};

/// Runs everything and compares. Missed bars are results, not errors. VALID-001: a movement could not be solved.
/// Nothing when evidence or body cannot be read.
/// @param thread_count 0 = all cores; the results do not depend on it
std::optional<Validated> validate(const Library& library, unsigned thread_count, Diagnostics& diagnostics);

/// the docs folder beside the data folder, when it has a page to be brought up to date; empty after VALID-003
std::string find_validation_folder(const Library& library, Diagnostics& diagnostics);

}  // namespace buttress
