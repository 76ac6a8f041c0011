// compile() given minimal models with one fault each. What this can prove: each fault is reported once, under its id,
// at its file and line, and what is sound beside it is left in peace; and the tree, axes and numbering of sound models.
#include "model/compile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>

namespace buttress {
namespace {

constexpr const char* kFile = "thigh.osim";

BodySpec make_body(const std::string& name, int line, double mass = 2) {
  BodySpec body;
  body.name = name;
  body.mass = mass;
  body.I_BBcm_B = {0.1, 0.1, 0.1, 0, 0, 0};
  body.at = {line};
  return body;
}

JointSpec make_joint(const std::string& name, int line, JointKind kind, const std::string& parent,
                     const std::string& child, std::vector<std::string> coordinates) {
  JointSpec joint;
  joint.name = name;
  joint.kind = kind;
  joint.parent.body = parent;
  joint.child.body = child;
  joint.at = {line};
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    CoordinateSpec coordinate;
    coordinate.name = coordinates[i];
    coordinate.at = {line + 1 + static_cast<int>(i)};
    joint.coordinates.push_back(coordinate);
  }
  make_standard_axes(joint);
  return joint;
}

FunctionSpec make_line_spec(double slope, double intercept) {
  FunctionSpec f;
  f.kind = FunctionKind::linear;
  f.coefficients = {slope, intercept};
  return f;
}

FunctionSpec make_bad_function() {
  FunctionSpec f;
  f.kind = FunctionKind::simm_spline;
  f.x = {0, 1, 0.5};
  f.y = {0, 1, 2};
  return f;
}

CouplerSpec make_coupler(const std::string& name, int line, const std::string& dependent,
                         const std::string& independent) {
  CouplerSpec coupler;
  coupler.name = name;
  coupler.dependent = dependent;
  coupler.independent = independent;
  coupler.function = make_line_spec(0.5, 0);
  coupler.at = {line};
  return coupler;
}

PathPointSpec make_point(const std::string& name, int line, const std::string& body) {
  PathPointSpec point;
  point.name = name;
  point.frame.body = body;
  point.at = {line};
  return point;
}

MuscleSpec make_muscle(const std::string& name, int line) {
  MuscleSpec muscle;
  muscle.name = name;
  muscle.max_isometric_force = 1000;
  muscle.optimal_fiber_length = 0.1;
  muscle.tendon_slack_length = 0.2;
  muscle.path.points = {make_point("p1", line + 1, "pelvis"), make_point("p2", line + 2, "femur")};
  muscle.at = {line};
  return muscle;
}

WrapObjectSpec make_cylinder(const std::string& name, int line) {
  WrapObjectSpec object;
  object.name = name;
  object.frame.body = "femur";
  object.radius = 0.02;
  object.length = 0.1;
  object.at = {line};
  return object;
}

ActuatorSpec make_actuator(const std::string& name, int line, ActuatorKind kind) {
  ActuatorSpec actuator;
  actuator.name = name;
  actuator.kind = kind;
  actuator.coordinate = "hip_flexion";
  actuator.body = "femur";
  actuator.path.points = {make_point("p1", line + 1, "pelvis"), make_point("p2", line + 2, "femur")};
  actuator.at = {line};
  return actuator;
}

PassiveForceSpec make_passive(const std::string& name, int line, PassiveForceKind kind) {
  PassiveForceSpec force;
  force.name = name;
  force.kind = kind;
  force.frame1.body = "pelvis";
  force.frame2.body = "femur";
  force.coordinate = "hip_flexion";
  force.path.points = {make_point("p1", line + 1, "pelvis"), make_point("p2", line + 2, "femur")};
  force.force_length = make_line_spec(1, 0);
  force.at = {line};
  return force;
}

/// a sound model with one of everything
ModelSpec make_sound_spec() {
  ModelSpec spec;
  spec.name = "thigh";
  spec.file = kFile;
  spec.bodies = {make_body("pelvis", 10), make_body("femur", 20), make_body("tibia", 30)};
  spec.joints = {
      make_joint("ground_pelvis", 100, JointKind::free, "ground", "pelvis", {"rx", "ry", "rz", "tx", "ty", "tz"}),
      make_joint("hip", 110, JointKind::universal, "pelvis", "femur", {"hip_flexion", "hip_adduction"}),
      make_joint("knee", 120, JointKind::pin, "femur", "tibia", {"knee_angle"})};
  spec.couplers = {make_coupler("coupler", 200, "knee_angle", "hip_flexion")};
  spec.wrap_objects = {make_cylinder("condyle", 300)};
  spec.muscles = {make_muscle("glmax1", 400)};
  PathWrapSpec wrap;
  wrap.wrap_object = "condyle";
  wrap.at = {405};
  spec.muscles[0].path.wraps = {wrap};
  spec.actuators = {make_actuator("reserve", 500, ActuatorKind::coordinate),
                    make_actuator("push", 510, ActuatorKind::point), make_actuator("twist", 520, ActuatorKind::torque),
                    make_actuator("cable", 530, ActuatorKind::path)};
  spec.passive_forces = {make_passive("bushing", 600, PassiveForceKind::bushing),
                         make_passive("stop", 610, PassiveForceKind::coordinate_limit),
                         make_passive("ligament", 620, PassiveForceKind::ligament)};
  MarkerSpec marker;
  marker.name = "RASI";
  marker.frame.body = "pelvis";
  marker.at = {700};
  spec.markers = {marker};
  return spec;
}

/// applies one change to the sound model and expects the errors that follow, as (id, line) in any order, and no model
void expect_errors(const std::function<void(ModelSpec&)>& spoil, std::vector<std::pair<std::string, int>> expected,
                   const std::string& mention = {}) {
  ModelSpec spec = make_sound_spec();
  spoil(spec);
  Diagnostics diagnostics;
  EXPECT_FALSE(compile(spec, {}, diagnostics).has_value());
  std::vector<std::pair<std::string, int>> found;
  for (const Diagnostic& d : diagnostics.items()) {
    if (d.severity != Severity::error) continue;
    found.emplace_back(d.id, d.line);
    EXPECT_EQ(d.file, kFile);
    EXPECT_NE(d.message.find(mention), std::string::npos) << d.message;
  }
  std::sort(found.begin(), found.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(found, expected);
}

Model compile_sound(const ModelSpec& spec, const CompileOptions& options = {}) {
  Diagnostics diagnostics;
  std::optional<Model> model = compile(spec, options, diagnostics);
  for (const Diagnostic& d : diagnostics.items()) EXPECT_NE(d.severity, Severity::error) << format_diagnostic(d);
  if (!model) throw std::runtime_error("the model does not compile");
  return *std::move(model);
}

TEST(Compile, a_sound_model_gives_no_word_of_complaint) {
  Diagnostics diagnostics;
  const std::optional<Model> model = compile(make_sound_spec(), {}, diagnostics);
  ASSERT_TRUE(model);
  EXPECT_TRUE(diagnostics.items().empty());
  EXPECT_EQ(model->name, "thigh");
  EXPECT_EQ(model->file, kFile);
  EXPECT_EQ(model->body_count(), 4);
  EXPECT_EQ(model->coordinate_count(), 9);
  EXPECT_DOUBLE_EQ(model->total_mass, 6);
  EXPECT_EQ(model->independent.size(), 8u);
  EXPECT_EQ(model->actuators.size(), 4u);
  EXPECT_EQ(model->passive_forces.size(), 3u);
  EXPECT_EQ(model->markers.size(), 1u);
}

TEST(Compile, MODEL_001_an_element_that_is_not_simulated_is_refused_by_name) {
  expect_errors(
      [](ModelSpec& s) {
        s.unsupported = {{"HuntCrossleyForce", "heel", {801}}};
      },
      {{"MODEL-001", 801}}, "HuntCrossleyForce 'heel'");
}

TEST(Compile, what_is_not_simulated_is_refused_only_where_it_would_change_the_answer) {
  const auto count = [](UnsupportedKind kind, ModelUse use, const std::string& id) {
    ModelSpec spec = make_sound_spec();
    spec.unsupported = {{"Something", "heel", {801}}};
    spec.unsupported[0].kind = kind;
    CompileOptions options;
    options.use = use;
    Diagnostics diagnostics;
    const bool compiled = compile(spec, options, diagnostics).has_value();
    std::size_t found = 0;
    for (const Diagnostic& d : diagnostics.items()) found += d.id == id;
    EXPECT_EQ(compiled, id != "MODEL-001" || found == 0);
    return found;
  };
  using enum UnsupportedKind;
  using enum ModelUse;
  for (const ModelUse use : {poses, inverse_dynamics, forces}) EXPECT_EQ(count(part, use, "MODEL-001"), 1u);
  for (const UnsupportedKind kind : {constraint, force, controlled_force})
    EXPECT_EQ(count(kind, forces, "MODEL-001"), 1u);
  EXPECT_EQ(count(force, inverse_dynamics, "MODEL-001"), 1u);
  // what is left out and could be missed is said
  EXPECT_EQ(count(constraint, inverse_dynamics, "MODEL-021"), 1u);
  EXPECT_EQ(count(constraint, poses, "MODEL-021"), 1u);
  EXPECT_EQ(count(controlled_force, inverse_dynamics, "MODEL-021"), 1u);
  EXPECT_EQ(count(controlled_force, poses, "MODEL-021"), 1u);
  EXPECT_EQ(count(force, poses, "MODEL-001"), 0u);
  EXPECT_EQ(count(force, poses, "MODEL-021"), 1u);
}

TEST(Compile, MODEL_022_contact_forces_touch_geometry_that_the_model_has) {
  const auto touch = [](ModelSpec& s, const char* sphere, const char* plane) {
    s.contact_geometries = {{"floor", "ContactHalfSpace", ContactShape::half_space, {"ground", {}}, {}, {850}},
                            {"heel", "ContactSphere", ContactShape::sphere, {"femur", {}}, {0.1, 0.1, 0.1}, {851}},
                            {"point", "ContactSphere", ContactShape::sphere, {"femur", {}}, {0, 0, 0}, {852}}};
    PassiveForceSpec force = make_passive("contact", 640, PassiveForceKind::smooth_sphere_half_space);
    force.surfaces.resize(2);
    force.surfaces[0].geometry = sphere;
    force.surfaces[1].geometry = plane;
    s.passive_forces.push_back(force);
  };
  ModelSpec sound = make_sound_spec();
  touch(sound, "heel", "floor");
  const Model model = compile_sound(sound);
  ASSERT_EQ(model.passive_forces.back().surfaces.size(), 2u);
  EXPECT_EQ(model.passive_forces.back().surfaces[0].shape, ContactShape::sphere);
  expect_errors(
      [&](ModelSpec& s) {
        touch(s, "heel", "floor");
        s.passive_forces.back().kind = PassiveForceKind::hunt_crossley;
        s.passive_forces.back().surfaces.resize(200, s.passive_forces.back().surfaces[0]);
      },
      {{"MODEL-022", 640}}, "10000");
  expect_errors([&](ModelSpec& s) { touch(s, "toe", "floor"); }, {{"MODEL-022", 640}}, "'toe'");
  expect_errors([&](ModelSpec& s) { touch(s, "heel", "heel"); }, {{"MODEL-022", 640}}, "ContactSphere");
  expect_errors([&](ModelSpec& s) { touch(s, "point", "floor"); }, {{"MODEL-009", 852}}, "'point'");
}

TEST(Compile, ignored_elements_are_left_out_and_recorded) {
  ModelSpec spec = make_sound_spec();
  spec.unsupported = {
      {"HuntCrossleyForce", "heel", {801}}, {"HuntCrossleyForce", "toe", {802}}, {"PointConstraint", "patella", {803}}};
  // by name and by type
  const Model model = compile_sound(spec, {{"patella", "HuntCrossleyForce", "bushing"}});
  EXPECT_EQ(model.ignored, (std::vector<std::string>{"HuntCrossleyForce heel", "HuntCrossleyForce toe",
                                                     "PointConstraint patella", "bushing"}));
  ASSERT_EQ(model.passive_forces.size(), 2u);
  EXPECT_EQ(model.passive_forces[0].spec.name, "stop");

  // what is not on the list is still refused
  Diagnostics diagnostics;
  EXPECT_FALSE(compile(spec, {{"HuntCrossleyForce"}}, diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].line, 803);
}

ControllerSpec make_controller(const std::string& name, std::vector<std::string> actuators) {
  ControllerSpec controller;
  controller.type = "PrescribedController";
  controller.name = name;
  controller.at = {700};
  controller.actuators = std::move(actuators);
  for (std::size_t i = 0; i < controller.actuators.size(); ++i) {
    FunctionSpec half;
    half.coefficients = {0.5};
    controller.controls.push_back(half);
  }
  return controller;
}

TEST(Compile, controls_are_kept_for_actuators_and_reasons_for_those_that_are_unknown) {
  const auto compile_with = [](const std::function<void(ModelSpec&)>& change, std::vector<std::string> ignore = {}) {
    ModelSpec spec = make_sound_spec();
    for (const MuscleSpec& muscle : spec.muscles) spec.muscle_names.push_back(muscle.name);
    spec.force_names = {"elsewhere"};
    change(spec);
    Diagnostics diagnostics;
    auto model = compile(spec, {std::move(ignore)}, diagnostics);
    EXPECT_FALSE(diagnostics.has_errors());
    return model.value();
  };
  const auto add = [](ControllerSpec controller) { return [=](ModelSpec& s) { s.controllers.push_back(controller); }; };
  const Model driven = compile_with(add(make_controller("c", {"push", "reserve"})));
  ASSERT_EQ(driven.controls.size(), 2u);
  EXPECT_EQ(driven.actuators[static_cast<std::size_t>(driven.controls[0].actuator)].name, "push");
  EXPECT_EQ(evaluate(driven.controls[0].control, 3.0).f, 0.5);
  // muscles, actuators that are switched off or left out, and controllers that are off drive nothing
  EXPECT_TRUE(compile_with(add(make_controller("c", {"glmax1", "elsewhere"}))).controls.empty());
  ControllerSpec off = make_controller("c", {"push"});
  off.enabled = false;
  EXPECT_TRUE(compile_with(add(off)).controls.empty());

  // what is not known is told apart from what does not matter
  ControllerSpec unknown = make_controller("c", {"push"});
  unknown.obstacle = "a sine";
  ASSERT_EQ(compile_with(add(unknown)).unknown_controls.size(), 1u);
  EXPECT_EQ(compile_with(add(unknown)).unknown_controls[0].reason, "a sine");
  EXPECT_TRUE(compile_with(add(unknown), {"c"}).unknown_controls.empty());
  EXPECT_EQ(compile_with(add(unknown), {"c"}).ignored, std::vector<std::string>{"PrescribedController c"});
  unknown.actuators = {"glmax1"};
  EXPECT_TRUE(compile_with(add(unknown)).unknown_controls.empty());
  unknown.actuators.clear();
  EXPECT_EQ(compile_with(add(unknown)).unknown_controls.size(), 1u) << "its file may name any actuator";
  ControllerSpec few = make_controller("c", {"push", "reserve"});
  few.controls.pop_back();
  EXPECT_EQ(compile_with(add(few)).unknown_controls.size(), 1u);
  EXPECT_EQ(compile_with(add(make_controller("c", {"nobody"}))).unknown_controls.size(), 1u);
}

TEST(Compile, MODEL_032_a_schutte_muscle_needs_no_greatest_speed) {
  for (const double speed : {0.0, -3.0, std::nan("")}) {
    ModelSpec spec = make_sound_spec();
    spec.muscles[0].kind = MuscleKind::schutte1993;
    spec.muscles[0].max_contraction_velocity = speed;
    Diagnostics diagnostics;
    const auto model = compile(spec, {}, diagnostics);
    ASSERT_TRUE(model);
    EXPECT_EQ(model->muscles[0].max_contraction_velocity, 10);
    ASSERT_EQ(diagnostics.items().size(), 1u);
    EXPECT_EQ(diagnostics.items()[0].id, "MODEL-032");
    Diagnostics without_muscles;
    CompileOptions options;
    options.uses_muscles = false;
    ASSERT_TRUE(compile(spec, options, without_muscles));
    EXPECT_TRUE(without_muscles.items().empty());
  }
}

TEST(Compile, MODEL_002_names_are_given_once_per_kind) {
  expect_errors([](ModelSpec& s) { s.muscles.push_back(make_muscle("glmax1", 450)); }, {{"MODEL-002", 450}}, "glmax1");
  expect_errors([](ModelSpec& s) { s.wrap_objects.push_back(make_cylinder("condyle", 350)); }, {{"MODEL-002", 350}});
  expect_errors([](ModelSpec& s) { s.actuators[0].name = "push"; }, {{"MODEL-002", 510}});
  expect_errors([](ModelSpec& s) { s.actuators[0].name = "glmax1"; }, {{"MODEL-002", 500}}, "glmax1");
  expect_errors([](ModelSpec& s) { s.bodies.push_back(make_body("femur", 25)); }, {{"MODEL-002", 25}});
  expect_errors(
      [](ModelSpec& s) {
        s.bodies.push_back(make_body("foot", 35));
        s.joints.push_back(make_joint("knee", 130, JointKind::pin, "tibia", "foot", {"ankle"}));
      },
      {{"MODEL-002", 130}});
  expect_errors(
      [](ModelSpec& s) {
        s.bodies.push_back(make_body("foot", 35));
        s.joints.push_back(make_joint("ankle", 130, JointKind::pin, "tibia", "foot", {"knee_angle"}));
      },
      {{"MODEL-002", 131}});
  // the same name for a body and a muscle is no fault
  ModelSpec spec = make_sound_spec();
  spec.muscles[0].name = "femur";
  compile_sound(spec);
}

TEST(Compile, MODEL_003_everything_stands_on_a_body_that_exists) {
  expect_errors([](ModelSpec& s) { s.joints[2].parent.body = "fmur"; }, {{"MODEL-003", 120}}, "fmur");
  expect_errors([](ModelSpec& s) { s.muscles[0].path.points[1].frame.body = "fmur"; }, {{"MODEL-003", 402}}, "fmur");
  expect_errors([](ModelSpec& s) { s.wrap_objects[0].frame.body = "fmur"; }, {{"MODEL-003", 300}}, "fmur");
  expect_errors([](ModelSpec& s) { s.actuators[1].body = "fmur"; }, {{"MODEL-003", 510}}, "fmur");
  expect_errors([](ModelSpec& s) { s.actuators[2].body_b = "fmur"; }, {{"MODEL-003", 520}}, "fmur");
  expect_errors([](ModelSpec& s) { s.actuators[3].path.points[0].frame.body = "fmur"; }, {{"MODEL-003", 531}}, "fmur");
  expect_errors([](ModelSpec& s) { s.passive_forces[0].frame2.body = "fmur"; }, {{"MODEL-003", 600}}, "fmur");
  expect_errors([](ModelSpec& s) { s.passive_forces[2].path.points[0].frame.body = "fmur"; }, {{"MODEL-003", 621}});
  expect_errors([](ModelSpec& s) { s.markers[0].frame.body = "fmur"; }, {{"MODEL-003", 700}}, "fmur");
}

TEST(Compile, MODEL_004_everything_depends_on_coordinates_that_exist) {
  expect_errors([](ModelSpec& s) { s.couplers[0].independent = "hip"; }, {{"MODEL-004", 200}}, "'hip'");
  expect_errors([](ModelSpec& s) { s.couplers[0].dependent = "hip"; }, {{"MODEL-004", 200}}, "'hip'");
  expect_errors([](ModelSpec& s) { s.actuators[0].coordinate = "hip"; }, {{"MODEL-004", 500}}, "'hip'");
  expect_errors([](ModelSpec& s) { s.passive_forces[1].coordinate = "hip"; }, {{"MODEL-004", 610}}, "'hip'");
  expect_errors([](ModelSpec& s) { s.joints[2].axes[0].terms[0].coordinate = "hip"; }, {{"MODEL-004", 120}}, "'hip'");
  expect_errors(
      [](ModelSpec& s) {
        s.muscles[0].path.points[1].kind = PathPointKind::conditional;
        s.muscles[0].path.points[1].coordinate = "hip";
      },
      {{"MODEL-004", 402}}, "'hip'");
  expect_errors(
      [](ModelSpec& s) {
        PathPointSpec& point = s.muscles[0].path.points[1];
        point.kind = PathPointKind::moving;
        for (AxisTermSpec& term : point.moving) term = {"knee_angle", make_line_spec(0.1, 0)};
        point.moving[2].coordinate = "hip";
      },
      {{"MODEL-004", 402}}, "'hip'");
  expect_errors(
      [](ModelSpec& s) {
        s.muscles[0].path.is_polynomial = true;
        s.muscles[0].path.polynomial = {{"knee_angle", "hip"}, 1, {0, 0, 0}};
      },
      {{"MODEL-004", 400}}, "'hip'");
}

TEST(Compile, MODEL_005_functions_can_be_built) {
  expect_errors([](ModelSpec& s) { s.couplers[0].function = make_bad_function(); }, {{"MODEL-005", 200}}, "coupler");
  expect_errors([](ModelSpec& s) { s.joints[2].axes[0].terms[0].function = make_bad_function(); }, {{"MODEL-005", 120}},
                "knee");
  expect_errors(
      [](ModelSpec& s) {
        s.joints[1].coordinates[1].prescribed = true;
        s.joints[1].coordinates[1].prescribed_function = make_bad_function();
      },
      {{"MODEL-005", 112}}, "hip_adduction");
  expect_errors(
      [](ModelSpec& s) {
        PathPointSpec& point = s.muscles[0].path.points[1];
        point.kind = PathPointKind::moving;
        for (AxisTermSpec& term : point.moving) term = {"knee_angle", make_line_spec(0.1, 0)};
        point.moving[1].function = make_bad_function();
      },
      {{"MODEL-005", 402}}, "p2");
  expect_errors([](ModelSpec& s) { s.passive_forces[2].force_length = make_bad_function(); }, {{"MODEL-005", 620}},
                "ligament");
}

TEST(Compile, MODEL_006_axes_and_directions_have_a_length) {
  expect_errors([](ModelSpec& s) { s.joints[2].axes[0].direction = {0, 0, 0}; }, {{"MODEL-006", 120}}, "knee");
  expect_errors([](ModelSpec& s) { s.actuators[1].direction = {0, 0, 0}; }, {{"MODEL-006", 510}}, "push");
  expect_errors([](ModelSpec& s) { s.actuators[2].direction = {0, 0, 0}; }, {{"MODEL-006", 520}}, "twist");
  // an axis along which nothing moves needs none
  ModelSpec spec = make_sound_spec();
  spec.joints[2].axes[4].direction = {0, 0, 0};
  compile_sound(spec);
}

TEST(Compile, MODEL_007_a_coordinate_is_tied_once_and_not_to_itself) {
  expect_errors([](ModelSpec& s) { s.couplers.push_back(make_coupler("again", 210, "knee_angle", "hip_adduction")); },
                {{"MODEL-007", 210}}, "again");
  expect_errors([](ModelSpec& s) { s.couplers[0].independent = "knee_angle"; }, {{"MODEL-007", 200}});
}

TEST(Compile, MODEL_008_a_coupler_is_driven_by_a_free_coordinate) {
  expect_errors([](ModelSpec& s) { s.couplers.push_back(make_coupler("chain", 210, "hip_adduction", "knee_angle")); },
                {{"MODEL-008", 210}}, "chain");
  // whatever their order
  expect_errors(
      [](ModelSpec& s) {
        s.couplers.insert(s.couplers.begin(), make_coupler("chain", 190, "hip_adduction", "knee_angle"));
      },
      {{"MODEL-008", 190}}, "chain");
  // a coupler that is switched off ties nothing
  ModelSpec spec = make_sound_spec();
  spec.couplers.push_back(make_coupler("chain", 210, "hip_adduction", "knee_angle"));
  spec.couplers[0].enforced = false;
  const Model model = compile_sound(spec);
  ASSERT_EQ(model.couplers.size(), 1u);
  EXPECT_EQ(model.couplers[0].name, "chain");
}

TEST(Compile, MODEL_009_wrap_objects_have_a_size) {
  expect_errors([](ModelSpec& s) { s.wrap_objects[0].radius = 0; }, {{"MODEL-009", 300}}, "condyle");
  expect_errors([](ModelSpec& s) { s.wrap_objects[0].radius = std::numeric_limits<double>::quiet_NaN(); },
                {{"MODEL-009", 300}});
  expect_errors([](ModelSpec& s) { s.wrap_objects[0].kind = WrapKind::ellipsoid; }, {{"MODEL-009", 300}});
  expect_errors(
      [](ModelSpec& s) {
        s.wrap_objects[0].kind = WrapKind::torus;
        s.wrap_objects[0].inner_radius = 0.01;
      },
      {{"MODEL-009", 300}});
}

TEST(Compile, MODEL_010_a_path_has_two_points) {
  expect_errors(
      [](ModelSpec& s) {
        s.muscles[0].path.points.pop_back();
        s.muscles[0].path.wraps.clear();
      },
      {{"MODEL-010", 400}}, "glmax1");
  expect_errors([](ModelSpec& s) { s.passive_forces[2].path.points.clear(); }, {{"MODEL-010", 620}}, "ligament");
}

TEST(Compile, MODEL_011_a_path_wraps_over_what_exists) {
  expect_errors([](ModelSpec& s) { s.muscles[0].path.wraps[0].wrap_object = "condile"; }, {{"MODEL-011", 405}},
                "condile");
}

TEST(Compile, MODEL_012_a_wrap_range_lies_on_the_path) {
  const auto set_range = [](int first, int last) {
    return [=](ModelSpec& s) {
      s.muscles[0].path.wraps[0].range_first = first;
      s.muscles[0].path.wraps[0].range_last = last;
    };
  };
  expect_errors(set_range(1, 3), {{"MODEL-012", 405}});
  expect_errors(set_range(3, -1), {{"MODEL-012", 405}});
  expect_errors(set_range(2, 1), {{"MODEL-012", 405}});
  ModelSpec spec = make_sound_spec();
  set_range(1, 2)(spec);
  const Model model = compile_sound(spec);
  EXPECT_EQ(model.paths[0].wraps[0].first_point, 0);
  EXPECT_EQ(model.paths[0].wraps[0].last_point, 1);
}

TEST(Compile, MODEL_013_muscles_have_possible_parameters) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::pair<double MuscleSpec::*, std::vector<double>>> wrong = {
      {&MuscleSpec::max_isometric_force, {0, -1, nan, kInfinity}},
      {&MuscleSpec::optimal_fiber_length, {0, -0.1, nan, kInfinity}},
      {&MuscleSpec::max_contraction_velocity, {0, -10, nan}},
      {&MuscleSpec::tendon_slack_length, {-0.1, nan, kInfinity}},
      {&MuscleSpec::pennation_at_optimal, {-0.1, 1.6, nan}},
      {&MuscleSpec::min_control, {1.5, nan}}};
  for (const auto& [parameter, values] : wrong)
    for (double value : values)
      expect_errors([&, p = parameter](ModelSpec& s) { s.muscles[0].*p = value; }, {{"MODEL-013", 400}}, "glmax1");
  // a muscle without tendon is possible
  ModelSpec spec = make_sound_spec();
  spec.muscles[0].tendon_slack_length = 0;
  compile_sound(spec);
}

TEST(Compile, MODEL_014_actuators_have_an_optimal_force) {
  expect_errors([](ModelSpec& s) { s.actuators[0].optimal_force = 0; }, {{"MODEL-014", 500}}, "reserve");
  expect_errors([](ModelSpec& s) { s.actuators[3].optimal_force = std::numeric_limits<double>::quiet_NaN(); },
                {{"MODEL-014", 530}}, "cable");
  // pulling the other way is allowed, and an actuator that is switched off is no matter
  ModelSpec spec = make_sound_spec();
  spec.actuators[0].optimal_force = -5;
  spec.actuators[1].optimal_force = 0;
  spec.actuators[1].applies_force = false;
  EXPECT_EQ(compile_sound(spec).actuators.size(), 3u);
}

TEST(Compile, MODEL_015_mass_properties_are_numbers_not_below_zero) {
  expect_errors([](ModelSpec& s) { s.bodies[1].mass = -1; }, {{"MODEL-015", 20}}, "femur");
  expect_errors([](ModelSpec& s) { s.bodies[1].I_BBcm_B.yy = -1; }, {{"MODEL-015", 20}}, "femur");
  expect_errors([](ModelSpec& s) { s.bodies[1].I_BBcm_B.xz = std::numeric_limits<double>::quiet_NaN(); },
                {{"MODEL-015", 20}}, "femur");
  expect_errors([](ModelSpec& s) { s.bodies[1].p_BBcm_B.z = kInfinity; }, {{"MODEL-015", 20}}, "femur");
}

TEST(Compile, MODEL_016_a_body_without_mass_is_only_warned_about) {
  ModelSpec spec = make_sound_spec();
  spec.bodies[1].mass = 0;
  Diagnostics diagnostics;
  const std::optional<Model> model = compile(spec, {}, diagnostics);
  ASSERT_TRUE(model);
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, "MODEL-016");
  EXPECT_EQ(diagnostics.items()[0].severity, Severity::warning);
  EXPECT_EQ(diagnostics.items()[0].file, kFile);
  EXPECT_EQ(diagnostics.items()[0].line, 20);
  EXPECT_DOUBLE_EQ(model->total_mass, 4);
}

