#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/diagnostics.h"

/// A folder of results holds those of one run: what an earlier run left there goes when the next one does not write it
/// again.
namespace buttress {

/// Which earlier run makes room for this one.
enum class EarlierRun {
  any_verb,    ///< of any verb that has a folder to itself: analyze, track, simulate, demo
  same_setup,  ///< of the same setup file: OpenSim's tools share a folder
};

/// Ends a run: removes what the run.json of the folder says that an earlier run wrote, if this one did not write it
/// again and does not read it (record["inputs"]); then writes run.json, which lists what this run wrote with its hash
/// (record["files"]). Nothing else is ever removed: no file that is not listed, that was changed since, or that lies
/// elsewhere. APP-003, a note, names what was removed; APP-001: run.json cannot be written.
/// @param written paths of the files; those outside of the folder are not listed
/// @param text set to what run.json holds
bool finish_results(const std::string& folder, const std::vector<std::string>& written, EarlierRun earlier,
                    nlohmann::json& record, std::string& text, Diagnostics& diagnostics);
/// the same for a record that is text already
bool finish_results(const std::string& folder, const std::vector<std::string>& written, EarlierRun earlier,
                    std::string& record_text, Diagnostics& diagnostics);

}  // namespace buttress
