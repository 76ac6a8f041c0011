#include "app/body_strength.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "load/isometric_strength.h"
#include "load/strength_fit.h"

namespace buttress {

namespace {

/// published sets of muscle forces differ by factors of two to four: one standard deviation of a multiplier
constexpr double kMultiplierLogSd = 0.5;

/// knees bend towards negative angles in some models (gait2392): +1 or -1
double find_knee_sign(const Coordinate& coordinate) {
  const bool is_knee = coordinate.name.rfind("knee_angle", 0) == 0;
  return is_knee && std::abs(coordinate.range_min) > std::abs(coordinate.range_max) ? -1 : 1;
}

std::string add_side(const std::string& name, char side) {
  return side ? name + "_" + side : name;
}

/// the posture of an action on one side; nothing when the model lacks the coordinate or cannot move it
std::optional<IsometricTest> make_test(const Model& model, const MuscleAction& action, char side) {
  const int coordinate = model.find_coordinate(add_side(action.coordinate, side));
  if (coordinate < 0 || model.coordinates[static_cast<std::size_t>(coordinate)].independent < 0) return std::nullopt;
  IsometricTest test;
  test.coordinate = coordinate;
  for (const Coordinate& c : model.coordinates)
    test.q.push_back(c.motion_type != MotionType::rotational || c.independent < 0 ? c.default_value : 0.0);
  for (const auto& [name, degrees] : action.posture_deg) {
    const int c = model.find_coordinate(add_side(name, side));
    if (c < 0) continue;
    test.q[static_cast<std::size_t>(c)] =
        degrees * M_PI / 180 * find_knee_sign(model.coordinates[static_cast<std::size_t>(c)]);
  }
  return test;
}

/// the same posture, asked about the coordinates around which nothing holds the limb
std::vector<IsometricTest> make_balance_tests(const Model& model, const MuscleAction& action, char side,
                                              const IsometricTest& test) {
  std::vector<IsometricTest> tests;
  for (const std::string& name : action.balanced) {
    const int c = model.find_coordinate(add_side(name, side));
    if (c < 0 || model.coordinates[static_cast<std::size_t>(c)].independent < 0) continue;
    tests.push_back(test);
    tests.back().coordinate = c;
  }
  return tests;
}

const MeasuredStrength* find_measured(const Person& person, const std::string& action, char side) {
  for (const MeasuredStrength& s : person.strengths)
    if (s.action == action && s.side == side) return &s;
  return nullptr;
}

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

std::optional<BodyStrength> calc_body_strength(const Model& model, const Person& person, const StrengthTables& tables,
                                               Diagnostics& diagnostics) {
  BodyStrength strength;
  std::vector<IsometricTest> tests;
  std::vector<double> directions;
  std::vector<std::vector<IsometricTest>> balance_tests;  ///< [tests][coordinates]
  for (const MuscleAction& action : tables.actions)
    for (const char side : action.sided ? std::vector<char>{'r', 'l'} : std::vector<char>{0}) {
      const auto test = make_test(model, action, side);
      const MeasuredStrength* measured = find_measured(person, action.name, side);
      const auto norm = find_norm(tables, action.name, person);
      if (!test && measured)
        diagnostics.error("PERSON-008", person.file, 0,
                          "the body cannot be tested for " + add_side(action.name, side) +
                              ": it has no free coordinate " + add_side(action.coordinate, side),
                          "Leave this strength out.");
      if (!test || (!measured && !norm)) continue;
      ActionStrength row;
      row.name = add_side(action.name, side);
      row.title = (side == 'r' ? "right " : side == 'l' ? "left " : "") + action.title;
      row.is_measured = measured != nullptr;
      row.target = measured ? measured->torque : norm->torque;
      row.sd = measured ? measured->sd : norm->sd;
      row.sure = measured ? "measured" : norm->sure;
      row.source = measured ? person.file : norm->source;
      strength.actions.push_back(row);
      tests.push_back(*test);
      balance_tests.push_back(make_balance_tests(model, action, side, *test));
      directions.push_back(action.direction *
                           find_knee_sign(model.coordinates[static_cast<std::size_t>(test->coordinate)]));
    }
  // all at once: the fibre curves are tabulated anew for each call
  std::vector<IsometricTest> all_tests = tests;
  for (const auto& own : balance_tests) all_tests.insert(all_tests.end(), own.begin(), own.end());
  const auto torques = calc_isometric_torques(model, all_tests);
  std::vector<std::vector<std::vector<double>>> balanced;  ///< [tests][coordinates][muscles]
  auto next = torques.begin() + static_cast<std::ptrdiff_t>(tests.size());
  for (const auto& own : balance_tests) {
    balanced.emplace_back(next, next + static_cast<std::ptrdiff_t>(own.size()));
    next += static_cast<std::ptrdiff_t>(own.size());
  }
  // what each muscle adds to an action when all have their factors; balance is found anew, as the tester would see it
  const auto find_shares = [&](std::size_t test, const std::vector<double>& factor) {
    const auto scale = [&](std::vector<double> row) {
      for (std::size_t m = 0; m < row.size(); ++m) row[m] *= factor[m];
      return row;
    };
    std::vector<std::vector<double>> rest;
    for (const std::vector<double>& row : balanced[test]) rest.push_back(scale(row));
    return calc_isometric_shares(scale(torques[test]), directions[test], rest);
  };
  const auto add_up = [](const std::vector<double>& shares) {
    return std::accumulate(shares.begin(), shares.end(), 0.0);
  };
  const std::vector<double> whole(model.muscles.size(), 1.0);
  std::vector<StrengthAction> actions;
  std::vector<ActionStrength> kept;
  std::vector<std::size_t> test_of;  ///< [actions]
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const double before = add_up(find_shares(i, whole));
    // a coordinate that no muscle serves in this direction cannot be brought to any torque
    if (!(before > 0)) continue;
    actions.push_back({{}, strength.actions[i].target, find_log_sd(strength.actions[i].sure)});
    kept.push_back(strength.actions[i]);
    kept.back().as_modelled = before;
    test_of.push_back(i);
  }
  strength.actions = std::move(kept);
  if (actions.empty()) {
    diagnostics.error("STRENGTH-003", model.file, 0,
                      "no coordinate of the model is one for which norms of strength are known",
                      "Norms are known for hip_flexion_r, hip_adduction_r, hip_rotation_r, knee_angle_r, ankle_angle_r "
                      "(and _l) and lumbar_extension.");
    return std::nullopt;
  }
  // who balances depends on who is strong: a few rounds settle it
  constexpr int kRounds = 5;
  strength.factor = whole;
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t a = 0; a < actions.size(); ++a) {
      actions[a].torque = find_shares(test_of[a], strength.factor);
      for (std::size_t m = 0; m < strength.factor.size(); ++m) actions[a].torque[m] /= strength.factor[m];
    }
    strength.factor = fit_strengths(actions, model.muscles.size(), kMultiplierLogSd).factor;
  }
  for (std::size_t a = 0; a < strength.actions.size(); ++a)
    strength.actions[a].fitted = add_up(find_shares(test_of[a], strength.factor));
  return strength;
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