TEST(Compile, MODEL_017_a_body_is_carried_by_one_joint) {
  expect_errors(
      [](ModelSpec& s) { s.joints.push_back(make_joint("loop", 130, JointKind::pin, "pelvis", "tibia", {"loop_q"})); },
      {{"MODEL-017", 130}}, "tibia");
}

TEST(Compile, MODEL_018_ground_is_no_child) {
  expect_errors(
      [](ModelSpec& s) { s.joints.push_back(make_joint("fix", 130, JointKind::weld, "tibia", "ground", {})); },
      {{"MODEL-018", 130}}, "fix");
}

TEST(Compile, MODEL_019_every_body_hangs_on_ground) {
  expect_errors([](ModelSpec& s) { s.bodies.push_back(make_body("foot", 40)); }, {{"MODEL-019", 40}}, "foot");
  // a cycle in the air: each body is reported
  expect_errors(
      [](ModelSpec& s) {
        s.bodies.push_back(make_body("talus", 40));
        s.bodies.push_back(make_body("calcn", 50));
        s.joints.push_back(make_joint("ankle", 130, JointKind::pin, "calcn", "talus", {"ankle"}));
        s.joints.push_back(make_joint("subtalar", 140, JointKind::pin, "talus", "calcn", {"subtalar"}));
      },
      {{"MODEL-019", 40}, {"MODEL-019", 50}});
  expect_errors(
      [](ModelSpec& s) {
        s.bodies.push_back(make_body("talus", 40));
        s.joints.push_back(make_joint("ankle", 130, JointKind::pin, "talus", "talus", {"ankle"}));
      },
      {{"MODEL-019", 40}});
}

