#include "body/osim_scaling.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

namespace buttress {

namespace {

using Node = pugi::xml_node;

std::vector<double> read_values(Node node) {
  std::vector<double> values;
  for (const std::string& word : split_words(trimmed_text(node))) values.push_back(parse_number(word).value_or(0));
  return values;
}

void write_values(Node node, const std::vector<double>& values) {
  node.text().set(fmt::format("{}", fmt::join(values, " ")).c_str());
}

/// multiplies the first numbers of an element, if it is there, by the factors
void multiply(Node node, const std::vector<double>& factors) {
  std::vector<double> values = read_values(node);
  if (!node || values.size() < factors.size()) return;
  for (std::size_t i = 0; i < factors.size(); ++i) values[i] *= factors[i];
  write_values(node, values);
}

std::vector<double> to_list(const Vec3d& v) {
  return {v.x, v.y, v.z};
}

bool is_unity(const Vec3d& v) {
  return v.x == 1 && v.y == 1 && v.z == 1;
}

Node find_model(const XmlDocument& document) {
  return document.root().child("Model");
}

Node find_ancestor(Node node, std::string_view name) {
  while (node && std::string_view(node.name()) != name) node = node.parent();
  return node;
}

/// a * function: OpenSim's MultiplierFunction around the function in place of which it stands
void multiply_function(Node function, double factor) {
  if (std::string_view(function.name()) == "MultiplierFunction") {
    Node scale = function.child("scale");
    if (!scale) function.append_child("scale").text().set("1");
    multiply(function.child("scale"), {factor});
    return;
  }
  Node parent = function.parent();
  Node multiplier = parent.insert_child_before("MultiplierFunction", function);
  if (const pugi::xml_attribute name = function.attribute("name"))
    multiplier.append_attribute("name").set_value(name.value());
  multiplier.append_child("function").append_copy(function);
  write_values(multiplier.append_child("scale"), {factor});
  parent.remove_child(function);
}

Node find_first_child_element(Node node) {
  return node.find_child([](Node child) { return child.type() == pugi::node_element; });
}

/// OpenSim's Body::scaleInertialProperties
void scale_inertia(Node body, const Vec3d& s, bool scale_mass) {
  const double mass = read_values(body.child("mass")).empty() ? 0 : read_values(body.child("mass"))[0];
  const double volume = std::abs(s.x * s.y * s.z), new_mass = scale_mass ? mass * volume : mass;
  if (scale_mass) multiply(body.child("mass"), {volume});
  std::vector<double> inertia = read_values(body.child("inertia"));
  if (inertia.size() != 6) return;
  const double f[3] = {s.x, s.y, s.z};
  if (new_mass <= 2.2e-16) {
    std::fill(inertia.begin(), inertia.end(), 0.0);
  } else if (std::abs(f[0] - f[1]) < 1e-12 && std::abs(f[1] - f[2]) < 1e-12) {
    for (double& value : inertia) value *= f[0] * f[0] * (scale_mass ? volume : 1.0);
  } else {
    // a cylinder along the axis of the smallest moment
    int axis = 0;
    for (int i = 1; i < 3; ++i)
      if (inertia[i] < inertia[axis]) axis = i;
    const int across = axis == 0 ? 1 : 0, first = (axis + 1) % 3, second = (axis + 2) % 3;
    const double radius_squared = std::max(0.0, 2 * inertia[axis] / mass);
    const double length_squared = std::max(0.0, 12 * (inertia[across] - 0.25 * mass * radius_squared) / mass);
    const double new_radius_squared = radius_squared * f[first] * f[second];
    const double new_length_squared = length_squared * f[axis] * f[axis];
    inertia[axis] = 0.5 * new_mass * new_radius_squared;
    inertia[first] = inertia[second] = new_mass * (new_length_squared / 12 + 0.25 * new_radius_squared);
    const double grow = scale_mass ? volume : 1.0;
    inertia[3] *= f[0] * f[1] * grow;
    inertia[4] *= f[0] * f[2] * grow;
    inertia[5] *= f[1] * f[2] * grow;
  }
  write_values(body.child("inertia"), inertia);
}

/// Sizes along the object's own axes: the norm of each axis times the body's factors, element by element.
void scale_wrap_object(Node wrap, const Vec3d& s) {
  const std::vector<double> angles = read_values(wrap.child("xyz_body_rotation"));
  const Mat3d R_BS = angles.size() == 3 ? make_body_xyz_rotation({angles[0], angles[1], angles[2]}) : Mat3d::identity();
  double along[3];
  for (int i = 0; i < 3; ++i) {
    const Vec3d axis = R_BS.column(i);
    along[i] = norm(Vec3d{axis.x * s.x, axis.y * s.y, axis.z * s.z});
  }
  const double across = 0.5 * (along[0] + along[1]);
  multiply(wrap.child("translation"), to_list(s));
  const std::string_view kind = wrap.name();
  if (kind == "WrapSphere") {
    multiply(wrap.child("radius"), {(along[0] + along[1] + along[2]) / 3});
  } else if (kind == "WrapCylinder") {
    multiply(wrap.child("radius"), {across});
    multiply(wrap.child("length"), {along[2]});
  } else if (kind == "WrapEllipsoid") {
    multiply(wrap.child("dimensions"), {along[0], along[1], along[2]});
  } else if (kind == "WrapTorus") {
    multiply(wrap.child("inner_radius"), {across});
    multiply(wrap.child("outer_radius"), {across});
  }
}

/// walks over the model and scales what it meets
class Scaler {
 public:
  Scaler(XmlDocument& document, const ScaleFactors& factors, const std::set<std::string>& slides, bool scale_mass,
         Diagnostics& diagnostics, SlideRule rule)
      : document_(document),
        factors_(factors),
        slides_(slides),
        scale_mass_(scale_mass),
        rule_(rule),
        diagnostics_(diagnostics) {
    for (Node body : find_model(document).child("BodySet").child("objects").children("Body"))
      bodies_.insert(body.attribute("name").value());
    collect_frames(find_model(document));
  }

