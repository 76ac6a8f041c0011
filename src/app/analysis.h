#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/model_loading.h"
#include "app/muscle_groups.h"
#include "app/track.h"
#include "load/inverse_chain.h"

/// `buttress analyze`: one movement on one body, with its muscles as they are and, if asked, weakened.
namespace buttress {

/// one factor the user gave: "gluteus_medius_r=0.5" for a group with its side, a group on both sides, or one muscle
struct StrengthChange {
  std::string target;
  double factor = 1;
};

/// "name=0.5" -> StrengthChange; adds STRENGTH-001 when it does not read as that or the factor is not in 0..10
std::optional<StrengthChange> parse_strength(const std::string& text, Diagnostics& diagnostics);

/// factors for all muscles of the model [muscles]; adds STRENGTH-002 (with the names that would do) for a target that
/// fits no muscle
std::vector<double> make_strengths(const Model& model, const MuscleGroups& groups,
                                   const std::vector<StrengthChange>& changes, Diagnostics& diagnostics);

/// a curve over the frames of the movement
struct Series {
  std::string name;            ///< key, e.g. "hip_r" or "gluteus_medius_r"
  std::string title;           ///< words for people, e.g. "right hip"
  std::string unit;            ///< "BW", "N", "N m/kg"
  std::vector<double> values;  ///< [frames]
  double peak() const;         ///< the value of largest size
  double mean() const;
};

/// a muscle that was asked for all it has
struct SaturatedMuscle {
  std::string name;
  double share_of_frames = 0;  ///< 0..1
};

/// help that was needed at a coordinate because its muscles could not make the moment
struct ReserveUse {
  std::string coordinate;
  double peak = 0;             ///< N m or N
  double share_of_moment = 0;  ///< peak over the peak net moment there, 0..1 and more
};

/// How far the numbers may be trusted (thresholds of Hicks et al. 2015, J Biomech Eng 137:020905).
struct TrustReport {
  bool sound = true;
  std::vector<std::string> warnings;  ///< whole sentences
  /// body that no joint holds in space, where residuals are added; empty: each is held, and there are none
  std::string residual_body;
  double peak_residual_force = 0;   ///< N, on that body
  double peak_residual_moment = 0;  ///< N m
  double peak_external_force = 0;   ///< N
  std::size_t unsolved_frames = 0;
  std::vector<ReserveUse> reserves;  ///< worst first
};

/// One set of strengths and what came of it.
struct Condition {
  std::string title;  ///< "whole" or "gluteus_medius_r at 50 %"
  std::vector<StrengthChange> changes;
  ChainPlan plan;
  ChainOutput output;
  std::vector<Series> joint_loads;   ///< joint reaction forces in body weights; lumbar levels as compression and shear
  std::vector<Series> group_forces;  ///< N, muscles of one group and side added up
  std::vector<Series> group_activations;  ///< 0..1, weighted by strength
  std::vector<SaturatedMuscle> saturated;
  TrustReport trust;
};

struct Analysis {
  std::string model_name, motion_name;
  double mass = 0, body_weight = 0;   ///< kg, N
  std::vector<double> time;           ///< s
  std::vector<double> q;              ///< [frames x coordinates] rad, m
  std::vector<Series> joint_moments;  ///< N m/kg, net moments of inverse dynamics (same for all conditions)
  std::vector<Condition> conditions;  ///< whole first, then weakened when asked
  std::vector<std::string> notes;     ///< what was assumed, ignored or left out; shown with every result
};

/// [joints] those to ground that let their body leave its place: joints with a slide, such as that of the pelvis
std::vector<bool> find_free_roots(const Model& model);

/// fills joint_loads, group_forces, group_activations, saturated and trust from plan and output
void summarise(const Analysis& analysis, const Model& model, const MuscleGroups& groups, const ChainInput& input,
               Condition& condition);
/// net joint moments by body mass
std::vector<Series> make_joint_moments(const Model& model, const ChainOutput& output, std::size_t frames);

struct AnalyzeRequest {
  std::string model_file;   ///< .osim, or "body" for the built-in body
  std::string motion_file;  ///< coordinates or states (.mot, .sto), or markers (.trc, .c3d), which are tracked first
  std::string loads_file;   ///< ExternalLoads XML or empty
  std::string
      contacts_file;       ///< contact points (io/contact_reader.h) or empty: the ground's force is found, not measured
  MarkerChoices markers;   ///< for a motion_file of markers
  bool use_plates = true;  ///< of a .c3d; false: the ground's force is found from contact points
  std::string path_set_file;  ///< polynomial paths (FunctionBasedPathSet) or empty
  /// whose body (app/person_file.h): the built-in body takes on size and strength, another model strength alone; empty
  /// = the model as it is
  std::string person_file;
  bool strength_as_modelled = false;  ///< with person_file: size alone
  std::vector<StrengthChange> strength;
  std::string out_folder = "buttress-results";
  std::vector<std::string> ignore;
  double lowpass_hz = 6;
  double start = -kInfinity, end = kInfinity;  ///< s
  int exponent = 2;
  double reserve_strength = 1;
  bool passive_fiber_force = true;
  unsigned thread_count = 0;
};

/// Reads, tracks markers if the motion is a recording of markers, computes, and writes .sto tables, run.json and
/// report.html into out_folder. The ground pushes with the loads file, else with the plates of a .c3d
/// (plate_assignment.h), else at the contact points given, else, on the built-in body moved by markers, at its own.
/// APP-002 (warning): the results are to be read with care. PLATE-007 (note): the recording's plates are not used,
/// since the ground's force is given otherwise.
/// @param record_text set to what run.json holds
RunStatus run_analyze(const AnalyzeRequest& request, std::string& record_text, Diagnostics& diagnostics);

}  // namespace buttress
