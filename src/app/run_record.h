#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "load/chain_plan.h"

/// run.json: where every number of a result folder comes from.
namespace buttress {

/// seconds spent in each stage, in order
class StageClock {
 public:
  StageClock();
  /// ends the stage that ran since the last call
  void finish(const std::string& stage);
  const std::vector<std::pair<std::string, double>>& stages() const { return stages_; }

 private:
  double last_;
  std::vector<std::pair<std::string, double>> stages_;
};

/// SHA-256 of a file in hex; empty when it cannot be read
std::string calc_file_hash(const std::string& path);

const char* engine_version();

/// what every record has: engine version, hashes of the files, options of the chain, ignored elements, stage times
nlohmann::json make_run_record(const std::string& command, const std::vector<std::string>& input_files,
                               const ChainPlan* plan, const Diagnostics& diagnostics, const StageClock& clock);

/// the record as the text of run.json; bytes that are not UTF-8 (names and paths in Latin-1) become U+FFFD
std::string format_run_record(const nlohmann::json& record);

/// writes text whole; adds APP-001 when the folder cannot be made or the file cannot be written
bool write_text_file(const std::string& path, const std::string& text, Diagnostics& diagnostics);
/// makes the folder and its parents; adds APP-001 when that fails
bool make_folder(const std::string& path, Diagnostics& diagnostics);

}  // namespace buttress
