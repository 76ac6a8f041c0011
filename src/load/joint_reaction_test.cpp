// Joint reactions from given forces. References: the fast chain, which gets the same loads from recorded accelerations
// by another way, where the forces make the motion; Newton's third law; and a pendulum by hand.
#include "load/joint_reaction.h"

#include <gtest/gtest.h>

#include "load/limb_testing.h"

namespace buttress {
namespace {

using namespace limb_testing;

/// the limb with an unbounded actuator on every free coordinate, so that forces make any motion exactly
ModelSpec make_driven_limb_spec() {
  ModelSpec spec = make_limb_spec();
  const std::vector<ActuatorSpec> others = spec.actuators;
  spec.actuators.clear();
  for (const JointSpec& joint : spec.joints)
    for (const CoordinateSpec& c : joint.coordinates) {
      if (c.locked || c.name == "patella") continue;
      ActuatorSpec motor;
      motor.name = "drive_" + c.name;
      motor.coordinate = c.name;
      motor.optimal_force = 10;
      spec.actuators.push_back(motor);
    }
  for (const ActuatorSpec& other : others)
    if (other.kind != ActuatorKind::coordinate) spec.actuators.push_back(other);
  return spec;
}

TEST(JointReaction, agrees_with_the_fast_chain_when_the_forces_make_the_motion) {
  const Model model = compile_or_fail(make_driven_limb_spec());
  ChainOptions options;
  options.reserve_strength = 0;
  options.drop_rows_without_muscles = false;
  const ChainPlan plan = make_chain_plan(model, options, make_loads(model));
  const Movement movement = make_movement(model, 3, 30, 11);
  ChainOutput out = make_chain_output(plan, movement.frames);
  run_chain(plan, movement.input(), {InstructionSet::scalar, 2, ChainStage::reactions}, out);

  ReactionWorkspace ws = make_reaction_workspace(plan);
  AppliedForces forces;
  forces.muscle.assign(model.muscles.size(), 0.0);
  forces.actuator.assign(model.actuators.size(), 0.0);
  const std::size_t n = model.coordinates.size();
  double worst_force = 0, worst_moment = 0, worst_qdd = 0;
  for (std::size_t f = 0; f < movement.frames; ++f) {
    ASSERT_EQ(out.status[f], FrameStatus::solved);
    const double *q = &movement.q[f * n], *qd = &movement.qd[f * n], *qdd = &movement.qdd[f * n];
    for (std::size_t k = 0; k < plan.columns.size(); ++k) {
      const double force = out.force[f * plan.columns.size() + k];
      if (plan.columns[k].muscle >= 0)
        forces.muscle[static_cast<std::size_t>(plan.columns[k].muscle)] = force;
      else
        forces.actuator[static_cast<std::size_t>(plan.columns[k].actuator)] = force;
    }
    // external wrenches from the loads, frame by frame
    Kinematics<double> kin = make_kinematics<double>(model);
    update_positions(model, q, kin);
    forces.external.assign(model.bodies.size(), zero_wrench<double>());
    for (std::size_t i = 0; i < plan.loads.size(); ++i) {
      const double* v = &movement.loads[(f * plan.loads.size() + i) * 9];
      const Posed& X_WE = kin.X_WB[static_cast<std::size_t>(plan.loads[i].force_frame_body)];
      const Posed& X_WP = kin.X_WB[static_cast<std::size_t>(plan.loads[i].point_frame_body)];
      const Vec3d force = X_WE.R * Vec3d{v[0], v[1], v[2]}, torque = X_WE.R * Vec3d{v[6], v[7], v[8]};
      forces.external[static_cast<std::size_t>(plan.loads[i].body)] +=
          {force, torque + cross(X_WP * Vec3d{v[3], v[4], v[5]}, force)};
    }
    ASSERT_TRUE(update_joint_reactions(plan, q, qd, 0, forces, ws));
    for (std::size_t c = 0; c < n; ++c) worst_qdd = std::max(worst_qdd, std::abs(ws.qdd[c] - qdd[c]));
    for (std::size_t j = 0; j < model.joints.size(); ++j) {
      const ReactionLoad load = find_reaction_load(model, ws, {static_cast<int>(j), false, 0});
      const double* r = &out.reaction[(f * model.joints.size() + j) * 9];
      worst_force = std::max(worst_force, norm(load.force - Vec3d{r[0], r[1], r[2]}));
      worst_moment = std::max(worst_moment, norm(load.moment - Vec3d{r[3], r[4], r[5]}));
      EXPECT_LT(norm(load.point - Vec3d{r[6], r[7], r[8]}), 1e-12);
    }
  }
  record("worst_force_N", worst_force);
  record("worst_moment_Nm", worst_moment);
  EXPECT_LT(worst_qdd, 1e-8);
  EXPECT_LT(worst_force, 1e-8);
  EXPECT_LT(worst_moment, 1e-8);
}

TEST(JointReaction, on_the_parent_is_the_opposite_load_at_the_parents_frame) {
  const Model model = compile_or_fail(make_limb_spec());
  const Movement movement = make_movement(model, 3, 1, 13);
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, movement.q.data(), kin);
  const Vec3d force{310, -420, 55}, moment{3, 7, -11};
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const int joint = static_cast<int>(j);
    const ReactionLoad child = find_reaction_load(model, kin, {joint, false, 0}, force, moment);
    const ReactionLoad parent = find_reaction_load(model, kin, {joint, true, 0}, force, moment);
    EXPECT_LT(norm(child.force - force), 1e-12);
    EXPECT_LT(norm(parent.force + force), 1e-12);
    // the two loads cancel about any point
    const Vec3d about_origin =
        parent.moment + cross(parent.point, parent.force) + child.moment + cross(child.point, child.force);
    EXPECT_LT(norm(about_origin), 1e-9);
    // and the parent's acts where the joint frame sits on the parent
    const Joint& source = model.joints[j];
    const Vec3d p_WF_W = kin.X_WB[static_cast<std::size_t>(source.parent_body)] * source.X_PF.p;
    EXPECT_LT(norm(parent.point - p_WF_W), 1e-12);
  }
  // the sliding knee parts the two points, so that the test above had something to find
  const std::size_t knee = static_cast<std::size_t>(model.find_joint("knee"));
  const ReactionLoad child = find_reaction_load(model, kin, {static_cast<int>(knee), false, 0}, force, moment);
  const ReactionLoad parent = find_reaction_load(model, kin, {static_cast<int>(knee), true, 0}, force, moment);
  EXPECT_GT(norm(child.point - parent.point), 1e-3);
}

