#include "multibody/forward_dynamics.h"

namespace buttress {

namespace {

/// qdd of all coordinates from those of the independent ones: couplers add f' qdd + f'' qd^2
void expand_accelerations(const Model& model, const double* q, const double* qd, double time,
                          const Eigen::VectorXd& independent, bool with_velocity_terms, double* qdd) {
  for (int c = 0; c < model.coordinate_count(); ++c) {
    const Coordinate& coordinate = model.coordinates[static_cast<std::size_t>(c)];
    qdd[c] = coordinate.independent >= 0 ? independent[coordinate.independent] : 0.0;
    if (coordinate.prescribed && coordinate.coupler < 0 && with_velocity_terms)
      qdd[c] = evaluate(coordinate.prescribed_function, time).ddf;
  }
  for (const Coupler& coupler : model.couplers) {
    const Jet<double> f = evaluate(coupler.function, q[coupler.independent]);
    const double rate = qd[coupler.independent];
    qdd[coupler.dependent] = f.df * qdd[coupler.independent] + (with_velocity_terms ? f.ddf * rate * rate : 0.0);
  }
}

}  // namespace

bool calc_accelerations(const Model& model, const double* q, const double* qd, double time,
                        const Wrench<double>* applied, const double* generalized, Kinematics<double>& kin,
                        double* qdd) {
  const int n = static_cast<int>(model.independent.size());
  std::vector<Wrench<double>> wrench(model.bodies.size());
  std::vector<double> tau(model.coordinates.size());
  Eigen::VectorXd reduced(n), bias(n), generalized_reduced(n);

  // what the motion would need with zero independent acceleration
  expand_accelerations(model, q, qd, time, Eigen::VectorXd::Zero(n), true, qdd);
  update_accelerations(model, qd, qdd, kin);
  calc_joint_wrenches(model, kin, applied, wrench.data());
  calc_generalized_forces(model, kin, wrench.data(), tau.data());
  reduce_to_independent(model, q, tau.data(), bias.data());
  reduce_to_independent(model, q, generalized, generalized_reduced.data());

  // mass matrix: one column per unit acceleration, the bias taken off
  Eigen::MatrixXd mass_matrix(n, n);
  for (int row = 0; row < n; ++row) {
    expand_accelerations(model, q, qd, time, Eigen::VectorXd::Unit(n, row), true, qdd);
    update_accelerations(model, qd, qdd, kin);
    calc_joint_wrenches(model, kin, applied, wrench.data());
    calc_generalized_forces(model, kin, wrench.data(), tau.data());
    reduce_to_independent(model, q, tau.data(), reduced.data());
    mass_matrix.col(row) = reduced - bias;
  }

  const Eigen::LDLT<Eigen::MatrixXd> factor(mass_matrix);
  const auto pivots = factor.vectorD();
  if (n > 0 && (factor.info() != Eigen::Success || pivots.minCoeff() <= 1e-14 * pivots.maxCoeff())) return false;
  const Eigen::VectorXd solution = n > 0 ? Eigen::VectorXd(factor.solve(generalized_reduced - bias)) : bias;
  expand_accelerations(model, q, qd, time, solution, true, qdd);
  update_accelerations(model, qd, qdd, kin);
  return true;
}

}  // namespace buttress
