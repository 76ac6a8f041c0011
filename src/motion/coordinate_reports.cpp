#include "motion/coordinate_reports.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace buttress {

bool check_finite(const SampledColumns& samples, const Table& table, const std::vector<int>& columns,
                  const std::string& file, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < samples.values.size(); ++i) {
    if (std::isfinite(samples.values[i])) continue;
    const std::size_t row = i / samples.column_count, column = i % samples.column_count;
    diagnostics.error("MOTION-009", file, 0,
                      "column " + table.columns[static_cast<std::size_t>(columns[column])] + " is NaN or infinite at " +
                          format_number(samples.time[row]) + " s",
                      "Fill the gap before the motion is used.");
    return false;
  }
  return true;
}

void report_missing(const Model& model, const CoordinateColumns& columns, const std::string& file,
                    const MotionOptions& options, Diagnostics& diagnostics) {
  std::vector<std::string> missing;
  for (std::size_t c = 0; c < columns.value.size(); ++c) {
    if (columns.value[c] >= 0) continue;
    const Coordinate& coordinate = model.coordinates[c];
    double rest = options.missing_are_zero && !coordinate.locked ? 0.0 : coordinate.default_value;
    // OpenSim's assembly brings what is clamped into its range
    if (options.couplers == CouplerRule::assemble && model.has_constraints && coordinate.clamped &&
        !coordinate.locked && coordinate.range_min <= coordinate.range_max)
      rest = std::clamp(rest, coordinate.range_min, coordinate.range_max);
    if (coordinate.coupler >= 0 && options.couplers != CouplerRule::ignore)
      missing.push_back(coordinate.name + " (coupled)");
    else if (coordinate.prescribed)
      missing.push_back(coordinate.name + " (prescribed)");
    else
      missing.push_back(coordinate.name + " (stays at " + format_number(rest) + ")");
  }
  if (!missing.empty())
    diagnostics.note("MOTION-004", file, 0, "coordinates without a column: " + join_names(missing),
                     "If they move, add their columns.");
}

void report_guessed_unit(const Model& model, const Table& table, const std::vector<int>& coordinates,
                         const std::string& file, Diagnostics& diagnostics) {
  const bool has_angles = std::any_of(coordinates.begin(), coordinates.end(), [&](int c) {
    return model.coordinates[static_cast<std::size_t>(c)].motion_type == MotionType::rotational;
  });
  if (table.degrees_stated || !has_angles) return;
  diagnostics.warning(
      "MOTION-016", file, 0,
      std::string("the unit of the angles is a guess: the file does not state it in a way that counts; ") +
          (table.in_degrees ? "degrees" : "radians") + " are taken, as OpenSim does",
      "Write version=1 and inDegrees=yes or inDegrees=no into its header.");
}

void report_unused_states(const Model& model, const Table& table, const std::string& file, Diagnostics& diagnostics) {
  std::vector<std::string> unused;
  for (const std::string& column : table.columns)
    if (find_column_meaning(model, column).kind == ColumnMeaning::muscle_state) unused.push_back(column);
  if (!unused.empty())
    diagnostics.note("MOTION-005", file, 0, "states of muscles are not used here: " + join_names(unused), "");
}

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTurn = 2 * std::numbers::pi;

/// Whether no movement brings the coordinate beyond its range by a whole turn: the range is less than a turn, and
/// nothing but the joints between segments is meant. What joins the body to ground may turn as often as it likes, as
/// may an axle whose range is open or a full turn; coupled and prescribed coordinates do not go by the file.
bool is_bound_to_range(const Model& model, const Coordinate& coordinate) {
  return coordinate.motion_type == MotionType::rotational && coordinate.coupler < 0 && !coordinate.prescribed &&
         coordinate.range_min < coordinate.range_max && coordinate.range_max - coordinate.range_min < kTurn &&
         model.joints[static_cast<std::size_t>(coordinate.joint)].parent_body != 0;
}

/// smallest and largest of column i
std::pair<double, double> find_extent(const SampledColumns& values, std::size_t i) {
  double lowest = kInfinity, highest = -kInfinity;
  for (std::size_t r = 0; r < values.row_count(); ++r) {
    lowest = std::min(lowest, values.values[r * values.column_count + i]);
    highest = std::max(highest, values.values[r * values.column_count + i]);
  }
  return {lowest, highest};
}

}  // namespace

