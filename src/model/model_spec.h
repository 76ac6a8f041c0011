#pragma once
#include <limits>
#include <string>
#include <vector>

#include "spatial/spatial.h"

/// What a model file says, in OpenSim 4's terms and SI units, before anything is checked against anything else.
/// Readers fill it (io/osim_reader.h), compile() checks it and turns it into a Model.
namespace buttress {

using Vec3d = Vec3<double>;
using Mat3d = Mat3<double>;
using Posed = Pose<double>;
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// where an element stands in the file, for messages
struct SourceLine {
  int line = 0;
};

enum class FunctionKind {
  constant,
  linear,
  simm_spline,
  natural_cubic_spline,
  gcv_spline,
  piecewise_linear,
  polynomial,
  piecewise_constant,
  step
};

/// A function of one coordinate as the file gives it.
struct FunctionSpec {
  FunctionKind kind = FunctionKind::constant;
  std::vector<double> x, y;          ///< knots of splines, lines and constants; step: its start and its end
  std::vector<double> coefficients;  ///< constant: {value}; linear: {slope, intercept}; polynomial: highest power first
  int degree = 5;                    ///< gcv_spline: 1, 3, 5 or 7
  double scale = 1.0;                ///< product of the MultiplierFunctions around it
};

struct BodySpec {
  std::string name;
  double mass = 0;             ///< kg
  Vec3d p_BBcm_B{0, 0, 0};     ///< mass centre in the body frame
  Inertia<double> I_BBcm_B{};  ///< about the mass centre, in the body frame
  SourceLine at;
};

/// a frame fixed to a body; "ground" is the body of that name
struct FrameSpec {
  std::string body;
  Posed X_BF = Posed::identity();
};

/// What a coordinate measures, as OpenSim classes it. The readers decide; see io/osim_joint.cpp for custom joints.
enum class MotionType {
  rotational,     ///< the angle about one axis: files hold it, and stiffnesses along it, in degrees
  translational,  ///< the way along one axis: it grows with the body that carries the joint
  coupled  ///< it drives functions of several axes: neither an angle nor a length; files hold it as it is, and it has
           ///< no size to be scaled
};

struct CoordinateSpec {
  std::string name;
  double default_value = 0, default_speed = 0;  ///< rad or m
  double range_min = -kInfinity, range_max = kInfinity;
  bool clamped = false, locked = false, prescribed = false;
  FunctionSpec prescribed_function;  ///< of time; used when prescribed
  MotionType motion_type = MotionType::rotational;
  SourceLine at;
};

/// one of the six axes of a SpatialTransform: angle or distance = sum of functions of coordinates
struct AxisTermSpec {
  std::string coordinate;  ///< empty for a constant function
  FunctionSpec function;
};
struct AxisSpec {
  Vec3d direction{1, 0, 0};
  std::vector<AxisTermSpec> terms;  ///< empty = always zero
};

enum class JointKind { weld, pin, slider, universal, ball, gimbal, free, planar, custom };

/// Joint between frame F on the parent and frame M on the child. All kinds but weld are also given as axes:
/// X_FM = translation along axes[3..5], then body-fixed rotations about axes[0..2], as in OpenSim's CustomJoint.
/// make_standard_axes() fills them for the kinds with a fixed pattern.
struct JointSpec {
  std::string name;
  JointKind kind = JointKind::weld;
  FrameSpec parent, child;
  std::vector<CoordinateSpec> coordinates;  ///< in the file's order
  AxisSpec axes[6];                         ///< rotation1..3, translation1..3
  bool reversed = false;                    ///< OpenSim 3 <reverse>: the file gives parent as seen from the child
  SourceLine at;
};
/// sets joint.axes from joint.kind and the names of its coordinates (custom and weld are left alone)
void make_standard_axes(JointSpec& joint);

/// dependent coordinate = function(independent), OpenSim's CoordinateCouplerConstraint
struct CouplerSpec {
  std::string name, dependent, independent;
  FunctionSpec function;
  bool enforced = true;
  SourceLine at;
};

enum class PathPointKind { fixed, conditional, moving };
struct PathPointSpec {
  std::string name;
  PathPointKind kind = PathPointKind::fixed;
  FrameSpec frame;         ///< points are given in the frame; compile() moves them to the body
  Vec3d p_F{0, 0, 0};      ///< fixed, conditional
  std::string coordinate;  ///< conditional: active while range_min <= q <= range_max
  double range_min = 0, range_max = 0;
  AxisTermSpec moving[3];  ///< moving: x, y, z as functions of one coordinate each
  SourceLine at;
};

enum class WrapKind { cylinder, sphere, ellipsoid, torus };
/// OpenSim's <quadrant>: the side of the object that the path must use
enum class WrapQuadrant { all, positive_x, negative_x, positive_y, negative_y, positive_z, negative_z };
struct WrapObjectSpec {
  std::string name;
  FrameSpec frame;  ///< frame of the object on its body (translation, xyz_body_rotation folded in)
  WrapKind kind = WrapKind::cylinder;
  double radius = 0;                          ///< cylinder, sphere
  double length = 0;                          ///< cylinder: a path does not wrap beyond its ends
  Vec3d semi_axes{0, 0, 0};                   ///< ellipsoid
  double inner_radius = 0, outer_radius = 0;  ///< torus
  WrapQuadrant quadrant = WrapQuadrant::all;
  bool active = true;
  SourceLine at;
};

enum class WrapMethod { hybrid, midpoint, axial };
struct PathWrapSpec {
  std::string wrap_object;
  WrapMethod method = WrapMethod::hybrid;
  int range_first = -1,
      range_last = -1;  ///< 1-based path points between which the object may act; -1 = end of the path
  SourceLine at;
};

/// length as a polynomial of coordinates (OpenSim FunctionBasedPath with MultivariatePolynomialFunction);
/// coefficients in OpenSim's order
struct PolynomialPathSpec {
  std::vector<std::string> coordinates;
  int order = 0;
  std::vector<double> coefficients;
};

struct PathSpec {
  std::vector<PathPointSpec> points;
  std::vector<PathWrapSpec> wraps;
  bool is_polynomial = false;
  PolynomialPathSpec polynomial;
};

enum class MuscleKind {
  thelen2003,
  millard2012_equilibrium,
  millard2012_acceleration,
  degroote_fregly2016,
  schutte1993
};

/// Parameters of the curves that a file may change, all with OpenSim's defaults; those of other kinds are ignored.
struct MuscleCurveSpec {
  // Thelen2003, Schutte1993
  double fmax_tendon_strain = 0.04, fmax_muscle_strain = 0.6, k_shape_active = 0.45, k_shape_passive = 5.0;
  double af = 0.25, flen = 1.4, fv_linear_extrapolation_threshold = 0.95;
  // Millard2012: ActiveForceLengthCurve
  double min_norm_active_fiber_length = 0.4441, transition_norm_fiber_length = 0.73,
         max_norm_active_fiber_length = 1.8123, shallow_ascending_slope = 0.8616, minimum_value = 0.1;
  // Millard2012: ForceVelocityCurve
  double concentric_slope_at_vmax = 0.0, concentric_slope_near_vmax = 0.25, isometric_slope = 5.0,
         eccentric_slope_at_vmax = 0.0, eccentric_slope_near_vmax = 0.15, max_eccentric_velocity_force_multiplier = 1.4,
         concentric_curviness = 0.6, eccentric_curviness = 0.9;
  // Millard2012: FiberForceLengthCurve; NaN = OpenSim's default built from the strain at one norm force
  double strain_at_zero_force = 0.0, strain_at_one_norm_force = 0.7;
  double stiffness_at_low_force = std::numeric_limits<double>::quiet_NaN(),
         stiffness_at_one_norm_force = std::numeric_limits<double>::quiet_NaN(),
         curviness = std::numeric_limits<double>::quiet_NaN();
  // Millard2012: TendonForceLengthCurve, and the damping below 0.001 of which OpenSim changes the other curves
  double tendon_strain_at_one_norm_force = 0.049, fiber_damping = 0.1;
  // DeGrooteFregly2016
  double active_force_width_scale = 1.0, passive_fiber_strain_at_one_norm_force = 0.6;
  bool ignore_passive_fiber_force = false;
  // Schutte1993: normalised curves as the file gives them (empty = OpenSim's own)
  std::vector<double> active_x, active_y, passive_x, passive_y, tendon_x, tendon_y, velocity_x, velocity_y;
};

/// What a muscle needs beyond its curves to be in a state of OpenSim's forward dynamics (muscle/fiber_dynamics.h), with
/// OpenSim's defaults of Thelen2003Muscle; the reader sets those of the other classes.
struct MuscleDynamicsSpec {
  bool ignore_tendon_compliance = false, ignore_activation_dynamics = false;
  double minimum_activation = 0.01;
  // the state of a model that nobody has set
  double default_activation = 0.05;
  double default_fiber_length = 0.1;             ///< m
  double default_fiber_velocity = 0;             ///< m/s, Millard2012Acceleration
  double default_normalized_tendon_force = 0.5;  ///< De Groote
  // linear damping of the fibre, in units of force per normalized velocity; Schutte: its <damping>
  double fiber_damping = 0;
  bool implicit_tendon_dynamics = false;  ///< De Groote
  double time_scale = 0.1;                ///< Schutte, s
  // Millard2012Acceleration
  double mass = 0.1, tendon_damping = 0.1, passive_damping = 0.01;
};

struct MuscleSpec {
  std::string name;
  MuscleKind kind = MuscleKind::thelen2003;
  PathSpec path;
  double max_isometric_force = 0;           ///< N
  double optimal_fiber_length = 0;          ///< m
  double tendon_slack_length = 0;           ///< m
  double pennation_at_optimal = 0;          ///< rad
  double max_contraction_velocity = 10;     ///< optimal fibre lengths per second
  double min_control = 0, max_control = 1;  ///< bounds of the activation in static optimization
  bool applies_force = true;
  bool in_force_set = false;  ///< else it stands among the model's other components
  MuscleCurveSpec curves;
  MuscleDynamicsSpec dynamics;
  SourceLine at;
};

enum class ActuatorKind { coordinate, point, torque, path, point_to_point };
/// An ideal actuator: force or torque = control * optimal_force
struct ActuatorSpec {
  std::string name, type;  ///< the type is the element's, for --ignore
  ActuatorKind kind = ActuatorKind::coordinate;
  std::string coordinate;                    ///< coordinate
  std::string body, body_b;                  ///< point: body; torque, point_to_point: on body, minus on body_b
  Vec3d point{0, 0, 0}, direction{1, 0, 0};  ///< point of application and direction (or torque axis)
  Vec3d point_b{0, 0, 0};  ///< point_to_point: the second point; a positive force drives the two apart
  bool point_is_global = false, direction_is_global = true;  ///< point_to_point: both points
  PathSpec path;                                             ///< path
  double optimal_force = 1;
  double min_control = -kInfinity, max_control = kInfinity;
  bool has_activation = false;  ///< ActivationCoordinateActuator: a state of its own
  double default_activation =
      0;  ///< of that state: how hard OpenSim's InverseDynamicsTool finds it pulling; 0 for all others
  bool applies_force = true;
  bool in_force_set = false;  ///< else it stands among the model's other components
  SourceLine at;
};

enum class PassiveForceKind {
  bushing,
  expression_bushing,
  coordinate_limit,
  coordinate_spring,
  expression_coordinate,
  ligament,
  point_to_point_spring,
  function_bushing,
  expression_point_to_point,
  path_spring,
  expression_path,
  blankevoort_ligament,
  smooth_sphere_half_space,
  hunt_crossley,
  meyer_fregly_2016
};

/// the shapes between which OpenSim finds a point of contact; the others (cylinder, torus, mesh) find none
enum class ContactShape { half_space, sphere, ellipsoid, other };
/// Contact geometry: a surface fixed to a body. The half-space is filled where x > 0 in its frame.
struct ContactGeometrySpec {
  std::string name, type;  ///< the element's type, for messages
  ContactShape shape = ContactShape::other;
  FrameSpec frame;       ///< of the surface: location and orientation folded in
  Vec3d radii{0, 0, 0};  ///< m; of a sphere all the same
  SourceLine at;
};

/// one surface of a contact force and what it is made of
struct ContactSurfaceSpec {
  std::string geometry;                                                    ///< name of a ContactGeometrySpec
  double stiffness = 0, dissipation = 0;                                   ///< N/m^2; s/m
  double static_friction = 0, dynamic_friction = 0, viscous_friction = 0;  ///< the last in s/m
};

/// Springs and the like: forces that follow from the pose and its rate alone.
struct PassiveForceSpec {
  std::string name, type;  ///< the type is the element's, for --ignore
  PassiveForceKind kind = PassiveForceKind::bushing;
  bool applies_force = true;
  bool in_force_set = false;  ///< else it stands among the model's other components
  // bushings: frames on two bodies; stiffness and damping per axis
  FrameSpec frame1, frame2;
  Vec3d rotational_stiffness{0, 0, 0}, translational_stiffness{0, 0, 0}, rotational_damping{0, 0, 0},
      translational_damping{0, 0, 0};
  /// expression bushing: Mx My Mz Fx Fy Fz in theta_x..z, delta_x..z; expression_coordinate: expressions[0] in q, qdot
  std::string expressions[6];
  // coordinate forces
  std::string coordinate;
  double upper_limit = 0, lower_limit = 0, upper_stiffness = 0, lower_stiffness = 0, damping = 0,
         transition = 0;  ///< coordinate_limit, in rad or m and N m/rad or N/m (compile-ready SI)
  double stiffness = 0, rest_length = 0, viscosity = 0;  ///< coordinate_spring (SpringGeneralizedForce), point_to_point
  Vec3d point1{0, 0, 0}, point2{0, 0, 0};                ///< point_to_point_*, on frame1 and frame2
  FunctionSpec functions[6];                             ///< function_bushing: Mx My Mz Fx Fy Fz, each of its own part
  // ligaments and springs along a path; stiffness and resting_length also of the others
  PathSpec path;
  double resting_length = 0, pcsa_force = 0;
  FunctionSpec force_length;  ///< ligament: normalised force against length / resting length
  double dissipation = 0;     ///< path_spring: s/m
  bool clamp_stretch = true;  ///< expression_path: no stretch below zero
  double transition_strain = 0.06, damping_coefficient = 0.003;  ///< blankevoort_ligament; N s
  /// contact forces: smooth_sphere_half_space has its sphere (with the material of both) and its half-space;
  /// hunt_crossley all that may touch one another; meyer_fregly_2016 the material of its point (frame1's origin)
  std::vector<ContactSurfaceSpec> surfaces;
  double transition_velocity = 0.01;  ///< m/s: slip at which friction is largest (meyer_fregly_2016: latch velocity)
  double constant_contact_force = 1e-5, hertz_smoothing = 300, hunt_crossley_smoothing = 50;  ///< smooth_sphere_...
  SourceLine at;
};

struct MarkerSpec {
  std::string name;
  FrameSpec frame;
  Vec3d p_F{0, 0, 0};
  bool fixed = false;
  SourceLine at;
};

/// a named group of a ForceSet
struct ForceGroupSpec {
  std::string name;
  std::vector<std::string> members;
};

/// What gives actuators their controls over time. OpenSim's InverseDynamicsTool applies them; analyses that find or are
/// given the forces do not.
struct ControllerSpec {
  std::string type, name;
  bool enabled = true;
  bool drives_all = false;             ///< all muscles and actuators of the model, in the file's order
  std::vector<std::string> actuators;  ///< names, when it does not drive all
  std::vector<FunctionSpec> controls;  ///< of time, one for each actuator
  std::string obstacle;                ///< why the controls cannot be known; empty when they are
  SourceLine at;
};

/// Which answers an element that we do not simulate would change.
enum class UnsupportedKind {
  part,              ///< of the skeleton or of a path: all of them
  constraint,        ///< poses that it ties, and forces shared out against it; not inverse dynamics (OpenSim: "ignoring
                     ///< constraints")
  force,             ///< all but poses
  controlled_force,  ///< only forces that are shared out: without a control it is zero, or it is a muscle
};

/// An element that would change some answer and that we do not simulate: compile() refuses it by name where it would,
/// unless the user said --ignore NAME.
struct UnsupportedSpec {
  std::string type, name;
  SourceLine at;
  bool is_force = false;
  UnsupportedKind kind = UnsupportedKind::part;
  std::string reason{};       ///< why it is not simulated, for the message; may be empty
  bool in_force_set = false;  ///< of a force: a tool's ForceSet file may replace it with the others
};

struct ModelSpec {
  std::string name, file;
  int version = 40000;
  Vec3d gravity_W{0, -9.80665, 0};
  std::vector<BodySpec> bodies;  ///< without ground
  std::vector<JointSpec> joints;
  std::vector<CouplerSpec> couplers;
  bool has_constraints = false;  ///< the file has constraints, enforced or not, simulated or not
  std::vector<WrapObjectSpec> wrap_objects;
  std::vector<MuscleSpec> muscles;
  std::vector<ActuatorSpec> actuators;
  std::vector<ContactGeometrySpec> contact_geometries;
  std::vector<PassiveForceSpec> passive_forces;
  std::vector<MarkerSpec> markers;
  std::vector<ControllerSpec> controllers;
  std::vector<UnsupportedSpec> unsupported;
  /// names of all forces in OpenSim's order, for output columns: those outside the ForceSet, then those of it
  std::vector<std::string> force_order;
  std::vector<std::string> force_names;   ///< of all elements of the ForceSet, switched off or not supported too
  std::vector<std::string> muscle_names;  ///< of all muscles of the file, also when they were not read
  std::vector<ForceGroupSpec> force_groups;
};

}  // namespace buttress
