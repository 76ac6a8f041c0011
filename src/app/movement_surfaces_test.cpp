// Walls, backrests and sloped seats. What the references can prove: the plane of a surface against turns by another
// library (Eigen), places of the body against that plane, statics for what presses where, and that taking a support
// away takes the balance away.
#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "app/shell_testing.h"
#include "base/run_status.h"
#include "movement/movement_goal.h"
#include "movement/movement_support.h"
#include "movement/movement_testing.h"
#include "multibody/kinematics.h"

namespace buttress {
namespace {

using Vector = Eigen::Vector3d;
Vector as_eigen(const Vec3d& v) {
  return {v.x, v.y, v.z};
}

nlohmann::json simulate(const std::string& movement, const std::vector<std::string>& settings) {
  std::string text, record;
  Diagnostics diagnostics;
  ShownSimulateRequest request;
  request.movement = movement;
  request.settings = settings;
  request.thread_count = 1;
  EXPECT_EQ(run_simulate(request, text, record, diagnostics), RunStatus::done);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  return nlohmann::json::parse(record);
}

TEST(MovementSurfaces, FaceWhereTheirAnglesSay) {
  for (const double incline : {0.0, 30.0, 90.0, -45.0})
    for (const double turn : {0.0, 20.0, 90.0, -130.0}) {
      MovementSurface s;
      s.name = "s";
      s.length_m.offset = 2, s.width_m.offset = 1;
      s.incline_deg.offset = incline, s.turn_deg.offset = turn;
      const ContactSurface made = make_surface({}, s);
      // facing up; tipped forward about the axis to the right, then turned to the left about the vertical
      const Eigen::Matrix3d R = (Eigen::AngleAxisd(turn * M_PI / 180, Vector::UnitY()) *
                                 Eigen::AngleAxisd(-incline * M_PI / 180, Vector::UnitZ()))
                                    .toRotationMatrix();
      EXPECT_LT((as_eigen(made.normal_W) - R * Vector::UnitY()).norm(), 1e-12);
      EXPECT_LT((as_eigen(made.tangent1_W) - R * Vector::UnitX()).norm(), 1e-12);
      EXPECT_LT((as_eigen(made.tangent2_W) - R * Vector::UnitZ()).norm(), 1e-12);
      EXPECT_EQ(made.half_size1, 1);
      EXPECT_EQ(made.half_size2, 0.5);
    }
}

TEST(MovementSurfaces, TheBackSlidesAlongTheWallAndStaysOnIt) {
  const SolvedMovement solved = solve(read("single_leg_wall_squat", {"foot_m=0.4"}));
  const std::size_t n = body().coordinates.size();
  Kinematics<double> kin = make_kinematics<double>(body());
  double highest = -1, lowest = 9;
  for (std::size_t f = 0; f < solved.motion.frame_count(); ++f) {
    update_positions(body(), &solved.motion.q[f * n], kin);
    for (const ContactPoint& p : contacts().points) {
      if (p.group != "upper_back") continue;
      const Vec3d at = kin.X_WB[static_cast<std::size_t>(p.body)] * p.p_B;
      EXPECT_NEAR(at.x, -0.4, 3e-3) << "frame " << f;
      highest = std::max(highest, at.y), lowest = std::min(lowest, at.y);
    }
  }
  EXPECT_GT(highest - lowest, 0.1) << "it slides down";
}

TEST(MovementSurfaces, WithoutTheWallTheBodyFallsBackwards) {
  SolvedMovement solved = solve(read("single_leg_wall_squat"));
  const std::vector<Wrench<double>> none(body().bodies.size(), zero_wrench<double>());
  EXPECT_LT(calc_distance_outside_support(body(), solved, 0, none), 0.01);
  std::vector<ContactPoint> feet;
  for (const ContactPoint& p : solved.contacts.points)
    if (p.surface == 0) feet.push_back(p);
  solved.contacts.points = feet;
  EXPECT_GT(calc_distance_outside_support(body(), solved, 0, none), 0.1);
}

TEST(MovementSurfaces, ChairBackrestAndFloorTogetherCarryTheWeight) {
  const auto record = simulate("sitting_backrest", {"recline_deg=30"});
  double vertical = 0;
  for (const auto& force : record["conditions"][0]["peak_vertical_ground_force_N"]) vertical += force.get<double>();
  EXPECT_NEAR(vertical, body().total_mass * 9.80665, 1);
}

TEST(MovementSurfaces, AGroupMayPressOnASurfaceOnWhichNoKeyframePlacesIt) {
  // the buttocks roll on the chair, whatever part of them that is; the floor is not meant
  const SolvedMovement solved = solve(read("sitting"));
  std::map<std::string, std::set<std::string>> touched;
  for (const ContactPoint& p : solved.contacts.points)
    touched[p.group].insert(solved.contacts.surfaces[static_cast<std::size_t>(p.surface)].name);
  EXPECT_EQ(touched["buttock_r"], std::set<std::string>{"chair"});
  EXPECT_EQ(touched["foot_r"], std::set<std::string>{"floor"});
  EXPECT_EQ(touched["seat_r"], (std::set<std::string>{"chair", "floor"}));
  MovementSpec without = read("sitting");
  std::erase_if(without.contacts, [](const std::string& words) { return words.find(" on ") != std::string::npos; });
  EXPECT_LT(solve(without).contacts.points.size(), solved.contacts.points.size());
}

TEST(MovementSurfaces, OnlyInPeopleWhoLieAtRestTheTrunkFallsSilent) {
  const auto find_least = [](const std::string& movement) {
    const auto record = simulate(movement, {});
    double least = 1;
    for (const char* group : {"erector_spinae_r", "multifidus_r", "quadratus_lumborum_r", "rectus_abdominis_r",
                              "external_oblique_r", "internal_oblique_r"})
      least = std::min(least, record["conditions"][0]["peak_group_activations"][group].get<double>());
    return least;
  };
  // trunk_tone of data/models/parameters.csv
  EXPECT_GE(find_least("quiet_standing"), 0.017 - 1e-9);
  EXPECT_LT(find_least("lying_front"), 0.001);
}

TEST(MovementSurfaces, ABackrestCarriesMoreOfTheTrunkTheFurtherOneLeansBack) {
  // the spine's load is another matter: docs/validation.md
  const auto find_share = [](double recline_deg) {
    const auto record = simulate("sitting_backrest", {"slouch_deg=0", "recline_deg=" + std::to_string(recline_deg)});
    const auto& forces = record["conditions"][0]["peak_vertical_ground_force_N"];
    double back = 0, all = 0;
    for (auto group = forces.begin(); group != forces.end(); ++group) {
      const double force = group.value().get<double>();
      all += force;
      if (group.key().find("back") != std::string::npos && group.key().find("thigh") == std::string::npos)
        back += force;
    }
    return back / all;
  };
  const double a_little = find_share(5), half = find_share(20), far = find_share(35);
  EXPECT_GT(half, a_little + 0.02);
  EXPECT_GT(far, half + 0.02);
}

}  // namespace
}  // namespace buttress
