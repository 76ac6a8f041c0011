// Real files: every model of the shared test data must be read, and the same model written for two versions of
// OpenSim must give the same ModelSpec.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/skips_testing.h"
#include "io/osim_reader.h"
#include "model/compile.h"

namespace buttress {
namespace {

std::string data_path(const std::string& file) {
  const char* from_environment = std::getenv("BUTTRESS_SHARED");
  return std::string(from_environment ? from_environment : BUTTRESS_SOURCE_DIR "/../shared") + "/data/" + file;
}

#define SKIP_WITHOUT_SHARED_DATA() \
  if (!std::filesystem::exists(data_path(""))) GTEST_SKIP() << kNoSharedData

std::string list(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.items()) text += format_diagnostic(d) + "\n";
  return text;
}

ModelSpec read_shared(const std::string& file) {
  Diagnostics diagnostics;
  auto spec = read_osim(data_path(file), diagnostics);
  EXPECT_TRUE(spec) << list(diagnostics);
  return spec.value_or(ModelSpec{});
}

/// Everything a ModelSpec says, as words and numbers in one order. Left out: lines, file, version, names of points
/// (OpenSim numbers unnamed points when it writes).
struct Content {
  std::vector<std::pair<std::string, double>> numbers;
  std::vector<std::string> words;

