#pragma once
#include <string>
#include <vector>

#include "base/stage_clock.h"

namespace buttress {

/// Where the numbers of a result come from, beside its options: what was asked for, the files that were read, and how
/// long each stage took.
struct Provenance {
  std::string command;                   ///< "simulate squat"
  std::vector<std::string> input_files;  ///< empty names are left out
  StageClock clock;
};

}  // namespace buttress
