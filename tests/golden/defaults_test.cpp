// A file that leaves a property out means what OpenSim 4.6 takes for it: for every class that our readers know and
// every property of it, the specification read from a file without the property is that of a file which states
// OpenSim's default (opensim_4_6/defaults.xml, taken from OpenSim). What this can prove: no default of ours differs;
// which properties are read (another value gives another specification) is printed; and every name that the source of
// the readers asks for was among them, so that a property that is read later cannot be forgotten here.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <pugixml.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "io/external_loads_reader.h"
#include "io/osim_reader.h"
#include "io/setup_reader.h"
#include "model/compile.h"
#include "spec_text_testing.h"

namespace buttress {
namespace {

using Document = std::function<std::string(const std::string& element)>;  ///< a file around an element
using Properties = std::map<std::string, std::string>;                    ///< by name, as XML

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

const pugi::xml_document& golden() {
  static const pugi::xml_document document = [] {
    pugi::xml_document read_in;
    const std::string path = std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/defaults.xml";
    EXPECT_TRUE(read_in.load_file(path.c_str()));
    return read_in;
  }();
  return document;
}

std::string to_xml(pugi::xml_node node) {
  std::ostringstream text;
  node.print(text, "", pugi::format_raw);
  return text.str();
}

/// OpenSim writes some objects under their type, with the property's name as attribute
std::string property_name(pugi::xml_node property) {
  const std::string name = property.attribute("name").value();
  return name.empty() || name.rfind("default", 0) == 0 ? property.name() : name;
}

// --- files around an element ---------------------------------------------------------------------------------------

const std::string kPath =
    R"(<GeometryPath name="path"><PathPointSet><objects><PathPoint name="a"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>0.04 -0.1 0</location></PathPoint>@POINT@<PathPoint name="b"><socket_parent_frame>/bodyset/shank</socket_parent_frame><location>0.05 -0.05 0</location></PathPoint></objects></PathPointSet><PathWrapSet><objects>@PATH_WRAP@</objects></PathWrapSet></GeometryPath>)";

/// a leg of two bodies with a muscle, a motor and marks where something can be put
const std::string kLeg =
    R"(<OpenSimDocument Version="40600"><Model name="leg">@MODEL@
<BodySet><objects><Body name="thigh"><mass>8</mass><WrapObjectSet><objects>@WRAP@</objects></WrapObjectSet></Body><Body name="shank"><mass>4</mass></Body>@BODY@</objects></BodySet>
<JointSet><objects>
<PinJoint name="hip_joint"><socket_parent_frame>/ground</socket_parent_frame><socket_child_frame>/bodyset/thigh</socket_child_frame><coordinates>@HIP@</coordinates><frames>@FRAME@</frames></PinJoint>
<CustomJoint name="knee_joint"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><socket_child_frame>/bodyset/shank</socket_child_frame><coordinates><Coordinate name="knee"/></coordinates>@TRANSFORM@</CustomJoint>
@JOINT@</objects></JointSet>
<ForceSet><objects><CoordinateActuator name="motor"><coordinate>hip</coordinate></CoordinateActuator>
<Millard2012EquilibriumMuscle name="muscle">)" +
    kPath + R"(@CURVE@</Millard2012EquilibriumMuscle>@FORCE@</objects><groups>@GROUP@</groups></ForceSet>
<ContactGeometrySet><objects><ContactHalfSpace name="floor"/><ContactSphere name="ball"><socket_frame>/bodyset/shank</socket_frame><radius>0.1</radius></ContactSphere>@GEOMETRY@</objects></ContactGeometrySet>
<ConstraintSet><objects>@CONSTRAINT@</objects></ConstraintSet><MarkerSet><objects>@MARKER@@ON_IT@</objects></MarkerSet>
<ControllerSet><objects>@CONTROLLER@</objects></ControllerSet><components>@STATION@@COMPONENT@<Station name="heel"><socket_parent_frame>/bodyset/shank</socket_parent_frame></Station></components></Model></OpenSimDocument>)";

const std::string kFoot = R"(<Body name="foot"><mass>1</mass></Body>)";
const std::string kAnkle =
    R"(<WeldJoint name="ankle"><socket_parent_frame>/bodyset/shank</socket_parent_frame><socket_child_frame>/bodyset/foot</socket_child_frame></WeldJoint>)";
