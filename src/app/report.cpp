#include "app/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/run_record.h"
#include "app/svg_chart.h"

namespace buttress {

namespace {

const char* const kStyle = R"(
:root{--ink:#1c2330;--soft:#5b6472;--line:#d9dee6;--paper:#fff;--whole:#1f5fa8;--weak:#c2410c;--good:#0a6b45;--bad:#a32020}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf0;--soft:#a3acba;--line:#394150;--paper:#151a22;--whole:#7db4ef;--weak:#f2905e;--good:#57c999;--bad:#ff8a80}}
*{box-sizing:border-box}body{margin:0 auto;padding:1.2rem;max-width:1120px;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .3rem;border-bottom:1px solid var(--line)}
p{max-width:70ch}.soft{color:var(--soft)}.trust{border-left:6px solid var(--good);padding:.5rem 1rem;margin:1rem 0}
.trust.bad{border-color:var(--bad)}.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:.8rem}
figure{margin:0}svg{width:100%;height:auto}svg.figure{max-width:520px}.wide{max-width:760px}
.chart-title,.name{font-size:13px;fill:var(--ink)}.chart-title{font-weight:600}.unit{font-weight:400;fill:var(--soft)}
.tick,.number{font-size:11px;fill:var(--soft)}.grid line,line.grid{stroke:var(--line);stroke-width:1}line.zero{stroke:var(--soft);stroke-width:1}
polyline{fill:none;stroke-width:2.2}polyline.whole{stroke:var(--whole)}polyline.weak{stroke:var(--weak);stroke-dasharray:7 4}
.bar-whole{fill:var(--whole)}.bar-weak{fill:var(--weak)}
.key span{display:inline-block;margin-right:1.4rem}.key i{display:inline-block;width:2.2em;border-top:3px solid var(--whole);vertical-align:middle;margin-right:.4em}.key .weak i{border-top:3px dashed var(--weak)}
table{border-collapse:collapse;width:100%;max-width:760px;font-size:.92rem}th,td{text-align:right;padding:.25rem .6rem;border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left}
details{margin:.6rem 0}summary{cursor:pointer}
)";

std::string make_trust(const Condition& condition, bool named) {
  const TrustReport& t = condition.trust;
  std::string html = fmt::format("<div class=\"trust{}\"><strong>{}{}</strong>", t.sound ? "" : " bad",
                                 named ? escape_html(condition.title) + ": " : "",
                                 t.sound ? "Residuals and reserves are small enough to trust the muscle forces."
                                         : "Read these numbers with care.");
  if (!t.warnings.empty()) {
    html += "<ul>";
    for (const std::string& w : t.warnings) html += "<li>" + escape_html(w) + "</li>";
    html += "</ul>";
  }
  return html + "</div>\n";
}

std::string make_key(const Analysis& analysis) {
  std::string html = "<p class=\"key\">";
  for (std::size_t i = 0; i < analysis.conditions.size(); ++i)
    html += fmt::format("<span class=\"{}\"><i></i>{}</span>", i == 0 ? "whole" : "weak",
                        escape_html(analysis.conditions[i].title));
  return html + "</p>\n";
}

using SeriesList = std::vector<Series> Condition::*;

/// a peak table with the change from the first condition to the second
std::string make_peak_table(const Analysis& analysis, SeriesList list, const std::string& caption) {
  const auto& conditions = analysis.conditions;
  std::string html = "<details><summary>" + caption + "</summary><table><thead><tr><th>peak</th>";
  for (const Condition& c : conditions) html += "<th>" + escape_html(c.title) + "</th>";
  if (conditions.size() == 2) html += "<th>change</th>";
  html += "</tr></thead><tbody>";
  const auto& first = conditions[0].*list;
  for (std::size_t i = 0; i < first.size(); ++i) {
    html += "<tr><td>" + escape_html(first[i].title) + "</td>";
    for (const Condition& c : conditions) html += fmt::format("<td>{:.3g} {}</td>", (c.*list)[i].peak(), first[i].unit);
    if (conditions.size() == 2) {
      const double a = first[i].peak(), b = (conditions[1].*list)[i].peak();
      html += std::abs(a) > 1e-9 ? fmt::format("<td>{:+.0f} %</td>", 100 * (b - a) / std::abs(a)) : "<td></td>";
    }
    html += "</tr>";
  }
  return html + "</tbody></table></details>\n";
}

/// charts over time, or bars when there is a single frame
std::string make_series_charts(const Analysis& analysis, SeriesList list, const std::vector<std::size_t>& order,
                               const std::string& title) {
  const auto& conditions = analysis.conditions;
  const auto& first = conditions[0].*list;
  if (analysis.time.size() < 3) {
    std::vector<ChartBar> bars;
    for (std::size_t i : order)
      bars.push_back({first[i].title, first[i].peak(), conditions.size() > 1 ? (conditions[1].*list)[i].peak() : 0,
                      conditions.size() > 1});
    return make_bar_chart(title, first.empty() ? "" : first[0].unit, bars);
  }
  std::string html = "<div class=\"grid\">";
  for (std::size_t i : order) {
    std::vector<ChartLine> lines;
    for (std::size_t c = 0; c < conditions.size(); ++c)
      lines.push_back({conditions[c].title, &(conditions[c].*list)[i].values, c == 0 ? "whole" : "weak"});
    html += make_line_chart(first[i].title, first[i].unit, analysis.time, lines);
  }
  return html + "</div>\n";
}

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  return order;
}

