#include "study/run_summary.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "body/joint_titles.h"
#include "load/joint_reaction.h"

namespace buttress {

std::vector<Series> make_joint_moments(const Model& model, const ChainOutput& output, std::size_t frames) {
  std::vector<Series> all;
  const std::size_t n = model.coordinates.size();
  for (std::size_t c = 0; c < n; ++c) {
    const Coordinate& coordinate = model.coordinates[c];
    if (coordinate.motion_type != MotionType::rotational || coordinate.independent < 0) continue;
    Series series{coordinate.name, make_words(coordinate.name), "N m/kg", {}};
    series.values.reserve(frames);
    for (std::size_t f = 0; f < frames; ++f) series.values.push_back(output.joint_moment[f * n + c] / model.total_mass);
    all.push_back(std::move(series));
  }
  return all;
}

namespace {

/// Reaction forces of the joints that people ask for. In the spine and the sacroiliac joints the load is split into
/// compression, positive when it presses the two bones together, and shear across it.
void add_joint_loads(const RunResult& result, const ChainInput& input, Condition& condition) {
  const Model& model = *result.model;
  const std::size_t frames = input.frame_count, joints = model.joints.size(), n = model.coordinates.size();
  Kinematics<double> kin = make_kinematics<double>(model);
  std::vector<JointTitle> titles;
  for (const Joint& joint : model.joints) titles.push_back(find_joint_title(joint.name));
  std::vector<Series> all(joints), shear(joints);
  for (std::size_t f = 0; f < frames; ++f) {
    update_positions(model, input.q + f * n, kin);
    for (std::size_t j = 0; j < joints; ++j) {
      if (titles[j].title.empty()) continue;
      const double* r = &condition.output.reaction[(f * joints + j) * 9];
      const Vec3d force{r[0], r[1], r[2]};
      const double size = std::sqrt(dot(force, force)) / result.body_weight;
      if (!titles[j].split) {
        all[j].values.push_back(size);
        continue;
      }
      const double along = dot(force, kin.X_WB[j + 1].R * titles[j].compression_axis) / result.body_weight;
      all[j].values.push_back(along);
      shear[j].values.push_back(std::sqrt(std::max(0.0, size * size - along * along)));
    }
  }
  for (std::size_t j = 0; j < joints; ++j) {
    if (titles[j].title.empty()) continue;
    all[j].name = model.joints[j].name + (titles[j].split ? "_compression" : "");
    all[j].title = titles[j].title + (titles[j].split ? ", compression" : "");
    all[j].unit = "BW";
    condition.joint_loads.push_back(std::move(all[j]));
    if (!titles[j].split) continue;
    shear[j].name = model.joints[j].name + "_shear";
    shear[j].title = titles[j].title + ", shear";
    shear[j].unit = "BW";
    condition.joint_loads.push_back(std::move(shear[j]));
  }
}

void add_groups(const RunResult& result, const MuscleGroups& groups, std::size_t frames, Condition& condition) {
  const Model& model = *result.model;
  struct Group {
    std::string title;
    std::vector<std::size_t> columns;
  };
  std::map<std::string, Group> members;
  for (std::size_t c = 0; c < result.columns.size(); ++c) {
    if (result.columns[c].muscle < 0) continue;
    const auto membership = find_group(groups, result.columns[c].name);
    if (!membership) continue;
    Group& group = members[membership->key()];
    group.title = make_group_title(*membership);
    group.columns.push_back(c);
  }
  const std::size_t width = result.columns.size();
  for (const auto& [key, group] : members) {
    Series force{key, group.title, "N", std::vector<double>(frames)};
    Series activation{key, group.title, "0..1", std::vector<double>(frames)};
    double total = 0;
    for (std::size_t c : group.columns) {
      const double strength = model.muscles[static_cast<std::size_t>(result.columns[c].muscle)].max_isometric_force;
      total += strength;
      for (std::size_t f = 0; f < frames; ++f) {
        force.values[f] += condition.output.force[f * width + c];
        activation.values[f] += strength * condition.output.activation[f * width + c];
      }
    }
    for (double& a : activation.values) a /= total;
    condition.group_forces.push_back(std::move(force));
    condition.group_activations.push_back(std::move(activation));
  }
}

void add_saturated(const RunResult& result, std::size_t frames, Condition& condition) {
  const std::size_t width = result.columns.size();
  for (std::size_t c = 0; c < width; ++c) {
    if (result.columns[c].muscle < 0) continue;
    std::size_t count = 0;
    for (std::size_t f = 0; f < frames; ++f)
      count += condition.output.activation[f * width + c] >= result.columns[c].upper - 1e-6;
    if (count > 0)
      condition.saturated.push_back({result.columns[c].name, static_cast<double>(count) / static_cast<double>(frames)});
  }
  std::sort(condition.saturated.begin(), condition.saturated.end(),
            [](const auto& a, const auto& b) { return a.share_of_frames > b.share_of_frames; });
}

/// Residuals of the joint that carries a body free to leave the ground: what no muscle and no floor can give. At a
/// joint that only turns, muscles and motors act as at any other.
void add_residuals(const RunResult& result, const ChainInput& input, Condition& condition) {
  const Model& model = *result.model;
  TrustReport& trust = condition.trust;
  const std::size_t n = model.coordinates.size(), frames = input.frame_count;
  const std::vector<bool> is_free = find_free_roots(model);
  for (std::size_t j = model.joints.size(); j-- > 0;)
    if (is_free[j]) trust.residual_body = model.bodies[j + 1].name;
  double external = 0, height = 0;
  for (std::size_t f = 0; f < frames; ++f) {
    double force2 = 0, moment2 = 0;
    for (std::size_t c = 0; c < n; ++c) {
      const Coordinate& coordinate = model.coordinates[c];
      if (coordinate.independent < 0 || !is_free[static_cast<std::size_t>(coordinate.joint)]) continue;
      const double value = condition.output.joint_moment[f * n + c];
      (coordinate.motion_type != MotionType::rotational ? force2 : moment2) += value * value;
      if (coordinate.motion_type != MotionType::rotational) height = std::max(height, std::abs(input.q[f * n + c]));
    }
    trust.peak_residual_force = std::max(trust.peak_residual_force, std::sqrt(force2));
    trust.peak_residual_moment = std::max(trust.peak_residual_moment, std::sqrt(moment2));
    const std::size_t loads = result.loads.size();
    Vec3d sum{0, 0, 0};
    for (std::size_t l = 0; l < loads; ++l) {
      const double* v = input.loads + (f * loads + l) * 9;
      sum += {v[0], v[1], v[2]};
    }
    const std::size_t contacts = result.contact_groups.size();
    for (std::size_t g = 0; g < contacts; ++g) {
      const double* v = &condition.output.contact[(f * contacts + g) * 9];
      sum += {v[0], v[1], v[2]};
    }
    external = std::max(external, std::sqrt(dot(sum, sum)));
  }
  trust.peak_external_force = external;
  const double weight = model.total_mass * std::sqrt(dot(model.gravity_W, model.gravity_W));
  const double scale = std::max(external, weight);
  // Hicks et al. 2015: residual forces below 5 % of the external force, moments below 1 % of mass centre height times
  // it
  if (trust.peak_residual_force > 0.05 * scale)
    trust.warnings.push_back({"residual_force",
                              {{"force_N", trust.peak_residual_force},
                               {"percent", 100 * trust.peak_residual_force / scale},
                               {"body", trust.residual_body}}});
  if (trust.peak_residual_moment > 0.01 * std::max(height, 0.5) * scale)
    trust.warnings.push_back({"residual_moment",
                              {{"moment_Nm", trust.peak_residual_moment},
                               {"body", trust.residual_body},
                               {"usual_Nm", 0.01 * std::max(height, 0.5) * scale}}});
}

void add_reserves(const RunResult& result, std::size_t frames, Condition& condition) {
  const Model& model = *result.model;
  TrustReport& trust = condition.trust;
  const std::size_t n = model.coordinates.size(), rows = result.rows.size();
  for (std::size_t r = 0; r < rows; ++r) {
    const auto c = static_cast<std::size_t>(model.find_coordinate(result.rows[r]));
    double peak = 0, moment = 0;
    for (std::size_t f = 0; f < frames; ++f) {
      peak = std::max(peak, std::abs(condition.output.reserve[f * rows + r]));
      moment = std::max(moment, std::abs(condition.output.joint_moment[f * n + c]));
    }
    trust.reserves.push_back({model.coordinates[c].name, peak, moment > 0 ? peak / moment : 0});
  }
  std::sort(trust.reserves.begin(), trust.reserves.end(),
            [](const ReserveUse& a, const ReserveUse& b) { return a.peak > b.peak; });
  // Hicks et al. 2015: reserves below 5 % of the net moment; small moments are let off
  for (const ReserveUse& use : trust.reserves)
    if (use.peak > 1.0 && use.share_of_moment > 0.05)
      // where hardly any moment is needed the share says nothing
      trust.warnings.push_back(
          {use.share_of_moment > 10 ? "reserve_beyond_moment" : "reserve",
           {{"coordinate", use.coordinate}, {"moment_Nm", use.peak}, {"percent", 100 * use.share_of_moment}}});
}

}  // namespace

void summarise(const RunResult& result, const MuscleGroups& groups, const ChainInput& input, Condition& condition) {
  const std::size_t frames = input.frame_count;
  if (result.options.reactions) add_joint_loads(result, input, condition);
  add_groups(result, groups, frames, condition);
  add_saturated(result, frames, condition);
  add_residuals(result, input, condition);
  add_reserves(result, frames, condition);
  for (const FrameStatus status : condition.output.status)
    condition.trust.unsolved_frames += status != FrameStatus::solved;
  if (condition.trust.unsolved_frames > 0)
    condition.trust.warnings.insert(condition.trust.warnings.begin(),
                                    Note{"unsolved_frames",
                                         {{"unsolved", static_cast<double>(condition.trust.unsolved_frames)},
                                          {"frames", static_cast<double>(frames)}}});
  condition.trust.sound = condition.trust.warnings.empty();
}

}  // namespace buttress