TEST(Compile, all_faults_are_reported_at_once) {
  expect_errors(
      [](ModelSpec& s) {
        s.unsupported = {{"HuntCrossleyForce", "heel", {801}}};
        s.wrap_objects[0].radius = 0;
        s.muscles[0].max_isometric_force = 0;
        s.muscles.push_back(make_muscle("glmax1", 450));
        s.actuators[0].coordinate = "hip";
        s.markers[0].frame.body = "fmur";
      },
      {{"MODEL-001", 801},
       {"MODEL-002", 450},
       {"MODEL-003", 700},
       {"MODEL-004", 500},
       {"MODEL-009", 300},
       {"MODEL-013", 400}});
}

TEST(Compile, errors_from_before_do_not_spoil_a_sound_model) {
  Diagnostics diagnostics;
  diagnostics.error("OSIM-001", "other.osim", 1, "something else");
  EXPECT_TRUE(compile(make_sound_spec(), {}, diagnostics));
}

std::vector<std::string> list_bodies(const Model& model) {
  std::vector<std::string> names;
  for (const Body& body : model.bodies) names.push_back(body.name);
  return names;
}

TEST(CompileTree, bodies_stand_level_by_level_in_the_order_of_the_joints) {
  // as in gait2392: the file goes down one leg after the other, the tree does not
  ModelSpec spec;
  for (const char* name : {"pelvis", "femur_r", "tibia_r", "femur_l", "tibia_l", "torso"})
    spec.bodies.push_back(make_body(name, 1));
  spec.joints = {make_joint("knee_r", 0, JointKind::pin, "femur_r", "tibia_r", {"knee_r"}),
                 make_joint("ground_pelvis", 0, JointKind::pin, "ground", "pelvis", {"tilt"}),
                 make_joint("hip_r", 0, JointKind::pin, "pelvis", "femur_r", {"hip_r"}),
                 make_joint("back", 0, JointKind::pin, "pelvis", "torso", {"back"}),
                 make_joint("hip_l", 0, JointKind::pin, "pelvis", "femur_l", {"hip_l"}),
                 make_joint("knee_l", 0, JointKind::pin, "femur_l", "tibia_l", {"knee_l"})};
  const Model model = compile_sound(spec);
  EXPECT_EQ(list_bodies(model),
            (std::vector<std::string>{"ground", "pelvis", "femur_r", "torso", "femur_l", "tibia_r", "tibia_l"}));
  std::vector<std::string> coordinates;
  for (const Coordinate& c : model.coordinates) coordinates.push_back(c.name);
  EXPECT_EQ(coordinates, (std::vector<std::string>{"tilt", "hip_r", "back", "hip_l", "knee_r", "knee_l"}));
  for (int body = 1; body < model.body_count(); ++body) EXPECT_LT(model.parent_of(body), body);
  EXPECT_TRUE(model.is_in_subtree(model.find_body("tibia_l"), model.find_body("femur_l")));
  EXPECT_FALSE(model.is_in_subtree(model.find_body("tibia_r"), model.find_body("femur_l")));
  EXPECT_TRUE(model.is_in_subtree(model.find_body("torso"), 0));
}

