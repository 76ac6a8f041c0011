#include "base/near_names.h"

#include <algorithm>
#include <utility>

namespace buttress {

namespace {

constexpr std::size_t kLettersPerMisspelling = 4;
/// names of files may be long without end
constexpr std::size_t kLongestName = 200;

char to_small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

// Optimal string alignment: three rows of the table are kept, since a swap looks two rows back.
std::size_t count_misspellings(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = to_small(a[i - 1]), y = to_small(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (x == y ? 0u : 1u)});
      if (i > 1 && j > 1 && x == to_small(b[j - 2]) && y == to_small(a[i - 2]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::vector<std::string> find_near_names(std::string_view name, const std::vector<std::string>& candidates,
                                         std::size_t most) {
  if (name.size() > kLongestName) return {};
  const std::size_t allowed = std::max<std::size_t>(1, name.size() / kLettersPerMisspelling);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates) {
    const std::size_t shorter = std::min(name.size(), candidate.size());
    const std::size_t longer = std::max(name.size(), candidate.size());
    if (longer - shorter > allowed) continue;
    const std::size_t count = count_misspellings(name, candidate);
    // a name of one or two letters is not the misspelling of another
    if (count <= allowed && count < shorter) near.emplace_back(count, candidate);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < near.size() && names.size() < most; ++i)
    if (std::find(names.begin(), names.end(), near[i].second) == names.end()) names.push_back(near[i].second);
  return names;
}

std::string ask_for_near_names(std::string_view name, const std::vector<std::string>& candidates) {
  const std::vector<std::string> near = find_near_names(name, candidates);
  if (near.empty()) return {};
  std::string text = "Did you mean " + near[0];
  for (std::size_t i = 1; i < near.size(); ++i) text += (i + 1 == near.size() ? " or " : ", ") + near[i];
  return text + "? ";
}

}  // namespace buttress
