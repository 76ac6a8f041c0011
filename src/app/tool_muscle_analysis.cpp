#include <algorithm>
#include <cmath>

#include "app/tool_analyses.h"
#include "load/chain_batch.inl"

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
          "MUSCLE-001", "", 0,
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

}  // namespace

std::vector<NamedTable> calc_muscle_analysis(const Model& model, const Trial& trial,
                                             const MuscleAnalysisChoices& choices, Diagnostics& diagnostics) {
  std::vector<std::string> muscle_names, coordinate_names;
  for (const Muscle& m : model.muscles) muscle_names.push_back(m.name);
  for (const Coordinate& c : model.coordinates) coordinate_names.push_back(c.name);
  const auto muscles = find_wanted(choices.muscles, muscle_names, "muscle", diagnostics);
  const auto coordinates = find_wanted(choices.coordinates, coordinate_names, "coordinate", diagnostics);
  if (diagnostics.has_errors()) return {};

  enum Quantity {
    kLength,
    kFiberLength,
    kNormalizedFiberLength,
    kPennationAngle,
    kTendonLength,
    kFiberVelocity,
    kNormFiberVelocity,
    kActiveFiberForceAlongTendon,
    kPassiveFiberForceAlongTendon,
    kQuantityCount
  };
  const char* const names[kQuantityCount] = {"Length",
                                             "FiberLength",
                                             "NormalizedFiberLength",
                                             "PennationAngle",
                                             "TendonLength",
                                             "FiberVelocity",
                                             "NormFiberVelocity",
                                             "ActiveFiberForceAlongTendon",
                                             "PassiveFiberForceAlongTendon"};
  std::vector<NamedTable> tables;
  const auto add_table = [&](const std::string& suffix) {
    NamedTable named{suffix, {}};
    named.table.name = suffix;
    named.table.time = trial.motion.time;
    for (std::size_t m : muscles) named.table.columns.push_back(muscle_names[m]);
    named.table.values.reserve(trial.motion.frame_count() * muscles.size());
    tables.push_back(std::move(named));
  };
  for (const char* name : names) add_table(name);
  if (choices.compute_moments)
    for (std::size_t c : coordinates) add_table("MomentArm_" + coordinate_names[c]);

  ChainOptions options;
  options.opensim_double_wraps = true;
  options.elastic_passive_tendon = false;
  const ChainPlan plan = make_chain_plan(model, options, trial.chain_loads());
  ChainWorkspace<double> ws = make_chain_workspace<double>(plan);
  const CoupledArms arms(plan, ws);
  const std::size_t n = model.coordinates.size();
  for (std::size_t f = 0; f < trial.motion.frame_count(); ++f) {
    std::copy_n(&trial.motion.q[f * n], n, ws.q.begin());
    std::copy_n(&trial.motion.qd[f * n], n, ws.qd.begin());
    update_positions(model, ws.q.data(), ws.kinematics);
    update_muscle_geometry(plan, ws);
    update_fibers(model, plan.fibers, ws.length.data(), ws.speed.data(), ws.fibers);
    for (std::size_t m : muscles) {
      const Muscle& muscle = model.muscles[m];
      const double norm_length = ws.fibers.norm_fiber_length[m], norm_velocity = ws.fibers.norm_fiber_velocity[m];
      const double values[kQuantityCount] = {
          ws.length[m],
          norm_length * muscle.optimal_fiber_length,
          norm_length,
          std::acos(std::clamp(ws.fibers.cos_pennation[m], -1.0, 1.0)),
          ws.fibers.tendon_length[m],
          norm_velocity * muscle.max_contraction_velocity * muscle.optimal_fiber_length,
          norm_velocity,
          ws.fibers.active_force[m],
          ws.fibers.passive_force[m]};
      for (int i = 0; i < kQuantityCount; ++i) tables[static_cast<std::size_t>(i)].table.values.push_back(values[i]);
    }
    if (!choices.compute_moments) continue;
    for (std::size_t i = 0; i < coordinates.size(); ++i)
      for (std::size_t m : muscles)
        tables[kQuantityCount + i].table.values.push_back(
            arms.find(static_cast<std::size_t>(model.muscles[m].path), static_cast<int>(coordinates[i])));
  }
  return tables;
}

}  // namespace buttress
