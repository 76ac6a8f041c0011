// compile(): coordinates, axes and couplers
#include <algorithm>
#include <cmath>

#include "model/compiler.h"

namespace buttress {

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
      coordinate.motion_type = c.motion_type;
      coordinate.locked = c.locked;
      coordinate.clamped = c.clamped;
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

void Compiler::number_independent() {
  for (std::size_t c = 0; c < model.coordinates.size(); ++c) {
    Coordinate& coordinate = model.coordinates[c];
    if (coordinate.coupler >= 0 || coordinate.locked || coordinate.prescribed) continue;
    coordinate.independent = static_cast<int>(model.independent.size());
    model.independent.push_back(static_cast<int>(c));
  }
}

}  // namespace buttress
