#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/track.h"

/// What `buttress track` found, for people and for machines.
namespace buttress {

/// a few lines: names, size, fit, what was left out and why, time
std::string describe_track(const TrackRequest& request, const TrackOutcome& outcome);
/// the same for run.json, with the factors of every body
nlohmann::json make_track_record(const TrackOutcome& outcome);

}  // namespace buttress
