#include "movement/movement_cycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace buttress {

namespace {

/// harmonics up to these may be changed; trunk and pelvis are heavy and move smoothly
constexpr int kHarmonics = 8, kMidlineHarmonics = 4;
/// m; the way of the root is for contact to find
constexpr double kSureWay = 0.03;

/// does a mirror image (z reversed) turn the coordinate's sign?
bool is_mirrored(const Model& model, int coordinate) {
  for (const Axis& axis : model.axes)
    for (const AxisTerm& term : axis.terms)
      if (term.coordinate == coordinate) return axis.is_rotation != (std::abs(axis.direction.z) > 0.9);
  return false;
}

/// which harmonics a curve has; both sides share even ones in the sagittal plane and odd ones out of it
std::vector<int> find_harmonics(const Model& model, const CycleCurve& curve, std::size_t given) {
  std::vector<int> harmonics;
  const bool turns =
      curve.left < 0 && model.coordinates[static_cast<std::size_t>(curve.right)].motion_type == MotionType::rotational;
  const int last = std::max(turns ? kMidlineHarmonics : kHarmonics, static_cast<int>(given));
  for (int k = 0; k <= last; ++k)
    if (curve.left >= 0 || (k % 2 == 1) == is_mirrored(model, curve.right)) harmonics.push_back(k);
  return harmonics;
}

CycleCurve make_curve(const Model& model, const MovementSpec& m, const MovementCurve& given) {
  CycleCurve curve;
  curve.name = given.coordinate;
  curve.right = model.find_coordinate(given.coordinate);
  if (curve.right < 0) {
    curve.right = model.find_coordinate(given.coordinate + "_r");
    curve.left = model.find_coordinate(given.coordinate + "_l");
    if (curve.right < 0 || curve.left < 0) return curve;
  }
  const double unit =
      model.coordinates[static_cast<std::size_t>(curve.right)].motion_type != MotionType::rotational ? 1 : kDegree;
  curve.sure = given.sure * unit;
  curve.harmonics = find_harmonics(model, curve, given.cos.size());
  for (int k : curve.harmonics) {
    const std::size_t i = static_cast<std::size_t>(k);
    if (k == 0) {
      curve.base.push_back(unit * find_value(m, given.mean));
    } else {
      curve.base.push_back(i <= given.cos.size() ? unit * find_value(m, given.cos[i - 1]) : 0);
      curve.base.push_back(i <= given.sin.size() ? unit * find_value(m, given.sin[i - 1]) : 0);
    }
  }
  curve.change.assign(curve.base.size(), 0.0);
  return curve;
}

}  // namespace

std::vector<CycleValue> calc_cycle_basis(const CycleCurve& curve, double phase) {
  std::vector<CycleValue> basis;
  for (int k : curve.harmonics) {
    const double w = 2 * std::numbers::pi * k, c = std::cos(w * phase), s = std::sin(w * phase);
    basis.push_back({c, -w * s, -w * w * c});
    if (k > 0) basis.push_back({s, w * c, -w * w * s});
  }
  return basis;
}

void calc_cycle_coordinates(const Cycle& cycle, double phase, double* q, double* dq, double* ddq) {
  std::copy(cycle.rest.begin(), cycle.rest.end(), q);
  std::fill_n(dq, cycle.rest.size(), 0.0);
  std::fill_n(ddq, cycle.rest.size(), 0.0);
  for (const CycleCurve& curve : cycle.curves)
    for (int side = 0; side < (curve.left >= 0 ? 2 : 1); ++side) {
      const std::vector<CycleValue> basis = calc_cycle_basis(curve, side == 0 ? phase : phase + 0.5);
      CycleValue sum;
      for (std::size_t i = 0; i < basis.size(); ++i) {
        const double x = curve.base[i] + curve.change[i];
        sum.f += x * basis[i].f, sum.df += x * basis[i].df, sum.ddf += x * basis[i].ddf;
      }
      const int c = side == 0 ? curve.right : curve.left;
      q[c] = sum.f, dq[c] = sum.df, ddq[c] = sum.ddf;
    }
  if (cycle.forward >= 0) q[cycle.forward] += cycle.advance * phase, dq[cycle.forward] += cycle.advance;
  if (cycle.up >= 0) q[cycle.up] += cycle.rise * phase, dq[cycle.up] += cycle.rise;
}

Cycle make_cycle(const Model& model, const MovementSpec& m, Diagnostics& diagnostics) {
  Cycle cycle;
  for (const Coordinate& c : model.coordinates) cycle.rest.push_back(c.default_value);
  for (const MovementCurve& given : m.cycle->curves) {
    CycleCurve curve = make_curve(model, m, given);
    if (curve.base.empty())
      diagnostics.error("MOVE-003", m.file, 0, "the body has no coordinate '" + given.coordinate + "'",
                        "Name a coordinate of the midline, or one of the right side without _r.");
    else
      cycle.curves.push_back(std::move(curve));
  }
  // the way of the root
  for (const Axis& axis : model.axes)
    for (const AxisTerm& term : axis.terms) {
      const Coordinate& c = model.coordinates[static_cast<std::size_t>(term.coordinate)];
      if (c.motion_type == MotionType::rotational || model.joints[static_cast<std::size_t>(c.joint)].parent_body != 0)
        continue;
      if (axis.direction.x > 0.9) cycle.forward = term.coordinate;
      if (axis.direction.y > 0.9) cycle.up = term.coordinate;
      const bool has_curve = std::any_of(cycle.curves.begin(), cycle.curves.end(),
                                         [&](const CycleCurve& curve) { return curve.right == term.coordinate; });
      if (has_curve) continue;
      MovementCurve way;
      way.coordinate = c.name;
      way.mean.offset = axis.direction.y > 0.9 ? c.default_value : 0;
      way.sure = kSureWay;
      cycle.curves.push_back(make_curve(model, m, way));
    }
  cycle.rise = find_value(m, m.cycle->rise_m);
  cycle.advance = m.cycle->advance_m ? find_value(m, *m.cycle->advance_m) : 0;
  if (m.cycle->period_s) cycle.period = find_value(m, *m.cycle->period_s);
  if (m.cycle->speed_m_s) cycle.speed = find_value(m, *m.cycle->speed_m_s);
  if (!(cycle.period > 0.1 || cycle.speed > 0.05))
    diagnostics.error("MOVE-002", m.file, 0, "the cycle's period_s is not above 0.1, or its speed_m_s not above 0.05",
                      "A stride takes about one second.");
  return cycle;
}

}  // namespace buttress
