// OpenSim's analyses Kinematics, BodyKinematics and PointKinematics.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "opensim/tool_analyses.h"
#include "study/kinematics_tables.h"

namespace buttress {

namespace {

constexpr double kDegrees = 180 / std::numbers::pi;

NamedTable make_table(const std::string& suffix, const std::string& title, const std::vector<std::string>& columns,
                      const AnalyzeTrial& trial, bool in_degrees) {
  NamedTable named{suffix, {}};
  named.table.name = title;
  named.table.in_degrees = in_degrees;
  named.table.degrees_stated = true;
  named.table.columns = columns;
  named.table.time = trial.trial.motion.time;
  named.table.values.reserve(trial.frame_count() * columns.size());
  return named;
}

void append(const Vec3d& v, double factor, Table& table) {
  for (double x : {v.x, v.y, v.z}) table.values.push_back(factor * x);
}

/// R = Rx(a) Ry(b) Rz(c)
Vec3d find_body_fixed_angles(const Mat3d& R) {
  return {std::atan2(-R.m[1][2], R.m[2][2]), std::atan2(R.m[0][2], std::hypot(R.m[1][2], R.m[2][2])),
          std::atan2(-R.m[0][1], R.m[0][0])};
}

/// position, velocity and acceleration of a point fixed to a body, in the world
struct PointMotion {
  Vec3d p, v, a;
};
PointMotion find_point_motion(const Kinematics<double>& kin, std::size_t body, const Vec3d& p_B) {
  const Vec3d r = kin.X_WB[body].R * p_B;
  const Vec3d &w = kin.w_WB_W[body], &alpha = kin.alpha_WB_W[body];
  return {kin.X_WB[body].p + r, kin.v_WB_W[body] + cross(w, r),
          kin.a_WB_W[body] + cross(alpha, r) + cross(w, cross(w, r))};
}

void warn_unknown(const std::string& analysis, const char* what, const std::string& name, Severity severity,
                  Diagnostics& diagnostics) {
  diagnostics.add({severity, "ANALYZE-001", "", 0,
                   analysis + " names the " + what + " '" + name + "', which the model does not have",
                   "Write all, or names of the model."});
}

}  // namespace

std::vector<NamedTable> calc_kinematics(const Model& model, const AnalyzeTrial& trial,
                                        const std::vector<std::string>& coordinates, bool in_degrees,
                                        Diagnostics& diagnostics) {
  const std::vector<std::size_t> all = find_coordinate_order(model);
  const bool wants_all =
      std::any_of(coordinates.begin(), coordinates.end(), [](const std::string& name) { return name == "all"; });
  std::vector<std::size_t> wanted;
  for (const std::string& name : coordinates) {
    if (wants_all) break;
    const int c = model.find_coordinate(name);
    if (c < 0)
      warn_unknown("Kinematics", "coordinate", name, Severity::warning, diagnostics);
    else
      wanted.push_back(static_cast<std::size_t>(c));
  }
  if (wants_all) wanted = all;

  std::vector<std::string> columns;
  columns.reserve(wanted.size());
  for (std::size_t c : wanted) columns.push_back(model.coordinates[c].name);
  std::vector<NamedTable> tables{make_table("q", "Coordinates", columns, trial, in_degrees),
                                 make_table("u", "Speeds", columns, trial, in_degrees),
                                 make_table("dudt", "Accelerations", columns, trial, in_degrees)};
  FrameDynamics d = make_frame_dynamics(model, trial);
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    update_frame(trial, f, d);
    if (!update_frame_accelerations(trial, f, d, diagnostics)) return {};
    const std::vector<double>* const values[3] = {&d.chain.q, &d.chain.qd, &d.reaction.qdd};
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t c : wanted)
        tables[i].table.values.push_back(
            (in_degrees && model.coordinates[c].motion_type == MotionType::rotational ? kDegrees : 1) *
            (*values[i])[c]);
  }
  return tables;
}

