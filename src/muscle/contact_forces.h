#pragma once
#include <vector>

#include "model/model.h"
#include "multibody/kinematics.h"

/// Contact forces of the model itself, as OpenSim's HuntCrossleyForce, SmoothSphereHalfSpaceForce and
/// MeyerFregly2016Force compute them from the pose and its rate. (Points whose force is found with those of the
/// muscles: load/contact.h.)
namespace buttress {

/// Two surfaces that may touch, with what their materials make together. A half-space stands first.
struct ContactPair {
  int body1 = 0, body2 = 0;
  Posed X_B1S = Posed::identity(), X_B2S = Posed::identity();  ///< surfaces on their bodies
  ContactShape shape1 = ContactShape::half_space, shape2 = ContactShape::sphere;
  double radius1 = 0;     ///< m, sphere
  Vec3d radii2{0, 0, 0};  ///< m; of a sphere all the same
  double share1 = 0.5;    ///< part of the depth by which surface 1 gives way
  double stiffness = 0;   ///< k of the law: that of both surfaces together
  double dissipation = 0, static_friction = 0, dynamic_friction = 0, viscous_friction = 0;
};

/// The pairs of surfaces of a HuntCrossleyForce between which OpenSim finds a point of contact and which lie on
/// different bodies, or the one pair of a SmoothSphereHalfSpaceForce. Two half-spaces, and shapes that are `other`,
/// give none.
std::vector<ContactPair> make_contact_pairs(const PassiveForce& force);

/// true when the force has two surfaces whose contact OpenSim searches for step by step: an ellipsoid on a sphere or on
/// another ellipsoid. make_contact_pairs() leaves them out.
bool has_searched_contact(const PassiveForce& force);

/// Adds what two surfaces do to one another to the wrenches on bodies (about the world origin, in the world).
///
/// Depth d > 0 of the overlap, effective radius R (sphere: its own; two spheres: r1 r2 / (r1 + r2); ellipsoid: the root
/// of its two radii of curvature, taken as OpenSim does across the axes of the half-space), point of contact within the
/// overlap where the softer surface gives way more. With the speed v of surface 1 against surface 2 there, its part vn
/// along the normal from 1 to 2 and the slip s: f = 4/3 k d sqrt(R k d) (1 + 1.5 c vn), not below zero (Hunt and
/// Crossley 1975), and friction f (min(s/vt, 1) (ud + 2 (us - ud) / (1 + (s/vt)^2)) + uv s) against the slip.
template <class T>
void add_hunt_crossley_force(const ContactPair& pair, double transition_velocity, const Kinematics<T>& kin,
                             std::vector<Wrench<T>>& body_wrench);

/// The same for OpenSim's SmoothSphereHalfSpaceForce (Serrancoli et al. 2019): the same law with d = sqrt(d^2 + cf),
/// s = sqrt(s^2 + cf) and steps that tanh makes smooth, so that a sphere far above the
/// half-space still feels next to nothing.
template <class T>
void add_smooth_sphere_force(const ContactPair& pair, const PassiveForceSpec& spec, const Kinematics<T>& kin,
                             std::vector<Wrench<T>>& body_wrench);

/// OpenSim's MeyerFregly2016Force: the ground at y = 0 pushes a point (frame1's origin) that is at height y, with the
/// speed v: f = (g(y) - g(0.01)) (1 - dissipation vy), where g is a line that bends within millimetres from -stiffness
/// below the ground to -0.1 N/m above it, and friction f (ud tanh(s / latch velocity) + uv s) against the slip s.
/// Heights above 0.7 m count as that (0.7 tanh(y / 0.7)).
template <class T>
void add_meyer_fregly_force(const PassiveForce& force, const Kinematics<T>& kin, std::vector<Wrench<T>>& body_wrench);

// compiled once for plain numbers; contact_forces.inl holds the definitions for lanes and derivatives
extern template void add_hunt_crossley_force<double>(const ContactPair&, double, const Kinematics<double>&,
                                                     std::vector<Wrench<double>>&);
extern template void add_smooth_sphere_force<double>(const ContactPair&, const PassiveForceSpec&,
                                                     const Kinematics<double>&, std::vector<Wrench<double>>&);
extern template void add_meyer_fregly_force<double>(const PassiveForce&, const Kinematics<double>&,
                                                    std::vector<Wrench<double>>&);

}  // namespace buttress
