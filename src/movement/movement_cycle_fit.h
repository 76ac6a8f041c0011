#pragma once
#include <Eigen/Dense>

#include "movement/movement_cycle.h"

namespace buttress {

/// How far beside the mass centre the line of the ground's force passes, measured along the ground, m: people keep the
/// angular momentum of the whole body small. 14 % of the foot's length on average (Popovic, Goswami, Herr 2005, Int J
/// Robot Res 24:1013, ten people walking; that the two points stay close is in the abstract, the number from memory; at
/// most 0.06 m in the public recording rajagopal_walk). Taken for stairs as well: on slopes the angular momentum is as
/// large or smaller downhill, larger uphill (Silverman 2012, J Biomech, 30 people, abstract).
inline constexpr double kSureTurn = 0.036;

/// a contact point of the right side that stays for a while
struct PlantedPoint {
  int point = 0;            ///< of the body's contact set
  double from = 0, to = 0;  ///< phase
  double x = 0, z = 0;      ///< place, m, found; its height is that of the ground, 0
};

/// where the pressure centre goes, along the places of two planted points
struct PressureGoal {
  std::size_t back = 0, front = 0;                ///< CycleFit::planted
  std::vector<std::pair<double, double>> course;  ///< phase, share of the way; empty = the middle of what is planted
  double sure = 0.02;                             ///< m
};

/// what the fit works on
struct CycleFit {
  const Model* model = nullptr;
  const ContactSet* contacts = nullptr;
  Cycle cycle;
  std::vector<PlantedPoint> planted;
  bool advance_is_free = false;
  PressureGoal pressure;
};

/// Full within the time that a point is planted, rising and falling over three hundredths of the cycle at its ends.
double calc_planted_weight(const PlantedPoint& point, double phase);

/// Gauss-Newton with damping; changes the cycle's curves and the places. One unit of effort is 2 mm of a planted point,
/// 2 mm of the pressure centre outside nine tenths of the support or 40 mm from its middle (or what its
/// course is sure to), kSureTurn from the mass centre, half a degree beyond a joint's range, or what a curve is sure
/// to, higher harmonics counting more. Each is averaged over the cycle.
void fit_cycle(CycleFit& fit);

}  // namespace buttress
