// Our dynamics against Simbody 3.7, the engine under OpenSim, on random models. What the comparison can prove: every
// joint kind, function kind, frame, constraint and sign is what OpenSim's engine takes it to be. Only the reading of
// the ModelSpec is shared; mobilizers and functions on Simbody's side are its own or property/spec_function.h.
#include <gtest/gtest.h>

#include "model/compile.h"
#include "model/random_model_testing.h"
#include "multibody/forward_dynamics.h"
#include "property/simbody_model.h"

namespace buttress {
namespace {

constexpr int kModels = 200;
constexpr int kMostBodies = 25;
constexpr double kTolerance = 1e-9;

/// largest difference between two sets of numbers, over the largest magnitude in the second
struct Comparison {
  double difference = 0, magnitude = 0;
  void add(double ours, double theirs) {
    // a number that is not finite must fail
    const double d = std::abs(ours - theirs);
    difference = std::isfinite(d) ? std::max(difference, d) : kInfinity;
    magnitude = std::max(magnitude, std::abs(theirs));
  }
  void add(const Vec3d& ours, const SimTK::Vec3& theirs) {
    add(ours.x, theirs[0]);
    add(ours.y, theirs[1]);
    add(ours.z, theirs[2]);
  }
  double relative() const { return difference == 0 ? 0 : difference / magnitude; }
};

/// worst relative error of one quantity over all models
class Worst {
 public:
  explicit Worst(const char* quantity) : quantity_(quantity) {}
  void check(const Comparison& c, int seed) {
    ++count_;
    EXPECT_LE(c.relative(), kTolerance) << quantity_ << ", seed " << seed;
    if (c.relative() >= worst_) worst_ = c.relative(), seed_ = seed;
  }
  ~Worst() {
    char text[64];
    std::snprintf(text, sizeof text, "%.2e at seed %d of %d", worst_, seed_, count_);
    testing::Test::RecordProperty(std::string("worst_relative_error_") + quantity_, text);
    std::printf("[  worst   ] %-22s %s\n", quantity_, text);
  }

 private:
  const char* quantity_;
  double worst_ = 0;
  int seed_ = 0, count_ = 0;
};

Model compile_or_fail(const ModelSpec& spec) {
  Diagnostics diagnostics;
  std::optional<Model> model = compile(spec, {}, diagnostics);
  for (const Diagnostic& d : diagnostics.items())
    if (d.severity == Severity::error) ADD_FAILURE() << format_diagnostic(d);
  if (!model) throw std::runtime_error("the random model does not compile");
  return *std::move(model);
}

struct Motion {
  std::vector<double> q, qd, qdd;
};

Motion make_random_motion(Random& random, const Model& model) {
  Motion motion;
  for (const Coordinate& c : model.coordinates) {
    const double size = c.motion_type != MotionType::rotational ? 0.5 : 1.0;
    motion.q.push_back(size * random.uniform(-1.2, 1.2));
    motion.qd.push_back(size * random.uniform(-2, 2));
    motion.qdd.push_back(size * random.uniform(-5, 5));
  }
  return motion;
}

/// wrench on each body as force and moment at the body's origin
struct BodyLoad {
  Vec3d force, moment_at_origin;
};

std::vector<BodyLoad> make_random_loads(Random& random, const Model& model) {
  std::vector<BodyLoad> loads(model.bodies.size(), BodyLoad{{0, 0, 0}, {0, 0, 0}});
  for (std::size_t b = 1; b < loads.size(); ++b)
    if (random.chance(0.5)) loads[b] = {random.vector(50), random.vector(10)};
  return loads;
}

/// the same loads about the world origin; needs positions
std::vector<Wrench<double>> shift_to_world(const std::vector<BodyLoad>& loads, const Kinematics<double>& kin) {
  std::vector<Wrench<double>> wrenches;
  for (std::size_t b = 0; b < loads.size(); ++b)
    wrenches.push_back({loads[b].force, loads[b].moment_at_origin + cross(kin.X_WB[b].p, loads[b].force)});
  return wrenches;
}

/// a Simbody model in a state, with the names of our model resolved once
struct Oracle {
  SimbodyModel simbody;
  SimTK::State state;
  std::vector<SimTK::MobilizedBodyIndex> body;  ///< [bodies] of our model
  std::vector<SimbodyModel::Place> coordinate;  ///< [coordinates] of our model

