#include "model/compile.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "model/compile_tree.h"

namespace buttress {

namespace {

/// What the parts of compile() share: the spec, the model being filled, names already seen, and where to report.
struct Compiler {
  const ModelSpec& spec;
  const CompileOptions& options;
  Diagnostics& diagnostics;
  Model model;
  std::map<std::string, int> body_index, coordinate_index, wrap_index;

  void error(const char* id, SourceLine at, std::string message, std::string advice = {}) {
    diagnostics.error(id, spec.file, at.line, std::move(message), std::move(advice));
  }

  bool is_ignored(const std::string& type, const std::string& name) const {
    const auto& list = options.ignore;
    return std::find(list.begin(), list.end(), name) != list.end() ||
           std::find(list.begin(), list.end(), type) != list.end();
  }

  int find_body(const std::string& name, SourceLine at, const std::string& who) {
    const auto it = body_index.find(name);
    if (it != body_index.end()) return it->second;
    error("MODEL-003", at, who + " stands on body '" + name + "', which the model does not have",
          "Check the spelling of the body in " + who + ".");
    return 0;
  }
  int find_coordinate(const std::string& name, SourceLine at, const std::string& who) {
    const auto it = coordinate_index.find(name);
    if (it != coordinate_index.end()) return it->second;
    error("MODEL-004", at, who + " depends on coordinate '" + name + "', which the model does not have",
          "Check the spelling of the coordinate in " + who + ".");
    return -1;
  }
  PiecewisePolynomial function(const FunctionSpec& f, SourceLine at, const std::string& who) {
    try {
      return make_function(f);
    } catch (const std::invalid_argument& problem) {
      error("MODEL-005", at, who + " has a function that cannot be built: " + problem.what());
      return make_constant(0.0);
    }
  }
  BodyFrame frame(const FrameSpec& f, SourceLine at, const std::string& who) {
    return {find_body(f.body, at, who), f.X_BF};
  }

