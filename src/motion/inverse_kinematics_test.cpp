#include "motion/inverse_kinematics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "multibody/kinematics.h"

namespace buttress {
namespace {

// A body of three links that hang from a free root, with four markers on each: recordings are computed from known
// coordinates, spoiled in one way, and the tests say what must come of it.

constexpr double kPi = std::numbers::pi;

void add_joint(Model& model, const std::string& name, int parent, const Vec3d& at, const std::vector<Vec3d>& slides,
               const std::vector<Vec3d>& turns) {
  const int body = model.body_count(), joint = static_cast<int>(model.joints.size());
  Body b;
  b.name = name;
  b.mass = 1;
  model.bodies.push_back(b);
  Joint j;
  j.name = name + "_joint";
  j.parent_body = parent;
  j.X_PF = j.X_BM = j.X_MB = Posed::identity();
  j.X_PF.p = at;
  j.first_axis = static_cast<int>(model.axes.size());
  j.slides_first = static_cast<int>(slides.size());
  j.axis_count = static_cast<int>(slides.size() + turns.size());
  const auto add_axis = [&](const Vec3d& direction, bool is_rotation) {
    Coordinate c;
    c.name = name + std::to_string(model.coordinates.size());
    c.joint = joint;
    c.motion_type = is_rotation ? MotionType::rotational : MotionType::translational;
    c.range_min = -10;
    c.range_max = 10;
    c.independent = static_cast<int>(model.independent.size());
    model.independent.push_back(static_cast<int>(model.coordinates.size()));
    Axis axis;
    axis.is_rotation = is_rotation;
    axis.direction = direction;
    AxisTerm term;
    term.coordinate = static_cast<int>(model.coordinates.size());
    term.function = make_line(1.0, 0.0);
    axis.terms = {term};
    model.axes.push_back(axis);
    model.coordinates.push_back(c);
  };
  for (const Vec3d& d : slides) add_axis(d, false);
  for (const Vec3d& d : turns) add_axis(d, true);
  model.joints.push_back(j);
  const double places[4][3] = {{0.1, 0.05, 0.02}, {-0.1, 0, 0.1}, {0.02, -0.3, -0.08}, {0, 0.25, 0.11}};
  for (int k = 0; k < 4; ++k)
    model.markers.push_back({name + "." + std::to_string(k), body, {places[k][0], places[k][1], places[k][2]}});
}

Model make_body() {
  Model model;
  Body ground;
  ground.name = "ground";
  model.bodies.push_back(ground);
  const Vec3d x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
  add_joint(model, "trunk", 0, {0, 1, 0}, {x, y, z}, {z, x, y});
  add_joint(model, "thigh", 1, {0, -0.4, 0.1}, {}, {z, x, y});
  add_joint(model, "shank", 2, {0, -0.4, 0}, {}, {z});
  return model;
}

std::vector<double> find_pose(std::size_t frame) {
  const double t = 0.02 * static_cast<double>(frame);
  return {t,    0.05 * std::sin(5 * t),      0.1, 0.1 * std::sin(6 * t), 0.05, 0.2 * t, 0.5 * std::sin(7 * t), 0.1,
          -0.1, -0.6 - 0.4 * std::cos(6 * t)};
}

MarkerTrajectory record(const Model& model, std::size_t frames = 60) {
  MarkerTrajectory recording;
  recording.file = "walk.trc";
  recording.units_in_file = "mm";
  recording.rate_hz = 50;
  for (const Marker& m : model.markers) recording.names.push_back(m.name);
  Kinematics<double> kin = make_kinematics<double>(model);
  for (std::size_t f = 0; f < frames; ++f) {
    recording.time.push_back(0.02 * static_cast<double>(f));
    update_positions(model, find_pose(f).data(), kin);
    for (const Marker& m : model.markers) {
      const Vec3d p = kin.X_WB[static_cast<std::size_t>(m.body)] * m.p_B;
      recording.positions.insert(recording.positions.end(), {p.x, p.y, p.z});
    }
  }
  return recording;
}

double& at(MarkerTrajectory& recording, std::size_t frame, std::size_t marker, std::size_t axis) {
  return recording.positions[(frame * recording.names.size() + marker) * 3 + axis];
}

Diagnostic find(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id) return d;
  return {};
}

std::optional<InverseKinematicsResult> solve(const Model& model, const MarkerTrajectory& recording,
                                             Diagnostics& diagnostics, const InverseKinematicsOptions& options = {},
                                             const Table* table = nullptr) {
  return calc_inverse_kinematics(model, recording, options, table, "tasks.mot", diagnostics);
}

void expect_poses(const Model& model, const InverseKinematicsResult& result, double tolerance) {
  for (std::size_t f = 0; f < result.time.size(); ++f) {
    const std::vector<double> truth = find_pose(static_cast<std::size_t>(std::lround(result.time[f] / 0.02)));
    for (std::size_t c = 0; c < truth.size(); ++c)
      EXPECT_NEAR(result.q[f * truth.size() + c], truth[c], tolerance) << model.coordinates[c].name << " frame " << f;
  }
}

TEST(InverseKinematics, clean_markers_give_back_every_frame_in_silence) {
  const Model model = make_body();
  Diagnostics diagnostics;
  const auto result = solve(model, record(model), diagnostics);
  ASSERT_TRUE(result);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  expect_poses(model, *result, 1e-7);
}

TEST(InverseKinematics, gaps_are_bridged_by_the_other_markers) {
  const Model model = make_body();
  MarkerTrajectory recording = record(model);
  // two markers of every body come and go, and the recording begins nearly empty
  for (std::size_t f = 0; f < 60; ++f)
    for (std::size_t m = 0; m < 12; ++m)
      if ((m + f / 5) % 4 == 0 || (f < 3 && m > 3))
        for (std::size_t k = 0; k < 3; ++k) at(recording, f, m, k) = NAN;
  Diagnostics diagnostics;
  const auto result = solve(model, recording, diagnostics);
  ASSERT_TRUE(result);
  InverseKinematicsResult later = *result;
  later.time.erase(later.time.begin(), later.time.begin() + 3);
  later.q.erase(later.q.begin(), later.q.begin() + 3 * static_cast<std::ptrdiff_t>(model.coordinates.size()));
  expect_poses(model, later, 1e-7);
}

TEST(InverseKinematics, a_person_may_face_any_way) {
  const Model model = make_body();
  for (const double turn : {0.5 * kPi, kPi, -0.6 * kPi, 2.6}) {
    MarkerTrajectory recording = record(model);
    for (std::size_t i = 0; i < recording.positions.size(); i += 3) {
      const double x = recording.positions[i], z = recording.positions[i + 2];
      recording.positions[i] = std::cos(turn) * x + std::sin(turn) * z;
      recording.positions[i + 2] = -std::sin(turn) * x + std::cos(turn) * z;
    }
    Diagnostics diagnostics;
    const auto result = solve(model, recording, diagnostics);
    ASSERT_TRUE(result);
    for (const double e : result->marker_errors) EXPECT_LT(e, 1e-6) << turn;
  }
}

TEST(InverseKinematics, tasks_choose_frames_weights_and_values) {
  const Model model = make_body();
  MarkerTrajectory recording = record(model);
  for (std::size_t f = 0; f < 60; ++f) at(recording, f, 11, 1) += 0.02;
  InverseKinematicsOptions options;
  for (const Marker& m : model.markers) options.markers.push_back({m.name, 1});
  options.markers[11].weight = 0;
  options.start = 0.2;
  options.end = 0.41;
  Diagnostics diagnostics;
  auto result = solve(model, recording, diagnostics, options);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->time.size(), 11u);
  EXPECT_NEAR(result->time.front(), 0.2, 1e-12);
  expect_poses(model, *result, 1e-7);  // a marker without weight pulls at nothing

