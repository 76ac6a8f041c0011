#pragma once
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/table.h"
#include "model/model.h"
#include "numeric/butterworth.h"

/// Which columns of a table of motion belong to which coordinates of a model.
namespace buttress {

/// Which coordinate a column of a motion or states file holds.
struct ColumnMeaning {
  enum Kind { value, speed, muscle_state, other } kind = other;
  int coordinate = -1;  ///< index into Model::coordinates for value and speed
  int muscle = -1;      ///< index into Model::muscles for muscle_state; -1 when the model has no such muscle
  std::string state{};  ///< "activation", "fiber_length", ... for muscle_state
};
/// Understands "hip_flexion_r", "/jointset/hip_r/hip_flexion_r/value", ".../speed", "hip_r/hip_flexion_r",
/// "hip_flexion_r_u", and muscle states such as "/forceset/soleus_r/activation" or "soleus_r.fiber_length".
ColumnMeaning find_column_meaning(const Model& model, const std::string& label);

/// Columns of a table by coordinate; -1 = none.
struct CoordinateColumns {
  std::vector<int> value, speed;  ///< [coordinates]
};
/// Adds MOTION-005 and MOTION-006 (see coordinate_motion.h) for columns of no or of the same coordinate; columns of
/// muscle states are left to the caller. MOTION-005 is a warning in a table of states, and where a column is a
/// misspelling of a coordinate that has none.
CoordinateColumns find_coordinate_columns(const Model& model, const Table& table, const std::string& file,
                                          Diagnostics& diagnostics);

/// The wanted columns, angles in radians. columns[i] belongs to coordinates[i].
SampledColumns gather_columns(const Model& model, const Table& table, const std::vector<int>& coordinates,
                              const std::vector<int>& columns);

/// "a, b, c and 4 more"
std::string join_names(const std::vector<std::string>& names);
/// six significant digits, for messages; twelve from 10,000 on
std::string format_number(double x);

}  // namespace buttress
