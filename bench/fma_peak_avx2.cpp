#include "fma_peak.inl"

namespace buttress {

double measure_fma_peak_avx2() {
  return measure_fma_rate<Lanes<double, 4>>();
}

}  // namespace buttress
