#pragma once
#include <nlohmann/json_fwd.hpp>

#include "study/run_result.h"
#include "view/words/words.h"

namespace buttress {

/// for run.json: of each condition its title, trust, peak joint loads (BW), peak muscle forces by group (N), saturated
/// muscles and reserves
nlohmann::json make_condition_records(const RunResult& result, const Words& words);

}  // namespace buttress