  void add(const std::string& what, double value) { numbers.emplace_back(what, value); }
  void add(const std::string& what, const Vec3d& v) { add(what, v.x), add(what, v.y), add(what, v.z); }
  void add(const std::string& what, const std::vector<double>& values) {
    add(what + " count", static_cast<double>(values.size()));
    for (const double value : values) add(what, value);
  }
  void add(const std::string& what, const FrameSpec& frame) {
    words.push_back(what + " on " + frame.body);
    add(what, frame.X_BF.p);
    for (const auto& row : frame.X_BF.R.m)
      for (const double value : row) add(what + " R", value);
  }
  void add(const std::string& what, const FunctionSpec& f) {
    add(what + " kind", static_cast<double>(f.kind));
    add(what + " x", f.x), add(what + " y", f.y), add(what + " coefficients", f.coefficients);
    add(what + " scale", f.scale);
  }
  void add(const std::string& what, const PathSpec& path) {
    for (const PathPointSpec& point : path.points) {
      add(what + " kind", static_cast<double>(point.kind));
      add(what, point.frame);
      words.push_back(what + " " + point.coordinate);
      add(what + " range", point.range_min), add(what + " range", point.range_max);
      if (point.kind != PathPointKind::moving) add(what + " point", point.p_F);
      for (const AxisTermSpec& term : point.moving)
        add(what + " moving", term.function), words.push_back(term.coordinate);
    }
    for (const PathWrapSpec& wrap : path.wraps) {
      words.push_back(what + " over " + wrap.wrap_object);
      add(what + " wrap", static_cast<double>(wrap.method));
      add(what + " wrap", wrap.range_first), add(what + " wrap", wrap.range_last);
    }
  }
};

Content describe(const ModelSpec& spec) {
  Content c;
  c.add("gravity", spec.gravity_W);
  for (const BodySpec& body : spec.bodies) {
    c.words.push_back(body.name);
    c.add(body.name + " mass", body.mass), c.add(body.name + " com", body.p_BBcm_B);
    const Inertia<double>& I = body.I_BBcm_B;
    for (const double value : {I.xx, I.yy, I.zz, I.xy, I.xz, I.yz}) c.add(body.name + " inertia", value);
  }
  for (const JointSpec& joint : spec.joints) {
    c.words.push_back(joint.name);
    c.add(joint.name + " kind", static_cast<double>(joint.kind));
    c.add(joint.name + " parent", joint.parent), c.add(joint.name + " child", joint.child);
    for (const CoordinateSpec& q : joint.coordinates) {
      c.words.push_back(q.name);
      for (const double value : {q.default_value, q.range_min, q.range_max}) c.add(q.name, value);
      for (const bool flag : {q.clamped, q.locked, q.prescribed}) c.add(q.name + " flag", flag);
      c.add(q.name + " motion type", static_cast<double>(q.motion_type));
    }
    for (const AxisSpec& axis : joint.axes) {
      c.add(joint.name + " axis", axis.direction);
      c.add(joint.name + " terms", static_cast<double>(axis.terms.size()));
      for (const AxisTermSpec& term : axis.terms)
        c.words.push_back(term.coordinate), c.add(joint.name + " term", term.function);
    }
  }
  for (const CouplerSpec& coupler : spec.couplers) {
    c.words.insert(c.words.end(), {coupler.name, coupler.dependent, coupler.independent});
    c.add(coupler.name, coupler.function), c.add(coupler.name + " enforced", coupler.enforced);
  }
  for (const MuscleSpec& m : spec.muscles) {
    c.words.push_back(m.name);
    for (const double value : {m.max_isometric_force, m.optimal_fiber_length, m.tendon_slack_length,
                               m.pennation_at_optimal, m.max_contraction_velocity, m.min_control, m.max_control})
      c.add(m.name, value);
    c.add(m.name + " kind", static_cast<double>(m.kind)), c.add(m.name + " applies", m.applies_force);
    c.add(m.name, m.path);
    const MuscleCurveSpec& k = m.curves;
    for (const double value : {k.fmax_tendon_strain, k.fmax_muscle_strain, k.k_shape_active, k.k_shape_passive, k.af,
                               k.flen, k.fv_linear_extrapolation_threshold})
      c.add(m.name + " curve", value);
    for (const auto* values :
         {&k.active_x, &k.active_y, &k.passive_x, &k.passive_y, &k.tendon_x, &k.tendon_y, &k.velocity_x, &k.velocity_y})
      c.add(m.name + " curve", *values);
  }
  for (const MarkerSpec& marker : spec.markers) c.words.push_back(marker.name), c.add(marker.name, marker.p_F);
  for (const UnsupportedSpec& item : spec.unsupported) c.words.push_back(item.type + " " + item.name);
  c.words.insert(c.words.end(), spec.force_order.begin(), spec.force_order.end());
  return c;
}

// equal words; numbers equal to the digits that the shorter file prints
void expect_same(const ModelSpec& a, const ModelSpec& b, double relative, double absolute) {
  const Content ca = describe(a), cb = describe(b);
  EXPECT_EQ(ca.words, cb.words);
  for (std::size_t i = 0; i < std::min(ca.numbers.size(), cb.numbers.size()); ++i) {
    ASSERT_EQ(ca.numbers[i].first, cb.numbers[i].first);
    const double x = ca.numbers[i].second, y = cb.numbers[i].second;
    EXPECT_TRUE(x == y || std::abs(x - y) <= absolute + relative * std::abs(y))
        << ca.numbers[i].first << ": " << x << " and " << y;
  }
  EXPECT_EQ(ca.numbers.size(), cb.numbers.size());
}

TEST(OsimFiles, every_shared_model_is_read_without_a_complaint) {
  SKIP_WITHOUT_SHARED_DATA();
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_path(""))) {
    if (entry.path().extension() != ".osim") continue;
    ++count;
    Diagnostics diagnostics;
    const auto spec = read_osim(entry.path().string(), diagnostics);
    EXPECT_TRUE(spec) << entry.path();
    EXPECT_TRUE(diagnostics.items().empty()) << list(diagnostics);
    if (!spec) continue;
    EXPECT_FALSE(spec->bodies.empty()) << entry.path();
    // before and after OpenSim 4 alike: one joint for each body in these files
    EXPECT_EQ(spec->joints.size(), spec->bodies.size()) << entry.path();
    for (const BodySpec& body : spec->bodies) EXPECT_GT(body.at.line, 0);
  }
  EXPECT_GE(count, 40);
}

