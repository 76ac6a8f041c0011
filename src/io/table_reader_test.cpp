#include "io/table_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "base/skips_testing.h"
#include "io/reader_testing.h"
#include "io/table_writer.h"

namespace buttress {
namespace {

void expect_error(const std::string& text, const std::string& id, int line, const std::string& part,
                  const TableReadOptions& options = {}) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_table(text, "bad.sto", diagnostics, options).has_value());
  const Diagnostic d = find(diagnostics, id);
  EXPECT_EQ(d.id, id) << text;
  EXPECT_EQ(d.severity, Severity::error);
  EXPECT_EQ(d.file, "bad.sto");
  EXPECT_EQ(d.line, line) << text;
  EXPECT_NE(d.message.find(part), std::string::npos) << d.message;
}

const std::string kHeader = "walk\nversion=1\nnRows=2\nnColumns=3\ninDegrees=no\nendheader\ntime\ta\tb\n";

TEST(TableReader, a_current_file_is_read_with_name_units_and_values) {
  Diagnostics diagnostics;
  const auto table = parse_table(kHeader + "0\t1\t-2.5\n0.1\t+3e-2\t4\n", "x.sto", diagnostics);
  ASSERT_TRUE(table);
  EXPECT_TRUE(diagnostics.items().empty());
  EXPECT_EQ(table->name, "walk");
  EXPECT_TRUE(table->degrees_stated);
  EXPECT_FALSE(table->in_degrees);
  EXPECT_EQ(table->columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(table->time, (std::vector<double>{0, 0.1}));
  EXPECT_EQ(table->values, (std::vector<double>{1, -2.5, 0.03, 4}));
}

TEST(TableReader, carriage_returns_blank_lines_trailing_tabs_quotes_and_latin1_do_no_harm) {
  Diagnostics diagnostics;
  const auto table = parse_table(
      "\xFCmit\t\t\r\nversion=1\t\t\r\nnRows=2\r\nnColumns=3\r\ninDegrees=yes\t\r\n\t\t\r\n\"Units are S.I. units "
      "(second, "
      "meters, ...)\"\t\r\nendheader\t\t\t\r\n\r\n \t \r\n  time\ta \t b\t\r\n\r\n 0 \t 1\t2\t\t\r\n\r\n0.5 3    "
      "4\r\n\r\n",
      "x.mot", diagnostics);
  ASSERT_TRUE(table);
  EXPECT_TRUE(diagnostics.items().empty());
  EXPECT_EQ(table->name, "\xFCmit");
  EXPECT_TRUE(table->in_degrees);
  EXPECT_EQ(table->values, (std::vector<double>{1, 2, 3, 4}));
}

TEST(TableReader, angles_follow_the_header_or_else_openSims_rule) {
  struct Case {
    const char *header, *file;
    bool in_degrees, stated;
  };
  for (const Case& c :
       {Case{"inDegrees=yes\n", "a.sto", true, true}, Case{"version=1\ninDegrees=no\n", "a.mot", false, true},
        Case{"name x\ndatacolumns 2\ndatarows 1\nrange 0 1\n", "a.mot", true, false},
        Case{"name x\ndatacolumns 2\ndatarows 1\nrange 0 1\n", "a.sto", false, false},
        Case{"version=1\n", "a.mot", false, false}, Case{"DataType=double\nversion=3\n", "a.mot", false, false}}) {
    Diagnostics diagnostics;
    const auto table = parse_table(std::string(c.header) + "endheader\ntime a\n0 1\n", c.file, diagnostics);
    ASSERT_TRUE(table) << c.header;
    EXPECT_EQ(table->in_degrees, c.in_degrees) << c.header << c.file;
    EXPECT_EQ(table->degrees_stated, c.stated) << c.header;
    EXPECT_EQ(find(diagnostics, "TABLE-015").severity, Severity::error) << "nothing to contradict";
  }
}

TEST(TableReader, a_header_that_says_of_angles_what_openSim_does_not_follow_draws_a_warning) {
  struct Case {
    const char *header, *file;
    bool in_degrees, stated;
    const char* says;
  };
  // the rule itself against OpenSim: tests/golden/angle_units_test.cpp
  for (const Case& c :
       {Case{"inDegrees=no\n", "a.mot", true, false, "inDegrees=no"},
        Case{"version=1\nAngles are in degrees.\n", "a.sto", false, false, "Angles are in degrees"},
        Case{"angles are in Degrees\n", "a.sto", false, false, "Angles are in degrees"},
        Case{"Angles are in radians.\n", "a.mot", true, false, "Angles are in radians"},
        Case{"version=1\ninDegrees=no\nAngles are in degrees.\n", "a.mot", false, true, "Angles are in degrees"},
        Case{"inDegrees=no\nAngles are in degrees.\n", "a.sto", true, true, "inDegrees=no"},
        Case{"Angles are in degrees.\ninDegrees=no\n", "a.sto", false, true, "Angles are in degrees"}}) {
    Diagnostics diagnostics;
    const auto table = parse_table(std::string(c.header) + "endheader\ntime a\n0 1\n", c.file, diagnostics);
    ASSERT_TRUE(table) << c.header;
    EXPECT_EQ(table->in_degrees, c.in_degrees) << c.header << c.file;
    EXPECT_EQ(table->degrees_stated, c.stated) << c.header << c.file;
    EXPECT_EQ(find(diagnostics, "TABLE-015").severity, Severity::warning) << c.header;
    EXPECT_NE(find(diagnostics, "TABLE-015").message.find(c.says), std::string::npos) << c.header;
    EXPECT_GT(find(diagnostics, "TABLE-015").line, 0) << c.header;
  }
}

TEST(TableReader, vector_cells_become_numbered_columns) {
  Diagnostics diagnostics;
  const auto table =
      parse_table("DataType=Vec3\nversion=2\nendheader\ntime\t/ball|v\tb\n0\t1,2,3\t4,5,-6e-1\n", "x.sto", diagnostics);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns, (std::vector<std::string>{"/ball|v_1", "/ball|v_2", "/ball|v_3", "b_1", "b_2", "b_3"}));
  EXPECT_EQ(table->values, (std::vector<double>{1, 2, 3, 4, 5, -0.6}));
  const std::string head = "DataType=Vec3\nversion=2\nendheader\ntime\ta\n";
  expect_error(head + "0\t1,2\n", "TABLE-011", 5, "\"1,2\" is not 3 numbers");
  expect_error(head + "0\t1,2,3,4\n", "TABLE-011", 5, "1,2,3,4");
  expect_error(head + "0\t1,2,", "TABLE-011", 5, "1,2,");
  expect_error("DataType=Rotation\nendheader\ntime\ta\n0\t1\n", "TABLE-014", 1, "Rotation");
}

