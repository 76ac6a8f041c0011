#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include "recruit/extended_precision.h"
#include "simd/lanes.h"
#include "simd/scalar.h"

/// Who pulls how hard: the activations a (columns: muscles, actuators) that balance the loads b (rows: independent
/// degrees of freedom) at the least effort,
///
///   minimise  sum_i w_i phi(a_i) + sum_j r_j^2 / (2 rho_j^2)   subject to   A a + r = b,  l <= a <= u,
///
/// phi(a) = a^2/2 or |a|^3/3 + eps a^2/2. The reserves r make every problem feasible; min sum a^2 + sum (r/rho)^2
/// as OpenSim's static optimisation has it is exactly twice this value for p = 2 and w = 1.
/// Nothing here knows anatomy; A, b and the bounds come from the caller.
namespace buttress {

/// Columns with the same set of rows, treated together.
struct RecruitmentGroup {
  int row_begin = 0;     ///< into RecruitmentPattern::group_row
  int row_count = 0;     ///< rows of every column of the group
  int column_begin = 0;  ///< into RecruitmentPattern::group_column
  int column_count = 0;
  int block_begin = 0;  ///< into RecruitmentPattern::block
  int block_count = 0;
};

/// A rectangle of at most 4 x 4 entries of A_g D A_g^T that stays in registers while the columns of a group pass by.
struct AssemblyBlock {
  int first_row = 0, row_count = 0;        ///< rows of the rectangle, counted within the group
  int first_column = 0, column_count = 0;  ///< columns of the rectangle (rows of A again), counted within the group
  int position_begin = 0;                  ///< into RecruitmentPattern::block_position
};

/// What is known of a model's recruitment before any frame: where A has entries, and how to factor A D A^T + rho^2.
/// Made once per model by make_recruitment_pattern, read-only afterwards, shared by all threads.
struct RecruitmentPattern {
  int row_count = 0;
  int column_count = 0;
  std::vector<int> column_start;  ///< [columns + 1] compressed columns, as given
  std::vector<int> row_index;     ///< [nnz] rows, ascending within a column, as given

  std::vector<RecruitmentGroup> group;
  std::vector<int> group_row;        ///< rows of each group, one group after the other
  std::vector<int> group_column;     ///< [columns] columns, one group after the other
  std::vector<AssemblyBlock> block;  ///< blocks of each group, one group after the other
  std::vector<int> block_position;   ///< where each entry of a block goes in the factor's values (row by row)

  // L D L^T of the permuted matrix. Values: [rows] diagonal in elimination order, then L by columns.
  std::vector<int> elimination_row;  ///< [rows] the row eliminated k-th (minimum degree)
  std::vector<int> factor_start;     ///< [rows + 1] into factor_row; column k of L, k in elimination order
  std::vector<int> factor_row;       ///< [nnz(L)] row of each entry below the diagonal, in elimination order
  std::vector<int> update_position;  ///< targets of the updates of step k, pair after pair (i <= j), step after step

  int entry_count() const { return static_cast<int>(row_index.size()); }
  int factor_value_count() const { return row_count + static_cast<int>(factor_row.size()); }
};

/// Analyses the sparsity of A, given by compressed columns: column_start [columns + 1], row_index [nnz], rows strictly
/// ascending within each column; columns without rows are allowed.
/// Elimination order: minimum degree on the graph "some column spans both rows" (Tinney and Walker 1967).
/// Throws std::invalid_argument when the arrays do not describe such a matrix.
RecruitmentPattern make_recruitment_pattern(int row_count, const std::vector<int>& column_start,
                                            const std::vector<int>& row_index);

/// One frame (or, with Lanes, several) to solve. Pointers stay the caller's and are only read during the call.
/// Needs lower <= upper, weight > 0, reserve_strength >= 0, all but the bounds finite.
template <class T>
struct RecruitmentProblem {
  const T* matrix = nullptr;       ///< [nnz] A: N m (rotation) or N (translation) per unit activation, CSC order
  const T* load = nullptr;         ///< [rows] b: N m or N
  const T* lower = nullptr;        ///< [columns] l, may be -infinity
  const T* upper = nullptr;        ///< [columns] u, may be +infinity
  const double* weight = nullptr;  ///< [columns] w > 0
  const double* reserve_strength = nullptr;  ///< [rows] rho: N m or N; 0 = no reserve on that row
};

struct RecruitmentOptions {
  int exponent = 2;              ///< p, 2 or 3
  double regularisation = 1e-2;  ///< eps > 0 of p = 3; unused for p = 2
  /// A lane has converged when the largest |b - A a - r| is at most tolerance * max(1, largest |b|).
  /// Solutions are carried on to a ten-thousandth of it where rounding allows.
  double tolerance = 1e-9;
  int max_iterations = 100;  ///< Newton steps before a lane is solved again, alone (see RecruitmentRescue)
};

enum class RecruitmentStatus {
  converged,      ///< equilibrium holds to the tolerance; bounds hold exactly
  not_converged,  ///< it does not; the data may contain NaN, or the problem is beyond double precision
  singular,       ///< it does not, and A D A^T + rho^2 is singular: no reserve where the muscles are exhausted
};

template <class T>
struct RecruitmentWorkspace;

/// A lane that did not converge is solved again alone: in extended precision, from zero, and when that fails too by
/// continuation (large reserves, for p = 3 large eps, then less and less). Buffers for that, sized once.
struct RecruitmentRescue {
  std::vector<long double> matrix;  ///< [nnz]
  std::vector<long double> load;    ///< [rows]
  std::vector<long double> lower;   ///< [columns]
  std::vector<long double> upper;   ///< [columns]
};

/// Everything one solve reads and writes besides the problem; one per thread. Sized by make_recruitment_workspace.
template <class T>
struct RecruitmentWorkspace {
  // results of solve_recruitment
  std::vector<T> multiplier;  ///< [rows] lambda, 1/(N m): marginal effort of one more N m; also the next call's start
  std::vector<T> activation;  ///< [columns] a, within the bounds
  std::vector<T> reserve;     ///< [rows] r = rho^2 lambda, N m or N
  T residual{};               ///< largest |b - A a - r|, N m or N
  std::array<RecruitmentStatus, lanes_of<T>> status{};
  std::array<int, lanes_of<T>> lane_iterations{};  ///< Newton steps each lane took
  int iterations = 0;                              ///< Newton steps of the batch, rescued lanes not counted
  int rescued_lanes = 0;                           ///< lanes solved again alone in the last call

