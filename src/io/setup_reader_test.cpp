#include "io/setup_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "base/skips_testing.h"
#include "io/reader_testing.h"
#include "io/table_reader.h"
#include "motion/coordinate_motion.h"

namespace buttress {
namespace {

const std::string kAnalyze = R"(<OpenSimDocument Version="40000">
<AnalyzeTool name="walk">
<model_file>m.osim</model_file>
<coordinates_file>ik.mot</coordinates_file>
)";

std::string analyze_with(const std::string& analyses, const std::string& more = {}) {
  return kAnalyze + more + "<AnalysisSet name=\"Analyses\"><objects>\n" + analyses +
         "\n</objects></AnalysisSet></AnalyzeTool></OpenSimDocument>";
}

TEST(SetupReader, inverse_dynamics_setups_are_read_whole) {
  Diagnostics diagnostics;
  const auto setup = parse_setup(R"(<?xml version="1.0"?>
<OpenSimDocument Version="30000">
<InverseDynamicsTool name="subject01">
<results_directory> Results </results_directory>
<input_directory/>
<model_file> ../subject01.osim </model_file>
<time_range> 0.4 Inf</time_range>
<forces_to_exclude> Muscles  actuators</forces_to_exclude>
<external_loads_file>..\grf\grf.xml</external_loads_file>
<coordinates_file>/data/ik.mot</coordinates_file>
<lowpass_cutoff_frequency_for_coordinates>6</lowpass_cutoff_frequency_for_coordinates>
<output_gen_force_file>id.sto</output_gen_force_file>
<joints_to_report_body_forces>All</joints_to_report_body_forces>
<coordinates_in_degrees>true</coordinates_in_degrees>
</InverseDynamicsTool>
</OpenSimDocument>)",
                                 "/lab/id/setup.xml", diagnostics);
  ASSERT_TRUE(setup);
  EXPECT_TRUE(diagnostics.items().empty());
  EXPECT_EQ(setup->kind, ToolKind::inverse_dynamics);
  EXPECT_EQ(setup->name, "subject01");
  EXPECT_EQ(setup->version, 30000);
  EXPECT_EQ(setup->results_directory, "/lab/id/Results");
  EXPECT_EQ(setup->model_file, "/lab/subject01.osim");
  EXPECT_EQ(setup->start, 0.4);
  EXPECT_EQ(setup->end, kInfinity);
  EXPECT_EQ(setup->forces_to_exclude, (std::vector<std::string>{"Muscles", "actuators"}));
  EXPECT_EQ(setup->external_loads_file, "/lab/grf/grf.xml");
  EXPECT_EQ(setup->coordinates_file, "/data/ik.mot");
  EXPECT_EQ(setup->lowpass_hz, 6.0);
  EXPECT_EQ(setup->output_gen_force_file, "id.sto");
  EXPECT_EQ(setup->joints_to_report_body_forces, std::vector<std::string>{"All"});
  EXPECT_TRUE(setup->coordinates_in_degrees.value_or(false));
}

