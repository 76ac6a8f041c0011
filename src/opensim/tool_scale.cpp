#include "opensim/tool_scale.h"

#include <algorithm>
#include <cmath>

#include "base/run_status.h"
#include "body/document_scaling.h"
#include "io/marker_file.h"
#include "io/osim_reader.h"
#include "io/table_reader.h"
#include "io/table_writer.h"
#include "io/text_file.h"
#include "motion/coordinate_columns.h"
#include "multibody/kinematics.h"
#include "study/kinematics_tables.h"

namespace buttress {

namespace {

/// rows from the last at or before start to the first at or after end, as OpenSim's MarkerData
std::pair<std::size_t, std::size_t> find_rows(const std::vector<double>& time, double start, double end) {
  std::size_t first = 0, last = time.size() - 1;
  for (std::size_t i = time.size(); i-- > 0;)
    if (time[i] <= start) {
      first = i;
      break;
    }
  for (std::size_t i = first; i < time.size(); ++i)
    if (time[i] >= end) {
      last = i;
      break;
    }
  return {first, last};
}

/// a static trial and the rows of its time range
struct StaticTrial {
  MarkerTrajectory markers;
  std::size_t first = 0, last = 0;

  const double* at(std::size_t row, std::size_t marker) const {
    return markers.positions.data() + (row * markers.names.size() + marker) * 3;
  }
  int find(const std::string& name) const {
    const auto found = std::find(markers.names.begin(), markers.names.end(), name);
    return found == markers.names.end() ? -1 : static_cast<int>(found - markers.names.begin());
  }
};

std::optional<StaticTrial> read_static_trial(const std::string& file, double start, double end,
                                             Diagnostics& diagnostics) {
  auto recording = read_marker_file(file, diagnostics, {{}, false});
  if (!recording) return std::nullopt;
  MarkerTrajectory* const markers = &recording->markers;
  // OpenSim's default of -1 to -1 means all
  if (start == -1 && end == -1) start = -kInfinity, end = kInfinity;
  if (start > markers->time.back() || end < markers->time.front()) {
    diagnostics.error("SCALE-007", file, 0,
                      "no frame lies between " + format_number(start) + " and " + format_number(end) + " s",
                      "Correct time_range.");
    return std::nullopt;
  }
  const auto [first, last] = find_rows(markers->time, start, end);
  return StaticTrial{std::move(*markers), first, last};
}

/// mean distance of two recorded markers over the frames that have both; NaN when there are none
double find_recorded_distance(const StaticTrial& trial, int a, int b) {
  double sum = 0;
  int count = 0;
  for (std::size_t row = trial.first; row <= trial.last; ++row) {
    const double *p = trial.at(row, static_cast<std::size_t>(a)), *o = trial.at(row, static_cast<std::size_t>(b));
    const double d = norm(Vec3d{p[0] - o[0], p[1] - o[1], p[2] - o[2]});
    if (std::isfinite(d)) sum += d, ++count;
  }
  return sum / count;
}

class ScaleRun {
 public:
  ScaleRun(const ToolSetup& setup, const std::function<std::string(const std::string&)>& find_path,
           ScaleOutcome& outcome, Diagnostics& diagnostics)
      : setup_(setup), scale_(setup.scale), find_path_(find_path), outcome_(outcome), diagnostics_(diagnostics) {}

  RunStatus run() {
    auto document = read_xml(setup_.model_file, diagnostics_);
    if (!document || !check_scalable(*document, diagnostics_)) return RunStatus::bad_input;
    document_ = std::move(*document);
    if (!scale_.marker_set_file.empty()) {
      const auto set = read_xml(scale_.marker_set_file, diagnostics_);
      if (!set || !merge_marker_set(document_, *set, diagnostics_)) return RunStatus::bad_input;
    }
    if (!setup_.name.empty()) set_model_name(document_, setup_.name);
    auto model = compile_document(document_, diagnostics_);
    if (!model) return RunStatus::bad_input;
    if (scale_.scales && !scale(*model)) return RunStatus::bad_input;
    if (scale_.places && !place()) return RunStatus::bad_input;
    return diagnostics_.has_errors() ? RunStatus::bad_input : RunStatus::done;
  }

 private:
  bool write(const std::string& file, const std::string& text) {
    if (file.empty()) return true;
    const std::string path = find_path_(file);
    if (!write_text_file(path, text, diagnostics_)) return false;
    outcome_.written.push_back(path);
    return true;
  }

