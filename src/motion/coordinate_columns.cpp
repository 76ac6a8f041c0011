#include "motion/coordinate_columns.h"

#include <cmath>
#include <numbers>
#include <sstream>

#include "base/decimal.h"
#include "base/near_names.h"

namespace buttress {

namespace {

constexpr double kRadiansPerDegree = std::numbers::pi / 180.0;
constexpr std::size_t kMostNames = 12;

/// "flexon" of "/jointset/hip_r/flexon/value": the part of a label in which a coordinate would stand
std::string find_coordinate_part(const std::string& label) {
  std::string rest = label;
  for (const std::string end : {"/value", "/speed"})
    if (rest.size() > end.size() && rest.compare(rest.size() - end.size(), end.size(), end) == 0)
      rest.resize(rest.size() - end.size());
  return rest.substr(rest.rfind('/') + 1);
}

/// MOTION-005. A label that nearly is a coordinate without a column is a misspelling of it, which would leave that
/// coordinate at rest; other columns may well stand for something else.
void report_other_columns(const Model& model, const CoordinateColumns& map, const std::vector<std::string>& others,
                          bool is_states_table, const std::string& file, Diagnostics& diagnostics) {
  std::vector<std::string> open, strangers;
  for (std::size_t c = 0; c < map.value.size(); ++c)
    if (map.value[c] < 0 && map.speed[c] < 0) open.push_back(model.coordinates[c].name);
  for (const std::string& label : others) {
    const std::vector<std::string> near = find_near_names(find_coordinate_part(label), open, 1);
    if (near.empty())
      strangers.push_back(label);
    else
      diagnostics.warning("MOTION-005", file, 0,
                          "the column " + label + " is no coordinate of the model and is not used; the coordinate " +
                              near[0] + " has no column",
                          "If " + near[0] + " is meant, name the column so.");
  }
  if (!strangers.empty())
    diagnostics.add({is_states_table ? Severity::warning : Severity::note, "MOTION-005", file, 0,
                     "columns that are no coordinate of the model and are not used: " + join_names(strangers), ""});
}

}  // namespace

std::string join_names(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMostNames; ++i) text += (i ? ", " : "") + names[i];
  if (names.size() > kMostNames) text += " and " + std::to_string(names.size() - kMostNames) + " more";
  return text;
}

std::string format_number(double x) {
  // times since 1970 differ behind their tenth digit
  return format_decimal(x, std::abs(x) < 1e4 ? 6 : 12);
}

ColumnMeaning find_column_meaning(const Model& model, const std::string& label) {
  if (const int exact = model.find_coordinate(label); exact >= 0) return {ColumnMeaning::value, exact};
  std::vector<std::string> parts;
  std::istringstream stream(label);
  for (std::string part; std::getline(stream, part, '/');)
    if (!part.empty()) parts.push_back(part);
  if (parts.empty()) return {};
  const std::string& last = parts.back();
  if (parts.size() > 1 && (last == "value" || last == "speed")) {
    const int coordinate = model.find_coordinate(parts[parts.size() - 2]);
    if (coordinate >= 0) return {last == "value" ? ColumnMeaning::value : ColumnMeaning::speed, coordinate};
  }
  if (const int coordinate = model.find_coordinate(last); coordinate >= 0) return {ColumnMeaning::value, coordinate};
  if (last.size() > 2 && last.substr(last.size() - 2) == "_u")
    if (const int coordinate = model.find_coordinate(last.substr(0, last.size() - 2)); coordinate >= 0)
      return {ColumnMeaning::speed, coordinate};
  // /forceset/soleus_r/activation, or soleus_r.activation before OpenSim 4
  const std::size_t dot = last.rfind('.');
  const std::string state = dot == std::string::npos ? last : last.substr(dot + 1);
  const std::string owner = dot != std::string::npos ? last.substr(0, dot)
                            : parts.size() > 1       ? parts[parts.size() - 2]
                                                     : "";
  for (const char* known : {"activation", "fiber_length", "fiber_velocity", "normalized_tendon_force", "excitation"})
    if (state == known) return {ColumnMeaning::muscle_state, -1, model.find_muscle(owner), state};
  return {};
}

CoordinateColumns find_coordinate_columns(const Model& model, const Table& table, const std::string& file,
                                          Diagnostics& diagnostics) {
  CoordinateColumns map;
  map.value.assign(model.coordinates.size(), -1);
  map.speed.assign(model.coordinates.size(), -1);
  std::vector<std::string> others;
  bool is_states_table = false;
  for (std::size_t c = 0; c < table.column_count(); ++c) {
    const ColumnMeaning meaning = find_column_meaning(model, table.columns[c]);
    is_states_table =
        is_states_table || meaning.kind == ColumnMeaning::speed || meaning.kind == ColumnMeaning::muscle_state;
    if (meaning.kind == ColumnMeaning::other) others.push_back(table.columns[c]);
    if (meaning.coordinate < 0) continue;
    int& slot =
        (meaning.kind == ColumnMeaning::value ? map.value : map.speed)[static_cast<std::size_t>(meaning.coordinate)];
    if (slot >= 0)
      diagnostics.warning("MOTION-006", file, 0,
                          "the columns " + table.columns[static_cast<std::size_t>(slot)] + " and " + table.columns[c] +
                              " are the same coordinate",
                          "The first counts.");
    else
      slot = static_cast<int>(c);
  }
  report_other_columns(model, map, others, is_states_table, file, diagnostics);
  return map;
}

SampledColumns gather_columns(const Model& model, const Table& table, const std::vector<int>& coordinates,
                              const std::vector<int>& columns) {
  SampledColumns samples;
  samples.time = table.time;
  samples.column_count = columns.size();
  samples.values.resize(table.row_count() * columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool is_angle =
        model.coordinates[static_cast<std::size_t>(coordinates[i])].motion_type == MotionType::rotational;
    const double factor = table.in_degrees && is_angle ? kRadiansPerDegree : 1.0;
    for (std::size_t r = 0; r < table.row_count(); ++r)
      samples.values[r * columns.size() + i] = factor * table.at(r, static_cast<std::size_t>(columns[i]));
  }
  return samples;
}

}  // namespace buttress