bool report_degrees_as_radians(const Model& model, const Table& table, const std::vector<int>& coordinates,
                               const SampledColumns& values, const std::string& file, const MotionOptions& options,
                               Diagnostics& diagnostics) {
  if (table.in_degrees) return true;
  std::vector<std::string> large, impossible;
  std::string extents;
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    const Coordinate& coordinate = model.coordinates[static_cast<std::size_t>(coordinates[i])];
    if (coordinate.motion_type != MotionType::rotational) continue;
    const auto [lowest, highest] = find_extent(values, i);
    if (is_bound_to_range(model, coordinate) &&
        (lowest < coordinate.range_min - kTurn || highest > coordinate.range_max + kTurn)) {
      // the numbers of one joint are enough to see it
      if (impossible.empty())
        extents = " goes from " + format_number(lowest) + " to " + format_number(highest) +
                  ", its range in the model is " + format_number(coordinate.range_min) + " to " +
                  format_number(coordinate.range_max) + " rad";
      impossible.push_back(coordinate.name);
    } else if (std::max(-lowest, highest) > 2 * kTurn) {
      large.push_back(coordinate.name);
    }
  }
  if (!impossible.empty())
    diagnostics.add({options.refuse_impossible_angles ? Severity::error : Severity::warning, "MOTION-007", file, 0,
                     std::string("angles are taken to be in radians, ") +
                         (table.degrees_stated ? "as the header says" : "since the header does not say degrees") +
                         ", and lie more than a turn outside what joints can do (" + join_names(impossible) + "); " +
                         impossible[0] + extents,
                     "If the file is in degrees, write the lines version=1 and inDegrees=yes into its header, before "
                     "endheader. If they are radians, give these coordinates a range of a full turn in the model."});
  if (!large.empty())
    diagnostics.warning("MOTION-007", file, 0,
                        "angles are taken to be in radians, yet exceed two turns: " + join_names(large),
                        "If the file is in degrees, write inDegrees=yes into its header.");
  return impossible.empty() || !options.refuse_impossible_angles;
}

void report_moving_locked(const Model& model, const std::vector<int>& coordinates, const SampledColumns& values,
                          const std::string& file, const MotionOptions& options, Diagnostics& diagnostics) {
  // those that are put back are reported with what became of them
  if (options.couplers == CouplerRule::assemble) return;
  std::vector<std::string> moving;
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    const Coordinate& coordinate = model.coordinates[static_cast<std::size_t>(coordinates[i])];
    const auto [lowest, highest] = find_extent(values, i);
    if (coordinate.locked && std::max(coordinate.default_value - lowest, highest - coordinate.default_value) > 1e-3)
      moving.push_back(coordinate.name);
  }
  if (!moving.empty())
    diagnostics.warning("MOTION-015", file, 0, "locked coordinates leave their default value: " + join_names(moving),
                        "The file's values are used.");
}

namespace {

/// "0.02 rad", "0.02 m"; what a coordinate holds that drives several axes by functions, its model alone knows
std::string format_with_unit(const Coordinate& coordinate, double size) {
  const MotionType type = coordinate.motion_type;
  return format_number(size) + (type == MotionType::rotational      ? " rad"
                                : type == MotionType::translational ? " m"
                                                                    : "");
}

}  // namespace

void report_coupler_differences(const Model& model, const CoordinateColumns& columns,
                                const CoordinateTrajectory& before, const CoordinateTrajectory& after,
                                const std::string& file, Diagnostics& diagnostics) {
  const std::size_t n = model.coordinates.size();
  std::vector<std::string> names;
  for (std::size_t c = 0; c < n; ++c) {
    if (model.coordinates[c].coupler < 0 || columns.value[c] < 0) continue;
    double largest = 0;
    for (std::size_t r = 0; r < after.frame_count(); ++r)
      largest = std::max(largest, std::fabs(after.q[r * n + c] - before.q[r * n + c]));
    if (largest > 1e-3)
      names.push_back(model.coordinates[c].name + " (by up to " + format_with_unit(model.coordinates[c], largest) +
                      ")");
  }
  if (!names.empty())
    diagnostics.note("MOTION-010", file, 0, "columns that differ from what their coupler gives: " + join_names(names),
                     "The coupler's values are used.");
}

void report_assembly(const Model& model, const CoordinateColumns& columns, const CoordinateTrajectory& before,
                     const CoordinateTrajectory& after, const std::string& file, Diagnostics& diagnostics) {
  const std::size_t n = model.coordinates.size();
  std::vector<std::string> held, clamped;
  for (std::size_t c = 0; c < n; ++c) {
    const Coordinate& coordinate = model.coordinates[c];
    if (coordinate.coupler >= 0 || columns.value[c] < 0) continue;
    double largest = 0;
    for (std::size_t r = 0; r < after.frame_count(); ++r)
      largest = std::max(largest, std::fabs(after.q[r * n + c] - before.q[r * n + c]));
    if (largest <= 1e-3) continue;
    const std::string what = coordinate.name + " (moved by up to " + format_with_unit(coordinate, largest) + ")";
    (coordinate.locked || coordinate.prescribed ? held : clamped).push_back(what);
  }
  if (!held.empty())
    diagnostics.warning("MOTION-015", file, 0,
                        "locked and prescribed coordinates are elsewhere in the file: " + join_names(held),
                        "They are held where the model has them, as OpenSim's AnalyzeTool does; unlock them in the "
                        "model if the file is meant.");
  if (!clamped.empty())
    diagnostics.warning("MOTION-015", file, 0, "clamped coordinates leave their range: " + join_names(clamped),
                        "They are held at the bound, as OpenSim's AnalyzeTool does; widen the range or set clamped to "
                        "false if the file is meant.");
}

}  // namespace buttress
