#pragma once
/// Dual semismooth Newton: maximise the concave dual q(lambda) with gradient g = b - A a(A^T lambda) - rho^2 lambda and
/// generalised Hessian -(A D A^T + rho^2). See README.md for the derivation. Included once per number type.
#include <algorithm>
#include <limits>
#include <type_traits>

#include "recruit/recruitment_kernel.inl"
#include "recruit/recruitment_rescue.h"

namespace buttress {
namespace recruitment_kernel {

constexpr double kRidge = 1e-14;       // of a row's own diagonal: about what rounding leaves of a cancelled pivot
constexpr double kCarryOn = 1e-4;      // of the tolerance: where rounding usually allows to arrive
constexpr double kSteepDescent = 0.3;  // slope at the full step, relative to the start, beyond which a search begins
constexpr double kSlopeLeft = 0.01;    // slope left along the direction, relative to its start, that ends a search
constexpr int kLineSearchTrials = 30;
constexpr int kRefinements = 3;
constexpr double kRefinableAlone = 1e3;  // times the tolerance

template <class T>
T calc_dot(const std::vector<T>& x, const std::vector<T>& y) {
  T sum(0.0);
  for (std::size_t j = 0; j < x.size(); ++j) sum += x[j] * y[j];
  return sum;
}

// step along ws.direction, in the lanes that search, with slope of q within kSlopeLeft of its start, else the longest
// step found at which q still rises: ascent is certain either way. Other lanes get 1.
template <class T, int exponent>
T find_step(const RecruitmentPattern& p, const RecruitmentProblem<T>& problem, double eps, Mask<T> searching,
            T start_slope, T full_slope, const RecruitmentWorkspace<T>& ws) {
  using Response = EffortResponse<T, exponent>;
  T load_part(0.0);
  T reserve_part(0.0);
  T reserve_slope(0.0);
  for (int j = 0; j < p.row_count; ++j) {
    const T d = ws.direction[j];
    const T square(ws.reserve_square[j]);
    load_part += problem.load[j] * d;
    reserve_part += square * ws.multiplier[j] * d;
    reserve_slope += square * d * d;
  }
  T low(0.0);
  T high(1.0);
  T step = select(searching, start_slope / (start_slope - full_slope), T(1.0));
  Mask<T> pending = searching;
  for (int trial = 0; trial < kLineSearchTrials && any(pending); ++trial) {
    // q'(step) and -q''(step)
    T slope = load_part - reserve_part - step * reserve_slope;
    T bend = reserve_slope;
    for (int i = 0; i < p.column_count; ++i) {
      const T rate = ws.trial_effort[i] - ws.effort[i];
      const T z = (ws.effort[i] + step * rate) * T(ws.weight_inverse[i]);
      const T wanted = Response::calc_activation(z, eps);
      const T a = min(max(wanted, problem.lower[i]), problem.upper[i]);
      slope -= a * rate;
      const T d = select(a == wanted, Response::calc_slope(z, eps, ws.weight_inverse[i]), T(0.0));
      bend += d * rate * rate;
    }
    pending = pending && !(abs(slope) <= T(kSlopeLeft) * start_slope);
    low = select(pending && slope > T(0.0), step, low);
    high = select(pending && !(slope > T(0.0)), step, high);
    // Newton on q' inside the bracket; otherwise halve it, or fall by ten while nothing is known to rise
    const T newton = step + slope / bend;
    const T inside = select(low > T(0.0), T(0.5) * (low + high), T(0.1) * high);
    const T next = select(newton > low && newton < high, newton, inside);
    step = select(pending, next, step);
  }
  return select(pending, low, step);
}

// Newton steps in the lanes of `active` until the residual is as small as rounding allows or steps run out.
// Leaves multiplier, activation, curvature, gradient and residual of the last point; returns lanes that saw a lifted
// pivot.
template <class T, int exponent>
Mask<T> run_newton(const RecruitmentPattern& p, const RecruitmentProblem<T>& problem, const RecruitmentOptions& options,
                   double eps, T accepted, Mask<T> active, RecruitmentWorkspace<T>& ws) {
  const T wished = accepted * T(kCarryOn);
  const T infinity(std::numeric_limits<double>::infinity());
  Mask<T> had_low_pivot = T(0.0) > T(1.0);
  Mask<T> had_extra_step = had_low_pivot;

  update_state<T, exponent>(p, problem, eps, ws.multiplier.data(), ws.effort.data(), ws);
  const Mask<T> is_cold = active && calc_largest(ws.multiplier) == T(0.0);
  if (any(is_cold)) loosen_columns<T, exponent>(p, problem, eps, select(is_cold, T(1.0), T(0.0)), ws);
  ws.residual = calc_largest(ws.gradient);

  for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
    // an accepted lane takes one more step, which is exact once the right columns are free; NaN fails the last test
    const Mask<T> is_accepted = ws.residual <= accepted;
    active = active && !(ws.residual <= wished) && !(is_accepted && had_extra_step) && ws.residual < infinity;
    had_extra_step = had_extra_step || (is_accepted && active);
    if (!any(active)) break;
    ++ws.iterations;
    for (std::size_t lane = 0; lane < lanes_of<T>; ++lane) ws.lane_iterations[lane] += get_lane(active, lane) ? 1 : 0;

    update_hessian(p, problem, ws);
    // a call of its own: on plain numbers && and || would leave it out
    const Mask<T> has_low_pivot = update_factor(p, kRidge, ws);
    had_low_pivot = had_low_pivot || (active && has_low_pivot);
    solve_factored(p, ws.gradient.data(), ws.direction.data(), ws);
    for (int j = 0; j < p.row_count; ++j) {
      ws.direction[j] = select(active, ws.direction[j], T(0.0));
      ws.trial_multiplier[j] = ws.multiplier[j] + ws.direction[j];
    }
    const T start_slope = calc_dot(ws.gradient, ws.direction);
    update_state<T, exponent>(p, problem, eps, ws.trial_multiplier.data(), ws.trial_effort.data(), ws);
    ws.residual = calc_largest(ws.gradient);

    // the full step is fine unless q has turned down steeply; a tiny residual ends the matter whatever the rounding of
    // q'
    const T full_slope = calc_dot(ws.gradient, ws.direction);
    const Mask<T> searching = active && !(full_slope >= T(-kSteepDescent) * start_slope) && !(ws.residual <= accepted);
    if (any(searching)) {
      const T step = find_step<T, exponent>(p, problem, eps, searching, start_slope, full_slope, ws);
      for (int j = 0; j < p.row_count; ++j) {
        ws.trial_multiplier[j] = ws.multiplier[j] + step * ws.direction[j];
      }
      update_state<T, exponent>(p, problem, eps, ws.trial_multiplier.data(), ws.trial_effort.data(), ws);
      ws.residual = calc_largest(ws.gradient);
    }
    std::swap(ws.multiplier, ws.trial_multiplier);
    std::swap(ws.effort, ws.trial_effort);
  }
  return had_low_pivot;
}

// Large multipliers (exhausted muscles, small reserves) round a = s/w too coarsely. With the free columns known,
// corrects a itself by d = H^-1 g: iterative refinement of the augmented system, in accepted lanes that are not yet at
// rounding.
template <class T>
void refine_activations(const RecruitmentPattern& p, const RecruitmentProblem<T>& problem, T refinable, T wished,
                        RecruitmentWorkspace<T>& ws) {
  for (int pass = 0; pass < kRefinements; ++pass) {
    const Mask<T> refining = ws.residual <= refinable && !(ws.residual <= wished);
    if (!any(refining)) return;
    update_hessian(p, problem, ws);
    update_factor(p, kRidge, ws);
    solve_factored(p, ws.gradient.data(), ws.direction.data(), ws);
    // trial a in trial_effort, trial g in permuted
    std::vector<T>& trial_activation = ws.trial_effort;
    std::vector<T>& trial_gradient = ws.permuted;
    for (int j = 0; j < p.row_count; ++j) {
      ws.trial_multiplier[j] = ws.multiplier[j] + ws.direction[j];
      trial_gradient[j] = problem.load[j] - T(ws.reserve_square[j]) * ws.trial_multiplier[j];
    }
    for (int i = 0; i < p.column_count; ++i) {
      T change(0.0);
      for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) {
        change += problem.matrix[e] * ws.direction[p.row_index[e]];
      }
      const T wanted = ws.activation[i] + ws.curvature[i] * change;
      trial_activation[i] = min(max(wanted, problem.lower[i]), problem.upper[i]);
      for (int e = p.column_start[i]; e < p.column_start[i + 1]; ++e) {
        trial_gradient[p.row_index[e]] -= problem.matrix[e] * trial_activation[i];
      }
    }
    const T trial_residual = calc_largest(trial_gradient);
    const Mask<T> is_better = refining && trial_residual < ws.residual;
    ws.residual = select(is_better, trial_residual, ws.residual);
    for (int j = 0; j < p.row_count; ++j) {
      ws.multiplier[j] = select(is_better, ws.trial_multiplier[j], ws.multiplier[j]);
      ws.gradient[j] = select(is_better, trial_gradient[j], ws.gradient[j]);
    }
    for (int i = 0; i < p.column_count; ++i) {
      ws.activation[i] = select(is_better, trial_activation[i], ws.activation[i]);
    }
  }
}

