#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "io/xml_document.h"
#include "model/model_spec.h"

/// The state shared by the parts of the .osim reader: the document, its version and defaults, and the frames
/// that its elements may refer to. Internal to io/osim_*.
namespace buttress::osim {

/// A PhysicalFrame of the file: a body, ground, or an offset frame standing on another frame.
struct Frame {
  std::string path;     ///< absolute, "/jointset/hip_r/pelvis_offset"
  pugi::xml_node node;  ///< offset and station-defined frames; empty for bodies and ground
  bool is_body = false;
  enum class State { unresolved, resolving, resolved } state = State::unresolved;
  FrameSpec spec;  ///< valid when resolved
};

/// a WrapObjectSet and the path of the frame that owns it
struct WrapHost {
  pugi::xml_node set;
  std::string frame_path;
};

/// names that are taken, each with the number to try next for another one of that name
using TakenNames = std::unordered_map<std::string, int>;

struct Document {
  Document(const XmlDocument& document, Diagnostics& messages) : xml(document), diagnostics(messages) {}

  const XmlDocument& xml;
  Diagnostics& diagnostics;
  int version = 0;
  std::unordered_map<std::string, pugi::xml_node> defaults;  ///< by element type
  std::vector<Frame> frames;
  std::unordered_map<std::string, std::size_t> frame_of_path;
  std::unordered_map<std::string, std::vector<std::size_t>> frames_of_name;
  std::unordered_map<std::string, std::pair<pugi::xml_node, std::string>> stations;  ///< path -> element, owner path
  std::vector<WrapHost> wrap_hosts;
  mutable std::unordered_map<std::string, int> told;  ///< messages by id
  TakenNames joint_names, coupler_names;
  std::vector<std::pair<pugi::xml_node, std::string>> contact_geometries;  ///< element, its path

