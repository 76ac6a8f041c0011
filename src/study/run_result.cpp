#include "study/run_result.h"

#include <cmath>

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

const Series* find_series(const std::vector<Series>& list, const std::string& name) {
  for (const Series& s : list)
    if (s.name == name) return &s;
  return nullptr;
}

std::vector<bool> find_free_roots(const Model& model) {
  std::vector<bool> is_free(model.joints.size(), false);
  for (const Coordinate& c : model.coordinates) {
    const auto joint = static_cast<std::size_t>(c.joint);
    if (c.independent >= 0 && c.motion_type == MotionType::translational && model.joints[joint].parent_body == 0)
      is_free[joint] = true;
  }
  return is_free;
}

std::size_t find_busiest_frame(const Condition& condition, std::size_t frames) {
  std::size_t busiest = 0;
  double most = -1;
  for (std::size_t f = 0; f < frames; ++f) {
    double sum = 0;
    for (const Series& s : condition.joint_loads) sum += std::abs(s.values[f]);
    if (sum > most) most = sum, busiest = f;
  }
  return busiest;
}

std::vector<double> find_outside_forces(const RunResult& result, const Condition& condition, std::size_t frame) {
  const std::size_t loads = result.loads.size() * 9, contact = result.contact_groups.size() * 9;
  std::vector<double> forces;
  if (loads > 0) forces.assign(&result.load_values[frame * loads], &result.load_values[frame * loads] + loads);
  if (contact > 0)
    forces.insert(forces.end(), &condition.output.contact[frame * contact],
                  &condition.output.contact[frame * contact] + contact);
  return forces;
}

}  // namespace buttress