const std::string kHip = R"(<Coordinate name="hip"/>)";
const std::string kTransform =
    R"(<SpatialTransform><TransformAxis name="rotation1"><coordinates>knee</coordinates><axis>0 0 1</axis><LinearFunction name="function"><coefficients>1 0</coefficients></LinearFunction></TransformAxis>@AXIS@</SpatialTransform>)";

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

const std::string kOnThigh = "<socket_parent_frame>/bodyset/thigh</socket_parent_frame>";
const std::string kOnFrame =
    R"(<Marker name="m"><socket_parent_frame>/jointset/hip_joint/it</socket_parent_frame><location>1 2 3</location></Marker>)";
const std::string kStations =
    "<Station name=\"a\">" + kOnThigh + "<location>1 0 0</location></Station><Station name=\"b\">" + kOnThigh +
    "<location>1 1 0</location></Station><Station name=\"c\">" + kOnThigh + "<location>0 1 0.2</location></Station>";

std::string make_leg(const std::string& mark, const std::string& element) {
  std::string text = replace_all(kLeg, "@" + mark + "@", element);
  const auto fill = [&](const char* at, const std::string& xml) { text = replace_all(text, at, xml); };
  // a frame shows in what stands on it, a station in the frame that it makes
  if (mark == "FRAME" || mark == "STATION") {
    fill("@ON_IT@", kOnFrame);
    fill("@COMPONENT@", kStations);
  }
  if (mark == "STATION")
    fill(
        "@FRAME@",
        R"(<StationDefinedFrame name="it"><socket_point_a>/it</socket_point_a><socket_point_b>/b</socket_point_b><socket_point_c>/c</socket_point_c><socket_origin_point>/it</socket_origin_point></StationDefinedFrame>)");
  if (mark == "PATH_WRAP") fill("@WRAP@", R"(<WrapSphere name="thing"/>)");
  fill("@HIP@", kHip);
  fill("@BODY@", kFoot);
  fill("@JOINT@", kAnkle);
  fill("@TRANSFORM@", kTransform);
  if (mark == "AXIS") fill("@AXIS@", element);
  return std::regex_replace(text, std::regex("@[A-Z_]+@"), "");
}

Document leg(const std::string& mark) {
  return [mark](const std::string& element) { return make_leg(mark, element); };
}
/// a file around an element that stands in another
Document inside(const Document& outer, const std::string& before, const std::string& after) {
  return [=](const std::string& element) { return outer(before + element + after); };
}
Document document(const std::string& before, const std::string& after) {
  return [=](const std::string& element) { return before + element + after; };
}

/// where a class stands, and what an object of it needs to mean anything
struct Place {
  Document document;
  Properties needs;
};

const std::string kKnots = "<x>0 1 2 3 4 5 6</x>";
const Properties kPoints = {{"x", kKnots}, {"y", "<y>0 1 0 2 1 3 1</y>"}};

const std::string kTool = R"(<OpenSimDocument Version="40600">)", kToolEnd = "</OpenSimDocument>";
Document analysis() {
  return document(
      kTool +
          R"(<AnalyzeTool name="t"><model_file>m.osim</model_file><coordinates_file>q.mot</coordinates_file><AnalysisSet><objects>)",
      "</objects></AnalysisSet></AnalyzeTool>" + kToolEnd);
}
Document inverse_kinematics() {
  return document(
      kTool +
          R"(<InverseKinematicsTool name="t"><model_file>m.osim</model_file><marker_file>m.trc</marker_file><IKTaskSet><objects>)",
      "</objects></IKTaskSet></InverseKinematicsTool>" + kToolEnd);
}
Document scale_tool() {
  return document(
      kTool + R"(<ScaleTool name="t"><GenericModelMaker><model_file>m.osim</model_file></GenericModelMaker>)",
      "</ScaleTool>" + kToolEnd);
}
Document model_scaler() {
  return inside(scale_tool(),
                "<ModelScaler><marker_file>m.trc</marker_file><scaling_order>measurements manualScale</scaling_order>",
                "</ModelScaler>");
}
Document measurement() {
  return inside(model_scaler(), R"(<MeasurementSet><objects><Measurement name="thigh">)",
                "</Measurement></objects></MeasurementSet>");
}

