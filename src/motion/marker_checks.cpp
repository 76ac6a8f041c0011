#include "motion/marker_checks.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "motion/coordinate_columns.h"
#include "multibody/kinematics.h"

namespace buttress {

namespace {

constexpr double kFarFromModel = 0.05;  ///< m; OpenSim's guide asks for less than 0.04 at bony landmarks
constexpr double kFarthestRatio = 3;    ///< people differ from a model by less than this in size

std::vector<Vec3d> find_default_markers(const Model& model, const std::vector<int>& model_markers) {
  std::vector<double> q(model.coordinates.size());
  for (std::size_t c = 0; c < q.size(); ++c) q[c] = model.coordinates[c].default_value;
  for (const Coupler& coupler : model.couplers)
    q[static_cast<std::size_t>(coupler.dependent)] =
        evaluate(coupler.function, q[static_cast<std::size_t>(coupler.independent)]).f;
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q.data(), kin);
  std::vector<Vec3d> positions;
  for (const int m : model_markers) {
    const Marker& marker = model.markers[static_cast<std::size_t>(m)];
    positions.push_back(kin.X_WB[static_cast<std::size_t>(marker.body)] * marker.p_B);
  }
  return positions;
}

double find_median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// direction of the model's vertical after the rotation that fits the model's markers to the recorded ones best
/// (Kabsch 1976)
Vec3d find_body_vertical(const Vec3d& up, const std::vector<Vec3d>& model, const std::vector<Vec3d>& recorded) {
  const auto to_eigen = [](const Vec3d& v) { return Eigen::Vector3d(v.x, v.y, v.z); };
  Eigen::Vector3d mean_model = Eigen::Vector3d::Zero(), mean_recorded = mean_model;
  for (std::size_t i = 0; i < model.size(); ++i)
    mean_model += to_eigen(model[i]), mean_recorded += to_eigen(recorded[i]);
  mean_model /= static_cast<double>(model.size());
  mean_recorded /= static_cast<double>(model.size());
  Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
  for (std::size_t i = 0; i < model.size(); ++i)
    covariance += (to_eigen(recorded[i]) - mean_recorded) * (to_eigen(model[i]) - mean_model).transpose();
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(covariance, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Vector3d signs(1, 1, (svd.matrixU() * svd.matrixV().transpose()).determinant() < 0 ? -1.0 : 1.0);
  const Eigen::Vector3d v = svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose() * to_eigen(up);
  return {v.x(), v.y(), v.z()};
}

std::string format_millimetres(double metres) {
  return std::to_string(static_cast<long long>(std::lround(metres * 1000))) + " mm";
}

/// markers that the frame shows: on the model in its default pose, and as recorded
struct SeenMarkers {
  std::vector<Vec3d> at_rest, recorded;
};

SeenMarkers find_seen_markers(const Model& model, const std::vector<int>& model_markers, const double* observed) {
  const std::vector<Vec3d> all = find_default_markers(model, model_markers);
  SeenMarkers seen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Vec3d o{observed[3 * i], observed[3 * i + 1], observed[3 * i + 2]};
    if (!std::isfinite(o.x)) continue;
    seen.at_rest.push_back(all[i]);
    seen.recorded.push_back(o);
  }
  return seen;
}

}  // namespace

std::optional<Vec3d> find_recorded_vertical(const Model& model, const std::vector<int>& model_markers,
                                            const double* observed) {
  const SeenMarkers seen = find_seen_markers(model, model_markers, observed);
  const double g = norm(model.gravity_W);
  if (seen.at_rest.size() < 4 || !(g > 0)) return std::nullopt;
  return find_body_vertical((-1 / g) * model.gravity_W, seen.at_rest, seen.recorded);
}

std::string find_axis_in_file(const Vec3d& direction, const MarkerTrajectory& recording) {
  const double parts[3] = {direction.x, direction.y, direction.z};
  const auto nearest = static_cast<std::size_t>(
      std::max_element(parts, parts + 3, [](double a, double b) { return std::abs(a) < std::abs(b); }) - parts);
  std::string axis = recording.axes_in_file[nearest];
  if (parts[nearest] < 0) axis[0] = axis[0] == '-' ? '+' : '-';
  return axis;
}

