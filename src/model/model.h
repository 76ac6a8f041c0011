#pragma once
#include <string>
#include <vector>

#include "model/model_spec.h"
#include "numeric/piecewise_polynomial.h"

/// The compiled model: checked, flat, read-only, shared by all threads. Bodies stand in tree order (parents first),
/// body 0 is ground, and joint j moves body j + 1.
namespace buttress {

/// value of an axis = sum over terms of function(q[coordinate]); coordinate -1 = constant
struct AxisTerm {
  int coordinate = -1;
  PiecewisePolynomial function;
  int mobility = -1;  ///< number of the coordinate within its joint, as Simbody counts: by first use in slots 0..5
};

/// direction of an axis that lies along x, y or z is kept as that, so that its rotation costs less
enum class Principal { none, x, y, z };

/// one primitive motion of a joint
struct Axis {
  bool is_rotation = true;
  int slot = 0;     ///< 0..2 rotation, 3..5 translation of the SpatialTransform
  Vec3d direction;  ///< unit vector, in the frame reached by the axes before it
  Principal principal = Principal::none;
  double sign = 1;              ///< principal axes: direction = sign * x, y or z
  std::vector<AxisTerm> terms;  ///< never empty; axes that stay at zero are dropped
};

struct Joint {
  std::string name;
  JointKind kind;
  int parent_body = 0;        ///< body that carries frame F
  Posed X_PF, X_BM;           ///< joint frames in the parent and in the child
  Vec3d p_PF_given{0, 0, 0};  ///< origin of F as the file has it; X_PF also holds the joint's constant slides
  Posed X_MB;                 ///< inverse of X_BM
  bool X_PF_is_translation = false, X_MB_is_translation = false;  ///< no rotation: cheaper
  int first_axis = 0, axis_count = 0;
  int slides_first = 0;  ///< number of sliding axes before the rotations; the rest slide after them
  bool reversed = false;
  bool has_simbody_rates = false;  ///< take over the excess of find_simbody_excess()
};

struct Body {
  std::string name;
  double mass = 0;
  Vec3d p_BBcm_B{0, 0, 0};
  Inertia<double> I_BBcm_B{};
};

struct Coordinate {
  std::string name;
  int joint = 0;
  double default_value = 0, range_min = 0, range_max = 0;
  MotionType motion_type = MotionType::rotational;
  bool locked = false, prescribed = false;
  bool clamped = false;  ///< inverse kinematics keeps it inside range_min ... range_max
  int coupler = -1;      ///< index into couplers when it depends on another coordinate
  int independent = -1;  ///< row in the reduced problem; -1 when coupled, locked or prescribed
  PiecewisePolynomial prescribed_function;
};

struct Coupler {
  std::string name;
  int dependent = 0, independent = 0;
  PiecewisePolynomial function;
};

struct PathPoint {
  PathPointKind kind = PathPointKind::fixed;
  int body = 0;
  Vec3d p_B{0, 0, 0};   ///< in the body frame
  int coordinate = -1;  ///< conditional
  double range_min = 0, range_max = 0;
  AxisTerm moving[3];  ///< moving: x, y, z in frame F below
  Posed X_BF = Posed::identity();
};

struct WrapObject {
  std::string name;
  int body = 0;
  Posed X_BS;  ///< object frame S on its body
  WrapKind kind = WrapKind::cylinder;
  double radius = 0;
  double length = kInfinity;  ///< cylinder: no wrap where both tangent points lie beyond its ends, as in OpenSim
  Vec3d semi_axes{0, 0, 0};
  double inner_radius = 0, outer_radius = 0;
  WrapQuadrant quadrant = WrapQuadrant::all;
};

struct PathWrap {
  int wrap_object = 0;
  WrapMethod method = WrapMethod::hybrid;
  int first_point = 0, last_point = 0;  ///< 0-based, inclusive
};

struct Path {
  std::vector<PathPoint> points;
  std::vector<PathWrap> wraps;  ///< only active objects
  bool is_polynomial = false;
  std::vector<int> polynomial_coordinates;
  int polynomial_order = 0;
  std::vector<double> polynomial_coefficients;
  /// coordinates that can change the length, increasing: those of the joints between the bodies that the path
  /// touches, and those of moving points. The moment-arm row of the path has these entries.
  std::vector<int> coordinates;
};

struct Muscle {
  std::string name;
  MuscleKind kind = MuscleKind::thelen2003;
  int path = 0;  ///< index into Model::paths
  double max_isometric_force = 0, optimal_fiber_length = 0, tendon_slack_length = 0, pennation_at_optimal = 0,
         max_contraction_velocity = 10, min_control = 0, max_control = 1;
  bool applies_force = true;
  bool in_force_set = true;  ///< else it stands among the model's other components
  MuscleCurveSpec curves;
  MuscleDynamicsSpec dynamics;
};

struct Actuator {
  std::string name;
  ActuatorKind kind = ActuatorKind::coordinate;
  int coordinate = -1, body = 0, body_b = 0, path = -1;
  Vec3d point{0, 0, 0}, point_b{0, 0, 0}, direction{1, 0, 0};
  bool point_is_global = false, direction_is_global = true;
  double optimal_force = 1, min_control = -kInfinity, max_control = kInfinity;
  bool has_activation = false;    ///< a state of its own, which does not follow the controls at once
  double default_activation = 0;  ///< of that state
  bool in_force_set = true;       ///< else it stands among the model's other components
};

/// what a controller of the file does to one actuator
struct ActuatorControl {
  std::string controller;
  int actuator = 0;             ///< Model::actuators
  PiecewisePolynomial control;  ///< of time
};

/// an enabled controller whose controls are not known, though it may drive an actuator that is no muscle
struct UnknownControl {
  std::string type, controller, reason;
  SourceLine at;
};

/// true when the actuator pushes body_b with the opposite of what it puts on body
inline bool acts_between_bodies(const Actuator& actuator) {
  return actuator.kind == ActuatorKind::torque || actuator.kind == ActuatorKind::point_to_point;
}

struct BodyFrame {
  int body = 0;
  Posed X_BF = Posed::identity();
};

/// a surface of a contact force on its body
struct TouchingSurface {
  ContactShape shape = ContactShape::other;
  BodyFrame frame;
  Vec3d radii{0, 0, 0};
};

struct PassiveForce {
  PassiveForceSpec spec;  ///< parameters as given
  BodyFrame frame1, frame2;
  int coordinate = -1, path = -1;
  PiecewisePolynomial force_length;
  std::vector<PiecewisePolynomial> functions;  ///< [6] function_bushing
  std::vector<TouchingSurface> surfaces;       ///< those of spec.surfaces
};

/// true for forces with which the model itself presses on surfaces
inline bool is_contact_force(const PassiveForce& force) {
  return force.spec.kind == PassiveForceKind::smooth_sphere_half_space ||
         force.spec.kind == PassiveForceKind::hunt_crossley || force.spec.kind == PassiveForceKind::meyer_fregly_2016;
}

struct Marker {
  std::string name;
  int body = 0;
  Vec3d p_B{0, 0, 0};
};

/// State variables that a force brings into the model; switched-off forces have theirs, too.
struct ForceState {
  std::string path;   ///< of the force in OpenSim's tree of components: "/forceset/soleus_r"
  std::string state;  ///< "activation"; empty: all states of the muscle
  int muscle = -1;    ///< Model::muscles index, or
  int actuator = -1;  ///< Model::actuators index, of one that is simulated
  double value = 0;   ///< of a state that nothing here changes
};

struct Model {
  std::string name, file;
  Vec3d gravity_W{0, -9.80665, 0};
  std::vector<Body> bodies;
  std::vector<Joint> joints;  ///< [bodies - 1]
  std::vector<Axis> axes;
  std::vector<Coordinate> coordinates;  ///< in tree order: OpenSim's order of output columns
  std::vector<Coupler> couplers;
  std::vector<Path> paths;
  std::vector<WrapObject> wrap_objects;
  std::vector<Muscle> muscles;  ///< in the file's order
  std::vector<Actuator> actuators;
  std::vector<ActuatorControl> controls;  ///< those of muscles are left out: nothing that is computed uses them
  std::vector<UnknownControl> unknown_controls;
  std::vector<PassiveForce> passive_forces;
  std::vector<Marker> markers;
  std::vector<int> independent;          ///< coordinate index of each row of the reduced problem
  std::vector<std::string> ignored;      ///< elements left out because the user said so; shown with every result
  std::vector<std::string> force_order;  ///< names of all forces, in the order of OpenSim's reports
  std::vector<ForceState> force_states;  ///< in that order
  std::vector<std::string> force_names;  ///< of all elements of the ForceSet, switched off or not supported too
  std::vector<ForceGroupSpec> force_groups;
  std::vector<std::string> body_order, joint_order;  ///< names as the file lists them, for output columns
  bool has_constraints = false;  ///< of any kind, enforced or not: OpenSim's tools then assemble poses
  double total_mass = 0;

  int body_count() const { return static_cast<int>(bodies.size()); }
  int coordinate_count() const { return static_cast<int>(coordinates.size()); }
  /// -1 when there is none of that name
  int find_body(const std::string& wanted) const;
  int find_joint(const std::string& wanted) const;
  int find_coordinate(const std::string& wanted) const;
  int find_muscle(const std::string& wanted) const;
  int parent_of(int body) const { return joints[static_cast<std::size_t>(body) - 1].parent_body; }
  /// true when `body` is `ancestor` or hangs below it
  bool is_in_subtree(int body, int ancestor) const;
};

}  // namespace buttress