  bool run() {
    visit(find_model(document_));
    if (!left_.empty()) {
      std::string names;
      for (const std::string& name : left_) names += (names.empty() ? "" : ", ") + name;
      diagnostics_.warning("SCALE-003", document_.file, 0, "left at their size: " + names,
                           "Scale them by hand if they matter; OpenSim may scale some of them.");
    }
    return is_good_;
  }

 private:
  void collect_frames(Node node) {
    for (Node child : node.children()) {
      if (std::string_view(child.name()) == "PhysicalOffsetFrame") frames_.push_back(child);
      collect_frames(child);
    }
  }

  /// The body on which the frame stands that a socket names: the last part of its path is a body or an offset frame,
  /// which the part before it (a joint) or the element's own joint tells from others of that name.
  std::string find_body(Node element, std::string path, int depth = 0) {
    while (!path.empty() && path.back() == '/') path.pop_back();
    const std::size_t slash = path.rfind('/');
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    if (name == "ground" || bodies_.count(name)) return name;
    if (name == "..") {
      const Node owner = find_ancestor(element.parent(), "Body");
      return owner ? owner.attribute("name").value() : "ground";
    }
    std::string owner = find_owner(element);
    if (slash != std::string::npos) {
      const std::string before = path.substr(0, slash);
      const std::string part = before.substr(before.rfind('/') + 1);
      if (!part.empty() && part != "..") owner = part;
    }
    std::set<std::string> near, all;
    for (const Node frame : frames_) {
      if (name != frame.attribute("name").value() || frame == element || depth > 20) continue;
      const std::string body = find_body(frame, std::string(trimmed_text(frame.child("socket_parent"))), depth + 1);
      all.insert(body);
      if (find_owner(frame) == owner) near.insert(body);
    }
    const std::set<std::string>& found = near.empty() ? all : near;
    if (found.size() == 1 && !found.begin()->empty()) return *found.begin();
    if (depth == 0) {
      is_good_ = false;
      diagnostics_.error("SCALE-002", document_.file, document_.line_of(element),
                         "the frame \"" + path + "\" of " + element.attribute("name").value() +
                             (found.empty() ? " is not in the model" : " may be several"),
                         "Write the whole path of the frame.");
    }
    return {};
  }

