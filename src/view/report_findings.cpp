#include "view/report_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "body/joint_titles.h"
#include "view/report_numbers.h"

namespace buttress {

namespace {

/// smaller changes are not worth a word
constexpr double kSmallLoadChange = 0.05;  // BW
constexpr double kSmallForceChange = 10;   // N

std::string make_target_name(const std::string& target, const std::vector<Series>& groups) {
  if (const Series* group = find_series(groups, target)) return group->title;
  std::string words = make_words(target);
  if (find_series(groups, target + "_r") && find_series(groups, target + "_l")) words += " on both sides";
  return words;
}

/// "a", "a and b", "a, b and c"
std::string join_words(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  return text;
}

struct Change {
  std::size_t index = 0;
  double first = 0, second = 0;
  double size() const { return std::abs(second) - std::abs(first); }
};

/// changes of the peaks, largest first
std::vector<Change> rank_changes(const std::vector<Series>& first, const std::vector<Series>& second) {
  std::vector<Change> changes;
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i)
    changes.push_back({i, first[i].peak(), second[i].peak()});
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return std::abs(a.size()) > std::abs(b.size()); });
  return changes;
}

bool is_changed(const Condition& condition, const std::string& group) {
  for (const StrengthChange& change : condition.changes)
    if (change.target == group || change.target + "_r" == group || change.target + "_l" == group) return true;
  return false;
}

/// what the muscles whose strength was changed now give, and how hard they work for it
std::string describe_changed_muscles(const RunResult& result) {
  const Condition &first = result.conditions[0], &second = result.conditions[1];
  const bool single = result.is_posture();
  const char *const at_most = single ? "" : "at most ", *const up_to = single ? "" : "up to ";
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < first.group_forces.size() && parts.size() < 4; ++i) {
    const Series &a = first.group_forces[i], &b = second.group_forces[i];
    if (!is_changed(second, a.name)) continue;
    std::string part = fmt::format("the {} gives {}{} instead of {}", a.title, at_most,
                                   format_in_words(b.peak(), a.unit), format_in_words(a.peak(), a.unit));
    const Series *work_a = find_series(first.group_activations, a.name),
                 *work_b = find_series(second.group_activations, a.name);
    if (work_a && work_b)
      part += fmt::format(", at {}{} of the strength it has left instead of {}", up_to,
                          format_quantity(work_b->peak(), "0..1"), format_quantity(work_a->peak(), "0..1"));
    parts.push_back(part);
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string describe_other_muscles(const RunResult& result) {
  const Condition &first = result.conditions[0], &second = result.conditions[1];
  const std::vector<Change> changes = rank_changes(first.group_forces, second.group_forces);
  std::vector<std::string> more, less;
  double largest = 0;
  for (const Change& change : changes) {
    const Series& group = first.group_forces[change.index];
    if (is_changed(second, group.name)) continue;
    largest = std::max(largest, std::abs(change.size()));
    if (std::abs(change.size()) < std::max(kSmallForceChange, 0.2 * largest)) break;
    std::vector<std::string>& list = change.size() > 0 ? more : less;
    if (list.size() < 4)
      list.push_back(fmt::format("{} {}{}", group.title, format_in_words(std::abs(change.size()), group.unit),
                                 !list.empty()       ? ""
                                 : change.size() > 0 ? " more"
                                                     : " less"));
  }
  if (more.empty() && less.empty()) return " No other muscle group's largest force changes by as much as 10 N.";
  std::string text = result.is_posture() ? " Other muscles: " : " Other muscles at their peaks: ";
  if (!more.empty()) text += join_words(more);
  if (!more.empty() && !less.empty()) text += "; ";
  if (!less.empty()) text += join_words(less);
  return text + ".";
}

std::string describe_joints(const RunResult& result) {
  const Condition &first = result.conditions[0], &second = result.conditions[1];
  if (first.joint_loads.empty()) return {};
  std::vector<std::string> parts;
  std::size_t count = 0;
  for (const Change& change : rank_changes(first.joint_loads, second.joint_loads)) {
    if (std::abs(change.size()) < kSmallLoadChange) break;
    if (++count > 4) continue;
    const Series& joint = first.joint_loads[change.index];
    const std::string percent = format_change(change.first, change.second, joint.unit);
    parts.push_back(fmt::format("{} {} {}{}", joint.title, format_in_words(std::abs(change.size()), joint.unit),
                                change.size() > 0 ? "more" : "less",
                                percent.empty() ? "" : fmt::format(" ({})", percent)));
  }
  if (parts.empty()) return " No joint's largest load changes by as much as 0.05 BW.";
  return (result.is_posture() ? " Load on the joints: " : " Peak load on the joints: ") + join_words(parts) +
         (count > parts.size() ? fmt::format(", and {} smaller changes.", count - parts.size())
                               : "; the others change by less than 0.05 BW.");
}

std::string describe_limits(const RunResult& result) {
  std::vector<std::string> parts;
  for (const Condition& c : result.conditions) {
    if (c.saturated.empty()) continue;
    std::vector<std::string> names;
    for (const SaturatedMuscle& muscle : c.saturated)
      if (names.size() < 3) names.push_back(muscle.name);
    if (c.saturated.size() > names.size()) names.push_back(fmt::format("{} more", c.saturated.size() - names.size()));
    const bool alone = result.conditions.size() == 1;
    parts.push_back(join_words(names) + (alone ? "" : fmt::format(" ({})", make_condition_label(c))));
  }
  if (parts.empty()) return {};
  return fmt::format(" Fully active{}: {}.", result.is_posture() ? "" : " for some of the time",
                     fmt::join(parts, "; "));
}

std::string describe_single(const RunResult& result) {
  const Condition& condition = result.conditions[0];
  const auto top = [](const std::vector<Series>& list, std::size_t count) {
    std::vector<std::string> parts;
    for (const Change& change : rank_changes(std::vector<Series>(list.size()), list)) {
      if (parts.size() == count) break;
      parts.push_back(list[change.index].title + " " + format_in_words(change.second, list[change.index].unit));
    }
    return join_words(parts);
  };
  std::string text;
  if (!condition.joint_loads.empty()) text += "The largest joint loads: " + top(condition.joint_loads, 4) + ".";
  if (!condition.group_forces.empty())
    text += " The muscle groups with the largest forces: " + top(condition.group_forces, 4) + ".";
  if (!condition.group_activations.empty())
    text += " Those that use most of their strength: " + top(condition.group_activations, 4) + ".";
  return text + describe_limits(result);
}

}  // namespace

