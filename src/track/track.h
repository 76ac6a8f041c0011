#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/run_status.h"
#include "body/library.h"
#include "body/model_loading.h"
#include "io/marker_file.h"
#include "track/marker_outliers.h"
#include "track/marker_scaling.h"

/// `buttress track`: a recording of markers and a generic model become that person's model and movement.
///
/// Ids of this header, besides those of marker_naming.h, marker_pairs.h, marker_scaling.h, inverse kinematics and
/// files:
///   TRACK-004  the person does not stand upright: axes, or lying (warning where the body itself tells what is up)
///   TRACK-006  mass or height out of the range of people
///   TRACK-008  no mass was given (note: the model's, with the height squared)
///   TRACK-010  the recording fits much better as its mirror image
///   TRACK-011  a marker is left out where it is far from the body (warning)
///   TRACK-012  markers of no anatomical place are left out (note)
///   TRACK-013  --up names no axis
///   TRACK-014  the file's name ends neither in .trc nor in .c3d
///   TRACK-015  options that contradict one another
///   TRACK-017  frames before and after those that show the person are left out (note)
///   TRACK-018  the markers lie far from the body as a whole (warning)
///   TRACK-019  the markers that are known do not tell where the legs are (a warning if most names are known and no
///              loads are asked for)
///   TRACK-020  the markers that are known tell of one leg only (warning)
namespace buttress {

/// what may be said about a recording of markers
struct MarkerChoices {
  std::string static_file;  ///< a static trial that gives the size; empty: the movement itself
  std::string map_file;     ///< marker map; empty: the built-in one that fits best
  std::string up;           ///< axis of the file that points up; empty: the file's own statement, else y
  double mass = 0;          ///< kg; 0 = not known
  double height = 0;        ///< m; 0 = not known
  bool scale = true;        ///< false: the model is this person's already, with the markers where they were placed
  /// called now and then with what is being done and the share that is done (0 to 1); may be empty
  std::function<void(const std::string& stage, double share)> progress;
};

struct TrackRequest {
  std::string model_file;  ///< .osim, or "body" for the built-in body
  std::string marker_file;
  MarkerChoices choices;
  bool needs_legs = false;    ///< loads are going to be computed: legs of which nothing is known are an error
  bool needs_plates = false;  ///< plates that cannot be read are an error, else they are left out with a note
};

struct TrackOutcome {
  std::string model_file;  ///< the file that the model was read from
  std::string model_name;  ///< of the scaled model; the file's name without its ending when nothing was scaled
  std::string model_text;  ///< the scaled model as a file would hold it; empty without scaling
  std::shared_ptr<const Model> model;  ///< scaled, with markers in place
  MarkerRecording recording;           ///< in W, with the model's names
  MarkerNaming naming;
  std::optional<PersonSize> size;  ///< nothing without scaling
  double mass = 0;                 ///< kg
  bool is_mass_given = false;
  std::vector<std::string> technical;   ///< left out: markers of no anatomical place
  std::vector<MarkerOutlier> outliers;  ///< left out: far from the body
  InverseKinematicsResult result;
  double rms = 0;    ///< m, all markers and frames that were fitted
  double worst = 0;  ///< m
  std::string worst_marker;
  double worst_time = 0;  ///< s
  double seconds = 0;     ///< of the whole
};

/// Reads, scales and fits, in memory. Weights are 1, and kNearWeight for places that are only near. Nothing when there
/// is an error. Status: not_solved when frames did not reach their minimum.
std::optional<TrackOutcome> track(const Library& library, const TrackRequest& request, RunStatus& status,
                                  Diagnostics& diagnostics);

}  // namespace buttress
