// OpenSim's AnalyzeTool, InverseDynamicsTool and InverseKinematicsTool on a small leg of our own with muscles of all
// classes, springs, actuators of all kinds, a wrap, a coupler, a locked and a clamped coordinate, which the motion
// moves. The judge is OpenSim 4.6; what it wrote is in opensim_4_6/analyses, made by make_analyses.py beside it.
#include <fstream>
#include <sstream>

#include "tools_reference_testing.h"

namespace buttress {
namespace {

using namespace reference_testing;

/// one file of OpenSim's results
struct Expected {
  std::string case_name, model, file;
  Table table;
};

std::string find_inputs() {
  return std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/analyses/";
}

std::vector<std::string> split(const std::string& line) {
  std::istringstream words(line);
  std::vector<std::string> found;
  for (std::string word; words >> word;) found.push_back(word);
  return found;
}

const std::vector<Expected>& read_expected() {
  static const std::vector<Expected> all = [] {
    std::vector<Expected> found;
    std::ifstream file(find_inputs() + "expected.txt");
    for (std::string line; std::getline(file, line);) {
      const std::vector<std::string> words = split(line);
      if (words[0] == "@") {
        found.push_back({words[1], words[2], words[3], {}});
        continue;
      }
      Table& table = found.back().table;
      if (table.columns.empty()) {
        table.columns.assign(words.begin() + 1, words.end());
        continue;
      }
      table.time.push_back(std::stod(words[0]));
      for (std::size_t c = 1; c < words.size(); ++c) table.values.push_back(std::stod(words[c]));
    }
    return found;
  }();
  return all;
}

std::string replace(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at; (at = text.find(from)) != std::string::npos;) text.replace(at, from.size(), to);
  return text;
}

/// a folder with the inputs and the model of that name, its coordinates held as make_analyses.py says
std::string make_inputs(const std::string& model) {
  const std::string folder = make_test_folder();
  for (const auto& entry : fs::directory_iterator(find_inputs())) fs::copy(entry.path(), folder);
  std::ifstream file(folder + "leg.osim.in");
  std::stringstream text;
  text << file.rdbuf();
  const bool all = model == "all";
  std::string filled = replace(text.str(), "KNEE_CLAMPED", all || model == "clamped" ? "true" : "false");
  filled = replace(filled, "ANKLE_LOCKED", all || model == "locked" ? "true" : "false");
  filled = replace(filled, "COUPLED", all || model == "coupled" ? "true" : "false");
  std::ofstream(folder + "leg.osim") << filled;
  return folder;
}

/// How far we may be apart, as a share of the largest number of the column (at least find_floor()). OpenSim's assembly
/// stops within 1e-6 rad; its equilibria of fibres stop at 1e-8 of the largest force, which stiff tendons multiply.
double find_tolerance(const Expected& expected, const std::string& column) {
  const bool in_equilibrium = expected.case_name.find("in_equilibrium") != std::string::npos;
  const auto file_has = [&](const char* part) { return expected.file.find(part) != std::string::npos; };
  // with a clamped coordinate OpenSim's inverse kinematics stops short of the minimum, 0.03 degrees here
  if (expected.case_name == "clamped_inverse_kinematics") return 0.05;
  // OpenSim stops Schutte's equilibrium at 1 % of the force, so that its fibre still moves
  if (in_equilibrium && column == "sar") return file_has("ActiveFiber") ? 5e-3 : 1e-3;
  return in_equilibrium ? 5e-5 : 3e-6;
}

/// what counts as nothing: a thousandth of a unit, 1 N of active force; 0.02 W or m/s of a fibre in equilibrium, whose
/// velocity is what is left of OpenSim's error
double find_floor(const Expected& expected) {
  if (expected.file.find("ActiveFiberForce") != std::string::npos) return 1.0;
  return expected.case_name.find("in_equilibrium") != std::string::npos ? 0.02 : 1e-3;
}

void compare_with(const Expected& expected, const Table& result) {
  EXPECT_EQ(result.columns, expected.table.columns) << "the columns and their order";
  if (result.columns != expected.table.columns) return;
  const bool every_row = expected.case_name.find("inverse_dynamics") == std::string::npos;
  if (every_row) {
    EXPECT_EQ(result.row_count(), expected.table.row_count());
  }
  double worst = 0;
  std::string at;
  for (std::size_t c = 0; c < expected.table.columns.size(); ++c) {
    const std::string& column = expected.table.columns[c];
    double peak = find_floor(expected);
    bool is_given = true;
    for (std::size_t r = 0; r < expected.table.row_count(); ++r) {
      is_given = is_given && std::isfinite(expected.table.at(r, c));
      peak = std::max(peak, std::abs(expected.table.at(r, c)));
    }
    // OpenSim has no numbers for the powers of Schutte's muscle
    EXPECT_TRUE(is_given || column == "sar") << column;
    if (!is_given) continue;
    for (std::size_t r = 0; r < expected.table.row_count(); ++r) {
      const double apart = std::abs(interpolate(result, c, expected.table.time[r]) - expected.table.at(r, c)) / peak;
      EXPECT_LE(apart, find_tolerance(expected, column))
          << column << " at " << expected.table.time[r] << " s, of OpenSim's " << expected.table.at(r, c);
      if (apart > worst && find_tolerance(expected, column) < 1e-5) worst = apart, at = column;
    }
  }
  std::printf("[ MEASURED ] %s: %.2g of the largest at %s\n", expected.file.c_str(), worst, at.c_str());
}

class OpenSimAnalyses : public testing::TestWithParam<std::string> {};

TEST_P(OpenSimAnalyses, have_the_files_columns_and_numbers_of_OpenSim) {
  std::string folder;
  std::vector<std::string> written;
  for (const Expected& expected : read_expected()) {
    if (expected.case_name != GetParam()) continue;
    SCOPED_TRACE(expected.case_name + ": " + expected.file);
    if (folder.empty()) {
      folder = make_inputs(expected.model);
      written = run_setup(folder + "setup_" + expected.case_name + ".xml", folder + "out");
    }
    ASSERT_TRUE(fs::exists(folder + "out/" + expected.file)) << "the file is not written";
    compare_with(expected, read_or_fail(folder + "out/" + expected.file));
  }
  ASSERT_FALSE(folder.empty()) << "no expected results";
  // and no files that OpenSim does not write, but our record
  std::size_t files = 0;
  for (const Expected& expected : read_expected()) files += expected.case_name == GetParam();
  EXPECT_EQ(written.size(), files + 1);
}

std::vector<std::string> list_cases() {
  std::vector<std::string> cases;
  for (const Expected& expected : read_expected())
    if (cases.empty() || cases.back() != expected.case_name) cases.push_back(expected.case_name);
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Cases, OpenSimAnalyses, testing::ValuesIn(list_cases()),
                         [](const auto& parameter) { return parameter.param; });

/// the messages of a run
std::vector<Diagnostic> find_messages(const std::string& setup, const std::string& folder) {
  RunToolRequest request;
  request.setup_file = setup;
  request.results_folder = folder;
  std::vector<std::string> written;
  Diagnostics diagnostics;
  run_tool(request, written, diagnostics);
  return diagnostics.items();
}

bool says(const std::vector<Diagnostic>& messages, const std::string& id, const std::string& text) {
  for (const Diagnostic& d : messages)
    if (d.id == id && d.severity == Severity::warning && d.message.find(text) != std::string::npos) return true;
  return false;
}

TEST(AnalyzeTool, says_which_coordinates_it_holds_where_the_motion_moves_them) {
  const std::string folder = make_inputs("all");
  const auto messages = find_messages(folder + "setup_all_analyze.xml", folder + "out");
  EXPECT_TRUE(says(messages, "MOTION-015", "ankle"));
  EXPECT_TRUE(says(messages, "MOTION-015", "knee"));
  // once, whatever the number of analyses
  EXPECT_EQ(std::count_if(messages.begin(), messages.end(), [](const Diagnostic& d) { return d.id == "MOTION-015"; }),
            2);
}

TEST(AnalyzeTool, names_every_column_of_a_states_file_that_it_does_not_use) {
  const std::string folder = make_inputs("all");
  std::ifstream file(folder + "states.sto");
  std::stringstream text;
  text << file.rdbuf();
  std::string states = replace(text.str(), "/forceset/ham/fiber_length", "/forceset/nobody/fiber_length");
  states = replace(states, "/forceset/vas/activation", "/forceset/vas/excitation");
  states = replace(states, "/jointset/ankle_joint/ankle/speed", "/jointset/ankle_joint/wrist/speed");
  file.close();
  std::ofstream(folder + "states.sto") << states;
  const auto messages = find_messages(folder + "setup_muscles_of_states.xml", folder + "out");
  EXPECT_TRUE(says(messages, "STATES-001", "/forceset/nobody/fiber_length"));
  EXPECT_TRUE(says(messages, "STATES-001", "/forceset/vas/excitation"));
  EXPECT_TRUE(says(messages, "STATES-002", "ham"));
  EXPECT_TRUE(says(messages, "MOTION-005", "/jointset/ankle_joint/wrist/speed"));
}

}  // namespace
}  // namespace buttress
