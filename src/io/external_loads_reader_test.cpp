#include "io/external_loads_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "base/skips_testing.h"
#include "io/reader_testing.h"
#include "io/table_reader.h"

namespace buttress {
namespace {

TEST(ExternalLoadsReader, forces_of_openSim_3_and_4_are_read_with_their_switches) {
  Diagnostics diagnostics;
  const auto spec = parse_external_loads(R"(<?xml version="1.0"?>
<OpenSimDocument Version="30000">
<ExternalLoads name="walk">
<objects>
<ExternalForce name="right">
<isDisabled>true</isDisabled>
<applied_to_body>calcn_r</applied_to_body>
<force_identifier>f_v</force_identifier>
<point_identifier>f_p</point_identifier>
<torque_identifier> f_m </torque_identifier>
</ExternalForce>
<ExternalForce name="left">
<appliesForce>true</appliesForce>
<applied_to_body>/bodyset/calcn_l</applied_to_body>
<force_expressed_in_body>tibia_l</force_expressed_in_body>
<force_identifier>g</force_identifier>
</ExternalForce>
</objects>
<groups/>
<datafile>..\data\grf.mot</datafile>
</ExternalLoads>
</OpenSimDocument>)",
                                         "/lab/trials/grf.xml", diagnostics);
  ASSERT_TRUE(spec);
  EXPECT_TRUE(diagnostics.items().empty());
  EXPECT_EQ(spec->name, "walk");
  EXPECT_EQ(spec->data_file, "/lab/data/grf.mot");
  ASSERT_EQ(spec->forces.size(), 2u);
  EXPECT_EQ(spec->forces[0].name, "right");
  EXPECT_FALSE(spec->forces[0].applies_force);
  EXPECT_EQ(spec->forces[0].force_identifier, "f_v");
  EXPECT_EQ(spec->forces[0].point_identifier, "f_p");
  EXPECT_EQ(spec->forces[0].torque_identifier, "f_m");
  EXPECT_EQ(spec->forces[0].force_expressed_in_body, "ground");
  EXPECT_EQ(spec->forces[0].line, 5);
  EXPECT_TRUE(spec->forces[1].applies_force);
  EXPECT_EQ(spec->forces[1].applied_to_body, "calcn_l");
  EXPECT_EQ(spec->forces[1].force_expressed_in_body, "tibia_l");
}

TEST(ExternalLoadsReader, prescribed_forces_of_openSim_2_name_their_columns_by_functions) {
  Diagnostics diagnostics;
  const auto spec = parse_external_loads(R"(<OpenSimDocument Version="20201"><ExternalLoads name="">
<objects><PrescribedForce name="RightForce"><body>calcn_r</body><pointIsGlobal>false</pointIsGlobal>
<FunctionSet name="forceFunctions"><objects><NaturalCubicSpline name="ground_force_vx"/><NaturalCubicSpline name="ground_force_vy"/></objects></FunctionSet>
<FunctionSet name="pointFunctions"><objects><NaturalCubicSpline name="ground_force_px"/></objects></FunctionSet>
<FunctionSet name="torqueFunctions"><objects><NaturalCubicSpline name="#17"/></objects></FunctionSet>
</PrescribedForce></objects><datafile>grf.mot</datafile>
<external_loads_model_kinematics_file>ik.mot</external_loads_model_kinematics_file></ExternalLoads></OpenSimDocument>)",
                                         "grf.xml", diagnostics);
  ASSERT_TRUE(spec);
  ASSERT_EQ(spec->forces.size(), 1u);
  EXPECT_EQ(spec->forces[0].applied_to_body, "calcn_r");
  EXPECT_EQ(spec->forces[0].force_identifier, "ground_force_v");
  EXPECT_EQ(spec->forces[0].point_identifier, "ground_force_p");
  EXPECT_EQ(spec->forces[0].torque_identifier, "#17");
  EXPECT_EQ(find(diagnostics, "LOADS-024").severity, Severity::warning);
  EXPECT_EQ(find(diagnostics, "LOADS-024").line, 7);
}

