#include "app/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/report_findings.h"
#include "app/report_numbers.h"
#include "app/report_sections.h"
#include "app/report_style.h"
#include "app/run_record.h"
#include "app/svg_chart.h"

namespace buttress {

namespace {

const char* const kIntendedUse =
    "<strong>Decision support and education. Not a diagnosis, not for emergencies.</strong> What a simulation shows "
    "does not say where pain comes from.";

std::string make_list(const std::vector<std::string>& items) {
  std::string html = "<ul>";
  for (const std::string& item : items) html += "<li>" + escape_html(item) + "</li>";
  return html + "</ul>";
}

/// whether to trust the numbers, before any of them; what all conditions share is said once
std::string make_trust(const Analysis& analysis) {
  const auto& conditions = analysis.conditions;
  bool sound = true;
  std::vector<std::string> warnings;
  for (const Condition& c : conditions) sound = sound && c.trust.sound;
  for (const Condition& c : conditions)
    for (const std::string& warning : c.trust.warnings) {
      const auto has = [&](const Condition& other) {
        const auto& list = other.trust.warnings;
        return std::find(list.begin(), list.end(), warning) != list.end();
      };
      const bool shared = std::all_of(conditions.begin(), conditions.end(), has);
      const std::string text = shared ? warning : make_condition_label(c) + ": " + warning;
      if (std::find(warnings.begin(), warnings.end(), text) == warnings.end()) warnings.push_back(text);
    }
  std::string html = sound ? "<section class=\"trust\" aria-label=\"Trust\"><strong>\u2713 Sound.</strong> Residuals "
                             "and reserves are small enough to trust the muscle forces."
                           : "<section class=\"trust bad\" aria-label=\"Trust\"><strong>! Read these numbers with "
                             "care.</strong>";
  if (!warnings.empty()) html += make_list(warnings);
  return html + "</section>\n";
}

std::string make_findings_section(const Analysis& analysis) {
  const bool pair = analysis.conditions.size() > 1;
  const char* const movement = analysis.time.size() < 3 ? "posture" : "movement";
  std::string html = pair ? "<h2>What changed</h2>" : "<h2>What came out</h2>";
  html += "<p class=\"lead\">" + escape_html(make_findings(analysis)) + "</p>";
  html += "<p class=\"soft\">";
  if (pair)
    html += fmt::format(
        "Both runs have the same {} and the same outside forces; a person may move differently instead. ", movement);
  html += fmt::format(
      "Loads simulated for a generic body differ from a person's by a quarter or more: {}. 1 BW is one body weight, "
      "{:.0f} N.</p>\n",
      pair ? "compare the two runs with each other rather than reading single values, and take differences of less "
             "than a quarter as a direction, not as a measurement"
           : "read them as an order of size, not as a measurement",
      analysis.body_weight);
  return html;
}

std::string make_key(const Analysis& analysis) {
  const bool bars = analysis.time.size() < 3;
  std::string html = "<p class=\"key\">";
  for (std::size_t i = 0; i < analysis.conditions.size(); ++i)
    html += fmt::format("<span class=\"{}\"><i{}></i>{}: {} ({})</span>", i == 0 ? "whole" : "weak",
                        bars ? " class=\"box\"" : "", make_condition_label(analysis.conditions[i]),
                        escape_html(make_condition_name(analysis.conditions[i])),
                        bars ? (i == 0 ? "filled" : "outline") : (i == 0 ? "solid" : "dashed"));
  return html + "</p>\n";
}

/// where every number comes from, in one line
std::string make_provenance(const Analysis& analysis) {
  std::vector<std::string> strengths;
  for (const Condition& c : analysis.conditions)
    for (const StrengthChange& change : c.changes)
      strengths.push_back(fmt::format("{}={:.6g}", change.target, change.factor));
  std::string options;
  if (!analysis.conditions.empty()) {
    const ChainOptions& o = analysis.conditions[0].plan.options;
    options =
        fmt::format("least sum of activations to the power {}, reserves of strength {:.3g}, passive fibre force {}",
                    o.exponent, o.reserve_strength, o.passive_fiber_force ? "included" : "left out");
  }
  return fmt::format(
      "<p class=\"soft\"><strong>Provenance.</strong> buttress {}; body <code>{}</code>, {:.1f} kg; motion "
      "<code>{}</code>; strength changes: {}; {}. Hashes of all inputs, all options and times are in "
      "<code>run.json</code>, full curves with all digits in the <code>.sto</code> tables beside this page.</p>",
      escape_html(engine_version()), escape_html(analysis.model_name), analysis.mass, escape_html(analysis.motion_name),
      strengths.empty() ? "none" : "<code>" + escape_html(fmt::format("{}", fmt::join(strengths, " "))) + "</code>",
      options);
}

}  // namespace

std::vector<FigureActivation> find_figures(const Analysis& analysis, std::size_t frame) {
  std::vector<FigureActivation> figures;
  for (const Condition& c : analysis.conditions)
    figures.push_back({analysis.conditions.size() > 1 ? make_condition_label(c) : "",
                       &c.output.activation[frame * c.plan.columns.size()]});
  return figures;
}

std::string make_posture_pictures(const Analysis& analysis, std::size_t frame, const double* loads,
                                  const std::string& title) {
  std::string html = "<p class=\"soft\">" + escape_html(title) + ".</p><div class=\"figures\">\n";
  const std::size_t coordinates = analysis.conditions[0].plan.model->coordinates.size();
  // inside a page of HTML the namespace goes without saying
  const std::string name_space = " xmlns=\"http://www.w3.org/2000/svg\"";
  for (const FigureActivation& figure : find_figures(analysis, frame)) {
    std::string svg = make_stick_figure_svg(analysis.conditions[0].plan, &analysis.q[frame * coordinates], {figure},
                                            loads, figure.label.empty() ? title : title + ", " + figure.label);
    if (const auto at = svg.find(name_space); at != std::string::npos) svg.erase(at, name_space.size());
    html += svg;
  }
  return html + "</div>\n";
}

std::string make_report_html(const Analysis& analysis, const std::string& posture_html) {
  const bool pair = analysis.conditions.size() > 1;
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"/><title>Buttress: {0}</title><style>{1}</style></head><body>\n"
      "<header><p class=\"kicker\">Buttress report</p><h1>{0}</h1><p class=\"soft\">Body: {2}, {3:.1f} kg{4}</p>\n<p "
      "class=\"use\">{5}</p></header><main>\n",
      escape_html(analysis.motion_name), kReportStyle, escape_html(analysis.model_name), analysis.mass,
      analysis.time.size() < 3 ? "."
                               : fmt::format(". {} frames from {:.2f} to {:.2f} s.", analysis.time.size(),
                                             analysis.time.front(), analysis.time.back()),
      kIntendedUse);
  html += make_trust(analysis);
  html += make_findings_section(analysis);
  if (!analysis.notes.empty())
    html += fmt::format("<details><summary>What was assumed ({})</summary>{}</details>\n", analysis.notes.size(),
                        make_list(analysis.notes));
  if (!posture_html.empty()) html += "<h2>Posture</h2>" + posture_html;
  if (pair) html += make_key(analysis);
  html += make_joint_load_section(analysis);
  html += make_muscle_section(analysis);
  html += make_moment_section(analysis);
  html += make_trust_section(analysis);
  html += "</main><footer>" + make_provenance(analysis);
  html += fmt::format(
      "<p class=\"soft\">{} Numbness around the groin, loss of bladder or bowel control, new weakness in a leg, or "
      "back "
      "pain with fever or after an accident need a doctor now, not a simulation.</p></footer></body></html>\n",
      kIntendedUse);
  return html;
}

}  // namespace buttress
