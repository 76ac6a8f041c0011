// Paths of muscles, actuators and ligaments of a .osim file.
#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

// OpenSim 4 reads no older files
constexpr int kOldestOfOpenSim4 = 10905;

// moving points: one component as a function of one coordinate
AxisTermSpec read_moving_component(const Document& document, pugi::xml_node point, char letter, double place) {
  const std::string socket = std::string(1, letter) + "_coordinate";
  const std::string location = std::string(1, letter) + "_location";
  const std::string attachment = std::string(1, static_cast<char>(letter - 'a' + 'A')) + "Attachment";
  AxisTermSpec term;
  std::string coordinate = read_socket(document, point, socket.c_str());
  if (coordinate.empty()) coordinate = read_text(document, point, socket.c_str());
  pugi::xml_node function = find_object(document, point, location.c_str());
  if (!function) function = find_object(document, point, attachment.c_str());
  if (!function) {
    // a component without a function stays at zero; in files that OpenSim 4 cannot read, where <location> puts it
    term.function.kind = FunctionKind::constant;
    term.function.coefficients = {document.version < kOldestOfOpenSim4 ? place : 0.0};
    return term;
  }
  if (const auto read_in = read_function(document, function)) term.function = *read_in;
  if (term.function.kind != FunctionKind::constant) {
    term.coordinate = last_component(coordinate);
    if (term.coordinate.empty())
      document.error("OSIM-012", function,
                     fmt::format("{} moves with a function, but names no {}", label_of(point), socket));
  }
  return term;
}

void read_point(Document& document, pugi::xml_node node, const std::string& owner_name, const std::string& owner_path,
                PathSpec& path, ModelSpec& spec) {
  PathPointSpec point;
  point.name = name_of(node);
  if (point.name.empty()) point.name = fmt::format("{}-P{}", owner_name, path.points.size() + 1);
  point.at = document.line(node);
  const std::string_view type = node.name();
  if (type == "PathPoint" || type == "MusclePoint") {
    point.kind = PathPointKind::fixed;
  } else if (type == "ConditionalPathPoint" || type == "MuscleViaPoint") {
    point.kind = PathPointKind::conditional;
  } else if (type == "MovingPathPoint" || type == "MovingMusclePoint") {
    point.kind = PathPointKind::moving;
  } else {
    spec.unsupported.push_back({std::string(type), owner_name, point.at});
    return;
  }
  std::string frame = read_socket(document, node, "parent_frame");
  if (frame.empty()) frame = read_text(document, node, "body");
  point.frame = find_frame(document, frame, owner_path, node);
  read(document, node, "location", point.p_F);
  if (point.kind == PathPointKind::conditional) {
    std::string coordinate = read_socket(document, node, "coordinate");
    if (coordinate.empty()) coordinate = read_text(document, node, "coordinate");
    if (coordinate.empty()) coordinate = read_text(document, node, "coordinates");
    point.coordinate = last_component(coordinate);
    if (const pugi::xml_node range = find_property(document, node, "range")) {
      if (const auto ends = read_numbers(document.xml, range, document.diagnostics, 2, NumberRange::may_be_infinite)) {
        point.range_min = (*ends)[0];
        point.range_max = (*ends)[1];
      }
    }
  } else if (point.kind == PathPointKind::moving) {
    point.moving[0] = read_moving_component(document, node, 'x', point.p_F.x);
    point.moving[1] = read_moving_component(document, node, 'y', point.p_F.y);
    point.moving[2] = read_moving_component(document, node, 'z', point.p_F.z);
  }
  path.points.push_back(std::move(point));
}

void read_wrap(const Document& document, pugi::xml_node node, PathSpec& path) {
  PathWrapSpec wrap;
  wrap.at = document.line(node);
  wrap.wrap_object = last_component(read_text(document, node, "wrap_object"));
  std::string method = read_text(document, node, "method");
  if (method.empty() || method == "hybrid" || method == "Hybrid" || method == "HYBRID" || method == "Unassigned")
    wrap.method = WrapMethod::hybrid;
  else if (method == "midpoint" || method == "Midpoint" || method == "MIDPOINT")
    wrap.method = WrapMethod::midpoint;
  else if (method == "axial" || method == "Axial" || method == "AXIAL")
    wrap.method = WrapMethod::axial;
  else
    document.error(
        "OSIM-015", node,
        fmt::format("the wrap '{}' has method '{}', expected hybrid, midpoint or axial", wrap.wrap_object, method));
  if (const pugi::xml_node range = find_property(document, node, "range")) {
    if (const auto ends = read_numbers(document.xml, range, document.diagnostics, 2)) {
      // OpenSim: anything below 1 means the end of the path
      const auto to_index = [](double v) { return v >= 1 && v <= 1e6 ? static_cast<int>(v) : -1; };
      wrap.range_first = to_index((*ends)[0]);
      wrap.range_last = to_index((*ends)[1]);
    }
  }
  path.wraps.push_back(std::move(wrap));
}

