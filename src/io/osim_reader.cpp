#include "io/osim_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <unordered_set>

#include "io/osim_component.h"
#include "io/osim_document.h"

namespace buttress {
namespace {

using osim::Document;

constexpr int kOldestVersion = 10900, kNewestVersion = 40699;

bool is_type(pugi::xml_node node, const char* type) {
  return std::strcmp(node.name(), type) == 0;
}

// errors so far; warnings do not stop a reader
std::size_t count_errors(const Diagnostics& diagnostics) {
  std::size_t count = 0;
  for (const Diagnostic& d : diagnostics.items()) count += d.severity == Severity::error;
  return count;
}

// checks root and version; false if the document is none of OpenSim's
bool read_header(Document& document) {
  const pugi::xml_node root = document.xml.root();
  if (!is_type(root, "OpenSimDocument")) {
    document.error("OSIM-001", root, fmt::format("the root element is <{}>, expected <OpenSimDocument>", root.name()),
                   "This is no OpenSim file; choose the .osim or .xml that OpenSim wrote.");
    return false;
  }
  const std::string_view text = root.attribute("Version").value();
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), document.version);
  if (text.empty() || code != std::errc() || end != text.data() + text.size() || document.version < kOldestVersion) {
    document.error(
        "OSIM-003", root,
        fmt::format("the document's version is '{}', expected {} to {}", text, kOldestVersion, kNewestVersion),
        "Open the file in OpenSim 4 and save it again.");
    return false;
  }
  if (document.version > kNewestVersion)
    document.warning(
        "OSIM-004", root,
        fmt::format("the document's version is {}, newer than {}, the newest known", document.version, kNewestVersion),
        "Parts that are new in it may be misread; save it for OpenSim 4.6 if you can.");
  for (const pugi::xml_node defaults : root.children("defaults")) osim::add_defaults(document, defaults);
  return true;
}

// OpenSim 2 and 3 could keep a set in a file of its own
void refuse_sets_in_other_files(const Document& document, pugi::xml_node parent) {
  for (const pugi::xml_node set : parent.children())
    if (const char* file = set.attribute("file").value(); *file != '\0')
      document.error("OSIM-020", set, fmt::format("<{}> stands in another file, '{}'", set.name(), file),
                     "Open the model in OpenSim and save it as one file.");
}

void set_name(pugi::xml_node element, const std::string& name) {
  if (!element.attribute("name")) element.append_attribute("name");
  element.attribute("name").set_value(name.c_str());
}

// as OpenSim, and before anything refers to the elements of the set by their paths
void name_elements(const Document& document, pugi::xml_node set, const char* what, osim::TakenNames& taken) {
  for (const pugi::xml_node element : osim::objects_of(set)) {
    const std::string given = osim::name_of(element), name = osim::take_component_name(element, taken);
    if (name == given) continue;
    if (!given.empty())
      document.warning(
          "OSIM-030", element,
          fmt::format("two {} have the name '{}'; this one is called '{}', as OpenSim does", what, given, name),
          "Give each its own name.");
    set_name(element, name);
  }
}

// OpenSim adds the forces of a file but those whose name the model, or the file before them, has
void leave_out_known_forces(const Document& document, pugi::xml_node set, const std::vector<std::string>& known) {
  osim::TakenNames names;
  for (const std::string& name : known) names.emplace(name, 0);
  for (pugi::xml_node force : osim::objects_of(set)) {
    const std::string name = osim::name_of(force);
    if (names.emplace(name, 0).second) continue;
    document.diagnostics.note(
        "OSIM-031", document.xml.file, document.xml.line_of(force),
        fmt::format("{} is left out, as OpenSim does: there is a force of that name already", osim::label_of(force)),
        "Rename it if it is to act beside the other.");
    force.parent().remove_child(force);
  }
}

void read_force_if_needed(Document& document, pugi::xml_node force, const ModelParts& parts, ModelSpec& spec) {
  const bool is_muscle = osim::is_opensim_muscle(force.name());
  if (is_muscle) spec.muscle_names.push_back(osim::name_of(force));
  if (is_muscle ? parts.muscles : parts.other_forces) osim::read_force(document, force, spec);
}

