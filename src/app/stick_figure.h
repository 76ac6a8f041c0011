#pragma once
#include <string>
#include <vector>

#include "load/inverse_chain.h"

namespace buttress {

/// A drawing of one frame, seen from the front and from the right: bones as lines between joint centres, muscles as
/// lines along their path points, coloured by activation from pale (0) to deep red (1), and external forces as arrows.
/// @param q [coordinates]; @param activation [columns of the plan], or nullptr for bones only;
/// @param loads [loads x 9] with forces given in the world, or nullptr
std::string make_stick_figure_svg(const ChainPlan& plan, const double* q, const double* activation, const double* loads,
                                  const std::string& title);

}  // namespace buttress
