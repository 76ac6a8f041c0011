#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "body/body_strength.h"
#include "body/person.h"

/// How strong a body was made, for people and for machines.
namespace buttress {

/// "man, 30 years, 75 kg, 1.75 m"
std::string describe_person(const Person& person);

/// a table for the terminal, right and left in one line where they agree
std::string make_strength_lines(const BodyStrength& strength);
/// one sentence for the notes of a result
std::string describe_strength(const BodyStrength& strength, const Person& person);
/// for run.json: per action torques, band, source; per muscle the factor
nlohmann::json make_strength_record(const Model& model, const BodyStrength& strength);

}  // namespace buttress