// one complete attempt: Newton, refinement, reserves, status
template <class T, int exponent>
void run_attempt(const RecruitmentPattern& p, const RecruitmentProblem<T>& problem, const RecruitmentOptions& options,
                 double eps, RecruitmentWorkspace<T>& ws) {
  T largest_load(1.0);
  for (int j = 0; j < p.row_count; ++j) largest_load = max(largest_load, abs(problem.load[j]));
  const T accepted = T(options.tolerance) * largest_load;
  const Mask<T> every_lane = T(1.0) > T(0.0);
  const Mask<T> had_low_pivot = run_newton<T, exponent>(p, problem, options, eps, accepted, every_lane, ws);
  // alone and in extended precision, what is left of a lane's residual may be rounding of large multipliers
  const bool is_alone = std::is_same_v<T, long double>;
  refine_activations(p, problem, accepted * T(is_alone ? kRefinableAlone : 1.0), accepted * T(kCarryOn), ws);
  for (int j = 0; j < p.row_count; ++j) ws.reserve[j] = T(ws.reserve_square[j]) * ws.multiplier[j];
  const Mask<T> is_converged = ws.residual <= accepted;
  for (std::size_t lane = 0; lane < lanes_of<T>; ++lane) {
    ws.status[lane] = get_lane(is_converged, lane)    ? RecruitmentStatus::converged
                      : get_lane(had_low_pivot, lane) ? RecruitmentStatus::singular
                                                      : RecruitmentStatus::not_converged;
  }
}

