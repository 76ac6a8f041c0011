#pragma once
#include <cstddef>
#include <span>
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

/// A table whose numbers stand elsewhere: what a result shows of itself to a writer without copying it. Whoever owns
/// the numbers must outlive it.
struct TableView {
  std::string name;                  ///< first header line
  bool in_degrees = false;           ///< rotations are in degrees
  std::vector<std::string> columns;  ///< without "time"
  std::span<const double> time;      ///< [rows], s
  std::span<const double> values;    ///< [rows x columns], row-major

  TableView() = default;
  /// of a whole table; not of one that is about to go
  TableView(const Table& table)
      : name(table.name),
        in_degrees(table.in_degrees),
        columns(table.columns),
        time(table.time),
        values(table.values) {}

  std::size_t row_count() const { return time.size(); }
  double at(std::size_t row, std::size_t column) const { return values[row * columns.size() + column]; }
};

}  // namespace buttress
