#include "fma_peak.h"

#include "fma_peak.inl"

namespace buttress {

#ifdef BUTTRESS_HAS_LANES
double measure_fma_peak_avx2();
double measure_fma_peak_avx512();
#endif

double measure_fma_peak(InstructionSet set) {
#ifdef BUTTRESS_HAS_LANES
  if (set == InstructionSet::avx512) return measure_fma_peak_avx512();
  if (set == InstructionSet::avx2) return measure_fma_peak_avx2();
#endif
  (void)set;
  return measure_fma_rate<double>();
}

}  // namespace buttress
