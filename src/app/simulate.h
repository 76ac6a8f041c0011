#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/run_status.h"
#include "body/library.h"
#include "study/simulation.h"

/// `buttress simulate`: a movement of data/movements on the built-in body.
namespace buttress {

struct SimulateRequest {
  std::string movement;                  ///< a name that list_movements() knows, or a movement file (.json)
  std::vector<std::string> settings;     ///< "depth_deg=90": parameters of the movement
  std::vector<StrengthChange> strength;  ///< the weakened condition; empty = whole only
  std::string person_file;               ///< whose body (body/person_file.h); empty = a man of 30 years, 75 kg, 1.75 m
  /// true: the muscles keep the forces of data/models/buttress_body.osim (for a person: by volume), whose hip is some
  /// twice as strong as people; false: the strength of people of this sex, age and size (body/body_strength.h)
  bool strength_as_modelled = false;
  unsigned thread_count = 0;
};

/// Runs the movement whole and, if asked, weakened: simulate_movement(). Movements not known: SIM-001 with the names
/// that are.
std::optional<Simulation> simulate(const Library& library, const SimulateRequest& request, RunStatus& status,
                                   Diagnostics& diagnostics);

/// one line for each movement: name, title, parameters with range
std::string describe_movements(const Library& library, Diagnostics& diagnostics);

}  // namespace buttress
