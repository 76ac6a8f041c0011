// The solver against methods that share nothing with it: a primal active set (p = 2), an interior point method (p = 3),
// both dense and in long double, and the optimality conditions themselves. What this can prove: the answer is the
// optimum of the problem as stated; it says nothing about whether the problem describes muscles.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>
#include <numeric>
#include <stdexcept>

#include "recruit/dense_recruitment_oracle.h"
#include "recruit/recruitment_problem.h"
#include "recruit/recruitment_sensitivity.h"

namespace {
// every allocation of this test program passes here
std::size_t g_allocations = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  ++g_allocations;
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment < sizeof(void*) ? sizeof(void*) : alignment, size == 0 ? 1 : size) != 0) {
    throw std::bad_alloc();
  }
  return memory;
}
}  // namespace

// GCC compares the two only after inlining one of them
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

void* operator new(std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace buttress {
namespace {

using recruit_test::calc_optimality_violation;
using recruit_test::make_random_problem;
using recruit_test::OracleSolution;
using recruit_test::OwnedProblem;
using recruit_test::Real;
using recruit_test::RealVector;
using recruit_test::solve_by_active_set;
using recruit_test::solve_by_interior_point;

constexpr double kTolerance = 1e-9;
constexpr Real kDoubleRounding = 4e-16L;

RealVector to_real(const std::vector<double>& x) {
  return Eigen::Map<const Eigen::VectorXd>(x.data(), static_cast<Eigen::Index>(x.size())).cast<Real>();
}

RecruitmentWorkspace<double> solve_cold(const OwnedProblem& p, const RecruitmentOptions& options) {
  const RecruitmentPattern pattern = p.make_pattern();
  auto ws = make_recruitment_workspace<double>(pattern);
  solve_recruitment(pattern, p.view(), options, ws);
  return ws;
}

// activations of bounded columns lie in 0..1; those of unbounded ones are compared relative to their size
double find_largest_difference(const std::vector<double>& a, const RealVector& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double expected = static_cast<double>(b(static_cast<Eigen::Index>(i)));
    const double difference = std::fabs(a[i] - expected) / std::max(1.0, std::fabs(expected));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

TEST(Recruitment, squared_effort_equals_the_active_set_oracle_on_1000_awkward_problems) {
  RecruitmentOptions options;
  int rescued = 0;
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    const OwnedProblem p = make_random_problem(seed);
    SCOPED_TRACE(testing::Message() << "seed " << seed << ": " << p.rows << " x " << p.columns << ", " << p.features);
    const OracleSolution oracle = solve_by_active_set(p);
    ASSERT_TRUE(oracle.is_solved);
    ASSERT_LT(oracle.violation, 1e-11L);
    const auto ws = solve_cold(p, options);
    EXPECT_EQ(ws.status[0], RecruitmentStatus::converged);
    EXPECT_LT(find_largest_difference(ws.activation, oracle.activation), kTolerance);
    rescued += ws.rescued_lanes;
  }
  // the ordinary path carries all but the problems whose multipliers outgrow double
  EXPECT_LE(rescued, 20);
}

TEST(Recruitment, cubed_effort_meets_the_optimality_conditions_and_equals_the_interior_point_on_300_problems) {
  RecruitmentOptions options;
  options.exponent = 3;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    const OwnedProblem p = make_random_problem(seed);
    SCOPED_TRACE(testing::Message() << "seed " << seed << ": " << p.rows << " x " << p.columns << ", " << p.features);
    const auto ws = solve_cold(p, options);
    EXPECT_EQ(ws.status[0], RecruitmentStatus::converged);
    EXPECT_LT(calc_optimality_violation(p, 3, options.regularisation, to_real(ws.activation), to_real(ws.multiplier),
                                        kDoubleRounding),
              1e-9L);
    const OracleSolution oracle = solve_by_interior_point(p, 3, options.regularisation);
    ASSERT_TRUE(oracle.is_solved);
    ASSERT_LT(oracle.violation, 1e-9L);
    EXPECT_LT(find_largest_difference(ws.activation, oracle.activation), kTolerance);
  }
}

TEST(Recruitment, the_two_oracles_agree_on_squared_effort) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    const OwnedProblem p = make_random_problem(seed);
    const OracleSolution one = solve_by_active_set(p);
    const OracleSolution other = solve_by_interior_point(p, 2, 0);
    ASSERT_TRUE(one.is_solved && other.is_solved) << "seed " << seed;
    EXPECT_LT(static_cast<double>((one.activation - other.activation).cwiseAbs().maxCoeff()), kTolerance)
        << "seed " << seed << ": " << p.features;
  }
}

