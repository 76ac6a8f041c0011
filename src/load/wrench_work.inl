#pragma once
#include "load/chain_workspace.h"

namespace buttress {

/// calls add(coordinate, slope, work) for every term of the joint that carries child body j + 1: the term's slope and
/// what `wrench` on that body does per unit of the term
template <class T, class Add>
void visit_joint_work(const Model& model, const Kinematics<T>& kin, const std::vector<int>& first_term, std::size_t j,
                      const Wrench<T>& wrench, const Add& add) {
  const Joint& joint = model.joints[j];
  if (joint.axis_count == 0) return;
  const Vec3<T> moment = moment_about(wrench, kin.center_W[j]);
  for (int k = 0; k < joint.axis_count; ++k) {
    const std::size_t a = static_cast<std::size_t>(joint.first_axis + k);
    const T work = dot(kin.axis_W[a], model.axes[a].is_rotation ? moment : wrench.force);
    for (std::size_t t = 0; t < model.axes[a].terms.size(); ++t) {
      const int c = model.axes[a].terms[t].coordinate;
      if (c >= 0) add(c, kin.term[static_cast<std::size_t>(first_term[a]) + t].df, work);
    }
  }
}

/// adds factor * (generalized force of `unit` on the chain from ground to `body`) to tau [coordinates]
template <class T>
void add_wrench_work(const Model& model, const Kinematics<T>& kin, const std::vector<int>& first_term, int body,
                     const Wrench<T>& unit, const T& factor, T* tau) {
  for (int b = body; b > 0; b = model.parent_of(b))
    visit_joint_work(model, kin, first_term, static_cast<std::size_t>(b) - 1, unit,
                     [&](int c, const T& slope, const T& work) { tau[c] += slope * (factor * work); });
}

}  // namespace buttress
