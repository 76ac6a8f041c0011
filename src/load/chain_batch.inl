#pragma once
#include "load/chain_batch.h"
#include "load/chain_stages.inl"

namespace buttress {

namespace detail {

/// one row of a row-major table for each lane
template <class T>
void load_lanes(const double* table, std::size_t width, const std::size_t* frame, T* out) {
  for (std::size_t lane = 0; lane < lanes_of<T>; ++lane) {
    const double* row = table + frame[lane] * width;
    for (std::size_t i = 0; i < width; ++i) set_lane(out[i], lane, row[i]);
  }
}

/// the first `active` lanes back into their rows
template <class T>
void store_lanes(const T* values, std::size_t width, const std::size_t* frame, const bool* active, double* table) {
  for (std::size_t lane = 0; lane < lanes_of<T>; ++lane) {
    if (!active[lane]) continue;
    double* row = table + frame[lane] * width;
    for (std::size_t i = 0; i < width; ++i) row[i] = get_lane(values[i], lane);
  }
}

template <class T>
void store_reactions(const ChainPlan& plan, const ChainWorkspace<T>& ws, const std::size_t* frame, const bool* active,
                     double* table) {
  const std::size_t joints = plan.model->joints.size();
  for (std::size_t j = 0; j < joints; ++j) {
    const Wrench<T>& wrench = ws.joint_wrench[j + 1];
    const Vec3<T> p = ws.kinematics.p_WM_W[j];
    const Vec3<T> moment = moment_about(wrench, p);
    const T values[9] = {wrench.force.x, wrench.force.y, wrench.force.z, moment.x, moment.y, moment.z, p.x, p.y, p.z};
    for (std::size_t lane = 0; lane < lanes_of<T>; ++lane) {
      if (!active[lane]) continue;
      double* row = table + (frame[lane] * joints + j) * 9;
      for (std::size_t i = 0; i < 9; ++i) row[i] = get_lane(values[i], lane);
    }
  }
}

template <class T>
void store_recruitment(const ChainPlan& plan, const ChainWorkspace<T>& ws, const std::size_t* frame, const bool* active,
                       ChainOutput& output) {
  store_lanes(ws.recruitment.activation.data(), plan.columns.size(), frame, active, output.activation.data());
  store_lanes(ws.force.data(), plan.columns.size(), frame, active, output.force.data());
  store_lanes(ws.recruitment.reserve.data(), plan.rows.size(), frame, active, output.reserve.data());
  for (std::size_t lane = 0; lane < lanes_of<T>; ++lane) {
    if (!active[lane]) continue;
    const std::size_t f = frame[lane];
    output.residual[f] = get_lane(ws.recruitment.residual, lane);
    output.iterations[f] = static_cast<std::uint16_t>(ws.recruitment.lane_iterations[lane]);
    const RecruitmentStatus status = ws.recruitment.status[lane];
    output.status[f] = status == RecruitmentStatus::converged  ? FrameStatus::solved
                       : status == RecruitmentStatus::singular ? FrameStatus::singular
                                                               : FrameStatus::not_converged;
  }
}

}  // namespace detail

template <class T>
void run_batches(const ChainPlan& plan, const ChainInput& input, const BatchLayout& layout, ChainStage last_stage,
                 std::atomic<std::size_t>& next, ChainOutput& output) {
  constexpr std::size_t lanes = lanes_of<T>;
  const std::size_t n = plan.model->coordinates.size();
  ChainWorkspace<T> ws = make_chain_workspace<T>(plan);
  for (std::size_t batch = next++; batch < layout.batch_count; batch = next++) {
    // a batch starts cold, so that its result does not depend on which thread did what before
    for (T& multiplier : ws.recruitment.multiplier) multiplier = T(0.0);
    for (std::size_t step = 0; step < layout.run_length; ++step) {
      // lanes past the last frame repeat it and are not stored
      std::size_t frame[lanes];
      bool active[lanes];
      bool any_active = false;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        frame[lane] = (batch * layout.run_length + step) * lanes + lane;
        active[lane] = frame[lane] < input.frame_count;
        any_active = any_active || active[lane];
        if (!active[lane]) frame[lane] = input.frame_count - 1;
      }
      if (!any_active) break;
      detail::load_lanes(input.q, n, frame, ws.q.data());
      detail::load_lanes(input.qd, n, frame, ws.qd.data());
      detail::load_lanes(input.qdd, n, frame, ws.qdd.data());
      if (!plan.loads.empty()) detail::load_lanes(input.loads, plan.loads.size() * 9, frame, ws.load_values.data());

      update_joint_moments(plan, ws);
      detail::store_lanes(ws.joint_moment.data(), n, frame, active, output.joint_moment.data());
      if (last_stage < ChainStage::paths) continue;
      update_muscle_geometry(plan, ws);
      detail::store_lanes(ws.length.data(), ws.length.size(), frame, active, output.length.data());
      if (last_stage < ChainStage::fibers) continue;
      update_capacities(plan, ws);
      if (last_stage < ChainStage::recruitment) continue;
      update_recruitment(plan, ws);
      detail::store_recruitment(plan, ws, frame, active, output);
      if (!plan.contact_groups.empty()) {
        // what the ground gives is no longer asked of the joints
        detail::store_lanes(ws.joint_moment.data(), n, frame, active, output.joint_moment.data());
        detail::store_lanes(ws.contact_load.data(), ws.contact_load.size(), frame, active, output.contact.data());
      }
      if (last_stage < ChainStage::reactions || !plan.options.reactions) continue;
      update_reactions(plan, ws);
      detail::store_reactions(plan, ws, frame, active, output.reaction.data());
    }
  }
}

}  // namespace buttress
