// compile(): muscles, actuators, springs and markers
#include <algorithm>
#include <cmath>

#include "base/decimal.h"
#include "model/compiler.h"

namespace buttress {

namespace {
constexpr std::size_t kMaxContactPairs = 10000;
}

void Compiler::add_muscles() {
  for (const MuscleSpec& m : spec.muscles) {
    const std::string who = "muscle '" + m.name + "'";
    const auto must_be_positive = [&](double value, const char* what) {
      if (!(value > 0) || !std::isfinite(value))
        error("MODEL-013", m.at, who + " has " + what + " " + format_decimal(value) + ", expected a number above zero");
    };
    must_be_positive(m.max_isometric_force, "max_isometric_force");
    must_be_positive(m.optimal_fiber_length, "optimal_fiber_length");
    // Schutte's muscle has a time scale of its own, and its files leave anything here; OpenSim's static optimization
    // then divides by it
    const bool has_max_velocity = m.max_contraction_velocity > 0 || m.kind != MuscleKind::schutte1993;
    if (has_max_velocity)
      must_be_positive(m.max_contraction_velocity, "max_contraction_velocity");
    else if (options.uses_muscles)
      diagnostics.warning("MODEL-032", spec.file, m.at.line,
                          who + " has max_contraction_velocity " + format_decimal(m.max_contraction_velocity) +
                              ", which its class does not need; its force falls with speed as at OpenSim's default, 10",
                          "Write its greatest speed, in optimal fibre lengths per second, if it matters.");
    if (!(m.tendon_slack_length >= 0) || !std::isfinite(m.tendon_slack_length))
      error("MODEL-013", m.at, who + " has a tendon_slack_length below zero or no number");
    if (!(m.pennation_at_optimal >= 0 && m.pennation_at_optimal < 1.5707963))
      error("MODEL-013", m.at, who + " has a pennation angle outside 0..90 degrees");
    if (!(m.min_control <= m.max_control)) error("MODEL-013", m.at, who + " has min_control above max_control");
    Muscle muscle;
    muscle.name = m.name;
    muscle.kind = m.kind;
    muscle.path = add_path(m.path, m.at, who);
    muscle.max_isometric_force = m.max_isometric_force;
    muscle.optimal_fiber_length = m.optimal_fiber_length;
    muscle.tendon_slack_length = m.tendon_slack_length;
    muscle.pennation_at_optimal = m.pennation_at_optimal;
    if (has_max_velocity) muscle.max_contraction_velocity = m.max_contraction_velocity;
    muscle.min_control = m.min_control;
    muscle.max_control = m.max_control;
    muscle.applies_force = m.applies_force;
    muscle.in_force_set = m.in_force_set;
    muscle.curves = m.curves;
    muscle.dynamics = m.dynamics;
    model.muscles.push_back(std::move(muscle));
  }
}

void Compiler::add_actuators() {
  for (const ActuatorSpec& a : spec.actuators) {
    if (!a.applies_force) continue;
    if (is_ignored(a.type, a.name)) {
      model.ignored.push_back((a.type.empty() ? "" : a.type + " ") + a.name);
      continue;
    }
    const std::string who = "actuator '" + a.name + "'";
    Actuator actuator;
    actuator.name = a.name;
    actuator.kind = a.kind;
    actuator.point = a.point;
    actuator.point_b = a.point_b;
    actuator.direction = a.direction;
    actuator.point_is_global = a.point_is_global;
    actuator.direction_is_global = a.direction_is_global;
    actuator.optimal_force = a.optimal_force;
    actuator.min_control = a.min_control;
    actuator.max_control = a.max_control;
    actuator.has_activation = a.has_activation;
    actuator.default_activation = a.default_activation;
    actuator.in_force_set = a.in_force_set;
    if (!(std::abs(a.optimal_force) > 0) || !std::isfinite(a.optimal_force))
      error("MODEL-014", a.at, who + " has an optimal_force of zero or no number");
    if (a.kind == ActuatorKind::coordinate) actuator.coordinate = find_coordinate(a.coordinate, a.at, who);
    if (a.kind == ActuatorKind::point || a.kind == ActuatorKind::torque) {
      actuator.body = find_body(a.body, a.at, who);
      actuator.body_b = a.body_b.empty() ? 0 : find_body(a.body_b, a.at, who);
      const double length = std::sqrt(dot(a.direction, a.direction));
      if (!(length > 0))
        error("MODEL-006", a.at, who + " acts along a direction of zero length");
      else  // OpenSim uses the unit vector
        actuator.direction = {a.direction.x / length, a.direction.y / length, a.direction.z / length};
    }
    if (a.kind == ActuatorKind::point_to_point) {
      actuator.body = find_body(a.body, a.at, who);
      actuator.body_b = find_body(a.body_b, a.at, who);
    }
    if (a.kind == ActuatorKind::path) actuator.path = add_path(a.path, a.at, who);
    model.actuators.push_back(std::move(actuator));
  }
}

void Compiler::add_controls() {
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const ControllerSpec& c : spec.controllers) {
    if (!c.enabled) continue;
    if (is_ignored(c.type, c.name)) {
      model.ignored.push_back(c.type + " " + c.name);
      continue;
    }
    const auto refuse = [&](std::string reason) {
      model.unknown_controls.push_back({c.type, c.name, std::move(reason), c.at});
    };
    const auto is_no_muscle = [&](const std::string& name) { return !has(spec.muscle_names, name); };
    const auto is_driveable = [&](const std::string& name) {
      return has(spec.muscle_names, name) || std::any_of(spec.actuators.begin(), spec.actuators.end(),
                                                         [&](const ActuatorSpec& a) { return a.name == name; });
    };
    std::vector<std::string> driven = c.drives_all ? std::vector<std::string>() : c.actuators;
    if (c.drives_all) {
      // also muscles that were not read; then what stands outside the ForceSet
      std::copy_if(spec.force_names.begin(), spec.force_names.end(), std::back_inserter(driven), is_driveable);
      for (const std::string& name : spec.force_order)
        if (is_driveable(name) && !has(spec.force_names, name)) driven.push_back(name);
    }
    if (!c.obstacle.empty()) {
      // a list that says nothing may be completed by what the controller reads
      if (driven.empty() ? !model.actuators.empty() : std::any_of(driven.begin(), driven.end(), is_no_muscle))
        refuse(c.obstacle);
      continue;
    }
    if (c.controls.size() != driven.size()) {
      refuse("it has " + std::to_string(c.controls.size()) + " control functions for " + std::to_string(driven.size()) +
             " actuators");
      continue;
    }
    for (std::size_t i = 0; i < driven.size(); ++i) {
      const auto actuator = std::find_if(model.actuators.begin(), model.actuators.end(),
                                         [&](const Actuator& a) { return a.name == driven[i]; });
      // a muscle, or one that is switched off or left out, is not in the list
      if (actuator == model.actuators.end()) {
        if (!has(spec.force_names, driven[i]) && !has(spec.force_order, driven[i]))
          refuse("it drives '" + driven[i] + "', which the model does not have");
        continue;
      }
      try {
        model.controls.push_back(
            {c.name, static_cast<int>(actuator - model.actuators.begin()), make_function(c.controls[i])});
      } catch (const std::invalid_argument& problem) {
        refuse("the function for '" + driven[i] + "' cannot be built: " + problem.what());
      }
    }
  }
}

