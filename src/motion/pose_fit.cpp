#include "motion/pose_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace buttress {

namespace {

/// the row of the reduced problem that moves a coordinate, or -1
int find_row(const Model& model, int coordinate) {
  if (coordinate < 0) return -1;
  const Coordinate& c = model.coordinates[static_cast<std::size_t>(coordinate)];
  if (c.coupler < 0) return c.independent;
  const Coupler& coupler = model.couplers[static_cast<std::size_t>(c.coupler)];
  return model.coordinates[static_cast<std::size_t>(coupler.independent)].independent;
}

/// couplers: dependent coordinates from the independent ones, with first and second derivatives
void update_couplers(const Model& model, double* q, PoseFitWorkspace& ws) {
  for (const Coupler& coupler : model.couplers) {
    const Jet<double> f = evaluate(coupler.function, q[coupler.independent]);
    const auto c = static_cast<std::size_t>(coupler.dependent);
    q[c] = f.f;
    ws.coupler_slope[c] = f.df;
    ws.coupler_curvature[c] = f.ddf;
  }
}

bool is_seen(const double* observed) {
  return std::isfinite(observed[0]) && std::isfinite(observed[1]) && std::isfinite(observed[2]);
}

double sum_weights(const PoseFitPlan& plan, const double* observed) {
  double sum = 0;
  for (std::size_t m = 0; m < plan.markers.size(); ++m)
    if (is_seen(observed + 3 * m)) sum += plan.markers[m].weight;
  return sum;
}

/// Adds the markers' part of the objective and its derivatives in terms of the values of the axes.
/// With u_i the velocity of the marker per unit of axis i (a x r for rotations, a for slides), i before j in the chain:
///   d(u_j)/d(axis i) = a_i x u_j for rotations i, zero for slides, so  e . d2p = (e x a_i) . u_j
double update_axis_sums(const PoseFitPlan& plan, const double* observed, double weight_sum, PoseFitWorkspace& ws) {
  const Model& model = *plan.model;
  double objective = 0;
  std::fill(ws.axis_gradient.begin(), ws.axis_gradient.end(), 0.0);
  ws.axis_square.setZero();
  ws.axis_bend.setZero();
  for (std::size_t body = 0; body < plan.markers_on_body.size(); ++body) {
    const std::vector<int>& chain = plan.chain[body];
    for (const int m : plan.markers_on_body[body]) {
      const double* o = observed + 3 * m;
      const FitMarker& fit = plan.markers[static_cast<std::size_t>(m)];
      if (!is_seen(o) || fit.weight == 0) continue;
      const double w = fit.weight / weight_sum;
      const Vec3d p = ws.kin.X_WB[body] * model.markers[static_cast<std::size_t>(fit.marker)].p_B;
      const Vec3d e = p - Vec3d{o[0], o[1], o[2]};
      objective += 0.5 * w * dot(e, e);
      const Vec3d we = w * e;
      for (std::size_t i = 0; i < chain.size(); ++i) {
        const auto a = static_cast<std::size_t>(chain[i]);
        const PoseFitPlan::MovingAxis& moving = plan.axes[a];
        const Vec3d& axis_W = ws.kin.axis_W[static_cast<std::size_t>(moving.axis)];
        const Vec3d u =
            moving.is_rotation ? cross(axis_W, p - ws.kin.center_W[static_cast<std::size_t>(moving.joint)]) : axis_W;
        ws.axis_velocity[i] = u;
        ws.axis_gradient[a] += dot(we, u);
      }
      for (std::size_t i = 0; i < chain.size(); ++i) {
        const auto a = static_cast<std::size_t>(chain[i]);
        const PoseFitPlan::MovingAxis& moving = plan.axes[a];
        const Vec3d wu = w * ws.axis_velocity[i];
        const Vec3d turn =
            moving.is_rotation ? cross(we, ws.kin.axis_W[static_cast<std::size_t>(moving.axis)]) : Vec3d{0, 0, 0};
        for (std::size_t j = i; j < chain.size(); ++j) {
          const Vec3d& u = ws.axis_velocity[j];
          ws.axis_square(chain[i], chain[j]) += dot(wu, u);
          ws.axis_bend(chain[i], chain[j]) += dot(turn, u);
        }
      }
    }
  }
  return objective;
}

/// d(value of an axis)/d(row) of one term, and the second derivative
struct TermSlope {
  int row = -1;
  double slope = 0, curvature = 0;
};
TermSlope find_term_slope(const Model& model, const AxisTerm& term, const Jet<double>& jet,
                          const PoseFitWorkspace& ws) {
  TermSlope t;
  t.row = find_row(model, term.coordinate);
  if (t.row < 0) return t;
  t.slope = jet.df;
  t.curvature = jet.ddf;
  const auto c = static_cast<std::size_t>(term.coordinate);
  if (model.coordinates[c].coupler >= 0) {
    // chain rule through the coupler
    const double s = ws.coupler_slope[c];
    t.curvature = jet.ddf * s * s + jet.df * ws.coupler_curvature[c];
    t.slope = jet.df * s;
  }
  return t;
}

/// from axes to rows: gradient, Gauss-Newton matrix and the rest of the second derivatives
void reduce_to_rows(const PoseFitPlan& plan, PoseFitWorkspace& ws, PoseFitState& state) {
  const Model& model = *plan.model;
  const auto terms_of = [&](const PoseFitPlan::MovingAxis& moving) -> const std::vector<AxisTerm>& {
    return model.axes[static_cast<std::size_t>(moving.axis)].terms;
  };
  const auto slope_of = [&](const PoseFitPlan::MovingAxis& moving, int k) {
    return find_term_slope(model, terms_of(moving)[static_cast<std::size_t>(k)],
                           ws.kin.term[static_cast<std::size_t>(moving.first_term + k)], ws);
  };
  for (std::size_t a = 0; a < plan.axes.size(); ++a) {
    const PoseFitPlan::MovingAxis& first = plan.axes[a];
    for (int k = 0; k < first.term_count; ++k) {
      const TermSlope s = slope_of(first, k);
      if (s.row < 0) continue;
      state.gradient[s.row] += s.slope * ws.axis_gradient[a];
      state.bend(s.row, s.row) += s.curvature * ws.axis_gradient[a];
      for (std::size_t b = a; b < plan.axes.size(); ++b) {
        const double square = ws.axis_square(static_cast<int>(a), static_cast<int>(b)),
                     bend = ws.axis_bend(static_cast<int>(a), static_cast<int>(b));
        if (square == 0 && bend == 0) continue;
        const PoseFitPlan::MovingAxis& second = plan.axes[b];
        for (int l = 0; l < second.term_count; ++l) {
          const TermSlope t = slope_of(second, l);
          if (t.row < 0) continue;
          const double product = s.slope * t.slope;
          state.gauss_newton(s.row, t.row) += product * square;
          state.bend(s.row, t.row) += product * bend;
          // the pairs (a, b) and (b, a)
          if (a != b) {
            state.gauss_newton(t.row, s.row) += product * square;
            state.bend(t.row, s.row) += product * bend;
          }
        }
      }
    }
  }
}

/// objective and derivatives at q; couplers are applied to q first
void update_state(const PoseFitPlan& plan, const double* observed, const double* wanted, double weight_sum, double* q,
                  PoseFitWorkspace& ws, PoseFitState& state) {
  const Model& model = *plan.model;
  update_couplers(model, q, ws);
  update_positions(model, q, ws.kin);
  state.gradient.setZero();
  state.gauss_newton.setZero();
  state.bend.setZero();
  state.objective = weight_sum > 0 ? update_axis_sums(plan, observed, weight_sum, ws) : 0;
  if (weight_sum > 0) reduce_to_rows(plan, ws, state);
  for (std::size_t i = 0; i < plan.coordinates.size(); ++i) {
    const auto c = static_cast<std::size_t>(plan.coordinates[i].coordinate);
    const int row = find_row(model, static_cast<int>(c));
    if (row < 0) continue;
    const double w = plan.coordinates[i].weight, miss = q[c] - wanted[i];
    const bool is_coupled = model.coordinates[c].coupler >= 0;
    const double slope = is_coupled ? ws.coupler_slope[c] : 1.0;
    state.objective += 0.5 * w * miss * miss;
    state.gradient[row] += w * miss * slope;
    state.gauss_newton(row, row) += w * slope * slope;
    if (is_coupled) state.bend(row, row) += w * miss * ws.coupler_curvature[c];
  }
}

/// Newton step of the coordinates that are free to move; false when the matrix is not positive definite
bool find_step(const PoseFitState& state, bool with_bend, double damping, PoseFitWorkspace& ws) {
  const Eigen::Index n = state.gradient.size();
  ws.hessian = state.gauss_newton;
  if (with_bend) ws.hessian += state.bend;
  for (Eigen::Index i = 0; i < n; ++i) {
    // the small constant holds coordinates that nothing determines
    ws.hessian(i, i) += damping * (state.gauss_newton(i, i) + 1e-6) + 1e-9;
    ws.step[i] = -state.gradient[i];
  }
  for (Eigen::Index i = 0; i < n; ++i)
    if (ws.is_fixed[static_cast<std::size_t>(i)]) {
      ws.hessian.row(i).setZero();
      ws.hessian.col(i).setZero();
      ws.hessian(i, i) = 1;
      ws.step[i] = 0;
    }
  ws.factor.compute(ws.hessian);
  if (ws.factor.info() != Eigen::Success) return false;
  ws.factor.solveInPlace(ws.step);
  return ws.step.allFinite();
}

}  // namespace

