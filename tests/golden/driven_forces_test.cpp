// What a model's springs, actuators and controllers do in inverse dynamics and static optimization, against
// OpenSim 4.6's own results on the same small files (opensim_4_6/driven_forces.xml, with the script that made it). What
// this can prove: every case gives OpenSim's numbers, or stops with a message that names what cannot be followed; never
// other numbers without a word.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <pugixml.hpp>
#include <regex>
#include <sstream>

#include "base/run_status.h"
#include "io/table_reader.h"
#include "opensim/run_tool.h"

namespace buttress {
namespace {

namespace fs = std::filesystem;

/// a folder that goes away with the test
struct Folder {
  fs::path path = fs::temp_directory_path() / ("buttress_driven_forces_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  void write(const char* name, const std::string& text) const { std::ofstream(path / name) << text; }
};

struct Outcome {
  RunStatus status = RunStatus::bad_input;
  Diagnostics diagnostics;
  std::vector<double> values;  ///< of all rows, without time

  bool has(const std::string& id) const {
    for (const Diagnostic& d : diagnostics.items())
      if (d.id == id) return true;
    return false;
  }
};

Outcome run(const Folder& folder, const std::string& setup, const char* result) {
  folder.write("setup.xml", "<OpenSimDocument Version=\"40600\">" + setup + "</OpenSimDocument>");
  fs::remove(folder.path / result);
  RunToolRequest request;
  request.setup_file = (folder.path / "setup.xml").string();
  Outcome outcome;
  std::vector<std::string> written;
  outcome.status = run_tool(request, written, outcome.diagnostics);
  Diagnostics ignored;
  if (outcome.status != RunStatus::bad_input)
    if (const auto table = read_table((folder.path / result).string(), ignored)) outcome.values = table->values;
  return outcome;
}

std::string inverse_dynamics_setup(const std::string& excluded) {
  return "<InverseDynamicsTool name=\"id\"><model_file>leg.osim</model_file><forces_to_exclude>" + excluded +
         "</forces_to_exclude><coordinates_file>q.mot</coordinates_file><output_gen_force_file>id.sto"
         "</output_gen_force_file></InverseDynamicsTool>";
}

const char* const kStaticOptimization =
    "<AnalyzeTool name=\"so\"><model_file>leg.osim</model_file><initial_time>0</initial_time><final_time>0.16"
    "</final_time><coordinates_file>q.mot</coordinates_file><AnalysisSet><objects><StaticOptimization "
    "name=\"StaticOptimization\"/></objects></AnalysisSet></AnalyzeTool>";

const std::string kActuation =
    std::regex_replace(std::string(kStaticOptimization), std::regex("StaticOptimization"), "Actuation");

std::vector<double> read_values(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<double>(words), {}};
}

/// @param tolerance N m or N
void expect_values(const std::vector<double>& ours, const std::vector<double>& theirs, double tolerance) {
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], theirs[i], tolerance) << "value " << i;
}

TEST(DrivenForces, every_case_has_opensims_numbers_or_a_message) {
  pugi::xml_document golden;
  ASSERT_TRUE(golden.load_file(BUTTRESS_SOURCE_DIR "/tests/golden/opensim_4_6/driven_forces.xml"));
  const pugi::xml_node cases = golden.child("cases");
  const Folder folder;
  folder.write("q.mot", cases.child_value("motion"));
  int same = 0, refused = 0;
  for (const pugi::xml_node node : cases.children("case")) {
    SCOPED_TRACE(node.attribute("name").value());
    folder.write("leg.osim",
                 std::string(cases.child_value("skeleton")) + node.child_value("model") + "</Model></OpenSimDocument>");
    const std::string theirs = node.child_value("id");
    const Outcome ours = run(folder, inverse_dynamics_setup(node.attribute("excluded").value()), "id.sto");
    if (ours.status == RunStatus::bad_input) {
      EXPECT_TRUE(ours.has("TOOL-012"));
      ++refused;
    } else {
      EXPECT_NE(theirs, "failed") << "OpenSim does not run it";
      // nine digits are kept of numbers below 100
      expect_values(ours.values, read_values(theirs), 2e-6);
      ++same;
    }
    // AnalyzeTool counts the same controls and activations, whatever forces_to_exclude says
    const Outcome found = run(folder, kActuation, "so_Actuation_force.sto");
    if (found.status == RunStatus::bad_input)
      EXPECT_TRUE(found.has("TOOL-012"));
    else
      expect_values(found.values, read_values(node.child_value("actuation")), 2e-6);
    if (!node.child("so")) continue;
    const Outcome shared_out = run(folder, kStaticOptimization, "so_StaticOptimization_force.sto");
    EXPECT_EQ(shared_out.status, RunStatus::done);
    // OpenSim's optimizer stops within 1e-4 of its forces
    if (std::string(node.child_value("so")) != "failed")
      expect_values(shared_out.values, read_values(node.child_value("so")), 5e-3);
  }
  // too few functions (OpenSim refuses, too), a sine and an expression
  EXPECT_EQ(refused, 3);
  EXPECT_GE(same, 25);
}

