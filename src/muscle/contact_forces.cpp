#include "muscle/contact_forces.h"

#include <cmath>

#include "muscle/contact_forces.inl"

namespace buttress {
namespace {

bool is_round(ContactShape shape) {
  return shape == ContactShape::sphere || shape == ContactShape::ellipsoid;
}

// what Simbody makes of two coefficients of friction
double combine_friction(double a, double b) {
  return a + b != 0 ? 2 * a * b / (a + b) : 0;
}

ContactPair make_pair(const TouchingSurface& surface1, const TouchingSurface& surface2) {
  ContactPair pair;
  pair.body1 = surface1.frame.body;
  pair.body2 = surface2.frame.body;
  pair.X_B1S = surface1.frame.X_BF;
  pair.X_B2S = surface2.frame.X_BF;
  pair.shape1 = surface1.shape;
  pair.shape2 = surface2.shape;
  pair.radius1 = surface1.radii.x;
  pair.radii2 = surface2.radii;
  return pair;
}

ContactPair make_hunt_crossley_pair(const PassiveForce& force, std::size_t i, std::size_t j) {
  ContactPair pair = make_pair(force.surfaces[i], force.surfaces[j]);
  const ContactSurfaceSpec &a = force.spec.surfaces[i], &b = force.spec.surfaces[j];
  // the modulus of Hertz' law is the file's to the power 2/3
  const double ka = std::pow(a.stiffness, 2.0 / 3.0), kb = std::pow(b.stiffness, 2.0 / 3.0);
  if (ka + kb > 0) pair.share1 = kb / (ka + kb);
  pair.stiffness = ka * pair.share1;
  pair.dissipation = a.dissipation * pair.share1 + b.dissipation * (1 - pair.share1);
  pair.static_friction = combine_friction(a.static_friction, b.static_friction);
  pair.dynamic_friction = combine_friction(a.dynamic_friction, b.dynamic_friction);
  pair.viscous_friction = combine_friction(a.viscous_friction, b.viscous_friction);
  return pair;
}

ContactPair make_smooth_pair(const PassiveForce& force) {
  // the half-space first, so that the normal points at the sphere
  ContactPair pair = make_pair(force.surfaces[1], force.surfaces[0]);
  const ContactSurfaceSpec& material = force.spec.surfaces[0];
  pair.stiffness = 0.5 * std::pow(material.stiffness, 2.0 / 3.0);
  pair.dissipation = material.dissipation;
  pair.static_friction = material.static_friction;
  pair.dynamic_friction = material.dynamic_friction;
  pair.viscous_friction = material.viscous_friction;
  return pair;
}

}  // namespace

std::vector<ContactPair> make_contact_pairs(const PassiveForce& force) {
  std::vector<ContactPair> pairs;
  const auto& surfaces = force.surfaces;
  if (force.spec.kind == PassiveForceKind::smooth_sphere_half_space) {
    if (surfaces.size() == 2) pairs.push_back(make_smooth_pair(force));
    return pairs;
  }
  for (std::size_t i = 0; i < surfaces.size(); ++i)
    for (std::size_t j = i + 1; j < surfaces.size(); ++j) {
      // what a body does to itself adds up to nothing
      if (surfaces[i].frame.body == surfaces[j].frame.body) continue;
      const ContactShape a = surfaces[i].shape, b = surfaces[j].shape;
      if (a == ContactShape::half_space && is_round(b)) pairs.push_back(make_hunt_crossley_pair(force, i, j));
      if (b == ContactShape::half_space && is_round(a)) pairs.push_back(make_hunt_crossley_pair(force, j, i));
      if (a == ContactShape::sphere && b == ContactShape::sphere) pairs.push_back(make_hunt_crossley_pair(force, i, j));
    }
  return pairs;
}

bool has_searched_contact(const PassiveForce& force) {
  for (const TouchingSurface& a : force.surfaces)
    for (const TouchingSurface& b : force.surfaces)
      if (a.shape == ContactShape::ellipsoid && is_round(b.shape) && a.frame.body != b.frame.body) return true;
  return false;
}

template void add_hunt_crossley_force<double>(const ContactPair&, double, const Kinematics<double>&,
                                              std::vector<Wrench<double>>&);
template void add_smooth_sphere_force<double>(const ContactPair&, const PassiveForceSpec&, const Kinematics<double>&,
                                              std::vector<Wrench<double>>&);
template void add_meyer_fregly_force<double>(const PassiveForce&, const Kinematics<double>&,
                                             std::vector<Wrench<double>>&);

}  // namespace buttress
