#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "model/model_spec.h"

/// Reads OpenSim's model files, versions 1.9 (10900) to 4.6 (40600), into a ModelSpec: what the file says, in
/// OpenSim 4's terms and SI units. What OpenSim 4 does when it opens an old file is done here too (renamed types and
/// properties, dropped ones, defaults). Whether the parts fit one another is for compile() to check.
///
/// Left out without a word, since they cannot change an inverse analysis: probes, geometry, appearance, sensors,
/// analyses (osim_component.h has the table). What would change some answer and is not simulated goes to
/// ModelSpec::unsupported, with the answers that it would change, except when it is switched off in the file.
///
/// Ids of this reader (those of the XML itself, XML-001 ... XML-014, are listed in io/xml_document.h):
///   OSIM-001  the root element is not <OpenSimDocument>
///   OSIM-002  the document holds no <Model> (or no <ForceSet>, or no set of paths)
///   OSIM-003  the document's version is missing, not a number, or older than 10900
///   OSIM-004  warning: the document's version is newer than 40600
///   OSIM-005  an element lacks a property without which it means nothing
///   OSIM-006  unknown kind of joint
///   OSIM-007  a joint has more coordinates than its kind has
///   OSIM-008  a frame's or a station's name cannot be made out: ambiguous, or not in the file
///   OSIM-009  offset frames stand on themselves, or on too many others
///   OSIM-010  a function is of a kind that Buttress does not know
///   OSIM-011  a spline has unequal counts of x and y, or too few points
///   OSIM-012  a function has no coordinate, or more than it takes
///   OSIM-013  a function has the wrong count of coefficients
///   OSIM-014  unknown quadrant of a wrap object
///   OSIM-015  unknown method of a path's wrap
///   OSIM-016  a muscle, path actuator, ligament or path spring has no path
///   OSIM-018  a CoordinateLimitForce limits a coordinate that no joint has
///   OSIM-019  a set of paths names a force that the model does not have
///   OSIM-020  a set stands in another file
///   OSIM-021  warning: a property is ignored, as OpenSim 4 ignores it, although it differs from what is used
///   OSIM-022  a body has no name
///   OSIM-023  a path's polynomial has the wrong count of coefficients, coordinates or order
///   OSIM-025  a joint has more than three rotations or three translations
///   OSIM-026  a coordinate's range is turned round
///   OSIM-027  a StationDefinedFrame's stations make no frame
///   OSIM-030  warning: two forces, or two markers, of a set share a name; the later one gets a number, as in OpenSim
///   OSIM-031  note: a force of a ForceSet file is left out, since the model has a force of its name, as in OpenSim
///   OSIM-032  warning: a muscle or actuator stands outside the ForceSet, where OpenSim's static optimization ignores
///   it
namespace buttress {

/// The parts of a model that a request needs. Bodies, joints and constraints always are; what is not needed is not
/// read, so that its faults do not matter. Wrap objects belong to the paths that use them.
struct ModelParts {
  bool muscles = true;
  bool other_forces = true;  ///< springs, actuators and what drives them
  bool markers = true;

  bool operator==(const ModelParts&) const = default;
};

/// Reads a model file, or the parts of it that are needed. Nothing is returned if anything was wrong; `diagnostics`
/// then says what, all of it.
std::optional<ModelSpec> read_osim(const std::string& path, Diagnostics& diagnostics, const ModelParts& parts = {});
/// The same from text; `file_name` is for messages.
std::optional<ModelSpec> parse_osim(std::string_view text, const std::string& file_name, Diagnostics& diagnostics,
                                    const ModelParts& parts = {});

/// Reads a ForceSet file as tool setups name them and adds its forces to the model, or puts them in place of all
/// forces of the model (`replace`). As in OpenSim, a force whose name is taken is left out (OSIM-031). Returns false,
/// and leaves the model alone, if anything was wrong.
bool read_force_set(const std::string& path, bool replace, ModelSpec& spec, Diagnostics& diagnostics,
                    const ModelParts& parts = {});
bool parse_force_set(std::string_view text, const std::string& file_name, bool replace, ModelSpec& spec,
                     Diagnostics& diagnostics, const ModelParts& parts = {});

/// Takes all forces of the ForceSet away, as OpenSim's replace_force_set does.
void clear_force_set(ModelSpec& spec);

/// Reads a file of FunctionBasedPaths named after forces ("/forceset/addbrev_r") and replaces the paths of these
/// muscles, path actuators and ligaments. Returns false, and leaves the model alone, if anything was wrong.
bool read_path_set(const std::string& path, ModelSpec& spec, Diagnostics& diagnostics);
bool parse_path_set(std::string_view text, const std::string& file_name, ModelSpec& spec, Diagnostics& diagnostics);

}  // namespace buttress
