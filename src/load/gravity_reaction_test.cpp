// What gravity alone makes at a joint. What the reference can prove: with the foot's points at the ground the shank is
// a physical pendulum on its ankle, with closed-form force; with the foot in the air everything falls and nothing is
// passed on.
#include "load/gravity_reaction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/compile.h"

namespace buttress {
namespace {

constexpr double kMass = 4, kArm = 0.3, kInertia = 0.04, kGravity = 9.81;

Model make_leg() {
  ModelSpec spec;
  spec.gravity_W = {0, -kGravity, 0};
  BodySpec trunk, foot;
  // the free body is the upper one, as in people
  trunk.name = "trunk", trunk.mass = kMass, trunk.p_BBcm_B = {0, kArm, 0};
  trunk.I_BBcm_B = {kInertia, 0.01, kInertia, 0, 0, 0};
  foot.name = "foot", foot.mass = 1, foot.I_BBcm_B = {0.01, 0.02, 0.03, 0, 0, 0};
  spec.bodies = {trunk, foot};
  JointSpec root, pin;
  root.name = "root", root.kind = JointKind::free, root.parent.body = "ground", root.child.body = "trunk";
  for (const char* name : {"rx", "ry", "rz", "tx", "ty", "tz"}) {
    CoordinateSpec c;
    c.name = name;
    root.coordinates.push_back(c);
  }
  pin.name = "pin", pin.kind = JointKind::pin, pin.parent.body = "trunk", pin.child.body = "foot";
  CoordinateSpec angle;
  angle.name = "angle";
  pin.coordinates = {angle};
  make_standard_axes(root);
  make_standard_axes(pin);
  spec.joints = {root, pin};
  Diagnostics diagnostics;
  return *compile(spec, {}, diagnostics);
}

struct Scene {
  Model model = make_leg();
  ContactSet contacts;
  std::vector<double> q = std::vector<double>(7), qd = std::vector<double>(7);
  Scene() {
    contacts.surfaces = {make_floor(-0.05)};
    const int foot = model.find_body("foot");
    for (const Vec3d& p : {Vec3d{0.1, -0.05, 0.03}, Vec3d{-0.05, -0.05, 0.03}, Vec3d{0, -0.05, -0.04}})
      contacts.points.push_back({"p", "foot", foot, p, 0, 500});
  }
  double& at(const char* name) { return q[static_cast<std::size_t>(model.find_coordinate(name))]; }
  double& rate(const char* name) { return qd[static_cast<std::size_t>(model.find_coordinate(name))]; }
  Vec3d reaction() { return calc_gravity_reactions(model, contacts, 1, q.data(), qd.data(), 1)[0]; }
};

TEST(GravityReaction, OverAFootOnTheGroundTheBodyIsAPhysicalPendulum) {
  Scene s;
  const double theta = 0.4, speed = 1.2;
  s.at("rz") = theta, s.at("angle") = -theta;
  s.rate("rz") = speed, s.rate("angle") = -speed;
  const double alpha = kMass * kGravity * kArm * std::sin(theta) / (kInertia + kMass * kArm * kArm);
  const Vec3d out{-std::sin(theta), std::cos(theta), 0}, along{-std::cos(theta), -std::sin(theta), 0};
  const Vec3d a = kArm * alpha * along - kArm * speed * speed * out;
  // the trunk presses on the foot with the opposite of what it needs
  const Vec3d force = s.reaction();
  EXPECT_NEAR(force.x, -kMass * a.x, 1e-8);
  EXPECT_NEAR(force.y, -kMass * (a.y + kGravity), 1e-8);
}

TEST(GravityReaction, NothingIsPassedOnInTheAir) {
  Scene s;
  s.at("ty") = 0.2;
  const Vec3d force = s.reaction();
  EXPECT_NEAR(std::sqrt(dot(force, force)), 0, 1e-9);
}

TEST(GravityReaction, APointThatSlidesFastDoesNotHold) {
  Scene s;
  s.rate("tx") = 0.9;
  const Vec3d force = s.reaction();
  EXPECT_NEAR(std::sqrt(dot(force, force)), 0, 1e-9);
}

}  // namespace
}  // namespace buttress
