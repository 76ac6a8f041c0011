#include "io/trc_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <set>

#include "base/decimal.h"
#include "io/name_length.h"
#include "io/table_header.h"
#include "io/xml_document.h"

namespace buttress {

namespace {

/// after this many errors in the rows the reader only counts
constexpr int kMostListedErrors = 20;
/// memory for positions: so much, and so much for each byte of the file. A gap takes one byte, its tab; only files
/// whose rows end before their gaps, and hold hardly anything else, come to the limit.
constexpr std::size_t kBytesForGaps = std::size_t{16} << 20, kBytesPerByte = 9;
constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

/// cells between tabs, without blanks at their ends; empty cells at the end of the line are left out
void split_at_tabs(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  while (true) {
    const std::size_t tab = line.find('\t');
    cells.push_back(trim_blanks(line.substr(0, tab)));
    if (tab == std::string_view::npos) break;
    line.remove_prefix(tab + 1);
  }
  while (!cells.empty() && cells.back().empty()) cells.pop_back();
}

std::string in_quotes(std::string_view cell) {
  std::string text;
  for (char c : cell.substr(0, 40)) text += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  return "\"" + text + (cell.size() > 40 ? "...\"" : "\"");
}

/// metres per unit; 0 when the unit is not known
double find_scale(std::string_view unit, std::string& name) {
  struct Unit {
    const char *spelling, *name;
    double metres;
  };
  static constexpr Unit kUnits[] = {{"mm", "mm", 1e-3},   {"millimeters", "mm", 1e-3}, {"millimetres", "mm", 1e-3},
                                    {"cm", "cm", 1e-2},   {"centimeters", "cm", 1e-2}, {"centimetres", "cm", 1e-2},
                                    {"m", "m", 1},        {"meters", "m", 1},          {"metres", "m", 1},
                                    {"in", "in", 0.0254}, {"inches", "in", 0.0254}};
  const std::string lower = to_lower(unit);
  for (const Unit& u : kUnits)
    if (lower == u.spelling) return name = u.name, u.metres;
  return 0;
}

/// a number, or a gap for an empty cell, NaN of any spelling and infinity; nothing for other text
std::optional<double> read_cell(std::string_view cell) {
  if (cell.empty()) return kGap;
  double value = 0;
  const char* const end = cell.data() + cell.size();
  const auto fast = std::from_chars(cell.data(), end, value);
  if (fast.ec == std::errc() && fast.ptr == end) return std::isfinite(value) ? value : kGap;
  const auto number = parse_number(cell);
  if (number) return std::isfinite(*number) ? *number : kGap;
  const std::string lower = to_lower(cell);
  // spellings of Microsoft's libraries, and words that programs write for "missing"
  if (lower.find("#ind") != std::string::npos || lower.find("#qnan") != std::string::npos ||
      lower.find("nan") != std::string::npos || lower == "na" || lower == "null")
    return kGap;
  return std::nullopt;
}

class TrcParser {
 public:
  TrcParser(std::string_view text, const std::string& file, Diagnostics& diagnostics)
      : lines_(text), file_(file), diagnostics_(diagnostics), most_bytes_(kBytesForGaps + kBytesPerByte * text.size()) {
    out_.file = file;
  }

  std::optional<MarkerTrajectory> parse() {
    if (!read_header() || !read_names()) return std::nullopt;
    read_rows();
    if (failed_) return std::nullopt;
    check_counts();
    check_rate();
    return std::move(out_);
  }

 private:
  bool error(const char* id, int line, std::string message, std::string advice) {
    diagnostics_.error(id, file_, line, std::move(message), std::move(advice));
    failed_ = true;
    return false;
  }

  bool read_header() {
    std::string_view line;
    const bool has_line = lines_.next(line);
    if (has_line && line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
    const auto first = split_words(has_line ? line : std::string_view());
    if (first.empty() || to_lower(first[0]) != "pathfiletype")
      return error("TRC-003", 1, "the first line does not begin with PathFileType", "Is this a .trc file of markers?");
    std::string_view labels, values;
    if (!lines_.next(labels) || !lines_.next(values))
      return error("TRC-003", lines_.line_number(), "the file ends in its header", "Export the markers again.");
    value_line_ = lines_.line_number();
    read_fields(split_words(labels), split_words(values));
    if (!(scale_ > 0))
      return error("TRC-006", value_line_,
                   unit_.empty() ? "Units are missing" : "Units are " + in_quotes(unit_) + ", which is not known",
                   "Write mm, cm or m under Units.");
    return true;
  }

  /// Fields by name. Words make doubled tabs harmless; when a value is missing, so that words and labels do not pair
  /// up, the first number is the rate and the first other word the unit.
  void read_fields(const std::vector<std::string>& labels, const std::vector<std::string>& values) {
    const bool pairs = labels.size() == values.size();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string label = pairs ? to_lower(labels[i]) : std::string();
      const auto number = parse_number(values[i]);
      if (!number && unit_.empty() && (!pairs || label == "units")) {
        unit_ = values[i];
        scale_ = find_scale(unit_, out_.units_in_file);
      }
      if (number && (pairs ? label == "datarate" : i == 0)) out_.rate_hz = *number;
      if (number && label == "numframes") stated_frames_ = *number;
      if (number && label == "nummarkers") stated_markers_ = *number;
    }
  }

