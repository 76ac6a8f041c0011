#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/analysis.h"
#include "app/body_strength.h"
#include "app/conditions.h"
#include "app/data_folder.h"
#include "app/person_body.h"
#include "app/plate_assignment.h"
#include "app/report.h"
#include "app/run_record.h"
#include "app/track_summary.h"
#include "app/trial.h"
#include "io/contact_reader.h"

namespace buttress {

namespace {

/// what the user did not say and the reader had to assume, in the report too
void add_notes(const Diagnostics& diagnostics, Analysis& analysis) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.severity != Severity::error) analysis.notes.push_back(d.message + ".");
}

/// options that are for recordings of markers, given for another motion
void check_marker_options(const AnalyzeRequest& request, Diagnostics& diagnostics) {
  const MarkerChoices& m = request.markers;
  if (m.static_file.empty() && m.map_file.empty() && m.up.empty() && m.mass == 0 && m.height == 0 && m.scale &&
      request.use_plates)
    return;
  diagnostics.error("TRACK-015", request.motion_file, 0,
                    "--static, --map, --up, --mass, --height, --no-scale and --no-plates are for .trc and .c3d files",
                    "Leave them out; coordinates are analysed on the model as it is.");
}

/// mass and height of the person's file, unless they were given
bool take_size_of_person(const AnalyzeRequest& request, MarkerChoices& choices, Diagnostics& diagnostics) {
  if (request.person_file.empty() || !choices.scale) return true;
  const auto tables = read_strength_tables(find_data_folder() + "/norms", diagnostics);
  const auto person = tables ? read_person_with(request.person_file, *tables, diagnostics) : std::nullopt;
  if (!person) return false;
  if (!person->lengths.empty()) {
    diagnostics.error("PERSON-013", request.person_file, 0,
                      "measured lengths cannot be given together with markers, which tell the lengths themselves",
                      "Leave the lengths out of the person's file.");
    return false;
  }
  if (choices.mass == 0) choices.mass = person->mass;
  if (choices.height == 0) choices.height = person->height;
  return true;
}

/// whether the ground's force is to be that of the recording's plates
bool takes_plates(const AnalyzeRequest& request) {
  return request.use_plates && request.loads_file.empty() && request.contacts_file.empty();
}

/// Loads of the plates of a recording, if they are to be used; false when there was an error.
bool use_plates(const AnalyzeRequest& request, const TrackOutcome& tracked, const Model& model, Trial& trial,
                Analysis& analysis, Diagnostics& diagnostics) {
  const std::size_t plates = tracked.recording.plates.size();
  if (plates == 0) return true;
  if (!takes_plates(request)) {
    // --no-plates says it already
    if (request.use_plates)
      diagnostics.note(
          "PLATE-007", request.motion_file, 0,
          fmt::format("{} of the recording {} not used, since {} was given",
                      plates == 1 ? std::string("the force plate") : fmt::format("the {} force plates", plates),
                      plates == 1 ? "is" : "are", request.loads_file.empty() ? "--contacts" : "--loads"),
          "Leave that option out to have the plates' forces under the feet that stand on them.");
    return true;
  }
  auto loads = assign_plates(model, trial.motion, tracked.recording.plates, tracked.recording.plate_rate_hz,
                             request.motion_file, diagnostics);
  if (!loads) return false;
  for (const LoadTrajectory::Load& load : loads->loads)
    analysis.notes.push_back(fmt::format("Force plate {} is under the {} foot.",
                                         load.name.substr(5, load.name.size() - 7),
                                         load.name.back() == 'r' ? "right" : "left"));
  trial.loads = std::move(*loads);
  return true;
}

/// What the report says in red is said at once, too.
void warn_of_unsound(const Analysis& analysis, bool has_outside_forces, const std::string& file,
                     Diagnostics& diagnostics) {
  for (const Condition& c : analysis.conditions) {
    if (c.trust.sound) continue;
    const std::size_t others = c.trust.warnings.size() - 1;
    diagnostics.warning("APP-002", file, 0,
                        fmt::format("read with care ({}): {}{}", c.title, c.trust.warnings.front(),
                                    others ? fmt::format(" And {} more.", others) : ""),
                        has_outside_forces
                            ? "report.html shows all; do motion, external forces and body belong together?"
                            : "No force of the ground was given: give --loads FILE, or --contacts FILE to have it "
                              "found (data/models/buttress_contacts.csv for the built-in body).");
  }
}

}  // namespace

