#pragma once
#include <optional>
#include <vector>

#include "base/diagnostics.h"
#include "load/inverse_chain.h"

namespace buttress {

/// A posture at rest with the floor's force on it.
struct StandingPosture {
  std::vector<double> q;            ///< [coordinates] rad, m
  std::vector<ChainLoad> loads;     ///< one: the floor under the standing foot
  std::vector<double> load_values;  ///< [loads x 9], see ChainInput::loads
};

/// Standing still on the right leg: pelvis and trunk level and upright, left hip flexed 30 and knee 60 degrees, the
/// foot flat, and hip and ankle turned so that the body's mass centre stands over the middle of the foot. The floor
/// carries the body weight there. Needs the coordinates and bodies of the built-in body (Rajagopal's names); adds
/// SIM-002 when one is missing and SIM-003 when no such posture is found.
std::optional<StandingPosture> make_single_leg_stance(const Model& model, Diagnostics& diagnostics);

}  // namespace buttress
