#include "view/movement_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace buttress {

namespace {

/// one line of the load table
std::string make_load_line(const RunResult& result, const std::string& name, const std::string& remark) {
  const Series* whole = find_series(result.conditions[0].joint_loads, name);
  if (!whole) return {};
  std::string line =
      fmt::format("  {:<34}{:6.2f} BW {:6.0f} N", whole->title, whole->peak(), whole->peak() * result.body_weight);
  if (result.conditions.size() > 1) {
    const double weak = find_series(result.conditions[1].joint_loads, name)->peak();
    // a change below half a per cent has no sign
    const double percent = std::round(100 * (weak - whole->peak()) / std::abs(whole->peak())) + 0.0;
    line += fmt::format("  | {:6.2f} BW {:6.0f} N  ({:+.0f} %)", weak, weak * result.body_weight, percent);
  }
  return line + (remark.empty() ? "" : "   " + remark) + "\n";
}

/// groups whose force changes most, as "who compensates"
std::string make_compensation_lines(const RunResult& result, std::size_t count) {
  const auto& whole = result.conditions[0].group_forces;
  const auto& weak = result.conditions[1].group_forces;
  std::vector<std::size_t> order(whole.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto change = [&](std::size_t i) { return weak[i].peak() - whole[i].peak(); };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return std::abs(change(a)) > std::abs(change(b)); });
  std::string text;
  for (std::size_t i = 0; i < std::min(count, order.size()); ++i) {
    const std::size_t g = order[i];
    if (std::abs(change(g)) < 1) break;
    text +=
        fmt::format("  {:<34}{:6.0f} N -> {:6.0f} N  ({:+.0f} N)   activation {:3.0f} % -> {:3.0f} %\n", whole[g].title,
                    whole[g].peak(), weak[g].peak(), change(g), 100 * result.conditions[0].group_activations[g].peak(),
                    100 * result.conditions[1].group_activations[g].peak());
  }
  return text;
}

/// peak and mean activation of the groups that people ask for, busiest first
std::string make_activation_lines(const RunResult& result, std::size_t count) {
  const auto& whole = result.conditions[0].group_activations;
  std::vector<std::size_t> order(whole.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto is_gluteal = [&](std::size_t i) {
    return whole[i].name.rfind("gluteus", 0) == 0 || whole[i].name.rfind("tensor", 0) == 0;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (is_gluteal(a) != is_gluteal(b)) return is_gluteal(a);
    return !is_gluteal(a) && whole[a].peak() > whole[b].peak();
  });
  std::string text;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Series& s = whole[order[i]];
    if (!is_gluteal(order[i]) && (count == 0 || s.peak() < 0.01)) break;
    if (!is_gluteal(order[i])) --count;
    text += fmt::format("  {:<34}peak {:3.0f} %   mean {:3.0f} %\n", s.title, 100 * s.peak(), 100 * s.mean());
  }
  return text;
}

}  // namespace

std::string format_cue_numbers(const CueResult& cue) {
  const int digits = cue.unit == "m" ? 2 : 0;
  // no minus before a zero
  const auto number = [&](double x) {
    const std::string text = fmt::format("{:.{}f}", x, digits);
    return text.find_first_of("123456789") == std::string::npos && text[0] == '-' ? text.substr(1) : text;
  };
  std::string text = number(cue.lowest) + " to " + number(cue.highest) + " " + cue.unit + ", asked for ";
  if (cue.min > -1e8 && cue.max < 1e8)
    text += number(cue.min) + " to " + number(cue.max);
  else
    text += cue.max < 1e8 ? "at most " + number(cue.max) : "at least " + number(cue.min);
  return text + " " + cue.unit;
}

std::string format_published(const PublishedLoad& load) {
  if (load.value_BW > 0) return fmt::format("about {:.2f} BW", load.value_BW);
  if (load.value_N > 0) return fmt::format("about {:.0f} N", load.value_N);
  return fmt::format("a disc pressure of {:.2f} MPa", load.value_MPa);
}

std::string make_movement_text(const RunResult& result, const MovementResults& results, const std::string& heading,
                               const std::string& strength_text, const Words& words) {
  std::string text = heading;
  text += "\nJoint loads (1 BW = one body weight)\n";
  text += fmt::format("  {:<34}{:>9} {:>8}", "", "whole", "");
  if (result.conditions.size() > 1) text += "  |  " + result.conditions[1].title;
  text += "\n";
  for (const char* name :
       {"hip_r", "hip_l", "walker_knee_r", "walker_knee_l", "L3_L4_compression", "L4_L5_compression", "L4_L5_shear",
        "L5_S1_compression", "L5_S1_shear", "sacroiliac_r_compression", "sacroiliac_r_shear"}) {
    std::string remark;
    for (const PublishedLoad& p : results.published)
      if (p.load == name) remark = fmt::format("measured in people: {} ({})", format_published(p), p.source);
    text += make_load_line(result, name, remark);
  }
  text += "\nActivation" + std::string(result.conditions.size() > 1 ? ", whole" : "") + "\n" +
          make_activation_lines(result, 8);
  for (const GlutealRatios& r : results.ratios)
    text += fmt::format(
        "  {} side: gluteal-to-TFL index {:.0f}; per body weight on L4-L5: gluteus maximus {:.1f} %, medius {:.1f} %\n",
        r.side == 'r' ? "right" : "left", r.index_to_tensor(), r.maximus_per_disc_load(), r.medius_per_disc_load());
  if (!results.ratios.empty()) text += "  " + say(words, {"gluteal_index_caution", {}}) + "\n";
  if (result.conditions.size() > 1) text += "\nWho works more, who works less\n" + make_compensation_lines(result, 10);
  text += "\nLongest muscles (fibre length, % of optimum: shortest to longest)\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(6, results.stretches.size()); ++i) {
    const MuscleStretch& stretch = results.stretches[i];
    text += fmt::format("  {:<34}{:3.0f} to {:3.0f} %\n", stretch.title, stretch.shortest, stretch.longest);
  }
  if (!results.cues.empty()) text += "\nForm\n";
  for (const CueResult& cue : results.cues) {
    text += fmt::format("  {:<10}{}: {}\n", cue.met ? "kept" : "NOT KEPT", cue.title, format_cue_numbers(cue));
    if (!cue.meaning.empty()) text += fmt::format("            {}\n", cue.meaning);
  }
  text += strength_text;
  for (const Condition& c : result.conditions)
    for (const Note& warning : c.trust.warnings)
      text += fmt::format("\nRead with care ({}): {}\n", c.title, say(words, warning));
  text += fmt::format("\nA generic body.\n{}\nDecision support and education: not a diagnosis, not for emergencies.\n",
                      say(words, {"agreement_with_people", {}}));
  return text;
}

}  // namespace buttress
