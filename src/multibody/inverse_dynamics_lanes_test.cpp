// Frames in lock-step against the same frames one by one. What this can prove: no lane leaks into another, pieces of
// splines are looked up per lane, and the vector sines are good enough.
#include <gtest/gtest.h>

#include <cstdio>

#include "base/skips_testing.h"
#include "model/compile.h"
#include "model/random_model_testing.h"
#include "multibody/lanes_testing.h"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress::lanes_testing {
namespace {

/// largest difference over the largest magnitude of the model's results
double calc_worst_error(FrameFunction in_lanes, std::size_t lanes) {
  double worst = 0;
  for (int seed = 1; seed <= 100; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Diagnostics diagnostics;
    const std::optional<Model> model = compile(make_random_model(random, 25), {}, diagnostics);
    if (!model) throw std::runtime_error("the random model does not compile");
    const std::size_t n = model->coordinates.size(), results = count_results(*model);
    std::vector<double> q(lanes * n), qd(lanes * n), qdd(lanes * n), together(lanes * results), alone(results);
    for (std::size_t i = 0; i < lanes * n; ++i) {
      q[i] = random.uniform(-1.2, 1.2);
      qd[i] = random.uniform(-2, 2);
      qdd[i] = random.uniform(-5, 5);
    }
    in_lanes(*model, q.data(), qd.data(), qdd.data(), together.data());
    double difference = 0, magnitude = 0;
    for (std::size_t frame = 0; frame < lanes; ++frame) {
      calc_frames<double>(*model, &q[frame * n], &qd[frame * n], &qdd[frame * n], alone.data());
      for (std::size_t i = 0; i < results; ++i) {
        difference = std::max(difference, std::abs(together[frame * results + i] - alone[i]));
        magnitude = std::max(magnitude, std::abs(alone[i]));
      }
    }
    worst = std::max(worst, difference / magnitude);
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.2e", worst);
  testing::Test::RecordProperty("worst_relative_error", text);
  return worst;
}

TEST(InverseDynamicsInLanes, two_frames_equal_single_frames) {
  EXPECT_LE(calc_worst_error(kSseFrames, 2), 1e-13);
}

TEST(InverseDynamicsInLanes, four_frames_equal_single_frames) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) GTEST_SKIP() << kNoWideRegisters;
  EXPECT_LE(calc_worst_error(kAvx2Frames, 4), 1e-13);
}

TEST(InverseDynamicsInLanes, eight_frames_equal_single_frames) {
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512bw"))
    GTEST_SKIP() << kNoWideRegisters;
  EXPECT_LE(calc_worst_error(kAvx512Frames, 8), 1e-13);
}

}  // namespace
}  // namespace buttress::lanes_testing
#endif
