// Our bushing against Simbody's Force::LinearBushing, which is what OpenSim's BushingForce is made of. The poses and
// velocities are Simbody's; what the comparison can prove is every angle, rate, sign, frame and point of application.
#include <Simbody.h>
#include <gtest/gtest.h>

#include "model/random_model_testing.h"
#include "muscle/passive_forces.h"

namespace buttress {
namespace {

Vec3d from(const SimTK::Vec3& v) {
  return {v[0], v[1], v[2]};
}
SimTK::Vec3 to(const Vec3d& v) {
  return SimTK::Vec3(v.x, v.y, v.z);
}
Posed from(const SimTK::Transform& X) {
  Posed pose;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) pose.R.m[i][j] = X.R()[i][j];
  pose.p = from(X.p());
  return pose;
}
Vec3d random_sizes(Random& random, double largest) {
  return {random.uniform(0, largest), random.uniform(0, largest), random.uniform(0, largest)};
}
SimTK::Transform random_transform(Random& random, double angle, double size) {
  SimTK::Rotation R;
  R.setRotationToBodyFixedXYZ(to(random.vector(angle)));
  return SimTK::Transform(R, to(random.vector(size)));
}

TEST(BushingOracle, bushing_wrenches_are_those_of_simbodys_linear_bushing) {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    SimTK::MultibodySystem system;
    SimTK::SimbodyMatterSubsystem matter(system);
    SimTK::GeneralForceSubsystem forces(system);
    const SimTK::Body::Rigid body(SimTK::MassProperties(1, SimTK::Vec3(0), SimTK::Inertia(1)));
    SimTK::MobilizedBody::Free first(matter.Ground(), body), second(matter.Ground(), body);
    const SimTK::Transform X_1F = random_transform(random, 2, 0.2), X_2M = random_transform(random, 2, 0.2);
    PassiveForceSpec spec;
    spec.kind = PassiveForceKind::bushing;
    spec.rotational_stiffness = random_sizes(random, 50);
    spec.translational_stiffness = random_sizes(random, 3000);
    spec.rotational_damping = random_sizes(random, 5);
    spec.translational_damping = random_sizes(random, 80);
    SimTK::Vec6 stiffness, damping;
    stiffness.updSubVec<3>(0) = to(spec.rotational_stiffness);
    stiffness.updSubVec<3>(3) = to(spec.translational_stiffness);
    damping.updSubVec<3>(0) = to(spec.rotational_damping);
    damping.updSubVec<3>(3) = to(spec.translational_damping);
    SimTK::Force::LinearBushing bushing(forces, first, X_1F, second, X_2M, stiffness, damping);
    SimTK::State state = system.realizeTopology();
    // frame M anywhere around frame F, the second angle short of its right angle
    const SimTK::Transform X_W1 = random_transform(random, 3, 1);
    const SimTK::Vec3 angles(random.uniform(-3, 3), random.uniform(-1.5, 1.5), random.uniform(-3, 3));
    SimTK::Rotation R_FM;
    R_FM.setRotationToBodyFixedXYZ(angles);
    const SimTK::Transform X_FM(R_FM, to(random.vector(0.1)));
    first.setQToFitTransform(state, X_W1);
    second.setQToFitTransform(state, X_W1 * X_1F * X_FM * ~X_2M);
    first.setUToFitVelocity(state, SimTK::SpatialVec(to(random.vector(3)), to(random.vector(1))));
    second.setUToFitVelocity(state, SimTK::SpatialVec(to(random.vector(3)), to(random.vector(1))));
    system.realize(state, SimTK::Stage::Dynamics);
    SimTK::Vector_<SimTK::SpatialVec> body_forces;
    SimTK::Vector_<SimTK::Vec3> particle_forces;
    SimTK::Vector mobility_forces;
    bushing.calcForceContribution(state, body_forces, particle_forces, mobility_forces);

    Model model;
    model.bodies.resize(3);
    PassiveForce force;
    force.spec = spec;
    force.frame1 = {1, from(X_1F)};
    force.frame2 = {2, from(X_2M)};
    model.passive_forces.push_back(force);
    Kinematics<double> kin;
    for (SimTK::MobilizedBodyIndex b(0); b < 3; ++b) {
      const SimTK::MobilizedBody& mobod = matter.getMobilizedBody(b);
      kin.X_WB.push_back(from(mobod.getBodyTransform(state)));
      kin.w_WB_W.push_back(from(mobod.getBodyAngularVelocity(state)));
      kin.v_WB_W.push_back(from(mobod.getBodyOriginVelocity(state)));
    }
    const PassiveForcePlan plan = make_passive_force_plan(model);
    auto ws = make_passive_force_workspace<double>(model);
    update_passive_forces<double>(model, plan, kin, nullptr, nullptr, nullptr, nullptr, ws);
    double difference = 0, size = 0;
    for (int b = 1; b < 3; ++b) {
      const SimTK::SpatialVec& theirs = body_forces[b];
      const Wrench<double>& ours = ws.body_wrench[static_cast<std::size_t>(b)];
      const Vec3d moment = moment_about(ours, kin.X_WB[static_cast<std::size_t>(b)].p);
      difference = std::max({difference, norm(ours.force - from(theirs[1])), norm(moment - from(theirs[0]))});
      size = std::max({size, theirs[1].norm(), theirs[0].norm()});
    }
    EXPECT_LE(difference, 1e-10 * size) << "seed " << seed;
    worst = std::max(worst, difference / size);
  }
  RecordProperty("worst_relative_error", std::to_string(worst));
  std::printf("[  worst   ] bushing %.2e\n", worst);
}

}  // namespace
}  // namespace buttress
