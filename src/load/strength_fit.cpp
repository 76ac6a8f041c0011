#include "load/strength_fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace buttress {

namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

struct FitState {
  Vector u, log_factor, torque;  ///< [actions], [muscles], [actions]
  double cost = 0;
};

class StrengthFitter {
 public:
  StrengthFitter(const std::vector<StrengthAction>& actions, std::size_t muscle_count, double prior_log_sd)
      : count_(static_cast<Eigen::Index>(actions.size())),
        muscles_(static_cast<Eigen::Index>(muscle_count)),
        prior_(prior_log_sd),
        torque_(Matrix::Zero(count_, muscles_)),
        weight_(Matrix::Zero(muscles_, count_)),
        log_target_(count_),
        sd_(count_) {
    if (!(prior_log_sd > 0)) throw std::invalid_argument("the prior's standard deviation must be above 0");
    for (Eigen::Index a = 0; a < count_; ++a) {
      const StrengthAction& action = actions[static_cast<std::size_t>(a)];
      if (action.torque.size() != muscle_count) throw std::invalid_argument("an action needs a torque of every muscle");
      for (Eigen::Index m = 0; m < muscles_; ++m)
        torque_(a, m) = std::max(0.0, action.torque[static_cast<std::size_t>(m)]);
      if (!(action.target > 0) || !(action.log_sd > 0) || !(torque_.row(a).sum() > 0))
        throw std::invalid_argument("an action needs a target, a standard deviation and a torque above 0");
      log_target_(a) = std::log(action.target);
      sd_(a) = action.log_sd;
      weight_.col(a) = torque_.row(a).transpose() / torque_.row(a).sum();
    }
    for (Eigen::Index m = 0; m < muscles_; ++m)
      if (const double sum = weight_.row(m).sum(); sum > 0) weight_.row(m) /= sum;
  }

  FitState evaluate(const Vector& u) const {
    FitState state;
    state.u = u;
    state.log_factor = weight_ * u;
    state.torque = torque_ * state.log_factor.array().exp().matrix();
    state.cost = calc_residual(state).squaredNorm() + u.dot(calc_prior(u));
    return state;
  }

  Vector calc_residual(const FitState& state) const {
    return ((state.torque.array().log() - log_target_.array()) / sd_.array()).matrix();
  }

  /// half the slope of the second sum: what sets each action apart from their mean
  Vector calc_prior(const Vector& u) const { return ((u.array() - u.mean()) / (prior_ * prior_)).matrix(); }

  /// Gauss-Newton step of the cost
  Vector calc_step(const FitState& state) const {
    const Vector factor = state.log_factor.array().exp();
    // d log T_a / d u_b = sum_m (share of m in T_a now) w_mb
    Matrix slope = state.torque.cwiseInverse().asDiagonal() * (torque_ * factor.asDiagonal()) * weight_;
    slope = sd_.cwiseInverse().asDiagonal() * slope;
    Matrix normal = slope.transpose() * slope;
    normal.diagonal().array() += 1 / (prior_ * prior_);
    normal.array() -= 1 / (prior_ * prior_ * static_cast<double>(count_));
    return -normal.ldlt().solve(slope.transpose() * calc_residual(state) + calc_prior(state.u));
  }

  Vector find_before() const { return torque_.rowwise().sum(); }
  Eigen::Index count() const { return count_; }

 private:
  Eigen::Index count_, muscles_;
  double prior_;
  Matrix torque_;  ///< [actions x muscles] N m
  Matrix weight_;  ///< [muscles x actions] see header
  Vector log_target_, sd_;
};

std::vector<double> to_list(const Vector& v) {
  return {v.data(), v.data() + v.size()};
}

}  // namespace

StrengthFit fit_strengths(const std::vector<StrengthAction>& actions, std::size_t muscle_count, double prior_log_sd) {
  if (actions.empty()) throw std::invalid_argument("there is no action to fit");
  const StrengthFitter fitter(actions, muscle_count, prior_log_sd);
  StrengthFit fit;
  FitState state = fitter.evaluate(Vector::Zero(fitter.count()));
  for (; fit.iterations < 200 && !fit.converged; ++fit.iterations) {
    const Vector step = fitter.calc_step(state);
    const double size = step.lpNorm<Eigen::Infinity>();
    double length = 1;
    FitState next = fitter.evaluate(state.u + step);
    // close to the minimum the cost is flat to rounding and the step itself is the better guide
    for (int i = 0; i < 40 && size > 1e-4 && !(next.cost <= state.cost); ++i) {
      length /= 2;
      next = fitter.evaluate(state.u + length * step);
    }
    fit.converged = size < 1e-12;
    state = next;
  }
  fit.factor = to_list(state.log_factor.array().exp());
  fit.multiplier = to_list(state.u.array().exp());
  fit.before = to_list(fitter.find_before());
  fit.after = to_list(state.torque);
  return fit;
}

}  // namespace buttress
