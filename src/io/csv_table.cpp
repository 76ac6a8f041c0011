#include "io/csv_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

namespace buttress {

std::vector<std::string> split_cells(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

std::optional<std::vector<CsvRow>> read_csv_table(const std::string& path, const std::vector<std::string>& columns,
                                                  Diagnostics& diagnostics) {
  const auto fail = [&](int line, const std::string& message) {
    diagnostics.error("NORM-001", path, line, message, "Set BUTTRESS_DATA to the data folder of Buttress.");
    return std::nullopt;
  };
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) return fail(0, "the built-in table cannot be read");
  const auto strip = [&] {
    if (!line.empty() && line.back() == '\r') line.pop_back();
  };
  strip();
  const std::vector<std::string> names = split_cells(line);
  for (const std::string& column : columns)
    if (std::find(names.begin(), names.end(), column) == names.end())
      return fail(1, "the table has no column '" + column + "'");
  std::vector<CsvRow> rows;
  for (int number = 2; std::getline(file, line); ++number) {
    strip();
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> cells = split_cells(line);
    if (cells.size() != names.size())
      return fail(number, "the row has " + std::to_string(cells.size()) + " cells, the first line " +
                              std::to_string(names.size()));
    CsvRow row;
    row.line = number;
    for (std::size_t i = 0; i < cells.size(); ++i) row.cells[names[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<double> read_csv_number(const CsvRow& row, const std::string& column, const std::string& path,
                                      Diagnostics& diagnostics) {
  const std::string& text = row.cells.at(column);
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc() && result.ptr == text.data() + text.size() && std::isfinite(value)) return value;
  diagnostics.error("NORM-002", path, row.line, "'" + text + "' under " + column + " is not a number",
                    "Write a number with a decimal point.");
  return std::nullopt;
}

}  // namespace buttress
