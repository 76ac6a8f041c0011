// Forces beside one another: names, joined force sets, what drives them, and parts of a model that a request leaves
// out. The references are OpenSim 4.6's answers to the same small files, found by running it (tests/golden/opensim_4_6
// keeps those that are numbers), and its own list of component types.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <set>

#include "io/osim_component.h"
#include "io/osim_reader.h"

namespace buttress {
namespace {

std::string make_model(const std::string& forces, const std::string& more = "", int version = 40600) {
  return "<OpenSimDocument Version=\"" + std::to_string(version) +
         "\"><Model name=\"m\"><BodySet><objects><Body name=\"b\"><mass>1</mass><inertia>1 1 1 0 0 0</inertia></Body>"
         "</objects></BodySet><JointSet><objects><PinJoint "
         "name=\"j\"><socket_parent_frame>/ground</socket_parent_frame>"
         "<socket_child_frame>/bodyset/b</socket_child_frame><coordinates><Coordinate name=\"q\"/></coordinates>"
         "</PinJoint></objects></JointSet><ForceSet><objects>" +
         forces + "</objects></ForceSet>" + more + "</Model></OpenSimDocument>";
}
std::string make_set(const std::string& forces) {
  return "<OpenSimDocument Version=\"40600\"><ForceSet><objects>" + forces + "</objects></ForceSet></OpenSimDocument>";
}
std::string motor(const std::string& name, double strength) {
  return "<CoordinateActuator" + (name.empty() ? "" : " name=\"" + name + "\"") +
         "><coordinate>q</coordinate><optimal_force>" + std::to_string(strength) +
         "</optimal_force></CoordinateActuator>";
}

int count(const Diagnostics& diagnostics, const std::string& id) {
  int n = 0;
  for (const Diagnostic& d : diagnostics.items()) n += d.id == id;
  return n;
}

ModelSpec parse(const std::string& text) {
  Diagnostics diagnostics;
  const auto spec = parse_osim(text, "m.osim", diagnostics);
  EXPECT_TRUE(spec);
  return spec.value_or(ModelSpec{});
}

using Names = std::vector<std::string>;

TEST(ForceNames, a_name_that_is_taken_gets_a_number_and_a_missing_one_the_type) {
  Diagnostics diagnostics;
  const auto spec = parse_osim(make_model(motor("a", 1) + motor("", 2) + motor("a", 3) + motor("", 4) + motor("a", 5) +
                                          motor("coordinateactuator", 6)),
                               "m.osim", diagnostics);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->force_order,
            (Names{"a", "coordinateactuator", "a_0", "coordinateactuator_0", "a_1", "coordinateactuator_1"}));
  EXPECT_EQ(spec->actuators[2].name, "a_0");
  EXPECT_EQ(count(diagnostics, "OSIM-030"), 3);
}

TEST(MarkerNames, are_made_unique_too) {
  const ModelSpec spec = parse(make_model("",
                                          "<MarkerSet><objects><Marker name=\"k\"/><Marker name=\"k\"/></objects>"
                                          "</MarkerSet>"));
  ASSERT_EQ(spec.markers.size(), 2u);
  EXPECT_EQ(spec.markers[1].name, "k_0");
}

TEST(ForceNames, many_forces_of_one_name_take_no_time) {
  std::string forces;
  for (int i = 0; i < 20000; ++i) forces += motor("a", 1);
  EXPECT_EQ(parse(make_model(forces)).force_order.back(), "a_19998");
}

TEST(JoinedForceSets, the_models_force_stays_where_names_meet) {
  ModelSpec spec =
      parse(make_model(motor("a", 10) + "<HuntCrossleyForce name=\"off\"><appliesForce>false</appliesForce>"
                                        "</HuntCrossleyForce>"));
  Diagnostics diagnostics;
  // also those that are switched off or come twice in the file
  ASSERT_TRUE(parse_force_set(make_set(motor("a", 100) + motor("new", 1) + motor("off", 2) + motor("new", 3)), "f.xml",
                              false, spec, diagnostics));
  EXPECT_EQ(spec.force_order, (Names{"a", "off", "new"}));
  EXPECT_EQ(spec.actuators[0].optimal_force, 10);
  EXPECT_EQ(spec.actuators[1].optimal_force, 1);
  EXPECT_EQ(count(diagnostics, "OSIM-031"), 3);
  EXPECT_FALSE(diagnostics.has_errors());
}

TEST(JoinedForceSets, a_second_file_meets_the_forces_of_the_first) {
  ModelSpec spec = parse(make_model(""));
  Diagnostics diagnostics;
  ASSERT_TRUE(parse_force_set(make_set(motor("r", 1)), "1.xml", true, spec, diagnostics));
  ASSERT_TRUE(parse_force_set(make_set(motor("r", 5) + motor("s", 3)), "2.xml", false, spec, diagnostics));
  EXPECT_EQ(spec.force_order, (Names{"r", "s"}));
  EXPECT_EQ(spec.actuators[0].optimal_force, 1);
}

TEST(JoinedForceSets, joining_a_set_with_itself_changes_nothing) {
  const std::string forces =
      motor("a", 10) + motor("b", 3) +
      "<SpringGeneralizedForce name=\"s\"><coordinate>q</coordinate><stiffness>4</stiffness></SpringGeneralizedForce>";
  ModelSpec spec = parse(make_model(forces));
  const ModelSpec before = spec;
  Diagnostics diagnostics;
  ASSERT_TRUE(parse_force_set(make_set(forces), "f.xml", false, spec, diagnostics));
  EXPECT_EQ(spec.force_order, before.force_order);
  EXPECT_EQ(spec.force_names, before.force_names);
  EXPECT_EQ(spec.actuators.size(), before.actuators.size());
  EXPECT_EQ(spec.passive_forces.size(), before.passive_forces.size());
}

TEST(JoinedForceSets, a_file_that_replaces_meets_nobody_and_a_cleared_model_has_no_forces) {
  ModelSpec spec = parse(make_model(motor("a", 10)));
  Diagnostics diagnostics;
  ASSERT_TRUE(parse_force_set(make_set(motor("a", 100)), "f.xml", true, spec, diagnostics));
  EXPECT_EQ(spec.actuators.at(0).optimal_force, 100);
  EXPECT_TRUE(diagnostics.items().empty());
  clear_force_set(spec);
  EXPECT_TRUE(spec.actuators.empty() && spec.force_order.empty() && spec.force_names.empty());
}

TEST(Switches, is_disabled_counts_before_3_5_9_only) {
  const std::string off = "<isDisabled>true</isDisabled><coordinate>q</coordinate>";
  const auto applies = [&](int version) {
    Diagnostics diagnostics;
    const auto spec =
        parse_osim(make_model("<SpringGeneralizedForce name=\"s\">" + off + "</SpringGeneralizedForce>", "", version),
                   "m.osim", diagnostics);
    EXPECT_EQ(count(diagnostics, "OSIM-021"), version < 30509 ? 0 : 1);
    return spec.value().passive_forces.at(0).applies_force;
  };
  EXPECT_FALSE(applies(20302));
  EXPECT_FALSE(applies(30508));
  EXPECT_TRUE(applies(30509));
  EXPECT_TRUE(applies(40600));
}

TEST(Switches, inertia_in_six_elements_counts_before_3_5_only) {
  const auto inertia = [](int version) {
    std::string text = make_model("", "", version);
    const std::string new_form = "<inertia>1 1 1 0 0 0</inertia>";
    text.replace(text.find(new_form), new_form.size(), "<inertia_xx>0.5</inertia_xx>");
    return parse(text).bodies.at(0).I_BBcm_B;
  };
  EXPECT_EQ(inertia(30000).xx, 0.5);
  EXPECT_EQ(inertia(30000).yy, 1);
  EXPECT_EQ(inertia(30500).xx, 0);
  EXPECT_EQ(inertia(30500).yy, 0);
}

TEST(Controllers, of_new_files_name_actuators_by_path_and_of_old_ones_by_name) {
  const auto controller = [](const std::string& actuators, int version) {
    return parse(make_model(motor("a", 1) + motor("b", 1),
                            "<ControllerSet><objects><PrescribedController name=\"c\">" + actuators +
                                "<FunctionSet name=\"ControlFunctions\"><objects><Constant><value>2</value></Constant>"
                                "</objects></FunctionSet></PrescribedController></objects></ControllerSet>",
                            version))
        .controllers.at(0);
  };
  EXPECT_EQ(controller("<socket_actuators>/forceset/a /forceset/b</socket_actuators>", 40600).actuators,
            (Names{"a", "b"}));
  EXPECT_EQ(controller("<actuator_list>b</actuator_list>", 40500).actuators, (Names{"b"}));
  EXPECT_TRUE(controller("<actuator_list>ALL</actuator_list>", 40500).drives_all);
  EXPECT_TRUE(controller("<actuator_list>b</actuator_list>", 40600).actuators.empty());
  EXPECT_FALSE(controller("<enabled>false</enabled>", 40600).enabled);
  EXPECT_EQ(controller("", 40600).controls.at(0).coefficients.at(0), 2);
}

TEST(Controllers, that_cannot_be_followed_are_no_error_where_nobody_needs_them) {
  const ModelSpec spec = parse(
      make_model(motor("a", 1),
                 "<ControllerSet><objects><PrescribedController name=\"sine\"><FunctionSet name=\"ControlFunctions\">"
                 "<objects><Sine/></objects></FunctionSet></PrescribedController><ControlSetController name=\"set\"/>"
                 "<PrescribedController name=\"file\"><controls_file>x.sto</controls_file></PrescribedController>"
                 "</objects></ControllerSet>"));
  ASSERT_EQ(spec.controllers.size(), 3u);
  for (const ControllerSpec& controller : spec.controllers) EXPECT_NE(controller.obstacle, "") << controller.name;
}

TEST(Components, are_read_wherever_they_stand) {
  const std::string spring = "<SpringGeneralizedForce name=\"s\"><coordinate>q</coordinate></SpringGeneralizedForce>";
  for (const std::string& more :
       {"<components>" + spring + "</components>", "<ComponentSet><objects>" + spring + "</objects></ComponentSet>",
        "<components><IMU name=\"i\"><components>" + spring + "</components></IMU></components>"})
    EXPECT_EQ(parse(make_model("", more)).passive_forces.size(), 1u) << more;
}

TEST(Components, that_share_the_load_here_and_not_in_opensim_are_named) {
  Diagnostics diagnostics;
  auto spec =
      parse_osim(make_model(motor("a", 1), "<components>" + motor("b", 1) + "</components>"), "m.osim", diagnostics);
  ASSERT_TRUE(spec);
  EXPECT_EQ(count(diagnostics, "OSIM-032"), 1);
  // and stay when the ForceSet is replaced, as in OpenSim
  clear_force_set(*spec);
  ASSERT_EQ(spec->actuators.size(), 1u);
  EXPECT_EQ(spec->actuators[0].name, "b");
  EXPECT_EQ(spec->force_order, (Names{"b"}));
}

TEST(Components, have_the_part_that_opensim_gives_them) {
  // opensim_4_6/components.txt: type, kind, and whether inverse dynamics and static optimization change with it
  std::ifstream lines(BUTTRESS_SOURCE_DIR "/tests/golden/opensim_4_6/components.txt");
  // sets and submodels were empty when OpenSim ran them, and are not read where they stand among components
  const std::set<std::string> containers = {"ComponentSet",  "ConstraintSet", "ContactGeometrySet", "ControllerSet",
                                            "ExternalLoads", "ForceSet",      "JointSet",           "MarkerSet",
                                            "Model",         "ProbeSet",      "WrapObjectSet"};
  std::string type, kind, inverse_dynamics, static_optimization;
  int harmless = 0;
  using osim::ComponentRole;
  while (lines >> type >> kind >> inverse_dynamics >> static_optimization) {
    SCOPED_TRACE(type);
    const ComponentRole role = osim::find_component_role(type);
    const bool is_measured_or_shown = kind == "Probe" || kind == "Geometry" || kind == "AbstractReporter" ||
                                      kind == "ContactGeometry" || kind == "Point";
    if (kind == "Controller") {
      EXPECT_EQ(role, ComponentRole::controller);
      // what drives a motor changes inverse dynamics, and nothing else
      EXPECT_NE(static_optimization, "changes");
    } else if (kind == "Constraint") {
      EXPECT_EQ(role, ComponentRole::constraint);
    } else if (kind == "Muscle" || kind == "ScalarActuator" || kind == "Actuator" || kind == "Force") {
      EXPECT_EQ(role, ComponentRole::other);
      EXPECT_EQ(osim::is_opensim_muscle(type), kind == "Muscle");
    } else if (type == "Marker") {
      EXPECT_EQ(role, ComponentRole::marker);
    } else if (kind == "Body") {
      EXPECT_EQ(role, ComponentRole::body);
    } else if (is_measured_or_shown ||
               (inverse_dynamics == "same" && static_optimization == "same" && containers.count(type) == 0)) {
      EXPECT_EQ(role, ComponentRole::harmless);
      ++harmless;
    } else if (inverse_dynamics == "changes" || static_optimization == "changes") {
      EXPECT_NE(role, ComponentRole::harmless);
    }
  }
  EXPECT_GT(harmless, 40);
}

TEST(ModelParts, what_is_not_needed_is_not_read) {
  const std::string muscle =
      "<Thelen2003Muscle name=\"m\"><optimal_fiber_length>nonsense</optimal_fiber_length>"
      "</Thelen2003Muscle>";
  const std::string broken =
      "<SpringGeneralizedForce name=\"s\"><stiffness>nonsense</stiffness></SpringGeneralizedForce>";
  const std::string marker =
      "<MarkerSet><objects><Marker name=\"k\"><location>nonsense</location></Marker></objects></MarkerSet>";
  const auto reads = [](const std::string& text, const ModelParts& parts) {
    Diagnostics diagnostics;
    return parse_osim(text, "m.osim", diagnostics, parts).has_value();
  };
  EXPECT_FALSE(reads(make_model(muscle), {}));
  EXPECT_TRUE(reads(make_model(muscle), {.muscles = false}));
  EXPECT_FALSE(reads(make_model(broken), {.muscles = false}));
  EXPECT_TRUE(reads(make_model(broken), {.other_forces = false}));
  EXPECT_FALSE(reads(make_model("", marker), {}));
  EXPECT_TRUE(reads(make_model("", marker), {.markers = false}));
  // the names stay known, for controllers and lists of excluded forces
  Diagnostics diagnostics;
  const auto spec = parse_osim(make_model(muscle + motor("a", 1)), "m.osim", diagnostics, {.muscles = false});
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->force_names, (Names{"m", "a"}));
  EXPECT_EQ(spec->muscle_names, (Names{"m"}));
  EXPECT_EQ(spec->actuators.size(), 1u);
}

