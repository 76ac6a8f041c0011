#pragma once
#include <map>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "model/model.h"

/// Movements as data: data/movements/*.json, whose format data/movements/README.md describes.
namespace buttress {

inline constexpr double kDegree = std::numbers::pi / 180;  ///< rad

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
  std::string surface;  ///< empty: held in the air where the keyframe before had it
  bool slides = false;  ///< true: its height counts, its place does not
  /// of the middle of its points; else where the keyframe before had it. y_m: on walls and in the air
  std::optional<MovementValue> x_m, y_m, z_m;
  std::optional<MovementValue> yaw_deg;  ///< turn of its body's x axis about the vertical, towards the left positive
};

struct Keyframe {
  std::string name;
  MovementValue duration_s;                   ///< from the keyframe before
  std::map<std::string, MovementValue> pose;  ///< coordinate -> degrees or metres; others as in the keyframe before
  std::vector<std::string> free;              ///< coordinates that are found: by contact, balance and the least change
  std::vector<Placement> place;
  std::vector<std::string> balance;  ///< groups over whose middle the mass centre stands; empty = not asked for
};

/// A flat surface. Level it faces up; `incline_deg` tips it about the axis to the right so that it faces forward (90: a
/// wall behind the person, -90: one in front), `turn_deg` then turns it about the vertical, towards the left positive.
struct MovementSurface {
  std::string name;
  MovementValue x_m, y_m, z_m, length_m, width_m;  ///< middle of the top, its size along x and z before it is tipped
  MovementValue incline_deg, turn_deg;
};

/// something heavy that hangs on a body
struct MovementLoad {
  std::string name, body;
  Vec3d p_B{0, 0, 0};
  MovementValue mass_kg;
};

/// An elastic band between points of two bodies, or of one body and the ground: pulls them together with
/// stiffness * (length - rest length) when it is longer than that, and hangs slack otherwise.
struct MovementBand {
  std::string name, from_body, to_body;  ///< "ground" is the world
  Vec3d p_from{0, 0, 0}, p_to{0, 0, 0};  ///< in the frames of their bodies, m
  MovementValue rest_length_m, stiffness_N_m;
};

/// what a good execution looks like
struct FormCue {
  std::string title;
  std::string meaning;             ///< what it is good for, in plain words; may be empty
  std::string coordinate;          ///< angle of a coordinate, degrees, or
  std::string point, relative_to;  ///< origin of one body from another's
  char axis = 'x';                 ///< in the frame of the body `relative_to`
  double min = -1e9, max = 1e9;    ///< degrees or metres
};

/// a measured load to show beside the computed one; one of the three values is given, the others are 0
struct PublishedLoad {
  std::string load;     ///< name of the joint load, e.g. hip_r
  double value_BW = 0;  ///< peak, body weights
  std::string source;
  double value_N = 0, value_MPa = 0;  ///< peak force, or pressure in the disc of that level
};

/// mean + sum over k of cos[k - 1] cos(2 pi k t) + sin[k - 1] sin(2 pi k t), t in cycles; degrees or metres
struct MovementCurve {
  std::string coordinate;  ///< of the midline, or without _r: the right side's; the left side's is half a cycle later
  MovementValue mean;
  std::vector<MovementValue> cos, sin;
  double sure = 3;  ///< degrees or metres by which contact may change it for the same effort
};

/// contact points of the right side that stay where they are for a part of the cycle
struct PlantedPoints {
  std::vector<std::string> points;  ///< names without _r
  MovementValue from_percent, to_percent;
};

/// where the ground's pressure centre goes while the right foot carries alone
struct PressureCourse {
  std::string back, front;  ///< planted points, names without _r
  std::vector<std::pair<double, double>>
      course;  ///< percent of the cycle (0 to 50), percent of the way from back to front
  double sure_m = 0.02;
};

/// A movement that repeats itself, the left side half a cycle after the right.
struct MovementCycle {
  std::optional<MovementValue> period_s, speed_m_s;  ///< one of both
  std::optional<MovementValue> advance_m;            ///< way forward a cycle; else found
  MovementValue rise_m;                              ///< way up a cycle: two steps of stairs
  std::vector<MovementCurve> curves;
  std::vector<PlantedPoints> planted;
  std::optional<PressureCourse> pressure;
};

struct MovementSpec {
  std::string name, title, description, source, file;
  std::vector<MovementParameter> parameters;
  std::vector<std::string> contacts;  ///< groups that may carry load: "GROUP" where placed, "GROUP on SURFACE" anyhow
  std::vector<MovementSurface> surfaces;
  std::vector<MovementLoad> loads;
  std::vector<MovementBand> bands;
  std::vector<Keyframe> keyframes;
  std::optional<MovementCycle> cycle;  ///< instead of keyframes
  bool reversed = false;               ///< the keyframes are run through from the last to the first
  double length_factor = 1;            ///< its lengths over those of the file: scale_lengths()
  bool at_rest = false;                ///< the person lies and rests: muscles with nothing to do are silent
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
