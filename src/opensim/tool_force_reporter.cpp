// OpenSim's analyses ForceReporter, Actuation and StatesReporter.
#include "multibody/inverse_dynamics.h"
#include "opensim/tool_analyses.h"
#include "opensim/tool_force_records.h"
#include "study/kinematics_tables.h"

namespace buttress {

namespace {

NamedTable make_table(const std::string& suffix, const std::string& title, const AnalyzeTrial& trial) {
  NamedTable named{suffix, {}};
  named.table.name = title;
  named.table.degrees_stated = true;
  named.table.time = trial.trial.motion.time;
  return named;
}

/// Generalized forces that couplers and locks bring in: what the accelerations need and no force gives.
void calc_constraint_forces(FrameDynamics& d, std::vector<double>& tau) {
  tau.resize(d.model->coordinates.size());
  calc_generalized_forces(*d.model, d.reaction.kinematics, d.reaction.joint_wrench.data(), tau.data());
  for (std::size_t c = 0; c < tau.size(); ++c) tau[c] -= d.reaction.generalized[c];
}

/// the states of one force at a frame
void append_states(const Model& model, const AnalyzeTrial& trial, std::size_t frame, const FrameDynamics& d,
                   const ForceState& force, std::vector<double>& values) {
  if (force.muscle >= 0) {
    const auto m = static_cast<std::size_t>(force.muscle);
    for (const std::string& state : find_state_names(model.muscles[m])) values.push_back(get_state(d.states[m], state));
  } else if (force.actuator >= 0) {
    values.push_back(trial.controls[frame * model.actuators.size() + static_cast<std::size_t>(force.actuator)]);
  } else {
    values.push_back(force.value);
  }
}

}  // namespace

std::vector<NamedTable> calc_force_report(const Model& model, const AnalyzeTrial& trial, bool include_constraints,
                                          Diagnostics& diagnostics) {
  std::vector<ForceRecord> records = make_force_records(model);
  NamedTable named = make_table("forces", "ModelForces", trial);
  Table& table = named.table;
  for (const ForceRecord& record : records)
    table.columns.insert(table.columns.end(), record.columns.begin(), record.columns.end());
  const std::vector<std::string> loads = trial.trial.load_columns(model);
  table.columns.insert(table.columns.end(), loads.begin(), loads.end());
  if (include_constraints)
    for (const Coupler& coupler : model.couplers)
      for (const char* part : {"_mobility_F0", "_mobility_F1"}) table.columns.push_back(coupler.name + part);

  FrameDynamics d = make_frame_dynamics(model, trial);
  std::vector<double> tau;
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    update_frame(trial, f, d);
    for (ForceRecord& record : records) append_force_record(d, record, table.values);
    append_load_records(trial, f, d, table.values);
    if (!include_constraints) continue;
    if (!update_frame_accelerations(trial, f, d, diagnostics)) return {};
    calc_constraint_forces(d, tau);
    for (const Coupler& coupler : model.couplers) {
      // Simbody counts constraint forces as if they stood on the other side of the equation
      const double on_dependent = -tau[static_cast<std::size_t>(coupler.dependent)];
      const double slope = evaluate(coupler.function, d.chain.q[static_cast<std::size_t>(coupler.independent)]).df;
      table.values.insert(table.values.end(), {-slope * on_dependent, on_dependent});
    }
  }
  return {named};
}

std::vector<NamedTable> calc_actuation(const Model& model, const AnalyzeTrial& trial, Diagnostics&) {
  std::vector<NamedTable> tables{make_table("force", "ActuatorForces", trial),
                                 make_table("speed", "ActuatorSpeeds", trial),
                                 make_table("power", "ActuatorPowers", trial)};
  std::vector<ForceRecord> actuators;
  // of the ForceSet alone, as in OpenSim
  for (ForceRecord& record : make_force_records(model)) {
    const bool is_of_set = record.muscle >= 0 ? model.muscles[static_cast<std::size_t>(record.muscle)].in_force_set
                           : record.actuator >= 0
                               ? model.actuators[static_cast<std::size_t>(record.actuator)].in_force_set
                               : false;
    if (is_of_set) actuators.push_back(std::move(record));
  }
  for (NamedTable& named : tables)
    for (const ForceRecord& record : actuators) named.table.columns.push_back(record.name);
  FrameDynamics d = make_frame_dynamics(model, trial);
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    update_frame(trial, f, d);
    for (ForceRecord& record : actuators) {
      double force, speed;
      bool pulls = true;
      if (record.muscle >= 0) {
        force = d.applied.muscle[static_cast<std::size_t>(record.muscle)];
        speed = d.chain.speed[static_cast<std::size_t>(record.muscle)];
      } else {
        const Actuator& actuator = model.actuators[static_cast<std::size_t>(record.actuator)];
        force = d.applied.actuator[static_cast<std::size_t>(record.actuator)];
        speed = find_actuator_speed(d, actuator);
        pulls = actuator.kind == ActuatorKind::path;
      }
      tables[0].table.values.push_back(force);
      tables[1].table.values.push_back(speed);
      // a path that pulls works while it shortens
      tables[2].table.values.push_back((pulls ? -force : force) * speed);
    }
  }
  return tables;
}

std::vector<NamedTable> calc_states_report(const Model& model, const AnalyzeTrial& trial, Diagnostics&) {
  NamedTable named = make_table("states", "ModelStates", trial);
  Table& table = named.table;
  const std::vector<std::size_t> coordinates = find_coordinate_order(model);
  for (std::size_t c : coordinates) {
    const Coordinate& coordinate = model.coordinates[c];
    const std::string path =
        "/jointset/" + model.joints[static_cast<std::size_t>(coordinate.joint)].name + "/" + coordinate.name;
    table.columns.push_back(path + "/value");
    table.columns.push_back(path + "/speed");
  }
  for (const ForceState& force : model.force_states) {
    if (force.muscle < 0) table.columns.push_back(force.path + "/" + force.state);
    if (force.muscle >= 0)
      for (const std::string& state : find_state_names(model.muscles[static_cast<std::size_t>(force.muscle)]))
        table.columns.push_back(force.path + "/" + state);
  }
  FrameDynamics d = make_frame_dynamics(model, trial);
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    update_frame(trial, f, d);
    for (std::size_t c : coordinates) table.values.insert(table.values.end(), {d.chain.q[c], d.chain.qd[c]});
    for (const ForceState& force : model.force_states) append_states(model, trial, f, d, force, table.values);
  }
  return {named};
}

}  // namespace buttress
