#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/run_status.h"
#include "body/simulated_body.h"
#include "movement/movement_solver.h"
#include "study/movement_results.h"
#include "study/run_result.h"

/// A movement of the library on the built-in body, no laboratory needed.
namespace buttress {

struct SimulationRequest {
  std::string movement;                  ///< its name, or the file, as the user gave it
  std::string movement_file;             ///< .json
  std::vector<std::string> settings;     ///< "depth_deg=90": parameters of the movement
  std::vector<StrengthChange> strength;  ///< the weakened condition; empty = whole only
  unsigned thread_count = 0;             ///< 0 = all cores
};

/// The movement as it was done, and what came of it.
struct Simulation {
  std::shared_ptr<const SimulatedBody> body;
  MovementSpec movement;  ///< in this body's size, with the settings
  SolvedMovement solved;
  RunResult result;
  MovementResults findings;  ///< of the condition without changes
};

/// Reads the movement, brings it to the body's size, solves it and runs it whole and, if asked, weakened. MOVE-001 to
/// 008 and MOVE-010: see movement.h and movement_solver.h; MOVE-009 when the pressure centre that the movement needs
/// lies outside what touches the ground; STRENGTH-002.
/// @param status set to bad_input (nothing is returned), not_solved (frames without muscle forces) or done
std::optional<Simulation> simulate_movement(std::shared_ptr<const SimulatedBody> body, const SimulationRequest& request,
                                            RunStatus& status, Diagnostics& diagnostics);

}  // namespace buttress
