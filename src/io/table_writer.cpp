#include "io/table_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace buttress {

namespace {

/// text that is gathered before it goes to the file; a long table's text takes more memory than its numbers
constexpr std::size_t kCharactersAtOnce = 1 << 18;
constexpr std::size_t kLongestCell = 33;  ///< the longest double takes 24 characters, and a tab stands before it

using ColumnChoice = std::vector<std::size_t>;

std::string format_sto_head(const TableView& table, const ColumnChoice& columns) {
  std::string text = table.name + "\nversion=1\nnRows=" + std::to_string(table.row_count()) +
                     "\nnColumns=" + std::to_string(columns.size() + 1) +
                     "\ninDegrees=" + (table.in_degrees ? "yes" : "no") + "\nendheader\ntime";
  for (const std::size_t c : columns) text += "\t" + table.columns[c];
  return text + "\n";
}

/// one row at the end of the text
void append_row(const TableView& table, std::size_t row, const ColumnChoice& columns, std::string& text) {
  std::size_t length = text.size();
  text.resize(length + (columns.size() + 1) * kLongestCell + 1);
  const auto append = [&](double value) {
    const auto result = std::to_chars(text.data() + length, text.data() + length + kLongestCell - 1, value);
    length = static_cast<std::size_t>(result.ptr - text.data());
  };
  append(table.time[row]);
  for (const std::size_t c : columns) {
    text[length++] = '\t';
    append(table.at(row, c));
  }
  text[length++] = '\n';
  text.resize(length);
}

bool has_same_values(const TableView& table, std::size_t a, std::size_t b) {
  for (std::size_t row = 0; row < table.row_count(); ++row)
    // a missing value (NaN) equals itself here
    if (!(table.at(row, a) == table.at(row, b)) && !(std::isnan(table.at(row, a)) && std::isnan(table.at(row, b))))
      return false;
  return true;
}

/// The columns to write: the first of each name. Nothing when two of one name differ: a reader would take the first, or
/// give the second another name.
std::optional<ColumnChoice> find_columns_to_write(const std::string& path, const TableView& table,
                                                  Diagnostics& diagnostics) {
  std::unordered_map<std::string_view, std::size_t> first;
  ColumnChoice columns;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& name = table.columns[i];
    const auto [found, is_new] = first.emplace(name, i);
    if (is_new && name != "time") {
      columns.push_back(i);
    } else if (name == "time" || !has_same_values(table, found->second, i)) {
      diagnostics.error("TABLE-030", path, 0, "two columns of the result have the name '" + name + "'",
                        "Give what they stand for (forces, markers, joints) names of their own.");
      return std::nullopt;
    }
  }
  return columns;
}

bool write_rows(const TableView& table, const ColumnChoice& columns, std::FILE* file) {
  std::string text = format_sto_head(table, columns);
  bool is_good = true;
  const auto flush = [&] {
    is_good = std::fwrite(text.data(), 1, text.size(), file) == text.size() && is_good;
    text.clear();
  };
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    append_row(table, row, columns, text);
    if (text.size() > kCharactersAtOnce) flush();
  }
  flush();
  return is_good;
}

}  // namespace

std::string format_sto(const TableView& table) {
  ColumnChoice all(table.columns.size());
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
  std::string text = format_sto_head(table, all);
  for (std::size_t row = 0; row < table.row_count(); ++row) append_row(table, row, all, text);
  return text;
}

bool write_sto(const std::string& path, const TableView& table, Diagnostics& diagnostics) {
  const auto columns = find_columns_to_write(path, table, diagnostics);
  if (!columns) return false;
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  bool is_good = file != nullptr && write_rows(table, *columns, file);
  if (file) is_good = std::fclose(file) == 0 && is_good;
  if (!is_good)
    diagnostics.error("TABLE-016", path, 0, "the file cannot be written",
                      "Check that the folder exists, may be written to, and that the disk is not full.");
  return is_good;
}

}  // namespace buttress
