#pragma once
#include <optional>
#include <string>
#include <vector>

#include "body/person.h"

namespace buttress {

/// what a person's file may name
struct PersonVocabulary {
  std::vector<std::string> lengths;        ///< "thigh", ...
  std::vector<std::string> sided_actions;  ///< "hip_abduction", ...
  std::vector<std::string> actions;        ///< those without a side: "trunk_extension", ...
};

/// Reads --person FILE (JSON; data/norms/README.md describes the fields). Adds
///   PERSON-001  the file cannot be read, or is not JSON
///   PERSON-002  a field is missing, unknown or of the wrong kind
///   PERSON-003  sex or norms are no word that is known
///   PERSON-004  an age for which there are no norms
///   PERSON-005  a height that is no adult's, or in another unit
///   PERSON-006  a mass that is no adult's, or does not go with the height (warning)
///   PERSON-010  a strength that names no action or no side, twice the same, or no torque
/// and returns nothing after an error.
std::optional<Person> read_person(const std::string& path, const PersonVocabulary& vocabulary,
                                  Diagnostics& diagnostics);

}  // namespace buttress
