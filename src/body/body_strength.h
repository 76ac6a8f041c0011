#pragma once
#include <optional>
#include <string>
#include <vector>

#include "body/strength_norms.h"
#include "model/model.h"

/// A body made as strong as a person: data/norms, or what was measured, against what the muscles can do.
namespace buttress {

/// one action of one side: what the body could do, what it should, what it can now
struct ActionStrength {
  std::string name, title;  ///< "hip_abduction_r", "right hip abduction"
  double as_modelled = 0;   ///< N m
  double target = 0;        ///< N m, the norm or the measured torque
  double sd = 0;            ///< N m: spread between people (norm) or of the measurement
  double fitted = 0;        ///< N m with the factors
  bool is_measured = false;
  std::string sure, source;
};

struct BodyStrength {
  std::vector<double> factor;           ///< [muscles] on the active force: ChainOptions::strength
  std::vector<ActionStrength> actions;  ///< in the order of actions.csv, right before left
};

/// Factors that bring every action of actions.csv that the model has to the person's measured torque, or else to the
/// norm (load/isometric_strength.h measures, load/strength_fit.h shares out). Muscles of none of these actions keep
/// their force. The model should have the person's size already: moment arms and fibre lengths count. Adds PERSON-008
/// for a measured strength of an action that the model does not have, STRENGTH-003 when it has none of the actions at
/// all.
std::optional<BodyStrength> calc_body_strength(const Model& model, const Person& person, const StrengthTables& tables,
                                               Diagnostics& diagnostics);

}  // namespace buttress
