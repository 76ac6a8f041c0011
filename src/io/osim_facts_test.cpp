// Compares the reader with an independent extraction of published models (../shared/facts/*.csv, made by other code
// in another language). It proves that the reader takes every body, joint, axis, coordinate, muscle point and wrap
// object of these files over as they stand; it cannot prove that OpenSim would take them the same way.
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/skips_testing.h"
#include "io/osim_reader.h"
#include "io/xml_document.h"

namespace buttress {
namespace {

const std::map<std::string, std::string> kFileOfModel = {
    {"Rajagopal2016", "generic_models/Rajagopal2016.osim"},
    {"RajagopalLaiUhlrich2023", "generic_models/RajagopalLaiUhlrich2023.osim"},
    {"Pose2Sim_LFB", "generic_models/Pose2Sim_LFB_muscles_flex.osim"},
    {"Christophy2012_skeleton", "generic_models/Christophy2012_skeletonOnly.osim"},
    {"gait2392_thelen", "gait2392_walk/models/gait2392_thelen2003muscle.osim"},
    {"CEINMS_BackModel_unscaled", "lumbar_lifting_5kg_squat/lumbarModel_unscaled.osim"},
};

std::string shared_path() {
  const char* from_environment = std::getenv("BUTTRESS_SHARED");
  return from_environment ? from_environment : BUTTRESS_SOURCE_DIR "/../shared";
}

using Row = std::map<std::string, std::string>;

class OsimFacts : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    path_ = shared_path() + "/data/" + kFileOfModel.at(GetParam());
    if (!std::filesystem::exists(path_)) GTEST_SKIP() << kNoSharedData;
    Diagnostics diagnostics;
    const auto read = read_osim(path_, diagnostics);
    ASSERT_TRUE(read) << (diagnostics.items().empty() ? "" : format_diagnostic(diagnostics.items()[0]));
    spec_ = *read;
  }

  // the rows of a table that belong to this model
  std::vector<Row> rows(const std::string& table) const {
    std::ifstream stream(shared_path() + "/facts/" + table);
    std::vector<Row> found;
    std::vector<std::string> header;
    for (std::string line; std::getline(stream, line);) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      std::vector<std::string> cells;
      std::stringstream cells_stream(line + ",");
      for (std::string cell; std::getline(cells_stream, cell, ',');) cells.push_back(cell);
      if (header.empty()) {
        header = cells;
        continue;
      }
      if (cells[0] != GetParam()) continue;
      Row row;
      for (std::size_t i = 0; i < header.size(); ++i) row[header[i]] = i < cells.size() ? cells[i] : "";
      found.push_back(row);
    }
    return found;
  }

  std::string path_;
  ModelSpec spec_;
};

double number(const Row& row, const std::string& column) {
  return parse_number(row.at(column)).value();
}
Vec3d vector3(const Row& row, const std::string& a, const std::string& b, const std::string& c) {
  return {number(row, a), number(row, b), number(row, c)};
}

void expect_near(const Vec3d& a, const Vec3d& b, double tolerance, const std::string& what) {
  EXPECT_NEAR(a.x, b.x, tolerance) << what;
  EXPECT_NEAR(a.y, b.y, tolerance) << what;
  EXPECT_NEAR(a.z, b.z, tolerance) << what;
}

// the rotation by Eigen's own formulas, not ours
void expect_rotation(const Mat3d& R, const Vec3d& angles, const std::string& what) {
  const Eigen::Matrix3d expected =
      (Eigen::AngleAxisd(angles.x, Eigen::Vector3d::UnitX()) * Eigen::AngleAxisd(angles.y, Eigen::Vector3d::UnitY()) *
       Eigen::AngleAxisd(angles.z, Eigen::Vector3d::UnitZ()))
          .toRotationMatrix();
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) EXPECT_NEAR(R.m[i][j], expected(i, j), 1e-13) << what;
}

