#include "study/recording.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "study/conditions.h"

namespace buttress {

namespace {

/// what holds the body up, when nothing outside does
void add_note_without_loads(const Recording& recording, RunResult& result) {
  const std::vector<bool> free_roots = find_free_roots(*recording.model);
  const auto root = std::find(free_roots.begin(), free_roots.end(), true);
  if (recording.trial.loads.loads.empty() && recording.contacts.points.empty() && root != free_roots.end())
    result.notes.push_back(
        {"no_external_loads",
         {{"body", recording.model->bodies[static_cast<std::size_t>(root - free_roots.begin()) + 1].name}}});
}

RunResult make_result(const Recording& recording) {
  RunResult result;
  result.model = recording.model;
  result.model_name = recording.model->name;
  result.motion_name = recording.motion_name;
  result.mass = recording.model->total_mass;
  result.body_weight = result.mass * std::sqrt(dot(recording.model->gravity_W, recording.model->gravity_W));
  result.time = recording.trial.motion.time;
  result.q = recording.trial.motion.q;
  result.loads = recording.trial.chain_loads();
  result.load_values = recording.trial.loads.values;
  result.person = recording.person;
  result.strength = recording.strength;
  result.notes = recording.notes;
  add_note_without_loads(recording, result);
  return result;
}

ChainOptions make_options(const Recording& recording, const RecordingOptions& wanted, RunResult& result) {
  ChainOptions options;
  if (recording.strength) options.strength = recording.strength->factor;
  options.exponent = wanted.exponent;
  options.effort_weight = calc_effort_weights(*recording.model, recording.groups);
  options.reserve_strength = wanted.reserve_strength;
  options.passive_fiber_force = wanted.passive_fiber_force;
  if (recording.contacts.points.empty()) return options;
  options.contacts = recording.contacts;
  const double floor = estimate_floor_height(*recording.model, options.contacts, recording.trial.motion.q.data(),
                                             recording.trial.motion.frame_count());
  options.contacts.surfaces = {make_floor(floor)};
  result.notes.push_back({"ground_found", {{"floor_m", floor}}});
  return options;
}

/// RECRUIT-001 for the first frame without muscle forces; false when there is one
bool check_solved(const RunResult& result, const std::string& motion_file, Diagnostics& diagnostics) {
  const std::size_t width = result.rows.size();
  for (const Condition& c : result.conditions)
    for (std::size_t f = 0; f < result.frame_count(); ++f) {
      if (c.output.status[f] == FrameStatus::solved) continue;
      std::size_t worst = 0;
      for (std::size_t r = 1; r < width; ++r)
        if (std::abs(c.output.reserve[f * width + r]) > std::abs(c.output.reserve[f * width + worst])) worst = r;
      diagnostics.error("RECRUIT-001", motion_file, 0,
                        "no muscle forces found at " + std::to_string(result.time[f]) +
                            " s; the largest reserve is at '" + (width ? result.rows[worst] : "") + "'",
                        "Look at that coordinate's moment in joint_moments.sto, or give a larger --reserve.");
      return false;
    }
  return true;
}

}  // namespace

std::optional<RunResult> study_recording(Recording recording, const RecordingOptions& options, RunStatus& status,
                                         Diagnostics& diagnostics) {
  status = RunStatus::bad_input;
  const std::vector<double> strengths =
      make_strengths(*recording.model, recording.groups, options.strength, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  RunResult result = make_result(recording);
  const ChainOptions chain = make_options(recording, options, result);
  run_conditions(result, recording.groups, recording.trial.input(), chain, options.strength, strengths,
                 options.thread_count);
  if (recording.has_polynomial_paths) result.notes.push_back({"polynomial_paths", {}});
  status = check_solved(result, recording.motion_file, diagnostics) ? RunStatus::done : RunStatus::not_solved;
  return result;
}

}  // namespace buttress
