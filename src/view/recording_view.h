#pragma once
#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "study/run_result.h"
#include "track/track.h"
#include "view/words/words.h"

/// What `buttress analyze` shows: the record for machines, and a folder of files.
namespace buttress {

/// what run.json holds; messages are those of `diagnostics`
/// @param tracked nullptr when the motion was no recording of markers
std::string make_recording_record(const RunResult& result, const TrackOutcome* tracked, const Words& words,
                                  const Diagnostics& diagnostics);

/// Writes tables, report.html and run.json into the folder, and what tracking found (track_summary.h).
/// @param record what run.json is to hold; the files are added to it (finish_results.h)
bool write_recording(const RunResult& result, const TrackOutcome* tracked, const Words& words,
                     const std::string& folder, std::string& record, Diagnostics& diagnostics);

}  // namespace buttress
