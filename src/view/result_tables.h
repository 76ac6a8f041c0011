#pragma once
#include "base/table.h"
#include "load/inverse_chain.h"
#include "study/run_result.h"

/// Results of the chain as tables with OpenSim's column names where it has them. They look into the output and the
/// times, which must outlive them.
namespace buttress {

/// OpenSim's inverse_dynamics.sto: "<coordinate>_moment" (N m), "<coordinate>_force" for translations (N)
TableView make_joint_moment_table(const Model& model, const ChainOutput& output, const std::vector<double>& time);

/// one column per muscle and actuator; values [frames x columns]
TableView make_column_table(const std::vector<ForceColumn>& columns, const std::string& name,
                            const std::vector<double>& values, const std::vector<double>& time);

/// for every joint the load on its child, in the world: "<joint>_on_<child>_in_ground_fx" .. "_mz", "_px" .. "_pz"
TableView make_reaction_table(const Model& model, const ChainOutput& output, const std::vector<double>& time);

/// force, centre of pressure and free moment of each contact group, in the world; `groups` are
/// RunResult::contact_groups
TableView make_ground_force_table(const std::vector<std::string>& groups, const ChainOutput& output,
                                  const std::vector<double>& time);

}  // namespace buttress
