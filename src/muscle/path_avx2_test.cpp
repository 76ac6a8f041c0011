// the paths of Lanes<double, 4>, compiled for AVX2; path_kinematics_test.cpp compares them with double
#include "muscle/path_answers_testing.h"
#include "simd/lanes.h"

#if defined(__x86_64__)
namespace buttress::path_testing {
std::vector<PathAnswers> find_answers_avx2(const Model& model, const PathPlan& plan,
                                           const std::vector<std::vector<double>>& poses) {
  return find_answers<Lanes<double, 4>>(model, plan, poses);
}
}  // namespace buttress::path_testing
#endif