std::string make_condition_name(const Condition& condition) {
  if (condition.changes.empty()) return condition.title;
  std::vector<std::string> parts;
  for (const StrengthChange& change : condition.changes)
    parts.push_back(
        fmt::format("{} at {:.3g} %", make_target_name(change.target, condition.group_forces), 100 * change.factor));
  return join_words(parts);
}

std::string make_condition_label(const Condition& condition) {
  if (condition.changes.empty()) return "normal";
  const auto all = [&](auto test) {
    return std::all_of(condition.changes.begin(), condition.changes.end(),
                       [&](const auto& c) { return test(c.factor); });
  };
  if (all([](double f) { return f <= 1; })) return "weakened";
  if (all([](double f) { return f >= 1; })) return "strengthened";
  return "changed";
}

std::string make_findings(const RunResult& result) {
  if (result.conditions.empty()) return {};
  if (result.conditions.size() < 2) return describe_single(result);
  const std::string changed = describe_changed_muscles(result);
  return "With " + make_condition_name(result.conditions[1]) + (changed.empty() ? ":" : ", " + changed + ".") +
         describe_other_muscles(result) + describe_joints(result) + describe_limits(result);
}

int find_joint_rank(const std::string& title) {
  static const char* const kOrder[] = {"hip",   "knee",  "L5-S1",  "lower back", "L4-L5", "L3-L4",
                                       "L2-L3", "L1-L2", "T12-L1", "sacroiliac", "ankle"};
  int rank = 0;
  for (const char* word : kOrder) {
    if (title.find(word) != std::string::npos) return rank;
    ++rank;
  }
  return rank;
}

}  // namespace buttress
