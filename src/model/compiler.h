#pragma once
#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

#include "model/compile.h"

/// The parts of compile(); nothing outside model/ needs this header.
namespace buttress {

/// What the parts of compile() share: the spec, the model being filled, names already seen, and where to report.
struct Compiler {
  const ModelSpec& spec;
  const CompileOptions& options;
  Diagnostics& diagnostics;
  Model model;
  std::map<std::string, int> body_index, coordinate_index, wrap_index;
  std::size_t contact_pairs = 0;  ///< of all contact forces so far

  void error(const char* id, SourceLine at, std::string message, std::string advice = {}) {
    diagnostics.error(id, spec.file, at.line, std::move(message), std::move(advice));
  }

  bool is_ignored(const std::string& type, const std::string& name) const {
    const auto& list = options.ignore;
    return std::find(list.begin(), list.end(), name) != list.end() ||
           std::find(list.begin(), list.end(), type) != list.end();
  }

  int find_body(const std::string& name, SourceLine at, const std::string& who) {
    const auto it = body_index.find(name);
    if (it != body_index.end()) return it->second;
    error("MODEL-003", at, who + " stands on body '" + name + "', which the model does not have",
          "Check the spelling of the body in " + who + ".");
    return 0;
  }
  int find_coordinate(const std::string& name, SourceLine at, const std::string& who) {
    const auto it = coordinate_index.find(name);
    if (it != coordinate_index.end()) return it->second;
    error("MODEL-004", at, who + " depends on coordinate '" + name + "', which the model does not have",
          "Check the spelling of the coordinate in " + who + ".");
    return -1;
  }
  PiecewisePolynomial function(const FunctionSpec& f, SourceLine at, const std::string& who) {
    try {
      return make_function(f);
    } catch (const std::invalid_argument& problem) {
      error("MODEL-005", at, who + " has a function that cannot be built: " + problem.what());
      return make_constant(0.0);
    }
  }
  BodyFrame frame(const FrameSpec& f, SourceLine at, const std::string& who) {
    return {find_body(f.body, at, who), f.X_BF};
  }

  /// true when the element changes nothing for options.use; leaves a note (MODEL-021) where a reader should know
  bool is_harmless(const UnsupportedSpec& u);
  void check_unsupported();
  void check_names();
  void add_coordinates();
  void add_axes();
  void add_couplers();
  void add_wrap_objects();
  int add_path(const PathSpec& path, SourceLine at, const std::string& who);
  void find_path_coordinates(Path& path) const;
  void add_muscles();
  void add_actuators();
  void add_controls();
  void add_contact_surfaces(const PassiveForceSpec& spec_of_force, PassiveForce& force);
  void add_passive_forces();
  void add_force_states();  ///< after all forces
  void add_markers();
  void number_independent();
};

}  // namespace buttress
