#include "study/trial.h"

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

namespace {

/// the external loads of the request at the frames of the trial; true when there are none
bool add_loads(const Model& model, const std::string& loads_file, std::string& loads_data_file, Trial& trial,
               Diagnostics& diagnostics) {
  if (loads_file.empty()) return true;
  const auto spec = read_external_loads(loads_file, diagnostics);
  if (!spec) return false;
  loads_data_file = spec->data_file;
  const auto data = read_table(spec->data_file, diagnostics, TableReadOptions{true});
  if (!data) return false;
  auto loads = make_load_trajectory(model, *spec, *data, spec->data_file, trial.motion.time, diagnostics);
  if (!loads) return false;
  trial.loads = std::move(*loads);
  if (!trial.loads.loads.empty()) warn_of_contact_forces(model, "the external loads", diagnostics);
  return true;
}

std::optional<Trial> join(const Model& model, std::optional<CoordinateTrajectory> motion, const TrialRequest& request,
                          std::string& loads_data_file, Diagnostics& diagnostics) {
  if (!motion) return std::nullopt;
  Trial trial;
  trial.motion = std::move(*motion);
  if (!add_loads(model, request.loads_file, loads_data_file, trial, diagnostics)) return std::nullopt;
  return trial;
}

}  // namespace

std::optional<Trial> read_trial(const Model& model, const TrialRequest& request, std::string& loads_data_file,
                                Diagnostics& diagnostics) {
  const auto table = read_table(request.motion_file, diagnostics);
  if (!table) return std::nullopt;
  MotionOptions options = request.motion;
  std::optional<Table> speeds;
  if (!request.speeds_file.empty()) {
    speeds = read_table(request.speeds_file, diagnostics);
    if (!speeds) return std::nullopt;
    options.speeds = SpeedSource::file;
  }
  return join(model,
              make_trajectory(model, *table, request.motion_file, options, diagnostics, speeds ? &*speeds : nullptr),
              request, loads_data_file, diagnostics);
}

std::optional<Trial> make_trial(const Model& model, const Table& motion, const TrialRequest& request,
                                std::string& loads_data_file, Diagnostics& diagnostics) {
  return join(model, make_trajectory(model, motion, request.motion_file, request.motion, diagnostics), request,
              loads_data_file, diagnostics);
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
