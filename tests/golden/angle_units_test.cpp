#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include "io/table_reader.h"
#include "motion/coordinate_motion.h"

namespace buttress {
namespace {

/// one header and ending with the unit that OpenSim takes
struct UnitCase {
  std::string ending, header, unit;
};

std::vector<UnitCase> read_cases() {
  std::ifstream file(BUTTRESS_SOURCE_DIR "/tests/golden/opensim_4_6/angle_units.txt");
  std::vector<UnitCase> cases;
  for (std::string line; std::getline(file, line);) {
    std::istringstream cells(line);
    UnitCase c;
    std::getline(cells, c.ending, '\t');
    std::getline(cells, c.header, '\t');
    std::getline(cells, c.unit);
    cases.push_back(c);
  }
  return cases;
}

bool has_warning(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id && d.severity == Severity::warning) return true;
  return false;
}

// OpenSim's InverseDynamicsTool and AnalyzeTool on the same headers; see opensim_4_6/make_angle_units.py
TEST(AngleUnits, every_header_and_ending_has_the_unit_that_openSim_takes_and_a_guess_is_warned_of) {
  Model model;
  Coordinate swing;
  swing.name = "swing";
  model.coordinates = {swing};
  std::size_t combinations = 0;
  for (const UnitCase& c : read_cases()) {
    std::string text = "Coordinates\n" + c.header + "\nnRows=3\nnColumns=2\nendheader\ntime\tswing\n";
    std::replace(text.begin(), text.end(), '|', '\n');
    text += "0\t0.5\n0.01\t0.5\n0.02\t0.5\n";
    Diagnostics diagnostics;
    const auto table = parse_table(text, "motion." + c.ending, diagnostics);
    ASSERT_TRUE(table) << c.header;
    const auto motion = make_trajectory(model, *table, "motion." + c.ending, {}, diagnostics);
    ASSERT_TRUE(motion) << c.header;
    const std::string where = "." + c.ending + ": " + c.header;
    EXPECT_NEAR(motion->q[1], c.unit == "degrees" ? 0.5 * std::numbers::pi / 180 : 0.5, 1e-12) << where;
    // nothing is said only where the header says what is taken, and nothing else
    const bool says_yes = c.header.find("inDegrees=yes") != std::string::npos ||
                          c.header.find("inDegrees=y") != std::string::npos,
               says_no = c.header.find("inDegrees=no") != std::string::npos;
    if (!says_yes && !says_no && c.header.find("ngles") == std::string::npos &&
        c.header.find("inDegrees") == std::string::npos) {
      EXPECT_TRUE(has_warning(diagnostics, "MOTION-016")) << where << " is a guess";
    }
    if (says_yes != says_no && says_yes == (c.unit == "radians")) {
      EXPECT_TRUE(has_warning(diagnostics, "TABLE-015")) << where << " is overruled";
    }
    if (c.header == "version=1|inDegrees=yes" || c.header == "version=1|inDegrees=no") {
      EXPECT_FALSE(has_warning(diagnostics, "MOTION-016") || has_warning(diagnostics, "TABLE-015")) << where;
    }
    ++combinations;
  }
  EXPECT_EQ(combinations, 68u) << "36 of version, inDegrees, sentence and ending, and odd ones";
}

}  // namespace
}  // namespace buttress