TEST(DrivenForces, what_is_counted_is_said) {
  pugi::xml_document golden;
  ASSERT_TRUE(golden.load_file(BUTTRESS_SOURCE_DIR "/tests/golden/opensim_4_6/driven_forces.xml"));
  const Folder folder;
  folder.write("q.mot", golden.child("cases").child_value("motion"));
  const auto says = [&](const char* name, const char* id) {
    const pugi::xml_node node = golden.child("cases").find_child_by_attribute("case", "name", name);
    EXPECT_TRUE(node) << name;
    folder.write("leg.osim", std::string(golden.child("cases").child_value("skeleton")) + node.child_value("model") +
                                 "</Model></OpenSimDocument>");
    return run(folder, inverse_dynamics_setup(node.attribute("excluded").value()), "id.sto").has(id);
  };
  EXPECT_TRUE(says("activation", "TOOL-013"));
  EXPECT_TRUE(says("driven by a linear", "TOOL-013"));
  EXPECT_FALSE(says("nothing", "TOOL-013"));
  EXPECT_FALSE(says("activation excluded", "TOOL-013"));
  EXPECT_TRUE(says("names do not count beside groups", "TOOL-011"));
}

// --- faults in what a request does not use ---------------------------------------------------------------------------

const char* const kMuscle =
    "<Millard2012EquilibriumMuscle name=\"m\">%PROPERTY<GeometryPath name=\"path\"><PathPointSet><objects><PathPoint "
    "name=\"a\"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>0.04 -0.1 0</location></PathPoint>"
    "<PathPoint name=\"b\"><socket_parent_frame>/bodyset/%BODY</socket_parent_frame><location>0.05 -0.05 0</location>"
    "</PathPoint></objects></PathPointSet></GeometryPath></Millard2012EquilibriumMuscle>";

std::string make_muscle(const std::string& property, const std::string& body = "shank") {
  std::string text = kMuscle;
  text.replace(text.find("%PROPERTY"), 9, property);
  return text.replace(text.find("%BODY"), 5, body);
}

