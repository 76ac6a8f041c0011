#include "io/trc_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/skips_testing.h"

namespace buttress {
namespace {

// Small texts prove each rule; the public files prove that real programs' spellings are understood. Their counts were
// taken from their SOURCE.md, and one file's numbers are compared with a reading of its cells in the test itself.

const std::string kHeader =
    "PathFileType\t4\t(X/Y/Z)\ttest.trc\n"
    "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n"
    "100\t100\t2\t2\tmm\t100\t1\t2\n"
    "Frame#\tTime\tASIS\t\t\tKnee\t\t\n"
    "\t\tX1\tY1\tZ1\tX2\tY2\tZ2\n\n";
const std::string kRows = "1\t0.00\t1\t2\t3\t4\t5\t6\n2\t0.01\t10\t20\t30\t40\t50\t60\n";

Diagnostic find(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id) return d;
  return {};
}

std::string replaced(std::string text, const std::string& old, const std::string& now) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), now);
}

std::optional<MarkerTrajectory> parse_quietly(const std::string& text) {
  Diagnostics diagnostics;
  auto markers = parse_trc(text, "test.trc", diagnostics);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  return markers;
}

void expect_plain(const std::optional<MarkerTrajectory>& markers) {
  ASSERT_TRUE(markers);
  EXPECT_EQ(markers->names, (std::vector<std::string>{"ASIS", "Knee"}));
  EXPECT_EQ(markers->time, (std::vector<double>{0, 0.01}));
  EXPECT_EQ(markers->rate_hz, 100);
  EXPECT_EQ(markers->units_in_file, "mm");
  ASSERT_EQ(markers->positions.size(), 12u);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_DOUBLE_EQ(markers->positions[i], 0.001 * static_cast<double>(i + 1));
    EXPECT_DOUBLE_EQ(markers->positions[6 + i], 0.01 * static_cast<double>(i + 1));
  }
}

TEST(TrcReader, a_plain_file_in_metres) {
  expect_plain(parse_quietly(kHeader + kRows));
}

TEST(TrcReader, line_ends_doubled_tabs_trailing_tabs_and_blanks_change_nothing) {
  std::string crlf;
  for (const char c : kHeader + kRows) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  expect_plain(parse_quietly(crlf));
  // the values of the header, and the rows, with two tabs between them
  expect_plain(parse_quietly(replaced(kHeader, "100\t100\t2\t2\tmm", "  100\t\t100\t\t2\t\t2\t mm") + kRows));
  std::string doubled;
  for (const char c : kRows) doubled += c == '\t' ? std::string("\t\t") : std::string(1, c);
  expect_plain(parse_quietly(kHeader + doubled));
  expect_plain(parse_quietly(kHeader + replaced(kRows, "\t6\n", "\t6\t\t\n")));
  expect_plain(parse_quietly(kHeader + replaced(kRows, "\t4\t", "\t  4 \t")));
  std::string blanks;
  for (const char c : kRows) blanks += c == '\t' ? std::string("   ") : std::string(1, c);
  expect_plain(parse_quietly(kHeader + blanks));
  // no line of X1 Y1 Z1, no empty line, no line end at the end
  expect_plain(
      parse_quietly(replaced(kHeader, "\t\tX1\tY1\tZ1\tX2\tY2\tZ2\n\n", "") + kRows.substr(0, kRows.size() - 1)));
  expect_plain(parse_quietly("\xEF\xBB\xBF" + kHeader + replaced(kRows, "10\t20", "1.0E+01\t+2e1")));
}

TEST(TrcReader, units_are_brought_to_metres) {
  const std::map<std::string, double> scales = {{"mm", 1e-3}, {"cm", 1e-2}, {"m", 1}, {"MM", 1e-3}, {"meters", 1}};
  for (const auto& [unit, scale] : scales) {
    const auto markers = parse_quietly(replaced(kHeader, "\tmm\t", "\t" + unit + "\t") + kRows);
    ASSERT_TRUE(markers);
    EXPECT_DOUBLE_EQ(markers->positions[5], 6 * scale) << unit;
  }
}

