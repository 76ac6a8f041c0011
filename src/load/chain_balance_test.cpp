// Every frame of the chain against laws of mechanics. References: virtual work from differences of poses and path
// lengths, which shares nothing with moment arms, reduction and actuator columns; and Newton and Euler body by body
// under the joint loads that are reported.
#include "load/chain_judge_testing.h"

namespace buttress {
namespace {

using namespace limb_testing;

TEST(ChainBalance, every_frame_is_in_balance_by_virtual_work) {
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

TEST(ChainBalance, forces_are_activation_times_capacity_plus_passive_force) {
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
        EXPECT_NEAR(force, options.strength[m] * a * full + judge.fibers.passive_force[m], 1e-3)
            << plan.columns[k].name << " frame " << f;
        EXPECT_NEAR(out.length[f * model.muscles.size() + m], length[m], 1e-12);
      }
    }
  }
}

TEST(ChainBalance, joint_loads_muscles_weight_and_external_loads_move_every_body) {
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
      if (a.kind != ActuatorKind::coordinate && a.kind != ActuatorKind::path)
        sum[static_cast<std::size_t>(a.body)] += judge.find_wrench_of(a, force);
      if (acts_between_bodies(a)) sum[static_cast<std::size_t>(a.body_b)] -= judge.find_wrench_of(a, force);
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

TEST(ChainBalance, the_root_carries_the_residual_when_nothing_crosses_it) {
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

TEST(ChainBalance, what_passive_structures_hold_the_muscles_need_not) {
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

}  // namespace
}  // namespace buttress
