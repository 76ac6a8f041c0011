#pragma once
#include "model/model.h"

namespace buttress {

template <class T>
struct Kinematics;

/// What Simbody's FunctionBased mobilizer, and with it every CustomJoint of OpenSim, adds by mistake to the angular
/// acceleration of joints in which one coordinate turns several axes (Simbody 3.7, MobilizedBodyImpl.h, buildHdot):
/// it lets the second rotation axis turn with all that mobility 0 does and the third with all but mobility 2,
/// instead of with the rotations before them. Mechanics has no such term; run-tool adds it so that results are
/// OpenSim's (tests/property/transform_mobilizer.h shows both against each other).
/// @param first_term index of the joint's first axis term in Kinematics::term
template <class T>
Vec3<T> find_simbody_excess(const Model& model, const Joint& joint, std::size_t first_term, const T* qd,
                            const Kinematics<T>& kin) {
  Vec3<T> before = zero3<T>(), of_first = zero3<T>(), of_third = zero3<T>(), excess = zero3<T>();
  const std::size_t begin = static_cast<std::size_t>(joint.first_axis),
                    end = begin + static_cast<std::size_t>(joint.axis_count);

  // what mobility 0 and mobility 2 turn altogether
  Vec3<T> all = zero3<T>();
  std::size_t term = first_term;
  for (std::size_t a = begin; a < end; ++a)
    for (const AxisTerm& t : model.axes[a].terms) {
      const std::size_t index = term++;
      if (!model.axes[a].is_rotation || t.coordinate < 0) continue;
      const Vec3<T> spin = (kin.term[index].df * qd[t.coordinate]) * kin.axis_W[a];
      all += spin;
      if (t.mobility == 0) of_first += spin;
      if (t.mobility == 2) of_third += spin;
    }

  term = first_term;
  for (std::size_t a = begin; a < end; ++a) {
    Vec3<T> spin = zero3<T>();
    for (const AxisTerm& t : model.axes[a].terms) {
      const std::size_t index = term++;
      if (t.coordinate >= 0) spin += (kin.term[index].df * qd[t.coordinate]) * kin.axis_W[a];
    }
    if (!model.axes[a].is_rotation) continue;
    if (model.axes[a].slot == 1) excess += cross(of_first - before, spin);
    if (model.axes[a].slot == 2) excess += cross(all - of_third - before, spin);
    before += spin;
  }
  return excess;
}

}  // namespace buttress
