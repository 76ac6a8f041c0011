#include "app/track.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "app/data_folder.h"
#include "app/model_scaling.h"
#include "app/run_record.h"
#include "app/tool_kinematics.h"
#include "io/table_reader.h"
#include "io/world_axes.h"
#include "motion/marker_checks.h"

namespace buttress {

namespace {

constexpr double kNoFit = 0.05;  ///< m RMS
constexpr std::size_t kCheckedFrames = 25;
constexpr double kPoorFit = 0.025;  ///< m RMS; a sound recording fits better, and then its mirror image is not tried

/// height of the person of the built-in body (data/models/parameters.csv), m; 0 when it cannot be read
double read_reference_height() {
  std::ifstream file(find_data_folder() + "/models/parameters.csv");
  const std::string key = "reference_height,";
  for (std::string line; std::getline(file, line);)
    if (line.compare(0, key.size(), key) == 0) return std::strtod(line.c_str() + key.size(), nullptr);
  return 0;
}

double find_model_height(const Model& model, bool is_built_in) {
  const double reference = read_reference_height();
  if (is_built_in) return reference;
  Diagnostics unused;
  const auto document = read_xml(find_model_file("body"), unused);
  const auto body = document ? compile_document(*document, unused) : std::nullopt;
  return body ? estimate_model_height(model, *body, reference) : 0;
}

class Tracking {
 public:
  Tracking(const TrackRequest& request, Diagnostics& diagnostics) : request_(request), diagnostics_(diagnostics) {}

  std::optional<TrackOutcome> run(RunStatus& status) {
    status = RunStatus::bad_input;
    const StageClock clock;
    if (!check_request() || !read() || !name() || !check_recording(out_.recording.markers)) return std::nullopt;
    if (request_.choices.scale && !scale()) return std::nullopt;
    if (!check_mirror() || !fit()) return std::nullopt;
    summarise();
    StageClock end = clock;
    end.finish("track");
    out_.seconds = end.stages().back().second;
    if (diagnostics_.has_errors() || !write()) return std::nullopt;
    const bool solved = std::none_of(out_.result.status.begin(), out_.result.status.end(),
                                     [](PoseStatus s) { return s == PoseStatus::not_converged; });
    status = solved ? RunStatus::done : RunStatus::not_solved;
    return std::move(out_);
  }

 private:
  void tell(const std::string& stage, double share) {
    if (request_.choices.progress) request_.choices.progress(stage, share);
  }

  bool check_request() {
    if (!is_marker_file(request_.marker_file))
      diagnostics_.error("TRACK-014", request_.marker_file, 0, "this is no .trc or .c3d file",
                         "Export the markers as TRC or C3D.");
    if (!request_.choices.static_file.empty() && !is_marker_file(request_.choices.static_file))
      diagnostics_.error("TRACK-014", request_.choices.static_file, 0, "this is no .trc or .c3d file",
                         "Export the static trial as TRC or C3D.");
    if (!request_.choices.up.empty() && !parse_lab_axis(request_.choices.up))
      diagnostics_.error("TRACK-013", {}, 0, "--up is \"" + request_.choices.up + "\", which is no axis",
                         "Give x, y, z, -x, -y or -z.");
    if (request_.choices.mass != 0 && !(request_.choices.mass >= 10 && request_.choices.mass <= 300))
      diagnostics_.error("TRACK-006", {}, 0, fmt::format("a mass of {:g} kg was given", request_.choices.mass),
                         "People weigh 10 to 300 kg.");
    if (request_.choices.height != 0 && !(request_.choices.height >= 0.8 && request_.choices.height <= 2.4))
      diagnostics_.error("TRACK-006", {}, 0, fmt::format("a height of {:g} m was given", request_.choices.height),
                         "People are 0.8 to 2.4 m tall; give metres.");
    if (!request_.choices.scale &&
        (request_.choices.mass != 0 || request_.choices.height != 0 || !request_.choices.static_file.empty()))
      diagnostics_.error("TRACK-015", {}, 0, "--no-scale was given together with --mass, --height or --static",
                         "Leave one out: these are for scaling.");
    return !diagnostics_.has_errors();
  }

