#include "view/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/version.h"
#include "view/report_findings.h"
#include "view/report_numbers.h"
#include "view/report_sections.h"
#include "view/report_style.h"
#include "view/svg_chart.h"

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
std::string make_trust(const RunResult& result, const Words& words) {
  const auto& conditions = result.conditions;
  bool sound = true;
  std::vector<std::string> warnings;
  for (const Condition& c : conditions) sound = sound && c.trust.sound;
  for (const Condition& c : conditions)
    for (const Note& warning : c.trust.warnings) {
      const auto has = [&](const Condition& other) {
        const auto& list = other.trust.warnings;
        return std::find(list.begin(), list.end(), warning) != list.end();
      };
      const bool shared = std::all_of(conditions.begin(), conditions.end(), has);
      const std::string sentence = say(words, warning);
      const std::string text = shared ? sentence : make_condition_label(c) + ": " + sentence;
      if (std::find(warnings.begin(), warnings.end(), text) == warnings.end()) warnings.push_back(text);
    }
  std::string html = sound ? "<section class=\"trust\" aria-label=\"Trust\"><strong>\u2713 Sound.</strong> Residuals "
                             "and reserves are small enough to trust the muscle forces."
                           : "<section class=\"trust bad\" aria-label=\"Trust\"><strong>! Read these numbers with "
                             "care.</strong>";
  if (!warnings.empty()) html += make_list(warnings);
  return html + "</section>\n";
}

std::string make_findings_section(const RunResult& result) {
  const bool pair = result.conditions.size() > 1;
  const char* const movement = result.is_posture() ? "posture" : "movement";
  std::string html = pair ? "<h2>What changed</h2>" : "<h2>What came out</h2>";
  html += "<p class=\"lead\">" + escape_html(make_findings(result)) + "</p>";
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
      result.body_weight);
  return html;
}

std::string make_key(const RunResult& result) {
  const bool bars = result.is_posture();
  std::string html = "<p class=\"key\">";
  for (std::size_t i = 0; i < result.conditions.size(); ++i)
    html += fmt::format("<span class=\"{}\"><i{}></i>{}: {} ({})</span>", i == 0 ? "whole" : "weak",
                        bars ? " class=\"box\"" : "", make_condition_label(result.conditions[i]),
                        escape_html(make_condition_name(result.conditions[i])),
                        bars ? (i == 0 ? "filled" : "outline") : (i == 0 ? "solid" : "dashed"));
  return html + "</p>\n";
}

/// where every number comes from, in one line
std::string make_provenance(const RunResult& result) {
  std::vector<std::string> strengths;
  for (const Condition& c : result.conditions)
    for (const StrengthChange& change : c.changes)
      strengths.push_back(fmt::format("{}={:.6g}", change.target, change.factor));
  std::string options;
  if (!result.conditions.empty()) {
    const ChainOptions& o = result.options;
    options =
        fmt::format("least sum of activations to the power {}, reserves of strength {:.3g}, passive fibre force {}",
                    o.exponent, o.reserve_strength, o.passive_fiber_force ? "included" : "left out");
  }
  return fmt::format(
      "<p class=\"soft\"><strong>Provenance.</strong> buttress {}; body <code>{}</code>, {:.1f} kg; motion "
      "<code>{}</code>; strength changes: {}; {}. Hashes of all inputs, all options and times are in "
      "<code>run.json</code>, full curves with all digits in the <code>.sto</code> tables beside this page.</p>",
      escape_html(engine_version()), escape_html(result.model_name), result.mass, escape_html(result.motion_name),
      strengths.empty() ? "none" : "<code>" + escape_html(fmt::format("{}", fmt::join(strengths, " "))) + "</code>",
      options);
}

}  // namespace

Posture find_posture(const RunResult& result, std::size_t frame) {
  Posture posture;
  posture.model = result.model.get();
  posture.q = &result.q[frame * result.model->coordinates.size()];
  for (const ForceColumn& c : result.columns) posture.muscle_of_column.push_back(c.muscle);
  // the forces of the last condition: those of the ground may differ between them
  posture.outside_forces = find_outside_forces(result, result.conditions.back(), frame);
  posture.surfaces = &result.options.contacts;
  return posture;
}

std::vector<FigureActivation> find_figures(const RunResult& result, std::size_t frame) {
  std::vector<FigureActivation> figures;
  for (const Condition& c : result.conditions)
    figures.push_back({result.conditions.size() > 1 ? make_condition_label(c) : "",
                       &c.output.activation[frame * result.columns.size()]});
  return figures;
}

std::string make_posture_pictures(const RunResult& result, std::size_t frame, const std::string& title) {
  std::string html = "<p class=\"soft\">" + escape_html(title) + ".</p><div class=\"figures\">\n";
  // inside a page of HTML the namespace goes without saying
  const std::string name_space = " xmlns=\"http://www.w3.org/2000/svg\"";
  for (const FigureActivation& figure : find_figures(result, frame)) {
    std::string svg = make_stick_figure_svg(find_posture(result, frame), {figure},
                                            figure.label.empty() ? title : title + ", " + figure.label);
    if (const auto at = svg.find(name_space); at != std::string::npos) svg.erase(at, name_space.size());
    html += svg;
  }
  return html + "</div>\n";
}

std::string make_report_html(const RunResult& result, const Words& words, const std::string& posture_html) {
  const bool pair = result.conditions.size() > 1;
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"/><title>Buttress: {0}</title><style>{1}</style></head><body>\n"
      "<header><p class=\"kicker\">Buttress report</p><h1>{0}</h1><p class=\"soft\">Body: {2}, {3:.1f} kg{4}</p>\n<p "
      "class=\"use\">{5}</p></header><main>\n",
      escape_html(result.motion_name), kReportStyle, escape_html(result.model_name), result.mass,
      result.is_posture() ? "."
                          : fmt::format(". {} frames from {:.2f} to {:.2f} s.", result.time.size(), result.time.front(),
                                        result.time.back()),
      kIntendedUse);
  html += make_trust(result, words);
  html += make_findings_section(result);
  if (!result.notes.empty())
    html += fmt::format("<details><summary>What was assumed ({})</summary>{}</details>\n", result.notes.size(),
                        make_list(say_all(words, result)));
  if (!posture_html.empty()) html += "<h2>Posture</h2>" + posture_html;
  if (pair) html += make_key(result);
  html += make_joint_load_section(result);
  html += make_muscle_section(result);
  html += make_moment_section(result);
  html += make_trust_section(result);
  html += "</main><footer>" + make_provenance(result);
  html += fmt::format(
      "<p class=\"soft\">{} Numbness around the groin, loss of bladder or bowel control, new weakness in a leg, or "
      "back "
      "pain with fever or after an accident need a doctor now, not a simulation.</p></footer></body></html>\n",
      kIntendedUse);
  return html;
}

}  // namespace buttress