// 1/w and rho^2, which every pass over the columns and rows needs
template <class T>
void update_scales(const RecruitmentPattern& p, const double* weight, const double* reserve_strength,
                   RecruitmentWorkspace<T>& ws) {
  for (int i = 0; i < p.column_count; ++i) ws.weight_inverse[i] = 1.0 / weight[i];
  for (int j = 0; j < p.row_count; ++j) ws.reserve_square[j] = reserve_strength[j] * reserve_strength[j];
}

template <class T>
RecruitmentWorkspace<T> make_workspace(const RecruitmentPattern& p) {
  RecruitmentWorkspace<T> ws;
  for (std::vector<T>* rows : {&ws.multiplier, &ws.reserve, &ws.gradient, &ws.direction, &ws.trial_multiplier,
                               &ws.permuted, &ws.pivot_floor}) {
    rows->assign(p.row_count, T(0.0));
  }
  for (std::vector<T>* columns : {&ws.activation, &ws.effort, &ws.trial_effort, &ws.curvature}) {
    columns->assign(p.column_count, T(0.0));
  }
  ws.factor.assign(p.factor_value_count(), T(0.0));
  size_plain_buffers(p, ws.weight_inverse, ws.reserve_square, ws.free_column, ws.free_count);
  return ws;
}

// copies one lane out, has it solved alone, and puts the answer back when it is one
template <class T>
void rescue_lane(const RecruitmentPattern& p, const RecruitmentProblem<T>& problem, const RecruitmentOptions& options,
                 std::size_t lane, RecruitmentWorkspace<T>& ws) {
  for (int e = 0; e < p.entry_count(); ++e) ws.rescue.matrix[e] = get_lane(problem.matrix[e], lane);
  for (int j = 0; j < p.row_count; ++j) ws.rescue.load[j] = get_lane(problem.load[j], lane);
  for (int i = 0; i < p.column_count; ++i) {
    ws.rescue.lower[i] = get_lane(problem.lower[i], lane);
    ws.rescue.upper[i] = get_lane(problem.upper[i], lane);
  }
  RecruitmentWorkspace<long double>& alone = ws.rescue_workspace.front();
  solve_alone(p, problem.weight, problem.reserve_strength, options, ws.rescue, alone);
  ++ws.rescued_lanes;
  ws.lane_iterations[lane] += alone.lane_iterations[0];
  ws.status[lane] = alone.status[0];
  set_lane(ws.residual, lane, static_cast<double>(alone.residual));
  for (int j = 0; j < p.row_count; ++j) {
    set_lane(ws.multiplier[j], lane, static_cast<double>(alone.multiplier[j]));
    set_lane(ws.reserve[j], lane, static_cast<double>(alone.reserve[j]));
  }
  for (int i = 0; i < p.column_count; ++i) {
    set_lane(ws.activation[i], lane, static_cast<double>(alone.activation[i]));
    set_lane(ws.effort[i], lane, static_cast<double>(alone.effort[i]));
    set_lane(ws.curvature[i], lane, static_cast<double>(alone.curvature[i]));
  }
}

}  // namespace recruitment_kernel