// Simbody's MultibodyGraphMaker::growTree: "We violate the breadth-first heuristic to avoid ending a branch with a
// massless body, unless it is welded to its parent"
TEST(CompileTree, a_moving_body_without_mass_is_followed_at_once_by_its_heaviest_child) {
  ModelSpec spec;
  spec.bodies = {make_body("aux", 1, 0), make_body("arm", 1), make_body("light", 1, 1), make_body("heavy", 1, 3),
                 make_body("heavy_tip", 1)};
  spec.joints = {make_joint("j_light", 0, JointKind::pin, "aux", "light", {"q_light"}),
                 make_joint("j_aux", 0, JointKind::pin, "ground", "aux", {"q_aux"}),
                 make_joint("j_arm", 0, JointKind::pin, "ground", "arm", {"q_arm"}),
                 make_joint("j_heavy", 0, JointKind::pin, "aux", "heavy", {"q_heavy"}),
                 make_joint("j_tip", 0, JointKind::pin, "heavy", "heavy_tip", {"q_tip"})};
  EXPECT_EQ(list_bodies(compile_sound(spec)),
            (std::vector<std::string>{"ground", "aux", "heavy", "arm", "light", "heavy_tip"}));
  // welded, it waits its turn
  spec.joints[1] = make_joint("j_aux", 0, JointKind::weld, "ground", "aux", {});
  EXPECT_EQ(list_bodies(compile_sound(spec)),
            (std::vector<std::string>{"ground", "aux", "arm", "light", "heavy", "heavy_tip"}));
}

