#include "body/strength_norms.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "base/decimal.h"
#include "io/csv_table.h"

namespace buttress {

namespace {

constexpr double kStandardGravity = 9.80665;

/// "hip_flexion=90 knee_angle=30"
bool parse_posture(const std::string& text, std::map<std::string, double>& posture) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    const auto value = equals == std::string::npos ? std::nullopt : parse_decimal(word.substr(equals + 1));
    if (!value) return false;
    posture[word.substr(0, equals)] = *value;
  }
  return true;
}

/// a person of the size to which a norm in N m belongs
Person make_sample_person(NormTable table) {
  Person person;
  if (table == NormTable::women) person.mass = 62, person.height = 1.63;
  return person;
}

NormTorque make_torque(const NormRow& row, const Person& person) {
  double factor = 1;
  if (row.unit == "body_weight_height") factor = person.mass * kStandardGravity * person.height;
  if (row.unit == "N_m_per_kg") factor = person.mass;
  if (row.unit == "N_m") {
    const Person sample = make_sample_person(row.table);
    factor = calc_muscle_volume(person.mass, person.height) / calc_muscle_volume(sample.mass, sample.height);
  }
  return {row.value * factor, row.sd * factor, row.sure, row.source};
}

/// weighted mean of two; says what the less sure of them says
NormTorque mix(const NormTorque& a, const NormTorque& b, double share_of_b) {
  const NormTorque& weaker = share_of_b > 0 && find_log_sd(b.sure) > find_log_sd(a.sure) ? b : a;
  return {a.torque + share_of_b * (b.torque - a.torque), a.sd + share_of_b * (b.sd - a.sd), weaker.sure, weaker.source};
}

std::optional<NormTorque> find_in_table(const StrengthTables& tables, const std::string& action, NormTable table,
                                        const Person& person) {
  std::vector<const NormRow*> rows;
  for (const NormRow& row : tables.norms)
    if (row.action == action && row.table == table) rows.push_back(&row);
  if (rows.empty()) return std::nullopt;
  const auto middle = [](const NormRow* row) { return 0.5 * (row->age_from + row->age_to); };
  std::sort(rows.begin(), rows.end(), [&](auto* a, auto* b) { return middle(a) < middle(b); });
  if (person.age <= middle(rows.front())) return make_torque(*rows.front(), person);
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (person.age <= middle(rows[i])) {
      const double share = (person.age - middle(rows[i - 1])) / (middle(rows[i]) - middle(rows[i - 1]));
      return mix(make_torque(*rows[i - 1], person), make_torque(*rows[i], person), share);
    }
  return make_torque(*rows.back(), person);
}

}  // namespace

