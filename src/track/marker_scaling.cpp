#include "track/marker_scaling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "body/document_scaling.h"
#include "motion/marker_checks.h"
#include "track/marker_frames.h"
#include "track/marker_reach.h"

namespace buttress {

namespace {

constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFittedFrames = 25;
constexpr int kMostRounds = 40;
constexpr double kAlike = 1.12;         ///< largest ratio of two segments' factors in one person
constexpr double kHeightAgrees = 0.05;  ///< of the height: posture, and where markers are stuck on
constexpr double kShortestNear = 0.3;   ///< m
constexpr double kUpright = 0.8;        ///< cosine of the body's long axis to the vertical
constexpr double kSettled = 1e-5;       ///< change of a factor at which measuring ends

double find_median(std::vector<double> values) {
  if (values.empty()) return kNotKnown;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// a pair with its markers on this model and in this recording
struct FoundPair {
  const MarkerPair* pair = nullptr;
  std::string first, second;  ///< names on the model
  std::size_t i = 0, j = 0;   ///< columns of the recording
};

class Measuring {
 public:
  Measuring(const XmlDocument& document, const Model& model, const MarkerTrajectory& recording,
            const InverseKinematicsOptions& options, Diagnostics& diagnostics)
      : file_(document.file),
        text_(format_xml(document)),
        model_(model),
        recording_(recording),
        diagnostics_(diagnostics) {
    options_.markers = options.markers;
  }

  void find_pairs(const std::vector<MarkerPair>& pairs, const MarkerNaming& naming, const MarkerMap* map_of_model) {
    const std::map<std::string, std::string> own = find_own_names(map_of_model);
    const auto at_rest = find_marker_positions(model_, find_default_pose(model_));
    const auto find_column = [&](const std::string& name) {
      return static_cast<std::size_t>(std::find(recording_.names.begin(), recording_.names.end(), name) -
                                      recording_.names.begin());
    };
    // pairs of lower rank, and of markers that are only near, stand back
    std::map<std::pair<std::string, char>, std::vector<std::pair<int, FoundPair>>> found;
    for (const MarkerPair& pair : pairs) {
      const auto first = own.find(pair.first), second = own.find(pair.second);
      if (first == own.end() || second == own.end()) continue;
      FoundPair f{&pair, first->second, second->second, find_column(first->second), find_column(second->second)};
      if (f.i == recording_.names.size() || f.j == recording_.names.size() || !std::isfinite(measure_recorded(f)))
        continue;
      const bool near = naming.near.count(f.first) || naming.near.count(f.second);
      // a place that is centimetres off says nothing of a short distance
      if (near && norm(at_rest.at(f.first) - at_rest.at(f.second)) < kShortestNear) continue;
      found[{pair.segment, pair.side}].push_back({pair.rank + (near ? 10 : 0), f});
    }
    for (const MarkerPair& pair : pairs) {
      const auto of_segment = found.find({pair.segment, pair.side});
      if (of_segment == found.end()) continue;
      int best = 100;
      for (const auto& [rank, f] : of_segment->second) best = std::min(best, rank);
      for (const auto& [rank, f] : of_segment->second)
        if (rank == best) pairs_.push_back(f);
      found.erase(of_segment);
    }
  }

  /// what the recording shows of the height without lengths of segments
  void find_reach(const MarkerNaming& naming, const MarkerMap* map_of_model) {
    std::map<std::string, std::string> own = find_own_names(map_of_model);
    std::erase_if(own, [&](const auto& names) { return naming.near.count(names.second) > 0; });
    if (!is_upright()) return;
    reach_ = find_marker_reach(model_, recording_, own);
    const std::vector<double> at_rest = find_standing_heights(model_, reach_);
    std::vector<double> of_pelvis, of_trunk;
    for (std::size_t i = 0; i < at_rest.size(); ++i) {
      const ReachedLandmark& landmark = reach_.landmarks[i];
      (landmark.is_on_trunk ? of_trunk : of_pelvis).push_back(landmark.height_m / at_rest[i]);
      if (at_rest[i] > at_rest[top_]) top_ = i;
    }
    // people's legs and trunks are not of one proportion
    const double pelvis = find_median(std::move(of_pelvis)), trunk = find_median(std::move(of_trunk));
    least_reach_ = std::fmin(pelvis, trunk), most_reach_ = std::fmax(pelvis, trunk);
    reach_ratio_ = 0.5 * (least_reach_ + most_reach_);
  }

  std::optional<PersonSize> run(double model_height, double given_height) {
    size_.model_height = model_height;
    size_.is_height_given = given_height > 0;
    size_.height = given_height;
    ratio_of_.assign(pairs_.size(), kNotKnown);
    measure_at_rest();
    combine();
    for (int round = 0; round < kMostRounds && !pairs_.empty(); ++round) {
      const ScaleFactors before = size_.factors;
      if (!refine()) return std::nullopt;
      combine();
      double change = 0;
      for (const auto& [body, f] : size_.factors) {
        const Vec3d d = f - before.at(body);
        change = std::max({change, std::abs(d.x), std::abs(d.y), std::abs(d.z)});
      }
      if (change < kSettled) break;
    }
    if (!check() || !check_height()) return std::nullopt;
    return std::move(size_);
  }

 private:
  /// name on the model of a marker of the built-in body
  std::map<std::string, std::string> find_own_names(const MarkerMap* map_of_model) const {
    std::map<std::string, std::string> own;
    for (const Marker& m : model_.markers) own.emplace(m.name, m.name);
    if (map_of_model)
      for (const MarkerMapRow& row : map_of_model->rows)
        if (own.count(row.theirs)) own.emplace(row.marker, row.theirs);
    return own;
  }

  /// Whether heights of the recording are heights of the body: not of one who lies, nor in other axes (a static trial's
  /// size does not depend on them).
  bool is_upright() const {
    const MarkerTrajectory frame = pick_frames(recording_, options_.markers, 1);
    if (frame.time.empty()) return false;
    std::vector<int> markers;
    std::vector<double> observed;
    for (std::size_t column = 0; column < frame.names.size(); ++column)
      for (std::size_t m = 0; m < model_.markers.size(); ++m) {
        const bool is_fitted = std::any_of(options_.markers.begin(), options_.markers.end(),
                                           [&](const MarkerTask& task) { return task.marker == frame.names[column]; });
        if (model_.markers[m].name != frame.names[column] || !is_fitted) continue;
        markers.push_back(static_cast<int>(m));
        observed.insert(observed.end(), frame.positions.begin() + static_cast<std::ptrdiff_t>(3 * column),
                        frame.positions.begin() + static_cast<std::ptrdiff_t>(3 * column + 3));
      }
    const auto vertical = find_recorded_vertical(model_, markers, observed.data());
    return vertical && -dot(model_.gravity_W, *vertical) > kUpright * norm(model_.gravity_W);
  }

  /// median distance over the frames that show both markers
  double measure_recorded(const FoundPair& f) const {
    std::vector<double> distances;
    const std::size_t n = recording_.names.size();
    for (std::size_t row = 0; row < recording_.time.size(); ++row) {
      const double d = norm(at(row * n + f.i) - at(row * n + f.j));
      if (std::isfinite(d)) distances.push_back(d);
    }
    return find_median(std::move(distances));
  }
  Vec3d at(std::size_t k) const {
    const double* p = recording_.positions.data() + 3 * k;
    return {p[0], p[1], p[2]};
  }

  /// distances that the pose hardly changes, against the model in its default pose
  void measure_at_rest() {
    const auto at_rest = find_marker_positions(model_, find_default_pose(model_));
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      if (pairs_[k].pair->needs_pose) continue;
      const double length = norm(at_rest.at(pairs_[k].first) - at_rest.at(pairs_[k].second));
      ratio_of_[k] = measure_recorded(pairs_[k]) / length;
    }
  }

  /// the model as it is scaled now; nothing when there was an error
  std::optional<Model> make_scaled() {
    Diagnostics unused;
    auto document = parse_xml(text_, file_, unused);
    if (!document || !scale_geometry(*document, size_.factors, find_slides(model_, SlideRule::along_axis), false,
                                     unused, SlideRule::along_axis)) {
      for (const Diagnostic& d : unused.items()) diagnostics_.add(d);
      return std::nullopt;
    }
    auto scaled = compile_document(*document, unused);
    if (scaled) free_root(*scaled);
    return scaled;
  }

  /// Fits frames with the model as it is scaled now and compares distances there.
  bool refine() {
    const auto scaled = make_scaled();
    if (!scaled) return false;
    Diagnostics unused;
    const MarkerTrajectory frames = pick_frames(recording_, options_.markers, kFittedFrames);
    const auto fit = calc_inverse_kinematics(*scaled, frames, options_, nullptr, "", unused);
    if (!fit) {
      for (const Diagnostic& d : unused.items())
        if (d.severity == Severity::error) diagnostics_.add(d);
      return false;
    }
    std::vector<std::vector<double>> ratios(pairs_.size());
    const std::size_t n = scaled->coordinates.size(), names = frames.names.size();
    for (std::size_t f = 0; f < fit->time.size(); ++f) {
      const auto places = find_marker_positions(
          *scaled, std::vector<double>(fit->q.begin() + static_cast<std::ptrdiff_t>(f * n),
                                       fit->q.begin() + static_cast<std::ptrdiff_t>((f + 1) * n)));
      for (std::size_t k = 0; k < pairs_.size(); ++k) {
        const double *p = frames.positions.data() + 3 * (f * names + pairs_[k].i),
                     *o = frames.positions.data() + 3 * (f * names + pairs_[k].j);
        const double recorded = norm(Vec3d{p[0] - o[0], p[1] - o[1], p[2] - o[2]});
        if (std::isfinite(recorded))
          ratios[k].push_back(recorded / norm(places.at(pairs_[k].first) - places.at(pairs_[k].second)));
      }
    }
    for (std::size_t k = 0; k < pairs_.size(); ++k)
      if (const double ratio = find_median(ratios[k]); std::isfinite(ratio))
        ratio_of_[k] = ratio * current_factor(*pairs_[k].pair);
    return true;
  }

  double current_factor(const MarkerPair& pair) const {
    for (const SegmentSize& s : size_.segments)
      if (s.segment == pair.segment) return s.factor;
    return size_.height_ratio;
  }

  /// segments from ratios, bodies from segments, and the height
  void combine() {
    size_.segments.clear();
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      if (!std::isfinite(ratio_of_[k])) continue;
      const std::string& name = pairs_[k].pair->segment;
      auto s = std::find_if(size_.segments.begin(), size_.segments.end(),
                            [&](const SegmentSize& segment) { return segment.segment == name; });
      if (s == size_.segments.end()) s = size_.segments.insert(s, {name, 1, 0, 0, {}});
      s->pairs.push_back(pairs_[k].first + "-" + pairs_[k].second);
    }
    for (SegmentSize& s : size_.segments) {
      double sum[3] = {0, 0, 0};
      int count[3] = {0, 0, 0};
      for (std::size_t k = 0; k < pairs_.size(); ++k) {
        if (pairs_[k].pair->segment != s.segment || !std::isfinite(ratio_of_[k])) continue;
        const int side = pairs_[k].pair->side == 'r' ? 1 : pairs_[k].pair->side == 'l' ? 2 : 0;
        sum[side] += ratio_of_[k], ++count[side];
      }
      s.right = count[1] ? sum[1] / count[1] : 0;
      s.left = count[2] ? sum[2] / count[2] : 0;
      s.factor = count[0] ? sum[0] / count[0] : s.right > 0 && s.left > 0 ? 0.5 * (s.right + s.left) : s.right + s.left;
    }
    find_height();
    size_.factors.clear();
    size_.by_height.clear();
    for (const Body& body : model_.bodies)
      size_.factors[body.name] = Vec3d{size_.height_ratio, size_.height_ratio, size_.height_ratio};
    std::set<std::string> measured;
    for (const FoundPair& f : pairs_) {
      const auto s = std::find_if(size_.segments.begin(), size_.segments.end(),
                                  [&](const SegmentSize& segment) { return segment.segment == f.pair->segment; });
      if (s == size_.segments.end()) continue;
      // both sides, though only one may have been recorded
      for (const std::string& name : f.pair->bodies)
        for (const std::string& body : {name, find_twin(name)}) {
          const auto factor = size_.factors.find(body);
          if (factor == size_.factors.end()) continue;
          if (f.pair->axis[0]) factor->second.x = s->factor;
          if (f.pair->axis[1]) factor->second.y = s->factor;
          if (f.pair->axis[2]) factor->second.z = s->factor;
          measured.insert(body);
        }
    }
    for (std::size_t b = 1; b < model_.bodies.size(); ++b)
      if (!measured.count(model_.bodies[b].name)) size_.by_height.push_back(model_.bodies[b].name);
  }

