#pragma once
#include <vector>

#include "multibody/kinematics.h"
#include "muscle/path_plan.h"
#include "muscle/wrap_outcome.h"

/// Lengths, moment arms and pulls of all muscle paths of a model at one pose (or one pose per lane).
namespace buttress {

/// a mask that can live in a std::vector (std::vector<bool> packs its bits)
template <class T>
struct MaskBox {
  Mask<T> m;
};

/// Written by update_paths(); one per thread, allocated once by make_path_workspace().
template <class T>
struct PathWorkspace {
  std::vector<T> length;               ///< [paths] m
  std::vector<T> moment_arm;           ///< [non-zeros of the plan] R = -d length/dq, m for rotations, 1 for slides
  std::vector<Wrench<T>> body_wrench;  ///< [entries of PathPlan::touched_body] pull of the path under unit tension
  /// [non-zeros with PathRule::opensim, else 0] minus the rate of the length for each coordinate's; not moment_arm over
  /// several wrap objects
  std::vector<T> speed_arm;

  // scratch
  std::vector<Pose<T>> X_WS;              ///< [wrap objects] used ones only
  std::vector<Wrench<T>> sum;             ///< [PathPlan::sum_count]
  std::vector<Vec3<T>> rigid_moment;      ///< [entries of touched_body with PathRule::opensim] see add_tight_pulls()
  std::vector<Vec3<T>> point_W;           ///< [most points of a path]
  std::vector<MaskBox<T>> is_active;      ///< [most points]
  std::vector<MaskBox<T>> stretch_wraps;  ///< [most stretches]
  std::vector<Vec3<T>> moving_force_W;    ///< [most points] pull at a moving point
  std::vector<Vec3<T>> moving_axis_W;     ///< [3 x most moving points] d point / d coordinate
  std::vector<T> powers;                  ///< of the coordinates of a polynomial
  WrapOutcome<T> outcome{};
};

template <class T>
PathWorkspace<T> make_path_workspace(const Model& model, const PathPlan& plan);

/// Length, moment arms and body wrenches of every path at the pose in `kin` (call update_positions() first).
/// `q` [coordinates] decides which conditional points are active (inside their range widened by 1e-5, as in OpenSim)
/// and places moving points. Moment arms are for all coordinates of the model as if they were independent (couplers
/// are the caller's); they are exactly the slope of the length that is returned. Polynomial paths have no wrenches.
///
/// Paths follow OpenSim's GeometryPath: which stretches may wrap, mandatory before optional wraps, least change of
/// length, up to eight passes over several objects until the length changes by less than 0.5 mm. Departures, besides
/// those named at wrap_cylinder(), wrap_sphere(), wrap_ellipsoid() and wrap_torus(): where two cylinders or spheres
/// follow each other, the path is then tightened until it is straight between them, because OpenSim's leftover kink
/// has no moment arm by tension; and no result depends on an earlier pose.
template <class T>
void update_paths(const Model& model, const PathPlan& plan, const Kinematics<T>& kin, const T* q, PathWorkspace<T>& ws);

/// rate of the length of path p, m/s, at coordinate rates qd [coordinates]
template <class T>
T find_lengthening_speed(const PathPlan& plan, const PathWorkspace<T>& ws, int p, const T* qd) {
  const std::size_t row = static_cast<std::size_t>(p);
  const std::vector<T>& arms = ws.speed_arm.empty() ? ws.moment_arm : ws.speed_arm;
  T speed(0.0);
  for (int k = plan.row_start[row]; k < plan.row_start[row + 1]; ++k)
    speed -= arms[static_cast<std::size_t>(k)] * qd[plan.columns[static_cast<std::size_t>(k)]];
  return speed;
}

// compiled once for plain numbers; path_kinematics.inl holds the definitions for lanes and derivatives
extern template PathWorkspace<double> make_path_workspace<double>(const Model&, const PathPlan&);
extern template void update_paths<double>(const Model&, const PathPlan&, const Kinematics<double>&, const double*,
                                          PathWorkspace<double>&);

}  // namespace buttress
