#include "muscle/passive_tension.h"

#include <algorithm>
#include <cmath>

#include "muscle/fiber_equilibrium.h"

namespace buttress {

namespace {

constexpr int kPieces = 48;
constexpr double kSlackTension = 1e-5;  // of the maximum isometric force: below it a muscle counts as slack

/// the greatest length at which the muscle is slack, by halving; the tension never falls with length
double find_onset(double low, double high, double slack, const auto& tension) {
  for (int i = 0; i < 50; ++i) {
    const double middle = 0.5 * (low + high);
    (tension(middle) > slack ? high : low) = middle;
  }
  return low;
}

PassiveTension make_passive_tension(const FiberPlan& plan, int m) {
  const FiberParameters& p = plan.muscles[static_cast<std::size_t>(m)];
  const auto tension = [&](double length) {
    return std::max(0.0, find_isometric_equilibrium(plan, m, length, 0).tendon_force);
  };
  const double last = p.slack_length + 2.2 * p.optimal_length;
  PassiveTension result;
  result.onset = find_onset(p.slack_length, last, kSlackTension * p.max_force, tension);
  if (!(result.onset < last - 1e-3 * p.optimal_length)) {
    // slack at every length: a curve that is zero
    result.onset = last;
    result.curve = make_constant(0);
    return result;
  }

  // cubics with the curve's own values and slopes at both ends of each piece; the first starts flat from zero
  const double step = (last - result.onset) / kPieces, h = 1e-4 * p.optimal_length;
  const auto slope = [&](double x) { return (tension(x + h) - tension(x - h)) / (2 * h); };
  double f = 0, df = 0;
  result.curve.degree = 3;
  const auto add_piece = [&](double x, std::initializer_list<double> c) {
    result.curve.breaks.push_back(x);
    result.curve.origins.push_back(x);
    result.curve.coefficients.insert(result.curve.coefficients.end(), c);
  };
  for (int k = 0; k < kPieces; ++k) {
    const double x = result.onset + step * k, f1 = tension(x + step), df1 = slope(x + step);
    const double rise = (f1 - f) / step;
    add_piece(x, {f, df, (3 * rise - 2 * df - df1) / step, (df + df1 - 2 * rise) / (step * step)});
    f = f1, df = df1;
  }
  add_piece(last, {f, df, 0, 0});
  return result;
}

bool is_alike(const FiberParameters& a, const FiberParameters& b) {
  return a.kind == b.kind && a.max_force == b.max_force && a.optimal_length == b.optimal_length &&
         a.slack_length == b.slack_length && a.height == b.height && a.passive_table == b.passive_table &&
         a.tendon_table == b.tendon_table && a.schutte == b.schutte && a.k_shape_passive == b.k_shape_passive &&
         a.passive_strain == b.passive_strain && a.tendon_strain == b.tendon_strain &&
         a.ignore_passive == b.ignore_passive;
}

}  // namespace

std::vector<PassiveTension> make_passive_tensions(const FiberPlan& plan) {
  std::vector<PassiveTension> tensions(plan.muscles.size());
  for (std::size_t m = 0; m < tensions.size(); ++m) {
    const FiberParameters& p = plan.muscles[m];
    if (!(p.slack_length > 0) || !(p.max_force > 0)) continue;
    const auto twin = std::find_if(plan.muscles.begin(), plan.muscles.begin() + static_cast<std::ptrdiff_t>(m),
                                   [&](const FiberParameters& other) { return is_alike(other, p); });
    const std::size_t t = static_cast<std::size_t>(twin - plan.muscles.begin());
    tensions[m] = t < m ? tensions[t] : make_passive_tension(plan, static_cast<int>(m));
  }
  return tensions;
}

}  // namespace buttress
