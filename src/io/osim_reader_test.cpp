// Small models written here: what each kind of element becomes, and what each mistake is answered with.
// The expected values are computed by hand from OpenSim's documentation and source.
#include "io/osim_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "io/xml_document.h"

namespace buttress {
namespace {

// a thigh on a pin, moved by one muscle that wraps round a cylinder: valid, of version 4.0
const std::string kModel = R"(<?xml version="1.0" encoding="UTF-8"?>
<OpenSimDocument Version="40000">
<Model name="leg">
<gravity>0 -9.81 0</gravity>
<Ground name="ground"/>
<BodySet name="bodyset"><objects>
<Body name="thigh">
<components>
<PhysicalOffsetFrame name="knee_centre">
<socket_parent>..</socket_parent>
<translation>0 -0.4 0</translation>
<orientation>0 0 1.5707963267948966</orientation>
</PhysicalOffsetFrame>
</components>
<WrapObjectSet><objects>
<WrapCylinder name="bone">
<xyz_body_rotation>0 0 0</xyz_body_rotation>
<translation>0 -0.1 0</translation>
<quadrant>-y</quadrant>
<radius>0.02</radius>
<length>0.1</length>
</WrapCylinder>
</objects></WrapObjectSet>
<mass>8</mass>
<mass_center>0 -0.2 0</mass_center>
<inertia>0.1 0.02 0.11 0.001 0.002 0.003</inertia>
</Body>
</objects></BodySet>
<JointSet name="jointset"><objects>
<PinJoint name="hip">
<socket_parent_frame>ground_offset</socket_parent_frame>
<socket_child_frame>/bodyset/thigh</socket_child_frame>
<coordinates>
<Coordinate name="flexion">
<default_value>0.3</default_value>
<range>-1 2</range>
</Coordinate>
</coordinates>
<frames>
<PhysicalOffsetFrame name="ground_offset">
<socket_parent>/ground</socket_parent>
<translation>0 1 0</translation>
</PhysicalOffsetFrame>
</frames>
</PinJoint>
</objects></JointSet>
<ForceSet name="forceset"><objects>
<Thelen2003Muscle name="flexor">
<GeometryPath name="geometrypath">
<PathPointSet><objects>
<PathPoint name="origin">
<socket_parent_frame>/ground</socket_parent_frame>
<location>0.05 1.1 0</location>
</PathPoint>
<PathPoint>
<socket_parent_frame>/bodyset/thigh/knee_centre</socket_parent_frame>
<location>0.1 0 0</location>
</PathPoint>
</objects></PathPointSet>
<PathWrapSet><objects>
<PathWrap name="pw">
<wrap_object>bone</wrap_object>
<method>hybrid</method>
<range>-1 -1</range>
</PathWrap>
</objects></PathWrapSet>
</GeometryPath>
<max_isometric_force>500</max_isometric_force>
</Thelen2003Muscle>
</objects></ForceSet>
</Model>
</OpenSimDocument>
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

int line_of(const std::string& text, const std::string& needle) {
  const std::size_t at = text.find(needle);
  EXPECT_NE(at, std::string::npos) << needle;
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

ModelSpec parse(const std::string& text) {
  Diagnostics diagnostics;
  const auto spec = parse_osim(text, "leg.osim", diagnostics);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  return spec.value_or(ModelSpec{});
}

// the kModel with other forces in place of the muscle
ModelSpec parse_with_forces(const std::string& forces, const std::string& version = "40000") {
  std::string text = replaced(kModel, "\"40000\"", "\"" + version + "\"");
  const std::size_t start = text.find("<Thelen2003Muscle"), end = text.find("</Thelen2003Muscle>") + 19;
  return parse(text.replace(start, end - start, forces));
}

void expect_vector(const Vec3d& v, double x, double y, double z) {
  EXPECT_NEAR(v.x, x, 1e-15);
  EXPECT_NEAR(v.y, y, 1e-15);
  EXPECT_NEAR(v.z, z, 1e-15);
}

TEST(OsimReader, reads_the_parts_of_a_small_model) {
  const ModelSpec spec = parse(kModel);
  EXPECT_EQ(spec.name, "leg");
  EXPECT_EQ(spec.file, "leg.osim");
  EXPECT_EQ(spec.version, 40000);
  expect_vector(spec.gravity_W, 0, -9.81, 0);
  ASSERT_EQ(spec.bodies.size(), 1u);
  EXPECT_EQ(spec.bodies[0].at.line, line_of(kModel, "<Body name"));
  EXPECT_EQ(spec.bodies[0].I_BBcm_B.xy, 0.001);
  EXPECT_EQ(spec.bodies[0].I_BBcm_B.yz, 0.003);
  ASSERT_EQ(spec.joints.size(), 1u);
  EXPECT_EQ(spec.joints[0].parent.body, "ground");
  expect_vector(spec.joints[0].parent.X_BF.p, 0, 1, 0);
  EXPECT_EQ(spec.joints[0].child.body, "thigh");
  EXPECT_EQ(spec.joints[0].coordinates[0].motion_type, MotionType::rotational);
  // make_standard_axes(): a pin turns about z
  ASSERT_EQ(spec.joints[0].axes[2].terms.size() + spec.joints[0].axes[0].terms.size(), 1u);
  ASSERT_EQ(spec.muscles.size(), 1u);
  const MuscleSpec& muscle = spec.muscles[0];
  EXPECT_EQ(muscle.max_isometric_force, 500);
  EXPECT_EQ(muscle.optimal_fiber_length, 0.1);
  EXPECT_EQ(muscle.min_control, 0.01);
  ASSERT_EQ(muscle.path.points.size(), 2u);
  EXPECT_EQ(muscle.path.points[1].name, "flexor-P2");
  // the point stands in an offset frame turned by 90 degrees about z
  EXPECT_EQ(muscle.path.points[1].frame.body, "thigh");
  expect_vector(muscle.path.points[1].frame.X_BF * muscle.path.points[1].p_F, 0, -0.3, 0);
  ASSERT_EQ(spec.wrap_objects.size(), 1u);
  EXPECT_EQ(spec.wrap_objects[0].quadrant, WrapQuadrant::negative_y);
  expect_vector(spec.wrap_objects[0].frame.X_BF.p, 0, -0.1, 0);
  EXPECT_EQ(spec.force_order, std::vector<std::string>{"flexor"});
}

// one mistake, the id it must have, and a text that stands on the line it must name
struct Mistake {
  const char *id, *from, *to, *line_of;
};
class OsimMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(OsimMistakes, are_answered_with_their_id_file_and_line) {
  const Mistake& mistake = GetParam();
  const std::string text = replaced(kModel, mistake.from, mistake.to);
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim(text, "bad.osim", diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 1u) << mistake.id;
  const Diagnostic& found = diagnostics.items()[0];
  EXPECT_EQ(found.id, mistake.id) << found.message;
  EXPECT_EQ(found.severity, Severity::error);
  EXPECT_EQ(found.file, "bad.osim");
  EXPECT_EQ(found.line, line_of(text, mistake.line_of)) << found.message;
}

INSTANTIATE_TEST_SUITE_P(
    all, OsimMistakes,
    testing::Values(Mistake{"OSIM-003", " Version=\"40000\"", "", "<OpenSimDocument"},
                    Mistake{"OSIM-003", "\"40000\"", "\"four\"", "<OpenSimDocument"},
                    Mistake{"OSIM-003", "\"40000\"", "\"10500\"", "<OpenSimDocument"},
                    Mistake{"OSIM-003", "\"40000\"", "\"99999999999\"", "<OpenSimDocument"},
                    Mistake{"OSIM-005", "<mass>8</mass>", "", "<Body name"},
                    Mistake{"OSIM-006",
                            "<PinJoint name=\"hip\">\n<socket_parent_frame>ground_offset</socket_parent_frame>",
                            "<WheelJoint name=\"hip\"/><PinJoint name=\"hip\">\n"
                            "<socket_parent_frame>ground_offset</socket_parent_frame>",
                            "<WheelJoint"},
                    Mistake{"OSIM-007", "</coordinates>", "<Coordinate name=\"twist\"/></coordinates>", "<PinJoint"},
                    Mistake{"OSIM-009", "<socket_parent>..</socket_parent>",
                            "<socket_parent>../knee_centre</socket_parent>", "<PhysicalOffsetFrame name=\"knee_centre"},
                    Mistake{"OSIM-014", "<quadrant>-y", "<quadrant>w", "<WrapCylinder"},
                    Mistake{"OSIM-015", "<method>hybrid", "<method>magic", "<PathWrap name"},
                    Mistake{"OSIM-020", "<ForceSet name=\"forceset\">",
                            "<ForceSet name=\"forceset\"/>\n<MarkerSet file=\"m.xml\"/>"
                            "<ForceSet>",
                            "<MarkerSet"},
                    Mistake{"OSIM-022", "<Body name=\"thigh\">", "<Body><mass>1</mass></Body><Body name=\"thigh\">",
                            "<Body><mass>1"},
                    Mistake{"OSIM-026", "<range>-1 2</range>", "<range>2 -1</range>", "<range>2"},
                    Mistake{"XML-003", "</Model>\n</OpenSimDocument>\n", "</Model>\n", "</Model>"},
                    Mistake{"XML-010", "<mass>8", "<mass>eight", "<mass>eight"},
                    Mistake{"XML-010", "<max_isometric_force>500", "<max_isometric_force>", "<max_isometric_force>"},
                    Mistake{"XML-011", "<location>0.1 0 0", "<location>0.1 NaN 0", "NaN"},
                    Mistake{"XML-011", "<mass>8", "<mass>Inf", "<mass>Inf"},
                    Mistake{"XML-012", "<location>0.1 0 0", "<location>0.1 0", "<location>0.1 0<"},
                    Mistake{"XML-012", "0.001 0.002 0.003</inertia>", "</inertia>", "</inertia>"}),
    [](const auto& parameter) {
      return std::string(parameter.param.id).replace(std::string(parameter.param.id).find('-'), 1, "_") + "_" +
             std::to_string(parameter.index);
    });

TEST(OsimReader, refuses_other_root_elements) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim("<!-- a model -->\n<mujoco Version=\"40000\"/>", "leg.xml", diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, "OSIM-001");
  EXPECT_EQ(diagnostics.items()[0].file, "leg.xml");
  EXPECT_EQ(diagnostics.items()[0].line, 2);
}

TEST(OsimReader, refuses_a_muscle_without_path) {
  const std::size_t start = kModel.find("<GeometryPath"), end = kModel.find("</GeometryPath>") + 15;
  std::string text = kModel;
  text.erase(start, end - start);
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim(text, "bad.osim", diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, "OSIM-016");
  EXPECT_EQ(diagnostics.items()[0].line, line_of(text, "<Thelen2003Muscle"));
}

TEST(OsimReader, tells_a_missing_file_a_folder_and_a_document_without_model_apart) {
  Diagnostics diagnostics;
  EXPECT_FALSE(read_osim("/no/such.osim", diagnostics));
  EXPECT_FALSE(read_osim("/", diagnostics));
  EXPECT_FALSE(
      parse_osim("<OpenSimDocument Version=\"40000\">\n<AnalyzeTool/></OpenSimDocument>", "setup.xml", diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 3u);
  EXPECT_EQ(diagnostics.items()[0].id, "XML-001");
  EXPECT_EQ(diagnostics.items()[1].id, "XML-002");
  EXPECT_EQ(diagnostics.items()[2].id, "OSIM-002");
  EXPECT_EQ(diagnostics.items()[2].line, 1);
}

TEST(OsimReader, collects_all_mistakes_of_a_file) {
  std::string text = replaced(kModel, "<mass>8", "<mass>eight");
  text = replaced(text, "<quadrant>-y", "<quadrant>w");
  text = replaced(text, "<range>-1 2", "<range>-1");
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim(text, "bad.osim", diagnostics));
  EXPECT_EQ(diagnostics.items().size(), 3u);
}

TEST(OsimReader, warns_of_versions_newer_than_it_knows_and_reads_on) {
  Diagnostics diagnostics;
  EXPECT_TRUE(parse_osim(replaced(kModel, "\"40000\"", "\"50100\""), "new.osim", diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, "OSIM-004");
  EXPECT_EQ(diagnostics.items()[0].severity, Severity::warning);
}

TEST(OsimReader, refuses_a_bare_frame_name_that_could_mean_two_frames) {
  std::string text =
      replaced(kModel, "<socket_parent_frame>/bodyset/thigh/knee_centre", "<socket_parent_frame>ground_offset_2");
  text = replaced(text, "<Ground name=\"ground\"/>",
                  "<Ground name=\"ground\"><components><PhysicalOffsetFrame name=\"ground_offset_2\">"
                  "<socket_parent>/ground</socket_parent></PhysicalOffsetFrame></components></Ground>");
  text = replaced(text, "<frames>",
                  "<frames><PhysicalOffsetFrame name=\"ground_offset_2\">"
                  "<socket_parent>/ground</socket_parent></PhysicalOffsetFrame>");
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim(text, "bad.osim", diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, "OSIM-008");
  EXPECT_EQ(diagnostics.items()[0].line, line_of(text, "<socket_parent_frame>ground_offset_2") - 1);
}

TEST(OsimReader, hands_unknown_body_names_on_for_compile_to_refuse) {
  const ModelSpec spec = parse(replaced(kModel, "/bodyset/thigh/knee_centre", "/bodyset/shank"));
  EXPECT_EQ(spec.muscles[0].path.points[1].frame.body, "shank");
}

TEST(OsimReader, finds_frames_by_absolute_relative_and_bare_names) {
  for (const char* name : {"/bodyset/thigh/knee_centre", "../../bodyset/thigh/knee_centre", "knee_centre",
                           "thigh/knee_centre", "../knee_centre"}) {
    const ModelSpec spec = parse(replaced(kModel, "/bodyset/thigh/knee_centre", name));
    EXPECT_EQ(spec.muscles[0].path.points[1].frame.body, "thigh") << name;
    expect_vector(spec.muscles[0].path.points[1].frame.X_BF.p, 0, -0.4, 0);
  }
}

TEST(OsimReader, reads_sockets_of_the_versions_before_4_0) {
  std::string text = replaced(kModel, "<socket_child_frame>/bodyset/thigh</socket_child_frame>",
                              "<connectors><Connector_PhysicalFrame_ name=\"child_frame\">"
                              "<connectee_name>thigh</connectee_name></Connector_PhysicalFrame_></connectors>");
  text = replaced(text, "<socket_parent_frame>ground_offset</socket_parent_frame>",
                  "<socket_parent_frame_connectee_name>ground_offset</socket_parent_frame_connectee_name>");
  const ModelSpec spec = parse(text);
  EXPECT_EQ(spec.joints[0].child.body, "thigh");
  EXPECT_EQ(spec.joints[0].parent.body, "ground");
  expect_vector(spec.joints[0].parent.X_BF.p, 0, 1, 0);
}

TEST(OsimReader, takes_missing_properties_from_the_default_object_of_the_type) {
  const ModelSpec spec = parse(replaced(kModel, "<gravity>",
                                        "<defaults><Thelen2003Muscle name=\"default\">"
                                        "<optimal_fiber_length>0.07</optimal_fiber_length>"
                                        "<max_isometric_force>1</max_isometric_force><Flen>1.8</Flen>"
                                        "<min_control>0.02</min_control><appliesForce>false</appliesForce>"
                                        "</Thelen2003Muscle></defaults>\n<gravity>"));
  EXPECT_EQ(spec.muscles[0].optimal_fiber_length, 0.07);
  EXPECT_EQ(spec.muscles[0].max_isometric_force, 500);
  EXPECT_EQ(spec.muscles[0].curves.flen, 1.8);
  EXPECT_EQ(spec.muscles[0].min_control, 0.02);
  EXPECT_FALSE(spec.muscles[0].applies_force);
}

TEST(OsimReader, drops_a_lower_bound_of_zero_from_muscles_before_3_5_13_as_opensim_does) {
  const std::string with_zero =
      replaced(kModel, "<max_isometric_force>", "<min_control>0</min_control><max_isometric_force>");
  EXPECT_EQ(parse(with_zero).muscles[0].min_control, 0);
  EXPECT_EQ(parse(replaced(with_zero, "\"40000\"", "\"30512\"")).muscles[0].min_control, 0.01);
  EXPECT_EQ(parse(replaced(replaced(with_zero, "\"40000\"", "\"30512\""), "control>0<", "control>0.2<"))
                .muscles[0]
                .min_control,
            0.2);
}

TEST(OsimReader, says_that_vmax_of_old_muscles_is_ignored_when_it_matters) {
  Diagnostics diagnostics;
  const std::string text = replaced(kModel, "<max_isometric_force>", "<Vmax>8</Vmax><max_isometric_force>");
  const auto spec = parse_osim(text, "old.osim", diagnostics);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->muscles[0].max_contraction_velocity, 10);
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, "OSIM-021");
  EXPECT_EQ(diagnostics.items()[0].line, line_of(text, "<Vmax>"));
}

TEST(OsimReader, gives_a_body_without_mass_no_inertia) {
  const ModelSpec spec = parse(replaced(kModel, "<mass>8", "<mass>0"));
  EXPECT_EQ(spec.bodies[0].I_BBcm_B.xx, 0);
}

// joints inside bodies, TransformAxis without function, splines by their first names, MuscleViaPoint: version 1.9.1
TEST(OsimReader, reads_the_layout_of_opensim_1_9) {
  const ModelSpec spec = parse(R"(<OpenSimDocument Version="10901"><Model name="old">
<BodySet name=""><objects>
<Body name="ground"><mass>0</mass><Joint/><WrapObjectSet name=""><objects>
<WrapSphere name="ball"><translation> 0 1 0 </translation><radius> 0.1 </radius></WrapSphere></objects></WrapObjectSet></Body>
<Body name="thigh"><mass> 8 </mass><mass_center> 0 -0.2 0 </mass_center>
<inertia_xx> 0.1 </inertia_xx><inertia_yy> 0.2 </inertia_yy><inertia_zz> 0.3 </inertia_zz><inertia_xy> 0.01 </inertia_xy>
<Joint><CustomJoint name="hip">
<parent_body> ground </parent_body><location_in_parent> 0 1 0 </location_in_parent>
<orientation_in_parent> 0 0 0 </orientation_in_parent><location> 0 0.1 0 </location><orientation> 0 0 0 </orientation>
<CoordinateSet name=""><objects>
<Coordinate name="slide"><motion_type> translational </motion_type><default_value> 0.5 </default_value></Coordinate>
<Coordinate name="flexion"><clamped> true </clamped><range> -1 1 </range><default_value> 2 </default_value></Coordinate>
</objects></CoordinateSet>
<SpatialTransform name="">
<TransformAxis name="rotation1"><function/><coordinates> flexion </coordinates><axis> 0 0 1 </axis></TransformAxis>
<TransformAxis name="rotation2"><function/><coordinates> </coordinates><axis> 1 0 0 </axis></TransformAxis>
<TransformAxis name="translation1"><function><natCubicSpline name=""><x> -1 0 1 </x><y> 0.1 0 0.1 </y></natCubicSpline>
</function><coordinates> flexion </coordinates><axis> 1 0 0 </axis></TransformAxis>
<TransformAxis name="translation2"><function><Constant><value> 0.25 </value></Constant></function><axis> 0 1 0 </axis></TransformAxis>
<TransformAxis name="translation3"><function/><coordinates> slide </coordinates><axis> 0 0 1 </axis></TransformAxis>
</SpatialTransform></CustomJoint></Joint></Body>
</objects></BodySet>
<ForceSet name=""><objects>
<Thelen2003Muscle name="m"><MusclePointSet name=""><objects>
<MusclePoint name=""><location> 0 1 0.1 </location><body> ground </body></MusclePoint>
<MuscleViaPoint name=""><location> 0 2 0 </location><body> thigh </body><range> -0.5 0.25 </range><coordinates> flexion </coordinates></MuscleViaPoint>
<MovingMusclePoint name=""><location> 0 0 0.7 </location><body> thigh </body>
<XAttachment><natCubicSpline name=""><x> -1 1 </x><y> 3 4 </y></natCubicSpline></XAttachment><x_coordinate> flexion </x_coordinate>
</MovingMusclePoint></objects></MusclePointSet>
<MuscleWrapSet name=""><objects><MuscleWrap name=""><wrap_object> ball </wrap_object><range> 1 2 </range></MuscleWrap></objects></MuscleWrapSet>
<pennation_angle> 0.2 </pennation_angle><Vmax> 10 </Vmax></Thelen2003Muscle>
<Force name="push"><body_A> ground </body_A><body_B> thigh </body_B><point_B> 1 2 3 </point_B><direction_A> 0 1 0 </direction_A></Force>
<Torque name="twist"><body_A> ground </body_A><body_B> thigh </body_B><direction_A> 0 0 1 </direction_A></Torque>
<GeneralizedForce name="drive"><coordinate> flexion </coordinate><optimal_force> 7 </optimal_force></GeneralizedForce>
</objects></ForceSet></Model></OpenSimDocument>)");
  ASSERT_EQ(spec.bodies.size(), 1u);
  EXPECT_EQ(spec.bodies[0].I_BBcm_B.zz, 0.3);
  EXPECT_EQ(spec.bodies[0].I_BBcm_B.xy, 0.01);
  ASSERT_EQ(spec.joints.size(), 1u);
  const JointSpec& hip = spec.joints[0];
  EXPECT_EQ(hip.parent.body, "ground");
  expect_vector(hip.parent.X_BF.p, 0, 1, 0);
  expect_vector(hip.child.X_BF.p, 0, 0.1, 0);
  ASSERT_EQ(hip.coordinates.size(), 2u);
  EXPECT_EQ(hip.coordinates[0].motion_type, MotionType::translational);
  EXPECT_EQ(hip.coordinates[1].motion_type, MotionType::rotational);
  EXPECT_EQ(hip.coordinates[1].default_value, 1);
  ASSERT_EQ(hip.axes[0].terms.size(), 1u);
  EXPECT_EQ(hip.axes[0].terms[0].function.kind, FunctionKind::linear);
  EXPECT_TRUE(hip.axes[1].terms.empty());
  EXPECT_TRUE(hip.axes[2].terms.empty());
  EXPECT_EQ(hip.axes[3].terms[0].function.kind, FunctionKind::simm_spline);
  EXPECT_EQ(hip.axes[4].terms[0].function.coefficients[0], 0.25);
  EXPECT_EQ(hip.axes[5].terms[0].coordinate, "slide");
  ASSERT_EQ(spec.wrap_objects.size(), 1u);
  EXPECT_EQ(spec.wrap_objects[0].frame.body, "ground");
  const MuscleSpec& muscle = spec.muscles[0];
  EXPECT_EQ(muscle.pennation_at_optimal, 0.2);
  ASSERT_EQ(muscle.path.points.size(), 3u);
  EXPECT_EQ(muscle.path.points[1].kind, PathPointKind::conditional);
  EXPECT_EQ(muscle.path.points[1].coordinate, "flexion");
  EXPECT_EQ(muscle.path.points[1].range_max, 0.25);
  EXPECT_EQ(muscle.path.points[2].kind, PathPointKind::moving);
  EXPECT_EQ(muscle.path.points[2].moving[0].coordinate, "flexion");
  EXPECT_EQ(muscle.path.points[2].moving[2].function.coefficients[0], 0.7);
  EXPECT_EQ(muscle.path.wraps[0].range_first, 1);
  EXPECT_EQ(muscle.path.wraps[0].range_last, 2);
  // Force and Torque act on body_B against direction_A (PointActuator and TorqueActuator, updateFromXMLNode)
  ASSERT_EQ(spec.actuators.size(), 3u);
  EXPECT_EQ(spec.actuators[0].body, "thigh");
  expect_vector(spec.actuators[0].point, 1, 2, 3);
  expect_vector(spec.actuators[0].direction, 0, -1, 0);
  EXPECT_TRUE(spec.actuators[0].direction_is_global);
  EXPECT_EQ(spec.actuators[1].body, "thigh");
  EXPECT_EQ(spec.actuators[1].body_b, "ground");
  expect_vector(spec.actuators[1].direction, 0, 0, -1);
  EXPECT_EQ(spec.actuators[2].coordinate, "flexion");
  EXPECT_EQ(spec.actuators[2].optimal_force, 7);
  EXPECT_EQ(spec.force_order, (std::vector<std::string>{"m", "push", "twist", "drive"}));
}

// the axis of a joint with the given function
std::string custom_joint(const std::string& coordinates, const std::string& function) {
  std::string text = replaced(kModel, "<PinJoint name=\"hip\">", "<CustomJoint name=\"hip\">");
  return replaced(text, "</PinJoint>",
                  "<SpatialTransform><TransformAxis name=\"rotation1\"><coordinates>" + coordinates +
                      "</coordinates><axis>0 0 1</axis>\n" + function +
                      "</TransformAxis></SpatialTransform></CustomJoint>");
}

TEST(OsimReader, reads_every_kind_of_function) {
  const auto function = [](const std::string& text) {
    const ModelSpec spec = parse(custom_joint("flexion", text));
    return spec.joints.at(0).axes[0].terms.at(0).function;
  };
  EXPECT_EQ(function("<Constant name=\"function\"><value>2</value></Constant>").coefficients, std::vector<double>{2});
  EXPECT_EQ(
      function("<LinearFunction name=\"function\"><coefficients>2 3</coefficients></LinearFunction>").coefficients,
      (std::vector<double>{2, 3}));
  EXPECT_EQ(function("<LinearFunction/>").coefficients, (std::vector<double>{1, 0}));
  for (const char* name : {"SimmSpline", "NaturalCubicSpline", "natCubicSpline"}) {
    const FunctionSpec spline =
        function("<function><" + std::string(name) + "><x>0 1 2</x><y>3 4 5</y></" + name + "></function>");
    EXPECT_EQ(spline.kind, FunctionKind::simm_spline) << name;
    EXPECT_EQ(spline.x, (std::vector<double>{0, 1, 2}));
    EXPECT_EQ(spline.y, (std::vector<double>{3, 4, 5}));
  }
  const FunctionSpec gcv = function("<GCVSpline><half_order>2</half_order><x>0 1 2 3</x><y>3 4 5 7</y></GCVSpline>");
  EXPECT_EQ(gcv.kind, FunctionKind::gcv_spline);
  EXPECT_EQ(gcv.degree, 3);
  EXPECT_EQ(function("<PiecewiseLinearFunction><x>0 1</x><y>3 4</y></PiecewiseLinearFunction>").kind,
            FunctionKind::piecewise_linear);
  EXPECT_EQ(function("<PolynomialFunction><coefficients>4 0 1</coefficients></PolynomialFunction>").coefficients,
            (std::vector<double>{4, 0, 1}));
  const FunctionSpec nested = function(
      "<MultiplierFunction><function><MultiplierFunction><function><LinearFunction><coefficients>2 3</coefficients>"
      "</LinearFunction></function><scale>5</scale></MultiplierFunction></function><scale>0.5</scale>"
      "</MultiplierFunction>");
  EXPECT_EQ(nested.kind, FunctionKind::linear);
  EXPECT_EQ(nested.scale, 2.5);
}

// CustomJoint::updateFromXMLNode for versions before 1.9.1: axes say themselves whether they turn or slide
TEST(OsimReader, sorts_the_axes_of_a_transform_axis_set_into_rotations_and_translations) {
  std::string text = replaced(kModel, "<PinJoint name=\"hip\">", "<CustomJoint name=\"hip\">");
  text = replaced(text, "\"40000\"", "\"10900\"");
  text = replaced(text, "</PinJoint>", R"(<TransformAxisSet name=""><objects>
<TransformAxis name="tx"><is_rotation>false</is_rotation><coordinate>slide</coordinate><axis>1 0 0</axis></TransformAxis>
<TransformAxis name="r1"><is_rotation>true</is_rotation><coordinate>flexion</coordinate><axis>0 0 1</axis></TransformAxis>
<TransformAxis name="r2"><is_rotation>true</is_rotation><coordinate>twist</coordinate><axis>0 1 0</axis></TransformAxis>
</objects></TransformAxisSet></CustomJoint>)");
  const JointSpec joint = parse(text).joints.at(0);
  expect_vector(joint.axes[0].direction, 0, 0, 1);
  EXPECT_EQ(joint.axes[0].terms.at(0).coordinate, "flexion");
  expect_vector(joint.axes[1].direction, 0, 1, 0);
  EXPECT_EQ(joint.axes[1].terms.at(0).coordinate, "twist");
  EXPECT_TRUE(joint.axes[2].terms.empty());
  EXPECT_EQ(joint.axes[3].terms.at(0).coordinate, "slide");
}

// OpenSim 4.5 was asked: Coordinate::getMotionType of a model with each of these functions
TEST(OsimReader, classes_the_motion_of_coordinates_as_opensim_does) {
  const auto type_of = [](const std::string& function, const std::string& translation = "") {
    std::string text = custom_joint("flexion", function);
    if (!translation.empty())
      text = replaced(text, "</SpatialTransform>",
                      "<TransformAxis name=\"translation1\"><coordinates>flexion</coordinates>" + translation +
                          "</TransformAxis></SpatialTransform>");
    return parse(text).joints.at(0).coordinates.at(0).motion_type;
  };
  const auto line = [](const std::string& coefficients) {
    return "<LinearFunction name=\"function\"><coefficients>" + coefficients + "</coefficients></LinearFunction>";
  };
  const std::string spline = "<SimmSpline name=\"function\"><x>0 1 2</x><y>0 1 2</y></SimmSpline>";
  EXPECT_EQ(type_of(line("1 0")), MotionType::rotational);
  EXPECT_EQ(type_of(line("1 0.3")), MotionType::rotational);
  EXPECT_EQ(type_of(line("-1 0")), MotionType::rotational);
  EXPECT_EQ(type_of(line("2 0")), MotionType::coupled);
  EXPECT_EQ(type_of(spline), MotionType::coupled);
  EXPECT_EQ(type_of("<MultiplierFunction name=\"function\"><function>" + line("1 0") +
                    "</function><scale>1</scale></MultiplierFunction>"),
            MotionType::coupled);
  EXPECT_EQ(type_of(line("1 0"), spline), MotionType::rotational);
  EXPECT_EQ(type_of(line("1 0"), line("1 0")), MotionType::translational);
  EXPECT_EQ(type_of(spline, line("-1 0")), MotionType::translational);
  EXPECT_EQ(type_of(spline, line("2 0")), MotionType::coupled);
}

// and for the names of joints without one
TEST(OsimReader, names_unnamed_joints_as_opensim_does) {
  std::string text = R"(<OpenSimDocument Version="30000"><Model name="m"><BodySet><objects>)";
  for (const std::string name : {"a", "b", "c"})
    text += "<Body name=\"" + name +
            "\"><mass>1</mass><Joint><PinJoint name=\"\"><parent_body>ground</parent_body>"
            "</PinJoint></Joint></Body>";
  const ModelSpec spec = parse(text + "</objects></BodySet></Model></OpenSimDocument>");
  ASSERT_EQ(spec.joints.size(), 3u);
  EXPECT_EQ(spec.joints[0].name, "pinjoint");
  EXPECT_EQ(spec.joints[1].name, "pinjoint_0");
  EXPECT_EQ(spec.joints[2].name, "pinjoint_1");
  EXPECT_EQ(spec.bodies[0].I_BBcm_B.xx, 1);
}

TEST(OsimReader, splits_a_linear_function_of_two_coordinates_into_two_terms) {
  const ModelSpec spec =
      parse(custom_joint("flexion twist", "<LinearFunction><coefficients>2 3 0.5</coefficients></LinearFunction>"));
  const AxisSpec& axis = spec.joints.at(0).axes[0];
  ASSERT_EQ(axis.terms.size(), 2u);
  EXPECT_EQ(axis.terms[0].coordinate, "flexion");
  EXPECT_EQ(axis.terms[0].function.coefficients, (std::vector<double>{2, 0.5}));
  EXPECT_EQ(axis.terms[1].coordinate, "twist");
  EXPECT_EQ(axis.terms[1].function.coefficients, (std::vector<double>{3, 0}));
  // OpenSim makes the coordinate that the joint does not list
  EXPECT_EQ(spec.joints[0].coordinates.size(), 2u);
}

TEST(OsimReader, refuses_functions_that_make_no_sense) {
  const std::pair<const char*, const char*> cases[] = {
      {"OSIM-010", "<Sine><amplitude>1</amplitude></Sine>"},
      {"OSIM-010", "<MultiplierFunction><scale>2</scale></MultiplierFunction>"},
      {"OSIM-010",
       "<GCVSpline><half_order>1</half_order><error_variance>0.1</error_variance><x>0 1</x><y>0 1</y></GCVSpline>"},
      {"OSIM-011", "<SimmSpline><x>0 1 2</x><y>3 4</y></SimmSpline>"},
      {"OSIM-011", "<SimmSpline><x>0</x><y>3</y></SimmSpline>"},
      {"OSIM-011", "<GCVSpline><half_order>3</half_order><x>0 1 2</x><y>0 1 2</y></GCVSpline>"},
      {"OSIM-013", "<LinearFunction><coefficients>1 2 3</coefficients></LinearFunction>"},
      {"OSIM-013", "<PolynomialFunction><coefficients/></PolynomialFunction>"},
      {"OSIM-013", "<GCVSpline><x>0 1 2</x><y>0 1 2</y></GCVSpline>"},
      {"OSIM-013", "<GCVSpline><half_order>9</half_order><x>0 1 2</x><y>0 1 2</y></GCVSpline>"},
      {"XML-010", "<SimmSpline><x>0 1 two</x><y>3 4 5</y></SimmSpline>"},
  };
  for (const auto& [id, function] : cases) {
    const std::string text = custom_joint("flexion", function);
    Diagnostics diagnostics;
    EXPECT_FALSE(parse_osim(text, "bad.osim", diagnostics)) << function;
    ASSERT_EQ(diagnostics.items().size(), 1u) << function;
    EXPECT_EQ(diagnostics.items()[0].id, id) << diagnostics.items()[0].message;
    EXPECT_EQ(diagnostics.items()[0].line, line_of(text, function)) << function;
  }
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim(custom_joint("", "<SimmSpline><x>0 1</x><y>3 4</y></SimmSpline>"), "bad.osim", diagnostics));
  EXPECT_EQ(diagnostics.items().at(0).id, "OSIM-012");
}