RunStatus run_analyze(const AnalyzeRequest& request, std::string& record_text, Diagnostics& diagnostics) {
  StageClock clock;
  if (!request.contacts_file.empty() && !request.loads_file.empty()) {
    diagnostics.error("CONTACT-006", request.contacts_file, 0, "--contacts and --loads were both given",
                      "Give --loads when the ground's force was measured, --contacts when not.");
    return RunStatus::bad_input;
  }
  std::optional<TrackOutcome> tracked;
  if (is_marker_file(request.motion_file)) {
    TrackRequest to_track{request.model_file,   request.motion_file, request.markers, request.out_folder, true,
                          takes_plates(request)};
    if (!take_size_of_person(request, to_track.choices, diagnostics)) return RunStatus::bad_input;
    RunStatus status = RunStatus::bad_input;
    tracked = track(to_track, status, diagnostics);
    if (!tracked) return status;
    clock.finish("track");
  } else {
    check_marker_options(request, diagnostics);
  }
  const std::string model_file = tracked ? tracked->model_file : find_model_file(request.model_file),
                    motion_file = tracked ? tracked->motion_file : request.motion_file;
  const std::string group_file = find_data_folder() + "/muscle_groups.csv";
  std::vector<std::string> path_sets;
  if (!request.path_set_file.empty()) path_sets.push_back(request.path_set_file);
  const ModelRequest model_request{model_file, {}, false, request.ignore, path_sets, false};
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
  trial_request.motion_file = motion_file;
  trial_request.loads_file = request.loads_file;
  trial_request.motion.lowpass_hz = request.lowpass_hz;
  trial_request.motion.refuse_impossible_angles = true;
  trial_request.motion.start = request.start;
  trial_request.motion.end = request.end;
  std::string loads_data_file;
  auto trial = read_trial(*model, trial_request, loads_data_file, diagnostics);
  if (!trial || diagnostics.has_errors()) return RunStatus::bad_input;
  clock.finish("read_motion");

  Analysis analysis;
  analysis.model_name = model->name;
  analysis.motion_name = std::filesystem::path(request.motion_file).filename().string();
  analysis.mass = model->total_mass;
  analysis.body_weight = model->total_mass * std::sqrt(dot(model->gravity_W, model->gravity_W));
  analysis.time = trial->motion.time;
  analysis.q = trial->motion.q;
  if (tracked && !use_plates(request, *tracked, *model, *trial, analysis, diagnostics)) return RunStatus::bad_input;
  add_notes(diagnostics, analysis);
  if (body_strength)
    analysis.notes.push_back(describe_strength(*body_strength, body->person));
  else if (tracked)
    analysis.notes.push_back("The muscles are as strong as the model's; --person gives them a person's strength.");
  std::string contacts_file = request.contacts_file;
  if (tracked && request.model_file == "body" && trial->loads.loads.empty() && contacts_file.empty())
    contacts_file = find_data_folder() + "/models/buttress_contacts.csv";
  if (request.loads_file.empty() && (!trial->loads.loads.empty() || !contacts_file.empty()))
    warn_of_contact_forces(*model, contacts_file.empty() ? "the force plates" : "the predicted ground", diagnostics);
  const std::vector<bool> free_roots = find_free_roots(*model);
  const auto root = std::find(free_roots.begin(), free_roots.end(), true);
  if (trial->loads.loads.empty() && contacts_file.empty() && root != free_roots.end())
    analysis.notes.push_back(
        fmt::format("No external loads were given: nothing holds the body up but the residuals of the {}.",
                    model->bodies[static_cast<std::size_t>(root - free_roots.begin()) + 1].name));

  ChainOptions options;
  if (body_strength) options.strength = body_strength->factor;
  options.exponent = request.exponent;
  options.effort_weight = calc_effort_weights(*model, groups);
  options.reserve_strength = request.reserve_strength;
  options.passive_fiber_force = request.passive_fiber_force;
  if (!contacts_file.empty()) {
    const auto contacts = read_contacts(contacts_file, *model, 0, diagnostics);
    if (!contacts) return RunStatus::bad_input;
    options.contacts = *contacts;
    scale_contacts(tracked && tracked->size ? tracked->size->factors : body->factors, *model, options.contacts);
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
  warn_of_unsound(analysis, !trial->loads.loads.empty() || !contacts_file.empty(), request.motion_file, diagnostics);
  const Condition& shown = analysis.conditions.back();
  const std::size_t frame = find_busiest_frame(shown, input.frame_count);
  const std::vector<double> drawn = find_drawn_loads(
      shown, trial->loads.loads.empty() ? nullptr : input.loads + frame * trial->loads.loads.size() * 9, frame);
  const std::string picture =
      make_posture_pictures(analysis, frame, drawn.empty() ? nullptr : drawn.data(),
                            fmt::format("The frame of largest joint loads, {:.2f} s", analysis.time[frame]));
  auto record = make_run_record(
      "analyze",
      {model_file, request.path_set_file, request.motion_file, request.markers.static_file,
       tracked ? tracked->naming.map_file : "", request.loads_file, loads_data_file, contacts_file, group_file,
       request.person_file, tracked && tracked->size ? find_model_file(request.model_file) : ""},
      &shown.plan, diagnostics, clock);
  if (tracked) record["track"] = make_track_record(*tracked);
  for (const LoadTrajectory::Load& load : trial->loads.loads)
    record["loads"].push_back({{"name", load.name}, {"body", model->bodies[static_cast<std::size_t>(load.body)].name}});
  if (!request.person_file.empty()) record["person"] = describe_person(body->person);
  if (body_strength) record["body_strength"] = make_strength_record(*model, *body_strength);
  record["conditions"] = make_condition_records(analysis);
  if (!write_analysis(analysis, *model, request.out_folder, tracked ? tracked->written : std::vector<std::string>(),
                      record, record_text, picture, diagnostics))
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