template <class Items>
const auto* find_by_name(const Items& items, const std::string& name) {
  for (const auto& item : items)
    if (item.name == name) return &item;
  return static_cast<decltype(&*items.begin())>(nullptr);
}

// the table's words for a function: "linear 1 0", "constant 0", "SimmSpline x=... y=...",
// "PiecewiseLinearFunction x=... y=...", "polynomial(highest first) ...", "scale 2 * (...)", "... (scale 2)"
struct FunctionText {
  std::string kind;
  std::vector<double> x, y, coefficients;
  double scale = 1;
};
FunctionText parse_function_text(std::string text) {
  FunctionText function;
  if (text.rfind("scale ", 0) == 0) {
    const std::size_t open = text.find(" * (");
    function = parse_function_text(text.substr(open + 4, text.size() - open - 5));
    function.scale *= parse_number(text.substr(6, open - 6)).value();
    return function;
  }
  if (const std::size_t open = text.find(" (scale "); open != std::string::npos) {
    function.scale = parse_number(text.substr(open + 8, text.size() - open - 9)).value();
    text.resize(open);
  }
  std::vector<std::string> words = split_words(text);
  function.kind = words[0];
  std::vector<double>* target = &function.coefficients;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string word = words[i];
    if (word == "first)") continue;
    if (word.rfind("x=", 0) == 0) target = &function.x, word.erase(0, 2);
    if (word.rfind("y=", 0) == 0) target = &function.y, word.erase(0, 2);
    target->push_back(parse_number(word).value());
  }
  return function;
}

void expect_function(const FunctionSpec& function, const std::string& text, const std::string& what) {
  const FunctionText expected = parse_function_text(text);
  const std::map<std::string, FunctionKind> kinds = {
      {"constant", FunctionKind::constant},
      {"linear", FunctionKind::linear},
      {"SimmSpline", FunctionKind::simm_spline},
      {"NaturalCubicSpline", FunctionKind::simm_spline},
      {"PiecewiseLinearFunction", FunctionKind::piecewise_linear},
      {"polynomial(highest", FunctionKind::polynomial},
  };
  ASSERT_TRUE(kinds.contains(expected.kind)) << expected.kind;
  EXPECT_EQ(function.kind, kinds.at(expected.kind)) << what;
  EXPECT_EQ(function.x, expected.x) << what;
  EXPECT_EQ(function.y, expected.y) << what;
  EXPECT_EQ(function.coefficients, expected.coefficients) << what;
  EXPECT_DOUBLE_EQ(function.scale, expected.scale) << what;
}

TEST_P(OsimFacts, every_body_and_its_joint_stand_in_the_model) {
  const std::vector<Row> table = rows("bodies.csv");
  ASSERT_FALSE(table.empty());
  EXPECT_EQ(spec_.bodies.size(), table.size());
  for (const Row& row : table) {
    const std::string name = row.at("body");
    const BodySpec* body = find_by_name(spec_.bodies, name);
    ASSERT_NE(body, nullptr) << name;
    EXPECT_EQ(body->mass, number(row, "mass_kg")) << name;
    expect_near(body->p_BBcm_B, vector3(row, "com_x", "com_y", "com_z"), 0, name);
    if (body->mass > 0) {
      const Inertia<double>& I = body->I_BBcm_B;
      expect_near({I.xx, I.yy, I.zz}, vector3(row, "Ixx", "Iyy", "Izz"), 0, name);
      expect_near({I.xy, I.xz, I.yz}, vector3(row, "Ixy", "Ixz", "Iyz"), 0, name);
    }
    const JointSpec* joint = find_by_name(spec_.joints, row.at("joint"));
    ASSERT_NE(joint, nullptr) << row.at("joint");
    EXPECT_EQ(joint->child.body, name);
    EXPECT_EQ(joint->parent.body, row.at("parent"));
    const std::map<std::string, JointKind> kinds = {{"WeldJoint", JointKind::weld},
                                                    {"PinJoint", JointKind::pin},
                                                    {"UniversalJoint", JointKind::universal},
                                                    {"BallJoint", JointKind::ball},
                                                    {"CustomJoint", JointKind::custom}};
    ASSERT_TRUE(kinds.contains(row.at("joint_type"))) << row.at("joint_type");
    EXPECT_EQ(joint->kind, kinds.at(row.at("joint_type"))) << joint->name;
    expect_near(joint->parent.X_BF.p, vector3(row, "parent_offset_x", "parent_offset_y", "parent_offset_z"), 0,
                joint->name);
    expect_near(joint->child.X_BF.p, vector3(row, "child_offset_x", "child_offset_y", "child_offset_z"), 0,
                joint->name);
    expect_rotation(joint->parent.X_BF.R, vector3(row, "parent_orient_x", "parent_orient_y", "parent_orient_z"),
                    joint->name);
    expect_rotation(joint->child.X_BF.R, vector3(row, "child_orient_x", "child_orient_y", "child_orient_z"),
                    joint->name);
    std::vector<std::string> names;
    for (const CoordinateSpec& coordinate : joint->coordinates) names.push_back(coordinate.name);
    EXPECT_EQ(names, split_words(row.at("coordinates"))) << joint->name;
  }
}

