#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "model/model.h"

namespace buttress {

/// What a model is compiled for, which decides what of it that is not simulated would change the answer.
enum class ModelUse {
  poses,             ///< where bodies, markers and paths are
  inverse_dynamics,  ///< net moments of given movements
  forces             ///< forces shared out among muscles, or given ones that move the model
};

struct CompileOptions {
  /// names (or types) of unsupported elements to leave out instead of refusing
  std::vector<std::string> ignore;
  /// true: joints in which one coordinate turns several axes get Simbody's mistaken angular acceleration, so that
  /// results are OpenSim's; false: mechanics (see multibody/simbody_rates.h)
  bool simbody_rates = false;
  ModelUse use = ModelUse::forces;
  /// false: what muscles do has no part in the answer, and what is assumed of them (MODEL-032) is not said
  bool uses_muscles = true;
};

/// Checks a ModelSpec against itself and turns it into a Model. Every problem is added to `diagnostics` under an
/// id MODEL-nnn with the file and line of the element; nothing is returned if there was an error.
/// Checks: unique names; joints, couplers, points, wraps and forces name things that exist; every body hangs on
/// ground by exactly one joint (no cycles, no loops); no mass below zero (none at all is a warning: inverse dynamics is
/// still defined); muscles have two points or more and positive parameters; unsupported elements that would change the
/// answers of options.use are named in options.ignore (those that would not leave a note or a warning, MODEL-021).
std::optional<Model> compile(const ModelSpec& spec, const CompileOptions& options, Diagnostics& diagnostics);

/// a FunctionSpec as a PiecewisePolynomial. Throws std::invalid_argument when its numbers make no function.
PiecewisePolynomial make_function(const FunctionSpec& spec);

}  // namespace buttress
