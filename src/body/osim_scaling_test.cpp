#include "body/osim_scaling.h"

#include <gtest/gtest.h>

#include <cmath>

#include "io/osim_reader.h"

namespace buttress {
namespace {

// One model with every element that has a size, scaled by unequal factors; what must come of it is worked out by hand.
// Whole models against OpenSim stand in tests/golden/scale_tool_test.cpp.

const std::string kModel = R"(<OpenSimDocument Version="40000"><Model name="leg"><BodySet><objects>
<Body name="thigh"><mass>8</mass><mass_center>0 -0.2 0.01</mass_center><inertia>0.1 0.02 0.12 0.001 0 0</inertia>
<WrapObjectSet><objects>
<WrapCylinder name="c"><xyz_body_rotation>0 1.5707963267948966 0</xyz_body_rotation><translation>0.1 0.2 0.3</translation>
<radius>0.02</radius><length>0.1</length></WrapCylinder>
<WrapEllipsoid name="e"><xyz_body_rotation>0 0 0</xyz_body_rotation><translation>0 0 0</translation>
<dimensions>0.1 0.2 0.3</dimensions></WrapEllipsoid>
</objects></WrapObjectSet></Body>
<Body name="shank"><mass>4</mass><mass_center>0 -0.2 0</mass_center><inertia>0.05 0.005 0.05 0 0 0</inertia></Body>
</objects></BodySet><JointSet><objects>
<PinJoint name="hip"><socket_parent_frame>/ground</socket_parent_frame><socket_child_frame>/bodyset/thigh</socket_child_frame>
<coordinates><Coordinate name="hip_flexion"/></coordinates></PinJoint>
<CustomJoint name="knee"><socket_parent_frame>offset</socket_parent_frame><socket_child_frame>shank_offset</socket_child_frame>
<coordinates><Coordinate name="knee_angle"/><Coordinate name="knee_tx"/></coordinates>
<frames><PhysicalOffsetFrame name="offset"><socket_parent>/bodyset/thigh</socket_parent><translation>0.01 -0.4 0.02</translation>
<orientation>0 0 0</orientation></PhysicalOffsetFrame>
<PhysicalOffsetFrame name="shank_offset"><socket_parent>/bodyset/shank</socket_parent><translation>0.1 0.1 0.1</translation>
<orientation>0 0 0</orientation></PhysicalOffsetFrame></frames>
<SpatialTransform>
<TransformAxis name="rotation1"><coordinates>knee_angle</coordinates><axis>0 0 1</axis><LinearFunction name="function">
<coefficients>1 0</coefficients></LinearFunction></TransformAxis>
<TransformAxis name="rotation2"><axis>0 1 0</axis><Constant name="function"><value>0</value></Constant></TransformAxis>
<TransformAxis name="rotation3"><axis>1 0 0</axis><Constant name="function"><value>0</value></Constant></TransformAxis>
<TransformAxis name="translation1"><coordinates>knee_tx</coordinates><axis>1 0 0</axis><LinearFunction name="function">
<coefficients>1 0</coefficients></LinearFunction></TransformAxis>
<TransformAxis name="translation2"><coordinates>knee_angle</coordinates><axis>0 1 0</axis><LinearFunction name="function">
<coefficients>0.01 -0.02</coefficients></LinearFunction></TransformAxis>
<TransformAxis name="translation3"><axis>0 0 1</axis><Constant name="function"><value>0.05</value></Constant></TransformAxis>
</SpatialTransform></CustomJoint>
</objects></JointSet><ForceSet><objects>
<Millard2012EquilibriumMuscle name="m"><GeometryPath><PathPointSet><objects>
<PathPoint name="p1"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>1 1 1</location></PathPoint>
<PathPoint name="p2"><socket_parent_frame>/jointset/knee/shank_offset</socket_parent_frame><location>1 1 1</location></PathPoint>
</objects></PathPointSet></GeometryPath><max_isometric_force>100</max_isometric_force>
<optimal_fiber_length>0.1</optimal_fiber_length><tendon_slack_length>0.2</tendon_slack_length></Millard2012EquilibriumMuscle>
</objects></ForceSet>
<MarkerSet><objects><Marker name="M"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>0.1 0.1 0.1</location>
<fixed>false</fixed></Marker><Marker name="F"><socket_parent_frame>/bodyset/thigh</socket_parent_frame>
<location>0.1 0.1 0.1</location><fixed>true</fixed></Marker></objects></MarkerSet>
</Model></OpenSimDocument>)";

XmlDocument make_document(const std::string& text = kModel) {
  Diagnostics diagnostics;
  auto document = parse_xml(text, "leg.osim", diagnostics);
  EXPECT_TRUE(document);
  return std::move(*document);
}

ModelSpec read_spec(const XmlDocument& document) {
  Diagnostics diagnostics;
  const auto spec = parse_osim(format_xml(document), "leg.osim", diagnostics);
  for (const Diagnostic& d : diagnostics.items()) ADD_FAILURE() << format_diagnostic(d);
  return spec ? *spec : ModelSpec{};
}

void expect_vector(const Vec3d& v, double x, double y, double z) {
  EXPECT_NEAR(v.x, x, 1e-12);
  EXPECT_NEAR(v.y, y, 1e-12);
  EXPECT_NEAR(v.z, z, 1e-12);
}

const ScaleFactors kFactors = {{"thigh", {1.1, 1.2, 0.9}}, {"shank", {2, 2, 2}}};

TEST(OsimScaling, every_place_and_size_follows_its_body) {
  XmlDocument document = make_document();
  Diagnostics diagnostics;
  ASSERT_TRUE(check_scalable(document, diagnostics));
  ASSERT_TRUE(scale_geometry(document, kFactors, {"knee_tx"}, false, diagnostics));
  EXPECT_TRUE(diagnostics.items().empty());
  const ModelSpec spec = read_spec(document);
  expect_vector(spec.bodies[0].p_BBcm_B, 0, -0.24, 0.009);
  expect_vector(spec.joints[1].parent.X_BF.p, 0.011, -0.48, 0.018);
  expect_vector(spec.joints[1].child.X_BF.p, 0.2, 0.2, 0.2);
  expect_vector(spec.markers[0].p_F, 0.11, 0.12, 0.09);
  const std::string text = format_xml(document);
  EXPECT_NE(text.find("<location>1.1 1.2 0.9</location>"), std::string::npos);
  EXPECT_NE(text.find("<location>2 2 2</location>"), std::string::npos);
  EXPECT_NE(text.find("<dimensions>0.11000000000000001 0.24 0.27"), std::string::npos);
  // the cylinder lies along the thigh's x; its own x and y are the thigh's -z and y
  const pugi::xml_node cylinder =
      document.root().find_node([](pugi::xml_node node) { return std::string_view(node.name()) == "WrapCylinder"; });
  EXPECT_NEAR(cylinder.child("radius").text().as_double(), 0.02 * 0.5 * (0.9 + 1.2), 1e-12);
  EXPECT_NEAR(cylinder.child("length").text().as_double(), 0.1 * 1.1, 1e-12);
  // a free translation keeps its function; the others are multiplied by the factor along their axis
  int multipliers = 0;
  for (pugi::xml_node axis :
       document.root().select_node("//CustomJoint/SpatialTransform").node().children("TransformAxis")) {
    const pugi::xml_node multiplier = axis.child("MultiplierFunction");
    if (!multiplier) continue;
    ++multipliers;
    const bool is_y = std::string_view(axis.attribute("name").value()) == "translation2";
    EXPECT_NEAR(multiplier.child("scale").text().as_double(), is_y ? 1.2 : 0.9, 1e-12);
  }
  EXPECT_EQ(multipliers, 2);
  // twice is the square
  ASSERT_TRUE(scale_geometry(document, kFactors, {}, false, diagnostics));
  expect_vector(read_spec(document).markers[0].p_F, 0.121, 0.144, 0.081);
}

TEST(OsimScaling, inertia_of_unequal_factors_is_a_cylinders) {
  XmlDocument document = make_document();
  Diagnostics diagnostics;
  ASSERT_TRUE(scale_geometry(document, kFactors, {}, true, diagnostics));
  const ModelSpec spec = read_spec(document);
  const double volume = 1.1 * 1.2 * 0.9;
  EXPECT_NEAR(spec.bodies[0].mass, 8 * volume, 1e-12);
  // 0.5 m r^2 = 0.02 and m (l^2 / 12 + r^2 / 4) = 0.1 for the thigh along y
  const double r2 = 2 * 0.02 / 8, l2 = 12 * (0.1 - 0.25 * 8 * r2) / 8, m = 8 * volume;
  const double new_r2 = r2 * 1.1 * 0.9, new_l2 = l2 * 1.2 * 1.2;
  EXPECT_NEAR(spec.bodies[0].I_BBcm_B.yy, 0.5 * m * new_r2, 1e-12);
  EXPECT_NEAR(spec.bodies[0].I_BBcm_B.xx, m * (new_l2 / 12 + new_r2 / 4), 1e-12);
  EXPECT_NEAR(spec.bodies[0].I_BBcm_B.zz, m * (new_l2 / 12 + new_r2 / 4), 1e-12);
  EXPECT_NEAR(spec.bodies[0].I_BBcm_B.xy, 0.001 * 1.1 * 1.2 * volume, 1e-12);
  // equal factors: length squared times volume
  EXPECT_NEAR(spec.bodies[1].mass, 32, 1e-12);
  EXPECT_NEAR(spec.bodies[1].I_BBcm_B.yy, 0.005 * 32, 1e-12);
  set_total_mass(document, 60);
  const ModelSpec heavy = read_spec(document);
  EXPECT_NEAR(heavy.bodies[0].mass + heavy.bodies[1].mass, 60, 1e-12);
  EXPECT_NEAR(heavy.bodies[1].I_BBcm_B.yy / heavy.bodies[1].mass, 0.005, 1e-12);
}

TEST(OsimScaling, lengths_of_forces_follow_their_paths) {
  std::string text = kModel;
  text.insert(text.find("</objects></ForceSet>"),
              "<Blankevoort1991Ligament name=\"b\"><GeometryPath/><slack_length>0.2</slack_length>"
              "</Blankevoort1991Ligament><PathSpring name=\"s\"><GeometryPath/><resting_length>0.1</resting_length>"
              "<stiffness>1</stiffness><dissipation>0</dissipation></PathSpring>");
  XmlDocument document = make_document(text);
  scale_path_lengths(document, {{"m", 1.5}, {"b", 2}, {"s", 3}, {"other", 9}});
  const ModelSpec spec = read_spec(document);
  EXPECT_NEAR(spec.passive_forces.at(0).resting_length, 0.4, 1e-12);
  EXPECT_NEAR(spec.passive_forces.at(1).resting_length, 0.3, 1e-12);
  EXPECT_NEAR(spec.muscles[0].optimal_fiber_length, 0.15, 1e-12);
  EXPECT_NEAR(spec.muscles[0].tendon_slack_length, 0.3, 1e-12);
}

TEST(OsimScaling, markers_are_merged_kept_and_moved) {
  XmlDocument document = make_document();
  Diagnostics diagnostics;
  const auto set = parse_xml(
      "<OpenSimDocument Version=\"20302\"><MarkerSet><objects>"
      "<Marker name=\"M\"><body> shank </body><location> 1 2 3 </location><fixed> false </fixed></Marker>"
      "<Marker name=\"N\"><body>ground</body><location>0 0 0</location><fixed>true</fixed></Marker>"
      "</objects></MarkerSet></OpenSimDocument>",
      "set.xml", diagnostics);
  ASSERT_TRUE(set && merge_marker_set(document, *set, diagnostics));
  ModelSpec spec = read_spec(document);
  ASSERT_EQ(spec.markers.size(), 3u);
  EXPECT_EQ(spec.markers[1].name, "M");
  EXPECT_EQ(spec.markers[1].frame.body, "shank");
  expect_vector(spec.markers[1].p_F, 1, 2, 3);
  keep_markers(document, {"M", "F"});
  move_marker(document, "M", {4, 5, 6});
  move_marker(document, "F", {4, 5, 6});
  spec = read_spec(document);
  ASSERT_EQ(spec.markers.size(), 2u);
  expect_vector(spec.markers[0].p_F, 0.1, 0.1, 0.1);  // fixed
  expect_vector(spec.markers[1].p_F, 4, 5, 6);
  EXPECT_FALSE(
      merge_marker_set(document, make_document("<OpenSimDocument><MarkerSet/></OpenSimDocument>"), diagnostics));
}

TEST(OsimScaling, what_cannot_be_scaled_is_named) {
  const auto replaced = [](const std::string& old, const std::string& now) {
    std::string text = kModel;
    EXPECT_NE(text.find(old), std::string::npos);
    return text.replace(text.find(old), old.size(), now);
  };
  const auto expect = [](XmlDocument document, const std::string& id, bool good) {
    Diagnostics diagnostics;
    EXPECT_EQ(
        check_scalable(document, diagnostics) && scale_geometry(document, kFactors, {"knee_tx"}, false, diagnostics),
        good)
        << id;
    ASSERT_FALSE(diagnostics.items().empty()) << id;
    EXPECT_EQ(diagnostics.items()[0].id, id);
  };
  expect(make_document(replaced("40000", "30000")), "SCALE-001", false);
  expect(make_document(replaced(">/jointset/knee/shank_offset<", ">moon<")), "SCALE-002", false);
  expect(make_document(replaced("</ForceSet>",
                                "</ForceSet><ContactGeometrySet><objects><ContactSphere name=\"heel\"/>"
                                "</objects></ContactGeometrySet>")),
         "SCALE-003", true);
  const std::string coupler =
      "<ConstraintSet><objects><CoordinateCouplerConstraint name=\"c\"><dependent_coordinate_name>"
      "knee_tx</dependent_coordinate_name></CoordinateCouplerConstraint></objects></ConstraintSet>";
  expect(make_document(replaced("</ForceSet>", "</ForceSet>" + coupler)), "SCALE-009", false);
  // equal factors scale it
  XmlDocument document = make_document(replaced("</ForceSet>", "</ForceSet>" + coupler));
  Diagnostics diagnostics;
  EXPECT_TRUE(scale_geometry(document, {{"thigh", {1.5, 1.5, 1.5}}}, {"knee_tx"}, false, diagnostics));
  EXPECT_NE(format_xml(document).find("<scale_factor>1.5</scale_factor>"), std::string::npos);
}

TEST(OsimScaling, sets_masses_by_name_and_lets_inertias_follow) {
  XmlDocument document = make_document();
  set_body_masses(document, {{"thigh", 12}, {"nobody", 3}});
  Diagnostics diagnostics;
  const auto spec = parse_osim(format_xml(document), "leg.osim", diagnostics);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->bodies[0].mass, 12);
  EXPECT_NEAR(spec->bodies[0].I_BBcm_B.xx, 0.15, 1e-15);
  EXPECT_NEAR(spec->bodies[0].I_BBcm_B.xy, 0.0015, 1e-15);
  EXPECT_EQ(spec->bodies[1].mass, 4);
  EXPECT_EQ(spec->bodies[1].I_BBcm_B.xx, 0.05);
}

