// Loads of joints without muscles, against closed forms of a falling rod.
#include "load/skeleton_reaction.h"

#include "load/limb_testing.h"

namespace buttress {
namespace {

using namespace limb_testing;

constexpr double kMass = 3, kLength = 1.2, kCut = 0.5;

/// A uniform rod along x in two parts that a weld joins; the outer part, from kCut to the end, is free in space. The
/// contact point is the end at x = 0.
ModelSpec make_rod_spec() {
  ModelSpec spec;
  const auto make_part = [](const std::string& name, double from, double to) {
    BodySpec body;
    body.name = name;
    const double length = to - from;
    body.mass = kMass * length / kLength;
    body.p_BBcm_B = {0.5 * length, 0, 0};
    const double inertia = body.mass * length * length / 12;
    body.I_BBcm_B = {1e-4, inertia, inertia, 0, 0, 0};
    return body;
  };
  spec.bodies = {make_part("outer", kCut, kLength), make_part("inner", 0, kCut)};
  JointSpec free;
  free.name = "free";
  free.kind = JointKind::free;
  free.parent.body = "ground";
  free.child.body = "outer";
  for (const char* c : {"rx", "ry", "rz", "tx", "ty", "tz"}) {
    CoordinateSpec coordinate;
    coordinate.name = c;
    coordinate.motion_type = c[0] == 't' ? MotionType::translational : MotionType::rotational;
    free.coordinates.push_back(coordinate);
  }
  make_standard_axes(free);
  JointSpec weld;
  weld.name = "cut";
  weld.kind = JointKind::weld;
  weld.parent.body = "outer";
  weld.child.body = "inner";
  weld.child.X_BF.p = {kCut, 0, 0};
  spec.joints = {free, weld};
  return spec;
}

TEST(SkeletonReaction, a_rod_that_is_held_at_one_end_falls_as_by_hand) {
  const Model model = compile_or_fail(make_rod_spec());
  ChainOptions options;
  options.contacts.surfaces = {make_floor()};
  options.contacts.surfaces[0].friction = 50;  // holds against the pull of the turning rod
  options.contacts.points = {{"end", "end", model.find_body("inner"), {0, 0, 0}, 0, 500}};
  const ChainPlan plan = make_chain_plan(model, options, {});
  ReactionWorkspace ws = make_reaction_workspace(plan);
  std::vector<double> q(6, 0.0), qd(6, 0.0);
  const double spin = 2;  // rad/s about z, around the held end
  qd[2] = spin, qd[4] = spin * kCut, q[3] = kCut;
  ASSERT_TRUE(update_skeleton_reactions(plan, q.data(), qd.data(), 0, {0}, ws));
  const ReactionLoad load = find_reaction_load(model, ws, {model.find_joint("cut"), true, 0, Posed::identity()});
  // On the outer part: it turns about the held end with alpha = 3 g / (2 L), so the cut carries
  // V = m g (1 - x/L) (1 - 3/4 (1 + x/L)) upwards and pulls with m w^2 (L^2 - x^2) / (2 L) towards the end
  const double g = 9.80665, x = kCut / kLength;
  EXPECT_NEAR(load.force.y, kMass * g * (1 - x) * (1 - 0.75 * (1 + x)), 1e-6);
  EXPECT_NEAR(load.force.x, -kMass * spin * spin * kLength * (1 - x * x) / 2, 1e-6);
  EXPECT_NEAR(load.force.z, 0, 1e-9);
}

TEST(SkeletonReaction, nothing_is_carried_in_free_fall_and_the_ground_pushes_but_does_not_pull) {
  const Model model = compile_or_fail(make_rod_spec());
  ChainOptions options;
  options.contacts.surfaces = {make_floor()};
  const int inner = model.find_body("inner");
  for (double at : {0.0, 0.2, 0.4}) options.contacts.points.push_back({"p", "p", inner, {at, 0, 0}, 0, 500});
  const ChainPlan plan = make_chain_plan(model, options, {});
  ReactionWorkspace ws = make_reaction_workspace(plan);
  const std::vector<double> q(6, 0.0), rest(6, 0.0);
  const ReactionRequest cut{model.find_joint("cut"), true, 0, Posed::identity()};
  ASSERT_TRUE(update_skeleton_reactions(plan, q.data(), rest.data(), 0, {}, ws));
  EXPECT_NEAR(norm(find_reaction_load(model, ws, cut).force), 0, 1e-9);
  // Of three points of a line the outermost alone can push: held both ways the rod would stay level, but the ground
  // cannot pull down. It turns about that point at s = 0.4: alpha = g (L/2 - s) / (L^2/12 + (L/2 - s)^2), and beyond
  // the cut the rod carries m/L times the sum of g - alpha (x - s)
  ASSERT_TRUE(update_skeleton_reactions(plan, q.data(), rest.data(), 0, {0, 1, 2}, ws));
  const double g = 9.80665, s = 0.4, d = kLength / 2 - s, alpha = g * d / (kLength * kLength / 12 + d * d);
  const double beyond = kLength - kCut, mean = (kLength + kCut) / 2 - s;
  EXPECT_NEAR(find_reaction_load(model, ws, cut).force.y, kMass / kLength * beyond * (g - alpha * mean), 1e-5);
}

TEST(SkeletonReaction, points_touch_that_are_low_and_slow) {
  const Model model = compile_or_fail(make_rod_spec());
  ChainOptions options;
  options.contacts.surfaces = {make_floor(-0.01)};
  options.contacts.points = {{"end", "end", model.find_body("inner"), {0, 0, 0}, 0, 500}};
  const ChainPlan plan = make_chain_plan(model, options, {});
  ReactionWorkspace ws = make_reaction_workspace(plan);
  std::vector<double> q(6, 0.0), qd(6, 0.0);
  EXPECT_EQ(find_touching_points(plan, q.data(), qd.data(), ws).size(), 1u);
  qd[3] = 1;  // m/s
  EXPECT_TRUE(find_touching_points(plan, q.data(), qd.data(), ws).empty());
  qd[3] = 0, q[4] = 0.05;
  EXPECT_TRUE(find_touching_points(plan, q.data(), qd.data(), ws).empty());
}

}  // namespace
}  // namespace buttress
