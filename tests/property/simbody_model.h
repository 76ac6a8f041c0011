#pragma once
#include <Simbody.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/model.h"
#include "property/spec_function.h"
#include "property/transform_mobilizer.h"

/// which mobilizer stands for a custom joint: Simbody's FunctionBased, ours, or FunctionBased wherever it is right
enum class CustomJoints { function_based, transform, best };

/// A ModelSpec built a second time with Simbody's own mobilizers and constraints. It never looks at a compiled Model.
namespace buttress {

inline SimTK::Vec3 to_simbody(const Vec3d& v) {
  return {v.x, v.y, v.z};
}
inline SimTK::Transform to_simbody(const Posed& X) {
  SimTK::Mat33 R;
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < 3; ++k) R(i, k) = X.R.m[i][k];
  return {SimTK::Rotation(R, true), to_simbody(X.p)};
}

struct SimbodyModel {
  SimTK::MultibodySystem system;
  SimTK::SimbodyMatterSubsystem matter{system};
  SimTK::GeneralForceSubsystem forces{system};
  SimTK::Force::DiscreteForces loads{forces, matter};
  std::map<std::string, SimTK::MobilizedBodyIndex> body;
  struct Place {
    SimTK::MobilizedBodyIndex body;
    int index = 0;  ///< within its mobilizer
  };
  std::map<std::string, Place> coordinate;
  std::vector<std::string> locked_joint_bodies;  ///< children of joints whose coordinates are all locked
  CustomJoints custom_joints;
  int function_based_count = 0, transform_count = 0;

  /// @param with_constraints also couplers, locks and prescribed coordinates
  SimbodyModel(const ModelSpec& spec, bool with_constraints, CustomJoints choice = CustomJoints::best)
      : custom_joints(choice) {
    SimTK::Force::UniformGravity(forces, matter, to_simbody(spec.gravity_W));
    body["ground"] = SimTK::GroundIndex;
    // parents first, whatever the order of the file
    std::set<const JointSpec*> done;
    while (done.size() < spec.joints.size()) {
      for (const JointSpec& joint : spec.joints)
        if (!done.count(&joint) && body.count(joint.parent.body)) {
          add_joint(spec, joint);
          done.insert(&joint);
        }
    }
    if (with_constraints) add_constraints(spec);
  }

 private:
  void add_joint(const ModelSpec& spec, const JointSpec& joint) {
    using SimTK::MobilizedBody;
    const BodySpec* given = nullptr;
    for (const BodySpec& b : spec.bodies)
      if (b.name == joint.child.body) given = &b;
    const Inertia<double>& I = given->I_BBcm_B;
    const SimTK::Vec3 centre = to_simbody(given->p_BBcm_B);
    const SimTK::Inertia about_centre(I.xx, I.yy, I.zz, I.xy, I.xz, I.yz);
    const SimTK::Body::Rigid rigid(
        SimTK::MassProperties(given->mass, centre, about_centre.shiftFromMassCenter(-centre, given->mass)));

    MobilizedBody& parent = matter.updMobilizedBody(body.at(joint.parent.body));
    const SimTK::Transform X_PF = to_simbody(joint.parent.X_BF), X_BM = to_simbody(joint.child.X_BF);
    const MobilizedBody::Direction direction = joint.reversed ? MobilizedBody::Reverse : MobilizedBody::Forward;
    SimTK::MobilizedBodyIndex index;
    switch (joint.kind) {
      case JointKind::weld:
        index = MobilizedBody::Weld(parent, X_PF, rigid, X_BM).getMobilizedBodyIndex();
        break;
      case JointKind::pin:
        index = MobilizedBody::Pin(parent, X_PF, rigid, X_BM, direction).getMobilizedBodyIndex();
        break;
      case JointKind::slider:
        index = MobilizedBody::Slider(parent, X_PF, rigid, X_BM, direction).getMobilizedBodyIndex();
        break;
      case JointKind::universal:
        index = MobilizedBody::Universal(parent, X_PF, rigid, X_BM, direction).getMobilizedBodyIndex();
        break;
      case JointKind::ball:
      case JointKind::gimbal:
        index = MobilizedBody::Gimbal(parent, X_PF, rigid, X_BM, direction).getMobilizedBodyIndex();
        break;
      case JointKind::free:  // body-fixed XYZ angles, then a slide in F, with u = qdot
        index = MobilizedBody::Bushing(parent, X_PF, rigid, X_BM, direction).getMobilizedBodyIndex();
        break;
      case JointKind::planar:
        index = MobilizedBody::Planar(parent, X_PF, rigid, X_BM, direction).getMobilizedBodyIndex();
        break;
      case JointKind::custom:
        index = add_custom_joint(parent, X_PF, rigid, X_BM, direction, joint);
        break;
    }
    body[joint.child.body] = index;
    bool all_locked = !joint.coordinates.empty();
    for (std::size_t i = 0; i < joint.coordinates.size(); ++i) {
      coordinate[joint.coordinates[i].name] = {index, static_cast<int>(i)};
      all_locked = all_locked && joint.coordinates[i].locked;
    }
    if (all_locked) locked_joint_bodies.push_back(joint.child.body);
  }