  void check_unsupported();
  void check_names();
  void add_coordinates();
  void add_axes();
  void add_couplers();
  void add_wrap_objects();
  int add_path(const PathSpec& path, SourceLine at, const std::string& who);
  void find_path_coordinates(Path& path) const;
  void add_muscles();
  void add_actuators();
  void add_passive_forces();
  void add_markers();
  void number_independent();
};

void Compiler::check_unsupported() {
  for (const UnsupportedSpec& u : spec.unsupported) {
    if (is_ignored(u.type, u.name)) {
      model.ignored.push_back(u.type + " " + u.name);
      continue;
    }
    error("MODEL-001", u.at, u.type + " '" + u.name + "' would change the answer and is not simulated",
          "Remove it from the model, or run again with --ignore " + (u.name.empty() ? u.type : u.name) +
              " to leave it out; every result will say so.");
  }
}

void Compiler::check_names() {
  const auto check = [&](const auto& items, const char* what) {
    std::map<std::string, int> seen;
    for (const auto& item : items) {
      const auto [it, fresh] = seen.emplace(item.name, item.at.line);
      if (!fresh)
        error("MODEL-002", item.at,
              std::string("two ") + what + " have the name '" + item.name + "' (the first is at line " +
                  std::to_string(it->second) + ")",
              "Give each its own name.");
    }
  };
  check(spec.bodies, "bodies");
  check(spec.joints, "joints");
  check(spec.muscles, "muscles");
  check(spec.wrap_objects, "wrap objects");
  std::vector<CoordinateSpec> coordinates;
  for (const JointSpec& joint : spec.joints)
    coordinates.insert(coordinates.end(), joint.coordinates.begin(), joint.coordinates.end());
  check(coordinates, "coordinates");
}

void Compiler::add_coordinates() {
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const auto source = std::find_if(spec.joints.begin(), spec.joints.end(),
                                     [&](const JointSpec& s) { return s.name == model.joints[j].name; });
    for (const CoordinateSpec& c : source->coordinates) {
      Coordinate coordinate;
      coordinate.name = c.name;
      coordinate.joint = static_cast<int>(j);
      coordinate.default_value = c.default_value;
      coordinate.range_min = c.range_min;
      coordinate.range_max = c.range_max;
      coordinate.is_translational = c.is_translational;
      coordinate.locked = c.locked;
      coordinate.prescribed = c.prescribed;
      if (c.prescribed)
        coordinate.prescribed_function = function(c.prescribed_function, c.at, "coordinate '" + c.name + "'");
      coordinate_index[c.name] = static_cast<int>(model.coordinates.size());
      model.coordinates.push_back(std::move(coordinate));
    }
  }
}

void Compiler::add_axes() {
  for (Joint& joint : model.joints) {
    const JointSpec& source =
        *std::find_if(spec.joints.begin(), spec.joints.end(), [&](const JointSpec& s) { return s.name == joint.name; });
    joint.first_axis = static_cast<int>(model.axes.size());

    // the numbers that Simbody gives the joint's coordinates: in the order in which the six axes use them
    std::vector<std::string> mobilities;
    for (const AxisSpec& given : source.axes)
      for (const AxisTermSpec& t : given.terms)
        if (!t.coordinate.empty() && std::find(mobilities.begin(), mobilities.end(), t.coordinate) == mobilities.end())
          mobilities.push_back(t.coordinate);
    joint.has_simbody_rates = options.simbody_rates && source.kind == JointKind::custom && !joint.reversed;

    // slides before rotations, as X_FM = [R, p]; a joint given in reverse runs backwards with opposite signs
    std::vector<int> order = {3, 4, 5, 0, 1, 2};
    if (joint.reversed) order = {2, 1, 0, 3, 4, 5};
    for (int slot : order) {
      const AxisSpec& given = source.axes[slot];
      const bool is_rotation = slot < 3;
      const double length = std::sqrt(dot(given.direction, given.direction));
      std::vector<AxisTerm> terms;
      double constant = 0;
      for (const AxisTermSpec& t : given.terms) {
        AxisTerm term;
        const std::string who = "joint '" + joint.name + "'";
        term.function = function(t.function, source.at, who);
        if (!t.coordinate.empty()) term.coordinate = find_coordinate(t.coordinate, source.at, who);
        term.mobility =
            static_cast<int>(std::find(mobilities.begin(), mobilities.end(), t.coordinate) - mobilities.begin());
        if (joint.reversed) term.function = scaled(std::move(term.function), -1.0);
        if (term.coordinate < 0 || term.function.is_constant())
          constant += evaluate(term.function, 0.0).f;
        else
          terms.push_back(std::move(term));
      }
      if (terms.empty() && constant == 0) continue;
      if (!(length > 0)) {
        error("MODEL-006", source.at, "joint '" + joint.name + "' moves along an axis of zero length",
              "Give the TransformAxis a direction such as 1 0 0.");
        continue;
      }
      Axis axis;
      axis.is_rotation = is_rotation;
      axis.slot = slot;
      // OpenSim normalises rotation axes and takes translation axes as unit vectors too
      axis.direction = {given.direction.x / length, given.direction.y / length, given.direction.z / length};
      const Vec3d d = axis.direction;
      const auto along = [&](Principal p, double value, double other1, double other2) {
        if (other1 == 0 && other2 == 0) axis.principal = p, axis.sign = value > 0 ? 1 : -1;
      };
      along(Principal::x, d.x, d.y, d.z);
      along(Principal::y, d.y, d.x, d.z);
      along(Principal::z, d.z, d.x, d.y);
      // a constant slide in the parent's frame is part of that frame
      if (!is_rotation && !joint.reversed && constant != 0) {
        joint.X_PF.p += joint.X_PF.R * (constant * d);
        constant = 0;
        if (terms.empty()) continue;
      }
      if (constant != 0) terms.push_back({-1, make_constant(constant), -1});
      axis.terms = std::move(terms);
      model.axes.push_back(std::move(axis));
      ++joint.axis_count;
      if (!is_rotation && !joint.reversed) ++joint.slides_first;
    }
  }
}

void Compiler::add_couplers() {
  for (const CouplerSpec& c : spec.couplers) {
    if (!c.enforced) continue;
    const std::string who = "coupler '" + c.name + "'";
    Coupler coupler;
    coupler.name = c.name;
    coupler.dependent = find_coordinate(c.dependent, c.at, who);
    coupler.independent = find_coordinate(c.independent, c.at, who);
    if (coupler.dependent < 0 || coupler.independent < 0) continue;
    coupler.function = function(c.function, c.at, who);
    Coordinate& dependent = model.coordinates[static_cast<std::size_t>(coupler.dependent)];
    if (dependent.coupler >= 0 || coupler.dependent == coupler.independent) {
      error("MODEL-007", c.at,
            who + " ties coordinate '" + c.dependent + "', which is already tied or is its own driver",
            "Keep one coupler for each dependent coordinate.");
      continue;
    }
    dependent.coupler = static_cast<int>(model.couplers.size());
    model.couplers.push_back(std::move(coupler));
  }
  for (const CouplerSpec& c : spec.couplers) {
    const auto driver = coordinate_index.find(c.independent);
    if (!c.enforced || c.dependent == c.independent || driver == coordinate_index.end()) continue;
    if (model.coordinates[static_cast<std::size_t>(driver->second)].coupler >= 0)
      error("MODEL-008", c.at,
            "coupler '" + c.name + "' is driven by coordinate '" + c.independent +
                "', which depends on another coordinate itself",
            "Make every coupler depend on a free coordinate.");
  }
}

void Compiler::add_wrap_objects() {
  for (const WrapObjectSpec& w : spec.wrap_objects) {
    const std::string who = "wrap object '" + w.name + "'";
    WrapObject object;
    object.name = w.name;
    object.body = find_body(w.frame.body, w.at, who);
    object.X_BS = w.frame.X_BF;
    object.kind = w.kind;
    object.radius = w.radius;
    if (w.kind == WrapKind::cylinder && w.length > 0) object.length = w.length;
    object.semi_axes = w.semi_axes;
    object.inner_radius = w.inner_radius;
    object.outer_radius = w.outer_radius;
    object.quadrant = w.quadrant;
    const bool sound = w.kind == WrapKind::ellipsoid ? w.semi_axes.x > 0 && w.semi_axes.y > 0 && w.semi_axes.z > 0
                       : w.kind == WrapKind::torus   ? w.inner_radius > 0 && w.outer_radius > 0
                                                     : w.radius > 0;
    if (!sound) error("MODEL-009", w.at, who + " has no size", "Its radius or dimensions must be above zero.");
    wrap_index[w.name] = static_cast<int>(model.wrap_objects.size());
    model.wrap_objects.push_back(std::move(object));
  }
}

void Compiler::find_path_coordinates(Path& path) const {
  std::set<int> bodies, used;
  for (const PathPoint& p : path.points) bodies.insert(p.body);
  for (const PathWrap& w : path.wraps) bodies.insert(model.wrap_objects[static_cast<std::size_t>(w.wrap_object)].body);

  // a joint changes the length when it parts the bodies that the path touches
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const auto below = std::count_if(bodies.begin(), bodies.end(),
                                     [&](int b) { return model.is_in_subtree(b, static_cast<int>(j) + 1); });
    if (below == 0 || below == static_cast<long>(bodies.size())) continue;
    for (int k = 0; k < model.joints[j].axis_count; ++k)
      for (const AxisTerm& t : model.axes[static_cast<std::size_t>(model.joints[j].first_axis + k)].terms)
        if (t.coordinate >= 0) used.insert(t.coordinate);
  }
  for (const PathPoint& p : path.points)
    if (p.kind == PathPointKind::moving)
      for (const AxisTerm& t : p.moving)
        if (t.coordinate >= 0) used.insert(t.coordinate);
  path.coordinates.assign(used.begin(), used.end());
}

