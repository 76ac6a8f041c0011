// Frames of a .osim file: who stands on what, and what a path in the file means.
#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

// a chain of offset frames longer than this is a mistake or an attack
constexpr int kMaxFrameChain = 200;

bool is_type(pugi::xml_node node, const char* type) {
  return std::strcmp(node.name(), type) == 0;
}

// joins and removes "." and ".."
std::string make_absolute(const std::string& owner_path, std::string_view reference) {
  std::vector<std::string_view> parts;
  const auto append = [&parts](std::string_view path) {
    std::size_t start = 0;
    while (start <= path.size()) {
      std::size_t end = path.find('/', start);
      if (end == std::string_view::npos) end = path.size();
      const std::string_view part = path.substr(start, end - start);
      if (part == "..") {
        if (!parts.empty()) parts.pop_back();
      } else if (!part.empty() && part != ".") {
        parts.push_back(part);
      }
      start = end + 1;
    }
  };
  if (reference.empty() || reference.front() != '/') append(owner_path);
  append(reference);
  std::string path;
  for (const std::string_view part : parts) (path += '/') += part;
  return path;
}

void add_frame(Document& document, Frame frame) {
  const std::size_t index = document.frames.size();
  document.frame_of_path.emplace(frame.path, index);
  document.frames_of_name[last_component(frame.path)].push_back(index);
  document.frames.push_back(std::move(frame));
}

FrameSpec resolve_reference(Document&, const std::string& reference, const std::string& owner_path, pugi::xml_node at,
                            int depth);

// position of a station in its base frame, and that frame's body
std::optional<FrameSpec> find_station(Document& document, pugi::xml_node frame, const std::string& frame_path,
                                      const char* socket, int depth) {
  const std::string reference = read_socket(document, frame, socket);
  auto found = document.stations.find(make_absolute(frame_path, reference));
  if (found == document.stations.end()) {
    // by its name alone, when only one station has it
    const std::string name = last_component(reference);
    auto only = document.stations.end();
    int count = 0;
    for (auto it = document.stations.begin(); it != document.stations.end(); ++it)
      if (last_component(it->first) == name) {
        only = it;
        ++count;
      }
    if (count == 1) found = only;
  }
  if (found == document.stations.end()) {
    document.error("OSIM-008", frame,
                   fmt::format("{} names the station '{}', which is not in the file", label_of(frame), reference));
    return std::nullopt;
  }
  const auto [station, station_path] = std::pair(found->second.first, found->first);
  std::string parent = read_socket(document, station, "parent_frame");
  if (parent.empty()) parent = read_text(document, station, "body");
  FrameSpec spec = resolve_reference(document, parent, found->second.second, station, depth);
  Vec3d p{0, 0, 0};
  read(document, station, "location", p);
  spec.X_BF = {Mat3d::identity(), spec.X_BF * p};
  return spec;
}

// "+x", "x", "-z": the axis and its sign
bool parse_direction(std::string_view text, int& axis, double& sign) {
  sign = 1;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    sign = text[0] == '-' ? -1 : 1;
    text.remove_prefix(1);
  }
  if (text.size() != 1) return false;
  axis = text[0] >= 'a' ? text[0] - 'x' : text[0] - 'X';
  return axis >= 0 && axis < 3;
}

// OpenSim StationDefinedFrame: axes from b - a and (b - a) x (c - a), origin at its own station
FrameSpec resolve_station_frame(Document& document, pugi::xml_node node, const std::string& path, int depth) {
  const auto a = find_station(document, node, path, "point_a", depth);
  const auto b = find_station(document, node, path, "point_b", depth);
  const auto c = find_station(document, node, path, "point_c", depth);
  const auto o = find_station(document, node, path, "origin_point", depth);
  if (!a || !b || !c || !o) return {};
  if (a->body != b->body || a->body != c->body || a->body != o->body) {
    document.error("OSIM-027", node, fmt::format("the stations of {} stand on different bodies", label_of(node)));
    return {};
  }
  int first = 0, second = 1;
  double first_sign = 1, second_sign = 1;
  std::string ab_axis = "+x", ab_x_ac_axis = "+y";
  read(document, node, "ab_axis", ab_axis);
  read(document, node, "ab_x_ac_axis", ab_x_ac_axis);
  if (!parse_direction(ab_axis, first, first_sign) || !parse_direction(ab_x_ac_axis, second, second_sign) ||
      first == second) {
    document.error("OSIM-027", node,
                   fmt::format("{}: ab_axis '{}' and ab_x_ac_axis '{}' are not two different axes out of +x -x +y -y "
                               "+z -z",
                               label_of(node), ab_axis, ab_x_ac_axis));
    return {};
  }
  const Vec3d ab = b->X_BF.p - a->X_BF.p, normal = cross(ab, c->X_BF.p - a->X_BF.p);
  const double ab_length = norm(ab), normal_length = norm(normal);
  if (!(ab_length > 0) || !(normal_length > 0) || !std::isfinite(ab_length * normal_length)) {
    document.error("OSIM-027", node, fmt::format("the stations of {} lie on one line", label_of(node)));
    return {};
  }
  // columns of R_BF are F's axes; the third completes a right-handed set
  Vec3d columns[3];
  columns[first] = (first_sign / ab_length) * ab;
  columns[second] = (second_sign / normal_length) * normal;
  const int third = 3 - first - second;
  columns[third] = cross(columns[(third + 1) % 3], columns[(third + 2) % 3]);
  FrameSpec spec{a->body, Posed::identity()};
  for (int k = 0; k < 3; ++k) {
    spec.X_BF.R.m[0][k] = columns[k].x;
    spec.X_BF.R.m[1][k] = columns[k].y;
    spec.X_BF.R.m[2][k] = columns[k].z;
  }
  spec.X_BF.p = o->X_BF.p;
  return spec;
}