  // a heavy task holds a coordinate against the markers; one from a file follows the file
  options.coordinates = {{"shank9", 1000, CoordinateTarget::manual_value, -0.5},
                         {"thigh7", 1000, CoordinateTarget::from_file, 0}};
  Table table;
  table.columns = {"thigh7"};
  table.in_degrees = table.degrees_stated = true;
  for (int i = 0; i < 30; ++i) table.time.push_back(0.05 * i), table.values.push_back(20 * 0.05 * i);
  result = solve(model, recording, diagnostics, options, &table);
  ASSERT_TRUE(result);
  for (std::size_t f = 0; f < result->time.size(); ++f) {
    EXPECT_NEAR(result->q[f * 10 + 9], -0.5, 1e-4);
    EXPECT_NEAR(result->q[f * 10 + 7], 20 * result->time[f] * kPi / 180, 1e-4);
  }
  // as for OpenSim, degrees unless the file says that they are none
  for (const bool says_radians : {false, true}) {
    table.in_degrees = false;
    table.degrees_stated = says_radians;
    Diagnostics said;
    result = solve(model, recording, said, options, &table);
    ASSERT_TRUE(result);
    EXPECT_EQ(find(said, "MOTION-016").severity == Severity::warning, !says_radians);
    EXPECT_EQ(std::abs(result->q[7] - 20 * result->time[0] * kPi / 180) < 1e-4, !says_radians);
  }
}

