#include "app/movement_solver.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/table.h"
#include "multibody/inverse_dynamics.h"

namespace buttress {

namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kFramesPerSecond = 50;
// how firmly each wish is held: one sigma counts the same for all
constexpr double kAskedAngle = 0.5 * kDegree, kUnaskedAngle = 2 * kDegree, kFreeAngle = 60 * kDegree;
constexpr double kFreeRoot = 10, kPlace = 1e-3, kTurn = 0.2 * kDegree, kRange = 0.5 * kDegree;

/// a placement with its numbers and its points
struct PlacedGroup {
  std::vector<int> points;  ///< of the body's contact set
  bool on_surface = false, has_x = false, has_z = false, has_yaw = false, has_y = false;
  double x = 0, y = 0, z = 0, yaw = 0;  ///< middle of the points, m; rad
  std::vector<double> heights;          ///< [points] m
};

/// what one pose is to satisfy
struct PoseGoal {
  std::vector<double> target, sigma;  ///< [coordinates] rad or m; sigma 0 = not moved
  std::vector<PlacedGroup> places;
  std::vector<int> balance;           ///< contact points over whose middle the mass centre stands
  double offset_x = 0, offset_z = 0;  ///< m, or this far from it
};

class PoseSolver {
 public:
  PoseSolver(const Model& model, const ContactSet& contacts, const MovementSpec& movement)
      : model_(model), contacts_(contacts), kin_(make_kinematics<double>(model)) {
    for (const MovementLoad& l : movement.loads)
      carried_.push_back({model.find_body(l.body), l.p_B, find_value(movement, l.mass_kg)});
    // joints that no muscle crosses (arms) have ranges of measurement, not of motion
    has_range_.assign(model.coordinates.size(), false);
    for (const Path& path : model.paths)
      for (int c : path.coordinates) {
        has_range_[static_cast<std::size_t>(c)] = true;
        const int coupler = model.coordinates[static_cast<std::size_t>(c)].coupler;
        if (coupler >= 0)
          has_range_[static_cast<std::size_t>(model.couplers[static_cast<std::size_t>(coupler)].independent)] = true;
      }
    for (std::size_t c = 0; c < has_range_.size(); ++c) {
      const std::size_t joint = static_cast<std::size_t>(model.coordinates[c].joint);
      if (model.joints[joint].parent_body == 0) has_range_[c] = false;
    }
  }

  bool has_range(std::size_t c) const { return has_range_[c]; }

  Vec3d find_point(int p) const {
    const ContactPoint& point = contacts_.points[static_cast<std::size_t>(p)];
    return kin_.X_WB[static_cast<std::size_t>(point.body)] * point.p_B;
  }
  Vec3d find_middle(const std::vector<int>& points) const {
    Vec3d sum{0, 0, 0};
    for (int p : points) sum += find_point(p);
    return (1.0 / static_cast<double>(points.size())) * sum;
  }
  Vec3d find_mass_center() const {
    Vec3d sum{0, 0, 0};
    for (std::size_t b = 1; b < model_.bodies.size(); ++b)
      sum += (model_.bodies[b].mass / model_.total_mass) * (kin_.X_WB[b] * model_.bodies[b].p_BBcm_B);
    // what is carried counts
    double mass = model_.total_mass;
    sum = mass * sum;
    for (const Carried& c : carried_) {
      sum += c.mass * (kin_.X_WB[static_cast<std::size_t>(c.body)] * c.p_B);
      mass += c.mass;
    }
    return (1 / mass) * sum;
  }
  double find_yaw(const PlacedGroup& g) const {
    const int body = contacts_.points[static_cast<std::size_t>(g.points[0])].body;
    const Vec3d x = kin_.X_WB[static_cast<std::size_t>(body)].R.column(0);
    return std::atan2(-x.z, x.x);
  }
  const Kinematics<double>& kin() const { return kin_; }

