#include "movement/movement_fields.h"

namespace buttress {

namespace {

using Json = nlohmann::json;

MovementCurve parse_curve(const std::string& name, const Json& json, const std::string& where,
                          const MovementSpec& movement) {
  Fields fields(json, where);
  MovementCurve curve;
  curve.coordinate = name;
  curve.mean = parse_value(fields.need("mean"), fields.path("mean"), movement);
  for (const Json& item : fields.list("cos")) curve.cos.push_back(parse_value(item, fields.path("cos"), movement));
  for (const Json& item : fields.list("sin")) curve.sin.push_back(parse_value(item, fields.path("sin"), movement));
  if (curve.cos.size() != curve.sin.size() || curve.cos.size() > 20)
    throw std::runtime_error(where + " has not as many cos as sin, or more than 20");
  curve.sure = fields.number("sure", curve.sure);
  if (!(curve.sure > 0)) throw std::runtime_error(fields.path("sure") + " is not positive");
  fields.finish();
  return curve;
}

PlantedPoints parse_planted(const Json& json, const std::string& where, const MovementSpec& movement) {
  Fields fields(json, where);
  const auto value = [&](const char* name) { return parse_value(fields.need(name), fields.path(name), movement); };
  PlantedPoints planted{fields.texts("points"), value("from_percent"), value("to_percent")};
  if (planted.points.empty()) throw std::runtime_error(fields.path("points") + " is empty");
  fields.finish();
  return planted;
}

PressureCourse parse_pressure(const Json& json, const std::string& where) {
  Fields fields(json, where);
  PressureCourse pressure{fields.text("back"), fields.text("front"), {}, fields.number("sure_m", 0.02)};
  for (const Json& item : fields.list("course")) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_number() || !item[1].is_number())
      throw std::runtime_error(fields.path("course") + " is not a list of two numbers each");
    pressure.course.emplace_back(item[0].get<double>(), item[1].get<double>());
    const std::size_t last = pressure.course.size() - 1;
    if (pressure.course[last].first < (last > 0 ? pressure.course[last - 1].first + 1 : 0) ||
        pressure.course[last].first > 50)
      throw std::runtime_error(fields.path("course") + " does not rise by 1 percent or more within 0 to 50");
  }
  if (pressure.course.size() < 2 || !(pressure.sure_m > 0))
    throw std::runtime_error(where + " has no course of two points, or sure_m is not positive");
  fields.finish();
  return pressure;
}

}  // namespace

MovementCycle parse_cycle(const Json& json, const MovementSpec& movement) {
  Fields fields(json, "cycle");
  MovementCycle cycle;
  const auto parse_optional = [&](const char* name) -> std::optional<MovementValue> {
    const Json* value = fields.find(name);
    if (!value) return std::nullopt;
    return parse_value(*value, fields.path(name), movement);
  };
  cycle.period_s = parse_optional("period_s"), cycle.speed_m_s = parse_optional("speed_m_s");
  cycle.advance_m = parse_optional("advance_m");
  cycle.rise_m = parse_optional("rise_m").value_or(MovementValue{});
  if (cycle.period_s.has_value() == cycle.speed_m_s.has_value())
    throw std::runtime_error("cycle needs either period_s or speed_m_s");
  const Json& curves = fields.need("curves");
  if (!curves.is_object()) throw std::runtime_error(fields.path("curves") + " is not an object {...}");
  for (const auto& item : curves.items())
    cycle.curves.push_back(parse_curve(item.key(), item.value(), fields.path("curves." + item.key()), movement));
  for (const Json& item : fields.list("planted"))
    cycle.planted.push_back(parse_planted(item, fields.path("planted"), movement));
  if (cycle.planted.empty()) throw std::runtime_error("cycle.planted is empty: nothing would touch the ground");
  if (const Json* pressure = fields.find("pressure"))
    cycle.pressure = parse_pressure(*pressure, fields.path("pressure"));
  fields.finish();
  return cycle;
}

}  // namespace buttress