TEST(OsimFiles, every_shared_model_compiles_once_what_is_unsupported_is_left_out) {
  SKIP_WITHOUT_SHARED_DATA();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_path(""))) {
    if (entry.path().extension() != ".osim") continue;
    Diagnostics diagnostics;
    const auto spec = read_osim(entry.path().string(), diagnostics);
    ASSERT_TRUE(spec);
    CompileOptions options;
    for (const UnsupportedSpec& item : spec->unsupported) options.ignore.push_back(item.type);
    EXPECT_TRUE(compile(*spec, options, diagnostics)) << list(diagnostics);
  }
}

// OpenSim's own upgrade of version 1.9.1 (gait2354), 2.0.1 (Neck3dof) and 2.2 (BothLegs22) to 2.3.3
TEST(OsimFiles, old_models_and_what_opensim_made_of_them_say_the_same) {
  SKIP_WITHOUT_SHARED_DATA();
  const std::string folder = "osim_core_io_formats/osim/";
  // the upgraded files print six digits
  expect_same(read_shared(folder + "gait2354_simbody.osim"), read_shared(folder + "std_gait2354_simbody_latest.osim"),
              1e-5, 1e-9);
  expect_same(read_shared(folder + "Neck3dof_point_constraint.osim"),
              read_shared(folder + "std_Neck3dof_point_constraint_latest.osim"), 1e-5, 1e-9);
  expect_same(read_shared(folder + "BothLegs22.osim"), read_shared(folder + "std_BothLegs22_latest.osim"), 1e-5, 1e-9);
}

// the same scaled person in the layout of OpenSim 3 (joints inside bodies) and of OpenSim 4 (sockets and offset frames)
TEST(OsimFiles, the_layouts_of_opensim_3_and_4_say_the_same) {
  SKIP_WITHOUT_SHARED_DATA();
  ModelSpec three = read_shared("osim_core_muscle_geometry/walk_gait1018_subject01.osim");
  ModelSpec four = read_shared("gait10dof18musc_walk/subject01.osim");
  ASSERT_EQ(three.bodies.size(), four.bodies.size());
  ASSERT_EQ(three.joints.size(), four.joints.size());
  ASSERT_EQ(three.muscles.size(), four.muscles.size());
  for (std::size_t i = 0; i < three.joints.size(); ++i) {
    const JointSpec &a = three.joints[i], &b = four.joints[i];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.parent.body, b.parent.body);
    EXPECT_EQ(a.child.body, b.child.body);
    EXPECT_EQ(a.kind, b.kind);
    ASSERT_EQ(a.coordinates.size(), b.coordinates.size());
    for (std::size_t k = 0; k < a.coordinates.size(); ++k) {
      EXPECT_EQ(a.coordinates[k].name, b.coordinates[k].name);
      EXPECT_EQ(a.coordinates[k].motion_type, b.coordinates[k].motion_type) << a.coordinates[k].name;
    }
  }
  for (std::size_t i = 0; i < three.muscles.size(); ++i) {
    const MuscleSpec &a = three.muscles[i], &b = four.muscles[i];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.kind == MuscleKind::thelen2003 || a.kind == MuscleKind::millard2012_equilibrium, true);
    ASSERT_EQ(a.path.points.size(), b.path.points.size()) << a.name;
    for (std::size_t k = 0; k < a.path.points.size(); ++k) {
      EXPECT_EQ(a.path.points[k].frame.body, b.path.points[k].frame.body);
      ASSERT_EQ(a.path.points[k].kind, b.path.points[k].kind);
      if (a.path.points[k].kind == PathPointKind::moving) {
        for (int c = 0; c < 3; ++c) {
          const AxisTermSpec &ma = a.path.points[k].moving[c], &mb = b.path.points[k].moving[c];
          EXPECT_EQ(ma.coordinate, mb.coordinate);
          EXPECT_NEAR(ma.function.scale, mb.function.scale, 1e-6);
          EXPECT_EQ(ma.function.x, mb.function.x);
          EXPECT_EQ(ma.function.y, mb.function.y);
        }
        continue;
      }
      EXPECT_NEAR(a.path.points[k].p_F.x, b.path.points[k].p_F.x, 1e-6) << a.name;
      EXPECT_NEAR(a.path.points[k].p_F.y, b.path.points[k].p_F.y, 1e-6) << a.name;
      EXPECT_NEAR(a.path.points[k].p_F.z, b.path.points[k].p_F.z, 1e-6) << a.name;
    }
  }
}

