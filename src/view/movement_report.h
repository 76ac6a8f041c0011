#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "study/movement_results.h"
#include "view/words/words.h"

/// What is said about a movement of the library beside what every report says.
namespace buttress {

/// form, glutes and what they cost, measured loads and the longest muscles as sections of HTML
std::string make_movement_sections(const RunResult& result, const MovementResults& results, const Words& words);

/// the same for run.json: form_cues, gluteal_ratios, published_loads, fibre_length_percent
void add_movement_records(const MovementResults& results, nlohmann::json& record);

}  // namespace buttress
