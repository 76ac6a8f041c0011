#include "track/marker_reach.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "body/document_scaling.h"

namespace buttress {

namespace {

constexpr double kStraightLeg = 25.0 / 180 * std::numbers::pi;   ///< rad; shortens a leg by 2 %
constexpr double kUprightTrunk = 20.0 / 180 * std::numbers::pi;  ///< rad; lowers the neck by 6 % of the trunk
constexpr double kHighest = 0.98;                                ///< quantile; the rest may be strays

using Place = std::optional<Vec3d>;

/// landmarks of one side with the side's letter in front
std::vector<std::string> of_both_sides(const std::vector<std::string>& names) {
  std::vector<std::string> sided;
  for (const char* side : {"R", "L"})
    for (const std::string& name : names) sided.push_back(side + name);
  return sided;
}

/// Markers of one recording or of the model at rest: places by the built-in body's names.
class Places {
 public:
  Places(const MarkerTrajectory& recording, const std::map<std::string, std::string>& own_names)
      : recording_(recording), own_names_(own_names) {
    for (std::size_t i = 0; i < recording.names.size(); ++i) column_.emplace(recording.names[i], i);
  }
  bool has(const std::string& landmark) const { return find_column(landmark).has_value(); }
  Place at(std::size_t frame, const std::string& landmark) const {
    const auto column = find_column(landmark);
    if (!column) return std::nullopt;
    const double* p = recording_.positions.data() + 3 * (frame * recording_.names.size() + *column);
    return std::isfinite(p[0]) ? Place({p[0], p[1], p[2]}) : std::nullopt;
  }
  /// the mean of those that are there
  Place mean(std::size_t frame, const std::vector<std::string>& landmarks) const {
    Vec3d sum{0, 0, 0};
    double count = 0;
    for (const std::string& landmark : landmarks)
      if (const Place p = at(frame, landmark)) sum += *p, ++count;
    return count > 0 ? Place((1 / count) * sum) : std::nullopt;
  }
  Place first_of(std::size_t frame, const std::vector<std::string>& landmarks) const {
    for (const std::string& landmark : landmarks)
      if (const Place p = at(frame, landmark)) return p;
    return std::nullopt;
  }

 private:
  std::optional<std::size_t> find_column(const std::string& landmark) const {
    const auto own = own_names_.find(landmark);
    if (own == own_names_.end()) return std::nullopt;
    const auto column = column_.find(own->second);
    return column == column_.end() ? std::nullopt : std::optional(column->second);
  }

