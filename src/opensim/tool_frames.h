#pragma once
#include <memory>

#include "load/chain_workspace.h"
#include "load/joint_reaction.h"
#include "motion/muscle_states.h"
#include "study/trial.h"

/// What OpenSim's AnalyzeTool hands to its analyses at each frame: the pose, the states of the muscles, and what all
/// forces of the model do then.
namespace buttress {

struct AnalyzeTrial {
  Trial trial;
  std::vector<FiberState> states;  ///< [frames x muscles]
  bool equilibrate = false;        ///< fibre lengths are those in equilibrium with the activations, at each frame
  std::vector<double> controls;    ///< [frames x actuators] of the model's actuators; force = control * optimal force

  std::size_t frame_count() const { return trial.motion.frame_count(); }
};
/// muscles at the model's default states, actuators at rest
AnalyzeTrial make_analyze_trial(const Model& model, Trial trial);

/// Written by the update_ functions below; made once per analysis.
struct FrameDynamics {
  const Model* model = nullptr;
  ChainPlan plan;
  // from update_frame_poses and update_frame_paths
  ChainWorkspace<double> chain;  ///< poses, velocities, paths, springs
  // from update_frame
  std::vector<FiberState> states;     ///< [muscles]
  std::vector<FiberDynamics> fibers;  ///< [muscles]
  AppliedForces applied;              ///< muscles, actuators and external loads
  // from update_frame_accelerations
  ReactionWorkspace reaction;  ///< accelerations and joint wrenches under those forces and the springs
};
/// @param fibers those of a plan of the same model without passive forces (ChainOptions::fibers); nullptr = made anew
FrameDynamics make_frame_dynamics(const Model& model, const AnalyzeTrial& trial,
                                  std::shared_ptr<const FiberPlan> fibers = nullptr);

/// Poses, velocities and external loads at a frame: all that springs and points of loads need, unless they follow
/// paths.
void update_frame_poses(const AnalyzeTrial& trial, std::size_t frame, FrameDynamics& dynamics);
/// lengths and lengthening speeds of all paths, after update_frame_poses()
void update_frame_paths(FrameDynamics& dynamics);

/// Everything at a frame but accelerations.
void update_frame(const AnalyzeTrial& trial, std::size_t frame, FrameDynamics& dynamics);

/// The accelerations that `dynamics.applied` and the springs give. False, with JR-007, when the mass matrix is
/// singular.
bool update_frame_accelerations(const AnalyzeTrial& trial, std::size_t frame, FrameDynamics& dynamics,
                                Diagnostics& diagnostics);

/// an actuator's speed as OpenSim has it, m/s or rad/s: of the coordinate; the lengthening of the path or of the way
/// between two points; about the axis as the file has it, in the world's frame even where it is the body's; and of a
/// PointActuator the size of its point's velocity, in whatever direction
double find_actuator_speed(const FrameDynamics& dynamics, const Actuator& actuator);

/// a quantity of a path's length per second: lengthening speed, m/s
double find_path_speed(const FrameDynamics& dynamics, int path);

}  // namespace buttress
