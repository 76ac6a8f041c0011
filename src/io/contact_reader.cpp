#include "io/contact_reader.h"

#include <cmath>
#include <fstream>
#include <set>

#include "base/decimal.h"
#include "io/csv_table.h"
#include "io/table_header.h"

namespace buttress {

namespace {

constexpr int kMostListedErrors = 20;
constexpr const char* kHeader = "point,group,body,x_m,y_m,z_m,strength_N,mirrored,source,sure";

std::optional<double> parse_finite(std::string_view text) {
  const auto value = parse_decimal(trim_blanks(text));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

bool ends_in_r(const std::string& name) {
  return name.size() > 2 && name.compare(name.size() - 2, 2, "_r") == 0;
}
/// "heel_r" -> "heel_l"
std::string make_left_name(std::string name) {
  if (ends_in_r(name)) name.back() = 'l';
  return name;
}

}  // namespace

std::optional<ContactSet> read_contacts(const std::string& path, const Model& model, double floor_height,
                                        Diagnostics& diagnostics) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) {
    diagnostics.error("CONTACT-001", path, 0, "the contact file cannot be read", "Check path and permissions.");
    return std::nullopt;
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line != kHeader) {
    diagnostics.error("CONTACT-001", path, 1, "the first line is not that of a contact file",
                      std::string("Write: ") + kHeader);
    return std::nullopt;
  }
  ContactSet contacts;
  contacts.surfaces.push_back(make_floor(floor_height));
  std::set<std::string> names;
  bool good = true;
  int failed = 0;
  const auto fail = [&](const char* id, int number, const std::string& message, const std::string& advice) {
    // after this many errors the reader is content with having failed
    if (++failed <= kMostListedErrors) diagnostics.error(id, path, number, message, advice);
    good = false;
  };
  const auto add = [&](ContactPoint point, const std::string& body, int number) {
    point.body = model.find_body(body);
    if (point.body <= 0)
      fail("CONTACT-003", number, "the model has no body '" + body + "'", "Check the spelling of the body.");
    if (!names.insert(point.name).second)
      fail("CONTACT-004", number, "there are two points '" + point.name + "'", "Give each its own name.");
    contacts.points.push_back(std::move(point));
  };
  for (int number = 2; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> cells = split_cells(line);
    if (cells.size() != 10 || cells[0].empty() || cells[1].empty() || (cells[7] != "yes" && cells[7] != "no")) {
      fail("CONTACT-002", number, "expected ten cells, with yes or no under 'mirrored'",
           std::string("As in: ") + kHeader);
      continue;
    }
    double values[4];
    bool numbers = true;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto value = parse_finite(cells[3 + i]);
      numbers = numbers && value;
      values[i] = value.value_or(0);
    }
    if (!numbers || values[3] < 0) {
      fail("CONTACT-002", number, "x_m, y_m, z_m and strength_N must be numbers, the strength not below zero",
           "Write metres and newtons with a decimal point.");
      continue;
    }
    ContactPoint point;
    point.name = cells[0], point.group = cells[1];
    point.p_B = {values[0], values[1], values[2]};
    point.strength = values[3];
    add(point, cells[2], number);
    if (cells[7] == "no") continue;
    // its twin: another body, or the other side of a body of the midline
    ContactPoint twin = point;
    twin.name = make_left_name(point.name);
    twin.group = make_left_name(point.group);
    twin.p_B.z = -twin.p_B.z;
    add(twin, make_left_name(cells[2]), number);
  }
  if (good && contacts.points.empty()) fail("CONTACT-005", 0, "the contact file holds no points", "Add a point.");
  if (!good) return std::nullopt;
  return contacts;
}

}  // namespace buttress
