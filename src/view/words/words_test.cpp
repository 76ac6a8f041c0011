// What these tests can prove: every note that the code can make has its sentence, and every sentence its note.
#include "view/words/words.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "body/data_folder.h"

namespace buttress {
namespace {

Words read() {
  Diagnostics diagnostics;
  const auto words = read_words(find_data_folder() + "/words/en.json", diagnostics);
  EXPECT_TRUE(words);
  return words.value_or(Words{});
}

/// whether a source of the product holds the code between quotes
bool is_made_somewhere(const std::string& code) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(BUTTRESS_SOURCE_DIR "/src")) {
    const std::string path = entry.path().string();
    if (entry.path().extension() != ".cpp" || path.find("_test.cpp") != std::string::npos) continue;
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    if (text.str().find('"' + code + '"') != std::string::npos) return true;
  }
  return false;
}

TEST(Words, EverySentenceIsOfANoteThatTheCodeMakes) {
  for (const auto& [code, sentence] : read().notes)
    if (code != "text") EXPECT_TRUE(is_made_somewhere(code)) << code;
}

TEST(Words, FillsArgumentsIn) {
  const Words words = read();
  EXPECT_EQ(say(words, {"residual_moment", {{"moment_Nm", 45.2}, {"body", "pelvis"}, {"usual_Nm", 21.4}}}),
            "A moment of 45 N m had to be added at the pelvis; up to 21 N m is usual for this body.");
  EXPECT_EQ(say(words, make_text_note("As it is {x}.")), "As it is {x}.");
}

TEST(Words, LoseNothingOfANoteThatTheyDoNotKnow) {
  EXPECT_EQ(say(Words{}, {"new_note", {{"a", 1.5}, {"b", "c"}}}), "new_note a=1.5 b=c");
}

TEST(Words, RefuseASentenceThatAsksForWhatTheNoteDoesNotHave) {
  EXPECT_THROW(say({{{"x", "{missing}"}}}, {"x", {}}), std::invalid_argument);
}

TEST(Words, SayWhatIsWrongWithTheirFile) {
  const std::string path = testing::TempDir() + "words.json";
  for (const char* text : {"", "[]", "{}", R"({"notes": {"a": 1}})"}) {
    std::ofstream(path) << text;
    Diagnostics diagnostics;
    EXPECT_FALSE(read_words(path, diagnostics)) << text;
    ASSERT_EQ(diagnostics.items().size(), 1u);
    EXPECT_EQ(diagnostics.items()[0].id, "WORDS-001");
  }
}

}  // namespace
}  // namespace buttress
