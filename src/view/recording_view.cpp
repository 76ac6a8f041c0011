#include "view/recording_view.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "view/report.h"
#include "view/result_folder.h"
#include "view/result_record.h"
#include "view/run_record.h"
#include "view/strength_text.h"
#include "view/track_summary.h"

namespace buttress {

std::string make_recording_record(const RunResult& result, const TrackOutcome* tracked, const Words& words,
                                  const Diagnostics& diagnostics) {
  auto record = make_run_record(result, diagnostics);
  if (tracked) record["track"] = make_track_record(*tracked);
  for (const ChainLoad& load : result.loads)
    record["loads"].push_back(
        {{"name", load.name}, {"body", result.model->bodies[static_cast<std::size_t>(load.body)].name}});
  if (result.person) record["person"] = describe_person(*result.person);
  if (result.strength) record["body_strength"] = make_strength_record(*result.model, *result.strength);
  record["conditions"] = make_condition_records(result, words);
  return format_run_record(record);
}

bool write_recording(const RunResult& result, const TrackOutcome* tracked, const Words& words,
                     const std::string& folder, std::string& record, Diagnostics& diagnostics) {
  std::vector<std::string> written;
  if (tracked) {
    const auto files =
        write_track(*tracked, std::filesystem::path(result.motion_name).stem().string(), folder, diagnostics);
    if (!files) return false;
    written = files->list_written();
  }
  const std::size_t frame = find_busiest_frame(result.conditions.back(), result.frame_count());
  const std::string picture = make_posture_pictures(
      result, frame, fmt::format("The frame of largest joint loads, {:.2f} s", result.time[frame]));
  return write_result_folder(result, words, folder, picture, written, record, diagnostics);
}

}  // namespace buttress
