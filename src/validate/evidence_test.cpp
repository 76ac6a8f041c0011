#include "validate/evidence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "movement/movement.h"

namespace buttress {
namespace {

const std::string kData = BUTTRESS_SOURCE_DIR "/data";

/// movements that comparisons may name before they are in the library
const std::set<std::string> kPlanned = {};

constexpr const char* kRows =
    "id,quantity,activity,value,low,high,sd,unit,certainty,source\n"
    "# a remark\n"
    "hip.walk,hip_contact,walking,238,,,,%BW,verified,Bergmann 2001, abstract\n"
    "emg.walk,emg_gluteus_medius,walking,,25,40,,%MVIC,L,mixed\n";
constexpr const char* kPairs = "measurement,movement,settings,side,statistic,counts,remark\n";

std::vector<std::string> find_ids(const std::string& measurements, const std::string& comparisons) {
  Diagnostics diagnostics;
  parse_evidence(measurements, "m.csv", comparisons, "c.csv", diagnostics);
  std::vector<std::string> ids;
  for (const Diagnostic& d : diagnostics.items()) ids.push_back(d.id + ":" + std::to_string(d.line));
  return ids;
}

TEST(Evidence, ReadsNumbersRangesAndSourcesWithCommas) {
  Diagnostics diagnostics;
  const Evidence evidence = parse_evidence(
      kRows, "m.csv", std::string(kPairs) + "hip.walk,walk,speed_m_s=1.2,larger,mean,yes,as in, the paper\n", "c.csv",
      diagnostics);
  ASSERT_FALSE(diagnostics.has_errors());
  ASSERT_EQ(evidence.measurements.size(), 2u);
  EXPECT_EQ(evidence.measurements[0].value, 238);
  EXPECT_TRUE(std::isnan(evidence.measurements[0].sd));
  EXPECT_EQ(evidence.measurements[0].source, "Bergmann 2001, abstract");
  EXPECT_TRUE(std::isnan(evidence.measurements[1].value));
  EXPECT_EQ(evidence.measurements[1].high, 40);
  EXPECT_EQ(evidence.measurements[1].certainty, Certainty::low);
  ASSERT_EQ(evidence.comparisons.size(), 1u);
  EXPECT_EQ(evidence.comparisons[0].measurement, 0u);
  EXPECT_EQ(evidence.comparisons[0].title(), "walk, speed_m_s=1.2");
  EXPECT_EQ(evidence.comparisons[0].statistic, Statistic::mean);
  EXPECT_EQ(evidence.comparisons[0].remark, "as in, the paper");
}

TEST(Evidence, NamesFileAndLineOfEveryRowThatCannotBeUsed) {
  using Ids = std::vector<std::string>;
  const std::string rows = kRows, pairs = kPairs;
  EXPECT_EQ(find_ids(rows, pairs), Ids{});
  EXPECT_EQ(find_ids("id,value\n", pairs), Ids{"EVID-001:1"});
  EXPECT_EQ(find_ids(rows, ""), Ids{"EVID-001:0"});
  EXPECT_EQ(find_ids(rows + "a,b,c\n", pairs), Ids{"EVID-002:5"});
  EXPECT_EQ(find_ids(rows + "a,b,c,1,5,x,,N,H,someone\n", pairs), Ids{"EVID-002:5"});
  EXPECT_EQ(find_ids(rows + "a,b,c,nan,,,,N,H,someone\n", pairs), Ids{"EVID-002:5"});
  EXPECT_EQ(find_ids(rows + "a,b,c,,,,3,N,H,someone\n", pairs), Ids{"EVID-002:5"});
  EXPECT_EQ(find_ids(rows + "a,b,c,1,,,,N,sure,someone\n", pairs), Ids{"EVID-002:5"});
  EXPECT_EQ(find_ids(rows + "a,b,c,1,,,,N,H,\n", pairs), Ids{"EVID-002:5"});
  EXPECT_EQ(find_ids(rows + "hip.walk,b,c,1,,,,N,H,someone\n", pairs), Ids{"EVID-003:5"});
  EXPECT_EQ(find_ids(rows, pairs + "hip.walk,walk,,up,peak,yes,\n"), Ids{"EVID-002:2"});
  EXPECT_EQ(find_ids(rows, pairs + "hip.walk,walk,,r,median,yes,\n"), Ids{"EVID-002:2"});
  EXPECT_EQ(find_ids(rows, pairs + "hip.walk,walk,,r,peak,,\n"), Ids{"EVID-002:2"});
  EXPECT_EQ(find_ids(rows, pairs + "hip.run,run,,r,peak,yes,\n"), Ids{"EVID-004:2"});
  EXPECT_EQ(find_ids(rows, pairs + "emg.walk,walk,,r,peak,yes,\nemg.walk,walk,,r,peak,no,\n"), Ids{"EVID-005:2"});
}

TEST(Evidence, AMissingFolderIsSaid) {
  Diagnostics diagnostics;
  EXPECT_TRUE(read_evidence("no/such/folder", diagnostics).measurements.empty());
  ASSERT_EQ(diagnostics.items().size(), 2u);
  EXPECT_EQ(diagnostics.items()[0].id, "EVID-001");
}

TEST(Evidence, TheBuiltInTablesAreSoundAndEveryComparisonNamesAMovementThatIsThere) {
  Diagnostics diagnostics;
  const Evidence evidence = read_evidence(kData + "/evidence", diagnostics);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  EXPECT_GT(evidence.measurements.size(), 100u);
  EXPECT_GT(evidence.comparisons.size(), 80u);
  const std::vector<std::string> there = list_movements(kData + "/movements");
  for (const Comparison& c : evidence.comparisons) {
    const bool known = std::find(there.begin(), there.end(), c.movement) != there.end();
    EXPECT_NE(known, kPlanned.count(c.movement) == 1) << c.movement << ", line " << c.line;
    if (!known) continue;
    // the settings are parameters of that movement, inside their ranges
    auto movement = read_movement(kData + "/movements/" + c.movement + ".json", diagnostics);
    ASSERT_TRUE(movement);
    set_parameters(split_settings(c.settings), *movement, diagnostics);
    for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  }
}

TEST(Evidence, NoMeasurementCountsTwice) {
  Diagnostics diagnostics;
  const Evidence evidence = read_evidence(kData + "/evidence", diagnostics);
  std::set<std::size_t> counted;
  for (const Comparison& c : evidence.comparisons)
    EXPECT_TRUE(!c.counts || counted.insert(c.measurement).second) << evidence.measurements[c.measurement].id;
}

}  // namespace
}  // namespace buttress
