#pragma once
// definitions of the templates of path_kinematics.h
#include "muscle/path_context.h"
#include "muscle/path_kinematics.h"
#include "muscle/path_several_wraps.h"
#include "muscle/wrap_object.h"

namespace buttress {

template <class T>
PathWorkspace<T> make_path_workspace(const Model& model, const PathPlan& plan) {
  const auto size = [](int n) { return static_cast<std::size_t>(n); };
  PathWorkspace<T> ws;
  ws.length.assign(model.paths.size(), T(0.0));
  ws.moment_arm.assign(plan.columns.size(), T(0.0));
  ws.body_wrench.assign(plan.touched_body.size(), zero_wrench<T>());
  if (plan.rule == PathRule::opensim) {
    ws.speed_arm.assign(plan.columns.size(), T(0.0));
    ws.rigid_moment.assign(plan.touched_body.size(), zero3<T>());
  }
  ws.X_WS.assign(model.wrap_objects.size(), Pose<T>::identity());
  ws.sum.assign(size(plan.sum_count), zero_wrench<T>());
  ws.point_W.assign(size(plan.most_points), zero3<T>());
  ws.is_active.assign(size(plan.most_points), MaskBox<T>{all_lanes<T>()});
  ws.stretch_wraps.assign(size(plan.most_stretches), MaskBox<T>{no_lanes<T>()});
  ws.moving_force_W.assign(size(plan.most_points), zero3<T>());
  ws.moving_axis_W.assign(size(3 * plan.most_moving), zero3<T>());
  ws.powers.assign(size(plan.most_powers), T(1.0));
  return ws;
}

namespace detail {

/// where the points are, and how the moving ones move
template <class T>
void update_points(PathContext<T>& c) {
  for (const PlacedPoint& p : c.recipe.points) c.ws.point_W[at(p.point)] = c.kin.X_WB[at(p.body)] * broadcast<T>(p.p_B);
  for (std::size_t k = 0; k < c.recipe.moving_points.size(); ++k) {
    const int i = c.recipe.moving_points[k];
    const PathPoint& point = c.path.points[at(i)];
    const Pose<T> X_WF = c.kin.X_WB[at(point.body)] * broadcast<T>(point.X_BF);
    Vec3<T> p_W = X_WF.p;
    for (int axis = 0; axis < 3; ++axis) {
      const AxisTerm& term = point.moving[axis];
      const Jet<T> jet = evaluate(term.function, term.coordinate < 0 ? T(0.0) : c.q[term.coordinate]);
      const Vec3<T> e = X_WF.R.column(axis);
      p_W += jet.f * e;
      c.ws.moving_axis_W[3 * k + at(axis)] = jet.df * e;
    }
    c.ws.point_W[at(i)] = p_W;
    c.ws.moving_force_W[at(i)] = zero3<T>();
  }
}

/// conditional points within their range, with OpenSim's tolerance
template <class T>
void update_active(PathContext<T>& c) {
  if (!c.recipe.has_conditional) return;
  for (std::size_t i = 0; i < c.path.points.size(); ++i) {
    const PathPoint& point = c.path.points[i];
    if (point.kind != PathPointKind::conditional || point.coordinate < 0) {
      c.ws.is_active[i].m = all_lanes<T>();
      continue;
    }
    const T value = c.q[point.coordinate];
    c.ws.is_active[i].m = value >= T(point.range_min - 1e-5) && value <= T(point.range_max + 1e-5);
  }
}

template <class T>
Mask<T> find_stretch_mask(const PathContext<T>& c, const PathStretch& s) {
  if (!s.is_conditional) return all_lanes<T>();
  Mask<T> m = c.ws.is_active[at(s.from)].m && c.ws.is_active[at(s.to)].m;
  for (int i = s.from + 1; i < s.to; ++i) m = m && !c.ws.is_active[at(i)].m;
  return m;
}

/// a straight stretch under unit tension: u through P on one body, -u on the other
template <class T>
T add_straight(PathContext<T>& c, const PathStretch& s) {
  const Vec3<T>& P = c.ws.point_W[at(s.from)];
  const Straight<T> line = find_straight(P, c.ws.point_W[at(s.to)]);
  const Vec3<T> moment = cross(P, line.u);
  Wrench<T>&a = c.ws.body_wrench[at(s.from_entry)], &b = c.ws.body_wrench[at(s.to_entry)];
  a.force += line.u;
  a.moment += moment;
  b.force -= line.u;
  b.moment -= moment;
  if (!c.recipe.moving_points.empty()) {
    c.ws.moving_force_W[at(s.from)] += line.u;
    c.ws.moving_force_W[at(s.to)] -= line.u;
  }
  return line.length;
}

template <class T>
T add_masked_straight(PathContext<T>& c, const PathStretch& s, Mask<T> m) {
  const T zero(0.0);
  if (s.is_rigid) return select(m, T(s.rigid_length), zero);
  const Straight<T> line = find_straight(c.ws.point_W[at(s.from)], c.ws.point_W[at(s.to)]);
  const Vec3<T> u = select<T>(m, line.u, zero3<T>());
  pull_at(c, s.from, s.from_entry, u);
  pull_at(c, s.to, s.to_entry, -u);
  return select(m, line.length, zero);
}

/// one wrap object: every candidate stretch is tried in turn, all lanes together
template <class T>
T add_with_one_wrap(PathContext<T>& c) {
  const PathWrap& wrap = c.path.wraps[0];
  const WrapObject& object = c.model.wrap_objects[at(wrap.wrap_object)];
  const Pose<T>& X_WS = c.ws.X_WS[at(wrap.wrap_object)];
  const int first = c.recipe.first_stretch, last = first + c.recipe.stretch_count;
  const T zero(0.0);

  // the first mandatory wrap, else the optional one that lengthens the path least
  WrapOutcome<T>& w = c.ws.outcome;
  Mask<T> done = no_lanes<T>(), found = no_lanes<T>();
  T least(kInfinity), wrap_length = zero;
  Vec3<T> slope_P = zero3<T>(), slope_Q = zero3<T>();
  for (int k = first; k < last; ++k) {
    const PathStretch& s = c.plan.stretches[at(k)];
    Mask<T>& taken = c.ws.stretch_wraps[at(k - first)].m;
    taken = no_lanes<T>();
    if (s.from < wrap.first_point || s.to > wrap.last_point) continue;
    const Mask<T> lanes = find_stretch_mask(c, s) && !done;
    if (!any(lanes)) continue;
    const Vec3<T> P = multiply_transposed(X_WS.R, c.ws.point_W[at(s.from)] - X_WS.p);
    const Vec3<T> Q = multiply_transposed(X_WS.R, c.ws.point_W[at(s.to)] - X_WS.p);
    wrap_over(object, wrap.method, P, Q, lanes, w);
    const Mask<T> mandatory = w.mandatory && lanes;
    Mask<T> optional = w.wrapped && lanes;
    if (!any(mandatory || optional)) continue;
    if (any(optional)) {
      const T change = w.length - norm(Q - P);
      optional = optional && change < least;
      least = select(optional, change, least);
    }
    taken = mandatory || optional;
    if (any(found && taken))
      for (int earlier = first; earlier < k; ++earlier) {
        Mask<T>& m = c.ws.stretch_wraps[at(earlier - first)].m;
        m = m && !taken;
      }
    wrap_length = select(taken, w.length, wrap_length);
    slope_P = select<T>(taken, w.slope_P, slope_P);
    slope_Q = select<T>(taken, w.slope_Q, slope_Q);
    found = found || taken;
    done = done || mandatory;
    if (all(done)) {
      for (int later = k + 1; later < last; ++later) c.ws.stretch_wraps[at(later - first)].m = no_lanes<T>();
      break;
    }
  }

  // straight stretches, and the wrapped one
  T length = T(c.recipe.rigid_length);
  const bool any_found = any(found);
  Vec3<T> pull_P = zero3<T>(), pull_Q = zero3<T>();
  if (any_found) {
    pull_P = X_WS.R * (-slope_P);
    pull_Q = X_WS.R * (-slope_Q);
    length += select(found, wrap_length, zero);
  }
  for (int k = first; k < last; ++k) {
    const PathStretch& s = c.plan.stretches[at(k)];
    const Mask<T> taken = c.ws.stretch_wraps[at(k - first)].m;
    const bool wraps = any_found && any(taken);
    if (!wraps && !s.is_conditional) {
      length += s.is_rigid ? T(s.rigid_length) : add_straight(c, s);
      continue;
    }
    const Mask<T> straight = find_stretch_mask(c, s) && !taken;
    if (any(straight)) length += add_masked_straight(c, s, straight);
    if (!wraps) continue;
    const Vec3<T> at_P = select<T>(taken, pull_P, zero3<T>()), at_Q = select<T>(taken, pull_Q, zero3<T>());
    pull_at(c, s.from, s.from_entry, at_P);
    pull_at(c, s.to, s.to_entry, at_Q);
    // what P and Q pull, the object gives back
    Wrench<T>& back = c.ws.body_wrench[at(c.recipe.wrap_entries[0])];
    back.force -= at_P + at_Q;
    back.moment -= cross(c.ws.point_W[at(s.from)], at_P) + cross(c.ws.point_W[at(s.to)], at_Q);
  }
  return length;
}

/// R = virtual work of the pulls on everything below each joint
template <class T>
void project_on_joints(PathContext<T>& c) {
  const int touched = static_cast<int>(c.plan.touched_body.size());
  const auto find_source = [&](int s) -> const Wrench<T>& {
    return s < touched ? c.ws.body_wrench[at(s)] : c.ws.sum[at(s - touched)];
  };
  for (const int entry : c.recipe.unwritten) c.ws.moment_arm[at(entry)] = T(0.0);
  for (int k = c.recipe.first_joint; k < c.recipe.first_joint + c.recipe.joint_count; ++k) {
    const PathJoint& step = c.plan.joints[at(k)];
    const Wrench<T>* w = &find_source(c.plan.sources[at(step.first_source)]);
    if (step.source_count > 1) {
      Wrench<T>& sum = c.ws.sum[at(step.sum)];
      sum = *w;
      for (int i = 1; i < step.source_count; ++i) sum += find_source(c.plan.sources[at(step.first_source + i)]);
      w = &sum;
    }
    const Vec3<T> moment = moment_about(*w, c.kin.center_W[at(step.joint)]), force = w->force;
    const PathAxis* axis = c.plan.axes.data() + step.first_axis;
    for (const PathAxis* end = axis + step.axis_count; axis != end; ++axis) {
      const T work = dot(c.kin.axis_W[at(axis->axis)], axis->is_rotation ? moment : force);
      const PathTerm* term = c.plan.terms.data() + axis->first_term;
      for (const PathTerm* last = term + axis->term_count; term != last; ++term) {
        const T arm = work * c.kin.term[at(term->term)].df;
        T& entry = c.ws.moment_arm[at(term->entry)];
        entry = term->adds ? entry + arm : arm;
      }
    }
  }
  for (std::size_t k = 0; k < c.recipe.moving_points.size(); ++k)
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const int column = c.recipe.moving_columns[3 * k + axis];
      if (column < 0) continue;
      c.ws.moment_arm[at(column)] +=
          dot(c.ws.moving_force_W[at(c.recipe.moving_points[k])], c.ws.moving_axis_W[3 * k + axis]);
    }
}

/// with PathRule::opensim, moment arms as they stand are those of the rate of length
template <class T>
void keep_speed_arms(PathContext<T>& c, std::size_t p) {
  if (c.plan.rule != PathRule::opensim) return;
  for (int k = c.plan.row_start[p]; k < c.plan.row_start[p + 1]; ++k) c.ws.speed_arm[at(k)] = c.ws.moment_arm[at(k)];
}

/// sum of c prod q^e over the terms that are not zero, and its slopes
template <class T>
T evaluate_polynomial(PathContext<T>& c) {
  const std::size_t n = c.path.polynomial_coordinates.size();
  const std::size_t width = static_cast<std::size_t>(c.path.polynomial_order) + 1;
  for (std::size_t j = 0; j < n; ++j) {
    T power(1.0);
    for (std::size_t e = 0; e < width; ++e) {
      c.ws.powers[j * width + e] = power;
      power *= c.q[c.path.polynomial_coordinates[j]];
    }
  }
  T length(0.0);
  const int* e = c.recipe.exponents.data();
  for (const double coefficient : c.recipe.coefficients) {
    // product of the powers before and after each coordinate, so that no division by q is needed
    T before(coefficient);
    for (std::size_t j = 0; j < n; ++j) {
      if (e[j] > 0) {
        T slope = before * (static_cast<double>(e[j]) * c.ws.powers[j * width + at(e[j]) - 1]);
        for (std::size_t k = j + 1; k < n; ++k)
          if (e[k] > 0) slope *= c.ws.powers[k * width + at(e[k])];
        c.ws.moment_arm[at(c.recipe.polynomial_columns[j])] -= slope;
        before *= c.ws.powers[j * width + at(e[j])];
      }
    }
    length += before;
    e += n;
  }
  return length;
}

}  // namespace detail

