#include "app/trial.h"

#include <fmt/format.h>

#include "io/external_loads_reader.h"
#include "io/table_reader.h"

namespace buttress {

std::vector<ChainLoad> Trial::chain_loads() const {
  std::vector<ChainLoad> out;
  for (const LoadTrajectory::Load& load : loads.loads)
    out.push_back({load.name, load.body, load.force_frame_body, load.point_frame_body});
  return out;
}

ChainInput Trial::input() const {
  return {motion.frame_count(), motion.q.data(), motion.qd.data(), motion.qdd.data(), loads.values.data()};
}

std::vector<std::string> Trial::load_columns(const Model& model) const {
  std::vector<std::string> names;
  for (const LoadTrajectory::Load& load : loads.loads) {
    const std::string stem = model.bodies[static_cast<std::size_t>(load.body)].name + "_" + load.name + "_";
    for (const char* part : {"Fx", "Fy", "Fz"}) names.push_back(stem + part);
    if (load.has_point)
      for (const char* part : {"px", "py", "pz"}) names.push_back(stem + part);
    if (load.has_torque)
      for (const char* part : {"Tx", "Ty", "Tz"}) names.push_back(stem + part);
  }
  return names;
}

std::optional<Trial> read_trial(const Model& model, const TrialRequest& request, std::string& loads_data_file,
                                Diagnostics& diagnostics) {
  const auto table = read_table(request.motion_file, diagnostics);
  if (!table) return std::nullopt;
  Trial trial;
  MotionOptions options = request.motion;
  std::optional<Table> speeds;
  if (!request.speeds_file.empty()) {
    speeds = read_table(request.speeds_file, diagnostics);
    if (!speeds) return std::nullopt;
    options.speeds = SpeedSource::file;
  }
  auto motion = make_trajectory(model, *table, request.motion_file, options, diagnostics, speeds ? &*speeds : nullptr);
  if (!motion) return std::nullopt;
  trial.motion = std::move(*motion);
  if (request.loads_file.empty()) return trial;

  const auto spec = read_external_loads(request.loads_file, diagnostics);
  if (!spec) return std::nullopt;
  loads_data_file = spec->data_file;
  const auto data = read_table(spec->data_file, diagnostics, TableReadOptions{true});
  if (!data) return std::nullopt;
  auto loads = make_load_trajectory(model, *spec, *data, spec->data_file, trial.motion.time, diagnostics);
  if (!loads) return std::nullopt;
  trial.loads = std::move(*loads);
  if (!trial.loads.loads.empty()) warn_of_contact_forces(model, "the external loads", diagnostics);
  return trial;
}

void warn_of_contact_forces(const Model& model, const std::string& ground, Diagnostics& diagnostics) {
  std::size_t count = 0;
  const PassiveForceSpec* first = nullptr;
  for (const PassiveForce& force : model.passive_forces) {
    if (!is_contact_force(force)) continue;
    if (first == nullptr) first = &force.spec;
    ++count;
  }
  if (first == nullptr) return;
  diagnostics.warning(
      "FORCE-002", model.file, 0,
      fmt::format("{} contact force{} of the model ({}{}) and {} push the body at once", count, count == 1 ? "" : "s",
                  first->name, count == 1 ? "" : ", ...", ground),
      fmt::format("OpenSim adds both, too. Leave the model's out with --ignore {} if the ground is meant "
                  "to push once.",
                  first->type));
}

}  // namespace buttress
