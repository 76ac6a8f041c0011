#include "view/report_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>

#include "view/report_findings.h"
#include "view/report_numbers.h"
#include "view/svg_chart.h"

namespace buttress {

namespace {

using SeriesList = std::vector<Series>;
/// the same list of every condition, one or two
using SeriesLists = std::vector<const SeriesList*>;

SeriesLists find_lists(const RunResult& result, SeriesList Condition::*list) {
  SeriesLists lists;
  for (const Condition& c : result.conditions) lists.push_back(&(c.*list));
  return lists;
}

/// title without its side: charts of both sides share one scale
std::string find_stem(std::string title) {
  for (const char* side : {"right ", "left "})
    if (title.rfind(side, 0) == 0) title.erase(0, std::string(side).size());
  for (const char* side : {", right", ", left"})
    if (const auto at = title.rfind(side); at != std::string::npos) title.erase(at);
  return title;
}

bool is_left(const std::string& title) {
  return title.rfind("left ", 0) == 0 || title.find(", left") != std::string::npos;
}

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  return order;
}

/// Sorted by `rank_of` the title, then by where the first of the same stem stands, then right before left.
template <class Rank>
std::vector<std::size_t> rank_series(const SeriesList& list, const Rank& rank_of) {
  std::map<std::string, std::size_t> first_of_stem;
  for (std::size_t i = 0; i < list.size(); ++i) first_of_stem.emplace(find_stem(list[i].title), i);
  std::vector<std::size_t> order = all_of(list.size());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const std::string &ta = list[a].title, &tb = list[b].title;
    return std::make_tuple(rank_of(ta), first_of_stem[find_stem(ta)], is_left(ta)) <
           std::make_tuple(rank_of(tb), first_of_stem[find_stem(tb)], is_left(tb));
  });
  return order;
}

/// the joints asked for most first
std::vector<std::size_t> rank_joints(const SeriesList& list) {
  return rank_series(list, find_joint_rank);
}

/// curves over time, or one chart of bars when there is a single frame
std::string make_charts(const RunResult& result, const SeriesLists& lists, const std::vector<std::size_t>& order,
                        const std::string& title) {
  if (order.empty()) return {};
  const SeriesList& first = *lists[0];
  std::string html;
  if (result.is_posture()) {
    std::vector<ChartBar> bars;
    bars.reserve(order.size());
    for (std::size_t i : order)
      bars.push_back({first[i].title, first[i].peak(), lists.size() > 1 ? (*lists[1])[i].peak() : 0, lists.size() > 1});
    return make_bar_chart(title, first[order[0]].unit, bars, make_condition_label(result.conditions[0]),
                          make_condition_label(result.conditions.back()));
  }
  std::map<std::string, ChartRange> ranges;
  for (const SeriesList* list : lists)
    for (const Series& s : *list)
      for (double v : s.values) ranges[find_stem(s.title)].include(v);
  for (std::size_t i : order) {
    std::vector<ChartLine> lines;
    for (std::size_t c = 0; c < lists.size(); ++c)
      lines.push_back({make_condition_label(result.conditions[c]), &(*lists[c])[i].values, c == 0 ? "whole" : "weak"});
    html += make_line_chart(first[i].title, first[i].unit, result.time, lines, ranges[find_stem(first[i].title)]);
  }
  return html;
}

/// when the first condition's value is largest
std::string format_peak_time(const RunResult& result, const Series& series) {
  std::size_t peak = 0;
  for (std::size_t i = 1; i < series.values.size(); ++i)
    if (std::abs(series.values[i]) > std::abs(series.values[peak])) peak = i;
  return peak < result.time.size() ? fmt::format("{:.2f}", result.time[peak]) : "";
}

