#include "load/isometric_strength.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

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

namespace {

/// Root of a function that falls with x, between -kSteepest and kSteepest: where the prices of balance lie. They are
/// ratios of moment arms.
template <class Function>
double bisect_falling(const Function& function) {
  constexpr double kSteepest = 1e3;
  double low = -kSteepest, high = kSteepest;
  for (int i = 0; i < 64; ++i) {
    const double middle = 0.5 * (low + high);
    (function(middle) > 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

std::vector<double> calc_isometric_shares(const std::vector<double>& torques, double direction,
                                          const std::vector<std::vector<double>>& balanced) {
  if (balanced.size() > 2) throw std::invalid_argument("at most two torques can be balanced");
  // those that do anything here
  struct Pull {
    std::size_t muscle;
    double torque, first, second;
  };
  std::vector<Pull> pulls;
  double largest = 0;
  for (std::size_t m = 0; m < torques.size(); ++m) {
    const Pull pull{m, direction * torques[m], balanced.empty() ? 0 : balanced[0][m],
                    balanced.size() < 2 ? 0 : balanced[1][m]};
    if (pull.torque != 0 || pull.first != 0 || pull.second != 0) pulls.push_back(pull);
    largest = std::max(largest, std::abs(torques[m]));
  }
  // the linear programme through its dual: a muscle is worth what it pulls less what its disturbance costs, and works
  // when that is above zero; a millionth of the largest torque rounds the corner, so that prices decide on parts too
  const double corner = 1e-6 * largest;
  const auto activate = [&](const Pull& pull, double first, double second) {
    const double worth = pull.torque - first * pull.first - second * pull.second;
    return corner > 0 ? std::clamp(worth / corner, 0.0, 1.0) : 0;
  };
  const auto find_rest = [&](double Pull::*row, double first, double second) {
    double rest = 0;
    for (const Pull& pull : pulls) rest += pull.*row * activate(pull, first, second);
    return rest;
  };
  const auto find_second = [&](double first) {
    return balanced.size() < 2 ? 0.0
                               : bisect_falling([&](double second) { return find_rest(&Pull::second, first, second); });
  };
  const double first = balanced.empty() ? 0.0 : bisect_falling([&](double price) {
    return find_rest(&Pull::first, price, find_second(price));
  });
  const double second = find_second(first);
  std::vector<double> shares(torques.size(), 0.0);
  double all = 0, helping = 0;
  for (const Pull& pull : pulls) {
    const double torque = pull.torque * activate(pull, first, second);
    shares[pull.muscle] = std::max(0.0, torque);
    all += torque, helping += shares[pull.muscle];
  }
  for (double& share : shares) share *= helping > 0 ? std::max(0.0, all) / helping : 0;
  return shares;
}

}  // namespace buttress
