#include "load/isometric_strength.h"

#include <algorithm>

#include "load/chain_stages.inl"

namespace buttress {

namespace {

/// the test's posture with coupled coordinates where their couplers put them
std::vector<double> make_posture(const Model& model, const IsometricTest& test) {
  std::vector<double> q = test.q;
  for (const Coupler& coupler : model.couplers)
    q[static_cast<std::size_t>(coupler.dependent)] =
        evaluate(coupler.function, q[static_cast<std::size_t>(coupler.independent)]).f;
  return q;
}

}  // namespace

std::vector<std::vector<double>> calc_isometric_torques(const Model& model, const std::vector<IsometricTest>& tests) {
  ChainOptions options;
  options.passive_fiber_force = false;
  options.use_actuators = false;
  options.reactions = false;
  const ChainPlan plan = make_chain_plan(model, options, {});
  ChainWorkspace<double> ws = make_chain_workspace<double>(plan);
  std::vector<std::vector<double>> torques;
  for (const IsometricTest& test : tests) {
    torques.emplace_back(model.muscles.size(), 0.0);
    const int independent = model.coordinates[static_cast<std::size_t>(test.coordinate)].independent;
    const int row = independent < 0 ? -1 : plan.row_of_independent[static_cast<std::size_t>(independent)];
    if (row < 0) continue;
    ws.q = make_posture(model, test);
    update_positions(model, ws.q.data(), ws.kinematics);
    update_muscle_geometry(plan, ws);
    update_capacities(plan, ws);
    update_recruitment_problem(plan, ws);
    for (std::size_t c = 0; c < plan.columns.size(); ++c)
      for (int k = plan.column_start[c]; k < plan.column_start[c + 1]; ++k)
        if (plan.row_index[static_cast<std::size_t>(k)] == row)
          torques.back()[static_cast<std::size_t>(plan.columns[c].muscle)] = ws.matrix[static_cast<std::size_t>(k)];
  }
  return torques;
}

double calc_isometric_maximum(const std::vector<double>& torques, double direction) {
  double sum = 0;
  for (const double torque : torques) sum += std::max(0.0, direction * torque);
  return sum;
}

}  // namespace buttress
