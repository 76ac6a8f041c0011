#pragma once
#include <utility>
#include <vector>

#include "movement/movement_cycle_fit.h"
#include "multibody/kinematics.h"

/// The lines of the least-squares problem that fit_cycle() solves.
namespace buttress {

/// frames at which the fit looks at the cycle
inline constexpr int kFitFrames = 50;

/// which unknown stands where
struct CycleLayout {
  std::vector<std::size_t> curve;  ///< first of each curve's changes
  std::size_t place = 0, advance = 0, count = 0;
};

/// one line of the least-squares problem
struct CycleRow {
  double residual = 0;
  std::vector<std::pair<std::size_t, double>> slope;  ///< unknown, derivative
};

/// a frame of the cycle and its kinematics
struct CycleFrame {
  std::vector<double> q, dq, ddq;  ///< [coordinates], without coupled ones
  CoordinateTrajectory motion;     ///< one frame, with them
  Kinematics<double> kin;
};

inline void place_frame(const CycleFit& fit, double phase, CycleFrame& frame) {
  calc_cycle_coordinates(fit.cycle, phase, frame.q.data(), frame.dq.data(), frame.ddq.data());
}

/// adds d(residual)/d(coordinate) times the basis of its curve
inline void add_slope(const CycleLayout& at, std::size_t curve, const std::vector<CycleValue>& basis,
                      const Vec3d& by_q_dq_ddq, CycleRow& row) {
  for (std::size_t i = 0; i < basis.size(); ++i)
    row.slope.emplace_back(at.curve[curve] + i,
                           by_q_dq_ddq.x * basis[i].f + by_q_dq_ddq.y * basis[i].df + by_q_dq_ddq.z * basis[i].ddf);
}

/// The pressure centre lies within the support, and rather on its course or in the middle: three lines at a phase of
/// the first half of the cycle (the second is its mirror image). Without slopes when they are not asked for: they take
/// long.
void add_balance_rows(const CycleFit& fit, const CycleLayout& at, double phase, bool with_slopes, CycleFrame& frame,
                      std::vector<CycleRow>& rows);

}  // namespace buttress
