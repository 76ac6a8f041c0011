// Lanes against one double at a time, through frames with warm starts. What this can prove: lock-step, masks and rescue
// give each lane its own answer; the answer's own correctness is the business of recruitment_solver_test.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/skips_testing.h"
#include "recruit/random_recruitment_problem.h"
#include "recruit/recruitment_lanes_testing.h"

#if defined(BUTTRESS_HAS_LANES)
namespace buttress::recruit_test {
namespace {

constexpr int kFrames = 4;

using Walk = void (*)(const RecruitmentPattern&, const RecruitmentOptions&, const double*, const double*, int,
                      LaneFrame*);

struct Width {
  const char* name;
  int lanes;
  Walk walk;
  bool (*is_supported)();
};

const Width kWidths[] = {
    {"four", 4, walk_in_four_lanes, [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }},
    {"eight", 8, walk_in_eight_lanes,
     [] { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"); }},
};

// the frames of all lanes, with their storage
struct Batch {
  OwnedProblem base;
  RecruitmentPattern pattern;
  int lanes = 0;
  std::vector<std::vector<double>> matrix, load, activation, multiplier;
  std::vector<LaneFrame> frames;

  void link() {
    frames.clear();
    for (std::size_t k = 0; k < matrix.size(); ++k) {
      frames.push_back({matrix[k].data(), load[k].data(), base.lower.data(), base.upper.data(), activation[k].data(),
                        multiplier[k].data(), 0.0, RecruitmentStatus::not_converged, 0});
    }
  }
};

// each lane has its own strengths and demand, which drift from frame to frame
Batch make_batch(unsigned seed, int lanes) {
  Batch b;
  b.base = make_random_problem(seed);
  b.pattern = b.base.make_pattern();
  b.lanes = lanes;
  const OwnedProblem& p = b.base;
  for (int f = 0; f < kFrames; ++f) {
    for (int k = 0; k < lanes; ++k) {
      std::mt19937_64 random(seed * 1000 + k);
      std::uniform_real_distribution<double> unit(0.0, 1.0);
      std::vector<double> matrix = p.matrix;
      std::vector<double> load = p.load;
      const double demand = (0.2 + 1.2 * unit(random)) * (1.0 + 0.03 * f);
      for (double& x : load) x *= demand;
      for (int i = 0; i < p.columns; ++i) {
        const double strength = (0.5 + unit(random)) * (1.0 + 0.02 * f * unit(random));
        for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) matrix[e] *= strength;
      }
      b.matrix.push_back(std::move(matrix));
      b.load.push_back(std::move(load));
      b.activation.emplace_back(p.columns);
      b.multiplier.emplace_back(p.rows);
    }
  }
  b.link();
  return b;
}

void walk(const Width& width, const RecruitmentOptions& options, Batch& b) {
  width.walk(b.pattern, options, b.base.weight.data(), b.base.reserve_strength.data(), kFrames, b.frames.data());
}

TEST(RecruitmentLanes, every_lane_equals_a_double_of_its_own) {
  for (const Width& width : kWidths) {
    if (!width.is_supported()) GTEST_SKIP() << kNoWideRegisters;
    for (unsigned seed = 1; seed <= 150; ++seed) {
      RecruitmentOptions options;
      options.exponent = seed % 3 == 0 ? 3 : 2;
      Batch b = make_batch(seed, width.lanes);
      walk(width, options, b);
      for (std::size_t k = 0; k < b.frames.size(); ++k) {
        auto ws = make_recruitment_workspace<double>(b.pattern);
        solve_recruitment(b.pattern,
                          {b.matrix[k].data(), b.load[k].data(), b.base.lower.data(), b.base.upper.data(),
                           b.base.weight.data(), b.base.reserve_strength.data()},
                          options, ws);
        ASSERT_EQ(b.frames[k].status, RecruitmentStatus::converged)
            << width.name << " seed " << seed << " frame-lane " << k << ": " << b.base.features;
        for (int i = 0; i < b.base.columns; ++i) {
          ASSERT_NEAR(b.activation[k][i], ws.activation[i], 1e-9 * std::max(1.0, std::fabs(ws.activation[i])))
              << width.name << " seed " << seed << " frame-lane " << k << " column " << i << ": " << b.base.features;
        }
      }
    }
  }
}

/// Eight problems of one pattern in which half of the rows have no reserve and activations within the bounds give the
/// loads: nothing but the columns can balance those rows, and they can.
Batch make_batch_without_half_the_reserves(unsigned seed) {
  constexpr int kLanes = 8;
  Batch b;
  b.base = make_random_problem(seed);
  b.lanes = kLanes;
  OwnedProblem& p = b.base;
  std::mt19937_64 random(seed * 7919);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (double& rho : p.reserve_strength)
    if (unit(random) < 0.5) rho = 0;
  b.pattern = p.make_pattern();
  for (int k = 0; k < kLanes; ++k) {
    std::vector<double> matrix = p.matrix, load(p.rows, 0.0);
    for (int i = 0; i < p.columns; ++i) {
      const double strength = 0.5 + unit(random), low = std::max(p.lower[i], -2.0), high = std::min(p.upper[i], 2.0);
      const double a = low + (high - low) * (0.05 + 0.9 * unit(random));
      for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) {
        matrix[e] *= strength;
        load[p.row_index[e]] += a * matrix[e];
      }
    }
    b.matrix.push_back(std::move(matrix));
    b.load.push_back(std::move(load));
    b.activation.emplace_back(p.columns);
    b.multiplier.emplace_back(p.rows);
  }
  b.link();
  return b;
}

// 10,000 problems. All are solved; each set of instructions rescues the same ones, a few in a thousand: those whose
// steps run out where columns at their bounds leave a row without a way.
TEST(RecruitmentLanes, rows_without_reserve_are_balanced_alike_by_every_set_of_instructions) {
  RecruitmentOptions options;
  // answers are told apart at 1e-9, so the balance must be finer
  options.tolerance = 1e-10;
  int rescued = 0;
  for (unsigned seed = 1; seed <= 1250; ++seed) {
    options.exponent = seed % 3 == 0 ? 3 : 2;
    Batch alone = make_batch_without_half_the_reserves(seed);
    std::vector<int> rescued_alone(alone.frames.size());
    for (std::size_t k = 0; k < alone.frames.size(); ++k) {
      auto ws = make_recruitment_workspace<double>(alone.pattern);
      solve_recruitment(alone.pattern,
                        {alone.matrix[k].data(), alone.load[k].data(), alone.base.lower.data(), alone.base.upper.data(),
                         alone.base.weight.data(), alone.base.reserve_strength.data()},
                        options, ws);
      ASSERT_EQ(ws.status[0], RecruitmentStatus::converged) << "seed " << seed << ": " << alone.base.features;
      alone.activation[k] = ws.activation;
      rescued_alone[k] = ws.rescued_lanes;
      rescued += ws.rescued_lanes;
    }
    for (const Width& width : kWidths) {
      if (!width.is_supported()) continue;
      Batch b = make_batch_without_half_the_reserves(seed);
      for (int first = 0; first < b.lanes; first += width.lanes) {
        // one call each, so that every problem starts cold
        width.walk(b.pattern, options, b.base.weight.data(), b.base.reserve_strength.data(), 1, &b.frames[first]);
        int expected = 0;
        for (int k = first; k < first + width.lanes; ++k) expected += rescued_alone[k];
        EXPECT_EQ(b.frames[first].rescued_in_call, expected) << width.name << " seed " << seed;
      }
      for (std::size_t k = 0; k < b.frames.size(); ++k) {
        ASSERT_EQ(b.frames[k].status, RecruitmentStatus::converged) << width.name << " seed " << seed;
        for (int i = 0; i < b.base.columns; ++i)
          ASSERT_NEAR(b.activation[k][i], alone.activation[k][i],
                      1e-9 * std::max(1.0, std::fabs(alone.activation[k][i])))
              << width.name << " seed " << seed << " lane " << k << " column " << i << ": " << b.base.features;
      }
    }
  }
  EXPECT_LE(rescued, 40);
}

TEST(RecruitmentLanes, a_lane_does_not_feel_its_neighbours) {
  for (const Width& width : kWidths) {
    if (!width.is_supported()) GTEST_SKIP() << kNoWideRegisters;
    for (unsigned seed = 1; seed <= 60; ++seed) {
      RecruitmentOptions options;
      options.exponent = seed % 3 == 0 ? 3 : 2;
      Batch b = make_batch(seed, width.lanes);
      walk(width, options, b);
      // the same with other demands in all lanes but one, and with NaN in one of them
      Batch other = make_batch(seed, width.lanes);
      const int kept = static_cast<int>(seed) % width.lanes;
      for (int f = 0; f < kFrames; ++f) {
        for (int k = 0; k < width.lanes; ++k) {
          if (k == kept) continue;
          for (double& x : other.load[f * width.lanes + k]) x *= -1.7;
        }
        const int poisoned = (kept + 1) % width.lanes;
        other.load[f * width.lanes + poisoned][0] = std::numeric_limits<double>::quiet_NaN();
        if (f == 1) other.matrix[f * width.lanes + poisoned].assign(b.base.matrix.size(), 1e300);
      }
      walk(width, options, other);
      for (int f = 0; f < kFrames; ++f) {
        const int k = f * width.lanes + kept;
        ASSERT_EQ(other.frames[k].status, RecruitmentStatus::converged);
        // to the last bit
        ASSERT_EQ(other.activation[k], b.activation[k]) << width.name << " seed " << seed << " frame " << f;
        ASSERT_EQ(other.multiplier[k], b.multiplier[k]) << width.name << " seed " << seed << " frame " << f;
        ASSERT_NE(other.frames[f * width.lanes + (kept + 1) % width.lanes].status, RecruitmentStatus::converged);
      }
    }
  }
}

}  // namespace
}  // namespace buttress::recruit_test
#endif
