// Every force that a model of ours may hold, one at a time, against OpenSim 4.6: contact, springs along paths and
// between points, bushings of functions; and a strut that static optimization has to find. The models, the answers and
// the scripts that made them stand in opensim_4_6/.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/run_status.h"
#include "body/model_loading.h"
#include "dynamics_testing.h"
#include "io/table_reader.h"
#include "io/text_file.h"
#include "opensim/run_tool.h"
#include "opensim/tool_force_records.h"

namespace buttress {
namespace {

using namespace dynamics_testing;

const std::string kFolder = std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/";

// as in make_model_forces.py
Motion find_motion(int index, int frame) {
  const double size = index >= 3 && index <= 5 ? 0.02 : 0.3, phase = 1.3 * index + 1.7 * frame;
  const double moves = frame >= 2 ? 1 : 0;
  return {(index == 4 ? 0.45 : 0) + size * std::sin(phase), moves * 5 * size * std::cos(phase),
          moves * -25 * size * std::sin(phase)};
}

struct Answer {
  std::string force;
  std::vector<std::vector<double>> frames;
  std::vector<std::string> labels;  ///< of records
  std::vector<std::vector<double>> records;
};

std::vector<Answer> read_answers() {
  std::vector<Answer> answers;
  for (const GoldenLine& line : read_golden("model_forces.txt")) {
    if (line.key == "force") answers.push_back({line.words.at(0), {}, {}, {}});
    if (line.key == "frame") answers.back().frames.push_back(line.numbers());
    if (line.key == "labels") answers.back().labels = line.words;
    if (line.key == "record") answers.back().records.push_back(line.numbers());
  }
  return answers;
}

/// the model with this force alone, and its twelve frames
std::optional<Model> load_alone(const std::string& force, const std::vector<Answer>& answers, Trial& trial) {
  ModelRequest request;
  request.file = kFolder + "forces.osim";
  request.use = ModelUse::inverse_dynamics;
  for (const Answer& other : answers)
    if (other.force != force && other.force != "none") request.ignore.push_back(other.force);
  Diagnostics diagnostics;
  auto model = load_model(request, diagnostics);
  EXPECT_TRUE(model) << (diagnostics.items().empty() ? "" : format_diagnostic(diagnostics.items()[0]));
  for (int f = 0; f < 12; ++f) {
    std::vector<Motion> frame;
    for (int c = 0; c < 7; ++c) frame.push_back(find_motion(c, f));
    append_frame(frame, trial);
  }
  return model;
}

// Labels are compared without the name of the body: OpenSim gives that of the frame, which may be an offset of it.
TEST(ModelForces, each_is_reported_with_the_numbers_of_opensims_force_reporter) {
  const auto shorten = [](const std::string& label) {
    const std::size_t first = label.find('.'), second = label.find('.', first + 1);
    return second == std::string::npos ? label : label.substr(second + 1);
  };
  const std::vector<Answer> answers = read_answers();
  for (const Answer& answer : answers) {
    if (answer.force == "none") continue;
    SCOPED_TRACE(answer.force);
    Trial trial;
    const auto model = load_alone(answer.force, answers, trial);
    ASSERT_TRUE(model);
    const AnalyzeTrial analyzed = make_analyze_trial(*model, trial);
    FrameDynamics dynamics = make_frame_dynamics(*model, analyzed);
    std::vector<ForceRecord> records = make_force_records(*model);
    ASSERT_EQ(records.size(), 1u);
    ASSERT_EQ(records[0].columns.size(), answer.labels.size());
    for (std::size_t i = 0; i < answer.labels.size(); ++i)
      EXPECT_EQ(shorten(records[0].columns[i]), shorten(answer.labels[i]));
    double worst = 0;
    for (std::size_t f = 0; f < answer.records.size(); ++f) {
      std::vector<double> values;
      update_frame(analyzed, f, dynamics);
      append_force_record(dynamics, records[0], values);
      ASSERT_EQ(values.size(), answer.records[f].size());
      double size = 1e-3;
      for (double expected : answer.records[f]) size = std::max(size, std::abs(expected));
      for (std::size_t i = 0; i < values.size(); ++i)
        worst = std::max(worst, std::abs(values[i] - answer.records[f][i]) / size);
    }
    // twelve digits are kept
    EXPECT_LT(worst, 1e-9);
  }
}

TEST(ModelForces, each_gives_the_generalized_forces_of_opensim) {
  const std::vector<Answer> answers = read_answers();
  ASSERT_EQ(answers.size(), 13u);
  for (const Answer& answer : answers) {
    SCOPED_TRACE(answer.force);
    Trial trial;
    const auto model = load_alone(answer.force, answers, trial);
    ASSERT_TRUE(model);
    ASSERT_EQ(model->passive_forces.size(), answer.force == "none" ? 0u : 1u);
    const Table moments = calc_inverse_dynamics(*model, trial, 1);
    double worst = 0;
    for (std::size_t f = 0; f < answer.frames.size(); ++f) {
      double size = 0;
      for (double expected : answer.frames[f]) size = std::max(size, std::abs(expected));
      for (std::size_t c = 0; c < 7; ++c)
        worst = std::max(worst, std::abs(moments.at(f, c) - answer.frames[f][c]) / size);
    }
    // the answers have 15 digits; what is left is rounding on the way through two trees of bodies
    EXPECT_LT(worst, 1e-9);
    std::printf("[ MEASURED ] %s: %.2g of the largest force of the frame\n", answer.force.c_str(), worst);
  }
}

TEST(ModelForces, a_strut_between_two_bodies_is_recruited_with_opensims_sign_and_size) {
  std::vector<double> expected;
  for (const GoldenLine& line : read_golden("model_forces.txt"))
    if (line.key == "so") expected.push_back(line.numbers().at(0));
  const std::string results = testing::TempDir() + "buttress_strut/";
  std::filesystem::create_directories(results);
  RunToolRequest request;
  request.setup_file = kFolder + "strut_setup.xml";
  request.results_folder = results;
  std::vector<std::string> written;
  Diagnostics diagnostics;
  ASSERT_EQ(run_tool(request, written, diagnostics), RunStatus::done);
  const auto table = read_table(results + "strut_StaticOptimization_force.sto", diagnostics);
  ASSERT_TRUE(table);
  const int strut = table->find_column("strut");
  ASSERT_GE(strut, 0);
  ASSERT_EQ(table->row_count(), expected.size());
  // one force for one coordinate: nothing is left to an optimizer but its tolerance
  for (std::size_t f = 0; f < expected.size(); ++f)
    EXPECT_NEAR(table->at(f, static_cast<std::size_t>(strut)), expected[f], 1e-4 * 28);
}

// of PointToPointActuator::getSpeed in OpenSim 4.6, at 0.3 rad and 0.7 rad/s
TEST(ModelForces, a_strut_lengthens_at_opensims_speed) {
  ModelRequest request;
  request.file = kFolder + "strut.osim";
  Diagnostics diagnostics;
  const auto model = load_model(request, diagnostics);
  ASSERT_TRUE(model);
  Trial trial;
  append_frame({{0.3, 0.7, 0}}, trial);
  const AnalyzeTrial analyzed = make_analyze_trial(*model, trial);
  FrameDynamics dynamics = make_frame_dynamics(*model, analyzed);
  update_frame(analyzed, 0, dynamics);
  EXPECT_NEAR(find_actuator_speed(dynamics, model->actuators.at(0)), 0.25341561740217855, 1e-12);
}

// contact and strut act on the boom, and what is left is the pivot's
TEST(ModelForces, joint_reactions_count_contact_and_strut_as_opensim_does) {
  std::vector<std::vector<double>> expected;
  for (const GoldenLine& line : read_golden("model_forces.txt"))
    if (line.key == "jr") expected.push_back(line.numbers());
  ASSERT_FALSE(expected.empty());
  const std::string results = testing::TempDir() + "buttress_strut_reaction/";
  std::filesystem::create_directories(results);
  RunToolRequest request;
  request.setup_file = kFolder + "strut_reaction_setup.xml";
  request.results_folder = results;
  std::vector<std::string> written;
  Diagnostics diagnostics;
  ASSERT_EQ(run_tool(request, written, diagnostics), RunStatus::done);
  const auto table = read_table(results + "strut_JointReaction_ReactionLoads.sto", diagnostics);
  ASSERT_TRUE(table);
  ASSERT_EQ(table->row_count(), expected.size());
  double worst = 0;
  for (std::size_t f = 0; f < expected.size(); ++f)
    for (std::size_t c = 0; c < 9; ++c) worst = std::max(worst, std::abs(table->at(f, c) - expected[f].at(c)));
  std::printf("[ MEASURED ] joint reactions: %.2g N or N m\n", worst);
  EXPECT_LT(worst, 1e-6);
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

std::string make_folder(const std::string& name) {
  const std::string folder = testing::TempDir() + "buttress_" + name + "/";
  std::filesystem::create_directories(folder);
  return folder;
}

const std::string kInverseDynamics = R"(<OpenSimDocument Version="40500"><InverseDynamicsTool name="id">
<model_file>model.osim</model_file><coordinates_file>motion.mot</coordinates_file>
<forces_to_exclude>Muscles</forces_to_exclude><time_range>0 1</time_range>
<output_gen_force_file>id.sto</output_gen_force_file>
</InverseDynamicsTool></OpenSimDocument>)";

struct ToolOutcome {
  RunStatus status = RunStatus::bad_input;
  Diagnostics diagnostics;
  std::size_t count(const std::string& id) const {
    std::size_t n = 0;
    for (const Diagnostic& d : diagnostics.items()) n += d.id == id;
    return n;
  }
};

ToolOutcome run(const std::string& setup_file, const std::string& folder, std::vector<std::string> ignore = {}) {
  RunToolRequest request;
  request.setup_file = setup_file;
  request.results_folder = folder;
  request.ignore = std::move(ignore);
  std::vector<std::string> written;
  ToolOutcome outcome;
  outcome.status = run_tool(request, written, outcome.diagnostics);
  return outcome;
}

TEST(ModelForces, a_closed_loop_is_refused_only_where_forces_are_shared_out) {
  const std::string folder = make_folder("loop");
  const std::string open = read_file(kFolder + "strut.osim");
  write_file(folder + "model.osim", replaced(open, "<ForceSet", R"(<ConstraintSet><objects><PointConstraint name="tied">
<socket_body_1>/ground</socket_body_1><socket_body_2>/bodyset/boom</socket_body_2><location_body_1>0.4 0 0</location_body_1>
<location_body_2>0.4 0 0</location_body_2></PointConstraint></objects></ConstraintSet><ForceSet)"));
  write_file(folder + "motion.mot", read_file(kFolder + "strut_motion.mot"));
  write_file(folder + "id.xml", kInverseDynamics);
  const ToolOutcome dynamics = run(folder + "id.xml", folder);
  EXPECT_EQ(dynamics.status, RunStatus::done);
  EXPECT_EQ(dynamics.count("MODEL-021"), 1u);
  const std::string moments = read_file(folder + "id.sto");

  write_file(folder + "so.xml", replaced(replaced(read_file(kFolder + "strut_setup.xml"), "strut.osim", "model.osim"),
                                         "strut_motion.mot", "motion.mot"));
  const ToolOutcome refused = run(folder + "so.xml", folder);
  EXPECT_EQ(refused.status, RunStatus::bad_input);
  EXPECT_EQ(refused.count("MODEL-001"), 1u);
  EXPECT_EQ(run(folder + "so.xml", folder, {"tied"}).status, RunStatus::done);

  // the constraint has no part in the moments
  write_file(folder + "model.osim", open);
  const ToolOutcome without = run(folder + "id.xml", folder);
  EXPECT_EQ(without.count("MODEL-021"), 0u);
  EXPECT_EQ(read_file(folder + "id.sto"), moments);
}

TEST(ModelForces, contact_and_external_loads_both_push_and_a_warning_says_so) {
  const std::string folder = make_folder("both_push");
  write_file(folder + "model.osim", read_file(kFolder + "forces.osim"));
  std::string motion =
      "motion\nversion=1\nnRows=11\nnColumns=8\ninDegrees=no\nendheader\ntime\trx\try\trz\ttx\tty\ttz\tswing\n";
  std::string loads = "loads\nversion=1\nnRows=11\nnColumns=10\ninDegrees=no\nendheader\ntime";
  for (const char* part : {"vx", "vy", "vz", "px", "py", "pz", "torque_x", "torque_y", "torque_z"})
    loads += std::string("\tground_force_") + part;
  loads += "\n";
  for (int i = 0; i <= 10; ++i) {
    const std::string time = std::to_string(0.1 * i);
    motion += time + "\t0.1\t0\t0\t0\t0.45\t0\t0\n";
    loads += time + "\t0\t100\t0\t0\t0\t0\t0\t0\t0\n";
  }
  write_file(folder + "motion.mot", motion);
  write_file(folder + "loads.mot", loads);
  write_file(folder + "loads.xml",
             R"(<OpenSimDocument Version="40500"><ExternalLoads><objects><ExternalForce name="plate">
<applied_to_body>ball</applied_to_body><force_expressed_in_body>ground</force_expressed_in_body>
<point_expressed_in_body>ground</point_expressed_in_body><force_identifier>ground_force_v</force_identifier>
<point_identifier>ground_force_p</point_identifier><torque_identifier>ground_force_torque_</torque_identifier>
<data_source_name>loads</data_source_name></ExternalForce></objects><datafile>loads.mot</datafile></ExternalLoads></OpenSimDocument>)");
  const auto find_upward = [&](const std::string& setup, std::vector<std::string> ignore, std::size_t warnings) {
    write_file(folder + "id.xml", setup);
    const ToolOutcome outcome = run(folder + "id.xml", folder, std::move(ignore));
    EXPECT_EQ(outcome.status, RunStatus::done);
    EXPECT_EQ(outcome.count("FORCE-002"), warnings);
    Diagnostics diagnostics;
    const auto table = read_table(folder + "id.sto", diagnostics);
    EXPECT_TRUE(table);
    const auto column = std::find(table->columns.begin(), table->columns.end(), "ty_force");
    return table->at(5, static_cast<std::size_t>(column - table->columns.begin()));
  };
  const std::string loaded =
      replaced(kInverseDynamics, "<time_range>", "<external_loads_file>loads.xml</external_loads_file><time_range>");
  const std::vector<std::string> contacts = {"HuntCrossleyForce", "SmoothSphereHalfSpaceForce", "MeyerFregly2016Force"};
  const double alone = find_upward(kInverseDynamics, {}, 0), both = find_upward(loaded, {}, 1);
  const double plate = find_upward(loaded, contacts, 0), neither = find_upward(kInverseDynamics, contacts, 0);
  EXPECT_LT(alone, neither - 500);
  EXPECT_NEAR(both - alone, -100, 1e-6);
  EXPECT_NEAR(plate - neither, -100, 1e-6);
}

}  // namespace
}  // namespace buttress
