#pragma once
#include <string>

#include "io/json_fields.h"
#include "movement/movement.h"

/// What the readers of movement files share. They throw std::runtime_error; read_movement() turns it into MOVE-002.
namespace buttress {

using Fields = JsonFields;

/// a number, or offset + scale * parameter of the movement
MovementValue parse_value(const nlohmann::json& json, const std::string& where, const MovementSpec& movement);

/// the field "cycle"
MovementCycle parse_cycle(const nlohmann::json& json, const MovementSpec& movement);

}  // namespace buttress
