#pragma once
#include <string>
#include <vector>

#include "load/contact.h"
#include "model/model.h"

namespace buttress {

/// One frame to draw. Points at what others own; `model` and `q` must be there.
struct Posture {
  const Model* model = nullptr;
  const double* q = nullptr;             ///< [coordinates] rad, m
  std::vector<int> muscle_of_column;     ///< [columns] Model::muscles index, or -1, of each activation
  std::vector<double> outside_forces;    ///< [n x 9] force, point, torque in the world
  const ContactSet* surfaces = nullptr;  ///< what the body touches, or nullptr
};

/// one set of muscle activations to colour a figure by
struct FigureActivation {
  std::string label;                   ///< shown above its pictures, e.g. "normal"; may be empty
  const double* activation = nullptr;  ///< [columns of the posture] 0..1; nullptr = bones only
};

/// A drawing of one frame for each set of activations, seen from the front and from the right: bones, muscles as lines
/// along their path points (wrapping is not drawn), thin and pale at rest to thick and deep red at full activation,
/// external forces as arrows with their size, and the floor. World: x forward, y up, z to the right, so that from the
/// front the body's right is on the viewer's left; a body that walks along another axis is turned by quarter turns.
/// The picture brings its own light background and can stand alone on any page.
std::string make_stick_figure_svg(const Posture& posture, const std::vector<FigureActivation>& figures,
                                  const std::string& title);

}  // namespace buttress
