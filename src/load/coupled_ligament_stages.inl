#pragma once
#include "load/chain_workspace.h"
#include "load/wrench_work.inl"

namespace buttress {

/// generalized force of a wrench on the child of `joint` along the one coordinate that moves it
template <class T>
T calc_work_on_lever(const ChainPlan& plan, const Kinematics<T>& kin, std::size_t j, const Wrench<T>& wrench) {
  T work(0.0);
  visit_joint_work(*plan.model, kin, plan.first_term, j, wrench,
                   [&](int, const T& slope, const T& along_axis) { work += slope * along_axis; });
  return work;
}

/// Lets the ligament carry what the coupler would: afterwards the lever's joint does no work along its coordinate, and
/// what the ligament pulls at the lever it pulls back at the far body. Loads of all other joints stay as they are.
/// Reads and changes joint_wrench, the loads of the joints. Poses in which the ligament has no hold on the lever
/// (less than 0.1 mm) are left to the coupler.
template <class T>
void update_coupled_ligaments(const ChainPlan& plan, ChainWorkspace<T>& ws) {
  for (const CoupledLigament& ligament : plan.coupled_ligaments) {
    const std::size_t lever = static_cast<std::size_t>(ligament.lever_body);
    const std::size_t far = static_cast<std::size_t>(ligament.far_body);
    const Vec3<T> p_lever = ws.kinematics.X_WB[lever] * broadcast<T>(ligament.p_lever);
    const Vec3<T> p_far = ws.kinematics.X_WB[far] * broadcast<T>(ligament.p_far);
    // unit tension pulls the lever towards the far body
    const Vec3<T> span = p_far - p_lever;
    const Vec3<T> direction = (T(1.0) / sqrt(dot(span, span))) * span;
    const Wrench<T> unit{direction, cross(p_lever, direction)};

    const std::size_t joint = static_cast<std::size_t>(ligament.lever_joint);
    const T asked = calc_work_on_lever(plan, ws.kinematics, joint, ws.joint_wrench[lever]);
    const T arm = calc_work_on_lever(plan, ws.kinematics, joint, unit);
    const auto has_hold = abs(arm) > T(1e-4);
    const T tension = select(has_hold, asked / select(has_hold, arm, T(1.0)), T(0.0));
    const Wrench<T> pull{tension * unit.force, tension * unit.moment};
    ws.joint_wrench[lever] -= pull;
    ws.joint_wrench[far] += pull;
  }
}

}  // namespace buttress