PoseFitPlan make_pose_fit_plan(const Model& model, std::vector<FitMarker> markers,
                               std::vector<FitCoordinate> coordinates) {
  PoseFitPlan plan;
  plan.model = &model;
  plan.markers = std::move(markers);
  plan.coordinates = std::move(coordinates);
  const std::vector<int> first_terms = find_first_terms(model);
  plan.chain.resize(model.bodies.size());
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const Joint& joint = model.joints[j];
    plan.chain[j + 1] = plan.chain[static_cast<std::size_t>(joint.parent_body)];
    for (int k = 0; k < joint.axis_count; ++k) {
      const int a = joint.first_axis + k;
      const Axis& axis = model.axes[static_cast<std::size_t>(a)];
      const bool moves = std::any_of(axis.terms.begin(), axis.terms.end(),
                                     [&](const AxisTerm& t) { return find_row(model, t.coordinate) >= 0; });
      if (!moves) continue;
      plan.chain[j + 1].push_back(static_cast<int>(plan.axes.size()));
      plan.axes.push_back({a, static_cast<int>(j), axis.is_rotation, first_terms[static_cast<std::size_t>(a)],
                           static_cast<int>(axis.terms.size())});
    }
  }
  plan.markers_on_body.resize(model.bodies.size());
  for (std::size_t m = 0; m < plan.markers.size(); ++m) {
    const Marker& marker = model.markers[static_cast<std::size_t>(plan.markers[m].marker)];
    plan.markers_on_body[static_cast<std::size_t>(marker.body)].push_back(static_cast<int>(m));
  }
  for (const int c : model.independent) {
    const Coordinate& coordinate = model.coordinates[static_cast<std::size_t>(c)];
    plan.lower.push_back(coordinate.clamped ? coordinate.range_min : -kInfinity);
    plan.upper.push_back(coordinate.clamped ? coordinate.range_max : kInfinity);
  }
  return plan;
}

