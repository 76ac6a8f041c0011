#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "opensim/tool_analyses.h"
#include "study/trial.h"

/// What tests of inverse dynamics against the answers of OpenSim 4.6 share: its files of frames, and movements made by
/// formulas instead of recordings.
namespace buttress::dynamics_testing {

/// a line of a golden file: its first word, and what follows
struct GoldenLine {
  std::string key;
  std::vector<std::string> words;
  std::vector<double> numbers() const {
    std::vector<double> out;
    for (const std::string& word : words) out.push_back(std::stod(word));
    return out;
  }
};

inline std::vector<GoldenLine> read_golden(const std::string& name) {
  std::ifstream file(std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/" + name);
  EXPECT_TRUE(file) << name;
  std::vector<GoldenLine> lines;
  for (std::string text; std::getline(file, text);) {
    std::istringstream in(text);
    GoldenLine line;
    in >> line.key;
    for (std::string word; in >> word;) line.words.push_back(word);
    lines.push_back(line);
  }
  return lines;
}

/// value, rate and acceleration of a coordinate
struct Motion {
  double q = 0, qd = 0, qdd = 0;
};

inline void append_frame(const std::vector<Motion>& coordinates, Trial& trial) {
  trial.motion.time.push_back(0.01 * static_cast<double>(trial.motion.time.size()));
  for (const Motion& m : coordinates) {
    trial.motion.q.push_back(m.q);
    trial.motion.qd.push_back(m.qd);
    trial.motion.qdd.push_back(m.qdd);
  }
}

}  // namespace buttress::dynamics_testing
