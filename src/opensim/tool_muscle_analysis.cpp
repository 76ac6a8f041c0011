#include <algorithm>
#include <cmath>

#include "opensim/tool_analyses.h"

namespace buttress {

namespace {

/// indexes of the wanted names, or all of them; unknown names are reported
std::vector<std::size_t> find_wanted(const std::vector<std::string>& wanted, const std::vector<std::string>& known,
                                     const char* what, Diagnostics& diagnostics) {
  std::vector<std::size_t> found;
  if (wanted.empty() || wanted[0] == "all" || wanted[0] == "ALL") {
    for (std::size_t i = 0; i < known.size(); ++i) found.push_back(i);
    return found;
  }
  for (const std::string& name : wanted) {
    const auto it = std::find(known.begin(), known.end(), name);
    if (it == known.end())
      diagnostics.error(
          "ANALYZE-001", "", 0,
          "MuscleAnalysis names the " + std::string(what) + " '" + name + "', which the model does not have",
          "Write all, or names of the model.");
    else
      found.push_back(static_cast<std::size_t>(it - known.begin()));
  }
  return found;
}

/// Moment arm of every path about one coordinate when couplers move the others along: about a free coordinate the arms
/// of its dependents come in with their slope; about a dependent one the whole, per its own rate.
class CoupledArms {
 public:
  CoupledArms(const ChainPlan& plan, const ChainWorkspace<double>& ws) : plan_(plan), ws_(ws) {}

  double find(std::size_t path, int coordinate) const {
    const Coordinate& c = plan_.model->coordinates[static_cast<std::size_t>(coordinate)];
    int driver = coordinate;
    double own_rate = 1;
    if (c.coupler >= 0) {
      const Coupler& coupler = plan_.model->couplers[static_cast<std::size_t>(c.coupler)];
      driver = coupler.independent;
      own_rate = slope(coupler);
      if (own_rate == 0) return 0;
    }
    double arm = find_own(path, driver);
    for (const Coupler& coupler : plan_.model->couplers)
      if (coupler.independent == driver) arm += slope(coupler) * find_own(path, coupler.dependent);
    return arm / own_rate;
  }

 private:
  double slope(const Coupler& coupler) const {
    return evaluate(coupler.function, ws_.q[static_cast<std::size_t>(coupler.independent)]).df;
  }
  double find_own(std::size_t path, int coordinate) const {
    for (int k = plan_.paths.row_start[path]; k < plan_.paths.row_start[path + 1]; ++k)
      if (plan_.paths.columns[static_cast<std::size_t>(k)] == coordinate)
        return ws_.paths.moment_arm[static_cast<std::size_t>(k)];
    return 0;
  }
  const ChainPlan& plan_;
  const ChainWorkspace<double>& ws_;
};

/// one file of the analysis
struct Quantity {
  const char* name;
  double FiberDynamics::*field;
};
constexpr Quantity kQuantities[] = {
    {"PennationAngle", &FiberDynamics::pennation_angle},
    {"FiberLength", &FiberDynamics::fiber_length},
    {"NormalizedFiberLength", &FiberDynamics::norm_fiber_length},
    {"TendonLength", &FiberDynamics::tendon_length},
    {"FiberVelocity", &FiberDynamics::fiber_velocity},
    {"NormFiberVelocity", &FiberDynamics::norm_fiber_velocity},
    {"PennationAngularVelocity", &FiberDynamics::pennation_angular_velocity},
    {"TendonForce", &FiberDynamics::tendon_force},
    {"FiberForce", &FiberDynamics::fiber_force},
    {"ActiveFiberForce", &FiberDynamics::active_fiber_force},
    {"PassiveFiberForce", &FiberDynamics::passive_fiber_force},
    {"ActiveFiberForceAlongTendon", &FiberDynamics::active_fiber_force_along_tendon},
    {"PassiveFiberForceAlongTendon", &FiberDynamics::passive_fiber_force_along_tendon},
    {"FiberActivePower", &FiberDynamics::fiber_active_power},
    {"FiberPassivePower", &FiberDynamics::fiber_passive_power},
    {"TendonPower", &FiberDynamics::tendon_power},
    {"MuscleActuatorPower", &FiberDynamics::muscle_power},
};

}  // namespace

std::vector<NamedTable> calc_muscle_analysis(const Model& model, const AnalyzeTrial& trial,
                                             const MuscleAnalysisChoices& choices, Diagnostics& diagnostics) {
  std::vector<std::string> muscle_names, coordinate_names;
  for (const Muscle& m : model.muscles) muscle_names.push_back(m.name);
  for (const Coordinate& c : model.coordinates) coordinate_names.push_back(c.name);
  const auto muscles = find_wanted(choices.muscles, muscle_names, "muscle", diagnostics);
  const auto coordinates = find_wanted(choices.coordinates, coordinate_names, "coordinate", diagnostics);
  if (diagnostics.has_errors()) return {};

  std::vector<NamedTable> tables;
  const auto add_table = [&](const std::string& suffix) {
    NamedTable named{suffix, {}};
    named.table.name = suffix;
    named.table.degrees_stated = true;
    named.table.time = trial.trial.motion.time;
    for (std::size_t m : muscles) named.table.columns.push_back(muscle_names[m]);
    named.table.values.reserve(trial.frame_count() * muscles.size());
    tables.push_back(std::move(named));
  };
  add_table("Length");
  for (const Quantity& quantity : kQuantities) add_table(quantity.name);
  const std::size_t first_arm = tables.size();
  if (choices.compute_moments)
    for (std::size_t c : coordinates) {
      add_table("MomentArm_" + coordinate_names[c]);
      add_table("Moment_" + coordinate_names[c]);
    }

  FrameDynamics d = make_frame_dynamics(model, trial);
  const CoupledArms arms(d.plan, d.chain);
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    update_frame(trial, f, d);
    for (std::size_t m : muscles) {
      std::size_t table = 0;
      tables[table++].table.values.push_back(d.chain.length[m]);
      for (const Quantity& quantity : kQuantities) tables[table++].table.values.push_back(d.fibers[m].*quantity.field);
    }
    if (!choices.compute_moments) continue;
    for (std::size_t i = 0; i < coordinates.size(); ++i)
      for (std::size_t m : muscles) {
        const double arm = arms.find(static_cast<std::size_t>(model.muscles[m].path), static_cast<int>(coordinates[i]));
        tables[first_arm + 2 * i].table.values.push_back(arm);
        tables[first_arm + 2 * i + 1].table.values.push_back(arm * d.fibers[m].tendon_force);
      }
  }
  return tables;
}

}  // namespace buttress