TEST(CompileTree, a_branch_reached_only_through_a_body_without_mass_is_followed_to_its_end) {
  ModelSpec spec;
  spec.bodies = {make_body("aux", 1, 0), make_body("a", 1), make_body("b", 1)};
  spec.joints = {make_joint("j1", 0, JointKind::pin, "ground", "aux", {"q1"}),
                 make_joint("j2", 0, JointKind::pin, "aux", "a", {"q2"}),
                 make_joint("j3", 0, JointKind::pin, "a", "b", {"q3"})};
  EXPECT_EQ(list_bodies(compile_sound(spec)), (std::vector<std::string>{"ground", "aux", "a", "b"}));
}

/// ground - body by a custom joint that moves about z with q and has constants elsewhere
ModelSpec make_custom_spec() {
  ModelSpec spec;
  spec.file = kFile;
  spec.bodies = {make_body("body", 1)};
  JointSpec joint = make_joint("joint", 10, JointKind::custom, "ground", "body", {"q"});
  for (int a = 0; a < 6; ++a) {
    const int i = a % 3;
    joint.axes[a].direction = {i == 0 ? 1.0 : 0.0, i == 1 ? 1.0 : 0.0, i == 2 ? 1.0 : 0.0};
  }
  joint.parent.X_BF = {make_rotation<double>({0, 0, 1}, 1.5707963267948966), {1, 2, 3}};
  joint.axes[2].terms = {{"q", make_line_spec(1, 0)}};
  spec.joints = {joint};
  return spec;
}

