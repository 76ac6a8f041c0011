#pragma once
#include "movement/movement_solver.h"

/// Movements that repeat themselves: walking, stairs. Coordinates are Fourier series over the cycle; both sides do the
/// same, the left half a cycle after the right.
namespace buttress {

/// One coordinate, or a coordinate of both sides, over the cycle. Its basis is, harmonic by harmonic, cos(2 pi k t) and
/// sin(2 pi k t), and 1 for k = 0.
struct CycleCurve {
  std::string name;
  int right = -1, left = -1;         ///< coordinates; left = -1 for one of the midline
  double sure = 0;                   ///< rad or m
  std::vector<int> harmonics;        ///< a midline coordinate has those that both sides can share
  std::vector<double> base, change;  ///< [basis] of the file, and found; rad or m
};

/// value and derivatives by the phase, in cycles
struct CycleValue {
  double f = 0, df = 0, ddf = 0;
};

struct Cycle {
  std::vector<CycleCurve> curves;
  std::vector<double> rest;      ///< [coordinates] of what has no curve
  int forward = -1, up = -1;     ///< coordinates of the root that also go on
  double advance = 0, rise = 0;  ///< m a cycle
  double period = 0, speed = 0;  ///< s; m/s when the period follows from it
  double find_period() const { return speed > 0 ? advance / speed : period; }
};

/// the basis of a curve at a phase
std::vector<CycleValue> calc_cycle_basis(const CycleCurve& curve, double phase);

/// Coordinates at a phase, and their derivatives by the phase, [coordinates] each. Coupled ones are not set.
void calc_cycle_coordinates(const Cycle& cycle, double phase, double* q, double* dq, double* ddq);

/// Curves of the file on this body. Of a curve of the midline only those harmonics count that a mirrored step repeats:
/// even ones for motion within the sagittal plane, odd ones for motion out of it. The translations of the root get
/// curves too. Adds MOVE-003 for a name that is no coordinate and MOVE-002 for a period or speed that is not positive.
Cycle make_cycle(const Model& model, const MovementSpec& movement, Diagnostics& diagnostics);

/// Finds the way of the root and the least changes of the curves with which the planted points stay where they are and
/// the pressure centre that the motion needs lies within the planted points (Gauss-Newton over all coefficients at
/// once, so that the result is again a Fourier series: periodic, twice and more differentiable, the same on both
/// sides). Frames at every hundredth of one cycle. With a rise the points stand on steps that are added as surfaces.
/// Adds MOVE-003, MOVE-004 (point), MOVE-007 (planted points do not stay, or a curve is changed five times what it is
/// sure to), MOVE-008 (outside a joint's range) and returns nothing after any.
std::optional<SolvedMovement> solve_cycle(const Model& model, const MovementSpec& movement,
                                          const ContactSet& body_contacts, Diagnostics& diagnostics);

}  // namespace buttress
