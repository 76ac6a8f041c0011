// What simulate writes for other programs. What the reference can prove: OpenSim's tools, run here on the files of a
// movement that bends joints which the generic body locks, give the moments that simulate gave.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "app/shell_testing.h"
#include "base/run_status.h"
#include "io/table_reader.h"
#include "opensim/run_tool.h"

namespace buttress {
namespace {

Table read_or_fail(const std::string& path) {
  Diagnostics diagnostics;
  auto table = read_table(path, diagnostics);
  EXPECT_TRUE(table) << path;
  return table.value_or(Table{});
}

/// ExternalLoads for the ground's forces that simulate wrote: one for each group of contact points
void write_loads(const std::string& folder) {
  std::set<std::string> groups;
  for (const std::string& column : read_or_fail(folder + "whole_ground_forces.sto").columns)
    if (const auto at = column.find("_force_vx"); at != std::string::npos) groups.insert(column.substr(0, at));
  std::ofstream file(folder + "loads.xml");
  file << R"(<OpenSimDocument Version="40000"><ExternalLoads name="ground"><objects>)";
  for (const std::string& group : groups) {
    const std::string body = (group.find("toe") == 0 ? "toes" : "calcn") + group.substr(group.size() - 2);
    file << "<ExternalForce name=\"" << group << "\"><applied_to_body>" << body << "</applied_to_body>"
         << "<force_expressed_in_body>ground</force_expressed_in_body>"
         << "<point_expressed_in_body>ground</point_expressed_in_body><force_identifier>" << group
         << "_force_v</force_identifier><point_identifier>" << group << "_force_p</point_identifier>"
         << "<torque_identifier>" << group << "_torque_</torque_identifier></ExternalForce>";
  }
  file << "</objects><datafile>whole_ground_forces.sto</datafile></ExternalLoads></OpenSimDocument>";
}

std::vector<Diagnostic> run(const std::string& folder, const std::string& tool, const std::string& elements) {
  const std::string setup = folder + tool + ".xml";
  std::ofstream(setup) << "<OpenSimDocument Version=\"40000\"><" << tool
                       << " name=\"a\"><model_file>body.osim</model_file>"
                       << "<coordinates_file>coordinates.sto</coordinates_file><external_loads_file>loads.xml"
                       << "</external_loads_file>" << elements << "</" << tool << "></OpenSimDocument>";
  RunToolRequest request;
  request.setup_file = setup;
  request.results_folder = folder + "out";
  std::vector<std::string> written;
  Diagnostics diagnostics;
  EXPECT_EQ(run_tool(request, written, diagnostics), RunStatus::done);
  return diagnostics.items();
}

TEST(SimulateFiles, move_in_the_tools_of_OpenSim_as_they_moved_here) {
  const std::string folder = testing::TempDir() + "buttress_simulate_files/";
  std::filesystem::remove_all(folder);
  ShownSimulateRequest request;
  request.movement = "lunge";
  request.out_folder = folder;
  std::string text, record;
  Diagnostics diagnostics;
  ASSERT_EQ(run_simulate(request, text, record, diagnostics), RunStatus::done);
  write_loads(folder);

  // the toes of the leg behind bend, and stay bent where locked coordinates are put back
  const auto messages =
      run(folder, "AnalyzeTool", R"(<final_time>100</final_time><replace_force_set>false</replace_force_set>
<AnalysisSet><objects><Kinematics name="K"/></objects></AnalysisSet>)");
  for (const Diagnostic& d : messages) EXPECT_NE(d.id, "MOTION-015") << d.message;
  const Table moved = read_or_fail(folder + "coordinates.sto"), kept = read_or_fail(folder + "out/a_K_q.sto");
  double bend = 0;
  for (const std::string& name : moved.columns) {
    const std::size_t a = static_cast<std::size_t>(moved.find_column(name));
    const int b = kept.find_column(name);
    ASSERT_GE(b, 0) << name;
    for (std::size_t f = 0; f < moved.row_count(); ++f) {
      // simulate keeps bounds to a hundredth of a degree, OpenSim exactly
      EXPECT_NEAR(kept.at(f, static_cast<std::size_t>(b)), moved.at(f, a), 1e-2) << name;
      if (name == "mtp_angle_l") bend = std::max(bend, std::abs(moved.at(f, a)));
    }
  }
  EXPECT_GT(bend, 10) << "a movement that bends no locked joint proves nothing";

  // and so do the moments, springs left out; the tool splines the coordinates, and the file has 12 digits
  run(folder, "InverseDynamicsTool", "<forces_to_exclude>ALL</forces_to_exclude>");
  const Table here = read_or_fail(folder + "joint_moments.sto"),
              there = read_or_fail(folder + "out/inverse_dynamics.sto");
  for (const std::string& name : here.columns) {
    const int b = there.find_column(name);
    ASSERT_GE(b, 0) << name;
    for (std::size_t f = 0; f < here.row_count(); ++f)
      EXPECT_NEAR(there.at(f, static_cast<std::size_t>(b)),
                  here.at(f, static_cast<std::size_t>(here.find_column(name))), 1e-2)
          << name << " at " << here.time[f] << " s";
  }
}

}  // namespace
}  // namespace buttress