TEST(TableReader, a_wrong_count_of_rows_or_columns_in_the_header_is_a_warning) {
  Diagnostics diagnostics;
  const auto table =
      parse_table("x\nnRows=121120\nnColumns=9\ninDegrees=no\nendheader\ntime a\n0 1\n1 2\n", "x.sto", diagnostics);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->row_count(), 2u);
  EXPECT_EQ(find(diagnostics, "TABLE-008").severity, Severity::warning);
  EXPECT_EQ(find(diagnostics, "TABLE-008").line, 2);
  EXPECT_EQ(find(diagnostics, "TABLE-009").line, 3);
  EXPECT_FALSE(diagnostics.has_errors());
}

TEST(TableReader, a_row_that_is_written_twice_may_be_counted_once_or_twice) {
  // 3 rows, one of which repeats its time
  const auto read = [](const std::string& count) {
    Diagnostics diagnostics;
    EXPECT_TRUE(parse_table("x\nversion=1\nnRows=" + count + "\ninDegrees=no\nendheader\ntime a\n0 1\n1 1\n1 1\n",
                            "x.sto", diagnostics));
    return find(diagnostics, "TABLE-008");
  };
  EXPECT_EQ(read("2").id, "");
  EXPECT_EQ(read("3").id, "");
  // both numbers are those that were compared, so they differ
  EXPECT_NE(read("4").message.find("says 4 rows, but the file holds 3"), std::string::npos);
  EXPECT_NE(read("1").message.find("says 1 rows, but the file holds 3"), std::string::npos);
}

