#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/osim_scaling.h"
#include "model/model.h"

/// A model's file brought to another size and weight, muscles included: what ScaleTool and `buttress track` share.
namespace buttress {

/// The model of a document as it is now. What cannot be simulated stays in the file and is left out here: sizes do not
/// depend on it.
std::optional<Model> compile_document(const XmlDocument& document, Diagnostics& diagnostics);

/// Takes the bounds off the coordinates of joints to ground: where a person stands in a room, and which way they face
/// or lie, has no range.
void free_root(Model& model);

/// default values of all coordinates, couplers applied, [coordinates] rad or m
std::vector<double> find_default_pose(const Model& model);

/// positions of all markers in ground at q [coordinates], m, by name
std::map<std::string, Vec3d> find_marker_positions(const Model& model, const std::vector<double>& q);

/// Scales geometry and inertia, sets the total mass when `mass` (kg) is above zero, and scales fibre, tendon and
/// resting lengths by the ratios of the paths in the default pose.
/// @param model the document compiled, unscaled
/// @param scale_mass masses grow with the volume of their bodies before the total is set; false: they keep their shares
/// False when there was an error (ids of io/osim_scaling.h).
bool scale_document(const Model& model, const ScaleFactors& factors, bool scale_mass, double mass,
                    XmlDocument& document, Diagnostics& diagnostics);

}  // namespace buttress
