#pragma once
#include <string>

#include "study/movement_results.h"
#include "view/words/words.h"

namespace buttress {

/// "0.04 to 0.08 m, asked for -0.05 to 0.05 m"
std::string format_cue_numbers(const CueResult& cue);

/// "about 2.31 BW", "about 2000 N", "a disc pressure of 0.5 MPa"
std::string format_published(const PublishedLoad& load);

/// What `simulate` prints: joint loads beside measured ones, activations, who compensates, stretch and form.
/// `heading` is the first line; `strength_text`, whole lines on how strong the body is, stands near the end.
std::string make_movement_text(const RunResult& result, const MovementResults& results, const std::string& heading,
                               const std::string& strength_text, const Words& words);

}  // namespace buttress