TEST(InverseKinematics, IK_001_no_common_marker_or_none_seen) {
  const Model model = make_body();
  MarkerTrajectory recording = record(model);
  for (std::string& name : recording.names) name = "lab:" + name;
  Diagnostics diagnostics;
  EXPECT_FALSE(solve(model, recording, diagnostics));
  EXPECT_NE(find(diagnostics, "IK-001").message.find("lab:trunk.0"), std::string::npos);
  recording = record(model);
  for (double& x : recording.positions) x = NAN;
  Diagnostics blind;
  EXPECT_FALSE(solve(model, recording, blind));
  EXPECT_NE(find(blind, "IK-001").message.find("none of the markers that are to be fitted was seen in any frame"),
            std::string::npos);
}

TEST(InverseKinematics, IK_002_to_004_what_is_missing_is_named) {
  const Model model = make_body();
  MarkerTrajectory recording = record(model);
  InverseKinematicsOptions options;
  for (int m = 0; m < 8; ++m) options.markers.push_back({model.markers[static_cast<std::size_t>(m)].name, 1});
  options.markers.push_back({"Nose", 1});
  for (std::size_t f = 0; f < 60; ++f)
    for (std::size_t k = 0; k < 3; ++k) at(recording, f, 2, k) = NAN;
  Diagnostics diagnostics;
  ASSERT_TRUE(solve(model, recording, diagnostics, options));
  EXPECT_NE(find(diagnostics, "IK-002").message.find("Nose"), std::string::npos);
  EXPECT_NE(find(diagnostics, "IK-003").message.find("trunk.2"), std::string::npos);
  EXPECT_NE(find(diagnostics, "IK-004").message.find("shank9"), std::string::npos);
}

TEST(InverseKinematics, IK_005_a_body_of_1750_metres_is_refused) {
  const Model model = make_body();
  MarkerTrajectory recording = record(model);
  for (double& x : recording.positions) x *= 1000;
  Diagnostics diagnostics;
  EXPECT_FALSE(solve(model, recording, diagnostics));
  EXPECT_NE(find(diagnostics, "IK-005").message.find("times as large"), std::string::npos);
  EXPECT_NE(find(diagnostics, "IK-005").advice.find("mm"), std::string::npos);
}

