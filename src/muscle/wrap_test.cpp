// One stretch over one object. Closed forms prove single cases; the shortest path over the surface, found by a search
// that knows nothing of tangents, proves cylinder and sphere; a fine polyline in the plane of the path proves the
// ellipsoid's arc.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "muscle/path_testing.h"
#include "muscle/wrap_object.h"

namespace buttress::path_testing {
namespace {

constexpr double kPi = 3.14159265358979323846;

WrapOutcome<double> wrap(const WrapObject& object, const Vec3d& P, const Vec3d& Q,
                         WrapMethod method = WrapMethod::hybrid) {
  WrapOutcome<double> w;
  wrap_over(object, method, P, Q, true, w);
  return w;
}
WrapObject make_round(WrapKind kind, double radius, WrapQuadrant quadrant = WrapQuadrant::all) {
  WrapObject object;
  object.kind = kind;
  object.radius = radius;
  object.quadrant = quadrant;
  return object;
}

/// least value of f over two parameters, by a pattern search that halves its step
double find_least(const std::function<double(double, double)>& f, double u, double v, double step) {
  double best = f(u, v);
  while (step > 1e-10) {
    bool better = false;
    for (const auto& [du, dv] : {std::pair{step, 0.0},
                                 {-step, 0.0},
                                 {0.0, step},
                                 {0.0, -step},
                                 {step, step},
                                 {-step, -step},
                                 {step, -step},
                                 {-step, step}}) {
      const double value = f(u + du, v + dv);
      if (value >= best) continue;
      best = value;
      u += du;
      v += dv;
      better = true;
      break;
    }
    if (!better) step /= 2;
  }
  return best;
}

TEST(WrapCylinder, quarter_turn_with_climb_has_its_closed_form) {
  // tangents of length 2 and 0.3 along x = 1 and y = 1, a quarter of radius 1 between, and a climb of 0.7
  const WrapOutcome<double> w = wrap(make_round(WrapKind::cylinder, 1), {1, -2, 0}, {-0.3, 1, 0.7});
  ASSERT_TRUE(w.mandatory);
  const double base = 2 + kPi / 2 + 0.3;
  EXPECT_NEAR(w.length, std::hypot(base, 0.7), 1e-14);
  EXPECT_NEAR(w.r1.x, 1, 1e-14);
  EXPECT_NEAR(w.r1.y, 0, 1e-14);
  EXPECT_NEAR(w.r1.z, 0.7 * 2 / base, 1e-14);
  EXPECT_NEAR(w.arc, std::hypot(kPi / 2, 0.7 * (kPi / 2) / base), 1e-14);
  EXPECT_TRUE(w.is_geodesic);
}

TEST(WrapCylinder, goes_round_the_wanted_side_even_by_more_than_half_a_turn) {
  // both points behind the cylinder, which must be passed in front (+x): 3/2 pi - 2 * (angle of the tangent)
  const Vec3d P{-2, -0.5, 0}, Q{-2, 0.5, 0};
  const WrapOutcome<double> w = wrap(make_round(WrapKind::cylinder, 1, WrapQuadrant::positive_x), P, Q);
  ASSERT_TRUE(w.wrapped);
  const double rho = std::hypot(2, 0.5), tangent = std::sqrt(rho * rho - 1);
  const double angle = 2 * (kPi - std::atan2(0.5, 2)) - 2 * std::acos(1 / rho);
  EXPECT_GT(angle, kPi);
  EXPECT_NEAR(w.length, 2 * tangent + angle, 1e-13);
  // the same stretch does not wrap when any side will do, because it misses the cylinder
  EXPECT_FALSE(wrap(make_round(WrapKind::cylinder, 1), P, Q).any());
}

TEST(WrapCylinder, keeps_OpenSims_verdicts) {
  const WrapObject any = make_round(WrapKind::cylinder, 1),
                   front = make_round(WrapKind::cylinder, 1, WrapQuadrant::positive_x);
  EXPECT_TRUE(wrap(any, {0.5, 0, 3}, {5, 0, 0}).inside);
  EXPECT_FALSE(wrap(any, {0.5, 0, 3}, {5, 0, 0}).any());
  EXPECT_FALSE(wrap(any, {2, -3, 0}, {2, 3, 0}).any());   // passes by
  EXPECT_FALSE(wrap(any, {2, 0, 0}, {5, 0.1, 0}).any());  // ends before
  EXPECT_TRUE(wrap(any, {0.5, -3, 0}, {0.5, 3, 0}).mandatory);
  EXPECT_TRUE(wrap(front, {0.5, -3, 0}, {0.5, 3, 0}).mandatory);
  EXPECT_FALSE(wrap(front, {2, -3, 0}, {2, 3, 0}).any());
  EXPECT_TRUE(wrap(front, {-0.5, -3, 0}, {-0.5, 3, 0}).wrapped);  // neither end in front: may wrap
  // no wrap where both tangent points are beyond the ends
  WrapObject brief = any;
  brief.length = 0.5;
  EXPECT_FALSE(wrap(brief, {0.5, -3, 1}, {0.5, 3, 1}).any());
  EXPECT_TRUE(wrap(brief, {0.5, -3, -1}, {0.5, 3, 1}).any());
}

TEST(WrapCylinder, is_the_shortest_way_over_the_surface) {
  Random random(11);
  int wrapped = 0;
  for (int i = 0; i < 200; ++i) {
    const double R = random.within(0.5, 1.5);
    const Vec3d P = 3.0 * random.direction(), Q = 3.0 * random.direction();
    const WrapOutcome<double> w = wrap(make_round(WrapKind::cylinder, R), P, Q);
    if (!w.any()) continue;
    ++wrapped;
    // over one line of the cylinder: from each end straight, or along a tangent and on round the circle where the line
    // is behind the horizon; then the unrolled triangle
    const auto find_length = [&](double angle, double) {
      const auto reach = [&](const Vec3d& p) {
        const double rho = std::hypot(p.x, p.y),
                     apart = std::abs(std::remainder(angle - std::atan2(p.y, p.x), 2 * kPi));
        const double tangent = std::acos(R / rho);
        return apart > tangent ? std::sqrt(rho * rho - R * R) + R * (apart - tangent)
                               : std::hypot(p.x - R * std::cos(angle), p.y - R * std::sin(angle));
      };
      return std::hypot(reach(P) + reach(Q), Q.z - P.z);
    };
    const double between = std::atan2(P.y / std::hypot(P.x, P.y) + Q.y / std::hypot(Q.x, Q.y),
                                      P.x / std::hypot(P.x, P.y) + Q.x / std::hypot(Q.x, Q.y));
    EXPECT_NEAR(w.length, find_least(find_length, between, 0, 0.3), 1e-9) << i;
  }
  EXPECT_GT(wrapped, 50);
}

TEST(WrapSphere, is_the_shortest_way_over_the_surface) {
  Random random(12);
  int wrapped = 0;
  for (int i = 0; i < 200; ++i) {
    const double R = random.within(0.5, 1.5);
    const Vec3d P = random.within(1.6, 3) * random.direction(), Q = random.within(1.6, 3) * random.direction();
    const WrapOutcome<double> w = wrap(make_round(WrapKind::sphere, R), P, Q);
    if (!w.any()) continue;
    ++wrapped;
    EXPECT_TRUE(w.wrapped);
    // the way over one point of the sphere: half the path by symmetry of the search, two tangents and two arcs
    const auto reach = [&](const Vec3d& p, const Vec3d& s) {
      const double rho = norm(p), angle = std::acos(dot(p, s) / (rho * R)), tangent = std::acos(R / rho);
      return angle > tangent ? std::sqrt(rho * rho - R * R) + R * (angle - tangent) : norm(p - s);
    };
    const auto over = [&](double azimuth, double height) {
      const Vec3d s{R * std::cos(height) * std::cos(azimuth), R * std::cos(height) * std::sin(azimuth),
                    R * std::sin(height)};
      return reach(P, s) + reach(Q, s);
    };
    const Vec3d between = (1 / norm(P)) * P + (1 / norm(Q)) * Q;
    const double start_azimuth = std::atan2(between.y, between.x), start_height = std::asin(between.z / norm(between));
    EXPECT_NEAR(w.length, find_least(over, start_azimuth, start_height, 0.3), 1e-9) << i;
  }
  EXPECT_GT(wrapped, 40);
}

TEST(WrapSphere, goes_round_the_far_side_with_a_positive_length) {
  const WrapOutcome<double> w =
      wrap(make_round(WrapKind::sphere, 1, WrapQuadrant::positive_x), {-0.5, -1, 0}, {-0.5, 1, 0});
  ASSERT_TRUE(w.any());
  const double rho = std::hypot(0.5, 1), tangent = std::sqrt(rho * rho - 1);
  const double angle = 2 * (kPi - std::atan2(1, 0.5)) - 2 * std::acos(1 / rho);
  EXPECT_NEAR(w.length, 2 * tangent + angle, 1e-13);
}

TEST(WrapEllipsoid, of_equal_axes_is_a_sphere) {
  Random random(13);
  int wrapped = 0;
  for (int i = 0; i < 600; ++i) {
    const double R = random.within(0.5, 1.5);
    const Vec3d P = 3.0 * random.direction(), Q = 3.0 * random.direction();
    WrapObject object = make_round(WrapKind::ellipsoid, R);
    object.semi_axes = {R, R, R};
    const WrapOutcome<double> w = wrap(object, P, Q, WrapMethod::midpoint),
                              s = wrap(make_round(WrapKind::sphere, R), P, Q);
    ASSERT_EQ(w.any(), s.any()) << i;
    if (!w.any()) continue;
    ++wrapped;
    EXPECT_NEAR(w.length, s.length, 1e-10 * R) << i;
    EXPECT_LT(norm(w.slope_P - s.slope_P), 1e-8) << i;
    EXPECT_LT(norm(w.r1 - s.r1), 1e-9) << i;
  }
  EXPECT_GT(wrapped, 50);
}

TEST(WrapEllipsoid, arc_is_that_of_the_plane_section) {
  Random random(14);
  int wrapped = 0;
  for (int i = 0; i < 1500; ++i) {
    WrapObject object = make_round(WrapKind::ellipsoid, 1);
    object.semi_axes = {random.within(0.01, 0.1), random.within(0.01, 0.1), random.within(0.01, 0.1)};
    const Vec3d a = object.semi_axes;
    const Vec3d P = 0.3 * random.direction(), Q = 0.3 * random.direction();
    const WrapOutcome<double> w = wrap(object, P, Q);
    if (!w.any()) continue;
    ++wrapped;
    const auto find_excess = [&](const Vec3d& r) {
      return r.x * r.x / (a.x * a.x) + r.y * r.y / (a.y * a.y) + r.z * r.z / (a.z * a.z) - 1;
    };
    EXPECT_NEAR(find_excess(w.r1), 0, 1e-11);
    EXPECT_NEAR(find_excess(w.r2), 0, 1e-11);
    // tangent to the surface at both ends
    const Vec3d g{w.r1.x / (a.x * a.x), w.r1.y / (a.y * a.y), w.r1.z / (a.z * a.z)};
    EXPECT_NEAR(dot(w.r1 - P, g) / (norm(g) * norm(w.r1 - P)), 0, 1e-9);
    // polyline from r1 to r2 in the plane of P, r1, r2: chords of the circle in the shrunk space
    const auto shrink = [&](const Vec3d& r) { return Vec3d{r.x / a.x, r.y / a.y, r.z / a.z}; };
    const Vec3d p = shrink(P), u = shrink(w.r1), v = shrink(w.r2);
    Vec3d m = cross(u - p, v - u);
    if (norm(m) < 1e-6) continue;
    m = (1 / norm(m)) * m;
    const Vec3d C = dot(m, u) * m, f = u - C, left = cross(m, f);
    double angle = std::atan2(dot(m, cross(f, v - C)), dot(f, v - C));
    if (angle < 0) angle += 2 * kPi;
    const int n = 40000;
    double length = 0;
    Vec3d last = w.r1;
    for (int k = 1; k <= n; ++k) {
      const double t = angle * k / n;
      const Vec3d y = C + std::cos(t) * f + std::sin(t) * left, r{a.x * y.x, a.y * y.y, a.z * y.z};
      length += norm(r - last);
      last = r;
    }
    EXPECT_NEAR(w.arc, length, 1e-9) << i;
    EXPECT_NEAR(w.length, norm(w.r1 - P) + w.arc + norm(Q - w.r2), 1e-14) << i;
  }
  EXPECT_GT(wrapped, 20);
}

TEST(WrapTorus, in_the_plane_of_its_axis_wraps_the_tube_as_a_circle) {
  // a straight line through the ring, off its axis, meets the tube's circle of radius 0.2 about (1, 0, 0)
  WrapObject object = make_round(WrapKind::torus, 0);
  object.inner_radius = 0.2;
  object.outer_radius = 1;
  const Vec3d P{0.95, 0, -1}, Q{0.95, 0, 1};
  const WrapOutcome<double> w = wrap(object, P, Q);
  ASSERT_TRUE(w.wrapped);
  EXPECT_FALSE(w.mandatory || w.inside);
  const double rho = std::hypot(0.05, 1), tangent = std::sqrt(rho * rho - 0.04);
  // passes on the side of the hole, x < 0.8
  EXPECT_LT(0.5 * (w.r1.x + w.r2.x), 1.0);
  EXPECT_NEAR(w.length, 2 * tangent + 0.2 * (kPi - 2 * std::acos(0.2 / rho) - 2 * std::atan2(0.05, 1)), 1e-12);
}

}  // namespace
}  // namespace buttress::path_testing