/// every class that the readers know by name and that is no force, joint, constraint or wrap object
std::map<std::string, Place> list_places() {
  const Document function =
      inside(leg("AXIS"), R"(<TransformAxis name="translation1"><coordinates>knee</coordinates><function>)",
             "</function></TransformAxis>");
  const Document control = inside(
      leg("CONTROLLER"),
      R"(<PrescribedController name="c"><socket_actuators>/forceset/motor</socket_actuators><FunctionSet name="ControlFunctions"><objects>)",
      "</objects></FunctionSet></PrescribedController>");
  const Document polynomial = inside(
      leg("FORCE"),
      R"(<PathActuator name="p"><FunctionBasedPath name="path"><coordinate_paths>/jointset/hip_joint/hip</coordinate_paths><length_function>)",
      "</length_function></FunctionBasedPath></PathActuator>");
  const std::string point_frame = "<socket_parent_frame>/bodyset/thigh</socket_parent_frame>";
  return {
      {"Model", {document(kTool, kToolEnd), {}}},
      {"Body", {leg("BODY"), {{"mass", "<mass>2</mass>"}}}},
      {"Coordinate",
       {leg("HIP"),
        {{"prescribed", "<prescribed>true</prescribed>"},
         {"prescribed_function", "<prescribed_function><Constant><value>2</value></Constant></prescribed_function>"}}}},
      {"SpatialTransform", {leg("TRANSFORM"), {}}},
      {"TransformAxis", {leg("AXIS"), {{"coordinates", "<coordinates>knee</coordinates>"}}}},
      {"PhysicalOffsetFrame", {leg("FRAME"), {{"socket_parent", "<socket_parent>/bodyset/thigh</socket_parent>"}}}},
      {"StationDefinedFrame",
       {leg("FRAME"),
        {{"socket_point_a", "<socket_point_a>/a</socket_point_a>"},
         {"socket_point_b", "<socket_point_b>/b</socket_point_b>"},
         {"socket_point_c", "<socket_point_c>/c</socket_point_c>"},
         {"socket_origin_point", "<socket_origin_point>/a</socket_origin_point>"}}}},
      {"Station", {leg("STATION"), {{"socket_parent_frame", point_frame}}}},
      {"ContactHalfSpace", {leg("GEOMETRY"), {{"socket_frame", "<socket_frame>/bodyset/thigh</socket_frame>"}}}},
      {"ContactSphere", {leg("GEOMETRY"), {{"socket_frame", "<socket_frame>/bodyset/thigh</socket_frame>"}}}},
      {"ContactEllipsoid", {leg("GEOMETRY"), {{"socket_frame", "<socket_frame>/bodyset/thigh</socket_frame>"}}}},
      {"HuntCrossleyForce::ContactParameters",
       {inside(
            leg("FORCE"),
            R"(<HuntCrossleyForce name="c"><HuntCrossleyForce::ContactParametersSet name="contact_parameters"><objects>)",
            "</objects></HuntCrossleyForce::ContactParametersSet></HuntCrossleyForce>"),
        {{"geometry", "<geometry>ball floor</geometry>"}}}},
      {"Marker", {leg("MARKER"), {{"socket_parent_frame", point_frame}}}},
      {"PathPoint", {leg("POINT"), {{"socket_parent_frame", point_frame}}}},
      {"ConditionalPathPoint",
       {leg("POINT"),
        {{"socket_parent_frame", point_frame},
         {"socket_coordinate", "<socket_coordinate>/jointset/hip_joint/hip</socket_coordinate>"}}}},
      {"MovingPathPoint",
       {leg("POINT"),
        {{"socket_parent_frame", point_frame},
         {"socket_x_coordinate", "<socket_x_coordinate>/jointset/hip_joint/hip</socket_x_coordinate>"},
         {"socket_y_coordinate", "<socket_y_coordinate>/jointset/hip_joint/hip</socket_y_coordinate>"},
         {"socket_z_coordinate", "<socket_z_coordinate>/jointset/hip_joint/hip</socket_z_coordinate>"},
         {"x_location", "<x_location><LinearFunction><coefficients>1 0</coefficients></LinearFunction></x_location>"},
         {"y_location", "<y_location><LinearFunction><coefficients>1 0</coefficients></LinearFunction></y_location>"},
         {"z_location",
          "<z_location><LinearFunction><coefficients>1 0</coefficients></LinearFunction></z_location>"}}}},
      {"PathWrap", {leg("PATH_WRAP"), {{"wrap_object", "<wrap_object>thing</wrap_object>"}}}},
      {"GeometryPath", {inside(leg("FORCE"), R"(<PathActuator name="p"><path>)", "</path></PathActuator>"), {}}},
      {"FunctionBasedPath",
       {inside(leg("FORCE"), R"(<PathActuator name="p"><path>)", "</path></PathActuator>"),
        {{"coordinate_paths", "<coordinate_paths>/jointset/hip_joint/hip</coordinate_paths>"},
         {"length_function",
          "<length_function><MultivariatePolynomialFunction><dimension>1</dimension><order>1</order><coefficients>1 "
          "2</coefficients></MultivariatePolynomialFunction></length_function>"}}}},
      {"MultivariatePolynomialFunction",
       {polynomial,
        {{"dimension", "<dimension>1</dimension>"},
         {"order", "<order>1</order>"},
         {"coefficients", "<coefficients>1 2</coefficients>"}}}},
      {"ActiveForceLengthCurve", {leg("CURVE"), {}}},
      {"ForceVelocityCurve", {leg("CURVE"), {}}},
      {"FiberForceLengthCurve", {leg("CURVE"), {}}},
      {"TendonForceLengthCurve", {leg("CURVE"), {}}},
      {"Constant", {function, {}}},
      {"LinearFunction", {function, {{"coefficients", "<coefficients>2 1</coefficients>"}}}},
      {"SimmSpline", {function, kPoints}},
      {"GCVSpline",
       {function, {{"half_order", "<half_order>3</half_order>"}, {"x", kPoints.at("x")}, {"y", kPoints.at("y")}}}},
      {"PiecewiseLinearFunction", {function, kPoints}},
      {"PiecewiseConstantFunction", {control, kPoints}},
      {"StepFunction", {control, {}}},
      {"PolynomialFunction", {function, {{"coefficients", "<coefficients>1 2 3</coefficients>"}}}},
      {"MultiplierFunction", {function, {{"function", "<function><Constant><value>2</value></Constant></function>"}}}},
      {"PrescribedController",
       {leg("CONTROLLER"),
        {{"socket_actuators", "<socket_actuators>/forceset/motor</socket_actuators>"},
         {"ControlFunctions",
          R"(<FunctionSet name="ControlFunctions"><objects><Constant><value>0.5</value></Constant></objects></FunctionSet>)"}}}},
      {"ControlSetController", {leg("CONTROLLER"), {}}},
      {"ObjectGroup", {leg("GROUP"), {{"members", "<members>motor</members>"}}}},
      {"InverseDynamicsTool",
       {document(kTool, kToolEnd),
        {{"model_file", "<model_file>m.osim</model_file>"},
         {"coordinates_file", "<coordinates_file>q.mot</coordinates_file>"}}}},
      {"AnalyzeTool",
       {document(kTool, kToolEnd),
        {{"model_file", "<model_file>m.osim</model_file>"},
         {"coordinates_file", "<coordinates_file>q.mot</coordinates_file>"},
         {"Analyses", R"(<AnalysisSet name="Analyses"><objects><StaticOptimization/></objects></AnalysisSet>)"}}}},
      {"InverseKinematicsTool",
       {document(kTool, kToolEnd),
        {{"model_file", "<model_file>m.osim</model_file>"}, {"marker_file", "<marker_file>m.trc</marker_file>"}}}},
      {"ScaleTool",
       {document(kTool, kToolEnd),
        {{"GenericModelMaker", "<GenericModelMaker><model_file>m.osim</model_file></GenericModelMaker>"},
         {"MarkerPlacer", "<MarkerPlacer><marker_file>m.trc</marker_file></MarkerPlacer>"}}}},
      {"StaticOptimization", {analysis(), {}}},
      {"JointReaction", {analysis(), {}}},
      {"MuscleAnalysis", {analysis(), {}}},
      {"Kinematics", {analysis(), {}}},
      {"BodyKinematics", {analysis(), {}}},
      {"PointKinematics", {analysis(), {}}},
      {"ForceReporter", {analysis(), {}}},
      {"IKMarkerTask", {inverse_kinematics(), {}}},
      {"IKCoordinateTask", {inverse_kinematics(), {}}},
      {"GenericModelMaker",
       {document(kTool + R"(<ScaleTool name="t"><ModelScaler/>)", "</ScaleTool>" + kToolEnd),
        {{"model_file", "<model_file>m.osim</model_file>"}}}},
      {"ModelScaler", {scale_tool(), {}}},
      {"MarkerPlacer", {scale_tool(), {{"marker_file", "<marker_file>m.trc</marker_file>"}}}},
      {"Measurement", {inside(model_scaler(), "<MeasurementSet><objects>", "</objects></MeasurementSet>"), {}}},
      {"MarkerPair",
       {inside(measurement(), "<MarkerPairSet><objects>", "</objects></MarkerPairSet>"),
        {{"markers", "<markers>a b</markers>"}}}},
      {"BodyScale", {inside(measurement(), "<BodyScaleSet><objects>", "</objects></BodyScaleSet>"), {}}},
      {"Scale", {inside(model_scaler(), "<ScaleSet><objects>", "</objects></ScaleSet>"), {}}},
      {"ExternalLoads",
       {document(kTool, kToolEnd),
        {{"objects",
          "<objects><ExternalForce name=\"f\"><applied_to_body>shank</applied_to_body></ExternalForce></objects>"}}}},
      {"ExternalForce",
       {document(kTool + "<ExternalLoads><datafile>f.mot</datafile><objects>", "</objects></ExternalLoads>" + kToolEnd),
        {{"applied_to_body", "<applied_to_body>shank</applied_to_body>"}}}},
  };
}

