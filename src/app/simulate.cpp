#include "app/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/near_names.h"

namespace buttress {

namespace {

/// the file of a movement by its name; empty after SIM-001
std::string find_movement_file(const Library& library, const std::string& movement, Diagnostics& diagnostics) {
  if (std::filesystem::path(movement).extension() == ".json") return movement;
  const std::vector<std::string> names = list_movements(library.file("movements"));
  if (std::find(names.begin(), names.end(), movement) != names.end())
    return library.file("movements/" + movement + ".json");
  diagnostics.error("SIM-001", "", 0, "there is no built-in movement '" + movement + "'",
                    ask_for_near_names(movement, names) + fmt::format("Built in: {}.", fmt::join(names, ", ")));
  return {};
}

}  // namespace

std::optional<Simulation> simulate(const Library& library, const SimulateRequest& request, RunStatus& status,
                                   Diagnostics& diagnostics) {
  status = RunStatus::bad_input;
  const std::string file = find_movement_file(library, request.movement, diagnostics);
  if (file.empty()) return std::nullopt;
  const StageClock clock;
  auto body = library.find_body(request.person_file, request.strength_as_modelled, diagnostics);
  if (!body) return std::nullopt;
  auto simulation = simulate_movement(
      std::move(body), {request.movement, file, request.settings, request.strength, request.thread_count}, status,
      diagnostics);
  if (simulation) simulation->result.provenance.input_files.push_back(request.person_file);
  return simulation;
}

std::string describe_movements(const Library& library, Diagnostics& diagnostics) {
  std::string text;
  for (const std::string& name : list_movements(library.file("movements"))) {
    const auto movement = read_movement(library.file("movements/" + name + ".json"), diagnostics);
    if (!movement) continue;
    text += fmt::format("{:<26}{}\n", name, movement->title);
    for (const MovementParameter& p : movement->parameters)
      text += fmt::format("{:<26}  {}={:g} ({:g} to {:g}): {}\n", "", p.name, p.value, p.min, p.max, p.title);
  }
  return text;
}

}  // namespace buttress
