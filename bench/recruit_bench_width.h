#pragma once
#include "recruit/recruitment_problem.h"

/// One width each, in a translation unit compiled for it. Prints a line; false when the answer differs from the double
/// solver's.
bool bench_one_lane(const buttress::RecruitmentPattern& pattern, double frames_per_second, int exponent);
bool bench_four_lanes(const buttress::RecruitmentPattern& pattern, double frames_per_second, int exponent);
bool bench_eight_lanes(const buttress::RecruitmentPattern& pattern, double frames_per_second, int exponent);
