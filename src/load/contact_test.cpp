// Contact columns on a moving limb. What the references can prove: the forces that recruitment finds, handed over as
// ordinary external loads to the chain without contact, give the same net joint moments (a different way through the
// code: whole-body inverse dynamics), the same muscle forces and joint loads; forces stay inside the friction pyramid
// and vanish where the ramps say so; lanes agree.
#include "load/contact.h"

#include <cmath>

#include "load/limb_testing.h"

namespace buttress {
namespace {

using namespace limb_testing;

struct Scene {
  Model model = compile_or_fail(make_limb_spec());
  Movement movement = make_movement(model, 0, 24, 5);
  ChainOptions options;
  Scene() {
    options.use_actuators = false;  // those that pull on the world would share the residual's work
    options.contacts.surfaces = {make_floor(-1.0)};
    options.contacts.ramps.height_limit = 2;  // the limb swings freely: every height and speed counts as touching
    options.contacts.ramps.depth_limit = 2;
    options.contacts.ramps.speed_limit = 10;
    const int foot = model.find_body("foot");
    int number = 0;
    for (const Vec3d& p :
         {Vec3d{-0.03, -0.04, -0.03}, Vec3d{-0.03, -0.04, 0.03}, Vec3d{0.15, -0.04, -0.04}, Vec3d{0.16, -0.04, 0.05}})
      options.contacts.points.push_back({"p" + std::to_string(number++), "foot", foot, p, 0, 400});
  }
};

ChainOutput run(const ChainPlan& plan, const ChainInput& input, InstructionSet set = InstructionSet::scalar) {
  ChainOutput output = make_chain_output(plan, input.frame_count);
  run_chain(plan, input, {set, 1, ChainStage::reactions}, output);
  return output;
}

double find_largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(b[i])));
  return largest;
}

TEST(Contact, ForcesFoundAreWorthTheSameAsExternalLoads) {
  const Scene s;
  const ChainPlan plan = make_chain_plan(s.model, s.options, {});
  ASSERT_EQ(plan.contact_groups.size(), 1u);
  const ChainOutput with = run(plan, s.movement.input());
  double most = 0;
  for (std::size_t f = 0; f < s.movement.frames; ++f) {
    EXPECT_EQ(with.status[f], FrameStatus::solved);
    most = std::max(most, with.contact[f * 9 + 1]);
  }
  EXPECT_GT(most, 100) << "the floor carries something";

  ChainOptions plain;
  plain.use_actuators = false;
  const ChainPlan judge = make_chain_plan(s.model, plain, {{"floor", s.model.find_body("foot"), 0, 0}});
  ChainInput input = s.movement.input();
  input.loads = with.contact.data();
  const ChainOutput expected = run(judge, input);
  EXPECT_LT(find_largest_difference(with.joint_moment, expected.joint_moment), 1e-9);
  // given the floor's force, the muscles' problem is the plain one
  for (std::size_t f = 0; f < s.movement.frames; ++f)
    for (std::size_t c = 0; c < judge.columns.size(); ++c) {
      ASSERT_EQ(plan.columns[c].name, judge.columns[c].name);
      EXPECT_NEAR(with.force[f * plan.columns.size() + c], expected.force[f * judge.columns.size() + c], 1e-3);
    }
  EXPECT_LT(find_largest_difference(with.reaction, expected.reaction), 1e-5);
}

TEST(Contact, ForcesOnlyPressAndStayWithinFriction) {
  const Scene s;
  const ChainPlan plan = make_chain_plan(s.model, s.options, {});
  const ChainOutput out = run(plan, s.movement.input());
  for (std::size_t f = 0; f < s.movement.frames; ++f) {
    const double* v = &out.contact[f * 9];
    EXPECT_GE(v[1], 0);
    // a sum of pyramids is a pyramid: |t1| + |t2| <= mu n
    EXPECT_LE(std::abs(v[0]) + std::abs(v[2]), 0.5 * v[1] + 1e-9);
    EXPECT_DOUBLE_EQ(v[4], -1.0) << "the centre of pressure lies in the floor";
    EXPECT_NEAR(v[6], 0, 1e-9) << "only a moment about the normal is left";
    EXPECT_NEAR(v[8], 0, 1e-9);
  }
}