  static std::string find_twin(std::string body) {
    const std::size_t n = body.size();
    if (n > 2 && body[n - 2] == '_') body[n - 1] = body[n - 1] == 'r' ? 'l' : body[n - 1] == 'l' ? 'r' : body[n - 1];
    return body;
  }

  /// How tall the person is against the model: by both parts of the legs and the trunk; without, by how high landmarks
  /// stand; else by two lengths that agree. A breadth tells nothing, nor does one length alone.
  void find_height() {
    estimated_ = kNotKnown;
    std::vector<double> legs, lengths, all;
    std::size_t leg_parts = 0;
    for (const SegmentSize& s : size_.segments) {
      all.push_back(s.factor);
      const bool is_leg = s.segment == "thigh" || s.segment == "shank",
                 is_arm = s.segment == "upper_arm" || s.segment == "forearm";
      leg_parts += is_leg;
      if (is_leg || s.segment == "trunk") legs.push_back(s.factor);
      if (is_leg || s.segment == "trunk" || is_arm) lengths.push_back(s.factor);
    }
    const auto find_mean = [](const std::vector<double>& factors) {
      return std::accumulate(factors.begin(), factors.end(), 0.0) / static_cast<double>(factors.size());
    };
    is_by_reach_ = false;
    if (size_.model_height <= 0) {
      // of a model without legs nothing is said of a height
      if (!all.empty()) estimated_ = find_mean(legs.empty() ? all : legs);
    } else if (leg_parts == 2) {
      estimated_ = find_mean(legs);
    } else if (std::isfinite(reach_ratio_)) {
      estimated_ = reach_ratio_;
      is_by_reach_ = true;
    } else if (lengths.size() > 1) {
      const auto [least, most] = std::minmax_element(lengths.begin(), lengths.end());
      if (*most < kAlike * *least) estimated_ = find_mean(legs.empty() ? lengths : legs);
    }
    const double ratio = std::isfinite(estimated_) ? estimated_ : 1;
    size_.height_ratio = size_.is_height_given && size_.model_height > 0 ? size_.height / size_.model_height : ratio;
    if (!size_.is_height_given)
      size_.height = size_.model_height > 0 && std::isfinite(estimated_) ? ratio * size_.model_height : 0;
  }

