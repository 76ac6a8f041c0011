#pragma once
#include <string>
#include <vector>

#include "motion/coordinate_columns.h"
#include "motion/coordinate_motion.h"

/// What make_trajectory says about a motion besides returning it. The ids stand in coordinate_motion.h.
namespace buttress {

/// false, with MOTION-009, at the first number that is not finite
bool check_finite(const SampledColumns& samples, const Table& table, const std::vector<int>& columns,
                  const std::string& file, Diagnostics& diagnostics);

/// MOTION-004: coordinates without a column, and what they do instead
void report_missing(const Model& model, const CoordinateColumns& columns, const std::string& file,
                    const MotionOptions& options, Diagnostics& diagnostics);

/// MOTION-016: angles whose unit the file does not state. `coordinates` are those with a column.
void report_guessed_unit(const Model& model, const Table& table, const std::vector<int>& coordinates,
                         const std::string& file, Diagnostics& diagnostics);
/// MOTION-005: columns of muscle states in a motion of which coordinates alone are used
void report_unused_states(const Model& model, const Table& table, const std::string& file, Diagnostics& diagnostics);

/// MOTION-007: angles too large for radians. `values` holds the columns of `coordinates`. Beyond the range of a joint
/// by more than a turn is what no movement does, an error if the options say so, and false is returned; more than two
/// turns is doubtful.
bool report_degrees_as_radians(const Model& model, const Table& table, const std::vector<int>& coordinates,
                               const SampledColumns& values, const std::string& file, const MotionOptions& options,
                               Diagnostics& diagnostics);

/// MOTION-015: locked coordinates that move
void report_moving_locked(const Model& model, const std::vector<int>& coordinates, const SampledColumns& values,
                          const std::string& file, const MotionOptions& options, Diagnostics& diagnostics);

/// MOTION-010: coupled coordinates with a column of their own that says something else
void report_coupler_differences(const Model& model, const CoordinateColumns& columns,
                                const CoordinateTrajectory& before, const CoordinateTrajectory& after,
                                const std::string& file, Diagnostics& diagnostics);

/// MOTION-015: what CouplerRule::assemble did to locked, prescribed and clamped coordinates
void report_assembly(const Model& model, const CoordinateColumns& columns, const CoordinateTrajectory& before,
                     const CoordinateTrajectory& after, const std::string& file, Diagnostics& diagnostics);

}  // namespace buttress