TEST(ModelParts, wrap_objects_belong_to_the_paths_that_use_them) {
  std::string text = make_model(
      "<Thelen2003Muscle "
      "name=\"m\"><GeometryPath><PathWrapSet><objects><PathWrap><wrap_object>w</wrap_object></PathWrap>"
      "</objects></PathWrapSet></GeometryPath></Thelen2003Muscle>");
  text.replace(text.find("<mass>1</mass>"), 14,
               "<mass>1</mass><WrapObjectSet><objects><WrapSphere name=\"w\"><radius>nonsense</radius></WrapSphere>"
               "</objects></WrapObjectSet>");
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_osim(text, "m.osim", diagnostics));
  Diagnostics without;
  EXPECT_TRUE(parse_osim(text, "m.osim", without, {.muscles = false}));
}

TEST(OptionalProperties, an_empty_one_is_one_that_is_not_given) {
  const auto curves = [](const std::string& inner) {
    return parse(make_model("<Millard2012EquilibriumMuscle name=\"m\"><GeometryPath/><FiberForceLengthCurve>" + inner +
                            "</FiberForceLengthCurve></Millard2012EquilibriumMuscle>"))
        .muscles.at(0)
        .curves;
  };
  const MuscleCurveSpec empty =
      curves("<stiffness_at_low_force></stiffness_at_low_force><stiffness_at_one_norm_force/><curviness> </curviness>");
  EXPECT_TRUE(std::isnan(empty.stiffness_at_low_force));
  EXPECT_TRUE(std::isnan(empty.stiffness_at_one_norm_force));
  EXPECT_TRUE(std::isnan(empty.curviness));
  EXPECT_EQ(curves("<curviness>0.7</curviness>").curviness, 0.7);
}

}  // namespace
}  // namespace buttress
