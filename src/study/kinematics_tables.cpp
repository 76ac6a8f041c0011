#include "study/kinematics_tables.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace buttress {

std::vector<std::size_t> find_coordinate_order(const Model& model) {
  std::vector<std::size_t> order;
  for (const std::string& name : model.joint_order) {
    const int joint = model.find_joint(name);
    for (std::size_t c = 0; c < model.coordinates.size(); ++c)
      if (model.coordinates[c].joint == joint) order.push_back(c);
  }
  return order;
}

Table make_coordinate_table(const Model& model, const std::vector<double>& time, const std::vector<double>& q) {
  Table table;
  table.name = "Coordinates";
  table.in_degrees = table.degrees_stated = true;
  table.time = time;
  const std::vector<std::size_t> order = find_coordinate_order(model);
  for (std::size_t c : order) table.columns.push_back(model.coordinates[c].name);
  table.values.reserve(q.size());
  for (std::size_t f = 0; f < time.size(); ++f)
    for (std::size_t c : order)
      table.values.push_back(q[f * model.coordinates.size() + c] *
                             (model.coordinates[c].motion_type != MotionType::rotational ? 1 : 180 / std::numbers::pi));
  return table;
}

Table make_marker_error_table(const InverseKinematicsResult& result) {
  Table table;
  table.name = "Model Marker Errors from IK";
  table.columns = {"total_squared_error", "marker_error_RMS", "marker_error_max"};
  table.time = result.time;
  const std::size_t markers = result.markers.size();
  for (std::size_t f = 0; f < result.time.size(); ++f) {
    double sum = 0, largest = 0;
    std::size_t seen = 0;
    for (std::size_t m = 0; m < markers; ++m) {
      const double e = result.marker_errors[f * markers + m];
      if (!std::isfinite(e)) continue;
      sum += e * e;
      largest = std::max(largest, e);
      ++seen;
    }
    table.values.insert(table.values.end(),
                        {sum, seen > 0 ? std::sqrt(sum / static_cast<double>(seen)) : 0.0, largest});
  }
  return table;
}

Table make_marker_location_table(const InverseKinematicsResult& result) {
  Table table;
  table.name = "Model Marker Locations from IK";
  for (const std::string& marker : result.markers)
    for (const char* axis : {"_tx", "_ty", "_tz"}) table.columns.push_back(marker + axis);
  table.time = result.time;
  table.values = result.marker_positions;
  return table;
}

}  // namespace buttress
