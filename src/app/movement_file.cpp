#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/json_fields.h"
#include "app/movement.h"

namespace buttress {

namespace {

using Json = nlohmann::json;
using Fields = JsonFields;

MovementValue parse_value(const Json& json, const std::string& where, const MovementSpec& movement) {
  if (json.is_number()) return {json.get<double>(), 0, {}};
  Fields fields(json, where);
  const MovementValue value{fields.number("offset", 0), fields.number("scale", 1), fields.text("parameter")};
  fields.finish();
  const bool known = std::any_of(movement.parameters.begin(), movement.parameters.end(),
                                 [&](const MovementParameter& p) { return p.name == value.parameter; });
  if (!known) throw std::runtime_error(where + " names the unknown parameter '" + value.parameter + "'");
  return value;
}

Placement parse_placement(const Json& json, const std::string& where, const MovementSpec& movement) {
  Fields fields(json, where);
  Placement p;
  p.group = fields.text("group");
  p.surface = fields.text("surface", false);
  p.slides = fields.flag("slides");
  const auto parse_optional = [&](const char* name) -> std::optional<MovementValue> {
    const Json* value = fields.find(name);
    if (!value) return std::nullopt;
    return parse_value(*value, fields.path(name), movement);
  };
  p.x_m = parse_optional("x_m"), p.z_m = parse_optional("z_m"), p.yaw_deg = parse_optional("yaw_deg");
  fields.finish();
  return p;
}

Keyframe parse_keyframe(const Json& json, const std::string& where, const MovementSpec& movement,
                        const Keyframe* before) {
  Fields fields(json, where);
  Keyframe frame;
  if (before) frame = *before;
  frame.name = fields.text("name");
  frame.duration_s =
      before ? parse_value(fields.need("duration_s"), fields.path("duration_s"), movement) : MovementValue{};
  if (const Json* pose = fields.find("pose")) {
    if (!pose->is_object()) throw std::runtime_error(fields.path("pose") + " is not an object {...}");
    for (const auto& item : pose->items())
      frame.pose[item.key()] = parse_value(item.value(), fields.path("pose." + item.key()), movement);
  }
  if (fields.find("free")) frame.free = fields.texts("free");
  // a coordinate that is found is no longer given, and the other way round
  for (const std::string& name : frame.free)
    if (before && before->pose.count(name) && !(fields.find("pose") && fields.find("pose")->contains(name)))
      frame.pose.erase(name);
  if (fields.find("place")) {
    frame.place.clear();
    for (const Json& item : fields.list("place"))
      frame.place.push_back(parse_placement(item, fields.path("place"), movement));
  }
  if (fields.find("balance")) frame.balance = fields.texts("balance");
  fields.finish();
  return frame;
}

MovementSpec parse_movement(const Json& json) {
  MovementSpec movement;
  Fields fields(json, "movement");
  movement.name = fields.text("name");
  movement.title = fields.text("title");
  movement.description = fields.text("description");
  movement.source = fields.text("source");
  for (const Json& item : fields.list("parameters")) {
    Fields p(item, "parameters");
    movement.parameters.push_back(
        {p.text("name"), p.text("title"), p.number("default"), p.number("min"), p.number("max")});
    p.finish();
  }
  movement.contacts = fields.texts("contacts");
  movement.reversed = fields.flag("reversed");
  for (const Json& item : fields.list("surfaces")) {
    Fields s(item, "surfaces");
    const auto value = [&](const char* name) { return parse_value(s.need(name), s.path(name), movement); };
    MovementSurface surface{s.text("name"), value("x_m"),      value("y_m"),
                            value("z_m"),   value("length_m"), value("width_m")};
    movement.surfaces.push_back(surface);
    s.finish();
  }
  for (const Json& item : fields.list("loads")) {
    Fields l(item, "loads");
    MovementLoad load;
    load.name = l.text("name"), load.body = l.text("body");
    const std::vector<Json> p = l.list("point_m");
    if (p.size() != 3 || !p[0].is_number() || !p[1].is_number() || !p[2].is_number())
      throw std::runtime_error("loads.point_m is not three numbers");
    load.p_B = {p[0].get<double>(), p[1].get<double>(), p[2].get<double>()};
    load.mass_kg = parse_value(l.need("mass_kg"), "loads.mass_kg", movement);
    movement.loads.push_back(load);
    l.finish();
  }
  for (const Json& item : fields.list("keyframes"))
    movement.keyframes.push_back(parse_keyframe(item, "keyframes[" + std::to_string(movement.keyframes.size()) + "]",
                                                movement,
                                                movement.keyframes.empty() ? nullptr : &movement.keyframes.back()));
  if (movement.keyframes.empty()) throw std::runtime_error("movement has no keyframes");
  for (const Json& item : fields.list("form_cues")) {
    Fields c(item, "form_cues");
    FormCue cue;
    cue.title = c.text("title");
    cue.coordinate = c.text("coordinate", false);
    if (cue.coordinate.empty()) {
      cue.point = c.text("point"), cue.relative_to = c.text("relative_to");
      const std::string axis = c.text("axis");
      if (axis != "x" && axis != "y" && axis != "z") throw std::runtime_error("form_cues.axis is not x, y or z");
      cue.axis = axis[0];
      cue.min = c.number("min_m", cue.min), cue.max = c.number("max_m", cue.max);
    } else {
      cue.min = c.number("min_deg", cue.min), cue.max = c.number("max_deg", cue.max);
    }
    c.finish();
    movement.cues.push_back(cue);
  }
  for (const Json& item : fields.list("published")) {
    Fields p(item, "published");
    movement.published.push_back({p.text("load"), p.number("value_BW"), p.text("source")});
    p.finish();
  }
  fields.finish();
  return movement;
}

}  // namespace

std::vector<std::string> list_movements(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<MovementSpec> read_movement(const std::string& path, Diagnostics& diagnostics) {
  std::ifstream file(path);
  const Json json = file ? Json::parse(file, nullptr, false, true) : Json(Json::value_t::discarded);
  if (json.is_discarded()) {
    diagnostics.error("MOVE-001", path, 0, "the movement file cannot be read, or is not JSON",
                      "Compare it with those in data/movements.");
    return std::nullopt;
  }
  try {
    MovementSpec movement = parse_movement(json);
    movement.file = path;
    return movement;
  } catch (const std::runtime_error& problem) {
    diagnostics.error("MOVE-002", path, 0, problem.what(), "data/movements/README.md describes the fields.");
    return std::nullopt;
  }
}

void set_parameters(const std::vector<std::string>& settings, MovementSpec& movement, Diagnostics& diagnostics) {
  std::string names;
  for (const MovementParameter& p : movement.parameters) names += (names.empty() ? "" : ", ") + p.name;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    const auto at = std::find_if(movement.parameters.begin(), movement.parameters.end(),
                                 [&](const MovementParameter& p) { return p.name == name; });
    char* end = nullptr;
    const std::string number = equals == std::string::npos ? "" : setting.substr(equals + 1);
    const double value = std::strtod(number.c_str(), &end);
    if (at == movement.parameters.end() || number.empty() || *end != 0 || !std::isfinite(value)) {
      diagnostics.error(
          "MOVE-005", movement.file, 0, "'" + setting + "' sets no parameter of " + movement.name,
          names.empty() ? "This movement has no parameters." : "Write NAME=NUMBER with one of: " + names + ".");
      continue;
    }
    if (value < at->min || value > at->max) {
      diagnostics.error("MOVE-006", movement.file, 0, "'" + setting + "' is out of range",
                        "Give a value from " + Json(at->min).dump() + " to " + Json(at->max).dump() + ".");
      continue;
    }
    at->value = value;
  }
}

double find_value(const MovementSpec& movement, const MovementValue& value) {
  for (const MovementParameter& p : movement.parameters)
    if (p.name == value.parameter) return value.offset + value.scale * p.value;
  return value.offset;
}

}  // namespace buttress