  /// name of the element that holds the set in which a frame or socket stands: its joint or body
  static std::string find_owner(Node element) {
    Node parent = element;
    if (std::string_view(element.parent().name()) == "frames" ||
        std::string_view(element.parent().name()) == "components")
      parent = element.parent().parent();
    return parent.attribute("name").value();
  }

  Vec3d find_factors(Node element, const char* socket) {
    const auto found = factors_.find(find_body(element, std::string(trimmed_text(element.child(socket)))));
    return found == factors_.end() ? Vec3d{1, 1, 1} : found->second;
  }

  void scale_meshes(Node owner, const Vec3d& s) {
    for (Node geometry : owner.child("attached_geometry").children())
      multiply(geometry.child("scale_factors"), to_list(s));
  }

  void scale_body(Node body) {
    const auto found = factors_.find(body.attribute("name").value());
    if (found == factors_.end() || is_unity(found->second)) return;
    const Vec3d s = found->second;
    multiply(body.child("mass_center"), to_list(s));
    scale_inertia(body, s, scale_mass_);
    for (Node wrap : body.child("WrapObjectSet").child("objects").children()) scale_wrap_object(wrap, s);
    scale_meshes(body, s);
  }

  /// translations of a joint follow the parent's size, except those that are a coordinate itself
  void scale_joint(Node joint) {
    const Vec3d s = find_factors(joint, "socket_parent_frame");
    if (is_unity(s)) return;
    int slot = 0;
    for (Node axis : joint.child("SpatialTransform").children("TransformAxis")) {
      if (slot++ < 3) continue;
      Node function = axis.find_child([](Node child) {
        const std::string_view name = child.name();
        return child.type() == pugi::node_element && name != "coordinates" && name != "axis";
      });
      if (std::string_view(function.name()) == "function") function = find_first_child_element(function);
      if (!function) continue;
      if (std::string_view(function.name()) == "LinearFunction") {
        const std::vector<double> line = read_values(function.child("coefficients"));
        if (line.size() == 2 && line[0] == 1 && line[1] == 0) continue;
      }
      const std::vector<double> a = read_values(axis.child("axis"));
      if (a.size() != 3) continue;
      const double x = std::abs(a[0]) * s.x, y = std::abs(a[1]) * s.y, z = std::abs(a[2]) * s.z;
      multiply_function(function,
                        rule_ == SlideRule::opensim ? x + y + z : norm(Vec3d{x, y, z}) / norm(Vec3d{a[0], a[1], a[2]}));
    }
  }

  void scale_moving_point(Node point) {
    const Vec3d s = find_factors(point, "socket_parent_frame");
    if (is_unity(s)) return;
    const double f[3] = {s.x, s.y, s.z};
    const char* names[3] = {"x_location", "y_location", "z_location"};
    for (int i = 0; i < 3; ++i)
      if (Node function = find_first_child_element(point.child(names[i]))) multiply_function(function, f[i]);
  }

  /// a coupler that moves a slide grows with the parent of the slide's joint
  void scale_coupler(Node coupler) {
    const std::string dependent(trimmed_text(coupler.child("dependent_coordinate_name")));
    if (!slides_.count(dependent)) return;
    const Node coordinate = find_model(document_).find_node([&](Node node) {
      return std::string_view(node.name()) == "Coordinate" && dependent == node.attribute("name").value();
    });
    const Vec3d s = find_factors(coordinate.parent().parent(), "socket_parent_frame");
    if (s.x != s.y || s.x != s.z) {
      is_good_ = false;
      diagnostics_.error("SCALE-009", document_.file, document_.line_of(coupler),
                         "the coupled slide " + dependent + " cannot be scaled by unequal factors",
                         "Scale the body that carries it equally along x, y and z, as OpenSim requires.");
      return;
    }
    if (is_unity(s)) return;
    if (!coupler.child("scale_factor")) coupler.append_child("scale_factor").text().set("1");
    multiply(coupler.child("scale_factor"), {s.x});
  }

