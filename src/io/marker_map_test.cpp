#include "io/marker_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "base/skips_testing.h"
#include "io/osim_reader.h"

namespace buttress {
namespace {

const std::string kHeader = "marker,theirs,match,source\n";

Diagnostic find(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id) return d;
  return {};
}

std::string list(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.items()) text += format_diagnostic(d) + "\n";
  return text;
}

void expect_error(const std::string& text, const std::string& id, int line, const std::string& part) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_marker_map(text, "map.csv", diagnostics)) << text;
  const Diagnostic d = find(diagnostics, id);
  EXPECT_EQ(d.severity, Severity::error) << id << "\n" << list(diagnostics);
  EXPECT_EQ(d.line, line) << text;
  EXPECT_EQ(d.file, "map.csv");
  EXPECT_NE(d.message.find(part), std::string::npos) << d.message;
}

TEST(MarkerMap, rows_are_read_with_remarks_blanks_windows_line_ends_and_commas_in_the_source) {
  Diagnostics diagnostics;
  const auto map =
      parse_marker_map(kHeader + "# a remark, with commas\r\n\r\n RASI , r.ASIS ,same, Smith, 2020\r\nRTOE,toe,near,\n",
                       "map.csv", diagnostics);
  ASSERT_TRUE(map) << list(diagnostics);
  ASSERT_EQ(map->rows.size(), 2u);
  EXPECT_EQ(map->rows[0].marker, "RASI");
  EXPECT_EQ(map->rows[0].theirs, "r.ASIS");
  EXPECT_EQ(map->rows[0].source, "Smith, 2020");
  EXPECT_FALSE(map->rows[0].is_near);
  EXPECT_TRUE(map->rows[1].is_near);
  EXPECT_EQ(map->rows[1].line, 5);
}

TEST(MarkerMap, bad_tables_are_errors_with_their_line) {
  expect_error("name,other\nRASI,r,same,x\n", "MAP-002", 1, "name,other");
  expect_error(kHeader + "RASI,r.ASIS\n", "MAP-003", 2, "RASI");
  expect_error(kHeader + "RASI,r.ASIS,close,x\n", "MAP-003", 2, "close");
  expect_error(kHeader + ",r.ASIS,same,x\n", "MAP-003", 2, "r.ASIS");
  expect_error(kHeader + "RASI,a,same,x\nRPSI,a,same,x\n", "MAP-004", 3, "line 2");
  expect_error(kHeader, "MAP-005", 0, "no rows");
  expect_error("", "MAP-005", 0, "no rows");
  Diagnostics diagnostics;
  EXPECT_FALSE(read_marker_map("no/such/map.csv", diagnostics));
  EXPECT_FALSE(read_marker_map(std::filesystem::temp_directory_path(), diagnostics));
  EXPECT_EQ(find(diagnostics, "MAP-001").file, "no/such/map.csv");
}

std::vector<std::string> rename(const std::string& rows, std::vector<std::string> names, Diagnostics& diagnostics) {
  const auto map = parse_marker_map(kHeader + rows, "map.csv", diagnostics);
  EXPECT_TRUE(map);
  MarkerTrajectory trajectory;
  trajectory.file = "walk.c3d";
  trajectory.names = std::move(names);
  apply_marker_map(*map, trajectory, diagnostics);
  return trajectory.names;
}

TEST(MarkerMap, names_are_exchanged_all_at_once_and_unknown_ones_stay) {
  Diagnostics diagnostics;
  // left and right swapped: a chain of renames must not run into itself
  EXPECT_EQ(rename("RASI,LASI,same,x\nLASI,RASI,same,x\n", {"LASI", "other", "RASI"}, diagnostics),
            (std::vector<std::string>{"RASI", "other", "LASI"}));
  // a subject in front
  EXPECT_EQ(rename("RASI,r,same,x\n", {"Ann:r", "Ann:s"}, diagnostics), (std::vector<std::string>{"RASI", "Ann:s"}));
  EXPECT_TRUE(diagnostics.items().empty()) << list(diagnostics);
  EXPECT_EQ(rename("RTOE,t,near,x\nRCAL,h,same,x\n", {"t", "h"}, diagnostics),
            (std::vector<std::string>{"RTOE", "RCAL"}));
  EXPECT_EQ(find(diagnostics, "MAP-008").severity, Severity::note);
  EXPECT_EQ(find(diagnostics, "MAP-008").message.find("RCAL"), std::string::npos);
}

TEST(MarkerMap, of_two_markers_for_one_name_the_first_row_wins_whatever_their_order_in_the_file) {
  const std::string rows = "C7,C7_study,same,x\nC7,C7,same,x\n";
  for (const auto& names : {std::vector<std::string>{"C7_study", "C7"}, std::vector<std::string>{"C7", "C7_study"}}) {
    Diagnostics diagnostics;
    const auto renamed = rename(rows, names, diagnostics);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(renamed[i] == "C7", names[i] == "C7_study") << names[i];
    EXPECT_EQ(std::set<std::string>(renamed.begin(), renamed.end()).size(), 2u) << "names stay different";
    EXPECT_EQ(find(diagnostics, "MAP-007").severity, Severity::warning);
  }
  // a marker that has the name and no row keeps it
  Diagnostics diagnostics;
  EXPECT_EQ(rename("RASI,r,same,x\n", {"r", "RASI"}, diagnostics), (std::vector<std::string>{"r", "RASI"}));
  EXPECT_EQ(find(diagnostics, "MAP-007").severity, Severity::warning);
}

