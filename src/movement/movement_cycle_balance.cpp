#include <algorithm>
#include <cmath>
#include <numbers>

#include "movement/movement_cycle_rows.h"
#include "multibody/inverse_dynamics.h"

namespace buttress {

namespace {

constexpr double kSurePressure = 0.002, kSureMiddle = 0.04;

/// places of the planted points at a phase of the first half of the cycle, those of the left side too, seen from above
std::vector<Vec3d> find_support(const CycleFit& fit, double phase) {
  std::vector<Vec3d> support;
  const auto carries = [](const PlantedPoint& p, double at) { return at >= p.from + 0.01 && at <= p.to - 0.01; };
  for (const PlantedPoint& p : fit.planted) {
    if (carries(p, phase)) support.push_back({p.x, 0, p.z});
    if (carries(p, phase + 0.5)) support.push_back({p.x - 0.5 * fit.cycle.advance, -0.5 * fit.cycle.rise, -p.z});
  }
  return support;
}

/// From the support, drawn together to nine tenths, to a point outside it, seen from above; zero inside. The nearest
/// of the hull's points is the nearest of all segments between points.
Vec3d calc_way_out(std::vector<Vec3d> support, const Vec3d& at) {
  Vec3d middle{0, 0, 0};
  for (const Vec3d& p : support) middle += (1.0 / static_cast<double>(support.size())) * p;
  for (Vec3d& p : support) p = middle + 0.9 * (p - middle);
  // inside if no direction from `at` has all points on one side: the largest gap between directions is below 180
  // degrees
  std::vector<double> directions;
  directions.reserve(support.size());
  for (const Vec3d& p : support) directions.push_back(std::atan2(p.z - at.z, p.x - at.x));
  std::sort(directions.begin(), directions.end());
  double gap = directions.front() + 2 * std::numbers::pi - directions.back();
  for (std::size_t i = 1; i < directions.size(); ++i) gap = std::max(gap, directions[i] - directions[i - 1]);
  if (gap < std::numbers::pi) return {0, 0, 0};
  Vec3d nearest = {at.x - support[0].x, 0, at.z - support[0].z};
  for (std::size_t i = 0; i < support.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const double ux = support[j].x - support[i].x, uz = support[j].z - support[i].z, length2 = ux * ux + uz * uz;
      if (length2 < 1e-12) continue;
      const double t = std::clamp(((at.x - support[i].x) * ux + (at.z - support[i].z) * uz) / length2, 0.0, 1.0);
      const Vec3d out{at.x - support[i].x - t * ux, 0, at.z - support[i].z - t * uz};
      if (dot(out, out) < dot(nearest, nearest)) nearest = out;
    }
  return nearest;
}

/// what the ground would have to do, seen from above
struct GroundForce {
  Vec3d center{0, 0, 0};  ///< where it would have to act, m
  Vec3d aside{0, 0, 0};   ///< how far beside the mass centre its line passes, measured along the ground, m
};

/// at a height
GroundForce calc_ground_force(const CycleFit& fit, CycleFrame& frame, double height) {
  const double rate = 1 / fit.cycle.find_period();
  frame.motion.q = frame.q;
  for (std::size_t c = 0; c < frame.q.size(); ++c)
    frame.motion.qd[c] = rate * frame.dq[c], frame.motion.qdd[c] = rate * rate * frame.ddq[c];
  apply_couplers(*fit.model, frame.motion);
  update_positions(*fit.model, frame.motion.q.data(), frame.kin);
  update_accelerations(*fit.model, frame.motion.qd.data(), frame.motion.qdd.data(), frame.kin);
  std::vector<Wrench<double>> joint(fit.model->bodies.size());
  calc_joint_wrenches<double>(*fit.model, frame.kin, nullptr, joint.data());
  // M = r x F with r in the plane y = height
  const Wrench<double>& root = joint[0];
  const double up = std::max(root.force.y, 0.1 * fit.model->total_mass * 9.8);
  const Vec3d center{(root.moment.z + height * root.force.x) / up, height,
                     (height * root.force.z - root.moment.x) / up};
  const Vec3d mass_center = calc_mass_center(*fit.model, frame.kin);
  const double share = (mass_center.y - height) / up;
  return {center,
          {center.x - mass_center.x + share * root.force.x, 0, center.z - mass_center.z + share * root.force.z}};
}

/// where the pressure centre should be, and how sure that is along x: on its course, or else in the middle
double find_pressure_goal(const CycleFit& fit, double phase, Vec3d& goal) {
  const auto& course = fit.pressure.course;
  if (course.empty() || phase < course.front().first || phase > course.back().first) return kSureMiddle;
  std::size_t k = 1;
  while (k + 1 < course.size() && course[k].first < phase) ++k;
  const double t = (phase - course[k - 1].first) / (course[k].first - course[k - 1].first);
  const double share = course[k - 1].second + t * (course[k].second - course[k - 1].second);
  const double back = fit.planted[fit.pressure.back].x, front = fit.planted[fit.pressure.front].x;
  goal.x = back + share * (front - back);
  return fit.pressure.sure;
}

}  // namespace

void add_balance_rows(const CycleFit& fit, const CycleLayout& at, double phase, bool with_slopes, CycleFrame& frame,
                      std::vector<CycleRow>& rows) {
  const std::vector<Vec3d> support = find_support(fit, phase);
  if (support.empty()) return;
  Vec3d middle{0, 0, 0};
  for (const Vec3d& p : support) middle += (1.0 / static_cast<double>(support.size())) * p;
  place_frame(fit, phase, frame);
  const GroundForce ground = calc_ground_force(fit, frame, middle.y);
  const Vec3d center = ground.center, out = calc_way_out(support, center);
  const double mean = std::sqrt(2.0 / kFitFrames), length = std::sqrt(dot(out, out));
  Vec3d goal = middle;
  const double sure = find_pressure_goal(fit, phase, goal);
  const std::size_t first = rows.size();
  rows.push_back({mean / sure * (center.x - goal.x), {}});
  rows.push_back({mean / kSureMiddle * (center.z - goal.z), {}});
  rows.push_back({mean / kSurePressure * length, {}});
  rows.push_back({mean / kSureTurn * ground.aside.x, {}});
  rows.push_back({mean / kSureTurn * ground.aside.z, {}});
  if (!with_slopes) return;
  // the support moves little: only the centre's slopes count; the way out grows along its own direction
  const Vec3d n = length > 0 ? (1 / length) * out : Vec3d{0, 0, 0};
  for (std::size_t c = 0; c < fit.cycle.curves.size(); ++c) {
    const CycleCurve& curve = fit.cycle.curves[c];
    for (int side = 0; side < (curve.left >= 0 ? 2 : 1); ++side) {
      const std::size_t moved = static_cast<std::size_t>(side == 0 ? curve.right : curve.left);
      Vec3d slope[3], turn[3];
      std::vector<double>* part[3] = {&frame.q, &frame.dq, &frame.ddq};
      for (int d = 0; d < 3; ++d) {
        double& value = (*part[d])[moved];
        const double kept = value, step = 1e-5;
        value += step;
        const GroundForce moved_ground = calc_ground_force(fit, frame, middle.y);
        slope[d] = (mean / step) * (moved_ground.center - center);
        turn[d] = (mean / step / kSureTurn) * (moved_ground.aside - ground.aside);
        value = kept;
      }
      const std::vector<CycleValue> basis = calc_cycle_basis(curve, side == 0 ? phase : phase + 0.5);
      const Vec3d x{slope[0].x, slope[1].x, slope[2].x}, z{slope[0].z, slope[1].z, slope[2].z};
      add_slope(at, c, basis, (1 / sure) * x, rows[first]);
      add_slope(at, c, basis, (1 / kSureMiddle) * z, rows[first + 1]);
      add_slope(at, c, basis, (1 / kSurePressure) * (n.x * x + n.z * z), rows[first + 2]);
      add_slope(at, c, basis, {turn[0].x, turn[1].x, turn[2].x}, rows[first + 3]);
      add_slope(at, c, basis, {turn[0].z, turn[1].z, turn[2].z}, rows[first + 4]);
    }
  }
}

}  // namespace buttress