TEST(JointReaction, is_expressed_in_the_frame_that_was_asked_for) {
  const Model model = compile_or_fail(make_limb_spec());
  const Movement movement = make_movement(model, 3, 1, 17);
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, movement.q.data(), kin);
  const Vec3d force{310, -420, 55}, moment{3, 7, -11};
  const int hip = model.find_joint("hip");
  for (bool on_parent : {false, true}) {
    const ReactionLoad ground = find_reaction_load(model, kin, {hip, on_parent, 0}, force, moment);
    for (int b = 0; b < model.body_count(); ++b) {
      const Posed& X_WE = kin.X_WB[static_cast<std::size_t>(b)];
      const ReactionLoad in = find_reaction_load(model, kin, {hip, on_parent, b}, force, moment);
      EXPECT_LT(norm(X_WE.R * in.force - ground.force), 1e-10);
      EXPECT_LT(norm(X_WE.R * in.moment - ground.moment), 1e-10);
      EXPECT_LT(norm(X_WE * in.point - ground.point), 1e-12);
    }
    // the hip's own frame on the thigh: the load on the child acts at its origin
    const Joint& joint = model.joints[static_cast<std::size_t>(hip)];
    const ReactionLoad own = find_reaction_load(model, kin, {hip, on_parent, hip + 1, joint.X_BM}, force, moment);
    const Posed X_WM = kin.X_WB[static_cast<std::size_t>(hip) + 1] * joint.X_BM;
    EXPECT_LT(norm(X_WM.R * own.force - ground.force), 1e-10);
    EXPECT_LT(norm(X_WM * own.point - ground.point), 1e-12);
    EXPECT_LT(norm(own.point), 1e-12);
  }
}

TEST(JointReaction, a_pendulum_that_swings_free_is_as_by_hand) {
  // a point mass m on a rod of length l, at angle q from hanging down with speed w: it pulls with m (g cos q + w^2 l)
  // along the rod and nothing across it
  ModelSpec spec;
  BodySpec bob;
  bob.name = "bob";
  bob.mass = 3;
  bob.p_BBcm_B = {0, -0.7, 0};
  spec.bodies = {bob};
  JointSpec hinge;
  hinge.name = "hinge";
  hinge.kind = JointKind::pin;
  hinge.parent.body = "ground";
  hinge.child.body = "bob";
  CoordinateSpec swing;
  swing.name = "swing";
  hinge.coordinates = {swing};
  make_standard_axes(hinge);
  spec.joints = {hinge};
  const Model model = compile_or_fail(spec);
  const ChainPlan plan = make_chain_plan(model, {}, {});
  ReactionWorkspace ws = make_reaction_workspace(plan);
  AppliedForces none;
  none.external.assign(2, zero_wrench<double>());
  for (double q : {0.0, 0.4, -1.2, 2.5})
    for (double w : {0.0, 3.0, -1.5}) {
      ASSERT_TRUE(update_joint_reactions(plan, &q, &w, 0, none, ws));
      EXPECT_NEAR(ws.qdd[0], -9.80665 * std::sin(q) / 0.7, 1e-10);
      const ReactionLoad in_rod = find_reaction_load(model, ws, {0, false, 1});
      EXPECT_NEAR(in_rod.force.y, 3 * (9.80665 * std::cos(q) + w * w * 0.7), 1e-9);
      EXPECT_NEAR(in_rod.force.x, 0, 1e-9);
      EXPECT_NEAR(norm(in_rod.moment), 0, 1e-9);
    }
}

TEST(JointReaction, says_when_a_coordinate_moves_no_mass) {
  ModelSpec spec = make_limb_spec();
  for (BodySpec& body : spec.bodies)
    if (body.name == "arm" || body.name == "plate") {
      body.mass = 0;
      body.I_BBcm_B = {};
    }
  const Model model = compile_or_fail(spec);
  const ChainPlan plan = make_chain_plan(model, {}, {});
  const Movement movement = make_movement(model, 0, 1, 19);
  ReactionWorkspace ws = make_reaction_workspace(plan);
  AppliedForces forces;
  forces.muscle.assign(model.muscles.size(), 0.0);
  forces.actuator.assign(model.actuators.size(), 0.0);
  forces.external.assign(model.bodies.size(), zero_wrench<double>());
  EXPECT_FALSE(update_joint_reactions(plan, movement.q.data(), movement.qd.data(), 0, forces, ws));
}

}  // namespace
}  // namespace buttress