TEST(MarkerMap, a_map_of_another_marker_set_is_an_error_and_changes_nothing) {
  Diagnostics diagnostics;
  EXPECT_EQ(rename("RASI,r,same,x\n", {"a", "b"}, diagnostics), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(find(diagnostics, "MAP-006").severity, Severity::error);
  EXPECT_NE(find(diagnostics, "MAP-006").message.find("\"a\""), std::string::npos);
}

std::string source_folder() {
  return BUTTRESS_SOURCE_DIR;
}

TEST(MarkerMap, every_map_of_ours_names_markers_of_the_built_in_body_with_both_sides_and_sources) {
  Diagnostics diagnostics;
  const auto body = read_osim(source_folder() + "/data/models/buttress_body.osim", diagnostics);
  ASSERT_TRUE(body) << list(diagnostics);
  std::set<std::string> markers;
  for (const MarkerSpec& marker : body->markers) markers.insert(marker.name);
  std::size_t maps = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() + "/data/marker_maps")) {
    const auto map = read_marker_map(entry.path().string(), diagnostics);
    ASSERT_TRUE(map) << list(diagnostics);
    ++maps;
    std::map<std::string, int> count;
    for (const MarkerMapRow& row : map->rows) {
      EXPECT_TRUE(markers.count(row.marker)) << entry.path() << ": " << row.marker;
      EXPECT_FALSE(row.source.empty()) << entry.path() << ":" << row.line;
      ++count[row.marker];
      // a side of theirs is the same side of ours
      if (row.marker[0] == 'R' || row.marker[0] == 'L') {
        EXPECT_EQ(std::toupper(row.theirs[0]), row.marker[0]) << entry.path() << ":" << row.line;
      }
    }
    for (const auto& [name, number] : count)
      if (name[0] == 'R') {
        EXPECT_EQ(count["L" + name.substr(1)], number) << entry.path() << ": " << name;
      }
    EXPECT_TRUE(count["RCAL"] > 0 && count["RHJC"] + count["RASI"] > 0) << entry.path();
  }
  EXPECT_EQ(maps, 6u);
}

// OpenCap's model descends from the same one as ours, so a marker of the same name has nearly the same place on the
// same body, up to the person's size and to where each marker was moved to fit its person: centimetres. A wrong row is
// off by more than that.
TEST(MarkerMap, opencaps_markers_stand_where_those_of_the_built_in_body_stand) {
  const char* const shared = std::getenv("BUTTRESS_SHARED");
  const std::string path = (shared ? std::string(shared) : source_folder() + "/../shared") +
                           "/data/opencap_s4_squat_sts_walk/model_manually_scaled.osim";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << kNoSharedData;
  Diagnostics diagnostics;
  const auto theirs = read_osim(path, diagnostics);
  const auto ours = read_osim(source_folder() + "/data/models/buttress_body.osim", diagnostics);
  const auto map = read_marker_map(source_folder() + "/data/marker_maps/opencap.csv", diagnostics);
  ASSERT_TRUE(theirs && ours && map) << list(diagnostics);
  std::map<std::string, const MarkerSpec*> of_theirs, of_ours;
  for (const MarkerSpec& marker : theirs->markers) of_theirs[marker.name] = &marker;
  for (const MarkerSpec& marker : ours->markers) of_ours[marker.name] = &marker;
  struct Pair {
    const MarkerMapRow* row;
    Vec3<double> theirs, ours;
  };
  std::map<std::string, std::vector<Pair>> pairs_of_body;
  for (const MarkerMapRow& row : map->rows) {
    if (!of_theirs.count(row.theirs)) continue;
    const MarkerSpec &a = *of_theirs[row.theirs], &b = *of_ours.at(row.marker);
    std::string body = b.frame.body;
    // ours has two hip bones where theirs has a pelvis, with the same axes and origin
    if (body.rfind("hip_bone", 0) == 0) body = "pelvis";
    if (a.frame.body == body) pairs_of_body[body].push_back({&row, a.p_F, b.p_F});
  }
  std::size_t compared = 0;
  for (const auto& [body, pairs] : pairs_of_body) {
    // one factor for the size of the body, by least squares
    double above = 0, below = 0;
    for (const Pair& pair : pairs) {
      above += dot(pair.theirs, pair.ours);
      below += dot(pair.ours, pair.ours);
    }
    const double size = below > 0 ? above / below : 1;
    EXPECT_NEAR(size, 1, 0.15) << body;
    for (const Pair& pair : pairs) {
      ++compared;
      const double distance = norm(pair.theirs - size * pair.ours);
      EXPECT_LT(distance, pair.row->is_near ? 0.08 : 0.045) << pair.row->theirs << " " << pair.row->marker;
    }
  }
  EXPECT_GE(compared, 20u);
}

}  // namespace
}  // namespace buttress