  void place(std::vector<double>& q) {
    for (const Coupler& c : model_.couplers)
      q[static_cast<std::size_t>(c.dependent)] = evaluate(c.function, q[static_cast<std::size_t>(c.independent)]).f;
    update_positions(model_, q.data(), kin_);
  }

  /// all wishes in units of their sigma
  Eigen::VectorXd calc_residual(const PoseGoal& goal, std::vector<double>& q) {
    place(q);
    std::vector<double> r;
    for (std::size_t c = 0; c < q.size(); ++c) {
      if (goal.sigma[c] == 0) continue;
      r.push_back((q[c] - goal.target[c]) / goal.sigma[c]);
      const Coordinate& coordinate = model_.coordinates[c];
      r.push_back(!has_range_[c]
                      ? 0.0
                      : (std::max(0.0, q[c] - coordinate.range_max) + std::min(0.0, q[c] - coordinate.range_min)) /
                            kRange);
    }
    for (const PlacedGroup& g : goal.places) {
      const Vec3d middle = find_middle(g.points);
      if (g.on_surface) {
        const double share = kPlace * std::sqrt(static_cast<double>(g.points.size()));
        for (std::size_t i = 0; i < g.points.size(); ++i)
          r.push_back((find_point(g.points[i]).y - g.heights[i]) / share);
      }
      if (g.has_y) r.push_back((middle.y - g.y) / kPlace);
      if (g.has_x) r.push_back((middle.x - g.x) / kPlace);
      if (g.has_z) r.push_back((middle.z - g.z) / kPlace);
      if (g.has_yaw) {
        const int body = contacts_.points[static_cast<std::size_t>(g.points[0])].body;
        const Vec3d x = kin_.X_WB[static_cast<std::size_t>(body)].R.column(0);
        // part of the body's x axis across the wanted direction
        r.push_back((x.x * std::sin(g.yaw) + x.z * std::cos(g.yaw)) / kTurn);
      }
    }
    if (!goal.balance.empty()) {
      const Vec3d offset = find_mass_center() - find_middle(goal.balance);
      r.push_back((offset.x - goal.offset_x) / kPlace), r.push_back((offset.z - goal.offset_z) / kPlace);
    }
    return Eigen::Map<Eigen::VectorXd>(r.data(), static_cast<Eigen::Index>(r.size()));
  }

  /// Levenberg-Marquardt from q
  void solve(const PoseGoal& goal, std::vector<double>& q) {
    std::vector<std::size_t> free;
    for (std::size_t c = 0; c < q.size(); ++c)
      if (goal.sigma[c] > 0) free.push_back(c);
    Eigen::VectorXd r = calc_residual(goal, q);
    double damping = 1e-3;
    for (int iteration = 0; iteration < 200; ++iteration) {
      Eigen::MatrixXd J(r.size(), static_cast<Eigen::Index>(free.size()));
      for (std::size_t i = 0; i < free.size(); ++i) {
        std::vector<double> moved = q;
        moved[free[i]] += 1e-6;
        J.col(static_cast<Eigen::Index>(i)) = (calc_residual(goal, moved) - r) / 1e-6;
      }
      const Eigen::VectorXd slope = J.transpose() * r;
      const Eigen::MatrixXd H = J.transpose() * J;
      bool better = false;
      double step_size = 0;
      for (int trial = 0; trial < 12 && !better; ++trial) {
        Eigen::MatrixXd damped = H;
        damped.diagonal().array() += damping;
        const Eigen::VectorXd step = damped.ldlt().solve(-slope);
        std::vector<double> next = q;
        for (std::size_t i = 0; i < free.size(); ++i) next[free[i]] += step[static_cast<Eigen::Index>(i)];
        const Eigen::VectorXd next_r = calc_residual(goal, next);
        better = next_r.squaredNorm() < r.squaredNorm();
        if (better) {
          q = next, r = next_r, step_size = step.norm();
          damping = std::max(damping * 0.1, 1e-9);
        } else {
          damping *= 10;
        }
      }
      if (!better || step_size < 1e-11) break;
    }
    place(q);
  }

