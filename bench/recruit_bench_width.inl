#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "recruit_bench_width.h"

namespace recruit_bench {

using namespace buttress;

/// sin(stride + phase) for many phases at one stride
struct Wave {
  explicit Wave(double phase) : sine(std::sin(phase)), cosine(std::cos(phase)) {}
  double sine, cosine;
};

/// A walk: every entry of A and every activation is offset + swing sin(2 pi t / period + phase). Lanes are different
/// walkers (other phases, strengths) at different times of the stride; lane k of any width is the same walker.
struct Walk {
  explicit Walk(const RecruitmentPattern& p) : pattern(p) {
    std::mt19937_64 random(20240607);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    for (int i = 0; i < p.column_count; ++i) {
      const double force = 300.0 * std::exp(1.2 * unit(random));
      strength_wave.emplace_back(6.2832 * unit(random));
      burst_wave.emplace_back(6.2832 * unit(random));
      burst_size.push_back(0.1 + 0.7 * unit(random));
      for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) {
        const double arm = 0.06 * (2.0 * unit(random) - 1.0);
        offset.push_back(force * arm);
        swing.push_back(force * 0.015 * unit(random));
        wave.emplace_back(6.2832 * unit(random));
      }
    }
  }

  // A and b of one walker: b is what an activation pattern with bursts would give, plus what reserves must take
  void update_frame(double t, int walker, double* matrix, double* load) const {
    const double stride = 6.2832 * (t / 1.1 + 0.37 * walker);
    const double sine = std::sin(stride);
    const double cosine = std::cos(stride);
    const auto calc_wave = [&](const Wave& w) { return sine * w.cosine + cosine * w.sine; };
    for (int j = 0; j < pattern.row_count; ++j) load[j] = 0.5 * std::sin(stride + j);
    for (int i = 0; i < pattern.column_count; ++i) {
      const double capacity = (1.0 + 0.2 * calc_wave(strength_wave[i])) * (0.7 + 0.08 * walker);
      const double burst = std::max(0.0, calc_wave(burst_wave[i]));
      const double activation = 0.02 + burst_size[i] * burst * burst;
      for (int e = pattern.column_start[i]; e < pattern.column_start[i + 1]; ++e) {
        matrix[e] = capacity * (offset[e] + swing[e] * calc_wave(wave[e]));
        load[pattern.row_index[e]] += matrix[e] * activation;
      }
    }
  }

  const RecruitmentPattern& pattern;
  std::vector<double> offset, swing, burst_size;
  std::vector<Wave> wave, strength_wave, burst_wave;
};

