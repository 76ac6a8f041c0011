#include "multibody/kinematics.h"

#include "multibody/kinematics.inl"

namespace buttress {

std::vector<int> find_first_terms(const Model& model) {
  std::vector<int> first;
  first.reserve(model.axes.size() + 1);
  int count = 0;
  for (const Axis& axis : model.axes) {
    first.push_back(count);
    count += static_cast<int>(axis.terms.size());
  }
  first.push_back(count);
  return first;
}

Vec3d calc_mass_center(const Model& model, const Kinematics<double>& kin) {
  Vec3d sum{0, 0, 0};
  for (std::size_t b = 1; b < model.bodies.size(); ++b)
    sum += (model.bodies[b].mass / model.total_mass) * (kin.X_WB[b] * model.bodies[b].p_BBcm_B);
  return sum;
}

template Kinematics<double> make_kinematics<double>(const Model&);
template void update_positions<double>(const Model&, const double*, Kinematics<double>&);
template void update_accelerations<double>(const Model&, const double*, const double*, Kinematics<double>&);

}  // namespace buttress
