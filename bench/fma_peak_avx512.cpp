#include "fma_peak.inl"

namespace buttress {

double measure_fma_peak_avx512() {
  return measure_fma_rate<Lanes<double, 8>>();
}

}  // namespace buttress
