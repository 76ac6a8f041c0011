// Joints and coordinates of a .osim file.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

struct JointType {
  const char* name;
  JointKind kind;
  std::size_t coordinate_count;
};
// custom joints have as many coordinates as their axes use
constexpr JointType kJointTypes[] = {
    {"WeldJoint", JointKind::weld, 0},     {"PinJoint", JointKind::pin, 1},
    {"SliderJoint", JointKind::slider, 1}, {"UniversalJoint", JointKind::universal, 2},
    {"BallJoint", JointKind::ball, 3},     {"GimbalJoint", JointKind::gimbal, 3},
    {"FreeJoint", JointKind::free, 6},     {"PlanarJoint", JointKind::planar, 3},
    {"CustomJoint", JointKind::custom, 6},
};

const JointType* find_joint_type(std::string_view type) {
  for (const JointType& candidate : kJointTypes)
    if (type == candidate.name) return &candidate;
  return nullptr;
}

// a coordinate with OpenSim 4's defaults
CoordinateSpec make_coordinate(std::string name, SourceLine at) {
  CoordinateSpec coordinate;
  coordinate.name = std::move(name);
  coordinate.at = at;
  coordinate.range_min = -10;
  coordinate.range_max = 10;
  return coordinate;
}

CoordinateSpec read_coordinate(const Document& document, pugi::xml_node node) {
  CoordinateSpec coordinate = make_coordinate(name_of(node), document.line(node));
  read(document, node, "default_value", coordinate.default_value);
  read(document, node, "default_speed_value", coordinate.default_speed);
  read(document, node, "clamped", coordinate.clamped);
  read(document, node, "locked", coordinate.locked);
  read(document, node, "prescribed", coordinate.prescribed);
  if (const pugi::xml_node range = find_property(document, node, "range"))
    if (const auto ends = read_numbers(document.xml, range, document.diagnostics, 2, NumberRange::may_be_infinite)) {
      coordinate.range_min = (*ends)[0];
      coordinate.range_max = (*ends)[1];
      if ((*ends)[0] > (*ends)[1])
        document.error("OSIM-026", range,
                       fmt::format("{} has range {} to {}, expected the smaller number first", label_of(node),
                                   (*ends)[0], (*ends)[1]));
    }
  // OpenSim moves the default of a clamped coordinate into its range
  if (coordinate.clamped && coordinate.range_min <= coordinate.range_max)
    coordinate.default_value = std::clamp(coordinate.default_value, coordinate.range_min, coordinate.range_max);
  if (coordinate.prescribed) {
    // a flag without a function prescribes nothing
    const pugi::xml_node function = find_object(document, node, "prescribed_function");
    coordinate.prescribed = static_cast<bool>(function);
    if (function) {
      if (const auto read_in = read_function(document, function)) coordinate.prescribed_function = *read_in;
    }
  }
  return coordinate;
}

void read_coordinates(const Document& document, pugi::xml_node node, JointSpec& joint) {
  const pugi::xml_node set = node.child("coordinates") ? node.child("coordinates") : node.child("CoordinateSet");
  for (const pugi::xml_node coordinate : objects_of(set))
    if (std::strcmp(coordinate.name(), "Coordinate") == 0)
      joint.coordinates.push_back(read_coordinate(document, coordinate));
}

// OpenSim makes the coordinates that an axis names and the joint does not list
void add_missing_coordinate(JointSpec& joint, const std::string& name) {
  for (const CoordinateSpec& coordinate : joint.coordinates)
    if (coordinate.name == name) return;
  joint.coordinates.push_back(make_coordinate(name, joint.at));
}

// the element that holds an axis's function, in any of its spellings; empty if there is none
pugi::xml_node find_axis_function(const Document& document, pugi::xml_node axis) {
  if (const pugi::xml_node function = find_object(document, axis, "function")) return function;
  for (const pugi::xml_node child : axis.children()) {
    if (child.type() != pugi::node_element) continue;
    const std::string_view tag = child.name();
    if (tag != "coordinates" && tag != "coordinate" && tag != "axis" && tag != "function" && tag != "is_rotation")
      return child;
  }
  return {};
}

