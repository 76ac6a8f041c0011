#include "io/table_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "base/decimal.h"
#include "io/name_length.h"
#include "io/table_header.h"

namespace buttress {

namespace {

/// after this many errors in the rows the reader only counts
constexpr int kMostListedErrors = 20;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// powers of ten that a double holds exactly
constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// The number at `p`; `p` moves behind it. False when there is none.
/// Up to 15 digits with a small exponent, the common case, is digits * or / a power of ten: one rounding, so exact
/// (Clinger 1990). The rest goes to scan_decimal().
bool scan_number(const char*& p, const char* end, double& value) {
  const char* const start = p;
  const char* q = p;
  const bool is_negative = q < end && *q == '-';
  if (q < end && (*q == '-' || *q == '+')) ++q;
  const char* const digits_start = q;
  std::uint64_t digits = 0;
  while (q < end && is_digit(*q)) digits = digits * 10 + static_cast<std::uint64_t>(*q++ - '0');
  std::ptrdiff_t count = q - digits_start, decimals = 0;
  if (q < end && *q == '.') {
    const char* const point = q++;
    while (q < end && is_digit(*q)) digits = digits * 10 + static_cast<std::uint64_t>(*q++ - '0');
    decimals = q - point - 1;
    count += decimals;
  }
  const bool has_exponent = q < end && (*q == 'e' || *q == 'E');
  if (!has_exponent && count > 0 && count <= 19 && digits < (std::uint64_t{1} << 53) && decimals <= 22) {
    const double magnitude = static_cast<double>(digits) / kPowersOfTen[decimals];
    value = is_negative ? -magnitude : magnitude;
    p = q;
    return true;
  }
  const ScannedDecimal scanned = scan_decimal({start, static_cast<std::size_t>(end - start)});
  value = scanned.value;
  p = start + scanned.length;
  return scanned.length > 0;
}

/// spellings of "not a number" that from_chars does not know (Microsoft's)
bool is_windows_nan(std::string_view cell) {
  return cell.find("#IND") != std::string_view::npos || cell.find("#QNAN") != std::string_view::npos ||
         cell.find("#INF") != std::string_view::npos || cell.find("#SNAN") != std::string_view::npos;
}

std::string in_quotes(std::string_view cell) {
  std::string text;
  for (char c : cell.substr(0, 40)) text += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  return "\"" + text + (cell.size() > 40 ? "...\"" : "\"");
}

/// Reads the rows of one table; remembers what it needs for messages.
class RowReader {
 public:
  RowReader(const std::string& file, const TableReadOptions& options, Diagnostics& diagnostics)
      : file_(file), options_(options), diagnostics_(diagnostics) {}

  std::vector<std::string> labels;  ///< of the file, time among them
  std::size_t time_index = 0;
  int components = 1;  ///< numbers per cell

  void read(LineScanner& lines, Table& table) {
    std::string_view line;
    while (lines.next(line)) {
      if (trim_blanks(line).empty()) continue;
      last_line_ = lines.line_number();
      read_row(line, table);
    }
    if (repeated_ > 0)
      diagnostics_.warning("TABLE-018", file_, first_repeated_line_,
                           std::to_string(repeated_) + " row(s), the first here, have the same time as the row before",
                           "Of rows with the same time the first is taken.");
    if (hidden_ > 0)
      diagnostics_.error("TABLE-017", file_, 0, std::to_string(hidden_) + " more rows have errors",
                         "Mend the ones listed first; they may have one cause.");
  }
  bool has_failed() const { return listed_ > 0; }
  int repeated() const { return repeated_; }