/// what forces, joints and constraints need, by the property's name
Properties find_common_needs(const std::string& kind) {
  Properties needs = {
      {"coordinate", "<coordinate>hip</coordinate>"},
      {"socket_coordinate", "<socket_coordinate>/jointset/hip_joint/hip</socket_coordinate>"},
      {"body", "<body>/bodyset/shank</body>"},
      {"bodyA", "<bodyA>/bodyset/shank</bodyA>"},
      {"bodyB", "<bodyB>/bodyset/thigh</bodyB>"},
      {"socket_body1", "<socket_body1>/bodyset/thigh</socket_body1>"},
      {"socket_body2", "<socket_body2>/bodyset/shank</socket_body2>"},
      {"socket_frame1", "<socket_frame1>/bodyset/thigh</socket_frame1>"},
      {"socket_frame2", "<socket_frame2>/bodyset/shank</socket_frame2>"},
      {"body1", "<body1>thigh</body1>"},
      {"body2", "<body2>shank</body2>"},
      {"resting_length", "<resting_length>0.1</resting_length>"},
      {"stiffness", "<stiffness>2</stiffness>"},
      {"dissipation", "<dissipation>0.5</dissipation>"},
      {"socket_sphere", "<socket_sphere>/contactgeometryset/ball</socket_sphere>"},
      {"socket_half_space", "<socket_half_space>/contactgeometryset/floor</socket_half_space>"},
      {"socket_station", "<socket_station>/heel</socket_station>"},
      {"contact_parameters",
       R"(<HuntCrossleyForce::ContactParametersSet name="contact_parameters"><objects><HuntCrossleyForce::ContactParameters><geometry>ball floor</geometry></HuntCrossleyForce::ContactParameters></objects></HuntCrossleyForce::ContactParametersSet>)"},
      {"path", std::regex_replace(kPath, std::regex("@[A-Z_]+@"), "")},
      {"socket_parent_frame", "<socket_parent_frame>/bodyset/shank</socket_parent_frame>"},
      {"independent_coordinate_names", "<independent_coordinate_names>hip</independent_coordinate_names>"},
      {"dependent_coordinate_name", "<dependent_coordinate_name>knee</dependent_coordinate_name>"},
      {"coupled_coordinates_function",
       "<coupled_coordinates_function><LinearFunction><coefficients>1 0</coefficients></LinearFunction></"
       "coupled_coordinates_function>"},
  };
  if (kind == "Joint") needs["socket_child_frame"] = "<socket_child_frame>/bodyset/foot</socket_child_frame>";
  return needs;
}

