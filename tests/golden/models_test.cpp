// Every published model that stands beside the repository reads and compiles. What the references can prove: mass, and
// counts of coordinates and muscles, were taken from the files by another program (each folder's SOURCE.md); the order
// of coordinates is that of OpenSim's own inverse dynamics results.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "base/skips_testing.h"
#include "io/osim_reader.h"
#include "io/table_reader.h"
#include "model/compile.h"

namespace buttress {
namespace {

namespace fs = std::filesystem;

fs::path find_data() {
  const char* given = std::getenv("BUTTRESS_SHARED");
  return (given ? fs::path(given) : fs::path(BUTTRESS_SOURCE_DIR) / ".." / "shared") / "data";
}

/// what a user has to leave out, by type, so that forces can be shared out; models not listed need nothing
const std::map<std::string, std::vector<std::string>> kIgnore = {
    {"osim_core_io_formats/osim/Neck3dof_point_constraint.osim", {"PointConstraint"}},
    {"osim_core_io_formats/osim/std_Neck3dof_point_constraint_latest.osim", {"PointConstraint"}},
    {"osim_core_muscle_geometry/momentarm_models/CoupledCoordinatesMPPsMomentArmTest.osim", {"WeldConstraint"}},
    {"osim_core_muscle_geometry/momentarm_models/knee_patella_ligament.osim", {"ConstantDistanceConstraint"}},
};

struct ResultFile {
  const char* model;
  const char* result;
  /// OpenSim 4 lists coordinates in the order of its tree, OpenSim 3 and RTOSIM in the order of the file
  bool tree_order = true;
  /// some results were made with other joints welded than the model beside them
  std::vector<std::string> only_in_model = {}, only_in_result = {};
};
const ResultFile kResults[] = {
    {"synthetic_walk_s01/subject01.osim",
     "synthetic_walk_s01/ref_id.sto",
     true,
     {},
     {"mtp_angle_r", "mtp_angle_l", "wrist_flex_r", "wrist_dev_r", "wrist_flex_l", "wrist_dev_l"}},
    {"ceinms_walk36/gait2392.osim", "ceinms_walk36/walk36/ref_id.sto"},
    {"rajagopal_walk/subject_walk_scaled.osim", "rajagopal_walk/ref_id_walk.sto", true, {"mtp_angle_r", "mtp_angle_l"}},
    {"osim_core_arm26_pendulum/id/arm26.osim", "osim_core_arm26_pendulum/id/std_arm26_InverseDynamics.sto"},
    {"lumbar_lifting_5kg_squat/lumbarModel_scaled.osim", "lumbar_lifting_5kg_squat/squat5kg/id.sto", false},
    {"gait10dof18musc_walk/subject01.osim", "gait10dof18musc_walk/id/ref_subject01_walk_ID.sto", false},
    {"gait2392_walk/id/subject01_simbody.osim", "gait2392_walk/id/ref_InverseDynamicsOutput.sto", false},
};

std::vector<std::string> find_models(const fs::path& data) {
  std::vector<std::string> models;
  for (const auto& entry : fs::recursive_directory_iterator(data))
    if (entry.path().extension() == ".osim") models.push_back(fs::relative(entry.path(), data).generic_string());
  std::sort(models.begin(), models.end());
  return models;
}

struct Facts {
  double mass = 0;
  int coordinates = 0, locked = 0, muscles = 0;
};

/// rows of the SOURCE.md files that describe a model: "mass 75.165 kg, 23 coordinates (0 locked), ... muscles {...}"
std::map<std::string, Facts> read_facts(const fs::path& data) {
  std::map<std::string, Facts> facts;
  const std::regex row(R"(^\| (\S+\.osim) \|.* mass ([0-9.]+) kg, ([0-9]+) coordinates \(([0-9]+) locked\))");
  const std::regex muscle(R"('[A-Za-z0-9]+Muscle': ([0-9]+))");
  for (const auto& folder : fs::directory_iterator(data)) {
    std::ifstream file(folder.path() / "SOURCE.md");
    for (std::string line; std::getline(file, line);) {
      std::smatch match;
      if (!std::regex_search(line, match, row)) continue;
      Facts& f = facts[folder.path().filename().string() + "/" + match[1].str()];
      f = {std::stod(match[2]), std::stoi(match[3]), std::stoi(match[4]), 0};
      for (std::sregex_iterator it(line.begin(), line.end(), muscle), end; it != end; ++it)
        f.muscles += std::stoi((*it)[1]);
    }
  }
  return facts;
}

int count_default_muscles(const fs::path& path) {
  std::ifstream file(path);
  const std::regex muscle(R"(Muscle name="default")");
  int count = 0;
  for (std::string line; std::getline(file, line);) count += std::regex_search(line, muscle);
  return count;
}

std::optional<Model> read_and_compile(const fs::path& data, const std::string& name, Diagnostics& diagnostics) {
  const std::optional<ModelSpec> spec = read_osim((data / name).string(), diagnostics);
  if (!spec) return std::nullopt;
  const auto ignore = kIgnore.find(name);
  return compile(*spec, {ignore == kIgnore.end() ? std::vector<std::string>{} : ignore->second}, diagnostics);
}

class PublishedModels : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(find_data())) GTEST_SKIP() << kNoSharedData;
  }
  const fs::path data_ = find_data();
};

