#pragma once
#include <cstddef>
#include <vector>

namespace buttress {

/// A square matrix whose entries vanish outside `lower` diagonals below and `upper` above the main one.
/// Row i is stored as one run of columns i - lower .. i + upper + lower; the last `lower` of them are room for what
/// row swaps bring in while factoring.
struct BandedMatrix {
  std::size_t size = 0, lower = 0, upper = 0;
  std::vector<double> entries;         ///< [size x (2 lower + upper + 1)]
  std::vector<std::size_t> row_swaps;  ///< [size], filled by factor_banded

  BandedMatrix(std::size_t n, std::size_t below, std::size_t above);
  std::size_t width() const { return 2 * lower + upper + 1; }
  /// entry of row i and column j, which must lie within the band
  double& at(std::size_t i, std::size_t j) { return entries[i * width() + (j + lower - i)]; }
  double at(std::size_t i, std::size_t j) const { return entries[i * width() + (j + lower - i)]; }
};

/// LU factors in place, by Gaussian elimination with row swaps inside the band: O(size lower (lower + upper)).
/// False when the matrix is singular to working precision; the matrix is then spoilt.
bool factor_banded(BandedMatrix& matrix);

/// Solves A X = B in place for `column_count` right-hand sides, stored row by row: rhs is [size x column_count].
/// `factors` comes from factor_banded.
void solve_banded(const BandedMatrix& factors, double* rhs, std::size_t column_count);

}  // namespace buttress