std::vector<NamedTable> calc_body_kinematics(const Model& model, const AnalyzeTrial& trial,
                                             const BodyKinematicsChoices& choices, Diagnostics& diagnostics) {
  std::vector<std::size_t> bodies;
  bool with_center = false;
  for (const std::string& name : choices.bodies) {
    if (name == "all") {
      bodies.clear();
      for (const std::string& each : model.body_order)
        if (const int b = model.find_body(each); b > 0) bodies.push_back(static_cast<std::size_t>(b));
      with_center = true;
      break;
    }
    const int b = model.find_body(name);
    if (name == "center_of_mass")
      with_center = true;
    else if (b <= 0)
      warn_unknown("BodyKinematics", "body", name, Severity::error, diagnostics);
    else
      bodies.push_back(static_cast<std::size_t>(b));
  }
  if (diagnostics.has_errors()) return {};

  std::vector<std::string> columns;
  for (std::size_t b : bodies)
    for (const char* part : {"_X", "_Y", "_Z", "_Ox", "_Oy", "_Oz"}) columns.push_back(model.bodies[b].name + part);
  if (with_center)
    for (const char* part : {"_X", "_Y", "_Z"}) columns.push_back(std::string("center_of_mass") + part);
  const std::string frame = choices.in_body_frame ? "bodyLocal" : "global";
  std::vector<NamedTable> tables{make_table("pos_global", "Positions", columns, trial, choices.in_degrees),
                                 make_table("vel_" + frame, "Velocities", columns, trial, choices.in_degrees),
                                 make_table("acc_" + frame, "Accelerations", columns, trial, choices.in_degrees)};
  const double unit = choices.in_degrees ? kDegrees : 1;
  FrameDynamics d = make_frame_dynamics(model, trial);
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    update_frame(trial, f, d);
    if (!update_frame_accelerations(trial, f, d, diagnostics)) return {};
    const Kinematics<double>& kin = d.reaction.kinematics;
    for (std::size_t b : bodies) {
      const PointMotion at = find_point_motion(kin, b, model.bodies[b].p_BBcm_B);
      const auto turn = [&](const Vec3d& v) {
        return choices.in_body_frame ? multiply_transposed(kin.X_WB[b].R, v) : v;
      };
      append(at.p, 1, tables[0].table);
      append(find_body_fixed_angles(kin.X_WB[b].R), unit, tables[0].table);
      append(turn(at.v), 1, tables[1].table);
      append(turn(kin.w_WB_W[b]), unit, tables[1].table);
      append(turn(at.a), 1, tables[2].table);
      append(turn(kin.alpha_WB_W[b]), unit, tables[2].table);
    }
    if (!with_center) continue;
    PointMotion center{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    for (std::size_t b = 1; b < model.bodies.size(); ++b) {
      const PointMotion at = find_point_motion(kin, b, model.bodies[b].p_BBcm_B);
      const double share = model.bodies[b].mass / model.total_mass;
      center = {center.p + share * at.p, center.v + share * at.v, center.a + share * at.a};
    }
    append(center.p, 1, tables[0].table);
    append(center.v, 1, tables[1].table);
    append(center.a, 1, tables[2].table);
  }
  return tables;
}

std::vector<NamedTable> calc_point_kinematics(const Model& model, const AnalyzeTrial& trial,
                                              const PointKinematicsChoices& choices, Diagnostics& diagnostics) {
  const int body = model.find_body(choices.body);
  const bool is_relative = !choices.relative_to.empty() && choices.relative_to != "none";
  const int other = is_relative ? model.find_body(choices.relative_to) : 0;
  if (body < 0) warn_unknown("PointKinematics", "body", choices.body, Severity::error, diagnostics);
  if (other < 0) warn_unknown("PointKinematics", "body", choices.relative_to, Severity::error, diagnostics);
  if (diagnostics.has_errors()) return {};

  const std::vector<std::string> columns{"state_0", "state_1", "state_2"};
  std::vector<NamedTable> tables{make_table(choices.point_name + "_pos", "PointPosition", columns, trial, false),
                                 make_table(choices.point_name + "_vel", "PointVelocity", columns, trial, false),
                                 make_table(choices.point_name + "_acc", "PointAcceleration", columns, trial, false)};
  FrameDynamics d = make_frame_dynamics(model, trial);
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    update_frame(trial, f, d);
    if (!update_frame_accelerations(trial, f, d, diagnostics)) return {};
    const Kinematics<double>& kin = d.reaction.kinematics;
    const PointMotion at =
        find_point_motion(kin, static_cast<std::size_t>(body), {choices.point[0], choices.point[1], choices.point[2]});
    const Posed& X_WR = kin.X_WB[static_cast<std::size_t>(other)];
    append(multiply_transposed(X_WR.R, at.p - X_WR.p), 1, tables[0].table);
    append(multiply_transposed(X_WR.R, at.v), 1, tables[1].table);
    append(multiply_transposed(X_WR.R, at.a), 1, tables[2].table);
  }
  return tables;
}

}  // namespace buttress