TEST_F(PublishedModels, all_read_and_compile_with_the_mass_and_counts_of_their_description) {
  const std::map<std::string, Facts> facts = read_facts(data_);
  int described = 0;
  for (const std::string& name : find_models(data_)) {
    SCOPED_TRACE(name);
    Diagnostics diagnostics;
    const std::optional<Model> model = read_and_compile(data_, name, diagnostics);
    for (const Diagnostic& d : diagnostics.items())
      if (d.severity == Severity::error) ADD_FAILURE() << format_diagnostic(d);
    ASSERT_TRUE(model);
    EXPECT_EQ(model->ignored.empty(), kIgnore.count(name) == 0);
    const auto f = facts.find(name);
    if (f == facts.end()) continue;
    ++described;
    // the descriptions are rounded to grams
    EXPECT_NEAR(model->total_mass, f->second.mass, 0.5001e-3);
    EXPECT_EQ(model->coordinate_count(), f->second.coordinates);
    EXPECT_EQ(
        std::count_if(model->coordinates.begin(), model->coordinates.end(), [](const auto& c) { return c.locked; }),
        f->second.locked);
    // the descriptions count the muscles among a file's defaults too
    EXPECT_EQ(static_cast<int>(model->muscles.size()) + count_default_muscles(data_ / name), f->second.muscles);
  }
  EXPECT_GE(described, 45);
}

TEST_F(PublishedModels, what_the_table_ignores_is_refused_without_it) {
  for (const auto& [name, ignore] : kIgnore) {
    Diagnostics diagnostics;
    const std::optional<ModelSpec> spec = read_osim((data_ / name).string(), diagnostics);
    ASSERT_TRUE(spec) << name;
    EXPECT_FALSE(compile(*spec, {}, diagnostics)) << name;
    for (const Diagnostic& d : diagnostics.items())
      if (d.severity == Severity::error) {
        EXPECT_EQ(d.id, "MODEL-001") << name;
        EXPECT_NE(d.message.find(ignore[0]), std::string::npos) << name;
      }
  }
}

TEST_F(PublishedModels, coordinates_stand_in_the_order_of_opensims_results) {
  for (const ResultFile& r : kResults) {
    SCOPED_TRACE(r.result);
    Diagnostics diagnostics;
    const std::optional<Model> model = read_and_compile(data_, r.model, diagnostics);
    const std::optional<Table> table = read_table((data_ / r.result).string(), diagnostics);
    ASSERT_TRUE(model && table);
    std::vector<std::string> ours, theirs;
    for (const Coordinate& c : model->coordinates) ours.push_back(c.name);
    for (const std::string& column : table->columns)
      theirs.push_back(std::regex_replace(column, std::regex("_(moment|force)$"), ""));
    const auto take_out = [](std::vector<std::string>& names, const std::vector<std::string>& gone) {
      for (const std::string& name : gone) {
        const auto at = std::find(names.begin(), names.end(), name);
        ASSERT_NE(at, names.end()) << name;
        names.erase(at);
      }
    };
    take_out(ours, r.only_in_model);
    take_out(theirs, r.only_in_result);
    if (!r.tree_order) {
      std::sort(ours.begin(), ours.end());
      std::sort(theirs.begin(), theirs.end());
    }
    EXPECT_EQ(ours, theirs);
  }
}

}  // namespace
}  // namespace buttress
