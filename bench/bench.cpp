// Every speed that we claim, measured here and now: per kernel and for the whole chain, by instruction set, with the
// share of this core's multiply-add peak; then whole tasks. Answers are compared before anything is timed.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench_cases.h"
#include "body/data_folder.h"
#include "chain_flops.h"
#include "fma_peak.h"
#include "io/table_reader.h"
#include "io/table_writer.h"

namespace {

using namespace buttress;

const char* const kStageNames[] = {"inverse dynamics", "muscle paths", "muscle fibres", "recruitment",
                                   "joint reactions"};

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// best of several runs: the machine's other work can only slow a run down
template <class Work>
double measure_seconds(int runs, Work&& work) {
  double best = 1e300;
  for (int i = 0; i < runs; ++i) {
    const double start = now_s();
    work();
    best = std::min(best, now_s() - start);
  }
  return best;
}

struct Report {
  bool as_json = false;
  bool good = true;
  void add(nlohmann::json row) {
    if (as_json) {
      std::printf("%s\n", row.dump().c_str());
      return;
    }
    const auto text = [&](const char* key) { return row.contains(key) ? row[key].get<std::string>() : std::string(); };
    if (row.contains("frames_per_second_per_core"))
      std::printf("%-44s %-8s %12.0f frames/s/core %9.2f us  %5.1f %% of peak  %s\n", text("name").c_str(),
                  text("instruction_set").c_str(), row["frames_per_second_per_core"].get<double>(),
                  1e6 / row["frames_per_second_per_core"].get<double>(), 100 * row["share_of_peak"].get<double>(),
                  text("answer_checked_against").c_str());
    else
      std::printf("%-44s %-8s %s  %s\n", text("name").c_str(), text("instruction_set").c_str(), text("result").c_str(),
                  text("answer_checked_against").c_str());
    std::fflush(stdout);
  }
};

double find_largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0, scale = 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    scale = std::max(scale, std::abs(b[i]));
    largest = std::max(largest, std::abs(a[i] - b[i]));
    if (!std::isfinite(a[i])) return INFINITY;
  }
  return largest / scale;
}

/// kernels and the whole chain of one case
void bench_chain(const BenchCase& c, Report& report) {
  const ChainInput input = c.trial.input();
  const double frames = static_cast<double>(input.frame_count);
  const std::array<double, 5> flops = count_stage_flops(c.plan, input);
  ChainOutput reference = make_chain_output(c.plan, input.frame_count);
  ChainRunOptions scalar;
  scalar.instruction_set = InstructionSet::scalar;
  scalar.thread_count = 1;
  run_chain(c.plan, input, scalar, reference);
  const auto unsolved = std::count_if(reference.status.begin(), reference.status.end(),
                                      [](FrameStatus s) { return s != FrameStatus::solved; });

  for (InstructionSet set : {InstructionSet::avx512, InstructionSet::avx2, InstructionSet::scalar}) {
    if (set > find_instruction_set()) continue;
    ChainRunOptions options;
    options.instruction_set = set;
    options.thread_count = 1;
    ChainOutput output = make_chain_output(c.plan, input.frame_count);
    run_chain(c.plan, input, options, output);
    const double difference = std::max({find_largest_difference(output.joint_moment, reference.joint_moment),
                                        find_largest_difference(output.activation, reference.activation),
                                        find_largest_difference(output.reaction, reference.reaction)});
    const bool agrees = difference < 1e-9 && unsolved == 0;
    report.good = report.good && agrees;
    char checked[160];
    std::snprintf(checked, sizeof checked, "%s scalar double, all frames: %.1e%s",
                  agrees ? "agrees with" : "DIFFERS from", difference, unsolved ? ", UNSOLVED FRAMES" : "");

    const double peak = measure_fma_peak(set);
    double before = 0, flops_sum = 0;
    for (int stage = 0; stage < 5; ++stage) {
      options.last_stage = static_cast<ChainStage>(stage);
      const double seconds = measure_seconds(5, [&] { run_chain(c.plan, input, options, output); });
      flops_sum += flops[static_cast<std::size_t>(stage)];
      const double own = std::max(1e-12, seconds - before);
      report.add({{"name", c.name + ": " + kStageNames[stage]},
                  {"instruction_set", name_of(set)},
                  {"frames_per_second_per_core", frames / own},
                  {"share_of_peak", flops[static_cast<std::size_t>(stage)] * frames / own / peak},
                  {"flops_per_frame", flops[static_cast<std::size_t>(stage)]},
                  {"answer_checked_against", checked}});
      before = seconds;
    }
    report.add({{"name", c.name + ": whole chain"},
                {"instruction_set", name_of(set)},
                {"frames_per_second_per_core", frames / before},
                {"share_of_peak", flops_sum * frames / before / peak},
                {"flops_per_frame", flops_sum},
                {"muscles", c.model->muscles.size()},
                {"answer_checked_against", checked}});
  }
}