 private:
  void fail(const char* id, std::string message, std::string advice) {
    if (++listed_ > kMostListedErrors)
      ++hidden_;
    else
      diagnostics_.error(id, file_, last_line_, std::move(message), std::move(advice));
  }
  /// One row; a row with an error is reported once and left out.
  void read_row(std::string_view line, Table& table) {
    const char *p = line.data(), *const end = p + line.size();
    const std::size_t width = table.columns.size(), start = table.values.size();
    table.values.resize(start + width);
    double time = 0;
    if (!read_cells(p, end, table.values.data() + start, time)) {
      table.values.resize(start);
      return;
    }
    if (!table.time.empty() && !(time > table.time.back())) {
      table.values.resize(start);
      // some programs write their last row twice
      if (time == table.time.back()) {
        if (repeated_++ == 0) first_repeated_line_ = last_line_;
        return;
      }
      const auto [later, earlier] = format_apart(time, table.time.back());
      fail("TABLE-013", "time is " + later + " s after " + earlier + " s in the row before",
           "Rows must be sorted by time.");
      return;
    }
    table.time.push_back(time);
  }

  bool read_cells(const char* p, const char* end, double* out, double& time) {
    const std::size_t expected = labels.size();
    std::size_t cell = 0;
    for (;; ++cell) {
      while (p < end && is_blank(*p)) ++p;
      if (p == end || cell == expected) break;
      const bool is_time = cell == time_index;
      const char* const cell_start = p;
      const int count = is_time ? 1 : components;
      for (int k = 0; k < count; ++k) {
        double value = 0;
        // between the numbers of a cell stands a comma, behind the last one a blank
        bool is_number = scan_number(p, end, value);
        if (is_number && k + 1 < count)
          is_number = p < end && *p++ == ',';
        else if (is_number)
          is_number = p == end || is_blank(*p);
        if (!is_number) {
          p = std::find_if(cell_start, end, is_blank);
          const std::string_view text(cell_start, static_cast<std::size_t>(p - cell_start));
          if (count > 1 || !is_windows_nan(text)) return fail_cell(cell, text);
          value = std::numeric_limits<double>::quiet_NaN();
        }
        if (!std::isfinite(value) && (is_time || !options_.allow_nan)) {
          fail("TABLE-012", "column " + labels[cell] + ": the number is NaN or infinite",
               "Fill the gap in the program that wrote the file, or leave the column out.");
          return false;
        }
        if (is_time)
          time = value;
        else
          *out++ = value;
      }
    }
    if (cell == expected && p == end) return true;
    // count the cells that are too many
    while (p < end) {
      ++cell;
      p = std::find_if(p, end, is_blank);
      p = std::find_if_not(p, end, is_blank);
    }
    fail("TABLE-010",
         "the row has " + std::to_string(cell) + " cells, the column labels are " + std::to_string(expected),
         cell < expected ? "The file may have been cut short, or a cell is empty."
                         : "A label may be missing, or two rows stand on one line.");
    return false;
  }

  bool fail_cell(std::size_t cell, std::string_view text) {
    const bool has_parts = components > 1 && cell != time_index;
    fail("TABLE-011",
         "column " + labels[cell] + ": " + in_quotes(text) +
             (has_parts ? " is not " + std::to_string(components) + " numbers with commas between them"
                        : " is not a number"),
         text.find(',') != std::string_view::npos && !has_parts
             ? "Numbers need a decimal point, and blanks or tabs between them."
             : "Every cell must hold a number.");
    return false;
  }