TEST(TrcReader, gaps_are_NaN_in_all_three_numbers) {
  for (const std::string gap :
       {"\t\t\t", "\tNaN\tnan\tNAN", "\t1\t2\t", "\t-nan\t1\t2", "\t1.#QNAN\t0\t1", "\tinf\t1\t1"}) {
    const auto markers = parse_quietly(kHeader + replaced(kRows, "\t1\t2\t3", gap));
    ASSERT_TRUE(markers) << gap;
    for (std::size_t k = 0; k < 3; ++k) EXPECT_TRUE(std::isnan(markers->positions[k])) << gap;
    EXPECT_DOUBLE_EQ(markers->positions[3], 0.004) << gap;
  }
  // the last markers of a row may be left away
  const auto markers = parse_quietly(kHeader + replaced(kRows, "\t4\t5\t6", ""));
  ASSERT_TRUE(markers);
  EXPECT_TRUE(std::isnan(markers->positions[3]));
}

TEST(TrcReader, every_fault_is_named_with_its_line) {
  const auto expect = [](const std::string& text, const std::string& id, int line) {
    Diagnostics diagnostics;
    EXPECT_FALSE(parse_trc(text, "test.trc", diagnostics)) << text;
    EXPECT_EQ(find(diagnostics, id).line, line) << id << text;
    EXPECT_EQ(find(diagnostics, id).severity, Severity::error) << id << text;
    EXPECT_EQ(find(diagnostics, id).id, id) << text;
  };
  expect("", "TRC-003", 1);
  expect("Coordinates\nversion=1\nendheader\ntime\tq\n0\t1\n", "TRC-003", 1);
  expect("PathFileType\t4\n", "TRC-003", 1);
  expect(replaced(kHeader, "Frame#\tTime\t", "No\tT\t") + kRows, "TRC-004", 4);
  expect(replaced(kHeader, "\tASIS\t\t\tKnee\t\t", "") + kRows, "TRC-005", 4);
  expect(replaced(kHeader, "mm", "furlong") + kRows, "TRC-006", 3);
  expect(replaced(kHeader, "2\t2\tmm\t", "2\t2\t\t") + kRows, "TRC-006", 3);
  expect(kHeader, "TRC-007", 6);
  expect(kHeader + replaced(kRows, "\t50\t60", "\t50"), "TRC-010", 8);
  expect(kHeader + replaced(kRows, "\t50\t60", "\t50\t60\t70"), "TRC-010", 8);
  expect(kHeader + replaced(kRows, "\t50", "\t5O"), "TRC-011", 8);
  expect(kHeader + replaced(kRows, "\t50", "\t50,5"), "TRC-011", 8);
  expect(kHeader + replaced(kRows, "0.01", "0.00"), "TRC-012", 8);
  expect(kHeader + replaced(kRows, "0.01", "soon"), "TRC-012", 8);
  std::string many = kHeader;
  for (int i = 0; i < 30; ++i) many += std::to_string(i) + "\t1\tx\t2\t3\t4\t5\t6\n";
  expect(many, "TRC-016", 0);
  Diagnostics diagnostics;
  EXPECT_FALSE(read_trc("/nowhere/walk.trc", diagnostics));
  EXPECT_EQ(find(diagnostics, "TRC-001").file, "/nowhere/walk.trc");
  EXPECT_FALSE(read_trc("/", diagnostics));
  EXPECT_EQ(find(diagnostics, "TRC-002").id, "TRC-002");
}