TEST_P(OsimFacts, every_axis_moves_as_the_table_says) {
  std::map<std::string, int> slots;
  for (int i = 0; i < 6; ++i) slots[(i < 3 ? "rotation" : "translation") + std::to_string(i % 3 + 1)] = i;
  std::size_t compared = 0;
  for (const Row& row : rows("joint_axes.csv")) {
    const JointSpec* joint = find_by_name(spec_.joints, row.at("joint"));
    ASSERT_NE(joint, nullptr) << row.at("joint");
    const std::string what = joint->name + " " + row.at("axis_slot");
    if (joint->kind != JointKind::custom) continue;
    const AxisSpec& axis = joint->axes[slots.at(row.at("axis_slot"))];
    expect_near(axis.direction, vector3(row, "axis_x", "axis_y", "axis_z"), 0, what);
    ++compared;
    const FunctionText expected = parse_function_text(row.at("function"));
    if (expected.kind == "constant" && expected.scale * expected.coefficients[0] == 0) {
      EXPECT_TRUE(axis.terms.empty()) << what;
      continue;
    }
    ASSERT_EQ(axis.terms.size(), 1u) << what;
    EXPECT_EQ(axis.terms[0].coordinate, row.at("coordinate")) << what;
    expect_function(axis.terms[0].function, row.at("function"), what);
  }
  EXPECT_GT(compared, 0u);
}

TEST_P(OsimFacts, every_coordinate_has_its_default_range_and_coupling) {
  std::map<std::string, const CoordinateSpec*> coordinates;
  for (const JointSpec& joint : spec_.joints)
    for (const CoordinateSpec& coordinate : joint.coordinates) coordinates[coordinate.name] = &coordinate;
  const std::vector<Row> table = rows("coordinates.csv");
  EXPECT_EQ(coordinates.size(), table.size());
  std::size_t couplings = 0;
  for (const Row& row : table) {
    const std::string name = row.at("coordinate");
    ASSERT_TRUE(coordinates.contains(name)) << name;
    const CoordinateSpec& coordinate = *coordinates[name];
    const double low = number(row, "range_min"), high = number(row, "range_max"), stated = number(row, "default");
    EXPECT_EQ(coordinate.range_min, low) << name;
    EXPECT_EQ(coordinate.range_max, high) << name;
    EXPECT_EQ(coordinate.default_value, coordinate.clamped ? std::min(std::max(stated, low), high) : stated) << name;
    EXPECT_EQ(coordinate.locked, row.at("locked") == "True") << name;
    if (row.at("coupled_to").empty()) continue;
    ++couplings;
    const CouplerSpec* coupler = nullptr;
    for (const CouplerSpec& candidate : spec_.couplers)
      if (candidate.dependent == name) coupler = &candidate;
    ASSERT_NE(coupler, nullptr) << name;
    EXPECT_EQ(coupler->independent, row.at("coupled_to")) << name;
    expect_function(coupler->function, row.at("coupling"), name);
  }
  EXPECT_EQ(spec_.couplers.size(), couplings);
}