void Compiler::add_contact_surfaces(const PassiveForceSpec& p, PassiveForce& force) {
  const std::string who = "force '" + p.name + "'";
  // every pair of surfaces is looked at in every frame; published models have a few dozen
  contact_pairs += p.surfaces.size() * p.surfaces.size() / 2;
  if (contact_pairs > kMaxContactPairs) {
    error("MODEL-022", p.at,
          who + " brings the pairs of surfaces that may touch above " + std::to_string(kMaxContactPairs),
          "Let each contact force name only surfaces that may meet.");
    return;
  }
  for (const ContactSurfaceSpec& wanted : p.surfaces) {
    const auto& all = spec.contact_geometries;
    const auto geometry =
        std::find_if(all.begin(), all.end(), [&](const ContactGeometrySpec& g) { return g.name == wanted.geometry; });
    if (geometry == all.end()) {
      error("MODEL-022", p.at, who + " touches '" + wanted.geometry + "', which is no contact geometry of the model",
            "Check the spelling of the geometry in " + who + ".");
      continue;
    }
    if (p.kind == PassiveForceKind::smooth_sphere_half_space) {
      const ContactShape expected = &wanted == &p.surfaces.front() ? ContactShape::sphere : ContactShape::half_space;
      if (geometry->shape != expected)
        error("MODEL-022", p.at,
              who + " presses a sphere on a half-space, but '" + geometry->name + "' is a " + geometry->type);
    }
    const bool is_round = geometry->shape == ContactShape::sphere || geometry->shape == ContactShape::ellipsoid;
    const Vec3d& r = geometry->radii;
    if (is_round && !(r.x > 0 && r.y > 0 && r.z > 0 && std::isfinite(r.x + r.y + r.z)))
      error("MODEL-009", geometry->at, "contact geometry '" + geometry->name + "' has no size",
            "Write a radius above zero.");
    force.surfaces.push_back({geometry->shape, frame(geometry->frame, geometry->at, who), geometry->radii});
  }
}

