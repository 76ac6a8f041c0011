#include "track/marker_pairs.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace buttress {

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);)
    if (separator != ' ' || !part.empty()) parts.push_back(part);
  return parts;
}

/// "RASI" <-> "LASI"
std::string mirror_marker(std::string name) {
  if (!name.empty() && (name[0] == 'R' || name[0] == 'L')) name[0] = name[0] == 'R' ? 'L' : 'R';
  return name;
}

/// "femur_r" <-> "femur_l"
std::string mirror_body(std::string name) {
  const std::size_t n = name.size();
  if (n > 2 && name[n - 2] == '_' && (name[n - 1] == 'r' || name[n - 1] == 'l'))
    name[n - 1] = name[n - 1] == 'r' ? 'l' : 'r';
  return name;
}

std::optional<MarkerPair> parse_row(const std::string& line) {
  const std::vector<std::string> cells = split(line, ',');
  if (cells.size() < 8 || (cells[5] != "any" && cells[5] != "fitted") || cells[6].size() != 1 || cells[6][0] < '1' ||
      cells[6][0] > '9')
    return std::nullopt;
  MarkerPair pair;
  pair.segment = cells[0];
  if (pair.segment.size() > 2 && pair.segment.compare(pair.segment.size() - 2, 2, "_r") == 0) {
    pair.segment.resize(pair.segment.size() - 2);
    pair.side = 'r';
  }
  pair.bodies = split(cells[1], ' ');
  for (const std::string& axis : split(cells[2], ' ')) {
    if (axis.size() != 1 || axis[0] < 'x' || axis[0] > 'z') return std::nullopt;
    pair.axis[axis[0] - 'x'] = true;
  }
  pair.first = cells[3], pair.second = cells[4];
  pair.needs_pose = cells[5] == "fitted";
  pair.rank = cells[6][0] - '0';
  return pair;
}

MarkerPair mirror(MarkerPair pair) {
  if (pair.side != 0) pair.side = 'l';
  pair.first = mirror_marker(pair.first), pair.second = mirror_marker(pair.second);
  std::transform(
      pair.bodies.begin(), pair.bodies.end(), pair.bodies.begin(),
      pair.side == 0 ? [](std::string s) { return s; } : [](std::string s) { return mirror_body(s); });
  return pair;
}

}  // namespace

std::optional<std::vector<MarkerPair>> read_marker_pairs(const std::string& path, Diagnostics& diagnostics) {
  std::ifstream file(path);
  std::vector<MarkerPair> pairs;
  int number = 0;
  bool has_header = false, is_good = static_cast<bool>(file);
  for (std::string line; is_good && std::getline(file, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    if (!has_header) {
      has_header = true;
      is_good = line == "segment,bodies,axes,first,second,when,rank,source";
      continue;
    }
    const auto pair = parse_row(line);
    if (!(is_good = pair.has_value())) break;
    pairs.push_back(*pair);
    const MarkerPair twin = mirror(*pair);
    // a pair across the body is its own twin
    if (!(twin.first == pair->second && twin.second == pair->first)) pairs.push_back(twin);
  }
  if (is_good && !pairs.empty()) return pairs;
  diagnostics.error("TRACK-003", path, number, "the table of marker pairs cannot be read",
                    "The data folder is damaged; install again, or check BUTTRESS_DATA.");
  return std::nullopt;
}

}  // namespace buttress
