// Movements that repeat themselves. What the references can prove: the series against their formula and their
// differences, mirror images, and places of the feet looked up again from poses.
#include "movement/movement_cycle.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <numbers>

#include "app/shell_testing.h"
#include "base/run_status.h"
#include "movement/movement_testing.h"

namespace buttress {
namespace {

TEST(MovementCycle, CurvesAreTheirFourierSeriesAndTheLeftSideIsHalfACycleLater) {
  Diagnostics diagnostics;
  const MovementSpec movement = read("stairs_up");
  const Cycle cycle = make_cycle(body(), movement, diagnostics);
  ASSERT_FALSE(diagnostics.has_errors());
  const std::size_t n = body().coordinates.size();
  std::vector<double> q(n), dq(n), ddq(n), before(n), after(n), unused(n);
  const auto knee = std::find_if(movement.cycle->curves.begin(), movement.cycle->curves.end(),
                                 [](const MovementCurve& c) { return c.coordinate == "knee_angle"; });
  const std::size_t right = static_cast<std::size_t>(body().find_coordinate("knee_angle_r")),
                    left = static_cast<std::size_t>(body().find_coordinate("knee_angle_l")),
                    list = static_cast<std::size_t>(body().find_coordinate("pelvis_list")),
                    tilt = static_cast<std::size_t>(body().find_coordinate("pelvis_tilt"));
  for (double phase : {0.0, 0.13, 0.5, 0.77}) {
    calc_cycle_coordinates(cycle, phase, q.data(), dq.data(), ddq.data());
    double expected = knee->mean.offset;
    for (std::size_t k = 0; k < knee->cos.size(); ++k) {
      const double w = 2 * std::numbers::pi * static_cast<double>(k + 1);
      expected += knee->cos[k].offset * std::cos(w * phase) + knee->sin[k].offset * std::sin(w * phase);
    }
    EXPECT_NEAR(q[right] * 180 / std::numbers::pi, expected, 1e-9);
    // derivatives by differences
    constexpr double h = 1e-4;
    calc_cycle_coordinates(cycle, phase - h, before.data(), unused.data(), unused.data());
    calc_cycle_coordinates(cycle, phase + h, after.data(), unused.data(), unused.data());
    for (std::size_t c = 0; c < n; ++c) {
      EXPECT_NEAR(dq[c], (after[c] - before[c]) / (2 * h), 1e-3) << body().coordinates[c].name;
      EXPECT_NEAR(ddq[c], (after[c] - 2 * q[c] + before[c]) / (h * h), 1e-2) << body().coordinates[c].name;
    }
    // half a cycle later the sides have changed places, and so has what the mirror turns
    calc_cycle_coordinates(cycle, phase + 0.5, after.data(), unused.data(), unused.data());
    EXPECT_NEAR(after[left], q[right], 1e-12);
    EXPECT_NEAR(after[list], -q[list], 1e-12);
    EXPECT_NEAR(after[tilt], q[tilt], 1e-12);
  }
}

TEST(MovementCycle, FeetNeitherSlipNorSinkInWalkingAndTheStrideIsTheOneThatTheSpeedAsksFor) {
  for (const char* speed : {"0.86", "1.2", "1.5"}) {
    SCOPED_TRACE(speed);
    const SolvedMovement solved = solve(read("walk", {std::string("speed_m_s=") + speed}));
    const std::size_t last = solved.motion.frame_count() - 1;
    // heel from 5 to 28, forefoot from 15 to 50 hundredths of the stride
    double slip = 0, low = 0, high = 0;
    for (const char* side : {"_r", "_l"})
      for (std::size_t f = 0; f <= last; ++f) {
        const std::size_t phase = (f + (side[1] == 'l' ? last / 2 : 0)) % last;
        for (const char* name : {"heel_back", "heel_lateral", "ball_first", "ball_fifth", "big_toe"}) {
          const bool is_heel = name[0] == 'h';
          const Vec3d p = find_point(solved, f, std::string(name) + side);
          low = std::min(low, p.y);
          if (phase < (is_heel ? 12u : 16u) || phase > (is_heel ? 28u : 50u)) continue;
          high = std::max(high, std::abs(p.y));
          if (f == 0 || phase == (is_heel ? 12u : 16u)) continue;
          const Vec3d before = find_point(solved, f - 1, std::string(name) + side);
          slip = std::max(
              slip, std::hypot(p.x - before.x, p.z - before.z) / (solved.motion.time[f] - solved.motion.time[f - 1]));
        }
      }
    std::printf(
        "walk %s m/s: planted points slip at most %.0f mm/s, are at most %.1f mm off the floor; lowest %.1f mm\n",
        speed, 1000 * slip, 1000 * high, 1000 * low);
    EXPECT_LT(slip, 0.15);
    EXPECT_LT(high, 0.008);
    EXPECT_GT(low, -0.015);
    const double stride = find_point(solved, last, "heel_back_r").x - find_point(solved, 0, "heel_back_r").x;
    EXPECT_NEAR(stride / solved.motion.time[last], std::atof(speed), 1e-6);
    // a mirror image half a stride later
    const Vec3d right = find_point(solved, 10, "heel_back_r"), left = find_point(solved, 10 + last / 2, "heel_back_l");
    EXPECT_NEAR(left.x - right.x, stride / 2, 1e-6);
    EXPECT_NEAR(left.y, right.y, 1e-6);
    EXPECT_NEAR(left.z, -right.z, 1e-6);
  }
}

TEST(MovementCycle, StairsRiseAndFallByTwoStepsAStrideAndEachFootStandsOnItsStep) {
  for (const char* name : {"stairs_up", "stairs_down"}) {
    SCOPED_TRACE(name);
    const double sign = name[7] == 'u' ? 1 : -1;
    const SolvedMovement solved = solve(read(name, {"step_height_m=0.17"}));
    const std::size_t last = solved.motion.frame_count() - 1;
    EXPECT_NEAR(find_point(solved, last, "ball_middle_r").y - find_point(solved, 0, "ball_middle_r").y, sign * 0.34,
                1e-6);
    double off = 0;
    for (std::size_t f = 15; f <= 50; ++f) off = std::max(off, std::abs(find_point(solved, f, "ball_middle_r").y));
    for (std::size_t f = 65; f <= last; ++f)
      off = std::max(off, std::abs(find_point(solved, f, "ball_middle_l").y - sign * 0.17));
    std::printf("%s: balls of the feet at most %.1f mm off their steps\n", name, 1000 * off);
    EXPECT_LT(off, 0.01);
  }
}

struct BadCycle {
  const char* id;
  const char* what;
  const char* json;
};
class CycleFiles : public testing::TestWithParam<BadCycle> {};

TEST_P(CycleFiles, EndInTheirId) {
  const std::string path = testing::TempDir() + "/movement_cycle_test_bad.json";
  std::ofstream(path) << R"({"name":"x","title":"x","description":"x","source":"x","contacts":["foot_r","foot_l"],)"
                      << GetParam().json << "}";
  std::string text, record;
  Diagnostics diagnostics;
  ShownSimulateRequest request;
  request.movement = path;
  EXPECT_EQ(run_simulate(request, text, record, diagnostics), RunStatus::bad_input) << GetParam().what;
  bool found = false;
  for (const Diagnostic& d : diagnostics.items()) found = found || d.id == GetParam().id;
  EXPECT_TRUE(found) << GetParam().what;
  std::remove(path.c_str());
}

#define FEET R"("planted":[{"points":["heel_back","ball_first","ball_fifth"],"from_percent":0,"to_percent":60}])"
INSTANTIATE_TEST_SUITE_P(
    Bad, CycleFiles,
    testing::Values(
        BadCycle{"MOVE-002", "period and speed", R"("cycle":{"period_s":1,"speed_m_s":1,"curves":{},)" FEET "}"},
        BadCycle{"MOVE-002", "a period of nothing", R"("cycle":{"period_s":0,"curves":{},)" FEET "}"},
        BadCycle{"MOVE-002", "keyframes too",
                 R"("keyframes":[{"name":"a"}],"cycle":{"period_s":1,"curves":{},)" FEET "}"},
        BadCycle{"MOVE-002", "cos without sin",
                 R"("cycle":{"period_s":1,"curves":{"knee_angle":{"mean":9,"cos":[1]}},)" FEET "}"},
        BadCycle{"MOVE-002", "nothing is planted", R"("cycle":{"period_s":1,"curves":{},"planted":[]})"},
        BadCycle{
            "MOVE-002", "planted backwards",
            R"("cycle":{"period_s":1,"curves":{},"planted":[{"points":["heel_back"],"from_percent":60,"to_percent":0}]})"},
        BadCycle{"MOVE-003", "unknown coordinate", R"("cycle":{"period_s":1,"curves":{"tail":{"mean":9}},)" FEET "}"},
        BadCycle{
            "MOVE-004", "unknown point",
            R"("cycle":{"period_s":1,"curves":{},"planted":[{"points":["tail"],"from_percent":0,"to_percent":60}]})"},
        BadCycle{
            "MOVE-002", "pressure that goes back in time",
            R"("cycle":{"period_s":1,"curves":{},"pressure":{"back":"heel_back","front":"ball_first","course":[[20,9],[10,30]]},)" FEET
            "}"},
        BadCycle{
            "MOVE-004", "pressure along points that are not planted",
            R"("cycle":{"period_s":1,"curves":{},"pressure":{"back":"big_toe","front":"ball_first","course":[[10,9],[20,30]]},)" FEET
            "}"},
        BadCycle{"MOVE-007", "feet that stay where the curves do not let them",
                 R"("cycle":{"period_s":1,"advance_m":5,"curves":{"hip_flexion":{"mean":0,"sure":0.1}},)" FEET "}"},
        BadCycle{
            "MOVE-008", "a knee that bends forward",
            R"("cycle":{"period_s":1,"advance_m":0.1,"curves":{"knee_angle":{"mean":-40,"sure":0.001},"hip_flexion":{"mean":0},"ankle_angle":{"mean":0}},)" FEET
            "}"}));

}  // namespace
}  // namespace buttress
