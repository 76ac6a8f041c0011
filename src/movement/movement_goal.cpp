#include "movement/movement_goal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace buttress {

namespace {

bool is_root(const Model& model, std::size_t c) {
  return model.joints[static_cast<std::size_t>(model.coordinates[c].joint)].parent_body == 0;
}

/// the surface of that name; the level floor for any other
ContactSurface find_surface(const MovementSpec& m, const std::string& name) {
  for (const MovementSurface& s : m.surfaces)
    if (s.name == name) return make_surface(m, s);
  return make_floor();
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
  const auto check_surface = [&](const std::string& name) {
    const bool known =
        name.empty() || name == "floor" ||
        std::any_of(m.surfaces.begin(), m.surfaces.end(), [&](const MovementSurface& s) { return s.name == name; });
    if (!known)
      diagnostics.error("MOVE-004", m.file, 0, "there is no surface '" + name + "'",
                        "Use floor, or a surface of this movement.");
  };
  for (const Keyframe& k : m.keyframes) {
    for (const auto& [name, value] : k.pose) check_coordinate(name);
    for (const std::string& name : k.free) check_coordinate(name);
    for (const std::string& name : k.balance) check_group(name);
    for (const Placement& p : k.place) {
      check_group(p.group);
      check_surface(p.surface);
    }
  }
  for (const std::string& words : m.contacts) {
    const std::size_t on = words.find(" on ");
    check_group(words.substr(0, on));
    if (on != std::string::npos) check_surface(words.substr(on + 4));
  }
  for (const MovementLoad& l : m.loads) check_body(l.body);
  for (const MovementBand& b : m.bands)
    for (const std::string& name : {b.from_body, b.to_body})
      if (name != "ground") check_body(name);
  for (const FormCue& c : m.cues) {
    if (!c.coordinate.empty()) check_coordinate(c.coordinate);
    if (c.coordinate.empty()) check_body(c.point), check_body(c.relative_to);
  }
}

void check_numbers(const MovementSpec& m, Diagnostics& diagnostics) {
  const auto check = [&](bool good, const std::string& what) {
    if (!good)
      diagnostics.error("MOVE-010", m.file, 0, what, "Correct the number, or the range of the parameter behind it.");
  };
  for (const MovementSurface& s : m.surfaces) {
    check(find_value(m, s.length_m) > 0 && find_value(m, s.width_m) > 0, "surface '" + s.name + "' has no size");
    check(std::abs(find_value(m, s.incline_deg)) <= 90,
          "surface '" + s.name + "' is inclined by more than 90 degrees: it would face down");
  }
  for (const MovementLoad& l : m.loads)
    check(find_value(m, l.mass_kg) >= 0, "load '" + l.name + "' has a negative mass");
  for (const MovementBand& b : m.bands) {
    check(find_value(m, b.rest_length_m) > 0, "band '" + b.name + "' has no rest length");
    check(find_value(m, b.stiffness_N_m) >= 0, "band '" + b.name + "' has a negative stiffness");
    check(b.from_body != b.to_body, "band '" + b.name + "' joins a body with itself");
  }
  for (std::size_t k = 1; k < m.keyframes.size(); ++k)
    check(find_value(m, m.keyframes[k].duration_s) >= 0.1,
          "keyframe '" + m.keyframes[k].name + "' takes less than 0.1 s");
}

ContactSurface make_surface(const MovementSpec& m, const MovementSurface& s) {
  ContactSurface surface;
  surface.name = s.name;
  surface.p_W = {find_value(m, s.x_m), find_value(m, s.y_m), find_value(m, s.z_m)};
  surface.half_size1 = find_value(m, s.length_m) / 2, surface.half_size2 = find_value(m, s.width_m) / 2;
  // tipped about z, then turned about y
  const double tip = find_value(m, s.incline_deg) * kDegree, turn = find_value(m, s.turn_deg) * kDegree;
  const Vec3d ahead{std::cos(turn), 0, -std::sin(turn)};
  const Vec3d up{0, 1, 0};
  surface.normal_W = std::sin(tip) * ahead + std::cos(tip) * up;
  surface.tangent1_W = std::cos(tip) * ahead - std::sin(tip) * up;
  surface.tangent2_W = {std::sin(turn), 0, std::cos(turn)};
  return surface;
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
      goal.target[c] = find_value(m, at->second) * (coordinate.motion_type != MotionType::rotational ? 1 : kDegree);
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
    g.surface = find_surface(m, p.surface);
    g.heights.assign(g.points.size(), 0);
    const bool holds = before && !p.slides, is_steep = g.surface.normal_W.y < 0.7;
    if (before) g.middle = before->find_middle(g.points);
    // where the file says, or where the keyframe before had it; a place on a wall is given by its height
    const auto hold = [&](const std::optional<MovementValue>& value, double& number, const Vec3d& axis, bool otherwise,
                          const Vec3d& in_surface) {
      if (value)
        number = find_value(m, *value), g.held_along.push_back(axis);
      else if (otherwise)
        g.held_along.push_back(in_surface);
    };
    hold(p.x_m, g.middle.x, {1, 0, 0}, holds && !(is_steep && p.y_m), g.surface.tangent1_W);
    hold(p.z_m, g.middle.z, {0, 0, 1}, holds, g.surface.tangent2_W);
    hold(p.y_m, g.middle.y, {0, 1, 0}, before && !g.on_surface, {0, 1, 0});
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
    for (std::size_t i = 0; i < g.points.size(); ++i) g.heights[i] = solver.find_height(g, g.points[i]);
    g.middle = solver.find_middle(g.points);
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
    g.middle = from.middle + s * (to.middle - from.middle), g.yaw = blend(from.yaw, to.yaw);
    for (std::size_t p = 0; p < g.heights.size(); ++p) g.heights[p] = blend(from.heights[p], to.heights[p]);
  }
  out.offset_x = blend(a.offset_x, b.offset_x), out.offset_z = blend(a.offset_z, b.offset_z);
}

void check_reach(const Model& model, const MovementSpec& m, const Keyframe& frame, const PoseGoal& goal,
                 const PoseSolver& solver, const std::vector<double>& q, const ContactRamps& ramps, double& worst,
                 Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < goal.places.size(); ++i) {
    const PlacedGroup& g = goal.places[i];
    double off = 0, aside = 0;
    if (g.on_surface)
      for (int p : g.points) off = std::max(off, std::abs(solver.find_height(g, p)));
    const Vec3d middle = solver.find_middle(g.points);
    for (const Vec3d& along : g.held_along) aside = std::max(aside, std::abs(dot(middle - g.middle, along)));
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
    const double unit = coordinate.motion_type != MotionType::rotational ? 1 : kDegree;
    const int digits = coordinate.motion_type != MotionType::rotational ? 2 : 0;
    if (goal.sigma[c] == kAskedAngle &&
        std::abs(q[c] - goal.target[c]) > (coordinate.motion_type != MotionType::rotational ? 0.03 : 5 * kDegree))
      diagnostics.error("MOVE-007", m.file, 0,
                        fmt::format("at '{}', {} was asked to be {:.{}f} and can only be {:.{}f}", frame.name,
                                    coordinate.name, goal.target[c] / unit, digits, q[c] / unit, digits),
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
