#pragma once
#include <atomic>

#include "load/inverse_chain.h"

/// How frames are dealt out. A batch is lanes * run_length consecutive frames, walked through in `run_length` steps of
/// `lanes` neighbours: lane i of batch b has frame (b * run_length + step) * lanes + i. Neighbours decide alike (which
/// muscles wrap, which are at their bounds), so that lanes seldom wait for each other; each lane starts cold and then
/// warm from its frame of the step before.
namespace buttress {

struct BatchLayout {
  std::size_t lanes = 1, run_length = 1, batch_count = 0;
};
BatchLayout make_batch_layout(std::size_t frame_count, std::size_t lanes);

/// takes batches from `next` until none is left; one call per thread. One definition per number type, each in the
/// translation unit that is compiled for its instruction set.
template <class T>
void run_batches(const ChainPlan& plan, const ChainInput& input, const BatchLayout& layout, ChainStage last_stage,
                 std::atomic<std::size_t>& next, ChainOutput& output);

}  // namespace buttress
