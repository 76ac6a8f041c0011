#pragma once
#include <string>

#include "app/movement_results.h"

namespace buttress {

/// What `simulate` prints: joint loads beside measured ones, activations, who compensates, stretch and form.
/// `heading` is the first line; `strength_text`, whole lines on how strong the body is, stands near the end.
std::string make_movement_text(const Analysis& analysis, const MovementResults& results, const std::string& heading,
                               const std::string& strength_text);

}  // namespace buttress
