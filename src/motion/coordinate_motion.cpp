#include "motion/coordinate_motion.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "base/decimal.h"
#include "motion/coordinate_columns.h"
#include "motion/coordinate_reports.h"
#include "numeric/butterworth.h"
#include "numeric/spline_fit.h"

namespace buttress {

namespace {

constexpr double kRoundedSteps = 1e-3;

/// Splines need degree + 1 rows; shorter motions get the highest odd degree that fits. 0: a single row, held.
int find_possible_degree(int wanted, std::size_t rows) {
  int degree = wanted;
  while (degree > 1 && rows < static_cast<std::size_t>(degree) + 1) degree -= 2;
  return rows < 2 ? 0 : degree;
}

/// value, first and second derivative of all columns at the given times; null pointers are left out
void evaluate_columns(const SampledColumns& samples, int degree, const std::vector<double>& at, double* value,
                      double* first, double* second) {
  const std::size_t columns = samples.column_count;
  if (columns == 0) return;
  if (degree > 0) {
    evaluate_spline_table(make_spline_table(samples.time, samples.values.data(), columns, degree), at, value, first,
                          second);
    return;
  }
  for (std::size_t r = 0; r < at.size(); ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      if (value) value[r * columns + c] = samples.values[c];
      if (first) first[r * columns + c] = 0.0;
      if (second) second[r * columns + c] = 0.0;
    }
}

/// frames of the trajectory, or nothing with a message
std::optional<std::vector<double>> find_frames(const SampledColumns& samples, const Table& table,
                                               const std::string& file, const MotionOptions& options,
                                               Diagnostics& diagnostics) {
  const double first = table.time.front(), last = table.time.back();
  // one step of slack: frames of a resampled file may miss its ends by rounding
  const double slack = table.row_count() > 1 ? (last - first) / static_cast<double>(table.row_count() - 1) : 0.0;
  const std::string range = "the file holds " + format_number(first) + " to " + format_number(last) + " s";
  if (!options.times.empty()) {
    for (double t : options.times)
      if (!(t >= first - slack && t <= last + slack)) {
        diagnostics.error("MOTION-003", file, 0, "a frame is wanted at " + format_number(t) + " s, but " + range, "");
        return std::nullopt;
      }
    return options.times;
  }
  if (options.start > options.end) {
    const auto [start, end] = format_apart(options.start, options.end);
    diagnostics.error("MOTION-002", file, 0, "the window starts at " + start + " s and ends at " + end + " s",
                      "The start must not be after the end.");
    return std::nullopt;
  }
  if (options.end < first || options.start > last) {
    diagnostics.error("MOTION-003", file, 0,
                      "the window " + format_number(options.start) + " to " + format_number(options.end) +
                          " s does not touch the motion: " + range,
                      "Choose a window inside the motion.");
    return std::nullopt;
  }
  // the padding counts only when the window says so in numbers
  const double start = std::isinf(options.start) ? first : options.start;
  const double end = std::isinf(options.end) ? last : options.end;
  std::vector<double> frames;
  for (std::size_t row : find_window_rows(samples.time, start, end, options.step_interval))
    frames.push_back(samples.time[row]);
  if (frames.front() < first - slack || frames.back() > last + slack)
    diagnostics.warning("MOTION-013", file, 0,
                        "the window " + format_number(options.start) + " to " + format_number(options.end) +
                            " s reaches beyond the motion (" + range +
                            "); frames there are the filter's reflection of it",
                        "Choose a window inside the motion. OpenSim does the same without saying so.");
  return frames;
}

}  // namespace

MotionOptions make_inverse_dynamics_options(double lowpass_hz, double start, double end) {
  MotionOptions options;
  options.lowpass_hz = lowpass_hz;
  options.start = start;
  options.end = end;
  options.couplers = CouplerRule::when_missing;
  return options;
}

MotionOptions make_analyze_options(double lowpass_hz, double start, double end, int step_interval) {
  MotionOptions options;
  options.lowpass_hz = lowpass_hz;
  options.start = start;
  options.end = end;
  options.step_interval = step_interval;
  options.accelerations = AccelerationRule::derivative_of_speeds;
  options.missing_are_zero = true;
  options.couplers = CouplerRule::assemble;
  return options;
}

std::vector<std::size_t> find_window_rows(const std::vector<double>& time, double start, double end,
                                          int step_interval) {
  std::vector<std::size_t> rows;
  if (time.empty()) return rows;
  const auto find_row = [&](double t) {
    const auto after = std::upper_bound(time.begin(), time.end(), t);
    return after == time.begin() ? std::size_t{0} : static_cast<std::size_t>(after - time.begin()) - 1;
  };
  const std::size_t first = find_row(start), last = find_row(end);
  const std::size_t interval = static_cast<std::size_t>(std::max(1, step_interval));
  for (std::size_t row = first; row <= last; ++row)
    if (row == first || row == last || row % interval == 0) rows.push_back(row);
  return rows;
}

void apply_couplers(const Model& model, CoordinateTrajectory& trajectory, const std::vector<bool>& only) {
  const std::size_t n = model.coordinates.size(), couplers = model.couplers.size();
  // a coupler whose independent coordinate is itself coupled comes after that one
  std::vector<std::size_t> order;
  std::vector<bool> is_open(n, false);
  for (const Coupler& coupler : model.couplers) is_open[static_cast<std::size_t>(coupler.dependent)] = true;
  std::vector<bool> is_placed(couplers, false);
  for (std::size_t pass = 0; pass < couplers; ++pass)
    for (std::size_t k = 0; k < couplers; ++k) {
      const Coupler& coupler = model.couplers[k];
      if (is_placed[k] || is_open[static_cast<std::size_t>(coupler.independent)]) continue;
      is_placed[k] = true;
      is_open[static_cast<std::size_t>(coupler.dependent)] = false;
      order.push_back(k);
    }
  for (std::size_t k : order) {
    const Coupler& coupler = model.couplers[k];
    const std::size_t to = static_cast<std::size_t>(coupler.dependent),
                      from = static_cast<std::size_t>(coupler.independent);
    if (!only.empty() && !only[to]) continue;
    for (std::size_t r = 0; r < trajectory.frame_count(); ++r) {
      const double speed = trajectory.qd[r * n + from];
      const Jet<double> f = evaluate(coupler.function, trajectory.q[r * n + from]);
      trajectory.q[r * n + to] = f.f;
      trajectory.qd[r * n + to] = f.df * speed;
      trajectory.qdd[r * n + to] = f.ddf * speed * speed + f.df * trajectory.qdd[r * n + from];
    }
  }
}

namespace {

/// CouplerRule::assemble: constraints of single coordinates first, then couplers, which may hang on them. Bounds are
/// kept by OpenSim's assembly, which runs only where the model has constraints, enforced or not.
void assemble(const Model& model, const std::vector<bool>& is_missing, CoordinateTrajectory& trajectory) {
  const std::size_t n = model.coordinates.size();
  const CoordinateTrajectory before = trajectory;
  for (std::size_t c = 0; c < n; ++c) {
    const Coordinate& coordinate = model.coordinates[c];
    for (std::size_t r = 0; r < trajectory.frame_count(); ++r) {
      double& q = trajectory.q[r * n + c];
      double& qdd = trajectory.qdd[r * n + c];
      if (coordinate.locked) {
        q = coordinate.default_value;
        qdd = 0;
      } else if (coordinate.prescribed) {
        const Jet<double> f = evaluate(coordinate.prescribed_function, trajectory.time[r]);
        q = f.f;
        qdd = f.ddf;
      } else if (model.has_constraints && coordinate.clamped && coordinate.range_min <= coordinate.range_max) {
        q = std::clamp(q, coordinate.range_min, coordinate.range_max);
      }
    }
  }
  apply_couplers(model, trajectory);
  // assembly moves positions alone
  for (const Coupler& coupler : model.couplers) {
    const std::size_t c = static_cast<std::size_t>(coupler.dependent);
    if (is_missing[c]) continue;
    for (std::size_t r = 0; r < trajectory.frame_count(); ++r) trajectory.qd[r * n + c] = before.qd[r * n + c];
  }
}

/// Coordinates without a column rest, or follow their prescribed function.
void fill_missing(const Model& model, const std::vector<bool>& is_missing, const MotionOptions& options,
                  CoordinateTrajectory& trajectory) {
  const std::size_t n = model.coordinates.size();
  for (std::size_t c = 0; c < n; ++c) {
    if (!is_missing[c]) continue;
    const Coordinate& coordinate = model.coordinates[c];
    for (std::size_t r = 0; r < trajectory.frame_count(); ++r) {
      Jet<double> rest{options.missing_are_zero && !coordinate.locked ? 0.0 : coordinate.default_value, 0.0, 0.0};
      if (coordinate.prescribed) rest = evaluate(coordinate.prescribed_function, trajectory.time[r]);
      trajectory.q[r * n + c] = rest.f;
      trajectory.qd[r * n + c] = rest.df;
      trajectory.qdd[r * n + c] = rest.ddf;
    }
  }
}

/// Speeds of a states file, or of a file of their own, take the place of the splines' derivatives. False with a
/// message when there are none.
bool take_file_speeds(const Model& model, const Table& from, bool is_speed_table, const std::string& file,
                      const MotionOptions& options, CoordinateTrajectory& trajectory, Diagnostics& diagnostics) {
  const std::size_t n = model.coordinates.size(), rows = trajectory.frame_count();
  // the columns of the motion itself have been reported on already
  Diagnostics repeated;
  const CoordinateColumns map = find_coordinate_columns(model, from, file, is_speed_table ? diagnostics : repeated);
  std::vector<int> coordinates, columns;
  for (std::size_t c = 0; c < n; ++c) {
    // a file of speeds alone may name its columns like the coordinates
    const int column = map.speed[c] >= 0 || !is_speed_table ? map.speed[c] : map.value[c];
    if (column < 0) continue;
    coordinates.push_back(static_cast<int>(c));
    columns.push_back(column);
  }
  if (columns.empty()) {
    diagnostics.error("MOTION-014", file, 0, "the table has no columns of speeds",
                      "A states file has columns such as /jointset/hip_r/hip_flexion_r/speed.");
    return false;
  }
  const SampledColumns speeds = gather_columns(model, from, coordinates, columns);
  if (!check_finite(speeds, from, columns, file, diagnostics)) return false;
  const std::size_t width = columns.size();
  std::vector<double> u(rows * width), ud(rows * width);
  evaluate_columns(speeds, find_possible_degree(options.spline_degree, speeds.row_count()), trajectory.time, u.data(),
                   ud.data(), nullptr);
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t c = static_cast<std::size_t>(coordinates[i]);
    for (std::size_t r = 0; r < rows; ++r) {
      trajectory.qd[r * n + c] = u[r * width + i];
      if (options.accelerations == AccelerationRule::derivative_of_speeds)
        trajectory.qdd[r * n + c] = ud[r * width + i];
    }
  }
  return true;
}

/// The filter, and what there is to say about it. False, with MOTION-008, when the motion is too short for it.
bool filter_with_report(double lowpass_hz, const std::string& file, SampledColumns& values, Diagnostics& diagnostics) {
  if (values.row_count() < 3) {
    diagnostics.error("MOTION-008", file, 0,
                      "the motion has " + std::to_string(values.row_count()) + " rows, too few to filter",
                      "Leave the filter out, or give at least 3 rows.");
    return false;
  }
  double shortest = kInfinity, longest = 0;
  for (std::size_t r = 1; r < values.row_count(); ++r) {
    shortest = std::min(shortest, values.time[r] - values.time[r - 1]);
    longest = std::max(longest, values.time[r] - values.time[r - 1]);
  }
  FilterReport report;
  values = filter_motion(values, lowpass_hz, report);
  // steps of times that were rounded when they were printed differ by less
  if (report.resampled && longest > (1 + kRoundedSteps) * shortest)
    diagnostics.note("MOTION-011", file, 0,
                     "the time steps are from " + format_number(shortest) + " to " + format_number(longest) +
                         " s; before filtering the motion was resampled every " + format_number(report.step) +
                         " s, as OpenSim does",
                     "");
  if (report.cutoff_hz < lowpass_hz)
    diagnostics.warning("MOTION-012", file, 0,
                        "a cutoff of " + format_number(lowpass_hz) + " Hz needs a higher sampling rate; " +
                            format_number(report.cutoff_hz) + " Hz is used",
                        "Filter below half the sampling rate.");
  return true;
}

std::optional<CoordinateTrajectory> build_trajectory(const Model& model, const Table& table, const std::string& file,
                                                     const MotionOptions& options, Diagnostics& diagnostics,
                                                     const Table* speed_table) {
  const std::size_t n = model.coordinates.size();
  const CoordinateColumns map = find_coordinate_columns(model, table, file, diagnostics);
  std::vector<int> coordinates, used;  // with a column, and that column
  for (std::size_t c = 0; c < n; ++c)
    if (map.value[c] >= 0) {
      coordinates.push_back(static_cast<int>(c));
      used.push_back(map.value[c]);
    }
  if (used.empty()) {
    std::vector<std::string> names;
    for (const Coordinate& coordinate : model.coordinates) names.push_back(coordinate.name);
    diagnostics.error("MOTION-001", file, 0, "no column is a coordinate of the model " + model.name,
                      "The model's coordinates are: " + join_names(names));
    return std::nullopt;
  }
  report_missing(model, map, file, options, diagnostics);
  report_guessed_unit(model, table, coordinates, file, diagnostics);
  if (!options.takes_muscle_states) report_unused_states(model, table, file, diagnostics);
  SampledColumns values = gather_columns(model, table, coordinates, used);
  if (!check_finite(values, table, used, file, diagnostics)) return std::nullopt;
  if (!report_degrees_as_radians(model, table, coordinates, values, file, options, diagnostics)) return std::nullopt;
  report_moving_locked(model, coordinates, values, file, options, diagnostics);
  if (options.lowpass_hz > 0 && !filter_with_report(options.lowpass_hz, file, values, diagnostics)) return std::nullopt;
  const int degree = find_possible_degree(options.spline_degree, values.row_count());
  if (degree != options.spline_degree)
    diagnostics.warning(
        "MOTION-008", file, 0,
        std::to_string(values.row_count()) + " row(s) are too few for a spline of degree " +
            std::to_string(options.spline_degree) + "; " +
            (degree == 0 ? std::string("the pose is held still") : "degree " + std::to_string(degree) + " is used"),
        "Accelerations from so short a motion mean little.");

  const std::optional<std::vector<double>> frames = find_frames(values, table, file, options, diagnostics);
  if (!frames) return std::nullopt;
  CoordinateTrajectory trajectory;
  trajectory.time = *frames;
  const std::size_t rows = frames->size(), columns = used.size();
  std::vector<double> q(rows * columns), qd(rows * columns), qdd(rows * columns);
  evaluate_columns(values, degree, *frames, q.data(), qd.data(), qdd.data());
  if (options.accelerations == AccelerationRule::derivative_of_speeds && options.speeds == SpeedSource::spline) {
    SampledColumns speeds = values;
    evaluate_columns(values, degree, values.time, nullptr, speeds.values.data(), nullptr);
    evaluate_columns(speeds, degree, *frames, nullptr, qdd.data(), nullptr);
  }

  trajectory.q.assign(rows * n, 0.0);
  trajectory.qd.assign(rows * n, 0.0);
  trajectory.qdd.assign(rows * n, 0.0);
  std::vector<bool> is_missing(n, true);
  for (std::size_t i = 0; i < columns; ++i) {
    const std::size_t c = static_cast<std::size_t>(coordinates[i]);
    is_missing[c] = false;
    for (std::size_t r = 0; r < rows; ++r) {
      trajectory.q[r * n + c] = q[r * columns + i];
      trajectory.qd[r * n + c] = qd[r * columns + i];
      trajectory.qdd[r * n + c] = qdd[r * columns + i];
    }
  }
  fill_missing(model, is_missing, options, trajectory);
  if (options.speeds == SpeedSource::file &&
      !take_file_speeds(model, speed_table ? *speed_table : table, speed_table != nullptr, file, options, trajectory,
                        diagnostics))
    return std::nullopt;

  if (options.couplers == CouplerRule::apply || options.couplers == CouplerRule::assemble) {
    const CoordinateTrajectory before = trajectory;
    if (options.couplers == CouplerRule::apply)
      apply_couplers(model, trajectory);
    else
      assemble(model, is_missing, trajectory);
    report_coupler_differences(model, map, before, trajectory, file, diagnostics);
    if (options.couplers == CouplerRule::assemble) report_assembly(model, map, before, trajectory, file, diagnostics);
  } else if (options.couplers == CouplerRule::when_missing) {
    // columns of states (.../value) come from a simulation in which couplers hold
    std::vector<bool> follows = is_missing;
    for (std::size_t i = 0; i < columns; ++i)
      if (table.columns[static_cast<std::size_t>(used[i])].find('/') != std::string::npos)
        follows[static_cast<std::size_t>(coordinates[i])] = true;
    const CoordinateTrajectory before = trajectory;
    apply_couplers(model, trajectory, follows);
    report_coupler_differences(model, map, before, trajectory, file, diagnostics);
  }
  return trajectory;
}

/// The table without rows that follow the one before by less than a millionth of the usual step: an integrator that
/// ended twice at the same instant. A spline through both would swing without bound.
Table drop_repeated_rows(const Table& table, const std::string& file, Diagnostics& diagnostics) {
  const std::size_t rows = table.row_count(), width = table.column_count();
  if (rows < 3) return table;
  const double closest = 1e-6 * (table.time.back() - table.time.front()) / static_cast<double>(rows - 1);
  Table kept = table;
  kept.time.clear();
  kept.values.clear();
  for (std::size_t r = 0; r < rows; ++r) {
    // times that go back are reported elsewhere
    if (r > 0 && table.time[r] > table.time[r - 1] && table.time[r] - kept.time.back() < closest) continue;
    kept.time.push_back(table.time[r]);
    for (std::size_t c = 0; c < width; ++c) kept.values.push_back(table.at(r, c));
  }
  if (kept.row_count() < rows)
    diagnostics.note("MOTION-018", file, 0,
                     std::to_string(rows - kept.row_count()) +
                         " row(s) follow the row before in less than a millionth of the usual step and are left out",
                     "");
  return kept;
}

}  // namespace

std::optional<CoordinateTrajectory> make_trajectory(const Model& model, const Table& table, const std::string& file,
                                                    const MotionOptions& options, Diagnostics& diagnostics,
                                                    const Table* speed_table) {
  if (table.time.empty()) throw std::invalid_argument("a motion needs at least one row");
  if (options.spline_degree != 1 && options.spline_degree != 3 && options.spline_degree != 5 &&
      options.spline_degree != 7)
    throw std::invalid_argument("a spline has degree 1, 3, 5 or 7");
  try {
    const Table rows = drop_repeated_rows(table, file, diagnostics);
    if (!speed_table) return build_trajectory(model, rows, file, options, diagnostics, nullptr);
    const Table speed_rows = drop_repeated_rows(*speed_table, file, diagnostics);
    return build_trajectory(model, rows, file, options, diagnostics, &speed_rows);
  } catch (const std::invalid_argument& problem) {
    // splines and filter refuse times that a file may well hold
    diagnostics.error("MOTION-017", file, 0, std::string("the times of the motion cannot be used: ") + problem.what(),
                      "Times must increase in steps of similar size.");
    return std::nullopt;
  }
}

}  // namespace buttress
