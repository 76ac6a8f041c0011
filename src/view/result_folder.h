#pragma once
#include <string>

#include "base/diagnostics.h"
#include "study/run_result.h"
#include "view/words/words.h"

namespace buttress {

/// writes the tables of all conditions (.sto), run.json and report.html into the folder
bool write_result_folder(const RunResult& result, const Words& words, const std::string& folder,
                         const std::string& run_json, const std::string& picture_svg, Diagnostics& diagnostics);

}  // namespace buttress
