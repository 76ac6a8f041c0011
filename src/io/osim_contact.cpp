// Contact geometry and contact forces of a .osim file.
#include <fmt/format.h>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

void read_material(const Document& document, pugi::xml_node node, ContactSurfaceSpec& surface) {
  read(document, node, "stiffness", surface.stiffness);
  read(document, node, "dissipation", surface.dissipation);
  read(document, node, "static_friction", surface.static_friction);
  read(document, node, "dynamic_friction", surface.dynamic_friction);
  read(document, node, "viscous_friction", surface.viscous_friction);
}

// the set stands in <contact_parameters>, or carries that name, or has none (before OpenSim 3)
pugi::xml_node find_contact_parameters(const Document& document, pugi::xml_node node) {
  if (const pugi::xml_node set = find_object(document, node, "contact_parameters")) return set;
  return find_property(document, node, "HuntCrossleyForce::ContactParametersSet");
}

void read_hunt_crossley(const Document& document, pugi::xml_node node, PassiveForceSpec& force) {
  force.kind = PassiveForceKind::hunt_crossley;
  for (const pugi::xml_node parameters : objects_of(find_contact_parameters(document, node))) {
    ContactSurfaceSpec surface;
    read_material(document, parameters, surface);
    // one material may be that of several surfaces
    for (const std::string& geometry : split_words(read_text(document, parameters, "geometry"))) {
      surface.geometry = last_component(geometry);
      force.surfaces.push_back(surface);
    }
  }
}

void read_smooth_sphere(const Document& document, pugi::xml_node node, PassiveForceSpec& force) {
  force.kind = PassiveForceKind::smooth_sphere_half_space;
  ContactSurfaceSpec surface;
  surface.stiffness = 1;
  read_material(document, node, surface);
  for (const char* socket : {"sphere", "half_space"}) {
    surface.geometry = last_component(read_socket(document, node, socket));
    if (surface.geometry.empty())
      document.error("OSIM-005", node, fmt::format("{} has no <socket_{}>", label_of(node), socket));
    force.surfaces.push_back(surface);
  }
  read(document, node, "constant_contact_force", force.constant_contact_force);
  read(document, node, "hertz_smoothing", force.hertz_smoothing);
  read(document, node, "hunt_crossley_smoothing", force.hunt_crossley_smoothing);
}

void read_meyer_fregly(Document& document, pugi::xml_node node, const std::string& path, PassiveForceSpec& force) {
  force.kind = PassiveForceKind::meyer_fregly_2016;
  if (const auto station = find_station_frame(document, node, path, "station")) force.frame1 = *station;
  ContactSurfaceSpec surface;
  surface.stiffness = 1e4;
  surface.dissipation = 0.01;
  surface.viscous_friction = 5;
  read_material(document, node, surface);
  force.surfaces.push_back(surface);
  force.transition_velocity = 0.05;
  read(document, node, "spring_resting_length", force.resting_length);
  read(document, node, "latch_velocity", force.transition_velocity);
}

}  // namespace

bool is_contact_geometry_type(std::string_view type) {
  return type == "ContactHalfSpace" || type == "ContactSphere" || type == "ContactEllipsoid" ||
         type == "ContactCylinder" || type == "ContactTorus" || type == "ContactMesh";
}

void read_contact_geometry(Document& document, pugi::xml_node node, const std::string& path, ModelSpec& spec) {
  ContactGeometrySpec geometry;
  geometry.name = name_of(node);
  geometry.type = node.name();
  geometry.at = document.line(node);
  // before OpenSim 4 a body's name; geometry that names nothing stands on ground
  std::string frame = read_socket(document, node, "frame");
  if (frame.empty()) frame = read_text(document, node, "body_name");
  geometry.frame = frame.empty() ? FrameSpec{"ground", Posed::identity()} : find_frame(document, frame, path, node);
  geometry.frame.X_BF = geometry.frame.X_BF * read_pose(document, node, "location", "orientation");
  if (geometry.type == "ContactHalfSpace") geometry.shape = ContactShape::half_space;
  if (geometry.type == "ContactSphere") {
    geometry.shape = ContactShape::sphere;
    double radius = 0;
    read(document, node, "radius", radius);
    geometry.radii = {radius, radius, radius};
  }
  if (geometry.type == "ContactEllipsoid") {
    geometry.shape = ContactShape::ellipsoid;
    read(document, node, "radii", geometry.radii);
  }
  spec.contact_geometries.push_back(std::move(geometry));
}

bool is_contact_force_type(std::string_view type) {
  return type == "HuntCrossleyForce" || type == "SmoothSphereHalfSpaceForce" || type == "MeyerFregly2016Force";
}

void read_contact_force(Document& document, pugi::xml_node node, const std::string& path, PassiveForceSpec& force) {
  if (std::string_view(node.name()) == "MeyerFregly2016Force") return read_meyer_fregly(document, node, path, force);
  if (std::string_view(node.name()) == "HuntCrossleyForce")
    read_hunt_crossley(document, node, force);
  else
    read_smooth_sphere(document, node, force);
  read(document, node, "transition_velocity", force.transition_velocity);
}

}  // namespace buttress::osim