/// groups that change most between the conditions first, then the strongest; at most `limit`
std::vector<std::size_t> rank_groups(const Analysis& analysis, std::size_t limit) {
  const auto& first = analysis.conditions[0].group_forces;
  std::vector<double> weight(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    weight[i] = std::abs(first[i].peak());
    if (analysis.conditions.size() > 1) {
      double largest = 0;
      const auto& second = analysis.conditions[1].group_forces[i].values;
      for (std::size_t f = 0; f < second.size(); ++f)
        largest = std::max(largest, std::abs(second[f] - first[i].values[f]));
      weight[i] = largest;
    }
  }
  std::vector<std::size_t> order = all_of(first.size());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
  if (order.size() > limit) order.resize(limit);
  return order;
}

std::string make_moment_charts(const Analysis& analysis) {
  if (analysis.time.size() < 3) return {};
  std::string html =
      "<h2>Net joint moments</h2><p class=\"soft\">What all muscles together make at each joint, by inverse dynamics, "
      "per kilogram of body mass. Positive along the model's coordinate: hip flexion, adduction and internal rotation, "
      "knee and ankle as the model counts them.</p><div class=\"grid\">";
  for (const Series& s : analysis.joint_moments)
    html += make_line_chart(s.title, s.unit, analysis.time, {{s.title, &s.values, "whole"}});
  return html + "</div>\n";
}

std::string make_trust_details(const Condition& condition) {
  const TrustReport& t = condition.trust;
  std::string html = fmt::format(
      "<details><summary>Residuals, reserves and muscles at their limit: {}</summary><p>Largest residual at the "
      "pelvis: "
      "{:.1f} N, {:.1f} N m (largest external force {:.0f} N). Frames without a solution: {}.</p><table><thead><tr><th>"
      "coordinate</th><th>largest reserve</th><th>of the largest moment</th></tr></thead><tbody>",
      escape_html(condition.title), t.peak_residual_force, t.peak_residual_moment, t.peak_external_force,
      t.unsolved_frames);
  for (const ReserveUse& use : t.reserves)
    html += fmt::format("<tr><td>{}</td><td>{:.3g} N m</td><td>{:.2g} %</td></tr>", escape_html(use.coordinate),
                        use.peak, 100 * use.share_of_moment);
  html += "</tbody></table>";
  if (!condition.saturated.empty()) {
    html += "<table><thead><tr><th>muscle at full activation</th><th>share of the time</th></tr></thead><tbody>";
    for (const SaturatedMuscle& m : condition.saturated)
      html += fmt::format("<tr><td>{}</td><td>{:.0f} %</td></tr>", escape_html(m.name), 100 * m.share_of_frames);
    html += "</tbody></table>";
  }
  return html + "</details>\n";
}

}  // namespace

std::string make_report_html(const Analysis& analysis, const std::string& stick_figure_svg) {
  std::string html = fmt::format(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>Buttress: {0}</title><style>{1}</style></head><body>\n"
      "<header><h1>{0}</h1><p class=\"soft\">Body: {2}, {3:.1f} kg. 1 BW is one body weight, {4:.0f} N. "
      "Simulated loads of a generic body differ from a person's by a quarter or more: compare conditions with each "
      "other rather than reading single values.</p>\n"
      "<p><strong>Decision support and education. Not a diagnosis, not for emergencies.</strong> What a simulation "
      "shows "
      "does not say where pain comes from.</p></header><main>\n",
      escape_html(analysis.motion_name), kStyle, escape_html(analysis.model_name), analysis.mass, analysis.body_weight);
  for (const Condition& c : analysis.conditions) html += make_trust(c, analysis.conditions.size() > 1);
  if (!analysis.notes.empty()) {
    html += "<details open><summary>What was assumed</summary><ul>";
    for (const std::string& note : analysis.notes) html += "<li>" + escape_html(note) + "</li>";
    html += "</ul></details>\n";
  }
  if (!stick_figure_svg.empty())
    html +=
        "<h2>Posture</h2><p class=\"soft\">Muscles from pale (at rest) to deep red (all they have); green: forces from "
        "outside.</p>" +
        stick_figure_svg;
  if (analysis.conditions.size() > 1) html += make_key(analysis);

  const auto& loads = analysis.conditions[0].joint_loads;
  html +=
      "<h2>Joint loads</h2><p class=\"soft\">Force that passes through each joint, muscles included, in body weights. "
      "In the spine, compression presses two vertebrae together; shear slides them.</p>";
  html += make_series_charts(analysis, &Condition::joint_loads, all_of(loads.size()), "Joint loads");
  html += make_peak_table(analysis, &Condition::joint_loads, "Peaks as numbers");

  html += analysis.conditions.size() > 1
              ? "<h2>Who works more, who works less</h2><p class=\"soft\">Muscle forces by group, the largest changes "
                "first.</p>"
              : "<h2>Muscle forces</h2><p class=\"soft\">Muscle forces by group, the largest first.</p>";
  html += make_series_charts(analysis, &Condition::group_forces, rank_groups(analysis, 24), "Muscle forces");
  html += make_peak_table(analysis, &Condition::group_forces, "All groups, peak forces as numbers");
  html += make_peak_table(analysis, &Condition::group_activations, "All groups, peak activations (0 to 1) as numbers");
  html += make_moment_charts(analysis);
  html += "<h2>How far to trust it</h2>";
  for (const Condition& c : analysis.conditions) html += make_trust_details(c);
  html += fmt::format(
      "</main><footer><p class=\"soft\">buttress {}. Hashes of all inputs, options and times are in run.json beside "
      "this "
      "page. Thresholds: Hicks et al. 2015, J Biomech Eng 137:020905.</p></footer></body></html>\n",
      engine_version());
  return html;
}

}  // namespace buttress
