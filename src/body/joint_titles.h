#pragma once
#include <string>

#include "spatial/spatial.h"

namespace buttress {

/// How a joint is shown to people.
struct JointTitle {
  std::string title;   ///< "right hip"; empty: not shown
  bool split = false;  ///< shown as compression and shear (spine, sacroiliac) instead of one resultant
  /// direction in the child's body frame in which the parent pushes the child when the joint is compressed: up (y) in
  /// the spine; outwards (z, to its own side) at a sacroiliac joint, whose surface stands near the sagittal plane
  Vec3<double> compression_axis{0, 1, 0};
};

/// title of a joint by the names that common models and ours use; joints of arms and feet are not shown
JointTitle find_joint_title(const std::string& joint);

/// "hip_flexion_r" -> "hip flexion, right"
std::string make_words(std::string name);

}  // namespace buttress
