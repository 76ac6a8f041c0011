#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "body/body_strength.h"
#include "body/muscle_groups.h"
#include "body/person_body.h"
#include "load/chain_plan.h"

namespace buttress {

/// The built-in body made ready for movements: in a person's size and strength, with all its contact points. Made once,
/// used for many movements, also by several threads.
struct SimulatedBody {
  PersonBody of;  ///< person, model, scale factors, norms
  ContactSet contacts;
  MuscleGroups groups;
  std::optional<BodyStrength> strength;     ///< factors for ChainOptions::strength; nothing: the forces are as modelled
  std::shared_ptr<const FiberPlan> fibers;  ///< for ChainOptions
  std::vector<std::string> files;           ///< of the data folder that it was made from: model, contacts, groups
};

/// Reads and scales; nothing after an error. @param person_file empty = the default person
/// @param strength_as_modelled true: the muscles keep the forces of data/models/buttress_body.osim
std::optional<SimulatedBody> prepare_body(const std::string& data_folder, const std::string& person_file,
                                          bool strength_as_modelled, Diagnostics& diagnostics);

}  // namespace buttress