AxisTermSpec make_constant_term(double value) {
  AxisTermSpec term;
  term.function.coefficients = {value};
  return term;
}

TEST(CompileAxes, constant_slides_become_part_of_the_parent_frame) {
  ModelSpec spec = make_custom_spec();
  spec.joints[0].axes[3].terms = {make_constant_term(0.5)};
  spec.joints[0].axes[4].terms = {make_constant_term(0)};
  const Model model = compile_sound(spec);
  ASSERT_EQ(model.joints[0].axis_count, 1);
  EXPECT_EQ(model.joints[0].slides_first, 0);
  EXPECT_EQ(model.axes[0].principal, Principal::z);
  // x of the joint frame is y of ground
  EXPECT_NEAR(model.joints[0].X_PF.p.x, 1, 1e-15);
  EXPECT_NEAR(model.joints[0].X_PF.p.y, 2.5, 1e-15);
  EXPECT_NEAR(model.joints[0].X_PF.p.z, 3, 1e-15);
  // where the file puts the frame stays known: loads on the parent act there
  EXPECT_NEAR(model.joints[0].p_PF_given.y, 2, 1e-15);
}

TEST(CompileAxes, a_slide_with_a_constant_and_a_moving_term_keeps_the_moving_one) {
  ModelSpec spec = make_custom_spec();
  spec.joints[0].axes[4].terms = {make_constant_term(0.5), {"q", make_line_spec(0.1, 0)}};
  const Model model = compile_sound(spec);
  ASSERT_EQ(model.joints[0].axis_count, 2);
  EXPECT_EQ(model.joints[0].slides_first, 1);
  ASSERT_EQ(model.axes[0].terms.size(), 1u);
  EXPECT_FALSE(model.axes[0].is_rotation);
  // y of the joint frame is -x of ground
  EXPECT_NEAR(model.joints[0].X_PF.p.x, 0.5, 1e-15);
}

