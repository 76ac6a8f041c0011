#include "body/name_pattern.h"

#include <cctype>
#include <set>

namespace buttress {

namespace {

constexpr int kDeepest = 20;  // brackets in brackets

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// reads one pattern from left to right
struct Parser {
  std::string_view text;
  std::size_t at = 0;
  bool is_good = true;

  bool has_more() const { return is_good && at < text.size(); }

  /// up to the end or to the bracket that closes it
  std::vector<std::vector<NamePatternItem>> read_alternatives(int depth) {
    std::vector<std::vector<NamePatternItem>> alternatives(1);
    while (has_more() && text[at] != ')') {
      if (text[at] == '|') {
        alternatives.emplace_back();
        ++at;
      } else {
        alternatives.back().push_back(read_item(depth));
      }
    }
    return alternatives;
  }

  NamePatternItem read_item(int depth) {
    NamePatternItem item;
    const char c = text[at++];
    if (c == '(' && depth < kDeepest) {
      item.alternatives = read_alternatives(depth + 1);
      is_good = is_good && at < text.size();
      ++at;
    } else if (c == '[') {
      read_set(item.characters);
    } else if (c == '.') {
      item.characters.set();
    } else if (is_word_character(c)) {
      item.characters.set(static_cast<unsigned char>(c));
    } else {
      is_good = false;
    }
    if (has_more() && (text[at] == '?' || text[at] == '+')) {
      (text[at] == '?' ? item.may_be_absent : item.may_be_repeated) = true;
      ++at;
    }
    return item;
  }

  void read_set(std::bitset<256>& characters) {
    while (has_more() && text[at] != ']') {
      const char first = text[at];
      const bool is_range = at + 2 < text.size() && text[at + 1] == '-' && text[at + 2] != ']';
      const char last = is_range ? text[at + 2] : first;
      is_good = is_range ? is_word_character(first) && is_word_character(last) && first <= last
                         : is_word_character(first) || first == '.' || first == '-';
      if (!is_good) return;
      for (int c = first; c <= last; ++c) characters.set(static_cast<std::size_t>(c));
      at += is_range ? 3 : 1;
    }
    is_good = is_good && at < text.size() && characters.any();
    ++at;
  }
};

/// places in a name, as numbers of characters before them
using Places = std::set<std::size_t>;

Places pass_alternatives(const std::vector<std::vector<NamePatternItem>>& alternatives, std::string_view name,
                         const Places& from);

Places pass_once(const NamePatternItem& item, std::string_view name, const Places& from) {
  if (!item.alternatives.empty()) return pass_alternatives(item.alternatives, name, from);
  Places to;
  for (const std::size_t place : from)
    if (place < name.size() && item.characters[static_cast<unsigned char>(name[place])]) to.insert(to.end(), place + 1);
  return to;
}

/// all places where an item can end that begins at one of `from`
Places pass(const NamePatternItem& item, std::string_view name, const Places& from) {
  Places to = pass_once(item, name, from);
  // again from the places that are new, as long as there are any
  for (Places reached = to; item.may_be_repeated && !reached.empty();) {
    Places next;
    for (const std::size_t place : pass_once(item, name, reached))
      if (to.insert(place).second) next.insert(place);
    reached = std::move(next);
  }
  if (item.may_be_absent) to.insert(from.begin(), from.end());
  return to;
}

Places pass_alternatives(const std::vector<std::vector<NamePatternItem>>& alternatives, std::string_view name,
                         const Places& from) {
  Places to;
  for (const std::vector<NamePatternItem>& items : alternatives) {
    Places places = from;
    for (std::size_t i = 0; i < items.size() && !places.empty(); ++i) places = pass(items[i], name, places);
    to.merge(places);
  }
  return to;
}

}  // namespace

std::optional<NamePattern> parse_name_pattern(std::string_view text) {
  Parser parser{text};
  NamePattern pattern{parser.read_alternatives(0)};
  if (!parser.is_good || parser.at != text.size()) return std::nullopt;
  return pattern;
}

bool fits(const NamePattern& pattern, std::string_view name) {
  return pass_alternatives(pattern.alternatives, name, {0}).count(name.size()) > 0;
}

}  // namespace buttress