int Compiler::add_path(const PathSpec& given, SourceLine at, const std::string& who) {
  Path path;
  if (given.is_polynomial) {
    path.is_polynomial = true;
    path.polynomial_order = given.polynomial.order;
    path.polynomial_coefficients = given.polynomial.coefficients;
    for (const std::string& name : given.polynomial.coordinates)
      path.polynomial_coordinates.push_back(find_coordinate(name, at, who));
    path.coordinates = path.polynomial_coordinates;
    std::sort(path.coordinates.begin(), path.coordinates.end());
  } else {
    if (given.points.size() < 2)
      error("MODEL-010", at,
            who + " has " + std::to_string(given.points.size()) + " path point(s), expected two or more",
            "Give it an origin and an insertion.");
    for (const PathPointSpec& p : given.points) {
      PathPoint point;
      point.kind = p.kind;
      point.body = find_body(p.frame.body, p.at, "point '" + p.name + "' of " + who);
      point.X_BF = p.frame.X_BF;
      point.p_B = p.frame.X_BF * p.p_F;
      if (p.kind == PathPointKind::conditional) {
        point.coordinate = find_coordinate(p.coordinate, p.at, "point '" + p.name + "' of " + who);
        point.range_min = p.range_min;
        point.range_max = p.range_max;
      }
      if (p.kind == PathPointKind::moving)
        for (int i = 0; i < 3; ++i) {
          point.moving[i].function = function(p.moving[i].function, p.at, "point '" + p.name + "' of " + who);
          if (!p.moving[i].coordinate.empty())
            point.moving[i].coordinate =
                find_coordinate(p.moving[i].coordinate, p.at, "point '" + p.name + "' of " + who);
        }
      path.points.push_back(std::move(point));
    }
    for (const PathWrapSpec& w : given.wraps) {
      const auto it = wrap_index.find(w.wrap_object);
      if (it == wrap_index.end()) {
        error("MODEL-011", w.at, who + " wraps over '" + w.wrap_object + "', which the model does not have",
              "Add the wrap object to a body, or remove the PathWrap.");
        continue;
      }
      const bool active = spec.wrap_objects[static_cast<std::size_t>(it->second)].active;
      if (!active) continue;
      const int last = static_cast<int>(path.points.size()) - 1;
      PathWrap wrap;
      wrap.wrap_object = it->second;
      wrap.method = w.method;
      wrap.first_point = w.range_first < 1 ? 0 : w.range_first - 1;
      wrap.last_point = w.range_last < 1 ? last : w.range_last - 1;
      if (wrap.first_point > last || wrap.last_point > last || wrap.first_point > wrap.last_point) {
        error("MODEL-012", w.at,
              who + " has a wrap range " + std::to_string(w.range_first) + " " + std::to_string(w.range_last) +
                  " outside its " + std::to_string(last + 1) + " points");
        continue;
      }
      path.wraps.push_back(wrap);
    }
    find_path_coordinates(path);
  }
  model.paths.push_back(std::move(path));
  return static_cast<int>(model.paths.size()) - 1;
}