TEST(SetupReader, analyze_setups_are_read_with_all_three_analyses) {
  Diagnostics diagnostics;
  const auto setup = parse_setup(analyze_with(R"(<StaticOptimization name="SO">
<on>true</on><start_time>0.5</start_time><end_time>1</end_time><step_interval>10</step_interval><in_degrees>false</in_degrees>
<use_model_force_set>false</use_model_force_set><activation_exponent>3</activation_exponent>
<use_muscle_physiology>false</use_muscle_physiology><optimizer_convergence_criterion>1e-5</optimizer_convergence_criterion>
<optimizer_max_iterations>200</optimizer_max_iterations></StaticOptimization>
<JointReaction name="JR"><forces_file>results\f.sto</forces_file><joint_names>hip_r hip_l</joint_names>
<apply_on_bodies>Child parent</apply_on_bodies><express_in_frame>ground</express_in_frame></JointReaction>
<MuscleAnalysis><muscle_list>soleus_r</muscle_list><moment_arm_coordinate_list>knee_angle_r</moment_arm_coordinate_list>
<compute_moments>false</compute_moments></MuscleAnalysis>
<Kinematics name="K"><on>false</on></Kinematics>)",
                                              R"(<replace_force_set>false</replace_force_set>
<force_set_files>a.xml sub/b.xml</force_set_files><results_directory>.</results_directory><output_precision>20</output_precision>
<initial_time>0.5</initial_time><final_time>1.5</final_time><speeds_file>u.sto</speeds_file>
<solve_for_equilibrium_for_auxiliary_states>true</solve_for_equilibrium_for_auxiliary_states>
<maximum_number_of_integrator_steps>200</maximum_number_of_integrator_steps>
<ControllerSet><objects><ControlSetController name="cmc"/></objects></ControllerSet>
<external_loads_file>Unassigned</external_loads_file>
)"),
                                 "lab/setup.xml", diagnostics);
  ASSERT_TRUE(setup) << format_diagnostic(diagnostics.items().front());
  EXPECT_EQ(setup->kind, ToolKind::analyze);
  EXPECT_FALSE(setup->replace_force_set);
  EXPECT_EQ(setup->force_set_files, (std::vector<std::string>{"lab/a.xml", "lab/sub/b.xml"}));
  EXPECT_EQ(setup->output_precision, 20);
  EXPECT_EQ(setup->start, 0.5);
  EXPECT_EQ(setup->end, 1.5);
  EXPECT_EQ(setup->speeds_file, "lab/u.sto");
  EXPECT_EQ(setup->external_loads_file, "");
  EXPECT_TRUE(setup->solve_for_equilibrium);
  EXPECT_EQ(setup->controllers, std::vector<std::string>{"cmc"});
  EXPECT_EQ(find(diagnostics, "SETUP-010").severity, Severity::note);
  ASSERT_EQ(setup->analyses.size(), 4u);
  const AnalysisSetup& so = setup->analyses[0];
  EXPECT_EQ(so.kind, AnalysisKind::static_optimization);
  EXPECT_EQ(so.name, "SO");
  EXPECT_EQ(so.start_time, 0.5);
  EXPECT_EQ(so.end_time, 1.0);
  EXPECT_EQ(so.step_interval, 10);
  EXPECT_FALSE(so.in_degrees);
  EXPECT_FALSE(so.use_model_force_set);
  EXPECT_EQ(so.activation_exponent, 3.0);
  EXPECT_FALSE(so.use_muscle_physiology);
  EXPECT_EQ(so.optimizer_convergence_criterion, 1e-5);
  EXPECT_EQ(so.optimizer_max_iterations, 200);
  const AnalysisSetup& jr = setup->analyses[1];
  EXPECT_EQ(jr.kind, AnalysisKind::joint_reaction);
  EXPECT_EQ(jr.forces_file, "lab/results/f.sto");
  EXPECT_EQ(jr.joint_names, (std::vector<std::string>{"hip_r", "hip_l"}));
  EXPECT_EQ(jr.apply_on_bodies, (std::vector<std::string>{"child", "parent"}));
  EXPECT_EQ(jr.express_in_frame, std::vector<std::string>{"ground"});
  const AnalysisSetup& muscles = setup->analyses[2];
  EXPECT_EQ(muscles.name, "MuscleAnalysis");
  EXPECT_EQ(muscles.muscle_list, std::vector<std::string>{"soleus_r"});
  EXPECT_EQ(muscles.moment_arm_coordinate_list, std::vector<std::string>{"knee_angle_r"});
  EXPECT_FALSE(muscles.compute_moments);
  EXPECT_FALSE(setup->analyses[3].on);
  EXPECT_EQ(find(diagnostics, "SETUP-006").id, "") << "an analysis that is off needs no warning";
}

