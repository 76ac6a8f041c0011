#include "view/movement_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "view/movement_text.h"
#include "view/svg_chart.h"

namespace buttress {

namespace {

std::string make_row(const std::string& name, const std::vector<std::string>& cells) {
  std::string html = "<tr><th scope=\"row\">" + escape_html(name) + "</th>";
  for (const std::string& cell : cells) html += "<td>" + escape_html(cell) + "</td>";
  return html + "</tr>\n";
}

std::string make_head(const std::string& caption, const std::vector<std::string>& columns) {
  std::string html = "<table><caption>" + escape_html(caption) + "</caption><thead><tr><td></td>";
  for (const std::string& column : columns) html += "<th scope=\"col\">" + escape_html(column) + "</th>";
  return html + "</tr></thead><tbody>\n";
}

std::string make_form_section(const std::vector<CueResult>& cues) {
  if (cues.empty()) return {};
  std::string html =
      "<h2>Form</h2><p class=\"soft\">What a good execution looks like, looked up in the simulated movement.</p><ul>\n";
  for (const CueResult& cue : cues) {
    html += fmt::format("<li><strong>{} {}:</strong> {}.", cue.met ? "\u2713 Kept," : "! Not kept,",
                        escape_html(cue.title), escape_html(format_cue_numbers(cue)));
    html += fmt::format(" {}</li>\n", escape_html(cue.meaning));
  }
  return html + "</ul>\n";
}

std::string make_gluteal_section(const std::vector<GlutealRatios>& ratios, const Words& words) {
  std::string html =
      std::string(
          "<h2>Glute work and what it costs</h2><p class=\"soft\">Mean activation over the movement. Glute work "
          "per body weight on the disc L4-L5 is high when the back is spared.</p>\n<p class=\"soft\">") +
      escape_html(say(words, {"gluteal_index_caution", {}})) + "</p>\n";
  html += make_head("Glutes, tensor and lumbar load", {"right", "left"});
  const auto add = [&](const std::string& name, const char* format, auto find) {
    std::vector<std::string> cells;
    cells.reserve(ratios.size());
    for (const GlutealRatios& r : ratios) cells.push_back(fmt::format(fmt::runtime(format), find(r)));
    html += make_row(name, cells);
  };
  add("gluteus maximus", "{:.1f} %", [](const GlutealRatios& r) { return r.maximus; });
  add("gluteus medius", "{:.1f} %", [](const GlutealRatios& r) { return r.medius; });
  add("tensor fasciae latae", "{:.1f} %", [](const GlutealRatios& r) { return r.tensor; });
  add("gluteal-to-TFL index", "{:.0f}", [](const GlutealRatios& r) { return r.index_to_tensor(); });
  add("gluteus maximus per body weight on L4-L5", "{:.1f} %",
      [](const GlutealRatios& r) { return r.maximus_per_disc_load(); });
  add("gluteus medius per body weight on L4-L5", "{:.1f} %",
      [](const GlutealRatios& r) { return r.medius_per_disc_load(); });
  return html + "</tbody></table>\n";
}

std::string make_published_section(const RunResult& result, const std::vector<PublishedLoad>& published) {
  std::string rows;
  for (const PublishedLoad& p : published)
    for (const Series& s : result.conditions[0].joint_loads)
      if (s.name == p.load)
        rows += make_row(s.title, {fmt::format("{:.2f} BW, {:.0f} N", s.peak(), s.peak() * result.body_weight),
                                   format_published(p), p.source});
  if (rows.empty()) return {};
  return "<h2>Measured in people</h2>" +
         make_head("Peak loads of this simulation beside published ones of the same task",
                   {"here", "published", "by"}) +
         rows + "</tbody></table>\n";
}

std::string make_stretch_section(const std::vector<MuscleStretch>& stretches) {
  if (stretches.empty()) return {};
  std::string html =
      "<h2>Stretch</h2><p class=\"soft\">Fibre length in percent of the length at which the muscle is strongest, with "
      "stiff tendons. A group is as long as its longest muscle. Above about 140 % a muscle is stretched hard.</p>\n";
  const auto make_rows = [&](std::size_t begin, std::size_t end) {
    std::string rows;
    for (std::size_t i = begin; i < end; ++i)
      rows += make_row(stretches[i].title,
                       {fmt::format("{:.0f} %", stretches[i].shortest), fmt::format("{:.0f} %", stretches[i].longest)});
    return rows + "</tbody></table>";
  };
  const std::size_t open = std::min<std::size_t>(8, stretches.size());
  html += make_head("The longest muscles", {"shortest", "longest"}) + make_rows(0, open);
  if (open < stretches.size())
    html += "<details><summary>All other muscles</summary>" +
            make_head("Fibre length of the other muscles", {"shortest", "longest"}) +
            make_rows(open, stretches.size()) + "</details>";
  return html + "\n";
}

}  // namespace

std::string make_movement_sections(const RunResult& result, const MovementResults& results, const Words& words) {
  return make_form_section(results.cues) + make_gluteal_section(results.ratios, words) +
         make_published_section(result, results.published) + make_stretch_section(results.stretches);
}

void add_movement_records(const MovementResults& results, nlohmann::json& record) {
  record["form_cues"] = nlohmann::json::array();
  for (const CueResult& cue : results.cues) {
    nlohmann::json entry = {{"title", cue.title},   {"meaning", cue.meaning}, {"met", cue.met},
                            {"lowest", cue.lowest}, {"highest", cue.highest}, {"unit", cue.unit}};
    if (cue.min > -1e8) entry["min"] = cue.min;
    if (cue.max < 1e8) entry["max"] = cue.max;
    record["form_cues"].push_back(entry);
  }
  for (const GlutealRatios& r : results.ratios)
    record["gluteal_ratios"][std::string(1, r.side)] = {
        {"mean_gluteus_maximus_percent", r.maximus},
        {"mean_gluteus_medius_percent", r.medius},
        {"mean_tensor_fasciae_latae_percent", r.tensor},
        {"mean_L4_L5_compression_BW", r.disc_load},
        {"gluteus_maximus_percent_per_BW_on_L4_L5", r.maximus_per_disc_load()},
        {"gluteus_medius_percent_per_BW_on_L4_L5", r.medius_per_disc_load()}};
  for (const GlutealRatios& r : results.ratios)
    record["gluteal_to_tfl_index"][std::string(1, r.side)] = r.index_to_tensor();
  record["published_loads"] = nlohmann::json::array();
  for (const PublishedLoad& p : results.published) {
    nlohmann::json entry = {{"load", p.load}, {"source", p.source}};
    if (p.value_BW > 0) entry["value_BW"] = p.value_BW;
    if (p.value_N > 0) entry["value_N"] = p.value_N;
    if (p.value_MPa > 0) entry["value_MPa"] = p.value_MPa;
    record["published_loads"].push_back(entry);
  }
  for (const MuscleStretch& s : results.stretches) record["fibre_length_percent"][s.name] = {s.shortest, s.longest};
}

}  // namespace buttress
