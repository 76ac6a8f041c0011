#include "track/plate_assignment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "multibody/kinematics.h"

namespace buttress {

namespace {

constexpr double kToeLength = 0.06;  ///< m, from the toes' joint to their tip
constexpr double kStanding = 0.3;    ///< m/s; a point of a foot that stands is slower
constexpr double kLift = 0.03;       ///< m above its lowest height; a point of a foot that stands is lower

/// heel, ball and tip of one foot over time
struct FootPath {
  char side = 'r';
  int body = 0;                                ///< calcaneus
  std::vector<std::array<Vec3d, 3>> points_W;  ///< [frames]
  std::vector<std::array<bool, 3>> stands;     ///< [frames] low and slow
};

/// what a plate does at one frame
struct PlateFrame {
  Vec3d force{0, 0, 0}, point{0, 0, 0}, moment{0, 0, 0};
  double press = 0;  ///< N across the surface, 0 below the threshold
};

double distance_across(const Vec3d& p, const Vec3d& a, const Vec3d& b, const Vec3d& normal) {
  const auto flat = [&](const Vec3d& v) { return v - dot(v, normal) * normal; };
  const Vec3d along = flat(b - a), to = flat(p - a);
  const double length = dot(along, along);
  const double s = length > 0 ? std::clamp(dot(to, along) / length, 0.0, 1.0) : 0;
  return norm(to - s * along);
}

std::optional<FootPath> follow_foot(const Model& model, const CoordinateTrajectory& motion, char side) {
  FootPath foot;
  foot.side = side;
  foot.body = model.find_body(std::string("calcn_") + side);
  const int toes = model.find_body(std::string("toes_") + side);
  if (foot.body <= 0) return std::nullopt;
  Kinematics<double> kin = make_kinematics<double>(model);
  const std::size_t n = model.coordinates.size(), frames = motion.frame_count();
  for (std::size_t f = 0; f < frames; ++f) {
    update_positions(model, &motion.q[f * n], kin);
    const Posed& heel = kin.X_WB[static_cast<std::size_t>(foot.body)];
    // without toes the ball lies as far in front of the heel as in the adult foot of Rajagopal's model
    const Posed front = toes > 0 ? kin.X_WB[static_cast<std::size_t>(toes)] : Posed{heel.R, heel * Vec3d{0.18, 0, 0}};
    foot.points_W.push_back({heel.p, front.p, front * Vec3d{kToeLength, 0, 0}});
  }
  foot.stands.assign(frames, {false, false, false});
  for (std::size_t i = 0; i < 3; ++i) {
    double lowest = kInfinity;
    for (const auto& points : foot.points_W) lowest = std::min(lowest, points[i].y);
    for (std::size_t f = 0; f < frames; ++f) {
      const std::size_t before = f > 0 ? f - 1 : f, after = f + 1 < frames ? f + 1 : f;
      const double dt = motion.time[after] - motion.time[before];
      const double speed = dt > 0 ? norm(foot.points_W[after][i] - foot.points_W[before][i]) / dt : 0;
      foot.stands[f][i] = foot.points_W[f][i].y < lowest + kLift && speed < kStanding;
    }
  }
  return foot;
}

/// means over the samples around each frame; the point is where their moments balance
std::vector<PlateFrame> average_plate(const C3dPlateLoads& loads, double rate_hz, const std::vector<double>& times,
                                      double least_force) {
  std::vector<PlateFrame> frames(times.size());
  const Vec3d normal = loads.plate.R_LP.column(2);
  for (std::size_t f = 0; f < times.size(); ++f) {
    const double step = times.size() < 2       ? 1 / rate_hz
                        : f + 1 < times.size() ? times[f + 1] - times[f]
                                               : times[f] - times[f - 1];
    const double middle = times[f] * rate_hz, half = 0.5 * step * rate_hz;
    const auto first = static_cast<long>(std::ceil(std::max(0.0, middle - half - 1e-9)));
    const auto last =
        std::min(static_cast<long>(std::floor(middle + half + 1e-9)), static_cast<long>(loads.samples.size()) - 1);
    PlateFrame& mean = frames[f];
    Vec3d weighted{0, 0, 0};
    double press = 0;
    for (long s = first; s <= last; ++s) {
      const PlateLoad& load = loads.samples[static_cast<std::size_t>(s)];
      mean.force += load.force;
      if (!std::isfinite(load.point.x)) continue;
      const double p = dot(normal, load.force);
      weighted += p * load.point;
      press += p;
    }
    const double count = static_cast<double>(last - first + 1);
    if (count < 1 || !(std::abs(press) / count >= least_force)) {
      mean = {};
      continue;
    }
    mean.point = (1 / press) * weighted;
    for (long s = first; s <= last; ++s) {
      const PlateLoad& load = loads.samples[static_cast<std::size_t>(s)];
      if (!std::isfinite(load.point.x)) continue;
      mean.moment += load.moment_point + dot(normal, cross(load.point - mean.point, load.force)) * normal;
    }
    mean.force = (1 / count) * mean.force;
    mean.moment = (1 / count) * mean.moment;
    mean.press = std::abs(press) / count;
  }
  return frames;
}

bool is_over(const C3dPlate& plate, const Vec3d& p_W) {
  constexpr double kMargin = 0.02;
  const Vec3d p = multiply_transposed(plate.R_LP, p_W - plate.p_LC_L);
  const auto& c = plate.corners_L;
  return std::abs(p.x) < 0.5 * norm(c[0] - c[1]) + kMargin && std::abs(p.y) < 0.5 * norm(c[0] - c[3]) + kMargin;
}

bool touches(const FootPath& foot, std::size_t frame, const C3dPlate& plate) {
  for (std::size_t i = 0; i < 3; ++i)
    if (foot.stands[frame][i] && is_over(plate, foot.points_W[frame][i])) return true;
  return false;
}

/// mean distance of the centre of pressure from the foot, by load
double calc_distance(const FootPath& foot, const std::vector<PlateFrame>& load, std::size_t first, std::size_t last,
                     const Vec3d& normal) {
  double sum = 0, weight = 0;
  for (std::size_t f = first; f <= last; ++f) {
    const auto& p = foot.points_W[f];
    const double d = std::min(distance_across(load[f].point, p[0], p[1], normal),
                              distance_across(load[f].point, p[1], p[2], normal));
    sum += load[f].press * d;
    weight += load[f].press;
  }
  return weight > 0 ? sum / weight : kInfinity;
}

}  // namespace

std::optional<LoadTrajectory> assign_plates(const Model& model, const CoordinateTrajectory& motion,
                                            const std::vector<C3dPlateLoads>& plates, double rate_hz,
                                            const std::string& file, Diagnostics& diagnostics,
                                            const PlateOptions& options) {
  const auto right = follow_foot(model, motion, 'r'), left = follow_foot(model, motion, 'l');
  if (!right || !left) {
    diagnostics.error("PLATE-004", model.file, 0, "the model has no bodies calcn_r and calcn_l to stand on the plates",
                      "Name the bodies in an ExternalLoads file and give it with --loads.");
    return std::nullopt;
  }
  const FootPath* feet[2] = {&*right, &*left};
  const std::size_t frames = motion.frame_count();
  LoadTrajectory loads;
  std::vector<std::vector<PlateFrame>> columns;  // [loads][frames]
  bool is_good = true;
  for (const C3dPlateLoads& plate : plates) {
    const std::vector<PlateFrame> load = average_plate(plate, rate_hz, motion.time, options.least_force);
    const Vec3d normal = plate.plate.R_LP.column(2);
    int column_of[2] = {-1, -1};
    double stray_peak = 0;
    int stray_times = 0;
    for (std::size_t first = 0; first < frames; ++first) {
      if (!(load[first].press > 0)) continue;
      std::size_t last = first;
      double peak = 0;
      for (std::size_t f = first; f < frames && load[f].press > 0; ++f) last = f, peak = std::max(peak, load[f].press);
      const std::string when = fmt::format("plate {} carries up to {:.0f} N from {:.3g} to {:.3g} s",
                                           plate.plate.number, peak, motion.time[first], motion.time[last]);
      const double distance[2] = {calc_distance(*feet[0], load, first, last, normal),
                                  calc_distance(*feet[1], load, first, last, normal)};
      const int nearest = distance[0] <= distance[1] ? 0 : 1;
      std::size_t shared = 0;
      for (std::size_t f = first; f <= last; ++f)
        shared += touches(*feet[0], f, plate.plate) && touches(*feet[1], f, plate.plate);
      if (static_cast<double>(shared) > options.shared_share * static_cast<double>(last - first + 1)) {
        is_good = false;
        diagnostics.error("PLATE-002", file, 0, when + ", and both feet stand on it",
                          "What each foot carries cannot be told apart; give --no-plates to find the ground's force "
                          "without plates.");
      } else if (!(distance[nearest] < options.farthest_foot)) {
        if (peak < options.least_load) {
          stray_peak = std::max(stray_peak, peak), ++stray_times;
        } else {
          is_good = false;
          diagnostics.error("PLATE-001", file, 0,
                            fmt::format("{}, and no foot stands there: the nearest, {}, is {:.2f} m from the centre of "
                                        "pressure",
                                        when, nearest == 0 ? "the right" : "the left", distance[nearest]),
                            "Look at the corners of the plate; if something else presses it, give --no-plates, or "
                            "--loads with an ExternalLoads file.");
        }
      } else {
        if (column_of[nearest] < 0) {
          column_of[nearest] = static_cast<int>(columns.size());
          columns.emplace_back(frames);
          loads.loads.push_back({feet[nearest]->body, 0, 0, true, true,
                                 fmt::format("plate{}_{}", plate.plate.number, feet[nearest]->side)});
        }
        std::copy(load.begin() + static_cast<std::ptrdiff_t>(first),
                  load.begin() + static_cast<std::ptrdiff_t>(last + 1),
                  columns[static_cast<std::size_t>(column_of[nearest])].begin() + static_cast<std::ptrdiff_t>(first));
      }
      first = last;
    }
    if (stray_times > 0)
      diagnostics.note("PLATE-003", file, 0,
                       fmt::format("plate {} carries up to {:.0f} N where no foot stands, {} times; that is left out",
                                   plate.plate.number, stray_peak, stray_times),
                       "Its zero may be off.");
  }
  if (!is_good) return std::nullopt;
  for (std::size_t f = 0; f < frames; ++f)
    for (const std::vector<PlateFrame>& column : columns) {
      const PlateFrame& c = column[f];
      loads.values.insert(loads.values.end(), {c.force.x, c.force.y, c.force.z, c.point.x, c.point.y, c.point.z,
                                               c.moment.x, c.moment.y, c.moment.z});
    }
  std::vector<std::size_t> loaded;
  for (std::size_t f = 0; f < frames; ++f)
    if (std::any_of(columns.begin(), columns.end(), [&](const auto& c) { return c[f].press > 0; })) loaded.push_back(f);
  if (!loaded.empty() && loaded.size() < frames)
    diagnostics.warning(
        "PLATE-006", file, 0,
        fmt::format("in {} of {} frames no foot is on a plate; the plates carry the person between {:.3g} and {:.3g} s",
                    frames - loaded.size(), frames, motion.time[loaded.front()], motion.time[loaded.back()]),
        "Unless the person is in the air then, nothing is known of the ground's force: narrow the time with --start "
        "and --end, or give --no-plates.");
  if (loads.loads.empty() && !plates.empty())
    diagnostics.warning("PLATE-005", file, 0, fmt::format("its {} force plates carry nothing", plates.size()),
                        "Was the person beside the plates, or were they not switched on?");
  return loads;
}

}  // namespace buttress