TEST(SetupReader, defaults_are_openSims) {
  Diagnostics diagnostics;
  const auto setup = parse_setup(analyze_with("<StaticOptimization/>"), "setup.xml", diagnostics);
  ASSERT_TRUE(setup);
  EXPECT_FALSE(setup->replace_force_set);
  EXPECT_EQ(setup->start, 0.0);
  EXPECT_EQ(setup->end, 1.0);
  EXPECT_EQ(setup->lowpass_hz, -1.0);
  EXPECT_EQ(setup->output_precision, 8);
  EXPECT_EQ(setup->analyses[0].name, "StaticOptimization");
  EXPECT_EQ(setup->analyses[0].activation_exponent, 2.0);
  EXPECT_EQ(setup->analyses[0].step_interval, 1);
}

TEST(SetupReader, inverse_dynamics_as_an_analysis_of_old_files_becomes_a_tool) {
  Diagnostics diagnostics;
  const auto setup =
      parse_setup(R"(<AnalyzeTool name="old"><model_file>m.osim</model_file><coordinates_file>ik.mot</coordinates_file>
<initial_time>0.2</initial_time><final_time>0.8</final_time><actuator_set_files>a.xml</actuator_set_files>
<AnalysisSet><objects><InverseDynamics><on>true</on><use_model_force_set>false</use_model_force_set></InverseDynamics></objects></AnalysisSet>
</AnalyzeTool>)",
                  "setup.xml", diagnostics);
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->kind, ToolKind::inverse_dynamics);
  EXPECT_EQ(setup->start, 0.2);
  EXPECT_EQ(setup->end, 0.8);
  EXPECT_EQ(setup->forces_to_exclude, std::vector<std::string>{"Muscles"});
  EXPECT_EQ(setup->output_gen_force_file, "old_InverseDynamics.sto");
  EXPECT_EQ(setup->force_set_files, std::vector<std::string>{"a.xml"});
}

