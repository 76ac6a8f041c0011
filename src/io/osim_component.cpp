#include "io/osim_component.h"

#include <algorithm>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

constexpr std::string_view kConstraints[] = {
    "ConstantDistanceConstraint", "CoordinateCouplerConstraint", "PointConstraint",
    "PointOnLineConstraint",      "RollingOnSurfaceConstraint",  "WeldConstraint"};

constexpr std::string_view kControllers[] = {"CMC",
                                             "ControlSetController",
                                             "CorrectionController",
                                             "PrescribedController",
                                             "SynergyController",
                                             "ToyPropMyoController",
                                             "ToyReflexController"};

// besides those of is_muscle_type()
constexpr std::string_view kOtherMuscles[] = {"Delp1990Muscle_Deprecated", "MeyerFregly2016Muscle", "RigidTendonMuscle",
                                              "Thelen2003Muscle_Deprecated"};

constexpr std::string_view kHarmless[] = {
    // what is measured
    "IMU", "ActuatorForceProbe", "ActuatorPowerProbe", "Bhargava2004MuscleMetabolicsProbe", "JointInternalPowerProbe",
    "SystemEnergyProbe", "Umberger2010MuscleMetabolicsProbe", "Bhargava2004SmoothedMuscleMetabolics",
    "Bhargava2004SmoothedMuscleMetabolics_MuscleParameters",
    // what is reported or fed to others
    "ConsoleReporter", "ConsoleReporter__Vec3_", "ConsoleReporter__double_", "StatesTrajectoryReporter",
    "TableReporter", "TableReporter__Vec3_", "TableReporter__Vector_", "TableReporter__double_", "SignalGenerator",
    "TableSource__Vec3_", "TableSource__double_", "ControlDistributor", "MocoScaleFactor",
    "MuscleFirstOrderActivationDynamicModel", "MuscleFixedWidthPennationModel",
    // what is shown, or touches only where a force says so
    "Arrow", "Brick", "Cone", "Cylinder", "Ellipsoid", "FrameGeometry", "LineGeometry", "Mesh", "Sphere", "Torus",
    "ContactCylinder", "ContactEllipsoid", "ContactHalfSpace", "ContactMesh", "ContactSphere", "ContactTorus",
    // places; who refers to them finds them
    "PhysicalOffsetFrame", "StationDefinedFrame", "Station", "PathPoint", "ConditionalPathPoint", "MovingPathPoint",
    // forces and accelerations that somebody's program sets while it runs; none at rest
    "AccelerationMotion", "DiscreteForces",
    // analyses and settings
    "ModelVisualPreferences", "BodyKinematics", "ForceReporter", "InducedAccelerations", "JointReaction", "Kinematics",
    "MuscleAnalysis", "PointKinematics", "ProbeReporter", "StatesReporter", "StaticOptimization", "IMUDataReporter",
    "OutputReporter"};

}  // namespace

bool is_opensim_muscle(std::string_view type) {
  return is_muscle_type(type) || contains(kOtherMuscles, type);
}

ComponentRole find_component_role(std::string_view type) {
  if (type == "Body") return ComponentRole::body;
  if (type == "Marker") return ComponentRole::marker;
  if (is_joint_type(type)) return ComponentRole::joint;
  if (contains(kConstraints, type)) return ComponentRole::constraint;
  if (contains(kControllers, type)) return ComponentRole::controller;
  if (contains(kHarmless, type)) return ComponentRole::harmless;
  return ComponentRole::other;
}

}  // namespace buttress::osim
