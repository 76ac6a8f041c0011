#include "numeric/banded_matrix.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.h"

namespace buttress {

BandedMatrix::BandedMatrix(std::size_t n, std::size_t below, std::size_t above)
    : size(n), lower(below), upper(above), entries(n * (2 * below + above + 1), 0.0), row_swaps(n, 0) {}

bool factor_banded(BandedMatrix& a) {
  const std::size_t n = a.size;
  for (std::size_t k = 0; k < n; ++k) {
    // the largest entry of the column becomes the pivot
    const std::size_t last_row = std::min(n - 1, k + a.lower);
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i <= last_row; ++i)
      if (std::fabs(a.at(i, k)) > std::fabs(a.at(pivot, k))) pivot = i;
    a.row_swaps[k] = pivot;
    const double diagonal = a.at(pivot, k);
    if (!(std::fabs(diagonal) > 0) || !std::isfinite(diagonal)) return false;
    const std::size_t last_column = std::min(n - 1, k + a.upper + a.lower);
    if (pivot != k)
      for (std::size_t j = k; j <= last_column; ++j) std::swap(a.at(k, j), a.at(pivot, j));
    for (std::size_t i = k + 1; i <= last_row; ++i) {
      const double factor = a.at(i, k) / diagonal;
      a.at(i, k) = factor;
      for (std::size_t j = k + 1; j <= last_column; ++j) a.at(i, j) -= factor * a.at(k, j);
    }
  }
  return true;
}

void solve_banded(const BandedMatrix& a, double* rhs, std::size_t column_count) {
  const std::size_t n = a.size;
  // L Z = P B
  for (std::size_t k = 0; k < n; ++k) {
    double* row_k = rhs + k * column_count;
    if (a.row_swaps[k] != k) std::swap_ranges(row_k, row_k + column_count, rhs + a.row_swaps[k] * column_count);
    for (std::size_t i = k + 1; i <= std::min(n - 1, k + a.lower); ++i) {
      const double factor = a.at(i, k);
      double* row_i = rhs + i * column_count;
      for (std::size_t c = 0; c < column_count; ++c) row_i[c] -= factor * row_k[c];
    }
  }
  // U X = Z
  for (std::size_t k = n; k-- > 0;) {
    double* row_k = rhs + k * column_count;
    for (std::size_t j = k + 1; j <= std::min(n - 1, k + a.upper + a.lower); ++j) {
      const double factor = a.at(k, j);
      const double* row_j = rhs + j * column_count;
      for (std::size_t c = 0; c < column_count; ++c) row_k[c] -= factor * row_j[c];
    }
    const double inverse = 1.0 / a.at(k, k);
    for (std::size_t c = 0; c < column_count; ++c) row_k[c] *= inverse;
  }
}

}  // namespace buttress
