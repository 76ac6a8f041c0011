#pragma once
#include <vector>

#include "numeric/piecewise_polynomial.h"

namespace buttress {

struct FiberPlan;

/// Tension of a muscle at rest as a function of its length, with fibre and elastic tendon in equilibrium. A rigid
/// tendon leaves all of a stretch to the fibre: the soleus (fibre 4 cm, tendon 28 cm) would then resist an ankle bent
/// by 30 degrees with twice the torque.
struct PassiveTension {
  double onset = 0;           ///< m, muscle-tendon length up to which the muscle at rest is slack
  PiecewisePolynomial curve;  ///< N against m, for lengths from onset; a straight line beyond 2.2 optimal fibre lengths
};

/// One curve for each muscle of the plan: cubics between points of find_isometric_equilibrium() at activation zero,
/// within 0.001 of the maximum isometric force. Muscles alike share the work. A muscle without a tendon keeps the
/// tension of its fibre: its curve is empty.
std::vector<PassiveTension> make_passive_tensions(const FiberPlan& plan);

}  // namespace buttress
