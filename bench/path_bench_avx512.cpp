// path_bench.cpp with Lanes<double, 8>, compiled for AVX-512
#include "path_bench_width.h"
#include "simd/lanes.h"

namespace buttress::path_bench {
Timing run_avx512(const Model& model, const PathPlan& plan, const Motion& motion, bool together) {
  return run<Lanes<double, 8>>(model, plan, motion, together);
}
}  // namespace buttress::path_bench
