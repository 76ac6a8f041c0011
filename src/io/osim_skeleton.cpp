// Bodies, wrap objects and markers of a .osim file.
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

// six elements of inertia became one
constexpr int kVersionOfInertia = 30500;

Inertia<double> read_inertia(const Document& document, pugi::xml_node body) {
  Inertia<double> I{0, 0, 0, 0, 0, 0};
  // OpenSim 4: Ixx Iyy Izz Ixy Ixz Iyz in one element; before: one element each
  if (const pugi::xml_node all = find_property(document, body, "inertia")) {
    if (const auto v = read_numbers(document.xml, all, document.diagnostics, 6))
      I = {(*v)[0], (*v)[1], (*v)[2], (*v)[3], (*v)[4], (*v)[5]};
    return I;
  }
  if (document.version >= kVersionOfInertia) {
    if (const pugi::xml_node old = find_property(document, body, "inertia_xx"))
      document.warning(
          "OSIM-021", old,
          fmt::format("{} has <inertia_xx>, which OpenSim ignores in files of version {} and later, and so "
                      "do we: it has no inertia",
                      label_of(body), kVersionOfInertia),
          "Write <inertia>Ixx Iyy Izz Ixy Ixz Iyz</inertia>.");
    return I;
  }
  // what an old file leaves out is 1 on the diagonal and 0 beside it
  I = {1, 1, 1, 0, 0, 0};
  read(document, body, "inertia_xx", I.xx);
  read(document, body, "inertia_yy", I.yy);
  read(document, body, "inertia_zz", I.zz);
  read(document, body, "inertia_xy", I.xy);
  read(document, body, "inertia_xz", I.xz);
  read(document, body, "inertia_yz", I.yz);
  return I;
}

std::optional<WrapQuadrant> parse_quadrant(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (!text.empty() && text[0] == '+') text.erase(0, 1);
  if (text.empty() || text == "all" || text == "unassigned") return WrapQuadrant::all;
  if (text == "x") return WrapQuadrant::positive_x;
  if (text == "-x") return WrapQuadrant::negative_x;
  if (text == "y") return WrapQuadrant::positive_y;
  if (text == "-y") return WrapQuadrant::negative_y;
  if (text == "z") return WrapQuadrant::positive_z;
  if (text == "-z") return WrapQuadrant::negative_z;
  return std::nullopt;
}

void read_wrap_object(Document& document, pugi::xml_node node, const FrameSpec& host, ModelSpec& spec) {
  WrapObjectSpec wrap;
  wrap.name = name_of(node);
  wrap.at = document.line(node);
  const char* type = node.name();
  if (std::strcmp(type, "WrapCylinder") == 0) {
    wrap.kind = WrapKind::cylinder;
    wrap.radius = wrap.length = 1;
    read(document, node, "radius", wrap.radius);
    read(document, node, "length", wrap.length);
  } else if (std::strcmp(type, "WrapSphere") == 0) {
    wrap.kind = WrapKind::sphere;
    wrap.radius = 0.05;
    read(document, node, "radius", wrap.radius);
  } else if (std::strcmp(type, "WrapEllipsoid") == 0) {
    wrap.kind = WrapKind::ellipsoid;
    wrap.semi_axes = {0.05, 0.05, 0.05};
    read(document, node, "dimensions", wrap.semi_axes);
  } else if (std::strcmp(type, "WrapTorus") == 0) {
    wrap.kind = WrapKind::torus;
    wrap.inner_radius = 0.01;
    wrap.outer_radius = 0.05;
    read(document, node, "inner_radius", wrap.inner_radius);
    read(document, node, "outer_radius", wrap.outer_radius);
  } else {
    spec.unsupported.push_back({type, wrap.name, wrap.at});
    return;
  }
  wrap.frame = {host.body, host.X_BF * read_pose(document, node, "translation", "xyz_body_rotation")};
  read(document, node, "active", wrap.active);
  const std::string quadrant = read_text(document, node, "quadrant");
  if (const auto parsed = parse_quadrant(quadrant))
    wrap.quadrant = *parsed;
  else
    document.error("OSIM-014", node,
                   fmt::format("{} has quadrant '{}', expected all, x, -x, y, -y, z or -z", label_of(node), quadrant));
  spec.wrap_objects.push_back(std::move(wrap));
}

}  // namespace

void read_body(Document& document, pugi::xml_node node, ModelSpec& spec) {
  const std::string name = name_of(node);
  if (name == "ground") return;
  BodySpec body;
  body.name = name;
  body.at = document.line(node);
  if (name.empty()) document.error("OSIM-022", node, "a body has no name");
  require(document, node, "mass", body.mass);
  read(document, node, "mass_center", body.p_BBcm_B);
  // OpenSim (Body::getInertia) gives a body without mass no inertia, whatever the file says
  body.I_BBcm_B = read_inertia(document, node);
  if (std::abs(body.mass) <= std::numeric_limits<double>::epsilon()) body.I_BBcm_B = {0, 0, 0, 0, 0, 0};
  spec.bodies.push_back(std::move(body));
  // before OpenSim 4 a body holds the joint to its parent: <Joint><CustomJoint ...>
  for (const pugi::xml_node joint : node.child("Joint").children())
    if (joint.type() == pugi::node_element) {
      read_joint(document, joint, name, spec);
      break;
    }
}

void read_bodies(Document& document, pugi::xml_node body_set, ModelSpec& spec) {
  for (const pugi::xml_node body : objects_of(body_set))
    if (std::strcmp(body.name(), "Body") == 0) read_body(document, body, spec);
}

void read_wrap_objects(Document& document, ModelSpec& spec) {
  // by index: find_frame() may not add hosts, but it does touch the document
  for (std::size_t i = 0; i < document.wrap_hosts.size(); ++i) {
    const WrapHost host = document.wrap_hosts[i];
    const std::vector<pugi::xml_node> objects = objects_of(host.set);
    if (objects.empty()) continue;
    const FrameSpec frame = find_frame(document, host.frame_path, "", host.set);
    for (const pugi::xml_node object : objects) read_wrap_object(document, object, frame, spec);
  }
}

void read_marker(Document& document, pugi::xml_node node, ModelSpec& spec) {
  MarkerSpec marker;
  marker.name = name_of(node);
  marker.at = document.line(node);
  std::string frame = read_socket(document, node, "parent_frame");
  if (frame.empty()) frame = read_text(document, node, "body");
  marker.frame = find_frame(document, frame, "/markerset/" + marker.name, node);
  read(document, node, "location", marker.p_F);
  read(document, node, "fixed", marker.fixed);
  spec.markers.push_back(std::move(marker));
}

}  // namespace buttress::osim
