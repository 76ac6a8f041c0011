#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "body/body_strength.h"
#include "body/person.h"
#include "body/strength_change.h"
#include "load/inverse_chain.h"
#include "study/note.h"
#include "study/provenance.h"

/// One movement on one body under one or more sets of strengths: the numbers, and how far they may be trusted.
namespace buttress {

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
  std::vector<Note> warnings;
  /// body that no joint holds in space, where residuals are added; empty: each is held, and there are none
  std::string residual_body;
  double peak_residual_force = 0;   ///< N, on that body
  double peak_residual_moment = 0;  ///< N m
  double peak_external_force = 0;   ///< N
  std::size_t unsolved_frames = 0;
  std::vector<ReserveUse> reserves;  ///< worst first
};

/// what one column of Condition::output.activation and .force stands for
struct ForceColumn {
  std::string name;
  int muscle = -1;   ///< Model::muscles index; -1: an actuator or a contact point
  double upper = 1;  ///< the most its activation can be
};

/// One set of strengths and what came of it.
struct Condition {
  std::string title;  ///< "whole" or "gluteus_medius_r at 50 %"
  std::vector<StrengthChange> changes;
  std::vector<double> strength;  ///< [muscles] factors on the active force
  ChainOutput output;
  std::vector<Series> joint_loads;   ///< joint reaction forces in body weights; lumbar levels as compression and shear
  std::vector<Series> group_forces;  ///< N, muscles of one group and side added up
  std::vector<Series> group_activations;  ///< 0..1, weighted by strength
  std::vector<SaturatedMuscle> saturated;
  TrustReport trust;
};

/// Owns all that it refers to: it can be kept, drawn and written after everything that made it is gone.
struct RunResult {
  std::string model_name, motion_name;
  std::shared_ptr<const Model> model;
  double mass = 0, body_weight = 0;  ///< kg, N
  std::vector<double> time;          ///< s
  std::vector<double> q;             ///< [frames x coordinates] rad, m
  std::vector<ChainLoad> loads;      ///< from outside, measured or carried
  std::vector<double> load_values;   ///< [frames x loads x 9] as ChainInput::loads
  ChainOptions options;              ///< of the whole condition; a weakened one differs in strength alone
  std::vector<ForceColumn> columns;  ///< muscles, actuators, contact points: of ChainOutput::activation and force
  std::vector<std::string> rows;     ///< coordinates that forces are shared out at: of ChainOutput::reserve
  std::vector<std::string> contact_groups;  ///< of ChainOutput::contact
  std::vector<Series> joint_moments;        ///< N m/kg, net moments of inverse dynamics (same for all conditions)
  std::vector<Condition> conditions;        ///< whole first, then weakened when asked
  std::optional<Person> person;             ///< whose body it is
  std::optional<BodyStrength> strength;     ///< how its muscles were brought to the person's strength
  Provenance provenance;
  std::vector<Note> notes;  ///< what was assumed, ignored or left out; shown with every result

  std::size_t frame_count() const { return time.size(); }
  /// a posture, or next to nothing more: it has no peaks and no times
  bool is_posture() const { return time.size() < 3; }
};

/// the series of that name, or nullptr
const Series* find_series(const std::vector<Series>& list, const std::string& name);

/// [joints] those to ground that let their body leave its place: joints with a slide, such as that of the pelvis
std::vector<bool> find_free_roots(const Model& model);

/// the frame at which the joint loads are largest: the one worth drawing
std::size_t find_busiest_frame(const Condition& condition, std::size_t frames);

/// [(loads + contact groups) x 9] all that pushes the body from outside at one frame, contact groups last
std::vector<double> find_outside_forces(const RunResult& result, const Condition& condition, std::size_t frame);

}  // namespace buttress