// a force that stands outside the ForceSet: OpenSim's tools find it in the dynamics, but its static optimization does
// not ask it to pull
void read_free_force(Document& document, pugi::xml_node force, const ModelParts& parts, ModelSpec& spec) {
  const std::size_t muscles = spec.muscles.size(), actuators = spec.actuators.size();
  read_force_if_needed(document, force, parts, spec);
  const bool may_pull = (spec.muscles.size() > muscles && spec.muscles.back().applies_force) ||
                        (spec.actuators.size() > actuators && spec.actuators.back().applies_force);
  if (may_pull)
    document.warning(
        "OSIM-032", force,
        fmt::format("{} stands outside the ForceSet: OpenSim's static optimization leaves it at rest, here it "
                    "shares the load",
                    osim::label_of(force)),
        "Move it into the ForceSet, or remove it.");
}

// marks what was read of a set since its lists had these sizes
struct SetSizes {
  std::size_t muscles, actuators, passive_forces, unsupported;
};
void mark_as_of_set(const SetSizes& before, ModelSpec& spec) {
  const auto mark = [](auto& list, std::size_t from) {
    for (std::size_t i = from; i < list.size(); ++i) list[i].in_force_set = true;
  };
  mark(spec.muscles, before.muscles);
  mark(spec.actuators, before.actuators);
  mark(spec.passive_forces, before.passive_forces);
  mark(spec.unsupported, before.unsupported);
}

void read_forces(Document& document, pugi::xml_node set, const ModelParts& parts, ModelSpec& spec) {
  const SetSizes before{spec.muscles.size(), spec.actuators.size(), spec.passive_forces.size(),
                        spec.unsupported.size()};
  for (const pugi::xml_node force : osim::objects_of(set)) {
    spec.force_names.push_back(osim::name_of(force));
    read_force_if_needed(document, force, parts, spec);
  }
  for (const pugi::xml_node group : osim::objects_of(set.child("groups")))
    spec.force_groups.push_back({osim::name_of(group), split_words(osim::read_text(document, group, "members"))});
  mark_as_of_set(before, spec);
}

void collect_set_frames(Document& document, pugi::xml_node set, const char* set_path) {
  for (const pugi::xml_node component : osim::objects_of(set))
    osim::collect_frames(document, component, std::string(set_path) + osim::name_of(component));
}

// what stands in the <components> of a component, and in theirs
void collect_owned_components(pugi::xml_node owner, std::vector<pugi::xml_node>& components) {
  for (const pugi::xml_node component : osim::objects_of(owner.child("components"))) {
    components.push_back(component);
    collect_owned_components(component, components);
  }
}

// components that stand outside the sets: those of <components>, of the model or of any component in a set, and,
// before 4.0, of <ComponentSet>
std::vector<pugi::xml_node> free_components(pugi::xml_node model) {
  std::vector<pugi::xml_node> components;
  collect_owned_components(model, components);
  for (const char* set : {"BodySet", "JointSet", "ConstraintSet", "ForceSet", "MarkerSet", "ControllerSet"})
    for (const pugi::xml_node owner : osim::objects_of(model.child(set))) collect_owned_components(owner, components);
  collect_owned_components(model.child("Ground"), components);
  for (const pugi::xml_node component : osim::objects_of(model.child("ComponentSet"))) {
    components.push_back(component);
    collect_owned_components(component, components);
  }
  return components;
}

