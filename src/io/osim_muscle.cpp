// Muscles of a .osim file.
#include <fmt/format.h>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

struct MuscleType {
  const char* name;
  MuscleKind kind;
  double min_control;  ///< OpenSim's default: the default minimum activation of the class
};
constexpr MuscleType kMuscleTypes[] = {
    {"Thelen2003Muscle", MuscleKind::thelen2003, 0.01},
    {"ThelenMuscle", MuscleKind::thelen2003, 0.01},
    {"Millard2012EquilibriumMuscle", MuscleKind::millard2012_equilibrium, 0.01},
    {"Millard2012AccelerationMuscle", MuscleKind::millard2012_acceleration, 0},
    {"DeGrooteFregly2016Muscle", MuscleKind::degroote_fregly2016, 0},
    {"Schutte1993Muscle", MuscleKind::schutte1993, 0},
    {"Schutte1993Muscle_Deprecated", MuscleKind::schutte1993, 0},
};

const MuscleType* find_muscle_type(std::string_view type) {
  for (const MuscleType& candidate : kMuscleTypes)
    if (type == candidate.name) return &candidate;
  return nullptr;
}

// OpenSim 4 drops a lower bound of 0 from files before 3.5.13: those wrote it without the user's wish, and the
// default of the class holds instead
double read_min_control(const Document& document, pugi::xml_node node, double class_default) {
  double value = class_default;
  if (document.version >= 30513) {
    read(document, node, "min_control", value, NumberRange::may_be_infinite);
    return value;
  }
  if (const pugi::xml_node own = node.child("min_control")) {
    const auto stated = read_number(document.xml, own, document.diagnostics, NumberRange::may_be_infinite);
    if (stated && *stated != 0) return *stated;
  }
  const auto found = document.defaults.find(node.name());
  if (found != document.defaults.end())
    if (const pugi::xml_node fallback = found->second.child("min_control")) {
      const auto stated = read_number(document.xml, fallback, document.diagnostics, NumberRange::may_be_infinite);
      if (stated && *stated != 0) return *stated;
    }
  return class_default;
}

void read_thelen(const Document& document, pugi::xml_node node, MuscleSpec& muscle) {
  MuscleCurveSpec& curves = muscle.curves;
  read(document, node, "FmaxTendonStrain", curves.fmax_tendon_strain);
  read(document, node, "FmaxMuscleStrain", curves.fmax_muscle_strain);
  read(document, node, "KshapeActive", curves.k_shape_active);
  read(document, node, "KshapePassive", curves.k_shape_passive);
  read(document, node, "Af", curves.af);
  read(document, node, "Flen", curves.flen);
  read(document, node, "fv_linear_extrap_threshold", curves.fv_linear_extrapolation_threshold);
  // OpenSim 2's Vmax is no property any more: OpenSim 3 and 4 read the file and use max_contraction_velocity
  if (const pugi::xml_node vmax = node.child("Vmax"))
    if (const auto value = read_number(document.xml, vmax, document.diagnostics))
      if (*value != muscle.max_contraction_velocity)
        document.warning("OSIM-021", vmax,
                         fmt::format("{} has <Vmax> {}; OpenSim 3 and 4 ignore it and use max_contraction_velocity {}, "
                                     "and so do we",
                                     label_of(node), *value, muscle.max_contraction_velocity),
                         "Write <max_contraction_velocity> if you mean it.");
}

