#include "load/inverse_chain.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

#include "base/threads.h"
#include "load/chain_batch.h"
#include "simd/lanes.h"

namespace buttress {

ChainOutput make_chain_output(const ChainPlan& plan, std::size_t frames) {
  const Model& model = *plan.model;
  ChainOutput out;
  out.joint_moment.resize(frames * model.coordinates.size());
  out.length.resize(frames * model.muscles.size());
  out.activation.resize(frames * plan.columns.size());
  out.force.resize(frames * plan.columns.size());
  out.reserve.resize(frames * plan.rows.size());
  out.residual.resize(frames);
  out.status.resize(frames);
  out.iterations.resize(frames);
  out.contact.resize(frames * plan.contact_groups.size() * 9);
  if (plan.options.reactions) out.reaction.resize(frames * model.joints.size() * 9);
  return out;
}

InstructionSet find_widest_instruction_set() {
#ifdef BUTTRESS_HAS_LANES
  __builtin_cpu_init();
  // what x86-64-v4 and x86-64-v3 promise, by their telling members
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd"))
    return InstructionSet::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    return InstructionSet::avx2;
#endif
  return InstructionSet::scalar;
}

InstructionSet find_instruction_set() {
  const InstructionSet widest = find_widest_instruction_set();
  const char* const wanted = std::getenv("BUTTRESS_INSTRUCTION_SET");
  if (wanted == nullptr || *wanted == 0) return widest;
  constexpr std::pair<const char*, InstructionSet> kNames[] = {
      {"baseline", InstructionSet::scalar}, {"avx2", InstructionSet::avx2}, {"avx512", InstructionSet::avx512}};
  for (const auto& [name, set] : kNames) {
    if (std::strcmp(name, wanted) != 0) continue;
    if (set > widest)
      throw std::invalid_argument("BUTTRESS_INSTRUCTION_SET is " + std::string(name) +
                                  ", which this processor does not have");
    return set;
  }
  throw std::invalid_argument("BUTTRESS_INSTRUCTION_SET is '" + std::string(wanted).substr(0, 40) +
                              "', expected baseline, avx2 or avx512");
}

const char* name_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::scalar:
      return "scalar";
    case InstructionSet::avx2:
      return "AVX2";
    case InstructionSet::avx512:
      return "AVX-512";
  }
  return "";
}

BatchLayout make_batch_layout(std::size_t frame_count, std::size_t lanes) {
  BatchLayout layout;
  layout.lanes = lanes;
  // runs of 8 to 64 frames keep the warm start, and up to 16 batches feed any machine of ours; a handful of frames
  // fills the lanes of one batch instead
  const std::size_t batches = std::clamp<std::size_t>(frame_count / (8 * lanes), 1, 16);
  layout.run_length = std::clamp<std::size_t>((frame_count + batches * lanes - 1) / (batches * lanes), 1, 64);
  const std::size_t per_batch = layout.run_length * lanes;
  layout.batch_count = (frame_count + per_batch - 1) / per_batch;
  return layout;
}

void run_chain(const ChainPlan& plan, const ChainInput& input, const ChainRunOptions& options, ChainOutput& output) {
  using Runner = void (*)(const ChainPlan&, const ChainInput&, const BatchLayout&, ChainStage,
                          std::atomic<std::size_t>&, ChainOutput&);
  Runner runner = &run_batches<double>;
  std::size_t lanes = 1;
#ifdef BUTTRESS_HAS_LANES
  switch (std::min(options.instruction_set, find_widest_instruction_set())) {
    case InstructionSet::scalar:
      break;
    case InstructionSet::avx2:
      runner = &run_batches<Lanes<double, 4>>, lanes = 4;
      break;
    case InstructionSet::avx512:
      runner = &run_batches<Lanes<double, 8>>, lanes = 8;
      break;
  }
#endif
  const BatchLayout layout = make_batch_layout(input.frame_count, lanes);
  std::size_t threads = options.thread_count ? options.thread_count : std::max(1u, std::thread::hardware_concurrency());
  threads = std::min(threads, layout.batch_count);
  std::atomic<std::size_t> next{0};
  run_on_threads(threads, [&] { runner(plan, input, layout, options.last_stage, next, output); });
}

}  // namespace buttress
