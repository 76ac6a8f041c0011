#pragma once
#include <string>
#include <vector>

#include "app/trial.h"
#include "base/diagnostics.h"

/// The analyses of OpenSim's tools, each from a model and a trial to tables with OpenSim's names.
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
/// What actuators do in inverse dynamics: adds TOOL-012 for each controller whose controls are not known and returns
/// false then, TOOL-013, a note, for each actuator whose force is counted.
bool check_driven_actuators(const Model& model, Diagnostics& diagnostics);
/// What the actuators do in OpenSim where no analysis finds or is given their forces: by their controllers' controls at
/// `time` (s), or by their own default activation.
/// @param force [actuators] N or N m
void find_driven_forces(const Model& model, double time, std::vector<double>& force);
/// OpenSim's InverseDynamicsTool: gravity, external loads, the model's springs, and its actuators with the force that
/// their controllers or their default activations give them. Departure: muscles are left out (forces_to_exclude
/// Muscles) whatever their controllers say.
/// @param exclude_model_forces springs and actuators are left out too
Table calc_inverse_dynamics(const Model& model, const Trial& trial, bool exclude_model_forces, unsigned thread_count);

struct StaticOptimizationChoices {
  int exponent = 2;
  bool use_muscle_physiology = true;
  unsigned thread_count = 0;
};
/// OpenSim's StaticOptimization: sum of activations to a power, over muscles and the model's own actuators, no reserves
/// but those of the model, passive fibre force and tendon compliance left out. Adds RECRUIT-001 for the first frame
/// whose motion the forces cannot make, naming the coordinate that lacks most.
/// @param solved false when some frame has no solution
std::vector<NamedTable> calc_static_optimization(const Model& model, const Trial& trial,
                                                 const StaticOptimizationChoices& choices, const std::string& file,
                                                 bool& solved, Diagnostics& diagnostics);

struct JointReactionChoices {
  std::string forces_file;                     ///< forces of muscles and actuators over time (.sto)
  std::vector<std::string> joints;             ///< names, or "ALL"
  std::vector<std::string> apply_on_bodies;    ///< "child" or "parent": one for all or one for each joint
  std::vector<std::string> express_in_frames;  ///< "ground", "child", "parent" or a body: one for all or one for each
};
/// OpenSim's JointReaction: reactions that follow from the forces in forces_file and the loads. Adds JR-001 (unknown
/// joint), JR-002 (list lengths), JR-003 (unknown body or frame), JR-004 (force columns missing), JR-005 (extra
/// columns, a warning: they are not used), JR-006 (frames outside the forces' times), JR-007 (singular mass matrix).
bool calc_joint_reactions(const Model& model, const Trial& trial, const JointReactionChoices& choices, Table& table,
                          Diagnostics& diagnostics);

struct MuscleAnalysisChoices {
  std::vector<std::string> muscles;      ///< names, or "all"
  std::vector<std::string> coordinates;  ///< of moment arms: names, or "all"
  bool compute_moments = true;
};
/// OpenSim's MuscleAnalysis with rigid tendons: lengths, fibre states, force capacities at full activation and moment
/// arms (couplers included). Adds MUSCLE-001 for unknown names. Departure: tendons do not stretch.
std::vector<NamedTable> calc_muscle_analysis(const Model& model, const Trial& trial,
                                             const MuscleAnalysisChoices& choices, Diagnostics& diagnostics);

}  // namespace buttress