TEST(SetupReader, every_fault_is_named_with_its_line) {
  const auto expect = [](const std::string& text, const std::string& id, int line, const std::string& part) {
    Diagnostics diagnostics;
    EXPECT_FALSE(parse_setup(text, "setup.xml", diagnostics)) << text;
    const Diagnostic d = find(diagnostics, id);
    EXPECT_EQ(d.id, id) << text;
    EXPECT_EQ(d.severity, Severity::error);
    EXPECT_EQ(d.file, "setup.xml");
    EXPECT_EQ(d.line, line) << text;
    EXPECT_NE((d.message + d.advice).find(part), std::string::npos) << d.message;
  };
  const std::string id =
      "<OpenSimDocument Version=\"40000\">\n<InverseDynamicsTool>\n<model_file>m.osim</model_file>\n";
  const std::string id_end = "<coordinates_file>ik.mot</coordinates_file></InverseDynamicsTool></OpenSimDocument>";
  expect("<OpenSimDocument>\n<Model/></OpenSimDocument>", "SETUP-001", 1, "a model (<Model>)");
  expect("<OpenSimDocument>\n<!-- x --><IKTaskSet/></OpenSimDocument>", "SETUP-001", 1, "holds <IKTaskSet>");
  expect("<OpenSimDocument/>", "SETUP-001", 1, "an empty <OpenSimDocument>");
  expect("<html/>", "SETUP-001", 1, "holds <html>");
  Diagnostics tools;
  EXPECT_FALSE(parse_setup("<html/>", "setup.xml", tools));
  for (const char* tool : {"InverseKinematicsTool", "ScaleTool", "InverseDynamicsTool", "AnalyzeTool"})
    EXPECT_NE(find(tools, "SETUP-001").advice.find(tool), std::string::npos) << tool;
  expect("<OpenSimDocument>\n<InverseKinematicsTool/></OpenSimDocument>", "SETUP-003", 2, "marker_file");
  expect("<OpenSimDocument>\n<ScaleTool/></OpenSimDocument>", "SETUP-007", 2, "ModelScaler");
  expect("<OpenSimDocument>\n<CMCTool/></OpenSimDocument>", "SETUP-002", 2, "CMCTool");
  expect(id + "</InverseDynamicsTool></OpenSimDocument>", "SETUP-003", 2, "coordinates_file");
  expect("<InverseDynamicsTool>" + id_end.substr(0, id_end.find("</Open")), "SETUP-003", 1, "model_file");
  expect(id + "<time_range>2 1</time_range>" + id_end, "SETUP-004", 4, "start");
  expect(id + "<time_range>2</time_range>" + id_end, "XML-012", 4, "2");
  expect(id + "<time_range>0 late</time_range>" + id_end, "XML-010", 4, "late");
  expect(id + "<lowpass_cutoff_frequency_for_coordinates>x</lowpass_cutoff_frequency_for_coordinates>" + id_end,
         "XML-010", 4, "x");
  expect(analyze_with(""), "SETUP-007", 5, "no analysis");
  expect(analyze_with("<StaticOptimization><on>false</on></StaticOptimization>"), "SETUP-007", 5, "no analysis");
  expect(analyze_with("<InducedAccelerations/>"), "SETUP-007", 5, "StaticOptimization");
  expect(analyze_with("<JointReaction><joint_names>a b c</joint_names>\n<apply_on_bodies>child "
                      "parent</apply_on_bodies></JointReaction>"),
         "SETUP-008", 7, "2 entries for 3");
  expect(analyze_with("<JointReaction>\n<apply_on_bodies>both</apply_on_bodies></JointReaction>"), "SETUP-008", 7,
         "both");
  expect(analyze_with("<StaticOptimization>\n<step_interval>0</step_interval></StaticOptimization>"), "SETUP-011", 7,
         "step_interval");
  expect(analyze_with("<StaticOptimization>\n<activation_exponent>-2</activation_exponent></StaticOptimization>"),
         "SETUP-011", 7, "activation_exponent");
  expect(analyze_with("<StaticOptimization/>", "<output_precision>0</output_precision>"), "SETUP-011", 5,
         "output_precision");
  expect(analyze_with("<StaticOptimization/>", "<initial_time>3</initial_time>"), "SETUP-004", 5, "start");
  expect(analyze_with("<StaticOptimization/>", "<external_loads_body1>calcn_r</external_loads_body1>"), "SETUP-012", 5,
         "bodies");
  expect(analyze_with("<StaticOptimization>").substr(0, 120), "XML-003", 4, "");
}

std::string ik_with(const std::string& tasks, const std::string& more = "") {
  return "<OpenSimDocument Version=\"40000\">\n<InverseKinematicsTool name=\"walk\">\n<model_file>m.osim</model_file>"
         "<marker_file>../walk.trc</marker_file>" +
         more + "<IKTaskSet><objects>\n" + tasks + "</objects></IKTaskSet></InverseKinematicsTool></OpenSimDocument>";
}

TEST(SetupReader, tasks_of_inverse_kinematics) {
  Diagnostics diagnostics;
  const auto setup =
      parse_setup(ik_with("<IKMarkerTask name=\"ASIS\"><apply>true</apply><weight>10</weight></IKMarkerTask>"
                          "<IKMarkerTask name=\"off\"><apply>false</apply><weight>1</weight></IKMarkerTask>"
                          "<IKCoordinateTask name=\"mtp\"><weight>1000</weight><value_type>manual_value</value_type>"
                          "<value>0.25</value></IKCoordinateTask>",
                          "<time_range>0.5 2.5</time_range><coordinate_file>Unassigned</coordinate_file>"
                          "<output_motion_file>ik.mot</output_motion_file>"),
                  "setups/ik.xml", diagnostics);
  ASSERT_TRUE(setup) << format_diagnostic(diagnostics.items().front());
  EXPECT_EQ(setup->kind, ToolKind::inverse_kinematics);
  EXPECT_EQ(setup->marker_file, "walk.trc");
  EXPECT_EQ(setup->output_motion_file, "setups/ik.mot");
  EXPECT_EQ(setup->coordinates_file, "");
  EXPECT_EQ(setup->start, 0.5);
  EXPECT_TRUE(setup->report_errors);
  ASSERT_EQ(setup->tasks.markers.size(), 1u);
  EXPECT_EQ(setup->tasks.markers[0].marker, "ASIS");
  EXPECT_EQ(setup->tasks.markers[0].weight, 10);
  ASSERT_EQ(setup->tasks.coordinates.size(), 1u);
  EXPECT_EQ(setup->tasks.coordinates[0].target, CoordinateTarget::manual_value);
  EXPECT_EQ(setup->tasks.coordinates[0].value, 0.25);
}

