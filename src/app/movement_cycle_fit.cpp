#include "app/movement_cycle_fit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "multibody/inverse_dynamics.h"

namespace buttress {

namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kSurePlace = 0.002, kSurePressure = 0.002, kSureMiddle = 0.04, kSureRange = 0.5 * kDegree;
constexpr int kFrames = 50;

/// which unknown stands where
struct Layout {
  std::vector<std::size_t> curve;  ///< first of each curve's changes
  std::size_t place = 0, advance = 0, count = 0;
};

Layout make_layout(const CycleFit& fit) {
  Layout at;
  for (const CycleCurve& c : fit.cycle.curves) at.curve.push_back(at.count), at.count += c.change.size();
  at.place = at.count, at.count += 2 * fit.planted.size();
  at.advance = at.count, at.count += fit.advance_is_free;
  return at;
}

Eigen::VectorXd read_unknowns(const CycleFit& fit, const Layout& at) {
  Eigen::VectorXd x(static_cast<Eigen::Index>(at.count));
  Eigen::Index i = 0;
  for (const CycleCurve& c : fit.cycle.curves)
    for (double v : c.change) x[i++] = v;
  for (const PlantedPoint& p : fit.planted) x[i++] = p.x, x[i++] = p.z;
  if (fit.advance_is_free) x[i++] = fit.cycle.advance;
  return x;
}

void write_unknowns(const Eigen::VectorXd& x, CycleFit& fit) {
  Eigen::Index i = 0;
  for (CycleCurve& c : fit.cycle.curves)
    for (double& v : c.change) v = x[i++];
  for (PlantedPoint& p : fit.planted) p.x = x[i++], p.z = x[i++];
  if (fit.advance_is_free) fit.cycle.advance = x[i++];
}

/// one line of the least-squares problem
struct Row {
  double residual = 0;
  std::vector<std::pair<std::size_t, double>> slope;  ///< unknown, derivative
};

/// a frame of the cycle and its kinematics
struct Frame {
  std::vector<double> q, dq, ddq;  ///< [coordinates], without coupled ones
  CoordinateTrajectory motion;     ///< one frame, with them
  Kinematics<double> kin;
};

void place_frame(const CycleFit& fit, double phase, Frame& frame) {
  calc_cycle_coordinates(fit.cycle, phase, frame.q.data(), frame.dq.data(), frame.ddq.data());
}

/// adds d(residual)/d(coordinate) times the basis of its curve
void add_slope(const Layout& at, std::size_t curve, const std::vector<CycleValue>& basis, const Vec3d& by_q_dq_ddq,
               Row& row) {
  for (std::size_t i = 0; i < basis.size(); ++i)
    row.slope.emplace_back(at.curve[curve] + i,
                           by_q_dq_ddq.x * basis[i].f + by_q_dq_ddq.y * basis[i].df + by_q_dq_ddq.z * basis[i].ddf);
}

Vec3d find_point(const CycleFit& fit, const Kinematics<double>& kin, int p) {
  const ContactPoint& point = fit.contacts->points[static_cast<std::size_t>(p)];
  return kin.X_WB[static_cast<std::size_t>(point.body)] * point.p_B;
}

/// planted points stay at their places; those that are not do not sink into level ground
void add_contact_rows(const CycleFit& fit, const Layout& at, double phase, Frame& frame, std::vector<Row>& rows) {
  const double share = std::sqrt(1.0 / kFrames) / kSurePlace;
  std::vector<std::size_t> active;
  std::vector<double> scale;
  std::vector<bool> is_held;
  place_frame(fit, phase, frame);
  update_positions(*fit.model, frame.q.data(), frame.kin);
  std::vector<Vec3d> here;
  for (std::size_t i = 0; i < fit.planted.size(); ++i) {
    const double weight = calc_planted_weight(fit.planted[i], phase);
    const Vec3d p = find_point(fit, frame.kin, fit.planted[i].point);
    const bool sinks = weight < 1e-3 && fit.cycle.rise == 0 && p.y < 0;
    if (weight < 1e-3 && !sinks) continue;
    active.push_back(i), here.push_back(p), is_held.push_back(!sinks);
    scale.push_back(share * (sinks ? 1 : std::sqrt(weight)));
  }
  if (active.empty()) return;
  const std::size_t first = rows.size();
  for (std::size_t a = 0; a < active.size(); ++a) {
    const PlantedPoint& p = fit.planted[active[a]];
    const std::size_t unknown = at.place + 2 * active[a];
    const double hold = is_held[a] ? scale[a] : 0;
    rows.push_back({hold * (here[a].x - p.x), {{unknown, -hold}}});
    rows.push_back({scale[a] * here[a].y, {}});
    rows.push_back({hold * (here[a].z - p.z), {{unknown + 1, -hold}}});
    if (fit.advance_is_free) rows[rows.size() - 3].slope.emplace_back(at.advance, hold * phase);
  }
  for (std::size_t c = 0; c < fit.cycle.curves.size(); ++c) {
    const CycleCurve& curve = fit.cycle.curves[c];
    const std::size_t moved = static_cast<std::size_t>(curve.right);
    const double kept = frame.q[moved];
    constexpr double kStep = 1e-6;
    frame.q[moved] += kStep;
    update_positions(*fit.model, frame.q.data(), frame.kin);
    frame.q[moved] = kept;
    const std::vector<CycleValue> basis = calc_cycle_basis(curve, phase);
    for (std::size_t a = 0; a < active.size(); ++a) {
      const Vec3d slope = (scale[a] / kStep) * (find_point(fit, frame.kin, fit.planted[active[a]].point) - here[a]);
      if (is_held[a]) {
        add_slope(at, c, basis, {slope.x, 0, 0}, rows[first + 3 * a]);
        add_slope(at, c, basis, {slope.z, 0, 0}, rows[first + 3 * a + 2]);
      }
      add_slope(at, c, basis, {slope.y, 0, 0}, rows[first + 3 * a + 1]);
    }
  }
}

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

/// where the ground's force would have to act, at a height
Vec3d calc_pressure_center(const CycleFit& fit, Frame& frame, double height) {
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
  return {(root.moment.z + height * root.force.x) / up, height, (height * root.force.z - root.moment.x) / up};
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

/// the pressure centre lies within the support, and rather in its middle
void add_balance_rows(const CycleFit& fit, const Layout& at, double phase, bool with_slopes, Frame& frame,
                      std::vector<Row>& rows) {
  const std::vector<Vec3d> support = find_support(fit, phase);
  if (support.empty()) return;
  Vec3d middle{0, 0, 0};
  for (const Vec3d& p : support) middle += (1.0 / static_cast<double>(support.size())) * p;
  place_frame(fit, phase, frame);
  const Vec3d center = calc_pressure_center(fit, frame, middle.y), out = calc_way_out(support, center);
  const double mean = std::sqrt(2.0 / kFrames), length = std::sqrt(dot(out, out));
  Vec3d goal = middle;
  const double sure = find_pressure_goal(fit, phase, goal);
  const std::size_t first = rows.size();
  rows.push_back({mean / sure * (center.x - goal.x), {}});
  rows.push_back({mean / kSureMiddle * (center.z - goal.z), {}});
  rows.push_back({mean / kSurePressure * length, {}});
  if (!with_slopes) return;
  // the support moves little: only the centre's slopes count; the way out grows along its own direction
  const Vec3d n = length > 0 ? (1 / length) * out : Vec3d{0, 0, 0};
  for (std::size_t c = 0; c < fit.cycle.curves.size(); ++c) {
    const CycleCurve& curve = fit.cycle.curves[c];
    for (int side = 0; side < (curve.left >= 0 ? 2 : 1); ++side) {
      const std::size_t moved = static_cast<std::size_t>(side == 0 ? curve.right : curve.left);
      Vec3d slope[3];
      std::vector<double>* part[3] = {&frame.q, &frame.dq, &frame.ddq};
      for (int d = 0; d < 3; ++d) {
        double& value = (*part[d])[moved];
        const double kept = value, step = 1e-5;
        value += step;
        slope[d] = (mean / step) * (calc_pressure_center(fit, frame, middle.y) - center);
        value = kept;
      }
      const std::vector<CycleValue> basis = calc_cycle_basis(curve, side == 0 ? phase : phase + 0.5);
      const Vec3d x{slope[0].x, slope[1].x, slope[2].x}, z{slope[0].z, slope[1].z, slope[2].z};
      add_slope(at, c, basis, (1 / sure) * x, rows[first]);
      add_slope(at, c, basis, (1 / kSureMiddle) * z, rows[first + 1]);
      add_slope(at, c, basis, (1 / kSurePressure) * (n.x * x + n.z * z), rows[first + 2]);
    }
  }
}

/// joints stay within their ranges
void add_range_rows(const CycleFit& fit, const Layout& at, double phase, Frame& frame, std::vector<Row>& rows) {
  place_frame(fit, phase, frame);
  const double share = std::sqrt(1.0 / kFrames) / kSureRange;
  for (std::size_t c = 0; c < fit.cycle.curves.size(); ++c) {
    const CycleCurve& curve = fit.cycle.curves[c];
    const Coordinate& coordinate = fit.model->coordinates[static_cast<std::size_t>(curve.right)];
    if (coordinate.is_translational) continue;
    const double q = frame.q[static_cast<std::size_t>(curve.right)];
    const double beyond = std::max(0.0, q - coordinate.range_max) + std::min(0.0, q - coordinate.range_min);
    if (beyond == 0) continue;
    Row row{share * beyond, {}};
    add_slope(at, c, calc_cycle_basis(curve, phase), {share, 0, 0}, row);
    rows.push_back(std::move(row));
  }
}

/// curves stay what they are
void add_curve_rows(const CycleFit& fit, const Layout& at, std::vector<Row>& rows) {
  for (std::size_t c = 0; c < fit.cycle.curves.size(); ++c) {
    const CycleCurve& curve = fit.cycle.curves[c];
    const bool is_heavy = curve.left < 0;
    std::size_t i = 0;
    for (int k : curve.harmonics)
      for (int part = 0; part < (k == 0 ? 1 : 2); ++part, ++i) {
        // mean square over the cycle; the size of accelerations for what is fast
        const double fast = is_heavy ? std::max(1.0, std::pow(k / 2.0, 3)) : 1 + std::pow(k / 3.0, 3);
        const double weight = (k == 0 ? 1 : std::sqrt(0.5) * fast) / curve.sure;
        rows.push_back({weight * curve.change[i], {{at.curve[c] + i, weight}}});
      }
  }
}

/// all lines; those of balance without slopes if they are not asked for, as these take long
std::vector<Row> calc_rows(const CycleFit& fit, const Layout& at, bool with_slopes, Frame& frame) {
  std::vector<Row> rows;
  for (int f = 0; f < kFrames; ++f) {
    const double phase = static_cast<double>(f) / kFrames;
    add_contact_rows(fit, at, phase, frame, rows);
    add_range_rows(fit, at, phase, frame, rows);
    if (2 * f < kFrames) add_balance_rows(fit, at, phase, with_slopes, frame, rows);
  }
  add_curve_rows(fit, at, rows);
  return rows;
}

double calc_effort(const std::vector<Row>& rows) {
  double sum = 0;
  for (const Row& r : rows) sum += r.residual * r.residual;
  return sum;
}

}  // namespace

double calc_planted_weight(const PlantedPoint& p, double phase) {
  constexpr double kRamp = 0.03;
  const double s = std::clamp(std::min(phase - p.from, p.to - phase) / kRamp, 0.0, 1.0);
  return s * s * (3 - 2 * s);
}

void fit_cycle(CycleFit& fit) {
  const Layout at = make_layout(fit);
  const std::size_t n = fit.model->coordinates.size();
  const std::vector<double> zero(n);
  Frame frame{zero, zero, zero, {{0}, zero, zero, zero}, make_kinematics<double>(*fit.model)};
  double effort = calc_effort(calc_rows(fit, at, false, frame)), damping = 1e-3;
  for (int iteration = 0; iteration < 40; ++iteration) {
    const std::vector<Row> rows = calc_rows(fit, at, true, frame);
    Eigen::MatrixXd J =
        Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(at.count));
    Eigen::VectorXd r(static_cast<Eigen::Index>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      r[static_cast<Eigen::Index>(i)] = rows[i].residual;
      for (const auto& [unknown, slope] : rows[i].slope)
        J(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(unknown)) += slope;
    }
    Eigen::MatrixXd H = Eigen::MatrixXd::Zero(J.cols(), J.cols());
    H.selfadjointView<Eigen::Lower>().rankUpdate(J.transpose());
    const Eigen::VectorXd slope = J.transpose() * r, x = read_unknowns(fit, at);
    const double before = effort;
    bool better = false;
    for (int trial = 0; trial < 8 && !better; ++trial) {
      Eigen::MatrixXd damped = H;
      damped.diagonal() *= 1 + damping;
      damped.diagonal().array() += 1e-9;
      write_unknowns(x - damped.selfadjointView<Eigen::Lower>().ldlt().solve(slope), fit);
      const double next_effort = calc_effort(calc_rows(fit, at, false, frame));
      better = next_effort < effort;
      if (better)
        effort = next_effort, damping = std::max(damping * 0.1, 1e-6);
      else
        damping *= 10;
    }
    if (!better) {
      write_unknowns(x, fit);
      break;
    }
    if (before - effort < 1e-3 * effort) break;
  }
}

}  // namespace buttress