TEST(TableReader, labels_with_blanks_inside_are_kept_when_the_header_counts_them_so) {
  Diagnostics diagnostics;
  const auto table =
      parse_table("nColumns=3\ninDegrees=no\nendheader\ntime\tleft knee\tb\n0\t1\t2\n", "x.sto", diagnostics);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns[0], "left knee");
}

TEST(TableReader, time_may_be_another_column_than_the_first) {
  Diagnostics diagnostics;
  const auto table = parse_table("inDegrees=no\nendheader\na Time b\n5 0 6\n7 1 8\n", "x.sto", diagnostics);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->time, (std::vector<double>{0, 1}));
  EXPECT_EQ(table->values, (std::vector<double>{5, 6, 7, 8}));
}

TEST(TableReader, every_fault_is_named_with_its_line_and_column) {
  expect_error("walk\nnRows=2\ntime a\n0 1\n", "TABLE-003", 4, "endheader");
  expect_error("", "TABLE-003", 0, "endheader");
  expect_error("walk\nendheader\n\n", "TABLE-004", 3, "labels");
  expect_error("walk\nendheader\nframe a\n0 1\n", "TABLE-005", 3, "frame");
  expect_error(kHeader, "TABLE-007", 7, "no rows");
  expect_error(kHeader + "0\t1\t2\n0.1\t3\n", "TABLE-010", 9, "2 cells");
  expect_error(kHeader + "0\t1\t2\t3\t4\n", "TABLE-010", 8, "5 cells");
  expect_error(kHeader + "0\t1\thip\n", "TABLE-011", 8, "column b: \"hip\"");
  expect_error(kHeader + "0\t1\t2.5x\n", "TABLE-011", 8, "2.5x");
  expect_error(kHeader + "0\t1\t2,5\n", "TABLE-011", 8, "2,5");
  expect_error(kHeader + "0\t1\t-\n", "TABLE-011", 8, "\"-\"");
  expect_error(kHeader + "0\t1\t.\n", "TABLE-011", 8, "\".\"");
  expect_error(kHeader + "\n0\tnan\t2\n", "TABLE-012", 9, "column a");
  expect_error(kHeader + "0\t1\t-Inf\n", "TABLE-012", 8, "column b");
  expect_error(kHeader + "0\t1\t-1.#IND\n", "TABLE-012", 8, "column b");
  expect_error(kHeader + "0\t1\t1e999\n", "TABLE-012", 8, "column b");
  expect_error(kHeader + "nan\t1\t2\n", "TABLE-012", 8, "column time", {.allow_nan = true});
  expect_error(kHeader + "1\t1\t2\n0.5\t1\t2\n", "TABLE-013", 9, "time");
}

TEST(TableReader, a_row_that_repeats_its_time_is_left_out_with_a_warning) {
  Diagnostics diagnostics;
  const auto table = parse_table(kHeader + "0\t1\t2\n0\t3\t4\n", "x.sto", diagnostics);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->values, (std::vector<double>{1, 2}));
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(find(diagnostics, "TABLE-018").severity, Severity::warning);
  EXPECT_EQ(find(diagnostics, "TABLE-018").line, 9);
}

TEST(TableReader, repeated_column_names_get_openSims_prefixes_and_a_warning) {
  Diagnostics diagnostics;
  const auto table = parse_table("inDegrees=no\nendheader\ntime v a v 1_v v\n0 1 2 3 4 5\n", "x.sto", diagnostics);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns, (std::vector<std::string>{"v", "a", "2_v", "1_v", "3_v"}));
  ASSERT_EQ(diagnostics.items().size(), 2u);
  EXPECT_EQ(find(diagnostics, "TABLE-006").severity, Severity::warning);
  EXPECT_EQ(find(diagnostics, "TABLE-006").line, 3);
}

