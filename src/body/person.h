#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"

/// Whose body is simulated: data/norms/README.md describes the file.
namespace buttress {

enum class Sex { male, female, other };
/// whose norms and segment shares are used
enum class NormTable { men, women, mean };

/// a length measured on the person, by its name in data/norms/lengths.csv
struct MeasuredLength {
  std::string name;
  double length = 0;  ///< m
};

/// an isometric torque measured on the person
struct MeasuredStrength {
  std::string action;  ///< a name of data/norms/actions.csv, without side
  char side = 0;       ///< 'r', 'l', or 0 for the trunk
  double torque = 0;   ///< N m
  double sd = 0;       ///< N m; 0 = not given
};

struct Person {
  std::string file;  ///< empty for the default person
  Sex sex = Sex::male;
  NormTable norms = NormTable::men;
  double age = 30;       ///< years
  double height = 1.75;  ///< m
  double mass = 75;      ///< kg
  std::vector<MeasuredLength> lengths;
  std::vector<MeasuredStrength> strengths;
};

}  // namespace buttress
