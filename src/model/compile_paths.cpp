// compile(): wrap objects and muscle paths
#include <algorithm>
#include <set>

#include "model/compiler.h"

namespace buttress {

void Compiler::add_wrap_objects() {
  for (const WrapObjectSpec& w : spec.wrap_objects) {
    const std::string who = "wrap object '" + w.name + "'";
    WrapObject object;
    object.name = w.name;
    object.body = find_body(w.frame.body, w.at, who);
    object.X_BS = w.frame.X_BF;
    object.kind = w.kind;
    object.radius = w.radius;
    if (w.kind == WrapKind::cylinder && w.length > 0) object.length = w.length;
    object.semi_axes = w.semi_axes;
    object.inner_radius = w.inner_radius;
    object.outer_radius = w.outer_radius;
    object.quadrant = w.quadrant;
    const bool sound = w.kind == WrapKind::ellipsoid ? w.semi_axes.x > 0 && w.semi_axes.y > 0 && w.semi_axes.z > 0
                       : w.kind == WrapKind::torus   ? w.inner_radius > 0 && w.outer_radius > 0
                                                     : w.radius > 0;
    if (!sound) error("MODEL-009", w.at, who + " has no size", "Its radius or dimensions must be above zero.");
    wrap_index[w.name] = static_cast<int>(model.wrap_objects.size());
    model.wrap_objects.push_back(std::move(object));
  }
}

void Compiler::find_path_coordinates(Path& path) const {
  std::set<int> bodies, used;
  for (const PathPoint& p : path.points) bodies.insert(p.body);
  for (const PathWrap& w : path.wraps) bodies.insert(model.wrap_objects[static_cast<std::size_t>(w.wrap_object)].body);

  // a joint changes the length when it parts the bodies that the path touches
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const auto below = std::count_if(bodies.begin(), bodies.end(),
                                     [&](int b) { return model.is_in_subtree(b, static_cast<int>(j) + 1); });
    if (below == 0 || below == static_cast<long>(bodies.size())) continue;
    for (int k = 0; k < model.joints[j].axis_count; ++k)
      for (const AxisTerm& t : model.axes[static_cast<std::size_t>(model.joints[j].first_axis + k)].terms)
        if (t.coordinate >= 0) used.insert(t.coordinate);
  }
  for (const PathPoint& p : path.points)
    if (p.kind == PathPointKind::moving)
      for (const AxisTerm& t : p.moving)
        if (t.coordinate >= 0) used.insert(t.coordinate);
  path.coordinates.assign(used.begin(), used.end());
}

int Compiler::add_path(const PathSpec& given, SourceLine at, const std::string& who) {
  Path path;
  if (given.is_polynomial) {
    path.is_polynomial = true;
    path.polynomial_order = given.polynomial.order;
    path.polynomial_coefficients = given.polynomial.coefficients;
    for (const std::string& name : given.polynomial.coordinates)
      path.polynomial_coordinates.push_back(find_coordinate(name, at, who));
    path.coordinates = path.polynomial_coordinates;
    std::sort(path.coordinates.begin(), path.coordinates.end());
  } else {
    if (given.points.size() < 2)
      error("MODEL-010", at,
            who + " has " + std::to_string(given.points.size()) + " path point(s), expected two or more",
            "Give it an origin and an insertion.");
    for (const PathPointSpec& p : given.points) {
      PathPoint point;
      point.kind = p.kind;
      point.body = find_body(p.frame.body, p.at, "point '" + p.name + "' of " + who);
      point.X_BF = p.frame.X_BF;
      point.p_B = p.frame.X_BF * p.p_F;
      if (p.kind == PathPointKind::conditional) {
        point.coordinate = find_coordinate(p.coordinate, p.at, "point '" + p.name + "' of " + who);
        point.range_min = p.range_min;
        point.range_max = p.range_max;
      }
      if (p.kind == PathPointKind::moving)
        for (int i = 0; i < 3; ++i) {
          point.moving[i].function = function(p.moving[i].function, p.at, "point '" + p.name + "' of " + who);
          if (!p.moving[i].coordinate.empty())
            point.moving[i].coordinate =
                find_coordinate(p.moving[i].coordinate, p.at, "point '" + p.name + "' of " + who);
        }
      path.points.push_back(std::move(point));
    }
    for (const PathWrapSpec& w : given.wraps) {
      const auto it = wrap_index.find(w.wrap_object);
      if (it == wrap_index.end()) {
        error("MODEL-011", w.at, who + " wraps over '" + w.wrap_object + "', which the model does not have",
              "Add the wrap object to a body, or remove the PathWrap.");
        continue;
      }
      const bool active = spec.wrap_objects[static_cast<std::size_t>(it->second)].active;
      if (!active) continue;
      const int last = static_cast<int>(path.points.size()) - 1;
      PathWrap wrap;
      wrap.wrap_object = it->second;
      wrap.method = w.method;
      wrap.first_point = w.range_first < 1 ? 0 : w.range_first - 1;
      wrap.last_point = w.range_last < 1 ? last : w.range_last - 1;
      if (wrap.first_point > last || wrap.last_point > last || wrap.first_point > wrap.last_point) {
        error("MODEL-012", w.at,
              who + " has a wrap range " + std::to_string(w.range_first) + " " + std::to_string(w.range_last) +
                  " outside its " + std::to_string(last + 1) + " points");
        continue;
      }
      path.wraps.push_back(wrap);
    }
    find_path_coordinates(path);
  }
  model.paths.push_back(std::move(path));
  return static_cast<int>(model.paths.size()) - 1;
}

}  // namespace buttress
