// What is said about a movement: text, run.json and report agree with each other and with numbers looked up anew.
#include "view/movement_report.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/shell_testing.h"
#include "base/run_status.h"
#include "io/table_reader.h"
#include "movement/movement_testing.h"

namespace buttress {
namespace {

struct Shown {
  std::string text, html;
  nlohmann::json record;
  Table coordinates;
};
Shown show(const std::string& movement, const std::vector<std::string>& settings = {}) {
  Shown run;
  std::string record;
  Diagnostics diagnostics;
  ShownSimulateRequest request;
  request.movement = movement;
  request.settings = settings;
  request.thread_count = 1;
  request.out_folder = testing::TempDir() + "/movement_report_" + movement;
  EXPECT_EQ(run_simulate(request, run.text, record, diagnostics), RunStatus::done);
  run.record = nlohmann::json::parse(record);
  std::ostringstream page;
  page << std::ifstream(request.out_folder + "/report.html").rdbuf();
  run.html = page.str();
  run.coordinates = read_table(request.out_folder + "/coordinates.sto", diagnostics).value_or(Table{});
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  std::filesystem::remove_all(request.out_folder);
  return run;
}
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(MovementReport, TheGlutealIndexIsNeverShownWithoutItsCaution) {
  const Shown squat = show("squat");
  for (const std::string& shown : {squat.text, squat.html}) {
    EXPECT_TRUE(has(shown, "gluteal-to-TFL index"));
    for (const char* part : {"tensor fasciae latae", "no measure of strength", "Selkowitz", "do not rank exercises"})
      EXPECT_TRUE(has(shown, part)) << part;
  }
}

TEST(MovementReport, FormCuesHoldTheExtremesOfTheMovementInTextRecordAndReport) {
  const Shown lift = show("lift_stoop");
  const auto& cue = lift.record.at("form_cues").at(0);
  EXPECT_EQ(cue.at("title"), "lumbar spine neutral");
  const std::size_t column = static_cast<std::size_t>(lift.coordinates.find_column("lumbar_extension"));
  double lowest = 1e9, highest = -1e9;
  for (std::size_t f = 0; f < lift.coordinates.row_count(); ++f)
    lowest = std::min(lowest, lift.coordinates.at(f, column)),
    highest = std::max(highest, lift.coordinates.at(f, column));
  EXPECT_NEAR(cue.at("lowest").get<double>(), lowest, 1e-3);
  EXPECT_NEAR(cue.at("highest").get<double>(), highest, 1e-3);
  EXPECT_LT(lowest, -40) << "a round back";
  EXPECT_FALSE(cue.at("met").get<bool>());
  EXPECT_EQ(cue.at("unit"), "deg");
  for (const std::string& shown : {lift.text, lift.html}) {
    EXPECT_TRUE(has(shown, "-45 to 0 deg, asked for -10 to 10 deg"));
    EXPECT_TRUE(has(shown, cue.at("meaning").get<std::string>()));
  }
  EXPECT_TRUE(has(lift.text, "NOT KEPT  lumbar spine neutral"));
  EXPECT_TRUE(has(lift.html, "<h2>Form</h2>"));
  EXPECT_TRUE(has(lift.html, "! Not kept, lumbar spine neutral"));
  EXPECT_TRUE(show("lift_squat").record.at("form_cues").at(0).at("met").get<bool>());
}

TEST(MovementReport, RatiosAreThoseOfTheNumbersBesideThem) {
  const Shown clam = show("clamshell");
  const auto& left = clam.record.at("gluteal_ratios").at("l");
  const double maximus = left.at("mean_gluteus_maximus_percent"), medius = left.at("mean_gluteus_medius_percent");
  const double tensor = left.at("mean_tensor_fasciae_latae_percent"), disc = left.at("mean_L4_L5_compression_BW");
  // Selkowitz 2013: the mean of both gluteal-to-TFL ratios, each times its gluteal
  const double expected = 0.5 * (medius / std::max(0.1, tensor) * medius + maximus / std::max(0.1, tensor) * maximus);
  EXPECT_NEAR(clam.record.at("gluteal_to_tfl_index").at("l").get<double>(), expected, 1e-9 * expected);
  EXPECT_NEAR(left.at("gluteus_medius_percent_per_BW_on_L4_L5").get<double>(), medius / disc, 1e-9);
  EXPECT_GT(medius + maximus, 1);
  for (const char* part : {"Glute work and what it costs", "gluteal-to-TFL index", "per body weight on L4-L5"})
    EXPECT_TRUE(has(clam.html, part)) << part;
  EXPECT_TRUE(has(clam.text, "left side: gluteal-to-TFL index"));
}

TEST(MovementReport, StretchesAreListedLongestFirstAndTheStretchedMuscleIsAmongThem) {
  const Shown stretch = show("stretch_hip_flexor");
  EXPECT_TRUE(has(stretch.html, "<h2>Stretch</h2>"));
  EXPECT_TRUE(has(stretch.text, "Longest muscles"));
  const auto& lengths = stretch.record.at("fibre_length_percent");
  // the rear (left) hip is extended, the front (right) hip is flexed
  EXPECT_GT(lengths.at("iliacus_l").at(1).get<double>(), lengths.at("iliacus_r").at(1).get<double>() + 20);
}

TEST(MovementReport, ShowsWhatWasMeasuredInPeopleAndTheStepsOfTheMovement) {
  const Shown squat = show("squat");
  EXPECT_TRUE(has(squat.html, "Measured in people"));
  EXPECT_TRUE(has(squat.html, "about 1.43 BW"));
  EXPECT_EQ(squat.record.at("published_loads").at(0).at("value_BW"), 1.43);
  EXPECT_TRUE(has(squat.html, "The movement step by step"));
  EXPECT_TRUE(has(squat.html, "2.0 s: bottom"));
  EXPECT_FALSE(has(squat.html, "stand again")) << "the same posture is drawn once";
  EXPECT_TRUE(has(show("hold_far").html, "a disc pressure of 1.80 MPa"));
}

TEST(MovementReport, EveryFormCueOfTheLibraryIsExplained) {
  for (const std::string& name : list_movements(find_data_folder() + "/movements"))
    for (const FormCue& cue : read(name).cues) EXPECT_FALSE(cue.meaning.empty()) << name << ": " << cue.title;
}

}  // namespace
}  // namespace buttress