  const MarkerTrajectory& recording_;
  const std::map<std::string, std::string>& own_names_;
  std::map<std::string, std::size_t> column_;
};

/// angle between two directions, rad
double find_angle(const Vec3d& a, const Vec3d& b) {
  return std::atan2(norm(cross(a, b)), dot(a, b));
}

const std::vector<std::string> kPelvis = {"RASI", "LASI", "RPSI", "LPSI"};

/// Bend at the knee of one leg as its markers show it: from hip or pelvis over the knee to the ankle.
std::optional<double> find_bend(const Places& places, std::size_t frame, const std::string& side) {
  const Place hip = places.first_of(frame, {side + "HJC", side + "ASI", side + "PSI"}),
              knee = places.first_of(frame, {side + "KJC", side + "LFC", side + "MFC"}),
              ankle = places.first_of(frame, {side + "AJC", side + "LMAL", side + "MMAL"});
  if (!hip || !knee || !ankle) return std::nullopt;
  return find_angle(*knee - *hip, *ankle - *knee);
}

/// the model's markers in its default pose as a recording of one frame
MarkerTrajectory record_at_rest(const Model& model) {
  MarkerTrajectory rest;
  rest.time = {0};
  for (const auto& [name, p] : find_marker_positions(model, find_default_pose(model))) {
    rest.names.push_back(name);
    rest.positions.insert(rest.positions.end(), {p.x, p.y, p.z});
  }
  return rest;
}

Vec3d find_up(const Model& model) {
  const double g = norm(model.gravity_W);
  return g > 0 ? (-1 / g) * model.gravity_W : Vec3d{0, 1, 0};
}

/// the markers over which heights are measured: of a kind that the recording has on any side
std::vector<std::string> find_low_landmarks(const Places& places) {
  for (const std::vector<std::string>& kind :
       {std::vector<std::string>{"LMAL", "MMAL", "AJC"}, {"CAL"}, {"TOE", "MT5"}})
    for (const std::string& landmark : kind)
      if (places.has("R" + landmark) || places.has("L" + landmark)) return of_both_sides({landmark});
  return {};
}

}  // namespace

MarkerReach find_marker_reach(const Model& model, const MarkerTrajectory& recording,
                              const std::map<std::string, std::string>& own_names) {
  const Places places(recording, own_names);
  const MarkerTrajectory rest = record_at_rest(model);
  const Places at_rest(rest, own_names);
  const std::vector<std::string> low = find_low_landmarks(places);
  const Vec3d up = find_up(model);
  MarkerReach reach;
  for (const std::string& landmark : low)
    if (const auto own = own_names.find(landmark); own != own_names.end() && places.has(landmark))
      reach.low.push_back(own->second);

  // a leg's markers do not lie on one line when it is straight either
  std::map<std::string, double> straight_bend;
  for (const char* side : {"R", "L"})
    if (const auto bend = find_bend(at_rest, 0, side)) straight_bend[side] = *bend;
  const std::size_t frames = recording.time.size();
  std::vector<double> floor(frames, std::numeric_limits<double>::quiet_NaN());
  std::vector<bool> is_bent(frames, false);
  for (std::size_t f = 0; f < frames; ++f) {
    for (const std::string& landmark : low)
      if (const Place p = places.at(f, landmark)) floor[f] = std::fmin(floor[f], dot(up, *p));
    bool is_told = false, is_straight = false;
    for (const auto& [side, at_most] : straight_bend)
      if (const auto bend = find_bend(places, f, side)) {
        is_told = true;
        is_straight = is_straight || *bend < at_most + kStraightLeg;
      }
    is_bent[f] = is_told && !is_straight;
  }

  const auto add = [&](const std::string& landmark, bool is_on_trunk) {
    std::vector<double> heights;
    const Place rest_place = at_rest.at(0, landmark), rest_pelvis = at_rest.mean(0, kPelvis);
    if (!rest_place || !places.has(landmark)) return;
    for (std::size_t f = 0; f < frames; ++f) {
      const Place p = places.at(f, landmark), pelvis = places.mean(f, kPelvis);
      if (!p || is_bent[f] || !std::isfinite(floor[f])) continue;
      if (is_on_trunk && pelvis && rest_pelvis) {
        const double lean = find_angle(up, *p - *pelvis) - find_angle(up, *rest_place - *rest_pelvis);
        if (lean > kUprightTrunk) continue;
      }
      heights.push_back(dot(up, *p) - floor[f]);
    }
    if (heights.empty()) return;
    const auto highest =
        heights.begin() + static_cast<std::ptrdiff_t>(kHighest * static_cast<double>(heights.size() - 1));
    std::nth_element(heights.begin(), highest, heights.end());
    reach.landmarks.push_back({own_names.at(landmark), is_on_trunk, *highest});
  };
  for (const std::string& landmark : of_both_sides({"HJC", "ASI", "PSI"})) add(landmark, false);
  for (const char* landmark : {"C7", "CLAV"}) add(landmark, true);
  for (const std::string& landmark : of_both_sides({"ACR", "SJC"})) add(landmark, true);
  return reach;
}

std::vector<double> find_standing_heights(const Model& model, const MarkerReach& reach) {
  const auto places = find_marker_positions(model, find_default_pose(model));
  const Vec3d up = find_up(model);
  double floor = std::numeric_limits<double>::infinity();
  for (const std::string& marker : reach.low) floor = std::min(floor, dot(up, places.at(marker)));
  std::vector<double> heights;
  for (const ReachedLandmark& landmark : reach.landmarks)
    heights.push_back(dot(up, places.at(landmark.marker)) - floor);
  return heights;
}

}  // namespace buttress
