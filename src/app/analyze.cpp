#include "app/analyze.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "body/body_strength.h"
#include "body/person_body.h"
#include "io/contact_reader.h"
#include "study/kinematics_tables.h"
#include "study/recording.h"
#include "track/plate_assignment.h"

namespace buttress {

namespace {

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
bool take_size_of_person(const Library& library, const AnalyzeRequest& request, MarkerChoices& choices,
                         Diagnostics& diagnostics) {
  if (request.person_file.empty() || !choices.scale) return true;
  const auto tables = read_strength_tables(library.file("norms"), diagnostics);
  const auto person =
      tables ? read_person_with(library.data_folder(), request.person_file, *tables, diagnostics) : std::nullopt;
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

/// One request on its way: what has been read so far.
struct Loading {
  const Library& library;
  const AnalyzeRequest& request;
  Diagnostics& diagnostics;
  StageClock clock;
  std::optional<TrackOutcome> tracked;
  std::optional<PersonBody> body;
  Recording recording;
  std::string contacts_file, loads_data_file;
};

bool track_markers(Loading& l, RunStatus& status) {
  if (!is_marker_file(l.request.motion_file)) {
    check_marker_options(l.request, l.diagnostics);
    return true;
  }
  TrackRequest request{l.request.model_file, l.request.motion_file, l.request.markers, true, takes_plates(l.request)};
  if (!take_size_of_person(l.library, l.request, request.choices, l.diagnostics)) return false;
  l.tracked = track(l.library, request, status, l.diagnostics);
  l.clock.finish("track");
  return l.tracked.has_value();
}

/// the model, in a person's size and strength if one was given
bool read_body(Loading& l) {
  const AnalyzeRequest& r = l.request;
  ModelRequest request;
  request.file = l.library.find_model_file(r.model_file);
  if (l.tracked && !l.tracked->model_text.empty()) {
    request.file = l.tracked->model_name + ".osim";
    request.text = l.tracked->model_text;
  }
  request.ignore = r.ignore;
  if (!r.path_set_file.empty()) request.path_set_files.push_back(r.path_set_file);
  if (!r.person_file.empty()) {
    l.body = load_person_model(l.library.data_folder(), request, r.person_file, l.diagnostics);
  } else if (auto model = load_model(request, l.diagnostics)) {
    l.body.emplace();
    l.body->model = std::make_shared<const Model>(std::move(*model));
  }
  if (!l.body) return false;
  l.recording.model = l.body->model;
  if (!r.person_file.empty()) {
    l.recording.person = l.body->person;
    if (!r.strength_as_modelled)
      l.recording.strength = calc_body_strength(*l.body->model, l.body->person, l.body->tables, l.diagnostics);
  }
  l.recording.groups = read_muscle_groups(l.library.file("muscle_groups.csv"), l.diagnostics);
  make_strengths(*l.body->model, l.recording.groups, r.strength, l.diagnostics);
  l.clock.finish("read_model");
  return !l.diagnostics.has_errors();
}

bool read_motion(Loading& l) {
  const AnalyzeRequest& r = l.request;
  TrialRequest request;
  request.motion_file = r.motion_file;
  request.loads_file = r.loads_file;
  request.motion.lowpass_hz = r.lowpass_hz;
  request.motion.refuse_impossible_angles = true;
  request.motion.start = r.start;
  request.motion.end = r.end;
  const Model& model = *l.recording.model;
  std::optional<Trial> trial;
  if (l.tracked) {
    const InverseKinematicsResult& found = l.tracked->result;
    trial =
        make_trial(model, make_coordinate_table(model, found.time, found.q), request, l.loads_data_file, l.diagnostics);
  } else {
    trial = read_trial(model, request, l.loads_data_file, l.diagnostics);
  }
  if (!trial || l.diagnostics.has_errors()) return false;
  l.recording.trial = std::move(*trial);
  l.recording.motion_file = r.motion_file;
  l.recording.motion_name = std::filesystem::path(r.motion_file).filename().string();
  l.clock.finish("read_motion");
  return true;
}

/// PLATE-007, unless it was asked for
void note_unused_plates(Loading& l) {
  if (!l.request.use_plates) return;
  const std::size_t plates = l.tracked->recording.plates.size();
  l.diagnostics.note(
      "PLATE-007", l.request.motion_file, 0,
      fmt::format("{} of the recording {} not used, since {} was given",
                  plates == 1 ? std::string("the force plate") : fmt::format("the {} force plates", plates),
                  plates == 1 ? "is" : "are", l.request.loads_file.empty() ? "--contacts" : "--loads"),
      "Leave that option out to have the plates' forces under the feet that stand on them.");
}

/// the plates of a recording as external loads, if they are to be used
bool use_plates(Loading& l) {
  if (!l.tracked || l.tracked->recording.plates.empty()) return true;
  if (!takes_plates(l.request)) {
    note_unused_plates(l);
    return true;
  }
  auto loads = assign_plates(*l.recording.model, l.recording.trial.motion, l.tracked->recording.plates,
                             l.tracked->recording.plate_rate_hz, l.request.motion_file, l.diagnostics);
  if (!loads) return false;
  for (const LoadTrajectory::Load& load : loads->loads)
    l.recording.notes.push_back(
        {"plate_under_foot",
         {{"plate", load.name.substr(5, load.name.size() - 7)}, {"side", load.name.back() == 'r' ? "right" : "left"}}});
  l.recording.trial.loads = std::move(*loads);
  return true;
}

/// where the ground may press, when its force was not measured
bool read_ground(Loading& l) {
  const bool has_loads = !l.recording.trial.loads.loads.empty();
  l.contacts_file = l.request.contacts_file;
  if (l.tracked && l.request.model_file == "body" && !has_loads && l.contacts_file.empty())
    l.contacts_file = l.library.file("models/buttress_contacts.csv");
  const Model& model = *l.recording.model;
  if (l.request.loads_file.empty() && (has_loads || !l.contacts_file.empty()))
    warn_of_contact_forces(model, l.contacts_file.empty() ? "the force plates" : "the predicted ground", l.diagnostics);
  if (l.contacts_file.empty()) return true;
  auto contacts = read_contacts(l.contacts_file, model, 0, l.diagnostics);
  if (!contacts) return false;
  scale_contacts(l.tracked && l.tracked->size ? l.tracked->size->factors : l.body->factors, model, *contacts);
  l.recording.contacts = std::move(*contacts);
  return true;
}

/// what the user did not say and the readers had to assume, in the result too
void add_notes(Loading& l) {
  for (const Diagnostic& d : l.diagnostics.items())
    if (d.severity != Severity::error) l.recording.notes.push_back(make_text_note(d.message + "."));
  if (l.recording.strength)
    l.recording.notes.push_back({"strength_of_person", {}});
  else if (l.tracked)
    l.recording.notes.push_back({"strength_of_model", {}});
  l.recording.has_polynomial_paths = !l.request.path_set_file.empty();
}

/// What the report says in red is said at once, too.
void warn_of_unsound(const RunResult& result, const Words& words, const std::string& file, Diagnostics& diagnostics) {
  const bool has_outside_forces = !result.loads.empty() || !result.contact_groups.empty();
  for (const Condition& c : result.conditions) {
    if (c.trust.sound) continue;
    const std::size_t others = c.trust.warnings.size() - 1;
    diagnostics.warning("APP-002", file, 0,
                        fmt::format("read with care ({}): {}{}", c.title, say(words, c.trust.warnings.front()),
                                    others ? fmt::format(" And {} more.", others) : ""),
                        has_outside_forces
                            ? "report.html shows all; do motion, external forces and body belong together?"
                            : "No force of the ground was given: give --loads FILE, or --contacts FILE to have it "
                              "found (data/models/buttress_contacts.csv for the built-in body).");
  }
}

std::vector<std::string> list_inputs(const Loading& l) {
  const AnalyzeRequest& r = l.request;
  return {l.library.find_model_file(r.model_file),     r.path_set_file, r.motion_file,     r.markers.static_file,
          l.tracked ? l.tracked->naming.map_file : "", r.loads_file,    l.loads_data_file, l.contacts_file,
          l.library.file("muscle_groups.csv"),         r.person_file};
}

}  // namespace

std::optional<Analyzed> analyze(const Library& library, const Words& words, const AnalyzeRequest& request,
                                RunStatus& status, Diagnostics& diagnostics) {
  status = RunStatus::bad_input;
  if (!request.contacts_file.empty() && !request.loads_file.empty()) {
    diagnostics.error("CONTACT-006", request.contacts_file, 0, "--contacts and --loads were both given",
                      "Give --loads when the ground's force was measured, --contacts when not.");
    return std::nullopt;
  }
  Loading loading{library, request, diagnostics, {}, {}, {}, {}, {}, {}};
  if (!track_markers(loading, status)) return std::nullopt;
  status = RunStatus::bad_input;
  if (!read_body(loading) || !read_motion(loading) || !use_plates(loading)) return std::nullopt;
  add_notes(loading);
  if (!read_ground(loading)) return std::nullopt;
  auto result = study_recording(
      std::move(loading.recording),
      {request.strength, request.exponent, request.reserve_strength, request.passive_fiber_force, request.thread_count},
      status, diagnostics);
  if (!result) return std::nullopt;
  loading.clock.finish("compute");
  result->provenance = {"analyze", list_inputs(loading), loading.clock};
  warn_of_unsound(*result, words, request.motion_file, diagnostics);
  return Analyzed{std::move(*result), std::move(loading.tracked)};
}

}  // namespace buttress
