#include "app/movement_goal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace buttress {

namespace {

bool is_root(const Model& model, std::size_t c) {
  return model.joints[static_cast<std::size_t>(model.coordinates[c].joint)].parent_body == 0;
}

double find_surface_height(const MovementSpec& m, const std::string& name) {
  for (const MovementSurface& s : m.surfaces)
    if (s.name == name) return find_value(m, s.y_m);
  return 0;
}

std::vector<int> find_points(const ContactSet& contacts, const std::string& group) {
  std::vector<int> points;
  for (std::size_t i = 0; i < contacts.points.size(); ++i)
    if (contacts.points[i].group == group) points.push_back(static_cast<int>(i));
  return points;
}

}  // namespace

void check_names(const Model& model, const MovementSpec& m, const ContactSet& contacts, Diagnostics& diagnostics) {
  const auto check_coordinate = [&](const std::string& name) {
    if (model.find_coordinate(name) < 0)
      diagnostics.error("MOVE-003", m.file, 0, "the body has no coordinate '" + name + "'", "Check its spelling.");
  };
  const auto check_group = [&](const std::string& name) {
    for (const ContactPoint& p : contacts.points)
      if (p.group == name) return;
    diagnostics.error("MOVE-004", m.file, 0, "the body has no contact points '" + name + "'",
                      "Use a group of data/models/buttress_contacts.csv.");
  };
  const auto check_body = [&](const std::string& name) {
    if (model.find_body(name) <= 0)
      diagnostics.error("MOVE-004", m.file, 0, "the body has no part '" + name + "'", "Check its spelling.");
  };
  for (const Keyframe& k : m.keyframes) {
    for (const auto& [name, value] : k.pose) check_coordinate(name);
    for (const std::string& name : k.free) check_coordinate(name);
    for (const std::string& name : k.balance) check_group(name);
    for (const Placement& p : k.place) {
      check_group(p.group);
      const bool known = p.surface.empty() || p.surface == "floor" ||
                         std::any_of(m.surfaces.begin(), m.surfaces.end(),
                                     [&](const MovementSurface& s) { return s.name == p.surface; });
      if (!known)
        diagnostics.error("MOVE-004", m.file, 0, "there is no surface '" + p.surface + "'",
                          "Use floor, or a surface of this movement.");
    }
  }
  for (const std::string& name : m.contacts) check_group(name);
  for (const MovementLoad& l : m.loads) check_body(l.body);
  for (const FormCue& c : m.cues) {
    if (!c.coordinate.empty()) check_coordinate(c.coordinate);
    if (c.coordinate.empty()) check_body(c.point), check_body(c.relative_to);
  }
}

PoseGoal make_goal(const Model& model, const MovementSpec& m, const ContactSet& contacts, const Keyframe& frame,
                   const std::vector<double>& start, PoseSolver* before) {
  PoseGoal goal;
  const std::size_t n = model.coordinates.size();
  goal.target = start;
  goal.sigma.assign(n, 0);
  for (std::size_t c = 0; c < n; ++c) {
    const Coordinate& coordinate = model.coordinates[c];
    const auto at = frame.pose.find(coordinate.name);
    const bool free = std::find(frame.free.begin(), frame.free.end(), coordinate.name) != frame.free.end();
    if (coordinate.coupler >= 0) continue;
    if (at != frame.pose.end())
      goal.target[c] = find_value(m, at->second) * (coordinate.is_translational ? 1 : kDegree);
    else if (!free && !is_root(model, c))
      goal.target[c] = coordinate.default_value;
    if (free)
      goal.sigma[c] = kFreeAngle;
    else if (at != frame.pose.end())
      goal.sigma[c] = kAskedAngle;
    else if (is_root(model, c))
      goal.sigma[c] = kFreeRoot;
    else if (coordinate.independent >= 0)
      goal.sigma[c] = kUnaskedAngle;
  }
  for (const Placement& p : frame.place) {
    PlacedGroup g;
    g.points = find_points(contacts, p.group);
    g.on_surface = !p.surface.empty();
    g.y = p.surface.empty() ? 0 : find_surface_height(m, p.surface);
    const bool holds = before && !p.slides;
    const Vec3d middle = before ? before->find_middle(g.points) : Vec3d{0, 0, 0};
    g.has_x = p.x_m || holds, g.has_z = p.z_m || holds;
    g.x = p.x_m ? find_value(m, *p.x_m) : middle.x;
    g.z = p.z_m ? find_value(m, *p.z_m) : middle.z;
    if (!g.on_surface && before) g.has_y = true, g.y = middle.y;
    g.heights.assign(g.points.size(), g.y);
    g.has_yaw = p.yaw_deg.has_value();
    if (p.yaw_deg) g.yaw = find_value(m, *p.yaw_deg) * kDegree;
    goal.places.push_back(g);
  }
  for (const std::string& group : frame.balance)
    for (int p : find_points(contacts, group)) goal.balance.push_back(p);
  return goal;
}