TEST(OsimScaling, makes_all_muscles_stronger_by_one_factor) {
  XmlDocument document = make_document();
  scale_muscle_forces(document, 1.25);
  Diagnostics diagnostics;
  const auto spec = parse_osim(format_xml(document), "leg.osim", diagnostics);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->muscles[0].max_isometric_force, 125);
  EXPECT_EQ(spec->muscles[0].optimal_fiber_length, 0.1);
}

TEST(OsimScaling, scales_slides_along_oblique_axes_by_either_rule) {
  for (const SlideRule rule : {SlideRule::opensim, SlideRule::along_axis}) {
    std::string text = kModel;
    text.replace(text.find("<axis>0 0 1</axis><Constant name=\"function\"><value>0.05"), 18, "<axis>0.6 0 0.8</axis>");
    XmlDocument document = make_document(text);
    Diagnostics diagnostics;
    ASSERT_TRUE(scale_geometry(document, {{"thigh", {1.1, 1.1, 1.1}}}, {}, false, diagnostics, rule));
    const auto spec = parse_osim(format_xml(document), "leg.osim", diagnostics);
    ASSERT_TRUE(spec);
    const JointSpec& knee = spec->joints[1];
    ASSERT_EQ(knee.axes[5].terms.size(), 1u);
    EXPECT_NEAR(knee.axes[5].terms[0].function.scale, rule == SlideRule::opensim ? 1.4 * 1.1 : 1.1, 1e-12);
  }
}

}  // namespace
}  // namespace buttress