  /// An estimated height against what the recording shows. A given one is the person's to know.
  bool check_height() {
    if (size_.is_height_given || size_.model_height <= 0) return true;
    const std::string& file = recording_.file;
    if (!std::isfinite(estimated_)) {
      // that nothing was measured at all was told
      if (size_.segments.empty()) return true;
      std::vector<std::string> measured;
      for (const SegmentSize& s : size_.segments)
        measured.push_back(fmt::format("{} ({})", s.segment, fmt::join(s.pairs, ", ")));
      diagnostics_.error("TRACK-021", file, 0,
                         fmt::format("the height is not known: the markers measure {} alone, and no landmark of pelvis "
                                     "or trunk stands over markers of the ankles or feet",
                                     fmt::join(measured, ", ")),
                         "Give --height.");
      return false;
    }
    if (reach_.landmarks.empty()) return true;
    const auto scaled = make_scaled();
    if (!scaled) return false;
    const ReachedLandmark& top = reach_.landmarks[top_];
    const double standing = find_standing_heights(*scaled, reach_)[top_];
    const bool disagrees = std::abs(standing / top.height_m - 1) > kHeightAgrees ||
                           estimated_ > (1 + kHeightAgrees) * most_reach_ ||
                           estimated_ < (1 - kHeightAgrees) * least_reach_;
    if (disagrees) {
      diagnostics_.error(
          "TRACK-021", file, 0,
          fmt::format("the height cannot be told: by the distances between markers the person is {:.2f} m tall and {} "
                      "stands {:.2f} m over the {}; the recording shows it at {:.2f} m, as in a person of {:.2f} m",
                      size_.height, top.marker, standing, is_over_ankles() ? "ankles" : "feet", top.height_m,
                      reach_ratio_ * size_.model_height),
          fmt::format("Give --height. Look at the names of these markers, too: {}.", list_some(find_odd_pairs())));
      return false;
    }
    if (is_by_reach_)
      diagnostics_.warning("TRACK-021", file, 0,
                           fmt::format("no length of the legs was recorded; {:.2f} m is taken as the height, since {} "
                                       "stands {:.2f} m over the {}",
                                       size_.height, top.marker, top.height_m, is_over_ankles() ? "ankles" : "feet"),
                           "If the person never stands straight, give --height.");
    return true;
  }