  bool read() {
    is_built_in_ = request_.model_file == "body";
    const std::string model_file = find_model_file(request_.model_file);
    document_ = read_xml(model_file, diagnostics_);
    if (document_) model_ = compile_document(*document_, diagnostics_);
    if (model_) free_root(*model_);
    auto recording = read_marker_file(request_.marker_file, diagnostics_, {request_.choices.up, true});
    if (!request_.choices.static_file.empty()) {
      auto pose = read_marker_file(request_.choices.static_file, diagnostics_, {request_.choices.up, false});
      if (pose) static_ = std::move(*pose);
    }
    maps_ = read_built_in_maps(diagnostics_);
    if (!model_ || !recording || diagnostics_.has_errors()) return false;
    out_.model_file = model_file;
    out_.recording = std::move(*recording);
    return true;
  }

  bool name() {
    auto naming = name_markers(*model_, request_.choices.map_file, maps_, out_.recording.markers, diagnostics_);
    if (!naming) return false;
    out_.naming = std::move(*naming);
    if (!request_.choices.static_file.empty()) {
      // the same names hold there; what is near, too
      Diagnostics messages;
      if (!name_markers(*model_, out_.naming.map_file, maps_, static_.markers,
                        request_.choices.map_file.empty() ? diagnostics_ : messages))
        for (const Diagnostic& d : messages.items()) diagnostics_.add(d);
      if (diagnostics_.has_errors()) return false;
    }
    choose_weights();
    choose_window();
    return true;
  }

  /// Landmarks count; clusters and the like stand where somebody put them, so they mean nothing on another's model.
  void choose_weights() {
    std::set<std::string> landmarks = find_landmarks(maps_);
    map_of_model_ = find_map_of_model(*model_, maps_);
    if (map_of_model_) {
      landmarks.clear();
      for (const MarkerMapRow& row : map_of_model_->rows) landmarks.insert(row.theirs);
    }
    if (!request_.choices.map_file.empty()) {
      Diagnostics unused;
      if (const auto map = read_marker_map(request_.choices.map_file, unused))
        for (const MarkerMapRow& row : map->rows) landmarks.insert(row.marker);
    }
    const bool has_landmarks = std::any_of(model_->markers.begin(), model_->markers.end(),
                                           [&](const Marker& m) { return landmarks.count(m.name) > 0; });
    options_.markers.clear();
    for (const std::string& marker : out_.recording.markers.names) {
      const bool on_model = std::any_of(model_->markers.begin(), model_->markers.end(),
                                        [&](const Marker& m) { return m.name == marker; });
      if (!on_model) continue;
      if (request_.choices.scale && has_landmarks && !landmarks.count(marker))
        out_.technical.push_back(marker);
      else
        options_.markers.push_back({marker, out_.naming.near.count(marker) ? kNearWeight : 1.0});
    }
    if (!out_.technical.empty())
      diagnostics_.note(
          "TRACK-012", request_.marker_file, 0,
          fmt::format("left out, since they stand at no anatomical place: {}", fmt::join(out_.technical, ", ")),
          "For a model on which they were placed, give --no-scale.");
  }

  /// Before the person comes into view and after leaving it there is nothing to fit.
  void choose_window() {
    const MarkerTrajectory& recording = out_.recording.markers;
    const std::size_t n = recording.names.size(), frames = recording.time.size();
    std::vector<std::size_t> columns, seen(frames, 0);
    for (const MarkerTask& task : options_.markers)
      columns.push_back(static_cast<std::size_t>(
          std::find(recording.names.begin(), recording.names.end(), task.marker) - recording.names.begin()));
    for (std::size_t f = 0; f < frames; ++f)
      for (const std::size_t m : columns) seen[f] += std::isfinite(recording.positions[3 * (f * n + m)]);
    const std::size_t most = *std::max_element(seen.begin(), seen.end());
    if (most == 0) return;
    std::size_t first = 0, last = frames - 1;
    while (2 * seen[first] < most) ++first;
    while (2 * seen[last] < most) --last;
    options_.start = recording.time[first];
    options_.end = recording.time[last];
    if (first > 0 || last + 1 < frames)
      diagnostics_.note(
          "TRACK-017", request_.marker_file, 0,
          fmt::format("fitted from {:g} to {:g} s: before and after, fewer than half of the markers are seen",
                      options_.start, options_.end));
  }

