// The command line: reads arguments, calls app/, prints what it says. Results go to standard output, everything else
// to standard error.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>

#include "app/analyze.h"
#include "app/simulate.h"
#include "app/track_recording.h"
#include "app/validate.h"
#include "base/run_status.h"
#include "base/version.h"
#include "body/data_folder.h"
#include "cli/number_range.h"
#include "cli/progress.h"
#include "io/text_file.h"
#include "load/inverse_chain.h"
#include "opensim/run_tool.h"
#include "view/recording_view.h"
#include "view/run_record.h"
#include "view/simulation_view.h"
#include "view/track_summary.h"
#include "view/validation_document.h"

namespace {

using namespace buttress;

constexpr int kWrongUsage = 64;
constexpr const char* kDefaultFolder = "buttress-results";
constexpr unsigned kMostThreads = 1024;
/// seconds; recordings may count from 1970 or from 1601
constexpr double kLatestTime = 1e11;

void print_diagnostics(const Diagnostics& diagnostics) {
  for (const Diagnostic& d : diagnostics.items()) std::fprintf(stderr, "%s\n", format_diagnostic(d).c_str());
}

/// what every command ends with: the messages, and an exit code that never hides an error
int finish(RunStatus status, const Diagnostics& diagnostics) {
  print_diagnostics(diagnostics);
  if (status == RunStatus::done && diagnostics.has_errors()) status = RunStatus::bad_input;
  return static_cast<int>(status);
}

std::vector<StrengthChange> parse_strengths(const std::vector<std::string>& texts, Diagnostics& diagnostics) {
  std::vector<StrengthChange> changes;
  for (const std::string& text : texts)
    if (const auto change = parse_strength(text, diagnostics)) changes.push_back(*change);
  return changes;
}

void add_thread_option(CLI::App& command, unsigned& thread_count) {
  command.add_option("--threads", thread_count, "number of threads (default: all cores)")
      ->check(whole_number_between(0, kMostThreads, "a whole number from 1 to 1024, or 0 for all cores"));
}

/// what a recording of markers needs besides its file
void add_marker_options(CLI::App& command, MarkerChoices& choices, bool& no_scale) {
  // what no person weighs or measures is an error of the input: TRACK-006
  command.add_option("--mass", choices.mass, "body mass, kg")->check(number_above_zero(1e6, "kilograms, above 0"));
  command.add_option("--height", choices.height, "body height, m (default: from the markers)")
      ->check(number_above_zero(1e6, "metres, above 0"));
  command.add_option("--static", choices.static_file,
                     "recording of quiet standing that gives the size (default: the movement itself)");
  command.add_option("--map", choices.map_file,
                     "marker map (.csv; default: the built-in one that explains most names)");
  command.add_option("--up", choices.up, "axis of the marker file that points up: x, y, z, -x, -y or -z");
  command.add_flag("--no-scale", no_scale, "the model is this person's already, with its markers in place");
}

/// what every verb needs to show its result
struct Shell {
  const Library& library;
  const Words& words;
  bool as_json;
  std::string out_folder;  ///< empty: none was given
  Diagnostics& diagnostics;