TEST(Recruitment, activations_never_leave_their_bounds_and_the_residual_is_what_it_says) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const OwnedProblem p = make_random_problem(seed);
    RecruitmentOptions options;
    options.exponent = seed % 2 == 0 ? 2 : 3;
    const auto ws = solve_cold(p, options);
    double scale = 1.0;
    double worst = 0.0;
    std::vector<double> left = p.load;
    for (int j = 0; j < p.rows; ++j) {
      left[j] -= ws.reserve[j];
      scale = std::max(scale, std::fabs(p.load[j]));
    }
    for (int i = 0; i < p.columns; ++i) {
      EXPECT_GE(ws.activation[i], p.lower[i]);
      EXPECT_LE(ws.activation[i], p.upper[i]);
      for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e)
        left[p.row_index[e]] -= p.matrix[e] * ws.activation[i];
    }
    for (const double r : left) worst = std::max(worst, std::fabs(r));
    EXPECT_LE(worst, 1.001 * options.tolerance * scale) << "seed " << seed;
    EXPECT_NEAR(worst, ws.residual, 1e-12 * scale) << "seed " << seed;
  }
}

TEST(Recruitment, one_muscle_and_one_row_follow_the_closed_form) {
  // A a + r = b, a = clip(A lambda), r = rho^2 lambda: lambda = b / (A^2 + rho^2) inside, (b - A u) / rho^2 beyond
  const RecruitmentPattern pattern = make_recruitment_pattern(1, {0, 1}, {0});
  auto ws = make_recruitment_workspace<double>(pattern);
  const double matrix = 50.0, lower = 0.0, upper = 1.0, weight = 1.0, rho = 2.0;
  const auto solve = [&](double load) {
    solve_recruitment(pattern, {&matrix, &load, &lower, &upper, &weight, &rho}, {}, ws);
  };
  solve(20.0);
  EXPECT_NEAR(ws.activation[0], 50.0 * 20.0 / 2504.0, 1e-14);
  EXPECT_NEAR(ws.reserve[0], 4.0 * 20.0 / 2504.0, 1e-14);
  solve(80.0);
  EXPECT_EQ(ws.activation[0], 1.0);
  EXPECT_NEAR(ws.reserve[0], 30.0, 1e-12);
  EXPECT_NEAR(ws.multiplier[0], 7.5, 1e-13);
  solve(-80.0);
  EXPECT_EQ(ws.activation[0], 0.0);
  EXPECT_NEAR(ws.reserve[0], -80.0, 1e-12);
}