void bench_threads(const BenchCase& c, Report& report) {
  const ChainInput input = c.trial.input();
  ChainOutput one = make_chain_output(c.plan, input.frame_count), two = make_chain_output(c.plan, input.frame_count);
  ChainRunOptions options;
  options.thread_count = 1;
  const double seconds_one = measure_seconds(5, [&] { run_chain(c.plan, input, options, one); });
  options.thread_count = 2;
  const double seconds_two = measure_seconds(5, [&] { run_chain(c.plan, input, options, two); });
  const bool same = one.force == two.force && one.reaction == two.reaction && one.joint_moment == two.joint_moment &&
                    one.activation == two.activation && one.reserve == two.reserve;
  report.good = report.good && same;
  char result[120];
  std::snprintf(result, sizeof result, "%.2f times as fast as one thread", seconds_one / seconds_two);
  report.add({{"name", c.name + ": two threads"},
              {"instruction_set", name_of(find_instruction_set())},
              {"speed_up", seconds_one / seconds_two},
              {"result", result},
              {"answer_checked_against", same ? "identical bytes" : "BYTES DIFFER"}});
}

void bench_table_reading(Report& report) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "buttress_bench_50MB.sto";
  Table table;
  table.name = "bench";
  for (int c = 0; c < 100; ++c) table.columns.push_back("column_" + std::to_string(c));
  for (int r = 0; r < 28000; ++r) {
    table.time.push_back(0.001 * r);
    for (int c = 0; c < 100; ++c) table.values.push_back(std::sin(0.001 * r * (c + 1)) * 100);
  }
  Diagnostics diagnostics;
  write_sto(path.string(), table, diagnostics);
  const double megabytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
  std::optional<Table> read;
  const double seconds = measure_seconds(3, [&] { read = read_table(path.string(), diagnostics); });
  const bool same = read && read->values == table.values;
  report.good = report.good && same;
  char result[120];
  std::snprintf(result, sizeof result, "%.3f s for %.0f MB: %.3f s per 50 MB", seconds, megabytes,
                seconds * 50 / megabytes);
  report.add({{"name", "reading a .sto file"},
              {"instruction_set", ""},
              {"seconds_per_50_MB", seconds * 50 / megabytes},
              {"result", result},
              {"answer_checked_against", same ? "the numbers that were written" : "NUMBERS DIFFER"}});
  std::filesystem::remove(path);
}

/// a whole run-tool process, from start to exit
void bench_process(const std::string& program, const std::string& shared, Report& report) {
  const std::string setup = shared + "/check/setups/so_gait2392.xml";
  if (program.empty() || !std::filesystem::exists(setup)) return;
  const std::string results = (std::filesystem::temp_directory_path() / "buttress_bench_results").string();
  double best = 1e300;
  long memory_kB = 0;
  bool good = true;
  for (int run = 0; run < 3; ++run) {
    const double start = now_s();
    const pid_t child = fork();
    if (child == 0) {
      if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr)) _exit(127);
      execl(program.c_str(), program.c_str(), "run-tool", setup.c_str(), "--results", results.c_str(), nullptr);
      _exit(127);
    }
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    best = std::min(best, now_s() - start);
    memory_kB = std::max(memory_kB, usage.ru_maxrss);
    good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  report.good = report.good && good;
  char result[120];
  std::snprintf(result, sizeof result, "%.3f s, %.0f MB", best, static_cast<double>(memory_kB) / 1024);
  report.add({{"name", "run-tool so_gait2392, process"},
              {"instruction_set", name_of(find_instruction_set())},
              {"seconds", best},
              {"megabytes", static_cast<double>(memory_kB) / 1024},
              {"result", result},
              {"answer_checked_against", good ? "exit code (numbers: shared/check/engine.py)" : "FAILED"}});
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Speeds of Buttress on this machine"};
  Report report;
  std::string shared = BUTTRESS_SHARED_FOLDER, program;
  app.add_flag("--json", report.as_json, "one JSON object per row");
  app.add_option("--shared", shared, "folder with the public recordings");
  app.add_option("--buttress", program, "the command-line program, for the row that times a whole process");
  CLI11_PARSE(app, argc, argv);

  if (const auto c = make_rajagopal_case(shared, 8)) {
    bench_chain(*c, report);
    bench_threads(*c, report);
  } else {
    std::fprintf(stderr, "rows of rajagopal_walk are left out: no recordings in %s\n", shared.c_str());
  }
  if (const auto c = make_built_in_case(4000)) {
    bench_chain(*c, report);
    bench_threads(*c, report);
  }
  bench_table_reading(report);
  bench_process(program, shared, report);
  if (!report.good) std::fprintf(stderr, "an answer was wrong: see the rows above\n");
  return report.good ? 0 : 2;
}
