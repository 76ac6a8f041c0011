#include "model/compile.h"

#include <algorithm>

#include "model/compile_tree.h"
#include "model/compiler.h"

namespace buttress {

namespace {

// "PointConstraint 'patella'"; some elements have no name
std::string label_of(const UnsupportedSpec& u) {
  return u.name.empty() ? u.type : u.type + " '" + u.name + "'";
}

}  // namespace

bool Compiler::is_harmless(const UnsupportedSpec& u) {
  if (u.kind == UnsupportedKind::part || options.use == ModelUse::forces) return false;
  const std::string who = label_of(u);
  if (u.kind == UnsupportedKind::constraint) {
    if (options.use == ModelUse::inverse_dynamics)
      diagnostics.note(
          "MODEL-021", spec.file, u.at.line,
          who + " has no part in inverse dynamics: what it carries stays in the moments of all coordinates",
          "OpenSim's InverseDynamicsTool leaves it out too; check that the motion keeps it.");
    else
      diagnostics.warning("MODEL-021", spec.file, u.at.line, who + " is not simulated: poses need not keep it",
                          "Compare the poses with it, or tie the coordinates with a CoordinateCouplerConstraint.");
    return true;
  }
  if (u.kind == UnsupportedKind::force && options.use != ModelUse::poses) return false;
  diagnostics.note("MODEL-021", spec.file, u.at.line,
                   who + (options.use == ModelUse::poses ? " is left out: what is asked for does not hang on its force"
                                                         : " is left out: without a control it gives no force"));
  return true;
}

void Compiler::check_unsupported() {
  for (const UnsupportedSpec& u : spec.unsupported) {
    if (is_ignored(u.type, u.name)) {
      model.ignored.push_back(u.type + " " + u.name);
      continue;
    }
    if (is_harmless(u)) continue;
    const std::string reason = u.reason.empty() ? "" : ": " + u.reason;
    error("MODEL-001", u.at, label_of(u) + " would change the answer and is not simulated" + reason,
          "Remove it from the model, or run again with --ignore " + (u.name.empty() ? u.type : u.name) +
              " to leave it out; every result will say so.");
  }
}

void Compiler::check_names() {
  const auto check = [&](const auto& items, const char* what) {
    std::map<std::string, int> seen;
    for (const auto& item : items) {
      const auto [it, fresh] = seen.emplace(item.name, item.at.line);
      if (!fresh)
        error("MODEL-002", item.at,
              std::string("two ") + what + " have the name '" + item.name + "' (the first is at line " +
                  std::to_string(it->second) + ")",
              "Give each its own name.");
    }
  };
  check(spec.bodies, "bodies");
  check(spec.joints, "joints");
  check(spec.wrap_objects, "wrap objects");
  // results have a column for each of them
  struct Named {
    std::string name;
    SourceLine at;
  };
  std::vector<Named> forces;
  for (const MuscleSpec& muscle : spec.muscles) forces.push_back({muscle.name, muscle.at});
  for (const ActuatorSpec& actuator : spec.actuators) forces.push_back({actuator.name, actuator.at});
  check(forces, "muscles or actuators");
  std::vector<CoordinateSpec> coordinates;
  for (const JointSpec& joint : spec.joints)
    coordinates.insert(coordinates.end(), joint.coordinates.begin(), joint.coordinates.end());
  check(coordinates, "coordinates");
}

std::optional<Model> compile(const ModelSpec& spec, const CompileOptions& options, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.items().size();
  Compiler compiler{spec, options, diagnostics, {}, {}, {}, {}};
  compiler.model.name = spec.name;
  compiler.model.file = spec.file;
  compiler.model.gravity_W = spec.gravity_W;
  compiler.model.has_constraints = spec.has_constraints;
  compiler.model.force_order = spec.force_order;
  for (const BodySpec& body : spec.bodies) compiler.model.body_order.push_back(body.name);
  for (const JointSpec& joint : spec.joints) compiler.model.joint_order.push_back(joint.name);
  compiler.model.force_names = spec.force_names;
  compiler.model.force_groups = spec.force_groups;
  compiler.check_unsupported();
  compiler.check_names();
  const bool sound_tree = make_tree(spec, compiler.model, diagnostics);
  if (sound_tree) {
    for (std::size_t b = 0; b < compiler.model.bodies.size(); ++b) {
      compiler.body_index[compiler.model.bodies[b].name] = static_cast<int>(b);
      compiler.model.total_mass += compiler.model.bodies[b].mass;
    }
    compiler.add_coordinates();
    compiler.add_axes();
    compiler.add_couplers();
    compiler.add_wrap_objects();
    compiler.add_muscles();
    compiler.add_actuators();
    compiler.add_controls();
    compiler.add_passive_forces();
    compiler.add_force_states();
    compiler.add_markers();
    compiler.number_independent();
  }
  const auto& items = diagnostics.items();
  const bool failed = std::any_of(items.begin() + static_cast<long>(before), items.end(),
                                  [](const Diagnostic& d) { return d.severity == Severity::error; });
  if (failed) return std::nullopt;
  return std::move(compiler.model);
}

}  // namespace buttress
