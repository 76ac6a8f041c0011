#include "app/run_record.h"

#include <sodium.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "load/inverse_chain.h"

namespace buttress {

namespace {

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

StageClock::StageClock() : last_(now_s()) {}

void StageClock::finish(const std::string& stage) {
  const double now = now_s();
  stages_.emplace_back(stage, now - last_);
  last_ = now;
}

std::string calc_file_hash(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::array<char, 65536> block;
  while (file.read(block.data(), block.size()) || file.gcount() > 0)
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(block.data()),
                              static_cast<unsigned long long>(file.gcount()));
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256_final(&state, digest.data());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex;
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

const char* engine_version() {
  return BUTTRESS_VERSION;
}

nlohmann::json make_run_record(const std::string& command, const std::vector<std::string>& input_files,
                               const ChainPlan* plan, const Diagnostics& diagnostics, const StageClock& clock) {
  nlohmann::json record;
  record["engine"] = {
      {"name", "buttress"}, {"version", engine_version()}, {"instruction_set", name_of(find_instruction_set())}};
  record["command"] = command;
  for (const std::string& file : input_files)
    if (!file.empty()) record["inputs"].push_back({{"file", file}, {"sha256", calc_file_hash(file)}});
  if (plan) {
    const ChainOptions& o = plan->options;
    record["options"] = {
        {"passive_fiber_force", o.passive_fiber_force}, {"opensim_double_wraps", o.opensim_double_wraps},
        {"coupled_ligaments", o.coupled_ligaments},     {"elastic_passive_tendon", o.elastic_passive_tendon},
        {"muscle_physiology", o.muscle_physiology},     {"use_actuators", o.use_actuators},
        {"reserve_strength", o.reserve_strength},       {"exponent", o.exponent}};
    record["ignored"] = plan->model->ignored;
    for (std::size_t m = 0; m < plan->strength.size(); ++m)
      if (plan->strength[m] != 1.0) record["strength"][plan->model->muscles[m].name] = plan->strength[m];
  }
  for (const Diagnostic& d : diagnostics.items()) record["messages"].push_back(format_diagnostic(d));
  for (const auto& [stage, seconds] : clock.stages()) record["seconds"][stage] = seconds;
  return record;
}

std::string format_run_record(const nlohmann::json& record) {
  return record.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

bool make_folder(const std::string& path, Diagnostics& diagnostics) {
  std::error_code problem;
  std::filesystem::create_directories(path, problem);
  if (!problem && std::filesystem::is_directory(path, problem)) return true;
  diagnostics.error("APP-001", path, 0, "the results folder cannot be made",
                    "Choose another folder with --results or --out, or check its permissions.");
  return false;
}

bool write_text_file(const std::string& path, const std::string& text, Diagnostics& diagnostics) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return true;
  diagnostics.error("APP-001", path, 0, "the file cannot be written", "Check the folder's permissions and free space.");
  return false;
}

}  // namespace buttress
