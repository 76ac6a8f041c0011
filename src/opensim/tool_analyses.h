#pragma once
#include <array>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "opensim/tool_frames.h"

/// The analyses of OpenSim's tools, each from a model and a trial to tables with OpenSim's names.
///
/// Those that take an AnalyzeTrial compute what OpenSim computes from the states: muscles pull as their activations and
/// lengths say, actuators as their controls say, and accelerations are those that all forces give.
///
/// Ids of this header, besides those named below: ANALYZE-001 (a name that the model does not have; it is left out, as
/// in OpenSim, or an error where nothing would be left).
namespace buttress {

/// a table and the end of its file's name, e.g. "StaticOptimization_force"
struct NamedTable {
  std::string suffix;
  Table table;
};

/// The model without the springs, and without what drives the actuators, that forces_to_exclude names: ALL, ACTUATORS
/// and MUSCLES in any case of letters, groups of the ForceSet and, where it has no groups, forces. Adds TOOL-011, a
/// warning, for a name that is none of them, and TOOL-001 when muscles are not named. Source: OpenSim's
/// DynamicsTool::disableDrivenForces.
Model exclude_forces(const Model& model, const std::vector<std::string>& excluded, const std::string& file,
                     Diagnostics& diagnostics);
/// Adds TOOL-012 for each controller whose controls are not known, and returns false then. `tool`: OpenSim's name of
/// the one in which they count.
bool refuse_unknown_controls(const Model& model, const std::string& tool, Diagnostics& diagnostics);
/// What actuators do in inverse dynamics: TOOL-012 as above, and TOOL-013, a note, for each actuator whose force is
/// counted.
bool check_driven_actuators(const Model& model, Diagnostics& diagnostics);
/// What the actuators do in OpenSim's inverse dynamics, and in analyses that neither find nor are given their forces:
/// by their controllers' controls at `time` (s), or by their own default activation.
/// @param force [actuators] N or N m
void find_driven_forces(const Model& model, double time, std::vector<double>& force);
/// OpenSim's InverseDynamicsTool: gravity, external loads, the model's springs, and its actuators with the force that
/// their controllers or their default activations give them. Departure: muscles are left out (forces_to_exclude
/// Muscles) whatever their controllers say; exclude_forces() leaves out more.
Table calc_inverse_dynamics(const Model& model, const Trial& trial, unsigned thread_count);

struct StaticOptimizationChoices {
  int exponent = 2;
  bool use_muscle_physiology = true;
  unsigned thread_count = 0;
};
/// OpenSim's StaticOptimization: sum of activations to a power, over muscles and the model's own actuators, no reserves
/// but those of the model, passive fibre force and tendon compliance left out. The states of the muscles do not count
/// in it, as in OpenSim. Adds RECRUIT-001 for the first frame whose motion the forces cannot make, naming the
/// coordinate that lacks most.
/// @param solved false when some frame has no solution
std::vector<NamedTable> calc_static_optimization(const Model& model, const Trial& trial,
                                                 const StaticOptimizationChoices& choices, const std::string& file,
                                                 bool& solved, Diagnostics& diagnostics);

struct JointReactionChoices {
  std::string forces_file;  ///< forces of muscles and actuators over time (.sto); empty: those of the trial's states
  std::vector<std::string> joints;             ///< names, or "ALL"
  std::vector<std::string> apply_on_bodies;    ///< "child" or "parent": one for all or one for each joint
  std::vector<std::string> express_in_frames;  ///< "ground", "child", "parent" or a body: one for all or one for each
};
/// OpenSim's JointReaction: reactions that follow from the forces and the loads. Adds JR-001 (unknown joint), JR-002
/// (list lengths), JR-003 (unknown body or frame), JR-004 (force columns missing), JR-005 (extra columns, a warning:
/// they are not used), JR-006 (frames outside the forces' times), JR-007 (singular mass matrix).
bool calc_joint_reactions(const Model& model, const AnalyzeTrial& trial, const JointReactionChoices& choices,
                          Table& table, Diagnostics& diagnostics);

struct MuscleAnalysisChoices {
  std::vector<std::string> muscles;      ///< names, or "all"
  std::vector<std::string> coordinates;  ///< of moment arms: names, or "all"
  bool compute_moments = true;
};
/// OpenSim's MuscleAnalysis: lengths, velocities, forces and powers of fibres and tendons in the trial's states, moment
/// arms (couplers included) and moments. Angles in rad. ANALYZE-001 for unknown names.
std::vector<NamedTable> calc_muscle_analysis(const Model& model, const AnalyzeTrial& trial,
                                             const MuscleAnalysisChoices& choices, Diagnostics& diagnostics);

/// OpenSim's Kinematics: "q", "u" and "dudt" of the wanted coordinates ("all"), in the order of its CoordinateSet.
/// Empty with an error of its own (JR-007).
std::vector<NamedTable> calc_kinematics(const Model& model, const AnalyzeTrial& trial,
                                        const std::vector<std::string>& coordinates, bool in_degrees,
                                        Diagnostics& diagnostics);

struct BodyKinematicsChoices {
  std::vector<std::string> bodies{"all"};  ///< names, "center_of_mass", or "all": these two together
  bool in_body_frame = false;              ///< velocities and accelerations in the body's own frame
  bool in_degrees = true;
};
/// OpenSim's BodyKinematics: positions of mass centres (W) with body-fixed x-y-z angles, and their velocities and
/// accelerations with angular ones. Suffixes "pos_global", "vel_global" or "vel_bodyLocal", "acc_...".
std::vector<NamedTable> calc_body_kinematics(const Model& model, const AnalyzeTrial& trial,
                                             const BodyKinematicsChoices& choices, Diagnostics& diagnostics);

struct PointKinematicsChoices {
  std::string body = "ground", relative_to = "none", point_name = "NONAME";
  std::array<double, 3> point{0, 0, 0};  ///< m, in the body's frame
};
/// OpenSim's PointKinematics: "NAME_pos", "NAME_vel", "NAME_acc" of a point of a body. With relative_to the position is
/// seen from that body; velocity and acceleration are those in the world, turned into its frame, as in OpenSim.
std::vector<NamedTable> calc_point_kinematics(const Model& model, const AnalyzeTrial& trial,
                                              const PointKinematicsChoices& choices, Diagnostics& diagnostics);

/// OpenSim's ForceReporter: what each force of the model records, in the model's order, then external loads; with
/// `include_constraints` also the forces of couplers.
std::vector<NamedTable> calc_force_report(const Model& model, const AnalyzeTrial& trial, bool include_constraints,
                                          Diagnostics& diagnostics);

/// OpenSim's Actuation: "force", "speed" and "power" of muscles and actuators
std::vector<NamedTable> calc_actuation(const Model& model, const AnalyzeTrial& trial, Diagnostics& diagnostics);

/// OpenSim's StatesReporter: "states", with OpenSim 4's names
std::vector<NamedTable> calc_states_report(const Model& model, const AnalyzeTrial& trial, Diagnostics& diagnostics);

}  // namespace buttress
