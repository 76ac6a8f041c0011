// Small geometry against Eigen's own vectors, matrices and rotations, and against the laws that any geometry keeps,
// over seeded poses. What this can prove: the arithmetic and the order of rotations; not that a caller uses the right
// frame.
#include "spatial/spatial.h"

#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <random>

#include "simd/dual.h"
#include "simd/lanes.h"

namespace buttress {
namespace {

constexpr double kTolerance = 1e-14;

Eigen::Vector3d to_eigen(const Vec3<double>& a) {
  return {a.x, a.y, a.z};
}
Eigen::Matrix3d to_eigen(const Mat3<double>& A) {
  Eigen::Matrix3d B;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) B(i, j) = A.m[i][j];
  return B;
}
Eigen::Matrix3d to_eigen(const Inertia<double>& I) {
  Eigen::Matrix3d B;
  B << I.xx, I.xy, I.xz, I.xy, I.yy, I.yz, I.xz, I.yz, I.zz;
  return B;
}

/// seeded geometry
class Source {
 public:
  explicit Source(unsigned seed) : random_(seed) {}
  double number() { return uniform_(random_); }
  double angle() { return 3 * uniform_(random_); }
  Vec3<double> vector() { return {number(), number(), number()}; }
  Vec3<double> unit_vector() {
    const Vec3<double> a = vector();
    return (1 / norm(a)) * a;
  }
  Pose<double> pose() { return {make_rotation(unit_vector(), angle()), vector()}; }

 private:
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> uniform_{-1, 1};
};

template <class A, class B>
void expect_near(const A& a, const B& b, const char* what, unsigned seed) {
  EXPECT_LT((a - b).norm(), kTolerance * (1 + b.norm())) << what << ", seed " << seed;
}

TEST(Vec3, arithmetic_is_that_of_eigen) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Source s(seed);
    const Vec3<double> a = s.vector(), b = s.vector();
    const double k = s.number();
    const Eigen::Vector3d A = to_eigen(a), B = to_eigen(b);
    expect_near(to_eigen(a + b), A + B, "sum", seed);
    expect_near(to_eigen(a - b), A - B, "difference", seed);
    expect_near(to_eigen(-a), -A, "negative", seed);
    expect_near(to_eigen(k * a), k * A, "multiple", seed);
    expect_near(to_eigen(cross(a, b)), A.cross(B), "cross product", seed);
    EXPECT_NEAR(dot(a, b), A.dot(B), kTolerance);
    EXPECT_NEAR(norm(a), A.norm(), kTolerance);
    Vec3<double> c = a;
    c += b;
    expect_near(to_eigen(c), A + B, "+=", seed);
    c -= a;
    expect_near(to_eigen(c), B, "-=", seed);
    EXPECT_EQ(to_eigen(select<double>(true, a, b)), A);
    EXPECT_EQ(to_eigen(select<double>(false, a, b)), B);
    EXPECT_EQ(to_eigen(zero3<double>()), Eigen::Vector3d::Zero());
    EXPECT_EQ(to_eigen(broadcast<double>(a)), A);
  }
}

TEST(Mat3, arithmetic_is_that_of_eigen) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Source s(seed);
    Mat3<double> a, b;
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j) a.m[i][j] = s.number(), b.m[i][j] = s.number();
    const Vec3<double> v = s.vector();
    const Eigen::Matrix3d A = to_eigen(a), B = to_eigen(b);
    expect_near(to_eigen(a * v), A * to_eigen(v), "matrix times vector", seed);
    expect_near(to_eigen(multiply_transposed(a, v)), A.transpose() * to_eigen(v), "transpose times vector", seed);
    expect_near(to_eigen(a * b), A * B, "matrix times matrix", seed);
    expect_near(to_eigen(transpose(a)), A.transpose(), "transpose", seed);
    EXPECT_EQ(to_eigen(a.column(1)), A.col(1));
    EXPECT_EQ(to_eigen(Mat3<double>::identity()), Eigen::Matrix3d::Identity());
    EXPECT_EQ(to_eigen(broadcast<double>(a)), A);
  }
}

TEST(Rotation, about_an_axis_is_that_of_eigen) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Source s(seed);
    const Vec3<double> axis = s.unit_vector();
    const double angle = s.angle();
    const Eigen::Matrix3d reference = Eigen::AngleAxisd(angle, to_eigen(axis)).toRotationMatrix();
    expect_near(to_eigen(make_rotation(axis, angle)), reference, "rotation", seed);
  }
}

TEST(Rotation, turns_x_towards_y_when_it_is_positive_about_z) {
  const Vec3<double> r = make_rotation<double>({0, 0, 1}, 0.1) * Vec3<double>{1, 0, 0};
  EXPECT_NEAR(r.x, std::cos(0.1), kTolerance);
  EXPECT_NEAR(r.y, std::sin(0.1), kTolerance);
  EXPECT_EQ(r.z, 0.0);
}

