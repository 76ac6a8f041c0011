#include "io/table_header.h"

#include <charconv>

namespace buttress {

namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

long long to_count(std::string_view text) {
  long long value = -1;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && value >= 0 ? value : -1;
}

/// "Angles are in degrees." and the like
void hear_sentence(std::string_view line, int line_number, TableHeader& header) {
  const std::string lower = to_lower(line);
  for (const bool degrees : {true, false}) {
    const std::string sentence = std::string("angles are in ") + (degrees ? "degrees" : "radians");
    if (lower.find(sentence) == std::string::npos) continue;
    header.sentence = degrees;
    header.angle_line = line_number;
    // OpenSim's own writing of it, before the version
    if (header.version < 1 && line == "A" + sentence.substr(1) + ".") header.heard_in_degrees = degrees;
  }
}

}  // namespace

std::string_view trim_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool LineScanner::next(std::string_view& line) {
  if (position_ >= text_.size()) return false;
  ++line_number_;
  const std::size_t end = text_.find_first_of("\r\n", position_);
  if (end == std::string_view::npos) {
    line = text_.substr(position_);
    position_ = text_.size();
    return true;
  }
  line = text_.substr(position_, end - position_);
  const bool is_pair = text_[end] == '\r' && end + 1 < text_.size() && text_[end + 1] == '\n';
  position_ = end + (is_pair ? 2 : 1);
  return true;
}

TableHeader parse_table_header(LineScanner& lines) {
  TableHeader header;
  std::string_view raw;
  bool is_first = true;
  while (lines.next(raw)) {
    if (is_first && raw.substr(0, 3) == "\xEF\xBB\xBF") raw.remove_prefix(3);
    std::string_view line = trim_blanks(raw);
    hear_sentence(line, lines.line_number(), header);
    // spreadsheets put quotes around lines that hold a comma
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"')
      line = trim_blanks(line.substr(1, line.size() - 2));
    if (line.empty()) continue;
    const std::size_t key_end = line.find_first_of(" \t=");
    const std::string key = to_lower(line.substr(0, key_end));
    const std::size_t rest_start =
        line.find_first_not_of(" \t=", key_end == std::string_view::npos ? line.size() : key_end);
    const std::string_view rest = rest_start == std::string_view::npos ? std::string_view{} : line.substr(rest_start);
    if (key == "endheader") {
      header.has_end = true;
      return header;
    }
    if (key == "name" && !rest.empty()) {
      header.name = std::string(rest);
    } else if (key == "nrows" || key == "nr" || key == "datarows") {
      header.row_count = to_count(rest);
      header.row_count_line = lines.line_number();
    } else if (key == "ncolumns" || key == "nc" || key == "datacolumns") {
      header.column_count = to_count(rest);
      header.column_count_line = lines.line_number();
    } else if (line.substr(0, key_end) == "version") {
      const long long version = to_count(rest);
      if (version >= 0 && version < 1000) header.version = static_cast<int>(version);
    } else if (key == "indegrees") {
      const std::string answer = to_lower(rest);
      if (answer == "yes" || answer == "y" || answer == "true" || answer == "1") header.in_degrees = true;
      if (answer == "no" || answer == "n" || answer == "false" || answer == "0") header.in_degrees = false;
      if (header.in_degrees) header.heard_in_degrees = header.in_degrees;
      header.angle_line = lines.line_number();
    } else if (key == "datatype") {
      header.data_type = std::string(rest);
      header.data_type_line = lines.line_number();
    } else if (is_first && line.find('=') == std::string_view::npos) {
      header.name = std::string(line);
    }
    is_first = false;
  }
  return header;
}

AngleUnit find_angle_unit(const TableHeader& header, bool is_mot) {
  AngleUnit unit;
  const bool is_simm = header.version < 1 && is_mot;
  unit.in_degrees = is_simm || header.heard_in_degrees.value_or(false);
  unit.is_stated = header.heard_in_degrees == unit.in_degrees;
  if (header.in_degrees && *header.in_degrees != unit.in_degrees)
    unit.ignored = *header.in_degrees ? "inDegrees=yes" : "inDegrees=no";
  else if (header.sentence && *header.sentence != unit.in_degrees)
    unit.ignored = *header.sentence ? "\"Angles are in degrees\"" : "\"Angles are in radians\"";
  return unit;
}

std::vector<std::string> split_labels(std::string_view line, long long expected) {
  const auto split = [&](std::string_view separators) {
    std::vector<std::string> labels;
    std::size_t start = 0;
    while (start < line.size()) {
      const std::size_t end = std::min(line.find_first_of(separators, start), line.size());
      const std::string_view label = trim_blanks(line.substr(start, end - start));
      if (!label.empty()) labels.emplace_back(label);
      start = end + 1;
    }
    return labels;
  };
  std::vector<std::string> words = split(kBlanks);
  if (expected >= 0 && static_cast<long long>(words.size()) != expected) {
    std::vector<std::string> fields = split("\t");
    if (static_cast<long long>(fields.size()) == expected) return fields;
  }
  return words;
}

int find_components(const std::string& data_type) {
  const std::string type = to_lower(data_type);
  if (type.empty() || type == "double") return 1;
  if (type == "quaternion") return 4;
  if (type == "spatialvec") return 6;
  if (type == "unitvec3") return 3;
  if (type.substr(0, 3) == "vec") {
    const long long count = to_count(std::string_view(type).substr(3));
    if (count >= 2 && count <= 12) return static_cast<int>(count);
  }
  return 0;
}

}  // namespace buttress
