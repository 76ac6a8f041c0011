#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/analysis.h"
#include "app/joint_titles.h"
#include "load/joint_reaction.h"

namespace buttress {

double Series::peak() const {
  double best = 0;
  for (double v : values)
    if (std::abs(v) > std::abs(best)) best = v;
  return best;
}

double Series::mean() const {
  double sum = 0;
  for (double v : values) sum += v;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

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
void add_joint_loads(const Analysis& analysis, const Model& model, const ChainInput& input, Condition& condition) {
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
      const double size = std::sqrt(dot(force, force)) / analysis.body_weight;
      if (!titles[j].split) {
        all[j].values.push_back(size);
        continue;
      }
      const double along = dot(force, kin.X_WB[j + 1].R * titles[j].compression_axis) / analysis.body_weight;
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

void add_groups(const Model& model, const MuscleGroups& groups, std::size_t frames, Condition& condition) {
  struct Group {
    std::string title;
    std::vector<std::size_t> columns;
  };
  std::map<std::string, Group> members;
  for (std::size_t c = 0; c < condition.plan.columns.size(); ++c) {
    if (condition.plan.columns[c].muscle < 0) continue;
    const auto membership = find_group(groups, condition.plan.columns[c].name);
    if (!membership) continue;
    Group& group = members[membership->key()];
    group.title = make_group_title(*membership);
    group.columns.push_back(c);
  }
  const std::size_t width = condition.plan.columns.size();
  for (const auto& [key, group] : members) {
    Series force{key, group.title, "N", std::vector<double>(frames)};
    Series activation{key, group.title, "0..1", std::vector<double>(frames)};
    double total = 0;
    for (std::size_t c : group.columns) {
      const double strength =
          model.muscles[static_cast<std::size_t>(condition.plan.columns[c].muscle)].max_isometric_force;
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

void add_saturated(std::size_t frames, Condition& condition) {
  const std::size_t width = condition.plan.columns.size();
  for (std::size_t c = 0; c < width; ++c) {
    if (condition.plan.columns[c].muscle < 0) continue;
    std::size_t count = 0;
    for (std::size_t f = 0; f < frames; ++f)
      count += condition.output.activation[f * width + c] >= condition.plan.upper[c] - 1e-6;
    if (count > 0)
      condition.saturated.push_back(
          {condition.plan.columns[c].name, static_cast<double>(count) / static_cast<double>(frames)});
  }
  std::sort(condition.saturated.begin(), condition.saturated.end(),
            [](const auto& a, const auto& b) { return a.share_of_frames > b.share_of_frames; });
}

/// Residuals of the joint that carries a body free to leave the ground: what no muscle and no floor can give. At a
/// joint that only turns, muscles and motors act as at any other.
void add_residuals(const Model& model, const ChainInput& input, Condition& condition) {
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
    const std::size_t loads = condition.plan.loads.size();
    Vec3d sum{0, 0, 0};
    for (std::size_t l = 0; l < loads; ++l) {
      const double* v = input.loads + (f * loads + l) * 9;
      sum += {v[0], v[1], v[2]};
    }
    const std::size_t contacts = condition.plan.contact_groups.size();
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
    trust.warnings.push_back(fmt::format(
        "Motion and external forces do not fit each other: {:.0f} N ({:.0f} % of the largest external force or body "
        "weight) had to be added at the {}; up to 5 % is usual.",
        trust.peak_residual_force, 100 * trust.peak_residual_force / scale, trust.residual_body));
  if (trust.peak_residual_moment > 0.01 * std::max(height, 0.5) * scale)
    trust.warnings.push_back(
        fmt::format("A moment of {:.0f} N m had to be added at the {}; up to {:.0f} N m is usual for this body.",
                    trust.peak_residual_moment, trust.residual_body, 0.01 * std::max(height, 0.5) * scale));
}

void add_reserves(const Model& model, std::size_t frames, Condition& condition) {
  TrustReport& trust = condition.trust;
  const std::size_t n = model.coordinates.size(), rows = condition.plan.rows.size();
  for (std::size_t r = 0; r < rows; ++r) {
    const std::size_t c = static_cast<std::size_t>(model.independent[static_cast<std::size_t>(condition.plan.rows[r])]);
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
      trust.warnings.push_back(fmt::format(
          "The muscles could not make the moment at {}: {:.1f} N m ({} of the largest moment there) was "
          "missing; up to 5 % is usual.",
          use.coordinate, use.peak,
          use.share_of_moment > 10 ? "many times the size" : fmt::format("{:.0f} %", 100 * use.share_of_moment)));
}

}  // namespace

std::vector<bool> find_free_roots(const Model& model) {
  std::vector<bool> is_free(model.joints.size(), false);
  for (const Coordinate& c : model.coordinates) {
    const auto joint = static_cast<std::size_t>(c.joint);
    if (c.independent >= 0 && c.motion_type == MotionType::translational && model.joints[joint].parent_body == 0)
      is_free[joint] = true;
  }
  return is_free;
}

void summarise(const Analysis& analysis, const Model& model, const MuscleGroups& groups, const ChainInput& input,
               Condition& condition) {
  const std::size_t frames = input.frame_count;
  if (condition.plan.options.reactions) add_joint_loads(analysis, model, input, condition);
  add_groups(model, groups, frames, condition);
  add_saturated(frames, condition);
  add_residuals(model, input, condition);
  add_reserves(model, frames, condition);
  for (const FrameStatus status : condition.output.status)
    condition.trust.unsolved_frames += status != FrameStatus::solved;
  if (condition.trust.unsolved_frames > 0)
    condition.trust.warnings.insert(
        condition.trust.warnings.begin(),
        fmt::format("No muscle forces could be found in {} of {} frames.", condition.trust.unsolved_frames, frames));
  condition.trust.sound = condition.trust.warnings.empty();
}

}  // namespace buttress
