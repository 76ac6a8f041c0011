#pragma once
#include <SimTKmath.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "model/model_spec.h"

/// What a FunctionSpec means, worked out a second time without numeric/: Horner's rule, a dense solution of the
/// spline's equations in its second derivatives, and SimTK's own GCVSPL.
namespace buttress {

struct ValueAndSlopes {
  double f = 0, df = 0, ddf = 0;
};

class ReferenceFunction {
 public:
  explicit ReferenceFunction(const FunctionSpec& spec) : spec_(spec) {
    if (spec.kind == FunctionKind::simm_spline || spec.kind == FunctionKind::natural_cubic_spline) solve_cubic();
    if (spec.kind == FunctionKind::gcv_spline)
      gcv_ = SimTK::SplineFitter<SimTK::Real>::fitForSmoothingParameter(spec.degree, to_vector(spec.x),
                                                                        to_vector(spec.y), 0.0)
                 .getSpline();
  }

  ValueAndSlopes operator()(double x) const {
    ValueAndSlopes r = unscaled(x);
    return {spec_.scale * r.f, spec_.scale * r.df, spec_.scale * r.ddf};
  }

 private:
  static SimTK::Vector to_vector(const std::vector<double>& v) {
    return SimTK::Vector(static_cast<int>(v.size()), v.data());
  }

  ValueAndSlopes unscaled(double x) const {
    const std::vector<double>& c = spec_.coefficients;
    switch (spec_.kind) {
      case FunctionKind::constant:
        return {c[0], 0, 0};
      case FunctionKind::linear:
        return {c[0] * x + c[1], c[0], 0};
      case FunctionKind::polynomial: {
        // powers spelled out, highest first
        ValueAndSlopes r;
        for (std::size_t i = 0; i < c.size(); ++i) {
          const double power = static_cast<double>(c.size() - 1 - i);
          r.f += c[i] * std::pow(x, power);
          if (power >= 1) r.df += c[i] * power * std::pow(x, power - 1);
          if (power >= 2) r.ddf += c[i] * power * (power - 1) * std::pow(x, power - 2);
        }
        return r;
      }
      case FunctionKind::piecewise_linear: {
        const std::size_t i = find_interval(x);
        const double slope = (spec_.y[i + 1] - spec_.y[i]) / (spec_.x[i + 1] - spec_.x[i]);
        return {spec_.y[i] + slope * (x - spec_.x[i]), slope, 0};
      }
      case FunctionKind::piecewise_constant:
        return {spec_.y[find_interval(x)], 0, 0};
      case FunctionKind::step:
        // SimTK's own step; its slopes are not asked for here
        return {spec_.y[0] + (spec_.y[1] - spec_.y[0]) *
                                 SimTK::stepUp(std::clamp((x - spec_.x[0]) / (spec_.x[1] - spec_.x[0]), 0.0, 1.0)),
                0, 0};
      case FunctionKind::simm_spline:
      case FunctionKind::natural_cubic_spline: {
        if (x < spec_.x.front()) return beyond(x, spec_.x.front(), 0);
        if (x > spec_.x.back()) return beyond(x, spec_.x.back(), spec_.x.size() - 2);
        return cubic(x, find_interval(x));
      }
      case FunctionKind::gcv_spline: {
        // SimTK's spline stops at its ends; Woltring's natural spline goes on as a polynomial of degree m - 1
        const double inside = std::clamp(x, spec_.x.front(), spec_.x.back()), u = x - inside;
        const int m = (spec_.degree + 1) / 2;
        std::vector<double> d;
        for (int order = 0; order <= std::max(2, u == 0 ? 2 : m - 1); ++order)
          d.push_back(u != 0 && order >= m ? 0.0 : calc_gcv_derivative(order, inside));
        if (u == 0) return {d[0], d[1], d[2]};
        ValueAndSlopes r;
        double power = 1;  // u^k / k!
        for (std::size_t k = 0; k < d.size(); ++k) {
          r.f += d[k] * power;
          if (k + 1 < d.size()) r.df += d[k + 1] * power;
          if (k + 2 < d.size()) r.ddf += d[k + 2] * power;
          power *= u / static_cast<double>(k + 1);
        }
        return r;
      }
    }
    throw std::logic_error("no such function kind");
  }

  double calc_gcv_derivative(int order, double x) const {
    const SimTK::Vector at(1, x);
    if (order == 0) return gcv_.calcValue(at);
    return gcv_.calcDerivative(SimTK::Array_<int>(order, 0), at);
  }

  std::size_t find_interval(double x) const {
    std::size_t i = 0;
    while (i + 2 < spec_.x.size() && x >= spec_.x[i + 1]) ++i;
    return i;
  }

