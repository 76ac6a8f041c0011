#pragma once
#include <vector>

#include "model/model.h"

/// What a dynamometer would show: the torque that muscles make about one coordinate while nothing moves.
namespace buttress {

/// A posture and the coordinate whose torque is asked for.
struct IsometricTest {
  std::vector<double> q;  ///< [coordinates] rad, m; coupled coordinates are set from those that drive them
  int coordinate = 0;     ///< into Model::coordinates; an independent one
};

/// Torque of every muscle about the test's coordinate at full activation and no speed [tests][muscles], N m (N for a
/// slide), positive where it would increase the coordinate. Coupled coordinates count through their couplers, so that
/// `lumbar_extension` has the muscles of all levels. Active force only: a dynamometer is set to zero with the resting
/// limb in it, which takes weight and passive fibre force out of what it shows.
/// Zero everywhere when no muscle acts on the coordinate, or it is coupled, locked or prescribed.
std::vector<std::vector<double>> calc_isometric_torques(const Model& model, const std::vector<IsometricTest>& tests);

/// The most that can be shown in one direction while the torques about other coordinates stay zero, because nothing
/// holds the limb there: max d sum t a, sum e a = 0 for each e of `balanced`, 0 <= a <= 1. What each muscle adds
/// [muscles], N m, not below 0; their sum is that maximum (what muscles take away that only balance is taken from all
/// in proportion). With nothing to balance (the dynamometer and its belts hold what must be still) every muscle that
/// pulls that way is fully active and the others are at rest: the torques that pull in the direction.
/// @param direction +1 or -1
/// @param balanced at most two rows [muscles], N m, of the same posture as `torques`; throws std::invalid_argument for
///        more
std::vector<double> calc_isometric_shares(const std::vector<double>& torques, double direction,
                                          const std::vector<std::vector<double>>& balanced);

}  // namespace buttress
