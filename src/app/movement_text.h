#pragma once
#include <string>

#include "app/movement_results.h"

namespace buttress {

/// how far single numbers may be trusted: from docs/validation.md, shown with every result of a built-in movement
inline constexpr const char* kAgreementWithPeople =
    "Against measurements in people its peak hip loads are 0.9 to 1.9 times as high, its peak knee loads 0.5 to 1.9 "
    "times, and\n"
    "lifting loads the spine 1.2 to 1.4 times as much, compared with standing, as disc pressure does "
    "(docs/validation.md):\n"
    "compare conditions, do not read single values.";

/// What `simulate` prints: joint loads beside measured ones, activations, who compensates, stretch and form.
/// `heading` is the first line; `strength_text`, whole lines on how strong the body is, stands near the end.
std::string make_movement_text(const Analysis& analysis, const MovementResults& results, const std::string& heading,
                               const std::string& strength_text);

}  // namespace buttress