// the number of terms of a polynomial of `dimension` variables up to `order`: (order + dimension)! / (order!
// dimension!)
double count_terms(int dimension, int order) {
  double count = 1;
  for (int k = 1; k <= dimension; ++k) count = count * (order + k) / k;
  return std::round(count);
}

}  // namespace

bool read_polynomial_path(Document& document, pugi::xml_node node, PathSpec& path, ModelSpec& spec) {
  const auto refuse = [&](pugi::xml_node what) {
    spec.unsupported.push_back({what.name(), name_of(node), document.line(what)});
    return false;
  };
  path.is_polynomial = true;
  path.polynomial = {};
  for (const std::string& coordinate : split_words(read_text(document, node, "coordinate_paths")))
    path.polynomial.coordinates.push_back(last_component(coordinate));
  // OpenSim differentiates the length itself unless the file brings other functions
  for (const char* other : {"moment_arm_functions", "lengthening_speed_function"})
    for (const pugi::xml_node child : node.child(other).children())
      if (child.type() == pugi::node_element) return refuse(node);
  const pugi::xml_node function = find_object(document, node, "length_function");
  if (!function) {
    document.error("OSIM-005", node, fmt::format("{} has no <length_function>", label_of(node)));
    return true;
  }
  if (std::strcmp(function.name(), "MultivariatePolynomialFunction") != 0) return refuse(function);
  int dimension = 0;
  read(document, function, "dimension", dimension);
  read(document, function, "order", path.polynomial.order);
  if (const pugi::xml_node list = find_property(document, function, "coefficients"))
    if (auto numbers = read_numbers(document.xml, list, document.diagnostics))
      path.polynomial.coefficients = std::move(*numbers);
  const std::size_t coordinate_count = path.polynomial.coordinates.size();
  if (dimension < 1 || dimension > 6 || static_cast<std::size_t>(dimension) != coordinate_count) {
    document.error("OSIM-023", function,
                   fmt::format("the polynomial has dimension {} for {} coordinates, expected the same, 1 to 6",
                               dimension, coordinate_count));
    return true;
  }
  if (path.polynomial.order < 0 || path.polynomial.order > 20) {
    document.error("OSIM-023", function,
                   fmt::format("the polynomial has order {}, expected 0 to 20", path.polynomial.order));
    return true;
  }
  const double expected = count_terms(dimension, path.polynomial.order);
  if (static_cast<double>(path.polynomial.coefficients.size()) != expected)
    document.error("OSIM-023", function,
                   fmt::format("the polynomial has {} coefficients, expected {} for dimension {} and order {}",
                               path.polynomial.coefficients.size(), expected, dimension, path.polynomial.order));
  return true;
}

bool read_path(Document& document, pugi::xml_node owner, const std::string& owner_path, PathSpec& path,
               ModelSpec& spec) {
  // OpenSim 4.5 and later: <... name="path">; before: <GeometryPath>; before 2.0 the points stand in the muscle
  pugi::xml_node node = find_object(document, owner, "path");
  if (!node) node = find_property(document, owner, "GeometryPath");
  if (!node) node = find_property(document, owner, "FunctionBasedPath");
  if (!node && (owner.child("MusclePointSet") || owner.child("PathPointSet") || owner.child("attachments")))
    node = owner;
  if (!node) {
    document.error("OSIM-016", owner, fmt::format("{} has no path", label_of(owner)));
    return true;
  }
  if (std::strcmp(node.name(), "FunctionBasedPath") == 0) return read_polynomial_path(document, node, path, spec);
  if (node != owner && std::strcmp(node.name(), "GeometryPath") != 0) {
    spec.unsupported.push_back({node.name(), name_of(owner), document.line(node)});
    return false;
  }
  pugi::xml_node points;
  for (const char* name : {"PathPointSet", "MusclePointSet", "attachments"})
    if (!points) points = find_property(document, node, name);
  pugi::xml_node wraps;
  for (const char* name : {"PathWrapSet", "MuscleWrapSet"})
    if (!wraps) wraps = find_property(document, node, name);
  const std::string owner_name = name_of(owner);
  for (const pugi::xml_node point : objects_of(points)) read_point(document, point, owner_name, owner_path, path, spec);
  for (const pugi::xml_node wrap : objects_of(wraps)) read_wrap(document, wrap, path);
  return true;
}

}  // namespace buttress::osim
