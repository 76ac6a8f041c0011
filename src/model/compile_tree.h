#pragma once
#include "base/diagnostics.h"
#include "model/model.h"

namespace buttress {

/// Puts bodies and joints into `model` in tree order, level by level from ground, joints of a level in the file's
/// order; a body without mass that moves is followed at once by its heaviest child. This is the order in which OpenSim
/// (Simbody's MultibodyGraphMaker::growTree) numbers coordinates. Axes are not yet filled.
/// Reports masses below zero, unknown bodies, bodies with two joints, and bodies that do not hang on ground.
/// Returns whether the tree is sound.
bool make_tree(const ModelSpec& spec, Model& model, Diagnostics& diagnostics);

}  // namespace buttress
