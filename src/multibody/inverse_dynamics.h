#pragma once
#include <vector>

#include "multibody/kinematics.h"

/// Newton-Euler: the forces that a motion needs.
namespace buttress {

/// For each body b the wrench that its joint must pass on to b and all that hangs on it, about the world origin,
/// so that the bodies move as `kin` says under gravity and `applied`:
///   joint_wrench[b] = sum over the subtree of (m (a - g), rate of angular momentum) - applied wrenches.
/// joint_wrench[0] is what the world holds altogether. Forces applied as generalized forces (coordinate actuators,
/// muscles given as polynomials) are part of it, as in Simbody's calcMobilizerReactionForces.
/// @param applied [bodies] wrench on each body about the world origin, expressed in W; nullptr = none
/// @param joint_wrench [bodies] output
template <class T>
void calc_joint_wrenches(const Model& model, const Kinematics<T>& kin, const Wrench<T>* applied,
                         Wrench<T>* joint_wrench) {
  const Vec3<T> g = broadcast<T>(model.gravity_W);
  for (std::size_t b = 0; b < model.bodies.size(); ++b) {
    joint_wrench[b] = zero_wrench<T>();
    const Body& body = model.bodies[b];
    if (b > 0 && (body.mass != 0 || body.I_BBcm_B.xx != 0 || body.I_BBcm_B.yy != 0 || body.I_BBcm_B.zz != 0)) {
      const Mat3<T>& R = kin.X_WB[b].R;
      const Vec3<T>&w = kin.w_WB_W[b], &alpha = kin.alpha_WB_W[b];

      // Newton at the mass centre
      const Vec3<T> r = R * broadcast<T>(body.p_BBcm_B);
      const Vec3<T> a_cm = kin.a_WB_W[b] + cross(alpha, r) + cross(w, cross(w, r));
      const Vec3<T> force = T(body.mass) * (a_cm - g);

      // Euler in the body frame, where the inertia is constant
      const Inertia<double>& I = body.I_BBcm_B;
      const Inertia<T> I_B{T(I.xx), T(I.yy), T(I.zz), T(I.xy), T(I.xz), T(I.yz)};
      const Vec3<T> w_B = multiply_transposed(R, w), alpha_B = multiply_transposed(R, alpha);
      const Vec3<T> moment_cm = R * (I_B * alpha_B + cross(w_B, I_B * w_B));
      joint_wrench[b] = {force, moment_cm + cross(kin.X_WB[b].p + r, force)};
    }
    if (applied) joint_wrench[b] -= applied[b];
  }
  // every body hands its wrench on to its parent; children stand after their parents
  for (std::size_t b = model.bodies.size() - 1; b > 0; --b)
    joint_wrench[static_cast<std::size_t>(model.joints[b - 1].parent_body)] += joint_wrench[b];
}

/// Generalized forces tau [coordinates] (N m or N) that do the work of the joint wrenches on each coordinate, every
/// coordinate taken as independent: tau_c = sum over axes of slope * (e . moment about the joint's centre, or e .
/// force).
template <class T>
void calc_generalized_forces(const Model& model, const Kinematics<T>& kin, const Wrench<T>* joint_wrench, T* tau) {
  for (int c = 0; c < model.coordinate_count(); ++c) tau[c] = T(0.0);
  std::size_t term = 0;
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const Joint& joint = model.joints[j];
    if (joint.axis_count == 0) continue;
    const Wrench<T>& wrench = joint_wrench[j + 1];
    const Vec3<T> moment = moment_about(wrench, kin.center_W[j]);
    for (int k = 0; k < joint.axis_count; ++k) {
      const std::size_t a = static_cast<std::size_t>(joint.first_axis + k);
      const Axis& axis = model.axes[a];
      const T work = dot(kin.axis_W[a], axis.is_rotation ? moment : wrench.force);
      for (const AxisTerm& t : axis.terms) {
        if (t.coordinate >= 0) tau[t.coordinate] += kin.term[term].df * work;
        ++term;
      }
    }
  }
}

/// Adds what coupled coordinates feel to the coordinate that drives them (A_red = G^T A):
/// out[row] = tau[independent] + sum over its dependents of f'(q) tau[dependent]; rows are Model::independent.
template <class T>
void reduce_to_independent(const Model& model, const T* q, const T* tau, T* out) {
  for (std::size_t row = 0; row < model.independent.size(); ++row) out[row] = tau[model.independent[row]];
  for (const Coupler& coupler : model.couplers) {
    const int row = model.coordinates[static_cast<std::size_t>(coupler.independent)].independent;
    if (row < 0) continue;
    out[row] += evaluate(coupler.function, q[coupler.independent]).df * tau[coupler.dependent];
  }
}

}  // namespace buttress
