#include "motion/coordinate_reports.h"

#include <algorithm>
#include <cmath>
#include <numbers>

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
    const double rest = options.missing_are_zero && !coordinate.locked ? 0.0 : coordinate.default_value;
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

void report_implausible(const Model& model, const Table& table, const std::vector<int>& coordinates,
                        const SampledColumns& values, const std::string& file, const MotionOptions& options,
                        Diagnostics& diagnostics) {
  std::vector<std::string> large, moving;
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    const Coordinate& coordinate = model.coordinates[static_cast<std::size_t>(coordinates[i])];
    double largest = 0, farthest = 0;
    for (std::size_t r = 0; r < values.row_count(); ++r) {
      const double x = values.values[r * values.column_count + i];
      largest = std::max(largest, std::fabs(x));
      farthest = std::max(farthest, std::fabs(x - coordinate.default_value));
    }
    if (!table.in_degrees && coordinate.motion_type == MotionType::rotational && largest > 4 * std::numbers::pi)
      large.push_back(coordinate.name);
    if (coordinate.locked && farthest > 1e-3) moving.push_back(coordinate.name);
  }
  // those that are put back are reported with what became of them
  if (options.couplers == CouplerRule::assemble) moving.clear();
  if (!large.empty())
    diagnostics.warning("MOTION-007", file, 0,
                        "angles are taken to be in radians, yet exceed two turns: " + join_names(large),
                        "If the file is in degrees, write inDegrees=yes into its header.");
  if (!moving.empty())
    diagnostics.warning("MOTION-015", file, 0, "locked coordinates leave their default value: " + join_names(moving),
                        "The file's values are used.");
}

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
    // what a coupled coordinate holds, an angle or a length, is not known
    if (largest > 1e-3)
      names.push_back(model.coordinates[c].name + " (by up to " + format_number(largest) + " rad or m)");
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
    const std::string what = coordinate.name + " (moved by up to " + format_number(largest) + " rad or m)";
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
