#pragma once
#include <functional>
#include <string>

#include "base/run_status.h"
#include "base/stage_clock.h"
#include "base/table.h"
#include "body/model_loading.h"
#include "io/setup_reader.h"

/// OpenSim's AnalyzeTool: its motion or states, and the analyses of its set, called by run_tool().
namespace buttress {

/// what run_tool() hands over and gets back
struct AnalysesRun {
  const ToolSetup& setup;
  unsigned thread_count = 0;
  std::function<bool(const std::string& file_name, const Table&)> write;  ///< false: it could not be written
  StageClock& clock;
  std::string& loads_data_file;  ///< set to the data file that the external loads name
  Diagnostics& diagnostics;
};

/// Runs the analyses that are on, one after the other, and writes their files. Ids, besides those of the readers:
///   TOOL-002, TOOL-003  choices of StaticOptimization that cannot be run
///   TOOL-004            muscles have no states: the model's defaults are taken (warning; a note with equilibrium)
///   TOOL-012, TOOL-014  controls that cannot be followed, or read
RunStatus run_analyses(const AnalysesRun& run, const Model& model);

}  // namespace buttress
