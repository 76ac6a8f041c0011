#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace buttress {

/// One thing that a reader of a result must know: what it is, and its particulars. data/words makes the sentence.
struct Note {
  using Argument = std::variant<double, std::string>;

  std::string code;                                         ///< a key of "notes" in data/words/en.json
  std::vector<std::pair<std::string, Argument>> arguments;  ///< by the names that stand in the sentence

  bool operator==(const Note&) const = default;
};

/// a sentence that came from elsewhere: a reader's message, a movement's own description
inline Note make_text_note(std::string text) {
  return {"text", {{"text", std::move(text)}}};
}

}  // namespace buttress