TEST(InverseKinematics, IK_006_turned_axes_are_noticed) {
  const Model model = make_body();
  MarkerTrajectory recording = record(model);
  // z up: (x, y, z) -> (x, -z, y)
  for (std::size_t i = 0; i < recording.positions.size(); i += 3) {
    const double y = recording.positions[i + 1];
    recording.positions[i + 1] = -recording.positions[i + 2];
    recording.positions[i + 2] = y;
  }
  Diagnostics diagnostics;
  EXPECT_TRUE(solve(model, recording, diagnostics));
  EXPECT_NE(find(diagnostics, "IK-006").message.find("points along +z of the file, not along its +y"),
            std::string::npos);
}

TEST(InverseKinematics, IK_007_and_IK_008_exchanged_and_lost_markers_are_named) {
  const Model model = make_body();
  MarkerTrajectory recording = record(model);
  std::swap(recording.names[4], recording.names[6]);
  Diagnostics diagnostics;
  EXPECT_TRUE(solve(model, recording, diagnostics));
  EXPECT_NE(find(diagnostics, "IK-007").message.find("thigh.2 and thigh.0"), std::string::npos)
      << find(diagnostics, "IK-007").message;
  recording = record(model);
  for (std::size_t f = 30; f < 33; ++f) at(recording, f, 9, 0) += 0.4;
  Diagnostics jump;
  EXPECT_TRUE(solve(model, recording, jump));
  EXPECT_NE(find(jump, "IK-008").message.find("shank.1"), std::string::npos);
}

TEST(InverseKinematics, IK_009_frames_without_markers_keep_the_pose) {
  const Model model = make_body();
  MarkerTrajectory recording = record(model);
  for (std::size_t f = 20; f < 25; ++f)
    for (std::size_t m = 0; m < 12; ++m)
      for (std::size_t k = 0; k < 3; ++k) at(recording, f, m, k) = NAN;
  Diagnostics diagnostics;
  const auto result = solve(model, recording, diagnostics);
  ASSERT_TRUE(result);
  EXPECT_NE(find(diagnostics, "IK-009").message.find("5 frames"), std::string::npos);
  EXPECT_EQ(result->status[22], PoseStatus::no_markers);
  for (std::size_t c = 0; c < 10; ++c) EXPECT_EQ(result->q[24 * 10 + c], result->q[19 * 10 + c]);
  EXPECT_NEAR(result->q[30 * 10 + 6], find_pose(30)[6], 1e-7);
}

TEST(InverseKinematics, IK_010_to_014_tasks_that_make_no_sense) {
  const Model model = make_body();
  const MarkerTrajectory recording = record(model);
  const auto expect = [&](const std::function<void(InverseKinematicsOptions&)>& spoil, const std::string& id,
                          const std::string& part) {
    InverseKinematicsOptions options;
    spoil(options);
    Diagnostics diagnostics;
    EXPECT_FALSE(solve(model, recording, diagnostics, options)) << id;
    EXPECT_NE(find(diagnostics, id).message.find(part), std::string::npos) << id << find(diagnostics, id).message;
  };
  expect([](auto& o) { o.coordinates = {{"knee", 1, CoordinateTarget::default_value, 0}}; }, "IK-010", "knee");
  expect([](auto& o) { o.coordinates = {{"shank9", 1, CoordinateTarget::from_file, 0}}; }, "IK-011", "not named");
  expect([](auto& o) { o.start = 5; }, "IK-012", "5");
  expect([](auto& o) { o.markers = {{"trunk.0", -1}}; }, "IK-014", "trunk.0");
  expect([](auto& o) { o.coordinates = {{"shank9", NAN, CoordinateTarget::default_value, 0}}; }, "IK-014", "shank9");
}

TEST(InverseKinematics, IK_013_too_few_iterations_are_admitted) {
  const Model model = make_body();
  InverseKinematicsOptions options;
  options.max_iterations = 1;
  Diagnostics diagnostics;
  const auto result = solve(model, record(model), diagnostics, options);
  ASSERT_TRUE(result);
  EXPECT_EQ(find(diagnostics, "IK-013").severity, Severity::warning);
  EXPECT_EQ(result->status.back(), PoseStatus::not_converged);
}

}  // namespace
}  // namespace buttress
