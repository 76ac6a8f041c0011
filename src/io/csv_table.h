#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"

namespace buttress {

/// cells of a line; a comma inside double quotes does not part them
std::vector<std::string> split_cells(const std::string& line);

struct CsvRow {
  int line = 0;                              ///< 1-based
  std::map<std::string, std::string> cells;  ///< by column
};

/// A built-in table: the first line names the columns, a cell may stand in double quotes, lines that start with # are
/// remarks. Adds NORM-001 and returns nothing when the file cannot be read, lacks one of `columns`, or a row has
/// another number of cells than the first line.
std::optional<std::vector<CsvRow>> read_csv_table(const std::string& path, const std::vector<std::string>& columns,
                                                  Diagnostics& diagnostics);

/// A cell as a finite number; adds NORM-002 and returns nothing when it is none.
std::optional<double> read_csv_number(const CsvRow& row, const std::string& column, const std::string& path,
                                      Diagnostics& diagnostics);

}  // namespace buttress