PoseFitWorkspace make_pose_fit_workspace(const PoseFitPlan& plan) {
  const auto n = static_cast<Eigen::Index>(plan.model->independent.size());
  const auto axes = static_cast<Eigen::Index>(plan.axes.size());
  const std::size_t coordinates = plan.model->coordinates.size();
  PoseFitWorkspace ws;
  ws.kin = make_kinematics<double>(*plan.model);
  for (PoseFitState* state : {&ws.here, &ws.there}) {
    state->gradient.setZero(n);
    state->gauss_newton.setZero(n, n);
    state->bend.setZero(n, n);
  }
  ws.q.setZero(static_cast<Eigen::Index>(coordinates));
  ws.q_new = ws.q;
  ws.step.setZero(n);
  ws.hessian.setZero(n, n);
  ws.factor = Eigen::LLT<Eigen::MatrixXd>(n);
  ws.axis_gradient.assign(plan.axes.size(), 0.0);
  ws.axis_square.setZero(axes, axes);
  ws.axis_bend.setZero(axes, axes);
  ws.axis_velocity.assign(plan.axes.size(), Vec3d{0, 0, 0});
  ws.coupler_slope.assign(coordinates, 0.0);
  ws.coupler_curvature.assign(coordinates, 0.0);
  ws.is_fixed.assign(static_cast<std::size_t>(n), 0);
  return ws;
}