/// flops per second of independent fused multiply-adds in registers of T's width
template <class T>
double measure_peak() {
  constexpr int kChains = 12;
  T sum[kChains];
  for (int k = 0; k < kChains; ++k) sum[k] = T(0.001 * k);
  T factor(0.999999);
  T add(1e-9);
  double best = 0.0;
  for (int repeat = 0; repeat < 20; ++repeat) {
    asm volatile("" : "+m"(factor), "+m"(add));
    const T f = factor;
    const T a = add;
    const auto start = std::chrono::steady_clock::now();
    constexpr int kSteps = 200000;
    for (int step = 0; step < kSteps; ++step) {
#pragma GCC unroll 12
      for (int k = 0; k < kChains; ++k) sum[k] = sum[k] * f + a;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    for (int k = 0; k < kChains; ++k) asm volatile("" : "+m"(sum[k]));
    best = std::max(best, 2.0 * kChains * kSteps * static_cast<double>(lanes_of<T>) / seconds);
  }
  return best;
}

/// useful flops of one Newton step of one frame: s and g (2 x 2 nnz), A D A^T over all columns, L D L^T, responses
inline double count_flops(const RecruitmentPattern& p) {
  double flops = 4.0 * p.entry_count() + 6.0 * p.column_count;
  for (int i = 0; i < p.column_count; ++i) {
    const double k = p.column_start[i + 1] - p.column_start[i];
    flops += k * (k + 1.0) + k;
  }
  for (int c = 0; c < p.row_count; ++c) {
    const double k = p.factor_start[c + 1] - p.factor_start[c];
    flops += k * (k + 3.0) + 4.0 * k;
  }
  return flops;
}

template <class T>
bool bench_width(const RecruitmentPattern& p, double frames_per_second, int exponent) {
  constexpr int kLanes = static_cast<int>(lanes_of<T>);
  const Walk walk(p);
  const int frames = static_cast<int>(std::min(6.6 * frames_per_second, 2000.0));
  const std::vector<double> weight(p.column_count, 1.0);
  const std::vector<double> reserve(p.row_count, 1.0);
  RecruitmentOptions options;
  options.exponent = exponent;

  std::vector<T> matrix(p.entry_count()), load(p.row_count), lower(p.column_count, T(0.0)),
      upper(p.column_count, T(1.0));
  const RecruitmentProblem<T> problem{matrix.data(), load.data(),   lower.data(),
                                      upper.data(),  weight.data(), reserve.data()};
  std::vector<double> one_matrix(p.entry_count()), one_load(p.row_count);
  const std::vector<double> zeros(p.column_count, 0.0), ones(p.column_count, 1.0);
  const RecruitmentProblem<double> one_problem{one_matrix.data(), one_load.data(), zeros.data(),
                                               ones.data(),       weight.data(),   reserve.data()};
  const auto update_frame = [&](int frame) {
    for (int lane = 0; lane < kLanes; ++lane) {
      walk.update_frame(frame / frames_per_second, lane, one_matrix.data(), one_load.data());
      for (int e = 0; e < p.entry_count(); ++e) set_lane(matrix[e], lane, one_matrix[e]);
      for (int j = 0; j < p.row_count; ++j) set_lane(load[j], lane, one_load[j]);
    }
  };

  // the answer first: every lane against the double solver from a cold start
  auto ws = make_recruitment_workspace<T>(p);
  auto one = make_recruitment_workspace<double>(p);
  double worst = 0.0;
  for (int frame = 0; frame < frames; frame += 37) {
    update_frame(frame);
    solve_recruitment(p, problem, options, ws);
    for (int lane = 0; lane < kLanes; ++lane) {
      walk.update_frame(frame / frames_per_second, lane, one_matrix.data(), one_load.data());
      std::fill(one.multiplier.begin(), one.multiplier.end(), 0.0);
      solve_recruitment(p, one_problem, options, one);
      for (int i = 0; i < p.column_count; ++i) {
        const double difference = std::fabs(get_lane(ws.activation[i], lane) - one.activation[i]);
        worst = difference <= worst ? worst : difference;
      }
    }
  }

  // then the time: A and b of a frame are in cache when the solver gets them, as when kinematics has just made them
  // (the walk is repeated and each frame's best counts, so that other programs on the machine do not)
  std::vector<double> best_seconds(frames, std::numeric_limits<double>::infinity());
  double best_walk = std::numeric_limits<double>::infinity();
  double batch_steps = 0.0, lane_steps = 0.0, free_share = 0.0;
  int most_steps = 0, failures = 0, rescued = 0;
  for (int repeat = 0; repeat < 10; ++repeat) {
    ws = make_recruitment_workspace<T>(p);
    double walk_seconds = 0.0;
    batch_steps = lane_steps = free_share = 0.0;
    most_steps = failures = rescued = 0;
    for (int frame = 0; frame < frames; ++frame) {
      update_frame(frame);
      const auto start = std::chrono::steady_clock::now();
      solve_recruitment(p, problem, options, ws);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      best_seconds[frame] = std::min(best_seconds[frame], seconds);
      walk_seconds += seconds;
      batch_steps += ws.iterations;
      most_steps = std::max(most_steps, ws.iterations);
      rescued += ws.rescued_lanes;
      for (int lane = 0; lane < kLanes; ++lane) {
        lane_steps += ws.lane_iterations[lane];
        failures += ws.status[lane] == RecruitmentStatus::converged ? 0 : 1;
      }
      for (int i = 0; i < p.column_count; ++i) free_share += any(ws.curvature[i] > T(0.0)) ? 1.0 : 0.0;
    }
    best_walk = std::min(best_walk, walk_seconds);
  }
  const double per_frame_of_walk = best_walk / (frames * kLanes);
  const double per_frame = std::accumulate(best_seconds.begin(), best_seconds.end(), 0.0) / (frames * kLanes);
  const double flops = count_flops(p) * lane_steps / (frames * kLanes);
  const double peak = measure_peak<T>();
  std::printf(
      "  p=%d %d lane%s %7.3f us/frame (%.3f in the best whole walk)  steps %.2f per lane, %.2f per batch (max %d)  "
      "%4.1f %% of %.1f GFLOP/s  "
      "columns in use %.0f %%  rescued %d  not converged %d  max |a - a_double| %.1e\n",
      exponent, kLanes, kLanes == 1 ? " " : "s", 1e6 * per_frame, 1e6 * per_frame_of_walk,
      lane_steps / (frames * kLanes), batch_steps / frames, most_steps, 100.0 * flops / (per_frame * peak), 1e-9 * peak,
      100.0 * free_share / (frames * p.column_count), rescued, failures, worst);
  return failures == 0 && worst < 1e-9;
}

}  // namespace recruit_bench