TEST(Rotation, body_xyz_goes_about_x_then_the_new_y_then_the_newest_z) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Source s(seed);
    const Vec3<double> angles{s.angle(), s.angle(), s.angle()};
    const Eigen::Matrix3d reference =
        (Eigen::AngleAxisd(angles.x, Eigen::Vector3d::UnitX()) * Eigen::AngleAxisd(angles.y, Eigen::Vector3d::UnitY()) *
         Eigen::AngleAxisd(angles.z, Eigen::Vector3d::UnitZ()))
            .toRotationMatrix();
    expect_near(to_eigen(make_body_xyz_rotation(angles)), reference, "body xyz", seed);
  }
}

TEST(Rotation, changes_with_its_angle_by_the_cross_product_with_its_axis) {
  // dR/dangle v = axis x (R v), the law that ties angles to angular velocity
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Source s(seed);
    using D = Dual<double>;
    const Vec3<double> axis = s.unit_vector(), v = s.vector();
    const double angle = s.angle();
    const Vec3<D> turned = make_rotation(broadcast<D>(axis), D(angle, 1.0)) * broadcast<D>(v);
    const Vec3<double> slope{turned.x.d, turned.y.d, turned.z.d};
    expect_near(to_eigen(slope), to_eigen(cross(axis, make_rotation(axis, angle) * v)), "slope", seed);
  }
}

TEST(Pose, composes_and_inverts_like_a_homogeneous_matrix) {
  const auto to_transform = [](const Pose<double>& X) {
    Eigen::Isometry3d T = Eigen::Isometry3d::Identity();
    T.linear() = to_eigen(X.R);
    T.translation() = to_eigen(X.p);
    return T;
  };
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Source s(seed);
    const Pose<double> X_AB = s.pose(), X_BC = s.pose();
    const Vec3<double> p_C = s.vector();
    const Eigen::Isometry3d T_AB = to_transform(X_AB), T_BC = to_transform(X_BC);
    expect_near(to_transform(X_AB * X_BC).matrix(), (T_AB * T_BC).matrix(), "composition", seed);
    expect_near(to_transform(inverse(X_AB)).matrix(), T_AB.inverse().matrix(), "inverse", seed);
    expect_near(to_eigen(X_AB * (X_BC * p_C)), T_AB * (T_BC * to_eigen(p_C)), "point", seed);
    expect_near(to_transform(broadcast<double>(X_AB)).matrix(), T_AB.matrix(), "broadcast", seed);
    EXPECT_EQ(to_transform(Pose<double>::identity()).matrix(), Eigen::Matrix4d::Identity());
  }
}

TEST(Inertia, times_angular_velocity_is_the_symmetric_matrix_product) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Source s(seed);
    const Inertia<double> I{s.number(), s.number(), s.number(), s.number(), s.number(), s.number()};
    const Vec3<double> w = s.vector();
    expect_near(to_eigen(I * w), to_eigen(I) * to_eigen(w), "angular momentum", seed);
  }
}

TEST(Wrench, moment_about_the_point_where_a_force_acts_is_zero) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Source s(seed);
    const Vec3<double> p = s.vector(), force = s.vector(), couple = s.vector();
    Wrench<double> w{force, cross(p, force)};
    EXPECT_LT(norm(moment_about(w, p)), kTolerance);
    // a free couple adds the same moment about every point
    w += Wrench<double>{zero3<double>(), couple};
    expect_near(to_eigen(moment_about(w, p)), to_eigen(couple), "couple", seed);
    const Wrench<double> same = w;
    w -= same;
    EXPECT_EQ(norm(w.force), 0.0);
    EXPECT_EQ(norm(w.moment), 0.0);
    EXPECT_EQ(norm(zero_wrench<double>().moment), 0.0);
  }
}

#if defined(BUTTRESS_HAS_LANES)
TEST(Pose, in_lanes_equals_double_in_each_lane) {
  using L = Lanes<double, 2>;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    Source s(seed);
    const Vec3<double> axis = s.unit_vector(), offset = s.vector(), point = s.vector();
    const double angles[2] = {s.angle(), s.angle()};
    const Pose<L> X{make_rotation(broadcast<L>(axis), L::load(angles)), broadcast<L>(offset)};
    const Vec3<L> r = inverse(X) * (X * X * broadcast<L>(point));
    for (std::size_t lane = 0; lane < 2; ++lane) {
      const Pose<double> X1{make_rotation(axis, angles[lane]), offset};
      const Vec3<double> one{get_lane(r.x, lane), get_lane(r.y, lane), get_lane(r.z, lane)};
      expect_near(to_eigen(one), to_eigen(inverse(X1) * (X1 * X1 * point)), "lane", seed);
    }
  }
}
#endif

}  // namespace
}  // namespace buttress
