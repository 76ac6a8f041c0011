#include "muscle/path_plan.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>

#include "multibody/kinematics.h"

namespace buttress {

namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}
int count_of(std::size_t n) {
  return static_cast<int>(n);
}

bool is_conditional(const PathPoint& p) {
  return p.kind == PathPointKind::conditional;
}

struct PlanBuilder {
  const Model& model;
  const std::vector<int> first_term;  ///< of each axis in Kinematics::term
  PathPlan plan;
  std::vector<bool> is_written = {};  ///< [moment arms] by a joint

  /// moment-arm entry of a coordinate in the row of a path
  int find_entry(const Path& path, int path_index, int coordinate) const {
    const auto it = std::lower_bound(path.coordinates.begin(), path.coordinates.end(), coordinate);
    if (it == path.coordinates.end() || *it != coordinate)
      throw std::invalid_argument("path " + std::to_string(path_index) + " moves with coordinate " +
                                  std::to_string(coordinate) + ", which is not in its list of coordinates");
    return plan.row_start[at(path_index)] + static_cast<int>(it - path.coordinates.begin());
  }

  int find_touched(const PathRecipe& recipe, int body) const {
    const auto first = plan.touched_body.begin() + recipe.first_touched;
    return static_cast<int>(std::lower_bound(first, first + recipe.touched_count, body) - plan.touched_body.begin());
  }

  void add_polynomial(const Path& path, int p, PathRecipe& recipe) {
    recipe.method = PathMethod::polynomial;
    for (int c : path.polynomial_coordinates) recipe.polynomial_columns.push_back(find_entry(path, p, c));
    plan.most_powers =
        std::max(plan.most_powers, count_of(path.polynomial_coordinates.size()) * (path.polynomial_order + 1));

    // OpenSim's order of the terms: the exponent of the first coordinate changes slowest, the sum is at most the order
    const std::size_t n = path.polynomial_coordinates.size();
    std::vector<int> exponents(n, 0);
    std::size_t term = 0;
    const auto visit = [&](auto&& self, std::size_t level, int left) -> void {
      if (level < n) {
        for (exponents[level] = 0; exponents[level] <= left; ++exponents[level])
          self(self, level + 1, left - exponents[level]);
        exponents[level] = 0;
        return;
      }
      const double c = term < path.polynomial_coefficients.size() ? path.polynomial_coefficients[term] : 0.0;
      ++term;
      if (c == 0.0) return;
      recipe.coefficients.push_back(c);
      recipe.exponents.insert(recipe.exponents.end(), exponents.begin(), exponents.end());
    };
    visit(visit, 0, path.polynomial_order);
    if (term != path.polynomial_coefficients.size())
      throw std::invalid_argument("polynomial of path " + std::to_string(p) + " has " +
                                  std::to_string(path.polynomial_coefficients.size()) + " coefficients, expected " +
                                  std::to_string(term));
  }

  void add_touched(const Path& path, PathRecipe& recipe) {
    std::set<int> bodies;
    for (const PathPoint& point : path.points) bodies.insert(point.body);
    for (const PathWrap& wrap : path.wraps) bodies.insert(model.wrap_objects[at(wrap.wrap_object)].body);
    recipe.first_touched = count_of(plan.touched_body.size());
    recipe.touched_count = count_of(bodies.size());
    plan.touched_body.insert(plan.touched_body.end(), bodies.begin(), bodies.end());
    for (const PathWrap& wrap : path.wraps) {
      recipe.wrap_entries.push_back(find_touched(recipe, model.wrap_objects[at(wrap.wrap_object)].body));
      plan.is_wrap_used[at(wrap.wrap_object)] = true;
    }
  }

  void add_stretches(const Path& path, PathRecipe& recipe) {
    recipe.first_stretch = count_of(plan.stretches.size());
    const bool any_conditional = std::any_of(path.points.begin(), path.points.end(), is_conditional);
    recipe.has_conditional = any_conditional;
    recipe.method = path.wraps.size() > 1   ? PathMethod::several_wraps
                    : path.wraps.size() > 0 ? PathMethod::one_wrap
                    : any_conditional       ? PathMethod::conditional
                                            : PathMethod::straight;
    std::vector<bool> is_needed(path.points.size(), recipe.method == PathMethod::several_wraps);
    const int n = count_of(path.points.size());
    for (int i = 0; i < n; ++i)
      for (int j = i + 1; j < n; ++j) {
        if (j > i + 1 && !is_conditional(path.points[at(j - 1)])) break;
        const PathPoint &a = path.points[at(i)], &b = path.points[at(j)];
        PathStretch s;
        s.from = i;
        s.to = j;
        s.from_entry = find_touched(recipe, a.body);
        s.to_entry = find_touched(recipe, b.body);
        s.is_conditional = j > i + 1 || is_conditional(a) || is_conditional(b);
        s.is_rigid = a.body == b.body && a.kind != PathPointKind::moving && b.kind != PathPointKind::moving;
        if (s.is_rigid) s.rigid_length = norm(b.p_B - a.p_B);
        const bool may_wrap = !path.wraps.empty() && i >= path.wraps[0].first_point && j <= path.wraps[0].last_point;
        if (s.is_rigid && !s.is_conditional && !may_wrap && recipe.method != PathMethod::several_wraps) {
          recipe.rigid_length += s.rigid_length;
          continue;
        }
        if (!s.is_rigid || may_wrap) is_needed[at(i)] = is_needed[at(j)] = true;
        plan.stretches.push_back(s);
      }
    recipe.stretch_count = count_of(plan.stretches.size()) - recipe.first_stretch;
    for (int i = 0; i < n; ++i) {
      const PathPoint& point = path.points[at(i)];
      if (!is_needed[at(i)]) continue;
      if (point.kind == PathPointKind::moving)
        recipe.moving_points.push_back(i);
      else
        recipe.points.push_back({i, point.body, point.p_B});
    }
    plan.most_points = std::max(plan.most_points, n);
    plan.most_stretches = std::max(plan.most_stretches, recipe.stretch_count);
    plan.most_wraps = std::max(plan.most_wraps, count_of(path.wraps.size()));
  }