TEST(TrcReader, what_looks_wrong_but_can_be_read_is_said) {
  const auto expect = [](const std::string& text, const std::string& id) {
    Diagnostics diagnostics;
    auto markers = parse_trc(text, "test.trc", diagnostics);
    EXPECT_TRUE(markers) << text;
    EXPECT_EQ(find(diagnostics, id).severity, Severity::warning) << text;
    EXPECT_EQ(find(diagnostics, id).id, id) << text;
    return markers ? *markers : MarkerTrajectory{};
  };
  EXPECT_EQ(expect(replaced(kHeader, "100\t2\t2", "100\t238\t2") + kRows, "TRC-008").time.size(), 2u);
  EXPECT_EQ(expect(replaced(kHeader, "100\t2\t2", "100\t2\t41") + kRows, "TRC-009").names.size(), 2u);
  EXPECT_NEAR(expect(replaced(kHeader, "100\t100", "250\t250") + kRows, "TRC-013").rate_hz, 100, 1e-9);
  EXPECT_TRUE(std::isnan(expect(kHeader + replaced(kRows, "1\t2\t3", "0\t0\t0"), "TRC-014").positions[0]));
  EXPECT_EQ(expect(replaced(kHeader, "Knee", "ASIS") + kRows, "TRC-015").names[1], "1_ASIS");
}

TEST(TrcReader, public_files_have_their_frames_and_markers) {
  const char* given = std::getenv("BUTTRESS_SHARED");
  const std::string folder = (given ? given : std::string(BUTTRESS_SOURCE_DIR) + "/../shared") + std::string("/data/");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << kNoSharedData;
  struct Expected {
    std::size_t frames, markers;
  };
  const std::map<std::string, Expected> expected = {
      {"synthetic_walk_s01/markers.trc", {223, 64}},
      {"gait10dof18musc_walk/ik/subject01_walk.trc", {151, 41}},
      {"gait10dof18musc_walk/ik/subject01_static.trc", {300, 49}},
      {"gait2392_walk/ik/subject01_walk1.trc", {151, 41}},
      {"gait2392_walk/ik/subject01_static.trc", {300, 49}},
      {"opencap_s4_squat_sts_walk/STS1.trc", {1399, 51}},
      {"opencap_s4_squat_sts_walk/walking1.trc", {131, 51}},
      {"opencap_s4_squat_sts_walk/squats1.trc", {1346, 51}},
      {"rajagopal_walk/markers_walk.trc", {238, 41}},
      {"osim_core_io_formats/gait10dof18musc_walk_CRLF_line_ending.trc", {10, 41}},
      {"osim_core_io_formats/dataWithNaNsOfDifferentCases.trc", {5, 14}},
      {"osim_core_io_formats/dataWithBlanksForMissingMarkers.trc", {464, 40}},
      {"osim_core_io_formats/dataWithEformat.trc", {5, 14}},
      {"osim_core_io_formats/c3d/std_walking5_markers.trc", {112, 40}},
      {"osim_core_io_formats/c3d/std_walking2_markers.trc", {126, 44}},
      {"osim_core_io_formats/exampleFormat.trc", {5, 3}}};
  for (const auto& [file, counts] : expected) {
    Diagnostics diagnostics;
    const auto markers = read_trc(folder + file, diagnostics);
    ASSERT_TRUE(markers) << file << (diagnostics.items().empty() ? "" : format_diagnostic(diagnostics.items()[0]));
    EXPECT_EQ(markers->time.size(), counts.frames) << file;
    EXPECT_EQ(markers->names.size(), counts.markers) << file;
    EXPECT_EQ(markers->positions.size(), counts.frames * counts.markers * 3) << file;
    std::size_t seen = 0;
    for (const double x : markers->positions) {
      seen += std::isfinite(x);
      // people are within 10 m of the origin, whatever the unit
      if (std::isfinite(x)) {
        EXPECT_LT(std::abs(x), 10) << file;
      }
    }
    // dataWithBlanksForMissingMarkers is blank but for a quarter of its frames
    EXPECT_GT(seen, markers->positions.size() / 8) << file;
  }
  // OpenSim's example: the first marker is blank in the first row, the second NaN in the third
  Diagnostics diagnostics;
  const auto example = read_trc(folder + "osim_core_io_formats/exampleFormat.trc", diagnostics);
  EXPECT_TRUE(std::isnan(example->positions[0]));
  EXPECT_EQ(example->positions[3], -0.152);
  EXPECT_TRUE(std::isnan(example->positions[2 * 9 + 3]));
  EXPECT_EQ(example->positions[4 * 9 + 8], -1.7);
}

}  // namespace
}  // namespace buttress
