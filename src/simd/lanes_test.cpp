// Lanes and scalar functions against the standard library's double functions. What this can prove: each lane computes
// its own value, masks and selects take the right side, and glibc's vector functions keep their documented bound of
// 4 units in the last place (plus one for the standard library's own error).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <vector>

#include "simd/lanes_testing.h"

namespace buttress::lanes_testing {
namespace {

constexpr double kLastPlaces = 5;

/// what the standard library says; written without any of our functions
double calc_reference(Operation operation, double x, double y) {
  switch (operation) {
    case Operation::add:
    case Operation::add_assign:
      return x + y;
    case Operation::subtract:
    case Operation::subtract_assign:
      return x - y;
    case Operation::multiply:
    case Operation::multiply_assign:
      return x * y;
    case Operation::divide:
    case Operation::divide_assign:
      return x / y;
    case Operation::negate:
      return -x;
    case Operation::less:
      return x < y ? 1 : 0;
    case Operation::greater:
      return x > y ? 1 : 0;
    case Operation::less_or_equal:
      return x <= y ? 1 : 0;
    case Operation::greater_or_equal:
      return x >= y ? 1 : 0;
    case Operation::equal:
      return x == y ? 1 : 0;
    case Operation::mask_and:
      return x < y && x > 0 ? 1 : 0;
    case Operation::mask_or:
      return x < y || x > 0 ? 1 : 0;
    case Operation::mask_not:
      return x < y ? 0 : 1;
    case Operation::select_smaller:
    case Operation::minimum:
      return std::fmin(x, y);
    case Operation::maximum:
      return std::fmax(x, y);
    case Operation::absolute:
      return std::fabs(x);
    case Operation::square_root:
      return std::sqrt(x);
    case Operation::sine:
      return std::sin(x);
    case Operation::cosine:
      return std::cos(x);
    case Operation::exponential:
      return std::exp(x);
    case Operation::logarithm:
      return std::log(x);
    case Operation::arc_cosine:
      return std::acos(x);
    case Operation::arc_sine:
      return std::asin(x);
    case Operation::arc_tangent:
      return std::atan2(x, y);
    case Operation::look_up:
      return 10 + x;
    case Operation::count:
      break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

struct Inputs {
  std::vector<double> x, y;
};

/// seeded inputs inside the domain of the operation, corner values first; their number is a multiple of 8
Inputs make_inputs(Operation operation, unsigned seed) {
  std::mt19937_64 random(seed);
  const auto uniform = [&](double a, double b) { return std::uniform_real_distribution<double>(a, b)(random); };
  Inputs in;
  const auto push = [&](double x, double y) {
    in.x.push_back(x);
    in.y.push_back(y);
  };
  constexpr std::size_t count = 4096;
  switch (operation) {
    case Operation::square_root:
    case Operation::logarithm:
      for (double x : {1.0, 0.5, 2.0, 1e-300, 1e300}) push(x, 0);
      while (in.x.size() < count) push(std::exp(uniform(-600, 600)), 0);
      break;
    case Operation::exponential:
      for (double x : {0.0, 1.0, -1.0, 1e-20}) push(x, 0);
      while (in.x.size() < count) push(uniform(-700, 700), 0);
      break;
    case Operation::arc_cosine:
    case Operation::arc_sine:
      for (double x : {0.0, 0.5, -0.5, 1.0, -1.0, 1 - 1e-15, -1 + 1e-15}) push(x, 0);
      while (in.x.size() < count) push(uniform(-1, 1), 0);
      break;
    case Operation::arc_tangent:
      for (double x : {0.0, 1.0, -1.0})
        for (double y : {1.0, -1.0, 0.0})
          if (x != 0 || y != 0) push(x, y);
      while (in.x.size() < count) push(uniform(-3, 3) * std::exp(uniform(-9, 9)), uniform(-3, 3));
      break;
    case Operation::look_up:
      while (in.x.size() < count) push(std::floor(uniform(0, 8)), 0);
      break;
    default:
      for (double x : {0.0, 1.0, -1.0})
        for (double y : {1.0, -1.0}) push(x, y);
      // every fourth pair is equal, for the comparisons
      while (in.x.size() < count) {
        const double x = uniform(-30, 30);
        push(x, in.x.size() % 4 == 0 ? x : uniform(-30, 30));
      }
  }
  return in;
}

/// distance in units in the last place of the reference
double find_last_places(double value, double reference) {
  if (value == reference) return 0;
  const double size = std::fabs(reference);
  const double unit = std::nextafter(size, std::numeric_limits<double>::infinity()) - size;
  return std::fabs(value - reference) / unit;
}

/// arithmetic, comparisons and square roots are exact in IEEE 754; the vector functions are not
double find_tolerance(Operation operation) {
  switch (operation) {
    case Operation::sine:
    case Operation::cosine:
    case Operation::exponential:
    case Operation::logarithm:
    case Operation::arc_cosine:
    case Operation::arc_sine:
    case Operation::arc_tangent:
      return kLastPlaces;
    default:
      return 0;
  }
}

std::vector<Operation> find_operations() {
  std::vector<Operation> all;
  for (int i = 0; i < static_cast<int>(Operation::count); ++i) all.push_back(static_cast<Operation>(i));
  return all;
}

TEST(ScalarFunctions, equal_the_standard_library) {
  for (const Operation operation : find_operations()) {
    const Inputs in = make_inputs(operation, 1);
    for (std::size_t i = 0; i < in.x.size(); ++i)
      ASSERT_EQ(apply(operation, in.x[i], in.y[i]), calc_reference(operation, in.x[i], in.y[i]))
          << "operation " << static_cast<int>(operation) << " at " << in.x[i] << ", " << in.y[i];
  }
}

TEST(ScalarFunctions, carry_one_lane_that_reads_and_writes_as_itself) {
  EXPECT_EQ(lanes_of<double>, 1u);
  double x = 1;
  set_lane(x, 0, 2.5);
  EXPECT_EQ(get_lane(x, 0), 2.5);
  EXPECT_TRUE(any(true) && all(true) && get_lane(true, 0));
  EXPECT_FALSE(any(false) || all(false) || get_lane(false, 0));
}

#if defined(BUTTRESS_HAS_LANES)
/// those this processor can run; SSE2 is part of every x86-64
std::vector<InstructionSet> find_usable_instruction_sets() {
  std::vector<InstructionSet> usable{kSse};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) usable.push_back(kAvx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    usable.push_back(kAvx512);
  return usable;
}

TEST(Lanes, each_lane_equals_double_for_every_function) {
  for (const InstructionSet& set : find_usable_instruction_sets())
    for (const Operation operation : find_operations()) {
      const Inputs in = make_inputs(operation, 2);
      std::vector<double> out(in.x.size(), std::numeric_limits<double>::quiet_NaN());
      set.evaluate(operation, in.x.data(), in.y.data(), out.data(), out.size());
      for (std::size_t i = 0; i < out.size(); ++i) {
        const double reference = calc_reference(operation, in.x[i], in.y[i]);
        ASSERT_LE(find_last_places(out[i], reference), find_tolerance(operation))
            << set.name << ", operation " << static_cast<int>(operation) << " at " << in.x[i] << ", " << in.y[i] << ": "
            << out[i] << " instead of " << reference;
      }
    }
}

TEST(Lanes, sines_keep_their_precision_far_from_zero) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> far(-1e5, 1e5);
  std::vector<double> x(4096), out(4096);
  for (double& value : x) value = far(random);
  for (const InstructionSet& set : find_usable_instruction_sets())
    for (const Operation operation : {Operation::sine, Operation::cosine}) {
      set.evaluate(operation, x.data(), x.data(), out.data(), out.size());
      for (std::size_t i = 0; i < out.size(); ++i)
        ASSERT_NEAR(out[i], calc_reference(operation, x[i], 0), 1e-15) << set.name << " at " << x[i];
    }
}

TEST(Lanes, any_and_all_speak_for_the_whole_group) {
  for (const InstructionSet& set : find_usable_instruction_sets()) {
    // every pattern of the group in turn, so that each lane is seen alone, missing, and with all others
    const std::size_t groups = std::size_t{1} << set.lanes;
    std::vector<double> x(groups * set.lanes), y(x.size(), 0.0);
    for (std::size_t g = 0; g < groups; ++g)
      for (std::size_t lane = 0; lane < set.lanes; ++lane) x[g * set.lanes + lane] = (g >> lane) & 1 ? -1.0 : 1.0;
    const std::unique_ptr<bool[]> any_less(new bool[groups]()), all_less(new bool[groups]());
    set.evaluate_any_all(x.data(), y.data(), any_less.get(), all_less.get(), x.size());
    for (std::size_t g = 0; g < groups; ++g) {
      EXPECT_EQ(any_less[g], g != 0) << set.name << " pattern " << g;
      EXPECT_EQ(all_less[g], g == groups - 1) << set.name << " pattern " << g;
    }
  }
}

TEST(Lanes, are_read_and_written_one_by_one) {
  std::vector<double> x(64), out(64);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i) + 0.25;
  for (const InstructionSet& set : find_usable_instruction_sets()) {
    set.copy_by_lane(x.data(), out.data(), x.size());
    EXPECT_EQ(out, x) << set.name;
  }
}

TEST(Lanes, of_dual_numbers_carry_the_derivative_of_each_lane) {
  // the reference is Dual<double>, which dual_test.cpp compares with differences
  for (const InstructionSet& set : find_usable_instruction_sets())
    for (const Operation operation : find_operations()) {
      // masks alone are not numbers that have a slope, but their selects are: every operation takes part
      const Inputs in = make_inputs(operation, 5), along = make_inputs(Operation::add, 6);
      const std::size_t count = std::min(in.x.size(), along.x.size());
      std::vector<double> value(count), slope(count);
      set.evaluate_dual(operation, in.x.data(), in.y.data(), along.x.data(), along.y.data(), value.data(), slope.data(),
                        count);
      for (std::size_t i = 0; i < count; ++i) {
        const Dual<double> reference =
            apply(operation, Dual<double>(in.x[i], along.x[i]), Dual<double>(in.y[i], along.y[i]));
        // a fused multiply-add rounds once where double rounds twice: compare with the size of the terms
        if (!std::isfinite(reference.d) || std::fabs(reference.d) > 1e290) continue;
        double size = std::fabs(reference.d) + 100 * std::fabs(reference.v) + 1000;
        // 1 - x^2 cancels near the ends of the arcs, and rounding grows with the slope
        if (operation == Operation::arc_cosine || operation == Operation::arc_sine) size /= 1 - in.x[i] * in.x[i];
        ASSERT_NEAR(slope[i], reference.d, 1e-14 * size)
            << set.name << ", operation " << static_cast<int>(operation) << " at " << in.x[i] << ", " << in.y[i];
        ASSERT_LE(find_last_places(value[i], reference.v), find_tolerance(operation)) << set.name;
      }
    }
}
#endif

}  // namespace
}  // namespace buttress::lanes_testing
