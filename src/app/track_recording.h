#pragma once
#include <optional>

#include "study/provenance.h"
#include "track/track.h"

/// `buttress track`: recorded markers to a person's model and movement.
namespace buttress {

struct Tracked {
  TrackOutcome outcome;
  Provenance provenance;
};

/// track() with where its numbers come from
std::optional<Tracked> track_recording(const Library& library, const TrackRequest& request, RunStatus& status,
                                       Diagnostics& diagnostics);

}  // namespace buttress