void collect_all_frames(Document& document, pugi::xml_node model) {
  // frames first: joints, points and forces refer to them by path, in any order
  osim::add_body_frame(document, "ground", "/ground");
  std::vector<pugi::xml_node> bodies = osim::objects_of(model.child("BodySet"));
  const std::size_t set_count = bodies.size();
  for (const pugi::xml_node component : free_components(model)) bodies.push_back(component);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (!is_type(bodies[i], "Body")) continue;
    const std::string name = osim::name_of(bodies[i]);
    // before OpenSim 4 ground is one of the bodies
    const std::string path = name == "ground" ? "/ground" : (i < set_count ? "/bodyset/" : "/") + name;
    if (name != "ground") osim::add_body_frame(document, name, path);
    osim::collect_frames(document, bodies[i], path);
    // joints inside bodies may own frames only in 4.0's forerunners, where they stand in the JointSet
  }
  osim::collect_frames(document, model.child("Ground"), "/ground");
  collect_set_frames(document, model.child("JointSet"), "/jointset/");
  collect_set_frames(document, model.child("ForceSet"), "/forceset/");
  collect_set_frames(document, model.child("ConstraintSet"), "/constraintset/");
  for (const pugi::xml_node geometry : osim::objects_of(model.child("ContactGeometrySet")))
    if (osim::is_contact_geometry_type(geometry.name()))
      document.contact_geometries.emplace_back(geometry, "/contactgeometryset/" + osim::name_of(geometry));
  for (const pugi::xml_node marker : osim::objects_of(model.child("MarkerSet")))
    document.stations.emplace("/markerset/" + osim::name_of(marker), std::pair(marker, std::string("/markerset")));
  // the model itself is the root of all paths
  osim::collect_frames(document, model, "");
}

bool has_wraps(const ModelSpec& spec) {
  const auto wraps = [](const auto& item) { return !item.path.wraps.empty(); };
  return std::any_of(spec.muscles.begin(), spec.muscles.end(), wraps) ||
         std::any_of(spec.actuators.begin(), spec.actuators.end(), wraps) ||
         std::any_of(spec.passive_forces.begin(), spec.passive_forces.end(), wraps);
}

ModelSpec read_model(Document& document, pugi::xml_node model, const ModelParts& parts) {
  ModelSpec spec;
  spec.name = osim::name_of(model);
  spec.file = document.xml.file;
  spec.version = document.version;
  for (const pugi::xml_node defaults : model.children("defaults")) osim::add_defaults(document, defaults);
  refuse_sets_in_other_files(document, model);
  // before 1.9.1 the forces stood in an ActuatorSet
  osim::TakenNames force_names;
  for (const char* set : {"ForceSet", "ActuatorSet"}) name_elements(document, model.child(set), "forces", force_names);
  osim::TakenNames marker_names;
  name_elements(document, model.child("MarkerSet"), "markers", marker_names);
  osim::read(document, model, "gravity", spec.gravity_W);
  collect_all_frames(document, model);

  osim::read_bodies(document, model.child("BodySet"), spec);
  const std::vector<pugi::xml_node> joints = osim::objects_of(model.child("JointSet"));
  // joints are large, and a vector that grows holds them twice
  spec.joints.reserve(spec.joints.size() + joints.size());
  for (const pugi::xml_node joint : joints) osim::read_joint(document, joint, "", spec);
  const std::vector<pugi::xml_node> components = free_components(model);
  for (const pugi::xml_node component : components) {
    if (is_type(component, "Body")) osim::read_body(document, component, spec);
    if (osim::is_joint_type(component.name())) osim::read_joint(document, component, "", spec);
  }
  for (const pugi::xml_node constraint : osim::objects_of(model.child("ConstraintSet")))
    osim::read_constraint(document, constraint, spec);
  if (parts.other_forces)
    for (const auto& [geometry, path] : document.contact_geometries)
      osim::read_contact_geometry(document, geometry, path, spec);
  // before 1.9.1 the forces stood in an ActuatorSet
  for (const char* set : {"ForceSet", "ActuatorSet"}) read_forces(document, model.child(set), parts, spec);
  for (const pugi::xml_node controller : osim::objects_of(model.child("ControllerSet")))
    if (parts.other_forces) osim::read_controller(document, controller, spec);
  for (const pugi::xml_node marker : osim::objects_of(model.child("MarkerSet")))
    if (parts.markers && is_type(marker, "Marker")) osim::read_marker(document, marker, spec);
  const std::size_t forces_of_set = spec.force_order.size();
  for (const pugi::xml_node component : components) switch (osim::find_component_role(component.name())) {
      case osim::ComponentRole::marker:
        if (parts.markers) osim::read_marker(document, component, spec);
        break;
      case osim::ComponentRole::constraint:
        osim::read_constraint(document, component, spec);
        break;
      case osim::ComponentRole::controller:
        if (parts.other_forces) osim::read_controller(document, component, spec);
        break;
      case osim::ComponentRole::other:
        read_free_force(document, component, parts, spec);
        break;
      case osim::ComponentRole::body:
      case osim::ComponentRole::joint:
      case osim::ComponentRole::harmless:
        break;
    }
  // OpenSim's reports name what stands outside the ForceSet first
  std::rotate(spec.force_order.begin(), spec.force_order.begin() + static_cast<std::ptrdiff_t>(forces_of_set),
              spec.force_order.end());
  if (parts == ModelParts{} || has_wraps(spec)) osim::read_wrap_objects(document, spec);
  return spec;
}