TEST(OsimReader, refuses_a_seventh_axis) {
  const std::string text = replaced(custom_joint("flexion", ""), "</SpatialTransform>",
                                    "<TransformAxis/><TransformAxis/><TransformAxis/><TransformAxis/><TransformAxis/>"
                                    "\n<TransformAxis name=\"seventh\"/></SpatialTransform>");
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim(text, "bad.osim", diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, "OSIM-025");
  EXPECT_EQ(diagnostics.items()[0].line, line_of(text, "seventh"));
}

TEST(OsimReader, names_the_coordinates_that_a_joint_leaves_out_as_opensim_does) {
  std::string text = replaced(kModel, "<PinJoint", "<FreeJoint");
  text = replaced(text, "</PinJoint>", "</FreeJoint>");
  const JointSpec joint = parse(text).joints.at(0);
  ASSERT_EQ(joint.coordinates.size(), 6u);
  EXPECT_EQ(joint.coordinates[0].name, "flexion");
  EXPECT_EQ(joint.coordinates[1].name, "hip_coord_1");
  EXPECT_EQ(joint.coordinates[5].name, "hip_coord_5");
  EXPECT_EQ(joint.coordinates[2].motion_type, MotionType::rotational);
  EXPECT_EQ(joint.coordinates[3].motion_type, MotionType::translational);
}

