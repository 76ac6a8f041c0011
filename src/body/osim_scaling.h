#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "io/xml_document.h"
#include "model/model_spec.h"

/// Scaling of a model by editing its file, as OpenSim's ModelScaler does; everything else in the file stays as it is.
///
/// Ids of this header:
///   SCALE-001  the model's file is older than OpenSim 4
///   SCALE-002  a frame is named that cannot be made out
///   SCALE-003  elements that are left at their size (warning)
///   SCALE-009  a coupled slide on a body of unequal factors
namespace buttress {

/// factors along x, y and z of each body's frame; bodies that are not named keep their size
using ScaleFactors = std::map<std::string, Vec3d>;

/// How the slides of a joint grow.
enum class SlideRule {
  opensim,    ///< along an oblique axis by the sum of its components, each times its factor, as OpenSim does: too long
              ///< even when all factors are equal
  along_axis  ///< by how much a unit length along the axis grows
};

/// False, with SCALE-001, when the document cannot be scaled.
bool check_scalable(const XmlDocument& document, Diagnostics& diagnostics);

/// Scales joint frames, translations of joints that are functions (not free coordinates), mass centres, inertias,
/// muscle points, markers, wrap objects and geometry. With `scale_mass` masses grow with the volume.
/// Inertias of unequal factors are those of a cylinder about its smallest principal axis, as in OpenSim.
/// @param slides names of coordinates that are ways along an axis (MotionType::translational): their couplers grow too
/// @param scale_mass false: preserve_mass_distribution
bool scale_geometry(XmlDocument& document, const ScaleFactors& factors, const std::set<std::string>& slides,
                    bool scale_mass, Diagnostics& diagnostics, SlideRule rule = SlideRule::opensim);

/// Multiplies masses and inertias so that the model weighs `mass` (kg).
void set_total_mass(XmlDocument& document, double mass);

/// Sets the masses (kg) of the bodies that are named; their inertias grow in proportion.
void set_body_masses(XmlDocument& document, const std::map<std::string, double>& mass);

/// Multiplies the maximal isometric force of every muscle.
void scale_muscle_forces(XmlDocument& document, double factor);

/// Multiplies optimal fibre and tendon slack lengths, and resting lengths of ligaments and path springs.
/// @param ratio scaled / unscaled path length in the default pose, by name of force
void scale_path_lengths(XmlDocument& document, const std::map<std::string, double>& ratio);

/// Adds the markers of a MarkerSet document, old or new; those of the same name are replaced. False when it holds none.
bool merge_marker_set(XmlDocument& document, const XmlDocument& set, Diagnostics& diagnostics);
/// Removes the markers that are not in `keep`.
void keep_markers(XmlDocument& document, const std::vector<std::string>& keep);
/// Sets the location of a marker unless it is fixed; `p_F` in the frame that the marker names (m).
void move_marker(XmlDocument& document, const std::string& name, const Vec3d& p_F);
/// the model's <MarkerSet> as a document of its own
std::string format_marker_set(const XmlDocument& document);

/// Frees coordinates from their lock.
void unlock_coordinates(XmlDocument& document, const std::set<std::string>& names);

void set_model_name(XmlDocument& document, const std::string& name);
std::string format_xml(const XmlDocument& document);
std::string format_scale_set(const std::string& name, const std::vector<std::string>& bodies,
                             const ScaleFactors& factors);

}  // namespace buttress
