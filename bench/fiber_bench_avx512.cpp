// Time of update_fibers per frame with eight frames side by side, for 80 and 290 Millard muscles. The answer is
// checked against the one-frame kernel before anything is timed. Needs AVX-512.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>

#include "muscle/fiber_force.inl"

namespace {

using namespace buttress;
using Frame8 = Lanes<double, 8>;

Model make_model(std::size_t count, MuscleKind kind) {
  Model model;
  std::mt19937 random(1);
  std::uniform_real_distribution<double> unit(0, 1);
  for (std::size_t i = 0; i < count; ++i) {
    Muscle m;
    m.kind = kind;
    m.name = "m" + std::to_string(i);
    m.max_isometric_force = 200 + 3000 * unit(random);
    m.optimal_fiber_length = 0.05 + 0.2 * unit(random);
    m.tendon_slack_length = 0.02 + 0.3 * unit(random);
    m.pennation_at_optimal = i % 4 == 0 ? 0 : 0.4 * unit(random);
    model.muscles.push_back(m);
  }
  return model;
}

int run(std::size_t count, MuscleKind kind, const char* name) {
  const Model model = make_model(count, kind);
  const FiberPlan plan = make_fiber_plan(model);
  auto ws = make_fiber_workspace<Frame8>(plan);
  auto ws1 = make_fiber_workspace<double>(plan);
  std::mt19937 random(2);
  std::uniform_real_distribution<double> unit(0, 1);
  // fibres from 0.5 to 1.4 optimal lengths and up to 30 % of the maximum velocity either way, each frame its own
  std::vector<Frame8> length(count), speed(count);
  for (std::size_t m = 0; m < count; ++m)
    for (std::size_t k = 0; k < 8; ++k) {
      const Muscle& muscle = model.muscles[m];
      set_lane(length[m], k, muscle.tendon_slack_length + muscle.optimal_fiber_length * (0.5 + 0.9 * unit(random)));
      set_lane(speed[m], k, muscle.optimal_fiber_length * 10 * (0.6 * unit(random) - 0.3));
    }
  update_fibers(model, plan, length.data(), speed.data(), ws);
  double worst = 0;
  for (std::size_t k = 0; k < 8; ++k) {
    std::vector<double> l(count), s(count);
    for (std::size_t m = 0; m < count; ++m) l[m] = get_lane(length[m], k), s[m] = get_lane(speed[m], k);
    update_fibers(model, plan, l.data(), s.data(), ws1);
    for (std::size_t m = 0; m < count; ++m) {
      worst = std::fmax(worst, std::fabs(ws1.active_force[m] - get_lane(ws.active_force[m], k)));
      worst = std::fmax(worst, std::fabs(ws1.passive_force[m] - get_lane(ws.passive_force[m], k)));
    }
  }
  if (!(worst < 1e-8)) {
    std::printf("%s: eight frames differ from one by %g N\n", name, worst);
    return 1;
  }
  double best = 1e9;
  for (int repeat = 0; repeat < 20; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    const int rounds = 500;
    for (int i = 0; i < rounds; ++i) {
      update_fibers(model, plan, length.data(), speed.data(), ws);
      // the next round depends on this one, so that none is left out
      length[0] += Frame8(1e-30) * ws.active_force[0];
    }
    const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
    best = std::fmin(best, time.count() / rounds / 8);
  }
  std::printf("%-24s %3zu muscles: %.3f us/frame (largest difference from one frame at a time %.1e N)\n", name, count,
              best, worst);
  return 0;
}

}  // namespace

int main() {
  int failed = 0;
  for (const std::size_t count : {std::size_t(80), std::size_t(290)}) {
    failed += run(count, MuscleKind::millard2012_equilibrium, "Millard2012Equilibrium");
    failed += run(count, MuscleKind::thelen2003, "Thelen2003");
    failed += run(count, MuscleKind::degroote_fregly2016, "DeGrooteFregly2016");
  }
  return failed;
}
