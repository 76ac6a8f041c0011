#pragma once
#include "simd/scalar.h"

/// Small fixed-size geometry over any number type of simd/. Names follow docs/notation.md:
/// p_PQ_E = position from P to Q expressed in E, R_AB turns B's vectors into A's, X_AB = (R_AB, p_AB_A).
namespace buttress {

template <class T>
struct Vec3 {
  T x, y, z;
  friend Vec3 operator+(const Vec3& a, const Vec3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  friend Vec3 operator-(const Vec3& a, const Vec3& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  friend Vec3 operator-(const Vec3& a) { return {-a.x, -a.y, -a.z}; }
  friend Vec3 operator*(const T& s, const Vec3& a) { return {s * a.x, s * a.y, s * a.z}; }
  Vec3& operator+=(const Vec3& b) { return x += b.x, y += b.y, z += b.z, *this; }
  Vec3& operator-=(const Vec3& b) { return x -= b.x, y -= b.y, z -= b.z, *this; }
};

template <class T>
T dot(const Vec3<T>& a, const Vec3<T>& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
template <class T>
Vec3<T> cross(const Vec3<T>& a, const Vec3<T>& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
template <class T>
T norm(const Vec3<T>& a) {
  return sqrt(dot(a, a));
}
template <class T>
Vec3<T> select(Mask<T> m, const Vec3<T>& a, const Vec3<T>& b) {
  return {select(m, a.x, b.x), select(m, a.y, b.y), select(m, a.z, b.z)};
}
template <class T>
Vec3<T> zero3() {
  return {T(0.0), T(0.0), T(0.0)};
}
/// a constant of the model as T
template <class T>
Vec3<T> broadcast(const Vec3<double>& a) {
  return {T(a.x), T(a.y), T(a.z)};
}

/// 3 x 3 matrix, m[row][column]
template <class T>
struct Mat3 {
  T m[3][3];
  static Mat3 identity() {
    const T o(1.0), z(0.0);
    return {{{o, z, z}, {z, o, z}, {z, z, o}}};
  }
  Vec3<T> column(int c) const { return {m[0][c], m[1][c], m[2][c]}; }
};

template <class T>
Vec3<T> operator*(const Mat3<T>& A, const Vec3<T>& b) {
  return {A.m[0][0] * b.x + A.m[0][1] * b.y + A.m[0][2] * b.z, A.m[1][0] * b.x + A.m[1][1] * b.y + A.m[1][2] * b.z,
          A.m[2][0] * b.x + A.m[2][1] * b.y + A.m[2][2] * b.z};
}
/// A^T b
template <class T>
Vec3<T> multiply_transposed(const Mat3<T>& A, const Vec3<T>& b) {
  return {A.m[0][0] * b.x + A.m[1][0] * b.y + A.m[2][0] * b.z, A.m[0][1] * b.x + A.m[1][1] * b.y + A.m[2][1] * b.z,
          A.m[0][2] * b.x + A.m[1][2] * b.y + A.m[2][2] * b.z};
}
template <class T>
Mat3<T> operator*(const Mat3<T>& A, const Mat3<T>& B) {
  Mat3<T> C;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) C.m[i][j] = A.m[i][0] * B.m[0][j] + A.m[i][1] * B.m[1][j] + A.m[i][2] * B.m[2][j];
  return C;
}
template <class T>
Mat3<T> transpose(const Mat3<T>& A) {
  Mat3<T> B;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) B.m[i][j] = A.m[j][i];
  return B;
}
template <class T>
Mat3<T> broadcast(const Mat3<double>& A) {
  Mat3<T> B;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) B.m[i][j] = T(A.m[i][j]);
  return B;
}

/// rotation by `angle` (rad) about the unit vector `axis` (Rodrigues)
template <class T>
Mat3<T> make_rotation(const Vec3<T>& axis, const T& angle) {
  const T s = sin(angle), c = cos(angle), k = T(1.0) - c;
  const T x = axis.x, y = axis.y, z = axis.z;
  return {{{c + k * x * x, k * x * y - s * z, k * x * z + s * y},
           {k * x * y + s * z, c + k * y * y, k * y * z - s * x},
           {k * x * z - s * y, k * y * z + s * x, c + k * z * z}}};
}

/// pose of frame B in frame A: p_A = R p_B + p
template <class T>
struct Pose {
  Mat3<T> R;
  Vec3<T> p;
  static Pose identity() { return {Mat3<T>::identity(), zero3<T>()}; }
};
template <class T>
Vec3<T> operator*(const Pose<T>& X_AB, const Vec3<T>& p_B) {
  return X_AB.R * p_B + X_AB.p;
}
template <class T>
Pose<T> operator*(const Pose<T>& X_AB, const Pose<T>& X_BC) {
  return {X_AB.R * X_BC.R, X_AB * X_BC.p};
}
template <class T>
Pose<T> inverse(const Pose<T>& X_AB) {
  const Mat3<T> R_BA = transpose(X_AB.R);
  return {R_BA, -(R_BA * X_AB.p)};
}
template <class T>
Pose<T> broadcast(const Pose<double>& X) {
  return {broadcast<T>(X.R), broadcast<T>(X.p)};
}

/// OpenSim's <orientation>: rotations about the body-fixed x, then y, then z axis (rad)
inline Mat3<double> make_body_xyz_rotation(const Vec3<double>& angles) {
  return make_rotation<double>({1, 0, 0}, angles.x) * make_rotation<double>({0, 1, 0}, angles.y) *
         make_rotation<double>({0, 0, 1}, angles.z);
}

/// symmetric 3 x 3 inertia, kg m^2
template <class T>
struct Inertia {
  T xx, yy, zz, xy, xz, yz;
};
template <class T>
Vec3<T> operator*(const Inertia<T>& I, const Vec3<T>& w) {
  return {I.xx * w.x + I.xy * w.y + I.xz * w.z, I.xy * w.x + I.yy * w.y + I.yz * w.z,
          I.xz * w.x + I.yz * w.y + I.zz * w.z};
}

/// force and its moment about the world origin, both expressed in the world (N, N m)
template <class T>
struct Wrench {
  Vec3<T> force;
  Vec3<T> moment;
  Wrench& operator+=(const Wrench& b) { return force += b.force, moment += b.moment, *this; }
  Wrench& operator-=(const Wrench& b) { return force -= b.force, moment -= b.moment, *this; }
};
template <class T>
Wrench<T> zero_wrench() {
  return {zero3<T>(), zero3<T>()};
}
/// moment of a wrench about the point p instead of the world origin
template <class T>
Vec3<T> moment_about(const Wrench<T>& w, const Vec3<T>& p) {
  return w.moment - cross(p, w.force);
}

}  // namespace buttress
