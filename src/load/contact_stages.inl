#pragma once
#include "load/chain_workspace.h"
#include "load/wrench_work.inl"

/// The stages of the chain that know of contact; chain_stages.inl calls them when the plan has contact points.
namespace buttress {

/// where a contact point is and how strong it may push now, into ws.contact_p_W and ws.contact_strength
template <class T>
void update_contact_points(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  const ContactSet& contacts = plan.options.contacts;
  const ContactRamps& ramps = contacts.ramps;
  for (std::size_t i = 0; i < contacts.points.size(); ++i) {
    const ContactPoint& point = contacts.points[i];
    const ContactSurface& surface = contacts.surfaces[static_cast<std::size_t>(point.surface)];
    const std::size_t b = static_cast<std::size_t>(point.body);
    const Vec3<T> arm = ws.kinematics.X_WB[b].R * broadcast<T>(point.p_B);
    const Vec3<T> p = ws.kinematics.X_WB[b].p + arm;
    const Vec3<T> v = ws.kinematics.v_WB_W[b] + cross(ws.kinematics.w_WB_W[b], arm);
    const Vec3<T> from = p - broadcast<T>(surface.p_W);
    const T height = dot(from, broadcast<T>(surface.normal_W));
    // a bounded surface is touched from its middle up to its edges
    const double reach1 = surface.half_size1 + ramps.edge_width, reach2 = surface.half_size2 + ramps.edge_width;
    const auto calc_edge = [](const T& x, double reach, double width) {
      const T s = min(max((abs(x) - T(reach - width)) * T(1 / width), T(0.0)), T(1.0));
      return T(1.0) - s * s * s * (T(10.0) + s * (T(6.0) * s - T(15.0)));
    };
    const T edge = calc_edge(dot(from, broadcast<T>(surface.tangent1_W)), reach1, ramps.edge_width) *
                   calc_edge(dot(from, broadcast<T>(surface.tangent2_W)), reach2, ramps.edge_width);
    ws.contact_p_W[i] = p;
    ws.contact_strength[i] = T(point.strength) * edge * calc_contact_ramp(height, ramps.height_limit) *
                             calc_contact_ramp(-height, ramps.depth_limit) *
                             calc_contact_ramp(norm(v), ramps.speed_limit);
  }
}

/// force per unit of the k-th column of a point on a surface: n, n + mu t1, n - mu t1, n + mu t2, n - mu t2
inline Vec3d find_contact_direction(const ContactSurface& surface, int k) {
  if (k == 0) return surface.normal_W;
  const Vec3d tangent = k < 3 ? surface.tangent1_W : surface.tangent2_W;
  return surface.normal_W + (k % 2 ? surface.friction : -surface.friction) * tangent;
}

/// moment per unit force of the five columns of every contact point, into the matrix
template <class T>
void update_contact_columns(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  const Model& model = *plan.model;
  const ContactSet& contacts = plan.options.contacts;
  for (std::size_t i = 0; i < contacts.points.size(); ++i) {
    const ContactPoint& point = contacts.points[i];
    const ContactSurface& surface = contacts.surfaces[static_cast<std::size_t>(point.surface)];
    const Vec3d axes[3] = {surface.normal_W, surface.friction * surface.tangent1_W,
                           surface.friction * surface.tangent2_W};
    // signs of the three axes in each column
    constexpr double kSign[kContactColumns][3] = {{1, 0, 0}, {1, 1, 0}, {1, -1, 0}, {1, 0, 1}, {1, 0, -1}};
    const std::size_t first = static_cast<std::size_t>(plan.first_contact_column) + i * kContactColumns;
    for (int axis = 0; axis < 3; ++axis) {
      const Vec3<T> force = broadcast<T>(axes[axis]);
      std::vector<T>& tau = ws.scratch_moment;
      for (T& t : tau) t = T(0.0);
      add_wrench_work(model, ws.kinematics, plan.first_term, point.body, {force, cross(ws.contact_p_W[i], force)},
                      T(1.0), tau.data());
      reduce_to_independent(model, ws.q.data(), tau.data(), ws.reduced_moment.data());
      for (std::size_t k = 0; k < kContactColumns; ++k) {
        const T sign(kSign[k][axis]);
        const int begin = plan.column_start[first + k], end = plan.column_start[first + k + 1];
        for (int e = begin; e < end; ++e)
          ws.matrix[static_cast<std::size_t>(e)] +=
              sign * ws.reduced_moment[static_cast<std::size_t>(
                         plan.rows[static_cast<std::size_t>(plan.row_index[static_cast<std::size_t>(e)])])];
      }
    }
  }
}

/// Forces of the contact points: on their bodies (ws.contact_wrench), as one force for each group with its centre of
/// pressure on the surface and the free moment about the normal (ws.contact_load, nine numbers a group as in
/// ChainInput::loads), and taken off the net joint moments, which then are those between the segments.
template <class T>
void update_contact_forces(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  const Model& model = *plan.model;
  const ContactSet& contacts = plan.options.contacts;
  for (Wrench<T>& w : ws.contact_wrench) w = zero_wrench<T>();
  for (std::size_t g = 0; g < plan.contact_groups.size(); ++g) {
    const ContactGroup& group = plan.contact_groups[g];
    const ContactSurface& surface = contacts.surfaces[static_cast<std::size_t>(group.surface)];
    Wrench<T> sum = zero_wrench<T>();
    for (int index : group.points) {
      const std::size_t i = static_cast<std::size_t>(index);
      const std::size_t first = static_cast<std::size_t>(plan.first_contact_column) + i * kContactColumns;
      Vec3<T> force = zero3<T>();
      for (int k = 0; k < kContactColumns; ++k)
        force += ws.force[first + static_cast<std::size_t>(k)] * broadcast<T>(find_contact_direction(surface, k));
      const Wrench<T> wrench{force, cross(ws.contact_p_W[i], force)};
      ws.contact_wrench[static_cast<std::size_t>(contacts.points[i].body)] += wrench;
      sum += wrench;
    }
    // M = r x F + tau n with r in the surface gives r = n x M / (n . F)
    const Vec3<T> n = broadcast<T>(surface.normal_W), p = broadcast<T>(surface.p_W);
    const T pressed = dot(n, sum.force);
    const Vec3<T> moment = moment_about(sum, p);
    const Mask<T> touches = pressed > T(1e-6);
    const Vec3<T> r = (T(1.0) / select(touches, pressed, T(1.0))) * cross(n, moment);
    const Vec3<T> center = select(touches, p + r, p);
    const Vec3<T> torque = select(touches, moment - cross(r, sum.force), zero3<T>());
    T* out = &ws.contact_load[g * 9];
    out[0] = sum.force.x, out[1] = sum.force.y, out[2] = sum.force.z;
    out[3] = center.x, out[4] = center.y, out[5] = center.z;
    out[6] = torque.x, out[7] = torque.y, out[8] = torque.z;
  }
  // through every joint between the body and ground
  for (std::size_t b = 0; b < model.bodies.size(); ++b) ws.subtree_wrench[b] = ws.contact_wrench[b];
  for (std::size_t b = model.bodies.size() - 1; b > 0; --b)
    ws.subtree_wrench[static_cast<std::size_t>(model.joints[b - 1].parent_body)] += ws.subtree_wrench[b];
  calc_generalized_forces(model, ws.kinematics, ws.subtree_wrench.data(), ws.scratch_moment.data());
  for (std::size_t c = 0; c < ws.joint_moment.size(); ++c) ws.joint_moment[c] -= ws.scratch_moment[c];
}

}  // namespace buttress