  void visit(Node node) {
    const std::string_view kind = node.name();
    if (kind == "CoordinateCouplerConstraint") scale_coupler(node);
    if (kind == "Body") scale_body(node);
    if (node.child("SpatialTransform")) scale_joint(node);
    if (kind == "PhysicalOffsetFrame") {
      const Vec3d s = find_factors(node, "socket_parent");
      multiply(node.child("translation"), to_list(s));
      scale_meshes(node, s);
    }
    if (kind == "PathPoint" || kind == "ConditionalPathPoint" || kind == "Marker" || kind == "Station")
      multiply(node.child("location"), to_list(find_factors(node, "socket_parent_frame")));
    if (kind == "MovingPathPoint") scale_moving_point(node);
    if (kind.substr(0, 7) == "Contact" && std::string_view(node.parent().name()) == "objects")
      left_.insert(node.attribute("name").value());
    if (kind == "PointConstraint" || kind == "ConstantDistanceConstraint" || kind == "PointOnLineConstraint" ||
        kind == "FunctionBasedPath")
      left_.insert(node.attribute("name").as_string(node.name()));
    // the children first noted: multiply_function() puts new ones in their place
    std::vector<Node> children;
    for (Node child : node.children())
      if (child.type() == pugi::node_element) children.push_back(child);
    for (Node child : children) visit(child);
  }

