#pragma once
#include <string>
#include <vector>

#include "app/analysis.h"

/// Movements of data/movements on the built-in body, no laboratory needed.
namespace buttress {

struct SimulateRequest {
  std::string movement;                  ///< a name that list_movements() knows, or a movement file (.json)
  std::vector<std::string> settings;     ///< "depth_deg=90": parameters of the movement
  std::vector<StrengthChange> strength;  ///< the weakened condition; empty = whole only
  std::string out_folder;                ///< empty = nothing is written
  std::string picture_file;              ///< the posture as SVG; empty = none
  /// true: the muscles keep the forces of data/models/buttress_body.osim, whose hip is some twice as strong as people;
  /// false: the strength of people of this sex, age and size (app/body_strength.h)
  bool strength_as_modelled = false;
  unsigned thread_count = 0;
};

/// Runs the movement whole and, if asked, weakened. The text for the terminal goes to `text`, the same for machines
/// (what run.json holds) to `record_text`. Movements not known: SIM-001 with the names that are; MOVE-001 to 008: see
/// movement.h and movement_solver.h; MOVE-009 when the pressure centre that the movement needs lies outside what
/// touches the ground.
RunStatus run_simulate(const SimulateRequest& request, std::string& text, std::string& record_text,
                       Diagnostics& diagnostics);

/// one line for each movement: name, title, parameters with range
std::string describe_movements(Diagnostics& diagnostics);

}  // namespace buttress