void Compiler::add_muscles() {
  for (const MuscleSpec& m : spec.muscles) {
    const std::string who = "muscle '" + m.name + "'";
    const auto must_be_positive = [&](double value, const char* what) {
      if (!(value > 0) || !std::isfinite(value))
        error("MODEL-013", m.at, who + " has " + what + " " + std::to_string(value) + ", expected a number above zero");
    };
    must_be_positive(m.max_isometric_force, "max_isometric_force");
    must_be_positive(m.optimal_fiber_length, "optimal_fiber_length");
    must_be_positive(m.max_contraction_velocity, "max_contraction_velocity");
    if (!(m.tendon_slack_length >= 0) || !std::isfinite(m.tendon_slack_length))
      error("MODEL-013", m.at, who + " has a tendon_slack_length below zero or no number");
    if (!(m.pennation_at_optimal >= 0 && m.pennation_at_optimal < 1.5707963))
      error("MODEL-013", m.at, who + " has a pennation angle outside 0..90 degrees");
    if (!(m.min_control <= m.max_control)) error("MODEL-013", m.at, who + " has min_control above max_control");
    Muscle muscle;
    muscle.name = m.name;
    muscle.kind = m.kind;
    muscle.path = add_path(m.path, m.at, who);
    muscle.max_isometric_force = m.max_isometric_force;
    muscle.optimal_fiber_length = m.optimal_fiber_length;
    muscle.tendon_slack_length = m.tendon_slack_length;
    muscle.pennation_at_optimal = m.pennation_at_optimal;
    muscle.max_contraction_velocity = m.max_contraction_velocity;
    muscle.min_control = m.min_control;
    muscle.max_control = m.max_control;
    muscle.applies_force = m.applies_force;
    muscle.curves = m.curves;
    model.muscles.push_back(std::move(muscle));
  }
}

