#include "motion/muscle_states.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/assert.h"
#include "motion/coordinate_columns.h"

namespace buttress {

namespace {

double* find_field(FiberState& state, const std::string& name) {
  if (name == "activation") return &state.activation;
  if (name == "fiber_length") return &state.fiber_length;
  if (name == "fiber_velocity") return &state.fiber_velocity;
  if (name == "normalized_tendon_force") return &state.normalized_tendon_force;
  return nullptr;
}

/// a column of the table and the state that it fills
struct StateColumn {
  std::size_t column = 0, muscle = 0;
  std::string state;
};

}  // namespace

std::vector<std::string> find_state_names(const Muscle& muscle) {
  std::vector<std::string> names;
  if (!muscle.dynamics.ignore_activation_dynamics) names.push_back("activation");
  if (muscle.dynamics.ignore_tendon_compliance) return names;
  names.push_back(muscle.kind == MuscleKind::degroote_fregly2016 ? "normalized_tendon_force" : "fiber_length");
  if (muscle.kind == MuscleKind::millard2012_acceleration) names.push_back("fiber_velocity");
  return names;
}

double get_state(const FiberState& state, const std::string& name) {
  FiberState copy = state;
  const double* const field = find_field(copy, name);
  BUTTRESS_ASSERT(field != nullptr);
  return *field;
}

std::vector<FiberState> make_default_states(const Model& model, std::size_t count) {
  std::vector<FiberState> states;
  states.reserve(count * model.muscles.size());
  for (std::size_t r = 0; r < count; ++r)
    for (const Muscle& muscle : model.muscles) states.push_back(find_default_state(muscle));
  return states;
}

int find_activation_column(const Table& table, const std::string& actuator) {
  for (const std::string& label :
       {"/forceset/" + actuator + "/activation", actuator + "/activation", actuator + ".activation"})
    if (const int column = table.find_column(label); column >= 0) return column;
  return -1;
}

std::vector<FiberState> make_muscle_states(const Model& model, const Table& table, const std::string& file,
                                           const std::vector<double>& times, Diagnostics& diagnostics) {
  // these are not muscles, and whoever needs the actuators' forces reads them
  std::set<int> of_actuators;
  for (const Actuator& actuator : model.actuators)
    if (actuator.has_activation) of_actuators.insert(find_activation_column(table, actuator.name));
  std::vector<StateColumn> used;
  std::vector<std::string> unused, missing;
  std::vector<std::size_t> found(model.muscles.size(), 0);
  for (std::size_t c = 0; c < table.column_count(); ++c) {
    const ColumnMeaning meaning = find_column_meaning(model, table.columns[c]);
    if (meaning.kind != ColumnMeaning::muscle_state || of_actuators.count(static_cast<int>(c)) > 0) continue;
    if (meaning.muscle < 0) {
      unused.push_back(table.columns[c]);
      continue;
    }
    const std::size_t m = static_cast<std::size_t>(meaning.muscle);
    const std::vector<std::string> names = find_state_names(model.muscles[m]);
    if (std::find(names.begin(), names.end(), meaning.state) == names.end()) {
      unused.push_back(table.columns[c]);
      continue;
    }
    used.push_back({c, m, meaning.state});
    ++found[m];
  }
  for (std::size_t m = 0; m < model.muscles.size(); ++m)
    if (found[m] < find_state_names(model.muscles[m]).size()) missing.push_back(model.muscles[m].name);
  if (!unused.empty())
    diagnostics.warning("STATES-001", file, 0,
                        "states that the model's muscles do not have are not used: " + join_names(unused),
                        "Use the states of this very model.");
  if (!missing.empty())
    diagnostics.warning("STATES-002", file, 0,
                        "no column for all states of: " + join_names(missing) + "; the model's defaults are taken",
                        "OpenSim does the same. Use the states of this very model.");

  std::vector<FiberState> states = make_default_states(model, times.size());
  for (std::size_t r = 0; r < times.size(); ++r) {
    const auto after = std::lower_bound(table.time.begin(), table.time.end(), times[r]);
    const std::size_t next = std::min(static_cast<std::size_t>(after - table.time.begin()), table.row_count() - 1);
    const std::size_t before = next > 0 && table.time[next] > times[r] ? next - 1 : next;
    const double step = table.time[next] - table.time[before];
    const double w = step > 0 ? (times[r] - table.time[before]) / step : 0.0;
    for (const StateColumn& s : used) {
      const double value =
          w == 0 ? table.at(before, s.column) : (1 - w) * table.at(before, s.column) + w * table.at(next, s.column);
      if (!std::isfinite(value)) {
        diagnostics.error(
            "STATES-003", file, 0,
            "column " + table.columns[s.column] + " is NaN or infinite at " + format_number(times[r]) + " s",
            "Use states that are numbers throughout.");
        return {};
      }
      *find_field(states[r * model.muscles.size() + s.muscle], s.state) = value;
    }
  }
  return states;
}

}  // namespace buttress
