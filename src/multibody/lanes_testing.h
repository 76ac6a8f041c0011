#pragma once
#include <cstddef>
#include <vector>

#include "multibody/inverse_dynamics.h"
#include "multibody/kinematics.inl"
#include "simd/lanes.h"

/// For inverse_dynamics_lanes_test.cpp: the kernels of this folder over N frames in lock-step. Each instruction set has
/// a small file of its own that holds nothing else, because whatever is compiled for AVX-512 must not be linked into
/// the rest.
namespace buttress::lanes_testing {

/// numbers that calc_frames writes for each frame
inline std::size_t count_results(const Model& model) {
  return model.bodies.size() * (9 + 3 + 4 * 3 + 6) + model.coordinates.size();
}

/// Runs the kernels on lanes_of<T> frames. q, qd, qdd are [frame][coordinate], results [frame][count_results].
template <class T>
void calc_frames(const Model& model, const double* q, const double* qd, const double* qdd, double* results) {
  const std::size_t n = model.coordinates.size();
  std::vector<T> state[3];
  const double* given[3] = {q, qd, qdd};
  for (int order = 0; order < 3; ++order) {
    state[order].resize(n);
    for (std::size_t c = 0; c < n; ++c)
      for (std::size_t frame = 0; frame < lanes_of<T>; ++frame)
        set_lane(state[order][c], frame, given[order][frame * n + c]);
  }
  Kinematics<T> kin = make_kinematics<T>(model);
  std::vector<Wrench<T>> applied(model.bodies.size(), Wrench<T>{{T(3.0), T(-2.0), T(5.0)}, {T(0.5), T(0.25), T(-1.0)}}),
      joint_wrench(model.bodies.size());
  std::vector<T> tau(n);
  update_positions(model, state[0].data(), kin);
  update_accelerations(model, state[1].data(), state[2].data(), kin);
  calc_joint_wrenches(model, kin, applied.data(), joint_wrench.data());
  calc_generalized_forces(model, kin, joint_wrench.data(), tau.data());

  for (std::size_t frame = 0; frame < lanes_of<T>; ++frame) {
    const auto put = [&](const T& x) { *results++ = get_lane(x, frame); };
    const auto put3 = [&](const Vec3<T>& v) { put(v.x), put(v.y), put(v.z); };
    for (std::size_t b = 0; b < model.bodies.size(); ++b) {
      for (const auto& row : kin.X_WB[b].R.m)
        for (const T& x : row) put(x);
      put3(kin.X_WB[b].p);
      put3(kin.w_WB_W[b]);
      put3(kin.v_WB_W[b]);
      put3(kin.alpha_WB_W[b]);
      put3(kin.a_WB_W[b]);
      put3(joint_wrench[b].force);
      put3(joint_wrench[b].moment);
    }
    for (const T& x : tau) put(x);
  }
}

using FrameFunction = void (*)(const Model&, const double* q, const double* qd, const double* qdd, double* results);
extern const FrameFunction kSseFrames, kAvx2Frames, kAvx512Frames;

}  // namespace buttress::lanes_testing
