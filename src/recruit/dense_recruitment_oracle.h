#pragma once
/// For the tests of this folder only: two slow, dense, long double solvers that share nothing with the dual Newton
/// method, and the optimality conditions written out, which need no solver at all.
#include <Eigen/Dense>
#include <limits>

#include "recruit/random_recruitment_problem.h"

namespace buttress::recruit_test {

using Real = long double;
using RealVector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
using RealMatrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

constexpr Real kOracleRounding = 1e-18L;  // long double keeps 1e-19

struct OracleSolution {
  RealVector activation;  ///< [columns]
  RealVector multiplier;  ///< [rows]
  bool is_solved = false;
  Real violation = 0;  ///< of the oracle's own optimality conditions, relative
};

inline RealMatrix make_dense_matrix(const OwnedProblem& p) {
  RealMatrix A = RealMatrix::Zero(p.rows, p.columns);
  for (int i = 0; i < p.columns; ++i) {
    for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) A(p.row_index[e], i) = p.matrix[e];
  }
  return A;
}

/// phi'(a) and phi''(a)
inline Real calc_effort_slope(Real a, int exponent, Real eps) {
  return exponent == 2 ? a : std::fabs(a) * a + eps * a;
}
inline Real calc_effort_curvature(Real a, int exponent, Real eps) {
  return exponent == 2 ? Real(1) : 2 * std::fabs(a) + eps;
}

/// Largest violation of the optimality conditions at (a, lambda), r = rho^2 lambda:
/// equilibrium relative to max(1, |b|); bounds; and a's distance from the point where its effort meets A^T lambda:
/// that is |a - clip(a + (s - w phi'(a)) / (w phi''(a)))|, zero exactly at an optimum; what the rounding of s = A^T
/// lambda to `rounding` explains is not counted (multipliers of exhausted muscles with small reserves reach 1e9 and
/// cancel).
inline Real calc_optimality_violation(const OwnedProblem& p, int exponent, Real eps, const RealVector& a,
                                      const RealVector& multiplier, Real rounding) {
  const RealMatrix A = make_dense_matrix(p);
  RealVector residual = -A * a;
  Real scale = 1;
  for (int j = 0; j < p.rows; ++j) {
    const Real rho = p.reserve_strength[j];
    residual(j) += p.load[j] - rho * rho * multiplier(j);
    scale = std::max(scale, Real(std::fabs(p.load[j])));
  }
  Real worst = residual.cwiseAbs().maxCoeff() / scale;
  const RealVector effort = A.transpose() * multiplier;
  for (int i = 0; i < p.columns; ++i) {
    const Real w = p.weight[i];
    const Real noise = rounding * A.col(i).cwiseAbs().dot(multiplier.cwiseAbs()) / w;
    Real excess = effort(i) / w - calc_effort_slope(a(i), exponent, eps);
    excess = excess > 0 ? std::max(Real(0), excess - noise) : std::min(Real(0), excess + noise);
    const Real step = excess / calc_effort_curvature(a(i), exponent, eps);
    const Real moved = std::min(std::max(a(i) + step, Real(p.lower[i])), Real(p.upper[i]));
    worst = std::max(worst, std::fabs(moved - a(i)));
  }
  return worst;
}