std::optional<ModelSpec> read_document(const XmlDocument& xml, const ModelParts& parts, Diagnostics& diagnostics) {
  const std::size_t errors_before = count_errors(diagnostics);
  Document document(xml, diagnostics);
  if (!read_header(document)) return std::nullopt;
  const pugi::xml_node model = xml.root().child("Model");
  if (!model) {
    document.error("OSIM-002", xml.root(), "the document holds no <Model>",
                   "This may be a setup file; choose the model that it names.");
    return std::nullopt;
  }
  ModelSpec spec = read_model(document, model, parts);
  if (count_errors(diagnostics) != errors_before) return std::nullopt;
  return spec;
}

bool read_force_set_document(const XmlDocument& xml, bool replace, const ModelParts& parts, ModelSpec& spec,
                             Diagnostics& diagnostics) {
  const std::size_t errors_before = count_errors(diagnostics);
  Document document(xml, diagnostics);
  if (!read_header(document)) return false;
  pugi::xml_node set = xml.root().child("ForceSet");
  if (!set) set = xml.root().child("ActuatorSet");
  if (!set) {
    document.error("OSIM-002", xml.root(), "the document holds no <ForceSet>");
    return false;
  }
  for (const pugi::xml_node defaults : set.children("defaults")) osim::add_defaults(document, defaults);
  const std::vector<std::string> known = replace ? std::vector<std::string>() : spec.force_names;
  leave_out_known_forces(document, set, known);
  osim::TakenNames names;
  for (const std::string& name : known) names.emplace(name, 0);
  name_elements(document, set, "forces", names);
  osim::add_body_frame(document, "ground", "/ground");
  for (const BodySpec& body : spec.bodies) osim::add_body_frame(document, body.name, "/bodyset/" + body.name);
  collect_set_frames(document, set, "/forceset/");
  // read into a model with these joints only, so that an error leaves the caller's alone
  ModelSpec read_in;
  read_in.joints = spec.joints;
  read_forces(document, set, parts, read_in);
  if (count_errors(diagnostics) != errors_before) return false;
  if (replace) clear_force_set(spec);
  const auto append = [](auto& to, auto& from) {
    for (auto& item : from) to.push_back(std::move(item));
  };
  append(spec.muscles, read_in.muscles);
  append(spec.actuators, read_in.actuators);
  append(spec.passive_forces, read_in.passive_forces);
  append(spec.unsupported, read_in.unsupported);
  append(spec.force_order, read_in.force_order);
  append(spec.force_names, read_in.force_names);
  append(spec.muscle_names, read_in.muscle_names);
  append(spec.force_groups, read_in.force_groups);
  return true;
}

PathSpec* find_force_path(ModelSpec& spec, const std::string& name) {
  for (MuscleSpec& muscle : spec.muscles)
    if (muscle.name == name) return &muscle.path;
  for (ActuatorSpec& actuator : spec.actuators)
    if (actuator.name == name && actuator.kind == ActuatorKind::path) return &actuator.path;
  for (PassiveForceSpec& force : spec.passive_forces)
    if (force.name == name && (force.path.is_polynomial || !force.path.points.empty())) return &force.path;
  return nullptr;
}