  /// size and vertical of the recorded body, before anything is scaled to it
  bool check_recording(const MarkerTrajectory& recording) {
    const MarkerTrajectory frame = pick_frames(recording, *model_, 1);
    std::vector<int> markers;
    std::vector<double> observed;
    for (const MarkerTask& task : options_.markers) {
      const auto column = std::find(frame.names.begin(), frame.names.end(), task.marker) - frame.names.begin();
      for (std::size_t m = 0; m < model_->markers.size(); ++m) {
        if (model_->markers[m].name != task.marker || frame.time.empty()) continue;
        markers.push_back(static_cast<int>(m));
        observed.insert(observed.end(), frame.positions.begin() + 3 * column, frame.positions.begin() + 3 * column + 3);
        break;
      }
    }
    if (std::none_of(observed.begin(), observed.end(), [](double x) { return std::isfinite(x); })) {
      diagnostics_.error("IK-001", recording.file, 0, "no marker of the model was seen in any frame",
                         "Check the recording; all its positions are gaps.");
      return false;
    }
    Diagnostics found;
    check_recorded_body(*model_, markers, observed.data(), frame, found);
    for (const Diagnostic& d : found.items()) {
      if (d.id == "IK-006") {
        // a person may lie, but then the file or the user must say which way is up
        if (!out_.recording.is_up_known)
          diagnostics_.error("TRACK-004", recording.file, 0, d.message,
                             "If the person stands, give --up with the axis of the file that points up; if the person "
                             "lies, give --up all the same.");
      } else {
        diagnostics_.add(d);
      }
    }
    return !diagnostics_.has_errors();
  }

  bool scale() {
    tell("scaling", 0);
    const auto pairs = read_marker_pairs(find_data_folder() + "/marker_pairs.csv", diagnostics_);
    if (!pairs) return false;
    const bool has_static = !request_.choices.static_file.empty();
    out_.size = measure_person(*document_, *model_, has_static ? static_.markers : out_.recording.markers, out_.naming,
                               map_of_model_, *pairs, options_, find_model_height(*model_, is_built_in_),
                               request_.choices.height, diagnostics_);
    if (!out_.size) return false;
    const PersonSize& size = *out_.size;
    out_.is_mass_given = request_.choices.mass > 0;
    const double stature =
        size.model_height > 0 && size.height > 0 ? size.height / size.model_height : size.height_ratio;
    out_.mass = out_.is_mass_given ? request_.choices.mass : model_->total_mass * stature * stature;
    if (!out_.is_mass_given)
      diagnostics_.note("TRACK-008", {}, 0,
                        fmt::format("no mass was given; {:.1f} kg is taken, as stout as the model", out_.mass),
                        "Give --mass: all forces grow with it.");
    set_model_name(*document_, std::filesystem::path(out_.model_file).stem().string() + "_scaled");
    if (!scale_document(*model_, size.factors, false, out_.mass, *document_, diagnostics_)) return false;
    Diagnostics repeated;
    model_ = compile_document(*document_, repeated);
    if (model_) free_root(*model_);
    return model_.has_value();
  }

  double find_rms(const InverseKinematicsResult& result) const {
    double sum = 0, count = 0;
    for (const double e : result.marker_errors)
      if (std::isfinite(e)) sum += e * e, ++count;
    return count > 0 ? std::sqrt(sum / count) : 0;
  }

  /// A body whose left and right names are exchanged, or whose axes are left-handed, is the mirror image of a body.
  bool check_mirror() {
    tell("checking", 0);
    MarkerTrajectory frames = pick_frames(out_.recording.markers, *model_, kCheckedFrames);
    InverseKinematicsOptions options;
    options.markers = options_.markers;
    Diagnostics unused;
    const auto straight = calc_inverse_kinematics(*model_, frames, options, nullptr, "", unused);
    // what is wrong is told when all frames are fitted
    if (!straight) return true;
    const double rms = find_rms(*straight);
    if (rms < kPoorFit) return true;
    for (std::size_t i = 2; i < frames.positions.size(); i += 3) frames.positions[i] = -frames.positions[i];
    const auto mirrored = calc_inverse_kinematics(*model_, frames, options, nullptr, "", unused);
    if (!mirrored || find_rms(*mirrored) > 0.6 * rms) return true;
    diagnostics_.error(
        "TRACK-010", request_.marker_file, 0,
        fmt::format("the recording is the mirror image of a body: its markers lie {:.0f} mm RMS from the "
                    "model, {:.0f} mm when it is mirrored",
                    1000 * rms, 1000 * find_rms(*mirrored)),
        "Left and right are exchanged in the markers' names, or the file's axes are left-handed.");
    return false;
  }