TEST(SetupReader, tasks_and_scales_that_make_no_sense_are_named) {
  const auto expect = [](const std::string& text, const std::string& id, const std::string& part) {
    Diagnostics diagnostics;
    EXPECT_FALSE(parse_setup(text, "setup.xml", diagnostics)) << text;
    EXPECT_EQ(find(diagnostics, id).id, id) << text;
    EXPECT_NE(find(diagnostics, id).message.find(part), std::string::npos) << find(diagnostics, id).message;
  };
  expect(ik_with("<IKMarkerTask name=\"a\"><weight>-1</weight></IKMarkerTask>"), "SETUP-011", "weight");
  expect(ik_with("<IKOrientationTask name=\"a\"/>"), "SETUP-013", "IKOrientationTask");
  expect(ik_with("<IKCoordinateTask name=\"a\"><value_type>guess</value_type></IKCoordinateTask>"), "SETUP-013",
         "guess");
  expect(ik_with("", "<accuracy>0</accuracy>"), "SETUP-011", "accuracy");
  const std::string scale =
      "<OpenSimDocument><ScaleTool><GenericModelMaker><model_file>m.osim</model_file>"
      "</GenericModelMaker><ModelScaler>";
  const std::string end = "</ModelScaler></ScaleTool></OpenSimDocument>";
  expect(scale + "<scaling_order>guess</scaling_order>" + end, "SETUP-013", "guess");
  expect(scale +
             "<scaling_order>measurements</scaling_order><MeasurementSet><objects><Measurement/></objects>"
             "</MeasurementSet>" +
             end,
         "SETUP-003", "marker_file");
  expect(scale + "<time_range>2 1</time_range>" + end, "SETUP-004", "start");
  expect(scale +
             "<MeasurementSet><objects><Measurement><MarkerPairSet><objects><MarkerPair><markers>a</markers>"
             "</MarkerPair></objects></MarkerPairSet></Measurement></objects></MeasurementSet>" +
             end,
         "SETUP-013", "1 markers");
}

TEST(SetupReader, what_has_no_effect_is_said) {
  Diagnostics diagnostics;
  ASSERT_TRUE(parse_setup(analyze_with("<StaticOptimization><activation_exponnt>3</activation_exponnt></"
                                       "StaticOptimization>\n<InducedAccelerations/>",
                                       "<states_file>s.sto</states_file>\n<modle_file>x</modle_file>\n"),
                          "setup.xml", diagnostics));
  EXPECT_EQ(find(diagnostics, "SETUP-005").severity, Severity::warning);
  EXPECT_EQ(find(diagnostics, "SETUP-005").line, 5);
  EXPECT_EQ(find(diagnostics, "SETUP-006").severity, Severity::warning);
  EXPECT_EQ(find(diagnostics, "SETUP-006").line, 9);
  EXPECT_NE(find(diagnostics, "SETUP-006").message.find("InducedAccelerations"), std::string::npos);
  int unknown = 0;
  for (const Diagnostic& d : diagnostics.items()) unknown += d.id == "SETUP-009";
  EXPECT_EQ(unknown, 2);
  EXPECT_FALSE(read_setup("/nowhere/setup.xml", diagnostics));
  EXPECT_EQ(find(diagnostics, "XML-001").file, "/nowhere/setup.xml");
}

