#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/table.h"
#include "model/model.h"

/// From the recorded coordinates of a .mot or .sto file to smooth coordinates, speeds and accelerations of a model.
///
/// Ids of this header:
///   MOTION-001  no column is a coordinate of the model
///   MOTION-002  the window starts after it ends
///   MOTION-003  the window, or a wanted time, lies outside the file's times
///   MOTION-004  coordinates without a column (note: they stay at their default, prescribed or coupled value)
///   MOTION-005  columns that are no coordinate (note; a warning where one is a coordinate misspelt)
///   MOTION-006  two columns for one coordinate (warning: the first counts)
///   MOTION-007  angles of a file said to be in radians are larger than two turns (warning), or lie more than a turn
///               outside the range of a joint (error with refuse_impossible_angles, else a warning)
///   MOTION-008  too few rows for a spline of that degree (warning: a lower degree) or for the filter (error)
///   MOTION-009  a number is NaN or infinite
///   MOTION-010  the column of a coupled coordinate disagrees with the coupler (note)
///   MOTION-011  the file's steps differ by more than 0.1 %; it was resampled for the filter (note)
///   MOTION-012  the cutoff frequency was lowered (warning)
///   MOTION-013  the window reaches into the padding of the filter (warning)
///   MOTION-014  speeds are wanted from a table that lacks them
///   MOTION-015  a locked, prescribed or clamped coordinate is elsewhere in the file than it may be (warning)
///   MOTION-016  degrees or radians was not stated, and there are angles (warning)
///   MOTION-017  times do not increase, or lie too unevenly for a spline
///   MOTION-018  rows at all but the same time as the row before are left out (note)
namespace buttress {

/// What a coupled (dependent) coordinate gets.
enum class CouplerRule {
  apply,  ///< its coupler's value and rates, whatever the file has
  /// What OpenSim's AnalyzeTool makes of the model's constraints before its analyses (Model::assemble): coupled
  /// coordinates have their coupler's value, locked ones their default, prescribed ones their function's, clamped ones
  /// are kept inside their range. Speeds are left as the file has them, and accelerations are those that constraints
  /// leave. Departures: a coupled coordinate without a column moves with its coupler (OpenSim: speed 0); positions are
  /// exact (OpenSim: 1e-6 rad), also where OpenSim does not clamp because the file obeys all couplers to 1e-10.
  assemble,
  when_missing,  ///< its column, or the coupler's value when the file has none
  ignore,        ///< its column, or the default value
};

/// Where speeds come from.
enum class SpeedSource {
  spline,  ///< derivative of the splined coordinates
  file,    ///< columns .../speed or name_u of the table (a states file), or of a separate table of speeds
};

/// Where accelerations come from.
enum class AccelerationRule {
  second_derivative,     ///< second derivative of the splined coordinates (InverseDynamicsTool)
  derivative_of_speeds,  ///< a second spline through the speeds of all rows, differentiated once (StaticOptimization)
};

struct MotionOptions {
  double lowpass_hz = -1;  ///< cutoff of the zero-phase filter (numeric/butterworth.h); <= 0: none
  int spline_degree = 5;   ///< 1, 3, 5 or 7
  double start = -std::numeric_limits<double>::infinity(), end = std::numeric_limits<double>::infinity();  ///< s
  /// Every how many rows of the window there is a frame; counted as OpenSim's analyses do, see find_window_rows().
  int step_interval = 1;
  std::vector<double> times;  ///< not empty: frames at these times instead of at rows (start, end, interval unused)
  CouplerRule couplers = CouplerRule::apply;
  SpeedSource speeds = SpeedSource::spline;
  AccelerationRule accelerations = AccelerationRule::second_derivative;
  bool missing_are_zero = false;          ///< coordinates without a column are 0 instead of their default (AnalyzeTool)
  bool refuse_impossible_angles = false;  ///< MOTION-007 may be an error; false: OpenSim's answer, with a warning
  bool takes_muscle_states = false;       ///< the caller uses columns of muscle states: they are not reported as unused
};

/// Choices of OpenSim's InverseDynamicsTool and of its AnalyzeTool.
/// InverseDynamicsTool takes every column as it stands, coupled, locked or clamped. Departure: a coupled coordinate
/// without a column moves with its coupler (OpenSim: its default). Files of states (columns such as .../value), which
/// that tool cannot read, hold the angles of a simulation, and coupled coordinates follow their couplers.
MotionOptions make_inverse_dynamics_options(double lowpass_hz, double start, double end);
MotionOptions make_analyze_options(double lowpass_hz, double start, double end, int step_interval);

struct CoordinateTrajectory {
  std::vector<double> time;        ///< [frames] s
  std::vector<double> q, qd, qdd;  ///< [frames x model.coordinates] rad or m, and per s, per s^2
  std::size_t frame_count() const { return time.size(); }
};

/// Rows from the last one at or before `start` to the last one at or before `end` (the first row if `start` is before
/// all), OpenSim's Storage::findIndex. With an interval above 1: the first, the last, and in between those whose
/// number in the file is a multiple of it.
std::vector<std::size_t> find_window_rows(const std::vector<double>& time, double start, double end, int step_interval);

/// Smooth motion of a model from a table of coordinates. Degrees are converted, for rotations only.
/// Frames are rows of the (filtered, then perhaps resampled) table inside the window. An infinite end of the window is
/// the end of the file's own times; a finite one may, as in OpenSim, reach into the filter's padding (MOTION-013).
/// @param file names the table in messages
/// @param speed_table speeds in a file of their own, or null; used with SpeedSource::file
std::optional<CoordinateTrajectory> make_trajectory(const Model& model, const Table& table, const std::string& file,
                                                    const MotionOptions& options, Diagnostics& diagnostics,
                                                    const Table* speed_table = nullptr);

/// Sets coupled coordinates of all frames from their couplers: q = f(p), qd = f' pd, qdd = f'' pd^2 + f' pdd.
/// `only` [coordinates] picks coordinates when not empty.
void apply_couplers(const Model& model, CoordinateTrajectory& trajectory, const std::vector<bool>& only = {});

}  // namespace buttress