void Compiler::add_actuators() {
  for (const ActuatorSpec& a : spec.actuators) {
    if (!a.applies_force) continue;
    const std::string who = "actuator '" + a.name + "'";
    Actuator actuator;
    actuator.name = a.name;
    actuator.kind = a.kind;
    actuator.point = a.point;
    actuator.direction = a.direction;
    actuator.point_is_global = a.point_is_global;
    actuator.direction_is_global = a.direction_is_global;
    actuator.optimal_force = a.optimal_force;
    actuator.min_control = a.min_control;
    actuator.max_control = a.max_control;
    if (!(std::abs(a.optimal_force) > 0) || !std::isfinite(a.optimal_force))
      error("MODEL-014", a.at, who + " has an optimal_force of zero or no number");
    if (a.kind == ActuatorKind::coordinate) actuator.coordinate = find_coordinate(a.coordinate, a.at, who);
    if (a.kind == ActuatorKind::point || a.kind == ActuatorKind::torque) {
      actuator.body = find_body(a.body, a.at, who);
      actuator.body_b = a.body_b.empty() ? 0 : find_body(a.body_b, a.at, who);
      const double length = std::sqrt(dot(a.direction, a.direction));
      if (!(length > 0))
        error("MODEL-006", a.at, who + " acts along a direction of zero length");
      else  // OpenSim uses the unit vector
        actuator.direction = {a.direction.x / length, a.direction.y / length, a.direction.z / length};
    }
    if (a.kind == ActuatorKind::path) actuator.path = add_path(a.path, a.at, who);
    model.actuators.push_back(std::move(actuator));
  }
}

void Compiler::add_passive_forces() {
  for (const PassiveForceSpec& p : spec.passive_forces) {
    if (!p.applies_force) continue;
    if (is_ignored("", p.name)) {
      model.ignored.push_back(p.name);
      continue;
    }
    const std::string who = "force '" + p.name + "'";
    PassiveForce force;
    force.spec = p;
    switch (p.kind) {
      case PassiveForceKind::bushing:
      case PassiveForceKind::expression_bushing:
      case PassiveForceKind::point_to_point_spring:
        force.frame1 = frame(p.frame1, p.at, who);
        force.frame2 = frame(p.frame2, p.at, who);
        break;
      case PassiveForceKind::coordinate_limit:
      case PassiveForceKind::coordinate_spring:
      case PassiveForceKind::expression_coordinate:
        force.coordinate = find_coordinate(p.coordinate, p.at, who);
        break;
      case PassiveForceKind::ligament:
        force.path = add_path(p.path, p.at, who);
        force.force_length = function(p.force_length, p.at, who);
        break;
    }
    model.passive_forces.push_back(std::move(force));
  }
}

void Compiler::add_markers() {
  for (const MarkerSpec& m : spec.markers) {
    const BodyFrame f = frame(m.frame, m.at, "marker '" + m.name + "'");
    model.markers.push_back({m.name, f.body, f.X_BF * m.p_F});
  }
}

void Compiler::number_independent() {
  for (std::size_t c = 0; c < model.coordinates.size(); ++c) {
    Coordinate& coordinate = model.coordinates[c];
    if (coordinate.coupler >= 0 || coordinate.locked || coordinate.prescribed) continue;
    coordinate.independent = static_cast<int>(model.independent.size());
    model.independent.push_back(static_cast<int>(c));
  }
}

}  // namespace

std::optional<Model> compile(const ModelSpec& spec, const CompileOptions& options, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.items().size();
  Compiler compiler{spec, options, diagnostics, {}, {}, {}, {}};
  compiler.model.name = spec.name;
  compiler.model.file = spec.file;
  compiler.model.gravity_W = spec.gravity_W;
  compiler.model.force_order = spec.force_order;
  compiler.check_unsupported();
  compiler.check_names();
  const bool sound_tree = make_tree(spec, compiler.model, diagnostics);
  if (sound_tree) {
    for (std::size_t b = 0; b < compiler.model.bodies.size(); ++b) {
      compiler.body_index[compiler.model.bodies[b].name] = static_cast<int>(b);
      compiler.model.total_mass += compiler.model.bodies[b].mass;
    }
    compiler.add_coordinates();
    compiler.add_axes();
    compiler.add_couplers();
    compiler.add_wrap_objects();
    compiler.add_muscles();
    compiler.add_actuators();
    compiler.add_passive_forces();
    compiler.add_markers();
    compiler.number_independent();
  }
  const auto& items = diagnostics.items();
  const bool failed = std::any_of(items.begin() + static_cast<long>(before), items.end(),
                                  [](const Diagnostic& d) { return d.severity == Severity::error; });
  if (failed) return std::nullopt;
  return std::move(compiler.model);
}

}  // namespace buttress
