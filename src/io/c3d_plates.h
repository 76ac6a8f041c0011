#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "io/c3d_reader.h"
#include "spatial/spatial.h"

/// Force plates of a C3D file: where they stand, and what their channels say.
/// Source: The C3D File Format User Guide, group FORCE_PLATFORM. Reproduces what OpenSim makes of the same file, except
/// for the units: OpenSim keeps those of the file (N, mm, N mm), here everything is SI.
///
/// Ids of this header:
///   C3D-020  a plate's type is not 1, 2, 3 or 4
///   C3D-021  a plate has too few channels, or names one that the file does not have or that has no scale
///   C3D-022  a plate's corners are missing, or make no rectangle
///   C3D-023  a plate of type 4 has no calibration matrix
///   C3D-024  the origin of a plate is given in the wrong direction (warning: turned round)
///   C3D-025  the unit of a plate's channel is not of force, moment or length (warning: N, N times the points' unit)
///   C3D-026  a loaded plate has its centre of pressure off the plate (warning: are units and channels right?)
///   C3D-028  a plate has no origin
namespace buttress {

/// Frames: L is the lab (the axes of the file), P the plate: x and y along its edges, z out of the surface, away from
/// the person (down, on a floor), as the corners' order gives it: x from corner 2 to 1, y from corner 4 to 1. C is the
/// centre of the surface, O the true origin to which the moments of types 2 and 4 refer.
/// The channels hold what the plate does to the person (the ground's reaction), in P.
struct C3dPlate {
  int number = 1;  ///< 1-based, its place in FORCE_PLATFORM
  int type = 2;    ///< 1: force, point, moment; 2: force and moment; 3: eight sensors; 4: 2 after a matrix
  std::array<Vec3<double>, 4> corners_L{};  ///< m
  Vec3<double> p_LC_L = zero3<double>();    ///< m, mean of the corners
  Mat3<double> R_LP = Mat3<double>::identity();
  Vec3<double> p_OC_P = zero3<double>();  ///< m; type 3: half distances of the sensors and depth of their plane
  std::array<double, 36> calibration{};   ///< [6 x 6] row by row; the channels of type 4 are multiplied by it
  std::vector<std::size_t> channels;      ///< 0-based, six or (type 3) eight
  std::array<double, 8> units{};          ///< SI unit per unit of channel (type 4: of the matrix's result)
};

/// What the ground does to the person at one instant.
struct PlateLoad {
  Vec3<double> force = zero3<double>();     ///< N
  Vec3<double> moment_C = zero3<double>();  ///< N m about the centre C of the surface
  Vec3<double> point = zero3<double>();     ///< m, centre of pressure on the surface; NaN when the plate is not pressed
  Vec3<double> moment_point =
      zero3<double>();  ///< N m, free moment: about `point`, along the plate's z; zero with point NaN
};

/// Geometry and channels of all plates; nothing when there is an error. Empty when the file has none.
std::optional<std::vector<C3dPlate>> make_c3d_plates(const C3dDescription& description, Diagnostics& diagnostics);

/// @param sample the channels of one instant, [channel_count], as in C3dBlock::analogs
/// The result is in L. FORCE_PLATFORM:ZERO (frames without load, for a baseline) is not used, as in OpenSim.
PlateLoad calc_plate_load(const C3dPlate& plate, const double* sample);

}  // namespace buttress