template <class T>
RecruitmentWorkspace<T> make_recruitment_workspace(const RecruitmentPattern& p) {
  RecruitmentWorkspace<T> ws = recruitment_kernel::make_workspace<T>(p);
  recruitment_kernel::size_rescue(p, ws.rescue, ws.rescue_workspace);
  return ws;
}

template <class T>
void solve_recruitment(const RecruitmentPattern& p, const RecruitmentProblem<T>& problem,
                       const RecruitmentOptions& options, RecruitmentWorkspace<T>& ws) {
  const bool is_made_for_pattern = static_cast<int>(ws.multiplier.size()) == p.row_count &&
                                   static_cast<int>(ws.activation.size()) == p.column_count &&
                                   static_cast<int>(ws.factor.size()) == p.factor_value_count() &&
                                   ws.free_count.size() == p.group.size() && ws.rescue_workspace.size() == 1;
  recruitment_kernel::check_call(options, is_made_for_pattern);

  // start where the last call ended, or from zero where it failed or was handed something not finite
  const T infinity(std::numeric_limits<double>::infinity());
  Mask<T> is_usable = recruitment_kernel::calc_largest(ws.multiplier) < infinity;
  if (!std::all_of(ws.status.begin(), ws.status.end(),
                   [](RecruitmentStatus s) { return s == RecruitmentStatus::converged; })) {
    T failed(0.0);
    for (std::size_t lane = 0; lane < lanes_of<T>; ++lane) {
      if (ws.status[lane] != RecruitmentStatus::converged) set_lane(failed, lane, 1.0);
    }
    is_usable = is_usable && failed == T(0.0);
  }
  if (!all(is_usable)) {
    for (T& value : ws.multiplier) value = select(is_usable, value, T(0.0));
  }
  ws.iterations = 0;
  ws.rescued_lanes = 0;
  for (int& count : ws.lane_iterations) count = 0;

  recruitment_kernel::update_scales(p, problem.weight, problem.reserve_strength, ws);
  if (options.exponent == 2) {
    recruitment_kernel::run_attempt<T, 2>(p, problem, options, 0.0, ws);
  } else {
    recruitment_kernel::run_attempt<T, 3>(p, problem, options, options.regularisation, ws);
  }
  for (std::size_t lane = 0; lane < lanes_of<T>; ++lane) {
    if (ws.status[lane] != RecruitmentStatus::converged) {
      recruitment_kernel::rescue_lane(p, problem, options, lane, ws);
    }
  }
}

}  // namespace buttress
