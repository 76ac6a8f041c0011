#pragma once
#include <vector>

#include "model/model.h"

/// The ligament that a coupler stands for. Models of the knee let the patella follow the knee angle by a coupler, run
/// the quadriceps over it to the shank and leave it to the coupler to balance the patella. Joint loads then come out as
/// if the patella were a pulley, with the quadriceps' whole tension pressing on the shank. A real patella is a lever
/// (Grood 1984, Huberti 1984: the ligament carries 0.5 to 0.9 of it in a bent knee), and the model's own kinematics
/// know by how much: the patellar ligament keeps its length, so the patella is in balance about its one free
/// coordinate.
///
/// Departs from OpenSim's JointReaction, which leaves the coupler's share of the load out: the moment arm of every
/// muscle, hence the recruitment, is the same; the loads of the two joints named here differ.
namespace buttress {

/// One line between two bodies that hang on the same parent, the first held to the second's joint by a coupler.
struct CoupledLigament {
  int lever_joint = 0;  ///< Model::joints, of the body that a coupler moves (the patella)
  int lever_body = 0;
  Vec3d p_lever{0, 0, 0};  ///< m, in the lever's frame: mean of where muscle paths leave it
  int far_body = 0;        ///< the body on which the ligament ends (the shank)
  Vec3d p_far{0, 0, 0};    ///< m, in its frame: mean of where muscle paths arrive
};

/// Every pair of bodies P and Q of one parent, such that all free coordinates of P's joint are coupled to one
/// coordinate of Q's joint, and some muscle runs straight from a fixed point of P to one of Q. None in most models.
std::vector<CoupledLigament> find_coupled_ligaments(const Model& model);

}  // namespace buttress
