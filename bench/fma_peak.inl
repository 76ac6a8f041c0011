#pragma once
#include <chrono>
#include <cstddef>

#include "simd/lanes.h"

namespace buttress {

/// best flop rate over a few runs of independent multiply-add chains, enough of them to hide the latency
template <class T>
double measure_fma_rate() {
  constexpr int kChains = 16;
  constexpr int kSteps = 200000;
  double best = 0;
  for (int run = 0; run < 8; ++run) {
    T x[kChains];
    for (int i = 0; i < kChains; ++i) x[i] = T(0.5 + 0.01 * i);
    const T a(0.999999), b(1e-6);
    const auto start = std::chrono::steady_clock::now();
    for (int step = 0; step < kSteps; ++step)
      for (int i = 0; i < kChains; ++i) x[i] = x[i] * a + b;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    T sum(0.0);
    for (int i = 0; i < kChains; ++i) sum += x[i];
    // the sum keeps the loop alive; it is never zero
    if (get_lane(sum, 0) == 0.0) return 0;
    const double rate = 2.0 * kChains * kSteps * static_cast<double>(lanes_of<T>) / seconds;
    if (rate > best) best = rate;
  }
  return best;
}

}  // namespace buttress
