#pragma once
#include <vector>

#include "model/model.h"
#include "multibody/simbody_rates.h"

/// Where every body is, how it turns and accelerates. All vectors are expressed in the world W (ground).
namespace buttress {

/// Written by the update_ functions below; one per thread. Allocated once by make_kinematics().
template <class T>
struct Kinematics {
  // from update_positions(q)
  std::vector<Pose<T>> X_WB;      ///< [bodies] pose of each body, ground first
  std::vector<Vec3<T>> axis_W;    ///< [axes] direction of each primitive axis
  std::vector<Vec3<T>> center_W;  ///< [joints] point through which the joint's rotation axes pass
  std::vector<Vec3<T>> p_WM_W;    ///< [joints] origin of the joint frame M on the child: the joint centre
  std::vector<Jet<T>> term;       ///< [axis terms] value, slope and curvature of each term's function at q
  // from update_accelerations(qd, qdd)
  std::vector<Vec3<T>> w_WB_W;      ///< [bodies] angular velocity
  std::vector<Vec3<T>> v_WB_W;      ///< [bodies] velocity of the body origin
  std::vector<Vec3<T>> alpha_WB_W;  ///< [bodies] angular acceleration
  std::vector<Vec3<T>> a_WB_W;      ///< [bodies] acceleration of the body origin
};

template <class T>
Kinematics<T> make_kinematics(const Model& model);

/// index of the first term of each axis in Kinematics::term, [axes + 1]
std::vector<int> find_first_terms(const Model& model);

/// poses, axes and function slopes at q [coordinates] (rad, m). Couplers are not applied: q is taken as it is.
template <class T>
void update_positions(const Model& model, const T* q, Kinematics<T>& kin);

/// velocities and accelerations at qd, qdd [coordinates]; call update_positions first. With qdd = nullptr the
/// accelerations are those of the velocities alone (centripetal and Coriolis).
/// Accelerations are of the motion alone; gravity is not in them.
template <class T>
void update_accelerations(const Model& model, const T* qd, const T* qdd, Kinematics<T>& kin);

/// mass centre of all bodies, in the world, m; call update_positions first. The model must have mass.
Vec3d calc_mass_center(const Model& model, const Kinematics<double>& kin);

// compiled once for plain numbers; kinematics.inl holds the definitions for lanes and derivatives
extern template Kinematics<double> make_kinematics<double>(const Model&);
extern template void update_positions<double>(const Model&, const double*, Kinematics<double>&);
extern template void update_accelerations<double>(const Model&, const double*, const double*, Kinematics<double>&);

}  // namespace buttress