TEST(ExternalLoadsReader, every_fault_is_named_with_its_line) {
  const auto expect = [](const std::string& text, const std::string& id, int line) {
    Diagnostics diagnostics;
    EXPECT_FALSE(parse_external_loads(text, "grf.xml", diagnostics)) << text;
    EXPECT_EQ(find(diagnostics, id).id, id) << text;
    EXPECT_EQ(find(diagnostics, id).severity, Severity::error);
    EXPECT_EQ(find(diagnostics, id).file, "grf.xml");
    EXPECT_EQ(find(diagnostics, id).line, line) << text;
  };
  expect("<OpenSimDocument>\n<Model/></OpenSimDocument>", "LOADS-020", 1);
  expect("<A>\n<ExternalLoads>\n<objects/></ExternalLoads></A>", "LOADS-021", 2);
  expect("<ExternalLoads><objects>\n<Millard/></objects></ExternalLoads>", "LOADS-021", 2);
  expect("<ExternalLoads><objects>\n\n<ExternalForce name=\"r\"/></objects></ExternalLoads>", "LOADS-022", 3);
  expect(
      "<ExternalLoads><objects><ExternalForce>\n<isDisabled>maybe</isDisabled></ExternalForce></objects></"
      "ExternalLoads>",
      "XML-013", 2);
  Diagnostics diagnostics;
  EXPECT_FALSE(read_external_loads("/nowhere/grf.xml", diagnostics));
  EXPECT_EQ(find(diagnostics, "XML-001").file, "/nowhere/grf.xml");
  EXPECT_FALSE(parse_external_loads("<ExternalLoads><objects>", "grf.xml", diagnostics));
  EXPECT_EQ(find(diagnostics, "XML-003").severity, Severity::error);
  const auto unnamed = parse_external_loads(
      "<ExternalLoads><objects><ExternalForce><applied_to_body>a</applied_to_body></ExternalForce></objects></"
      "ExternalLoads>",
      "grf.xml", diagnostics);
  ASSERT_TRUE(unnamed);
  EXPECT_EQ(find(diagnostics, "LOADS-023").severity, Severity::note);
}

/// bodies that a set of external loads names
Model make_model_with_bodies(const ExternalLoadsSpec& spec) {
  Model model;
  model.bodies.resize(1);
  model.bodies[0].name = "ground";
  for (const ExternalForceSpec& force : spec.forces) {
    model.bodies.push_back({});
    model.bodies.back().name = force.applied_to_body;
  }
  return model;
}

// every ExternalLoads file of the public sets whose data are shipped: at the rows of the data the loads are the
// columns, point cleaned where nothing presses
TEST(ExternalLoadsReader, is_disabled_counts_in_files_of_its_time_only) {
  const auto applies = [](const char* version, std::size_t warnings) {
    Diagnostics diagnostics;
    const auto spec = parse_external_loads(
        std::string("<OpenSimDocument Version=\"") + version +
            "\"><ExternalLoads><datafile>f.mot</datafile><objects><ExternalForce name=\"f\"><isDisabled>true"
            "</isDisabled><applied_to_body>b</applied_to_body></ExternalForce></objects></ExternalLoads>"
            "</OpenSimDocument>",
        "loads.xml", diagnostics);
    EXPECT_EQ(diagnostics.items().size(), warnings);
    return spec.value().forces.at(0).applies_force;
  };
  // OpenSim 4.6: the moment at the hip of a leg that a force of 50 N pulls is 15.05 and 9.14 N m
  EXPECT_FALSE(applies("30000", 0));
  EXPECT_TRUE(applies("40600", 1));
}

TEST(ExternalLoadsReader, public_files_give_their_data_back_at_the_rows) {
  const std::filesystem::path data = shared_folder() + "/data";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << kNoSharedData;
  int files = 0;
  for (const char* name :
       {"gait10dof18musc_walk/id/subject01_walk_grf.xml", "gait2392_walk/id/subject01_walk1_grf.xml",
        "gait2392_walk/foot_floor_loads.xml", "rajagopal_walk/grf_walk.xml",
        "opencap_s4_squat_sts_walk/walking1_external_loads_by_us.xml",
        "opencap_s4_squat_sts_walk/walking1_external_forces_AS_SHIPPED.xml",
        "osim_core_muscle_geometry/subject_walk_armless_external_loads.xml",
        "synthetic_walk_s01/external_loads_by_us.xml", "ceinms_walk36/walk36/external_loads_by_us.xml"}) {
    Diagnostics diagnostics;
    const auto spec = read_external_loads((data / name).string(), diagnostics);
    ASSERT_TRUE(spec) << name;
    const auto table = read_table(spec->data_file, diagnostics, {.allow_nan = true});
    ASSERT_TRUE(table) << spec->data_file;
    const auto loads =
        make_load_trajectory(make_model_with_bodies(*spec), *spec, *table, spec->data_file, table->time, diagnostics);
    ASSERT_TRUE(loads) << name << (diagnostics.items().empty() ? "" : format_diagnostic(diagnostics.items().back()));
    ++files;
    for (std::size_t l = 0; l < spec->forces.size(); ++l) {
      const std::vector<int> columns = find_identified_columns(*table, spec->forces[l].force_identifier);
      ASSERT_EQ(columns.size(), 3u);
      for (std::size_t r = 0; r < table->row_count(); ++r)
        for (std::size_t k = 0; k < 3; ++k)
          EXPECT_NEAR(loads->values[(r * spec->forces.size() + l) * 9 + k],
                      table->at(r, static_cast<std::size_t>(columns[k])), 1e-8);
    }
    for (double v : loads->values) ASSERT_LT(std::fabs(v), 1e5) << name;
    const bool one_body = std::string(name).find("AS_SHIPPED") != std::string::npos;
    EXPECT_EQ(find(diagnostics, "LOADS-008").id, one_body ? "LOADS-008" : "") << name;
  }
  EXPECT_EQ(files, 9);
}

}  // namespace
}  // namespace buttress