  bool read_names() {
    std::string_view line;
    std::vector<std::string_view> cells;
    bool found = false;
    while (!found && lines_.next(line)) {
      if (trim_blanks(line).empty()) continue;
      found = true;
    }
    split_at_tabs(line, cells);
    if (cells.size() == 1) {
      // blanks instead of tabs
      words_ = split_words(line);
      cells.assign(words_.begin(), words_.end());
    }
    std::vector<std::string> names;
    for (const std::string_view cell : cells)
      if (!cell.empty()) names.emplace_back(cell);
    if (!found || names.size() < 2 || to_lower(names[0]).substr(0, 5) != "frame" || to_lower(names[1]) != "time")
      return error("TRC-004", lines_.line_number(), "no line of marker names that begins with Frame# and Time",
                   "The fourth line of a .trc file names the markers.");
    names_line_ = lines_.line_number();
    names.erase(names.begin(), names.begin() + 2);
    for (const std::string& name : names)
      if (!check_name_length(name, file_, names_line_, diagnostics_)) return false;
    if (names.empty()) return error("TRC-005", names_line_, "no marker is named", "Name markers in the fourth line.");
    if (names.size() > kMostNames)
      return error(
          "TRC-017", names_line_,
          "the line names " + std::to_string(names.size()) + " markers; " + std::to_string(kMostNames) + " can be read",
          "Is this the line of names?");
    make_unique(names);
    out_.names = std::move(names);
    return true;
  }

  void make_unique(std::vector<std::string>& names) {
    std::set<std::string> taken(names.begin(), names.end()), seen;
    std::map<std::string, int> next_number;
    int repeated = 0;
    for (std::string& name : names) {
      if (seen.insert(name).second) continue;
      std::string renamed;
      do renamed = std::to_string(++next_number[name]) + "_" + name;
      while (!taken.insert(renamed).second);
      if (++repeated <= kMostListedErrors)
        diagnostics_.warning(
            "TRC-015", file_, names_line_,
            "the marker name " + in_quotes(name) + " stands more than once: this one is called " + in_quotes(renamed),
            "The first keeps the name.");
      seen.insert(renamed);
      name = renamed;
    }
    if (repeated > kMostListedErrors)
      diagnostics_.warning("TRC-015", file_, names_line_,
                           std::to_string(repeated) + " markers have a name that stood before; the first " +
                               std::to_string(kMostListedErrors) + " are listed",
                           "Give every marker its own name.");
  }

  void fail_row(const char* id, std::string message, std::string advice) {
    failed_ = true;
    if (++listed_ > kMostListedErrors)
      ++hidden_;
    else
      diagnostics_.error(id, file_, lines_.line_number(), std::move(message), std::move(advice));
  }

  /// true for the line "X1 Y1 Z1 ..." under the names
  static bool is_axis_line(std::string_view line) {
    const std::string_view text = trim_blanks(line);
    return !text.empty() && (text[0] == 'X' || text[0] == 'x');
  }

  void read_rows() {
    std::string_view line;
    bool may_be_axes = true;
    while (lines_.next(line)) {
      if (trim_blanks(line).empty()) continue;
      const bool is_axes = may_be_axes && is_axis_line(line);
      may_be_axes = false;
      if (!is_axes) read_row(line);
    }
    if (hidden_ > 0)
      diagnostics_.error("TRC-016", file_, 0, std::to_string(hidden_) + " more rows have errors",
                         "Mend the ones listed first; they may have one cause.");
    if (out_.time.empty() && !failed_)
      error("TRC-007", lines_.line_number(), "the file has no frames", "Export again.");
    if (at_origin_ > 0)
      diagnostics_.warning("TRC-014", file_, first_at_origin_line_,
                           "marker " + first_at_origin_ + " stands exactly at the origin here (in all " +
                               std::to_string(at_origin_) + " such places)",
                           "Taken as missing. Leave such cells empty.");
  }

