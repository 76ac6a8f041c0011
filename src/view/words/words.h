#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "study/run_result.h"

/// The sentences of results, from data/words/LANGUAGE.json: what is said about a note, by its code.
namespace buttress {

struct Words {
  std::map<std::string, std::string> notes;  ///< code -> sentence with {name} or {name:.2f} where an argument goes
};

/// Adds WORDS-001 and returns nothing when the file cannot be read or is no catalogue.
std::optional<Words> read_words(const std::string& path, Diagnostics& diagnostics);

/// The sentence of a note; its code and arguments as they are when the catalogue does not have it, so that nothing is
/// lost. Throws std::invalid_argument when the sentence asks for an argument that the note does not have.
std::string say(const Words& words, const Note& note);
/// all notes of a result, in order; that on the strength of its muscles is made from the result's own numbers
std::vector<std::string> say_all(const Words& words, const RunResult& result);

}  // namespace buttress
