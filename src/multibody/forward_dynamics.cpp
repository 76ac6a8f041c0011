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

/// mass_matrix * independent accelerations + bias = generalized forces; jacobian * them + drift = accelerations of
/// points
struct EquationsOfMotion {
  Eigen::MatrixXd mass_matrix, jacobian;
  Eigen::VectorXd bias, generalized, drift;
};

/// accelerations of all points, one below the other, W
Eigen::VectorXd find_point_accelerations(const Kinematics<double>& kin, const std::vector<HeldPoint>& points) {
  Eigen::VectorXd all(3 * static_cast<Eigen::Index>(points.size()));
  Eigen::Index row = 0;
  for (const HeldPoint& point : points) {
    const std::size_t b = static_cast<std::size_t>(point.body);
    const Vec3d arm = kin.X_WB[b].R * point.p_B, w = kin.w_WB_W[b];
    const Vec3d a = kin.a_WB_W[b] + cross(kin.alpha_WB_W[b], arm) + cross(w, cross(w, arm));
    for (double value : {a.x, a.y, a.z}) all[row++] = value;
  }
  return all;
}

EquationsOfMotion make_equations(const Model& model, const double* q, const double* qd, double time,
                                 const Wrench<double>* applied, const double* generalized,
                                 const std::vector<HeldPoint>& points, Kinematics<double>& kin, double* qdd) {
  const int n = static_cast<int>(model.independent.size());
  std::vector<Wrench<double>> wrench(model.bodies.size());
  std::vector<double> tau(model.coordinates.size());
  Eigen::VectorXd reduced(n);
  EquationsOfMotion e{Eigen::MatrixXd(n, n),
                      Eigen::MatrixXd(3 * static_cast<Eigen::Index>(points.size()), n),
                      Eigen::VectorXd(n),
                      Eigen::VectorXd(n),
                      {}};
  // forces that the motion with these independent accelerations would need
  const auto calc_needed = [&](const Eigen::VectorXd& independent, double* out) {
    expand_accelerations(model, q, qd, time, independent, true, qdd);
    update_accelerations(model, qd, qdd, kin);
    calc_joint_wrenches(model, kin, applied, wrench.data());
    calc_generalized_forces(model, kin, wrench.data(), tau.data());
    reduce_to_independent(model, q, tau.data(), out);
  };
  calc_needed(Eigen::VectorXd::Zero(n), e.bias.data());
  e.drift = find_point_accelerations(kin, points);
  reduce_to_independent(model, q, generalized, e.generalized.data());
  // one column per unit acceleration, the bias taken off
  for (int row = 0; row < n; ++row) {
    calc_needed(Eigen::VectorXd::Unit(n, row), reduced.data());
    e.mass_matrix.col(row) = reduced - e.bias;
    e.jacobian.col(row) = find_point_accelerations(kin, points) - e.drift;
  }
  return e;
}

}  // namespace

bool calc_accelerations(const Model& model, const double* q, const double* qd, double time,
                        const Wrench<double>* applied, const double* generalized, Kinematics<double>& kin,
                        double* qdd) {
  return calc_held_accelerations(model, q, qd, time, applied, generalized, {}, kin, qdd, nullptr);
}

bool calc_held_accelerations(const Model& model, const double* q, const double* qd, double time,
                             const Wrench<double>* applied, const double* generalized,
                             const std::vector<HeldPoint>& points, Kinematics<double>& kin, double* qdd,
                             Vec3d* held_force) {
  const EquationsOfMotion e = make_equations(model, q, qd, time, applied, generalized, points, kin, qdd);
  const Eigen::Index n = e.bias.size();
  const Eigen::LDLT<Eigen::MatrixXd> factor(e.mass_matrix);
  const auto pivots = factor.vectorD();
  if (n > 0 && (factor.info() != Eigen::Success || pivots.minCoeff() <= 1e-14 * pivots.maxCoeff())) return false;
  Eigen::VectorXd solution = n > 0 ? Eigen::VectorXd(factor.solve(e.generalized - e.bias)) : e.bias;
  if (!points.empty() && n > 0) {
    // J M^-1 J^T force = -(drift + J free accelerations); the smallest force where points share what they hold
    const Eigen::MatrixXd inertia = e.jacobian * factor.solve(e.jacobian.transpose());
    Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> decomposition;
    decomposition.setThreshold(1e-9);
    decomposition.compute(inertia);
    const Eigen::VectorXd force = decomposition.solve(-(e.drift + e.jacobian * solution));
    solution += factor.solve(e.jacobian.transpose() * force);
    for (std::size_t p = 0; p < points.size(); ++p) {
      const Eigen::Index row = 3 * static_cast<Eigen::Index>(p);
      held_force[p] = {force[row], force[row + 1], force[row + 2]};
    }
  }
  expand_accelerations(model, q, qd, time, solution, true, qdd);
  update_accelerations(model, qd, qdd, kin);
  return true;
}

}  // namespace buttress