  void read_row(std::string_view line) {
    const std::size_t markers = out_.names.size(), expected = 2 + 3 * markers;
    split_at_tabs(line, cells_);
    // tabs doubled throughout, or blanks: cells are words
    const bool has_no_time = cells_.size() < 2 || cells_[1].empty();
    if (has_no_time || cells_.size() > expected) {
      words_ = split_words(line);
      if (words_.size() == expected || has_no_time) cells_.assign(words_.begin(), words_.end());
    }
    if (cells_.size() > expected || cells_.size() < 2 || (cells_.size() < expected && (cells_.size() - 2) % 3 != 0)) {
      fail_row("TRC-010",
               "the row has " + std::to_string(cells_.size()) + " cells; frame, time and " + std::to_string(markers) +
                   " markers are " + std::to_string(expected),
               cells_.size() < expected ? "The file may have been cut short." : "A marker's name may be missing.");
      return;
    }
    const auto time = read_cell(cells_[1]);
    if (!time || !std::isfinite(*time) || (!out_.time.empty() && !(*time > out_.time.back()))) {
      fail_row("TRC-012", "the time " + in_quotes(cells_[1]) + " is not a number above that of the row before",
               "Rows must be sorted by time.");
      return;
    }
    const std::size_t start = out_.positions.size();
    if ((start + 3 * markers) * sizeof(double) > most_bytes_) {
      if (!failed_)
        error("TRC-018", lines_.line_number(),
              "the rows so far have too few cells for " + std::to_string(markers) + " markers: nearly all are gaps",
              "Leave out the markers that were not seen, or export the file again.");
      return;
    }
    out_.positions.resize(start + 3 * markers, kGap);
    for (std::size_t c = 2; c < cells_.size(); ++c) {
      const auto value = read_cell(cells_[c]);
      if (!value) {
        fail_row("TRC-011", "marker " + out_.names[(c - 2) / 3] + ": " + in_quotes(cells_[c]) + " is not a number",
                 cells_[c].find(',') != std::string_view::npos ? "Numbers need a decimal point."
                                                               : "Leave the cell empty if the marker was not seen.");
        out_.positions.resize(start);
        return;
      }
      out_.positions[start + c - 2] = *value * scale_;
    }
    for (std::size_t m = 0; m < markers; ++m) close_gap(out_.positions.data() + start + 3 * m, out_.names[m]);
    out_.time.push_back(*time);
  }

  /// a marker is there with three numbers or not at all
  void close_gap(double* p, const std::string& name) {
    if (p[0] == 0 && p[1] == 0 && p[2] == 0) {
      if (at_origin_++ == 0) first_at_origin_ = name, first_at_origin_line_ = lines_.line_number();
      p[0] = kGap;
    }
    if (!std::isfinite(p[0] + p[1] + p[2])) p[0] = p[1] = p[2] = kGap;
  }

  void check_counts() {
    const auto warn = [&](const char* id, const char* field, double stated, std::size_t counted, const char* what) {
      if (std::isnan(stated) || stated == static_cast<double>(counted)) return;
      const auto [said, found] = format_apart(stated, static_cast<double>(counted));
      diagnostics_.warning(id, file_, value_line_,
                           std::string(field) + " is " + said + ", the file has " + found + " " + what,
                           "What the file has is taken.");
    };
    warn("TRC-008", "NumFrames", stated_frames_, out_.time.size(), "frames");
    warn("TRC-009", "NumMarkers", stated_markers_, out_.names.size(), "marker names");
  }

  void check_rate() {
    const std::size_t frames = out_.time.size();
    const bool has_rate = std::isfinite(out_.rate_hz) && out_.rate_hz > 0;
    if (frames < 2) {
      if (!has_rate) out_.rate_hz = 0;
      return;
    }
    const double from_times = static_cast<double>(frames - 1) / (out_.time.back() - out_.time.front());
    // times rounded to milliseconds make a few percent
    if (has_rate && std::abs(from_times / out_.rate_hz - 1) < 0.05) return;
    const auto [said, found] = format_apart(out_.rate_hz, from_times);
    diagnostics_.warning("TRC-013", file_, value_line_,
                         "DataRate is " + said + ", the times are those of " + found + " frames per second",
                         "The times are taken.");
    out_.rate_hz = from_times;
  }

  LineScanner lines_;
  const std::string& file_;
  Diagnostics& diagnostics_;
  std::size_t most_bytes_;  ///< of positions: gaps take no room in the file
  MarkerTrajectory out_;
  std::string unit_;
  double scale_ = 0, stated_frames_ = kGap, stated_markers_ = kGap;
  int value_line_ = 0, names_line_ = 0, listed_ = 0, hidden_ = 0;
  long long at_origin_ = 0;
  int first_at_origin_line_ = 0;
  std::string first_at_origin_;
  bool failed_ = false;
  std::vector<std::string_view> cells_;
  std::vector<std::string> words_;
};

}  // namespace

std::optional<MarkerTrajectory> parse_trc(std::string_view text, const std::string& file_name,
                                          Diagnostics& diagnostics) {
  return TrcParser(text, file_name, diagnostics).parse();
}

std::optional<MarkerTrajectory> read_trc(const std::string& path, Diagnostics& diagnostics) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    diagnostics.error("TRC-002", path, 0, "this is a folder, not a .trc file", "Name the file in it.");
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    diagnostics.error("TRC-001", path, 0,
                      std::filesystem::exists(path, error) ? "the file cannot be opened" : "there is no such file",
                      "Check the name; relative paths count from the setup file.");
    return std::nullopt;
  }
  const std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return parse_trc(content, path, diagnostics);
}

}  // namespace buttress
