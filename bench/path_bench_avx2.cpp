// path_bench.cpp with Lanes<double, 4>, compiled for AVX2
#include "path_bench_width.h"
#include "simd/lanes.h"

namespace buttress::path_bench {
Timing run_avx2(const Model& model, const PathPlan& plan, const Motion& motion, bool together) {
  return run<Lanes<double, 4>>(model, plan, motion, together);
}
}  // namespace buttress::path_bench