TEST(CompileAxes, constant_rotations_stay_as_axes) {
  ModelSpec spec = make_custom_spec();
  spec.joints[0].axes[0].terms = {make_constant_term(0.3)};
  const Model model = compile_sound(spec);
  ASSERT_EQ(model.joints[0].axis_count, 2);
  EXPECT_EQ(model.axes[0].principal, Principal::x);
  ASSERT_EQ(model.axes[0].terms.size(), 1u);
  EXPECT_EQ(model.axes[0].terms[0].coordinate, -1);
  EXPECT_EQ(evaluate(model.axes[0].terms[0].function, 0.0).f, 0.3);
}

TEST(CompileAxes, a_joint_given_in_reverse_runs_backwards_with_opposite_signs) {
  ModelSpec spec = make_custom_spec();
  spec.joints[0].axes[0].terms = {{"q", make_line_spec(0.5, 0.1)}};
  spec.joints[0].axes[3].terms = {make_constant_term(0.2)};
  spec.joints[0].reversed = true;
  const Model model = compile_sound(spec);
  ASSERT_EQ(model.joints[0].axis_count, 3);
  EXPECT_EQ(model.joints[0].slides_first, 0);
  EXPECT_TRUE(model.joints[0].reversed);
  // third rotation first, then the first, then the constant slide, which cannot move into a frame that turns
  EXPECT_EQ(model.axes[0].principal, Principal::z);
  EXPECT_EQ(evaluate(model.axes[0].terms[0].function, 0.4).f, -0.4);
  EXPECT_EQ(model.axes[1].principal, Principal::x);
  EXPECT_DOUBLE_EQ(evaluate(model.axes[1].terms[0].function, 0.4).f, -0.3);
  EXPECT_FALSE(model.axes[2].is_rotation);
  EXPECT_EQ(evaluate(model.axes[2].terms[0].function, 0.0).f, -0.2);
  EXPECT_EQ(model.joints[0].X_PF.p.x, 1);
}

TEST(CompileAxes, directions_become_unit_vectors_and_principal_ones_are_marked_with_their_sign) {
  ModelSpec spec = make_custom_spec();
  spec.joints[0].axes[2].direction = {0, -2, 0};
  spec.joints[0].axes[1].direction = {3, 0, 4};
  spec.joints[0].axes[1].terms = {{"q", make_line_spec(1, 0)}};
  const Model model = compile_sound(spec);
  EXPECT_EQ(model.axes[0].principal, Principal::none);
  EXPECT_DOUBLE_EQ(model.axes[0].direction.x, 0.6);
  EXPECT_DOUBLE_EQ(model.axes[0].direction.z, 0.8);
  EXPECT_EQ(model.axes[1].principal, Principal::y);
  EXPECT_EQ(model.axes[1].sign, -1);
}

