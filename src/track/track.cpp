#include "track/track.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/run_status.h"
#include "base/stage_clock.h"
#include "body/document_scaling.h"
#include "body/model_height.h"
#include "track/marker_frames.h"
#include "track/track_checks.h"

namespace buttress {

namespace {

constexpr double kNoFit = 0.05;  ///< m RMS

class Tracking {
 public:
  Tracking(const Library& library, const TrackRequest& request, Diagnostics& diagnostics)
      : library_(library), request_(request), diagnostics_(diagnostics) {}

  std::optional<TrackOutcome> run(RunStatus& status) {
    status = RunStatus::bad_input;
    const StageClock clock;
    if (!check_track_request(request_, diagnostics_) || !read() || !name() ||
        !check_legs(*model_, out_.recording.markers, options_.markers, out_.naming, request_.needs_legs,
                    diagnostics_) ||
        !check_size_and_vertical(*model_, out_.recording, options_.markers, diagnostics_))
      return std::nullopt;
    if (request_.choices.scale && !scale()) return std::nullopt;
    tell("checking", 0);
    if (!check_mirror_image(*model_, out_.recording.markers, options_.markers, diagnostics_) || !fit())
      return std::nullopt;
    summarise();
    StageClock end = clock;
    end.finish("track");
    out_.seconds = end.stages().back().second;
    if (diagnostics_.has_errors()) return std::nullopt;
    hand_over_model();
    const bool solved = std::none_of(out_.result.status.begin(), out_.result.status.end(),
                                     [](PoseStatus s) { return s == PoseStatus::not_converged; });
    status = solved ? RunStatus::done : RunStatus::not_solved;
    return std::move(out_);
  }

 private:
  void tell(const std::string& stage, double share) {
    if (request_.choices.progress) request_.choices.progress(stage, share);
  }

  bool read() {
    is_built_in_ = request_.model_file == "body";
    const std::string model_file = library_.find_model_file(request_.model_file);
    document_ = read_xml(model_file, diagnostics_);
    if (document_) model_ = compile_document(*document_, diagnostics_);
    if (model_) free_root(*model_);
    auto recording = read_marker_file(request_.marker_file, diagnostics_, {request_.choices.up, request_.needs_plates});
    if (!request_.choices.static_file.empty()) {
      auto pose = read_marker_file(request_.choices.static_file, diagnostics_, {request_.choices.up, false});
      if (pose) static_ = std::move(*pose);
    }
    maps_ = read_built_in_maps(library_.data_folder(), diagnostics_);
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
    if (!choose_weights()) return false;
    choose_window();
    return true;
  }

  /// Landmarks count; clusters and the like stand where somebody put them, so they mean nothing on another's model.
  bool choose_weights() {
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
    if (options_.markers.empty()) {
      diagnostics_.error(
          "TRACK-001", request_.marker_file, 0,
          fmt::format("none of its {} names stands at an anatomical place of the model: those that are known are of "
                      "clusters and the like ({}), which stand where somebody put them",
                      out_.recording.markers.names.size(), list_some(out_.technical)),
          "Give a marker map with --map FILE that names landmarks; data/README.md tells how to write one. For a model "
          "on "
          "which these markers were placed, give --no-scale.");
      return false;
    }
    if (!out_.technical.empty())
      diagnostics_.note(
          "TRACK-012", request_.marker_file, 0,
          fmt::format("left out, since they stand at no anatomical place: {}", fmt::join(out_.technical, ", ")),
          "For a model on which they were placed, give --no-scale.");
    return true;
  }

  void choose_window() {
    const MarkerTrajectory& recording = out_.recording.markers;
    std::vector<std::string> markers;
    for (const MarkerTask& task : options_.markers) markers.push_back(task.marker);
    const auto window = find_seen_window(recording, markers);
    if (!window) return;
    options_.start = recording.time[window->first];
    options_.end = recording.time[window->second];
    if (window->first > 0 || window->second + 1 < recording.time.size())
      diagnostics_.note(
          "TRACK-017", request_.marker_file, 0,
          fmt::format("fitted from {:g} to {:g} s: before and after, fewer than half of the markers are seen",
                      options_.start, options_.end));
  }

  bool scale() {
    tell("scaling", 0);
    const auto pairs = read_marker_pairs(library_.file("marker_pairs.csv"), diagnostics_);
    if (!pairs) return false;
    const bool has_static = !request_.choices.static_file.empty();
    out_.size = measure_person(*document_, *model_, has_static ? static_.markers : out_.recording.markers, out_.naming,
                               map_of_model_, *pairs, options_,
                               estimate_model_height(library_.data_folder(), *model_, is_built_in_),
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
    if (!scale_document(*document_, *model_, size.factors, false, diagnostics_, SlideRule::along_axis)) return false;
    set_total_mass(*document_, out_.mass);
    Diagnostics repeated;
    model_ = compile_document(*document_, repeated);
    if (model_) free_root(*model_);
    return model_.has_value();
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
    out_.rms = find_marker_rms(r);
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

  void hand_over_model() {
    out_.model_name = std::filesystem::path(out_.model_file).stem().string();
    if (request_.choices.scale) {
      out_.model_name += "_scaled";
      out_.model_text = format_xml(*document_);
    }
    out_.model = std::make_shared<const Model>(std::move(*model_));
  }

  const Library& library_;
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

std::optional<TrackOutcome> track(const Library& library, const TrackRequest& request, RunStatus& status,
                                  Diagnostics& diagnostics) {
  return Tracking(library, request, diagnostics).run(status);
}

}  // namespace buttress
