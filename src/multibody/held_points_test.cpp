// Points held by the world. What the references can prove: a rod whose free base is held fast at three points is the
// physical pendulum, whose acceleration and pin force are known in closed form; the held points do not accelerate, and
// forces and accelerations fulfil Newton's law for the whole.
#include <gtest/gtest.h>

#include <cmath>

#include "model/compile.h"
#include "multibody/forward_dynamics.h"

namespace buttress {
namespace {

constexpr double kMass = 3, kArm = 0.4, kInertia = 0.05, kGravity = 9.81;

/// a foot that floats with six coordinates, and a rod on a pin (about z) at the foot's origin
Model make_rod() {
  ModelSpec spec;
  spec.gravity_W = {0, -kGravity, 0};
  BodySpec foot, rod;
  foot.name = "foot", foot.mass = 1, foot.I_BBcm_B = {0.01, 0.02, 0.03, 0, 0, 0};
  rod.name = "rod", rod.mass = kMass, rod.p_BBcm_B = {0, kArm, 0}, rod.I_BBcm_B = {kInertia, 0.01, kInertia, 0, 0, 0};
  spec.bodies = {foot, rod};
  JointSpec root, pin;
  root.name = "root", root.kind = JointKind::free, root.parent.body = "ground", root.child.body = "foot";
  for (const char* name : {"rx", "ry", "rz", "tx", "ty", "tz"}) {
    CoordinateSpec c;
    c.name = name;
    root.coordinates.push_back(c);
  }
  pin.name = "pin", pin.kind = JointKind::pin, pin.parent.body = "foot", pin.child.body = "rod";
  CoordinateSpec angle;
  angle.name = "angle";
  pin.coordinates = {angle};
  make_standard_axes(root);
  make_standard_axes(pin);
  spec.joints = {root, pin};
  Diagnostics diagnostics;
  auto model = compile(spec, {}, diagnostics);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  return *model;
}

struct Result {
  std::vector<double> qdd;
  std::vector<Vec3d> force;
  Wrench<double> pin;
};

Result hold(const Model& model, const std::vector<double>& q, const std::vector<double>& qd,
            const std::vector<HeldPoint>& points) {
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q.data(), kin);
  Result r{std::vector<double>(q.size()), std::vector<Vec3d>(points.size()), {}};
  const std::vector<double> none(q.size());
  EXPECT_TRUE(calc_held_accelerations(model, q.data(), qd.data(), 0, nullptr, none.data(), points, kin, r.qdd.data(),
                                      r.force.data()));
  std::vector<Wrench<double>> wrench(model.bodies.size());
  calc_joint_wrenches<double>(model, kin, nullptr, wrench.data());
  r.pin = wrench[static_cast<std::size_t>(model.find_body("rod"))];
  return r;
}

TEST(HeldPoints, ARodOnAFootThatIsHeldFastIsThePhysicalPendulum) {
  const Model model = make_rod();
  const std::size_t angle = static_cast<std::size_t>(model.find_coordinate("angle"));
  const int foot = model.find_body("foot");
  const std::vector<HeldPoint> points{
      {foot, {0.1, -0.05, 0.02}}, {foot, {-0.08, -0.05, 0.03}}, {foot, {0, -0.05, -0.06}}};
  for (const double theta : {0.0, 0.3, -1.1, 2.5})
    for (const double rate : {0.0, 1.7}) {
      std::vector<double> q(model.coordinates.size()), qd(q.size());
      q[angle] = theta, qd[angle] = rate;
      const Result r = hold(model, q, qd, points);
      // about the pin: (I + m r^2) theta'' = m g r sin(theta), theta from the upright towards -x
      const double expected = kMass * kGravity * kArm * std::sin(theta) / (kInertia + kMass * kArm * kArm);
      EXPECT_NEAR(r.qdd[angle], expected, 1e-9);
      // acceleration of the mass centre, and what the pin must add to gravity
      const Vec3d out{-std::sin(theta), std::cos(theta), 0}, along{-std::cos(theta), -std::sin(theta), 0};
      const Vec3d a = kArm * expected * along - kArm * rate * rate * out;
      EXPECT_NEAR(r.pin.force.x, kMass * a.x, 1e-8);
      EXPECT_NEAR(r.pin.force.y, kMass * (a.y + kGravity), 1e-8);
      // the world holds foot and rod
      Vec3d sum{0, 0, 0};
      for (const Vec3d& f : r.force) sum += f;
      EXPECT_NEAR(sum.x, kMass * a.x, 1e-8);
      EXPECT_NEAR(sum.y, kMass * (a.y + kGravity) + 1 * kGravity, 1e-8);
      EXPECT_NEAR(sum.z, 0, 1e-8);
      for (const char* name : {"rx", "ry", "rz", "tx", "ty", "tz"})
        EXPECT_NEAR(r.qdd[static_cast<std::size_t>(model.find_coordinate(name))], 0, 1e-9) << name;
    }
}

TEST(HeldPoints, MorePointsThanNeededHoldTheSame) {
  const Model model = make_rod();
  const int foot = model.find_body("foot");
  std::vector<HeldPoint> points{{foot, {0.1, -0.05, 0.02}}, {foot, {-0.08, -0.05, 0.03}}, {foot, {0, -0.05, -0.06}}};
  std::vector<double> q(model.coordinates.size()), qd(q.size());
  q[static_cast<std::size_t>(model.find_coordinate("angle"))] = 0.7;
  const Result three = hold(model, q, qd, points);
  points.insert(points.end(), {{foot, {0.2, -0.05, 0.05}}, {foot, {0.1, 0.02, -0.05}}, {foot, {-0.1, 0, 0}}});
  const Result six = hold(model, q, qd, points);
  for (std::size_t c = 0; c < q.size(); ++c) EXPECT_NEAR(six.qdd[c], three.qdd[c], 1e-9);
  EXPECT_NEAR(six.pin.force.x, three.pin.force.x, 1e-8);
  EXPECT_NEAR(six.pin.force.y, three.pin.force.y, 1e-8);
}

TEST(HeldPoints, WithNothingHeldEverythingFalls) {
  const Model model = make_rod();
  std::vector<double> q(model.coordinates.size()), qd(q.size());
  q[static_cast<std::size_t>(model.find_coordinate("angle"))] = 0.7;
  const Result r = hold(model, q, qd, {});
  EXPECT_NEAR(r.qdd[static_cast<std::size_t>(model.find_coordinate("ty"))], -kGravity, 1e-9);
  EXPECT_NEAR(r.pin.force.y, 0, 1e-9);
}

}  // namespace
}  // namespace buttress
