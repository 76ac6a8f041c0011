#pragma once
#include <string>
#include <vector>

namespace buttress {

/// Numbers over time with named columns: the content of a .mot or .sto file, or of a result.
/// Values are row-major: value(row, column) = values[row * columns.size() + column]. Time is not a column.
struct Table {
  std::string name;                  ///< first header line
  bool in_degrees = false;           ///< rotations are in degrees
  bool degrees_stated = false;       ///< the file said so itself (inDegrees=...)
  std::vector<std::string> columns;  ///< without "time"
  std::vector<double> time;          ///< [rows], s
  std::vector<double> values;        ///< [rows x columns]

  std::size_t row_count() const { return time.size(); }
  std::size_t column_count() const { return columns.size(); }
  double at(std::size_t row, std::size_t column) const { return values[row * columns.size() + column]; }
  double& at(std::size_t row, std::size_t column) { return values[row * columns.size() + column]; }
  /// index of the column of that exact name, or -1
  int find_column(const std::string& name_wanted) const {
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i] == name_wanted) return static_cast<int>(i);
    return -1;
  }
};

}  // namespace buttress
