#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "model/model.h"

/// Movements as data: data/movements/*.json, whose format data/movements/README.md describes.
namespace buttress {

/// a number of a movement file: offset + scale * parameter
struct MovementValue {
  double offset = 0, scale = 0;
  std::string parameter;  ///< empty = a plain number
};

struct MovementParameter {
  std::string name, title;
  double value = 0, min = 0, max = 0;  ///< in the unit that the name ends with
};

/// a contact group that touches, or is held where it is
struct Placement {
  std::string group;
  std::string surface;                    ///< empty: held in the air where the keyframe before had it
  bool slides = false;                    ///< true: its height counts, its place does not
  std::optional<MovementValue> x_m, z_m;  ///< of the middle of its points; else where the keyframe before had it
  std::optional<MovementValue> yaw_deg;   ///< turn of its body's x axis about the vertical, towards the left positive
};

struct Keyframe {
  std::string name;
  MovementValue duration_s;                   ///< from the keyframe before
  std::map<std::string, MovementValue> pose;  ///< coordinate -> degrees or metres; others as in the keyframe before
  std::vector<std::string> free;              ///< coordinates that are found: by contact, balance and the least change
  std::vector<Placement> place;
  std::vector<std::string> balance;  ///< groups over whose middle the mass centre stands; empty = not asked for
};

struct MovementSurface {
  std::string name;
  MovementValue x_m, y_m, z_m, length_m, width_m;  ///< middle of the top, its size along x and z
};

/// something heavy that hangs on a body
struct MovementLoad {
  std::string name, body;
  Vec3d p_B{0, 0, 0};
  MovementValue mass_kg;
};

/// what a good execution looks like
struct FormCue {
  std::string title;
  std::string coordinate;          ///< angle of a coordinate, degrees, or
  std::string point, relative_to;  ///< origin of one body from another's
  char axis = 'x';                 ///< in the frame of the body `relative_to`
  double min = -1e9, max = 1e9;    ///< degrees or metres
};

/// a measured load to show beside the computed one
struct PublishedLoad {
  std::string load;     ///< name of the joint load, e.g. hip_r
  double value_BW = 0;  ///< peak, body weights
  std::string source;
};

struct MovementSpec {
  std::string name, title, description, source, file;
  std::vector<MovementParameter> parameters;
  std::vector<std::string> contacts;  ///< groups that may carry load
  std::vector<MovementSurface> surfaces;
  std::vector<MovementLoad> loads;
  std::vector<Keyframe> keyframes;
  bool reversed = false;  ///< the keyframes are run through from the last to the first
  std::vector<FormCue> cues;
  std::vector<PublishedLoad> published;
};

/// names of the movements in the folder, sorted
std::vector<std::string> list_movements(const std::string& folder);

/// Reads a movement file. Adds MOVE-001 when it cannot be read or is no JSON, MOVE-002 for a field that is missing,
/// unknown or of the wrong kind.
std::optional<MovementSpec> read_movement(const std::string& path, Diagnostics& diagnostics);

/// Sets parameters from "name=value" texts; adds MOVE-005 for an unknown name or no number, MOVE-006 outside its range.
void set_parameters(const std::vector<std::string>& settings, MovementSpec& movement, Diagnostics& diagnostics);

/// the number that a value stands for
double find_value(const MovementSpec& movement, const MovementValue& value);

}  // namespace buttress
