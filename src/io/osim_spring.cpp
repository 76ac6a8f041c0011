// Springs of a .osim file that pull along a path or between two points by a law of their own.
#include "io/osim_document.h"

namespace buttress::osim {
namespace {

// OpenSim takes none of the three for given
void read_path_spring(const Document& document, pugi::xml_node node, PassiveForceSpec& force) {
  force.kind = PassiveForceKind::path_spring;
  require(document, node, "resting_length", force.resting_length);
  require(document, node, "stiffness", force.stiffness);
  require(document, node, "dissipation", force.dissipation);
}

void read_expression_path(const Document& document, pugi::xml_node node, PassiveForceSpec& force) {
  force.kind = PassiveForceKind::expression_path;
  read(document, node, "resting_length", force.resting_length);
  force.expressions[0] = "0.0";
  read(document, node, "expression", force.expressions[0]);
  read(document, node, "clamp_stretch", force.clamp_stretch);
}

void read_blankevoort(const Document& document, pugi::xml_node node, PassiveForceSpec& force) {
  force.kind = PassiveForceKind::blankevoort_ligament;
  force.stiffness = 1;
  read(document, node, "slack_length", force.resting_length);
  read(document, node, "linear_stiffness", force.stiffness);
  read(document, node, "transition_strain", force.transition_strain);
  read(document, node, "damping_coefficient", force.damping_coefficient);
}

}  // namespace

void read_point_frames(Document& document, pugi::xml_node node, const std::string& path, PassiveForceSpec& force) {
  FrameSpec* frames[2] = {&force.frame1, &force.frame2};
  for (int i = 0; i < 2; ++i) {
    const std::string name = i == 0 ? "body1" : "body2";
    std::string reference = read_socket(document, node, name.c_str());
    if (reference.empty()) reference = read_text(document, node, name.c_str());
    *frames[i] = find_frame(document, reference, path, node);
  }
  read(document, node, "point1", force.point1);
  read(document, node, "point2", force.point2);
}

void read_point_expression(Document& document, pugi::xml_node node, const std::string& path, PassiveForceSpec& force) {
  force.kind = PassiveForceKind::expression_point_to_point;
  read_point_frames(document, node, path, force);
  force.expressions[0] = "0.0";
  read(document, node, "expression", force.expressions[0]);
}

bool is_path_spring_type(std::string_view type) {
  return type == "PathSpring" || type == "ExpressionBasedPathForce" || type == "Blankevoort1991Ligament";
}

bool read_path_force(Document& document, pugi::xml_node node, const std::string& path, PassiveForceSpec& force,
                     ModelSpec& spec) {
  if (!read_path(document, node, path, force.path, spec)) return false;
  const std::string_view type = node.name();
  if (type == "PathSpring")
    read_path_spring(document, node, force);
  else if (type == "ExpressionBasedPathForce")
    read_expression_path(document, node, force);
  else
    read_blankevoort(document, node, force);
  return true;
}

}  // namespace buttress::osim
