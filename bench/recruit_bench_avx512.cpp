#include "recruit_bench_width.inl"

bool bench_eight_lanes(const buttress::RecruitmentPattern& pattern, double frames_per_second, int exponent) {
  return recruit_bench::bench_width<buttress::Lanes<double, 8>>(pattern, frames_per_second, exponent);
}
