#include "movement/movement_scaling.h"

#include <optional>
#include <string>

namespace buttress {

void scale_lengths(double factor, MovementSpec& movement) {
  movement.length_factor *= factor;
  const auto ends_with = [](const std::string& name, const std::string& end) {
    return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  // what a parameter in metres adds grows with the parameter
  const auto scale = [&](MovementValue& value) {
    value.offset *= factor;
    if (!ends_with(value.parameter, "_m")) value.scale *= factor;
  };
  // an angle that goes with a length goes with its share of the body
  const auto keep_angle = [&](MovementValue& value) {
    if (ends_with(value.parameter, "_m")) value.scale /= factor;
  };
  const auto is_slide = [&](const std::string& coordinate) {
    return ends_with(coordinate, "_tx") || ends_with(coordinate, "_ty") || ends_with(coordinate, "_tz");
  };
  for (MovementParameter& p : movement.parameters)
    if (ends_with(p.name, "_m")) p.value *= factor, p.min *= factor, p.max *= factor;
  for (MovementSurface& s : movement.surfaces) {
    for (MovementValue* value : {&s.x_m, &s.y_m, &s.z_m, &s.length_m, &s.width_m}) scale(*value);
    keep_angle(s.incline_deg), keep_angle(s.turn_deg);
  }
  for (Keyframe& frame : movement.keyframes) {
    for (Placement& place : frame.place) {
      for (std::optional<MovementValue>* value : {&place.x_m, &place.y_m, &place.z_m})
        if (*value) scale(**value);
      if (place.yaw_deg) keep_angle(*place.yaw_deg);
    }
    for (auto& [coordinate, value] : frame.pose) is_slide(coordinate) ? scale(value) : keep_angle(value);
  }
  for (MovementBand& band : movement.bands) {
    scale(band.rest_length_m);
    // ends on a body go with the body
    if (band.from_body == "ground") band.p_from = factor * band.p_from;
    if (band.to_body == "ground") band.p_to = factor * band.p_to;
  }
  if (movement.cycle) {
    if (movement.cycle->advance_m) scale(*movement.cycle->advance_m);
    scale(movement.cycle->rise_m);
    for (MovementCurve& curve : movement.cycle->curves) {
      const auto change = [&](MovementValue& value) { is_slide(curve.coordinate) ? scale(value) : keep_angle(value); };
      change(curve.mean);
      for (auto* series : {&curve.cos, &curve.sin})
        for (MovementValue& value : *series) change(value);
    }
  }
  for (FormCue& cue : movement.cues)
    if (cue.coordinate.empty()) cue.min *= factor, cue.max *= factor;
}

}  // namespace buttress
