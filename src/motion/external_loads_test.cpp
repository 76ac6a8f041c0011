#include "motion/external_loads.h"

#include <gtest/gtest.h>

#include <cmath>

#include "numeric/piecewise_polynomial.h"

namespace buttress {
namespace {

Model make_test_model() {
  Model model;
  model.bodies.resize(4);
  model.bodies[0].name = "ground";
  model.bodies[1].name = "pelvis";
  model.bodies[2].name = "calcn_r";
  model.bodies[3].name = "calcn_l";
  return model;
}

ExternalForceSpec make_force(const std::string& name, const std::string& body, const std::string& prefix) {
  ExternalForceSpec force;
  force.name = name;
  force.applied_to_body = body;
  force.force_identifier = prefix + "v";
  force.point_identifier = prefix + "p";
  force.torque_identifier = prefix + "m";
  force.line = 7;
  return force;
}

ExternalLoadsSpec make_spec(std::vector<ExternalForceSpec> forces) {
  ExternalLoadsSpec spec;
  spec.file = "grf.xml";
  spec.data_file = "grf.mot";
  spec.forces = std::move(forces);
  return spec;
}

/// columns r_vx .. r_mz, of which `f` gives the nine numbers at each time
Table make_table(std::size_t rows, double step, double (*f)(double, std::size_t), const std::string& prefix = "r_") {
  Table table;
  for (const char* part : {"vx", "vy", "vz", "px", "py", "pz", "mx", "my", "mz"})
    table.columns.push_back(prefix + part);
  for (std::size_t r = 0; r < rows; ++r) {
    table.time.push_back(static_cast<double>(r) * step);
    for (std::size_t k = 0; k < 9; ++k) table.values.push_back(f(table.time.back(), k));
  }
  return table;
}

double smooth(double t, std::size_t k) {
  return 2.0 + std::sin(t + static_cast<double>(k));
}

Diagnostic find(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id) return d;
  return {};
}

TEST(ExternalLoads, columns_are_picked_by_prefix_or_by_their_endings) {
  Table table;
  table.columns = {"f_vx", "f_vy", "f_vz", "f_v", "g1", "g2", "g3", "h_x", "h_y", "h_z", "h_xx"};
  EXPECT_EQ(find_identified_columns(table, "g"), (std::vector<int>{4, 5, 6}));
  EXPECT_EQ(find_identified_columns(table, "f_v"), (std::vector<int>{0, 1, 2})) << "a fourth begins alike";
  EXPECT_EQ(find_identified_columns(table, "h"), (std::vector<int>{7, 8, 9}));
  EXPECT_EQ(find_identified_columns(table, "#1"), (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(find_identified_columns(table, "#99").empty());
  EXPECT_TRUE(find_identified_columns(table, "#x").empty());
  EXPECT_TRUE(find_identified_columns(table, "z").empty());
  EXPECT_TRUE(find_identified_columns(table, "").empty());
}

// single splines of numeric/piecewise_polynomial.h are the second implementation
TEST(ExternalLoads, values_between_rows_are_natural_cubic_splines_or_straight_lines) {
  const Table table = make_table(30, 0.1, smooth);
  const std::vector<double> times = {0.0, 0.05, 1.234, 2.9, 2.93};
  Diagnostics diagnostics;
  const auto spec = make_spec({make_force("right", "/bodyset/calcn_r", "r_")});
  const auto loads = make_load_trajectory(make_test_model(), spec, table, "grf.mot", times, diagnostics);
  ASSERT_TRUE(loads);
  EXPECT_TRUE(diagnostics.items().empty());
  ASSERT_EQ(loads->loads.size(), 1u);
  EXPECT_EQ(loads->loads[0].body, 2);
  EXPECT_EQ(loads->loads[0].force_frame_body, 0);
  EXPECT_TRUE(loads->loads[0].has_point);
  EXPECT_TRUE(loads->loads[0].has_torque);
  const auto lines =
      make_load_trajectory(make_test_model(), spec, table, "grf.mot", times, diagnostics, LoadInterpolation::linear);
  for (std::size_t k = 0; k < 9; ++k) {
    std::vector<double> y;
    for (std::size_t r = 0; r < 30; ++r) y.push_back(table.at(r, k));
    const PiecewisePolynomial spline = make_gcv_spline(table.time, y, 3), line = make_piecewise_linear(table.time, y);
    for (std::size_t f = 0; f < times.size(); ++f) {
      EXPECT_NEAR(loads->values[f * 9 + k], evaluate(spline, times[f]).f, 1e-12);
      EXPECT_NEAR(lines->values[f * 9 + k], evaluate(line, times[f]).f, 1e-12);
    }
  }
}

// a plate that is loaded from 0.5 s to 1.0 s and reports nonsense for the point before and after
TEST(ExternalLoads, points_far_away_or_nan_do_no_harm_while_nothing_presses) {
  const Table table = make_table(16, 0.1, [](double t, std::size_t k) {
    const bool loaded = t > 0.45 && t < 1.05;
    if (k < 3) return loaded ? 100.0 : 0.0;
    if (k < 6) return loaded ? 0.25 : t < 0.5 ? NAN : 331.7;
    return 0.0;
  });
  std::vector<double> times;
  for (int i = 0; i <= 150; ++i) times.push_back(i * 0.01);
  Diagnostics diagnostics;
  const auto loads = make_load_trajectory(make_test_model(), make_spec({make_force("right", "calcn_r", "r_")}), table,
                                          "grf.mot", times, diagnostics);
  ASSERT_TRUE(loads);
  for (std::size_t f = 0; f < times.size(); ++f) {
    const double* nine = loads->values.data() + f * 9;
    if (times[f] < 0.395 || times[f] > 1.105)
      for (int k = 0; k < 9; ++k) EXPECT_EQ(nine[k], 0.0) << times[f];
    else
      EXPECT_LE(std::fabs(nine[3]), 0.2501) << times[f];
  }
}

TEST(ExternalLoads, frames_beyond_the_data_carry_no_load_and_a_warning) {
  const Table table = make_table(11, 0.1, smooth);
  Diagnostics diagnostics;
  const auto spec = make_spec({make_force("right", "calcn_r", "r_")});
  const auto loads = make_load_trajectory(make_test_model(), spec, table, "grf.mot", {-5e-7, 0.5, 1.5}, diagnostics);
  ASSERT_TRUE(loads);
  EXPECT_NEAR(loads->values[0], smooth(0, 0), 1e-5) << "a little before the first row";
  for (std::size_t k = 0; k < 9; ++k) EXPECT_EQ(loads->values[18 + k], 0.0);
  EXPECT_EQ(find(diagnostics, "LOADS-005").severity, Severity::warning);
  EXPECT_NE(find(diagnostics, "LOADS-005").message.find("1 of 3"), std::string::npos);
  EXPECT_FALSE(make_load_trajectory(make_test_model(), spec, table, "grf.mot", {7.0, 8.0}, diagnostics));
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(ExternalLoads, a_force_without_point_acts_at_the_bodys_origin) {
  ExternalForceSpec force = make_force("pull", "pelvis", "r_");
  force.point_identifier.clear();
  force.torque_identifier.clear();
  force.force_expressed_in_body = "calcn_r";
  Diagnostics diagnostics;
  for (std::size_t rows : {1u, 2u, 5u}) {
    const Table table = make_table(rows, 0.1, smooth);
    const auto loads =
        make_load_trajectory(make_test_model(), make_spec({force}), table, "grf.mot", {0.0}, diagnostics);
    ASSERT_TRUE(loads);
    EXPECT_EQ(loads->loads[0].body, 1);
    EXPECT_EQ(loads->loads[0].force_frame_body, 2);
    EXPECT_EQ(loads->loads[0].point_frame_body, 1);
    EXPECT_FALSE(loads->loads[0].has_point);
    EXPECT_NEAR(loads->values[1], smooth(0, 1), 1e-12);
    for (std::size_t k = 3; k < 9; ++k) EXPECT_EQ(loads->values[k], 0.0);
  }
}

TEST(ExternalLoads, every_fault_is_named_with_file_and_line) {
  const Table table = make_table(11, 0.1, smooth);
  const auto expect = [&](const ExternalForceSpec& force, const Table& data, const std::string& id, const char* file,
                          int line, const char* part) {
    Diagnostics diagnostics;
    EXPECT_FALSE(make_load_trajectory(make_test_model(), make_spec({force}), data, "grf.mot", {0.5}, diagnostics))
        << id;
    const Diagnostic d = find(diagnostics, id);
    EXPECT_EQ(d.severity, Severity::error);
    EXPECT_EQ(d.file, file) << id;
    EXPECT_EQ(d.line, line) << id;
    EXPECT_NE((d.message + d.advice).find(part), std::string::npos) << d.message << d.advice;
  };
  expect(make_force("right", "talus_r", "r_"), table, "LOADS-001", "grf.xml", 7, "calcn_r");
  expect(make_force("right", "calcn_r", "left_"), table, "LOADS-003", "grf.xml", 7, "r_v, r_p, r_m");
  ExternalForceSpec nothing = make_force("right", "calcn_r", "r_");
  nothing.force_identifier.clear();
  expect(nothing, table, "LOADS-004", "grf.xml", 7, "no force that acts there");
  nothing.torque_identifier.clear();
  expect(nothing, table, "LOADS-004", "grf.xml", 7, "neither");
  Table gap = table;
  gap.values[5 * 9 + 1] = NAN;
  expect(make_force("right", "calcn_r", "r_"), gap, "LOADS-006", "grf.mot", 0, "0.5 s");
  ExternalForceSpec off = make_force("right", "calcn_r", "r_");
  off.applies_force = false;
  expect(off, table, "LOADS-009", "grf.xml", 0, "no external force");
}

TEST(ExternalLoads, doubtful_loads_are_warned_about) {
  const Table table = make_table(11, 0.1, smooth);
  ExternalForceSpec odd = make_force("odd", "calcn_r", "r_"), off = odd;
  odd.force_expressed_in_body = "lab";
  off.applies_force = false;
  Diagnostics diagnostics;
  ASSERT_TRUE(
      make_load_trajectory(make_test_model(), make_spec({odd, odd, off}), table, "grf.mot", {0.5}, diagnostics));
  EXPECT_EQ(find(diagnostics, "LOADS-002").severity, Severity::warning);
  EXPECT_EQ(find(diagnostics, "LOADS-007").severity, Severity::note);
  EXPECT_EQ(find(diagnostics, "LOADS-007").id, "LOADS-007");
  EXPECT_NE(find(diagnostics, "LOADS-008").message.find("calcn_r"), std::string::npos);
}

}  // namespace
}  // namespace buttress