/// all classes with the files that they stand in
std::map<std::string, Place> list_all_places() {
  std::map<std::string, Place> places = list_places();
  std::istringstream lines(read_file(std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/components.txt"));
  std::string type, kind, id, so;
  while (lines >> type >> kind >> id >> so) {
    std::string mark;
    if (kind == "Muscle" || kind == "ScalarActuator" || kind == "Actuator" || kind == "Force") mark = "FORCE";
    if (kind == "Constraint" || kind == "Joint") mark = kind == "Joint" ? "JOINT" : "CONSTRAINT";
    if (kind == "WrapObject") mark = "WRAP";
    if (!mark.empty() && type != "ExternalForce") places.emplace(type, Place{leg(mark), find_common_needs(kind)});
  }
  return places;
}

// --- what a file says ----------------------------------------------------------------------------------------------

/// the specification that a file gives, as text; "refused" when it gives none
std::string read_outcome(const std::string& text) {
  // what compile() refuses is no model either
  const auto compiles = [](const ModelSpec& spec) {
    Diagnostics messages;
    CompileOptions options;
    for (const UnsupportedSpec& item : spec.unsupported) options.ignore.push_back(item.type);
    return compile(spec, options, messages).has_value();
  };
  Diagnostics diagnostics;
  const auto describe = [](const auto& spec) { return spec ? spec_text::describe(*spec) : std::string("refused"); };
  if (text.find("<ExternalLoads") != std::string::npos) return describe(parse_external_loads(text, "f", diagnostics));
  if (text.find("<Model ") != std::string::npos || text.find("<Model>") != std::string::npos) {
    const auto spec = parse_osim(text, "f", diagnostics);
    return spec && compiles(*spec) ? describe(spec) : "refused";
  }
  return describe(parse_setup(text, "f", diagnostics));
}

/// an object of the class with what it needs, one property of which is stated as `xml` (nothing: left out)
std::string make_element(pugi::xml_node type, const Properties& needs, const std::string& property,
                         const std::string& xml) {
  const std::string name = type.name();
  std::string inner;
  for (const pugi::xml_node child : type.children())
    if (const auto need = needs.find(property_name(child)); need != needs.end() && need->first != property)
      inner += need->second;
  const std::string given_name = name == "TransformAxis" ? "translation1"
                                 : name == "Body"        ? "foot"
                                 : name == "Coordinate"  ? "hip"
                                                         : "it";
  return "<" + name + " name=\"" + given_name + "\">" + inner + xml + "</" + name + ">";
}

/// another value in place of the first that can be changed
bool change_value(pugi::xml_node node) {
  for (pugi::xml_node child : node.children())
    if (child.type() == pugi::node_element && change_value(child)) return true;
  if (node.first_child().type() == pugi::node_element) return false;
  const std::string text = node.text().get();
  double number = 0;
  std::string other;
  if (text == "true" || text == "false") {
    other = text == "true" ? "false" : "true";
  } else if (std::istringstream words(text); words >> number) {
    std::string word;
    std::istringstream again(text);
    while (again >> word) other += std::to_string(std::stod(word) + (word.find('.') == word.npos ? 1 : 0.125)) + " ";
    if (text.find_first_of(".iN") == text.npos) other = std::regex_replace(other, std::regex("\\.0+ "), " ");
  } else if (text == "NaN" || text.find("nf") != text.npos) {
    other = text.find(' ') == text.npos ? "3" : "3 4";
  } else if (text == "explicit") {
    other = "implicit";
  } else {
    other = "other";
  }
  node.text().set(other.c_str());
  return true;
}

std::string make_other_value(pugi::xml_node property) {
  pugi::xml_document copy;
  copy.append_copy(property);
  change_value(copy.first_child());
  return to_xml(copy.first_child());
}

/// where we depart from OpenSim's default with reason
const std::map<std::string, std::string> kDepartures = {
    {"InverseKinematicsTool.time_range", "OpenSim stops at 2 s, whatever the recording's length"},
    {"ScaleTool.ModelScaler",
     "OpenSim passes over a ModelScaler that is not in the file, though its default is applied"},
    {"Schutte1993Muscle_Deprecated.active_force_length_curve",
     "OpenSim prints six digits of its curve; ours has seven"},
    {"Schutte1993Muscle_Deprecated.tendon_force_length_curve", "the same curve, which the muscle holds, not the file"},
    {"Schutte1993Muscle_Deprecated.passive_force_length_curve",
     "OpenSim takes an exponential unless the file states a curve, even its default"},
};

/// the properties that are read, "class.property"
std::set<std::string> compare_all() {
  std::set<std::string> read;
  std::size_t compared = 0;
  for (const auto& entry : list_all_places()) {
    const std::string& name = entry.first;
    const Place& place = entry.second;
    const pugi::xml_node type = golden().document_element().child(name.c_str());
    EXPECT_TRUE(type) << name << " is not in defaults.xml";
    for (const pugi::xml_node property : type.children()) {
      const std::string key = property_name(property), id = name + "." + key;
      const auto outcome = [&](const std::string& xml) {
        return read_outcome(place.document(make_element(type, place.needs, key, xml)));
      };
      // joints name the coordinates that the file leaves out after themselves
      const std::string stated = outcome(replace_all(to_xml(property), "name=\"_coord", "name=\"it_coord"));
      if (kDepartures.count(id) == 0) {
        EXPECT_EQ(outcome(""), stated) << id << " = " << to_xml(property);
      }
      ++compared;
      const auto need = place.needs.find(key);
      if (outcome(make_other_value(property)) != stated ||
          (need != place.needs.end() && outcome(need->second) != stated))
        read.insert(id);
    }
  }
  std::cout << compared << " properties of " << list_all_places().size() << " classes compared; read are "
            << read.size() << ":\n";
  for (const std::string& id : read) std::cout << "  " << id << "\n";
  return read;
}

/// names that stand in the sources of the readers and are no property of OpenSim 4.6
const std::set<std::string> kOtherNames = {
    // documents and sets, and what old files call them
    "OpenSimDocument", "Version", "defaults", "name", "file", "components", "frames", "groups", "ground", "all",
    "attachments", "connectors", "connectee_name", "ActuatorSet", "ControllerSet", "MusclePointSet", "MuscleWrapSet",
    "TransformAxisSet", "PathPointSet", "PathWrapSet", "AnalysisSet",
    // types of old files, tools and analyses that are not run
    "Force", "GeneralizedForce", "Joint", "MovingMusclePoint", "MusclePoint", "MuscleViaPoint", "NaturalCubicSpline",
    "natCubicSpline", "Schutte1993Muscle", "ThelenMuscle", "Torque", "InverseDynamics", "CMCTool",
    "IMUInverseKinematicsTool", "JRATool", "MocoInverse", "MocoStudy", "MocoTrack", "PerturbationTool", "RRATool",
    // properties before OpenSim 4, which opensim_4_6/upgrades.xml compares
    "Vmax", "body_A", "body_B", "body_name", "child", "child_body", "direction_A", "frame", "inertia_xx", "inertia_xy",
    "inertia_xz", "inertia_yy", "inertia_yz", "inertia_zz", "isDisabled", "is_rotation", "location_in_child",
    "location_in_parent", "orientation", "orientation_in_child", "orientation_in_parent", "parent", "parent_body",
    "pennation_angle", "point_B", "reverse", "actuator_list", "actuator_set_files", "replace_actuator_set",
    "coordinates_in_degrees", "forceFunctions", "pointFunctions", "torqueFunctions", "external_loads_body1",
    "external_loads_body2", "external_loads_model_kinematics_file",
    // parts of names
    "_", "_connectee_name", "_coordinate", "_location", "Attachment", "body_", "location_body_", "orientation_body_",
    "socket_",
    // values
    "ALL", "forces", "markers", "AXIAL", "Axial", "axial", "HYBRID", "Hybrid", "hybrid", "MIDPOINT", "Midpoint",
    "midpoint", "Unassigned", "unassigned", "unnamed_segment", "from_file", "manual_value", "manualScale",
    "measurements", "Muscles", "implicit", "true", "s", "z", "default_value",
    // known and of no effect here
    "age", "height", "notes", "contact_force_set_file", "contact_force_set_files", "input_directory",
    "integrator_error_tolerance", "integrator_fine_tolerance", "load_model_and_input",
    "lowpass_cutoff_frequency_for_load_kinematics", "maximum_integrator_step_size",
    "maximum_number_of_integrator_steps", "minimum_integrator_step_size", "optimizer_algorithm", "output_joint_file",
    "output_muscle_file", "plot_results", "pseudo_states_file",
    // objects that make a path unsupported where they are
    "moment_arm_functions", "lengthening_speed_function"};

std::set<std::string> find_literals() {
  std::set<std::string> names;
  const std::regex literal("\"([A-Za-z_][A-Za-z0-9_]*)\"");
  for (const auto& entry : std::filesystem::directory_iterator(std::string(BUTTRESS_SOURCE_DIR) + "/src/io")) {
    const std::string file = entry.path().filename().string();
    if (!std::regex_match(file, std::regex("(osim|setup|external_loads)_.*\\.cpp")) ||
        std::regex_match(file, std::regex(".*_test\\.cpp|osim_scaling\\.cpp|osim_component\\.cpp")))
      continue;
    const std::string text = read_file(entry.path());
    for (std::sregex_iterator it(text.begin(), text.end(), literal), end; it != end; ++it) names.insert((*it)[1]);
  }
  return names;
}

TEST(Defaults, a_property_left_out_is_opensims_default_stated) {
  const std::set<std::string> read = compare_all();
  // every name in the readers is a property that was compared and is read, a class, or known to be neither
  std::set<std::string> read_names, classes;
  for (const std::string& id : read) {
    const std::string name = id.substr(id.find('.') + 1);
    read_names.insert(name);
    if (name.rfind("socket_", 0) == 0) read_names.insert(name.substr(7));
  }
  for (const pugi::xml_node type : golden().document_element().children()) classes.insert(type.name());
  for (const std::string& name : find_literals())
    EXPECT_TRUE(read_names.count(name) || classes.count(name) || kOtherNames.count(name))
        << "the readers ask for \"" << name << "\", which no class of defaults.xml was compared for";
  EXPECT_GT(read.size(), 400u);
}

TEST(Defaults, files_of_older_versions_mean_what_opensim_makes_of_them) {
  pugi::xml_document upgrades;
  ASSERT_TRUE(upgrades.load_file(BUTTRESS_SOURCE_DIR "/tests/golden/opensim_4_6/upgrades.xml"));
  int count = 0;
  for (const pugi::xml_node node : upgrades.child("cases").children("case")) {
    SCOPED_TRACE(std::string("version ") + node.attribute("version").value());
    Diagnostics diagnostics;
    auto old = parse_osim(node.child_value("old"), "old", diagnostics);
    auto upgraded = parse_osim(node.child_value("upgraded"), "upgraded", diagnostics);
    for (const Diagnostic& d : diagnostics.items()) {
      EXPECT_NE(d.severity, Severity::error) << format_diagnostic(d);
    }
    ASSERT_TRUE(old && upgraded);
    // OpenSim prints the curves that a damped muscle uses, and no place that a moving point does not keep
    for (auto* spec : {&*old, &*upgraded})
      for (MuscleSpec& muscle : spec->muscles) {
        if (muscle.kind == MuscleKind::millard2012_equilibrium) muscle.curves.minimum_value = 0;
        for (PathPointSpec& point : muscle.path.points)
          if (point.kind == PathPointKind::moving) point.p_F = {0, 0, 0};
      }
    // part by part, so that a difference is found
    const auto compare = [](const auto& a, const auto& b, const char* part) {
      ASSERT_EQ(a.size(), b.size()) << part;
      for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_EQ(spec_text::describe(a[i]), spec_text::describe(b[i])) << part << " " << a[i].name;
    };
    compare(old->bodies, upgraded->bodies, "body");
    compare(old->joints, upgraded->joints, "joint");
    compare(old->couplers, upgraded->couplers, "coupler");
    compare(old->wrap_objects, upgraded->wrap_objects, "wrap object");
    compare(old->muscles, upgraded->muscles, "muscle");
    compare(old->actuators, upgraded->actuators, "actuator");
    compare(old->passive_forces, upgraded->passive_forces, "force");
    compare(old->markers, upgraded->markers, "marker");
    ++count;
  }
  EXPECT_EQ(count, 3);
}

}  // namespace
}  // namespace buttress