  const std::string& file_;
  const TableReadOptions& options_;
  Diagnostics& diagnostics_;
  int last_line_ = 0, listed_ = 0, hidden_ = 0, repeated_ = 0, first_repeated_line_ = 0;
};

/// Gives repeated names OpenSim's prefixes 1_, 2_, ...: SIMM's files name the columns of all force plates alike.
void make_labels_unique(std::vector<std::string>& labels, const std::string& file, int line, Diagnostics& diagnostics) {
  std::unordered_set<std::string> taken(labels.begin(), labels.end()), seen;
  std::unordered_map<std::string, int> next_number;
  int repeated = 0;
  for (std::string& label : labels) {
    if (seen.insert(label).second) continue;
    std::string renamed;
    do renamed = std::to_string(++next_number[label]) + "_" + label;
    while (!taken.insert(renamed).second);
    if (++repeated <= kMostListedErrors)
      diagnostics.warning(
          "TABLE-006", file, line,
          "the column name " + in_quotes(label) + " stands more than once: this one is called " + in_quotes(renamed),
          "The first keeps the name.");
    label = renamed;
    seen.insert(renamed);
  }
  if (repeated > kMostListedErrors)
    diagnostics.warning("TABLE-006", file, line,
                        std::to_string(repeated) + " columns have a name that stood before; the first " +
                            std::to_string(kMostListedErrors) + " are listed",
                        "Give every column its own name.");
}

/// labels without time, one per number
std::vector<std::string> make_columns(const RowReader& reader) {
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < reader.labels.size(); ++i) {
    if (i == reader.time_index) continue;
    if (reader.components == 1)
      columns.push_back(reader.labels[i]);
    else
      for (int k = 1; k <= reader.components; ++k) columns.push_back(reader.labels[i] + "_" + std::to_string(k));
  }
  return columns;
}

bool ends_with_mot(const std::string& file) {
  return file.size() >= 4 && to_lower(std::string_view(file).substr(file.size() - 4)) == ".mot";
}

/// whole file in one read; false with a message when that fails
bool read_file(const std::string& path, std::string& text, Diagnostics& diagnostics) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    diagnostics.error("TABLE-002", path, 0, "this is a folder, not a .mot or .sto file", "Name the file in it.");
    return false;
  }
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (!file) {
    diagnostics.error(
        "TABLE-001", path, 0,
        std::filesystem::exists(path, error) ? "the file cannot be opened" : "there is no such file",
        "Check the name; relative paths count from the setup file, or from where the program was started.");
    return false;
  }
  const auto size = std::filesystem::file_size(path, error);
  std::size_t length = 0;
  text.resize(error ? 0 : static_cast<std::size_t>(size));
  // one read gets a plain file; pipes and growing files need more
  for (;;) {
    if (length == text.size()) {
      const int c = std::fgetc(file);
      if (c == EOF) break;
      text.resize(length + (std::size_t{1} << 16));
      text[length++] = static_cast<char>(c);
    }
    const std::size_t count = std::fread(text.data() + length, 1, text.size() - length, file);
    if (count == 0) break;
    length += count;
  }
  const bool failed = std::ferror(file) != 0;
  std::fclose(file);
  text.resize(length);
  if (failed) diagnostics.error("TABLE-001", path, 0, "reading the file failed", "");
  return !failed;
}

}  // namespace

