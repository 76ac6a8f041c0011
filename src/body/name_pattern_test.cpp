// Patterns of names. What this can prove: they mean what std::regex makes of the same text, on the names of the tables
// and on seeded ones; and no name is too long for them.
#include "body/name_pattern.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <regex>
#include <sstream>

namespace buttress {
namespace {

/// the patterns of data/muscle_groups.csv and a few that it does not have
std::vector<std::string> list_patterns() {
  std::vector<std::string> patterns{"a", "a|b", "(a|b)+c?", "a(b|c(d|e)?)f", ".+", "[a-c]+x", "", "a||b", "(|a)b"};
  std::ifstream file(std::string(BUTTRESS_SOURCE_DIR) + "/data/muscle_groups.csv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string group, pattern;
    std::getline(cells, group, ',');
    std::getline(cells, pattern, ',');
    if (group[0] != '#') patterns.push_back(pattern);
  }
  return patterns;
}

TEST(NamePattern, means_what_a_regular_expression_means) {
  const std::vector<std::string> patterns = list_patterns();
  ASSERT_GT(patterns.size(), 100u);
  std::mt19937_64 random(8);
  int fitting = 0;
  for (const std::string& text : patterns) {
    const auto pattern = parse_name_pattern(text);
    ASSERT_TRUE(pattern) << text;
    const std::regex reference(text);
    // names made of the pattern's own characters, of which many nearly fit, and every alternative without its brackets
    std::string letters;
    for (const char c : text)
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') letters += c;
    std::vector<std::string> names{"", "a", text, letters};
    std::string word;
    for (const char c : text + "|")
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '_')
        word += c;
      else if (c == '|')
        names.push_back(word), word.clear();
    for (int k = 0; k < 40 && !letters.empty(); ++k) {
      std::string name = k % 2 ? names[random() % names.size()] : "";
      for (std::size_t size = random() % 4; name.size() < 12 && size > 0; --size)
        name += letters[random() % letters.size()];
      names.push_back(name);
    }
    for (const std::string& name : names) {
      EXPECT_EQ(fits(*pattern, name), std::regex_match(name, reference)) << text << " on " << name;
      fitting += fits(*pattern, name);
    }
  }
  EXPECT_GT(fitting, 100);
}

TEST(NamePattern, bears_names_of_any_length) {
  const std::string name(100000, 'a');
  for (const char* text : {"a", "a+", ".+", "(a|b)+", "[a-z]+b", "(a+)+"}) {
    const auto pattern = parse_name_pattern(text);
    ASSERT_TRUE(pattern);
    const bool expected = std::string(text) != "a" && std::string(text) != "[a-z]+b";
    EXPECT_EQ(fits(*pattern, name), expected) << text;
  }
}

TEST(NamePattern, refuses_what_it_does_not_know) {
  for (const char* text :
       {"(", ")", "a)", "[", "[]", "[b-a]", "[^a]", "a*", "a{2}", "^a", "a$", "\\d", "?", "a??", "-"})
    EXPECT_FALSE(parse_name_pattern(text)) << text;
  EXPECT_FALSE(parse_name_pattern(std::string(100000, '(')));
}

}  // namespace
}  // namespace buttress
