#include "load/chain_batch.inl"
#include "simd/lanes.h"

#ifdef BUTTRESS_HAS_LANES
namespace buttress {

template void run_batches<Lanes<double, 8>>(const ChainPlan&, const ChainInput&, const BatchLayout&, ChainStage,
                                            std::atomic<std::size_t>&, ChainOutput&);

}  // namespace buttress
#endif
