#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/analyze.h"
#include "app/simulate.h"
#include "app/track_recording.h"
#include "body/data_folder.h"
#include "io/text_file.h"
#include "view/recording_view.h"
#include "view/simulation_view.h"
#include "view/track_summary.h"

/// What the command line does with a request, for tests: call, show, write.
namespace buttress {

inline const Library& test_library() {
  static const Library library(find_data_folder());
  return library;
}
inline const Words& test_words() {
  static const Words words = [] {
    Diagnostics diagnostics;
    auto read = read_words(test_library().file("words/en.json"), diagnostics);
    if (!read) throw std::runtime_error(format_diagnostic(diagnostics.items().front()));
    return *read;
  }();
  return words;
}

struct ShownSimulateRequest : SimulateRequest {
  std::string out_folder;    ///< empty = nothing is written
  std::string picture_file;  ///< empty = none
};
inline RunStatus run_simulate(const ShownSimulateRequest& request, std::string& text, std::string& record,
                              Diagnostics& diagnostics) {
  RunStatus status = RunStatus::bad_input;
  const auto simulation = simulate(test_library(), request, status, diagnostics);
  if (!simulation) return status;
  record = make_simulation_record(*simulation, test_words(), diagnostics);
  text = make_simulation_text(*simulation, test_words());
  if (!request.picture_file.empty())
    write_text_file(request.picture_file, make_simulation_picture(*simulation), diagnostics);
  if (!request.out_folder.empty()) write_simulation(*simulation, test_words(), request.out_folder, record, diagnostics);
  return status == RunStatus::done && diagnostics.has_errors() ? RunStatus::bad_input : status;
}

struct ShownAnalyzeRequest : AnalyzeRequest {
  std::string out_folder = "buttress-results";
};
inline RunStatus run_analyze(const ShownAnalyzeRequest& request, std::string& record, Diagnostics& diagnostics) {
  RunStatus status = RunStatus::bad_input;
  const auto analyzed = analyze(test_library(), test_words(), request, status, diagnostics);
  if (!analyzed) return status;
  const TrackOutcome* const tracked = analyzed->tracked ? &*analyzed->tracked : nullptr;
  record = make_recording_record(analyzed->result, tracked, test_words(), diagnostics);
  const bool written =
      write_recording(analyzed->result, tracked, test_words(), request.out_folder, record, diagnostics);
  return written ? status : RunStatus::bad_input;
}

struct ShownTrackRequest : TrackRequest {
  std::string out_folder = "buttress-results";
};
struct ShownTrackOutcome : TrackOutcome {
  TrackFiles files;
};
inline std::optional<ShownTrackOutcome> track(const ShownTrackRequest& request, RunStatus& status,
                                              Diagnostics& diagnostics) {
  auto outcome = track(test_library(), request, status, diagnostics);
  if (!outcome) return std::nullopt;
  const auto files = write_track(*outcome, std::filesystem::path(request.marker_file).stem().string(),
                                 request.out_folder, diagnostics);
  if (!files) return std::nullopt;
  return ShownTrackOutcome{std::move(*outcome), *files};
}

}  // namespace buttress
