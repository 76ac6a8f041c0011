#include "view/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <pugixml.hpp>
#include <set>

#include "view/report_findings.h"
#include "view/report_numbers.h"
#include "view/stick_figure_bones.h"
#include "view/svg_chart.h"

// What these tests can prove: that the page is well formed, self-contained, complete and says what it must, with
// numbers chosen by hand. They cannot prove that it is pleasant to read; that takes eyes.
namespace buttress {
namespace {

Words words() {
  return {{{"text", "{text}"}}};
}

std::vector<double> make_hump(std::size_t frames, double peak) {
  std::vector<double> values;
  for (std::size_t i = 0; i < frames; ++i) values.push_back(peak * std::sin(3.14159 * static_cast<double>(i) / 20));
  return values;
}

Condition make_condition(std::size_t frames, const std::string& title, double hip, double medius, double tensor) {
  Condition c;
  c.title = title;
  c.joint_loads = {{"ankle_r", "right ankle", "BW", make_hump(frames, 5)},
                   {"L5_S1_compression", "L5-S1, compression", "BW", make_hump(frames, 1.5)},
                   {"hip_r", "right hip", "BW", make_hump(frames, hip)}};
  c.group_forces = {{"gluteus_medius_r", "right gluteus medius", "N", make_hump(frames, medius)},
                    {"soleus_l", "left soleus", "N", make_hump(frames, 900)},
                    {"tensor_fasciae_latae_r", "right tensor fasciae latae", "N", make_hump(frames, tensor)}};
  c.group_activations = {{"gluteus_medius_r", "right gluteus medius", "0..1", make_hump(frames, 0.5)},
                         {"soleus_l", "left soleus", "0..1", make_hump(frames, 0.3)},
                         {"tensor_fasciae_latae_r", "right tensor fasciae latae", "0..1", make_hump(frames, 0.2)}};
  c.trust.reserves = {{"hip_flexion_r", 0.25, 0.01}};
  return c;
}

/// a pair: the hip falls from 4.0 to 3.6 BW, gluteus medius from 1000 to 400 N, the tensor rises from 100 to 280 N
RunResult make_pair(std::size_t frames) {
  RunResult run;
  run.model_name = "<b>&";
  run.motion_name = "walk \"1\" <i>";
  run.mass = 75;
  run.body_weight = 735.5;
  for (std::size_t i = 0; i < frames; ++i) run.time.push_back(0.05 * static_cast<double>(i));
  run.joint_moments = {{"hip_flexion_r", "hip flexion, right", "N m/kg", make_hump(frames, -0.8)},
                       {"elbow_flex_r", "elbow flex, right", "N m/kg", make_hump(frames, 0.1)}};
  run.conditions.push_back(make_condition(frames, "as strong as the model", 4.0, 1000, 100));
  run.conditions.push_back(make_condition(frames, "gluteus_medius_r at 40 %", 3.6, 400, 280));
  run.conditions[1].changes = {{"gluteus_medius_r", 0.4}};
  run.conditions[1].saturated = {{"glmed1_r", 0.3}};
  return run;
}

/// a single frame whose values are the peaks
RunResult make_single_frame_pair() {
  RunResult run = make_pair(21);
  const auto keep_peak = [](std::vector<Series>& list) {
    for (Series& s : list) s.values = {s.values[10]};
  };
  run.time = {0};
  keep_peak(run.joint_moments);
  for (Condition& c : run.conditions) {
    keep_peak(c.joint_loads);
    keep_peak(c.group_forces);
    keep_peak(c.group_activations);
  }
  return run;
}

/// the page as a tree; fails the test when it is not well formed
pugi::xml_document parse_page(const std::string& html) {
  pugi::xml_document page;
  const std::string start = "<!doctype html>";
  EXPECT_EQ(html.rfind(start, 0), 0u);
  const auto result = page.load_string(html.c_str() + start.size(), pugi::parse_full);
  EXPECT_TRUE(result) << result.description()
                      << " near: " << html.substr(start.size() + static_cast<std::size_t>(result.offset), 80);
  return page;
}

std::string find_text(const pugi::xml_node& node) {
  std::string text;
  for (const auto& match : node.select_nodes(".//text()")) text += match.node().value();
  return text;
}

class EveryPage : public ::testing::TestWithParam<bool> {
 protected:
  RunResult run = GetParam() ? make_single_frame_pair() : make_pair(21);
};
INSTANTIATE_TEST_SUITE_P(MovementsAndPostures, EveryPage, ::testing::Bool(),
                         [](const auto& page) { return page.param ? "posture" : "movement"; });

TEST_P(EveryPage, is_well_formed_and_brings_all_it_needs) {
  const std::string html = make_report_html(run, words(), "");
  const auto page = parse_page(html);
  EXPECT_FALSE(page.select_node("//script"));
  EXPECT_FALSE(page.select_node("//link"));
  EXPECT_FALSE(page.select_node("//@src"));
  EXPECT_FALSE(page.select_node("//@href"));
  EXPECT_EQ(html.find("http://"), std::string::npos);
  EXPECT_EQ(html.find("https://"), std::string::npos);
  EXPECT_EQ(html.find("url("), std::string::npos);
  EXPECT_EQ(html.find("@import"), std::string::npos);
}

TEST_P(EveryPage, gives_every_chart_a_title_and_a_description_and_a_caption) {
  const auto page = parse_page(make_report_html(run, words(), ""));
  const auto charts = page.select_nodes("//figure");
  ASSERT_GT(charts.size(), 3u);
  EXPECT_EQ(page.select_nodes("//svg").size(), charts.size());
  std::set<std::string> captions;
  for (const auto& chart : charts) {
    EXPECT_TRUE(captions.insert(find_text(chart.node().child("figcaption"))).second) << "drawn twice";
    const pugi::xml_node svg = chart.node().child("svg");
    EXPECT_STREQ(svg.attribute("role").value(), "img");
    EXPECT_FALSE(std::string(svg.child_value("title")).empty());
    EXPECT_FALSE(std::string(svg.child_value("desc")).empty());
    EXPECT_FALSE(find_text(chart.node().child("figcaption")).empty());
  }
}

TEST_P(EveryPage, has_a_table_row_for_everything_that_is_drawn) {
  const auto page = parse_page(make_report_html(run, words(), ""));
  for (const char* title : {"right ankle", "right hip", "L5-S1, compression", "right gluteus medius",
                            "right tensor fasciae latae", "left soleus", "hip flexion, right", "elbow flex, right"})
    EXPECT_TRUE(page.select_node((std::string("//tbody//th[text()='") + title + "']").c_str())) << title;
}

TEST_P(EveryPage, keeps_markup_out_of_names) {
  const std::string html = make_report_html(run, words(), "");
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_EQ(html.find("<i>&"), std::string::npos);
  EXPECT_NE(html.find("&lt;b&gt;&amp;"), std::string::npos);
  EXPECT_EQ(find_text(parse_page(html).select_node("//h1").node()), "walk \"1\" <i>");
}

TEST_P(EveryPage, names_both_conditions_and_how_they_are_drawn) {
  const auto page = parse_page(make_report_html(run, words(), ""));
  const std::string key = find_text(page.select_node("//p[@class='key']").node());
  EXPECT_NE(key.find("as strong as the model"), std::string::npos);
  EXPECT_NE(key.find("right gluteus medius at 40 %"), std::string::npos);
  EXPECT_NE(key.find(GetParam() ? "outline" : "dashed"), std::string::npos) << "the key must work without colour";
}

TEST_P(EveryPage, states_the_intended_use_before_any_number) {
  const std::string html = make_report_html(run, words(), "");
  const std::size_t use = html.find("Not a diagnosis, not for emergencies.");
  ASSERT_NE(use, std::string::npos);
  EXPECT_LT(use, html.find("<h2>"));
  EXPECT_LT(use, html.find("<svg"));
}

TEST(Report, warns_before_the_first_chart_and_says_shared_warnings_once) {
  RunResult run = make_pair(21);
  for (Condition& c : run.conditions) {
    c.trust.sound = false;
    c.trust.warnings = {make_text_note("Motion & forces do not fit.")};
  }
  run.conditions[1].trust.warnings.push_back(make_text_note("Too weak to stand."));
  const std::string html = make_report_html(run, words(), "");
  const std::size_t shared = html.find("Motion &amp; forces do not fit."),
                    own = html.find("weakened: Too weak to stand.");
  ASSERT_NE(shared, std::string::npos);
  ASSERT_NE(own, std::string::npos);
  EXPECT_LT(shared, html.find("<svg"));
  EXPECT_LT(own, html.find("<svg"));
  EXPECT_LT(own, html.find("What changed"));
  EXPECT_EQ(html.find("Motion &amp; forces do not fit.", shared + 1), std::string::npos);
  EXPECT_EQ(html.find("Sound."), std::string::npos);
}

TEST(Report, calls_a_run_sound_only_when_all_conditions_are) {
  RunResult run = make_pair(21);
  EXPECT_NE(make_report_html(run, words(), "").find("Sound."), std::string::npos);
  run.conditions[1].trust.sound = false;
  EXPECT_EQ(make_report_html(run, words(), "").find("Sound."), std::string::npos);
}

TEST(Report, shows_hips_before_spine_before_ankles) {
  const std::string html = make_report_html(make_pair(21), words(), "");
  const std::size_t start = html.find("<h2>Joint loads");
  const std::size_t hip = html.find("<strong>right hip", start), spine = html.find("<strong>L5-S1", start),
                    ankle = html.find("<strong>right ankle", start);
  ASSERT_NE(ankle, std::string::npos);
  EXPECT_LT(hip, spine);
  EXPECT_LT(spine, ankle);
}

TEST(Report, says_in_words_what_changed_and_by_how_much) {
  const std::string words = make_findings(make_pair(21));
  EXPECT_NE(words.find("right gluteus medius gives at most 400\u00a0N instead of 1000\u00a0N"), std::string::npos)
      << words;
  EXPECT_NE(words.find("right tensor fasciae latae 180\u00a0N more"), std::string::npos) << words;
  EXPECT_NE(words.find("right hip 0.4\u00a0BW less (\u221210\u00a0%)"), std::string::npos) << words;
  EXPECT_EQ(words.find("right ankle"), std::string::npos) << "unchanged joints need no word: " << words;
  EXPECT_NE(words.find("glmed1_r (weakened)"), std::string::npos) << words;
}

TEST(Report, never_says_that_weakness_hurts) {
  for (const bool single : {false, true}) {
    const std::string words = make_findings(single ? make_single_frame_pair() : make_pair(21));
    for (const char* word : {"pain", "hurt", "cause", "injur"}) EXPECT_EQ(words.find(word), std::string::npos) << word;
  }
}

TEST(Report, of_one_condition_tells_the_largest_loads_and_makes_no_comparison) {
  RunResult run = make_pair(21);
  run.conditions.pop_back();
  const std::string html = make_report_html(run, words(), "");
  parse_page(html);
  EXPECT_NE(html.find("largest joint loads: right ankle 5.0"), std::string::npos);
  EXPECT_EQ(html.find("What changed"), std::string::npos);
  EXPECT_EQ(html.find("weakened"), std::string::npos);
  EXPECT_EQ(html.find("class=\"key\""), std::string::npos);
}

TEST(Report, labels_a_condition_by_the_direction_of_its_changes) {
  Condition c;
  EXPECT_EQ(make_condition_label(c), "normal");
  c.changes = {{"a", 0.5}};
  EXPECT_EQ(make_condition_label(c), "weakened");
  c.changes = {{"a", 1.5}};
  EXPECT_EQ(make_condition_label(c), "strengthened");
  c.changes = {{"a", 1.5}, {"b", 0.5}};
  EXPECT_EQ(make_condition_label(c), "changed");
}

TEST(Numbers, have_no_digits_that_a_generic_body_does_not_bear) {
  EXPECT_EQ(format_number(4.4321, "BW"), "4.4");
  EXPECT_EQ(format_number(0.5649, "BW"), "0.56");
  EXPECT_EQ(format_number(0.999, "BW"), "1.0");
  EXPECT_EQ(format_number(1683.2, "N"), "1680");
  EXPECT_EQ(format_number(312.4, "N"), "312");
  EXPECT_EQ(format_number(-0.004, "BW"), "0.00");
  EXPECT_EQ(format_number(-0.256, "N m/kg"), "\u22120.26");
  EXPECT_EQ(format_number(0.356, "0..1"), "36");
  EXPECT_EQ(format_number(std::nan(""), "N"), "\u2013");
  EXPECT_EQ(format_change(4.0, 3.6, "BW"), "\u221210\u00a0%");
  EXPECT_EQ(format_change(4.0, 4.001, "BW"), "0\u00a0%");
  EXPECT_EQ(format_change(3.0, 9.0, "N"), "") << "a ratio to next to nothing says nothing";
}

// the tick labels are read back from the SVG: evenly spaced, and around all values
TEST(LineChart, has_even_ticks_that_enclose_all_values) {
  for (const double peak : {0.0137, 0.4, 5.16, 87.0, 2190.0}) {
    const std::vector<double> time{0, 0.5, 1.0}, values{0, peak, -0.2 * peak};
    const auto page = parse_page("<!doctype html>" + make_line_chart("t", "N m/kg", time, {{"a", &values, "whole"}}));
    std::vector<double> ticks;
    for (const auto& node : page.select_nodes("//text[@text-anchor='end']")) {
      std::string label = node.node().child_value();
      if (label.rfind("\u2212", 0) == 0) label.replace(0, 3, "-");
      ticks.push_back(std::stod(label));
    }
    ASSERT_GE(ticks.size(), 3u) << peak;
    EXPECT_LE(ticks.size(), 9u) << peak;
    EXPECT_LE(ticks.front(), -0.2 * peak);
    EXPECT_GE(ticks.back(), peak);
    for (std::size_t i = 2; i < ticks.size(); ++i)
      EXPECT_NEAR(ticks[i] - ticks[i - 1], ticks[1] - ticks[0], 1e-9 * peak) << peak;
  }
}

TEST(LineChart, keeps_the_peak_of_a_long_recording_and_lifts_the_pen_at_gaps) {
  std::vector<double> time, values;
  for (int i = 0; i < 20000; ++i) time.push_back(0.001 * i), values.push_back(i == 12345 ? 10.0 : 1.0);
  for (int i = 5000; i < 5200; ++i) values[static_cast<std::size_t>(i)] = std::nan("");
  const std::string svg = make_line_chart("t", "BW", time, {{"a", &values, "whole"}});
  EXPECT_LT(svg.size(), 12000u);
  const auto page = parse_page("<!doctype html>" + svg);
  const std::string path = page.select_node("//path").node().attribute("d").value();
  double top = 1e9;
  for (std::size_t at = path.find(','); at != std::string::npos; at = path.find(',', at + 1))
    top = std::min(top, std::stod(path.substr(at + 1)));
  // the axis ends at the peak, whose line is the chart's upper edge
  EXPECT_NEAR(top, 8.0, 0.1);
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2);
}

TEST(BarChart, stays_on_the_paper_with_values_of_both_signs) {
  const auto page = parse_page("<!doctype html>" + make_bar_chart("t", "N m/kg", {{"a", -0.76}, {"b", 0.2}, {"c", 0}}));
  for (const auto& node : page.select_nodes("//rect")) {
    const pugi::xml_node rect = node.node();
    EXPECT_GE(rect.attribute("x").as_double(), 0);
    EXPECT_GE(rect.attribute("width").as_double(), 0);
    EXPECT_LE(rect.attribute("x").as_double() + rect.attribute("width").as_double(), 340);
  }
}

TEST(StickFigure, takes_the_side_of_a_part_from_the_end_of_its_name) {
  EXPECT_EQ(find_side("femur_r"), 'r');
  EXPECT_EQ(find_side("glmed1_l"), 'l');
  EXPECT_EQ(find_side("pelvis"), 0);
  EXPECT_EQ(find_side("r"), 0);
}

}  // namespace
}  // namespace buttress
