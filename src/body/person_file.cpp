#include "body/person_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "io/json_fields.h"

namespace buttress {

namespace {

using Json = nlohmann::json;

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

class PersonReader {
 public:
  PersonReader(const std::string& path, const PersonVocabulary& vocabulary, Diagnostics& diagnostics)
      : vocabulary_(vocabulary), diagnostics_(diagnostics) {
    person_.file = path;
  }

  Person read(const Json& json) {
    JsonFields fields(json, "person");
    if (fields.find("remark")) fields.text("remark");
    read_sex(fields.text("sex"), fields.text("norms", false));
    person_.age = fields.number("age_years");
    if (!(person_.age >= 18 && person_.age <= 100))
      fail("PERSON-004", fmt::format("an age of {:g} years", person_.age),
           "Norms and proportions are those of people of 18 to 100 years.");
    read_height(fields);
    person_.mass = fields.number("mass_kg");
    check_mass();
    if (const Json* lengths = fields.find("lengths")) read_lengths(*lengths);
    const std::vector<Json> strengths = fields.list("strengths");
    for (const Json& item : strengths) read_strength(item);
    fields.finish();
    return person_;
  }

 private:
  void fail(const char* id, const std::string& message, const std::string& advice) {
    diagnostics_.error(id, person_.file, 0, message, advice);
  }

  void read_sex(const std::string& sex, const std::string& norms) {
    if (sex == "male")
      person_.sex = Sex::male, person_.norms = NormTable::men;
    else if (sex == "female")
      person_.sex = Sex::female, person_.norms = NormTable::women;
    else if (sex == "other")
      person_.sex = Sex::other, person_.norms = NormTable::mean;
    else
      fail("PERSON-003", "sex is '" + sex + "'", "Write female, male or other.");
    if (norms.empty()) return;
    if (norms == "men")
      person_.norms = NormTable::men;
    else if (norms == "women")
      person_.norms = NormTable::women;
    else if (norms == "mean")
      person_.norms = NormTable::mean;
    else
      fail("PERSON-003", "norms is '" + norms + "'", "Write men, women or mean: whose norms to compare with.");
  }

  void read_height(JsonFields& fields) {
    const bool in_cm = fields.find("height_cm") != nullptr;
    if (in_cm && fields.find("height_m")) throw std::runtime_error("person has both height_m and height_cm");
    const double given = fields.number(in_cm ? "height_cm" : "height_m");
    person_.height = in_cm ? given / 100 : given;
    if (person_.height >= 1.2 && person_.height <= 2.3) return;
    std::string advice = "Adults of 1.2 to 2.3 m can be simulated.";
    if (!in_cm && given >= 120 && given <= 230) advice = fmt::format("Centimetres? Write \"height_cm\": {:g}.", given);
    if (in_cm && given >= 1.2 && given <= 2.3) advice = fmt::format("Metres? Write \"height_m\": {:g}.", given);
    fail("PERSON-005", fmt::format("a height of {:g} {}", given, in_cm ? "cm" : "m"), advice);
  }

  void check_mass() {
    if (!(person_.mass >= 25 && person_.mass <= 300)) {
      fail("PERSON-006", fmt::format("a mass of {:g} kg", person_.mass),
           "Adults of 25 to 300 kg can be simulated; write kilograms.");
      return;
    }
    if (!(person_.height >= 1.2 && person_.height <= 2.3)) return;
    const double index = person_.mass / (person_.height * person_.height);
    if (index < 14 || index > 50)
      diagnostics_.warning(
          "PERSON-006", person_.file, 0,
          fmt::format("{:g} kg at {:g} m (body mass index {:.0f})", person_.mass, person_.height, index),
          "Check both units; if they are right, read results with care.");
  }

