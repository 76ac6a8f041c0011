#pragma once
// definitions of the templates of kinematics.h

#include "multibody/kinematics.h"

namespace buttress {

namespace detail {

/// unit axis in the world when R carries the frame in which the axis is given
template <class T>
Vec3<T> find_axis_W(const Axis& axis, const Mat3<T>& R) {
  switch (axis.principal) {
    case Principal::x:
      return T(axis.sign) * R.column(0);
    case Principal::y:
      return T(axis.sign) * R.column(1);
    case Principal::z:
      return T(axis.sign) * R.column(2);
    case Principal::none:
      break;
  }
  return R * broadcast<T>(axis.direction);
}

/// R := R * rotation by angle about the axis
template <class T>
void rotate_about(const Axis& axis, const T& angle, Mat3<T>& R) {
  if (axis.principal == Principal::none) {
    R = R * make_rotation<T>(broadcast<T>(axis.direction), angle);
    return;
  }
  // a principal axis mixes two columns only
  const int first = axis.principal == Principal::x ? 1 : axis.principal == Principal::y ? 2 : 0;
  const int second = (first + 1) % 3;
  const T s = T(axis.sign) * sin(angle), c = cos(angle);
  for (int row = 0; row < 3; ++row) {
    const T u = R.m[row][first], v = R.m[row][second];
    R.m[row][first] = c * u + s * v;
    R.m[row][second] = c * v - s * u;
  }
}

template <class T>
struct AxisMotion {
  T rate, acceleration;
};

/// first and second time derivative of an axis value
template <class T>
AxisMotion<T> find_axis_motion(const Axis& axis, const Jet<T>* terms, const T* qd, const T* qdd) {
  AxisMotion<T> motion{T(0.0), T(0.0)};
  for (std::size_t i = 0; i < axis.terms.size(); ++i) {
    const int c = axis.terms[i].coordinate;
    if (c < 0) continue;
    motion.rate += terms[i].df * qd[c];
    motion.acceleration += terms[i].ddf * (qd[c] * qd[c]);
    if (qdd) motion.acceleration += terms[i].df * qdd[c];
  }
  return motion;
}

}  // namespace detail

template <class T>
Kinematics<T> make_kinematics(const Model& model) {
  Kinematics<T> kin;
  const std::size_t bodies = model.bodies.size();
  kin.X_WB.assign(bodies, Pose<T>::identity());
  kin.axis_W.assign(model.axes.size(), zero3<T>());
  kin.center_W.assign(model.joints.size(), zero3<T>());
  kin.p_WM_W.assign(model.joints.size(), zero3<T>());
  std::size_t terms = 0;
  for (const Axis& axis : model.axes) terms += axis.terms.size();
  kin.term.assign(terms, Jet<T>{T(0.0), T(0.0), T(0.0)});
  kin.w_WB_W.assign(bodies, zero3<T>());
  kin.v_WB_W.assign(bodies, zero3<T>());
  kin.alpha_WB_W.assign(bodies, zero3<T>());
  kin.a_WB_W.assign(bodies, zero3<T>());
  return kin;
}

template <class T>
void update_positions(const Model& model, const T* q, Kinematics<T>& kin) {
  std::size_t term = 0;
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const Joint& joint = model.joints[j];
    const Pose<T>& X_WP = kin.X_WB[static_cast<std::size_t>(joint.parent_body)];

    // joint frame on the parent
    Pose<T> X{X_WP.R, X_WP * broadcast<T>(joint.X_PF.p)};
    if (!joint.X_PF_is_translation) X.R = X_WP.R * broadcast<T>(joint.X_PF.R);

    // the joint's axes one after the other: slides move the origin, rotations turn the frame
    kin.center_W[j] = X.p;
    for (int k = 0; k < joint.axis_count; ++k) {
      const std::size_t a = static_cast<std::size_t>(joint.first_axis + k);
      const Axis& axis = model.axes[a];
      T value(0.0);
      for (const AxisTerm& t : axis.terms) {
        Jet<T>& jet = kin.term[term++];
        jet = evaluate(t.function, t.coordinate < 0 ? T(0.0) : q[t.coordinate]);
        value += jet.f;
      }
      kin.axis_W[a] = detail::find_axis_W(axis, X.R);
      if (axis.is_rotation) {
        detail::rotate_about(axis, value, X.R);
      } else {
        X.p += value * kin.axis_W[a];
        if (k < joint.slides_first) kin.center_W[j] = X.p;
      }
    }
    kin.p_WM_W[j] = X.p;

    // from the joint frame on the child to the child itself
    Pose<T>& X_WB = kin.X_WB[j + 1];
    X_WB.p = X * broadcast<T>(joint.X_MB.p);
    X_WB.R = joint.X_MB_is_translation ? X.R : X.R * broadcast<T>(joint.X_MB.R);
  }
}