void read_millard(const Document& document, pugi::xml_node node, MuscleCurveSpec& curves) {
  if (const pugi::xml_node active = find_property(document, node, "ActiveForceLengthCurve")) {
    read(document, active, "min_norm_active_fiber_length", curves.min_norm_active_fiber_length);
    read(document, active, "transition_norm_fiber_length", curves.transition_norm_fiber_length);
    read(document, active, "max_norm_active_fiber_length", curves.max_norm_active_fiber_length);
    read(document, active, "shallow_ascending_slope", curves.shallow_ascending_slope);
    read(document, active, "minimum_value", curves.minimum_value);
  }
  if (const pugi::xml_node velocity = find_property(document, node, "ForceVelocityCurve")) {
    read(document, velocity, "concentric_slope_at_vmax", curves.concentric_slope_at_vmax);
    read(document, velocity, "concentric_slope_near_vmax", curves.concentric_slope_near_vmax);
    read(document, velocity, "isometric_slope", curves.isometric_slope);
    read(document, velocity, "eccentric_slope_at_vmax", curves.eccentric_slope_at_vmax);
    read(document, velocity, "eccentric_slope_near_vmax", curves.eccentric_slope_near_vmax);
    read(document, velocity, "max_eccentric_velocity_force_multiplier", curves.max_eccentric_velocity_force_multiplier);
    read(document, velocity, "concentric_curviness", curves.concentric_curviness);
    read(document, velocity, "eccentric_curviness", curves.eccentric_curviness);
  }
  if (const pugi::xml_node passive = find_property(document, node, "FiberForceLengthCurve")) {
    read(document, passive, "strain_at_zero_force", curves.strain_at_zero_force);
    read(document, passive, "strain_at_one_norm_force", curves.strain_at_one_norm_force);
    // NaN in the file means, as absence does, that OpenSim fits them
    read_optional(document, passive, "stiffness_at_low_force", curves.stiffness_at_low_force, NumberRange::any);
    read_optional(document, passive, "stiffness_at_one_norm_force", curves.stiffness_at_one_norm_force,
                  NumberRange::any);
    read_optional(document, passive, "curviness", curves.curviness, NumberRange::any);
  }
  if (const pugi::xml_node tendon = find_property(document, node, "TendonForceLengthCurve"))
    read(document, tendon, "strain_at_one_norm_force", curves.tendon_strain_at_one_norm_force);
  read(document, node, "fiber_damping", curves.fiber_damping);
}

// the state that a model starts from, and what its change depends on; each class has defaults of its own
void read_dynamics(const Document& document, pugi::xml_node node, MuscleSpec& muscle) {
  MuscleDynamicsSpec& d = muscle.dynamics;
  pugi::xml_node activation = node;
  switch (muscle.kind) {
    case MuscleKind::thelen2003:
      break;
    case MuscleKind::millard2012_equilibrium:
      d.fiber_damping = muscle.curves.fiber_damping;
      break;
    case MuscleKind::millard2012_acceleration:
      d.minimum_activation = d.default_activation = 0;
      d.fiber_damping = 0.01;
      read(document, node, "fiber_damping", d.fiber_damping);
      read(document, node, "default_fiber_velocity", d.default_fiber_velocity);
      read(document, node, "mass", d.mass);
      read(document, node, "tendon_force_length_damping", d.tendon_damping);
      read(document, node, "fiber_force_length_damping", d.passive_damping);
      activation = find_property(document, node, "MuscleFirstOrderActivationDynamicModel");
      break;
    case MuscleKind::degroote_fregly2016:
      d.minimum_activation = 0;
      d.default_activation = 0.5;
      read(document, node, "fiber_damping", d.fiber_damping);
      read(document, node, "default_normalized_tendon_force", d.default_normalized_tendon_force);
      d.implicit_tendon_dynamics = read_text(document, node, "tendon_compliance_dynamics_mode") == "implicit";
      break;
    case MuscleKind::schutte1993:
      // these are no properties of OpenSim's class
      d.minimum_activation = d.default_activation = d.default_fiber_length = 0;
      d.fiber_damping = 0.1;
      read(document, node, "damping", d.fiber_damping);
      read(document, node, "time_scale", d.time_scale);
      return;
  }
  read(document, node, "default_activation", d.default_activation);
  read(document, node, "default_fiber_length", d.default_fiber_length);
  read(document, node, "ignore_tendon_compliance", d.ignore_tendon_compliance);
  read(document, node, "ignore_activation_dynamics", d.ignore_activation_dynamics);
  if (activation && muscle.kind != MuscleKind::degroote_fregly2016)
    read(document, activation, "minimum_activation", d.minimum_activation);
}

