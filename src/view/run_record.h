#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "study/run_result.h"

/// run.json: where every number of a result folder comes from.
namespace buttress {

/// what every record has: engine version, hashes of the files, messages, stage times
nlohmann::json make_run_record(const Provenance& provenance, const Diagnostics& diagnostics);

/// the same for a result, with the options of the chain, ignored elements and the strength of the last condition
nlohmann::json make_run_record(const RunResult& result, const Diagnostics& diagnostics);

/// the record as the text of run.json; bytes that are not UTF-8 (names and paths in Latin-1) become U+FFFD
std::string format_run_record(const nlohmann::json& record);

}  // namespace buttress
