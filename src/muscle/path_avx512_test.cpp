// the paths of Lanes<double, 8>, compiled for AVX-512; path_kinematics_test.cpp compares them with double
#include "muscle/path_answers_testing.h"
#include "simd/lanes.h"

#if defined(__x86_64__)
namespace buttress::path_testing {
std::vector<PathAnswers> find_answers_avx512(const Model& model, const PathPlan& plan,
                                             const std::vector<std::vector<double>>& poses) {
  return find_answers<Lanes<double, 8>>(model, plan, poses);
}
}  // namespace buttress::path_testing
#endif
