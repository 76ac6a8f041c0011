#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "movement/movement_cycle_fit.h"
#include "multibody/kinematics.h"

namespace buttress {

namespace {

constexpr int kFramesPerCycle = 100;

std::vector<PlantedPoint> find_planted(const MovementSpec& m, const ContactSet& contacts, Diagnostics& diagnostics) {
  std::vector<PlantedPoint> planted;
  for (const PlantedPoints& given : m.cycle->planted) {
    const double from = find_value(m, given.from_percent) / 100, to = find_value(m, given.to_percent) / 100;
    if (!(from >= 0 && to <= 1 && to >= from + 0.1))
      diagnostics.error("MOVE-002", m.file, 0,
                        fmt::format("'{}' is planted from {:.0f} to {:.0f} percent of the cycle", given.points[0],
                                    100 * from, 100 * to),
                        "Plant it for 10 percent or more within 0 to 100.");
    for (const std::string& name : given.points) {
      const auto at = std::find_if(contacts.points.begin(), contacts.points.end(),
                                   [&](const ContactPoint& p) { return p.name == name + "_r"; });
      if (at == contacts.points.end()) {
        diagnostics.error("MOVE-004", m.file, 0, "the body has no contact point '" + name + "_r'",
                          "data/models/buttress_contacts.csv lists them; leave _r out.");
        continue;
      }
      planted.push_back({static_cast<int>(at - contacts.points.begin()), from, to, 0, 0});
    }
  }
  return planted;
}

PressureGoal find_pressure(const MovementSpec& m, const ContactSet& contacts, const std::vector<PlantedPoint>& planted,
                           Diagnostics& diagnostics) {
  PressureGoal goal;
  if (!m.cycle->pressure) return goal;
  goal.sure = m.cycle->pressure->sure_m;
  for (const auto& [percent, share] : m.cycle->pressure->course) goal.course.emplace_back(percent / 100, share / 100);
  const auto find = [&](const std::string& name) {
    const auto at = std::find_if(planted.begin(), planted.end(), [&](const PlantedPoint& p) {
      return contacts.points[static_cast<std::size_t>(p.point)].name == name + "_r";
    });
    if (at == planted.end())
      diagnostics.error("MOVE-004", m.file, 0, "the pressure's course names '" + name + "', which is never planted",
                        "Name one of the planted points.");
    return static_cast<std::size_t>(at - planted.begin());
  };
  goal.back = find(m.cycle->pressure->back), goal.front = find(m.cycle->pressure->front);
  return goal;
}

/// starts with the lowest planted point on the ground and the places where the points are
void start_fit(CycleFit& fit) {
  const std::size_t n = fit.model->coordinates.size();
  std::vector<double> q(n), dq(n), ddq(n);
  Kinematics<double> kin = make_kinematics<double>(*fit.model);
  const auto find_at = [&](double phase, const PlantedPoint& p) {
    calc_cycle_coordinates(fit.cycle, phase, q.data(), dq.data(), ddq.data());
    update_positions(*fit.model, q.data(), kin);
    const ContactPoint& point = fit.contacts->points[static_cast<std::size_t>(p.point)];
    return kin.X_WB[static_cast<std::size_t>(point.body)] * point.p_B;
  };
  // how far the root passes over the planted points: the way that is walked
  if (fit.advance_is_free) {
    fit.cycle.advance = 0;
    double way = 0, time = 0;
    for (const PlantedPoint& p : fit.planted) {
      way += find_at(p.from + 0.03, p).x - find_at(p.to - 0.03, p).x;
      time += p.to - p.from - 0.06;
    }
    fit.cycle.advance = std::max(0.1, way / std::max(time, 0.01));
  }
  double height = 0, weight = 0;
  for (PlantedPoint& p : fit.planted) {
    const Vec3d at = find_at(0.5 * (p.from + p.to), p);
    p.x = at.x, p.z = at.z;
    height += at.y * (p.to - p.from), weight += p.to - p.from;
  }
  for (CycleCurve& c : fit.cycle.curves)
    if (c.right == fit.cycle.up) c.change[0] -= height / weight;
}

/// Level ground, or one step for each foothold of the cycle: left, right, left, right. A foot stands in the middle of
/// its step.
ContactSet make_contacts(const CycleFit& fit, const MovementSpec& m) {
  ContactSet contacts;
  contacts.ramps = fit.contacts->ramps;
  const bool is_level = fit.cycle.rise == 0;
  contacts.surfaces = {make_floor(is_level ? 0 : -std::abs(fit.cycle.rise))};
  double front = -1e9, back = 1e9;
  for (const PlantedPoint& p : fit.planted) front = std::max(front, p.x), back = std::min(back, p.x);
  for (int step = -1; !is_level && step <= 2; ++step) {
    ContactSurface surface;
    surface.name = fmt::format("step {}", step + 2);
    surface.p_W = {0.5 * (front + back) + 0.5 * step * fit.cycle.advance, 0.5 * step * fit.cycle.rise, 0};
    surface.half_size1 = std::max(0.25 * fit.cycle.advance, 0.5 * (front - back) + 0.005), surface.half_size2 = 0.4;
    contacts.surfaces.push_back(surface);
  }
  for (const ContactPoint& given : fit.contacts->points) {
    if (std::find(m.contacts.begin(), m.contacts.end(), given.group) == m.contacts.end()) continue;
    ContactPoint point = given;
    point.surface = 0;
    if (is_level) contacts.points.push_back(point);
    const bool is_left = given.name.size() > 2 && given.name.substr(given.name.size() - 2) == "_l";
    for (int step = is_left ? -1 : 0; !is_level && step <= 2; step += 2) {
      point.surface = step + 2;
      point.name = given.name + "_" + contacts.surfaces[static_cast<std::size_t>(step + 2)].name;
      contacts.points.push_back(point);
    }
  }
  return contacts;
}

CoordinateTrajectory make_frames(const CycleFit& fit) {
  CoordinateTrajectory motion;
  const std::size_t n = fit.model->coordinates.size();
  const double period = fit.cycle.find_period();
  std::vector<double> q(n), dq(n), ddq(n);
  for (int f = 0; f <= kFramesPerCycle; ++f) {
    const double phase = static_cast<double>(f) / kFramesPerCycle;
    calc_cycle_coordinates(fit.cycle, phase, q.data(), dq.data(), ddq.data());
    motion.time.push_back(phase * period);
    for (std::size_t c = 0; c < n; ++c) {
      motion.q.push_back(q[c]);
      motion.qd.push_back(dq[c] / period);
      motion.qdd.push_back(ddq[c] / (period * period));
    }
  }
  apply_couplers(*fit.model, motion);
  return motion;
}

/// moments to look at: when feet land and leave, and in between
std::vector<SolvedPhase> find_phases(const CycleFit& fit) {
  double first = 1, last = 0;
  for (const PlantedPoint& p : fit.planted) first = std::min(first, p.from), last = std::max(last, p.to);
  const auto frame = [](double phase) { return static_cast<std::size_t>(std::lround(phase * kFramesPerCycle)); };
  std::vector<SolvedPhase> phases = {{"right foot lands", frame(first)}};
  if (last > 0.5 + first) phases.push_back({"left foot leaves", frame(last - 0.5)});
  phases.push_back({"on the right leg", frame(0.5 * (std::max(first, last - 0.5) + std::min(last, 0.5)))});
  phases.push_back({"left foot lands", frame(first + 0.5)});
  if (last > 0.5 + first) phases.push_back({"right foot leaves", frame(last)});
  return phases;
}

/// how far and how fast planted points leave their places
struct Slip {
  double distance = 0, speed = 0;  ///< m, m/s
};
Slip measure_slip(const CycleFit& fit, const CoordinateTrajectory& motion) {
  Slip slip;
  const std::size_t n = fit.model->coordinates.size();
  Kinematics<double> kin = make_kinematics<double>(*fit.model);
  for (std::size_t f = 0; f < motion.frame_count(); ++f) {
    update_positions(*fit.model, &motion.q[f * n], kin);
    update_accelerations(*fit.model, &motion.qd[f * n], &motion.qdd[f * n], kin);
    for (const PlantedPoint& p : fit.planted) {
      if (calc_planted_weight(p, static_cast<double>(f) / kFramesPerCycle) < 1) continue;
      const ContactPoint& point = fit.contacts->points[static_cast<std::size_t>(p.point)];
      const std::size_t b = static_cast<std::size_t>(point.body);
      const Vec3d arm = kin.X_WB[b].R * point.p_B, at = kin.X_WB[b].p + arm;
      slip.distance = std::max(slip.distance, norm(at - Vec3d{p.x, 0, p.z}));
      slip.speed = std::max(slip.speed, norm(kin.v_WB_W[b] + cross(kin.w_WB_W[b], arm)));
    }
  }
  return slip;
}

/// largest change of a curve over the cycle
double find_change(const CycleCurve& curve) {
  double largest = 0;
  for (int f = 0; f < kFramesPerCycle; ++f) {
    const std::vector<CycleValue> basis = calc_cycle_basis(curve, static_cast<double>(f) / kFramesPerCycle);
    double sum = 0;
    for (std::size_t i = 0; i < basis.size(); ++i) sum += curve.change[i] * basis[i].f;
    largest = std::max(largest, std::abs(sum));
  }
  return largest;
}

void check_cycle(const CycleFit& fit, const MovementSpec& m, const CoordinateTrajectory& motion, const Slip& slip,
                 Diagnostics& diagnostics) {
  if (slip.distance > 0.8 * fit.contacts->ramps.height_limit)
    diagnostics.error("MOVE-007", m.file, 0,
                      fmt::format("a planted point strays {:.0f} mm from its place", 1000 * slip.distance),
                      "The curves do not keep the feet on the ground: check their signs, and when points are planted.");
  for (const CycleCurve& curve : fit.cycle.curves) {
    const Coordinate& c = fit.model->coordinates[static_cast<std::size_t>(curve.right)];
    if (c.motion_type != MotionType::rotational) continue;
    if (const double change = find_change(curve); change > 5 * curve.sure)
      diagnostics.error("MOVE-007", m.file, 0,
                        fmt::format("{} had to be changed by {:.0f} degrees", curve.name, change / kDegree),
                        "Contact, balance or the joint's range do not allow the curve.");
    double beyond = 0;
    for (std::size_t f = 0; f < motion.frame_count(); ++f) {
      const double q = motion.q[f * fit.cycle.rest.size() + static_cast<std::size_t>(curve.right)];
      beyond = std::max({beyond, q - c.range_max, c.range_min - q});
    }
    if (beyond > 2 * kDegree)
      diagnostics.error("MOVE-008", m.file, 0,
                        fmt::format("{} goes {:.0f} degrees beyond its range", curve.name, beyond / kDegree),
                        "Stay within what the joint can do.");
  }
}

std::string describe_fit(const CycleFit& fit, const Slip& slip) {
  const double period = fit.cycle.find_period();
  std::string text = fmt::format(
      "One cycle of {:.2f} s, {:.2f} m forward, {:.2f} m/s. Planted points stay within {:.1f} mm and {:.2f} m/s. "
      "Curves "
      "changed for contact and balance by up to",
      period, fit.cycle.advance, fit.cycle.advance / period, 1000 * slip.distance, slip.speed);
  for (const CycleCurve& curve : fit.cycle.curves)
    if (fit.model->coordinates[static_cast<std::size_t>(curve.right)].motion_type == MotionType::rotational)
      text += fmt::format("{} {} {:.1f}", text.back() == 'o' ? "" : ",", curve.name, find_change(curve) / kDegree);
  return text + " degrees.";
}

}  // namespace

std::optional<SolvedMovement> solve_cycle(const Model& model, const MovementSpec& m, const ContactSet& body_contacts,
                                          Diagnostics& diagnostics) {
  Diagnostics own;
  CycleFit fit{&model,
               &body_contacts,
               make_cycle(model, m, own),
               find_planted(m, body_contacts, own),
               !m.cycle->advance_m.has_value(),
               {}};
  fit.pressure = find_pressure(m, body_contacts, fit.planted, own);
  SolvedMovement solved;
  if (!own.has_errors()) {
    start_fit(fit);
    fit_cycle(fit);
    solved.motion = make_frames(fit);
    solved.contacts = make_contacts(fit, m);
    solved.phases = find_phases(fit);
    const Slip slip = measure_slip(fit, solved.motion);
    solved.worst_distance = slip.distance;
    solved.remark = describe_fit(fit, slip);
    check_cycle(fit, m, solved.motion, slip, own);
  }
  for (const Diagnostic& d : own.items()) diagnostics.add(d);
  if (own.has_errors()) return std::nullopt;
  return solved;
}

}  // namespace buttress