  bool scale(const Model& model) {
    for (const Body& body : model.bodies) bodies_.push_back(body.name);
    for (const std::string& word : scale_.order)
      if (!(word == "measurements" ? measure(model) : take_manual(model))) return false;
    if (!check_factors()) return false;
    if (!scale_document(document_, model, outcome_.factors, !scale_.preserve_mass_distribution, diagnostics_))
      return false;
    if (scale_.mass > 0) set_total_mass(document_, scale_.mass);
    return write(scale_.scaled_model_file, format_xml(document_)) &&
           write(scale_.scale_factor_file, format_scale_set(setup_.name, bodies_, outcome_.factors));
  }

  Vec3d& factor_of(const std::string& body) { return outcome_.factors.try_emplace(body, Vec3d{1, 1, 1}).first->second; }

  bool measure(const Model& model) {
    const auto trial =
        read_static_trial(scale_.scaler_marker_file, scale_.scaler_start, scale_.scaler_end, diagnostics_);
    if (!trial) return false;
    const std::map<std::string, Vec3d> at_rest = find_marker_positions(model, find_default_pose(model));
    for (const MeasurementSetup& measurement : scale_.measurements) {
      double sum = 0;
      std::string missing;
      for (const MarkerPairSetup& pair : measurement.pairs) {
        const auto a = at_rest.find(pair.first), b = at_rest.find(pair.second);
        const int i = trial->find(pair.first), j = trial->find(pair.second);
        if (a == at_rest.end() || i < 0) missing = pair.first;
        if (b == at_rest.end() || j < 0) missing = pair.second;
        if (!missing.empty()) break;
        const double recorded = find_recorded_distance(*trial, i, j);
        if (!std::isfinite(recorded)) missing = pair.first + " or " + pair.second;
        sum += recorded / norm(a->second - b->second);
      }
      if (measurement.pairs.empty() || !missing.empty()) {
        diagnostics_.warning("SCALE-004", setup_.file, measurement.line,
                             "measurement " + measurement.name + " is not used: " +
                                 (missing.empty() ? std::string("it has no marker pairs")
                                                  : "marker " + missing + " is not in the model or was not recorded"),
                             "Its bodies keep their size.");
        continue;
      }
      const double factor = sum / static_cast<double>(measurement.pairs.size());
      for (const BodyScaleSetup& body : measurement.bodies) {
        if (!knows(body.body, measurement.line)) continue;
        Vec3d& f = factor_of(body.body);
        if (body.axis[0]) f.x = factor;
        if (body.axis[1]) f.y = factor;
        if (body.axis[2]) f.z = factor;
      }
    }
    return true;
  }

  bool take_manual(const Model&) {
    for (const ManualScaleSetup& manual : scale_.manual)
      if (knows(manual.segment, manual.line)) factor_of(manual.segment) = manual.factors;
    return true;
  }

  bool knows(const std::string& body, int line) {
    if (std::find(bodies_.begin(), bodies_.end(), body) != bodies_.end()) return true;
    diagnostics_.warning("SCALE-005", setup_.file, line, "the model has no body " + body, "It is not scaled.");
    return false;
  }

  bool check_factors() {
    for (const auto& [body, f] : outcome_.factors)
      for (const double x : {f.x, f.y, f.z}) {
        if (!(x > 0) || !std::isfinite(x)) {
          diagnostics_.error("SCALE-006", setup_.file, 0, "the factor of " + body + " is " + format_number(x),
                             "Factors are above 0; are two markers of a pair in the same place?");
          return false;
        }
        if (x < 0.5 || x > 2) {
          // a wrong unit is no person
          const bool is_unit = x < 0.1 || x > 10;
          const std::string message = "the factor of " + body + " is " + format_number(x);
          if (is_unit) {
            diagnostics_.error("SCALE-006", setup_.file, 0, message, "Check the unit of the marker file.");
            return false;
          }
          diagnostics_.warning("SCALE-006", setup_.file, 0, message, "Check the markers of its measurement.");
          break;
        }
      }
    return true;
  }

