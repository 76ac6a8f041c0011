#pragma once
#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

namespace buttress {

/// One place of a pattern: a character of a set, or one of several alternatives; perhaps left out, perhaps repeated.
struct NamePatternItem {
  std::bitset<256> characters;                             ///< when there are no alternatives
  std::vector<std::vector<NamePatternItem>> alternatives;  ///< ( | )
  bool may_be_absent = false, may_be_repeated = false;     ///< ?, +
};

/// Which names belong together: the part of regular expressions that tables of names need, with the same meaning as in
/// ECMAScript and Python, so that tools read the same tables: letters, digits and _ stand for themselves, . for any
/// character, [a-z1-3.] for one of a set, ( | ) for alternatives, ? and + after one of them. Time and memory grow with
/// the length of the name alone, whatever it holds: names come from files.
struct NamePattern {
  std::vector<std::vector<NamePatternItem>> alternatives;
};

/// nothing when the text is no such pattern
std::optional<NamePattern> parse_name_pattern(std::string_view text);

/// true when the pattern fits the whole name
bool fits(const NamePattern& pattern, std::string_view name);

}  // namespace buttress
