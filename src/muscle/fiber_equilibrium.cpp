#include "muscle/fiber_equilibrium.h"

#include <cmath>
#include <stdexcept>

#include "muscle/fiber_force.inl"

namespace buttress {
namespace {

using D = Dual<double>;

// tendon of Thelen 2003 with the rounded constants of the paper made exact, as OpenSim has them
D calc_thelen_tendon_force(const D& strain, double strain_at_one) {
  const double k_toe = 3, f_toe = 0.33, e3 = std::exp(3.0), e_toe = 99 * strain_at_one * e3 / (166 * e3 - 67);
  const double k_linear = 0.67 / (strain_at_one - e_toe);
  const D toe = (exp(D(k_toe / e_toe) * min(max(strain, D(0.0)), D(e_toe))) - D(1.0)) * D(f_toe / (e3 - 1));
  return toe + D(k_linear) * max(strain - D(e_toe), D(0.0));
}

// De Groote et al. 2016 with OpenSim's constants: zero force at slack length
D calc_degroote_tendon_force(const D& norm_length, double strain_at_one) {
  const double c1 = 0.2, c2 = 1, c3 = 0.2, k = std::log((1 + c3) / c1) / (1 + strain_at_one - c2);
  return D(c1) * exp(D(k) * (norm_length - D(c2))) - D(c3);
}

D calc_norm_tendon_force(const FiberPlan& plan, const FiberParameters& p, const D& norm_length) {
  switch (p.kind) {
    case MuscleKind::thelen2003:
      return calc_thelen_tendon_force(norm_length - D(1.0), p.tendon_strain);
    case MuscleKind::degroote_fregly2016:
      return calc_degroote_tendon_force(norm_length, p.tendon_strain);
    case MuscleKind::schutte1993:
      return norm_length.v < 1 ? D(0.0) : [&] {
        const auto jet = evaluate(plan.schutte[static_cast<std::size_t>(p.schutte)].tendon, norm_length - D(1.0));
        return jet.f;
      }();
    case MuscleKind::millard2012_equilibrium:
    case MuscleKind::millard2012_acceleration:
      return evaluate(plan.tables[static_cast<std::size_t>(p.tendon_table)], norm_length);
  }
  return D(0.0);
}

struct FiberForces {
  D active, passive;
};

// normalized, at activation 1 and zero velocity
FiberForces calc_norm_fiber_forces(const FiberPlan& plan, const FiberParameters& p, const D& norm_length) {
  switch (p.kind) {
    case MuscleKind::thelen2003:
      return {calc_thelen_active_force(norm_length, p.k_shape_active),
              calc_thelen_passive_force(norm_length, p.k_shape_passive, p.passive_strain)};
    case MuscleKind::degroote_fregly2016:
      return {calc_degroote_active_force(norm_length, p.width_scale),
              p.ignore_passive ? D(0.0) : calc_degroote_passive_force(norm_length, p.passive_strain)};
    case MuscleKind::schutte1993: {
      const SchutteCurves& curves = plan.schutte[static_cast<std::size_t>(p.schutte)];
      const D passive = curves.passive_is_exponential ? exp(D(8.0) * (norm_length - D(1.0)) - D(4.0))
                                                      : max(evaluate(curves.passive, norm_length).f, D(0.0));
      return {max(evaluate(curves.active, norm_length).f, D(0.0)), passive};
    }
    case MuscleKind::millard2012_equilibrium:
    case MuscleKind::millard2012_acceleration:
      return {evaluate(plan.tables[static_cast<std::size_t>(p.active_table)], norm_length),
              evaluate(plan.tables[static_cast<std::size_t>(p.passive_table)], norm_length)};
  }
  return {D(0.0), D(0.0)};
}

}  // namespace

double calc_tendon_force(const FiberPlan& plan, int muscle, double norm_tendon_length) {
  return calc_norm_tendon_force(plan, plan.muscles[static_cast<std::size_t>(muscle)], D(norm_tendon_length)).v;
}

D calc_tendon_force(const FiberPlan& plan, int muscle, const D& norm_tendon_length) {
  return calc_norm_tendon_force(plan, plan.muscles[static_cast<std::size_t>(muscle)], norm_tendon_length);
}

FiberEquilibrium find_isometric_equilibrium(const FiberPlan& plan, int muscle, double path_length, double activation) {
  const FiberParameters& p = plan.muscles[static_cast<std::size_t>(muscle)];
  if (!(p.slack_length > 0)) throw std::invalid_argument("muscle without a tendon has no tendon equilibrium");
  const auto along_of = [&](const D& x) { return sqrt(max((x - D(p.height)) * (x + D(p.height)), D(0.0))); };
  const auto difference = [&](const D& x) {
    const D along = along_of(x);
    const D tendon = calc_norm_tendon_force(plan, p, (D(path_length) - along) * D(1 / p.slack_length));
    const FiberForces f = calc_norm_fiber_forces(plan, p, x * D(p.inverse_optimal_length));
    return tendon - (D(activation) * f.active + f.passive) * along / x;
  };
  // the shortest fibre, and the one that leaves the tendon at slack length
  const double shortest = std::fmax(p.min_active_length, 1e-6 * p.optimal_length);
  const double slack_along = std::fmax(path_length - p.slack_length, 0.0);
  double longest = std::sqrt(p.height * p.height + slack_along * slack_along);

  FiberEquilibrium e;
  double x;
  if (path_length <= p.slack_length || longest <= shortest) {
    e.status = EquilibriumStatus::slack;
    x = shortest;
  } else {
    // De Groote's fibre may push a little when very short: then the tendon is a little shorter than slack
    while (difference(D(longest)).v > 0 && longest < 2 * path_length) longest *= 1.1;
    x = fiber_detail::find_falling_root(difference, shortest, longest);
    if (x <= shortest) e.status = EquilibriumStatus::at_minimum_length;
  }
  const double along = along_of(D(x)).v;
  const FiberForces f = calc_norm_fiber_forces(plan, p, D(x * p.inverse_optimal_length));
  e.fiber_length = x;
  e.cos_pennation = along / x;
  e.tendon_length = path_length - along;
  e.active_fiber_force = activation * f.active.v * p.max_force;
  e.passive_fiber_force = f.passive.v * p.max_force;
  if (e.status != EquilibriumStatus::slack)
    e.tendon_force = p.max_force * calc_norm_tendon_force(plan, p, D(e.tendon_length / p.slack_length)).v;
  return e;
}

}  // namespace buttress
