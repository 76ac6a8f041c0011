#pragma once
#include "muscle/contact_forces.h"

namespace buttress {
namespace contact_detail {

/// where two surfaces overlap
template <class T>
struct Overlap {
  T depth;         ///< m, below zero when they are apart
  T radius;        ///< m, effective
  Vec3<T> normal;  ///< from surface 1 to surface 2, in the world
  Vec3<T> p_W;     ///< middle of the overlap
};

template <class T>
Overlap<T> find_sphere_on_half_space(const Pose<T>& X_W1, const Vec3<T>& center, const T& radius) {
  const Vec3<T> inward = X_W1.R * Vec3<T>{T(1.0), T(0.0), T(0.0)};
  const T depth = radius + dot(inward, center - X_W1.p);
  // from the deepest point of the sphere half the depth back
  return {depth, radius, -inward, center + (radius - T(0.5) * depth) * inward};
}

template <class T>
Overlap<T> find_ellipsoid_on_half_space(const Pose<T>& X_W1, const Pose<T>& X_W2, const Vec3d& radii) {
  const Vec3<T> r2{T(radii.x * radii.x), T(radii.y * radii.y), T(radii.z * radii.z)};
  const Vec3<T> axis[3] = {X_W1.R * Vec3<T>{T(1.0), T(0.0), T(0.0)}, X_W1.R * Vec3<T>{T(0.0), T(1.0), T(0.0)},
                           X_W1.R * Vec3<T>{T(0.0), T(0.0), T(1.0)}};
  Vec3<T> in_2[3];
  for (int i = 0; i < 3; ++i) in_2[i] = multiply_transposed(X_W2.R, axis[i]);
  const auto scale_each = [](const Vec3<T>& a, const Vec3<T>& b) { return Vec3<T>{a.x * b.x, a.y * b.y, a.z * b.z}; };
  // deepest point: where the ellipsoid's normal lies along the half-space's
  const Vec3<T> stretched = scale_each(in_2[0], r2);
  const Vec3<T> deepest = X_W2 * ((T(1.0) / sqrt(dot(in_2[0], stretched))) * stretched);
  Overlap<T> o;
  o.depth = dot(axis[0], deepest - X_W1.p);
  o.normal = -axis[0];
  o.p_W = deepest - (T(0.5) * o.depth) * axis[0];
  // the section through the centre along the half-space: radii are 1 / sqrt(eigenvalues), and we need their root
  const Vec3<T> curved{T(1.0 / (radii.x * radii.x)), T(1.0 / (radii.y * radii.y)), T(1.0 / (radii.z * radii.z))};
  const Vec3<T> cy = scale_each(in_2[1], curved), cz = scale_each(in_2[2], curved);
  const T yy = dot(in_2[1], cy), zz = dot(in_2[2], cz), yz = dot(in_2[1], cz);
  o.radius = T(1.0) / sqrt(sqrt(yy * zz - yz * yz));
  return o;
}

template <class T>
Overlap<T> find_overlap(const ContactPair& pair, const Kinematics<T>& kin) {
  const Pose<T> X_W1 = kin.X_WB[static_cast<std::size_t>(pair.body1)] * broadcast<T>(pair.X_B1S);
  const Pose<T> X_W2 = kin.X_WB[static_cast<std::size_t>(pair.body2)] * broadcast<T>(pair.X_B2S);
  if (pair.shape2 == ContactShape::ellipsoid) return find_ellipsoid_on_half_space(X_W1, X_W2, pair.radii2);
  if (pair.shape1 == ContactShape::half_space) return find_sphere_on_half_space(X_W1, X_W2.p, T(pair.radii2.x));
  const Vec3<T> apart = X_W2.p - X_W1.p;
  const T distance = norm(apart);
  // spheres about one centre push in no direction
  const Mask<T> has_direction = distance > T(0.0);
  Overlap<T> o;
  o.normal = (T(1.0) / select(has_direction, distance, T(1.0))) * apart;
  o.depth = select(has_direction, T(pair.radius1 + pair.radii2.x) - distance, T(0.0));
  o.radius = T(pair.radius1 * pair.radii2.x / (pair.radius1 + pair.radii2.x));
  o.p_W = X_W1.p + (T(pair.radius1) - T(0.5) * o.depth) * o.normal;
  return o;
}

/// velocity of the point of body 1 that lies at p, seen from body 2
template <class T>
Vec3<T> find_slip(const Kinematics<T>& kin, const ContactPair& pair, const Vec3<T>& p_W) {
  const auto velocity = [&](int body) {
    const auto b = static_cast<std::size_t>(body);
    return kin.v_WB_W[b] + cross(kin.w_WB_W[b], p_W - kin.X_WB[b].p);
  };
  return velocity(pair.body1) - velocity(pair.body2);
}

/// friction per normal force at a slip
template <class T>
T calc_friction(const ContactPair& pair, double transition_velocity, const T& slip) {
  const T relative = slip * T(1.0 / transition_velocity);
  const T dry = T(pair.dynamic_friction) +
                T(2.0 * (pair.static_friction - pair.dynamic_friction)) / (T(1.0) + relative * relative);
  return min(relative, T(1.0)) * dry + T(pair.viscous_friction) * slip;
}

/// `force` on body 2 and its opposite on body 1, at one point
template <class T>
void add_pair_force(const ContactPair& pair, const Vec3<T>& force, const Vec3<T>& p_W,
                    std::vector<Wrench<T>>& body_wrench) {
  const Wrench<T> on_body2{force, cross(p_W, force)};
  body_wrench[static_cast<std::size_t>(pair.body2)] += on_body2;
  body_wrench[static_cast<std::size_t>(pair.body1)] -= on_body2;
}

/// (1 + tanh x) / 2; the bound keeps the exponential finite where the step has long been taken
template <class T>
T calc_tanh_step(const T& x) {
  return T(1.0) / (T(1.0) + exp(max(min(T(-2.0) * x, T(700.0)), T(-700.0))));
}

}  // namespace contact_detail

template <class T>
void add_hunt_crossley_force(const ContactPair& pair, double transition_velocity, const Kinematics<T>& kin,
                             std::vector<Wrench<T>>& body_wrench) {
  using namespace contact_detail;
  const Overlap<T> o = find_overlap(pair, kin);
  // surfaces that are apart have no depth, and everything below is a multiple of it
  const T depth = max(o.depth, T(0.0));
  const Vec3<T> p_W = o.p_W + (depth * T(0.5 - pair.share1)) * o.normal;
  const T k(pair.stiffness);
  const T hertz = T(4.0 / 3.0) * k * depth * sqrt(o.radius * k * depth);
  const Vec3<T> v = find_slip(kin, pair, p_W);
  const T normal_speed = dot(v, o.normal);
  // surfaces do not stick: torn apart fast enough they let go
  const T f = max(hertz * (T(1.0) + T(1.5 * pair.dissipation) * normal_speed), T(0.0));
  const Vec3<T> tangent = v - normal_speed * o.normal;
  const T slip = norm(tangent);
  const Mask<T> slips = slip > T(0.0);
  const T friction_per_slip = f * calc_friction(pair, transition_velocity, slip) / select(slips, slip, T(1.0));
  add_pair_force(pair, f * o.normal + select(slips, friction_per_slip, T(0.0)) * tangent, p_W, body_wrench);
}

template <class T>
void add_smooth_sphere_force(const ContactPair& pair, const PassiveForceSpec& spec, const Kinematics<T>& kin,
                             std::vector<Wrench<T>>& body_wrench) {
  using namespace contact_detail;
  const Overlap<T> o = find_overlap(pair, kin);
  const T k(pair.stiffness);
  const T cf(spec.constant_contact_force);
  const T smooth_depth = sqrt(o.depth * o.depth + cf);
  const T hertz = T(4.0 / 3.0) * k * sqrt(o.radius * k) * (smooth_depth * sqrt(smooth_depth)) *
                  calc_tanh_step(T(spec.hertz_smoothing) * o.depth);
  const Vec3<T> v = find_slip(kin, pair, o.p_W);
  const T normal_speed = dot(v, o.normal);
  // the speed away from the half-space at which the force ends; without dissipation there is none
  const T end_speed(pair.dissipation > 0 ? 2.0 / (3.0 * pair.dissipation) : 1e30);
  const T f = hertz * (T(1.0) + T(1.5 * pair.dissipation) * normal_speed) *
              calc_tanh_step(T(spec.hunt_crossley_smoothing) * (normal_speed + end_speed));
  const Vec3<T> tangent = v - normal_speed * o.normal;
  const T slip = sqrt(dot(tangent, tangent) + cf);
  const Mask<T> slips = slip > T(0.0);
  const T friction_per_slip = f * calc_friction(pair, spec.transition_velocity, slip) / select(slips, slip, T(1.0));
  add_pair_force(pair, f * o.normal + select(slips, friction_per_slip, T(0.0)) * tangent, o.p_W, body_wrench);
}

template <class T>
void add_meyer_fregly_force(const PassiveForce& force, const Kinematics<T>& kin, std::vector<Wrench<T>>& body_wrench) {
  using namespace contact_detail;
  // constants of the paper: lower stiffness (N/m), offset and width of the bend (m), height of no force (m), and the
  // speed (m/s) that keeps the direction of a point at rest
  constexpr double kLow = 0.1, kOffset = 1e-3, kWidth = 1e-3, kFree = 0.01, kRest = 1e-4, kTop = 0.7;
  const ContactSurfaceSpec& material = force.spec.surfaces[0];
  const auto b = static_cast<std::size_t>(force.frame1.body);
  const Vec3<T> p = kin.X_WB[b] * broadcast<T>(force.frame1.X_BF.p);
  const Vec3<T> v = kin.v_WB_W[b] + cross(kin.w_WB_W[b], p - kin.X_WB[b].p);
  const double lean = (material.stiffness + kLow) / (material.stiffness - kLow), half = (material.stiffness - kLow) / 2;
  // log cosh x without the size of cosh
  const auto log_cosh = [](const T& x) {
    const T size = abs(x);
    return size + log(T(0.5) + T(0.5) * exp(T(-2.0) * size));
  };
  const auto bend = [&](const T& y) {
    return T(-half) * (T(lean) * y - T(kWidth) * log_cosh((y + T(kOffset)) * T(1.0 / kWidth)));
  };
  const auto tanh_of = [](const T& x) { return T(2.0) * calc_tanh_step(x) - T(1.0); };
  const T y = T(kTop) * tanh_of((p.y - T(force.spec.resting_length)) * T(1.0 / kTop));
  const T up = (bend(y) - bend(T(kFree))) * (T(1.0) - T(material.dissipation) * v.y);
  const T slip = sqrt(v.x * v.x + v.z * v.z);
  const T friction = up * (T(material.dynamic_friction) * tanh_of(slip * T(1.0 / force.spec.transition_velocity)) +
                           T(material.viscous_friction) * slip);
  const T per_slip = friction / (slip + T(kRest));
  const Vec3<T> push{-v.x * per_slip, up, -v.z * per_slip};
  body_wrench[b] += Wrench<T>{push, cross(p, push)};
  body_wrench[0] -= Wrench<T>{push, cross(p, push)};
}

}  // namespace buttress
