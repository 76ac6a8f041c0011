#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/analysis.h"
#include "app/body_strength.h"
#include "app/conditions.h"
#include "app/data_folder.h"
#include "app/person_body.h"
#include "app/report.h"
#include "app/run_record.h"
#include "app/trial.h"
#include "io/contact_reader.h"

namespace buttress {

namespace {

/// the frame at which the joint loads are largest: the one worth drawing
std::size_t find_busiest_frame(const Condition& condition, std::size_t frames) {
  std::size_t busiest = 0;
  double most = -1;
  for (std::size_t f = 0; f < frames; ++f) {
    double sum = 0;
    for (const Series& s : condition.joint_loads) sum += std::abs(s.values[f]);
    if (sum > most) most = sum, busiest = f;
  }
  return busiest;
}

/// what the user did not say and the reader had to assume, in the report too
void add_notes(const Diagnostics& diagnostics, Analysis& analysis) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.severity != Severity::error) analysis.notes.push_back(d.message + ".");
}

}  // namespace

RunStatus run_analyze(const AnalyzeRequest& request, std::string& record_text, Diagnostics& diagnostics) {
  StageClock clock;
  if (!request.contacts_file.empty() && !request.loads_file.empty()) {
    diagnostics.error("CONTACT-006", request.contacts_file, 0, "--contacts and --loads were both given",
                      "Give --loads when the ground's force was measured, --contacts when not.");
    return RunStatus::bad_input;
  }
  const std::string group_file = find_data_folder() + "/muscle_groups.csv";
  std::vector<std::string> path_sets;
  if (!request.path_set_file.empty()) path_sets.push_back(request.path_set_file);
  const ModelRequest model_request{request.model_file, {}, false, request.ignore, path_sets, false};
  std::optional<PersonBody> body;
  if (!request.person_file.empty()) {
    body = load_person_model(model_request, request.person_file, diagnostics);
  } else if (auto loaded = load_model(model_request, diagnostics)) {
    body.emplace();
    body->model = std::move(*loaded);
  }
  if (!body) return RunStatus::bad_input;
  Model* const model = &body->model;
  std::optional<BodyStrength> body_strength;
  if (!request.person_file.empty() && !request.strength_as_modelled) {
    body_strength = calc_body_strength(*model, body->person, body->tables, diagnostics);
    if (!body_strength || diagnostics.has_errors()) return RunStatus::bad_input;
  }
  const MuscleGroups groups = read_muscle_groups(group_file, diagnostics);
  const std::vector<double> strengths = make_strengths(*model, groups, request.strength, diagnostics);
  if (diagnostics.has_errors()) return RunStatus::bad_input;
  clock.finish("read_model");

  TrialRequest trial_request;
  trial_request.motion_file = request.motion_file;
  trial_request.loads_file = request.loads_file;
  trial_request.motion.lowpass_hz = request.lowpass_hz;
  trial_request.motion.start = request.start;
  trial_request.motion.end = request.end;
  std::string loads_data_file;
  const auto trial = read_trial(*model, trial_request, loads_data_file, diagnostics);
  if (!trial || diagnostics.has_errors()) return RunStatus::bad_input;
  clock.finish("read_motion");

  Analysis analysis;
  analysis.model_name = model->name;
  analysis.motion_name = std::filesystem::path(request.motion_file).filename().string();
  analysis.mass = model->total_mass;
  analysis.body_weight = model->total_mass * std::sqrt(dot(model->gravity_W, model->gravity_W));
  analysis.time = trial->motion.time;
  analysis.q = trial->motion.q;
  add_notes(diagnostics, analysis);
  if (body_strength) analysis.notes.push_back(describe_strength(*body_strength, body->person));
  if (request.loads_file.empty() && request.contacts_file.empty())
    analysis.notes.push_back("No external loads were given: nothing holds the body up but the pelvis residuals.");

  ChainOptions options;
  if (body_strength) options.strength = body_strength->factor;
  options.exponent = request.exponent;
  options.reserve_strength = request.reserve_strength;
  options.passive_fiber_force = request.passive_fiber_force;
  if (!request.contacts_file.empty()) {
    const auto contacts = read_contacts(request.contacts_file, *model, 0, diagnostics);
    if (!contacts) return RunStatus::bad_input;
    options.contacts = *contacts;
    scale_contacts(body->factors, *model, options.contacts);
    const double floor =
        estimate_floor_height(*model, options.contacts, trial->motion.q.data(), trial->motion.frame_count());
    options.contacts.surfaces = {make_floor(floor)};
    analysis.notes.push_back(fmt::format(
        "The ground's force was not measured: it is the one that needs the least effort of all muscles together, from "
        "a floor at {:.3f} m, the usual height of the lowest contact point.",
        floor));
  }
  const ChainInput input = trial->input();
  run_conditions(analysis, *model, groups, input, trial->chain_loads(), options, request.strength, strengths,
                 request.thread_count);
  clock.finish("compute");

  if (!request.path_set_file.empty())
    analysis.notes.push_back(
        "Muscle paths are polynomials from a file: they pull on coordinates, not on bones, so joint loads leave the "
        "muscles out.");
  const Condition& shown = analysis.conditions.back();
  const std::size_t frame = find_busiest_frame(shown, input.frame_count);
  const std::vector<double> drawn = find_drawn_loads(
      shown, trial->loads.loads.empty() ? nullptr : input.loads + frame * trial->loads.loads.size() * 9, frame);
  const std::string picture =
      make_posture_pictures(analysis, frame, drawn.empty() ? nullptr : drawn.data(),
                            fmt::format("The frame of largest joint loads, {:.2f} s", analysis.time[frame]));
  auto record = make_run_record("analyze",
                                {request.model_file, request.path_set_file, request.motion_file, request.loads_file,
                                 loads_data_file, request.contacts_file, group_file, request.person_file},
                                &shown.plan, diagnostics, clock);
  if (!request.person_file.empty()) record["person"] = describe_person(body->person);
  if (body_strength) record["body_strength"] = make_strength_record(*model, *body_strength);
  record["conditions"] = make_condition_records(analysis);
  record_text = format_run_record(record);
  if (!write_analysis(analysis, *model, request.out_folder, record_text, picture, diagnostics))
    return RunStatus::bad_input;

  bool solved = true;
  for (const Condition& c : analysis.conditions) {
    const std::size_t width = c.plan.rows.size();
    for (std::size_t f = 0; f < input.frame_count && solved; ++f) {
      if (c.output.status[f] == FrameStatus::solved) continue;
      std::size_t worst = 0;
      for (std::size_t r = 1; r < width; ++r)
        if (std::abs(c.output.reserve[f * width + r]) > std::abs(c.output.reserve[f * width + worst])) worst = r;
      const std::string coordinate = width ? model
                                                 ->coordinates[static_cast<std::size_t>(
                                                     model->independent[static_cast<std::size_t>(c.plan.rows[worst])])]
                                                 .name
                                           : "";
      diagnostics.error("RECRUIT-001", request.motion_file, 0,
                        "no muscle forces found at " + std::to_string(analysis.time[f]) +
                            " s; the largest reserve is at '" + coordinate + "'",
                        "Look at that coordinate's moment in joint_moments.sto, or give a larger --reserve.");
      solved = false;
    }
  }
  return solved ? RunStatus::done : RunStatus::not_solved;
}

}  // namespace buttress