TEST(TableReader, all_errors_are_reported_up_to_a_limit) {
  std::string text = kHeader;
  for (int i = 0; i < 50; ++i) text += std::to_string(i) + "\tx\t1\n";
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_table(text, "x.sto", diagnostics));
  EXPECT_EQ(diagnostics.items().size(), 21u);
  EXPECT_NE(find(diagnostics, "TABLE-017").message.find("30 more"), std::string::npos);
}

TEST(TableReader, gaps_are_let_through_on_request) {
  Diagnostics diagnostics;
  const auto table = parse_table(kHeader + "0\tNaN\t-inf\n1\t1.#QNAN\t2\n", "x.sto", diagnostics, {.allow_nan = true});
  ASSERT_TRUE(table);
  EXPECT_TRUE(std::isnan(table->values[0]));
  EXPECT_EQ(table->values[1], -INFINITY);
  EXPECT_TRUE(std::isnan(table->values[2]));
}

TEST(TableReader, missing_files_and_folders_are_told_apart) {
  Diagnostics diagnostics;
  EXPECT_FALSE(read_table("/nowhere/walk.mot", diagnostics));
  EXPECT_EQ(find(diagnostics, "TABLE-001").file, "/nowhere/walk.mot");
  EXPECT_FALSE(read_table(std::filesystem::temp_directory_path().string(), diagnostics));
  EXPECT_EQ(find(diagnostics, "TABLE-002").line, 0);
  EXPECT_FALSE(write_sto("/nowhere/x.sto", Table{}, diagnostics));
  EXPECT_EQ(find(diagnostics, "TABLE-016").file, "/nowhere/x.sto");
}

