// Movements of data/movements on the built-in body. What the references can prove: constraints are looked up again from
// poses alone (feet stay where they are, the mass centre is where it was asked to be), speeds and accelerations are
// those of the coordinates by differences, and statics: a body at rest presses with its weight under its mass centre.
// Bad files and impossible wishes end in their ids.
#include "movement/movement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/shell_testing.h"
#include "base/run_status.h"
#include "movement/movement_support.h"
#include "movement/movement_testing.h"
#include "study/movement_results.h"

namespace buttress {
namespace {

TEST(MovementLibrary, CanBeDoneAtItsDefaults) {
  const auto names = list_movements(find_data_folder() + "/movements");
  ASSERT_GE(names.size(), 41u);
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    std::string text, record;
    Diagnostics diagnostics;
    ShownSimulateRequest request;
    request.movement = name;
    request.thread_count = 1;
    EXPECT_EQ(run_simulate(request, text, record, diagnostics), RunStatus::done);
    for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
    // each is a good example of itself, but for the round back that lift_stoop is there to show
    for (const auto& cue : nlohmann::json::parse(record)["form_cues"])
      EXPECT_TRUE(cue["met"].get<bool>() || name == "lift_stoop") << cue["title"];
    const SolvedMovement solved = solve(read(name));
    for (const char* elbow : {"elbow_flex_r", "elbow_flex_l"}) {
      const auto c = static_cast<std::size_t>(body().find_coordinate(elbow));
      for (std::size_t f = 0; f < solved.motion.frame_count(); ++f)
        ASSERT_GT(solved.motion.q[f * body().coordinates.size() + c], -0.1) << elbow << " bends backwards";
    }
    // no jump from one way of holding the body to another: that would be thousands of rad/s^2
    if (read(name).cycle) continue;
    for (double qdd : solved.motion.qdd) EXPECT_LT(std::abs(qdd), 60);
  }
}

TEST(MovementLibrary, CanBeDoneAtBothEndsOfEveryParameter) {
  for (const std::string& name : list_movements(find_data_folder() + "/movements")) {
    const MovementSpec movement = read(name);
    for (std::size_t i = 0; i < movement.parameters.size(); ++i)
      for (const double value : {movement.parameters[i].min, movement.parameters[i].max}) {
        MovementSpec changed = movement;
        changed.parameters[i].value = value;
        // the keyframes are what may be out of reach: few frames between them
        for (Keyframe& k : changed.keyframes) k.duration_s = {0.1, 0, {}};
        SCOPED_TRACE(name + " " + movement.parameters[i].name + "=" + std::to_string(value));
        const SolvedMovement solved = solve(changed);
        EXPECT_EQ(solved.phases.size(), movement.cycle ? 5u : movement.keyframes.size());
        EXPECT_LT(solved.worst_distance, 0.033);
      }
  }
}

TEST(Movement, FeetStayWhereTheyAreInASquatAndTheMassCentreStaysOverThem) {
  const MovementSpec movement = read("squat", {"depth_deg=100", "stance_width_m=0.4"});
  const SolvedMovement solved = solve(movement);
  const std::size_t n = body().coordinates.size();
  Kinematics<double> kin = make_kinematics<double>(body());
  const std::size_t heel = static_cast<std::size_t>(body().find_body("calcn_r"));
  Posed first = Posed::identity();
  double deepest = 0;
  for (std::size_t f = 0; f < solved.motion.frame_count(); ++f) {
    update_positions(body(), &solved.motion.q[f * n], kin);
    if (f == 0) first = kin.X_WB[heel];
    const Vec3d moved = kin.X_WB[heel].p - first.p;
    EXPECT_LT(std::sqrt(dot(moved, moved)), 5e-4) << "frame " << f;
    EXPECT_NEAR(kin.X_WB[heel].R.m[1][1], 1, 1e-5) << "the sole stays flat";
    // middle of both feet's soles from heel to ball
    Vec3d middle{0, 0, 0};
    double count = 0;
    for (const ContactPoint& p : contacts().points)
      if (p.group == "foot_r" || p.group == "foot_l")
        middle += kin.X_WB[static_cast<std::size_t>(p.body)] * p.p_B, count += 1;
    const Vec3d center = find_mass_center(kin);
    EXPECT_NEAR(center.x, middle.x / count, 1e-3);
    EXPECT_NEAR(center.z, middle.z / count, 1e-3);
    deepest =
        std::max(deepest, solved.motion.q[f * n + static_cast<std::size_t>(body().find_coordinate("knee_angle_r"))]);
  }
  EXPECT_NEAR(deepest * 180 / M_PI, 100, 0.5);
}

TEST(Movement, SpeedsAndAccelerationsAreThoseOfTheCoordinates) {
  const SolvedMovement solved = solve(read("squat"));
  const std::size_t n = body().coordinates.size(), frames = solved.motion.frame_count();
  const double h = solved.motion.time[1] - solved.motion.time[0];
  double largest_speed = 0;
  for (std::size_t f = 3; f + 3 < frames; ++f)
    for (std::size_t c = 0; c < n; ++c) {
      const auto q = [&](int k) { return solved.motion.q[(f + static_cast<std::size_t>(k + 3) - 3) * n + c]; };
      const double before = solved.motion.q[(f - 1) * n + c], after = q(1), here = q(0);
      EXPECT_NEAR(solved.motion.qd[f * n + c], (after - before) / (2 * h), 0.02);
      EXPECT_NEAR(solved.motion.qdd[f * n + c], (after - 2 * here + before) / (h * h), 0.6);
      largest_speed = std::max(largest_speed, std::abs(solved.motion.qd[f * n + c]));
    }
  EXPECT_GT(largest_speed, 0.3);
}

TEST(Movement, ThePressureCentreOfABodyAtRestIsUnderItsMassCentre) {
  // the support distance is zero with the mass centre over the feet and grows as the body is leaned over
  SolvedMovement solved = solve(read("quiet_standing"));
  const std::vector<Wrench<double>> none(body().bodies.size(), zero_wrench<double>());
  EXPECT_EQ(calc_distance_outside_support(body(), solved, 0, none), 0);
  Kinematics<double> kin = make_kinematics<double>(body());
  update_positions(body(), solved.motion.q.data(), kin);
  const Vec3d center = find_mass_center(kin);
  double heel = 1e9;
  for (const ContactPoint& p : solved.contacts.points)
    heel = std::min(heel, (kin.X_WB[static_cast<std::size_t>(p.body)] * p.p_B).x);
  // a load far behind moves the pressure centre out by statics: x = (W x_c + F x_l) / (W + F)
  const double weight = body().total_mass * 9.80665, force = 200, at = -2.0;
  std::vector<Wrench<double>> loads = none;
  loads[static_cast<std::size_t>(body().find_body("torso"))] = {{0, -force, 0},
                                                                cross(Vec3d{at, 1, 0}, Vec3d{0, -force, 0})};
  const double pressure = (weight * center.x + force * at) / (weight + force);
  ASSERT_LT(pressure, heel);
  EXPECT_NEAR(calc_distance_outside_support(body(), solved, 0, loads), heel - pressure, 0.01);
}

TEST(Movement, AWeightInTheHandsShowsInTheGroundForceAndInTheSpine) {
  const auto find_loads = [](const std::string& setting) {
    std::string text, record;
    Diagnostics diagnostics;
    ShownSimulateRequest request;
    request.movement = "hold_close";
    request.settings = {setting};
    run_simulate(request, text, record, diagnostics);
    EXPECT_FALSE(diagnostics.has_errors());
    const auto find = [&](const std::string& key) {
      const std::size_t place = record.find("\"" + key + "\"");
      EXPECT_NE(place, std::string::npos) << key;
      return place == std::string::npos ? 0.0 : std::strtod(record.c_str() + record.find(':', place) + 1, nullptr);
    };
    return std::pair{find("foot_r") + find("foot_l") + find("toes_r") + find("toes_l"), find("L4_L5_compression")};
  };
  const auto [empty, spine_empty] = find_loads("load_kg=0");
  const auto [full, spine_full] = find_loads("load_kg=20");
  EXPECT_NEAR(full - empty, 20 * 9.80665, 1);
  EXPECT_GT(spine_full, spine_empty + 20 * 9.80665 / (75 * 9.80665)) << "the weight and the muscles that hold it";
}

struct BadFile {
  const char* id;
  const char* what;
  const char* json;
};
class MovementFiles : public testing::TestWithParam<BadFile> {};

TEST_P(MovementFiles, EndInTheirId) {
  const std::string path = testing::TempDir() + "/movement_test_bad.json";
  std::ofstream(path) << GetParam().json;
  std::string text, record;
  Diagnostics diagnostics;
  ShownSimulateRequest request;
  request.movement = path;
  EXPECT_EQ(run_simulate(request, text, record, diagnostics), RunStatus::bad_input);
  EXPECT_TRUE(has_id(diagnostics, GetParam().id)) << GetParam().what;
  std::remove(path.c_str());
}

#define HEAD R"({"name":"x","title":"x","description":"x","source":"x",)"
#define FOOT \
  R"("contacts":["foot_r"],"keyframes":[{"name":"a","place":[{"group":"foot_r","surface":"floor","x_m":0,"z_m":0}],)"
#define BAND(to, rest, stiffness)                                                                           \
  R"("bands":[{"name":"b","from_body":"tibia_r","from_point_m":[0,0,0],"to_point_m":[0,0,0],"to_body":)" to \
  R"(,"rest_length_m":)" #rest R"(,"stiffness_N_per_m":)" #stiffness R"(}],"keyframes":[{"name":"a"}]})"
#define WALL(width, incline)                                                                                           \
  R"("surfaces":[{"name":"wall","x_m":0,"y_m":1,"z_m":0,"length_m":1,"width_m":)" #width R"(,"incline_deg":)" #incline \
  R"(}],"keyframes":[{"name":"a"}]})"
INSTANTIATE_TEST_SUITE_P(
    Bad, MovementFiles,
    testing::Values(
        BadFile{"MOVE-001", "no JSON", "{"}, BadFile{"MOVE-002", "no title", R"({"name":"x"})"},
        BadFile{"MOVE-002", "a misspelt field", HEAD R"("contact":[],"keyframes":[{"name":"a"}]})"},
        BadFile{"MOVE-002", "a text for a number", HEAD R"("keyframes":[{"name":"a","pose":{"hip_flexion_r":"90"}}]})"},
        BadFile{"MOVE-002", "no keyframes", HEAD R"("keyframes":[]})"},
        BadFile{"MOVE-003", "unknown coordinate", HEAD FOOT R"("pose":{"hip_flexoin_r":1}}]})"},
        BadFile{"MOVE-004", "unknown group", HEAD R"("contacts":["tail"],"keyframes":[{"name":"a"}]})"},
        BadFile{"MOVE-004", "unknown surface",
                HEAD
                R"("contacts":["foot_r"],"keyframes":[{"name":"a","place":[{"group":"foot_r","surface":"moon"}]}]})"},
        BadFile{"MOVE-004", "a group on an unknown surface",
                HEAD R"("contacts":["foot_r on moon"],"keyframes":[{"name":"a"}]})"},
        BadFile{"MOVE-007", "hands on the floor behind straight knees",
                HEAD FOOT R"("pose":{"pelvis_tilt":0,"pelvis_ty":2.5}}]})"},
        BadFile{"MOVE-008", "knee bent backwards", HEAD FOOT R"("pose":{"pelvis_tilt":0,"knee_angle_r":-30}}]})"},
        BadFile{"MOVE-002", "a wall that is given by its normal",
                HEAD
                R"("surfaces":[{"name":"wall","x_m":0,"y_m":1,"z_m":0,"length_m":1,"width_m":1,"normal":[1,0,0]}],)"
                R"("keyframes":[{"name":"a"}]})"},
        BadFile{"MOVE-002", "a band without a rest length",
                HEAD R"("bands":[{"name":"b","from_body":"tibia_r","from_point_m":[0,0,0],"to_body":"tibia_l",)"
                     R"("to_point_m":[0,0,0],"stiffness_N_per_m":100}],"keyframes":[{"name":"a"}]})"},
        BadFile{"MOVE-002", "a band to two numbers instead of a point",
                HEAD R"("bands":[{"name":"b","from_body":"tibia_r","from_point_m":[0,0],"to_body":"tibia_l",)"
                     R"("to_point_m":[0,0,0],"rest_length_m":1,"stiffness_N_per_m":1}],"keyframes":[{"name":"a"}]})"},
        BadFile{"MOVE-002", "a default outside its range",
                HEAD
                R"("parameters":[{"name":"p","title":"p","default":3,"min":0,"max":2}],"keyframes":[{"name":"a"}]})"},
        BadFile{"MOVE-002", "a measured load without a value",
                HEAD R"("keyframes":[{"name":"a"}],"published":[{"load":"hip_r","source":"x"}]})"},
        BadFile{"MOVE-004", "a band to an unknown body", HEAD BAND("\"tail\"", 1, 100)},
        BadFile{"MOVE-010", "a band from a body to itself", HEAD BAND("\"tibia_r\"", 1, 100)},
        BadFile{"MOVE-010", "a band without length", HEAD BAND("\"tibia_l\"", 0, 100)},
        BadFile{"MOVE-010", "a band that pushes", HEAD BAND("\"tibia_l\"", 1, -100)},
        BadFile{"MOVE-010", "a wall without width", HEAD WALL(0, 90)},
        BadFile{"MOVE-010", "a ceiling", HEAD WALL(1, 120)},
        BadFile{"MOVE-010", "a weight that lifts",
                HEAD R"("loads":[{"name":"balloon","body":"hand_r","point_m":[0,0,0],"mass_kg":-5}],)"
                     R"("keyframes":[{"name":"a"}]})"},
        BadFile{"MOVE-010", "back in time", HEAD R"("keyframes":[{"name":"a"},{"name":"b","duration_s":-1}]})"},
        BadFile{"MOVE-007", "the back on a wall that stands out of reach",
                HEAD R"("contacts":["foot_r","upper_back"],"surfaces":[{"name":"wall","x_m":-3,"y_m":1,"z_m":0,)"
                     R"("length_m":2,"width_m":1,"incline_deg":90}],"keyframes":[{"name":"a",)"
                     R"("place":[{"group":"foot_r","surface":"floor","x_m":0,"z_m":0},)"
                     R"({"group":"upper_back","surface":"wall","slides":true}]}]})"},
        BadFile{"MOVE-009", "leaning over like a falling tree",
                HEAD FOOT R"("pose":{"pelvis_tilt":0,"ankle_angle_r":0,"hip_flexion_r":-25,"hip_flexion_l":90}}]})"},
        BadFile{"MOVE-009", "in the air",
                HEAD R"("contacts":["foot_r"],"keyframes":[{"name":"a","pose":{"pelvis_ty":2}}]})"}));

TEST(Movement, ParametersOutOfRangeOrUnknownEndInTheirId) {
  Diagnostics diagnostics;
  MovementSpec movement = read("squat");
  set_parameters({"depth_deg=200"}, movement, diagnostics);
  EXPECT_TRUE(has_id(diagnostics, "MOVE-006"));
  for (const char* setting : {"height=3", "depth_deg", "depth_deg=deep", "depth_deg=nan", "="}) {
    Diagnostics one;
    set_parameters({setting}, movement, one);
    EXPECT_TRUE(has_id(one, "MOVE-005")) << setting;
  }
}

}  // namespace
}  // namespace buttress
