#include "muscle/passive_forces.h"

#include <cmath>
#include <functional>
#include <stdexcept>

#include "muscle/passive_forces.inl"

namespace buttress {
namespace {

const char* const kComponents[6] = {"Mx", "My", "Mz", "Fx", "Fy", "Fz"};

bool is_on_coordinate(PassiveForceKind kind) {
  return kind == PassiveForceKind::coordinate_limit || kind == PassiveForceKind::coordinate_spring ||
         kind == PassiveForceKind::expression_coordinate;
}

// lengthening speeds are needed for forces that damp along their path
bool is_damped_path(PassiveForceKind kind) {
  return kind == PassiveForceKind::path_spring || kind == PassiveForceKind::expression_path ||
         kind == PassiveForceKind::blankevoort_ligament;
}

bool is_negative(double value) {
  return !(value >= 0);
}

// materials that Hunt and Crossley's law has no answer for
void check_contact(const PassiveForce& force, const std::function<void(std::string)>& complain) {
  if (!(force.spec.transition_velocity > 0)) complain("transition_velocity must be positive");
  for (const ContactSurfaceSpec& s : force.spec.surfaces)
    if (is_negative(s.stiffness) || is_negative(s.dissipation) || is_negative(s.static_friction) ||
        is_negative(s.dynamic_friction) || is_negative(s.viscous_friction))
      complain("stiffness, dissipation and friction of '" + s.geometry + "' must not be negative");
  if (is_negative(force.spec.constant_contact_force)) complain("constant_contact_force must not be negative");
  // the law is a bend between two stiffnesses, of which the lower is 0.1 N/m
  if (force.spec.kind == PassiveForceKind::meyer_fregly_2016 && !(force.spec.surfaces.at(0).stiffness > 0.1))
    complain("stiffness must be above 0.1 N/m");
  if (has_searched_contact(force))
    complain("the contact of an ellipsoid with a sphere or another ellipsoid is not simulated, only with a half-space");
}

void check_path_spring(const PassiveForce& force, const std::function<void(std::string)>& complain) {
  const PassiveForceSpec& spec = force.spec;
  if (spec.kind == PassiveForceKind::path_spring &&
      (is_negative(spec.resting_length) || !std::isfinite(spec.stiffness) || !std::isfinite(spec.dissipation)))
    complain("resting_length, stiffness and dissipation must be given");
  if (spec.kind == PassiveForceKind::expression_path && is_negative(spec.resting_length))
    complain("resting_length must not be negative");
  if (spec.kind != PassiveForceKind::blankevoort_ligament) return;
  if (!(spec.resting_length > 0)) complain("slack_length must be positive");
  if (is_negative(spec.stiffness) || is_negative(spec.transition_strain) || is_negative(spec.damping_coefficient))
    complain("linear_stiffness, transition_strain and damping_coefficient must not be negative");
}

// fills the plan and collects what is wrong
PassiveForcePlan make_plan(const Model& model, std::vector<PassiveForceProblem>& problems) {
  PassiveForcePlan plan;
  plan.expressions.resize(model.passive_forces.size());
  plan.contacts.resize(model.passive_forces.size());
  for (std::size_t i = 0; i < model.passive_forces.size(); ++i) {
    const PassiveForceSpec& spec = model.passive_forces[i].spec;
    const auto complain = [&](std::string message) { problems.push_back({spec.name, spec.at, std::move(message)}); };
    const auto compile = [&](int component, const std::vector<std::string>& variables) {
      const std::string& text = spec.expressions[component];
      ParsedExpression parsed = parse_expression(text, variables);
      if (parsed.error) {
        const std::string which = spec.kind == PassiveForceKind::expression_bushing
                                      ? std::string(kComponents[component]) + "_expression"
                                      : "expression";
        complain(which + " '" + text + "', character " + std::to_string(parsed.error->position + 1) + ": " +
                 parsed.error->message);
        return;
      }
      plan.expressions[i][static_cast<std::size_t>(component)] = std::move(parsed.expression);
    };
    if (spec.kind == PassiveForceKind::expression_bushing)
      for (int component = 0; component < 6; ++component)
        compile(component, {"theta_x", "theta_y", "theta_z", "delta_x", "delta_y", "delta_z"});
    if (spec.kind == PassiveForceKind::expression_coordinate) compile(0, {"q", "qdot"});
    if (spec.kind == PassiveForceKind::expression_point_to_point) compile(0, {"d", "ddot"});
    if (spec.kind == PassiveForceKind::expression_path) compile(0, {"s", "ldot"});
    if (is_contact_force(model.passive_forces[i])) {
      check_contact(model.passive_forces[i], complain);
      plan.contacts[i] = make_contact_pairs(model.passive_forces[i]);
    }
    if (is_damped_path(spec.kind)) {
      check_path_spring(model.passive_forces[i], complain);
      plan.damped_paths.push_back(model.passive_forces[i].path);
    }
    if (is_on_coordinate(spec.kind) && model.passive_forces[i].coordinate < 0)
      complain("acts on the coordinate '" + spec.coordinate + "', which the model does not have");
    if (spec.kind == PassiveForceKind::coordinate_limit && spec.upper_limit < spec.lower_limit)
      complain("upper_limit is below lower_limit");
    if (spec.kind == PassiveForceKind::coordinate_limit && spec.transition < 0) complain("transition is negative");
    if (spec.kind == PassiveForceKind::ligament && !(spec.resting_length > 0))
      complain("resting_length must be positive");
    if (spec.kind == PassiveForceKind::ligament && model.passive_forces[i].path < 0) complain("has no path");
  }
  return plan;
}

}  // namespace

std::vector<PassiveForceProblem> find_passive_force_problems(const Model& model) {
  std::vector<PassiveForceProblem> problems;
  make_plan(model, problems);
  return problems;
}

PassiveForcePlan make_passive_force_plan(const Model& model) {
  std::vector<PassiveForceProblem> problems;
  PassiveForcePlan plan = make_plan(model, problems);
  if (!problems.empty())
    throw std::invalid_argument("passive force " + problems.front().name + ": " + problems.front().message);
  return plan;
}

template PassiveForceWorkspace<double> make_passive_force_workspace<double>(const Model&);
template void update_passive_forces<double>(const Model&, const PassiveForcePlan&, const Kinematics<double>&,
                                            const double*, const double*, const double*, const double*,
                                            PassiveForceWorkspace<double>&);

}  // namespace buttress