const FrameSpec& resolve_frame(Document& document, std::size_t index, pugi::xml_node at, int depth) {
  static const FrameSpec nowhere;
  if (document.frames[index].state == Frame::State::resolved) return document.frames[index].spec;
  if (document.frames[index].state == Frame::State::resolving || depth > kMaxFrameChain) {
    document.error("OSIM-009", at,
                   document.frames[index].state == Frame::State::resolving
                       ? fmt::format("the frame '{}' stands on itself", document.frames[index].path)
                       : fmt::format("more than {} frames stand on one another", kMaxFrameChain));
    return nowhere;
  }
  document.frames[index].state = Frame::State::resolving;
  const pugi::xml_node node = document.frames[index].node;
  const std::string path = document.frames[index].path;
  FrameSpec spec;
  if (is_type(node, "StationDefinedFrame")) {
    spec = resolve_station_frame(document, node, path, depth + 1);
  } else {
    spec = resolve_reference(document, read_socket(document, node, "parent"), path, node, depth + 1);
    spec.X_BF = spec.X_BF * read_pose(document, node, "translation", "orientation");
  }
  document.frames[index].spec = std::move(spec);
  document.frames[index].state = Frame::State::resolved;
  return document.frames[index].spec;
}

FrameSpec resolve_reference(Document& document, const std::string& reference, const std::string& owner_path,
                            pugi::xml_node at, int depth) {
  // the path as it stands, seen from the owner
  if (const auto found = document.frame_of_path.find(make_absolute(owner_path, reference));
      found != document.frame_of_path.end())
    return resolve_frame(document, found->second, at, depth);
  const std::string name = last_component(reference);
  const auto named = document.frames_of_name.find(name);
  if (named == document.frames_of_name.end()) return {name, Posed::identity()};
  // the name alone: the nearest frame of that name, going outwards from the owner; then a body; then the only one
  for (std::string scope = owner_path;;) {
    if (const auto found = document.frame_of_path.find(scope + '/' + name); found != document.frame_of_path.end())
      return resolve_frame(document, found->second, at, depth);
    const std::size_t slash = scope.rfind('/');
    if (slash == std::string::npos) break;
    scope.resize(slash);
  }
  for (const std::size_t index : named->second)
    if (document.frames[index].is_body) return resolve_frame(document, index, at, depth);
  if (named->second.size() > 1) {
    document.error("OSIM-008", at,
                   fmt::format("'{}' could mean {} or {}", reference, document.frames[named->second[0]].path,
                               document.frames[named->second[1]].path),
                   "Write the whole path of the frame.");
    return {};
  }
  return resolve_frame(document, named->second[0], at, depth);
}

}  // namespace

void add_body_frame(Document& document, const std::string& body, const std::string& path) {
  Frame frame;
  frame.path = path;
  frame.is_body = true;
  frame.state = Frame::State::resolved;
  frame.spec = {body, Posed::identity()};
  add_frame(document, std::move(frame));
}

void collect_frames(Document& document, pugi::xml_node component, const std::string& path) {
  if (const pugi::xml_node wraps = component.child("WrapObjectSet")) document.wrap_hosts.push_back({wraps, path});
  for (const char* container_name : {"frames", "components"}) {
    const pugi::xml_node container = component.child(container_name);
    if (!container) continue;
    for (const pugi::xml_node child : objects_of(container)) {
      const std::string child_path = path + '/' + name_of(child);
      if (is_type(child, "PhysicalOffsetFrame") || is_type(child, "StationDefinedFrame")) {
        Frame frame;
        frame.path = child_path;
        frame.node = child;
        add_frame(document, std::move(frame));
      } else if (is_type(child, "Station") || is_type(child, "Marker")) {
        document.stations.emplace(child_path, std::pair(child, path));
      } else if (is_contact_geometry_type(child.name())) {
        document.contact_geometries.emplace_back(child, child_path);
      }
      collect_frames(document, child, child_path);
    }
  }
}

std::optional<FrameSpec> find_station_frame(Document& document, pugi::xml_node element, const std::string& element_path,
                                            const char* socket) {
  return find_station(document, element, element_path, socket, 0);
}

FrameSpec find_frame(Document& document, const std::string& reference, const std::string& owner_path,
                     pugi::xml_node at) {
  return resolve_reference(document, reference, owner_path, at, 0);
}

}  // namespace buttress::osim