/// Primal active set for p = 2 (Nocedal and Wright, Numerical Optimization, section 16.5): fix all bounded columns,
/// then free the one that gains most, walk to the minimum over the free ones, fix what is met on the way, until nothing
/// gains.
inline OracleSolution solve_by_active_set(const OwnedProblem& p) {
  const RealMatrix A = make_dense_matrix(p);
  const int n = p.columns;
  OracleSolution out;
  RealVector a(n);
  std::vector<bool> is_free(n);
  RealMatrix H = RealMatrix::Zero(p.rows, p.rows);
  for (int j = 0; j < p.rows; ++j) H(j, j) = Real(p.reserve_strength[j]) * p.reserve_strength[j];
  for (int i = 0; i < n; ++i) {
    is_free[i] = !std::isfinite(p.lower[i]) && !std::isfinite(p.upper[i]);
    a(i) = std::min(std::max(Real(0), Real(p.lower[i])), Real(p.upper[i]));
    // a bounded column starts on one of its bounds
    if (!is_free[i]) a(i) = std::isfinite(p.lower[i]) ? p.lower[i] : p.upper[i];
    if (is_free[i]) H += A.col(i) * A.col(i).transpose() / Real(p.weight[i]);
  }
  bool has_start = false;
  RealVector multiplier;
  for (int iteration = 0; iteration < 60 * n + 200; ++iteration) {
    // minimum over the free columns: H lambda = b - A_fixed a_fixed, one step of refinement
    RealVector rest(p.rows);
    for (int j = 0; j < p.rows; ++j) rest(j) = p.load[j];
    for (int i = 0; i < n; ++i) {
      if (!is_free[i] && a(i) != 0) rest -= A.col(i) * a(i);
    }
    const Eigen::LDLT<RealMatrix> factor(H);
    multiplier = factor.solve(rest);
    multiplier += factor.solve(rest - H * multiplier);
    const RealVector effort = A.transpose() * multiplier;
    // first bound on the way from a to the minimum
    Real step = 1;
    int blocking = -1;
    for (int i = 0; i < n && has_start; ++i) {
      if (!is_free[i]) continue;
      const Real move = effort(i) / Real(p.weight[i]) - a(i);
      const Real bound = move < 0 ? Real(p.lower[i]) : Real(p.upper[i]);
      if (std::isfinite(bound) && std::fabs(bound - a(i)) < step * std::fabs(move)) {
        step = std::max(Real(0), (bound - a(i)) / move);
        blocking = i;
      }
    }
    has_start = true;
    for (int i = 0; i < n; ++i) {
      if (is_free[i]) a(i) += step * (effort(i) / Real(p.weight[i]) - a(i));
    }
    if (blocking >= 0) {
      const Real move = effort(blocking) / Real(p.weight[blocking]) - a(blocking);
      a(blocking) = move < 0 ? p.lower[blocking] : p.upper[blocking];
      is_free[blocking] = false;
      H -= A.col(blocking) * A.col(blocking).transpose() / Real(p.weight[blocking]);
    } else {
      // at the minimum: free the fixed column that wants to move inwards most
      int best = -1;
      Real most = 1e-15L;
      for (int i = 0; i < n; ++i) {
        if (is_free[i] || p.lower[i] == p.upper[i]) continue;
        const Real wish = effort(i) / Real(p.weight[i]) - a(i);
        const Real gain = a(i) == Real(p.lower[i]) ? wish : -wish;
        // relative to how well s is known, so that rounding never frees a column
        const Real noise = 1e-18L * A.col(i).cwiseAbs().dot(multiplier.cwiseAbs()) / Real(p.weight[i]);
        if (gain > most + noise) {
          most = gain;
          best = i;
        }
      }
      if (best < 0) {
        out.is_solved = true;
        break;
      }
      is_free[best] = true;
      H += A.col(best) * A.col(best).transpose() / Real(p.weight[best]);
    }
    // rank-one changes add up rounding: rebuild now and then
    if (iteration % 20 == 19) {
      H.setZero();
      for (int j = 0; j < p.rows; ++j) H(j, j) = Real(p.reserve_strength[j]) * p.reserve_strength[j];
      for (int i = 0; i < n; ++i) {
        if (is_free[i]) H += A.col(i) * A.col(i).transpose() / Real(p.weight[i]);
      }
    }
  }
  // last: rebuilt matrix, and a corrected for itself (large multipliers cancel in A^T lambda)
  H.setZero();
  for (int j = 0; j < p.rows; ++j) H(j, j) = Real(p.reserve_strength[j]) * p.reserve_strength[j];
  for (int i = 0; i < n; ++i) {
    if (is_free[i]) H += A.col(i) * A.col(i).transpose() / Real(p.weight[i]);
  }
  const Eigen::LDLT<RealMatrix> factor(H);
  for (int pass = 0; pass < 3; ++pass) {
    RealVector residual = -A * a;
    for (int j = 0; j < p.rows; ++j)
      residual(j) += p.load[j] - Real(p.reserve_strength[j]) * p.reserve_strength[j] * multiplier(j);
    const RealVector correction = factor.solve(residual);
    multiplier += correction;
    const RealVector move = A.transpose() * correction;
    for (int i = 0; i < n; ++i) {
      if (is_free[i]) a(i) += move(i) / Real(p.weight[i]);
    }
  }
  out.activation = a;
  out.multiplier = multiplier;
  out.violation = calc_optimality_violation(p, 2, 0, a, multiplier, kOracleRounding);
  return out;
}

