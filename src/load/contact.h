#pragma once
#include <string>
#include <vector>

#include "model/model.h"
#include "spatial/spatial.h"

/// Contact with the floor, a chair or a step as columns of the recruitment problem: no plates, no springs.
///
/// Every contact point has five columns that push like muscles, along n, n +- mu t1 and n +- mu t2 of its surface
/// (a friction pyramid), each with the strength N_max x ramp(height) x ramp(speed). What they cannot balance stays as
/// residual of the joint that carries the whole body. Fluit et al. 2014, J Biomech 47:2321; Skals et al. 2017,
/// Multibody Syst Dyn 39:175. Departures: the normal column and the inclined ones are columns of the same least-squares
/// criterion as the muscles, ramps are twice differentiable.
namespace buttress {

/// a flat surface fixed in the world
struct ContactSurface {
  std::string name;
  Vec3d p_W{0, 0, 0};         ///< a point of it; the middle when it has ends
  Vec3d normal_W{0, 1, 0};    ///< unit, out of the surface
  Vec3d tangent1_W{1, 0, 0};  ///< unit, in the surface
  Vec3d tangent2_W{0, 0, 1};  ///< unit, in the surface, across tangent1
  double half_size1 = 1e9;    ///< m, along tangent1; nothing beyond it is touched
  double half_size2 = 1e9;    ///< m, along tangent2
  double friction = 0.5;      ///< mu; the value of the template of Fluit 2014
};

/// a point of a body that may press on one surface
struct ContactPoint {
  std::string name;
  std::string group;  ///< points of one group and surface are reported as one force, e.g. "foot_r"
  int body = 0;
  Vec3d p_B{0, 0, 0};
  int surface = 0;        ///< ContactSet::surfaces index
  double strength = 500;  ///< N_max of each of its five columns, N
};

/// Where a point counts as touching. Both ramps fall from 1 at 80 % of the limit to 0 at the limit.
struct ContactRamps {
  double height_limit = 0.04;  ///< m above the surface (Fluit 2014's template)
  double depth_limit = 0.10;   ///< m below it
  double speed_limit = 0.8;    ///< m/s of the point (Fluit 2014's template)
  double edge_width = 0.01;    ///< m over which a surface ends
};

/// five columns a point
inline constexpr int kContactColumns = 5;

struct ContactSet {
  std::vector<ContactSurface> surfaces;
  std::vector<ContactPoint> points;
  ContactRamps ramps;
};

/// points of one group on one surface: one force, one centre of pressure
struct ContactGroup {
  std::string name;  ///< the group's name; with " on SURFACE" when the group touches several
  int surface = 0;
  std::vector<int> points;  ///< ContactSet::points
};

/// groups in order of first appearance
std::vector<ContactGroup> find_contact_groups(const ContactSet& contacts);

/// Height of the floor under a recorded movement: the median over the frames of the lowest contact point, for
/// movements that never leave the ground. q [frames x coordinates].
double estimate_floor_height(const Model& model, const ContactSet& contacts, const double* q, std::size_t frame_count);

/// the level floor y = height
ContactSurface make_floor(double height = 0);

/// 1 below 80 % of the limit, 0 from the limit on, in between 1 - (10 s^3 - 15 s^4 + 6 s^5)
template <class T>
T calc_contact_ramp(const T& x, double limit) {
  const T s = min(max((x - T(0.8 * limit)) * T(1 / (0.2 * limit)), T(0.0)), T(1.0));
  return T(1.0) - s * s * s * (T(10.0) + s * (T(6.0) * s - T(15.0)));
}

}  // namespace buttress
