#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "body/osim_scaling.h"
#include "model/model.h"

/// A model's file brought to another size, with the muscles' fibres and tendons: what ScaleTool and a person's body
/// share.
namespace buttress {

/// The model of a document as it is now. What cannot be simulated stays in the file and is left out here: sizes do not
/// depend on it.
std::optional<Model> compile_document(const XmlDocument& document, Diagnostics& diagnostics);

/// default values, coupled coordinates where their couplers put them [coordinates]
std::vector<double> find_default_pose(const Model& model);

/// positions of all markers in ground at q [coordinates], m, by name
std::map<std::string, Vec3d> find_marker_positions(const Model& model, const std::vector<double>& q);

/// Takes the bounds off the coordinates of joints to ground: where a person stands in a room, and which way they face
/// or lie, has no range.
void free_root(Model& model);

/// Names of the coordinates whose couplers grow with the body, for scale_geometry(): the translational ones. Coupled
/// coordinates (a patella's, which turns and slides) are not among them; the functions that they drive grow instead.
/// @param rule along_axis leaves out a translational coordinate that also turns something or whose own function grows
std::set<std::string> find_slides(const Model& model, SlideRule rule);

/// Scales geometry and inertias (scale_geometry() of io/osim_scaling.h), then optimal fibre, tendon slack and resting
/// lengths by how much each path has grown in the default pose, as OpenSim's ModelScaler does.
/// @param model compile_document() of the document before
/// Adds MODEL-020 for a path that cannot be prepared.
bool scale_document(XmlDocument& document, const Model& model, const ScaleFactors& factors, bool scale_mass,
                    Diagnostics& diagnostics, SlideRule rule = SlideRule::opensim);

}  // namespace buttress
