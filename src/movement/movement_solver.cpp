#include "movement/movement_solver.h"

#include <algorithm>
#include <cmath>

#include "base/table.h"
#include "movement/movement_cycle.h"
#include "movement/movement_goal.h"

namespace buttress {

namespace {

constexpr double kFramesPerSecond = 50;

/// minimum-jerk curve from 0 to 1
double calc_minimum_jerk(double s) {
  return s * s * s * (10 + s * (6 * s - 15));
}

/// every group that may carry load, on the floor and on every surface that it is placed on or may touch
ContactSet make_contacts(const MovementSpec& m, const ContactSet& body_contacts) {
  ContactSet contacts;
  contacts.ramps = body_contacts.ramps;
  contacts.surfaces = {make_floor()};
  for (const MovementSurface& s : m.surfaces) contacts.surfaces.push_back(make_surface(m, s));
  for (std::size_t p = 0; p < body_contacts.points.size(); ++p) {
    const std::string& group = body_contacts.points[p].group;
    const auto is_listed = [&](const std::string& words) {
      return std::find(m.contacts.begin(), m.contacts.end(), words) != m.contacts.end();
    };
    for (std::size_t s = 0; s < contacts.surfaces.size(); ++s) {
      const std::string& surface = contacts.surfaces[s].name;
      bool placed = s == 0;
      for (const Keyframe& k : m.keyframes)
        for (const Placement& place : k.place) placed = placed || (place.group == group && place.surface == surface);
      if (!(placed && is_listed(group)) && !is_listed(group + " on " + surface)) continue;
      ContactPoint point = body_contacts.points[p];
      point.surface = static_cast<int>(s);
      if (s > 0) point.name += "_" + contacts.surfaces[s].name;
      contacts.points.push_back(point);
    }
  }
  return contacts;
}

/// coordinates and goals [keyframes]
struct SolvedKeyframes {
  std::vector<std::vector<double>> q;
  std::vector<PoseGoal> goals;
};

/// squared misses in units of their sigma below which a posture is as it was asked for
constexpr double kGoodPose = 25;

/// From the pose `from` step by step towards the goal, so that the body does not get there the wrong way round; the
/// pose in q. Returns the squared misses that are left.
double approach_goal(PoseSolver& solver, const std::vector<double>& from, const PoseGoal& whole,
                     std::vector<double>& q) {
  constexpr int kSteps = 40;
  PoseGoal goal = whole, now = whole;
  q = from;
  measure_goal(solver, from, now);
  for (int step = 1; step <= kSteps; ++step) {
    for (std::size_t c = 0; c < q.size(); ++c) goal.target[c] = from[c] + (whole.target[c] - from[c]) * step / kSteps;
    // what is free and given starts its search from the given
    for (std::size_t c = 0; c < q.size(); ++c)
      if (goal.sigma[c] > 0)
        q[c] = goal.sigma[c] <= kUnaskedAngle ? goal.target[c] : q[c] + (whole.target[c] - from[c]) / kSteps;
    blend_goals(now, whole, static_cast<double>(step) / kSteps, goal);
    // on the way roughly
    solver.solve(goal, q, step < kSteps ? 1e-4 : 1e-9);
  }
  return solver.calc_residual(whole, q).squaredNorm();
}

/// the postures of the keyframes; MOVE-007 and MOVE-008 for what could not be had
SolvedKeyframes solve_keyframes(const Model& model, const MovementSpec& m, const ContactSet& body_contacts,
                                PoseSolver& solver, double& worst_distance, Diagnostics& diagnostics) {
  // keyframes, one after the other, each from the one before
  std::vector<double> q;
  for (const Coordinate& c : model.coordinates) q.push_back(c.default_value);
  SolvedKeyframes keys;
  for (std::size_t k = 0; k < m.keyframes.size(); ++k) {
    PoseGoal goal = make_goal(model, m, body_contacts, m.keyframes[k], q, k ? &solver : nullptr);
    const std::vector<double> from = q;
    const double miss = approach_goal(solver, from, goal, q);
    if (k == 0 && miss > kGoodPose) {
      // far from standing: begin with the angles that are asked for, touching nothing
      std::vector<double> there = from, found = from;
      for (std::size_t c = 0; c < there.size(); ++c)
        if (goal.sigma[c] > 0 && goal.sigma[c] < kFreeRoot) there[c] = goal.target[c];
      if (approach_goal(solver, there, goal, found) < miss) q = found;
      solver.place(q);
    }
    check_reach(model, m, m.keyframes[k], goal, solver, q, body_contacts.ramps, worst_distance, diagnostics);
    keys.q.push_back(q);
    keys.goals.push_back(std::move(goal));
  }
  return keys;
}

/// the goal on the way from keyframe k - 1 to k: what both ends place alike stays
PoseGoal make_way_goal(const Model& model, const MovementSpec& m, const SolvedKeyframes& keys, std::size_t k,
                       PoseSolver& solver) {
  PoseGoal goal = keys.goals[k];
  goal.places.clear();
  for (std::size_t i = 0; i < m.keyframes[k].place.size(); ++i)
    for (std::size_t j = 0; j < m.keyframes[k - 1].place.size(); ++j) {
      const Placement &a = m.keyframes[k - 1].place[j], &b = m.keyframes[k].place[i];
      if (a.group != b.group || a.surface != b.surface) continue;
      PlacedGroup held = keys.goals[k].places[i];
      std::vector<double> start = keys.q[k - 1];
      solver.place(start);
      const Vec3d p = solver.find_middle(held.points);
      // set down somewhere else: it goes through the air
      if (std::any_of(held.held_along.begin(), held.held_along.end(),
                      [&](const Vec3d& along) { return std::abs(dot(held.middle - p, along)) > 0.01; }))
        continue;
      held.has_yaw = held.has_yaw && keys.goals[k - 1].places[j].has_yaw;
      goal.places.push_back(held);
    }
  if (m.keyframes[k].balance != m.keyframes[k - 1].balance) goal.balance.clear();
  // along the way the curve is followed as firmly as its ends were; slides in lengths of the body, so that people of
  // all sizes move alike
  for (std::size_t c = 0; c < goal.sigma.size(); ++c)
    if (goal.sigma[c] == kFreeRoot)
      goal.sigma[c] =
          kFreeAngle * (model.coordinates[c].motion_type != MotionType::rotational ? solver.body_length() : 1);
  return goal;
}

/// all frames: along minimum-jerk curves from keyframe to keyframe
Table make_frames(const Model& model, const MovementSpec& m, const SolvedKeyframes& keys, PoseSolver& solver,
                  std::vector<SolvedPhase>& phases) {
  Table table;
  table.in_degrees = false;
  table.degrees_stated = true;
  for (const Coordinate& c : model.coordinates) table.columns.push_back(c.name);
  const auto add_frame = [&](double at_time, const std::vector<double>& at) {
    table.time.push_back(at_time);
    table.values.insert(table.values.end(), at.begin(), at.end());
  };
  double time = 0;
  add_frame(0, keys.q[0]);
  phases = {{m.keyframes[0].name, 0}};
  for (std::size_t k = 1; k < m.keyframes.size(); ++k) {
    const double duration = find_value(m, m.keyframes[k].duration_s);
    const int steps = std::max(2, static_cast<int>(std::lround(duration * kFramesPerSecond)));
    PoseGoal goal = make_way_goal(model, m, keys, k, solver);
    PoseGoal at_start = goal, at_end = goal;
    measure_goal(solver, keys.q[k - 1], at_start);
    measure_goal(solver, keys.q[k], at_end);
    std::vector<double> q = keys.q[k - 1];
    for (int i = 1; i <= steps; ++i) {
      const double s = calc_minimum_jerk(static_cast<double>(i) / steps);
      // on from the frame before, so that the body stays on the same way
      const std::vector<double> target_before = i > 1 ? goal.target : keys.q[k - 1];
      for (std::size_t c = 0; c < q.size(); ++c)
        goal.target[c] = keys.q[k - 1][c] + s * (keys.q[k][c] - keys.q[k - 1][c]);
      blend_goals(at_start, at_end, s, goal);
      for (std::size_t c = 0; c < q.size(); ++c) q[c] += goal.target[c] - target_before[c];
      if (i < steps)
        solver.solve(goal, q);
      else
        q = keys.q[k];
      add_frame(time + duration * i / steps, q);
    }
    time += duration;
    phases.push_back({m.keyframes[k].name, table.time.size() - 1});
  }
  return table;
}

/// the same frames run through from the last to the first
void reverse_frames(Table& table) {
  const std::vector<double> forward = table.values;
  const std::size_t n = table.columns.size(), rows = table.time.size();
  for (std::size_t f = 0; f < rows; ++f)
    std::copy_n(forward.begin() + static_cast<std::ptrdiff_t>((rows - 1 - f) * n), n,
                table.values.begin() + static_cast<std::ptrdiff_t>(f * n));
  const double end = table.time.back();
  std::vector<double> backward;
  for (std::size_t f = rows; f-- > 0;) backward.push_back(end - table.time[f]);
  table.time = backward;
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
  check_numbers(m, diagnostics);
  if (count_errors() > errors_before) return std::nullopt;

  if (m.cycle) return solve_cycle(model, m, body_contacts, diagnostics);

  SolvedMovement solved;
  solved.contacts = make_contacts(m, body_contacts);
  PoseSolver solver(model, body_contacts, m);
  const SolvedKeyframes keys = solve_keyframes(model, m, body_contacts, solver, solved.worst_distance, diagnostics);
  if (count_errors() > errors_before) return std::nullopt;
  Table table = make_frames(model, m, keys, solver, solved.phases);
  if (m.reversed) {
    reverse_frames(table);
    for (SolvedPhase& phase : solved.phases) phase.frame = table.time.size() - 1 - phase.frame;
    std::reverse(solved.phases.begin(), solved.phases.end());
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
}  // namespace buttress
