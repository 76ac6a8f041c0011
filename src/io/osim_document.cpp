#include "io/osim_document.h"

#include <fmt/format.h>

#include <cstring>

namespace buttress::osim {

std::string name_of(pugi::xml_node element) {
  const std::vector<std::string> words = split_words(element.attribute("name").value());
  std::string name;
  for (const std::string& word : words) name += (name.empty() ? "" : " ") + word;
  return name;
}

std::string label_of(pugi::xml_node element) {
  const std::string name = name_of(element);
  return name.empty() ? fmt::format("<{}>", element.name()) : fmt::format("{} '{}'", element.name(), name);
}

std::string take_component_name(pugi::xml_node element, TakenNames& taken) {
  std::string base = name_of(element);
  if (base.empty()) {
    base = element.name();
    for (char& c : base)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (taken.emplace(base, 0).second) return base;
  // many may share a name: go on where the last search ended
  int count = taken[base];
  std::string name = base + "_" + std::to_string(count++);
  while (!taken.emplace(name, 0).second) name = base + "_" + std::to_string(count++);
  taken[base] = count;
  return name;
}

std::string give_component_name(pugi::xml_node element, TakenNames& taken) {
  std::string name = name_of(element);
  if (name.empty()) return take_component_name(element, taken);
  taken.emplace(name, 0);
  return name;
}

std::string last_component(std::string_view path) {
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

void add_defaults(Document& document, pugi::xml_node defaults) {
  for (pugi::xml_node element : defaults.children())
    if (element.type() == pugi::node_element) document.defaults.emplace(element.name(), element);
}

namespace {

// OpenSim's Force, Constraint and Controller turned isDisabled into appliesForce, isEnforced and enabled
constexpr int kVersionOfPositiveSwitches = 30509;

pugi::xml_node find_default(const Document& document, pugi::xml_node element) {
  if (document.defaults.empty()) return {};
  const auto found = document.defaults.find(element.name());
  return found == document.defaults.end() ? pugi::xml_node() : found->second;
}

pugi::xml_node find_own_object(pugi::xml_node element, const char* name) {
  if (const pugi::xml_node wrapper = element.child(name))
    for (pugi::xml_node child : wrapper.children())
      if (child.type() == pugi::node_element) return child;
  for (pugi::xml_node child : element.children())
    if (child.type() == pugi::node_element && std::strcmp(child.attribute("name").value(), name) == 0) return child;
  return {};
}

}  // namespace

pugi::xml_node find_property(const Document& document, pugi::xml_node element, const char* name) {
  if (const pugi::xml_node own = element.child(name)) return own;
  return find_default(document, element).child(name);
}

pugi::xml_node find_object(const Document& document, pugi::xml_node element, const char* name) {
  if (const pugi::xml_node own = find_own_object(element, name)) return own;
  // an empty <name/> says that there is none, whatever the default
  if (element.child(name)) return {};
  return find_own_object(find_default(document, element), name);
}

std::vector<pugi::xml_node> objects_of(pugi::xml_node set) {
  std::vector<pugi::xml_node> objects;
  if (!set) return objects;
  const pugi::xml_node container = set.child("objects") ? set.child("objects") : set;
  for (pugi::xml_node child : container.children()) {
    if (child.type() != pugi::node_element) continue;
    if (container == set && (std::strcmp(child.name(), "groups") == 0 || std::strcmp(child.name(), "defaults") == 0))
      continue;
    objects.push_back(child);
  }
  return objects;
}

void read(const Document& document, pugi::xml_node element, const char* name, double& value, NumberRange range) {
  if (const pugi::xml_node property = find_property(document, element, name))
    if (const auto number = read_number(document.xml, property, document.diagnostics, range)) value = *number;
}

void read_optional(const Document& document, pugi::xml_node element, const char* name, double& value,
                   NumberRange range) {
  if (!read_text(document, element, name).empty()) read(document, element, name, value, range);
}

void read(const Document& document, pugi::xml_node element, const char* name, Vec3d& value) {
  if (const pugi::xml_node property = find_property(document, element, name))
    if (const auto vector = read_vec3(document.xml, property, document.diagnostics)) value = *vector;
}

void read(const Document& document, pugi::xml_node element, const char* name, bool& value) {
  if (const pugi::xml_node property = find_property(document, element, name))
    if (const auto truth = read_bool(document.xml, property, document.diagnostics)) value = *truth;
}

void read(const Document& document, pugi::xml_node element, const char* name, int& value) {
  if (const pugi::xml_node property = find_property(document, element, name))
    if (const auto number = read_integer(document.xml, property, document.diagnostics)) value = *number;
}

void read(const Document& document, pugi::xml_node element, const char* name, std::string& value) {
  if (const pugi::xml_node property = find_property(document, element, name)) value = trimmed_text(property);
}

std::string read_text(const Document& document, pugi::xml_node element, const char* name) {
  return std::string(trimmed_text(find_property(document, element, name)));
}

void require(const Document& document, pugi::xml_node element, const char* name, double& value) {
  if (!find_property(document, element, name)) {
    document.error("OSIM-005", element, fmt::format("{} has no <{}>", label_of(element), name));
    return;
  }
  read(document, element, name, value);
}

bool read_enabled(const Document& document, pugi::xml_node element, const char* positive_name) {
  for (const pugi::xml_node source : {element, find_default(document, element)}) {
    if (document.version < kVersionOfPositiveSwitches)
      if (const pugi::xml_node negative = source.child("isDisabled"))
        return !read_bool(document.xml, negative, document.diagnostics).value_or(false);
    if (const pugi::xml_node positive = source.child(positive_name))
      return read_bool(document.xml, positive, document.diagnostics).value_or(true);
  }
  // who writes the old switch into a new file means it, and OpenSim does not look at it
  if (const pugi::xml_node negative = element.child("isDisabled");
      negative && document.version >= kVersionOfPositiveSwitches)
    if (trimmed_text(negative) == "true" || trimmed_text(negative) == "1")
      document.warning(
          "OSIM-021", negative,
          fmt::format("{} has <isDisabled>, which OpenSim 4 ignores in files of version 30509 and later, and "
                      "so do we: it is not switched off",
                      label_of(element)),
          fmt::format("Write <{}>false</{}>.", positive_name, positive_name));
  return true;
}

std::string read_socket(const Document& document, pugi::xml_node element, const char* name) {
  const std::string socket = std::string("socket_") + name;
  if (const pugi::xml_node node = element.child(socket.c_str())) return std::string(trimmed_text(node));
  if (const pugi::xml_node node = element.child((socket + "_connectee_name").c_str()))
    return std::string(trimmed_text(node));
  // 4.0 while it was being made
  if (const pugi::xml_node connectors = element.child("connectors"))
    for (pugi::xml_node connector : connectors.children())
      if (std::strcmp(connector.attribute("name").value(), name) == 0)
        return std::string(trimmed_text(connector.child("connectee_name")));
  return std::string(trimmed_text(find_default(document, element).child(socket.c_str())));
}

Posed read_pose(const Document& document, pugi::xml_node element, const char* position, const char* orientation) {
  Vec3d p{0, 0, 0}, angles{0, 0, 0};
  read(document, element, position, p);
  read(document, element, orientation, angles);
  Posed X{Mat3d::identity(), p};
  if (angles.x != 0 || angles.y != 0 || angles.z != 0) X.R = make_body_xyz_rotation(angles);
  return X;
}

}  // namespace buttress::osim
