#pragma once
#include <string>
#include <vector>

#include "app/analysis.h"

/// Built-in movements on the built-in body, no laboratory needed.
namespace buttress {

struct SimulateRequest {
  std::string movement;                  ///< "single_leg_stance"
  std::vector<StrengthChange> strength;  ///< the weakened condition; empty = whole only
  std::string out_folder;                ///< empty = nothing is written
  std::string picture_file;              ///< the posture as SVG; empty = none
  unsigned thread_count = 0;
};

/// Runs the movement whole and, if asked, weakened. The text for the terminal goes to `text`, the same for machines
/// (what run.json holds) to `record_text`. Movements not known: SIM-001 with the names that are.
RunStatus run_simulate(const SimulateRequest& request, std::string& text, std::string& record_text,
                       Diagnostics& diagnostics);

}  // namespace buttress