bool read_path_set_document(const XmlDocument& xml, ModelSpec& spec, Diagnostics& diagnostics) {
  const std::size_t errors_before = count_errors(diagnostics);
  Document document(xml, diagnostics);
  if (!read_header(document)) return false;
  // OpenSim calls the set after its template: Set_FunctionBasedPath_
  pugi::xml_node set;
  for (const pugi::xml_node child : xml.root().children())
    if (std::string_view(child.name()).find("FunctionBasedPath") != std::string_view::npos) set = child;
  if (!set) {
    document.error("OSIM-002", xml.root(), "the document holds no set of FunctionBasedPaths");
    return false;
  }
  ModelSpec changed = spec;
  for (const pugi::xml_node path : osim::objects_of(set)) {
    if (!is_type(path, "FunctionBasedPath")) continue;
    const std::string name = osim::last_component(osim::name_of(path));
    PathSpec* target = find_force_path(changed, name);
    if (target == nullptr) {
      document.error("OSIM-019", path, fmt::format("'{}' has a path here, but the model has no such force", name),
                     "Check that the paths were made for this model.");
      continue;
    }
    *target = {};
    osim::read_polynomial_path(document, path, *target, changed);
  }
  if (count_errors(diagnostics) != errors_before) return false;
  spec = std::move(changed);
  return true;
}

}  // namespace

void clear_force_set(ModelSpec& spec) {
  // forces that stand elsewhere among the model's components stay, whatever their names
  const auto is_of_set = [](const auto& force) { return force.in_force_set; };
  std::erase_if(spec.muscles, is_of_set);
  std::erase_if(spec.actuators, is_of_set);
  std::erase_if(spec.passive_forces, is_of_set);
  std::erase_if(spec.unsupported, [&](const UnsupportedSpec& item) { return item.is_force && is_of_set(item); });
  // the names of the set are the last ones
  const auto forget = [&](std::vector<std::string>& names) {
    for (auto known = spec.force_names.rbegin(); known != spec.force_names.rend(); ++known)
      if (const auto at = std::find(names.rbegin(), names.rend(), *known); at != names.rend())
        names.erase(std::next(at).base());
  };
  forget(spec.force_order);
  forget(spec.muscle_names);
  spec.force_names.clear();
  spec.force_groups.clear();
}

std::optional<ModelSpec> read_osim(const std::string& path, Diagnostics& diagnostics, const ModelParts& parts) {
  const auto xml = read_xml(path, diagnostics);
  return xml ? read_document(*xml, parts, diagnostics) : std::nullopt;
}

std::optional<ModelSpec> parse_osim(std::string_view text, const std::string& file_name, Diagnostics& diagnostics,
                                    const ModelParts& parts) {
  const auto xml = parse_xml(text, file_name, diagnostics);
  return xml ? read_document(*xml, parts, diagnostics) : std::nullopt;
}

bool read_force_set(const std::string& path, bool replace, ModelSpec& spec, Diagnostics& diagnostics,
                    const ModelParts& parts) {
  const auto xml = read_xml(path, diagnostics);
  return xml && read_force_set_document(*xml, replace, parts, spec, diagnostics);
}

bool parse_force_set(std::string_view text, const std::string& file_name, bool replace, ModelSpec& spec,
                     Diagnostics& diagnostics, const ModelParts& parts) {
  const auto xml = parse_xml(text, file_name, diagnostics);
  return xml && read_force_set_document(*xml, replace, parts, spec, diagnostics);
}

bool read_path_set(const std::string& path, ModelSpec& spec, Diagnostics& diagnostics) {
  const auto xml = read_xml(path, diagnostics);
  return xml && read_path_set_document(*xml, spec, diagnostics);
}

bool parse_path_set(std::string_view text, const std::string& file_name, ModelSpec& spec, Diagnostics& diagnostics) {
  const auto xml = parse_xml(text, file_name, diagnostics);
  return xml && read_path_set_document(*xml, spec, diagnostics);
}

}  // namespace buttress
