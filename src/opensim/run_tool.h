#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/run_status.h"
#include "body/model_loading.h"

/// `buttress run-tool SETUP.xml`: what `opensim-cmd run-tool SETUP.xml` does, with the same file names and columns.
namespace buttress {

struct RunToolRequest {
  std::string setup_file;
  std::optional<std::string> results_folder;  ///< overrides the setup file's
  std::vector<std::string> ignore;
  unsigned thread_count = 0;
};

/// Reads the setup file and all that it names, computes, and writes the result tables and run.json.
/// @param written paths of the files that were written
RunStatus run_tool(const RunToolRequest& request, std::vector<std::string>& written, Diagnostics& diagnostics);

}  // namespace buttress
