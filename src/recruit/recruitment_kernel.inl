#pragma once
/// The inner loops of the recruitment solver: activations and residual from multipliers, the generalised Hessian
/// H = A D A^T + rho^2, its factors. Included by recruitment_solver.inl and recruitment_sensitivity.cpp.
#include "recruit/recruitment_problem.h"

namespace buttress::recruitment_kernel {

// activation and its slope for effort over weight z = s/w, before and after the bounds
template <class T, int exponent>
struct EffortResponse;

template <class T>
struct EffortResponse<T, 2> {
  // phi'(a) = a
  static T calc_activation(T z, double) { return z; }
  static T calc_slope(T, double, double weight_inverse) { return T(weight_inverse); }
  static T calc_slope_at(T, double, double weight_inverse) { return T(weight_inverse); }
};

template <class T>
struct EffortResponse<T, 3> {
  // phi'(a) = a |a| + eps a, solved for a without cancellation
  static T calc_activation(T z, double eps) { return T(2.0) * z / (T(eps) + sqrt(T(eps * eps) + T(4.0) * abs(z))); }
  static T calc_slope(T z, double eps, double weight_inverse) {
    return T(weight_inverse) / sqrt(T(eps * eps) + T(4.0) * abs(z));
  }
  static T calc_slope_at(T a, double eps, double weight_inverse) {
    return T(weight_inverse) / (T(2.0) * abs(a) + T(eps));
  }
};

// s (+)= A_g^T lambda over `rows` consecutive rows of a group, lambda kept in registers
template <class T, int rows>
inline void add_efforts(const T* matrix, const int* column, int column_count, const int* column_start, const int* row,
                        int first_row, const T* multiplier, T* effort) {
  T own[rows];
#pragma GCC unroll 4
  for (int r = 0; r < rows; ++r) own[r] = multiplier[row[first_row + r]];
  for (int c = 0; c < column_count; ++c) {
    const T* entry = matrix + column_start[column[c]] + first_row;
    T sum = entry[0] * own[0];
#pragma GCC unroll 4
    for (int r = 1; r < rows; ++r) sum += entry[r] * own[r];
    effort[column[c]] = first_row == 0 ? sum : effort[column[c]] + sum;
  }
}

// g -= A_g a for `rows` consecutive rows of a group, kept in registers
template <class T, int rows>
inline void subtract_moments(const T* matrix, const int* column, int column_count, const int* column_start,
                             const int* row, int first_row, const T* activation, T* gradient) {
  T sum[rows];
#pragma GCC unroll 4
  for (int r = 0; r < rows; ++r) sum[r] = gradient[row[first_row + r]];
  for (int c = 0; c < column_count; ++c) {
    const T a = activation[column[c]];
    const T* entry = matrix + column_start[column[c]] + first_row;
#pragma GCC unroll 4
    for (int r = 0; r < rows; ++r) sum[r] -= entry[r] * a;
  }
#pragma GCC unroll 4
  for (int r = 0; r < rows; ++r) gradient[row[first_row + r]] = sum[r];
}

// s = A^T lambda, a = clipped response, D its slope, g = b - A a - rho^2 lambda; and the list of free columns
template <class T, int exponent>
void update_state(const RecruitmentPattern& p, const RecruitmentProblem<T>& problem, double eps, const T* multiplier,
                  T* effort, RecruitmentWorkspace<T>& ws) {
  using Response = EffortResponse<T, exponent>;
  T* const activation = ws.activation.data();
  T* const curvature = ws.curvature.data();
  T* const gradient = ws.gradient.data();
  const int* const column_start = p.column_start.data();
  const double* const weight_inverse = ws.weight_inverse.data();
  for (int j = 0; j < p.row_count; ++j) gradient[j] = problem.load[j] - T(ws.reserve_square[j]) * multiplier[j];

  for (std::size_t g = 0; g < p.group.size(); ++g) {
    const RecruitmentGroup& group = p.group[g];
    const int* const row = p.group_row.data() + group.row_begin;
    const int* const column = p.group_column.data() + group.column_begin;
    int* const free_column = ws.free_column.data() + group.column_begin;
    // row blocks are those of the assembly: the diagonal ones, in order
    const AssemblyBlock* const first_block = p.block.data() + group.block_begin;
    const AssemblyBlock* const last_block = first_block + group.block_count;
    for (const AssemblyBlock* block = first_block; block != last_block; ++block) {
      if (block->first_row != block->first_column) continue;
      const auto add = [&]<int rows>() {
        add_efforts<T, rows>(problem.matrix, column, group.column_count, column_start, row, block->first_row,
                             multiplier, effort);
      };
      switch (block->row_count) {
        case 1:
          add.template operator()<1>();
          break;
        case 2:
          add.template operator()<2>();
          break;
        case 3:
          add.template operator()<3>();
          break;
        default:
          add.template operator()<4>();
          break;
      }
    }
    if (group.row_count == 0) {
      for (int c = 0; c < group.column_count; ++c) effort[column[c]] = T(0.0);
    }
    int free_count = 0;
    for (int c = 0; c < group.column_count; ++c) {
      const int i = column[c];
      const T z = effort[i] * T(weight_inverse[i]);
      const T wanted = Response::calc_activation(z, eps);
      const T a = min(max(wanted, problem.lower[i]), problem.upper[i]);
      activation[i] = a;
      // a column exactly at a bound counts as free, so that lambda = 0 is not a point where nobody can help
      const Mask<T> is_free = a == wanted;
      curvature[i] = select(is_free, Response::calc_slope(z, eps, weight_inverse[i]), T(0.0));
      free_column[free_count] = i;
      free_count += any(is_free) ? 1 : 0;
    }
    ws.free_count[g] = free_count;
    for (const AssemblyBlock* block = first_block; block != last_block; ++block) {
      if (block->first_row != block->first_column) continue;
      const auto subtract = [&]<int rows>() {
        subtract_moments<T, rows>(problem.matrix, column, group.column_count, column_start, row, block->first_row,
                                  activation, gradient);
      };
      switch (block->row_count) {
        case 1:
          subtract.template operator()<1>();
          break;
        case 2:
          subtract.template operator()<2>();
          break;
        case 3:
          subtract.template operator()<3>();
          break;
        default:
          subtract.template operator()<4>();
          break;
      }
    }
  }
}

// gives columns that are held at a bound `share` of the slope they would have if free: nothing in most lanes, all of it
// in the first step from lambda = 0, something between where a direction was far too long
template <class T, int exponent>
void loosen_columns(const RecruitmentPattern& p, const RecruitmentProblem<T>& problem, double eps, T share,
                    RecruitmentWorkspace<T>& ws) {
  for (std::size_t g = 0; g < p.group.size(); ++g) {
    const RecruitmentGroup& group = p.group[g];
    int free_count = 0;
    for (int c = 0; c < group.column_count; ++c) {
      const int i = p.group_column[group.column_begin + c];
      const T slope = share * EffortResponse<T, exponent>::calc_slope_at(ws.activation[i], eps, ws.weight_inverse[i]);
      ws.curvature[i] = max(ws.curvature[i], select(problem.lower[i] < problem.upper[i], slope, T(0.0)));
      ws.free_column[group.column_begin + free_count] = i;
      free_count += any(ws.curvature[i] > T(0.0)) ? 1 : 0;
    }
    ws.free_count[g] = free_count;
  }
}

// one block of A_g D A_g^T, summed in registers, then added to H
template <class T, int rows, int columns, bool diagonal>
inline void add_block(const T* matrix, const int* column, int column_count, const int* column_start, int first_row,
                      int first_column, const T* curvature, const int* position, T* factor) {
  T sum[rows][columns];
#pragma GCC unroll 4
  for (int r = 0; r < rows; ++r) {
#pragma GCC unroll 4
    for (int c = 0; c < (diagonal ? r + 1 : columns); ++c) sum[r][c] = factor[position[r * columns + c]];
  }
  for (int k = 0; k < column_count; ++k) {
    const T* entry = matrix + column_start[column[k]];
    const T slope = curvature[column[k]];
    T right[columns];
#pragma GCC unroll 4
    for (int c = 0; c < columns; ++c) right[c] = entry[first_column + c];
#pragma GCC unroll 4
    for (int r = 0; r < rows; ++r) {
      const T left = (diagonal ? right[r < columns ? r : 0] : entry[first_row + r]) * slope;
#pragma GCC unroll 4
      for (int c = 0; c < (diagonal ? r + 1 : columns); ++c) sum[r][c] += left * right[c];
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < rows; ++r) {
#pragma GCC unroll 4
    for (int c = 0; c < (diagonal ? r + 1 : columns); ++c) factor[position[r * columns + c]] = sum[r][c];
  }
}

// H = A D A^T + rho^2 into ws.factor, unfactored
template <class T>
void update_hessian(const RecruitmentPattern& p, const RecruitmentProblem<T>& problem, RecruitmentWorkspace<T>& ws) {
  T* const factor = ws.factor.data();
  for (int k = 0; k < p.row_count; ++k) factor[k] = T(ws.reserve_square[p.elimination_row[k]]);
  for (int e = p.row_count; e < p.factor_value_count(); ++e) factor[e] = T(0.0);
  for (std::size_t g = 0; g < p.group.size(); ++g) {
    const RecruitmentGroup& group = p.group[g];
    const int free_count = ws.free_count[g];
    if (free_count == 0) continue;
    const int* const column = ws.free_column.data() + group.column_begin;
    for (int b = group.block_begin; b < group.block_begin + group.block_count; ++b) {
      const AssemblyBlock& block = p.block[b];
      const auto add = [&]<int rows, int columns>() {
        const int* const position = p.block_position.data() + block.position_begin;
        if constexpr (rows == columns) {
          if (block.first_row == block.first_column) {
            add_block<T, rows, columns, true>(problem.matrix, column, free_count, p.column_start.data(),
                                              block.first_row, block.first_column, ws.curvature.data(), position,
                                              factor);
            return;
          }
        }
        add_block<T, rows, columns, false>(problem.matrix, column, free_count, p.column_start.data(), block.first_row,
                                           block.first_column, ws.curvature.data(), position, factor);
      };
      switch (block.row_count * 4 + block.column_count) {
        case 5:
          add.template operator()<1, 1>();
          break;
        case 6:
          add.template operator()<1, 2>();
          break;
        case 7:
          add.template operator()<1, 3>();
          break;
        case 8:
          add.template operator()<1, 4>();
          break;
        case 9:
          add.template operator()<2, 1>();
          break;
        case 10:
          add.template operator()<2, 2>();
          break;
        case 11:
          add.template operator()<2, 3>();
          break;
        case 12:
          add.template operator()<2, 4>();
          break;
        case 13:
          add.template operator()<3, 1>();
          break;
        case 14:
          add.template operator()<3, 2>();
          break;
        case 15:
          add.template operator()<3, 3>();
          break;
        case 16:
          add.template operator()<3, 4>();
          break;
        case 17:
          add.template operator()<4, 1>();
          break;
        case 18:
          add.template operator()<4, 2>();
          break;
        case 19:
          add.template operator()<4, 3>();
          break;
        default:
          add.template operator()<4, 4>();
          break;
      }
    }
  }
}

// ws.factor: H -> L and 1/D of L D L^T. A pivot that has cancelled down to rounding is lifted to a floor (a ridge on
// that row alone, never more than the row's own diagonal times ridge); returns the lanes where that happened.
template <class T>
Mask<T> update_factor(const RecruitmentPattern& p, double ridge, RecruitmentWorkspace<T>& ws) {
  T* const factor = ws.factor.data();
  T* const lower = factor + p.row_count;
  for (int k = 0; k < p.row_count; ++k) {
    const T floor = factor[k] * T(ridge);
    ws.pivot_floor[k] = select(floor > T(1e-200), floor, T(1e-200));
  }
  Mask<T> is_singular = T(0.0) > T(1.0);
  const int* update = p.update_position.data();
  for (int k = 0; k < p.row_count; ++k) {
    const Mask<T> is_low = factor[k] < ws.pivot_floor[k];
    is_singular = is_singular || is_low;
    const T inverse = T(1.0) / select(is_low, ws.pivot_floor[k], factor[k]);
    factor[k] = inverse;
    for (int i = p.factor_start[k]; i < p.factor_start[k + 1]; ++i) {
      const T scaled = lower[i] * inverse;
      for (int j = i; j < p.factor_start[k + 1]; ++j) {
        factor[*update] -= scaled * lower[j];
        ++update;
      }
      lower[i] = scaled;
    }
  }
  return is_singular;
}

// solution = H^-1 right, with the factors of update_factor
template <class T>
void solve_factored(const RecruitmentPattern& p, const T* right, T* solution, RecruitmentWorkspace<T>& ws) {
  const T* const inverse = ws.factor.data();
  const T* const lower = inverse + p.row_count;
  T* const y = ws.permuted.data();
  for (int k = 0; k < p.row_count; ++k) y[k] = right[p.elimination_row[k]];
  for (int k = 0; k < p.row_count; ++k) {
    const T pivot_value = y[k];
    for (int e = p.factor_start[k]; e < p.factor_start[k + 1]; ++e) y[p.factor_row[e]] -= lower[e] * pivot_value;
    y[k] = pivot_value * inverse[k];
  }
  for (int k = p.row_count - 1; k >= 0; --k) {
    T value = y[k];
    for (int e = p.factor_start[k]; e < p.factor_start[k + 1]; ++e) value -= lower[e] * y[p.factor_row[e]];
    y[k] = value;
    solution[p.elimination_row[k]] = value;
  }
}

template <class T>
T calc_largest(const std::vector<T>& x) {
  // a NaN anywhere must come out as NaN: adding 0 x keeps it
  T largest(0.0);
  T poison(0.0);
  for (const T& value : x) {
    largest = max(largest, abs(value));
    poison += value * T(0.0);
  }
  return largest + poison;
}

}  // namespace buttress::recruitment_kernel
