#include "validate/validation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "body/data_folder.h"
#include "validate/validation_quantities.h"
#include "view/scatter_chart.h"
#include "view/validation_document.h"

namespace buttress {
namespace {

Evidence parse(const std::string& measurements, const std::string& comparisons) {
  Diagnostics diagnostics;
  Evidence evidence = parse_evidence(
      "id,quantity,activity,value,low,high,sd,unit,certainty,source\n" + measurements, "m.csv",
      "measurement,movement,settings,side,statistic,counts,remark\n" + comparisons, "c.csv", diagnostics);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  return evidence;
}

ValidationRun make_run(const std::string& movement, std::vector<Series> loads, std::vector<Series> groups = {},
                       std::vector<Series> muscles = {}) {
  ValidationRun run{movement, "", true, true, {}, {}};
  run.curves.joint_loads = std::move(loads);
  run.curves.group_activations = std::move(groups);
  run.curves.muscle_activations = std::move(muscles);
  run.curves.body_weight = 700;
  return run;
}

Series curve(const std::string& name, std::vector<double> values) {
  return {name, name, "", std::move(values)};
}

TEST(Validation, HipAndKneeAreThePeakOfTheSideWithTheLargerOneInPercentOfBodyWeight) {
  const Evidence evidence =
      parse("h,hip_contact,walking,238,,,,%BW,H,A 2001\nk,knee_contact,walking,261,,,,%BW,H,A 2001\n",
            "h,walk,,larger,peak,yes,\nk,walk,,l,peak,yes,\n");
  const std::vector<ValidationRun> runs{
      make_run("walk", {curve("hip_r", {1, 2.5, 2}), curve("hip_l", {1, 3.5, 2}), curve("walker_knee_r", {4}),
                        curve("walker_knee_l", {1, 3})})};
  EXPECT_NEAR(*calc_counterpart(evidence.measurements[0], evidence.comparisons[0], runs), 350, 1e-12);
  EXPECT_NEAR(*calc_counterpart(evidence.measurements[1], evidence.comparisons[1], runs), 300, 1e-12);
}

TEST(Validation, PressureIsComparedAsAMultipleOfStandingOnBothSides) {
  const Evidence evidence = parse(
      "disc.standing,disc_pressure,standing,0.5,,,,MPa,H,W 1999\nlift,disc_pressure,lifting,2.3,,,,MPa,H,W 1999\n",
      "lift,lift_stoop,,middle,peak,yes,\n");
  std::vector<ValidationRun> runs{make_run("lift_stoop", {curve("L4_L5_compression", {1, 4.2})})};
  EXPECT_NEAR(find_measured_value(evidence.measurements[1], evidence), 4.6, 1e-12);
  EXPECT_FALSE(calc_counterpart(evidence.measurements[1], evidence.comparisons[0], runs)) << "standing is not there";
  runs.push_back(make_run("quiet_standing", {curve("L4_L5_compression", {0.7})}));
  EXPECT_NEAR(*calc_counterpart(evidence.measurements[1], evidence.comparisons[0], runs), 6, 1e-12);
}

TEST(Validation, TheIndexIsSelkowitzsFormulaWithTheUpperMaximus) {
  // (20^2 + 30^2) / (2 * 10) = 65 from means in per cent; the lower fibres do not matter
  const Evidence evidence = parse("i,gluteal_to_tfl_index,clam,115,,,,,H,S 2013\n", "i,clamshell,,l,mean,yes,\n");
  const std::vector<ValidationRun> runs{
      make_run("clamshell", {}, {curve("gluteus_medius_l", {0.1, 0.3}), curve("tensor_fasciae_latae_l", {0.1, 0.1})},
               {curve("glmax1_l", {0.2, 0.4}), curve("glmax2_l", {1, 1})})};
  EXPECT_NEAR(*calc_counterpart(evidence.measurements[0], evidence.comparisons[0], runs), 65, 1e-12);
}

TEST(Validation, SurfaceElectrodesOverTheMaximusSeeItsTwoUpperParts) {
  const Evidence evidence =
      parse("m,emg_gluteus_maximus,bridge,25,,,,%MVIC,H,E 2007\n", "m,bridge,,r,peak,yes,\nm,bridge,,r,mean,yes,\n");
  const std::vector<ValidationRun> runs{
      make_run("bridge", {}, {curve("gluteus_maximus_r", {1, 1})},
               {curve("glmax1_r", {0.2, 0.4}), curve("glmax2_r", {0.6, 0.2}), curve("glmax3_r", {1, 1})})};
  EXPECT_NEAR(*calc_counterpart(evidence.measurements[0], evidence.comparisons[0], runs), 40, 1e-12);
  EXPECT_NEAR(*calc_counterpart(evidence.measurements[0], evidence.comparisons[1], runs), 35, 1e-12);
}

TEST(Validation, TheShareOfGravityIsInPercent) {
  const Evidence evidence = parse("g,hip_gravity_share,walking,5,,,,%,H,C 2010\n", "g,walk,,r,peak,yes,\n");
  ValidationRun walk = make_run("walk", {curve("hip_r", {1, 4, 2})});
  walk.hip_gravity_share = {0.05, 0.07};
  EXPECT_NEAR(*calc_counterpart(evidence.measurements[0], evidence.comparisons[0], {walk}), 5, 1e-12);
}

TEST(Validation, PapersOnOneExerciseAreOneActivityWithTheMeanOfTheirNumbers) {
  const Evidence evidence = parse(
      "a,emg_gluteus_medius,side-lying,81,,,42,%MVIC,verified,A 2009\n"
      "b,emg_gluteus_medius,side-lying,39,,,17,%MVIC,H,B 2007\n"
      "c,emg_gluteus_medius,squat,30,,,,%MVIC,M,C 2011\n",
      "a,abduction,,l,mean,yes,\nb,abduction,,l,peak,yes,\nc,squat,,r,mean,yes,\n");
  const Validation v =
      make_validation(evidence, {make_run("abduction", {}, {curve("gluteus_medius_l", {0.2, 0.4, 0.6})}),
                                 make_run("squat", {}, {curve("gluteus_medius_r", {0.1, 0.3})})});
  const ComparedQuantity* q = find_quantity(v, "emg_gluteus_medius");
  ASSERT_TRUE(q);
  ASSERT_EQ(q->rows.size(), 2u);
  EXPECT_EQ(q->count, 2u);
  EXPECT_NEAR(q->rows[0].measured, 60, 1e-12);
  EXPECT_NEAR(*q->rows[0].computed, 50, 1e-12) << "the mean for one paper, the peak for the other";
  EXPECT_NEAR(q->rows[0].low, 22, 1e-12);
  EXPECT_NEAR(q->rows[0].high, 123, 1e-12);
  EXPECT_EQ(q->rows[0].certainty, Certainty::high);
  EXPECT_NEAR(q->spearman, 1, 1e-12);
  EXPECT_NEAR(q->median_error, 0.5 * (1.0 / 6 + 1.0 / 3), 1e-12);
  EXPECT_NEAR(q->same_band, 0.5, 1e-12) << "50 and 60 are both high, 20 is low and 30 moderate";
  EXPECT_NEAR(q->next_band, 1, 1e-12);
}

TEST(Validation, MissingMovementsAndRowsThatDoNotCountLeaveTheNumbersAlone) {
  const Evidence evidence = parse(
      "a,hip_contact,one,200,,,,%BW,H,A\nb,hip_contact,two,100,,,,%BW,H,A\nc,hip_contact,three,100,,,,%BW,L,A\n"
      "d,hip_contact,four,100,,,,%BW,H,A\n",
      "a,one,,r,peak,yes,\nb,two,,r,peak,yes,\nc,three,,r,peak,no,\nd,four,,r,peak,yes,\n");
  ValidationRun failed{"four", "", true, false, {}, {}};
  const Validation v = make_validation(
      evidence, {make_run("one", {curve("hip_r", {2.2})}), make_run("three", {curve("hip_r", {9})}), failed});
  const ComparedQuantity* q = find_quantity(v, "hip_contact");
  ASSERT_TRUE(q);
  EXPECT_EQ(q->count, 1u);
  EXPECT_EQ(q->missing, 2u);
  EXPECT_NEAR(q->median_error, 0.1, 1e-12);
  EXPECT_EQ(q->rows[1].why_not, "not in the library");
  EXPECT_EQ(q->rows[3].why_not, "could not be computed");
  // a bar that is kept so far is open while activities are missing; one without an order is missed
  ASSERT_EQ(v.bars.size(), 2u);
  EXPECT_EQ(v.bars[0].state, BarState::open);
  EXPECT_EQ(v.bars[1].state, BarState::missed);
}

TEST(Validation, TheSectionIsReplacedBetweenItsMarksAlone) {
  const std::string begin = "<!-- buttress validate: begin -->", end = "<!-- buttress validate: end -->";
  const std::string section = begin + "\nnew\n" + end;
  EXPECT_EQ(replace_section("a\n" + begin + "\nold\n" + end + "\nb\n", section), "a\n" + section + "\nb\n");
  EXPECT_EQ(replace_section(make_validation_page(section), section), make_validation_page(section));
  EXPECT_FALSE(replace_section("a\n", section));
  EXPECT_FALSE(replace_section(end + begin, section));
  EXPECT_FALSE(replace_section(begin + end + begin + end, section));
}

TEST(Validation, EveryQuantityThatIsComparedHasItsPartOfThePage) {
  Diagnostics diagnostics;
  const Evidence evidence = read_evidence(BUTTRESS_SOURCE_DIR "/data/evidence", diagnostics);
  const Validation v = make_validation(evidence, {});
  for (const ComparedQuantity& q : v.quantities) {
    bool found = false;
    for (const QuantityTitle& t : list_quantity_titles()) found = found || t.quantity == q.quantity;
    EXPECT_TRUE(found) << q.quantity;
    EXPECT_EQ(q.count, 0u);
    for (const ComparedRow& row : q.rows) EXPECT_EQ(row.why_not, "not in the library");
  }
  // all rows are shown although nothing was computed, and no number is made up
  const std::string section = make_validation_section(v, {}, {});
  EXPECT_NE(section.find("standing up from a chair"), std::string::npos);
  EXPECT_EQ(section.find("!["), std::string::npos) << "no plot without points";
  EXPECT_TRUE(make_validation_plots(v).empty());
}

TEST(Validation, ThePlotNamesEveryPointAndEscapesNames) {
  const std::string svg = make_scatter_svg(
      "a & b", "%", {{"one <1>", 10, 20, 5, 15, true}, {"two", 50, 40, 50, 50, false}}, {0.25, {}, "within 25 %"});
  EXPECT_NE(svg.find("a &amp; b"), std::string::npos);
  EXPECT_NE(svg.find("one &lt;1&gt;"), std::string::npos);
  EXPECT_NE(svg.find("two: measured 50, computed 40."), std::string::npos);
  // axes to 60: 10 lies a sixth along the side of 380 that starts at 52, 20 a third up
  EXPECT_NE(svg.find("cx=\"115.3\" cy=\"287.3\""), std::string::npos) << svg;
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(Validation, TheNumbersThatHoldForEverythingAreThoseOfTheTables) {
  Diagnostics diagnostics;
  const std::vector<GlobalNumber> numbers = find_global_numbers(find_data_folder(), diagnostics);
  EXPECT_FALSE(diagnostics.has_errors());
  ASSERT_GT(numbers.size(), 5u);
  EXPECT_EQ(numbers[0].value, "60 N/cm2");
}

}  // namespace
}  // namespace buttress