// What OpenSim takes for an axis without a function: the coordinate itself where <function> is there and empty, and in
// the sets of axes before 1.9.1; otherwise nothing moves.
void read_axis(const Document& document, pugi::xml_node node, bool is_of_old_set, JointSpec& joint, AxisSpec& axis,
               ModelSpec& spec) {
  read(document, node, "axis", axis.direction);
  std::vector<std::string> names = split_words(read_text(document, node, "coordinates"));
  if (names.empty()) names = split_words(read_text(document, node, "coordinate"));
  for (const std::string& name : names) add_missing_coordinate(joint, name);

  const pugi::xml_node function_node = find_axis_function(document, node);
  if (!function_node) {
    if (names.empty() || !(is_of_old_set || find_property(document, node, "function"))) return;
    if (names.size() > 1) {
      document.error("OSIM-012", node,
                     fmt::format("{} has {} coordinates and no function", label_of(node), names.size()));
      return;
    }
    FunctionSpec identity;
    identity.kind = FunctionKind::linear;
    identity.coefficients = {1, 0};
    axis.terms.push_back({names[0], identity});
    return;
  }
  const std::string_view type = function_node.name();
  if (names.size() > 1 && type != "LinearFunction" && type != "Constant" && type != "MultiplierFunction") {
    spec.unsupported.push_back({std::string(type), joint.name, document.line(function_node)});
    return;
  }
  const auto function = read_function(document, function_node, names.size());
  if (!function) return;
  if (function->kind == FunctionKind::constant) {
    if (function->coefficients[0] * function->scale != 0) axis.terms.push_back({"", *function});
    return;
  }
  if (names.empty() || (names.size() > 1 && function->kind != FunctionKind::linear)) {
    document.error("OSIM-012", function_node,
                   fmt::format("{} of joint '{}' is a function of {} coordinates, expected one", label_of(node),
                               joint.name, names.size()));
    return;
  }
  if (names.size() == 1) {
    axis.terms.push_back({names[0], *function});
    return;
  }
  // a linear function of several coordinates is a sum of lines; the first carries the intercept
  for (std::size_t i = 0; i < names.size(); ++i) {
    FunctionSpec line;
    line.kind = FunctionKind::linear;
    line.scale = function->scale;
    line.coefficients = {function->coefficients[i], i == 0 ? function->coefficients.back() : 0.0};
    axis.terms.push_back({names[i], line});
  }
}

// index of an axis by OpenSim's property name, -1 for other names
int find_axis_index(std::string_view name) {
  static constexpr std::string_view kNames[] = {"rotation1",    "rotation2",    "rotation3",
                                                "translation1", "translation2", "translation3"};
  for (int i = 0; i < 6; ++i)
    if (name == kNames[i]) return i;
  return -1;
}

// is_plain: axes whose function stands in no MultiplierFunction
void read_spatial_transform(const Document& document, pugi::xml_node node, JointSpec& joint, bool (&is_plain)[6],
                            ModelSpec& spec) {
  // OpenSim's defaults: x, y, z
  for (int i = 0; i < 6; ++i)
    joint.axes[i].direction = {i % 3 == 0 ? 1.0 : 0.0, i % 3 == 1 ? 1.0 : 0.0, i % 3 == 2 ? 1.0 : 0.0};
  // before 1.9.1 a list of axes that say themselves whether they turn or slide
  const pugi::xml_node old_set = node.child("TransformAxisSet");
  const pugi::xml_node transform = old_set ? old_set : node.child("SpatialTransform");
  int next_rotation = 0, next_translation = 3, next = 0;
  for (const pugi::xml_node axis : objects_of(transform)) {
    if (std::strcmp(axis.name(), "TransformAxis") != 0) continue;
    int index = -1;
    if (old_set) {
      bool is_rotation = false;
      read(document, axis, "is_rotation", is_rotation);
      int& slot = is_rotation ? next_rotation : next_translation;
      index = slot < (is_rotation ? 3 : 6) ? slot++ : -1;
    } else {
      index = find_axis_index(name_of(axis));
      if (index < 0 && next < 6) index = next;
      ++next;
    }
    if (index < 0) {
      document.error(
          "OSIM-025", axis,
          fmt::format("joint '{}' has too many axes, expected three rotations and three translations", joint.name));
      return;
    }
    joint.axes[index].terms.clear();
    is_plain[index] = std::strcmp(find_axis_function(document, axis).name(), "MultiplierFunction") != 0;
    read_axis(document, axis, static_cast<bool>(old_set), joint, joint.axes[index], spec);
  }
}