  // state of the iteration
  std::vector<T> effort;               ///< [columns] s = A^T lambda
  std::vector<T> trial_effort;         ///< [columns] s at the trial point
  std::vector<T> curvature;            ///< [columns] D: da/ds, zero for a column held at a bound
  std::vector<T> gradient;             ///< [rows] g = b - A a - rho^2 lambda
  std::vector<T> direction;            ///< [rows] Newton direction
  std::vector<T> trial_multiplier;     ///< [rows]
  std::vector<T> permuted;             ///< [rows] right-hand side in elimination order
  std::vector<T> factor;               ///< [factor_value_count] A D A^T + rho^2, then its factors
  std::vector<T> pivot_floor;          ///< [rows] smallest pivot accepted
  std::vector<double> weight_inverse;  ///< [columns] 1/w
  std::vector<double> reserve_square;  ///< [rows] rho^2
  std::vector<int> free_column;        ///< [columns] columns with D > 0 in some lane, group after group
  std::vector<int> free_count;         ///< [groups] how many of them in each group
  RecruitmentRescue rescue;
  /// [1, or 0 in the rescue's own workspace]
  std::vector<RecruitmentWorkspace<long double>> rescue_workspace;
};

/// A workspace of the right sizes with lambda = 0.
template <class T>
RecruitmentWorkspace<T> make_recruitment_workspace(const RecruitmentPattern& pattern);

/// Solves every lane by a dual semismooth Newton method on lambda (Qi and Sun 1993; Li and Swetits 1997), starting from
/// ws.multiplier. Lanes whose last status was not converged start from zero. No lane's result depends on another's
/// data. Does not allocate. Outcome per lane in ws.status and ws.residual. Instantiated for double, Lanes<double,4>
/// (AVX2 with FMA) and Lanes<double,8> (AVX-512). Throws std::invalid_argument for an exponent other than 2 or 3, a p =
/// 3 without regularisation, or a workspace made for another pattern.
template <class T>
void solve_recruitment(const RecruitmentPattern& pattern, const RecruitmentProblem<T>& problem,
                       const RecruitmentOptions& options, RecruitmentWorkspace<T>& ws);

extern template RecruitmentWorkspace<double> make_recruitment_workspace<double>(const RecruitmentPattern&);
extern template void solve_recruitment<double>(const RecruitmentPattern&, const RecruitmentProblem<double>&,
                                               const RecruitmentOptions&, RecruitmentWorkspace<double>&);
#if defined(BUTTRESS_HAS_LANES)
extern template RecruitmentWorkspace<Lanes<double, 4>> make_recruitment_workspace<Lanes<double, 4>>(
    const RecruitmentPattern&);
extern template void solve_recruitment<Lanes<double, 4>>(const RecruitmentPattern&,
                                                         const RecruitmentProblem<Lanes<double, 4>>&,
                                                         const RecruitmentOptions&,
                                                         RecruitmentWorkspace<Lanes<double, 4>>&);
extern template RecruitmentWorkspace<Lanes<double, 8>> make_recruitment_workspace<Lanes<double, 8>>(
    const RecruitmentPattern&);
extern template void solve_recruitment<Lanes<double, 8>>(const RecruitmentPattern&,
                                                         const RecruitmentProblem<Lanes<double, 8>>&,
                                                         const RecruitmentOptions&,
                                                         RecruitmentWorkspace<Lanes<double, 8>>&);
#endif

}  // namespace buttress
