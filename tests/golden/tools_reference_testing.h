#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/skips_testing.h"
#include "base/table.h"
#include "io/osim_reader.h"
#include "io/table_reader.h"
#include "model/compile.h"
#include "opensim/run_tool.h"

/// What tests against published results share: where the data lie, running a tool, and how far two tables are apart.
namespace buttress::reference_testing {

namespace fs = std::filesystem;

/// the folder of recorded data with a trailing "/", empty when it is not there
inline std::string find_shared() {
  const char* given = std::getenv("BUTTRESS_SHARED");
  const std::string folder = given ? given : std::string(BUTTRESS_SOURCE_DIR) + "/../shared";
  return fs::exists(folder + "/data") ? folder + "/" : "";
}
#define REQUIRE_SHARED(name)              \
  const std::string name = find_shared(); \
  if (name.empty()) GTEST_SKIP() << kNoSharedData

/// a folder of its own for each test, emptied first
inline std::string make_test_folder() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  const std::string folder = testing::TempDir() + "buttress_" + info->test_suite_name() + "_" + info->name() + "/";
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

inline void expect_no_errors(const Diagnostics& diagnostics) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.severity == Severity::error) ADD_FAILURE() << format_diagnostic(d);
}

inline Table read_or_fail(const std::string& path) {
  Diagnostics diagnostics;
  const auto table = read_table(path, diagnostics);
  expect_no_errors(diagnostics);
  return table.value_or(Table{});
}

/// a published model with everything left out that it has and we do not simulate
inline std::optional<ModelSpec> read_spec(const std::string& path, CompileOptions& options) {
  Diagnostics diagnostics;
  auto spec = read_osim(path, diagnostics);
  expect_no_errors(diagnostics);
  if (spec)
    for (const UnsupportedSpec& u : spec->unsupported) options.ignore.push_back(u.name.empty() ? u.type : u.name);
  return spec;
}
inline Model compile_or_fail(const ModelSpec& spec, const CompileOptions& options) {
  Diagnostics diagnostics;
  auto model = compile(spec, options, diagnostics);
  expect_no_errors(diagnostics);
  return model ? std::move(*model) : Model{};
}

/// "/forceset/glut_med1_r|length" -> "glut_med1_r"
inline std::string shorten(const std::string& label) {
  const std::string stem = label.substr(0, label.find('|'));
  return stem.substr(stem.rfind('/') + 1);
}

/// value of a column at a time, linear between rows
inline double interpolate(const Table& table, std::size_t column, double time) {
  const auto after = std::lower_bound(table.time.begin(), table.time.end(), time);
  const std::size_t i = static_cast<std::size_t>(after - table.time.begin());
  if (i == 0) return table.at(0, column);
  if (i == table.row_count()) return table.at(i - 1, column);
  const double w = (time - table.time[i - 1]) / (table.time[i] - table.time[i - 1]);
  return (1 - w) * table.at(i - 1, column) + w * table.at(i, column);
}

struct ColumnError {
  std::string name;
  double largest = 0;   ///< largest absolute difference
  double rms = 0;       ///< root of the mean squared difference
  double relative = 0;  ///< rms over the largest size of the reference, or rms where that is zero
};

struct Comparison {
  std::vector<ColumnError> columns;
  const ColumnError& worst_largest() const {
    return *std::max_element(columns.begin(), columns.end(),
                             [](const auto& a, const auto& b) { return a.largest < b.largest; });
  }
  const ColumnError& worst_relative() const {
    return *std::max_element(columns.begin(), columns.end(),
                             [](const auto& a, const auto& b) { return a.relative < b.relative; });
  }
  double median_relative() const {
    std::vector<double> all;
    for (const ColumnError& c : columns) all.push_back(c.relative);
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
  }
};

/// All columns of the reference at its own times within [first, last] against a result; `only` picks some when not
/// empty. A reference column that the result lacks, and numbers that are not finite, are failures.
inline Comparison compare(const Table& reference, const Table& result, double first, double last,
                          const std::set<std::string>& only = {}) {
  Comparison comparison;
  std::map<std::string, std::size_t> found;
  for (std::size_t c = 0; c < result.columns.size(); ++c) found.emplace(shorten(result.columns[c]), c);
  for (std::size_t c = 0; c < reference.columns.size(); ++c) {
    const std::string name = shorten(reference.columns[c]);
    if (!only.empty() && !only.count(name)) continue;
    const auto it = found.find(name);
    if (it == found.end()) {
      ADD_FAILURE() << "the result has no column " << name;
      continue;
    }
    ColumnError error{name};
    double sum = 0, peak = 0;
    std::size_t count = 0;
    for (std::size_t r = 0; r < reference.row_count(); ++r) {
      if (reference.time[r] < first || reference.time[r] > last) continue;
      const double expected = reference.at(r, c), value = interpolate(result, it->second, reference.time[r]);
      if (!std::isfinite(value)) ADD_FAILURE() << name << " is not finite";
      error.largest = std::max(error.largest, std::abs(value - expected));
      sum += (value - expected) * (value - expected);
      peak = std::max(peak, std::abs(expected));
      ++count;
    }
    EXPECT_GT(count, 0u) << name;
    error.rms = std::sqrt(sum / static_cast<double>(std::max<std::size_t>(count, 1)));
    error.relative = peak > 1e-9 ? error.rms / peak : error.rms;
    comparison.columns.push_back(error);
  }
  EXPECT_FALSE(comparison.columns.empty());
  return comparison;
}

/// the worst of a comparison, printed and kept in the record of the test
inline void report(const std::string& what, const Comparison& c) {
  if (c.columns.empty()) return;
  char text[300];
  std::snprintf(text, sizeof text, "largest %.3g at %s; RMS of peak: worst %.3g at %s, median %.3g; %zu columns",
                c.worst_largest().largest, c.worst_largest().name.c_str(), c.worst_relative().relative,
                c.worst_relative().name.c_str(), c.median_relative(), c.columns.size());
  std::printf("[ MEASURED ] %s: %s\n", what.c_str(), text);
  testing::Test::RecordProperty(what, text);
}

/// runs a setup into the folder; the files written, or a failure
inline std::vector<std::string> run_setup(const std::string& setup, const std::string& folder) {
  RunToolRequest request;
  request.setup_file = setup;
  request.results_folder = folder;
  std::vector<std::string> written;
  Diagnostics diagnostics;
  EXPECT_EQ(run_tool(request, written, diagnostics), RunStatus::done) << setup;
  expect_no_errors(diagnostics);
  return written;
}

}  // namespace buttress::reference_testing
