#pragma once
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "io/setup_reader.h"
#include "model/model_spec.h"
#include "motion/external_loads.h"

/// Everything that a specification holds, as text: two are the same when their texts are. Line numbers are left out. A
/// structure that gets a field does not compile here until the field is listed, so that none can be forgotten.
namespace buttress::spec_text {

inline auto fields(const FunctionSpec& s) {
  const auto& [kind, x, y, coefficients, degree, scale] = s;
  return std::tie(kind, x, y, coefficients, degree, scale);
}
inline auto fields(const Vec3d& s) {
  const auto& [x, y, z] = s;
  return std::tie(x, y, z);
}
inline auto fields(const Inertia<double>& s) {
  const auto& [xx, yy, zz, xy, xz, yz] = s;
  return std::tie(xx, yy, zz, xy, xz, yz);
}
inline auto fields(const Mat3d& s) {
  const auto& [m] = s;
  return std::tie(m);
}
inline auto fields(const Posed& s) {
  const auto& [R, p] = s;
  return std::tie(R, p);
}
inline auto fields(const BodySpec& s) {
  const auto& [name, mass, p, I, at] = s;
  return std::tie(name, mass, p, I);
}
inline auto fields(const FrameSpec& s) {
  const auto& [body, X] = s;
  return std::tie(body, X);
}
inline auto fields(const CoordinateSpec& s) {
  const auto& [name, value, speed, low, high, clamped, locked, prescribed, function, motion_type, at] = s;
  return std::tie(name, value, speed, low, high, clamped, locked, prescribed, function, motion_type);
}
inline auto fields(const AxisTermSpec& s) {
  const auto& [coordinate, function] = s;
  return std::tie(coordinate, function);
}
inline auto fields(const AxisSpec& s) {
  const auto& [direction, terms] = s;
  return std::tie(direction, terms);
}
inline auto fields(const JointSpec& s) {
  const auto& [name, kind, parent, child, coordinates, axes, reversed, at] = s;
  return std::tie(name, kind, parent, child, coordinates, axes, reversed);
}
inline auto fields(const CouplerSpec& s) {
  const auto& [name, dependent, independent, function, enforced, at] = s;
  return std::tie(name, dependent, independent, function, enforced);
}
inline auto fields(const PathPointSpec& s) {
  const auto& [name, kind, frame, p, coordinate, low, high, moving, at] = s;
  return std::tie(name, kind, frame, p, coordinate, low, high, moving);
}
inline auto fields(const WrapObjectSpec& s) {
  const auto& [name, frame, kind, radius, length, axes, inner, outer, quadrant, active, at] = s;
  return std::tie(name, frame, kind, radius, length, axes, inner, outer, quadrant, active);
}
inline auto fields(const PathWrapSpec& s) {
  const auto& [object, method, first, last, at] = s;
  return std::tie(object, method, first, last);
}
inline auto fields(const PolynomialPathSpec& s) {
  const auto& [coordinates, order, coefficients] = s;
  return std::tie(coordinates, order, coefficients);
}
inline auto fields(const PathSpec& s) {
  const auto& [points, wraps, is_polynomial, polynomial] = s;
  return std::tie(points, wraps, is_polynomial, polynomial);
}
inline auto fields(const MuscleCurveSpec& s) {
  const auto& [a1, a2, a3, a4, b1, b2, b3, c1, c2, c3, c4, c5, d1, d2, d3, d4, d5, d6, d7, d8, e1, e2, e3, e4, e5, f1,
               f2, g1, g2, g3, h1, h2, h3, h4, h5, h6, h7, h8] = s;
  return std::tie(a1, a2, a3, a4, b1, b2, b3, c1, c2, c3, c4, c5, d1, d2, d3, d4, d5, d6, d7, d8, e1, e2, e3, e4, e5,
                  f1, f2, g1, g2, g3, h1, h2, h3, h4, h5, h6, h7, h8);
}
inline auto fields(const MuscleDynamicsSpec& s) {
  const auto& [rigid, instant, least, activation, length, velocity, tendon, damping, is_implicit, time_scale, mass,
               tendon_damping, passive_damping] = s;
  return std::tie(rigid, instant, least, activation, length, velocity, tendon, damping, is_implicit, time_scale, mass,
                  tendon_damping, passive_damping);
}
inline auto fields(const MuscleSpec& s) {
  const auto& [name, kind, path, force, fiber, tendon, pennation, velocity, low, high, applies, in_set, curves,
               dynamics, at] = s;
  return std::tie(name, kind, path, force, fiber, tendon, pennation, velocity, low, high, applies, in_set, curves,
                  dynamics);
}
inline auto fields(const ActuatorSpec& s) {
  const auto& [name, type, kind, coordinate, body, body_b, point, direction, point_b, point_is_global,
               direction_is_global, path, optimal, low, high, has_activation, activation, applies, in_set, at] = s;
  return std::tie(name, type, kind, coordinate, body, body_b, point, direction, point_b, point_is_global,
                  direction_is_global, path, optimal, low, high, has_activation, activation, applies, in_set);
}
inline auto fields(const ContactGeometrySpec& s) {
  const auto& [name, type, shape, frame, radii, at] = s;
  return std::tie(name, type, shape, frame, radii);
}
inline auto fields(const ContactSurfaceSpec& s) {
  const auto& [geometry, stiffness, dissipation, us, ud, uv] = s;
  return std::tie(geometry, stiffness, dissipation, us, ud, uv);
}
inline auto fields(const PassiveForceSpec& s) {
  const auto& [name, type, kind, applies, in_set, frame1, frame2, kr, kt, dr, dt, expressions, coordinate, upper, lower,
               upper_stiffness, lower_stiffness, damping, transition, stiffness, rest, viscosity, point1, point2,
               functions, path, resting, pcsa, function, dissipation, clamp, strain, coefficient, surfaces, velocity,
               constant_force, hertz, hunt_crossley, at] = s;
  return std::tie(name, type, kind, applies, in_set, frame1, frame2, kr, kt, dr, dt, expressions, coordinate, upper,
                  lower, upper_stiffness, lower_stiffness, damping, transition, stiffness, rest, viscosity, point1,
                  point2, functions, path, resting, pcsa, function, dissipation, clamp, strain, coefficient, surfaces,
                  velocity, constant_force, hertz, hunt_crossley);
}
inline auto fields(const MarkerSpec& s) {
  const auto& [name, frame, p, fixed, at] = s;
  return std::tie(name, frame, p, fixed);
}
inline auto fields(const ForceGroupSpec& s) {
  const auto& [name, members] = s;
  return std::tie(name, members);
}
inline auto fields(const ControllerSpec& s) {
  const auto& [type, name, enabled, drives_all, actuators, controls, obstacle, at] = s;
  return std::tie(type, name, enabled, drives_all, actuators, controls, obstacle);
}
inline auto fields(const UnsupportedSpec& s) {
  const auto& [type, name, at, is_force, kind, reason, in_set] = s;
  return std::tie(type, name, is_force, kind, reason, in_set);
}
inline auto fields(const ModelSpec& s) {
  const auto& [name, file, version, gravity, bodies, joints, couplers, constrained, wraps, muscles, actuators, contacts,
               passive, markers, controllers, unsupported, force_order, force_names, muscle_names, groups] = s;
  return std::tie(name, gravity, bodies, joints, couplers, constrained, wraps, muscles, actuators, contacts, passive,
                  markers, controllers, unsupported, force_order, force_names, muscle_names, groups);
}
inline auto fields(const MarkerTask& s) {
  const auto& [marker, weight] = s;
  return std::tie(marker, weight);
}
inline auto fields(const CoordinateTask& s) {
  const auto& [coordinate, weight, target, value] = s;
  return std::tie(coordinate, weight, target, value);
}
inline auto fields(const TaskSetSetup& s) {
  const auto& [markers, coordinates] = s;
  return std::tie(markers, coordinates);
}
inline auto fields(const MarkerPairSetup& s) {
  const auto& [first, second] = s;
  return std::tie(first, second);
}
inline auto fields(const BodyScaleSetup& s) {
  const auto& [body, axis] = s;
  return std::tie(body, axis);
}
inline auto fields(const MeasurementSetup& s) {
  const auto& [name, line, pairs, bodies] = s;
  return std::tie(name, pairs, bodies);
}
inline auto fields(const ManualScaleSetup& s) {
  const auto& [segment, factors, line] = s;
  return std::tie(segment, factors);
}
inline auto fields(const ScaleSetup& s) {
  const auto& [mass, set_file, scales, order, measurements, manual, scaler_file, start, end, preserve, model_file,
               factor_file, places, tasks, placer_file, coordinate_file, placer_start, placer_end, movement, pose_file,
               placed_file, placed_marker_file] = s;
  return std::tie(mass, set_file, scales, order, measurements, manual, scaler_file, start, end, preserve, model_file,
                  factor_file, places, tasks, placer_file, coordinate_file, placer_start, placer_end, movement,
                  pose_file, placed_file, placed_marker_file);
}
inline auto fields(const AnalysisSetup& s) {
  const auto& [kind, type, name, line, on, start, end, step, degrees, use_set, use_physiology, exponent, convergence,
               iterations, forces_file, joints, on_bodies, frames, muscles, arms, moments, coordinates, bodies, local,
               body, relative, point_name, point, constraints] = s;
  return std::tie(kind, type, name, on, start, end, step, degrees, use_set, use_physiology, exponent, convergence,
                  iterations, forces_file, joints, on_bodies, frames, muscles, arms, moments, coordinates, bodies,
                  local, body, relative, point_name, point, constraints);
}
inline auto fields(const ToolSetup& s) {
  const auto& [kind, name, file, version, model, replace, set_files, results, precision, start, end, coordinates,
               states, speeds, loads, lowpass, equilibrium, controllers, controls, exclude, force_file, body_force_file,
               joints, degrees, analyses, markers, motion, tasks, weight, accuracy, errors, locations, scale] = s;
  return std::tie(kind, name, model, replace, set_files, results, precision, start, end, coordinates, states, speeds,
                  loads, lowpass, equilibrium, controllers, controls, exclude, force_file, body_force_file, joints,
                  degrees, analyses, markers, motion, tasks, weight, accuracy, errors, locations, scale);
}
inline auto fields(const ExternalForceSpec& s) {
  const auto& [name, body, force_body, point_body, force, point, torque, source, applies, line] = s;
  return std::tie(name, body, force_body, point_body, force, point, torque, source, applies);
}
inline auto fields(const ExternalLoadsSpec& s) {
  const auto& [name, file, data_file, forces] = s;
  return std::tie(name, data_file, forces);
}

inline void put(std::string& text, const std::string& value) {
  text += "'" + value + "' ";
}
template <class T>
requires std::is_arithmetic_v<T> || std::is_enum_v<T>
void put(std::string& text, T value) {
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.17g ", static_cast<double>(value));
  text += digits;
}
template <class T, std::size_t n>
void put(std::string& text, const T (&values)[n]);
template <class T>
void put(std::string& text, const std::vector<T>& values);
template <class T, std::size_t n>
void put(std::string& text, const std::array<T, n>& values);
template <class T>
void put(std::string& text, const std::optional<T>& value);
template <class T>
requires std::is_class_v<T>
void put(std::string& text, const T& value) {
  text += "{";
  std::apply([&](const auto&... field) { (put(text, field), ...); }, fields(value));
  text += "}";
}
template <class T, std::size_t n>
void put(std::string& text, const T (&values)[n]) {
  for (const T& value : values) put(text, value);
}
template <class T, std::size_t n>
void put(std::string& text, const std::array<T, n>& values) {
  for (const T& value : values) put(text, value);
}
template <class T>
void put(std::string& text, const std::vector<T>& values) {
  text += "[";
  for (const T& value : values) put(text, value);
  text += "]";
}
template <class T>
void put(std::string& text, const std::optional<T>& value) {
  if (value)
    put(text, *value);
  else
    text += "none ";
}

template <class T>
std::string describe(const T& spec) {
  std::string text;
  put(text, spec);
  return text;
}

}  // namespace buttress::spec_text
