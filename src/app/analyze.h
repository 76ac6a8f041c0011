#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/run_status.h"
#include "body/library.h"
#include "body/strength_change.h"
#include "study/run_result.h"
#include "track/track.h"
#include "view/words/words.h"

/// `buttress analyze`: one movement on one body, with its muscles as they are and, if asked, weakened.
namespace buttress {

struct AnalyzeRequest {
  std::string model_file;   ///< .osim, or "body" for the built-in body
  std::string motion_file;  ///< coordinates or states (.mot, .sto), or markers (.trc, .c3d), which are tracked first
  std::string loads_file;   ///< ExternalLoads XML or empty
  std::string
      contacts_file;       ///< contact points (io/contact_reader.h) or empty: the ground's force is found, not measured
  MarkerChoices markers;   ///< for a motion_file of markers
  bool use_plates = true;  ///< of a .c3d; false: the ground's force is found from contact points
  std::string path_set_file;  ///< polynomial paths (FunctionBasedPathSet) or empty
  /// whose body (body/person_file.h): the built-in body takes on size and strength, another model strength alone; empty
  /// = the model as it is
  std::string person_file;
  bool strength_as_modelled = false;  ///< with person_file: size alone
  std::vector<StrengthChange> strength;
  std::vector<std::string> ignore;
  double lowpass_hz = 6;
  double start = -kInfinity, end = kInfinity;  ///< s
  int exponent = 2;
  double reserve_strength = 1;
  bool passive_fiber_force = true;
  unsigned thread_count = 0;
};

/// What came of it: the numbers, and the tracking where the motion was a recording of markers.
struct Analyzed {
  RunResult result;
  std::optional<TrackOutcome> tracked;
};

/// Reads, tracks markers if the motion is a recording of markers, and computes. The ground pushes with the loads file,
/// else with the plates of a .c3d (plate_assignment.h), else at the contact points given, else, on the built-in body
/// moved by markers, at its own. APP-002 (warning): the results are to be read with care, in the sentence of `words`.
/// PLATE-007 (note): the recording's plates are not used, since the ground's force is given otherwise.
/// @param status set to bad_input (nothing is returned), not_solved or done
std::optional<Analyzed> analyze(const Library& library, const Words& words, const AnalyzeRequest& request,
                                RunStatus& status, Diagnostics& diagnostics);

}  // namespace buttress
