#pragma once
#include "base/assert.h"
#include "muscle/contact_forces.inl"
#include "muscle/passive_expression.inl"
#include "muscle/passive_forces.h"

namespace buttress {
namespace passive_detail {

template <class T>
struct AngularAndLinear {
  Vec3<T> angular, linear;
};

/// where frame M (frame2) stands seen from frame F (frame1), and how fast that changes
template <class T>
struct BushingDeviation {
  Pose<T> X_WF, X_WM;
  AngularAndLinear<T> q, qd;  ///< body-fixed x-y-z angles and their rates; position of M in F and its rate
  Mat3<T> N;                  ///< rates of the angles = N * angular velocity of M in F, expressed in M
};

template <class T>
struct FrameMotion {
  Pose<T> X_WF;
  Vec3<T> w, v;  ///< angular velocity, and velocity of the frame's origin
};

template <class T>
FrameMotion<T> find_frame_motion(const Kinematics<T>& kin, const BodyFrame& frame) {
  const auto b = static_cast<std::size_t>(frame.body);
  FrameMotion<T> m;
  m.X_WF = kin.X_WB[b] * broadcast<T>(frame.X_BF);
  m.w = kin.w_WB_W[b];
  m.v = kin.v_WB_W[b] + cross(m.w, m.X_WF.p - kin.X_WB[b].p);
  return m;
}

/// a frame whose origin is a point
inline Posed at_point(const Vec3d& p) {
  return {Mat3d::identity(), p};
}

template <class T>
BushingDeviation<T> find_bushing_deviation(const Kinematics<T>& kin, const BodyFrame& frame1, const BodyFrame& frame2) {
  const FrameMotion<T> F = find_frame_motion(kin, frame1), M = find_frame_motion(kin, frame2);
  BushingDeviation<T> d;
  d.X_WF = F.X_WF;
  d.X_WM = M.X_WF;
  const Vec3<T> p_FM_W = M.X_WF.p - F.X_WF.p;
  const Mat3<T> R_FM = transpose(F.X_WF.R) * M.X_WF.R;
  // R_FM = Rx(a) Ry(b) Rz(c)
  const T sin_b = R_FM.m[0][2], cos_b = sqrt(R_FM.m[1][2] * R_FM.m[1][2] + R_FM.m[2][2] * R_FM.m[2][2]);
  const T c = atan2(-R_FM.m[0][1], R_FM.m[0][0]);
  d.q.angular = {atan2(-R_FM.m[1][2], R_FM.m[2][2]), atan2(sin_b, cos_b), c};
  d.q.linear = multiply_transposed(F.X_WF.R, p_FM_W);
  const T zero(0.0), one(1.0), sin_c = sin(c), cos_c = cos(c);
  const T tan_b = sin_b / cos_b;
  d.N = {{{cos_c / cos_b, -sin_c / cos_b, zero}, {sin_c, cos_c, zero}, {-tan_b * cos_c, tan_b * sin_c, one}}};
  d.qd.angular = d.N * multiply_transposed(M.X_WF.R, M.w - F.w);
  // rate of M's position as frame F sees it
  d.qd.linear = multiply_transposed(F.X_WF.R, M.v - F.v - cross(F.w, p_FM_W));
  return d;
}

/// adds generalized force f on frame2 (moments in the basis of the angles, force in frame1) and its reaction
template <class T>
void add_bushing_force(const BushingDeviation<T>& d, const AngularAndLinear<T>& f, std::size_t body1, std::size_t body2,
                       PassiveForceWorkspace<T>& ws) {
  Wrench<T> on_body2;
  on_body2.force = d.X_WF.R * f.linear;
  // power of f = power of the moment: moment in M = N^T f
  on_body2.moment = d.X_WM.R * multiply_transposed(d.N, f.angular) + cross(d.X_WM.p, on_body2.force);
  ws.body_wrench[body2] += on_body2;
  ws.body_wrench[body1] -= on_body2;
}

template <class T>
Vec3<T> scale_each(const Vec3d& k, const Vec3<T>& x) {
  return {T(k.x) * x.x, T(k.y) * x.y, T(k.z) * x.z};
}

// 0 for x <= 0, 1 for x >= 1, two smooth derivatives between
template <class T>
T calc_smooth_step(const T& x) {
  const T s = min(max(x, T(0.0)), T(1.0));
  return s * s * s * (T(10.0) + s * (T(-15.0) + T(6.0) * s));
}

template <class T>
T calc_limit_force(const PassiveForceSpec& spec, const T& q, const T& qd) {
  const T above = q - T(spec.upper_limit), below = T(spec.lower_limit) - q;
  T upper, lower;
  if (spec.transition > 0) {
    upper = calc_smooth_step(above * T(1.0 / spec.transition));
    lower = calc_smooth_step(below * T(1.0 / spec.transition));
  } else {
    upper = select(above > T(0.0), T(1.0), T(0.0));
    lower = select(below > T(0.0), T(1.0), T(0.0));
  }
  return T(spec.lower_stiffness) * lower * below - T(spec.upper_stiffness) * upper * above -
         T(spec.damping) * (upper + lower) * qd;
}

template <class T>
void add_point_spring(const PassiveForce& force, const Kinematics<T>& kin, PassiveForceWorkspace<T>& ws) {
  const auto b1 = static_cast<std::size_t>(force.frame1.body), b2 = static_cast<std::size_t>(force.frame2.body);
  const Vec3<T> p1 = kin.X_WB[b1] * broadcast<T>(force.frame1.X_BF * force.spec.point1);
  const Vec3<T> p2 = kin.X_WB[b2] * broadcast<T>(force.frame2.X_BF * force.spec.point2);
  const Vec3<T> r = p2 - p1;
  const T distance = norm(r);
  // two points in one place pull in no direction
  const Mask<T> apart = distance > T(0.0);
  const T per_length =
      T(force.spec.stiffness) * (distance - T(force.spec.rest_length)) / select(apart, distance, T(1.0));
  Wrench<T> on_body1;
  on_body1.force = select(apart, per_length, T(0.0)) * r;
  on_body1.moment = cross(p1, on_body1.force);
  ws.body_wrench[b1] += on_body1;
  ws.body_wrench[b2] -= on_body1;
}

template <class T>
void add_point_expression(const PassiveForce& force, const Expression& formula, const Kinematics<T>& kin,
                          PassiveForceWorkspace<T>& ws) {
  const FrameMotion<T> m1 =
      find_frame_motion(kin, {force.frame1.body, force.frame1.X_BF * at_point(force.spec.point1)});
  const FrameMotion<T> m2 =
      find_frame_motion(kin, {force.frame2.body, force.frame2.X_BF * at_point(force.spec.point2)});
  const Vec3<T> r = m2.X_WF.p - m1.X_WF.p;
  const T distance = norm(r);
  // two points in one place pull in no direction
  const Mask<T> apart = distance > T(0.0);
  const T per_length = T(1.0) / select(apart, distance, T(1.0));
  const T values[2] = {distance, dot(m2.v - m1.v, r) * per_length};
  Wrench<T> on_body1;
  on_body1.force = select(apart, evaluate(formula, values) * per_length, T(0.0)) * r;
  on_body1.moment = cross(m1.X_WF.p, on_body1.force);
  ws.body_wrench[static_cast<std::size_t>(force.frame1.body)] += on_body1;
  ws.body_wrench[static_cast<std::size_t>(force.frame2.body)] -= on_body1;
}

template <class T>
T calc_blankevoort_tension(const PassiveForceSpec& spec, const T& length, const T& speed) {
  const T strain = length * T(1.0 / spec.resting_length) - T(1.0);
  const T e = max(strain, T(0.0)), et(spec.transition_strain);
  // without a toe the straight line begins at once
  const T toe = spec.transition_strain > 0 ? e * e * T(0.5 / spec.transition_strain) : T(0.0);
  const T elastic = T(spec.stiffness) * select(e < et, toe, e - T(0.5) * et);
  const T strain_rate = max(speed * T(1.0 / spec.resting_length), T(0.0));
  return elastic + T(spec.damping_coefficient) * strain_rate * calc_smooth_step(e * T(100.0));
}

}  // namespace passive_detail

template <class T>
PassiveForceWorkspace<T> make_passive_force_workspace(const Model& model) {
  return {std::vector<Wrench<T>>(model.bodies.size(), zero_wrench<T>()),
          std::vector<T>(model.coordinates.size(), T(0.0)), std::vector<T>(model.passive_forces.size(), T(0.0))};
}

template <class T>
void update_passive_forces(const Model& model, const PassiveForcePlan& plan, const Kinematics<T>& kin, const T* q,
                           const T* qd, const T* path_length, const T* path_speed, PassiveForceWorkspace<T>& ws) {
  using namespace passive_detail;
  BUTTRESS_ASSERT(
      plan.expressions.size() == model.passive_forces.size() && ws.body_wrench.size() == model.bodies.size() &&
      ws.coordinate_force.size() == model.coordinates.size() && ws.tension.size() == model.passive_forces.size());
  for (auto& w : ws.body_wrench) w = zero_wrench<T>();
  for (auto& f : ws.coordinate_force) f = T(0.0);
  for (std::size_t i = 0; i < model.passive_forces.size(); ++i) {
    const PassiveForce& force = model.passive_forces[i];
    const PassiveForceSpec& spec = force.spec;
    const auto c = static_cast<std::size_t>(force.coordinate);
    ws.tension[i] = T(0.0);
    if (!spec.applies_force) continue;
    switch (spec.kind) {
      case PassiveForceKind::bushing:
      case PassiveForceKind::expression_bushing:
      case PassiveForceKind::function_bushing: {
        const BushingDeviation<T> d = find_bushing_deviation(kin, force.frame1, force.frame2);
        AngularAndLinear<T> elastic;
        if (spec.kind == PassiveForceKind::bushing) {
          elastic = {scale_each(spec.rotational_stiffness, d.q.angular),
                     scale_each(spec.translational_stiffness, d.q.linear)};
        } else if (spec.kind == PassiveForceKind::function_bushing) {
          const auto& f = force.functions;
          elastic = {
              {evaluate(f[0], d.q.angular.x).f, evaluate(f[1], d.q.angular.y).f, evaluate(f[2], d.q.angular.z).f},
              {evaluate(f[3], d.q.linear.x).f, evaluate(f[4], d.q.linear.y).f, evaluate(f[5], d.q.linear.z).f}};
        } else {
          const T deviation[6] = {d.q.angular.x, d.q.angular.y, d.q.angular.z,
                                  d.q.linear.x,  d.q.linear.y,  d.q.linear.z};
          const auto& e = plan.expressions[i];
          elastic = {{evaluate(e[0], deviation), evaluate(e[1], deviation), evaluate(e[2], deviation)},
                     {evaluate(e[3], deviation), evaluate(e[4], deviation), evaluate(e[5], deviation)}};
        }
        const AngularAndLinear<T> f{-(elastic.angular + scale_each(spec.rotational_damping, d.qd.angular)),
                                    -(elastic.linear + scale_each(spec.translational_damping, d.qd.linear))};
        add_bushing_force(d, f, static_cast<std::size_t>(force.frame1.body),
                          static_cast<std::size_t>(force.frame2.body), ws);
        break;
      }
      case PassiveForceKind::coordinate_limit:
        ws.coordinate_force[c] += calc_limit_force(spec, q[c], qd[c]);
        break;
      case PassiveForceKind::coordinate_spring:
        ws.coordinate_force[c] -= T(spec.stiffness) * (q[c] - T(spec.rest_length)) + T(spec.viscosity) * qd[c];
        break;
      case PassiveForceKind::expression_coordinate: {
        const T values[2] = {q[c], qd[c]};
        ws.coordinate_force[c] += evaluate(plan.expressions[i][0], values);
        break;
      }
      case PassiveForceKind::ligament: {
        const T stretch = path_length[force.path] * T(1.0 / spec.resting_length);
        const Mask<T> taut = stretch > T(1.0);
        const T tension = T(spec.pcsa_force) * evaluate(force.force_length, select(taut, stretch, T(1.0))).f;
        ws.tension[i] = select(taut, tension, T(0.0));
        break;
      }
      case PassiveForceKind::point_to_point_spring:
        add_point_spring(force, kin, ws);
        break;
      case PassiveForceKind::expression_point_to_point:
        add_point_expression(force, plan.expressions[i][0], kin, ws);
        break;
      case PassiveForceKind::path_spring: {
        const T stretch = max(path_length[force.path] - T(spec.resting_length), T(0.0));
        ws.tension[i] = T(spec.stiffness) * stretch * (T(1.0) + T(spec.dissipation) * path_speed[force.path]);
        break;
      }
      case PassiveForceKind::expression_path: {
        T stretch = path_length[force.path] - T(spec.resting_length);
        if (spec.clamp_stretch) stretch = max(stretch, T(0.0));
        const T values[2] = {stretch, path_speed[force.path]};
        ws.tension[i] = evaluate(plan.expressions[i][0], values);
        break;
      }
      case PassiveForceKind::blankevoort_ligament:
        ws.tension[i] = calc_blankevoort_tension(spec, path_length[force.path], path_speed[force.path]);
        break;
      case PassiveForceKind::smooth_sphere_half_space:
        for (const ContactPair& pair : plan.contacts[i]) add_smooth_sphere_force(pair, spec, kin, ws.body_wrench);
        break;
      case PassiveForceKind::hunt_crossley:
        for (const ContactPair& pair : plan.contacts[i])
          add_hunt_crossley_force(pair, spec.transition_velocity, kin, ws.body_wrench);
        break;
      case PassiveForceKind::meyer_fregly_2016:
        add_meyer_fregly_force(force, kin, ws.body_wrench);
        break;
    }
  }
}

}  // namespace buttress
