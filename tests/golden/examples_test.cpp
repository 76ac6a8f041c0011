// The setups of examples/opensim against what OpenSim 4.6 makes of them (opensim_4_6/make_example_results.py): the
// built-in body walks. Needs nothing outside the repository. What this can prove: the whole way of each tool from the
// setup file to the numbers, on a large model with elastic tendons, wraps, couplers, locked joints and discs; not that
// the recording is a person's.
#include "tools_reference_testing.h"

namespace buttress {
namespace {

using namespace reference_testing;

std::string find_setup(const std::string& name) {
  return std::string(BUTTRESS_SOURCE_DIR) + "/examples/opensim/" + name + ".xml";
}

Table read_golden(const std::string& name) {
  return read_or_fail(std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/" + name + ".sto");
}

// The example's walk.mot is OpenSim's solution of the same setup. Its solver for clamped coordinates stops early where
// a coordinate hardly moves a marker: turning of the forearm (1.1 degrees) and of the upper arm (0.4).
TEST(Examples, joint_angles_are_those_of_opensim) {
  const std::string folder = make_test_folder();
  run_setup(find_setup("inverse_kinematics"), folder);
  const Table reference = read_or_fail(std::string(BUTTRESS_SOURCE_DIR) + "/examples/opensim/walk.mot"),
              result = read_or_fail(folder + "walk_ik.mot");
  std::set<std::string> legs_and_trunk, arms;
  for (const std::string& name : reference.columns)
    (name.starts_with("pro_sup") || name.starts_with("arm") || name.starts_with("elbow") ? arms : legs_and_trunk)
        .insert(name);
  const Comparison of_legs = compare(reference, result, 0, 2.1, legs_and_trunk),
                   of_arms = compare(reference, result, 0, 2.1, arms);
  report("legs and trunk", of_legs);
  report("arms", of_arms);
  // degrees, and metres at the pelvis
  EXPECT_LT(of_legs.worst_largest().largest, 0.02) << of_legs.worst_largest().name;
  EXPECT_LT(of_arms.worst_largest().largest, 1.6) << of_arms.worst_largest().name;
}

TEST(Examples, joint_moments_are_those_of_opensim) {
  const std::string folder = make_test_folder();
  run_setup(find_setup("inverse_dynamics"), folder);
  const Comparison comparison =
      compare(read_golden("example_inverse_dynamics"), read_or_fail(folder + "walk_inverse_dynamics.sto"), 0.3, 1.7);
  report("moments", comparison);
  EXPECT_LT(comparison.worst_largest().largest, 0.003) << comparison.worst_largest().name;
}

// OpenSim's optimizer stops at a convergence criterion of 1e-4, ours at 1e-9. A moment arm of a wrapped muscle is the
// exact slope of its length here, so it differs from OpenSim's by up to 0.4 mm (docs/validation.md).
TEST(Examples, muscles_work_and_lie_as_in_opensim) {
  const std::string folder = make_test_folder();
  run_setup(find_setup("analyze"), folder);
  struct Case {
    const char *golden, *result;
    double largest;
  };
  for (const Case& c :
       {Case{"example_activation", "StaticOptimization_activation", 0.005},
        Case{"example_force", "StaticOptimization_force", 3}, Case{"example_length", "MuscleAnalysis_Length", 2e-4},
        Case{"example_moment_arm_hip_flexion_r", "MuscleAnalysis_MomentArm_hip_flexion_r", 6e-4},
        Case{"example_moment_arm_knee_angle_r", "MuscleAnalysis_MomentArm_knee_angle_r", 1e-4}}) {
    const Comparison comparison =
        compare(read_golden(c.golden), read_or_fail(folder + "walk_" + c.result + ".sto"), 0.5, 0.9);
    report(c.golden, comparison);
    EXPECT_LT(comparison.worst_largest().largest, c.largest) << comparison.worst_largest().name;
  }
}

// The setup scales by nine distances; the recording is of the body at 1.65 / 1.75 of its size.
TEST(Examples, scale_tool_finds_the_size_of_the_person_recorded) {
  const std::string folder = make_test_folder();
  run_setup(find_setup("scale"), folder);
  CompileOptions options;
  const Model scaled = compile_or_fail(*read_spec(folder + "ann.osim", options), options),
              body = compile_or_fail(
                  *read_spec(std::string(BUTTRESS_SOURCE_DIR) + "/data/models/buttress_body.osim", options), options);
  EXPECT_NEAR(scaled.total_mass, 62, 1e-6);
  ASSERT_EQ(scaled.muscles.size(), body.muscles.size());
  for (std::size_t i = 0; i < body.muscles.size(); ++i)
    EXPECT_NEAR(scaled.muscles[i].tendon_slack_length / body.muscles[i].tendon_slack_length, 1.65 / 1.75, 0.01)
        << body.muscles[i].name;
}

}  // namespace
}  // namespace buttress
