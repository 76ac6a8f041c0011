#pragma once
#include "load/inverse_chain.h"

namespace buttress {

/// Multiply-adds per second times two that one core of this machine does in registers with the given instruction set:
/// the ceiling of every share_of_peak. Runs for about 0.2 s and keeps the best of several tries.
double measure_fma_peak(InstructionSet set);

}  // namespace buttress