  void error(const char* id, pugi::xml_node at, std::string message, std::string advice = {}) const {
    add(Severity::error, id, at, std::move(message), std::move(advice));
  }
  void warning(const char* id, pugi::xml_node at, std::string message, std::string advice = {}) const {
    add(Severity::warning, id, at, std::move(message), std::move(advice));
  }
  /// One fault in a hundred thousand elements is told often enough by the first of them.
  void add(Severity severity, const char* id, pugi::xml_node at, std::string message, std::string advice) const {
    constexpr int kMostListed = 100;
    const int count = ++told[id];
    if (count > kMostListed) return;
    if (count == kMostListed) message += " (no more of this kind are listed)";
    diagnostics.add({severity, id, xml.file, xml.line_of(at), std::move(message), std::move(advice)});
  }
  SourceLine line(pugi::xml_node node) const { return {xml.line_of(node)}; }
};

// --- elements and properties -----------------------------------------------------------------------------------

/// attribute name=..., without white space at both ends
std::string name_of(pugi::xml_node element);
/// "PinJoint 'knee_r'", for messages
std::string label_of(pugi::xml_node element);
/// OpenSim's name for a component beside others, which is then taken: its own, or, when the file gives none, its type
/// in small letters; with a number from the second on: "pinjoint", "pinjoint_0", "pinjoint_1"
std::string take_component_name(pugi::xml_node element, TakenNames& taken);
/// The name that the file gives, even twice, or, when it gives none, one beside those `taken`.
std::string give_component_name(pugi::xml_node element, TakenNames& taken);
/// last component of a path: "/bodyset/femur_r" -> "femur_r"
std::string last_component(std::string_view path);

/// remembers the default objects of a <defaults> element
void add_defaults(Document&, pugi::xml_node defaults);
/// The child <name>; when absent, that of the default object of the element's type; else empty.
pugi::xml_node find_property(const Document&, pugi::xml_node element, const char* name);
/// The object held by a property: the only child of <name>, or, as OpenSim writes some, the child element that
/// carries name="name". Looks into the defaults too.
pugi::xml_node find_object(const Document&, pugi::xml_node element, const char* name);
/// The elements of a set: those of its <objects>, or, in sets without <objects>, all children.
std::vector<pugi::xml_node> objects_of(pugi::xml_node set);

/// A property is read into `value` when the file or its defaults hold it; otherwise `value` keeps OpenSim's default.
void read(const Document&, pugi::xml_node element, const char* name, double& value,
          NumberRange range = NumberRange::finite);
/// The same for a property that OpenSim may leave without a value: it writes those as empty elements.
void read_optional(const Document&, pugi::xml_node element, const char* name, double& value,
                   NumberRange range = NumberRange::finite);
void read(const Document&, pugi::xml_node element, const char* name, Vec3d& value);
void read(const Document&, pugi::xml_node element, const char* name, bool& value);
void read(const Document&, pugi::xml_node element, const char* name, int& value);
void read(const Document&, pugi::xml_node element, const char* name, std::string& value);
/// the text of a property, empty when absent
std::string read_text(const Document&, pugi::xml_node element, const char* name);
/// OSIM-005 when neither the file nor its defaults hold the property
void require(const Document&, pugi::xml_node element, const char* name, double& value);
/// appliesForce, isEnforced or enabled (OpenSim 4), or the opposite of isDisabled (before)
bool read_enabled(const Document&, pugi::xml_node element, const char* positive_name);
/// The text of a socket in all its spellings: <socket_NAME>, <socket_NAME_connectee_name>,
/// <connectors>/<... name="NAME">/<connectee_name>; empty when absent.
std::string read_socket(const Document&, pugi::xml_node element, const char* name);
/// pose from two properties: a position and body-fixed x-y-z angles
Posed read_pose(const Document&, pugi::xml_node element, const char* position, const char* orientation);

// --- frames ----------------------------------------------------------------------------------------------------

void add_body_frame(Document&, const std::string& body, const std::string& path);
/// Gathers the offset frames, stations and wrap objects below a component.
void collect_frames(Document&, pugi::xml_node component, const std::string& path);
/// The frame that `reference` (path or bare name) means when the component at `owner_path` says it. An unknown
/// name is handed on as the name of a body, for compile() to refuse.
FrameSpec find_frame(Document&, const std::string& reference, const std::string& owner_path, pugi::xml_node at);
/// A frame at the station that the element's socket names, along its body's axes. OSIM-008, and nothing, when the file
/// has no such station.
std::optional<FrameSpec> find_station_frame(Document&, pugi::xml_node element, const std::string& element_path,
                                            const char* socket);

// --- parts of the model ----------------------------------------------------------------------------------------

/// nothing, with a diagnostic, if the element is not a function that Buttress knows
std::optional<FunctionSpec> read_function(const Document&, pugi::xml_node function, std::size_t argument_count = 1);

void read_bodies(Document&, pugi::xml_node body_set, ModelSpec&);
void read_body(Document&, pugi::xml_node body, ModelSpec&);
void read_wrap_objects(Document&, ModelSpec&);
void read_marker(Document&, pugi::xml_node marker, ModelSpec&);

/// `body`: the body that carries the joint inside itself (before OpenSim 4); empty for joints of a JointSet
void read_joint(Document&, pugi::xml_node joint, const std::string& body, ModelSpec&);
bool is_joint_type(std::string_view type);

void read_constraint(Document&, pugi::xml_node constraint, ModelSpec&);
/// what it drives, and how over time; never an error, since few requests need it
void read_controller(const Document&, pugi::xml_node controller, ModelSpec&);

/// false when the element has a path that Buttress cannot follow; it is then in spec.unsupported
bool read_path(Document&, pugi::xml_node owner, const std::string& owner_path, PathSpec&, ModelSpec&);
/// a FunctionBasedPath element
bool read_polynomial_path(Document&, pugi::xml_node path, PathSpec&, ModelSpec&);

bool is_contact_geometry_type(std::string_view type);
void read_contact_geometry(Document&, pugi::xml_node geometry, const std::string& path, ModelSpec&);
bool is_contact_force_type(std::string_view type);
void read_contact_force(Document&, pugi::xml_node force, const std::string& path, PassiveForceSpec&);

/// <body1>, <point1>, <body2>, <point2>
void read_point_frames(Document&, pugi::xml_node force, const std::string& path, PassiveForceSpec&);
/// ExpressionBasedPointToPointForce
void read_point_expression(Document&, pugi::xml_node force, const std::string& path, PassiveForceSpec&);
/// springs along a path: PathSpring, ExpressionBasedPathForce, Blankevoort1991Ligament
bool is_path_spring_type(std::string_view type);
/// false when the element has a path that Buttress cannot follow; it is then in spec.unsupported
bool read_path_force(Document&, pugi::xml_node force, const std::string& path, PassiveForceSpec&, ModelSpec&);

bool is_muscle_type(std::string_view type);
void read_muscle(Document&, pugi::xml_node muscle, ModelSpec&);
/// one element of a ForceSet: muscle, actuator, passive force or something unsupported
void read_force(Document&, pugi::xml_node force, ModelSpec&);
/// true for types that read_force() knows
bool is_force_type(std::string_view type);

}  // namespace buttress::osim