TEST_P(OsimFacts, every_muscle_point_stands_where_the_table_says) {
  std::map<std::string, std::size_t> point_counts;
  for (const Row& row : rows("muscles.csv")) {
    const std::string name = row.at("muscle");
    const std::string what = name + " point " + row.at("point_index");
    const MuscleSpec* muscle = find_by_name(spec_.muscles, name);
    ASSERT_NE(muscle, nullptr) << name;
    EXPECT_EQ(muscle->max_isometric_force, number(row, "Fmax_N")) << name;
    EXPECT_EQ(muscle->optimal_fiber_length, number(row, "lopt_m")) << name;
    EXPECT_EQ(muscle->tendon_slack_length, number(row, "ltendon_m")) << name;
    EXPECT_EQ(muscle->pennation_at_optimal, number(row, "pennation_rad")) << name;
    const std::map<std::string, MuscleKind> kinds = {
        {"Thelen2003Muscle", MuscleKind::thelen2003},
        {"Millard2012EquilibriumMuscle", MuscleKind::millard2012_equilibrium},
        {"DeGrooteFregly2016Muscle", MuscleKind::degroote_fregly2016}};
    EXPECT_EQ(muscle->kind, kinds.at(row.at("muscle_class"))) << name;
    const std::size_t index = std::stoul(row.at("point_index")) - 1;
    ++point_counts[name];
    ASSERT_LT(index, muscle->path.points.size()) << what;
    const PathPointSpec& point = muscle->path.points[index];
    EXPECT_EQ(point.frame.body, row.at("body")) << what;
    const std::string note = row.at("note");
    if (row.at("point_type") == "MovingPathPoint") {
      EXPECT_EQ(point.kind, PathPointKind::moving) << what;
      // "x(knee_angle_r)=SimmSpline x=... y=...; y(...)=...; z(...)=..."
      std::stringstream parts(note);
      int component = 0;
      for (std::string part; std::getline(parts, part, ';'); ++component) {
        const std::size_t open = part.find('('), close = part.find(")=");
        ASSERT_LT(component, 3) << what;
        EXPECT_EQ(point.moving[component].coordinate, part.substr(open + 1, close - open - 1)) << what;
        expect_function(point.moving[component].function, part.substr(close + 2), what);
      }
      EXPECT_EQ(component, 3) << what;
      continue;
    }
    expect_near(point.p_F, vector3(row, "x", "y", "z"), 0, what);
    if (row.at("point_type") == "ConditionalPathPoint") {
      EXPECT_EQ(point.kind, PathPointKind::conditional) << what;
      // "active when knee_angle_r in [-0.5 0.1] rad"
      const std::vector<std::string> words = split_words(note);
      ASSERT_GE(words.size(), 6u) << what;
      EXPECT_EQ(point.coordinate, words[2]) << what;
      EXPECT_EQ(point.range_min, parse_number(words[4].substr(1)).value()) << what;
      EXPECT_EQ(point.range_max, parse_number(words[5].substr(0, words[5].size() - 1)).value()) << what;
    } else {
      EXPECT_EQ(point.kind, PathPointKind::fixed) << what;
    }
  }
  EXPECT_EQ(spec_.muscles.size(), point_counts.size());
  for (const MuscleSpec& muscle : spec_.muscles)
    EXPECT_EQ(muscle.path.points.size(), point_counts[muscle.name]) << muscle.name;
}

