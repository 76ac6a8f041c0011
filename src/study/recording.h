#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/run_status.h"
#include "body/body_strength.h"
#include "body/muscle_groups.h"
#include "study/run_result.h"
#include "study/trial.h"

/// A recorded movement on a model, whole and, if asked, weakened.
namespace buttress {

/// All that is known before anything is computed.
struct Recording {
  std::shared_ptr<const Model> model;
  MuscleGroups groups;
  Trial trial;
  std::string motion_name, motion_file;
  ContactSet contacts;                   ///< where the ground is to be found; surfaces are put in their place
  std::optional<Person> person;          ///< whose body it is
  std::optional<BodyStrength> strength;  ///< brought to the person's
  std::vector<Note> notes;               ///< what the readers had to assume
  bool has_polynomial_paths = false;
};

struct RecordingOptions {
  std::vector<StrengthChange> strength;  ///< the weakened condition; empty = whole only
  int exponent = 2;                      ///< ChainOptions
  double reserve_strength = 1;
  bool passive_fiber_force = true;
  unsigned thread_count = 0;
};

/// Computes. RECRUIT-001 for the first frame without muscle forces; STRENGTH-002.
/// @param status set to bad_input (nothing is returned), not_solved or done
std::optional<RunResult> study_recording(Recording recording, const RecordingOptions& options, RunStatus& status,
                                         Diagnostics& diagnostics);

}  // namespace buttress
