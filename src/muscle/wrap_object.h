#pragma once
#include "muscle/wrap_cylinder.h"
#include "muscle/wrap_ellipsoid.h"
#include "muscle/wrap_sphere.h"
#include "muscle/wrap_torus.h"

namespace buttress {

/// wraps the stretch P-Q, given in the object's frame, over an object of any kind
template <class T>
void wrap_over(const WrapObject& object, WrapMethod method, const Vec3<T>& P, const Vec3<T>& Q, Mask<T> lanes,
               WrapOutcome<T>& w) {
  const WrapSide side = find_side(object.quadrant);
  switch (object.kind) {
    case WrapKind::cylinder:
      return wrap_cylinder(object.radius, object.length, side, P, Q, lanes, w);
    case WrapKind::sphere:
      return wrap_sphere(object.radius, side, P, Q, lanes, w);
    case WrapKind::ellipsoid:
      return wrap_ellipsoid(object.semi_axes, side, method, P, Q, lanes, w);
    case WrapKind::torus:
      return wrap_torus(object.inner_radius, object.outer_radius, side, P, Q, lanes, w);
  }
}

}  // namespace buttress