// OpenSim 4 (CustomJoint::constructCoordinates): a coordinate is rotational or translational if it is, but for its
// sign, the angle or the way of an axis: a LinearFunction of slope 1 or -1, not wrapped in a MultiplierFunction. The
// last such axis decides. All other coordinates are coupled. The old <motion_type> is ignored, as OpenSim 4 does.
MotionType find_motion_type(const JointSpec& joint, const bool (&is_plain)[6], const std::string& coordinate) {
  MotionType type = MotionType::coupled;
  for (int i = 0; i < 6; ++i)
    for (const AxisTermSpec& term : joint.axes[i].terms)
      if (is_plain[i] && term.coordinate == coordinate && term.function.kind == FunctionKind::linear &&
          std::abs(term.function.coefficients[0]) == 1)
        type = i < 3 ? MotionType::rotational : MotionType::translational;
  return type;
}

void set_motion_types(JointSpec& joint, const bool (&is_plain)[6]) {
  for (std::size_t i = 0; i < joint.coordinates.size(); ++i) {
    MotionType& type = joint.coordinates[i].motion_type;
    switch (joint.kind) {
      case JointKind::slider:
        type = MotionType::translational;
        break;
      case JointKind::planar:
        type = i >= 1 ? MotionType::translational : MotionType::rotational;
        break;
      case JointKind::free:
        type = i >= 3 ? MotionType::translational : MotionType::rotational;
        break;
      case JointKind::custom:
        type = find_motion_type(joint, is_plain, joint.coordinates[i].name);
        break;
      default:
        type = MotionType::rotational;
    }
  }
}

// a joint frame as OpenSim 3 gives it (body and offset) or as OpenSim 4 does (socket), or both (4.0 in the making)
FrameSpec read_joint_frame(Document& document, pugi::xml_node node, const std::string& path, const char* frame_socket,
                           const char* body_property, const std::string& body, const char* position,
                           const char* orientation) {
  std::string reference = read_socket(document, node, frame_socket);
  if (reference.empty()) reference = read_socket(document, node, body_property);
  if (reference.empty()) reference = body.empty() ? read_text(document, node, body_property) : body;
  FrameSpec frame = find_frame(document, reference, path, node);
  frame.X_BF = frame.X_BF * read_pose(document, node, position, orientation);
  return frame;
}

}  // namespace

bool is_joint_type(std::string_view type) {
  return find_joint_type(type) != nullptr;
}

void read_joint(Document& document, pugi::xml_node node, const std::string& body, ModelSpec& spec) {
  const JointType* type = find_joint_type(node.name());
  if (type == nullptr) {
    std::string known;
    for (const JointType& candidate : kJointTypes) known += (known.empty() ? "" : ", ") + std::string(candidate.name);
    document.error("OSIM-006", node,
                   fmt::format("{} is not a joint that Buttress knows, expected one of {}", label_of(node), known));
    return;
  }
  JointSpec joint;
  joint.name = give_component_name(node, document.joint_names);
  joint.kind = type->kind;
  joint.at = document.line(node);
  const std::string path = "/jointset/" + joint.name;
  joint.parent = read_joint_frame(document, node, path, "parent_frame", "parent_body", "", "location_in_parent",
                                  "orientation_in_parent");
  const bool has_long_names = node.child("location_in_child") || node.child("orientation_in_child");
  joint.child = read_joint_frame(document, node, path, "child_frame", "child_body", body,
                                 has_long_names ? "location_in_child" : "location",
                                 has_long_names ? "orientation_in_child" : "orientation");
  read(document, node, "reverse", joint.reversed);

  read_coordinates(document, node, joint);
  bool is_plain[6] = {};
  if (joint.kind == JointKind::custom) read_spatial_transform(document, node, joint, is_plain, spec);
  if (joint.coordinates.size() > type->coordinate_count) {
    document.error("OSIM-007", node,
                   fmt::format("{} has {} coordinates, expected {}{}", label_of(node), joint.coordinates.size(),
                               joint.kind == JointKind::custom ? "at most " : "", type->coordinate_count));
    return;
  }
  // OpenSim names the coordinates that the file leaves out
  if (joint.kind != JointKind::custom)
    while (joint.coordinates.size() < type->coordinate_count)
      joint.coordinates.push_back(
          make_coordinate(fmt::format("{}_coord_{}", joint.name, joint.coordinates.size()), joint.at));
  set_motion_types(joint, is_plain);
  make_standard_axes(joint);
  spec.joints.push_back(std::move(joint));
}

}  // namespace buttress::osim
