#include "validate/evidence.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <unordered_map>

#include "io/table_header.h"
#include "io/xml_document.h"

namespace buttress {

namespace {

constexpr const char* kMeasurementHeader = "id,quantity,activity,value,low,high,sd,unit,certainty,source";
constexpr const char* kComparisonHeader = "measurement,movement,settings,side,statistic,counts,remark";

std::optional<std::string> read_text(const std::string& path, Diagnostics& diagnostics) {
  std::ifstream in(path, std::ios::binary);
  std::error_code ignored;
  // a folder opens, but cannot be read
  if (!in || std::filesystem::is_directory(path, ignored)) {
    diagnostics.error("EVID-001", path, 0, "the table of evidence cannot be read",
                      "Set BUTTRESS_DATA to the data folder of Buttress.");
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

/// `count` cells; the last takes the rest of the line, commas included. Fewer when the line has fewer.
std::vector<std::string> split_first_cells(std::string_view line, std::size_t count) {
  std::vector<std::string> cells;
  while (cells.size() + 1 < count) {
    const std::size_t comma = line.find(',');
    if (comma == std::string_view::npos) break;
    cells.emplace_back(trim_blanks(line.substr(0, comma)));
    line.remove_prefix(comma + 1);
  }
  cells.emplace_back(trim_blanks(line));
  return cells;
}

/// Calls add(cells, line number) for each row after the header; false when the header is not as expected.
template <class Add>
bool scan_rows(std::string_view text, const std::string& file, const char* header, Diagnostics& diagnostics,
               const Add& add) {
  const std::size_t columns = split_first_cells(header, 99).size();
  LineScanner lines(text);
  std::string_view line;
  bool has_header = false;
  while (lines.next(line)) {
    line = trim_blanks(line);
    // lines that start with # are remarks
    if (line.empty() || line[0] == '#') continue;
    if (!has_header) {
      if (line != header) break;
      has_header = true;
      continue;
    }
    const std::vector<std::string> cells = split_first_cells(line, columns);
    if (cells.size() == columns)
      add(cells, lines.line_number());
    else
      diagnostics.error(
          "EVID-002", file, lines.line_number(),
          "the row has " + std::to_string(cells.size()) + " cells, " + std::to_string(columns) + " were expected",
          std::string("As in: ") + header);
  }
  if (!has_header)
    diagnostics.error("EVID-001", file, lines.line_number(), "the first line is not that of a table of evidence",
                      std::string("Write: ") + header);
  return has_header;
}

std::optional<Certainty> find_certainty(const std::string& text) {
  for (Certainty c : {Certainty::verified, Certainty::high, Certainty::medium, Certainty::low})
    if (text == name_of(c)) return c;
  return std::nullopt;
}

}  // namespace

const char* name_of(Certainty certainty) {
  switch (certainty) {
    case Certainty::verified:
      return "verified";
    case Certainty::high:
      return "H";
    case Certainty::medium:
      return "M";
    case Certainty::low:
      break;
  }
  return "L";
}

const char* name_of(Statistic statistic) {
  return statistic == Statistic::peak ? "peak" : "mean";
}

std::vector<std::string> split_settings(const std::string& settings) {
  std::istringstream stream(settings);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Evidence read_evidence(const std::string& folder, Diagnostics& diagnostics) {
  const std::string measurement_file = folder + "/measurements.csv", comparison_file = folder + "/comparisons.csv";
  const auto measurements = read_text(measurement_file, diagnostics);
  const auto comparisons = read_text(comparison_file, diagnostics);
  if (!measurements || !comparisons) return {};
  return parse_evidence(*measurements, measurement_file, *comparisons, comparison_file, diagnostics);
}

Evidence parse_evidence(std::string_view measurements, const std::string& measurement_file,
                        std::string_view comparisons, const std::string& comparison_file, Diagnostics& diagnostics) {
  Evidence evidence;
  std::unordered_map<std::string, std::size_t> index;
  scan_rows(measurements, measurement_file, kMeasurementHeader, diagnostics, [&](const auto& cells, int line) {
    Measurement row;
    row.line = line;
    row.id = cells[0], row.quantity = cells[1], row.activity = cells[2];
    bool good = !row.id.empty() && !row.quantity.empty() && !row.activity.empty();
    double* const numbers[] = {&row.value, &row.low, &row.high, &row.sd};
    for (std::size_t i = 0; i < 4; ++i) {
      if (cells[3 + i].empty()) continue;
      const auto number = parse_number(cells[3 + i]);
      good = good && number && std::isfinite(*number);
      *numbers[i] = number.value_or(0);
    }
    row.unit = cells[7];
    const auto certainty = find_certainty(cells[8]);
    row.certainty = certainty.value_or(Certainty::low);
    row.source = cells[9];
    // a measurement without any number, or without its source, is none
    const bool has_number = !cells[3].empty() || !cells[4].empty() || !cells[5].empty();
    if (!good || !certainty || !has_number || row.source.empty()) {
      diagnostics.error("EVID-002", measurement_file, line,
                        "the measurement '" + row.id +
                            "' needs a name, quantity and activity, numbers or nothing under value to sd with at "
                            "least a value or a range, a certainty of verified, H, M or L, and a source",
                        std::string("As in: ") + kMeasurementHeader);
      return;
    }
    if (!index.emplace(row.id, evidence.measurements.size()).second) {
      diagnostics.error("EVID-003", measurement_file, line, "there are two measurements '" + row.id + "'",
                        "Give each its own name.");
      return;
    }
    evidence.measurements.push_back(std::move(row));
  });
  scan_rows(comparisons, comparison_file, kComparisonHeader, diagnostics, [&](const auto& cells, int line) {
    Comparison row;
    row.line = line;
    row.movement = cells[1], row.settings = cells[2], row.side = cells[3], row.remark = cells[6];
    const bool has_side = row.side == "r" || row.side == "l" || row.side == "larger" || row.side == "middle";
    const bool has_statistic = cells[4] == "peak" || cells[4] == "mean";
    if (row.movement.empty() || !has_side || !has_statistic || (cells[5] != "yes" && cells[5] != "no")) {
      diagnostics.error("EVID-002", comparison_file, line,
                        "the comparison with '" + cells[0] +
                            "' needs a movement, the side r, l, larger or middle, the statistic peak or mean, and yes "
                            "or no under counts",
                        std::string("As in: ") + kComparisonHeader);
      return;
    }
    row.statistic = cells[4] == "peak" ? Statistic::peak : Statistic::mean;
    row.counts = cells[5] == "yes";
    const auto found = index.find(cells[0]);
    if (found == index.end()) {
      diagnostics.error("EVID-004", comparison_file, line, "there is no measurement '" + cells[0] + "'",
                        "Name one of " + measurement_file + ".");
      return;
    }
    row.measurement = found->second;
    if (row.counts && evidence.measurements[row.measurement].certainty == Certainty::low) {
      diagnostics.error("EVID-005", comparison_file, line,
                        "'" + cells[0] + "' is an order of magnitude only (certainty L) and cannot count",
                        "Write no under counts.");
      return;
    }
    evidence.comparisons.push_back(std::move(row));
  });
  return evidence;
}

}  // namespace buttress
