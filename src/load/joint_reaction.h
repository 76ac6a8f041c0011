#pragma once
#include <string>
#include <vector>

#include "load/chain_plan.h"
#include "multibody/kinematics.h"

/// Joint reactions as OpenSim's JointReaction analysis has them: given forces of muscles and actuators decide the
/// accelerations, and those decide what each joint transmits. (The fast chain gets the same loads from the recorded
/// accelerations; the two agree as far as the forces reproduce the motion.)
namespace buttress {

/// One load to report.
struct ReactionRequest {
  int joint = 0;                   ///< Model::joints
  bool on_parent = false;          ///< the load on the parent instead of the child
  int expressed_in_body = 0;       ///< 0 = ground
  Posed X_BE = Posed::identity();  ///< frame E on that body in which the load is expressed
};

/// force (N), moment (N m) and point of application (m), all in the requested frame
struct ReactionLoad {
  Vec3d force, moment, point;
};

/// Forces that act at one instant, in SI, besides gravity.
struct AppliedForces {
  std::vector<double> muscle;            ///< [muscles] tension along the tendon, N
  std::vector<double> actuator;          ///< [actuators] N or N m
  std::vector<Wrench<double>> external;  ///< [bodies] about the world origin
};

struct ReactionWorkspace {
  Kinematics<double> kinematics;
  PathWorkspace<double> paths;
  PassiveForceWorkspace<double> passive;
  std::vector<Wrench<double>> applied, joint_wrench;
  std::vector<double> generalized, qdd;
  std::vector<double> path_speed;   ///< [paths] lengthening; only PassiveForcePlan::damped_paths are written
  std::vector<double> wrench_work;  ///< [coordinates] work of a path's pulls on bodies, per unit tension
};
ReactionWorkspace make_reaction_workspace(const ChainPlan& plan);

/// Accelerations and joint wrenches at q, qd, time under `forces` and the model's springs. Returns false when the mass
/// matrix is singular. Results stay in the workspace for find_reaction_load.
bool update_joint_reactions(const ChainPlan& plan, const double* q, const double* qd, double time,
                            const AppliedForces& forces, ReactionWorkspace& ws);

/// The load of one joint. On the child it acts at the joint frame on the child, on the parent with opposite sign at
/// the joint frame on the parent.
/// @param force_W, moment_W force and moment about p_WM_W on the child, in the world
ReactionLoad find_reaction_load(const Model& model, const Kinematics<double>& kin, const ReactionRequest& request,
                                const Vec3d& force_W, const Vec3d& moment_W);
/// from the workspace after update_joint_reactions
ReactionLoad find_reaction_load(const Model& model, const ReactionWorkspace& ws, const ReactionRequest& request);

}  // namespace buttress