std::optional<Table> parse_table(std::string_view text, const std::string& file_name, Diagnostics& diagnostics,
                                 const TableReadOptions& options) {
  LineScanner lines(text);
  const TableHeader header = parse_table_header(lines);
  if (!header.has_end) {
    diagnostics.error("TABLE-003", file_name, lines.line_number(), "no line \"endheader\" was found",
                      "Is this a .mot or .sto file? The header must end with a line endheader.");
    return std::nullopt;
  }

  RowReader reader(file_name, options, diagnostics);
  reader.components = find_components(header.data_type);
  if (reader.components == 0) {
    diagnostics.error("TABLE-014", file_name, header.data_type_line,
                      "DataType=" + header.data_type + " is not one that can be read",
                      "Expected double, Vec2 to Vec12, UnitVec3, Quaternion or SpatialVec.");
    return std::nullopt;
  }

  std::string_view label_line;
  while (lines.next(label_line) && trim_blanks(label_line).empty()) label_line = {};
  const int label_line_number = lines.line_number();
  reader.labels = split_labels(label_line, header.column_count);
  if (reader.labels.empty()) {
    diagnostics.error("TABLE-004", file_name, label_line_number, "no column labels follow the header",
                      "The line after endheader must name the columns, beginning with time.");
    return std::nullopt;
  }
  if (reader.labels.size() > kMostNames) {
    diagnostics.error("TABLE-019", file_name, label_line_number,
                      "there are " + std::to_string(reader.labels.size()) + " column labels; " +
                          std::to_string(kMostNames) + " can be read",
                      "Is this line one of labels?");
    return std::nullopt;
  }
  const auto time = std::find_if(reader.labels.begin(), reader.labels.end(),
                                 [](const std::string& label) { return to_lower(label) == "time"; });
  if (time == reader.labels.end()) {
    diagnostics.error("TABLE-005", file_name, label_line_number,
                      "no column is named time; the first is " + in_quotes(reader.labels.front()),
                      "Name the column of times \"time\".");
    return std::nullopt;
  }
  reader.time_index = static_cast<std::size_t>(time - reader.labels.begin());
  for (const std::string& label : reader.labels)
    if (!check_name_length(label, file_name, label_line_number, diagnostics)) return std::nullopt;
  if (header.column_count >= 0 && header.column_count != static_cast<long long>(reader.labels.size()))
    diagnostics.warning("TABLE-009", file_name, header.column_count_line,
                        "the header says " + std::to_string(header.column_count) + " columns, but " +
                            std::to_string(reader.labels.size()) + " labels follow",
                        "The labels are taken.");

  Table table;
  table.name = header.name;
  const AngleUnit unit = find_angle_unit(header, ends_with_mot(file_name));
  table.degrees_stated = unit.is_stated;
  table.in_degrees = unit.in_degrees;
  make_labels_unique(reader.labels, file_name, label_line_number, diagnostics);
  table.columns = make_columns(reader);

  // room for the rows: no more than the text can hold, whatever the header says
  const std::size_t cells = reader.labels.size(), left = lines.rest().size();
  std::size_t expected_rows = left / (2 * cells * static_cast<std::size_t>(reader.components)) + 1;
  const std::size_t first_row = std::min(lines.rest().find('\n'), left);
  if (first_row > 2 * cells) expected_rows = std::min(expected_rows, left / first_row + left / first_row / 8 + 16);
  if (header.row_count >= 0) expected_rows = std::min(expected_rows, static_cast<std::size_t>(header.row_count) + 1);
  table.time.reserve(expected_rows);
  table.values.reserve(expected_rows * table.columns.size());
  reader.read(lines, table);

  if (table.time.empty() && !reader.has_failed()) {
    diagnostics.error("TABLE-007", file_name, label_line_number, "no rows follow the column labels",
                      "The file holds no data.");
    return std::nullopt;
  }
  if (reader.has_failed()) return std::nullopt;
  // some programs count a row that they write twice, others do not
  const auto kept = static_cast<long long>(table.row_count()), in_file = kept + reader.repeated();
  if (header.row_count >= 0 && header.row_count != in_file && header.row_count != kept)
    diagnostics.warning(
        "TABLE-008", file_name, header.row_count_line,
        "the header says " + std::to_string(header.row_count) + " rows, but the file holds " + std::to_string(in_file),
        "The rows are taken; the file may be a cut-out, or cut short.");
  if (!unit.ignored.empty())
    diagnostics.warning(
        "TABLE-015", file_name, header.angle_line,
        "the header says " + unit.ignored + ", yet angles, if any, are taken to be in " +
            (table.in_degrees ? "degrees" : "radians") + ", as OpenSim takes them",
        header.version < 1 && ends_with_mot(file_name)
            ? "OpenSim takes every .mot without a line version= to be in degrees: if that is wrong, add "
              "version=1 and inDegrees=no before endheader."
            : "Say it once, with inDegrees=yes or inDegrees=no after a line version=1.");
  return table;
}

std::optional<Table> read_table(const std::string& path, Diagnostics& diagnostics, const TableReadOptions& options) {
  std::string text;
  if (!read_file(path, text, diagnostics)) return std::nullopt;
  return parse_table(text, path, diagnostics, options);
}

}  // namespace buttress