  Oracle(const ModelSpec& spec, const Model& model, bool with_constraints,
         CustomJoints custom_joints = CustomJoints::best)
      : simbody(spec, with_constraints, custom_joints) {
    state = simbody.system.realizeTopology();
    simbody.system.realizeModel(state);
    for (const Body& b : model.bodies) body.push_back(simbody.body.at(b.name));
    for (const Coordinate& c : model.coordinates) coordinate.push_back(simbody.coordinate.at(c.name));
  }
  const SimTK::MobilizedBody& mobod(std::size_t b) const { return simbody.matter.getMobilizedBody(body[b]); }
  const SimTK::MobilizedBody& coordinate_mobod(std::size_t c) const {
    return simbody.matter.getMobilizedBody(coordinate[c].body);
  }
  void set_state(double time, const Motion& motion, const std::vector<BodyLoad>& loads,
                 const std::vector<double>& generalized) {
    state.setTime(time);
    for (std::size_t c = 0; c < motion.q.size(); ++c) {
      coordinate_mobod(c).setOneQ(state, coordinate[c].index, motion.q[c]);
      coordinate_mobod(c).setOneU(state, coordinate[c].index, motion.qd[c]);
      simbody.loads.setOneMobilityForce(state, coordinate_mobod(c), SimTK::MobilizerUIndex(coordinate[c].index),
                                        generalized[c]);
    }
    for (std::size_t b = 1; b < loads.size(); ++b)
      simbody.loads.setOneBodyForce(
          state, mobod(b), SimTK::SpatialVec(to_simbody(loads[b].moment_at_origin), to_simbody(loads[b].force)));
  }
  double get(const SimTK::Vector& u_like, std::size_t c) const {
    return coordinate_mobod(c).getOneFromUPartition(state, coordinate[c].index, u_like);
  }
};

/// joint wrenches of our model, moved to each joint's centre, against Simbody's reactions on the child there
void compare_reactions(const Model& model, const Oracle& oracle, const Kinematics<double>& kin,
                       const std::vector<Wrench<double>>& joint_wrench, Comparison& force, Comparison& moment) {
  SimTK::Vector_<SimTK::SpatialVec> reaction;
  oracle.simbody.matter.calcMobilizerReactionForces(oracle.state, reaction);
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const Wrench<double>& wrench = joint_wrench[j + 1];
    force.add(wrench.force, reaction[oracle.body[j + 1]][1]);
    moment.add(moment_about(wrench, kin.p_WM_W[j]), reaction[oracle.body[j + 1]][0]);
  }
}

TEST(SimbodyOracle, free_trees_move_and_pull_as_in_simbody) {
  Worst worst_rotation("rotation"), worst_position("position"), worst_velocity("velocity"),
      worst_spin("angular_velocity"), worst_acceleration("acceleration"), worst_spin_rate("angular_acceleration"),
      worst_tau("inverse_dynamics"), worst_qdd("forward_dynamics"), worst_force("reaction_force"),
      worst_moment("reaction_moment");
  int function_based = 0, transform = 0;
  for (int seed = 1; seed <= kModels; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const ModelSpec spec = make_random_model(random, kMostBodies);
    const Model model = compile_or_fail(spec);
    const Motion motion = make_random_motion(random, model);
    const std::vector<BodyLoad> loads = make_random_loads(random, model);
    const std::size_t n = model.coordinates.size();
    const std::vector<double> no_force(n, 0.0);

    Kinematics<double> kin = make_kinematics<double>(model);
    update_positions(model, motion.q.data(), kin);
    update_accelerations(model, motion.qd.data(), motion.qdd.data(), kin);
    const std::vector<Wrench<double>> applied = shift_to_world(loads, kin);
    std::vector<Wrench<double>> joint_wrench(model.bodies.size());
    std::vector<double> tau(n);
    calc_joint_wrenches(model, kin, applied.data(), joint_wrench.data());
    calc_generalized_forces(model, kin, joint_wrench.data(), tau.data());

    Oracle oracle(spec, model, false);
    function_based += oracle.simbody.function_based_count;
    transform += oracle.simbody.transform_count;
    oracle.set_state(0, motion, loads, no_force);
    oracle.simbody.system.realize(oracle.state, SimTK::Stage::Dynamics);
    const SimTK::SimbodyMatterSubsystem& matter = oracle.simbody.matter;
    SimTK::Vector udot(matter.getNumMobilities());
    for (std::size_t c = 0; c < n; ++c)
      oracle.coordinate_mobod(c).updOneFromUPartition(oracle.state, oracle.coordinate[c].index, udot) = motion.qdd[c];

    // where the bodies are and how they move
    SimTK::Vector_<SimTK::SpatialVec> A_GB;
    matter.calcBodyAccelerationFromUDot(oracle.state, udot, A_GB);
    Comparison rotation, position, velocity, spin, acceleration, spin_rate;
    for (std::size_t b = 1; b < model.bodies.size(); ++b) {
      const SimTK::Transform& X = oracle.mobod(b).getBodyTransform(oracle.state);
      for (int i = 0; i < 3; ++i)
        for (int k = 0; k < 3; ++k) rotation.add(kin.X_WB[b].R.m[i][k], X.R()[i][k]);
      position.add(kin.X_WB[b].p, X.p());
      const SimTK::SpatialVec& V = oracle.mobod(b).getBodyVelocity(oracle.state);
      spin.add(kin.w_WB_W[b], V[0]);
      velocity.add(kin.v_WB_W[b], V[1]);
      spin_rate.add(kin.alpha_WB_W[b], A_GB[oracle.body[b]][0]);
      acceleration.add(kin.a_WB_W[b], A_GB[oracle.body[b]][1]);
    }
    worst_rotation.check(rotation, seed);
    worst_position.check(position, seed);
    worst_velocity.check(velocity, seed);
    worst_spin.check(spin, seed);
    worst_acceleration.check(acceleration, seed);
    worst_spin_rate.check(spin_rate, seed);

    // the generalized forces that the motion needs
    SimTK::Vector residual;
    matter.calcResidualForceIgnoringConstraints(
        oracle.state, SimTK::Vector(matter.getNumMobilities(), 0.0),
        oracle.simbody.system.getRigidBodyForces(oracle.state, SimTK::Stage::Dynamics), udot, residual);
    Comparison forces;
    for (std::size_t c = 0; c < n; ++c) forces.add(tau[c], oracle.get(residual, c));
    worst_tau.check(forces, seed);

    // the motion that forces cause, and what the joints carry in it
    std::vector<double> generalized, qdd(n);
    for (std::size_t c = 0; c < n; ++c) generalized.push_back(random.uniform(-20, 20));
    oracle.set_state(0, motion, loads, generalized);
    oracle.simbody.system.realize(oracle.state, SimTK::Stage::Acceleration);
    ASSERT_TRUE(calc_accelerations(model, motion.q.data(), motion.qd.data(), 0, applied.data(), generalized.data(), kin,
                                   qdd.data()))
        << "seed " << seed;
    Comparison accelerations, force, moment;
    for (std::size_t c = 0; c < n; ++c) accelerations.add(qdd[c], oracle.get(oracle.state.getUDot(), c));
    worst_qdd.check(accelerations, seed);
    calc_joint_wrenches(model, kin, applied.data(), joint_wrench.data());
    compare_reactions(model, oracle, kin, joint_wrench, force, moment);
    worst_force.check(force, seed);
    worst_moment.check(moment, seed);
  }
  EXPECT_GT(function_based, 200);
  EXPECT_GT(transform, 200);
}

TEST(SimbodyOracle, coupled_locked_and_prescribed_coordinates_accelerate_as_in_simbody) {
  Worst worst_qdd("constrained_qdd"), worst_force("constrained_force"), worst_moment("constrained_moment");
  int couplers = 0, locked = 0, prescribed = 0;
  for (int seed = 1001; seed <= 1000 + kModels; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    ModelSpec spec = make_random_model(random, kMostBodies);
    add_random_constraints(random, spec);
    for (JointSpec& joint : spec.joints)
      for (CoordinateSpec& c : joint.coordinates)
        if (c.locked) c.default_value = random.uniform(-0.8, 0.8);
    const Model model = compile_or_fail(spec);
    const double time = random.uniform(0, 1);
    const std::size_t n = model.coordinates.size();

    // a motion on the constraints
    Motion motion = make_random_motion(random, model);
    for (std::size_t c = 0; c < n; ++c) {
      const Coordinate& coordinate = model.coordinates[c];
      if (coordinate.locked) motion.q[c] = coordinate.default_value, motion.qd[c] = 0, ++locked;
      if (!coordinate.prescribed) continue;
      const Jet<double> f = evaluate(coordinate.prescribed_function, time);
      motion.q[c] = f.f, motion.qd[c] = f.df, ++prescribed;
    }
    for (const Coupler& coupler : model.couplers) {
      const std::size_t from = static_cast<std::size_t>(coupler.independent),
                        to = static_cast<std::size_t>(coupler.dependent);
      const Jet<double> f = evaluate(coupler.function, motion.q[from]);
      motion.q[to] = f.f, motion.qd[to] = f.df * motion.qd[from], ++couplers;
    }

    Kinematics<double> kin = make_kinematics<double>(model);
    update_positions(model, motion.q.data(), kin);
    update_accelerations<double>(model, motion.qd.data(), nullptr, kin);
    const std::vector<BodyLoad> loads = make_random_loads(random, model);
    const std::vector<Wrench<double>> applied = shift_to_world(loads, kin);
    std::vector<double> generalized, qdd(n);
    for (std::size_t c = 0; c < n; ++c) generalized.push_back(random.uniform(-20, 20));
    ASSERT_TRUE(calc_accelerations(model, motion.q.data(), motion.qd.data(), time, applied.data(), generalized.data(),
                                   kin, qdd.data()))
        << "seed " << seed;
    std::vector<Wrench<double>> joint_wrench(model.bodies.size());
    calc_joint_wrenches(model, kin, applied.data(), joint_wrench.data());

    Oracle oracle(spec, model, true);
    oracle.set_state(time, motion, loads, generalized);
    for (const std::string& name : oracle.simbody.locked_joint_bodies)
      oracle.simbody.matter.getMobilizedBody(oracle.simbody.body.at(name)).lock(oracle.state);
    // locking resets what the state holds of the forces, not of the motion
    oracle.simbody.system.realizeModel(oracle.state);
    oracle.set_state(time, motion, loads, generalized);
    oracle.simbody.system.realize(oracle.state, SimTK::Stage::Velocity);
    ASSERT_LT(oracle.state.getQErr().size() ? SimTK::max(oracle.state.getQErr().abs()) : 0.0, 1e-10) << seed;
    ASSERT_LT(oracle.state.getUErr().size() ? SimTK::max(oracle.state.getUErr().abs()) : 0.0, 1e-9) << seed;
    oracle.simbody.system.realize(oracle.state, SimTK::Stage::Acceleration);

    Comparison accelerations, force, moment;
    for (std::size_t c = 0; c < n; ++c) accelerations.add(qdd[c], oracle.get(oracle.state.getUDot(), c));
    worst_qdd.check(accelerations, seed);
    compare_reactions(model, oracle, kin, joint_wrench, force, moment);
    worst_force.check(force, seed);
    worst_moment.check(moment, seed);
  }
  // the sweep must have met what it is about
  EXPECT_GT(couplers, 200);
  EXPECT_GT(locked, 200);
  EXPECT_GT(prescribed, 50);
}

/// a body on one custom joint with one coordinate that turns all three axes, as the knees of Rajagopal's models do
ModelSpec make_knee(Random& random) {
  ModelSpec spec;
  spec.file = "knee.osim";
  spec.bodies = {make_random_body(random, "shank")};
  JointSpec joint;
  joint.name = "knee";
  joint.kind = JointKind::custom;
  joint.parent = {"ground", Posed::identity()};
  joint.child = {"shank", Posed::identity()};
  joint.coordinates.resize(1);
  joint.coordinates[0].name = "angle";
  const Vec3d directions[3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  for (int a = 0; a < 3; ++a) {
    joint.axes[a].direction = joint.axes[a + 3].direction = directions[a];
    AxisTermSpec term;
    term.coordinate = "angle";
    term.function.kind = FunctionKind::polynomial;
    term.function.coefficients = {random.uniform(-0.2, 0.2), random.uniform(0.3, 1), random.uniform(-0.2, 0.2)};
    joint.axes[a].terms = {term};
  }
  spec.joints = {joint};
  return spec;
}

// proves that the mobilizer which stands in for FunctionBased is the same one where FunctionBased is right
TEST(TransformMobilizer, equals_simbodys_function_based_mobilizer_where_that_is_right) {
  int joints = 0;
  Comparison reactions, accelerations;
  for (int seed = 1; seed <= kModels; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const ModelSpec spec = make_random_model(random, 3);
    const Model model = compile_or_fail(spec);
    Oracle first(spec, model, false, CustomJoints::best), second(spec, model, false, CustomJoints::transform);
    if (first.simbody.transform_count > 0 || first.simbody.function_based_count == 0) continue;
    joints += first.simbody.function_based_count;
    const Motion motion = make_random_motion(random, model);
    const std::vector<BodyLoad> loads = make_random_loads(random, model);
    SimTK::Vector_<SimTK::SpatialVec> reaction[2];
    for (Oracle* o : {&first, &second}) {
      o->set_state(0, motion, loads, std::vector<double>(model.coordinates.size(), 0.0));
      o->simbody.system.realize(o->state, SimTK::Stage::Acceleration);
      o->simbody.matter.calcMobilizerReactionForces(o->state, reaction[o == &second]);
    }
    for (std::size_t c = 0; c < model.coordinates.size(); ++c)
      accelerations.add(second.get(second.state.getUDot(), c), first.get(first.state.getUDot(), c));
    for (int b = 0; b < reaction[0].size(); ++b)
      for (int i = 0; i < 3; ++i) reactions.add(reaction[1][b][1][i], reaction[0][b][1][i]);
  }
  EXPECT_GT(joints, 30);
  EXPECT_LT(accelerations.relative(), kTolerance);
  EXPECT_LT(reactions.relative(), kTolerance);
}

// Documents where OpenSim itself departs from mechanics, because its CustomJoint inherits Simbody's dH/dt: when one
// coordinate turns all three axes at the rates t1, t2, t3, the term t2 t3 (W3 x W2) is added to the angular
// acceleration by mistake. Finite differences of Simbody's own angular velocity decide which is right.
TEST(TransformMobilizer, differs_from_function_based_by_the_term_that_simbody_adds_by_mistake) {
  for (int seed = 1; seed <= 20; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const ModelSpec spec = make_knee(random);
    const Model model = compile_or_fail(spec);
    Oracle simbody(spec, model, false, CustomJoints::function_based);
    const double q = random.uniform(-1, 1), rate = random.uniform(3, 6);
    const auto set = [&](double angle) {
      simbody.set_state(0, {{angle}, {rate}, {0}}, std::vector<BodyLoad>(2, BodyLoad{{0, 0, 0}, {0, 0, 0}}), {0});
      simbody.simbody.system.realize(simbody.state, SimTK::Stage::Velocity);
    };

    // d(angular velocity)/dt along q + rate t
    const double step = 1e-5;
    set(q + step * rate);
    const SimTK::Vec3 after = simbody.mobod(1).getBodyVelocity(simbody.state)[0];
    set(q - step * rate);
    const SimTK::Vec3 before = simbody.mobod(1).getBodyVelocity(simbody.state)[0];
    const SimTK::Vec3 by_differences = (after - before) / (2 * step);
    set(q);
    SimTK::Vector_<SimTK::SpatialVec> by_simbody;
    simbody.simbody.matter.calcBodyAccelerationFromUDot(simbody.state, SimTK::Vector(1, 0.0), by_simbody);

    Kinematics<double> kin = make_kinematics<double>(model);
    const double qdd = 0;
    update_positions(model, &q, kin);
    update_accelerations(model, &rate, &qdd, kin);
    const double t2 = rate * ReferenceFunction(spec.joints[0].axes[1].terms[0].function)(q).df,
                 t3 = rate * ReferenceFunction(spec.joints[0].axes[2].terms[0].function)(q).df;
    const Vec3d mistake = t2 * t3 * cross(kin.axis_W[2], kin.axis_W[1]);
    const Vec3d with_mistake = kin.alpha_WB_W[1] + mistake;
    Comparison right, wrong;
    right.add(kin.alpha_WB_W[1], by_differences);
    wrong.add(with_mistake, by_simbody[1][0]);
    EXPECT_LT(right.relative(), 1e-8) << "seed " << seed;
    EXPECT_LT(wrong.relative(), 1e-12) << "seed " << seed;
    EXPECT_GT(norm(mistake), 0.1) << "seed " << seed;
  }
}

}  // namespace
}  // namespace buttress
