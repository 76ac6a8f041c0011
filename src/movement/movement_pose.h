#pragma once
#include <Eigen/Dense>
#include <vector>

#include "load/contact.h"
#include "movement/movement.h"
#include "multibody/kinematics.h"

/// One posture: the coordinates that meet angles, places and balance as well as they can be met together.
namespace buttress {

/// How firmly each wish is held: one sigma counts the same for all (rad or m; places in lengths of the body, so that
/// people of all sizes move alike: kPlace is 1 mm on the built-in body of 1.75 m).
inline constexpr double kAskedAngle = 0.5 * kDegree, kUnaskedAngle = 2 * kDegree, kFreeAngle = 60 * kDegree;
inline constexpr double kFreeRoot = 10, kPlace = 1.045e-3, kTurn = 0.2 * kDegree, kRange = 0.5 * kDegree;

/// a placement with its numbers and its points
struct PlacedGroup {
  std::vector<int> points;  ///< of the body's contact set
  bool on_surface = false;
  ContactSurface surface;         ///< the one it is on; level for what is held in the air
  std::vector<double> heights;    ///< [points] above the surface, m
  std::vector<Vec3d> held_along;  ///< unit, world: directions along which the middle of the points is at `middle`
  Vec3d middle{0, 0, 0};          ///< world, m
  bool has_yaw = false;
  double yaw = 0;  ///< of their body, rad, towards the left
};

/// what one pose is to satisfy
struct PoseGoal {
  std::vector<double> target, sigma;  ///< [coordinates] rad or m; sigma 0 = not moved
  std::vector<PlacedGroup> places;
  std::vector<int> balance;           ///< contact points over whose middle the mass centre stands
  double offset_x = 0, offset_z = 0;  ///< m, or this far from it
};
/// Levenberg-Marquardt over the coordinates of one body with its contact points and what it carries. Keeps the poses of
/// the bodies of the last `place()` or `solve()`; the functions that look something up look there.
class PoseSolver {
 public:
  PoseSolver(const Model& model, const ContactSet& contacts, const MovementSpec& movement);

  /// whether the range of a coordinate is one of motion: muscles cross it, and it is not the pelvis on the ground
  bool has_range(std::size_t c) const { return has_range_[c]; }

  Vec3d find_point(int p) const;                            ///< contact point, world, m
  Vec3d find_middle(const std::vector<int>& points) const;  ///< of contact points, world, m
  double find_height(const PlacedGroup& g, int p) const;    ///< of a contact point above the group's surface, m
  Vec3d find_mass_center() const;                           ///< of the body and what it carries, world, m
  double find_yaw(const PlacedGroup& g) const;              ///< of the body of its points, rad, towards the left

  /// length unit of the body, m: from the origin of its root to the furthest of its bodies in the zero pose
  double body_length() const { return body_length_; }

  /// sets coupled coordinates in q and the poses of all bodies
  void place(std::vector<double>& q);

  /// all wishes in units of their sigma
  Eigen::VectorXd calc_residual(const PoseGoal& goal, std::vector<double>& q);

  /// the nearest minimum from q: until a step is smaller than `tolerance` (rad, m), at most 200 steps
  void solve(const PoseGoal& goal, std::vector<double>& q, double tolerance = 1e-9);

 private:
  const Model& model_;
  const ContactSet& contacts_;
  struct Carried {
    int body;
    Vec3d p_B;
    double mass;
  };
  std::vector<Carried> carried_;
  std::vector<bool> has_range_;  ///< [coordinates]
  Kinematics<double> kin_;
  double body_length_ = 0;
};

}  // namespace buttress
