// The pattern and the sparse factorisation against dense algebra. What this can prove: groups, blocks and positions put
// every product where it belongs, and the factors solve the system, for any sparsity.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <random>
#include <stdexcept>

#include "recruit/random_recruitment_problem.h"
#include "recruit/recruitment_kernel.inl"

namespace buttress {
namespace {

TEST(RecruitmentPattern, sparse_factors_solve_the_dense_system) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const recruit_test::OwnedProblem p = recruit_test::make_random_problem(seed);
    const RecruitmentPattern pattern = p.make_pattern();
    auto ws = make_recruitment_workspace<double>(pattern);
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    // own numbers, well conditioned, so that only the bookkeeping is on trial; some columns are not free
    std::vector<double> matrix(p.matrix.size()), load(p.rows);
    for (double& x : matrix) x = 2.0 * unit(random) - 1.0;
    for (double& x : load) x = 2.0 * unit(random) - 1.0;
    Eigen::MatrixXd H = Eigen::MatrixXd::Zero(p.rows, p.rows);
    for (int j = 0; j < p.rows; ++j) H(j, j) = ws.reserve_square[j] = 0.5 + unit(random);
    for (double& d : ws.curvature) d = unit(random) < 0.6 ? unit(random) : 0.0;
    int seen = 0;
    for (std::size_t g = 0; g < pattern.group.size(); ++g) {
      ws.free_count[g] = 0;
      for (int c = 0; c < pattern.group[g].column_count; ++c, ++seen) {
        const int i = pattern.group_column[pattern.group[g].column_begin + c];
        if (ws.curvature[i] > 0.0) ws.free_column[pattern.group[g].column_begin + ws.free_count[g]++] = i;
        Eigen::VectorXd column = Eigen::VectorXd::Zero(p.rows);
        for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) column(p.row_index[e]) = matrix[e];
        H += ws.curvature[i] * column * column.transpose();
      }
    }
    EXPECT_EQ(seen, p.columns);
    RecruitmentProblem<double> problem = p.view();
    problem.matrix = matrix.data();
    recruitment_kernel::update_hessian(pattern, problem, ws);
    EXPECT_FALSE(recruitment_kernel::update_factor(pattern, 1e-14, ws));
    recruitment_kernel::solve_factored(pattern, load.data(), ws.direction.data(), ws);
    const Eigen::VectorXd expected = H.ldlt().solve(Eigen::Map<Eigen::VectorXd>(load.data(), p.rows));
    for (int j = 0; j < p.rows; ++j) EXPECT_NEAR(ws.direction[j], expected(j), 1e-11) << "seed " << seed;
  }
}

TEST(RecruitmentPattern, two_legs_do_not_fill_each_other_in) {
  // two blocks of four rows that share no column
  std::vector<int> start{0};
  std::vector<int> rows;
  for (const int first : {0, 4}) {
    for (int k = 0; k < 3; ++k) {
      for (int r = first + k % 2; r < first + 4; ++r) rows.push_back(r);
      start.push_back(static_cast<int>(rows.size()));
    }
  }
  const RecruitmentPattern pattern = make_recruitment_pattern(8, start, rows);
  EXPECT_EQ(pattern.factor_row.size(), 12u);
  EXPECT_EQ(pattern.group.size(), 4u);
}

TEST(RecruitmentPattern, a_star_is_eliminated_from_its_tips) {
  // row 0 shares a column with each other row: eliminating it first would fill the matrix
  std::vector<int> start{0};
  std::vector<int> rows;
  for (int tip = 1; tip < 10; ++tip) {
    rows.insert(rows.end(), {0, tip});
    start.push_back(static_cast<int>(rows.size()));
  }
  EXPECT_EQ(make_recruitment_pattern(10, start, rows).factor_row.size(), 9u);
}

TEST(RecruitmentPattern, arrays_that_are_no_matrix_throw) {
  EXPECT_THROW(make_recruitment_pattern(2, {}, {}), std::invalid_argument);
  EXPECT_THROW(make_recruitment_pattern(2, {0, 2}, {0}), std::invalid_argument);
  EXPECT_THROW(make_recruitment_pattern(2, {0, 2, 1}, {0}), std::invalid_argument);
  EXPECT_THROW(make_recruitment_pattern(2, {0, 2}, {1, 0}), std::invalid_argument);
  EXPECT_THROW(make_recruitment_pattern(2, {0, 2}, {1, 1}), std::invalid_argument);
  EXPECT_THROW(make_recruitment_pattern(2, {0, 1}, {2}), std::invalid_argument);
  EXPECT_NO_THROW(make_recruitment_pattern(0, {0}, {}));
  EXPECT_NO_THROW(make_recruitment_pattern(2, {0, 0, 1}, {1}));
}

}  // namespace
}  // namespace buttress
