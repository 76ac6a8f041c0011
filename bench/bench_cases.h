#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "study/trial.h"

namespace buttress {

/// a movement to time, held in memory
struct BenchCase {
  std::string name;
  std::unique_ptr<Model> model;
  Trial trial;
  ChainPlan plan;
};

/// 80 muscles: the recorded walk of shared/data/rajagopal_walk, its frames repeated `repeats` times; nothing when the
/// recordings are not there
std::optional<BenchCase> make_rajagopal_case(const std::string& shared_folder, std::size_t repeats);

/// the built-in body swaying and bending smoothly for `frames` frames at 100 Hz, half its weight on each foot
std::optional<BenchCase> make_built_in_case(std::size_t frames);

}  // namespace buttress