template <class T>
void update_paths(const Model& model, const PathPlan& plan, const Kinematics<T>& kin, const T* q,
                  PathWorkspace<T>& ws) {
  for (std::size_t o = 0; o < model.wrap_objects.size(); ++o)
    if (plan.is_wrap_used[o])
      ws.X_WS[o] = kin.X_WB[detail::at(model.wrap_objects[o].body)] * broadcast<T>(model.wrap_objects[o].X_BS);

  for (std::size_t p = 0; p < model.paths.size(); ++p) {
    const PathRecipe& recipe = plan.recipes[p];
    detail::PathContext<T> c{model, plan, model.paths[p], recipe, kin, q, ws};
    if (recipe.method == PathMethod::polynomial) {
      for (int k = plan.row_start[p]; k < plan.row_start[p + 1]; ++k) ws.moment_arm[detail::at(k)] = T(0.0);
      ws.length[p] = detail::evaluate_polynomial(c);
      detail::keep_speed_arms(c, p);
      continue;
    }
    for (int k = plan.touched_start[p]; k < plan.touched_start[p + 1]; ++k) {
      ws.body_wrench[detail::at(k)] = zero_wrench<T>();
      if (plan.rule == PathRule::opensim) ws.rigid_moment[detail::at(k)] = zero3<T>();
    }
    detail::update_points(c);
    T length = T(recipe.rigid_length);
    const int first = recipe.first_stretch, last = first + recipe.stretch_count;
    switch (recipe.method) {
      case PathMethod::straight:
        for (int k = first; k < last; ++k) length += detail::add_straight(c, plan.stretches[detail::at(k)]);
        break;
      case PathMethod::conditional:
        detail::update_active(c);
        for (int k = first; k < last; ++k) {
          const PathStretch& s = plan.stretches[detail::at(k)];
          const Mask<T> m = detail::find_stretch_mask(c, s);
          if (any(m)) length += detail::add_masked_straight(c, s, m);
        }
        break;
      case PathMethod::one_wrap:
        detail::update_active(c);
        length = detail::add_with_one_wrap(c);
        break;
      case PathMethod::several_wraps:
        detail::update_active(c);
        length = detail::add_with_several_wraps(c);
        break;
      case PathMethod::polynomial:
        break;
    }
    ws.length[p] = length;
    if (plan.rule == PathRule::opensim && recipe.method == PathMethod::several_wraps) {
      for (int k = plan.touched_start[p]; k < plan.touched_start[p + 1]; ++k)
        ws.body_wrench[detail::at(k)].moment += ws.rigid_moment[detail::at(k)];
      detail::project_on_joints(c);
      detail::keep_speed_arms(c, p);
      for (int k = plan.touched_start[p]; k < plan.touched_start[p + 1]; ++k)
        ws.body_wrench[detail::at(k)].moment -= ws.rigid_moment[detail::at(k)];
      detail::project_on_joints(c);
      continue;
    }
    detail::project_on_joints(c);
    detail::keep_speed_arms(c, p);
  }
}

}  // namespace buttress
