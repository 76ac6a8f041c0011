#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "multibody/kinematics.inl"
#include "muscle/path_kinematics.inl"

/// For path_bench.cpp: lengths and moment arms of all frames with one number type, and the time per frame.
namespace buttress::path_bench {

struct Motion {
  std::size_t frames = 0, coordinates = 0;
  std::vector<double> q;  ///< [frames x coordinates]
};

struct Timing {
  double microseconds_per_frame = 0;         ///< update_paths() alone, its inputs in cache
  std::vector<double> lengths, moment_arms;  ///< [frames x paths], [frames x non-zeros]
};

/// Lane i holds the i-th of `width` equal pieces of the motion, as when pieces are walked through side by side;
/// `together` puts neighbouring frames into one batch instead. Frames beyond a whole number of batches are left out.
template <class T>
Timing run(const Model& model, const PathPlan& plan, const Motion& motion, bool together) {
  constexpr std::size_t width = lanes_of<T>;
  const std::size_t batches = motion.frames / width;
  const auto find_frame = [&](std::size_t batch, std::size_t lane) {
    return together ? batch * width + lane : lane * batches + batch;
  };
  Kinematics<T> kin = make_kinematics<T>(model);
  PathWorkspace<T> ws = make_path_workspace<T>(model, plan);
  std::vector<T> q(motion.coordinates);
  Timing timing;
  timing.lengths.resize(motion.frames * ws.length.size());
  timing.moment_arms.resize(motion.frames * ws.moment_arm.size());
  for (std::size_t b = 0; b < batches; ++b) {
    for (std::size_t c = 0; c < motion.coordinates; ++c)
      for (std::size_t i = 0; i < width; ++i) set_lane(q[c], i, motion.q[find_frame(b, i) * motion.coordinates + c]);
    update_positions(model, q.data(), kin);
    // the least of a few repeats of each batch, so that a busy machine does not count
    double least = 1e30;
    for (int repeat = 0; repeat < 12; ++repeat) {
      const auto start = std::chrono::steady_clock::now();
      update_paths(model, plan, kin, q.data(), ws);
      const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
      least = std::min(least, spent.count());
    }
    timing.microseconds_per_frame += least / static_cast<double>(batches * width);
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t frame = find_frame(b, i);
      for (std::size_t k = 0; k < ws.length.size(); ++k)
        timing.lengths[frame * ws.length.size() + k] = get_lane(ws.length[k], i);
      for (std::size_t k = 0; k < ws.moment_arm.size(); ++k)
        timing.moment_arms[frame * ws.moment_arm.size() + k] = get_lane(ws.moment_arm[k], i);
    }
  }
  return timing;
}

Timing run_avx2(const Model& model, const PathPlan& plan, const Motion& motion, bool together);
Timing run_avx512(const Model& model, const PathPlan& plan, const Motion& motion, bool together);

}  // namespace buttress::path_bench