// a tabulated curve of Schutte's muscle
void read_curve(const Document& document, pugi::xml_node node, const char* name, std::vector<double>& x,
                std::vector<double>& y) {
  const pugi::xml_node function_node = find_object(document, node, name);
  if (!function_node) return;
  const auto function = read_function(document, function_node);
  if (!function) return;
  if (function->kind != FunctionKind::simm_spline) {
    document.error(
        "OSIM-010", function_node,
        fmt::format("<{}> of {} is a <{}>, expected a SimmSpline", name, label_of(node), function_node.name()));
    return;
  }
  x = function->x;
  y = function->y;
  for (double& value : y) value *= function->scale;
}

}  // namespace

bool is_muscle_type(std::string_view type) {
  return find_muscle_type(type) != nullptr;
}

void read_muscle(Document& document, pugi::xml_node node, ModelSpec& spec) {
  const MuscleType* type = find_muscle_type(node.name());
  MuscleSpec muscle;
  muscle.name = name_of(node);
  muscle.kind = type->kind;
  muscle.at = document.line(node);
  muscle.applies_force = read_enabled(document, node, "appliesForce");
  if (!read_path(document, node, "/forceset/" + muscle.name, muscle.path, spec)) return;
  // OpenSim's defaults of these five
  muscle.max_isometric_force = 1000;
  muscle.optimal_fiber_length = 0.1;
  muscle.tendon_slack_length = 0.2;
  read(document, node, "max_isometric_force", muscle.max_isometric_force);
  read(document, node, "optimal_fiber_length", muscle.optimal_fiber_length);
  read(document, node, "tendon_slack_length", muscle.tendon_slack_length);
  read(document, node, "pennation_angle", muscle.pennation_at_optimal);
  read(document, node, "pennation_angle_at_optimal", muscle.pennation_at_optimal);
  read(document, node, "max_contraction_velocity", muscle.max_contraction_velocity);
  muscle.min_control = read_min_control(document, node, type->min_control);
  read(document, node, "max_control", muscle.max_control, NumberRange::may_be_infinite);

  MuscleCurveSpec& curves = muscle.curves;
  switch (muscle.kind) {
    case MuscleKind::thelen2003:
      read_thelen(document, node, muscle);
      break;
    case MuscleKind::millard2012_equilibrium:
    case MuscleKind::millard2012_acceleration:
      if (muscle.kind == MuscleKind::millard2012_acceleration) curves.fiber_damping = 0.01;
      // the acceleration muscle's own active curve goes to zero; one in the file has its own default
      if (muscle.kind == MuscleKind::millard2012_acceleration &&
          !find_property(document, node, "ActiveForceLengthCurve"))
        curves.minimum_value = 0;
      read_millard(document, node, curves);
      break;
    case MuscleKind::degroote_fregly2016:
      read(document, node, "active_force_width_scale", curves.active_force_width_scale);
      read(document, node, "passive_fiber_strain_at_one_norm_force", curves.passive_fiber_strain_at_one_norm_force);
      read(document, node, "ignore_passive_fiber_force", curves.ignore_passive_fiber_force);
      read(document, node, "tendon_strain_at_one_norm_force", curves.tendon_strain_at_one_norm_force);
      break;
    case MuscleKind::schutte1993:
      // <force_velocity_curve> of old files is no property of OpenSim's class: it drops the curve, and so do we
      read_curve(document, node, "active_force_length_curve", curves.active_x, curves.active_y);
      read_curve(document, node, "passive_force_length_curve", curves.passive_x, curves.passive_y);
      read_curve(document, node, "tendon_force_length_curve", curves.tendon_x, curves.tendon_y);
      break;
  }
  read_dynamics(document, node, muscle);
  spec.force_order.push_back(muscle.name);
  spec.muscles.push_back(std::move(muscle));
}

}  // namespace buttress::osim