TEST_P(OsimFacts, every_wrap_object_has_its_place_size_and_muscles) {
  const std::vector<Row> table = rows("wraps.csv");
  EXPECT_EQ(spec_.wrap_objects.size(), table.size());
  std::size_t used = 0, expected_used = 0;
  for (const MuscleSpec& muscle : spec_.muscles) used += muscle.path.wraps.size();
  for (const Row& row : table) {
    const std::string name = row.at("wrap");
    const WrapObjectSpec* wrap = find_by_name(spec_.wrap_objects, name);
    ASSERT_NE(wrap, nullptr) << name;
    EXPECT_EQ(wrap->frame.body, row.at("body")) << name;
    expect_near(wrap->frame.X_BF.p, vector3(row, "translation_x", "translation_y", "translation_z"), 0, name);
    expect_rotation(wrap->frame.X_BF.R, vector3(row, "rotation_x", "rotation_y", "rotation_z"), name);
    const std::vector<std::string> sizes = split_words(row.at("radius_or_dimensions"));
    if (row.at("type") == "WrapCylinder") {
      EXPECT_EQ(wrap->kind, WrapKind::cylinder) << name;
      EXPECT_EQ(wrap->radius, parse_number(sizes.at(0)).value()) << name;
      EXPECT_EQ(wrap->length, number(row, "length")) << name;
    } else {
      ASSERT_EQ(row.at("type"), "WrapEllipsoid");
      EXPECT_EQ(wrap->kind, WrapKind::ellipsoid) << name;
      expect_near(
          wrap->semi_axes,
          {parse_number(sizes.at(0)).value(), parse_number(sizes.at(1)).value(), parse_number(sizes.at(2)).value()}, 0,
          name);
    }
    const std::map<std::string, WrapQuadrant> quadrants = {
        {"all", WrapQuadrant::all},      {"x", WrapQuadrant::positive_x},  {"-x", WrapQuadrant::negative_x},
        {"y", WrapQuadrant::positive_y}, {"-y", WrapQuadrant::negative_y}, {"z", WrapQuadrant::positive_z},
        {"-z", WrapQuadrant::negative_z}};
    EXPECT_EQ(wrap->quadrant, quadrants.at(row.at("quadrant"))) << name;
    EXPECT_EQ(wrap->active, row.at("active") == "true") << name;
    // "glmax1_r:hybrid recfem_r:hybrid[2 3]": the points between which the object may act stand in brackets
    const std::vector<std::string> words = split_words(row.at("muscles"));
    for (std::size_t i = 0; i < words.size(); ++i) {
      ++expected_used;
      const std::string& word = words[i];
      const std::size_t colon = word.find(':'), bracket = word.find('[');
      int first = -1, last = -1;
      if (bracket != std::string::npos) {
        first = std::stoi(word.substr(bracket + 1));
        last = std::stoi(words.at(++i));
      }
      const MuscleSpec* muscle = find_by_name(spec_.muscles, word.substr(0, colon));
      ASSERT_NE(muscle, nullptr) << word;
      bool found = false;
      for (const PathWrapSpec& path_wrap : muscle->path.wraps)
        if (path_wrap.wrap_object == name) {
          found = true;
          EXPECT_EQ(path_wrap.method == WrapMethod::hybrid, word.find("hybrid") != std::string::npos) << word;
          EXPECT_EQ(path_wrap.range_first, first) << word;
          EXPECT_EQ(path_wrap.range_last, last) << word;
        }
      EXPECT_TRUE(found) << word << " over " << name;
    }
  }
  EXPECT_EQ(used, expected_used);
}

INSTANTIATE_TEST_SUITE_P(models, OsimFacts,
                         testing::Values("Rajagopal2016", "RajagopalLaiUhlrich2023", "Pose2Sim_LFB",
                                         "Christophy2012_skeleton", "gait2392_thelen", "CEINMS_BackModel_unscaled"),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace buttress
