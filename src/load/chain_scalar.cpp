#include "load/chain_batch.inl"

namespace buttress {

template void run_batches<double>(const ChainPlan&, const ChainInput&, const BatchLayout&, ChainStage,
                                  std::atomic<std::size_t>&, ChainOutput&);

}  // namespace buttress
