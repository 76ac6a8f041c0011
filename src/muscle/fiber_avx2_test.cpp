// the fibres of Lanes<double, 4>, compiled for AVX2; fiber_lanes_test.cpp compares them with double
#include "muscle/fiber_answers_testing.h"
#include "simd/lanes.h"

#if defined(__x86_64__)
namespace buttress::fiber_testing {
std::vector<FiberAnswers> find_answers_avx2(const Model& model, const FiberPlan& plan, const Expression& formula,
                                            const std::vector<std::vector<double>>& lengths,
                                            const std::vector<std::vector<double>>& speeds) {
  return find_answers<Lanes<double, 4>>(model, plan, formula, lengths, speeds);
}
}  // namespace buttress::fiber_testing
#endif