  /// one frame: the mean of each marker over the time range
  MarkerTrajectory average(const StaticTrial& trial) {
    MarkerTrajectory mean = trial.markers;
    mean.time = {trial.markers.time[trial.first]};
    mean.positions.assign(trial.markers.names.size() * 3, std::numeric_limits<double>::quiet_NaN());
    const double limit = scale_.max_marker_movement * (trial.markers.units_in_file == "mm"   ? 1e-3
                                                       : trial.markers.units_in_file == "cm" ? 1e-2
                                                                                             : 1);
    for (std::size_t m = 0; m < trial.markers.names.size(); ++m) {
      double sum[3] = {0, 0, 0}, low[3], high[3];
      int count = 0;
      for (std::size_t row = trial.first; row <= trial.last; ++row) {
        const double* p = trial.at(row, m);
        if (!std::isfinite(p[0])) continue;
        for (int k = 0; k < 3; ++k) {
          sum[k] += p[k];
          low[k] = count == 0 ? p[k] : std::min(low[k], p[k]);
          high[k] = count == 0 ? p[k] : std::max(high[k], p[k]);
        }
        ++count;
      }
      if (count == 0) continue;
      for (std::size_t k = 0; k < 3; ++k) mean.positions[m * 3 + k] = sum[k] / count;
      const double movement = norm(Vec3d{high[0] - low[0], high[1] - low[1], high[2] - low[2]});
      if (limit > 0 && movement > limit)
        diagnostics_.warning("SCALE-008", trial.markers.file, 0,
                             "marker " + trial.markers.names[m] + " moves by " + format_number(1000 * movement) +
                                 " mm in the static trial",
                             "Choose a time range in which the person stands still.");
    }
    return mean;
  }

  bool place() {
    const auto trial =
        read_static_trial(scale_.placer_marker_file, scale_.placer_start, scale_.placer_end, diagnostics_);
    if (!trial) return false;
    const MarkerTrajectory pose = average(*trial);
    keep_markers(document_, pose.names);
    const auto model = compile_document(document_, diagnostics_);
    if (!model) return false;
    InverseKinematicsOptions options;
    options.markers = scale_.tasks.markers;
    options.coordinates = scale_.tasks.coordinates;
    std::optional<Table> coordinates;
    if (!scale_.coordinate_file.empty()) {
      coordinates = read_table(scale_.coordinate_file, diagnostics_);
      if (!coordinates) return false;
    }
    const auto fit = calc_inverse_kinematics(*model, pose, options, coordinates ? &*coordinates : nullptr,
                                             scale_.coordinate_file, diagnostics_);
    if (!fit) return false;
    move_markers(*model, fit->q, pose);
    if (!scale_.pose_file.empty()) {
      const std::string path = find_path_(scale_.pose_file);
      if (!write_sto(path, make_coordinate_table(*model, fit->time, fit->q), diagnostics_)) return false;
      outcome_.written.push_back(path);
    }
    return write(scale_.placed_model_file, format_xml(document_)) &&
           (scale_.placed_marker_file.empty() || write(scale_.placed_marker_file, format_marker_set(document_)));
  }

  /// every marker that is not fixed to where it was recorded
  void move_markers(const Model& model, const std::vector<double>& q, const MarkerTrajectory& pose) {
    Kinematics<double> kin = make_kinematics<double>(model);
    update_positions(model, q.data(), kin);
    const auto spec = parse_osim(format_xml(document_), document_.file, diagnostics_);
    if (!spec) return;
    for (std::size_t m = 0; m < pose.names.size(); ++m) {
      const double* o = pose.positions.data() + 3 * m;
      if (!std::isfinite(o[0])) continue;
      const auto marker = std::find_if(spec->markers.begin(), spec->markers.end(),
                                       [&](const MarkerSpec& s) { return s.name == pose.names[m]; });
      if (marker == spec->markers.end()) continue;
      const int body = model.find_body(marker->frame.body);
      if (body < 0) continue;
      const Posed X_WF = kin.X_WB[static_cast<std::size_t>(body)] * marker->frame.X_BF;
      move_marker(document_, pose.names[m], inverse(X_WF) * Vec3d{o[0], o[1], o[2]});
    }
  }

  const ToolSetup& setup_;
  const ScaleSetup& scale_;
  const std::function<std::string(const std::string&)>& find_path_;
  ScaleOutcome& outcome_;
  Diagnostics& diagnostics_;
  XmlDocument document_;
  std::vector<std::string> bodies_;
};

}  // namespace

RunStatus run_scale_tool(const ToolSetup& setup, const std::function<std::string(const std::string&)>& find_path,
                         ScaleOutcome& outcome, Diagnostics& diagnostics) {
  return ScaleRun(setup, find_path, outcome, diagnostics).run();
}

}  // namespace buttress
