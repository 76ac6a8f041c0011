#include "chain_flops.h"

#include <algorithm>

// the counter first: the kernels look its functions up where they are defined
// clang-format off
#include "flop_counter.h"
#include "load/chain_batch.inl"
#include "recruit/recruitment_solver.inl"
// clang-format on

namespace buttress {

std::array<double, 5> count_stage_flops(const ChainPlan& plan, const ChainInput& input) {
  using T = FlopCounter;
  ChainWorkspace<T> ws = make_chain_workspace<T>(plan);
  std::array<double, 5> total{};
  const std::size_t n = plan.model->coordinates.size();
  const std::size_t frames = std::min<std::size_t>(100, input.frame_count);
  // the first frame starts cold and is not counted
  for (std::size_t f = 0; f < frames; ++f) {
    const std::size_t frame[1] = {f};
    detail::load_lanes(input.q, n, frame, ws.q.data());
    detail::load_lanes(input.qd, n, frame, ws.qd.data());
    detail::load_lanes(input.qdd, n, frame, ws.qdd.data());
    if (!plan.loads.empty()) detail::load_lanes(input.loads, plan.loads.size() * 9, frame, ws.load_values.data());
    const auto count = [&](std::size_t stage, auto&& run) {
      T::count = 0;
      run();
      if (f > 0) total[stage] += static_cast<double>(T::count);
    };
    count(0, [&] { update_joint_moments(plan, ws); });
    count(1, [&] { update_muscle_geometry(plan, ws); });
    count(2, [&] { update_capacities(plan, ws); });
    count(3, [&] { update_recruitment(plan, ws); });
    count(4, [&] { update_reactions(plan, ws); });
  }
  for (double& t : total) t /= static_cast<double>(std::max<std::size_t>(1, frames - 1));
  return total;
}

}  // namespace buttress