template <class T>
void update_accelerations(const Model& model, const T* qd, const T* qdd, Kinematics<T>& kin) {
  std::size_t term = 0;
  for (std::size_t j = 0; j < model.joints.size(); ++j) {
    const Joint& joint = model.joints[j];
    const std::size_t parent = static_cast<std::size_t>(joint.parent_body), body = j + 1;
    Vec3<T> w = kin.w_WB_W[parent], v = kin.v_WB_W[parent];
    Vec3<T> alpha = kin.alpha_WB_W[parent], a = kin.a_WB_W[parent];
    Vec3<T> from = kin.X_WB[parent].p;

    // moves the reference point from `from` to `to`, both fixed on what turns with w and alpha, plus sliding
    const auto carry = [&](const Vec3<T>& to, const Vec3<T>& slide_rate, const Vec3<T>& slide_acceleration) {
      const Vec3<T> r = to - from;
      const Vec3<T> w_r = cross(w, r);
      a += cross(alpha, r) + cross(w, w_r + T(2.0) * slide_rate) + slide_acceleration;
      v += w_r + slide_rate;
      from = to;
    };

    int k = 0;
    const std::size_t joint_term = term;
    // slides in the parent's frame
    Vec3<T> slide_rate = zero3<T>(), slide_acceleration = zero3<T>();
    for (; k < joint.slides_first; ++k) {
      const std::size_t index = static_cast<std::size_t>(joint.first_axis + k);
      const Axis& axis = model.axes[index];
      const auto motion = detail::find_axis_motion(axis, &kin.term[term], qd, qdd);
      term += axis.terms.size();
      slide_rate += motion.rate * kin.axis_W[index];
      slide_acceleration += motion.acceleration * kin.axis_W[index];
    }
    carry(kin.center_W[j], slide_rate, slide_acceleration);

    // rotations: each axis is fixed in the frame that turns with the w reached so far
    for (; k < joint.axis_count && model.axes[static_cast<std::size_t>(joint.first_axis + k)].is_rotation; ++k) {
      const std::size_t index = static_cast<std::size_t>(joint.first_axis + k);
      const Axis& axis = model.axes[index];
      const auto motion = detail::find_axis_motion(axis, &kin.term[term], qd, qdd);
      term += axis.terms.size();
      const Vec3<T> spin = motion.rate * kin.axis_W[index];
      alpha += motion.acceleration * kin.axis_W[index] + cross(w, spin);
      w += spin;
    }
    if (joint.has_simbody_rates) alpha += find_simbody_excess(model, joint, joint_term, qd, kin);

    // slides after the rotations: joints that the file gives in reverse
    if (k < joint.axis_count) {
      slide_rate = zero3<T>(), slide_acceleration = zero3<T>();
      for (; k < joint.axis_count; ++k) {
        const std::size_t index = static_cast<std::size_t>(joint.first_axis + k);
        const Axis& axis = model.axes[index];
        const auto motion = detail::find_axis_motion(axis, &kin.term[term], qd, qdd);
        term += axis.terms.size();
        slide_rate += motion.rate * kin.axis_W[index];
        slide_acceleration += motion.acceleration * kin.axis_W[index];
      }
      carry(kin.p_WM_W[j], slide_rate, slide_acceleration);
    }

    // from the joint centre to the child's origin
    carry(kin.X_WB[body].p, zero3<T>(), zero3<T>());
    kin.w_WB_W[body] = w;
    kin.v_WB_W[body] = v;
    kin.alpha_WB_W[body] = alpha;
    kin.a_WB_W[body] = a;
  }
}

}  // namespace buttress
