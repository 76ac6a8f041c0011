#include "muscle/fiber_force.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "muscle/fiber_force.inl"

namespace buttress {
namespace {

// OpenSim's largest pennation angles: acos(0.1), but a right angle for the acceleration muscle
constexpr double kMaxPennationCosine = 0.1;

void require(bool holds, const Muscle& muscle, const char* what) {
  if (!holds) throw std::invalid_argument("muscle " + muscle.name + ": " + what);
}

/// finds tables that are already there by the numbers they were made from
struct TableMaker {
  FiberPlan& plan;
  std::vector<std::vector<double>> keys;  ///< [tables]

  template <class MakeCurve>
  int find_or_make(std::vector<double> key, const MakeCurve& make_curve) {
    // a missing number (NaN) must equal itself here
    for (double& k : key)
      if (std::isnan(k)) k = -1e300;
    const auto found = std::find(keys.begin(), keys.end(), key);
    if (found != keys.end()) return static_cast<int>(found - keys.begin());
    plan.tables.push_back(make_curve_table(make_curve()));
    keys.push_back(std::move(key));
    return static_cast<int>(keys.size()) - 1;
  }
};

void set_millard_curves(const Muscle& muscle, TableMaker& maker, FiberParameters& p) {
  const MuscleCurveSpec& c = muscle.curves;
  double minimum = c.minimum_value, slope_c = c.concentric_slope_at_vmax, slope_e = c.eccentric_slope_at_vmax;
  if (muscle.kind == MuscleKind::millard2012_equilibrium) {
    // OpenSim avoids divisions by zero in its undamped model, and needs no such care in the damped one
    const bool damped = c.fiber_damping >= 0.001;
    minimum = damped ? 0.0 : std::max(minimum, 0.1);
    slope_c = damped ? 0.0 : std::max(slope_c, 0.1);
    slope_e = damped ? 0.0 : std::max(slope_e, 0.1);
  }
  p.active_table = maker.find_or_make({1, c.min_norm_active_fiber_length, c.transition_norm_fiber_length,
                                       c.max_norm_active_fiber_length, c.shallow_ascending_slope, minimum},
                                      [&] { return make_active_force_length_curve(c, minimum); });
  p.velocity_table = maker.find_or_make(
      {2, slope_c, c.concentric_slope_near_vmax, c.isometric_slope, slope_e, c.eccentric_slope_near_vmax,
       c.max_eccentric_velocity_force_multiplier, c.concentric_curviness, c.eccentric_curviness},
      [&] { return make_force_velocity_curve(c, slope_c, slope_e); });
  p.passive_table = maker.find_or_make({3, c.strain_at_zero_force, c.strain_at_one_norm_force, c.stiffness_at_low_force,
                                        c.stiffness_at_one_norm_force, c.curviness},
                                       [&] { return make_passive_force_length_curve(c); });
  p.tendon_table = maker.find_or_make({4, c.tendon_strain_at_one_norm_force}, [&] {
    return make_tendon_force_length_curve(c.tendon_strain_at_one_norm_force);
  });
}

// the curves that OpenSim's Schutte1993Muscle_Deprecated has when the file gives none
const std::vector<double> kTendonX{-10,     -0.002, -0.001, 0,      0.00131, 0.00281, 0.00431, 0.00581, 0.00731,
                                   0.00881, 0.0103, 0.0118, 0.0123, 9.2,     9.201,   9.202,   20};
const std::vector<double> kTendonY{0,     0,     0,     0,     0.0108, 0.0257, 0.0435, 0.0652, 0.0915,
                                   0.123, 0.161, 0.208, 0.227, 345,    345,    345,    345};
const std::vector<double> kActiveX{-5.307692, -4.307692, -1.923077, -0.884615, -0.269231, 0.230769, 0.461538,
                                   0.52725,   0.62875,   0.71875,   0.86125,   1.045,     1.2175,   1.43875,
                                   1.5,       1.615385,  2.0,       2.961538,  3.692308,  5.461538, 9.901902};
const std::vector<double> kActiveY{0.012188, 0.021899, 0.036466, 0.052493, 0.075312, 0.114158, 0.157859,
                                   0.226667, 0.636667, 0.856667, 0.95,     0.993333, 0.77,     0.246667,
                                   0.193821, 0.133252, 0.072683, 0.044417, 0.036341, 0.021899, 0.007332};

SchutteCurves make_schutte_curves(const MuscleCurveSpec& c) {
  SchutteCurves curves;
  curves.active = c.active_x.empty() ? make_simm_spline(kActiveX, kActiveY) : make_simm_spline(c.active_x, c.active_y);
  curves.tendon = c.tendon_x.empty() ? make_simm_spline(kTendonX, kTendonY) : make_simm_spline(c.tendon_x, c.tendon_y);
  curves.passive_is_exponential = c.passive_x.empty();
  curves.passive = c.passive_x.empty() ? make_constant(0.0) : make_simm_spline(c.passive_x, c.passive_y);
  return curves;
}

}  // namespace

FiberPlan make_fiber_plan(const Model& model, CapacityRule rule) {
  FiberPlan plan;
  plan.rule = rule;
  TableMaker maker{plan, {}};
  std::vector<const MuscleCurveSpec*> schutte_specs;
  for (const Muscle& muscle : model.muscles) {
    require(muscle.optimal_fiber_length > 0, muscle, "optimal_fiber_length must be positive");
    require(muscle.tendon_slack_length >= 0, muscle, "tendon_slack_length must not be negative");
    require(muscle.max_isometric_force >= 0, muscle, "max_isometric_force must not be negative");
    require(muscle.max_contraction_velocity > 0, muscle, "max_contraction_velocity must be positive");
    require(muscle.pennation_at_optimal >= 0 && muscle.pennation_at_optimal < 1.5707963, muscle,
            "pennation_angle_at_optimal must lie between 0 and a right angle");
    const MuscleCurveSpec& c = muscle.curves;
    FiberParameters p;
    p.kind = muscle.kind;
    p.max_force = muscle.max_isometric_force;
    p.optimal_length = muscle.optimal_fiber_length;
    p.inverse_optimal_length = 1 / p.optimal_length;
    p.slack_length = muscle.tendon_slack_length;
    p.inverse_max_speed = 1 / (p.optimal_length * muscle.max_contraction_velocity);
    p.cos_pennation_at_optimal = std::cos(muscle.pennation_at_optimal);
    // below machine precision OpenSim calls the fibre straight
    if (muscle.pennation_at_optimal > 2.22e-16) p.height = p.optimal_length * std::sin(muscle.pennation_at_optimal);
    p.max_cos_pennation = muscle.kind == MuscleKind::millard2012_acceleration ? 0.0 : kMaxPennationCosine;
    p.max_sin_pennation = std::sqrt(1 - p.max_cos_pennation * p.max_cos_pennation);
    p.min_pennated_length = p.height / p.max_sin_pennation;
    p.min_length_along_tendon = p.min_pennated_length * p.max_cos_pennation;
    p.min_active_length = p.min_pennated_length;
    p.k_shape_active = c.k_shape_active;
    p.k_shape_passive = c.k_shape_passive;
    p.af = c.af;
    p.flen = c.flen;
    p.velocity_threshold = c.fv_linear_extrapolation_threshold;
    p.width_scale = c.active_force_width_scale;
    p.ignore_passive = c.ignore_passive_fiber_force;
    try {
      switch (muscle.kind) {
        case MuscleKind::millard2012_equilibrium:
          p.min_active_length = std::max(p.min_active_length, c.min_norm_active_fiber_length * p.optimal_length);
          set_millard_curves(muscle, maker, p);
          break;
        case MuscleKind::millard2012_acceleration:
          set_millard_curves(muscle, maker, p);
          break;
        case MuscleKind::thelen2003:
          require(c.k_shape_active > 0 && c.k_shape_passive > 0 && c.fmax_muscle_strain > 0 && c.fmax_tendon_strain > 0,
                  muscle, "KshapeActive, KshapePassive, FmaxMuscleStrain and FmaxTendonStrain must be positive");
          require(c.af > 0 && c.flen > 1, muscle, "Af must be positive and Flen greater than 1");
          require(p.velocity_threshold > 1 / c.flen && p.velocity_threshold < 1, muscle,
                  "fv_linear_extrap_threshold must lie between 1/Flen and 1");
          p.passive_strain = c.fmax_muscle_strain;
          p.tendon_strain = c.fmax_tendon_strain;
          break;
        case MuscleKind::degroote_fregly2016:
          require(c.active_force_width_scale >= 1, muscle, "active_force_width_scale must be at least 1");
          require(c.passive_fiber_strain_at_one_norm_force > 0 && c.tendon_strain_at_one_norm_force > 0, muscle,
                  "strains at one norm force must be positive");
          p.passive_strain = c.passive_fiber_strain_at_one_norm_force;
          p.tendon_strain = c.tendon_strain_at_one_norm_force;
          break;
        case MuscleKind::schutte1993: {
          // a tendon of no length is as good as one of a thousandth of a micrometre, and has a strain
          p.slack_length = std::max(p.slack_length, 1e-9);
          const auto is_same = [&](const MuscleCurveSpec* other) {
            return other->active_x == c.active_x && other->active_y == c.active_y && other->passive_x == c.passive_x &&
                   other->passive_y == c.passive_y && other->tendon_x == c.tendon_x && other->tendon_y == c.tendon_y;
          };
          const auto found = std::find_if(schutte_specs.begin(), schutte_specs.end(), is_same);
          p.schutte = static_cast<int>(found - schutte_specs.begin());
          if (found == schutte_specs.end()) {
            plan.schutte.push_back(make_schutte_curves(c));
            schutte_specs.push_back(&c);
          }
          break;
        }
      }
    } catch (const std::invalid_argument& problem) {
      const std::string text = problem.what();
      const std::string prefix = "muscle " + muscle.name + ": ";
      throw std::invalid_argument(text.rfind(prefix, 0) == 0 ? text : prefix + text);
    }
    plan.muscles.push_back(p);
  }
  return plan;
}

template FiberWorkspace<double> make_fiber_workspace<double>(const FiberPlan&);
template void update_fibers<double>(const Model&, const FiberPlan&, const double*, const double*,
                                    FiberWorkspace<double>&);

}  // namespace buttress
