// Actuators and passive forces of a .osim file.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "io/osim_component.h"
#include "io/osim_document.h"

namespace buttress::osim {
namespace {

// 2.0.5 turned the pairs of Force and Torque (body_A, body_B) into PointActuator and TorqueActuator
constexpr int kVersionOfActuators = 10905;

std::string read_body(Document& document, pugi::xml_node node, const char* name, const std::string& path) {
  std::string text = read_text(document, node, name);
  if (text.empty()) text = read_socket(document, node, name);
  if (text.empty()) return text;
  return find_frame(document, text, path, node).body;
}

void read_coordinate_actuator(Document& document, pugi::xml_node node, ActuatorSpec& actuator) {
  actuator.kind = ActuatorKind::coordinate;
  std::string coordinate = read_text(document, node, "coordinate");
  if (coordinate.empty()) coordinate = read_socket(document, node, "coordinate");
  actuator.coordinate = last_component(coordinate);
}

void read_point_actuator(Document& document, pugi::xml_node node, const std::string& path, ActuatorSpec& actuator) {
  actuator.kind = ActuatorKind::point;
  actuator.direction = {1, 0, 0};
  if (document.version < kVersionOfActuators) {
    actuator.body = read_body(document, node, "body_B", path);
    if (actuator.body.empty()) actuator.body = read_body(document, node, "body", path);
    read(document, node, "point", actuator.point);
    read(document, node, "point_B", actuator.point);
    read(document, node, "direction", actuator.direction);
    read(document, node, "direction_A", actuator.direction);
    actuator.direction = -actuator.direction;
    return;
  }
  // unlike a torque's axis, and unlike a force before 2.0.5
  actuator.direction_is_global = false;
  actuator.body = read_body(document, node, "body", path);
  read(document, node, "point", actuator.point);
  read(document, node, "point_is_global", actuator.point_is_global);
  read(document, node, "direction", actuator.direction);
  read(document, node, "force_is_global", actuator.direction_is_global);
}

void read_point_to_point_actuator(Document& document, pugi::xml_node node, const std::string& path,
                                  ActuatorSpec& actuator) {
  actuator.kind = ActuatorKind::point_to_point;
  actuator.body = read_body(document, node, "bodyA", path);
  actuator.body_b = read_body(document, node, "bodyB", path);
  read(document, node, "pointA", actuator.point);
  read(document, node, "pointB", actuator.point_b);
  read(document, node, "points_are_global", actuator.point_is_global);
}

void read_torque_actuator(Document& document, pugi::xml_node node, const std::string& path, ActuatorSpec& actuator) {
  actuator.kind = ActuatorKind::torque;
  actuator.direction = {0, 0, 1};
  if (document.version < kVersionOfActuators) {
    actuator.body = read_body(document, node, "body_B", path);
    if (actuator.body.empty()) actuator.body = read_body(document, node, "bodyA", path);
    actuator.body_b = read_body(document, node, "body_A", path);
    if (actuator.body_b.empty()) actuator.body_b = read_body(document, node, "bodyB", path);
    read(document, node, "axis", actuator.direction);
    read(document, node, "direction_A", actuator.direction);
    actuator.direction = -actuator.direction;
  } else {
    actuator.body = read_body(document, node, "bodyA", path);
    actuator.body_b = read_body(document, node, "bodyB", path);
    read(document, node, "axis", actuator.direction);
    read(document, node, "torque_is_global", actuator.direction_is_global);
  }
}

void read_actuator(Document& document, pugi::xml_node node, ModelSpec& spec) {
  ActuatorSpec actuator;
  actuator.name = name_of(node);
  actuator.type = node.name();
  actuator.at = document.line(node);
  actuator.applies_force = read_enabled(document, node, "appliesForce");
  const std::string path = "/forceset/" + actuator.name;
  const std::string_view type = node.name();
  if (type == "PointActuator" || type == "Force") {
    read_point_actuator(document, node, path, actuator);
  } else if (type == "TorqueActuator" || type == "Torque") {
    read_torque_actuator(document, node, path, actuator);
  } else if (type == "PointToPointActuator") {
    read_point_to_point_actuator(document, node, path, actuator);
  } else if (type == "PathActuator") {
    actuator.kind = ActuatorKind::path;
    if (!read_path(document, node, path, actuator.path, spec)) return;
  } else {
    read_coordinate_actuator(document, node, actuator);
    if (type == "ActivationCoordinateActuator") {
      actuator.has_activation = true;
      actuator.default_activation = 0.5;
      read(document, node, "default_activation", actuator.default_activation);
    }
  }
  read(document, node, "optimal_force", actuator.optimal_force);
  read(document, node, "min_control", actuator.min_control, NumberRange::may_be_infinite);
  read(document, node, "max_control", actuator.max_control, NumberRange::may_be_infinite);
  spec.force_order.push_back(actuator.name);
  spec.actuators.push_back(std::move(actuator));
}

// the two frames of a bushing: sockets (OpenSim 4), or bodies with a position and body-fixed angles (before)
void read_linked_frames(Document& document, pugi::xml_node node, const std::string& path, PassiveForceSpec& force) {
  FrameSpec* frames[2] = {&force.frame1, &force.frame2};
  for (int i = 0; i < 2; ++i) {
    const std::string number(1, static_cast<char>('1' + i));
    std::string reference = read_socket(document, node, ("frame" + number).c_str());
    if (reference.empty()) reference = read_text(document, node, ("body_" + number).c_str());
    if (reference.empty()) reference = read_text(document, node, ("body" + number).c_str());
    *frames[i] = find_frame(document, reference, path, node);
    frames[i]->X_BF = frames[i]->X_BF * read_pose(document, node, ("location_body_" + number).c_str(),
                                                  ("orientation_body_" + number).c_str());
  }
}

// six functions, each of its own part of the deviation; what the file leaves out is zero
void read_bushing_functions(const Document& document, pugi::xml_node node, PassiveForceSpec& force) {
  static constexpr const char* kNames[6] = {"m_x_theta_x_function", "m_y_theta_y_function", "m_z_theta_z_function",
                                            "f_x_delta_x_function", "f_y_delta_y_function", "f_z_delta_z_function"};
  for (int i = 0; i < 6; ++i) {
    force.functions[i].coefficients = {0};
    if (const pugi::xml_node function = find_object(document, node, kNames[i]))
      if (const auto read_in = read_function(document, function)) force.functions[i] = *read_in;
  }
}

void read_bushing(Document& document, pugi::xml_node node, const std::string& path, PassiveForceSpec& force) {
  const std::string_view type = node.name();
  const bool has_expressions = type == "ExpressionBasedBushingForce";
  force.kind = has_expressions ? PassiveForceKind::expression_bushing : PassiveForceKind::bushing;
  read_linked_frames(document, node, path, force);
  read(document, node, "rotational_damping", force.rotational_damping);
  read(document, node, "translational_damping", force.translational_damping);
  if (type == "FunctionBasedBushingForce") {
    force.kind = PassiveForceKind::function_bushing;
    read_bushing_functions(document, node, force);
    return;
  }
  if (!has_expressions) {
    read(document, node, "rotational_stiffness", force.rotational_stiffness);
    read(document, node, "translational_stiffness", force.translational_stiffness);
    return;
  }
  static constexpr const char* kNames[6] = {"Mx_expression", "My_expression", "Mz_expression",
                                            "Fx_expression", "Fy_expression", "Fz_expression"};
  for (int i = 0; i < 6; ++i) {
    force.expressions[i] = "0.0";
    read(document, node, kNames[i], force.expressions[i]);
  }
}

const CoordinateSpec* find_coordinate(const ModelSpec& spec, const std::string& name) {
  for (const JointSpec& joint : spec.joints)
    for (const CoordinateSpec& coordinate : joint.coordinates)
      if (coordinate.name == name) return &coordinate;
  return nullptr;
}

std::string read_force_coordinate(const Document& document, pugi::xml_node node) {
  std::string coordinate = read_text(document, node, "coordinate");
  if (coordinate.empty()) coordinate = read_socket(document, node, "coordinate");
  return last_component(coordinate);
}

// OpenSim's file gives limits and transition in degrees and stiffness and damping per degree for coordinates that
// it counts as rotational, and in SI units for all others
void read_limit_force(const Document& document, pugi::xml_node node, const ModelSpec& spec, PassiveForceSpec& force) {
  force.kind = PassiveForceKind::coordinate_limit;
  force.coordinate = read_force_coordinate(document, node);
  force.upper_stiffness = force.lower_stiffness = 1;
  force.damping = 0.001;
  force.transition = 0.1;
  read(document, node, "upper_limit", force.upper_limit);
  read(document, node, "lower_limit", force.lower_limit);
  read(document, node, "upper_stiffness", force.upper_stiffness);
  read(document, node, "lower_stiffness", force.lower_stiffness);
  read(document, node, "damping", force.damping);
  read(document, node, "transition", force.transition);
  const CoordinateSpec* coordinate = find_coordinate(spec, force.coordinate);
  if (coordinate == nullptr) {
    document.error("OSIM-018", node,
                   fmt::format("{} limits the coordinate '{}', which no joint has", label_of(node), force.coordinate));
    return;
  }
  const double unit = coordinate->motion_type == MotionType::rotational ? std::numbers::pi / 180 : 1.0;
  force.upper_limit *= unit;
  force.lower_limit *= unit;
  force.transition *= unit;
  force.upper_stiffness /= unit;
  force.lower_stiffness /= unit;
  force.damping /= unit;
}

// false when the ligament has a path that we cannot follow
bool read_ligament(Document& document, pugi::xml_node node, const std::string& path, PassiveForceSpec& force,
                   ModelSpec& spec) {
  force.kind = PassiveForceKind::ligament;
  if (!read_path(document, node, path, force.path, spec)) return false;
  read(document, node, "resting_length", force.resting_length);
  read(document, node, "pcsa_force", force.pcsa_force);
  if (const pugi::xml_node function = find_object(document, node, "force_length_curve")) {
    if (const auto read_in = read_function(document, function)) force.force_length = *read_in;
  } else {
    // OpenSim's default curve (Ligament::constructProperties)
    force.force_length.kind = FunctionKind::simm_spline;
    force.force_length.x = {-5, 0.998, 0.999, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.601, 1.602, 5};
    force.force_length.y = {0, 0, 0, 0, 0.035, 0.12, 0.26, 0.55, 1.17, 2, 2, 2, 2};
  }
  return true;
}

void read_point_spring(Document& document, pugi::xml_node node, const std::string& path, PassiveForceSpec& force) {
  force.kind = PassiveForceKind::point_to_point_spring;
  read_point_frames(document, node, path, force);
  force.stiffness = 1;
  read(document, node, "stiffness", force.stiffness);
  read(document, node, "rest_length", force.rest_length);
}

void read_passive_force(Document& document, pugi::xml_node node, ModelSpec& spec) {
  PassiveForceSpec force;
  force.name = name_of(node);
  force.type = node.name();
  force.at = document.line(node);
  force.applies_force = read_enabled(document, node, "appliesForce");
  const std::string path = "/forceset/" + force.name;
  const std::string_view type = node.name();
  if (type == "BushingForce" || type == "ExpressionBasedBushingForce" || type == "FunctionBasedBushingForce") {
    read_bushing(document, node, path, force);
  } else if (type == "SpringGeneralizedForce") {
    force.kind = PassiveForceKind::coordinate_spring;
    force.coordinate = read_force_coordinate(document, node);
    read(document, node, "stiffness", force.stiffness);
    read(document, node, "rest_length", force.rest_length);
    read(document, node, "viscosity", force.viscosity);
  } else if (type == "CoordinateLimitForce") {
    read_limit_force(document, node, spec, force);
  } else if (type == "Ligament") {
    if (!read_ligament(document, node, path, force, spec)) return;
  } else if (type == "PointToPointSpring") {
    read_point_spring(document, node, path, force);
  } else if (type == "ExpressionBasedPointToPointForce") {
    read_point_expression(document, node, path, force);
  } else if (is_path_spring_type(type)) {
    if (!read_path_force(document, node, path, force, spec)) return;
  } else if (is_contact_force_type(type)) {
    read_contact_force(document, node, path, force);
  } else {
    force.kind = PassiveForceKind::expression_coordinate;
    force.coordinate = read_force_coordinate(document, node);
    force.expressions[0] = "0.0";
    read(document, node, "expression", force.expressions[0]);
  }
  spec.force_order.push_back(force.name);
  spec.passive_forces.push_back(std::move(force));
}

constexpr std::string_view kActuatorTypes[] = {"CoordinateActuator",
                                               "ActivationCoordinateActuator",
                                               "GeneralizedForce",
                                               "PointActuator",
                                               "Force",
                                               "TorqueActuator",
                                               "Torque",
                                               "PathActuator",
                                               "PointToPointActuator"};
constexpr std::string_view kPassiveTypes[] = {
    "BushingForce",
    "ExpressionBasedBushingForce",
    "SpringGeneralizedForce",
    "CoordinateLimitForce",
    "Ligament",
    "PointToPointSpring",
    "ExpressionBasedCoordinateForce",
    "FunctionBasedBushingForce",
    "ExpressionBasedPointToPointForce",
};

// Why a force is not simulated, and which answers that changes.
UnsupportedSpec describe_unsupported(std::string_view type) {
  UnsupportedSpec u;
  u.type = type;
  u.kind = UnsupportedKind::force;
  if (type == "ElasticFoundationForce") {
    u.reason = "its surfaces are meshes in files of their own";
  } else if (type == "ExponentialContactForce") {
    u.reason = "its friction depends on where the point has been before";
  } else if (type == "PrescribedForce") {
    u.reason = "it depends on time; give it as an external load";
  } else if (type == "ClutchedPathSpring") {
    u.kind = UnsupportedKind::controlled_force;
    u.reason = "its stretch depends on what its clutch has done before";
  } else if (type == "BodyActuator") {
    u.kind = UnsupportedKind::controlled_force;
    u.reason = "it has six controls, and only forces of one are shared out";
  } else if (type == "McKibbenActuator" || is_opensim_muscle(type)) {
    u.kind = UnsupportedKind::controlled_force;
  }
  return u;
}

bool is_passive_type(std::string_view type) {
  return contains(kPassiveTypes, type) || is_path_spring_type(type) || is_contact_force_type(type);
}

}  // namespace

bool is_force_type(std::string_view type) {
  return is_muscle_type(type) || contains(kActuatorTypes, type) || is_passive_type(type);
}

void read_force(Document& document, pugi::xml_node node, ModelSpec& spec) {
  const std::size_t unsupported_before = spec.unsupported.size();
  const std::string_view type = node.name();
  if (is_muscle_type(type)) {
    read_muscle(document, node, spec);
  } else if (contains(kActuatorTypes, type)) {
    read_actuator(document, node, spec);
  } else if (is_passive_type(type)) {
    read_passive_force(document, node, spec);
  } else if (read_enabled(document, node, "appliesForce")) {
    // a force that is switched off changes nothing
    UnsupportedSpec unsupported = describe_unsupported(type);
    unsupported.name = name_of(node);
    unsupported.at = document.line(node);
    spec.unsupported.push_back(std::move(unsupported));
  }
  for (std::size_t i = unsupported_before; i < spec.unsupported.size(); ++i) spec.unsupported[i].is_force = true;
}

}  // namespace buttress::osim