void measure_goal(PoseSolver& solver, const std::vector<double>& q, PoseGoal& goal) {
  std::vector<double> at = q;
  solver.place(at);
  for (PlacedGroup& g : goal.places) {
    for (std::size_t i = 0; i < g.points.size(); ++i) g.heights[i] = solver.find_point(g.points[i]).y;
    const Vec3d middle = solver.find_middle(g.points);
    g.x = middle.x, g.y = middle.y, g.z = middle.z;
    g.yaw = solver.find_yaw(g);
  }
  if (goal.balance.empty()) return;
  const Vec3d offset = solver.find_mass_center() - solver.find_middle(goal.balance);
  goal.offset_x = offset.x, goal.offset_z = offset.z;
}

void blend_goals(const PoseGoal& a, const PoseGoal& b, double s, PoseGoal& out) {
  const auto blend = [s](double from, double to) { return from + s * (to - from); };
  for (std::size_t i = 0; i < out.places.size(); ++i) {
    const PlacedGroup &from = a.places[i], &to = b.places[i];
    PlacedGroup& g = out.places[i];
    g.x = blend(from.x, to.x), g.y = blend(from.y, to.y), g.z = blend(from.z, to.z), g.yaw = blend(from.yaw, to.yaw);
    for (std::size_t p = 0; p < g.heights.size(); ++p) g.heights[p] = blend(from.heights[p], to.heights[p]);
  }
  out.offset_x = blend(a.offset_x, b.offset_x), out.offset_z = blend(a.offset_z, b.offset_z);
}

void check_reach(const Model& model, const MovementSpec& m, const Keyframe& frame, const PoseGoal& goal,
                 const PoseSolver& solver, const std::vector<double>& q, const ContactRamps& ramps, double& worst,
                 Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < goal.places.size(); ++i) {
    const PlacedGroup& g = goal.places[i];
    double off = 0;
    if (g.on_surface)
      for (int p : g.points) off = std::max(off, std::abs(solver.find_point(p).y - g.y));
    const Vec3d middle = solver.find_middle(g.points);
    double aside = 0;
    if (g.has_x) aside = std::max(aside, std::abs(middle.x - g.x));
    if (g.has_z) aside = std::max(aside, std::abs(middle.z - g.z));
    worst = std::max({worst, off, aside});
    // beyond this height a contact point loses its strength
    if (std::max(off, aside) > 0.8 * ramps.height_limit)
      diagnostics.error("MOVE-007", m.file, 0,
                        fmt::format("at '{}', {} stays {:.0f} mm away from where it should touch", frame.name,
                                    frame.place[i].group, 1000 * std::max(off, aside)),
                        "The body cannot reach that far: change the pose, the place or what is free.");
  }
  if (!goal.balance.empty()) {
    const Vec3d offset = solver.find_mass_center() - solver.find_middle(goal.balance);
    if (std::hypot(offset.x, offset.z) > 0.02)
      diagnostics.error(
          "MOVE-007", m.file, 0,
          fmt::format("at '{}', the mass centre cannot be brought over its support: {:.0f} mm are missing", frame.name,
                      1000 * std::hypot(offset.x, offset.z)),
          "Leave more coordinates free, or choose a less extreme pose.");
  }
  for (std::size_t c = 0; c < q.size(); ++c) {
    const Coordinate& coordinate = model.coordinates[c];
    const double unit = coordinate.is_translational ? 1 : kDegree;
    if (goal.sigma[c] == kAskedAngle && std::abs(q[c] - goal.target[c]) > 5 * kDegree)
      diagnostics.error("MOVE-007", m.file, 0,
                        fmt::format("at '{}', {} was asked to be {:.0f} and can only be {:.0f}", frame.name,
                                    coordinate.name, goal.target[c] / unit, q[c] / unit),
                        "Contact, balance or the joint's range do not allow it.");
    if (goal.sigma[c] > 0 && solver.has_range(c) &&
        (q[c] > coordinate.range_max + 2 * kDegree || q[c] < coordinate.range_min - 2 * kDegree))
      diagnostics.error("MOVE-008", m.file, 0,
                        fmt::format("at '{}', {} is {:.0f}, outside {:.0f} to {:.0f}", frame.name, coordinate.name,
                                    q[c] / unit, coordinate.range_min / unit, coordinate.range_max / unit),
                        "Stay within what the joint can do.");
  }
}

}  // namespace buttress