  std::string folder() const { return out_folder.empty() ? kDefaultFolder : out_folder; }
};

int show_analysis(const Shell& shell, AnalyzeRequest& request) {
  ProgressLine progress;
  request.markers.progress = [&](const std::string& stage, double share) { progress.show(stage, share); };
  RunStatus status = RunStatus::bad_input;
  const auto analyzed = analyze(shell.library, shell.words, request, status, shell.diagnostics);
  progress.clear();
  if (!analyzed) return finish(status, shell.diagnostics);
  const TrackOutcome* const tracked = analyzed->tracked ? &*analyzed->tracked : nullptr;
  std::string record = make_recording_record(analyzed->result, tracked, shell.words, shell.diagnostics);
  if (!write_recording(analyzed->result, tracked, shell.words, shell.folder(), record, shell.diagnostics))
    status = RunStatus::bad_input;
  if (shell.as_json)
    std::fputs(record.c_str(), stdout);
  else if (status == RunStatus::done)
    std::printf("%s/report.html\n", shell.folder().c_str());
  return finish(status, shell.diagnostics);
}

int show_track(const Shell& shell, TrackRequest& request) {
  ProgressLine progress;
  request.choices.progress = [&](const std::string& stage, double share) { progress.show(stage, share); };
  RunStatus status = RunStatus::bad_input;
  const auto tracked = track_recording(shell.library, request, status, shell.diagnostics);
  progress.clear();
  if (!tracked) return finish(status, shell.diagnostics);
  std::string record = make_track_record_text(tracked->outcome, tracked->provenance, shell.diagnostics);
  std::string text = describe_track(request, tracked->outcome);
  if (!write_track(tracked->outcome, request.marker_file, record, shell.folder(), text, shell.diagnostics))
    return finish(RunStatus::bad_input, shell.diagnostics);
  std::fputs(shell.as_json ? record.c_str() : text.c_str(), stdout);
  return finish(status, shell.diagnostics);
}

int show_validation(const Shell& shell, unsigned thread_count) {
  Diagnostics& diagnostics = shell.diagnostics;
  const std::string folder =
      shell.out_folder.empty() ? find_validation_folder(shell.library, diagnostics) : shell.out_folder;
  if (folder.empty()) return finish(RunStatus::bad_input, diagnostics);
  // before the work is done: can its result be put down?
  const auto page = open_validation_page(folder + "/validation.md", diagnostics);
  if (!page || !make_folder(folder + "/validation", diagnostics)) return finish(RunStatus::bad_input, diagnostics);
  const auto validated = validate(shell.library, thread_count, diagnostics);
  if (!validated ||
      !write_validation(validated->validation, validated->numbers, shell.words, *page, folder, diagnostics))
    return finish(RunStatus::bad_input, diagnostics);
  if (shell.as_json)
    std::fputs(make_validation_record_text(validated->validation, validated->numbers, shell.words).c_str(), stdout);
  else
    std::fputs((make_validation_text(validated->validation) + "Page: " + folder + "/validation.md\n").c_str(), stdout);
  // a movement that cannot be run is an error; what agrees badly is a result
  return finish(diagnostics.has_errors() ? RunStatus::not_solved : RunStatus::done, diagnostics);
}

int show_simulation(const Shell& shell, const SimulateRequest& request, const std::string& picture_file) {
  RunStatus status = RunStatus::bad_input;
  const auto simulation = simulate(shell.library, request, status, shell.diagnostics);
  if (!simulation) return finish(status, shell.diagnostics);
  std::string record = make_simulation_record(*simulation, shell.words, shell.diagnostics);
  std::string text = make_simulation_text(*simulation, shell.words);
  if (!picture_file.empty()) write_text_file(picture_file, make_simulation_picture(*simulation), shell.diagnostics);
  if (!shell.out_folder.empty() &&
      write_simulation(*simulation, shell.words, shell.out_folder, record, shell.diagnostics))
    text += "Report: " + shell.out_folder + "/report.html\n";
  std::fputs(shell.as_json ? record.c_str() : text.c_str(), stdout);
  return finish(status, shell.diagnostics);
}

/// prints one error that no command could put into its diagnostics; 2, the exit code of what did not succeed
int report(const char* id, const std::string& message, const char* advice) {
  Diagnostics diagnostics;
  diagnostics.error(id, "", 0, message, advice);
  return finish(RunStatus::not_solved, diagnostics);
}

/// the program without its last safety net
int run(int argc, char** argv) {
  CLI::App app{
      "Buttress: how the gluteal muscles hold up the pelvis and the lower back.\n"
      "Decision support and education; not a diagnosis, not for emergencies."};
  app.set_version_flag("--version", std::string("buttress ") + engine_version());
  app.require_subcommand(0, 1);
  app.failure_message(CLI::FailureMessage::simple);

  RunToolRequest tool;
  std::string results;
  CLI::App* run_tool_command = app.add_subcommand("run-tool", "run an OpenSim setup file");
  run_tool_command->add_option("setup", tool.setup_file, "setup file (.xml)")->required();
  run_tool_command->add_option("--results", results, "folder for the results, instead of the setup file's");
  run_tool_command->add_option("--ignore", tool.ignore, "leave out an unsupported element, by name or type");
  add_thread_option(*run_tool_command, tool.thread_count);

  std::string out_folder, picture_file;
  AnalyzeRequest analyze_request;
  std::vector<std::string> strength;
  bool no_passive = false, no_plates = false, no_scale = false;
  CLI::App* analyze_command = app.add_subcommand("analyze", "everything about one movement, with a report");
  analyze_command
      ->add_option("model", analyze_request.model_file, "OpenSim model (.osim), or the word body for the built-in one")
      ->required();
  analyze_command
      ->add_option("motion", analyze_request.motion_file, "coordinates or states (.mot, .sto), or markers (.trc, .c3d)")
      ->required();
  analyze_command->add_option("--loads", analyze_request.loads_file, "external loads (.xml)");
  analyze_command->add_option("--contacts", analyze_request.contacts_file,
                              "contact points (.csv) instead of --loads: the ground's force is found without plates");
  analyze_command->add_option("--path-set", analyze_request.path_set_file,
                              "polynomial muscle paths (OpenSim FunctionBasedPathSet)");
  analyze_command->add_option("--strength", strength, "NAME=FACTOR, e.g. gluteus_medius_r=0.5; may be repeated");
  analyze_command->add_option(
      "--person", analyze_request.person_file,
      "whose body (.json): strength by norms or as measured, and size if it is the built-in body");
  analyze_command->add_flag("--strength-as-modelled", analyze_request.strength_as_modelled,
                            "with --person: size alone, the muscles keep their forces");
  analyze_command->add_option("--out", out_folder, "results folder")->default_str(kDefaultFolder);
  analyze_command->add_option("--ignore", analyze_request.ignore, "leave out an unsupported element, by name or type");
  analyze_command
      ->add_option("--lowpass-hz", analyze_request.lowpass_hz, "low-pass filter of the coordinates; 0 = none")
      ->check(number_between(0, 1000, "hertz, from 0 (no filter) to 1000"))
      ->capture_default_str();
  const CLI::Validator is_time = number_between(-kLatestTime, kLatestTime, "seconds, on the clock of the recording");
  analyze_command->add_option("--start", analyze_request.start, "first second to use")->check(is_time);
  analyze_command->add_option("--end", analyze_request.end, "last second to use")->check(is_time);
  analyze_command
      ->add_option("--exponent", analyze_request.exponent, "exponent of the activations in the effort: 2 or 3")
      ->check(CLI::IsMember({2, 3}))
      ->capture_default_str();
  analyze_command->add_option("--reserve", analyze_request.reserve_strength, "reserve strength at every joint, N m")
      ->check(number_above_zero(1e6, "newton metres, above 0 and up to 1000000"))
      ->capture_default_str();
  add_marker_options(*analyze_command, analyze_request.markers, no_scale);
  analyze_command->add_flag("--no-plates", no_plates, "find the ground's force without the plates of a .c3d");
  analyze_command->add_flag("--no-passive", no_passive, "leave passive fibre force out, as OpenSim does");
  add_thread_option(*analyze_command, analyze_request.thread_count);

  TrackRequest track_request;
  CLI::App* track_command = app.add_subcommand("track", "recorded markers: scale the model to the person, then fit it");
  track_command
      ->add_option("model", track_request.model_file, "OpenSim model (.osim), or the word body for the built-in one")
      ->required();
  track_command->add_option("markers", track_request.marker_file, "recording (.trc, .c3d)")->required();
  track_command->add_option("--out", out_folder, "results folder")->default_str(kDefaultFolder);
  add_marker_options(*track_command, track_request.choices, no_scale);

  SimulateRequest simulate_request;
  CLI::App* simulate_command = app.add_subcommand("simulate", "run a built-in movement on the built-in body");
  simulate_command
      ->add_option("movement", simulate_request.movement, "a name of `buttress movements`, or a file (.json)")
      ->required();
  simulate_command->add_option("--set", simulate_request.settings, "NAME=VALUE, e.g. depth_deg=90; may be repeated");
  simulate_command->add_option("--strength", strength, "NAME=FACTOR, e.g. gluteus_medius_r=0.5; may be repeated");
  simulate_command->add_option("--out", out_folder, "folder for tables and report.html");
  simulate_command->add_option("--svg", picture_file, "write the posture as a picture");
  add_thread_option(*simulate_command, simulate_request.thread_count);

  simulate_command->add_option("--person", simulate_request.person_file,
                               "whose body: sex, age, height, mass and what was measured (.json)");
  simulate_command->add_flag("--strength-as-modelled", simulate_request.strength_as_modelled,
                             "keep the forces of the generic body instead of the norms of strength");

  CLI::App* movements_command = app.add_subcommand("movements", "list the built-in movements and their parameters");

  unsigned validate_threads = 0;
  CLI::App* validate_command = app.add_subcommand(
      "validate", "run all built-in movements, compare with measurements in people, write docs/validation.md");
  validate_command->add_option("--out", out_folder, "folder for page, plots and validation.json");
  add_thread_option(*validate_command, validate_threads);

  CLI::App* demo_command = app.add_subcommand(
      "demo", "the built-in body on its right leg, whole and with gluteus medius and minimus at half strength");
  demo_command->add_option("--out", out_folder, "folder for tables and report.html");
  demo_command->add_option("--svg", picture_file, "write the posture as a picture");

  demo_command->add_flag("--strength-as-modelled", simulate_request.strength_as_modelled,
                         "keep the forces of the generic body instead of the norms of strength");

  bool as_json = false;
  for (CLI::App* command : {analyze_command, track_command, simulate_command, demo_command, validate_command})
    command->add_flag("--json", as_json, "print what run.json or validation.json holds instead of text");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : kWrongUsage;
  }
  // who types the bare name wants to know what there is
  if (app.get_subcommands().empty()) {
    std::fputs(app.help().c_str(), stdout);
    return 0;
  }