 private:
  const Model& model_;
  const ContactSet& contacts_;
  struct Carried {
    int body;
    Vec3d p_B;
    double mass;
  };
  std::vector<Carried> carried_;
  std::vector<bool> has_range_;  ///< [coordinates]
  Kinematics<double> kin_;
};

/// the goal of a keyframe as its solution meets it: heights, places and balance as they came out
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

/// numbers of a goal between two others of the same shape
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

/// minimum-jerk curve from 0 to 1
double calc_minimum_jerk(double s) {
  return s * s * s * (10 + s * (6 * s - 15));
}

bool is_root(const Model& model, std::size_t c) {
  return model.joints[static_cast<std::size_t>(model.coordinates[c].joint)].parent_body == 0;
}

/// everything that is named in the file and must exist in the body
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

/// goal of a keyframe; places without numbers are those of `before`
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

/// what could not be had at a keyframe
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

}  // namespace

std::optional<SolvedMovement> solve_movement(const Model& model, const MovementSpec& m, const ContactSet& body_contacts,
                                             Diagnostics& diagnostics) {
  const auto count_errors = [&] {
    return std::count_if(diagnostics.items().begin(), diagnostics.items().end(),
                         [](const Diagnostic& d) { return d.severity == Severity::error; });
  };
  const auto errors_before = count_errors();
  check_names(model, m, body_contacts, diagnostics);
  if (count_errors() > errors_before) return std::nullopt;

  SolvedMovement solved;
  solved.contacts.ramps = body_contacts.ramps;
  solved.contacts.surfaces = {make_floor()};
  for (const MovementSurface& s : m.surfaces) {
    ContactSurface surface;
    surface.name = s.name;
    surface.p_W = {find_value(m, s.x_m), find_value(m, s.y_m), find_value(m, s.z_m)};
    surface.half_size1 = find_value(m, s.length_m) / 2, surface.half_size2 = find_value(m, s.width_m) / 2;
    solved.contacts.surfaces.push_back(surface);
  }
  // every group that may carry load, on the floor and on every surface that it is placed on
  for (std::size_t p = 0; p < body_contacts.points.size(); ++p) {
    const std::string& group = body_contacts.points[p].group;
    if (std::find(m.contacts.begin(), m.contacts.end(), group) == m.contacts.end()) continue;
    for (std::size_t s = 0; s < solved.contacts.surfaces.size(); ++s) {
      bool used = s == 0;
      for (const Keyframe& k : m.keyframes)
        for (const Placement& place : k.place)
          used = used || (place.group == group && place.surface == solved.contacts.surfaces[s].name);
      if (!used) continue;
      ContactPoint point = body_contacts.points[p];
      point.surface = static_cast<int>(s);
      if (s > 0) point.name += "_" + solved.contacts.surfaces[s].name;
      solved.contacts.points.push_back(point);
    }
  }

  // keyframes, one after the other, each from the one before
  PoseSolver solver(model, body_contacts, m);
  std::vector<double> q;
  for (const Coordinate& c : model.coordinates) q.push_back(c.default_value);
  std::vector<std::vector<double>> key_q;
  std::vector<PoseGoal> goals;
  for (std::size_t k = 0; k < m.keyframes.size(); ++k) {
    PoseGoal goal = make_goal(model, m, body_contacts, m.keyframes[k], q, k ? &solver : nullptr);
    // step by step towards what is asked for, so that the body does not get there the wrong way round
    constexpr int kSteps = 40;
    const std::vector<double> from = q;
    const PoseGoal whole = goal;
    PoseGoal now = goal;
    measure_goal(solver, from, now);
    for (int step = 1; step <= kSteps; ++step) {
      for (std::size_t c = 0; c < q.size(); ++c) goal.target[c] = from[c] + (whole.target[c] - from[c]) * step / kSteps;
      for (std::size_t c = 0; c < q.size(); ++c)
        if (goal.sigma[c] > 0 && goal.sigma[c] <= kUnaskedAngle) q[c] = goal.target[c];
      blend_goals(now, whole, static_cast<double>(step) / kSteps, goal);
      solver.solve(goal, q);
    }
    check_reach(model, m, m.keyframes[k], goal, solver, q, body_contacts.ramps, solved.worst_distance, diagnostics);
    key_q.push_back(q);
    goals.push_back(std::move(goal));
  }
  if (count_errors() > errors_before) return std::nullopt;

  // frames between them; what both ends place alike stays in place
  Table table;
  table.in_degrees = false;
  for (const Coordinate& c : model.coordinates) table.columns.push_back(c.name);
  const auto add_frame = [&](double at_time, const std::vector<double>& at) {
    table.time.push_back(at_time);
    table.values.insert(table.values.end(), at.begin(), at.end());
  };
  double time = 0;
  add_frame(0, key_q[0]);
  for (std::size_t k = 1; k < m.keyframes.size(); ++k) {
    const double duration = find_value(m, m.keyframes[k].duration_s);
    const int steps = std::max(2, static_cast<int>(std::lround(duration * kFramesPerSecond)));
    // what stays: groups placed alike at both ends
    PoseGoal goal = goals[k];
    goal.places.clear();
    for (std::size_t i = 0; i < m.keyframes[k].place.size(); ++i)
      for (std::size_t j = 0; j < m.keyframes[k - 1].place.size(); ++j) {
        const Placement &a = m.keyframes[k - 1].place[j], &b = m.keyframes[k].place[i];
        if (a.group != b.group || a.surface != b.surface) continue;
        PlacedGroup held = goals[k].places[i];
        std::vector<double> start = key_q[k - 1];
        solver.place(start);
        const Vec3d p = solver.find_middle(held.points);
        // set down somewhere else: it goes through the air
        if ((held.has_x && std::abs(held.x - p.x) > 0.01) || (held.has_z && std::abs(held.z - p.z) > 0.01)) continue;
        held.has_yaw = held.has_yaw && goals[k - 1].places[j].has_yaw;
        goal.places.push_back(held);
      }
    if (m.keyframes[k].balance != m.keyframes[k - 1].balance) goal.balance.clear();
    // along the way the curve is followed as firmly as its ends were
    for (std::size_t c = 0; c < q.size(); ++c)
      if (goal.sigma[c] == kFreeRoot) goal.sigma[c] = kFreeAngle;
    PoseGoal at_start = goal, at_end = goal;
    measure_goal(solver, key_q[k - 1], at_start);
    measure_goal(solver, key_q[k], at_end);
    q = key_q[k - 1];
    for (int i = 1; i <= steps; ++i) {
      const double s = calc_minimum_jerk(static_cast<double>(i) / steps);
      // on from the frame before, so that the body stays on the same way
      const std::vector<double> target_before = i > 1 ? goal.target : key_q[k - 1];
      for (std::size_t c = 0; c < q.size(); ++c) goal.target[c] = key_q[k - 1][c] + s * (key_q[k][c] - key_q[k - 1][c]);
      blend_goals(at_start, at_end, s, goal);
      for (std::size_t c = 0; c < q.size(); ++c) q[c] += goal.target[c] - target_before[c];
      if (i < steps)
        solver.solve(goal, q);
      else
        q = key_q[k];
      add_frame(time + duration * i / steps, q);
    }
    time += duration;
  }
  if (m.reversed) {
    const std::vector<double> forward = table.values;
    const std::size_t n = q.size(), rows = table.time.size();
    for (std::size_t f = 0; f < rows; ++f)
      std::copy_n(forward.begin() + static_cast<std::ptrdiff_t>((rows - 1 - f) * n), n,
                  table.values.begin() + static_cast<std::ptrdiff_t>(f * n));
    const double end = table.time.back();
    std::vector<double> backward;
    for (std::size_t f = rows; f-- > 0;) backward.push_back(end - table.time[f]);
    table.time = backward;
  }
  if (table.time.size() == 1) {
    // a posture at rest
    solved.motion.time = {0};
    solved.motion.q = table.values;
    solved.motion.qd.assign(table.values.size(), 0.0);
    solved.motion.qdd.assign(table.values.size(), 0.0);
    return solved;
  }
  Diagnostics notes;
  auto motion = make_trajectory(model, table, m.file, {}, notes);
  if (!motion) {
    diagnostics.error("MOVE-002", m.file, 0, "the keyframes make no smooth curve", "Give every duration_s above 0.1.");
    return std::nullopt;
  }
  solved.motion = std::move(*motion);
  return solved;
}

