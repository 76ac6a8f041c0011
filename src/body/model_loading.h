#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "io/osim_reader.h"
#include "model/compile.h"
#include "model/model.h"

namespace buttress {

struct ModelRequest {
  std::string file;                          ///< .osim
  std::vector<std::string> force_set_files;  ///< added to the model's forces, or put in their place
  bool replace_force_set = false;
  std::vector<std::string> ignore;  ///< names or types of unsupported elements to leave out
  std::vector<std::string>
      path_set_files;          ///< OpenSim FunctionBasedPathSet files: polynomial paths instead of the model's
  bool simbody_rates = false;  ///< see CompileOptions: OpenSim\'s answer for knees with coupled axes
  ModelParts needed = {};      ///< faults in other parts of the model do not stop the request
  std::string text = {};       ///< what stands in the file when it was changed after reading; empty = the file is read
  ModelUse use = ModelUse::forces;  ///< what is left out of the model is refused only where it would change the answer
};

/// Reads, extends and compiles a model; nothing when there was an error. What it returns can be simulated: building
/// the plans of paths, fibres and passive forces does not throw. Adds FORCE-001 (a passive force whose formula or
/// parameters make no sense), MODEL-033 (a name to ignore that fits nothing) and MODEL-020 (a muscle or path that
/// cannot be prepared) besides those of the readers and of compile(). A model with faults is loaded without the parts
/// that are not needed, if that does without them; MODEL-031, a note, then says what was passed over.
std::optional<Model> load_model(const ModelRequest& request, Diagnostics& diagnostics);

/// `path` as it is when absolute, else seen from `folder`
std::string resolve_path(const std::string& path, const std::string& folder);

}  // namespace buttress
