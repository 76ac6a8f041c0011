#include "motion/inverse_kinematics.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "motion/coordinate_columns.h"
#include "motion/coordinate_motion.h"
#include "motion/marker_checks.h"
#include "motion/pose_fit.h"

namespace buttress {

namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

int find_name(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

int find_marker(const Model& model, const std::string& name) {
  for (std::size_t m = 0; m < model.markers.size(); ++m)
    if (model.markers[m].name == name) return static_cast<int>(m);
  return -1;
}

/// row of the time nearest to t; the earlier one of two
std::size_t find_nearest_row(const std::vector<double>& time, double t) {
  const auto above = std::lower_bound(time.begin(), time.end(), t);
  if (above == time.begin()) return 0;
  if (above == time.end()) return time.size() - 1;
  const auto below = above - 1;
  return static_cast<std::size_t>((t - *below <= *above - t ? below : above) - time.begin());
}

bool is_good_weight(double w) {
  return std::isfinite(w) && w >= 0;
}

/// one run: what is asked for, matched with what there is
struct Fit {
  const Model& model;
  const MarkerTrajectory& recording;
  const InverseKinematicsOptions& options;
  Diagnostics& diagnostics;
  std::vector<FitMarker> markers;
  std::vector<int> columns;  ///< [markers] of the recording
  std::vector<FitCoordinate> coordinates;
  std::vector<double> wanted;    ///< [frames x coordinates]
  std::vector<double> observed;  ///< [frames x markers x 3]
  std::size_t first_row = 0;
  InverseKinematicsResult result;

  bool match_markers() {
    std::vector<MarkerTask> tasks = options.markers;
    if (tasks.empty())
      for (const std::string& name : recording.names)
        if (find_marker(model, name) >= 0) tasks.push_back({name, 1.0});
    std::vector<std::string> missing;
    for (const MarkerTask& task : tasks) {
      if (!is_good_weight(task.weight)) {
        diagnostics.error("IK-014", {}, 0, "the weight of marker " + task.marker + " is " + format_number(task.weight),
                          "Weights are 0 or more.");
        return false;
      }
      const int marker = find_marker(model, task.marker), column = find_name(recording.names, task.marker);
      if (marker < 0 || column < 0) {
        missing.push_back(task.marker + (marker < 0 ? " (not in the model)" : " (not recorded)"));
        continue;
      }
      // the last task of a name counts
      const int before = find_name(result.markers, task.marker);
      if (before >= 0) {
        markers[static_cast<std::size_t>(before)].weight = result.weights[static_cast<std::size_t>(before)] =
            task.weight;
        continue;
      }
      markers.push_back({marker, task.weight});
      columns.push_back(column);
      result.markers.push_back(task.marker);
      result.weights.push_back(task.weight);
    }
    if (markers.empty()) {
      diagnostics.error(
          "IK-001", recording.file, 0,
          "no marker is both in the model and in the recording; recorded are " + join_names(recording.names),
          "Name the markers as the model does, or give the model these markers.");
      return false;
    }
    if (!missing.empty())
      diagnostics.warning("IK-002", recording.file, 0, "left out: " + join_names(missing),
                          "They are not fitted; check their names.");
    return true;
  }

  bool choose_frames() {
    const std::vector<double>& time = recording.time;
    if (time.empty() || options.start > options.end || options.start > time.back() || options.end < time.front()) {
      diagnostics.error("IK-012", recording.file, 0,
                        "no frame lies between " + format_number(options.start) + " and " + format_number(options.end) +
                            " s" +
                            (time.empty() ? std::string()
                                          : "; the recording is from " + format_number(time.front()) + " to " +
                                                format_number(time.back()) + " s"),
                        "Correct the time range.");
      return false;
    }
    first_row = find_nearest_row(time, options.start);
    const std::size_t last = find_nearest_row(time, options.end);
    result.time.assign(time.begin() + static_cast<std::ptrdiff_t>(first_row),
                       time.begin() + static_cast<std::ptrdiff_t>(last) + 1);
    observed.reserve(result.time.size() * markers.size() * 3);
    for (std::size_t row = first_row; row <= last; ++row)
      for (const int column : columns) {
        const double* p =
            recording.positions.data() + (row * recording.names.size() + static_cast<std::size_t>(column)) * 3;
        observed.insert(observed.end(), p, p + 3);
      }
    return true;
  }

  bool match_coordinates(const Table* table, const std::string& file) {
    std::vector<std::size_t> from_file;
    std::vector<double> fixed;
    for (const CoordinateTask& task : options.coordinates) {
      const int c = model.find_coordinate(task.coordinate);
      if (c < 0) {
        diagnostics.error("IK-010", {}, 0, "there is no coordinate " + task.coordinate + " in the model",
                          "Correct its name in the coordinate task, or remove the task.");
        continue;
      }
      if (!is_good_weight(task.weight))
        diagnostics.error("IK-014", {}, 0,
                          "the weight of coordinate " + task.coordinate + " is " + format_number(task.weight),
                          "Weights are 0 or more.");
      if (task.target == CoordinateTarget::from_file) {
        if (!table || !has_column(*table, c)) {
          diagnostics.error("IK-011", file, 0,
                            "coordinate " + task.coordinate + " is to follow a file, which " +
                                (table ? "has no such column" : "is not named"),
                            "Name a coordinate_file with that column.");
          continue;
        }
        from_file.push_back(coordinates.size());
      }
      coordinates.push_back({c, task.weight});
      fixed.push_back(task.target == CoordinateTarget::default_value
                          ? model.coordinates[static_cast<std::size_t>(c)].default_value
                          : task.value);
    }
    if (diagnostics.has_errors()) return false;
    const std::size_t frames = result.time.size();
    for (std::size_t f = 0; f < frames; ++f) wanted.insert(wanted.end(), fixed.begin(), fixed.end());
    if (from_file.empty()) return true;
    // a quintic spline through the file's rows, as in OpenSim
    MotionOptions motion;
    motion.times = result.time;
    // OpenSim converts such a file whatever it says; what it does say counts here
    Table rows = *table;
    if (!rows.degrees_stated) rows.in_degrees = true;
    const auto trajectory = make_trajectory(model, rows, file, motion, diagnostics);
    if (!trajectory) return false;
    for (std::size_t f = 0; f < frames; ++f)
      for (const std::size_t i : from_file)
        wanted[f * coordinates.size() + i] =
            trajectory->q[f * model.coordinates.size() + static_cast<std::size_t>(coordinates[i].coordinate)];
    return true;
  }

  bool has_column(const Table& table, int coordinate) const {
    return std::any_of(table.columns.begin(), table.columns.end(), [&](const std::string& name) {
      const ColumnMeaning meaning = find_column_meaning(model, name);
      return meaning.kind == ColumnMeaning::value && meaning.coordinate == coordinate;
    });
  }

  std::size_t count_seen(std::size_t frame) const {
    std::size_t count = 0;
    for (std::size_t m = 0; m < markers.size(); ++m) count += std::isfinite(observed[(frame * markers.size() + m) * 3]);
    return count;
  }

  /// the first frame that has nearly as many markers as any: fitting starts there
  std::size_t find_first_frame() const {
    std::size_t most = 0;
    for (std::size_t f = 0; f < result.time.size(); ++f) most = std::max(most, count_seen(f));
    for (std::size_t f = 0; f < result.time.size(); ++f)
      if (5 * count_seen(f) >= 4 * most) return f;
    return 0;
  }

  void note_missing(const PoseFitPlan& plan) {
    std::vector<std::string> never;
    for (std::size_t m = 0; m < markers.size(); ++m) {
      bool seen = false;
      for (std::size_t f = 0; f < result.time.size() && !seen; ++f)
        seen = std::isfinite(observed[(f * markers.size() + m) * 3]);
      if (!seen) never.push_back(result.markers[m]);
    }
    if (!never.empty())
      diagnostics.warning("IK-003", recording.file, 0,
                          (never.size() == 1 ? "a marker has" : std::to_string(never.size()) + " markers have") +
                              " no position in any frame from " + format_number(result.time.front()) + " to " +
                              format_number(result.time.back()) + " s: " + join_names(never),
                          "What they would have shown comes from the other markers alone.");
    // a marker that is never seen determines nothing
    std::vector<FitMarker> shown;
    for (std::size_t m = 0; m < markers.size(); ++m)
      if (std::find(never.begin(), never.end(), result.markers[m]) == never.end()) shown.push_back(markers[m]);
    const std::vector<bool> determined = find_determined_rows(make_pose_fit_plan(model, shown, plan.coordinates));
    std::vector<std::string> free;
    for (std::size_t i = 0; i < determined.size(); ++i)
      if (!determined[i]) free.push_back(model.coordinates[static_cast<std::size_t>(model.independent[i])].name);
    if (!free.empty())
      diagnostics.note("IK-004", recording.file, 0, "no marker and no task determines " + join_names(free),
                       "They keep their default value.");
  }

  /// sets prescribed coordinates at the time of a frame
  void prescribe(std::size_t frame, double* q) const {
    for (std::size_t c = 0; c < model.coordinates.size(); ++c)
      if (model.coordinates[c].prescribed)
        q[c] = evaluate(model.coordinates[c].prescribed_function, result.time[frame]).f;
  }

  PoseFitResult fit_frame(const PoseFitPlan& plan, std::size_t frame, double* q, PoseFitWorkspace& ws) const {
    prescribe(frame, q);
    return fit_pose(plan, observed.data() + frame * markers.size() * 3, wanted.data() + frame * coordinates.size(),
                    {options.step_tolerance, options.max_iterations}, q, ws);
  }

  /// the best fit from the default pose and from poses turned about each rotation of the joints to ground
  std::vector<double> find_start(const PoseFitPlan& plan, std::size_t frame, PoseFitWorkspace& ws) const {
    std::vector<double> rest(model.coordinates.size());
    for (std::size_t c = 0; c < rest.size(); ++c) rest[c] = model.coordinates[c].default_value;
    std::vector<double> best = rest;
    double lowest = fit_frame(plan, frame, best.data(), ws).objective;
    for (const int c : model.independent) {
      const Coordinate& coordinate = model.coordinates[static_cast<std::size_t>(c)];
      const Joint& joint = model.joints[static_cast<std::size_t>(coordinate.joint)];
      if (coordinate.motion_type != MotionType::rotational || joint.parent_body != 0) continue;
      for (const double turn : {0.5, 1.0, -0.5}) {
        std::vector<double> q = rest;
        q[static_cast<std::size_t>(c)] += turn * std::numbers::pi;
        const double objective = fit_frame(plan, frame, q.data(), ws).objective;
        // clearly lower, not the same pose in other angles
        if (objective < 0.9 * lowest - 1e-8) lowest = objective, best = q;
      }
    }
    return best;
  }

  void store(std::size_t f, const std::vector<double>& q, const PoseFitPlan& plan, const PoseFitWorkspace& ws) {
    std::copy(q.begin(), q.end(), result.q.begin() + static_cast<std::ptrdiff_t>(f * q.size()));
    for (std::size_t m = 0; m < markers.size(); ++m) {
      const Vec3d p = find_marker_position(plan, ws, m);
      const std::size_t at = f * markers.size() + m;
      double* out = result.marker_positions.data() + at * 3;
      out[0] = p.x, out[1] = p.y, out[2] = p.z;
      const double* o = observed.data() + at * 3;
      result.marker_errors[at] = norm(p - Vec3d{o[0], o[1], o[2]});
    }
  }

  void solve(const PoseFitPlan& plan) {
    PoseFitWorkspace ws = make_pose_fit_workspace(plan);
    const std::size_t frames = result.time.size(), n = model.coordinates.size();
    result.q.assign(frames * n, 0.0);
    result.status.assign(frames, PoseStatus::solved);
    result.iterations.assign(frames, 0);
    result.marker_positions.assign(frames * markers.size() * 3, kGap);
    result.marker_errors.assign(frames * markers.size(), kGap);
    const std::size_t first = find_first_frame();
    const std::vector<double> start = find_start(plan, first, ws);

    std::vector<double> q, before(n), guess(n);
    int in_a_row = 0;  // frames solved since the last one that was not
    std::size_t done = 0;
    const auto step_to = [&](std::size_t f) {
      // on a straight line through the last two poses
      guess = q;
      if (in_a_row >= 2)
        for (const int c : model.independent) {
          const auto i = static_cast<std::size_t>(c);
          guess[i] += q[i] - before[i];
        }
      if (count_seen(f) == 0) {
        // the workspace still has the pose of the frame before
        guess = q;
        result.status[f] = PoseStatus::no_markers;
      } else {
        const PoseFitResult fit = fit_frame(plan, f, guess.data(), ws);
        result.iterations[f] = fit.iterations;
        if (!fit.converged) result.status[f] = PoseStatus::not_converged;
      }
      in_a_row = result.status[f] == PoseStatus::solved ? in_a_row + 1 : 0;
      before = q;
      q = guess;
      store(f, q, plan, ws);
      ++done;
      if (options.progress) options.progress(done, frames);
    };
    q = start;
    for (std::size_t f = first; f < frames; ++f) step_to(f);
    q = start;
    in_a_row = 0;
    for (std::size_t f = first; f-- > 0;) step_to(f);
  }

  void report_status() {
    std::size_t blind = 0, open = 0;
    double first_blind = 0, first_open = 0;
    for (std::size_t f = 0; f < result.time.size(); ++f) {
      if (result.status[f] == PoseStatus::no_markers && blind++ == 0) first_blind = result.time[f];
      if (result.status[f] == PoseStatus::not_converged && open++ == 0) first_open = result.time[f];
    }
    if (blind > 0)
      diagnostics.warning(
          "IK-009", recording.file, 0,
          std::to_string(blind) + " frames have no marker, the first at " + format_number(first_blind) + " s",
          "They keep the pose of the frame before.");
    if (open > 0)
      diagnostics.warning("IK-013", recording.file, 0,
                          std::to_string(open) + " frames did not reach their minimum, the first at " +
                              format_number(first_open) + " s",
                          "Their pose is the best that was found; look at the marker errors there.");
  }
};

}  // namespace

std::optional<InverseKinematicsResult> calc_inverse_kinematics(const Model& model, const MarkerTrajectory& recording,
                                                               const InverseKinematicsOptions& options,
                                                               const Table* coordinates,
                                                               const std::string& coordinate_file,
                                                               Diagnostics& diagnostics) {
  Fit fit{model, recording, options, diagnostics, {}, {}, {}, {}, {}, 0, {}};
  if (!fit.match_markers() || !fit.choose_frames()) return std::nullopt;
  if (!fit.match_coordinates(coordinates, coordinate_file)) return std::nullopt;
  const PoseFitPlan plan = make_pose_fit_plan(model, fit.markers, fit.coordinates);
  fit.note_missing(plan);
  std::vector<int> model_markers;
  for (const FitMarker& m : fit.markers) model_markers.push_back(m.marker);
  const std::size_t first = fit.find_first_frame();
  if (fit.count_seen(first) == 0) {
    diagnostics.error("IK-001", recording.file, 0,
                      "none of the markers that are to be fitted was seen in any frame from " +
                          format_number(fit.result.time.front()) + " to " + format_number(fit.result.time.back()) +
                          " s: " + join_names(fit.result.markers),
                      "Their positions are gaps there; check the recording, the names and the time range.");
    return std::nullopt;
  }
  if (!check_recorded_body(model, model_markers, fit.observed.data() + first * fit.markers.size() * 3, recording,
                           diagnostics))
    return std::nullopt;
  fit.solve(plan);
  fit.report_status();
  check_fitted_markers(fit.result, fit.observed, recording.file, diagnostics);
  return std::move(fit.result);
}

}  // namespace buttress
