#include "view/words/words.h"

#include <fmt/args.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "io/json_fields.h"
#include "view/strength_text.h"

namespace buttress {

std::optional<Words> read_words(const std::string& path, Diagnostics& diagnostics) {
  try {
    const nlohmann::json document = read_json_file(path);
    if (!document.is_object()) throw std::runtime_error("it cannot be read, or is no JSON object");
    Words words;
    for (const auto& [code, sentence] : document.at("notes").items()) words.notes[code] = sentence.get<std::string>();
    return words;
  } catch (const std::exception& problem) {
    diagnostics.error("WORDS-001", path, 0, std::string("the catalogue of sentences is not usable: ") + problem.what(),
                      "It belongs to the data folder of Buttress; install it anew.");
    return std::nullopt;
  }
}

std::string say(const Words& words, const Note& note) {
  const auto found = words.notes.find(note.code);
  fmt::dynamic_format_arg_store<fmt::format_context> store;
  std::string bare = note.code;
  for (const auto& argument : note.arguments)
    std::visit(
        [&](const auto& value) {
          store.push_back(fmt::arg(argument.first.c_str(), value));
          bare += fmt::format(" {}={}", argument.first, value);
        },
        argument.second);
  if (found == words.notes.end()) return bare;
  try {
    return fmt::vformat(found->second, store);
  } catch (const fmt::format_error&) {
    throw std::invalid_argument("the sentence of the note '" + note.code + "' does not fit its arguments: " + bare);
  }
}

std::vector<std::string> say_all(const Words& words, const RunResult& result) {
  std::vector<std::string> sentences;
  for (const Note& note : result.notes)
    sentences.push_back(note.code == "strength_of_person" && result.strength && result.person
                            ? describe_strength(*result.strength, *result.person)
                            : say(words, note));
  return sentences;
}

}  // namespace buttress
