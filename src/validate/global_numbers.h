#pragma once
#include <string>
#include <vector>

#include "base/diagnostics.h"

namespace buttress {

/// a number that holds for the whole body and every movement
struct GlobalNumber {
  std::string name, value, where;  ///< where: the file that defines it
};

/// The numbers that matter most for loads and activations, read from where they are defined, so that a list of them
/// cannot grow old. Adds VALID-004 for a row that data/models/parameters.csv lacks.
std::vector<GlobalNumber> find_global_numbers(const std::string& data_folder, Diagnostics& diagnostics);

}  // namespace buttress
