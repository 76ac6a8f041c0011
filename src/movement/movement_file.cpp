#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "movement/movement_fields.h"

namespace buttress {

using Json = nlohmann::json;

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

namespace {

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
  p.x_m = parse_optional("x_m"), p.y_m = parse_optional("y_m"), p.z_m = parse_optional("z_m");
  p.yaw_deg = parse_optional("yaw_deg");
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

Vec3d parse_point(Fields& fields, const char* name) {
  const std::vector<Json> p = fields.list(name);
  if (p.size() != 3 || !p[0].is_number() || !p[1].is_number() || !p[2].is_number())
    throw std::runtime_error(fields.path(name) + " is not three numbers");
  return {p[0].get<double>(), p[1].get<double>(), p[2].get<double>()};
}

MovementSurface parse_surface(const Json& json, const MovementSpec& movement) {
  Fields fields(json, "surfaces");
  const auto value = [&](const char* name) { return parse_value(fields.need(name), fields.path(name), movement); };
  const auto angle = [&](const char* name) { return fields.find(name) ? value(name) : MovementValue{}; };
  const MovementSurface surface{fields.text("name"), value("x_m"),     value("y_m"),         value("z_m"),
                                value("length_m"),   value("width_m"), angle("incline_deg"), angle("turn_deg")};
  fields.finish();
  return surface;
}

MovementLoad parse_load(const Json& json, const MovementSpec& movement) {
  Fields fields(json, "loads");
  const MovementLoad load{fields.text("name"), fields.text("body"), parse_point(fields, "point_m"),
                          parse_value(fields.need("mass_kg"), fields.path("mass_kg"), movement)};
  fields.finish();
  return load;
}

MovementBand parse_band(const Json& json, const MovementSpec& movement) {
  Fields fields(json, "bands");
  const MovementBand band{fields.text("name"),
                          fields.text("from_body"),
                          fields.text("to_body"),
                          parse_point(fields, "from_point_m"),
                          parse_point(fields, "to_point_m"),
                          parse_value(fields.need("rest_length_m"), fields.path("rest_length_m"), movement),
                          parse_value(fields.need("stiffness_N_per_m"), fields.path("stiffness_N_per_m"), movement)};
  fields.finish();
  return band;
}

FormCue parse_cue(const Json& json) {
  Fields fields(json, "form_cues");
  FormCue cue;
  cue.title = fields.text("title");
  cue.meaning = fields.text("meaning", false);
  cue.coordinate = fields.text("coordinate", false);
  if (cue.coordinate.empty()) {
    cue.point = fields.text("point"), cue.relative_to = fields.text("relative_to");
    const std::string axis = fields.text("axis");
    if (axis != "x" && axis != "y" && axis != "z") throw std::runtime_error("form_cues.axis is not x, y or z");
    cue.axis = axis[0];
    cue.min = fields.number("min_m", cue.min), cue.max = fields.number("max_m", cue.max);
  } else {
    cue.min = fields.number("min_deg", cue.min), cue.max = fields.number("max_deg", cue.max);
  }
  fields.finish();
  return cue;
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
    const MovementParameter& made = movement.parameters.back();
    if (!(made.min <= made.value && made.value <= made.max))
      throw std::runtime_error("parameters." + made.name + " has a default outside its min to max");
  }
  movement.contacts = fields.texts("contacts");
  movement.reversed = fields.flag("reversed");
  movement.at_rest = fields.flag("at_rest");
  for (const Json& item : fields.list("surfaces")) movement.surfaces.push_back(parse_surface(item, movement));
  for (const Json& item : fields.list("loads")) movement.loads.push_back(parse_load(item, movement));
  for (const Json& item : fields.list("bands")) movement.bands.push_back(parse_band(item, movement));
  for (const Json& item : fields.list("keyframes"))
    movement.keyframes.push_back(parse_keyframe(item, "keyframes[" + std::to_string(movement.keyframes.size()) + "]",
                                                movement,
                                                movement.keyframes.empty() ? nullptr : &movement.keyframes.back()));
  if (const Json* cycle = fields.find("cycle")) movement.cycle = parse_cycle(*cycle, movement);
  if (movement.cycle.has_value() != movement.keyframes.empty())
    throw std::runtime_error(movement.cycle ? "movement has both keyframes and a cycle"
                                            : "movement has no keyframes (or a cycle)");
  for (const Json& item : fields.list("form_cues")) movement.cues.push_back(parse_cue(item));
  for (const Json& item : fields.list("published")) {
    Fields p(item, "published");
    const PublishedLoad load{p.text("load"), p.number("value_BW", 0), p.text("source"), p.number("value_N", 0),
                             p.number("value_MPa", 0)};
    p.finish();
    if ((load.value_BW > 0) + (load.value_N > 0) + (load.value_MPa > 0) != 1)
      throw std::runtime_error("published needs one of value_BW, value_N and value_MPa above zero");
    movement.published.push_back(load);
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
  const Json json = read_json_file(path);
  if (json.is_discarded()) {
    diagnostics.error("MOVE-001", path, 0, "the movement file cannot be read, is a folder, or is not JSON",
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

}  // namespace buttress
