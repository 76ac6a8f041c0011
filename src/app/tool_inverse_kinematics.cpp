#include <cmath>
#include <numbers>

#include "app/tool_kinematics.h"

namespace buttress {

Table make_coordinate_table(const Model& model, const std::vector<double>& time, const std::vector<double>& q) {
  Table table;
  table.name = "Coordinates";
  table.in_degrees = table.degrees_stated = true;
  table.time = time;
  table.values = q;
  for (const Coordinate& c : model.coordinates) table.columns.push_back(c.name);
  const std::size_t n = model.coordinates.size();
  for (std::size_t i = 0; i < q.size(); ++i)
    if (model.coordinates[i % n].motion_type == MotionType::rotational) table.values[i] *= 180 / std::numbers::pi;
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