TEST(OsimReader, reads_prescribed_motion_only_with_its_function) {
  const std::string function = "<prescribed_function><Constant><value>0.5</value></Constant></prescribed_function>";
  const ModelSpec with = parse(replaced(kModel, "<range>-1 2</range>", "<prescribed>true</prescribed>" + function));
  EXPECT_TRUE(with.joints[0].coordinates[0].prescribed);
  EXPECT_EQ(with.joints[0].coordinates[0].prescribed_function.coefficients, std::vector<double>{0.5});
  const ModelSpec without =
      parse(replaced(kModel, "<range>-1 2</range>", "<prescribed>true</prescribed><prescribed_function/>"));
  EXPECT_FALSE(without.joints[0].coordinates[0].prescribed);
}

TEST(OsimReader, reads_couplers_and_sets_other_enforced_constraints_aside) {
  const ModelSpec spec = parse(replaced(kModel, "</Model>", R"(<ConstraintSet><objects>
<CoordinateCouplerConstraint name="c1"><isEnforced>false</isEnforced><coupled_coordinates_function><LinearFunction>
<coefficients>2 1</coefficients></LinearFunction></coupled_coordinates_function>
<independent_coordinate_names>flexion</independent_coordinate_names><dependent_coordinate_name>patella</dependent_coordinate_name>
<scale_factor>3</scale_factor></CoordinateCouplerConstraint>
<WeldConstraint name="w1"><isEnforced>true</isEnforced></WeldConstraint>
<PointConstraint name="p1"><isEnforced>false</isEnforced></PointConstraint>
<CoordinateCouplerConstraint name="c2"><independent_coordinate_names>a b</independent_coordinate_names></CoordinateCouplerConstraint>
</objects></ConstraintSet></Model>)"));
  ASSERT_EQ(spec.couplers.size(), 1u);
  EXPECT_FALSE(spec.couplers[0].enforced);
  EXPECT_EQ(spec.couplers[0].dependent, "patella");
  EXPECT_EQ(spec.couplers[0].independent, "flexion");
  EXPECT_EQ(spec.couplers[0].function.scale, 3);
  ASSERT_EQ(spec.unsupported.size(), 2u);
  EXPECT_EQ(spec.unsupported[0].type, "WeldConstraint");
  EXPECT_EQ(spec.unsupported[0].name, "w1");
  EXPECT_EQ(spec.unsupported[1].name, "c2");
  for (const UnsupportedSpec& u : spec.unsupported) EXPECT_EQ(u.kind, UnsupportedKind::constraint);
}

TEST(OsimReader, sets_unknown_forces_aside_unless_they_are_switched_off) {
  const ModelSpec spec = parse_with_forces(
      "<ElasticFoundationForce name=\"contact\"/>\n<ExponentialContactForce "
      "name=\"off\"><appliesForce>false</appliesForce>"
      "</ExponentialContactForce><Delp1990Muscle_Deprecated name=\"old\"/>");
  ASSERT_EQ(spec.unsupported.size(), 2u);
  EXPECT_EQ(spec.unsupported[0].type, "ElasticFoundationForce");
  EXPECT_EQ(spec.unsupported[0].kind, UnsupportedKind::force);
  EXPECT_FALSE(spec.unsupported[0].reason.empty());
  EXPECT_EQ(spec.unsupported[0].at.line, line_of(kModel, "<Thelen2003Muscle"));
  EXPECT_TRUE(spec.unsupported[0].is_force);
  EXPECT_EQ(spec.unsupported[1].name, "old");
  EXPECT_TRUE(spec.force_order.empty());
}

TEST(OsimReader, reads_actuators_of_opensim_4) {
  const ModelSpec spec = parse_with_forces(R"(
<CoordinateActuator name="a"><coordinate>flexion</coordinate><optimal_force>50</optimal_force><min_control>-Inf</min_control></CoordinateActuator>
<ActivationCoordinateActuator name="b"><coordinate>flexion</coordinate><max_control>1</max_control></ActivationCoordinateActuator>
<PointActuator name="c"><body>thigh</body><point>1 2 3</point><point_is_global>true</point_is_global><direction>0 1 0</direction><force_is_global>false</force_is_global></PointActuator>
<TorqueActuator name="d"><bodyA>thigh</bodyA><bodyB>ground</bodyB><torque_is_global>false</torque_is_global></TorqueActuator>
<PathActuator name="e"><GeometryPath><PathPointSet><objects><PathPoint><socket_parent_frame>/ground</socket_parent_frame></PathPoint></objects></PathPointSet></GeometryPath><optimal_force>9</optimal_force></PathActuator>)");
  ASSERT_EQ(spec.actuators.size(), 5u);
  EXPECT_EQ(spec.actuators[0].optimal_force, 50);
  EXPECT_EQ(spec.actuators[0].min_control, -kInfinity);
  EXPECT_EQ(spec.actuators[1].kind, ActuatorKind::coordinate);
  EXPECT_EQ(spec.actuators[1].max_control, 1);
  EXPECT_TRUE(spec.actuators[2].point_is_global);
  EXPECT_FALSE(spec.actuators[2].direction_is_global);
  expect_vector(spec.actuators[3].direction, 0, 0, 1);
  EXPECT_FALSE(spec.actuators[3].direction_is_global);
  EXPECT_EQ(spec.actuators[4].path.points.size(), 1u);
  EXPECT_EQ(spec.actuators[4].optimal_force, 9);
}

// CoordinateLimitForce::connectToModel: degrees and per degree for rotations
TEST(OsimReader, converts_limit_forces_from_degrees) {
  const std::string force =
      "<CoordinateLimitForce name=\"limit\"><coordinate>flexion</coordinate><upper_limit>90</upper_limit>"
      "<lower_limit>-10</lower_limit><upper_stiffness>2</upper_stiffness><lower_stiffness>3</lower_stiffness>"
      "<damping>0.5</damping><transition>5</transition></CoordinateLimitForce>";
  const PassiveForceSpec limit = parse_with_forces(force).passive_forces.at(0);
  const double degree = std::numbers::pi / 180;
  EXPECT_DOUBLE_EQ(limit.upper_limit, std::numbers::pi / 2);
  EXPECT_DOUBLE_EQ(limit.lower_limit, -10 * degree);
  EXPECT_DOUBLE_EQ(limit.upper_stiffness, 2 / degree);
  EXPECT_DOUBLE_EQ(limit.lower_stiffness, 3 / degree);
  EXPECT_DOUBLE_EQ(limit.damping, 0.5 / degree);
  EXPECT_DOUBLE_EQ(limit.transition, 5 * degree);

  Diagnostics diagnostics;
  const std::string bad = replaced(kModel, "<Thelen2003Muscle name=\"flexor\">",
                                   replaced(force, "flexion", "extension") + "\n<Thelen2003Muscle name=\"flexor\">");
  EXPECT_FALSE(parse_osim(bad, "bad.osim", diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, "OSIM-018");
  EXPECT_EQ(diagnostics.items()[0].line, line_of(bad, "<CoordinateLimitForce"));
}

TEST(OsimReader, reads_passive_forces_of_all_layouts) {
  const ModelSpec spec = parse_with_forces(R"(
<BushingForce name="old"><body_1>ground</body_1><body_2>thigh</body_2><location_body_1>1 2 3</location_body_1>
<orientation_body_1>0 0 1.5707963267948966</orientation_body_1><rotational_stiffness>1 2 3</rotational_stiffness><translational_damping>4 5 6</translational_damping></BushingForce>
<BushingForce name="new"><socket_frame1>f1</socket_frame1><socket_frame2>/bodyset/thigh</socket_frame2><frames>
<PhysicalOffsetFrame name="f1"><socket_parent>/bodyset/thigh/knee_centre</socket_parent><translation>0.1 0 0</translation></PhysicalOffsetFrame></frames></BushingForce>
<ExpressionBasedBushingForce name="expression"><socket_frame1>/ground</socket_frame1><socket_frame2>/bodyset/thigh</socket_frame2><Mx_expression>2*theta_x</Mx_expression></ExpressionBasedBushingForce>
<SpringGeneralizedForce name="spring"><coordinate>flexion</coordinate><stiffness>7</stiffness><rest_length>0.5</rest_length><viscosity>0.2</viscosity></SpringGeneralizedForce>
<PointToPointSpring name="points"><socket_body1>/ground</socket_body1><socket_body2>/bodyset/thigh</socket_body2><point2>0 1 0</point2><stiffness>100</stiffness></PointToPointSpring>
<ExpressionBasedCoordinateForce name="formula"><coordinate>flexion</coordinate><expression>-2*q-qdot</expression></ExpressionBasedCoordinateForce>
<Ligament name="ligament"><appliesForce>false</appliesForce><GeometryPath><PathPointSet><objects><PathPoint><socket_parent_frame>/ground</socket_parent_frame></PathPoint></objects></PathPointSet></GeometryPath>
<resting_length>0.1</resting_length><pcsa_force>300</pcsa_force></Ligament>)");
  ASSERT_EQ(spec.passive_forces.size(), 7u);
  const auto& forces = spec.passive_forces;
  EXPECT_EQ(forces[0].frame1.body, "ground");
  expect_vector(forces[0].frame1.X_BF.p, 1, 2, 3);
  EXPECT_NEAR(forces[0].frame1.X_BF.R.m[1][0], 1, 1e-15);
  expect_vector(forces[0].rotational_stiffness, 1, 2, 3);
  expect_vector(forces[0].translational_damping, 4, 5, 6);
  // 0.1 along the turned x axis of the frame below
  EXPECT_EQ(forces[1].frame1.body, "thigh");
  expect_vector(forces[1].frame1.X_BF.p, 0, -0.3, 0);
  EXPECT_EQ(forces[2].kind, PassiveForceKind::expression_bushing);
  EXPECT_EQ(forces[2].expressions[0], "2*theta_x");
  EXPECT_EQ(forces[2].expressions[5], "0.0");
  EXPECT_EQ(forces[3].kind, PassiveForceKind::coordinate_spring);
  EXPECT_EQ(forces[3].rest_length, 0.5);
  EXPECT_EQ(forces[4].frame2.body, "thigh");
  EXPECT_EQ(forces[4].stiffness, 100);
  EXPECT_EQ(forces[5].expressions[0], "-2*q-qdot");
  EXPECT_EQ(forces[6].kind, PassiveForceKind::ligament);
  EXPECT_FALSE(forces[6].applies_force);
  EXPECT_EQ(forces[6].force_length.x.size(), 13u);
}

TEST(OsimReader, reads_contact_of_all_layouts) {
  std::string text = replaced(kModel, "</Model>", R"(<ContactGeometrySet><objects>
<ContactHalfSpace name="floor"><body_name> ground </body_name><location>0 0.5 0</location></ContactHalfSpace>
<ContactSphere name="heel"><socket_frame>/bodyset/thigh/knee_centre</socket_frame><location>0.1 0 0</location><radius>0.03</radius></ContactSphere>
<ContactEllipsoid name="egg"><socket_frame>/bodyset/thigh</socket_frame><radii>1 2 3</radii></ContactEllipsoid>
<ContactMesh name="mesh"><socket_frame>/bodyset/thigh</socket_frame><filename>a.obj</filename></ContactMesh>
</objects></ContactGeometrySet></Model>)");
  text = replaced(text, "<Thelen2003Muscle name=\"flexor\">",
                  R"(<HuntCrossleyForce name="old"><isDisabled>false</isDisabled>
<HuntCrossleyForce::ContactParametersSet name=""><objects><HuntCrossleyForce::ContactParameters name="">
<geometry> heel floor </geometry><stiffness>10</stiffness><dissipation>1</dissipation><static_friction>2</static_friction>
<dynamic_friction>3</dynamic_friction><viscous_friction>4</viscous_friction></HuntCrossleyForce::ContactParameters>
<HuntCrossleyForce::ContactParameters><geometry>egg</geometry></HuntCrossleyForce::ContactParameters></objects>
</HuntCrossleyForce::ContactParametersSet><transition_velocity>0.1</transition_velocity></HuntCrossleyForce>
<HuntCrossleyForce name="empty"/>
<SmoothSphereHalfSpaceForce name="smooth"><socket_sphere>/contactgeometryset/heel</socket_sphere>
<socket_half_space>/contactgeometryset/floor</socket_half_space><hertz_smoothing>200</hertz_smoothing></SmoothSphereHalfSpaceForce>
<Thelen2003Muscle name="flexor">)");
  const ModelSpec spec = parse(text);
  ASSERT_EQ(spec.contact_geometries.size(), 4u);
  EXPECT_EQ(spec.contact_geometries[0].shape, ContactShape::half_space);
  EXPECT_EQ(spec.contact_geometries[0].frame.body, "ground");
  expect_vector(spec.contact_geometries[0].frame.X_BF.p, 0, 0.5, 0);
  EXPECT_EQ(spec.contact_geometries[1].frame.body, "thigh");
  expect_vector(spec.contact_geometries[1].radii, 0.03, 0.03, 0.03);
  expect_vector(spec.contact_geometries[2].radii, 1, 2, 3);
  EXPECT_EQ(spec.contact_geometries[3].shape, ContactShape::other);
  ASSERT_EQ(spec.passive_forces.size(), 3u);
  const PassiveForceSpec& old = spec.passive_forces[0];
  ASSERT_EQ(old.surfaces.size(), 3u);
  EXPECT_EQ(old.surfaces[0].geometry, "heel");
  EXPECT_EQ(old.surfaces[1].geometry, "floor");
  EXPECT_EQ(old.surfaces[1].viscous_friction, 4);
  EXPECT_EQ(old.surfaces[2].stiffness, 0);
  EXPECT_EQ(old.transition_velocity, 0.1);
  EXPECT_TRUE(spec.passive_forces[1].surfaces.empty());
  const PassiveForceSpec& smooth = spec.passive_forces[2];
  EXPECT_EQ(smooth.kind, PassiveForceKind::smooth_sphere_half_space);
  EXPECT_EQ(smooth.surfaces.at(0).geometry, "heel");
  EXPECT_EQ(smooth.surfaces.at(0).stiffness, 1);
  EXPECT_EQ(smooth.surfaces.at(1).geometry, "floor");
  EXPECT_EQ(smooth.hertz_smoothing, 200);
  EXPECT_EQ(smooth.hunt_crossley_smoothing, 50);
}

TEST(OsimReader, knows_which_forces_give_nothing_without_a_control) {
  const ModelSpec spec = parse_with_forces(
      "<RigidTendonMuscle name=\"a\"/><BodyActuator name=\"b\"/><ClutchedPathSpring name=\"c\"/>"
      "<Delp1990Muscle_Deprecated name=\"d\"/><PrescribedForce name=\"e\"/><RocketForce name=\"f\"/>");
  ASSERT_EQ(spec.unsupported.size(), 6u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(spec.unsupported[i].kind, UnsupportedKind::controlled_force) << i;
  for (std::size_t i = 4; i < 6; ++i) EXPECT_EQ(spec.unsupported[i].kind, UnsupportedKind::force) << i;
}

TEST(OsimReader, reads_the_curves_of_each_muscle) {
  const std::string path = "<GeometryPath name=\"path\"><PathPointSet><objects/></PathPointSet></GeometryPath>";
  const ModelSpec spec = parse_with_forces(
      "<Millard2012EquilibriumMuscle name=\"a\">" + path +
      "<ActiveForceLengthCurve><minimum_value>0</minimum_value></ActiveForceLengthCurve>"
      "<ForceVelocityCurve><isometric_slope>4</isometric_slope></ForceVelocityCurve>"
      "<FiberForceLengthCurve><strain_at_one_norm_force>0.5</strain_at_one_norm_force><curviness>NaN</curviness>"
      "<stiffness_at_low_force>0.3</stiffness_at_low_force></FiberForceLengthCurve></Millard2012EquilibriumMuscle>"
      "<Millard2012AccelerationMuscle name=\"b\">" +
      path +
      "</Millard2012AccelerationMuscle>"
      "<DeGrooteFregly2016Muscle name=\"c\">" +
      path +
      "<ignore_passive_fiber_force>true</ignore_passive_fiber_force>"
      "<active_force_width_scale>1.5</active_force_width_scale></DeGrooteFregly2016Muscle>"
      "<Schutte1993Muscle_Deprecated name=\"d\">" +
      path +
      "<active_force_length_curve><SimmSpline><x>0 1</x><y>2 3</y>"
      "</SimmSpline></active_force_length_curve></Schutte1993Muscle_Deprecated>");
  ASSERT_EQ(spec.muscles.size(), 4u);
  EXPECT_EQ(spec.muscles[0].curves.minimum_value, 0);
  EXPECT_EQ(spec.muscles[0].curves.isometric_slope, 4);
  EXPECT_EQ(spec.muscles[0].curves.strain_at_one_norm_force, 0.5);
  EXPECT_TRUE(std::isnan(spec.muscles[0].curves.curviness));
  EXPECT_EQ(spec.muscles[0].curves.stiffness_at_low_force, 0.3);
  EXPECT_EQ(spec.muscles[1].kind, MuscleKind::millard2012_acceleration);
  EXPECT_EQ(spec.muscles[1].min_control, 0);
  EXPECT_TRUE(spec.muscles[2].curves.ignore_passive_fiber_force);
  EXPECT_EQ(spec.muscles[2].curves.active_force_width_scale, 1.5);
  EXPECT_EQ(spec.muscles[3].curves.active_y, (std::vector<double>{2, 3}));
}

const std::string kPolynomialPath =
    "<FunctionBasedPath name=\"/forceset/flexor\"><coordinate_paths>/jointset/hip/flexion</coordinate_paths>"
    "<length_function><MultivariatePolynomialFunction><coefficients>0.3 0.1 0.01</coefficients><dimension>1</dimension>"
    "<order>2</order></MultivariatePolynomialFunction></length_function></FunctionBasedPath>";

TEST(OsimReader, reads_polynomial_paths_in_a_muscle_and_in_a_set_of_their_own) {
  const std::size_t start = kModel.find("<GeometryPath"), end = kModel.find("</GeometryPath>") + 15;
  std::string text = kModel;
  text.replace(start, end - start, "<path>" + kPolynomialPath + "</path>");
  for (ModelSpec spec : {parse(text), parse(kModel)}) {
    Diagnostics diagnostics;
    EXPECT_TRUE(parse_path_set("<OpenSimDocument Version=\"40600\"><Set_FunctionBasedPath_><objects>" +
                                   kPolynomialPath + "</objects></Set_FunctionBasedPath_></OpenSimDocument>",
                               "paths.xml", spec, diagnostics));
    const PathSpec& path = spec.muscles.at(0).path;
    EXPECT_TRUE(path.is_polynomial);
    EXPECT_TRUE(path.points.empty());
    EXPECT_EQ(path.polynomial.coordinates, std::vector<std::string>{"flexion"});
    EXPECT_EQ(path.polynomial.order, 2);
    EXPECT_EQ(path.polynomial.coefficients, (std::vector<double>{0.3, 0.1, 0.01}));
  }
}

TEST(OsimReader, refuses_path_sets_that_do_not_fit_and_leaves_the_model_alone) {
  const auto refuse = [](const std::string& path, const char* id) {
    ModelSpec spec = parse(kModel);
    Diagnostics diagnostics;
    EXPECT_FALSE(parse_path_set("<OpenSimDocument Version=\"40600\"><Set_FunctionBasedPath_><objects>\n" + path +
                                    "</objects></Set_FunctionBasedPath_></OpenSimDocument>",
                                "paths.xml", spec, diagnostics));
    ASSERT_EQ(diagnostics.items().size(), 1u);
    EXPECT_EQ(diagnostics.items()[0].id, id);
    EXPECT_EQ(diagnostics.items()[0].line, 2);
    EXPECT_FALSE(spec.muscles[0].path.is_polynomial);
  };
  refuse(replaced(kPolynomialPath, "flexor", "extensor"), "OSIM-019");
  refuse(replaced(kPolynomialPath, "0.3 0.1 0.01", "0.3 0.1"), "OSIM-023");
  refuse(replaced(kPolynomialPath, "<dimension>1", "<dimension>2"), "OSIM-023");
  refuse(replaced(kPolynomialPath, "<order>2", "<order>1000000000"), "OSIM-023");
}

TEST(OsimReader, adds_or_replaces_forces_and_leaves_the_model_alone_on_error) {
  const std::string set =
      "<OpenSimDocument Version=\"40000\"><ForceSet><defaults><CoordinateActuator name=\"default\">"
      "<optimal_force>30</optimal_force></CoordinateActuator></defaults><objects><CoordinateActuator name=\"reserve\">"
      "<coordinate>flexion</coordinate></CoordinateActuator></objects></ForceSet></OpenSimDocument>";
  ModelSpec spec = parse(kModel);
  Diagnostics diagnostics;
  EXPECT_TRUE(parse_force_set(set, "f.xml", false, spec, diagnostics));
  EXPECT_EQ(spec.force_order, (std::vector<std::string>{"flexor", "reserve"}));
  EXPECT_EQ(spec.actuators.at(0).optimal_force, 30);
  EXPECT_FALSE(parse_force_set(replaced(set, ">30<", ">thirty<"), "f.xml", true, spec, diagnostics));
  EXPECT_EQ(diagnostics.items().at(0).id, "XML-010");
  EXPECT_EQ(spec.muscles.size(), 1u);
  EXPECT_TRUE(parse_force_set(set, "f.xml", true, spec, diagnostics));
  EXPECT_TRUE(spec.muscles.empty());
  EXPECT_EQ(spec.force_order, std::vector<std::string>{"reserve"});
  EXPECT_FALSE(parse_force_set("<OpenSimDocument Version=\"40000\"/>", "f.xml", true, spec, diagnostics));
  EXPECT_EQ(diagnostics.items().back().id, "OSIM-002");
}

TEST(OsimReader, resolves_station_defined_frames) {
  // a at the origin, b along y, c along z: x' = y, y' = x' x (c - a) = x, z' = x' x y' = -z
  const std::string stations =
      "<Station name=\"a\"><socket_parent_frame>/bodyset/thigh</socket_parent_frame></Station>"
      "<Station name=\"b\"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>0 2 "
      "0</location></Station>"
      "<Station name=\"c\"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>0 0 "
      "3</location></Station>"
      "\n<StationDefinedFrame name=\"f\"><socket_point_a>/a</socket_point_a><socket_point_b>/b</socket_point_b>"
      "<socket_point_c>/c</socket_point_c><socket_origin_point>/b</socket_origin_point></StationDefinedFrame>";
  const std::string text = replaced(replaced(kModel, "<gravity>", "<components>" + stations + "</components><gravity>"),
                                    "/bodyset/thigh/knee_centre", "/f");
  const FrameSpec frame = parse(text).muscles.at(0).path.points.at(1).frame;
  EXPECT_EQ(frame.body, "thigh");
  expect_vector(frame.X_BF.p, 0, 2, 0);
  expect_vector(frame.X_BF.R.column(0), 0, 1, 0);
  expect_vector(frame.X_BF.R.column(1), 1, 0, 0);
  expect_vector(frame.X_BF.R.column(2), 0, 0, -1);

  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim(replaced(text, "<location>0 0 3", "<location>0 5 0"), "bad.osim", diagnostics));
  EXPECT_EQ(diagnostics.items().at(0).id, "OSIM-027");
  EXPECT_EQ(diagnostics.items().at(0).line, line_of(text, "<StationDefinedFrame"));
  Diagnostics missing;
  EXPECT_FALSE(parse_osim(replaced(text, "<socket_point_c>/c", "<socket_point_c>/none"), "bad.osim", missing));
  EXPECT_EQ(missing.items().at(0).id, "OSIM-008");
}

TEST(OsimReader, leaves_out_what_cannot_change_an_inverse_analysis) {
  const ModelSpec spec = parse(
      replaced(kModel, "</Model>", R"(<ControllerSet><objects><PrescribedController name="x"/></objects></ControllerSet>
<ProbeSet><objects><JointInternalPowerProbe name="p"/></objects></ProbeSet>
<ContactGeometrySet><objects><ContactSphere name="s"/></objects></ContactGeometrySet>
<components><TableReporter__double_ name="r"/><IMU name="i"/><ContactHalfSpace name="h"/></components></Model>)"));
  EXPECT_TRUE(spec.unsupported.empty());
}

TEST(OsimReader, survives_a_long_chain_of_offset_frames) {
  std::string frames;
  for (int i = 0; i < 5000; ++i)
    frames += "<PhysicalOffsetFrame name=\"f" + std::to_string(i) + "\"><socket_parent>/f" + std::to_string(i + 1) +
              "</socket_parent></PhysicalOffsetFrame>";
  const std::string text = replaced(replaced(kModel, "<gravity>", "<components>" + frames + "</components><gravity>"),
                                    "/bodyset/thigh/knee_centre", "/f0");
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim(text, "bad.osim", diagnostics));
  EXPECT_EQ(diagnostics.items().at(0).id, "OSIM-009");
}

}  // namespace
}  // namespace buttress