  bool fit() {
    options_.progress = [this](std::size_t done, std::size_t all) {
      tell("fitting", static_cast<double>(done) / static_cast<double>(all));
    };
    Diagnostics first_messages;
    auto first = calc_inverse_kinematics(*model_, out_.recording.markers, options_, nullptr, "", first_messages);
    if (first) out_.outliers = find_outliers(*first);
    if (out_.outliers.empty()) {
      add_messages(first_messages, false);
      if (first) out_.result = std::move(*first);
      return first.has_value();
    }
    // once more without what does not belong to the body
    Diagnostics messages;
    auto second = calc_inverse_kinematics(*model_, remove_outliers(out_.recording.markers, out_.outliers), options_,
                                          nullptr, "", messages);
    for (const Diagnostic& d : first_messages.items())
      if (d.id == "IK-007") diagnostics_.add(d);
    for (const MarkerOutlier& o : out_.outliers)
      diagnostics_.warning(
          "TRACK-011", request_.marker_file, 0,
          fmt::format("marker {} is left out {}: it is up to {:.0f} mm from where the others say", o.marker,
                      o.is_everywhere ? std::string("of all frames")
                                      : fmt::format("of {} of {} frames, {}", o.frames, o.seen, format_spans(o)),
                      1000 * o.worst),
          "Was it placed elsewhere, did it fall off, or is it another marker for a while?");
    add_messages(messages, true);
    if (second) out_.result = std::move(*second);
    return second.has_value();
  }

  void add_messages(const Diagnostics& messages, bool again) {
    for (const Diagnostic& d : messages.items()) {
      // told already: the vertical, and in the second round what was taken out
      if (d.id == "IK-006" && !out_.recording.is_up_known) continue;
      if (again && (d.id == "IK-003" || d.id == "IK-007")) continue;
      // of a place that is only near nothing else is expected, and its weight is low already
      if (d.id == "IK-008" && std::any_of(out_.naming.near.begin(), out_.naming.near.end(), [&](const std::string& n) {
            return d.message.find("marker " + n + " ") != std::string::npos;
          }))
        continue;
      diagnostics_.add(d);
    }
  }

  void summarise() {
    const InverseKinematicsResult& r = out_.result;
    out_.rms = find_rms(r);
    if (out_.rms > kNoFit)
      diagnostics_.warning(
          "TRACK-018", request_.marker_file, 0,
          fmt::format("the markers lie {:.0f} mm RMS from the body; 10 to 30 mm is usual", 1000 * out_.rms),
          "The movement found cannot be trusted; look at the names of the markers and at the worst ones.");
    const std::size_t n = r.markers.size();
    for (std::size_t i = 0; i < r.marker_errors.size(); ++i)
      if (r.marker_errors[i] > out_.worst)
        out_.worst = r.marker_errors[i], out_.worst_marker = r.markers[i % n], out_.worst_time = r.time[i / n];
    if (!request_.choices.scale) out_.mass = model_->total_mass;
  }

  bool write() {
    const std::filesystem::path folder(request_.out_folder);
    if (!make_folder(request_.out_folder, diagnostics_)) return false;
    const std::string stem = std::filesystem::path(request_.marker_file).stem().string();
    if (request_.choices.scale) {
      out_.model_file = (folder / (std::filesystem::path(out_.model_file).stem().string() + "_scaled.osim")).string();
      if (!write_text_file(out_.model_file, format_xml(*document_), diagnostics_)) return false;
      out_.written.push_back(out_.model_file);
    }
    out_.motion_file = (folder / (stem + ".mot")).string();
    const std::string errors = (folder / (stem + "_marker_errors.sto")).string();
    if (!write_sto(out_.motion_file, make_coordinate_table(*model_, out_.result.time, out_.result.q), diagnostics_) ||
        !write_sto(errors, make_marker_error_table(out_.result), diagnostics_))
      return false;
    out_.written.push_back(out_.motion_file);
    out_.written.push_back(errors);
    return true;
  }

  const TrackRequest& request_;
  Diagnostics& diagnostics_;
  bool is_built_in_ = false;
  std::optional<XmlDocument> document_;
  std::optional<Model> model_;
  MarkerRecording static_;
  std::vector<MarkerMap> maps_;
  const MarkerMap* map_of_model_ = nullptr;
  InverseKinematicsOptions options_;
  TrackOutcome out_;
};

}  // namespace

std::optional<TrackOutcome> track(const TrackRequest& request, RunStatus& status, Diagnostics& diagnostics) {
  return Tracking(request, diagnostics).run(status);
}

}  // namespace buttress