TEST(CompileCoordinates, free_ones_are_numbered_and_coupled_locked_and_prescribed_ones_are_not) {
  ModelSpec spec = make_sound_spec();
  spec.joints[0].coordinates[3].locked = true;
  spec.joints[0].coordinates[5].clamped = true;
  spec.joints[0].coordinates[4].prescribed = true;
  spec.joints[0].coordinates[4].prescribed_function = make_line_spec(2, 1);
  const Model model = compile_sound(spec);
  std::vector<std::string> free;
  for (int c : model.independent) free.push_back(model.coordinates[static_cast<std::size_t>(c)].name);
  EXPECT_EQ(free, (std::vector<std::string>{"rx", "ry", "rz", "tz", "hip_flexion", "hip_adduction"}));
  for (std::size_t row = 0; row < model.independent.size(); ++row)
    EXPECT_EQ(model.coordinates[static_cast<std::size_t>(model.independent[row])].independent, static_cast<int>(row));
  const Coordinate& knee = model.coordinates[static_cast<std::size_t>(model.find_coordinate("knee_angle"))];
  EXPECT_EQ(knee.independent, -1);
  ASSERT_EQ(knee.coupler, 0);
  EXPECT_EQ(model.couplers[0].independent, model.find_coordinate("hip_flexion"));
  const Coordinate& ty = model.coordinates[static_cast<std::size_t>(model.find_coordinate("ty"))];
  EXPECT_EQ(ty.motion_type, MotionType::translational);
  for (const Coordinate& c : model.coordinates) EXPECT_EQ(c.clamped, c.name == "tz") << c.name;
  EXPECT_EQ(evaluate(ty.prescribed_function, 3.0).f, 7);
}

TEST(CompilePath, the_coordinates_of_a_path_are_those_between_the_bodies_it_touches) {
  ModelSpec spec = make_sound_spec();
  const auto coordinates_of = [&] {
    const Model model = compile_sound(spec);
    std::vector<std::string> names;
    for (int c : model.paths[static_cast<std::size_t>(model.muscles[0].path)].coordinates)
      names.push_back(model.coordinates[static_cast<std::size_t>(c)].name);
    return names;
  };
  EXPECT_EQ(coordinates_of(), (std::vector<std::string>{"hip_flexion", "hip_adduction"}));
  // across two joints
  spec.muscles[0].path.points[1].frame.body = "tibia";
  EXPECT_EQ(coordinates_of(), (std::vector<std::string>{"hip_flexion", "hip_adduction", "knee_angle"}));
  // on one body nothing changes the length
  spec.muscles[0].path.points[0].frame.body = spec.muscles[0].path.points[1].frame.body = "femur";
  EXPECT_EQ(coordinates_of(), std::vector<std::string>{});
  // a moving point brings its own coordinate
  PathPointSpec& moving = spec.muscles[0].path.points[1];
  moving.kind = PathPointKind::moving;
  for (AxisTermSpec& term : moving.moving) term = {"knee_angle", make_line_spec(0.01, 0)};
  EXPECT_EQ(coordinates_of(), (std::vector<std::string>{"knee_angle"}));
  // a wrap object counts as touched
  spec.muscles[0].path.points[1].kind = PathPointKind::fixed;
  spec.wrap_objects[0].frame.body = "pelvis";
  EXPECT_EQ(coordinates_of(), (std::vector<std::string>{"hip_flexion", "hip_adduction"}));
  // unless it is switched off
  spec.wrap_objects[0].active = false;
  EXPECT_EQ(coordinates_of(), std::vector<std::string>{});
}

TEST(CompilePath, points_are_moved_from_their_frames_to_the_bodies) {
  ModelSpec spec = make_sound_spec();
  PathPointSpec& point = spec.muscles[0].path.points[0];
  point.frame.X_BF = {make_rotation<double>({0, 0, 1}, 1.5707963267948966), {1, 0, 0}};
  point.p_F = {0.5, 0, 0};
  spec.markers[0].frame = point.frame;
  spec.markers[0].p_F = point.p_F;
  const Model model = compile_sound(spec);
  const Vec3d p = model.paths[static_cast<std::size_t>(model.muscles[0].path)].points[0].p_B, m = model.markers[0].p_B;
  EXPECT_NEAR(p.x, 1, 1e-15);
  EXPECT_NEAR(p.y, 0.5, 1e-15);
  EXPECT_EQ(m.x, p.x);
  EXPECT_EQ(m.y, p.y);
}

TEST(CompileActuators, directions_of_points_and_torques_become_unit_vectors) {
  ModelSpec spec = make_sound_spec();
  spec.actuators[1].direction = {0, 3, 4};
  const Model model = compile_sound(spec);
  EXPECT_DOUBLE_EQ(model.actuators[1].direction.y, 0.6);
  EXPECT_DOUBLE_EQ(model.actuators[1].direction.z, 0.8);
}

TEST(StandardAxes, each_kind_drives_its_axes_in_opensims_order) {
  const auto slots = [](JointKind kind, int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) names.push_back("q" + std::to_string(i));
    const JointSpec joint = make_joint("joint", 1, kind, "ground", "body", names);
    std::string text;
    for (const AxisSpec& axis : joint.axes) {
      if (axis.terms.empty()) {
        text += "-";
        continue;
      }
      text += axis.terms[0].coordinate.substr(1);
      text += axis.direction.x == 1 ? "x" : axis.direction.y == 1 ? "y" : "z";
    }
    for (const CoordinateSpec& c : joint.coordinates) text += c.motion_type == MotionType::translational ? " t" : " r";
    return text;
  };
  // rotation1..3, translation1..3: number of the coordinate and direction
  EXPECT_EQ(slots(JointKind::weld, 0), "------");
  EXPECT_EQ(slots(JointKind::pin, 1), "0z----- r");
  EXPECT_EQ(slots(JointKind::slider, 1), "---0x-- t");
  EXPECT_EQ(slots(JointKind::universal, 2), "0x1y---- r r");
  EXPECT_EQ(slots(JointKind::ball, 3), "0x1y2z--- r r r");
  EXPECT_EQ(slots(JointKind::gimbal, 3), "0x1y2z--- r r r");
  EXPECT_EQ(slots(JointKind::free, 6), "0x1y2z3x4y5z r r r t t t");
  EXPECT_EQ(slots(JointKind::planar, 3), "0z--1x2y- r t t");
}

}  // namespace
}  // namespace buttress