  /// {"thigh_m": 0.43} or {"thigh_cm": 43}
  void read_lengths(const Json& json) {
    if (!json.is_object()) throw std::runtime_error("person.lengths is not an object {...}");
    for (const auto& item : json.items()) {
      const std::string& key = item.key();
      const std::size_t unit = key.rfind('_');
      const std::string name = key.substr(0, unit), suffix = unit == std::string::npos ? "" : key.substr(unit);
      if ((suffix != "_m" && suffix != "_cm") || !contains(vocabulary_.lengths, name))
        throw std::runtime_error(
            fmt::format("person.lengths has an unknown field '{}'; known are {}, each with _m or _cm", key,
                        fmt::join(vocabulary_.lengths, ", ")));
      if (!item.value().is_number()) throw std::runtime_error("person.lengths." + key + " is not a number");
      for (const MeasuredLength& other : person_.lengths)
        if (other.name == name) throw std::runtime_error("person.lengths has " + name + " twice");
      person_.lengths.push_back({name, item.value().get<double>() * (suffix == "_cm" ? 0.01 : 1)});
    }
  }

  void read_strength(const Json& json) {
    JsonFields fields(json, "person.strengths");
    MeasuredStrength s;
    s.action = fields.text("action");
    const std::string side = fields.text("side", false);
    const bool has_force = fields.find("force_N") != nullptr;
    if (has_force && fields.find("torque_Nm"))
      throw std::runtime_error("person.strengths has both torque_Nm and force_N for " + s.action);
    const double arm = has_force ? fields.number("lever_arm_m") : 1;
    s.torque = arm * fields.number(has_force ? "force_N" : "torque_Nm");
    // the same person on another day: some 10 % (design)
    const char* sd = has_force ? "sd_N" : "sd_Nm";
    s.sd = fields.find(sd) ? arm * fields.number(sd) : 0.1 * std::abs(s.torque);
    fields.finish();
    const bool sided = contains(vocabulary_.sided_actions, s.action);
    if (!sided && !contains(vocabulary_.actions, s.action)) {
      fail("PERSON-010", "'" + s.action + "' is no action whose strength is known",
           fmt::format("Known are {} with side, and {}.", fmt::join(vocabulary_.sided_actions, ", "),
                       fmt::join(vocabulary_.actions, ", ")));
      return;
    }
    if (sided ? side != "right" && side != "left" : !side.empty()) {
      fail("PERSON-010", fmt::format("the strength of {} has the side '{}'", s.action, side),
           sided ? "Write right or left." : "This action has no side.");
      return;
    }
    if (has_force && !(arm > 0.02 && arm < 1.2))
      fail("PERSON-010", fmt::format("the dynamometer's lever arm for {} is {:g} m", s.action, arm),
           "Measure from the joint's centre to where the dynamometer presses, in metres.");
    if (!std::isfinite(s.torque) || !(s.torque > 0) || !std::isfinite(s.sd) || s.sd < 0)
      fail("PERSON-010", fmt::format("the strength of {} is {:g} +- {:g} N m", s.action, s.torque, s.sd),
           "A measured torque is above 0; for a muscle that does not work use --strength NAME=0.");
    s.side = sided ? side[0] : char{0};
    for (const MeasuredStrength& other : person_.strengths)
      if (other.action == s.action && other.side == s.side)
        fail("PERSON-010", "the strength of " + s.action + " " + side + " is given twice",
             "Give the best or the mean.");
    person_.strengths.push_back(s);
  }

  const PersonVocabulary& vocabulary_;
  Diagnostics& diagnostics_;
  Person person_;
};

}  // namespace

std::optional<Person> read_person(const std::string& path, const PersonVocabulary& vocabulary,
                                  Diagnostics& diagnostics) {
  const Json json = read_json_file(path);
  if (json.is_discarded()) {
    diagnostics.error("PERSON-001", path, 0, "the person's file cannot be read, is a folder, or is not JSON",
                      "data/norms/README.md shows one.");
    return std::nullopt;
  }
  Diagnostics own;
  std::optional<Person> person;
  try {
    person = PersonReader(path, vocabulary, own).read(json);
  } catch (const std::runtime_error& problem) {
    own.error("PERSON-002", path, 0, problem.what(), "data/norms/README.md describes the fields.");
  } catch (const Json::exception& problem) {
    own.error("PERSON-002", path, 0, problem.what(), "data/norms/README.md describes the fields.");
  }
  for (const Diagnostic& d : own.items()) diagnostics.add(d);
  if (own.has_errors()) return std::nullopt;
  return person;
}

}  // namespace buttress