TEST(Recruitment, the_order_of_columns_and_rows_does_not_matter) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    const OwnedProblem p = make_random_problem(seed);
    std::mt19937_64 random(seed + 77);
    std::vector<int> column_at(p.columns), row_at(p.rows);
    std::iota(column_at.begin(), column_at.end(), 0);
    std::iota(row_at.begin(), row_at.end(), 0);
    std::shuffle(column_at.begin(), column_at.end(), random);
    std::shuffle(row_at.begin(), row_at.end(), random);
    std::vector<int> new_row(p.rows);
    for (int j = 0; j < p.rows; ++j) new_row[row_at[j]] = j;
    OwnedProblem q = p;
    q.column_start = {0};
    q.row_index.clear();
    q.matrix.clear();
    for (int i = 0; i < p.columns; ++i) {
      const int from = column_at[i];
      std::vector<std::pair<int, double>> entries;
      for (int e = p.column_start[from]; e < p.column_start[from + 1]; ++e) {
        entries.emplace_back(new_row[p.row_index[e]], p.matrix[e]);
      }
      std::sort(entries.begin(), entries.end());
      for (const auto& [row, value] : entries) {
        q.row_index.push_back(row);
        q.matrix.push_back(value);
      }
      q.column_start.push_back(static_cast<int>(q.row_index.size()));
      q.lower[i] = p.lower[from];
      q.upper[i] = p.upper[from];
      q.weight[i] = p.weight[from];
    }
    for (int j = 0; j < p.rows; ++j) {
      q.load[j] = p.load[row_at[j]];
      q.reserve_strength[j] = p.reserve_strength[row_at[j]];
    }
    RecruitmentOptions options;
    options.exponent = seed % 2 == 0 ? 2 : 3;
    const auto one = solve_cold(p, options);
    const auto other = solve_cold(q, options);
    for (int i = 0; i < p.columns; ++i) {
      const double a = one.activation[column_at[i]];
      EXPECT_NEAR(other.activation[i], a, kTolerance * std::max(1.0, std::fabs(a))) << "seed " << seed;
    }
  }
}

TEST(Recruitment, more_strength_never_costs_more) {
  // theta >= 1: a / theta does the same work within the same bounds whenever they contain zero
  for (unsigned seed = 1; seed <= 200; ++seed) {
    OwnedProblem p = make_random_problem(seed);
    for (int i = 0; i < p.columns; ++i) {
      p.lower[i] = std::min(p.lower[i], 0.0);
      p.upper[i] = std::max(p.upper[i], 0.0);
    }
    OwnedProblem stronger = p;
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> gain(1.0, 2.0);
    for (int i = 0; i < p.columns; ++i) {
      const double g = gain(random);
      for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) stronger.matrix[e] *= g;
    }
    const RecruitmentPattern pattern = p.make_pattern();
    RecruitmentOptions options;
    options.exponent = seed % 2 == 0 ? 2 : 3;
    const double weak_cost = calc_recruitment_value(pattern, p.view(), options, solve_cold(p, options));
    const double strong_cost = calc_recruitment_value(pattern, stronger.view(), options, solve_cold(stronger, options));
    EXPECT_LE(strong_cost, weak_cost * (1.0 + 1e-9) + 1e-12) << "seed " << seed;
  }
}

TEST(Recruitment, a_warm_start_changes_the_work_not_the_answer) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    OwnedProblem p = make_random_problem(seed);
    RecruitmentOptions options;
    options.exponent = seed % 2 == 0 ? 2 : 3;
    const RecruitmentPattern pattern = p.make_pattern();
    auto warm = make_recruitment_workspace<double>(pattern);
    solve_recruitment(pattern, p.view(), options, warm);
    for (double& b : p.load) b *= 1.02;
    solve_recruitment(pattern, p.view(), options, warm);
    const auto cold = solve_cold(p, options);
    EXPECT_EQ(warm.status[0], RecruitmentStatus::converged);
    for (int i = 0; i < p.columns; ++i) {
      EXPECT_NEAR(warm.activation[i], cold.activation[i], kTolerance * std::max(1.0, std::fabs(cold.activation[i])))
          << "seed " << seed << " column " << i;
    }
    // the same problem again is already solved
    solve_recruitment(pattern, p.view(), options, warm);
    if (warm.rescued_lanes == 0) {
      EXPECT_LE(warm.iterations, 1) << "seed " << seed;
    }
  }
}

TEST(Recruitment, a_solve_allocates_nothing_not_even_when_it_has_to_be_rescued) {
  int rescued = 0;
  for (const unsigned seed : {1u, 2u, 3u, 45u, 313u, 338u, 681u}) {
    const OwnedProblem p = make_random_problem(seed);
    const RecruitmentPattern pattern = p.make_pattern();
    auto ws = make_recruitment_workspace<double>(pattern);
    for (const int exponent : {2, 3}) {
      RecruitmentOptions options;
      options.exponent = exponent;
      const std::size_t before = g_allocations;
      solve_recruitment(pattern, p.view(), options, ws);
      EXPECT_EQ(g_allocations, before) << "seed " << seed;
      rescued += ws.rescued_lanes;
    }
  }
  EXPECT_GT(rescued, 0);
}