std::optional<StrengthTables> read_strength_tables(const std::string& folder, Diagnostics& diagnostics) {
  StrengthTables tables;
  tables.folder = folder;
  const std::string action_file = folder + "/actions.csv", norm_file = folder + "/strength_norms.csv";
  const auto actions = read_csv_table(
      action_file, {"action", "title", "coordinate", "direction", "sided", "posture_deg", "balanced"}, diagnostics);
  const auto norms = read_csv_table(
      norm_file, {"action", "sex", "age_from_years", "age_to_years", "value", "sd", "unit", "used", "sure", "source"},
      diagnostics);
  if (!actions || !norms) return std::nullopt;
  const auto fail = [&](const std::string& file, int line, const std::string& message) {
    diagnostics.error("NORM-002", file, line, message, "data/norms/README.md describes the columns.");
  };
  for (const CsvRow& row : *actions) {
    const auto& c = row.cells;
    MuscleAction action{c.at("action"), c.at("title"), c.at("coordinate"), 1, c.at("sided") == "yes", {}, {}};
    std::istringstream balanced(c.at("balanced"));
    for (std::string name; balanced >> name;) action.balanced.push_back(name);
    if (c.at("direction") == "-") action.direction = -1;
    if ((c.at("direction") != "+" && c.at("direction") != "-") ||
        !parse_posture(c.at("posture_deg"), action.posture_deg) || action.balanced.size() > 2)
      fail(action_file, row.line,
           "the direction is + or -, the posture NAME=DEGREES, parted by spaces, at most two coordinates are balanced");
    tables.actions.push_back(action);
  }
  for (const CsvRow& row : *norms) {
    const auto& c = row.cells;
    if (c.at("used") != "yes") continue;
    NormRow norm;
    norm.action = c.at("action"), norm.unit = c.at("unit"), norm.sure = c.at("sure"), norm.source = c.at("source");
    norm.table = c.at("sex") == "female" ? NormTable::women : NormTable::men;
    const auto from = read_csv_number(row, "age_from_years", norm_file, diagnostics);
    const auto to = read_csv_number(row, "age_to_years", norm_file, diagnostics);
    const auto value = read_csv_number(row, "value", norm_file, diagnostics);
    const auto sd = read_csv_number(row, "sd", norm_file, diagnostics);
    if (!from || !to || !value || !sd) continue;
    norm.age_from = *from, norm.age_to = *to, norm.value = *value, norm.sd = *sd;
    const bool known = std::any_of(tables.actions.begin(), tables.actions.end(),
                                   [&](const MuscleAction& a) { return a.name == norm.action; });
    const bool unit = norm.unit == "body_weight_height" || norm.unit == "N_m_per_kg" || norm.unit == "N_m";
    const bool sex = c.at("sex") == "male" || c.at("sex") == "female";
    if (!known || !unit || !sex || !(norm.value > 0) || !(norm.sd > 0) || find_log_sd(norm.sure) <= 0)
      fail(norm_file, row.line, "action, sex, unit or sureness is not known, or a number is not above 0");
    else
      tables.norms.push_back(norm);
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return tables;
}

std::optional<NormTorque> find_norm(const StrengthTables& tables, const std::string& action, const Person& person) {
  if (person.norms != NormTable::mean) return find_in_table(tables, action, person.norms, person);
  const auto men = find_in_table(tables, action, NormTable::men, person);
  const auto women = find_in_table(tables, action, NormTable::women, person);
  if (!men || !women) return men ? men : women;
  NormTorque mean = mix(*men, *women, 0.5);
  const double apart = 0.5 * (men->torque - women->torque);
  mean.sd = std::sqrt(0.5 * (men->sd * men->sd + women->sd * women->sd) + apart * apart);
  return mean;
}

bool check_strengths(const Person& person, const StrengthTables& tables, Diagnostics& diagnostics) {
  bool good = true;
  for (const MeasuredStrength& s : person.strengths) {
    const auto norm = find_norm(tables, s.action, person);
    if (!norm) {
      // no norm to compare with: beyond what any joint of a person makes
      if (s.torque < 500) continue;
      diagnostics.error("PERSON-011", person.file, 0, fmt::format("{} of {:.0f} N m", s.action, s.torque),
                        "Check the unit: torque in N m, or force_N (newtons, not kilograms) with lever_arm_m.");
      good = false;
      continue;
    }
    const double ratio = s.torque / norm->torque;
    const bool impossible = ratio < 0.02 || ratio > 4;
    if (!impossible && std::abs(s.torque - norm->torque) < 4 * norm->sd) continue;
    const std::string message = fmt::format("{} of {:.0f} N m; people like this one show {:.0f} +- {:.0f} N m",
                                            s.action, s.torque, norm->torque, norm->sd);
    if (impossible) {
      diagnostics.error("PERSON-011", person.file, 0, message,
                        "Check the unit: torque in N m, or force_N (newtons, not kilograms) with lever_arm_m.");
      good = false;
    } else {
      diagnostics.warning("PERSON-011", person.file, 0, message, "Check the unit and measure again.");
    }
  }
  return good;
}

double calc_muscle_volume(double mass, double height) {
  return 47.0 * mass * height + 1285.0;
}

double find_log_sd(const std::string& sure) {
  static const std::map<std::string, double> kLogSd = {{"measured", 0.02}, {"verified", 0.1},  {"secondary", 0.1},
                                                       {"memory_H", 0.1},  {"memory_M", 0.25}, {"memory_L", 0.25},
                                                       {"derived", 0.25}};
  const auto found = kLogSd.find(sure);
  return found == kLogSd.end() ? 0 : found->second;
}

std::string describe_sureness(const std::string& sure) {
  static const std::map<std::string, std::string> kWords = {{"verified", "read in its source"},
                                                            {"secondary", "as another work quotes it"},
                                                            {"memory_H", "from memory, well known"},
                                                            {"memory_M", "from memory, probably right"},
                                                            {"memory_L", "from memory, order of magnitude only"},
                                                            {"derived", "worked out from other norms"}};
  const auto found = kWords.find(sure);
  return found == kWords.end() ? sure : found->second;
}

}  // namespace buttress