bool check_recorded_body(const Model& model, const std::vector<int>& model_markers, const double* observed,
                         const MarkerTrajectory& recording, Diagnostics& diagnostics) {
  const auto [at_rest, recorded] = find_seen_markers(model, model_markers, observed);
  // distances between markers change little with the pose, compared to a wrong unit
  std::vector<double> ratios;
  double model_span = 0, recorded_span = 0;
  for (std::size_t i = 0; i < at_rest.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const double d_model = norm(at_rest[i] - at_rest[j]), d_recorded = norm(recorded[i] - recorded[j]);
      model_span = std::max(model_span, d_model);
      recorded_span = std::max(recorded_span, d_recorded);
      if (d_model > 0.01) ratios.push_back(d_recorded / d_model);
    }
  if (ratios.size() < 3) return true;
  const double ratio = find_median(ratios);
  if (ratio > kFarthestRatio || ratio < 1 / kFarthestRatio) {
    diagnostics.error(
        "IK-005", recording.file, 0,
        "the recorded body is " + format_number(ratio) + " times as large as the model: its markers span " +
            format_number(recorded_span) + " m, the model's " + format_number(model_span) + " m",
        "The file says that its unit is " + (recording.units_in_file.empty() ? "not known" : recording.units_in_file) +
            "; correct the unit, or scale the model.");
    return false;
  }
  const auto body_up = find_recorded_vertical(model, model_markers, observed);
  const Vec3d down = model.gravity_W;
  if (body_up && dot(down, *body_up) > -0.5 * norm(down)) {
    const std::string up = find_axis_in_file(-1.0 * down, recording);
    diagnostics.warning("IK-006", recording.file, 0,
                        "in the first frame the body's long axis points along " +
                            find_axis_in_file(*body_up, recording) + " of the file, not along its " + up +
                            ", which is taken to be up",
                        "If the person stands, turn the recording so that its " + up +
                            " is up; if the person lies, this is as it should be.");
  }
  return true;
}

void check_fitted_markers(const InverseKinematicsResult& result, const std::vector<double>& observed,
                          const std::string& file, Diagnostics& diagnostics) {
  const std::size_t markers = result.markers.size(), frames = result.time.size();
  const auto error_of = [&](std::size_t f, std::size_t m) { return result.marker_errors[f * markers + m]; };

  // pairs that would both fit much better under each other's name
  const auto at = [&](const std::vector<double>& p, std::size_t f, std::size_t m) {
    const double* x = p.data() + (f * markers + m) * 3;
    return Vec3d{x[0], x[1], x[2]};
  };
  std::vector<int> exchanged(markers * markers, 0);
  for (std::size_t f = 0; f < frames; ++f)
    for (std::size_t i = 0; i < markers; ++i) {
      if (!(error_of(f, i) > 0.03)) continue;
      for (std::size_t j = 0; j < i; ++j) {
        if (!(error_of(f, j) > 0.03)) continue;
        const Vec3d a = at(result.marker_positions, f, i) - at(observed, f, j),
                    b = at(result.marker_positions, f, j) - at(observed, f, i);
        const double now = error_of(f, i) * error_of(f, i) + error_of(f, j) * error_of(f, j);
        if (dot(a, a) + dot(b, b) < 0.25 * now) ++exchanged[i * markers + j];
      }
    }
  std::vector<bool> is_explained(markers, false);
  for (std::size_t i = 0; i < markers; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const int count = exchanged[i * markers + j];
      if (count == 0) continue;
      is_explained[i] = is_explained[j] = true;
      diagnostics.warning("IK-007", file, 0,
                          "markers " + result.markers[j] + " and " + result.markers[i] +
                              " fit better under each other's name in " + std::to_string(count) + " of " +
                              std::to_string(frames) + " frames",
                          "Look at their labels in the recording.");
    }

  // markers much farther from the model than most
  std::vector<double> rms(markers, 0), farthest(markers, 0);
  std::vector<double> farthest_time(markers, 0), seen_rms;
  for (std::size_t m = 0; m < markers; ++m) {
    std::size_t count = 0;
    for (std::size_t f = 0; f < frames; ++f) {
      const double e = error_of(f, m);
      if (!std::isfinite(e)) continue;
      rms[m] += e * e;
      ++count;
      if (e > farthest[m]) farthest[m] = e, farthest_time[m] = result.time[f];
    }
    if (count == 0) continue;
    rms[m] = std::sqrt(rms[m] / static_cast<double>(count));
    seen_rms.push_back(rms[m]);
  }
  if (seen_rms.empty()) return;
  const double typical = find_median(seen_rms);
  for (std::size_t m = 0; m < markers; ++m) {
    const bool is_far = rms[m] > kFarFromModel && rms[m] > 3 * typical;
    const bool jumps = farthest[m] > 0.1 && farthest[m] > 5 * rms[m];
    if (is_explained[m] || (!is_far && !jumps)) continue;
    diagnostics.warning(
        "IK-008", file, 0,
        "marker " + result.markers[m] + " is " + format_millimetres(rms[m]) + " RMS from the model (most are " +
            format_millimetres(typical) + "), at worst " + format_millimetres(farthest[m]) + " at " +
            format_number(farthest_time[m]) + " s",
        "Was it placed elsewhere, did it fall off, or is it another marker for a while? Its weight can be lowered.");
  }
}

}  // namespace buttress
