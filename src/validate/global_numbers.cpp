#include "validate/global_numbers.h"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <sstream>

#include "load/chain_plan.h"
#include "load/contact.h"
#include "movement/movement_cycle_fit.h"

namespace buttress {

namespace {

/// name -> "value unit"; a cell of these columns holds no comma
std::map<std::string, std::string> read_parameters(const std::string& path) {
  std::map<std::string, std::string> values;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream stream(line);
    std::string name, value, unit;
    std::getline(stream, name, ',');
    std::getline(stream, value, ',');
    std::getline(stream, unit, ',');
    values[name] = value + (unit.empty() ? "" : " " + unit);
  }
  return values;
}

}  // namespace

std::vector<GlobalNumber> find_global_numbers(const std::string& data_folder, Diagnostics& diagnostics) {
  const std::string path = data_folder + "/models/parameters.csv";
  const std::map<std::string, std::string> parameters = read_parameters(path);
  std::vector<GlobalNumber> numbers;
  const auto add_parameter = [&](const char* key, const char* title) {
    const auto at = parameters.find(key);
    if (at == parameters.end()) {
      diagnostics.error("VALID-004", path, 0, std::string("there is no row '") + key + "'",
                        "The page names this number; bring the table or find_global_numbers() up to date.");
      return;
    }
    numbers.push_back({title, at->second, "data/models/parameters.csv"});
  };
  add_parameter("specific_tension", "muscle stress: force per cross-section");
  add_parameter("trunk_size_factor", "cross-section of the trunk muscles over those of old cadavers");
  add_parameter("max_contraction_velocity", "greatest speed of shortening, optimal fibre lengths per second");
  const ChainOptions chain;
  const char* const kChain = "src/load/chain_plan.h";
  numbers.push_back({"recruitment: exponent of the activations in the effort", std::to_string(chain.exponent), kChain});
  numbers.push_back({"passive force of the fibres", chain.passive_fiber_force ? "on" : "off", kChain});
  numbers.push_back({"tendons of muscles at rest", chain.elastic_passive_tendon ? "elastic" : "rigid", kChain});
  numbers.push_back({"patella in the knee's load", chain.coupled_ligaments ? "a lever" : "a pulley", kChain});
  numbers.push_back(
      {"strength of the reserves at every joint, N m or N", fmt::format("{:g}", chain.reserve_strength), kChain});
  numbers.push_back({"strength of what holds the pelvis in space beside the ground, N m or N",
                     fmt::format("{:g}", chain.root_residual_strength), kChain});
  const ContactSurface surface;
  const ContactRamps ramps;
  const char* const kContact = "src/load/contact.h";
  numbers.push_back({"friction of every surface", fmt::format("{:g}", surface.friction), kContact});
  numbers.push_back(
      {"height over a surface from which a point does not touch", fmt::format("{:g} m", ramps.height_limit), kContact});
  numbers.push_back({"speed from which a point does not carry", fmt::format("{:g} m/s", ramps.speed_limit), kContact});
  numbers.push_back({"walking and stairs: how far the ground's force passes from the mass centre",
                     fmt::format("{:g} m", kSureTurn), "src/movement/movement_cycle_fit.h"});
  numbers.push_back({"muscle strengths", "fitted to isometric torques of people", "data/norms/strength_norms.csv"});
  numbers.push_back({"strength of each contact point", "its row", "data/models/buttress_contacts.csv"});
  numbers.push_back({"muscles before that fit, their lengths and paths; joints, masses", "their rows",
                     "data/models/, described in docs/theory/body.md"});
  return numbers;
}

}  // namespace buttress