  bool is_over_ankles() const {
    return std::none_of(reach_.low.begin(), reach_.low.end(), [&](const std::string& marker) {
      const auto m = std::find_if(model_.markers.begin(), model_.markers.end(),
                                  [&](const Marker& candidate) { return candidate.name == marker; });
      const std::string& body = model_.bodies[static_cast<std::size_t>(m->body)].name;
      return body.rfind("calcn", 0) == 0 || body.rfind("toes", 0) == 0;
    });
  }

  /// pairs that tell another size than the heights do; all, when none stands out
  std::vector<std::string> find_odd_pairs() const {
    std::vector<std::string> odd, all;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      if (!std::isfinite(ratio_of_[k])) continue;
      all.push_back(pairs_[k].first + "-" + pairs_[k].second);
      const double ratio = ratio_of_[k] / reach_ratio_;
      if (ratio > kAlike || kAlike * ratio < 1) odd.push_back(all.back());
    }
    return odd.empty() ? all : odd;
  }

  bool check() {
    const std::string& file = recording_.file;
    for (const SegmentSize& s : size_.segments) {
      if (!(s.factor > 0.4 && s.factor < 1.7)) {
        diagnostics_.error("TRACK-005", file, 0,
                           fmt::format("the {} would be {:.3g} times that of the model ({})", s.segment, s.factor,
                                       fmt::join(s.pairs, ", ")),
                           "Nobody is built like that: look at the unit of the file and the names of these markers.");
        return false;
      }
      if (s.right > 0 && s.left > 0 && std::abs(s.right - s.left) > 0.06 * s.factor)
        diagnostics_.warning("TRACK-009", file, 0,
                             fmt::format("the right {} is {:.0f} % {} than the left; the mean is taken", s.segment,
                                         100 * std::abs(s.right / s.left - 1), s.right > s.left ? "longer" : "shorter"),
                             fmt::format("Look at the markers {}.", fmt::join(s.pairs, ", ")));
    }
    if (pairs_.empty())
      diagnostics_.warning(
          "TRACK-016", file, 0,
          fmt::format("no pair of markers measures a segment; all of the body is {:.3g} times the model",
                      size_.height_ratio),
          "Give --height, or --map with the names of landmarks.");
    if (size_.model_height > 0 && std::isfinite(estimated_)) {
      const double height = estimated_ * size_.model_height;
      if (height < 0.8 || height > 2.4) {
        diagnostics_.error("TRACK-005", file, 0,
                           fmt::format("the markers belong to a person of {:.2f} m, against the model's {:.2f} m",
                                       height, size_.model_height),
                           "Check the unit of the file and the names of the markers.");
        return false;
      }
      if (size_.is_height_given && std::abs(height / size_.height - 1) > 0.1)
        diagnostics_.warning(
            "TRACK-007", file, 0,
            fmt::format("the markers look like a person of {:.2f} m; {:.2f} m was given", height, size_.height),
            "Segments with markers are scaled by these, the others by the height given.");
    }
    return true;
  }

