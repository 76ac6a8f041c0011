#pragma once
#include <array>
#include <string>
#include <vector>

#include "model/model.h"
#include "multibody/kinematics.h"
#include "muscle/contact_forces.h"
#include "muscle/passive_expression.h"

/// Springs, bushings, joint limits, ligaments and contact: forces that follow from the pose and its rate alone, as
/// OpenSim's classes of the same names compute them.
namespace buttress {

/// Built once per model: formulas compiled, constants ready.
struct PassiveForcePlan {
  std::vector<std::array<Expression, 6>> expressions;  ///< [passive forces]; empty where a kind has none
  std::vector<std::vector<ContactPair>> contacts;      ///< [passive forces]; empty but for contact forces
  std::vector<int> damped_paths;                       ///< [paths, some] whose lengthening speed some force needs
};

/// a passive force whose parameters make no sense
struct PassiveForceProblem {
  std::string name;
  SourceLine at;
  std::string message;  ///< for formulas with the position and the text
};

/// All problems of the model's passive forces, for whoever reports to the user; empty when there are none.
std::vector<PassiveForceProblem> find_passive_force_problems(const Model& model);

/// Throws std::invalid_argument with the first of the problems above.
PassiveForcePlan make_passive_force_plan(const Model& model);

/// Written by update_passive_forces; one per thread.
template <class T>
struct PassiveForceWorkspace {
  std::vector<Wrench<T>>
      body_wrench;                  ///< [bodies] bushings, point springs, contact: about the world origin, in the world
  std::vector<T> coordinate_force;  ///< [coordinates] N m or N: limits, springs and formulas on coordinates
  std::vector<T> tension;           ///< [passive forces] N, along paths; zero for the others. Not in body_wrench:
                                    ///< it acts along the ligament's path, like a muscle's force
};

template <class T>
PassiveForceWorkspace<T> make_passive_force_workspace(const Model& model);

/// All passive forces at the poses and velocities of `kin` (update_positions and update_velocities first), coordinate
/// values q and speeds qd [coordinates], and lengths and lengthening speeds [paths] in m and m/s; of the speeds only
/// those of plan.damped_paths are read. Does not allocate.
///
/// bushing, expression_bushing: deviation of frame2 from frame1 as body-fixed x-y-z angles and as position in frame1;
///   generalized forces -(stiffness * deviation + damping * its rate), turned into a moment and a force on frame2 and
///   the opposite on frame1 at the same place (Simbody's Force::LinearBushing). The second angle must stay within a
///   right angle.
/// coordinate_limit: stiffness rises from zero at the limit to its full value over the transition along a quintic step,
///   and so does the damping. Departure: a stiffness of zero leaves the damping on, where OpenSim divides 0 by 0.
/// coordinate_spring: -stiffness (q - rest_length) - viscosity qd.
/// expression_coordinate: the formula of q and qdot is the force.
/// point_to_point_spring: stiffness (distance - rest_length) along the line, pushing when shorter than at rest.
/// ligament: pcsa_force * force_length(length / resting_length), zero up to the resting length.
/// function_bushing: a bushing whose six elastic forces are minus functions of their own deviation each.
/// expression_point_to_point: the formula of distance d and its rate ddot draws the two points together.
/// path_spring: stiffness * stretch (1 + dissipation * lengthening speed), zero up to the resting length.
/// expression_path: the formula of stretch s and lengthening speed ldot is the tension.
/// blankevoort_ligament (Blankevoort and Huiskes 1991): with the strain e beyond the slack length (resting_length),
///   stiffness e^2 / (2 transition_strain) up to the transition strain and stiffness (e - transition_strain / 2)
///   beyond; and, while it lengthens, damping_coefficient * strain rate, which fades in over the first 1 % of strain.
/// smooth_sphere_half_space, hunt_crossley, meyer_fregly_2016: see contact_forces.h.
template <class T>
void update_passive_forces(const Model& model, const PassiveForcePlan& plan, const Kinematics<T>& kin, const T* q,
                           const T* qd, const T* path_length, const T* path_speed, PassiveForceWorkspace<T>& ws);

// compiled once for plain numbers; passive_forces.inl holds the definitions for lanes and derivatives
extern template PassiveForceWorkspace<double> make_passive_force_workspace<double>(const Model&);
extern template void update_passive_forces<double>(const Model&, const PassiveForcePlan&, const Kinematics<double>&,
                                                   const double*, const double*, const double*, const double*,
                                                   PassiveForceWorkspace<double>&);

}  // namespace buttress
