// The chain on hand-made bodies. What the references can prove: bytes do not depend on threads, numbers hardly on the
// width of the lanes; each frame is in balance by virtual work taken from differences of poses and path lengths, which
// shares nothing with moment arms, reduction and actuator columns; every body moves as Newton and Euler say under the
// joint loads that are reported; and where statics can be done by hand, the numbers are those.
#include "load/inverse_chain.h"

#include <cstring>
#include <map>

#include "load/limb_testing.h"

namespace buttress {
namespace {

using namespace limb_testing;

ChainOutput run(const ChainPlan& plan, const ChainInput& input, InstructionSet set = InstructionSet::scalar,
                unsigned threads = 1) {
  ChainOutput output = make_chain_output(plan, input.frame_count);
  ChainRunOptions options;
  options.instruction_set = set;
  options.thread_count = threads;
  run_chain(plan, input, options, output);
  return output;
}

/// all tables of an output by name
std::map<std::string, const std::vector<double>*> list_tables(const ChainOutput& o) {
  return {
      {"joint_moment", &o.joint_moment}, {"length", &o.length},     {"activation", &o.activation}, {"force", &o.force},
      {"reserve", &o.reserve},           {"residual", &o.residual}, {"reaction", &o.reaction}};
}

bool is_same_bytes(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

std::vector<InstructionSet> list_instruction_sets() {
  std::vector<InstructionSet> sets = {InstructionSet::scalar};
  for (InstructionSet set : {InstructionSet::avx2, InstructionSet::avx512})
    if (set <= find_instruction_set()) sets.push_back(set);
  return sets;
}

/// Recomputes one frame in double with nothing but poses, path lengths and forces.
struct Judge {
  const ChainPlan& plan;
  const Model& model;
  Kinematics<double> kin;
  PathWorkspace<double> paths;
  FiberWorkspace<double> fibers;
  PassiveForceWorkspace<double> passive;
  std::vector<double> q, qd, qdd;
  std::vector<Wrench<double>> applied;  ///< external loads on each body, about the world origin

  explicit Judge(const ChainPlan& p)
      : plan(p),
        model(*p.model),
        kin(make_kinematics<double>(model)),
        paths(make_path_workspace<double>(model, p.paths)),
        fibers(make_fiber_workspace<double>(p.fibers)),
        passive(make_passive_force_workspace<double>(model)) {}

  void place(const std::vector<double>& at) {
    update_positions(model, at.data(), kin);
    update_paths(model, plan.paths, kin, at.data(), paths);
  }

  void load_frame(const ChainInput& input, std::size_t f) {
    const std::size_t n = model.coordinates.size();
    q.assign(input.q + f * n, input.q + (f + 1) * n);
    qd.assign(input.qd + f * n, input.qd + (f + 1) * n);
    qdd.assign(input.qdd + f * n, input.qdd + (f + 1) * n);
    place(q);
    update_accelerations(model, qd.data(), qdd.data(), kin);
    if (plan.has_passive_forces)
      update_passive_forces(model, plan.passive, kin, q.data(), qd.data(), paths.length.data(), passive);
    applied.assign(model.bodies.size(), zero_wrench<double>());
    for (std::size_t i = 0; i < plan.loads.size(); ++i) {
      const double* v = input.loads + (f * plan.loads.size() + i) * 9;
      const Posed& X_WE = kin.X_WB[static_cast<std::size_t>(plan.loads[i].force_frame_body)];
      const Posed& X_WP = kin.X_WB[static_cast<std::size_t>(plan.loads[i].point_frame_body)];
      const Vec3d force = X_WE.R * Vec3d{v[0], v[1], v[2]}, torque = X_WE.R * Vec3d{v[6], v[7], v[8]};
      const Vec3d point = X_WP * Vec3d{v[3], v[4], v[5]};
      applied[static_cast<std::size_t>(plan.loads[i].body)] += {force, torque + cross(point, force)};
    }
  }

  /// mass times acceleration less weight, as a wrench about the world origin
  Wrench<double> find_inertial_wrench(std::size_t b) const {
    const Body& body = model.bodies[b];
    const Mat3d& R = kin.X_WB[b].R;
    const Vec3d w = kin.w_WB_W[b], alpha = kin.alpha_WB_W[b], r = R * body.p_BBcm_B;
    const Vec3d a = kin.a_WB_W[b] + cross(alpha, r) + cross(w, cross(w, r));
    const Vec3d force = body.mass * (a - model.gravity_W);
    const Vec3d w_B = multiply_transposed(R, w), alpha_B = multiply_transposed(R, alpha);
    const Vec3d moment = R * (body.I_BBcm_B * alpha_B + cross(w_B, body.I_BBcm_B * w_B));
    return {force, moment + cross(kin.X_WB[b].p + r, force)};
  }

  Wrench<double> find_wrench_of(const Actuator& a, double force) const {
    const Posed& X = kin.X_WB[static_cast<std::size_t>(a.body)];
    const Vec3d direction = force * (a.direction_is_global ? a.direction : X.R * a.direction);
    if (a.kind == ActuatorKind::torque) return {zero3<double>(), direction};
    const Vec3d point = a.point_is_global ? a.point : X * a.point;
    return {direction, cross(point, direction)};
  }

  /// the moment that is still missing on a free coordinate, by virtual work: everything moves a little along it,
  /// coupled coordinates follow, and the work of all forces is set against that of the accelerations
  double find_missing_moment(const ChainOutput& out, std::size_t f, int coordinate) {
    const double h = 1e-5;
    std::vector<std::vector<double>> length;
    std::vector<std::vector<Posed>> pose;
    std::vector<std::vector<double>> value;
    for (double step : {-h, h}) {
      std::vector<double> at = q, rate = qd, change = qdd;
      at[static_cast<std::size_t>(coordinate)] += step;
      limb_testing::apply_couplers(model, at.data(), rate.data(), change.data());
      place(at);
      length.push_back(paths.length);
      pose.push_back(kin.X_WB);
      value.push_back(at);
    }
    place(q);
    const auto work_of = [&](std::size_t b, const Wrench<double>& wrench) {
      // turn of the body: the skew part of dR R^T
      const Mat3d A = pose[1][b].R * transpose(pose[0][b].R);
      const Vec3d turn = 0.5 * Vec3d{A.m[2][1] - A.m[1][2], A.m[0][2] - A.m[2][0], A.m[1][0] - A.m[0][1]};
      const Vec3d shift = pose[1][b].p - pose[0][b].p;
      return (dot(shift, wrench.force) + dot(turn, moment_about(wrench, kin.X_WB[b].p))) / (2 * h);
    };
    const auto work_of_path = [&](int path, double tension) {
      return -tension * (length[1][static_cast<std::size_t>(path)] - length[0][static_cast<std::size_t>(path)]) /
             (2 * h);
    };
    const auto work_of_coordinate = [&](int c, double force) {
      return force * (value[1][static_cast<std::size_t>(c)] - value[0][static_cast<std::size_t>(c)]) / (2 * h);
    };
    double needed = 0, made = 0;
    for (std::size_t b = 1; b < model.bodies.size(); ++b) {
      needed += work_of(b, find_inertial_wrench(b));
      made += work_of(b, applied[b]);
      if (plan.has_passive_forces) made += work_of(b, passive.body_wrench[b]);
    }
    if (plan.has_passive_forces) {
      for (int c = 0; c < model.coordinate_count(); ++c)
        made += work_of_coordinate(c, passive.coordinate_force[static_cast<std::size_t>(c)]);
      for (std::size_t i = 0; i < model.passive_forces.size(); ++i)
        if (model.passive_forces[i].path >= 0) made += work_of_path(model.passive_forces[i].path, passive.tension[i]);
    }
    for (std::size_t k = 0; k < plan.columns.size(); ++k) {
      const double force = out.force[f * plan.columns.size() + k];
      if (plan.columns[k].muscle >= 0) {
        made += work_of_path(model.muscles[static_cast<std::size_t>(plan.columns[k].muscle)].path, force);
        continue;
      }
      const Actuator& a = model.actuators[static_cast<std::size_t>(plan.columns[k].actuator)];
      if (a.kind == ActuatorKind::coordinate) made += work_of_coordinate(a.coordinate, force);
      if (a.kind == ActuatorKind::path) made += work_of_path(a.path, force);
      if (a.kind == ActuatorKind::point || a.kind == ActuatorKind::torque)
        made += work_of(static_cast<std::size_t>(a.body), find_wrench_of(a, force));
      if (a.kind == ActuatorKind::torque) made -= work_of(static_cast<std::size_t>(a.body_b), find_wrench_of(a, force));
    }
    return needed - made;
  }
};

/// the limb with its movement and plan
struct Trial {
  Model model;
  ChainPlan plan;
  Movement movement;
  explicit Trial(const ChainOptions& options = {}, std::size_t frames = 203)
      : model(compile_or_fail(make_limb_spec())),
        plan(make_chain_plan(model, options, make_loads(model))),
        movement(make_movement(model, 3, frames, 7)) {}
};

TEST(InverseChain, gives_the_same_bytes_for_any_number_of_threads) {
  const Trial trial;
  for (InstructionSet set : list_instruction_sets()) {
    const ChainOutput one = run(trial.plan, trial.movement.input(), set, 1);
    for (unsigned threads : {2u, 3u, 0u}) {
      const ChainOutput many = run(trial.plan, trial.movement.input(), set, threads);
      const auto expected = list_tables(one), found = list_tables(many);
      for (const auto& [name, table] : expected)
        EXPECT_TRUE(is_same_bytes(*table, *found.at(name))) << name << ", " << threads << " threads, " << name_of(set);
      EXPECT_EQ(one.status, many.status);
      EXPECT_EQ(one.iterations, many.iterations);
    }
  }
}

TEST(InverseChain, wide_lanes_agree_with_one_frame_at_a_time) {
  const auto sets = list_instruction_sets();
  if (sets.size() == 1) GTEST_SKIP() << "this processor or build has no AVX2";
  for (int exponent : {2, 3}) {
    ChainOptions options;
    options.exponent = exponent;
    const Trial trial(options);
    const ChainOutput scalar = run(trial.plan, trial.movement.input());
    for (InstructionSet set : sets) {
      const ChainOutput wide = run(trial.plan, trial.movement.input(), set, 2);
      const auto expected = list_tables(scalar), found = list_tables(wide);
      double worst = 0;
      for (const auto& [name, table] : expected) {
        if (name == "residual") continue;
        const auto& other = *found.at(name);
        ASSERT_EQ(table->size(), other.size());
        double largest = 1;
        for (double v : *table) largest = std::max(largest, std::abs(v));
        for (std::size_t i = 0; i < table->size(); ++i) {
          const double error = std::abs((*table)[i] - other[i]) / largest;
          worst = std::max(worst, error);
          ASSERT_LE(error, 1e-9) << name << "[" << i << "] " << name_of(set) << " exponent " << exponent;
        }
      }
      EXPECT_EQ(scalar.status, wide.status);
      record(std::string("worst_") + std::to_string(exponent) + "_" + name_of(set), worst);
    }
  }
}

TEST(InverseChain, writes_no_frame_past_the_end) {
  const Trial trial;
  const std::size_t room = 40;
  for (InstructionSet set : list_instruction_sets())
    for (std::size_t count : {0ul, 1ul, 7ul, 9ul, 33ul}) {
      ChainOutput output = make_chain_output(trial.plan, room);
      const double mark = -12345.5;
      for (const auto& [name, table] : list_tables(output))
        std::fill(const_cast<std::vector<double>*>(table)->begin(), const_cast<std::vector<double>*>(table)->end(),
                  mark);
      std::fill(output.iterations.begin(), output.iterations.end(), std::uint16_t{999});
      ChainRunOptions options;
      options.instruction_set = set;
      options.thread_count = 2;
      run_chain(trial.plan, trial.movement.part(trial.model, 3, 0, count), options, output);
      for (const auto& [name, table] : list_tables(output)) {
        const std::size_t width = table->size() / room;
        for (std::size_t i = 0; i < table->size(); ++i)
          ASSERT_EQ((*table)[i] == mark, i >= count * width) << name << " " << i << " of " << count << " frames";
      }
      for (std::size_t f = 0; f < room; ++f) ASSERT_EQ(output.iterations[f] == 999, f >= count);
    }
}

TEST(InverseChain, a_frame_alone_is_the_frame_in_the_crowd) {
  // warm start and neighbours in the lanes must not show in the answer
  const Trial trial;
  for (InstructionSet set : list_instruction_sets()) {
    const ChainOutput all = run(trial.plan, trial.movement.input(), set, 2);
    for (std::size_t f : {0ul, 5ul, 77ul, 202ul}) {
      const ChainOutput one = run(trial.plan, trial.movement.part(trial.model, 3, f, 1), set);
      const std::size_t width = trial.plan.columns.size();
      for (std::size_t c = 0; c < width; ++c)
        EXPECT_NEAR(one.activation[c], all.activation[f * width + c], 1e-9) << "frame " << f;
    }
  }
}

TEST(InverseChain, every_frame_is_in_balance_by_virtual_work) {
  for (const bool physiology : {true, false})
    for (const bool passive : {true, false})
      for (const bool actuators : {true, false}) {
        ChainOptions options;
        options.muscle_physiology = physiology;
        options.passive_fiber_force = passive;
        options.use_actuators = actuators;
        options.reserve_strength = 5;
        const Trial trial(options, 24);
        const ChainOutput out = run(trial.plan, trial.movement.input());
        Judge judge(trial.plan);
        double worst = 0;
        for (std::size_t f = 0; f < trial.movement.frames; f += 5) {
          ASSERT_EQ(out.status[f], FrameStatus::solved);
          judge.load_frame(trial.movement.input(), f);
          for (std::size_t r = 0; r < trial.plan.rows.size(); ++r) {
            const int c = trial.model.independent[static_cast<std::size_t>(trial.plan.rows[r])];
            const double missing = judge.find_missing_moment(out, f, c);
            const double reserve = out.reserve[f * trial.plan.rows.size() + r];
            worst = std::max(worst, std::abs(missing - reserve));
            EXPECT_NEAR(missing, reserve, 1e-6)
                << trial.model.coordinates[static_cast<std::size_t>(c)].name << " frame " << f;
          }
        }
        record("worst_moment_Nm", worst);
      }
}

TEST(InverseChain, forces_are_activation_times_capacity_plus_passive_force) {
  for (const bool physiology : {true, false}) {
    ChainOptions options;
    options.muscle_physiology = physiology;
    const Model model = compile_or_fail(make_limb_spec());
    for (std::size_t m = 0; m < model.muscles.size(); ++m)
      options.strength.push_back(0.3 + 0.1 * static_cast<double>(m));
    const ChainPlan plan = make_chain_plan(model, options, make_loads(model));
    const Movement movement = make_movement(model, 3, 30, 3);
    const ChainOutput out = run(plan, movement.input());
    Judge judge(plan);
    for (std::size_t f = 0; f < 30; f += 7) {
      judge.load_frame(movement.input(), f);
      std::vector<double> length, speed;
      for (const Muscle& m : model.muscles) {
        length.push_back(judge.paths.length[static_cast<std::size_t>(m.path)]);
        // the rate of the length by differences along the motion
        const double h = 1e-6;
        double ends[2];
        for (int side : {0, 1}) {
          std::vector<double> at = judge.q;
          for (std::size_t c = 0; c < at.size(); ++c) at[c] += (side ? h : -h) * judge.qd[c];
          Judge moved(plan);
          moved.place(at);
          ends[side] = moved.paths.length[static_cast<std::size_t>(m.path)];
        }
        speed.push_back((ends[1] - ends[0]) / (2 * h));
      }
      update_fibers(model, plan.fibers, length.data(), speed.data(), judge.fibers);
      for (std::size_t k = 0; k < plan.columns.size(); ++k) {
        const double a = out.activation[f * plan.columns.size() + k], force = out.force[f * plan.columns.size() + k];
        EXPECT_GE(a, plan.lower[k]);
        EXPECT_LE(a, plan.upper[k]);
        if (plan.columns[k].muscle < 0) {
          EXPECT_NEAR(force, a * model.actuators[static_cast<std::size_t>(plan.columns[k].actuator)].optimal_force,
                      1e-9);
          continue;
        }
        const std::size_t m = static_cast<std::size_t>(plan.columns[k].muscle);
        const double full = physiology ? judge.fibers.active_force[m] : model.muscles[m].max_isometric_force;
        EXPECT_NEAR(force, options.strength[m] * (a * full + judge.fibers.passive_force[m]), 1e-3)
            << plan.columns[k].name << " frame " << f;
        EXPECT_NEAR(out.length[f * model.muscles.size() + m], length[m], 1e-12);
      }
    }
  }
}

TEST(InverseChain, joint_loads_muscles_weight_and_external_loads_move_every_body) {
  const Trial trial({}, 40);
  const ChainOutput out = run(trial.plan, trial.movement.input(), find_instruction_set(), 2);
  const Model& model = trial.model;
  Judge judge(trial.plan);
  double worst_force = 0, worst_moment = 0;
  for (std::size_t f = 0; f < 40; f += 3) {
    judge.load_frame(trial.movement.input(), f);
    // what acts on each body, reactions from the output, pulls along straight pieces or by the path's own wrenches
    std::vector<Wrench<double>> sum = judge.applied;
    for (std::size_t b = 0; b < sum.size(); ++b) sum[b] += judge.passive.body_wrench[b];
    const auto pull = [&](int path, double tension) {
      for (int k = trial.plan.paths.touched_start[static_cast<std::size_t>(path)];
           k < trial.plan.paths.touched_start[static_cast<std::size_t>(path) + 1]; ++k) {
        const Wrench<double>& unit = judge.paths.body_wrench[static_cast<std::size_t>(k)];
        sum[static_cast<std::size_t>(trial.plan.paths.touched_body[static_cast<std::size_t>(k)])] +=
            {tension * unit.force, tension * unit.moment};
      }
    };
    for (std::size_t i = 0; i < model.passive_forces.size(); ++i)
      if (model.passive_forces[i].path >= 0) pull(model.passive_forces[i].path, judge.passive.tension[i]);
    for (std::size_t k = 0; k < trial.plan.columns.size(); ++k) {
      const double force = out.force[f * trial.plan.columns.size() + k];
      if (trial.plan.columns[k].muscle >= 0) {
        pull(model.muscles[static_cast<std::size_t>(trial.plan.columns[k].muscle)].path, force);
        continue;
      }
      const Actuator& a = model.actuators[static_cast<std::size_t>(trial.plan.columns[k].actuator)];
      if (a.kind == ActuatorKind::path) pull(a.path, force);
      if (a.kind == ActuatorKind::point || a.kind == ActuatorKind::torque)
        sum[static_cast<std::size_t>(a.body)] += judge.find_wrench_of(a, force);
      if (a.kind == ActuatorKind::torque) sum[static_cast<std::size_t>(a.body_b)] -= judge.find_wrench_of(a, force);
    }
    for (std::size_t j = 0; j < model.joints.size(); ++j) {
      const double* r = &out.reaction[(f * model.joints.size() + j) * 9];
      const Vec3d force{r[0], r[1], r[2]}, moment{r[3], r[4], r[5]}, point{r[6], r[7], r[8]};
      EXPECT_NEAR(norm(point - judge.kin.p_WM_W[j]), 0, 1e-12);
      const Wrench<double> wrench{force, moment + cross(point, force)};
      sum[j + 1] += wrench;
      sum[static_cast<std::size_t>(model.joints[j].parent_body)] -= wrench;
    }
    for (std::size_t b = 1; b < model.bodies.size(); ++b) {
      Wrench<double> rest = sum[b];
      rest -= judge.find_inertial_wrench(b);
      worst_force = std::max(worst_force, norm(rest.force));
      worst_moment = std::max(worst_moment, norm(rest.moment));
      EXPECT_LT(norm(rest.force), 1e-8) << model.bodies[b].name << " frame " << f;
      EXPECT_LT(norm(rest.moment), 1e-8) << model.bodies[b].name << " frame " << f;
    }
  }
  record("worst_force_N", worst_force);
  record("worst_moment_Nm", worst_moment);
}

TEST(InverseChain, the_root_carries_the_residual_when_nothing_crosses_it) {
  const Trial trial({}, 10);
  const ChainOutput out = run(trial.plan, trial.movement.input());
  const Model& model = trial.model;
  const int root = model.find_joint("root");
  Judge judge(trial.plan);
  for (std::size_t f = 0; f < 10; ++f) {
    judge.load_frame(trial.movement.input(), f);
    // all bodies together: what the world must add to external loads, weight and anchored actuators
    Wrench<double> rest = zero_wrench<double>();
    for (std::size_t b = 1; b < model.bodies.size(); ++b) {
      rest += judge.find_inertial_wrench(b);
      rest -= judge.applied[b];
    }
    for (std::size_t k = 0; k < trial.plan.columns.size(); ++k)
      if (trial.plan.columns[k].actuator >= 0) {
        const Actuator& a = model.actuators[static_cast<std::size_t>(trial.plan.columns[k].actuator)];
        if (a.kind == ActuatorKind::point)
          rest -= judge.find_wrench_of(a, out.force[f * trial.plan.columns.size() + k]);
      }
    const double* r = &out.reaction[(f * model.joints.size() + static_cast<std::size_t>(root)) * 9];
    const Vec3d moment = moment_about(rest, judge.kin.p_WM_W[static_cast<std::size_t>(root)]);
    EXPECT_LT(norm(rest.force - Vec3d{r[0], r[1], r[2]}), 1e-9);
    EXPECT_LT(norm(moment - Vec3d{r[3], r[4], r[5]}), 1e-9);
  }
}

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

TEST(InverseChain, a_forearm_that_holds_a_weight_is_as_by_hand) {
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

TEST(InverseChain, a_two_link_arm_at_rest_is_as_by_hand) {
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

TEST(InverseChain, half_the_strength_of_the_only_muscle_doubles_its_activation) {
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

TEST(InverseChain, effort_never_falls_when_a_muscle_weakens) {
  // a smaller A column shrinks what can be done with the same effort
  const Model model = compile_or_fail(make_limb_spec());
  const Movement movement = make_movement(model, 3, 60, 5);
  // passive force would weaken with the muscle and so change the task
  const auto find_effort = [&](const std::string& name, double factor) {
    ChainOptions options;
    options.passive_fiber_force = false;
    options.reserve_strength = 2;
    options.strength.assign(model.muscles.size(), 1.0);
    options.strength[static_cast<std::size_t>(model.find_muscle(name))] = factor;
    const ChainPlan plan = make_chain_plan(model, options, make_loads(model));
    const ChainOutput out = run(plan, movement.input(), find_instruction_set());
    std::vector<double> effort(movement.frames, 0.0);
    for (std::size_t f = 0; f < movement.frames; ++f) {
      EXPECT_EQ(out.status[f], FrameStatus::solved);
      for (std::size_t c = 0; c < plan.columns.size(); ++c)
        effort[f] += std::pow(out.activation[f * plan.columns.size() + c], 2);
      for (std::size_t r = 0; r < plan.rows.size(); ++r)
        effort[f] += std::pow(out.reserve[f * plan.rows.size() + r] / 2, 2);
    }
    return effort;
  };
  for (const std::string name : {"glmed", "quad", "ham"}) {
    std::vector<double> before = find_effort(name, 1.0);
    for (double factor : {0.8, 0.5, 0.2, 0.05, 0.0}) {
      const std::vector<double> after = find_effort(name, factor);
      for (std::size_t f = 0; f < before.size(); ++f)
        EXPECT_GE(after[f], before[f] * (1 - 1e-9)) << name << " at " << factor << " frame " << f;
      before = after;
    }
  }
}

TEST(InverseChain, rows_are_those_that_muscles_act_on) {
  const Model model = compile_or_fail(make_limb_spec());
  const auto list_rows = [&](bool drop) {
    ChainOptions options;
    options.drop_rows_without_muscles = drop;
    const ChainPlan plan = make_chain_plan(model, options, {});
    std::vector<std::string> names;
    for (int r : plan.rows)
      names.push_back(model.coordinates[static_cast<std::size_t>(model.independent[static_cast<std::size_t>(r)])].name);
    return names;
  };
  // no muscle on the root or the arm; the locked angle and the coupled patella have no row at all
  EXPECT_EQ(list_rows(true), (std::vector<std::string>{"hip1", "hip2", "hip3", "knee_angle", "ankle_angle"}));
  const auto all = list_rows(false);
  EXPECT_EQ(all.size(), 13u);
  for (const char* gone : {"subtalar_angle", "patella"}) EXPECT_EQ(std::count(all.begin(), all.end(), gone), 0) << gone;
}

TEST(InverseChain, the_movement_of_these_tests_leaves_no_muscle_idle_and_few_at_their_bounds) {
  // or the tests above would compare zeros
  const Trial trial;
  const ChainOutput out = run(trial.plan, trial.movement.input());
  const std::size_t width = trial.plan.columns.size();
  for (std::size_t c = 0; c < width; ++c) {
    std::size_t between = 0;
    for (std::size_t f = 0; f < trial.movement.frames; ++f) {
      const double a = out.activation[f * width + c];
      between += a > trial.plan.lower[c] + 1e-6 && a < trial.plan.upper[c] - 1e-6 ? 1 : 0;
    }
    EXPECT_GT(between, 20u) << trial.plan.columns[c].name;
  }
}

TEST(InverseChain, a_muscle_that_applies_no_force_has_no_column) {
  const Trial trial({}, 2);
  for (const ChainColumn& c : trial.plan.columns) EXPECT_NE(c.name, "severed");
  EXPECT_EQ(trial.plan.columns.size(), 8u + 5u);
}

TEST(InverseChain, what_passive_structures_hold_the_muscles_need_not) {
  // the same movement with the springs removed asks the muscles for what the springs gave: both are in balance, and
  // they differ
  ModelSpec spec = make_limb_spec();
  const Model with = compile_or_fail(spec);
  spec.passive_forces.clear();
  const Model without = compile_or_fail(spec);
  const Movement movement = make_movement(with, 3, 12, 9);
  ChainOptions options;
  options.reserve_strength = 3;
  for (const Model* model : {&with, &without}) {
    const ChainPlan plan = make_chain_plan(*model, options, make_loads(*model));
    const ChainOutput out = run(plan, movement.input());
    Judge judge(plan);
    for (std::size_t f = 0; f < 12; f += 4) {
      judge.load_frame(movement.input(), f);
      for (std::size_t r = 0; r < plan.rows.size(); ++r)
        EXPECT_NEAR(judge.find_missing_moment(out, f, model->independent[static_cast<std::size_t>(plan.rows[r])]),
                    out.reserve[f * plan.rows.size() + r], 1e-5);
    }
  }
  const ChainPlan a = make_chain_plan(with, options, make_loads(with)),
                  b = make_chain_plan(without, options, make_loads(without));
  const std::vector<double> first = run(a, movement.input()).activation, second = run(b, movement.input()).activation;
  double difference = 0;
  for (std::size_t i = 0; i < first.size(); ++i) difference = std::max(difference, std::abs(first[i] - second[i]));
  EXPECT_GT(difference, 0.05);
}

TEST(InverseChain, stops_after_the_stage_that_was_asked_for) {
  const Trial trial({}, 5);
  const ChainOutput full = run(trial.plan, trial.movement.input());
  for (ChainStage last : {ChainStage::inverse_dynamics, ChainStage::paths, ChainStage::recruitment}) {
    ChainOutput out = make_chain_output(trial.plan, 5);
    ChainRunOptions options;
    options.instruction_set = InstructionSet::scalar;
    options.last_stage = last;
    run_chain(trial.plan, trial.movement.input(), options, out);
    EXPECT_TRUE(is_same_bytes(out.joint_moment, full.joint_moment));
    EXPECT_EQ(is_same_bytes(out.length, full.length), last >= ChainStage::paths);
    EXPECT_EQ(is_same_bytes(out.activation, full.activation), last >= ChainStage::recruitment);
    EXPECT_FALSE(is_same_bytes(out.reaction, full.reaction));
  }
}

TEST(InverseChain, refuses_strengths_that_make_no_sense) {
  const Model model = compile_or_fail(make_forearm_spec());
  for (const std::vector<double>& strength : {std::vector<double>{1, 1}, std::vector<double>{-0.1},
                                              std::vector<double>{std::nan("")}, std::vector<double>{kInfinity}}) {
    ChainOptions options;
    options.strength = strength;
    EXPECT_THROW(make_chain_plan(model, options, {}), std::invalid_argument);
  }
}

}  // namespace
}  // namespace buttress
