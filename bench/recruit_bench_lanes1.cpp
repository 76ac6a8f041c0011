#include "recruit_bench_width.inl"

bool bench_one_lane(const buttress::RecruitmentPattern& pattern, double frames_per_second, int exponent) {
  return recruit_bench::bench_width<double>(pattern, frames_per_second, exponent);
}
