#include "view/run_record.h"

#include <nlohmann/json.hpp>

#include "base/version.h"
#include "io/file_hash.h"
#include "load/inverse_chain.h"

namespace buttress {

nlohmann::json make_run_record(const Provenance& provenance, const Diagnostics& diagnostics) {
  nlohmann::json record;
  record["engine"] = {
      {"name", "buttress"}, {"version", engine_version()}, {"instruction_set", name_of(find_instruction_set())}};
  record["command"] = provenance.command;
  for (const std::string& file : provenance.input_files)
    if (!file.empty()) record["inputs"].push_back({{"file", file}, {"sha256", calc_file_hash(file)}});
  for (const Diagnostic& d : diagnostics.items()) record["messages"].push_back(format_diagnostic(d));
  for (const auto& [stage, seconds] : provenance.clock.stages()) record["seconds"][stage] = seconds;
  return record;
}

nlohmann::json make_run_record(const RunResult& result, const Diagnostics& diagnostics) {
  nlohmann::json record = make_run_record(result.provenance, diagnostics);
  visit_fields(result.options, [&](const char* name, const auto& value) { record["options"][name] = value; });
  record["options"]["parts_share_effort"] = !result.options.effort_weight.empty();
  record["ignored"] = result.model->ignored;
  const std::vector<double>& strength = result.conditions.back().strength;
  for (std::size_t m = 0; m < strength.size(); ++m)
    if (strength[m] != 1.0) record["strength"][result.model->muscles[m].name] = strength[m];
  return record;
}

std::string format_run_record(const nlohmann::json& record) {
  return record.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace buttress
