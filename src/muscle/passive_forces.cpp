#include "muscle/passive_forces.h"

#include <stdexcept>

namespace buttress {
namespace {

const char* const kComponents[6] = {"Mx", "My", "Mz", "Fx", "Fy", "Fz"};

bool is_on_coordinate(PassiveForceKind kind) {
  return kind == PassiveForceKind::coordinate_limit || kind == PassiveForceKind::coordinate_spring ||
         kind == PassiveForceKind::expression_coordinate;
}

// fills the plan and collects what is wrong
PassiveForcePlan make_plan(const Model& model, std::vector<PassiveForceProblem>& problems) {
  PassiveForcePlan plan;
  plan.expressions.resize(model.passive_forces.size());
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

}  // namespace buttress