TEST(TableReader, a_result_with_two_columns_of_one_name_is_not_written) {
  const std::string path = (std::filesystem::temp_directory_path() / "buttress_twice.sto").string();
  std::filesystem::remove(path);
  for (const std::vector<std::string>& columns : {std::vector<std::string>{"a", "b", "a"}, {"b", "time"}}) {
    Table table;
    table.columns = columns;
    table.time = {0};
    for (std::size_t i = 0; i < columns.size(); ++i) table.values.push_back(static_cast<double>(i));
    Diagnostics diagnostics;
    EXPECT_FALSE(write_sto(path, table, diagnostics));
    EXPECT_EQ(find(diagnostics, "TABLE-030").file, path);
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  // what is asked for twice is written once
  Table table;
  table.columns = {"a", "b", "a"};
  table.time = {0, 1};
  table.values = {1, 2, 1, NAN, 3, NAN};
  Diagnostics diagnostics;
  ASSERT_TRUE(write_sto(path, table, diagnostics));
  const auto read_in = read_table(path, diagnostics, {.allow_nan = true});
  ASSERT_TRUE(read_in);
  EXPECT_EQ(read_in->columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read_in->values[1], 2);
  EXPECT_EQ(read_in->values[3], 3);
  std::filesystem::remove(path);
}

// strtod of the C library is the second implementation
TEST(TableReader, numbers_are_read_to_the_nearest_double) {
  std::mt19937_64 random(41);
  std::vector<std::string> cells = {"0.1",
                                    "-0.00000020000000500175",
                                    "123456789012345678",
                                    "9007199254740993",
                                    "1e-320",
                                    "4.9e-324",
                                    "1E5",
                                    "+1.25e+2",
                                    "00012.500",
                                    "5.",
                                    ".5",
                                    "0.30000000000000004",
                                    "72057594037927937.5",
                                    "-0",
                                    "1e-400",
                                    "179769313486231570000000000000000000000"};
  const char* const formats[] = {"%.8f", "%.20f", "%.17g", "%.12e", "%.3f", "%g"};
  for (int i = 0; i < 20000; ++i) {
    const double size = std::pow(10.0, static_cast<double>(random() % 30) - 15.0);
    char buffer[400];
    std::snprintf(buffer, sizeof(buffer), formats[i % 6], size * (static_cast<double>(random()) / 9e18 - 1.0));
    cells.push_back(buffer);
  }
  std::string text = "inDegrees=no\nendheader\ntime a\n";
  for (std::size_t i = 0; i < cells.size(); ++i) text += std::to_string(i) + " " + cells[i] + "\n";
  Diagnostics diagnostics;
  const auto table = parse_table(text, "x.sto", diagnostics);
  ASSERT_TRUE(table);
  for (std::size_t i = 0; i < cells.size(); ++i)
    EXPECT_EQ(table->values[i], std::strtod(cells[i].c_str(), nullptr)) << cells[i];
}

TEST(TableReader, what_is_written_is_read_back_bit_for_bit) {
  std::mt19937_64 random(42);
  std::normal_distribution<double> value;
  Table table;
  table.name = "results";
  table.in_degrees = true;
  table.columns = {"a", "/jointset/hip_r/hip_flexion_r/value", "c"};
  // more rows than are written at once
  for (int r = 0; r < 600; ++r) {
    table.time.push_back(r / 60.0);
    for (int c = 0; c < 3; ++c) table.values.push_back(value(random) * std::pow(10.0, 3 * c - 6));
  }
  table.values[4] = 5e-324;
  table.values[5] = -1.7976931348623157e308;
  const std::string path =
      (std::filesystem::temp_directory_path() / ("buttress_table_" + std::to_string(::getpid()) + ".sto")).string();
  Diagnostics diagnostics;
  ASSERT_TRUE(write_sto(path, table, diagnostics));
  const auto back = read_table(path, diagnostics);
  std::filesystem::remove(path);
  ASSERT_TRUE(back);
  EXPECT_TRUE(diagnostics.items().empty());
  EXPECT_EQ(back->name, table.name);
  EXPECT_EQ(back->columns, table.columns);
  EXPECT_EQ(back->time, table.time);
  EXPECT_EQ(back->values, table.values);
  EXPECT_TRUE(back->in_degrees);
  EXPECT_EQ(format_sto(table).substr(0, 63), "results\nversion=1\nnRows=600\nnColumns=4\ninDegrees=yes\nendheader\n");
}

// real files of many programs; the reference here is only that their shape agrees with a plain split of the lines
TEST(TableReader, every_public_motion_file_is_read) {
  const std::filesystem::path data = shared_folder() + "/data";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << kNoSharedData;
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".mot" && extension != ".sto") continue;
    ++files;
    Diagnostics diagnostics;
    const auto table = read_table(entry.path().string(), diagnostics, {.allow_nan = true});
    // the controls of the pendulums, which have no muscles, are labels without rows
    if (find(diagnostics, "TABLE-007").id == "TABLE-007") {
      EXPECT_NE(entry.path().filename().string().find("_controls.sto"), std::string::npos);
      continue;
    }
    std::string problems;
    for (const Diagnostic& d : diagnostics.items())
      if (d.severity == Severity::error) problems += format_diagnostic(d) + "\n";
    ASSERT_TRUE(table) << problems;
    std::ifstream stream(entry.path());
    std::string line, label_line, last_line;
    std::size_t rows = 0;
    bool in_header = true;
    while (std::getline(stream, line)) {
      std::istringstream words(line);
      std::string word;
      if (!(words >> word)) continue;
      if (in_header) {
        in_header = word != "endheader";
      } else if (label_line.empty()) {
        label_line = line;
      } else {
        ++rows;
        last_line = line;
      }
    }
    const bool repeats = !find(diagnostics, "TABLE-018").id.empty();
    EXPECT_EQ(table->row_count(), rows - (repeats ? 1 : 0)) << entry.path();
    for (char& c : last_line)
      if (c == ',') c = ' ';
    std::istringstream numbers(last_line);
    std::string cell;
    std::vector<double> last;
    while (numbers >> cell) last.push_back(std::strtod(cell.c_str(), nullptr));
    ASSERT_EQ(last.size(), table->column_count() + 1) << entry.path();
    EXPECT_EQ(last.front(), table->time.back()) << entry.path();
    for (std::size_t c = 0; c < table->column_count(); ++c)
      if (!repeats && !std::isnan(last[c + 1])) {
        EXPECT_EQ(last[c + 1], table->at(table->row_count() - 1, c)) << entry.path();
      }
  }
  EXPECT_GT(files, 50);
}

}  // namespace
}  // namespace buttress