double calc_distance_outside_support(const Model& model, const SolvedMovement& solved, std::size_t frame,
                                     const std::vector<Wrench<double>>& loads) {
  const std::size_t n = model.coordinates.size();
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, &solved.motion.q[frame * n], kin);
  update_accelerations(model, &solved.motion.qd[frame * n], &solved.motion.qdd[frame * n], kin);
  std::vector<Wrench<double>> joint(model.bodies.size());
  calc_joint_wrenches(model, kin, loads.data(), joint.data());
  // what the ground must give, and where on the floor: M = r x F
  const Wrench<double>& root = joint[0];
  if (root.force.y < 1) return 0;
  const double x = root.moment.z / root.force.y, z = -root.moment.x / root.force.y;

  // convex hull of the touching points seen from above (Andrew's monotone chain)
  std::vector<std::pair<double, double>> points;
  const ContactRamps& ramps = solved.contacts.ramps;
  for (const ContactPoint& p : solved.contacts.points) {
    const std::size_t b = static_cast<std::size_t>(p.body);
    const Vec3d arm = kin.X_WB[b].R * p.p_B, at = kin.X_WB[b].p + arm;
    const Vec3d v = kin.v_WB_W[b] + cross(kin.w_WB_W[b], arm);
    // points that have at least half their strength
    const ContactSurface& surface = solved.contacts.surfaces[static_cast<std::size_t>(p.surface)];
    const Vec3d from = at - surface.p_W;
    const double height = dot(from, surface.normal_W);
    if (std::abs(dot(from, surface.tangent1_W)) > surface.half_size1 ||
        std::abs(dot(from, surface.tangent2_W)) > surface.half_size2 ||
        calc_contact_ramp(height, ramps.height_limit) * calc_contact_ramp(-height, ramps.depth_limit) *
                calc_contact_ramp(norm(v), ramps.speed_limit) <
            0.5)
      continue;
    points.emplace_back(at.x, at.z);
  }
  std::sort(points.begin(), points.end());
  std::vector<std::pair<double, double>> hull;
  const auto turn = [](const auto& a, const auto& b, const auto& c) {
    return (b.first - a.first) * (c.second - a.second) - (b.second - a.second) * (c.first - a.first);
  };
  for (int pass = 0; pass < 2; ++pass) {
    const std::size_t base = hull.size();
    for (const auto& p : points) {
      while (hull.size() >= base + 2 && turn(hull[hull.size() - 2], hull.back(), p) <= 0) hull.pop_back();
      hull.push_back(p);
    }
    if (!hull.empty()) hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  if (hull.empty()) return 1e9;
  bool inside = hull.size() > 2;
  double distance = 1e9;
  for (std::size_t i = 0; i < hull.size(); ++i) {
    const auto &a = hull[i], &b = hull[(i + 1) % hull.size()];
    inside = inside && turn(a, b, std::pair{x, z}) >= 0;
    const double ux = b.first - a.first, uz = b.second - a.second, length2 = ux * ux + uz * uz;
    const double t = length2 > 0 ? std::clamp(((x - a.first) * ux + (z - a.second) * uz) / length2, 0.0, 1.0) : 0;
    distance = std::min(distance, std::hypot(a.first + t * ux - x, a.second + t * uz - z));
  }
  return inside ? 0 : distance;
}

}  // namespace buttress
