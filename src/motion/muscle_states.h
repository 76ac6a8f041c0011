#pragma once
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/table.h"
#include "muscle/fiber_dynamics.h"

/// Muscle states of a states file: activations, fibre lengths and what else OpenSim's muscle classes integrate.
///
/// Ids of this header:
///   STATES-001  columns of muscle states that the model's muscles do not have, and which are not used (warning)
///   STATES-002  muscles whose states have no column and stay at the model's defaults (warning)
///   STATES-003  a number is NaN or infinite
namespace buttress {

/// names of the state variables of a muscle as OpenSim has them, in its order
std::vector<std::string> find_state_names(const Muscle& muscle);

/// the variable of that name, one of find_state_names()
double get_state(const FiberState& state, const std::string& name);

/// States of all muscles at the given times, row-major [times x muscles]: linear between the rows, held at the ends.
/// Muscles without columns have the model's default state. Empty, with an error, when a number is not finite.
std::vector<FiberState> make_muscle_states(const Model& model, const Table& table, const std::string& file,
                                           const std::vector<double>& times, Diagnostics& diagnostics);

/// The column of a states table with the activation of an actuator that has one (Actuator::has_activation); -1: none.
int find_activation_column(const Table& table, const std::string& actuator);

/// the model's default states at `count` frames
std::vector<FiberState> make_default_states(const Model& model, std::size_t count);

}  // namespace buttress