  Diagnostics diagnostics;
  try {
    find_instruction_set();
  } catch (const std::invalid_argument& problem) {
    diagnostics.error("CLI-003", "", 0, problem.what(),
                      "Leave it unset: the widest set of the processor is used then.");
    return finish(RunStatus::bad_input, diagnostics);
  }
  if (*run_tool_command) {
    if (!results.empty()) tool.results_folder = results;
    std::vector<std::string> written;
    const RunStatus status = run_tool(tool, written, diagnostics);
    for (const std::string& file : written) std::printf("%s\n", file.c_str());
    return finish(status, diagnostics);
  }
  const Library library(find_data_folder());
  const auto words = read_words(library.file("words/en.json"), diagnostics);
  if (!words) return finish(RunStatus::bad_input, diagnostics);
  const Shell shell{library, *words, as_json, out_folder, diagnostics};
  if (*movements_command) {
    std::fputs(describe_movements(library, diagnostics).c_str(), stdout);
    return finish(RunStatus::done, diagnostics);
  }
  if (*validate_command) return show_validation(shell, validate_threads);
  if (*track_command) {
    track_request.choices.scale = !no_scale;
    return show_track(shell, track_request);
  }
  if (*demo_command) {
    simulate_request.movement = "single_leg_stance";
    strength = {"gluteus_medius_r=0.5", "gluteus_minimus_r=0.5"};
  }
  const std::vector<StrengthChange> changes = parse_strengths(strength, diagnostics);
  if (diagnostics.has_errors()) return finish(RunStatus::bad_input, diagnostics);
  if (*analyze_command) {
    analyze_request.strength = changes;
    analyze_request.passive_fiber_force = !no_passive;
    analyze_request.use_plates = !no_plates;
    analyze_request.markers.scale = !no_scale;
    return show_analysis(shell, analyze_request);
  }
  simulate_request.strength = changes;
  return show_simulation(shell, simulate_request, picture_file);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    return report("CLI-001", "there is not enough memory for this",
                  "Use a shorter part of the recording or fewer threads, or close other programs.");
  } catch (const std::exception& problem) {
    return report("CLI-002", std::string("the computation ended unexpectedly: ") + problem.what(),
                  "Please report it with the command, and with the files if they may be shared.");
  }
}
