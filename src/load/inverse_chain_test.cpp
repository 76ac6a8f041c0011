// The chain on a hand-made body: how frames are dealt out, and which rows and columns the problem has. What the tests
// can prove: bytes do not depend on threads, numbers hardly on the width of the lanes or on the frames around, and
// weaker muscles never make a movement cheaper. That the numbers are right is shown in chain_balance_test.cpp and
// chain_statics_test.cpp.
#include "load/inverse_chain.h"

#include <cstdlib>
#include <cstring>
#include <map>

#include "base/skips_testing.h"
#include "load/chain_batch.h"
#include "load/chain_judge_testing.h"

namespace buttress {
namespace {

using namespace limb_testing;

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
    if (set <= find_widest_instruction_set()) sets.push_back(set);
  return sets;
}

TEST(InverseChain, gives_the_same_bytes_for_any_number_of_threads) {
  const Trial trial({}, 1203);
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

TEST(InverseChain, a_batch_begins_as_if_there_were_none_before_it) {
  // or the bytes would depend on who worked on what before. 64 frames are eight batches of eight.
  const Trial trial({}, 64);
  const BatchLayout layout = make_batch_layout(64, 1);
  ASSERT_EQ(layout.run_length, 8u);
  const ChainOutput all = run(trial.plan, trial.movement.input());
  for (std::size_t batch = 0; batch < layout.batch_count; ++batch) {
    const ChainOutput alone = run(trial.plan, trial.movement.part(trial.model, 3, batch * 8, 8));
    const auto expected = list_tables(all), found = list_tables(alone);
    for (const auto& [name, table] : found) {
      const std::size_t width = table->size() / 8;
      EXPECT_EQ(std::memcmp(table->data(), expected.at(name)->data() + batch * 8 * width, 8 * width * sizeof(double)),
                0)
          << name << " of batch " << batch;
    }
  }
}

TEST(InverseChain, wide_lanes_agree_with_one_frame_at_a_time) {
  const auto sets = list_instruction_sets();
  if (sets.size() == 1) GTEST_SKIP() << kNoWideRegisters;
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
    EXPECT_GT(between, 10u) << trial.plan.columns[c].name;
  }
}

TEST(InverseChain, a_muscle_that_applies_no_force_has_no_column) {
  const Trial trial({}, 2);
  for (const ChainColumn& c : trial.plan.columns) EXPECT_NE(c.name, "severed");
  EXPECT_EQ(trial.plan.columns.size(), 8u + 6u);
}

TEST(InverseChain, takes_the_instruction_set_that_the_environment_names) {
  const char* const variable = "BUTTRESS_INSTRUCTION_SET";
  const char* const before = std::getenv(variable);
  const std::string kept = before ? before : "";
  for (const auto& [name, set] : std::vector<std::pair<std::string, InstructionSet>>{
           {"baseline", InstructionSet::scalar}, {"avx2", InstructionSet::avx2}, {"avx512", InstructionSet::avx512}}) {
    setenv(variable, name.c_str(), 1);
    if (set <= find_widest_instruction_set())
      EXPECT_EQ(find_instruction_set(), set);
    else
      EXPECT_THROW(find_instruction_set(), std::invalid_argument) << name;
  }
  for (const char* name : {"AVX2", "sse", "avx512 ", "scalar"}) {
    setenv(variable, name, 1);
    EXPECT_THROW(find_instruction_set(), std::invalid_argument) << name;
  }
  setenv(variable, "", 1);
  EXPECT_EQ(find_instruction_set(), find_widest_instruction_set());
  kept.empty() ? unsetenv(variable) : setenv(variable, kept.c_str(), 1);
}

TEST(InverseChain, what_a_thread_throws_reaches_the_caller) {
  Trial trial({}, 400);
  // what no plan has from make_chain_plan(): every thread stumbles over it
  trial.plan.recruitment.exponent = 4;
  EXPECT_THROW(run(trial.plan, trial.movement.input(), InstructionSet::scalar, 4), std::invalid_argument);
  EXPECT_THROW(run(trial.plan, trial.movement.input(), find_instruction_set(), 1), std::invalid_argument);
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

}  // namespace
}  // namespace buttress