TEST(Recruitment, exhausted_muscles_without_reserve_are_reported_not_hidden) {
  const RecruitmentPattern pattern = make_recruitment_pattern(2, {0, 1, 2}, {0, 1});
  auto ws = make_recruitment_workspace<double>(pattern);
  const std::vector<double> matrix{10.0, 10.0}, lower{0.0, 0.0}, upper{1.0, 1.0}, weight{1.0, 1.0};
  const std::vector<double> reserve{0.0, 1.0};
  std::vector<double> load{25.0, 5.0};
  const RecruitmentProblem<double> problem{matrix.data(), load.data(),   lower.data(),
                                           upper.data(),  weight.data(), reserve.data()};
  solve_recruitment(pattern, problem, {}, ws);
  EXPECT_EQ(ws.status[0], RecruitmentStatus::singular);
  EXPECT_NEAR(ws.residual, 15.0, 1e-9);
  EXPECT_EQ(ws.activation[0], 1.0);
  // and the next, feasible frame starts afresh
  load[0] = 5.0;
  solve_recruitment(pattern, problem, {}, ws);
  EXPECT_EQ(ws.status[0], RecruitmentStatus::converged);
  EXPECT_NEAR(ws.activation[0], 0.5, 1e-12);
}

TEST(Recruitment, a_row_that_nothing_moves_is_singular_when_loaded_and_ignored_when_not) {
  const RecruitmentPattern pattern = make_recruitment_pattern(2, {0, 1}, {0});
  auto ws = make_recruitment_workspace<double>(pattern);
  const double matrix = 10.0, lower = 0.0, upper = 1.0, weight = 1.0;
  const std::vector<double> reserve{1.0, 0.0};
  std::vector<double> load{5.0, 0.0};
  const RecruitmentProblem<double> problem{&matrix, load.data(), &lower, &upper, &weight, reserve.data()};
  solve_recruitment(pattern, problem, {}, ws);
  EXPECT_EQ(ws.status[0], RecruitmentStatus::converged);
  load[1] = 3.0;
  solve_recruitment(pattern, problem, {}, ws);
  EXPECT_EQ(ws.status[0], RecruitmentStatus::singular);
  EXPECT_NEAR(ws.residual, 3.0, 1e-9);
}

TEST(Recruitment, not_a_number_is_not_converged_and_does_not_outlive_the_call) {
  OwnedProblem p = make_random_problem(3);
  const RecruitmentPattern pattern = p.make_pattern();
  auto ws = make_recruitment_workspace<double>(pattern);
  const auto expected = solve_cold(p, {});
  for (std::vector<double>* data : {&p.matrix, &p.load}) {
    const double kept = (*data)[0];
    (*data)[0] = std::numeric_limits<double>::quiet_NaN();
    solve_recruitment(pattern, p.view(), {}, ws);
    EXPECT_EQ(ws.status[0], RecruitmentStatus::not_converged);
    (*data)[0] = kept;
    solve_recruitment(pattern, p.view(), {}, ws);
    EXPECT_EQ(ws.status[0], RecruitmentStatus::converged);
    EXPECT_EQ(ws.activation, expected.activation);
  }
}

TEST(Recruitment, misuse_throws) {
  const OwnedProblem p = make_random_problem(5);
  const RecruitmentPattern pattern = p.make_pattern();
  auto ws = make_recruitment_workspace<double>(pattern);
  RecruitmentOptions options;
  options.exponent = 4;
  EXPECT_THROW(solve_recruitment(pattern, p.view(), options, ws), std::invalid_argument);
  options.exponent = 3;
  options.regularisation = 0.0;
  EXPECT_THROW(solve_recruitment(pattern, p.view(), options, ws), std::invalid_argument);
  const RecruitmentPattern other = make_recruitment_pattern(1, {0, 1}, {0});
  EXPECT_THROW(solve_recruitment(other, p.view(), {}, ws), std::invalid_argument);
}

}  // namespace
}  // namespace buttress