TEST(Contact, APointBeyondTheRampsOrTheEdgesOfItsSurfaceGivesNothing) {
  Scene s;
  s.options.contacts.ramps = {};
  s.options.contacts.surfaces = {make_floor(-5.0)};
  const auto find_sum = [&] {
    const ChainPlan plan = make_chain_plan(s.model, s.options, {});
    const ChainOutput out = run(plan, s.movement.input());
    double sum = 0;
    for (std::size_t f = 0; f < s.movement.frames; ++f) sum += std::abs(out.contact[f * 9 + 1]);
    return sum;
  };
  EXPECT_EQ(find_sum(), 0) << "metres above the floor";
  Scene t;
  t.options.contacts.surfaces[0].p_W.x = 5;
  t.options.contacts.surfaces[0].half_size1 = 0.5;
  s = t;
  EXPECT_EQ(find_sum(), 0) << "metres beside the step";
  Scene u;
  u.options.contacts.ramps.speed_limit = 1e-6;
  s = u;
  EXPECT_EQ(find_sum(), 0) << "sliding";
}

TEST(Contact, RampsFallFromOneToZeroWithoutAKink) {
  EXPECT_EQ(calc_contact_ramp(0.8 * 0.04, 0.04), 1);
  EXPECT_NEAR(calc_contact_ramp(0.9 * 0.04, 0.04), 0.5, 1e-12);
  EXPECT_NEAR(calc_contact_ramp(0.04, 0.04), 0, 1e-12);
  EXPECT_EQ(calc_contact_ramp(1.0, 0.04), 0);
  // slope and curvature vanish at both ends: three times closer, at least nine times smaller
  for (double end : {0.8, 1.0}) {
    const auto distance = [&](double h) {
      return std::abs(calc_contact_ramp(end + (end < 0.9 ? h : -h), 1.0) - (end < 0.9 ? 1.0 : 0.0));
    };
    EXPECT_LT(distance(0.001), distance(0.003) / 20);
  }
}

TEST(Contact, LanesAgree) {
  const Scene s;
  const ChainPlan plan = make_chain_plan(s.model, s.options, {});
  const ChainOutput one = run(plan, s.movement.input());
  for (InstructionSet set : {InstructionSet::avx2, InstructionSet::avx512}) {
    if (set > find_widest_instruction_set()) continue;
    const ChainOutput many = run(plan, s.movement.input(), set);
    EXPECT_LT(find_largest_difference(many.contact, one.contact), 1e-6) << name_of(set);
    EXPECT_LT(find_largest_difference(many.reaction, one.reaction), 1e-6) << name_of(set);
    EXPECT_LT(find_largest_difference(many.joint_moment, one.joint_moment), 1e-6) << name_of(set);
  }
}

TEST(Contact, GroupsAreForcesOfTheirOwn) {
  ContactSet set;
  set.surfaces = {make_floor(0), make_floor(0.2)};
  set.surfaces[1].name = "step";
  set.points = {{"a", "foot_r", 1, {0, 0, 0}, 0, 1},
                {"b", "foot_l", 1, {0, 0, 0}, 0, 1},
                {"c", "foot_r", 1, {0, 0, 0}, 0, 1},
                {"d", "foot_r", 1, {0, 0, 0}, 1, 1}};
  const auto groups = find_contact_groups(set);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].name, "foot_r on floor");
  EXPECT_EQ(groups[0].points, (std::vector<int>{0, 2}));
  EXPECT_EQ(groups[1].name, "foot_l");
  EXPECT_EQ(groups[2].name, "foot_r on step");
}

TEST(Contact, APointWithoutBodyOrSurfaceIsTheCallersMistake) {
  Scene s;
  s.options.contacts.points[0].body = 0;
  EXPECT_THROW(make_chain_plan(s.model, s.options, {}), std::invalid_argument);
  s.options.contacts.points[0].body = 1;
  s.options.contacts.points[0].surface = 3;
  EXPECT_THROW(make_chain_plan(s.model, s.options, {}), std::invalid_argument);
}

}  // namespace
}  // namespace buttress
