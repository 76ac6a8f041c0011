// Walking against people that the computation never saw: ground force, net moments (Schwartz 2008), times of muscles
// (Perry), the share of the hip's load that no muscle makes (Correa 2010).
#include <cmath>
#include <cstdio>

#include "load/inverse_chain.h"
#include "load/skeleton_reaction.h"
#include "movement/movement_cycle.h"
#include "movement/movement_testing.h"

namespace buttress {
namespace {

const double kWeight = body().total_mass * 9.80665;

/// a movement with its loads, computed once
struct Run {
  SolvedMovement solved;
  ChainPlan plan;
  ChainOutput output;
  std::size_t frames() const { return solved.motion.frame_count(); }
  /// force of the ground on a foot and its toes, N, and the place of its pressure
  Vec3d find_ground_force(std::size_t frame, char side, double* pressure_x = nullptr) const {
    Vec3d force{0, 0, 0};
    double x = 0;
    for (std::size_t g = 0; g < plan.contact_groups.size(); ++g) {
      const std::string& name = plan.contact_groups[g].name;
      if (name[name.find('_') + 1] != side) continue;
      const double* v = &output.contact[(frame * plan.contact_groups.size() + g) * 9];
      force += Vec3d{v[0], v[1], v[2]};
      x += v[1] * v[3];
    }
    if (pressure_x) *pressure_x = x / force.y;
    return force;
  }
  double find_joint_load(std::size_t frame, const std::string& joint) const {
    const double* r =
        &output.reaction[(frame * body().joints.size() + static_cast<std::size_t>(body().find_joint(joint))) * 9];
    return norm(Vec3d{r[0], r[1], r[2]}) / kWeight;
  }
  double find_moment(std::size_t frame, const std::string& coordinate) const {
    return output.joint_moment[frame * body().coordinates.size() +
                               static_cast<std::size_t>(body().find_coordinate(coordinate))] /
           body().total_mass;
  }
  /// mean activation of the muscles whose name begins so
  double find_activation(std::size_t from, std::size_t to, const std::string& begin) const {
    double sum = 0, count = 0;
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
      const std::string& name = plan.columns[c].name;
      if (plan.columns[c].muscle < 0 || name.rfind(begin, 0) != 0 || name.substr(name.size() - 2) != "_r") continue;
      for (std::size_t f = from; f < to; ++f) sum += output.activation[f * plan.columns.size() + c], count += 1;
    }
    return sum / count;
  }
};
Run run(const std::string& name) {
  Run r;
  r.solved = solve(read(name));
  ChainOptions options;
  options.contacts = r.solved.contacts;
  r.plan = make_chain_plan(body(), options, {});
  const CoordinateTrajectory& m = r.solved.motion;
  r.output = make_chain_output(r.plan, m.frame_count());
  run_chain(r.plan, {m.frame_count(), m.q.data(), m.qd.data(), m.qdd.data(), nullptr}, {}, r.output);
  for (FrameStatus s : r.output.status) EXPECT_EQ(s, FrameStatus::solved);
  return r;
}
const Run& walk() {
  static const Run r = run("walk");
  return r;
}

TEST(MovementWalk, GroundForcePassesNearTheMassCenter) {
  // in the public recording rajagopal_walk, force plates and the model's mass centre, by at most 58 mm of one
  // person; others may differ by a third
  Kinematics<double> kin = make_kinematics<double>(body());
  double worst = 0;
  for (std::size_t f = 0; f < walk().frames(); ++f) {
    std::vector<double> q(
        walk().solved.motion.q.begin() + static_cast<std::ptrdiff_t>(f * body().coordinates.size()),
        walk().solved.motion.q.begin() + static_cast<std::ptrdiff_t>((f + 1) * body().coordinates.size()));
    update_positions(body(), q.data(), kin);
    const Vec3d mass_center = find_mass_center(kin);
    Vec3d force{0, 0, 0};
    double moment = 0;
    for (const char side : {'r', 'l'}) {
      double pressure_x = 0;
      const Vec3d foot = walk().find_ground_force(f, side, &pressure_x);
      if (foot.y < 1) continue;
      force += foot, moment += foot.y * (pressure_x - mass_center.x) + foot.x * mass_center.y;
    }
    worst = std::max(worst, std::abs(moment / force.y));
  }
  std::printf("walk: the ground's force passes within %.0f mm of the mass centre\n", 1000 * worst);
  EXPECT_LT(worst, 0.075);
}

TEST(MovementWalk, GroundForceOfWalkingHasTwoHumpsAndItsPressureGoesFromHeelToToe) {
  // people at this speed: humps of 1.0 to 1.2 BW near 12 and 48 %, 0.7 to 0.9 BW between, brakes then drives by 0.15 to
  // 0.25
  double first = 0, valley = 9, second = 0, brake = 0, drive = 0;
  for (std::size_t f = 0; f < 65; ++f) {
    const Vec3d force = walk().find_ground_force(f, 'r');
    if (f < 25) first = std::max(first, force.y / kWeight);
    if (f >= 20 && f < 42) valley = std::min(valley, force.y / kWeight);
    if (f >= 40) second = std::max(second, force.y / kWeight);
    brake = std::min(brake, force.x / kWeight), drive = std::max(drive, force.x / kWeight);
  }
  const auto find_peak = [](const std::string& joint) {
    double peak = 0;
    for (std::size_t f = 0; f < walk().frames(); ++f) peak = std::max(peak, walk().find_joint_load(f, joint));
    return peak;
  };
  double at_contact = 0, middle = 0, push_off = 0;
  walk().find_ground_force(4, 'r', &at_contact);
  walk().find_ground_force(30, 'r', &middle);
  walk().find_ground_force(46, 'r', &push_off);
  const double heel = find_point(walk().solved, 20, "heel_back_r").x,
               toe = find_point(walk().solved, 20, "big_toe_r").x;
  const auto share = [&](double x) { return (x - heel) / (toe - heel); };
  std::printf(
      "walk: humps %.2f and %.2f BW, %.2f between, brakes %.2f, drives %.2f; pressure at %.0f, %.0f, %.0f %% of the "
      "foot at 4, 30, 46 %% of the stride; hip %.2f, knee %.2f BW\n",
      first, second, valley, brake, drive, 100 * share(at_contact), 100 * share(middle), 100 * share(push_off),
      find_peak("hip_r"), find_peak("walker_knee_r"));
  EXPECT_GT(first, 1.0);
  EXPECT_LT(first, 1.25);
  EXPECT_GT(second, 1.0);
  EXPECT_LT(second, 1.25);
  EXPECT_LT(valley, first - 0.1);
  EXPECT_LT(valley, second - 0.1);
  EXPECT_GT(brake, -0.3);
  EXPECT_LT(brake, -0.08);
  EXPECT_GT(drive, 0.12);
  EXPECT_LT(drive, 0.35);
  EXPECT_LT(share(at_contact), 0.4);
  EXPECT_GT(share(middle), share(at_contact));
  // in double support least effort shares the load as it likes, and the pressure goes back to the ball
  EXPECT_GT(share(push_off), 0.75);
  // both feet together carry the body over the whole stride: what goes round has the weight as its mean
  double sum = 0;
  for (std::size_t f = 0; f + 1 < walk().frames(); ++f)
    sum += (walk().find_ground_force(f, 'r').y + walk().find_ground_force(f, 'l').y) / kWeight / 100;
  EXPECT_NEAR(sum, 1, 0.005);
}

TEST(MovementWalk, NetMomentsOfWalkingAreNearThoseOfThePeopleWhoseAnglesAreWalked) {
  // Schwartz 2008, free speed, N m/kg at 10, 15, ... 60 % of the stride (every 5 %, between rows the mean); theirs are
  // internal moments: hip extension, hip abduction, knee extension, plantarflexion positive. The ankle's also fixed the
  // course of the pressure centre. Missed: the knee's extension moment of early stance, which here is the hip's.
  const struct {
    const char* coordinate;
    double sign, theirs[11], largest_rmse, least_correlation;
  } rows[] = {
      {"hip_flexion_r", -1, {0.48, 0.355, 0.17, 0.075, 0, -0.10, -0.25, -0.46, -0.62, -0.49, -0.32}, 0.3, 0.9},
      {"hip_adduction_r", -1, {0.36, 0.47, 0.48, 0.405, 0.36, 0.375, 0.42, 0.44, 0.38, 0.12, -0.09}, 0.2, 0.7},
      {"knee_angle_r", -1, {0.33, 0.325, 0.17, 0.005, -0.10, -0.185, -0.24, -0.195, -0.02, 0.13, 0.10}, 0.28, 0.3},
      {"ankle_angle_r", -1, {0, 0.15, 0.31, 0.47, 0.62, 0.80, 1.00, 1.185, 1.19, 0.71, 0.05}, 0.33, 0.75},
  };
  for (const auto& row : rows) {
    double square = 0, ours1 = 0, theirs1 = 0, oo = 0, tt = 0, ot = 0;
    for (std::size_t i = 0; i < 11; ++i) {
      const double ours = row.sign * walk().find_moment(10 + 5 * i, row.coordinate), theirs = row.theirs[i];
      square += std::pow(ours - theirs, 2) / 11;
      ours1 += ours / 11, theirs1 += theirs / 11, oo += ours * ours / 11, tt += theirs * theirs / 11;
      ot += ours * theirs / 11;
    }
    const double correlation = (ot - ours1 * theirs1) / std::sqrt((oo - ours1 * ours1) * (tt - theirs1 * theirs1));
    std::printf("walk, %s: moment RMSE %.2f N m/kg, correlation %.2f with Schwartz 2008\n", row.coordinate,
                std::sqrt(square), correlation);
    EXPECT_LT(std::sqrt(square), row.largest_rmse) << row.coordinate;
    EXPECT_GT(correlation, row.least_correlation) << row.coordinate;
  }
}

TEST(MovementWalk, HipAbductorsAndExtensorsWorkInEarlyStanceAndRestInSwing) {
  // Perry: gluteus maximus and vasti 0 to 30 %, gluteus medius to 40 %, calf to 50 %, tibialis anterior in swing
  const auto mean = [](std::size_t from, std::size_t to, const char* name) {
    return walk().find_activation(from, to, name);
  };
  for (const char* name : {"glmax", "glmed", "vas", "soleus", "gas", "tibant"})
    std::printf(
        "walk, %s: activation %.0f %% from 0 to 30, %.0f %% from 30 to 60, %.0f %% from 65 to 90 %% of the stride\n",
        name, 100 * mean(0, 30, name), 100 * mean(30, 60, name), 100 * mean(65, 90, name));
  EXPECT_GT(mean(0, 30, "glmax"), 3 * mean(65, 90, "glmax"));
  EXPECT_GT(mean(0, 30, "glmax"), 2 * mean(30, 60, "glmax"));
  EXPECT_GT(mean(5, 40, "glmed"), 3 * mean(65, 90, "glmed"));
  EXPECT_GT(mean(0, 30, "vas"), mean(30, 60, "vas"));
  EXPECT_GT(mean(30, 60, "gas"), 3 * mean(65, 90, "gas"));
  EXPECT_GT(mean(65, 90, "tibant"), 3 * mean(30, 55, "tibant"));
}

TEST(MovementWalk, GravityAndSpeedAloneLoadTheHipLittleInWalking) {
  // Correa 2010: below 5 % of the hip's load comes from gravity and centrifugal terms; bar 10 % of the peak
  ReactionWorkspace ws = make_reaction_workspace(walk().plan);
  const ReactionRequest hip{body().find_joint("hip_r"), false, 0, Posed::identity()};
  const std::size_t n = body().coordinates.size();
  double peak = 0, skeleton = 0, mean = 0, mean_skeleton = 0;
  for (std::size_t f = 0; f < 60; f += 2) {
    const double *q = &walk().solved.motion.q[f * n], *qd = &walk().solved.motion.qd[f * n];
    ASSERT_TRUE(update_skeleton_reactions(walk().plan, q, qd, 0, find_touching_points(walk().plan, q, qd, ws), ws));
    const double alone = norm(find_reaction_load(body(), ws, hip).force) / kWeight;
    peak = std::max(peak, walk().find_joint_load(f, "hip_r")), skeleton = std::max(skeleton, alone);
    mean += walk().find_joint_load(f, "hip_r"), mean_skeleton += alone;
  }
  std::printf(
      "walk: gravity and speed alone load the hip by up to %.2f BW, %.1f %% of the peak of %.2f BW; means over stance "
      "%.1f %%\n",
      skeleton, 100 * skeleton / peak, peak, 100 * mean_skeleton / mean);
  EXPECT_LT(skeleton, 0.10 * peak);
  EXPECT_LT(mean_skeleton, 0.10 * mean);
}

}  // namespace
}  // namespace buttress