  void add_moving_points(const Path& path, int p, PathRecipe& recipe) {
    for (int i : recipe.moving_points)
      for (const AxisTerm& term : path.points[at(i)].moving)
        recipe.moving_columns.push_back(term.coordinate < 0 ? -1 : find_entry(path, p, term.coordinate));
    plan.most_moving = std::max(plan.most_moving, count_of(recipe.moving_points.size()));
  }

  void add_term(int term, int entry) {
    is_written.resize(plan.columns.size(), false);
    plan.terms.push_back({term, entry, is_written[at(entry)]});
    is_written[at(entry)] = true;
  }

  void add_axis(const Path& path, int p, int index) {
    const Axis& axis = model.axes[at(index)];
    PathAxis added;
    added.axis = index;
    added.is_rotation = axis.is_rotation;
    added.first_term = count_of(plan.terms.size());
    for (std::size_t t = 0; t < axis.terms.size(); ++t)
      if (axis.terms[t].coordinate >= 0)
        add_term(first_term[at(index)] + count_of(t), find_entry(path, p, axis.terms[t].coordinate));
    added.term_count = count_of(plan.terms.size()) - added.first_term;
    if (added.term_count > 0) plan.axes.push_back(added);
  }

  void add_joints(const Path& path, int p, PathRecipe& recipe) {
    recipe.first_joint = count_of(plan.joints.size());
    const auto touched = plan.touched_body.begin() + recipe.first_touched;
    const auto count_below = [&](int body) {
      return std::count_if(touched, touched + recipe.touched_count,
                           [&](int b) { return model.is_in_subtree(b, body); });
    };
    // a joint matters when some but not all of the touched bodies hang below it; children come before parents
    std::vector<std::vector<int>> waiting(model.bodies.size());
    for (int k = 0; k < recipe.touched_count; ++k) waiting[at(touched[k])].push_back(recipe.first_touched + k);
    for (int body = model.body_count() - 1; body > 0; --body) {
      const auto below = count_below(body);
      if (below == 0 || below == recipe.touched_count) continue;
      PathJoint step;
      step.joint = body - 1;
      step.first_source = count_of(plan.sources.size());
      step.source_count = count_of(waiting[at(body)].size());
      plan.sources.insert(plan.sources.end(), waiting[at(body)].begin(), waiting[at(body)].end());
      int source = waiting[at(body)].front();
      if (step.source_count > 1) {
        step.sum = plan.sum_count++;
        source = -1 - step.sum;  // numbered for good in finish()
      }
      waiting[at(model.parent_of(body))].push_back(source);
      step.first_axis = count_of(plan.axes.size());
      const Joint& joint = model.joints[at(step.joint)];
      for (int a = joint.first_axis; a < joint.first_axis + joint.axis_count; ++a) add_axis(path, p, a);
      step.axis_count = count_of(plan.axes.size()) - step.first_axis;
      plan.joints.push_back(step);
    }
    recipe.joint_count = count_of(plan.joints.size()) - recipe.first_joint;
    is_written.resize(plan.columns.size(), false);
    for (int k = plan.row_start[at(p)]; k < count_of(plan.columns.size()); ++k)
      if (!is_written[at(k)]) recipe.unwritten.push_back(k);
  }

  void finish() {
    for (int& source : plan.sources)
      if (source < 0) source = count_of(plan.touched_body.size()) + (-1 - source);
  }
};

}  // namespace

PathPlan make_path_plan(const Model& model, PathRule rule) {
  PlanBuilder builder{model, find_first_terms(model), {}, {}};
  PathPlan& plan = builder.plan;
  plan.rule = rule;
  plan.is_wrap_used.assign(model.wrap_objects.size(), false);
  plan.row_start.push_back(0);
  plan.touched_start.push_back(0);
  for (std::size_t p = 0; p < model.paths.size(); ++p) {
    const Path& path = model.paths[p];
    const int index = count_of(p);
    PathRecipe recipe;
    plan.columns.insert(plan.columns.end(), path.coordinates.begin(), path.coordinates.end());
    recipe.first_touched = count_of(plan.touched_body.size());
    if (path.is_polynomial) {
      builder.add_polynomial(path, index, recipe);
    } else {
      if (path.points.size() < 2)
        throw std::invalid_argument("path " + std::to_string(p) + " has fewer than two points");
      if (path.wraps.size() > 1 && path.points.size() + 2 * path.wraps.size() > kMostWrappedPoints)
        throw std::invalid_argument("path " + std::to_string(p) + " has too many points and wrap objects");
      builder.add_touched(path, recipe);
      builder.add_stretches(path, recipe);
      builder.add_moving_points(path, index, recipe);
      builder.add_joints(path, index, recipe);
    }
    plan.row_start.push_back(count_of(plan.columns.size()));
    plan.touched_start.push_back(count_of(plan.touched_body.size()));
    plan.recipes.push_back(std::move(recipe));
  }
  builder.finish();
  return std::move(builder.plan);
}

}  // namespace buttress