/// all numbers that the charts show: the peaks, when they are reached, and the change between the conditions
std::string make_table(const RunResult& result, const SeriesLists& lists, const std::vector<std::size_t>& order,
                       const std::string& summary, const std::string& quantity) {
  if (order.empty()) return {};
  const SeriesList& first = *lists[0];
  const std::string& unit = first[order[0]].unit;
  const bool timed = !result.is_posture(), pair = lists.size() == 2;
  std::string html =
      fmt::format("<details><summary>{}</summary><table><caption>{} in {}{}</caption><thead><tr><td></td>", summary,
                  quantity, unit == "0..1" ? "% of the strength at hand" : unit,
                  timed ? "; the value of largest size over the movement" : "");
  for (std::size_t c = 0; c < lists.size(); ++c)
    html += fmt::format("<th scope=\"col\">{}</th>", make_condition_label(result.conditions[c]));
  if (pair) html += "<th scope=\"col\">change</th>";
  if (timed) html += "<th scope=\"col\">time, s</th>";
  html += "</tr></thead><tbody>\n";
  for (std::size_t i : order) {
    html += "<tr><th scope=\"row\">" + escape_html(first[i].title) + "</th>";
    for (const SeriesList* list : lists) html += "<td>" + format_number((*list)[i].peak(), unit) + "</td>";
    if (pair) html += "<td>" + format_change(first[i].peak(), (*lists[1])[i].peak(), unit) + "</td>";
    if (timed) html += "<td>" + format_peak_time(result, first[i]) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></details>\n";
}

/// charts under headings in the order of the headings; `heading_of` gives "" for what is left out
std::string make_grouped_charts(const RunResult& result, const SeriesLists& lists,
                                const std::vector<std::size_t>& order,
                                const std::function<std::string(const Series&)>& heading_of) {
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  for (std::size_t i : order) {
    const std::string heading = heading_of((*lists[0])[i]);
    if (heading.empty()) continue;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == heading; });
    if (group == groups.end()) group = groups.insert(groups.end(), {heading, {}});
    group->second.push_back(i);
  }
  // a single frame gives one chart a heading; a movement one chart a curve
  std::string html;
  const bool single = result.is_posture();
  if (single) html += "<div class=\"charts\">\n";
  for (const auto& [heading, members] : groups) {
    const std::string charts = make_charts(result, lists, members, heading);
    html += single ? charts : "<h3>" + heading + "</h3><div class=\"charts\">\n" + charts + "</div>\n";
  }
  return single ? html + "</div>\n" : html;
}

std::string find_load_heading(const Series& series, bool single) {
  const int rank = find_joint_rank(series.title);
  if (rank < 2) return "Hips and knees";
  if (rank > 10) return "Other joints";
  if (rank == 10) return "Ankles";
  const bool shear = series.title.find("shear") != std::string::npos;
  const std::string place = rank == 9 ? "Sacroiliac joints" : "Lumbar spine";
  return single && rank < 9 ? place + (shear ? ", shear" : ", compression") : place;
}

/// largest difference between the conditions at any time; of one condition the peak
std::vector<double> find_weights(const SeriesLists& lists) {
  const SeriesList& first = *lists[0];
  std::vector<double> weight(first.size(), 0);
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (lists.size() < 2) {
      weight[i] = std::abs(first[i].peak());
      continue;
    }
    const auto &a = first[i].values, &b = (*lists[1])[i].values;
    for (std::size_t f = 0; f < std::min(a.size(), b.size()); ++f)
      weight[i] = std::max(weight[i], std::abs(b[f] - a[f]));
  }
  return weight;
}

/// coordinates of the joint that carries the whole body: what stands there is a residual, not a joint moment
bool is_residual(const RunResult& result, const Series& series) {
  const Model* model = result.model.get();
  if (!model) return false;
  const int c = model->find_coordinate(series.name);
  return c >= 0 &&
         model->joints[static_cast<std::size_t>(model->coordinates[static_cast<std::size_t>(c)].joint)].parent_body ==
             0;
}

bool has_word(const std::string& text, const char* word) {
  return text.find(word) != std::string::npos;
}

std::string find_moment_heading(const Series& series) {
  if (has_word(series.title, "hip")) return "Hips";
  if (has_word(series.title, "knee")) return "Knees";
  if (has_word(series.title, "ankle") || has_word(series.title, "subtalar") || has_word(series.title, "mtp"))
    return "Ankles and feet";
  for (const char* word : {"lumbar", "L5", "L4", "L3", "L2", "L1", "back"})
    if (has_word(series.title, word)) return "Lumbar spine";
  return {};
}

}  // namespace

