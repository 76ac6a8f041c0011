#pragma once
#include <string>
#include <vector>

#include "app/analysis.h"
#include "app/movement_solver.h"
#include "app/simulated_body.h"

/// Movements of data/movements on the built-in body, no laboratory needed.
namespace buttress {

struct SimulateRequest {
  std::string movement;                  ///< a name that list_movements() knows, or a movement file (.json)
  std::vector<std::string> settings;     ///< "depth_deg=90": parameters of the movement
  std::vector<StrengthChange> strength;  ///< the weakened condition; empty = whole only
  std::string out_folder;                ///< empty = nothing is written
  std::string picture_file;              ///< the posture as SVG; empty = none
  std::string person_file;               ///< whose body (app/person_file.h); empty = a man of 30 years, 75 kg, 1.75 m
  /// true: the muscles keep the forces of data/models/buttress_body.osim (for a person: by volume), whose hip is some
  /// twice as strong as people; false: the strength of people of this sex, age and size (app/body_strength.h)
  bool strength_as_modelled = false;
  unsigned thread_count = 0;
  /// a body that is ready, for many movements one after the other; person_file and strength_as_modelled are then not
  /// looked at. nullptr: it is prepared from them
  const SimulatedBody* body = nullptr;
};

/// What a comparison with measurements looks at: curves of the whole condition.
struct SimulatedCurves {
  std::vector<Series> joint_loads;         ///< see Condition
  std::vector<Series> group_activations;   ///< see Condition
  std::vector<Series> muscle_activations;  ///< 0..1, one for each muscle, under its own name
  TrustReport trust;
  double body_weight = 0;   ///< N
  SolvedMovement movement;  ///< the frames
};

/// Runs the movement whole and, if asked, weakened. The text for the terminal goes to `text`, the same for machines
/// (what run.json holds) to `record_text`. Movements not known: SIM-001 with the names that are; MOVE-001 to 008 and
/// MOVE-010: see movement.h and movement_solver.h; MOVE-009 when the pressure centre that the movement needs lies
/// outside what touches the ground.
/// @param curves filled when given and the movement could be computed
RunStatus run_simulate(const SimulateRequest& request, std::string& text, std::string& record_text,
                       Diagnostics& diagnostics, SimulatedCurves* curves = nullptr);

/// one line for each movement: name, title, parameters with range
std::string describe_movements(Diagnostics& diagnostics);

}  // namespace buttress
