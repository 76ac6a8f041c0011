// The chain where statics can be done by hand: a forearm that holds a weight, an arm of two links, a weak muscle. The
// references are closed forms.
#include "load/chain_judge_testing.h"

namespace buttress {
namespace {

using namespace limb_testing;

/// A forearm on a hinge at the origin that lies along x, a weight at its end, one straight muscle from above.
ModelSpec make_forearm_spec() {
  ModelSpec spec;
  BodySpec forearm;
  forearm.name = "forearm";
  forearm.mass = 2;
  forearm.p_BBcm_B = {0.15, 0, 0};
  forearm.I_BBcm_B = {0.01, 0.01, 0.01, 0, 0, 0};
  spec.bodies = {forearm};
  JointSpec elbow;
  elbow.name = "elbow";
  elbow.kind = JointKind::pin;
  elbow.parent.body = "ground";
  elbow.child.body = "forearm";
  CoordinateSpec flexion;
  flexion.name = "flexion";
  elbow.coordinates = {flexion};
  make_standard_axes(elbow);
  spec.joints = {elbow};
  MuscleSpec biceps =
      make_muscle("biceps", MuscleKind::thelen2003,
                  {make_point("ground", {0, 0.3, 0}), make_point("forearm", {0.04, 0, 0})}, 3000, 0.1, 0.2);
  biceps.pennation_at_optimal = 0;
  spec.muscles = {biceps};
  return spec;
}

TEST(ChainStatics, a_forearm_that_holds_a_weight_is_as_by_hand) {
  const Model model = compile_or_fail(make_forearm_spec());
  ChainOptions options;
  options.reserve_strength = 0;
  const int forearm = model.find_body("forearm");
  const ChainPlan plan = make_chain_plan(model, options, {{"bag", forearm, 0, 0}});
  const double zero = 0, bag[9] = {0, -30, 0, 0.3, 0, 0, 0, 0, 0};
  const ChainOutput out = run(plan, {1, &zero, &zero, &zero, bag});
  ASSERT_EQ(out.status[0], FrameStatus::solved);
  // the muscle runs from (0, 0.3) to (0.04, 0): its moment arm is 0.3 * 0.04 / length
  const double weight = 2 * 9.80665, length = std::hypot(0.3, 0.04), arm = 0.3 * 0.04 / length;
  const double moment = weight * 0.15 + 30 * 0.3, tension = moment / arm;
  EXPECT_NEAR(out.joint_moment[0], moment, 1e-9);
  EXPECT_NEAR(out.length[0], length, 1e-12);
  EXPECT_NEAR(out.force[0], tension, 1e-6);
  // the elbow takes what weight, bag and muscle leave: the muscle pulls up and back
  EXPECT_NEAR(out.reaction[0], tension * 0.04 / length, 1e-6);
  EXPECT_NEAR(out.reaction[1], weight + 30 - tension * 0.3 / length, 1e-6);
  EXPECT_NEAR(out.reaction[2], 0, 1e-9);
  EXPECT_NEAR(out.reaction[5], 0, 1e-8);
}

TEST(ChainStatics, a_muscle_cut_into_parts_pulls_as_it_did_whole_when_the_parts_share_its_effort) {
  // two flexors; the second is then cut into four parts of a quarter each, on the same line
  ModelSpec whole = make_forearm_spec();
  whole.muscles.push_back(whole.muscles[0]);
  whole.muscles[1].name = "brachialis";
  whole.muscles[1].path.points[1].p_F = {0.03, 0, 0};
  ModelSpec cut = whole;
  cut.muscles.resize(1);
  for (int i = 0; i < 4; ++i) {
    cut.muscles.push_back(whole.muscles[1]);
    cut.muscles.back().name += std::to_string(i);
    cut.muscles.back().max_isometric_force /= 4;
  }
  const double zero = 0;
  const auto forces = [&](const ModelSpec& spec, std::vector<double> weights) {
    const Model model = compile_or_fail(spec);
    ChainOptions options;
    options.passive_fiber_force = false;
    options.effort_weight = std::move(weights);
    return run(make_chain_plan(model, options, {}), {1, &zero, &zero, &zero, nullptr}).force;
  };
  const auto before = forces(whole, {}), after = forces(cut, {1, 0.25, 0.25, 0.25, 0.25}), plain = forces(cut, {});
  EXPECT_NEAR(after[0], before[0], 1e-6);
  EXPECT_NEAR(after[1] + after[2] + after[3] + after[4], before[1], 1e-6);
  EXPECT_LT(plain[1] + plain[2] + plain[3] + plain[4], 0.7 * before[1]) << "without weights division makes it dearer";
}

TEST(ChainStatics, a_two_link_arm_at_rest_is_as_by_hand) {
  // upper arm and forearm straight out along x without muscles: every joint carries what hangs beyond it
  ModelSpec spec = make_forearm_spec();
  spec.muscles.clear();
  BodySpec hand = spec.bodies[0];
  hand.name = "hand";
  hand.mass = 0.5;
  hand.p_BBcm_B = {0.1, 0, 0};
  spec.bodies.push_back(hand);
  JointSpec wrist = spec.joints[0];
  wrist.name = "wrist";
  wrist.parent = {"forearm", {Mat3d{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}, {0.3, 0, 0}}};
  wrist.child.body = "hand";
  wrist.coordinates[0].name = "wrist_flexion";
  make_standard_axes(wrist);
  spec.joints.push_back(wrist);
  const Model model = compile_or_fail(spec);
  ChainOptions options;
  options.drop_rows_without_muscles = false;
  options.reserve_strength = 10;
  const ChainPlan plan = make_chain_plan(model, options, {});
  const std::vector<double> zero(2, 0.0);
  const ChainOutput out = run(plan, {1, zero.data(), zero.data(), zero.data(), nullptr});
  const double g = 9.80665;
  const std::size_t e = static_cast<std::size_t>(model.find_joint("elbow")) * 9,
                    w = static_cast<std::size_t>(model.find_joint("wrist")) * 9;
  EXPECT_NEAR(out.reaction[w + 1], 0.5 * g, 1e-10);
  EXPECT_NEAR(out.reaction[w + 5], 0.5 * g * 0.1, 1e-10);
  EXPECT_NEAR(out.reaction[w + 6], 0.3, 1e-12);
  EXPECT_NEAR(out.reaction[e + 1], 2.5 * g, 1e-10);
  EXPECT_NEAR(out.reaction[e + 5], 2 * g * 0.15 + 0.5 * g * 0.4, 1e-10);
  // with no muscle the reserves make all of it
  EXPECT_NEAR(out.reserve[0], 2 * g * 0.15 + 0.5 * g * 0.4, 1e-8);
  EXPECT_NEAR(out.reserve[1], 0.5 * g * 0.1, 1e-8);
}

TEST(ChainStatics, half_the_strength_of_the_only_muscle_doubles_its_activation) {
  const Model model = compile_or_fail(make_forearm_spec());
  const double zero = 0;
  const auto solve = [&](double strength, double reserve, bool passive) {
    ChainOptions options;
    options.reserve_strength = reserve;
    options.passive_fiber_force = passive;
    options.strength = {strength};
    const ChainPlan plan = make_chain_plan(model, options, {});
    return run(plan, {1, &zero, &zero, &zero, nullptr});
  };
  const ChainOutput whole = solve(1, 0, false), half = solve(0.5, 0, false);
  EXPECT_GT(whole.activation[0], 0.01);
  EXPECT_NEAR(half.activation[0], 2 * whole.activation[0], 1e-9);
  EXPECT_NEAR(half.force[0], whole.force[0], 1e-6);
  // with one hundredth the muscle gives all it has and the reserve the rest, and the frame counts as solved
  const ChainOutput weak = solve(0.01, 1, false);
  ASSERT_EQ(weak.status[0], FrameStatus::solved);
  EXPECT_DOUBLE_EQ(weak.activation[0], 1);
  const double arm = 0.3 * 0.04 / std::hypot(0.3, 0.04);
  EXPECT_NEAR(weak.reserve[0] + arm * weak.force[0], 2 * 9.80665 * 0.15, 1e-8);
  EXPECT_GT(weak.reserve[0], 1);
  // without a reserve that frame has no solution, and the residual is what lacks
  const ChainOutput stuck = solve(0.01, 0, false);
  EXPECT_NE(stuck.status[0], FrameStatus::solved);
  EXPECT_NEAR(stuck.residual[0], 2 * 9.80665 * 0.15 - arm * stuck.force[0], 1e-6);
}

TEST(ChainStatics, refuses_strengths_that_make_no_sense) {
  const Model model = compile_or_fail(make_forearm_spec());
  for (const std::vector<double>& strength : {std::vector<double>{1, 1}, std::vector<double>{-0.1},
                                              std::vector<double>{std::nan("")}, std::vector<double>{kInfinity}}) {
    ChainOptions options;
    options.strength = strength;
    EXPECT_THROW(make_chain_plan(model, options, {}), std::invalid_argument);
  }
}

TEST(ChainStatics, refuses_exponents_and_reserves_that_make_no_sense) {
  const Model model = compile_or_fail(make_forearm_spec());
  ChainOptions options;
  for (const int exponent : {-2, 0, 1, 4, 100}) {
    options.exponent = exponent;
    EXPECT_THROW(make_chain_plan(model, options, {}), std::invalid_argument) << exponent;
  }
  options.exponent = 3;
  EXPECT_NO_THROW(make_chain_plan(model, options, {}));
  for (const double strength : {-1.0, std::nan(""), kInfinity}) {
    options.reserve_strength = strength;
    EXPECT_THROW(make_chain_plan(model, options, {}), std::invalid_argument) << strength;
  }
}

}  // namespace
}  // namespace buttress