/// Primal-dual interior point for any p (Nocedal and Wright, algorithm 19.2 in the simple case of bounds only),
/// followed until the complementarity products are far below double rounding. Wants every row to have a reserve.
inline OracleSolution solve_by_interior_point(const OwnedProblem& p, int exponent, Real eps) {
  const RealMatrix A = make_dense_matrix(p);
  const int n = p.columns;
  const int m = p.rows;
  OracleSolution out;
  RealVector a(n), low_force = RealVector::Zero(n), high_force = RealVector::Zero(n);
  // distances to the bounds are variables of their own, so that they can shrink far below the rounding of a
  RealVector low_gap = RealVector::Ones(n), high_gap = RealVector::Ones(n);
  RealVector multiplier = RealVector::Zero(m);
  std::vector<bool> has_low(n), has_high(n), is_fixed(n);
  int sides = 0;
  Real last_step = 1;
  for (int i = 0; i < n; ++i) {
    is_fixed[i] = p.lower[i] == p.upper[i];
    has_low[i] = std::isfinite(p.lower[i]) && !is_fixed[i];
    has_high[i] = std::isfinite(p.upper[i]) && !is_fixed[i];
    a(i) = is_fixed[i] || (has_low[i] && has_high[i]) ? (Real(p.lower[i]) + p.upper[i]) / 2
           : has_low[i]                               ? Real(p.lower[i]) + 1
           : has_high[i]                              ? Real(p.upper[i]) - 1
                                                      : 0;
    low_force(i) = has_low[i] ? 1 : 0;
    high_force(i) = has_high[i] ? 1 : 0;
    if (has_low[i]) low_gap(i) = a(i) - p.lower[i];
    if (has_high[i]) high_gap(i) = p.upper[i] - a(i);
    sides += has_low[i] + has_high[i];
  }
  // start feasible: reserves take what the first a leaves over, forces of the bounds what is left of stationarity
  const RealVector left = Eigen::Map<const Eigen::VectorXd>(p.load.data(), m).cast<Real>() - A * a;
  for (int j = 0; j < m; ++j) {
    const Real rho = p.reserve_strength[j];
    if (rho > 0) multiplier(j) = left(j) / (rho * rho);
  }
  const RealVector first_effort = A.transpose() * multiplier;
  for (int i = 0; i < n; ++i) {
    const Real excess = Real(p.weight[i]) * calc_effort_slope(a(i), exponent, eps) - first_effort(i);
    if (has_low[i]) low_force(i) = 1 + std::max(Real(0), excess) + 0.1L * std::fabs(excess);
    if (has_high[i]) high_force(i) = 1 + std::max(Real(0), -excess) + 0.1L * std::fabs(excess);
  }
  for (int iteration = 0; iteration < 400; ++iteration) {
    Real gap = 0;
    for (int i = 0; i < n; ++i) {
      if (has_low[i]) gap += low_force(i) * low_gap(i);
      if (has_high[i]) gap += high_force(i) * high_gap(i);
    }
    const Real average = sides > 0 ? gap / sides : 0;
    // w phi'(a) - A^T lambda - z_l + z_u = 0 and A a + rho^2 lambda = b
    const RealVector effort = A.transpose() * multiplier;
    RealVector stationarity(n);
    for (int i = 0; i < n; ++i) {
      stationarity(i) = is_fixed[i] ? Real(0)
                                    : Real(p.weight[i]) * calc_effort_slope(a(i), exponent, eps) - effort(i) -
                                          low_force(i) + high_force(i);
    }
    RealVector balance = -A * a;
    Real scale = 1;
    for (int j = 0; j < m; ++j) {
      balance(j) += p.load[j] - Real(p.reserve_strength[j]) * p.reserve_strength[j] * multiplier(j);
      scale = std::max(scale, Real(std::fabs(p.load[j])));
    }
    const Real effort_scale = 1 + effort.cwiseAbs().maxCoeff();
    if (average < 1e-28L && stationarity.cwiseAbs().maxCoeff() < 1e-15L * effort_scale &&
        balance.cwiseAbs().maxCoeff() < 1e-16L * scale) {
      out.is_solved = true;
      break;
    }
    // condensed Newton system in lambda
    // centre again after a short step
    const Real target = (last_step < 0.3L ? 1.0L : 0.1L) * average;
    RealVector diagonal(n), right(n);
    RealMatrix H = RealMatrix::Zero(m, m);
    for (int j = 0; j < m; ++j) H(j, j) = Real(p.reserve_strength[j]) * p.reserve_strength[j];
    RealVector load = balance;
    for (int i = 0; i < n; ++i) {
      if (is_fixed[i]) {
        diagonal(i) = 0;
        right(i) = 0;
        continue;
      }
      Real curvature = Real(p.weight[i]) * calc_effort_curvature(a(i), exponent, eps);
      right(i) = -stationarity(i);
      if (has_low[i]) {
        curvature += low_force(i) / low_gap(i);
        right(i) += target / low_gap(i) - low_force(i);
      }
      if (has_high[i]) {
        curvature += high_force(i) / high_gap(i);
        right(i) -= target / high_gap(i) - high_force(i);
      }
      diagonal(i) = 1 / curvature;
      H.selfadjointView<Eigen::Lower>().rankUpdate(A.col(i), diagonal(i));
      load -= A.col(i) * (diagonal(i) * right(i));
    }
    const Eigen::LDLT<RealMatrix> factor(H);
    const RealVector change = factor.solve(load);
    const RealVector pull = A.transpose() * change;
    Real step = 1;
    RealVector move(n), low_change = RealVector::Zero(n), high_change = RealVector::Zero(n);
    const auto keep_positive = [&](Real value, Real rate) {
      if (rate < 0) step = std::min(step, -0.99L * value / rate);
    };
    for (int i = 0; i < n; ++i) {
      move(i) = diagonal(i) * (right(i) + pull(i));
      if (has_low[i]) {
        low_change(i) = (target - low_force(i) * move(i)) / low_gap(i) - low_force(i);
        keep_positive(low_gap(i), move(i));
        keep_positive(low_force(i), low_change(i));
      }
      if (has_high[i]) {
        high_change(i) = (target + high_force(i) * move(i)) / high_gap(i) - high_force(i);
        keep_positive(high_gap(i), -move(i));
        keep_positive(high_force(i), high_change(i));
      }
    }
    last_step = step;
    a += step * move;
    low_gap += step * move;
    high_gap -= step * move;
    multiplier += step * change;
    low_force += step * low_change;
    high_force += step * high_change;
  }
  // a column that has all but arrived at a bound is there
  for (int i = 0; i < n; ++i) {
    if (has_low[i] && low_gap(i) < low_force(i) * 1e-9L) a(i) = p.lower[i];
    if (has_high[i] && high_gap(i) < high_force(i) * 1e-9L) a(i) = p.upper[i];
  }
  out.activation = a;
  out.multiplier = multiplier;
  out.violation = calc_optimality_violation(p, exponent, eps, a, multiplier, kOracleRounding);
  return out;
}

}  // namespace buttress::recruit_test
