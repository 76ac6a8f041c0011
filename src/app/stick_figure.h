#pragma once
#include <string>
#include <vector>

#include "load/inverse_chain.h"

namespace buttress {

/// one set of muscle activations to colour a figure by
struct FigureActivation {
  std::string label;                   ///< shown above its pictures, e.g. "normal"; may be empty
  const double* activation = nullptr;  ///< [columns of the plan] 0..1; nullptr = bones only
};

/// A drawing of one frame for each set of activations, seen from the front and from the right: bones, muscles as lines
/// along their path points (wrapping is not drawn), thin and pale at rest to thick and deep red at full activation,
/// external forces as arrows with their size, and the floor. World: x forward, y up, z to the right, so that from the
/// front the body's right is on the viewer's left; a body that walks along another axis is turned by quarter turns.
/// The picture brings its own light background and can stand alone on any page.
/// @param q [coordinates] rad, m; @param loads [loads x 9] with forces given in the world, or nullptr
std::string make_stick_figure_svg(const ChainPlan& plan, const double* q, const std::vector<FigureActivation>& figures,
                                  const double* loads, const std::string& title);

/// the same for a single set of activations without a label, or nullptr for bones only
std::string make_stick_figure_svg(const ChainPlan& plan, const double* q, const double* activation, const double* loads,
                                  const std::string& title);

}  // namespace buttress
