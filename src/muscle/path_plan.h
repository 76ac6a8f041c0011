#pragma once
#include <vector>

#include "model/model.h"

/// Everything about muscle paths that does not change with the pose, worked out once per model so that the kernels
/// only walk flat lists.
namespace buttress {

/// A stretch that is part of the path while both of its ends are active and the points between them, all
/// conditional, are not.
struct PathStretch {
  int from = 0, to = 0;              ///< points of the path
  int from_entry = 0, to_entry = 0;  ///< their bodies, as entries of PathPlan::touched_body
  bool is_rigid = false;             ///< both ends are fixed on one body
  double rigid_length = 0;           ///< m
  bool is_conditional = false;       ///< depends on a conditional point
};

/// a point whose place in the world is needed
struct PlacedPoint {
  int point = 0, body = 0;
  Vec3d p_B{0, 0, 0};
};

/// One joint that the path crosses, leaves first: the wrench on everything below the joint is the sum of `sources`.
struct PathJoint {
  int joint = 0;
  int first_source = 0, source_count = 0;  ///< into PathPlan::sources
  int sum = -1;                            ///< where the sum is kept when there are several sources
  int first_axis = 0, axis_count = 0;      ///< into PathPlan::axes
};

/// an axis of such a joint
struct PathAxis {
  int axis = 0;
  bool is_rotation = true;
  int first_term = 0, term_count = 0;  ///< into PathPlan::terms
};
/// its term of a coordinate
struct PathTerm {
  int term = 0;       ///< into Kinematics::term
  int entry = 0;      ///< of the moment arms
  bool adds = false;  ///< to what an earlier term of the path wrote there
};

enum class PathMethod {
  straight,       ///< always the same straight stretches
  conditional,    ///< stretches that come and go, no wrapping
  one_wrap,       ///< one wrap object
  several_wraps,  ///< two or more
  polynomial
};

struct PathRecipe {
  PathMethod method = PathMethod::straight;
  int first_stretch = 0, stretch_count = 0;
  int first_touched = 0, touched_count = 0;
  int first_joint = 0, joint_count = 0;
  bool has_conditional = false;
  double rigid_length = 0;              ///< sum of the rigid stretches that are left out of the list
  std::vector<PlacedPoint> points;      ///< those that do not move in their body
  std::vector<int> wrap_entries;        ///< bodies of the wrap objects, as entries of PathPlan::touched_body
  std::vector<int> unwritten;           ///< moment-arm entries that no joint writes
  std::vector<int> moving_points;       ///< those that do
  std::vector<int> moving_columns;      ///< their moment-arm entries, 3 per moving point; -1 = does not move
  std::vector<int> polynomial_columns;  ///< moment-arm entry of each polynomial coordinate
  std::vector<int> exponents;           ///< [terms x coordinates] of the polynomial's terms that are not zero
  std::vector<double> coefficients;     ///< [terms]
};

/// a path over several wrap objects may have this many points, two for each wrap object included
inline constexpr int kMostWrappedPoints = 64;

/// What a path over two or more wrap objects is.
enum class PathRule {
  geodesic,  ///< pulled straight between objects; moment arms are exactly the slope of the length
  /// OpenSim 4: arcs of the last of up to eight passes, and straight pieces between the points at which each object was
  /// touched in the first, because it remembers where a wrap point is in the ground and does not forget between passes.
  /// No path has that length (5.6 mm too short for Rajagopal's gastrocnemius), and moment arms are not its slope: they
  /// are those of tension along the straight pieces, which pulls at the points of the last pass. Its rate is a third
  /// thing, with pieces on one body that lengthen as the body turns. All are OpenSim's, but arms and rates about joints
  /// that the path does not cross are left out (0.2 to 0.5 mm at the hip for Rajagopal's gastrocnemius lateralis). For
  /// comparison with OpenSim's results.
  opensim,
};

/// Built by make_path_plan(); read-only, shared by all threads.
struct PathPlan {
  PathRule rule = PathRule::geodesic;
  // moment arms R [paths x coordinates] in compressed rows: columns of row p are
  // columns[row_start[p]] .. columns[row_start[p + 1] - 1], increasing
  std::vector<int> row_start;  ///< [paths + 1]
  std::vector<int> columns;    ///< [non-zeros] coordinate

  // bodies that a path pulls at: those of path p are touched_body[touched_start[p]] .. touched_start[p + 1] - 1
  std::vector<int> touched_start;  ///< [paths + 1]
  std::vector<int> touched_body;   ///< increasing within a path

  std::vector<PathRecipe> recipes;  ///< [paths]
  std::vector<PathStretch> stretches;
  std::vector<PathJoint> joints;
  std::vector<int> sources;  ///< entry of touched_body, or touched_body.size() + index of a sum
  std::vector<PathAxis> axes;
  std::vector<PathTerm> terms;
  std::vector<bool> is_wrap_used;  ///< [wrap objects]
  int sum_count = 0, most_points = 0, most_stretches = 0, most_wraps = 0, most_moving = 0, most_powers = 0;
};

/// Throws std::invalid_argument when a path's list of coordinates misses one that moves it, when a path has fewer
/// than two points, more than kMostWrappedPoints with several wrap objects, or when a polynomial has the wrong number
/// of coefficients.
PathPlan make_path_plan(const Model& model, PathRule rule = PathRule::geodesic);

}  // namespace buttress