void Compiler::add_passive_forces() {
  for (const PassiveForceSpec& p : spec.passive_forces) {
    if (!p.applies_force) continue;
    if (is_ignored(p.type, p.name)) {
      model.ignored.push_back((p.type.empty() ? "" : p.type + " ") + p.name);
      continue;
    }
    const std::string who = "force '" + p.name + "'";
    PassiveForce force;
    force.spec = p;
    switch (p.kind) {
      case PassiveForceKind::bushing:
      case PassiveForceKind::expression_bushing:
      case PassiveForceKind::function_bushing:
      case PassiveForceKind::point_to_point_spring:
      case PassiveForceKind::expression_point_to_point:
        force.frame1 = frame(p.frame1, p.at, who);
        force.frame2 = frame(p.frame2, p.at, who);
        if (p.kind == PassiveForceKind::function_bushing)
          for (const FunctionSpec& f : p.functions) force.functions.push_back(function(f, p.at, who));
        break;
      case PassiveForceKind::coordinate_limit:
      case PassiveForceKind::coordinate_spring:
      case PassiveForceKind::expression_coordinate:
        force.coordinate = find_coordinate(p.coordinate, p.at, who);
        break;
      case PassiveForceKind::ligament:
        force.path = add_path(p.path, p.at, who);
        force.force_length = function(p.force_length, p.at, who);
        break;
      case PassiveForceKind::path_spring:
      case PassiveForceKind::expression_path:
      case PassiveForceKind::blankevoort_ligament:
        force.path = add_path(p.path, p.at, who);
        break;
      case PassiveForceKind::smooth_sphere_half_space:
      case PassiveForceKind::hunt_crossley:
        add_contact_surfaces(p, force);
        break;
      case PassiveForceKind::meyer_fregly_2016:
        force.frame1 = frame(p.frame1, p.at, who);
        break;
    }
    model.passive_forces.push_back(std::move(force));
  }
}

void Compiler::add_markers() {
  for (const MarkerSpec& m : spec.markers) {
    const BodyFrame f = frame(m.frame, m.at, "marker '" + m.name + "'");
    model.markers.push_back({m.name, f.body, f.X_BF * m.p_F});
  }
}

void Compiler::add_force_states() {
  std::vector<ForceState> found;
  std::vector<std::string> names;
  const auto add = [&](const auto& force, ForceState state) {
    state.path = (force.in_force_set ? "/forceset/" : "/") + force.name;
    found.push_back(std::move(state));
    names.push_back(force.name);
  };
  const auto find = [](const auto& list, const std::string& name) {
    for (std::size_t i = 0; i < list.size(); ++i)
      if (list[i].name == name) return static_cast<int>(i);
    return -1;
  };
  for (const MuscleSpec& m : spec.muscles)
    if (const int muscle = find(model.muscles, m.name); muscle >= 0) add(m, {{}, {}, muscle, -1, 0});
  for (const ActuatorSpec& a : spec.actuators)
    if (a.has_activation) add(a, {{}, "activation", -1, find(model.actuators, a.name), a.default_activation});
  // the energy that a bushing has turned into heat, zero unless somebody integrates it
  for (const PassiveForceSpec& p : spec.passive_forces)
    if (p.kind == PassiveForceKind::bushing) add(p, {{}, "dissipated_energy", -1, -1, 0});
  // in the order of the reports; of two forces with one name each has its turn
  std::vector<bool> placed(found.size(), false);
  for (const std::string& name : spec.force_order)
    for (std::size_t i = 0; i < found.size(); ++i)
      if (!placed[i] && names[i] == name) {
        placed[i] = true;
        model.force_states.push_back(std::move(found[i]));
        break;
      }
}

}  // namespace buttress
