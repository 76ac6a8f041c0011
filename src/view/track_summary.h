#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "study/provenance.h"
#include "track/track.h"

/// What tracking found, for people, for machines and for other programs.
namespace buttress {

/// a few lines: names, size, fit, what was left out and why, time
std::string describe_track(const TrackRequest& request, const TrackOutcome& outcome);
/// the same for run.json, with the factors of every body
nlohmann::json make_track_record(const TrackOutcome& outcome);
/// what run.json of `buttress track` holds
std::string make_track_record_text(const TrackOutcome& outcome, const Provenance& provenance,
                                   const Diagnostics& diagnostics);

/// paths
struct TrackFiles {
  std::string model;   ///< the scaled model; without scaling the file it was read from, which was not written
  std::string motion;  ///< coordinates, degrees
  std::string errors;  ///< of the markers
  bool is_model_written = false;
  std::vector<std::string> list_written() const;
};
/// Writes MODEL_scaled.osim, RECORDING.mot and RECORDING_marker_errors.sto; nothing after an error.
/// @param recording the recording's name, without folder and ending
std::optional<TrackFiles> write_track(const TrackOutcome& outcome, const std::string& recording,
                                      const std::string& folder, Diagnostics& diagnostics);

/// the same with run.json, which is to hold `record` (the files are added to it, finish_results.h); the paths are added
/// to `text`
bool write_track(const TrackOutcome& outcome, const std::string& recording_file, std::string& record,
                 const std::string& folder, std::string& text, Diagnostics& diagnostics);

}  // namespace buttress