  std::string file_, text_;
  const Model& model_;
  const MarkerTrajectory& recording_;
  InverseKinematicsOptions options_;  ///< of all frames that are picked
  Diagnostics& diagnostics_;
  std::vector<FoundPair> pairs_;
  std::vector<double> ratio_of_;  ///< [pairs] recorded over unscaled model
  PersonSize size_;
  double estimated_ = kNotKnown;  ///< height ratio from the markers
  MarkerReach reach_;
  std::size_t top_ = 0;  ///< of the reach's landmarks the one that stands highest on the model
  /// how tall by the landmarks of pelvis and of trunk, median each, recorded over unscaled model: the smaller, the
  /// larger, the mean
  double least_reach_ = kNotKnown, most_reach_ = kNotKnown, reach_ratio_ = kNotKnown;
  bool is_by_reach_ = false;
};

}  // namespace

std::optional<PersonSize> measure_person(const XmlDocument& document, const Model& model,
                                         const MarkerTrajectory& recording, const MarkerNaming& naming,
                                         const MarkerMap* map_of_model, const std::vector<MarkerPair>& pairs,
                                         const InverseKinematicsOptions& options, double model_height,
                                         double given_height, Diagnostics& diagnostics) {
  if (!check_scalable(document, diagnostics)) return std::nullopt;
  Measuring measuring(document, model, recording, options, diagnostics);
  measuring.find_pairs(pairs, naming, map_of_model);
  measuring.find_reach(naming, map_of_model);
  return measuring.run(model_height, given_height);
}

}  // namespace buttress
