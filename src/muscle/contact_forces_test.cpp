#include "muscle/contact_forces.inl"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "simd/dual.h"

namespace buttress {
namespace {

std::mt19937 random_engine(29);
double uniform(double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random_engine);
}
Vec3d random_vector(double size) {
  return {uniform(-size, size), uniform(-size, size), uniform(-size, size)};
}

ContactPair make_pair(ContactShape first, ContactShape second) {
  ContactPair pair;
  pair.body1 = 1;
  pair.body2 = 2;
  pair.shape1 = first;
  pair.shape2 = second;
  pair.X_B1S = {make_body_xyz_rotation(random_vector(1)), random_vector(0.05)};
  pair.X_B2S = {make_body_xyz_rotation(random_vector(1)), random_vector(0.05)};
  pair.radius1 = 0.15;
  pair.radii2 = second == ContactShape::ellipsoid ? Vec3d{0.12, 0.1, 0.08} : Vec3d{0.1, 0.1, 0.1};
  pair.share1 = 0.3;
  pair.stiffness = 2e4;
  return pair;
}

/// bodies whose surfaces overlap by about a centimetre, moved by hand
Kinematics<double> make_touching(const ContactPair& pair) {
  Kinematics<double> kin;
  kin.X_WB = {Posed::identity(), {make_body_xyz_rotation(random_vector(2)), random_vector(0.5)}, Posed::identity()};
  const bool on_sphere = pair.shape1 == ContactShape::sphere;
  const Posed X_W1 = kin.X_WB[1] * pair.X_B1S;
  const double distance = (on_sphere ? pair.radius1 : 0) + pair.radii2.z - uniform(0.005, 0.02);
  const Vec3d out = on_sphere ? Vec3d{0.36, 0.48, 0.8} : Vec3d{-1, 0, 0};
  const Posed X_W2{make_body_xyz_rotation(random_vector(2)), X_W1 * (distance * out)};
  kin.X_WB[2] = X_W2 * inverse(pair.X_B2S);
  kin.w_WB_W = {zero3<double>(), random_vector(0.5), random_vector(0.5)};
  kin.v_WB_W = {zero3<double>(), random_vector(0.1), random_vector(0.1)};
  return kin;
}

std::vector<Wrench<double>> find_wrenches(const ContactPair& pair, const Kinematics<double>& kin) {
  std::vector<Wrench<double>> wrench(3, zero_wrench<double>());
  add_hunt_crossley_force(pair, 0.05, kin, wrench);
  return wrench;
}

double calc_power(const std::vector<Wrench<double>>& wrench, const Kinematics<double>& kin) {
  double power = 0;
  for (std::size_t b = 1; b < 3; ++b)
    power += dot(wrench[b].force, kin.v_WB_W[b]) + dot(moment_about(wrench[b], kin.X_WB[b].p), kin.w_WB_W[b]);
  return power;
}

/// the bodies a time h later at their present velocities
Kinematics<double> moved(Kinematics<double> kin, double h) {
  for (std::size_t b = 1; b < 3; ++b) {
    const double speed = norm(kin.w_WB_W[b]);
    if (speed > 0) kin.X_WB[b].R = make_rotation<double>((1 / speed) * kin.w_WB_W[b], h * speed) * kin.X_WB[b].R;
    kin.X_WB[b].p += h * kin.v_WB_W[b];
  }
  return kin;
}

/// 2/5 of the force times the depth, which is recovered from the force itself: f = 4/3 k sqrt(R k) d^1.5
double calc_energy(const ContactPair& pair, const Kinematics<double>& kin, double radius) {
  const double f = norm(find_wrenches(pair, kin)[2].force), k = pair.stiffness;
  const double depth = std::pow(f / (4.0 / 3.0 * k * std::sqrt(radius * k)), 2.0 / 3.0);
  return 0.4 * f * depth;
}

TEST(ContactForces, a_sphere_at_rest_on_a_half_space_is_pushed_out_by_hertz_law) {
  ContactPair pair = make_pair(ContactShape::half_space, ContactShape::sphere);
  // filled below y = 0
  pair.X_B1S = {make_body_xyz_rotation({0, 0, -std::acos(0.0)}), {0, 0, 0}};
  pair.X_B2S = Posed::identity();
  Kinematics<double> kin;
  kin.X_WB.assign(3, Posed::identity());
  kin.X_WB[2].p = {0.3, 0.08, -0.2};
  kin.w_WB_W.assign(3, zero3<double>());
  kin.v_WB_W.assign(3, zero3<double>());
  const auto wrench = find_wrenches(pair, kin);
  const double depth = 0.02, k = 2e4, expected = 4.0 / 3.0 * k * depth * std::sqrt(0.1 * k * depth);
  EXPECT_NEAR(wrench[2].force.y, expected, 1e-9 * expected);
  EXPECT_NEAR(wrench[2].force.x, 0, 1e-9 * expected);
  EXPECT_NEAR(wrench[1].force.y, -expected, 1e-9 * expected);
  // the line of the force runs through the centre of the sphere
  EXPECT_NEAR(norm(moment_about(wrench[2], kin.X_WB[2].p)), 0, 1e-9 * expected);
}

TEST(ContactForces, without_dissipation_and_friction_energy_is_kept) {
  for (const auto& [first, second] : {std::pair(ContactShape::half_space, ContactShape::sphere),
                                      std::pair(ContactShape::sphere, ContactShape::sphere)})
    for (int i = 0; i < 50; ++i) {
      const ContactPair pair = make_pair(first, second);
      const Kinematics<double> kin = make_touching(pair);
      const double radius = first == ContactShape::sphere ? 0.15 * 0.1 / 0.25 : 0.1, h = 1e-6;
      const double power = calc_power(find_wrenches(pair, kin), kin);
      const double loss =
          (calc_energy(pair, moved(kin, -h), radius) - calc_energy(pair, moved(kin, h), radius)) / (2 * h);
      EXPECT_NEAR(power, loss, 1e-6 * (1 + std::abs(power)));
    }
}

TEST(ContactForces, dissipation_and_friction_only_take_energy_and_friction_opposes_the_slip) {
  for (const ContactShape shape : {ContactShape::sphere, ContactShape::ellipsoid})
    for (int i = 0; i < 100; ++i) {
      ContactPair elastic = make_pair(ContactShape::half_space, shape), pair = elastic;
      pair.dissipation = 0.8;
      pair.static_friction = 0.9;
      pair.dynamic_friction = 0.5;
      pair.viscous_friction = 0.2;
      const Kinematics<double> kin = make_touching(pair);
      const auto with = find_wrenches(pair, kin), without = find_wrenches(elastic, kin);
      EXPECT_LT(calc_power(with, kin), calc_power(without, kin));
      if (shape != ContactShape::sphere) continue;
      // across the normal there is friction alone, at the point of the sphere that is pressed
      const Vec3d normal = (1 / norm(without[2].force)) * without[2].force;
      const Vec3d across = with[2].force - dot(with[2].force, normal) * normal;
      const Vec3d p = kin.X_WB[2] * pair.X_B2S.p - 0.09 * normal;
      const auto velocity = [&](std::size_t b) { return kin.v_WB_W[b] + cross(kin.w_WB_W[b], p - kin.X_WB[b].p); };
      const Vec3d slip = velocity(2) - velocity(1);
      // a centimetre of doubt about the point is half a centimetre per second
      const Vec3d along = slip - dot(slip, normal) * normal;
      if (norm(along) > 0.03) {
        EXPECT_LT(dot(across, along), 0);
      }
    }
}

TEST(ContactForces, surfaces_that_are_apart_or_torn_apart_feel_nothing) {
  ContactPair pair = make_pair(ContactShape::half_space, ContactShape::sphere);
  pair.dissipation = 1;
  pair.dynamic_friction = pair.static_friction = 0.5;
  Kinematics<double> kin = make_touching(pair);
  const Vec3d out = -1.0 * (kin.X_WB[1].R * (pair.X_B1S.R * Vec3d{1, 0, 0}));
  Kinematics<double> apart = kin;
  apart.X_WB[2].p += 0.03 * out;
  for (const Wrench<double>& w : find_wrenches(pair, apart)) EXPECT_EQ(norm(w.force) + norm(w.moment), 0);
  // faster apart than 2 / (3 dissipation)
  kin.w_WB_W.assign(3, zero3<double>());
  kin.v_WB_W[2] = kin.v_WB_W[1] + 0.7 * out + Vec3d{0.01, 0.02, 0.01};
  for (const Wrench<double>& w : find_wrenches(pair, kin)) EXPECT_EQ(norm(w.force) + norm(w.moment), 0);
}

TEST(ContactForces, a_round_ellipsoid_is_a_sphere) {
  for (int i = 0; i < 50; ++i) {
    ContactPair sphere = make_pair(ContactShape::half_space, ContactShape::sphere);
    sphere.dissipation = 0.5;
    sphere.dynamic_friction = 0.4;
    ContactPair ellipsoid = sphere;
    ellipsoid.shape2 = ContactShape::ellipsoid;
    const Kinematics<double> kin = make_touching(sphere);
    const auto a = find_wrenches(sphere, kin), b = find_wrenches(ellipsoid, kin);
    for (std::size_t body = 1; body < 3; ++body) {
      EXPECT_LT(norm(a[body].force - b[body].force), 1e-9 * norm(a[body].force));
      EXPECT_LT(norm(a[body].moment - b[body].moment), 1e-9 * (1 + norm(a[body].moment)));
    }
  }
}

PassiveForceSpec make_sharp() {
  PassiveForceSpec spec;
  spec.transition_velocity = 0.05;
  spec.constant_contact_force = 1e-20;
  spec.hertz_smoothing = 1e5;
  spec.hunt_crossley_smoothing = 1e5;
  return spec;
}

TEST(ContactForces, a_smooth_sphere_with_sharp_steps_follows_hunt_and_crossley) {
  for (int i = 0; i < 50; ++i) {
    ContactPair smooth = make_pair(ContactShape::half_space, ContactShape::sphere);
    smooth.share1 = 0.5;
    smooth.dissipation = 0.6;
    smooth.static_friction = 0.9;
    smooth.dynamic_friction = 0.5;
    smooth.viscous_friction = 0.1;

    const Kinematics<double> kin = make_touching(smooth);
    std::vector<Wrench<double>> wrench(3, zero_wrench<double>());
    add_smooth_sphere_force(smooth, make_sharp(), kin, wrench);
    const auto expected = find_wrenches(smooth, kin);
    for (std::size_t body = 1; body < 3; ++body) {
      EXPECT_LT(norm(wrench[body].force - expected[body].force), 1e-6 * norm(expected[body].force));
      EXPECT_LT(norm(wrench[body].moment - expected[body].moment), 1e-6 * (1 + norm(expected[body].moment)));
    }
  }
}

TEST(ContactForces, a_smooth_sphere_far_above_or_without_dissipation_has_numbers_and_next_to_no_force) {
  ContactPair pair = make_pair(ContactShape::half_space, ContactShape::sphere);
  pair.dynamic_friction = pair.static_friction = 0.5;
  Kinematics<double> kin = make_touching(pair);
  kin.X_WB[2].p -= 10.0 * (kin.X_WB[1].R * (pair.X_B1S.R * Vec3d{1, 0, 0}));
  std::vector<Wrench<double>> wrench(3, zero_wrench<double>());
  add_smooth_sphere_force(pair, PassiveForceSpec{}, kin, wrench);
  EXPECT_LT(norm(wrench[2].force), 1e-200);
}

TEST(ContactForces, derivatives_along_a_motion_are_those_of_differences) {
  using D = Dual<double>;
  for (const bool is_smooth : {false, true})
    for (int i = 0; i < 20; ++i) {
      ContactPair pair =
          make_pair(ContactShape::half_space, is_smooth ? ContactShape::sphere : ContactShape::ellipsoid);
      pair.dissipation = 0.6;
      pair.static_friction = 0.9;
      pair.dynamic_friction = 0.5;
      const Kinematics<double> kin = make_touching(pair);
      const auto find_force = [&](const Kinematics<double>& at) {
        std::vector<Wrench<double>> wrench(3, zero_wrench<double>());
        if (is_smooth)
          add_smooth_sphere_force(pair, PassiveForceSpec{}, at, wrench);
        else
          add_hunt_crossley_force(pair, 0.05, at, wrench);
        return wrench[2].force;
      };
      Kinematics<D> dual;
      for (std::size_t b = 0; b < 3; ++b) {
        Pose<D> X = broadcast<D>(kin.X_WB[b]);
        for (int c = 0; c < 3; ++c) {
          const Vec3d rate = cross(kin.w_WB_W[b], kin.X_WB[b].R.column(c));
          X.R.m[0][c].d = rate.x, X.R.m[1][c].d = rate.y, X.R.m[2][c].d = rate.z;
        }
        X.p.x.d = kin.v_WB_W[b].x, X.p.y.d = kin.v_WB_W[b].y, X.p.z.d = kin.v_WB_W[b].z;
        dual.X_WB.push_back(X);
        dual.w_WB_W.push_back(broadcast<D>(kin.w_WB_W[b]));
        dual.v_WB_W.push_back(broadcast<D>(kin.v_WB_W[b]));
      }
      std::vector<Wrench<D>> wrench(3, zero_wrench<D>());
      if (is_smooth)
        add_smooth_sphere_force(pair, PassiveForceSpec{}, dual, wrench);
      else
        add_hunt_crossley_force(pair, 0.05, dual, wrench);
      const double h = 1e-6;
      const Vec3d slope = (1 / (2 * h)) * (find_force(moved(kin, h)) - find_force(moved(kin, -h)));
      const Vec3d ours{wrench[2].force.x.d, wrench[2].force.y.d, wrench[2].force.z.d};
      EXPECT_LT(norm(ours - slope), 1e-5 * (1 + norm(slope)));
    }
}

}  // namespace
}  // namespace buttress