// a kinematics file in degrees that OpenSim wrote for this model holds knee_angle_r_beta in radians: the coordinate
// drives splines only, so OpenSim counts it as coupled
TEST(OsimFiles, coordinates_that_only_drive_splines_are_not_held_in_degrees) {
  SKIP_WITHOUT_SHARED_DATA();
  const ModelSpec spec = read_shared("opencap_s4_squat_sts_walk/model_manually_scaled.osim");
  int found = 0;
  for (const JointSpec& joint : spec.joints)
    for (const CoordinateSpec& q : joint.coordinates) {
      const bool in_degrees = q.name == "knee_angle_r" || q.name == "pelvis_tilt" || q.name == "subtalar_angle_r";
      if (!in_degrees && q.name != "knee_angle_r_beta" && q.name != "pelvis_tx") continue;
      ++found;
      const MotionType other = q.name == "pelvis_tx" ? MotionType::translational : MotionType::coupled;
      EXPECT_EQ(q.motion_type, in_degrees ? MotionType::rotational : other) << q.name;
    }
  EXPECT_EQ(found, 5);
}

TEST(OsimFiles, a_force_set_is_added_or_takes_the_place_of_the_models_forces) {
  SKIP_WITHOUT_SHARED_DATA();
  const std::string forces = data_path("gait2392_walk/gait2392_SO_weak_Residual_Actuators.xml");
  ModelSpec spec = read_shared("gait2392_walk/subject01_simbody_adjusted_StaticOp.osim");
  Diagnostics diagnostics;
  const std::size_t muscles = spec.muscles.size();
  ASSERT_TRUE(read_force_set(forces, false, spec, diagnostics)) << list(diagnostics);
  EXPECT_EQ(spec.muscles.size(), muscles);
  ASSERT_EQ(spec.actuators.size(), 6u);
  EXPECT_EQ(spec.force_order.size(), muscles + 6);
  const ActuatorSpec& force = spec.actuators[0];
  EXPECT_EQ(force.name, "FX");
  EXPECT_EQ(force.kind, ActuatorKind::point);
  EXPECT_EQ(force.body, "pelvis");
  EXPECT_EQ(force.point.x, -0.072437600000000005);
  EXPECT_EQ(force.min_control, -1000);
  EXPECT_EQ(spec.actuators[5].kind, ActuatorKind::torque);
  EXPECT_EQ(spec.actuators[5].body, "pelvis");
  EXPECT_EQ(spec.actuators[5].body_b, "ground");
  ASSERT_TRUE(read_force_set(forces, true, spec, diagnostics));
  EXPECT_TRUE(spec.muscles.empty());
  EXPECT_EQ(spec.actuators.size(), 6u);
}

TEST(OsimFiles, a_set_of_polynomial_paths_replaces_those_of_the_muscles_it_names) {
  SKIP_WITHOUT_SHARED_DATA();
  ModelSpec spec = read_shared("rajagopal_walk/subject_walk_scaled.osim");
  Diagnostics diagnostics;
  ASSERT_TRUE(
      read_path_set(data_path("rajagopal_walk/subject_walk_scaled_FunctionBasedPathSet.xml"), spec, diagnostics))
      << list(diagnostics);
  for (const MuscleSpec& muscle : spec.muscles) EXPECT_TRUE(muscle.path.is_polynomial) << muscle.name;
  const PolynomialPathSpec& path = spec.muscles[0].path.polynomial;
  EXPECT_EQ(spec.muscles[0].name, "addbrev_r");
  EXPECT_EQ(path.coordinates, (std::vector<std::string>{"hip_flexion_r", "hip_adduction_r", "hip_rotation_r"}));
  EXPECT_EQ(path.order, 5);
  ASSERT_EQ(path.coefficients.size(), 56u);
  EXPECT_EQ(path.coefficients[0], 0.14245710812942461);
}

}  // namespace
}  // namespace buttress
