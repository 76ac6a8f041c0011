#pragma once
#include <array>

namespace buttress {

struct ChainInput;
struct ChainPlan;

/// useful operations per frame of each stage, in ChainStage order, counted by running the kernels over FlopCounter for
/// up to 100 frames spread over the input, warm as in a real run
std::array<double, 5> count_stage_flops(const ChainPlan& plan, const ChainInput& input);

}  // namespace buttress
