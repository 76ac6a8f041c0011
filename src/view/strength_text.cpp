#include "view/strength_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace buttress {

namespace {

/// the actions with their titles, right and left in one line where they agree
std::vector<std::pair<std::string, const ActionStrength*>> list_for_people(const BodyStrength& strength) {
  std::vector<std::pair<std::string, const ActionStrength*>> rows;
  for (std::size_t i = 0; i < strength.actions.size(); ++i) {
    const ActionStrength& a = strength.actions[i];
    const ActionStrength* other = i + 1 < strength.actions.size() ? &strength.actions[i + 1] : nullptr;
    const bool pair = other && a.name.size() > 2 && a.name.back() == 'r' &&
                      a.name.substr(0, a.name.size() - 1) + "l" == other->name && a.sure == other->sure &&
                      std::abs(a.fitted - other->fitted) < 0.5 && std::abs(a.target - other->target) < 0.5;
    // "right hip flexion"
    rows.emplace_back(pair ? a.title.substr(6) + ", each side" : a.title, &a);
    if (pair) ++i;
  }
  return rows;
}

}  // namespace

std::string describe_person(const Person& person) {
  const char* word = person.sex == Sex::male ? "man" : person.sex == Sex::female ? "woman" : "person";
  return fmt::format("{}, {:g} years, {:g} kg, {:g} m", word, person.age, person.mass, person.height);
}

std::string make_strength_lines(const BodyStrength& strength) {
  std::string text = fmt::format("  {:<28}{:>11}   {:<20}{:>7}\n", "", "as modelled", "wanted", "now");
  for (const auto& [title, a] : list_for_people(strength))
    text += fmt::format("  {:<28}{:>7.0f} N m   {:<20}{:>3.0f} N m   {}\n", title, a->as_modelled,
                        fmt::format("{:.0f} +- {:.0f} N m", a->target, a->sd), a->fitted,
                        a->is_measured ? "measured" : "norm, " + describe_sureness(a->sure));
  return text;
}

std::string describe_strength(const BodyStrength& strength, const Person& person) {
  std::vector<std::string> parts;
  for (const auto& [title, a] : list_for_people(strength))
    parts.push_back(fmt::format("{} {:.0f} ({:.0f} +- {:.0f}{})", title, a->fitted, a->target, a->sd,
                                a->is_measured          ? ", measured"
                                : a->sure == "memory_L" ? ", " + describe_sureness(a->sure)
                                                        : std::string()));
  return fmt::format(
      "The muscles are as strong as those of a {}. Isometric torque in N m, and in brackets the norm with its spread "
      "between people, or what was measured: {}.",
      describe_person(person), fmt::join(parts, "; "));
}

nlohmann::json make_strength_record(const Model& model, const BodyStrength& strength) {
  nlohmann::json record;
  for (const ActionStrength& a : strength.actions)
    record["actions"][a.name] = {{"as_modelled_Nm", a.as_modelled}, {"wanted_Nm", a.target}, {"wanted_sd_Nm", a.sd},
                                 {"fitted_Nm", a.fitted},           {"sure", a.sure},        {"source", a.source},
                                 {"measured", a.is_measured}};
  for (std::size_t m = 0; m < model.muscles.size(); ++m)
    record["muscle_factors"][model.muscles[m].name] = strength.factor[m];
  return record;
}

}  // namespace buttress
