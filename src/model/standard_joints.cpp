#include "model/model_spec.h"

namespace buttress {

namespace {

void drive(AxisSpec& axis, const Vec3d& direction, const std::string& coordinate) {
  axis.direction = direction;
  AxisTermSpec term;
  term.coordinate = coordinate;
  term.function.kind = FunctionKind::linear;
  term.function.coefficients = {1.0, 0.0};
  axis.terms = {term};
}

}  // namespace

void make_standard_axes(JointSpec& joint) {
  const Vec3d x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
  // axis slot and direction that the n-th coordinate of each kind drives
  struct Slot {
    int axis;
    Vec3d direction;
  };
  std::vector<Slot> slots;
  switch (joint.kind) {
    case JointKind::weld:
    case JointKind::custom:
      return;
    case JointKind::pin:
      slots = {{0, z}};
      break;
    case JointKind::slider:
      slots = {{3, x}};
      break;
    case JointKind::universal:
      slots = {{0, x}, {1, y}};
      break;
    case JointKind::ball:
    case JointKind::gimbal:
      slots = {{0, x}, {1, y}, {2, z}};
      break;
    case JointKind::free:
      slots = {{0, x}, {1, y}, {2, z}, {3, x}, {4, y}, {5, z}};
      break;
    case JointKind::planar:
      slots = {{0, z}, {3, x}, {4, y}};
      break;
  }
  for (std::size_t i = 0; i < slots.size() && i < joint.coordinates.size(); ++i) {
    drive(joint.axes[slots[i].axis], slots[i].direction, joint.coordinates[i].name);
    joint.coordinates[i].motion_type = slots[i].axis >= 3 ? MotionType::translational : MotionType::rotational;
  }
}

}  // namespace buttress