  XmlDocument& document_;
  const ScaleFactors& factors_;
  const std::set<std::string>& slides_;
  bool scale_mass_;
  SlideRule rule_;
  Diagnostics& diagnostics_;
  std::set<std::string> bodies_, left_;
  std::vector<Node> frames_;
  bool is_good_ = true;
};

}  // namespace

bool check_scalable(const XmlDocument& document, Diagnostics& diagnostics) {
  if (document.root().attribute("Version").as_int(0) >= 40000 && find_model(document)) return true;
  diagnostics.error("SCALE-001", document.file, document.line_of(document.root()),
                    "the file is older than OpenSim 4; its joints and frames are laid out differently",
                    "Open the model in OpenSim 4 and save it.");
  return false;
}

bool scale_geometry(XmlDocument& document, const ScaleFactors& factors, const std::set<std::string>& slides,
                    bool scale_mass, Diagnostics& diagnostics, SlideRule rule) {
  return Scaler(document, factors, slides, scale_mass, diagnostics, rule).run();
}

void set_total_mass(XmlDocument& document, double mass) {
  const Node bodies = find_model(document).child("BodySet").child("objects");
  double total = 0;
  for (Node body : bodies.children("Body"))
    for (const double m : read_values(body.child("mass"))) total += m;
  if (!(total > 0)) return;
  const double factor = mass / total;
  for (Node body : bodies.children("Body")) {
    multiply(body.child("mass"), {factor});
    multiply(body.child("inertia"), {factor, factor, factor, factor, factor, factor});
  }
}

void set_body_masses(XmlDocument& document, const std::map<std::string, double>& mass) {
  for (Node body : find_model(document).child("BodySet").child("objects").children("Body")) {
    const auto found = mass.find(body.attribute("name").value());
    const std::vector<double> old = read_values(body.child("mass"));
    if (found == mass.end() || old.size() != 1 || !(old[0] > 0)) continue;
    const double factor = found->second / old[0];
    write_values(body.child("mass"), {found->second});
    multiply(body.child("inertia"), {factor, factor, factor, factor, factor, factor});
  }
}

void scale_muscle_forces(XmlDocument& document, double factor) {
  for (Node force : find_model(document).child("ForceSet").child("objects").children())
    multiply(force.child("max_isometric_force"), {factor});
}

void scale_path_lengths(XmlDocument& document, const std::map<std::string, double>& ratio) {
  for (Node force : find_model(document).child("ForceSet").child("objects").children()) {
    const auto found = ratio.find(force.attribute("name").value());
    if (found == ratio.end()) continue;
    for (const char* length : {"optimal_fiber_length", "tendon_slack_length", "resting_length", "slack_length"})
      multiply(force.child(length), {found->second});
  }
}

bool merge_marker_set(XmlDocument& document, const XmlDocument& set, Diagnostics& diagnostics) {
  Node source = set.root();
  if (std::string_view(source.name()) != "MarkerSet") source = source.child("MarkerSet");
  Node model = find_model(document);
  Node target = model.child("MarkerSet");
  if (!target) target = model.append_child("MarkerSet");
  Node objects = target.child("objects");
  if (!objects) objects = target.prepend_child("objects");
  int count = 0;
  for (Node marker : source.child("objects").children("Marker")) {
    const char* name = marker.attribute("name").value();
    while (Node old = objects.find_child_by_attribute("Marker", "name", name)) objects.remove_child(old);
    Node copy = objects.append_child("Marker");
    copy.append_attribute("name").set_value(name);
    // before OpenSim 4 a marker names its body
    std::string frame(trimmed_text(marker.child("socket_parent_frame")));
    if (const std::string body(trimmed_text(marker.child("body"))); frame.empty())
      frame = std::string(body == "ground" ? "/" : "/bodyset/").append(body);
    copy.append_child("socket_parent_frame").text().set(frame.c_str());
    copy.append_child("location").text().set(std::string(trimmed_text(marker.child("location"))).c_str());
    copy.append_child("fixed").text().set(std::string(trimmed_text(marker.child("fixed"))).c_str());
    ++count;
  }
  if (count == 0)
    diagnostics.error("OSIM-002", set.file, set.line_of(set.root()), "the file holds no <MarkerSet> with markers",
                      "Name a file of markers as marker_set_file.");
  return count > 0;
}

void keep_markers(XmlDocument& document, const std::vector<std::string>& keep) {
  Node objects = find_model(document).child("MarkerSet").child("objects");
  for (Node marker = objects.child("Marker"); marker;) {
    const Node next = marker.next_sibling("Marker");
    if (std::find(keep.begin(), keep.end(), marker.attribute("name").value()) == keep.end())
      objects.remove_child(marker);
    marker = next;
  }
}

void move_marker(XmlDocument& document, const std::string& name, const Vec3d& p_F) {
  Node marker =
      find_model(document).child("MarkerSet").child("objects").find_child_by_attribute("Marker", "name", name.c_str());
  const std::string_view fixed = trimmed_text(marker.child("fixed"));
  if (marker && fixed != "true" && fixed != "1") write_values(marker.child("location"), to_list(p_F));
}

void unlock_coordinates(XmlDocument& document, const std::set<std::string>& names) {
  struct Unlock : pugi::xml_tree_walker {
    const std::set<std::string>* names = nullptr;
    bool for_each(Node& node) override {
      if (node.name() == std::string_view("Coordinate") && names->count(node.attribute("name").value()))
        if (Node locked = node.child("locked")) locked.text().set("false");
      return true;
    }
  } unlock;
  unlock.names = &names;
  find_model(document).traverse(unlock);
}

void set_model_name(XmlDocument& document, const std::string& name) {
  Node model = find_model(document);
  if (!model.attribute("name")) model.append_attribute("name");
  model.attribute("name").set_value(name.c_str());
}

std::string format_xml(const XmlDocument& document) {
  std::ostringstream text;
  document.tree->save(text, "\t", pugi::format_indent, pugi::encoding_utf8);
  return text.str();
}

std::string format_marker_set(const XmlDocument& document) {
  pugi::xml_document tree;
  Node root = tree.append_child("OpenSimDocument");
  root.append_attribute("Version").set_value(document.root().attribute("Version").value());
  root.append_copy(find_model(document).child("MarkerSet"));
  std::ostringstream text;
  tree.save(text, "\t", pugi::format_indent, pugi::encoding_utf8);
  return text.str();
}

std::string format_scale_set(const std::string& name, const std::vector<std::string>& bodies,
                             const ScaleFactors& factors) {
  pugi::xml_document tree;
  Node root = tree.append_child("OpenSimDocument");
  root.append_attribute("Version").set_value("40000");
  Node set = root.append_child("ScaleSet");
  set.append_attribute("name").set_value(name.c_str());
  Node objects = set.append_child("objects");
  for (const std::string& body : bodies) {
    const auto found = factors.find(body);
    Node scale = objects.append_child("Scale");
    write_values(scale.append_child("scales"), to_list(found == factors.end() ? Vec3d{1, 1, 1} : found->second));
    scale.append_child("segment").text().set(body.c_str());
    scale.append_child("apply").text().set("true");
  }
  std::ostringstream text;
  tree.save(text, "\t", pugi::format_indent, pugi::encoding_utf8);
  return text.str();
}

}  // namespace buttress
