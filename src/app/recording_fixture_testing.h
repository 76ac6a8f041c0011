#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "app/recorded_person_testing.h"
#include "app/shell_testing.h"

/// For tests only: a folder with the recording of a person, what is asked of it, and what was said.
namespace buttress {

class RecordingFixture : public testing::Test {
 protected:
  /// @param recording name of the C3D file in the folder
  RecordingFixture(const RecordedPerson& recorded, const std::string& recording) : recorded_(recorded) {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    folder = std::filesystem::path(testing::TempDir()) /
             (std::string("buttress_") + test.test_suite_name() + "_" + test.name());
    request.model_file = "body";
    request.marker_file = (folder / recording).string();
    request.out_folder = (folder / "out").string();
    request.choices.mass = recorded.mass;
  }
  void SetUp() override {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  /// writes the recording and tracks it
  std::optional<ShownTrackOutcome> run(const RecordingChanges& changes = {}) {
    write_c3d(recorded_, request.marker_file, changes);
    return track_again();
  }
  std::optional<ShownTrackOutcome> track_again() {
    diagnostics = {};
    return track(request, status, diagnostics);
  }
  /// `analyze` of the same recording
  ShownAnalyzeRequest make_analyze_request() const {
    ShownAnalyzeRequest analyze;
    analyze.model_file = request.model_file;
    analyze.motion_file = request.marker_file;
    analyze.out_folder = request.out_folder;
    analyze.markers.mass = recorded_.mass;
    return analyze;
  }
  /// for RecordingChanges::name: all others have names that nobody knows
  static std::function<std::string(const std::string&)> keep_only(const std::set<std::string>& known) {
    return [known](const std::string& marker) { return known.count(marker) ? marker : "X" + marker; };
  }
  std::string list() const {
    std::string text;
    for (const Diagnostic& d : diagnostics.items()) text += format_diagnostic(d) + "\n";
    return text;
  }
  const Diagnostic* find(const std::string& id) const {
    for (const Diagnostic& d : diagnostics.items())
      if (d.id == id) return &d;
    return nullptr;
  }

  std::filesystem::path folder;
  ShownTrackRequest request;
  RunStatus status = RunStatus::done;
  Diagnostics diagnostics;

 private:
  const RecordedPerson& recorded_;
};

}  // namespace buttress