std::string make_joint_load_section(const RunResult& result) {
  const SeriesLists lists = find_lists(result, &Condition::joint_loads);
  if (lists.empty() || lists[0]->empty()) return {};
  const std::vector<std::size_t> order = rank_joints(*lists[0]);
  const bool single = result.is_posture();
  std::string html = fmt::format(
      "<h2>Joint loads</h2><p class=\"soft\">Force that passes through each joint, muscles included, in body weights "
      "(1 "
      "BW = {:.0f} N). Hip, knee and ankle: size of the whole force. Spine and sacroiliac joints: compression, "
      "positive "
      "when it presses the two bones together, and shear, the size of what slides them.</p>\n",
      result.body_weight);
  html += make_grouped_charts(result, lists, order,
                              [&](const Series& series) { return find_load_heading(series, single); });
  return html + make_table(result, lists, order, "Joint loads as a table", "Peak joint loads");
}

std::string make_muscle_section(const RunResult& result) {
  const SeriesLists forces = find_lists(result, &Condition::group_forces);
  if (forces.empty() || forces[0]->empty()) return {};
  const bool pair = forces.size() > 1;
  const std::vector<double> weight = find_weights(forces);
  std::vector<std::size_t> order = all_of(weight.size());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
  // the twelve that matter most in the open, of a pair only those that differ visibly; the rest can be unfolded
  std::vector<std::size_t> shown, others;
  for (std::size_t i : order)
    if (shown.size() < 12 && (!pair || weight[i] >= 5)) shown.push_back(i);
  std::string html = pair ? "<h2>Who works more, who works less</h2><p class=\"soft\">Muscle forces by group, along "
                            "their tendons, passive part included; the largest changes first.</p>"
                          : "<h2>Muscle forces</h2><p class=\"soft\">Muscle forces by group, along their tendons, "
                            "passive part included; the largest first.</p>";
  if (shown.empty())
    html += "<p>No group's force differs by as much as 5 N.</p>";
  else
    html += "<div class=\"charts\">\n" +
            make_charts(result, forces, shown, pair ? "The largest changes" : "The largest forces") + "</div>\n";
  // the table in the order of the groups, where they are easy to find
  const std::vector<std::size_t> by_group = rank_series(*forces[0], find_stem);
  for (std::size_t i : by_group)
    if (std::find(shown.begin(), shown.end(), i) == shown.end()) others.push_back(i);
  html += make_table(result, forces, by_group, "All muscle forces as a table", "Peak muscle forces by group");
  html += make_table(result, find_lists(result, &Condition::group_activations), by_group, "All activations as a table",
                     "Peak activations by group, weighted by strength,");
  if (!others.empty())
    html += fmt::format("<details><summary>{} other groups drawn</summary><div class=\"charts\">\n{}</div></details>\n",
                        others.size(), make_charts(result, forces, others, "The other groups"));
  return html;
}

std::string make_moment_section(const RunResult& result) {
  const SeriesLists lists{&result.joint_moments};
  std::vector<std::size_t> main, others, all;
  for (std::size_t i : rank_joints(result.joint_moments)) {
    if (is_residual(result, result.joint_moments[i])) continue;
    (find_moment_heading(result.joint_moments[i]).empty() ? others : main).push_back(i);
    all.push_back(i);
  }
  if (all.empty()) return {};
  std::string html =
      "<h2>Net joint moments</h2><p class=\"soft\">What all muscles together make at each joint, by inverse dynamics, "
      "in "
      "N m per kilogram of body mass; the same in every run. Positive turns the joint the way its coordinate grows: "
      "hip "
      "flexion, adduction and internal rotation; in OpenSim's Rajagopal model also knee flexion and ankle "
      "dorsiflexion.</p>\n";
  html += make_grouped_charts(result, lists, main, find_moment_heading);
  html += make_table(result, lists, all, "Joint moments as a table", "Peak net joint moments");
  if (!others.empty())
    html += fmt::format("<details><summary>Other joints ({})</summary><div class=\"charts\">\n{}</div></details>\n",
                        others.size(), make_charts(result, lists, others, "Other joints"));
  return html;
}

