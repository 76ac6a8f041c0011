#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "muscle/fiber_answers_testing.h"

#if defined(__x86_64__)
namespace buttress::fiber_testing {
std::vector<FiberAnswers> find_answers_avx2(const Model&, const FiberPlan&, const Expression&,
                                            const std::vector<std::vector<double>>&,
                                            const std::vector<std::vector<double>>&);
std::vector<FiberAnswers> find_answers_avx512(const Model&, const FiberPlan&, const Expression&,
                                              const std::vector<std::vector<double>>&,
                                              const std::vector<std::vector<double>>&);

namespace {

// each lane must be the answer of the one-frame kernel, whatever its neighbours hold: lengths from slack to far
// overstretched stand side by side, so every branch that became a select() is seen
TEST(FiberLanes, every_width_gives_the_answers_of_one_frame_at_a_time) {
  std::mt19937 random(8);
  std::uniform_real_distribution<double> unit(0, 1);
  Model model;
  for (const MuscleKind kind :
       {MuscleKind::thelen2003, MuscleKind::millard2012_equilibrium, MuscleKind::millard2012_acceleration,
        MuscleKind::degroote_fregly2016, MuscleKind::schutte1993})
    for (const double pennation : {0.0, 0.2, 0.7}) {
      Muscle m;
      m.kind = kind;
      m.max_isometric_force = 1000;
      m.optimal_fiber_length = 0.03 + 0.2 * unit(random);
      m.tendon_slack_length = 0.05 + 0.2 * unit(random);
      m.pennation_at_optimal = pennation;
      model.muscles.push_back(m);
    }
  const FiberPlan plan = make_fiber_plan(model);
  const Expression formula =
      parse_expression("tanh(x)*x^3+select(step(y),erf(y),floor(9*x))+min(x,y)^2+(x+3)^y", {"x", "y"}).expression;
  std::vector<std::vector<double>> lengths(203), speeds(203);
  for (std::size_t frame = 0; frame < lengths.size(); ++frame)
    for (const Muscle& m : model.muscles) {
      lengths[frame].push_back(m.tendon_slack_length + m.optimal_fiber_length * (2.1 * unit(random) - 0.3));
      speeds[frame].push_back(m.optimal_fiber_length * 10 * (3 * unit(random) - 1.5));
    }
  const auto expected = find_answers<double>(model, plan, formula, lengths, speeds);
  const auto compare = [&](const std::vector<FiberAnswers>& got, const char* width) {
    ASSERT_EQ(got.size(), expected.size());
    double worst = 0;
    for (std::size_t f = 0; f < got.size(); ++f)
      for (std::size_t k = 0; k < got[f].values.size(); ++k) {
        const double difference = std::fabs(got[f].values[k] - expected[f].values[k]);
        // a missing number must fail
        EXPECT_TRUE(difference <= 1e-9 * (1 + std::fabs(expected[f].values[k]))) << width << " frame " << f << " " << k;
        worst = std::fmax(worst, difference);
      }
    RecordProperty(std::string("worst_") + width, std::to_string(worst));
  };
  compare(find_answers<Lanes<double, 2>>(model, plan, formula, lengths, speeds), "sse");
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    compare(find_answers_avx2(model, plan, formula, lengths, speeds), "avx2");
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    compare(find_answers_avx512(model, plan, formula, lengths, speeds), "avx512");
}

}  // namespace
}  // namespace buttress::fiber_testing
#endif
