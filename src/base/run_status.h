#pragma once

namespace buttress {

/// how a use case ended; the values are the program's exit codes
enum class RunStatus { done = 0, bad_input = 1, not_solved = 2 };

}  // namespace buttress
