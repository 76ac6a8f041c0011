// What OpenSim's ForceReporter, StatesReporter and Actuation write, and in which order, of forces that are switched
// off, actuators with a state, bushings, and forces outside the ForceSet. The judge is OpenSim 4.6:
// opensim_4_6/make_reports.py.
#include <algorithm>
#include <cmath>
#include <fstream>

#include "body/model_loading.h"
#include "io/osim_reader.h"
#include "tools_reference_testing.h"

namespace buttress {
namespace {

using namespace reference_testing;

std::string find_reports() {
  return std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/reports/";
}

Table read_or_fail(const std::string& path) {
  Diagnostics diagnostics;
  auto table = read_table(path, diagnostics);
  EXPECT_TRUE(table) << path;
  return table.value_or(Table{});
}

TEST(Reports, HaveTheColumnsAndNumbersOfOpenSim) {
  const std::string folder = make_test_folder();
  for (const auto& entry : fs::directory_iterator(find_reports())) fs::copy(entry.path(), folder);
  RunToolRequest request;
  request.setup_file = folder + "setup.xml";
  request.results_folder = folder + "ours";
  std::vector<std::string> written;
  Diagnostics diagnostics;
  ASSERT_EQ(run_tool(request, written, diagnostics), RunStatus::done);
  for (const std::string name : {"FR_forces", "SR_states", "AC_force"}) {
    const Table theirs = read_or_fail(find_reports() + name + ".sto"),
                ours = read_or_fail(folder + "ours/t_" + name + ".sto");
    EXPECT_EQ(ours.columns, theirs.columns) << name;
    ASSERT_EQ(ours.values.size(), theirs.values.size()) << name;
    for (std::size_t i = 0; i < ours.values.size(); ++i)
      EXPECT_NEAR(ours.values[i], theirs.values[i], 1e-6 * std::max(1.0, std::abs(theirs.values[i])))
          << name << " " << ours.columns[i % ours.columns.size()];
  }
}

// a tool that replaces the ForceSet leaves what stands outside it, whatever its name
TEST(Reports, ForcesOutsideTheSetStayWhenItIsReplaced) {
  std::ifstream file(find_reports() + "rep.osim");
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  for (std::size_t at; (at = text.find("\"free_ca\"")) != std::string::npos;) text.replace(at, 9, "\"ca\"");
  Diagnostics diagnostics;
  auto spec = parse_osim(text, "rep.osim", diagnostics);
  ASSERT_TRUE(spec);
  ASSERT_EQ(std::count_if(spec->actuators.begin(), spec->actuators.end(), [](const auto& a) { return a.name == "ca"; }),
            2);
  clear_force_set(*spec);
  ASSERT_EQ(spec->actuators.size(), 1u);
  EXPECT_EQ(spec->actuators[0].name, "ca");
  EXPECT_EQ(spec->actuators[0].optimal_force, 7);
  EXPECT_TRUE(spec->muscles.empty());
  ASSERT_EQ(spec->passive_forces.size(), 1u);
  EXPECT_EQ(spec->passive_forces[0].name, "free_sgf");
  std::vector<std::string> order = spec->force_order;
  std::sort(order.begin(), order.end());
  EXPECT_EQ(order, (std::vector<std::string>{"ca", "free_sgf"}));
}

}  // namespace
}  // namespace buttress