TEST(SetupReader, public_setups_are_read_or_refused_by_name) {
  const std::filesystem::path shared = shared_folder();
  if (!std::filesystem::exists(shared / "data")) GTEST_SKIP() << kNoSharedData;
  int read = 0, refused = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shared)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".xml" ||
        (name.find("etup") == std::string::npos && entry.path().parent_path().filename() != "setups"))
      continue;
    Diagnostics diagnostics;
    const auto setup = read_setup(entry.path().string(), diagnostics);
    if (setup) {
      ++read;
      EXPECT_TRUE(diagnostics.items().empty()) << format_diagnostic(diagnostics.items().front());
    } else {
      ++refused;
      EXPECT_EQ(find(diagnostics, "SETUP-002").id, "SETUP-002")
          << entry.path() << format_diagnostic(diagnostics.items().front());
    }
  }
  EXPECT_GE(read, 16);
  EXPECT_GE(refused, 1);
}

// The times of results that OpenSim wrote, some with 20 digits, prove padding, resampling and the choice of rows.
TEST(SetupReader, frames_of_public_setups_are_those_of_openSims_results) {
  const std::filesystem::path data = shared_folder() + "/data";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << kNoSharedData;
  struct Case {
    const char *motion, *reference;
    double lowpass_hz, start, end;
    int interval;
    double tolerance;  // half a unit of the reference's last digit, or the rounding of summed times
  };
  for (const Case& c : {
           Case{"gait10dof18musc_walk/ik/ref_subject01_walk_IK.mot",
                "gait10dof18musc_walk/id/ref_subject01_walk_ID.sto", 6, 0, 2.5, 1, 5.1e-9},
           Case{"osim_core_arm26_pendulum/id/arm26_InverseKinematics.mot",
                "osim_core_arm26_pendulum/id/std_arm26_InverseDynamics.sto", 6, 0, 1, 1, 1e-13},
           Case{"osim_core_arm26_pendulum/arm26_InverseKinematics.mot",
                "osim_core_arm26_pendulum/std_Millard2012AccelerationMuscle_arm26_StaticOptimization_force.sto", 6,
                0.25, 0.75, 1, 1e-13},
           Case{"osim_core_arm26_pendulum/arm26_InverseKinematics.mot",
                "osim_core_arm26_pendulum/std_Millard2012EquilibriumMuscle_arm26_bounds_StaticOptimization_force.sto",
                6, 0.4, 0.9, 1, 1e-13},
           Case{"gait2392_walk/id/subject01_walk1_ik.mot", "gait2392_walk/id/ref_InverseDynamicsOutput.sto", 6, 0.4,
                1.6, 1, 5.1e-9},
           Case{"gait2392_walk/subject01_walk1_Kinematics.sto",
                "gait2392_walk/ref/subject01_StaticOptimization_activation.sto", -1, 0.5, 1.999, 10, 5.1e-9},
       }) {
    Diagnostics diagnostics;
    const auto table = read_table((data / c.motion).string(), diagnostics);
    const auto reference = read_table((data / c.reference).string(), diagnostics);
    ASSERT_TRUE(table && reference) << c.motion;
    // frames depend on the times alone; one coordinate is enough of a model
    Model model;
    model.coordinates.resize(1);
    model.coordinates[0].name = table->columns.front();
    MotionOptions options = make_inverse_dynamics_options(c.lowpass_hz, c.start, c.end);
    options.step_interval = c.interval;
    const auto motion = make_trajectory(model, *table, c.motion, options, diagnostics);
    ASSERT_TRUE(motion) << c.motion;
    ASSERT_EQ(motion->frame_count(), reference->row_count()) << c.reference;
    for (std::size_t r = 0; r < reference->row_count(); ++r)
      ASSERT_NEAR(motion->time[r], reference->time[r], c.tolerance) << c.reference << " row " << r;
  }
}

}  // namespace
}  // namespace buttress
