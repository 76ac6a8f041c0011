// The ligament that a coupler stands for. The reference is statics by hand of a patella that turns about the knee's own
// axis: there the ligament keeps its length exactly, and each body can be cut free.
#include "load/coupled_ligament.h"

#include "load/chain_judge_testing.h"

namespace buttress {
namespace {

using namespace limb_testing;

JointSpec make_hinge(const std::string& name, const std::string& child, const std::string& coordinate) {
  JointSpec hinge;
  hinge.name = name;
  hinge.kind = JointKind::pin;
  hinge.parent.body = "ground";
  hinge.child.body = child;
  CoordinateSpec angle;
  angle.name = coordinate;
  hinge.coordinates = {angle};
  make_standard_axes(hinge);
  return hinge;
}

const Vec3d kOrigin{0.02, 0.3, 0}, kUpperPole{0.05, 0.03, 0}, kApex{0.045, 0.01, 0}, kTuberosity{0.03, -0.06, 0};

/// a shank and a patella on one hinge, the patella at `share` of the shank's angle; one muscle over it
ModelSpec make_knee_spec(double share) {
  ModelSpec spec;
  spec.bodies = {make_body("shank", 4, {0.01, -0.2, 0}), make_body("patella", 0, {0, 0, 0})};
  spec.bodies[1].I_BBcm_B = {0, 0, 0, 0, 0, 0};
  spec.joints = {make_hinge("knee", "shank", "knee_angle"), make_hinge("patellofemoral", "patella", "patella_angle")};
  CouplerSpec coupler;
  coupler.name = "patella_coupler";
  coupler.dependent = "patella_angle";
  coupler.independent = "knee_angle";
  coupler.function = make_polynomial_spec({share, 0});
  spec.couplers = {coupler};
  spec.muscles = {make_muscle("quadriceps", MuscleKind::thelen2003,
                              {make_point("ground", kOrigin), make_point("patella", kUpperPole),
                               make_point("patella", kApex), make_point("shank", kTuberosity)},
                              6000, 0.1, 0.26)};
  spec.muscles[0].pennation_at_optimal = 0;
  return spec;
}

ChainOutput run_at_rest(const ChainPlan& plan, const double* bag) {
  const double zero[2] = {0, 0};
  return run(plan, {1, zero, zero, zero, bag});
}

TEST(CoupledLigament, a_patella_is_a_lever_as_by_hand) {
  const Model model = compile_or_fail(make_knee_spec(1));
  ChainOptions options;
  options.reserve_strength = 0;
  const int shank = model.find_body("shank"), patella = model.find_body("patella");
  const std::vector<ChainLoad> loads = {{"bag", shank, 0, 0}};
  const ChainPlan plan = make_chain_plan(model, options, loads);
  ASSERT_EQ(plan.coupled_ligaments.size(), 1u);
  const Vec3d bag_force{-60, -10, 0}, bag_point{0, -0.35, 0};
  const double bag[9] = {-60, -10, 0, 0, -0.35, 0, 0, 0, 0};
  const ChainOutput out = run_at_rest(plan, bag);
  ASSERT_EQ(out.status[0], FrameStatus::solved);

  // the shank turns about the origin: the ligament must balance its weight and the bag
  const auto unit = [](const Vec3d& v) { return (1 / std::sqrt(dot(v, v))) * v; };
  const Vec3d weight{0, -4 * 9.80665, 0}, weight_point{0.01, -0.2, 0};
  const Vec3d up_ligament = unit(kApex - kTuberosity), up_muscle = unit(kOrigin - kUpperPole);
  const double asked = -cross(weight_point, weight).z - cross(bag_point, bag_force).z;
  const double ligament = asked / cross(kTuberosity, up_ligament).z;
  // the patella turns about it too: muscle and ligament balance each other there
  const double muscle = ligament * cross(kApex, up_ligament).z / cross(kUpperPole, up_muscle).z;
  EXPECT_NEAR(out.force[0], muscle, 1e-6 * muscle);
  EXPECT_GT(std::abs(ligament / muscle - 1), 0.05) << "a pulley would pass a test in which the two are alike";

  const Vec3d on_shank = -1.0 * (weight + bag_force + ligament * up_ligament);
  const Vec3d on_patella = -1.0 * (muscle * up_muscle - ligament * up_ligament);
  const double* knee = &out.reaction[static_cast<std::size_t>(shank - 1) * 9];
  const double* patellofemoral = &out.reaction[static_cast<std::size_t>(patella - 1) * 9];
  for (int i = 0; i < 2; ++i) {
    EXPECT_NEAR(knee[i], i == 0 ? on_shank.x : on_shank.y, 1e-6);
    EXPECT_NEAR(patellofemoral[i], i == 0 ? on_patella.x : on_patella.y, 1e-6);
  }
  EXPECT_NEAR(knee[5], 0, 1e-7) << "nothing is left for the hinge to hold";
  EXPECT_NEAR(patellofemoral[5], 0, 1e-7);

  // as OpenSim has it, the muscle's whole tension pulls the shank and the coupler holds the rest
  options.coupled_ligaments = false;
  const ChainOutput pulley = run_at_rest(make_chain_plan(model, options, loads), bag);
  const Vec3d pulley_on_shank = -1.0 * (weight + bag_force + muscle * up_ligament);
  EXPECT_NEAR(pulley.reaction[static_cast<std::size_t>(shank - 1) * 9 + 1], pulley_on_shank.y, 1e-6);
  EXPECT_EQ(out.force, pulley.force) << "who pulls how hard is not touched";
}

TEST(CoupledLigament, the_lever_keeps_no_moment_and_the_sum_of_both_loads_stays) {
  // a patella that lags behind the knee: the ligament does not keep its length, so no closed form, but cut free as one
  // piece the two bodies cannot know what goes on between them
  const Model model = compile_or_fail(make_knee_spec(0.8));
  const std::vector<ChainLoad> loads = {{"bag", model.find_body("shank"), 0, 0}};
  const double bag[9] = {-60, -10, 0, 0, -0.35, 0, 0, 0, 0};
  ChainOptions options;
  const ChainOutput with = run_at_rest(make_chain_plan(model, options, loads), bag);
  options.coupled_ligaments = false;
  const ChainOutput without = run_at_rest(make_chain_plan(model, options, loads), bag);
  EXPECT_GT(std::abs(with.reaction[1] - without.reaction[1]), 10);
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(with.reaction[i] + with.reaction[9 + i], without.reaction[i] + without.reaction[9 + i], 1e-9) << i;
  EXPECT_NEAR(with.reaction[static_cast<std::size_t>(model.find_joint("patellofemoral")) * 9 + 5], 0, 1e-9);
}

TEST(CoupledLigament, is_found_only_where_a_coupler_holds_a_neighbour) {
  ModelSpec spec = make_knee_spec(1);
  spec.couplers.clear();
  EXPECT_TRUE(find_coupled_ligaments(compile_or_fail(spec)).empty()) << "a free patella needs no ligament of ours";
  spec = make_knee_spec(1);
  spec.muscles[0].path.points.pop_back();
  EXPECT_TRUE(find_coupled_ligaments(compile_or_fail(spec)).empty()) << "no path goes on to the shank";
  const auto found = find_coupled_ligaments(compile_or_fail(make_knee_spec(1)));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].p_lever.x, kApex.x, 1e-15);
  EXPECT_NEAR(found[0].p_far.y, kTuberosity.y, 1e-15);
}

}  // namespace
}  // namespace buttress
