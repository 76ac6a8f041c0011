// the fibres of Lanes<double, 8>, compiled for AVX-512; fiber_lanes_test.cpp compares them with double
#include "muscle/fiber_answers_testing.h"
#include "simd/lanes.h"

#if defined(__x86_64__)
namespace buttress::fiber_testing {
std::vector<FiberAnswers> find_answers_avx512(const Model& model, const FiberPlan& plan, const Expression& formula,
                                              const std::vector<std::vector<double>>& lengths,
                                              const std::vector<std::vector<double>>& speeds) {
  return find_answers<Lanes<double, 8>>(model, plan, formula, lengths, speeds);
}
}  // namespace buttress::fiber_testing
#endif
