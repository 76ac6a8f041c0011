#include "base/diagnostics.h"

#include <gtest/gtest.h>

#include "base/assert.h"
#include "base/table.h"

namespace buttress {
namespace {

TEST(Diagnostics, keep_everything_in_the_order_it_was_said) {
  Diagnostics d;
  d.note("TEST-001", "a.mot", 1, "first");
  d.warning("TEST-002", "a.mot", 2, "second", "do this");
  d.error("TEST-003", "b.mot", 3, "third");
  ASSERT_EQ(d.items().size(), 3u);
  EXPECT_EQ(d.items()[0].severity, Severity::note);
  EXPECT_EQ(d.items()[1].severity, Severity::warning);
  EXPECT_EQ(d.items()[1].id, "TEST-002");
  EXPECT_EQ(d.items()[1].advice, "do this");
  EXPECT_EQ(d.items()[2].severity, Severity::error);
  EXPECT_EQ(d.items()[2].file, "b.mot");
  EXPECT_EQ(d.items()[2].line, 3);
}

TEST(Diagnostics, only_errors_stop) {
  Diagnostics d;
  EXPECT_FALSE(d.has_errors());
  d.note("TEST-001", "", 0, "a note");
  d.warning("TEST-002", "", 0, "a warning");
  EXPECT_FALSE(d.has_errors());
  d.error("TEST-003", "", 0, "an error");
  EXPECT_TRUE(d.has_errors());
  // what comes after does not undo it
  d.note("TEST-001", "", 0, "a note");
  EXPECT_TRUE(d.has_errors());
}

TEST(Diagnostics, are_printed_as_place_severity_id_message_and_advice) {
  EXPECT_EQ(format_diagnostic({Severity::error, "TEST-004", "walk.mot", 212, "2 numbers, expected 3", "Fill the gap."}),
            "walk.mot:212: error TEST-004: 2 numbers, expected 3\n    Fill the gap.");
}

TEST(Diagnostics, leave_out_what_is_not_known) {
  EXPECT_EQ(format_diagnostic({Severity::warning, "TEST-005", "walk.mot", 0, "no header", ""}),
            "walk.mot: warning TEST-005: no header");
  EXPECT_EQ(format_diagnostic({Severity::note, "TEST-006", "", 0, "all well", ""}), "note TEST-006: all well");
}

TEST(Table, values_stand_row_by_row) {
  Table t;
  t.columns = {"hip_flexion_r", "knee_angle_r"};
  t.time = {0.0, 0.1, 0.2};
  t.values = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(t.row_count(), 3u);
  EXPECT_EQ(t.column_count(), 2u);
  EXPECT_EQ(t.at(0, 1), 2);
  EXPECT_EQ(t.at(2, 0), 5);
  t.at(1, 1) = 9;
  EXPECT_EQ(t.values[3], 9);
}

TEST(Table, finds_a_column_by_its_exact_name) {
  Table t;
  t.columns = {"hip_flexion_r", "hip_flexion_l"};
  EXPECT_EQ(t.find_column("hip_flexion_l"), 1);
  EXPECT_EQ(t.find_column("hip_flexion"), -1);
  EXPECT_EQ(t.find_column("Hip_flexion_l"), -1);
}

TEST(Assert, stops_with_file_and_condition_in_every_build_type) {
  const int muscles = 3;
  EXPECT_DEATH(BUTTRESS_ASSERT(muscles == 4), "diagnostics_test.cpp:[0-9]+: internal error: muscles == 4 is false");
}

TEST(Assert, says_nothing_when_true_and_looks_once) {
  int looked = 0;
  BUTTRESS_ASSERT(++looked == 1);
  EXPECT_EQ(looked, 1);
}

}  // namespace
}  // namespace buttress
