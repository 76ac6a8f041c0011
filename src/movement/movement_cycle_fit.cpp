#include <algorithm>
#include <cmath>
#include <numbers>

#include "movement/movement_cycle_rows.h"
#include "multibody/kinematics.h"

namespace buttress {

namespace {

constexpr double kSurePlace = 0.002, kSureRange = 0.5 * kDegree;

CycleLayout make_cycle_layout(const CycleFit& fit) {
  CycleLayout at;
  for (const CycleCurve& c : fit.cycle.curves) at.curve.push_back(at.count), at.count += c.change.size();
  at.place = at.count, at.count += 2 * fit.planted.size();
  at.advance = at.count, at.count += fit.advance_is_free;
  return at;
}

Eigen::VectorXd read_unknowns(const CycleFit& fit, const CycleLayout& at) {
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

Vec3d find_point(const CycleFit& fit, const Kinematics<double>& kin, int p) {
  const ContactPoint& point = fit.contacts->points[static_cast<std::size_t>(p)];
  return kin.X_WB[static_cast<std::size_t>(point.body)] * point.p_B;
}

/// planted points stay at their places; those that are not do not sink into level ground
void add_contact_rows(const CycleFit& fit, const CycleLayout& at, double phase, CycleFrame& frame,
                      std::vector<CycleRow>& rows) {
  const double share = std::sqrt(1.0 / kFitFrames) / kSurePlace;
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

/// joints stay within their ranges
void add_range_rows(const CycleFit& fit, const CycleLayout& at, double phase, CycleFrame& frame,
                    std::vector<CycleRow>& rows) {
  place_frame(fit, phase, frame);
  const double share = std::sqrt(1.0 / kFitFrames) / kSureRange;
  for (std::size_t c = 0; c < fit.cycle.curves.size(); ++c) {
    const CycleCurve& curve = fit.cycle.curves[c];
    const Coordinate& coordinate = fit.model->coordinates[static_cast<std::size_t>(curve.right)];
    if (coordinate.motion_type != MotionType::rotational) continue;
    const double q = frame.q[static_cast<std::size_t>(curve.right)];
    const double beyond = std::max(0.0, q - coordinate.range_max) + std::min(0.0, q - coordinate.range_min);
    if (beyond == 0) continue;
    CycleRow row{share * beyond, {}};
    add_slope(at, c, calc_cycle_basis(curve, phase), {share, 0, 0}, row);
    rows.push_back(std::move(row));
  }
}

/// curves stay what they are
void add_curve_rows(const CycleFit& fit, const CycleLayout& at, std::vector<CycleRow>& rows) {
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
std::vector<CycleRow> calc_rows(const CycleFit& fit, const CycleLayout& at, bool with_slopes, CycleFrame& frame) {
  std::vector<CycleRow> rows;
  for (int f = 0; f < kFitFrames; ++f) {
    const double phase = static_cast<double>(f) / kFitFrames;
    add_contact_rows(fit, at, phase, frame, rows);
    add_range_rows(fit, at, phase, frame, rows);
    if (2 * f < kFitFrames) add_balance_rows(fit, at, phase, with_slopes, frame, rows);
  }
  add_curve_rows(fit, at, rows);
  return rows;
}

double calc_effort(const std::vector<CycleRow>& rows) {
  double sum = 0;
  for (const CycleRow& r : rows) sum += r.residual * r.residual;
  return sum;
}

}  // namespace

double calc_planted_weight(const PlantedPoint& p, double phase) {
  constexpr double kRamp = 0.03;
  const double s = std::clamp(std::min(phase - p.from, p.to - phase) / kRamp, 0.0, 1.0);
  return s * s * (3 - 2 * s);
}

void fit_cycle(CycleFit& fit) {
  const CycleLayout at = make_cycle_layout(fit);
  const std::size_t n = fit.model->coordinates.size();
  const std::vector<double> zero(n);
  CycleFrame frame{zero, zero, zero, {{0}, zero, zero, zero}, make_kinematics<double>(*fit.model)};
  double effort = calc_effort(calc_rows(fit, at, false, frame)), damping = 1e-3;
  for (int iteration = 0; iteration < 40; ++iteration) {
    const std::vector<CycleRow> rows = calc_rows(fit, at, true, frame);
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
