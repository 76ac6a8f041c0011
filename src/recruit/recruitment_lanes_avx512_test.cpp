#include "recruit/recruitment_lanes_testing.h"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress::recruit_test {

void walk_in_eight_lanes(const RecruitmentPattern& pattern, const RecruitmentOptions& options, const double* weight,
                         const double* reserve_strength, int frame_count, LaneFrame* frames) {
  walk_in_lanes<Lanes<double, 8>>(pattern, options, weight, reserve_strength, frame_count, frames);
}

}  // namespace buttress::recruit_test
#endif