PoseFitResult fit_pose(const PoseFitPlan& plan, const double* observed, const double* wanted,
                       const PoseFitOptions& options, double* q, PoseFitWorkspace& ws) {
  const Model& model = *plan.model;
  const std::size_t n = model.independent.size();
  const double weight_sum = sum_weights(plan, observed);
  const auto clip = [&](double* x) {
    for (std::size_t i = 0; i < n; ++i) {
      double& value = x[model.independent[i]];
      value = std::min(std::max(value, plan.lower[i]), plan.upper[i]);
    }
  };
  std::copy(q, q + model.coordinates.size(), ws.q.data());
  clip(ws.q.data());
  update_state(plan, observed, wanted, weight_sum, ws.q.data(), ws, ws.here);

  PoseFitResult result;
  double damping = 0;
  bool is_current = true;  // kinematics belong to ws.q
  while (result.iterations < options.max_iterations && !result.converged) {
    ++result.iterations;
    for (std::size_t i = 0; i < n; ++i) {
      const double value = ws.q[model.independent[i]], slope = ws.here.gradient[static_cast<Eigen::Index>(i)];
      ws.is_fixed[i] = (value <= plan.lower[i] && slope > 0) || (value >= plan.upper[i] && slope < 0);
    }
    if (!find_step(ws.here, true, damping, ws) && !find_step(ws.here, false, damping, ws)) {
      damping = std::max(10 * damping, 1e-6);
      continue;
    }
    // bounded step, cut at half a turn
    const double longest = n > 0 ? ws.step.cwiseAbs().maxCoeff() : 0.0;
    const double scale = longest > 1.5 ? 1.5 / longest : 1.0;
    ws.q_new = ws.q;
    for (std::size_t i = 0; i < n; ++i) ws.q_new[model.independent[i]] += scale * ws.step[static_cast<Eigen::Index>(i)];
    clip(ws.q_new.data());
    const double change = n > 0 ? (ws.q_new - ws.q).cwiseAbs().maxCoeff() : 0.0;
    update_state(plan, observed, wanted, weight_sum, ws.q_new.data(), ws, ws.there);
    is_current = false;
    const bool is_small = change < options.step_tolerance;
    if (ws.there.objective <= ws.here.objective) {
      std::swap(ws.here, ws.there);
      ws.q.swap(ws.q_new);
      is_current = true;
      damping = damping < 1e-7 ? 0 : 0.1 * damping;
      result.converged = is_small;
    } else {
      // at the end rounding decides which of two poses is better
      result.converged = is_small;
      damping = std::max(10 * damping, 1e-6);
    }
  }
  if (!is_current) update_positions(model, ws.q.data(), ws.kin);
  std::copy(ws.q.data(), ws.q.data() + model.coordinates.size(), q);
  result.objective = ws.here.objective;
  return result;
}

Vec3d find_marker_position(const PoseFitPlan& plan, const PoseFitWorkspace& ws, std::size_t i) {
  const Marker& marker = plan.model->markers[static_cast<std::size_t>(plan.markers[i].marker)];
  return ws.kin.X_WB[static_cast<std::size_t>(marker.body)] * marker.p_B;
}

std::vector<bool> find_determined_rows(const PoseFitPlan& plan) {
  const Model& model = *plan.model;
  std::vector<bool> determined(model.independent.size(), false);
  const auto mark = [&](int row) {
    if (row >= 0) determined[static_cast<std::size_t>(row)] = true;
  };
  for (std::size_t body = 0; body < plan.chain.size(); ++body) {
    if (plan.markers_on_body[body].empty()) continue;
    for (const int a : plan.chain[body])
      for (const AxisTerm& term :
           model.axes[static_cast<std::size_t>(plan.axes[static_cast<std::size_t>(a)].axis)].terms)
        mark(find_row(model, term.coordinate));
  }
  for (const FitCoordinate& c : plan.coordinates) mark(find_row(model, c.coordinate));
  return determined;
}

}  // namespace buttress