std::string make_trust_section(const RunResult& result) {
  const auto& conditions = result.conditions;
  if (conditions.empty()) return {};
  const TrustReport& t = conditions[0].trust;
  const double share = t.peak_external_force > 0 ? 100 * t.peak_residual_force / t.peak_external_force : 0;
  std::string html = "<h2>How far to trust it</h2>";
  if (!t.residual_body.empty())
    html += fmt::format(
        "<h3>Residuals</h3><p>Where motion and outside forces do not fit each other, something has to be added at the "
        "{} that no muscle and no floor gives: at most {} and {:.1f} N m{}. Up to 5 % of the largest outside force is "
        "usual (Hicks et al. 2015, J Biomech Eng 137:020905).</p>\n",
        escape_html(t.residual_body), format_quantity(t.peak_residual_force, "N"), t.peak_residual_moment,
        t.peak_external_force > 0 ? fmt::format("; the largest outside force is {}, the residual force {:.0f} % of it",
                                                format_quantity(t.peak_external_force, "N"), share)
                                  : "; no outside force was given");
  for (const Condition& c : conditions)
    if (c.trust.unsolved_frames > 0)
      html +=
          fmt::format("<p>Frames without a solution ({}): {}.</p>\n", make_condition_label(c), c.trust.unsolved_frames);

  // one row a coordinate, worst first in any condition
  struct Row {
    std::vector<std::string> cells;
    double worst = 0;
  };
  std::map<std::string, Row> rows;
  for (std::size_t i = 0; i < conditions.size(); ++i)
    for (const ReserveUse& use : conditions[i].trust.reserves) {
      Row& row = rows[use.coordinate];
      row.cells.resize(conditions.size());
      row.cells[i] = use.share_of_moment > 10 ? fmt::format("{:.2f} (> 999 %)", use.peak)
                                              : fmt::format("{:.2f} ({:.1f} %)", use.peak, 100 * use.share_of_moment);
      row.worst = std::max(row.worst, use.peak);
    }
  std::vector<std::pair<std::string, Row>> sorted(rows.begin(), rows.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second.worst > b.second.worst; });
  if (!sorted.empty()) {
    html += fmt::format(
        "<h3>Reserves</h3><p>Help that was needed where the muscles could not make the moment: at most {:.2f} N m, at "
        "{}. Up to 5 % of the largest moment is usual.</p><details><summary>Reserves as a table</summary><table>"
        "<caption>Largest reserve in N m and as a share of the largest moment there</caption><thead><tr><td></td>",
        sorted[0].second.worst, escape_html(sorted[0].first));
    for (const Condition& c : conditions) html += "<th scope=\"col\">" + make_condition_label(c) + "</th>";
    html += "</tr></thead><tbody>\n";
    for (const auto& [name, row] : sorted) {
      html += "<tr><th scope=\"row\">" + escape_html(name) + "</th>";
      for (const std::string& cell : row.cells) html += "<td>" + cell + "</td>";
      html += "</tr>\n";
    }
    html += "</tbody></table></details>\n";
  }

  html += "<h3>Muscles at their limit</h3>";
  std::map<std::string, std::vector<double>> shares;
  for (std::size_t i = 0; i < conditions.size(); ++i)
    for (const SaturatedMuscle& m : conditions[i].saturated) {
      auto& cells = shares[m.name];
      cells.resize(conditions.size());
      cells[i] = m.share_of_frames;
    }
  if (shares.empty()) return html + "<p>No muscle is ever fully active.</p>\n";
  html += "<table><caption>Share of the frames at full activation</caption><thead><tr><td></td>";
  for (const Condition& c : conditions) html += "<th scope=\"col\">" + make_condition_label(c) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const auto& [name, cells] : shares) {
    html += "<tr><th scope=\"row\">" + escape_html(name) + "</th>";
    for (double share_of_frames : cells) html += "<td>" + format_quantity(share_of_frames, "0..1") + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table>\n";
}

}  // namespace buttress