TEST(DrivenForces, inverse_dynamics_does_not_mind_broken_muscles) {
  pugi::xml_document golden;
  ASSERT_TRUE(golden.load_file(BUTTRESS_SOURCE_DIR "/tests/golden/opensim_4_6/driven_forces.xml"));
  const pugi::xml_node cases = golden.child("cases");
  const Folder folder;
  folder.write("q.mot", cases.child_value("motion"));
  const auto run_with = [&](const std::string& forces, const std::string& more = "") {
    folder.write("leg.osim", std::string(cases.child_value("skeleton")) + "<ForceSet name=\"forceset\"><objects>" +
                                 forces + "</objects></ForceSet>" + more + "</Model></OpenSimDocument>");
    return run(folder, inverse_dynamics_setup("Muscles"), "id.sto");
  };
  const std::string spring =
      "<SpringGeneralizedForce "
      "name=\"s\"><coordinate>hip</coordinate><stiffness>7</stiffness></SpringGeneralizedForce>";
  const Outcome sound = run_with(spring);
  ASSERT_EQ(sound.status, RunStatus::done);
  EXPECT_FALSE(sound.has("MODEL-031"));

  const std::string broken[] = {
      make_muscle("<max_isometric_force>0</max_isometric_force>"),
      make_muscle("<optimal_fiber_length>-1</optimal_fiber_length>"),
      make_muscle("<max_contraction_velocity>0</max_contraction_velocity>"),
      make_muscle("<tendon_slack_length>nonsense</tendon_slack_length>"),
      make_muscle("<pennation_angle_at_optimal>4</pennation_angle_at_optimal>"),
      make_muscle(
          "<FiberForceLengthCurve><strain_at_one_norm_force>-1</strain_at_one_norm_force></FiberForceLengthCurve>"),
      make_muscle("", "nobody"),
      "<Thelen2003Muscle name=\"m\"/>",
      "<RigidTendonMuscle name=\"m\"/>",
  };
  std::string all;
  for (const std::string& muscle : broken) {
    SCOPED_TRACE(muscle.substr(0, 120));
    const Outcome ours = run_with(muscle + spring);
    EXPECT_EQ(ours.status, RunStatus::done);
    // a broken part is passed over, one of an unknown kind left out
    EXPECT_TRUE(ours.has("MODEL-031") || ours.has("MODEL-021"));
    expect_values(ours.values, sound.values, 0);
    all += muscle;
  }
  const Outcome ours = run_with(spring + all);
  EXPECT_EQ(ours.status, RunStatus::done);
  expect_values(ours.values, sound.values, 0);
  // a marker that stands nowhere, too
  const Outcome markers = run_with(spring,
                                   "<MarkerSet><objects><Marker name=\"x\"><socket_parent_frame>/bodyset/nobody"
                                   "</socket_parent_frame></Marker></objects></MarkerSet>");
  EXPECT_EQ(markers.status, RunStatus::done);
  expect_values(markers.values, sound.values, 0);
  // nor do springs where all forces are excluded
  folder.write("leg.osim", std::string(cases.child_value("skeleton")) +
                               "<ForceSet><objects><SpringGeneralizedForce name=\"s\"><coordinate>nothing</coordinate>"
                               "</SpringGeneralizedForce></objects></ForceSet></Model></OpenSimDocument>");
  EXPECT_EQ(run(folder, inverse_dynamics_setup("ALL"), "id.sto").status, RunStatus::done);
  // but a broken spring matters, and muscles do where they are used
  EXPECT_EQ(
      run_with("<SpringGeneralizedForce name=\"s\"><coordinate>nothing</coordinate></SpringGeneralizedForce>").status,
      RunStatus::bad_input);
  run_with(broken[0] + spring);
  EXPECT_EQ(run(folder, kStaticOptimization, "so_StaticOptimization_force.sto").status, RunStatus::bad_input);
}

TEST(DrivenForces, inverse_kinematics_does_not_mind_broken_forces) {
  pugi::xml_document golden;
  ASSERT_TRUE(golden.load_file(BUTTRESS_SOURCE_DIR "/tests/golden/opensim_4_6/driven_forces.xml"));
  const pugi::xml_node cases = golden.child("cases");
  const Folder folder;
  folder.write("m.trc",
               "PathFileType\t4\t(X/Y/Z)\tm.trc\n"
               "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n"
               "100\t100\t2\t2\tm\t100\t1\t2\nFrame#\tTime\ta\t\t\tb\t\t\t\n\t\tX1\tY1\tZ1\tX2\tY2\tZ2\n\n"
               "1\t0\t0.1\t-0.3\t0\t0.2\t-0.6\t0\n2\t0.01\t0.11\t-0.3\t0\t0.21\t-0.6\t0\n");
  const auto run_with = [&](const std::string& forces) {
    folder.write("leg.osim",
                 std::string(cases.child_value("skeleton")) + "<ForceSet name=\"forceset\"><objects>" + forces +
                     "</objects></ForceSet><MarkerSet><objects><Marker name=\"a\"><socket_parent_frame>/bodyset/thigh"
                     "</socket_parent_frame><location>0 -0.3 0</location></Marker><Marker name=\"b\">"
                     "<socket_parent_frame>/bodyset/shank</socket_parent_frame><location>0 -0.2 0</location></Marker>"
                     "</objects></MarkerSet></Model></OpenSimDocument>");
    return run(folder,
               "<InverseKinematicsTool name=\"ik\"><model_file>leg.osim</model_file><marker_file>m.trc</marker_file>"
               "<output_motion_file>ik.mot</output_motion_file></InverseKinematicsTool>",
               "ik.mot");
  };
  const Outcome sound = run_with("");
  ASSERT_EQ(sound.status, RunStatus::done);
  for (const std::string& forces :
       {make_muscle("", "nobody"), std::string("<PointActuator name=\"p\"><body>nobody</body></PointActuator>"),
        std::string("<SomebodysForce name=\"f\"/>")}) {
    SCOPED_TRACE(forces.substr(0, 80));
    const Outcome ours = run_with(forces);
    EXPECT_EQ(ours.status, RunStatus::done);
    // a broken force is passed over with a note; one of an unknown kind could not move a marker anyway
    EXPECT_EQ(ours.has("MODEL-031"), forces.find("Somebodys") == std::string::npos);
    expect_values(ours.values, sound.values, 0);
  }
}

}  // namespace
}  // namespace buttress
