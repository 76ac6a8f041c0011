#include "app/track_recording.h"

#include <utility>

namespace buttress {

std::optional<Tracked> track_recording(const Library& library, const TrackRequest& request, RunStatus& status,
                                       Diagnostics& diagnostics) {
  StageClock clock;
  auto outcome = track(library, request, status, diagnostics);
  if (!outcome) return std::nullopt;
  clock.finish("track");
  Provenance provenance{"track",
                        {library.find_model_file(request.model_file), request.marker_file, request.choices.static_file,
                         outcome->naming.map_file},
                        clock};
  return Tracked{std::move(*outcome), std::move(provenance)};
}

}  // namespace buttress