  static SpatialFunctions make_functions(const JointSpec& joint) {
    SpatialFunctions s;
    for (std::size_t a = 0; a < 6; ++a) {
      std::vector<ReferenceFunction> terms;
      std::vector<int> term_argument;
      std::vector<int>& arguments = s.inputs[a];
      for (const AxisTermSpec& term : joint.axes[a].terms) {
        terms.emplace_back(term.function);
        int argument = -1;
        for (std::size_t c = 0; c < joint.coordinates.size(); ++c)
          if (joint.coordinates[c].name == term.coordinate) {
            const auto known = std::find(arguments.begin(), arguments.end(), static_cast<int>(c));
            argument = static_cast<int>(known - arguments.begin());
            if (known == arguments.end()) arguments.push_back(static_cast<int>(c));
          }
        term_argument.push_back(argument);
      }
      s.function[a] =
          std::make_shared<SumFunction>(std::move(terms), std::move(term_argument), static_cast<int>(arguments.size()));
      s.axis[a] = SimTK::UnitVec3(to_simbody(joint.axes[a].direction));
    }
    return s;
  }

  SimTK::MobilizedBodyIndex add_custom_joint(SimTK::MobilizedBody& parent, const SimTK::Transform& X_PF,
                                             const SimTK::Body& rigid, const SimTK::Transform& X_BM,
                                             SimTK::MobilizedBody::Direction direction, const JointSpec& joint) {
    const int mobilities = static_cast<int>(joint.coordinates.size());
    const SpatialFunctions s = make_functions(joint);
    if (custom_joints == CustomJoints::transform ||
        (custom_joints == CustomJoints::best && !is_function_based_right(s, mobilities))) {
      ++transform_count;
      return SimTK::MobilizedBody::Custom(parent, new TransformMobilizer(matter, mobilities, s), X_PF, rigid, X_BM,
                                          direction)
          .getMobilizedBodyIndex();
    }
    ++function_based_count;
    std::vector<const SimTK::Function*> functions;
    std::vector<std::vector<int>> inputs;
    std::vector<SimTK::Vec3> axes;
    for (std::size_t a = 0; a < 6; ++a) {
      functions.push_back(s.function[a]->clone());
      inputs.push_back(s.inputs[a]);
      axes.push_back(SimTK::Vec3(s.axis[a]));
    }
    return SimTK::MobilizedBody::FunctionBased(parent, X_PF, rigid, X_BM, mobilities, functions, inputs, axes,
                                               direction)
        .getMobilizedBodyIndex();
  }

  void add_constraints(const ModelSpec& spec) {
    const auto line = [](double slope, double intercept) {
      FunctionSpec f;
      f.kind = FunctionKind::linear;
      f.coefficients = {slope, intercept};
      return ReferenceFunction(f);
    };
    for (const CouplerSpec& coupler : spec.couplers) {
      const Place from = coordinate.at(coupler.independent), to = coordinate.at(coupler.dependent);
      // 0 = function(independent) - dependent
      const auto* residual = new SumFunction({ReferenceFunction(coupler.function), line(-1, 0)}, {0, 1}, 2);
      SimTK::Constraint::CoordinateCoupler(
          matter, residual, SimTK::Array_<SimTK::MobilizedBodyIndex>{from.body, to.body},
          SimTK::Array_<SimTK::MobilizerQIndex>{SimTK::MobilizerQIndex(from.index), SimTK::MobilizerQIndex(to.index)});
    }
    for (const JointSpec& joint : spec.joints) {
      const bool by_lock = std::find(locked_joint_bodies.begin(), locked_joint_bodies.end(), joint.child.body) !=
                           locked_joint_bodies.end();
      for (const CoordinateSpec& c : joint.coordinates) {
        const Place at = coordinate.at(c.name);
        if (c.locked && !by_lock)
          SimTK::Constraint::PrescribedMotion(matter, new SumFunction({line(0, c.default_value)}, {0}, 1), at.body,
                                              SimTK::MobilizerQIndex(at.index));
        if (c.prescribed)
          SimTK::Constraint::PrescribedMotion(matter,
                                              new SumFunction({ReferenceFunction(c.prescribed_function)}, {0}, 1),
                                              at.body, SimTK::MobilizerQIndex(at.index));
      }
    }
  }
};

}  // namespace buttress
