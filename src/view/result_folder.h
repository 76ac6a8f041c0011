#pragma once
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "study/run_result.h"
#include "view/words/words.h"

namespace buttress {

/// Writes the tables of all conditions (.sto) and report.html into the folder and ends the run (finish_results.h).
/// @param written what the run has written there already
/// @param record what run.json is to hold; the files are added to it
bool write_result_folder(const RunResult& result, const Words& words, const std::string& folder,
                         const std::string& picture_svg, std::vector<std::string> written, std::string& record,
                         Diagnostics& diagnostics);

}  // namespace buttress
