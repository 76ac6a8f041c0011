#pragma once
#include <Eigen/Dense>
#include <vector>

#include "model/model.h"
#include "multibody/kinematics.h"

/// The pose of a model that fits given marker positions best: one frame of inverse kinematics (see
/// inverse_kinematics.h for what is minimised).
namespace buttress {

/// a marker of the model and its weight
struct FitMarker {
  int marker = 0;  ///< index into Model::markers
  double weight = 1;
};
/// a coordinate that is drawn to a value
struct FitCoordinate {
  int coordinate = 0;
  double weight = 1;
};

/// what does not change from frame to frame
struct PoseFitPlan {
  const Model* model = nullptr;
  std::vector<FitMarker> markers;
  std::vector<FitCoordinate> coordinates;
  /// axes that an independent coordinate moves, in tree order; a body's chain lists them from the root outwards
  struct MovingAxis {
    int axis = 0, joint = 0;
    bool is_rotation = true;
    int first_term = 0, term_count = 0;  ///< into Kinematics::term, and Axis::terms
  };
  std::vector<MovingAxis> axes;
  std::vector<std::vector<int>> chain;            ///< [bodies] indices into axes
  std::vector<std::vector<int>> markers_on_body;  ///< [bodies] indices into markers
  std::vector<double> lower, upper;               ///< [independent] bounds; infinite when not clamped
};

PoseFitPlan make_pose_fit_plan(const Model& model, std::vector<FitMarker> markers,
                               std::vector<FitCoordinate> coordinates);

/// objective and its derivatives at one pose
struct PoseFitState {
  double objective = 0;
  Eigen::VectorXd gradient;            ///< [independent]
  Eigen::MatrixXd gauss_newton, bend;  ///< [independent x independent] J^T W J, and second derivatives times errors
};

/// Written by fit_pose(); one per thread. No memory is allocated after make_pose_fit_workspace().
struct PoseFitWorkspace {
  Kinematics<double> kin;
  PoseFitState here, there;
  Eigen::VectorXd q, q_new, step;  ///< [coordinates], [coordinates], [independent]
  Eigen::MatrixXd hessian;
  Eigen::LLT<Eigen::MatrixXd> factor;
  std::vector<double> axis_gradient;                     ///< [axes]
  Eigen::MatrixXd axis_square, axis_bend;                ///< [axes x axes], upper triangle
  std::vector<Vec3d> axis_velocity;                      ///< [axes] of one marker per unit of the axis's value
  std::vector<double> coupler_slope, coupler_curvature;  ///< [coordinates] of the row that drives it
  std::vector<char> is_fixed;                            ///< [independent] at a bound
};
PoseFitWorkspace make_pose_fit_workspace(const PoseFitPlan& plan);

struct PoseFitOptions {
  double step_tolerance = 1e-8;
  int max_iterations = 100;
};
struct PoseFitResult {
  bool converged = false;
  int iterations = 0;
  double objective = 0;
};

/// Fits one frame. Newton's method with exact second derivatives where the objective is convex, Gauss-Newton elsewhere,
/// both with Levenberg's damping when a step does not lower the objective; coordinates at a bound that push outwards
/// are held (projected Newton, Bertsekas 1982).
/// @param observed [markers x 3] in ground, m; NaN = not seen
/// @param wanted [coordinates of the plan] values that the coordinate tasks draw to
/// @param q [coordinates of the model] start on entry, fit on return; couplers are applied to it, locked and
///   prescribed coordinates stay as they are
PoseFitResult fit_pose(const PoseFitPlan& plan, const double* observed, const double* wanted,
                       const PoseFitOptions& options, double* q, PoseFitWorkspace& ws);

/// position of marker i of the plan in ground, at the pose last fitted
Vec3d find_marker_position(const PoseFitPlan& plan, const PoseFitWorkspace& ws, std::size_t i);

/// which independent coordinates move a marker of the plan or have a task
std::vector<bool> find_determined_rows(const PoseFitPlan& plan);

}  // namespace buttress
