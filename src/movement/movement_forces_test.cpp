// What carried weights and bands pull. What the references can prove: Hooke's law by hand, action equal to reaction in
// force and moment, work equal to the loss of stored energy by differences, weight by Newton.
#include "movement/movement_forces.h"

#include <cmath>

#include "movement/movement_testing.h"
#include "multibody/kinematics.h"

namespace buttress {
namespace {

TEST(MovementBand, PullsByHookesLawAndHangsSlackWhenShort) {
  const Vec3d pull = calc_band_force({0, 0, 0}, {0.3, 0, 0.4}, 0.4, 200);
  EXPECT_NEAR(pull.x, 0.1 * 200 * 0.6, 1e-12);
  EXPECT_NEAR(pull.y, 0, 1e-12);
  EXPECT_NEAR(pull.z, 0.1 * 200 * 0.8, 1e-12);
  EXPECT_EQ(norm(calc_band_force({0, 0, 0}, {0.3, 0, 0.4}, 0.51, 200)), 0);
  EXPECT_EQ(norm(calc_band_force({1, 1, 1}, {1, 1, 1}, 0.1, 200)), 0) << "no direction, no force";
}

TEST(MovementBand, PullsBothLegsAlikeInOppositeDirections) {
  const MovementSpec movement = read("sidestep");
  const SolvedMovement solved = solve(movement);
  const OutsideForces forces = make_outside_forces(body(), movement, solved.motion);
  // the band around the ankles, then that around the thighs, which is slack
  ASSERT_EQ(forces.loads.size(), 4u);
  double strongest = 0;
  for (std::size_t f = 0; f < solved.motion.frame_count(); ++f) {
    const double* a = &forces.values[f * 36];
    const double* b = a + 9;
    const Vec3d fa{a[0], a[1], a[2]}, fb{b[0], b[1], b[2]}, pa{a[3], a[4], a[5]}, pb{b[3], b[4], b[5]};
    EXPECT_LT(norm(fa + fb), 1e-9);
    EXPECT_LT(norm(cross(pa, fa) + cross(pb, fb)), 1e-9);
    EXPECT_LE(dot(fa, pa - pb), 0) << "towards each other";
    strongest = std::max(strongest, norm(fa));
  }
  EXPECT_GT(strongest, 20) << "the step stretches the band";
}

TEST(MovementBand, DoesTheWorkThatItHadStored) {
  // dE = -F dp for any small change of the posture, E = k/2 (L - L0)^2
  const MovementSpec movement = read("sidestep", {"band_N_per_m=300"});
  const MovementBand& band = movement.bands.at(0);
  const SolvedMovement solved = solve(movement);
  const std::size_t n = body().coordinates.size();
  const auto find_ends = [&](const std::vector<double>& q) {
    Kinematics<double> kin = make_kinematics<double>(body());
    update_positions(body(), q.data(), kin);
    return std::pair{kin.X_WB[static_cast<std::size_t>(body().find_body(band.from_body))] * band.p_from,
                     kin.X_WB[static_cast<std::size_t>(body().find_body(band.to_body))] * band.p_to};
  };
  const double rest = find_value(movement, band.rest_length_m), stiffness = 300;
  std::vector<double> q(solved.motion.q.begin() + static_cast<std::ptrdiff_t>(150 * n),
                        solved.motion.q.begin() + static_cast<std::ptrdiff_t>(151 * n));
  const auto calc_energy = [&] {
    const auto [a, b] = find_ends(q);
    return 0.5 * stiffness * std::pow(std::max(0.0, norm(b - a) - rest), 2);
  };
  const auto [a, b] = find_ends(q);
  const Vec3d force = calc_band_force(a, b, rest, stiffness);
  ASSERT_GT(norm(force), 5);
  for (const char* name : {"hip_adduction_r", "hip_flexion_l", "knee_angle_r", "pelvis_list"}) {
    const std::size_t c = static_cast<std::size_t>(body().find_coordinate(name));
    const double h = 1e-5;
    q[c] += h;
    const double up = calc_energy();
    const auto [au, bu] = find_ends(q);
    q[c] -= 2 * h;
    const double down = calc_energy();
    const auto [ad, bd] = find_ends(q);
    q[c] += h;
    const double work = dot(force, au - ad) + dot(-1.0 * force, bu - bd);
    EXPECT_NEAR(work, down - up, 1e-6 * std::max(1.0, std::abs(work))) << name;
  }
}

TEST(MovementLoad, AWeightAtRestPullsDownWithItsWeight) {
  const MovementSpec movement = read("hold_far", {"load_kg=10"});
  const OutsideForces forces = make_outside_forces(body(), movement, solve(movement).motion);
  ASSERT_EQ(forces.loads.size(), 2u);
  EXPECT_NEAR(forces.values[1] + forces.values[10], -10 * 9.80665, 1e-3);
  EXPECT_NEAR(forces.values[0], 0, 1e-9);
}

}  // namespace
}  // namespace buttress