  /// straight line beyond an end
  ValueAndSlopes beyond(double x, double end, std::size_t interval) const {
    const ValueAndSlopes r = cubic(end, interval);
    return {r.f + r.df * (x - end), r.df, 0};
  }

  /// the cubic of one interval from the values and second derivatives at its ends
  ValueAndSlopes cubic(double x, std::size_t i) const {
    const double h = spec_.x[i + 1] - spec_.x[i], a = spec_.x[i + 1] - x, b = x - spec_.x[i];
    const double m0 = moment_[static_cast<int>(i)], m1 = moment_[static_cast<int>(i) + 1];
    const double left = spec_.y[i] / h - m0 * h / 6, right = spec_.y[i + 1] / h - m1 * h / 6;
    return {(m0 * a * a * a + m1 * b * b * b) / (6 * h) + left * a + right * b,
            (m1 * b * b - m0 * a * a) / (2 * h) - left + right, (m0 * a + m1 * b) / h};
  }

  /// Forsythe, Malcolm, Moler 1977, chapter 4: continuous slope inside; at each end f''' is that of the cubic through
  /// the four outermost points (no f''' when there are only three)
  void solve_cubic() {
    const std::vector<double>&x = spec_.x, &y = spec_.y;
    const int n = static_cast<int>(x.size());
    moment_ = Eigen::VectorXd::Zero(n);
    if (n == 2) return;
    Eigen::MatrixXd A = Eigen::MatrixXd::Zero(n, n);
    Eigen::VectorXd b = Eigen::VectorXd::Zero(n);
    const auto h = [&](int i) { return x[static_cast<std::size_t>(i) + 1] - x[static_cast<std::size_t>(i)]; };
    const auto slope = [&](int i) {
      return (y[static_cast<std::size_t>(i) + 1] - y[static_cast<std::size_t>(i)]) / h(i);
    };
    for (int i = 1; i + 1 < n; ++i) {
      A(i, i - 1) = h(i - 1) / 6;
      A(i, i) = (h(i - 1) + h(i)) / 3;
      A(i, i + 1) = h(i) / 6;
      b[i] = slope(i) - slope(i - 1);
    }
    // third derivative of the cubic through points k..k+3 from Vandermonde's equations
    const auto third = [&](int k) {
      if (n < 4) return 0.0;
      Eigen::Matrix4d V;
      Eigen::Vector4d values;
      for (int i = 0; i < 4; ++i) {
        const double u = x[static_cast<std::size_t>(k + i)] - x[static_cast<std::size_t>(k)];
        V.row(i) << 1, u, u * u, u * u * u;
        values[i] = y[static_cast<std::size_t>(k + i)];
      }
      return 6 * V.fullPivLu().solve(values)[3];
    };
    A(0, 0) = -1 / h(0), A(0, 1) = 1 / h(0), b[0] = third(0);
    A(n - 1, n - 2) = -1 / h(n - 2), A(n - 1, n - 1) = 1 / h(n - 2), b[n - 1] = third(n - 4);
    moment_ = A.fullPivLu().solve(b);
  }

  FunctionSpec spec_;
  Eigen::VectorXd moment_;  ///< second derivatives at the knots
  SimTK::Spline gcv_;
};

/// sum of functions of some coordinates, as Simbody wants it; `term_argument[i]` is the argument of term i, -1 = none
class SumFunction : public SimTK::Function {
 public:
  SumFunction(std::vector<ReferenceFunction> terms, std::vector<int> term_argument, int arguments)
      : terms_(std::move(terms)), term_argument_(std::move(term_argument)), arguments_(arguments) {}
  SimTK::Real calcValue(const SimTK::Vector& x) const override {
    double sum = 0;
    for (std::size_t i = 0; i < terms_.size(); ++i) sum += terms_[i](find_argument(i, x)).f;
    return sum;
  }
  SimTK::Real calcDerivative(const SimTK::Array_<int>& components, const SimTK::Vector& x) const override {
    double sum = 0;
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      bool mine = true;
      for (int component : components) mine = mine && component == term_argument_[i];
      if (!mine) continue;
      const ValueAndSlopes r = terms_[i](find_argument(i, x));
      sum += components.size() == 1 ? r.df : r.ddf;
    }
    return sum;
  }
  int getArgumentSize() const override { return arguments_; }
  int getMaxDerivativeOrder() const override { return 2; }
  SumFunction* clone() const override { return new SumFunction(*this); }

 private:
  double find_argument(std::size_t term, const SimTK::Vector& x) const {
    return term_argument_[term] < 0 ? 0.0 : x[term_argument_[term]];
  }
  std::vector<ReferenceFunction> terms_;
  std::vector<int> term_argument_;
  int arguments_;
};

}  // namespace buttress
