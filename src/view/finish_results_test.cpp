#include "view/finish_results.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "io/file_hash.h"
#include "view/run_record.h"

namespace buttress {
namespace {

namespace fs = std::filesystem;

class ResultFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             (std::string("buttress_results_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  std::string write(const std::string& name, const std::string& text = "result") const {
    std::ofstream(folder / name) << text;
    return (folder / name).string();
  }
  bool has(const std::string& name) const { return fs::exists(folder / name); }
  /// a run that writes these files; returns its messages
  std::string finish(const std::vector<std::string>& names, const std::vector<std::string>& inputs = {},
                     const std::string& command = "analyze", EarlierRun earlier = EarlierRun::any_verb) const {
    std::vector<std::string> written;
    for (const std::string& name : names) written.push_back(write(name));
    nlohmann::json record;
    record["command"] = command;
    for (const std::string& input : inputs) record["inputs"].push_back({{"file", input}});
    std::string text, said;
    Diagnostics diagnostics;
    EXPECT_TRUE(finish_results(folder.string(), written, earlier, record, text, diagnostics));
    for (const Diagnostic& d : diagnostics.items()) said += d.id + " " + d.message;
    return said;
  }

  fs::path folder;
};

TEST_F(ResultFolder, what_the_run_before_wrote_alone_goes_and_that_is_said) {
  EXPECT_EQ(finish({"whole.sto", "weakened.sto"}), "");
  EXPECT_EQ(finish({"whole.sto", "weakened.sto"}), "");
  const std::string said = finish({"whole.sto"}, {}, "simulate squat");
  EXPECT_EQ(said.rfind("APP-003", 0), 0u) << said;
  EXPECT_NE(said.find("weakened.sto"), std::string::npos) << said;
  EXPECT_TRUE(has("whole.sto"));
  EXPECT_FALSE(has("weakened.sto"));
  const auto record = nlohmann::json::parse(std::ifstream(folder / "run.json"));
  ASSERT_EQ(record["files"].size(), 1u);
  EXPECT_EQ(record["files"][0]["file"], "whole.sto");
}

TEST_F(ResultFolder, nothing_goes_that_nobody_listed_that_was_changed_or_that_is_read) {
  const std::string input = write("mine.mot");
  finish({"body.osim", "notes.sto", "old.sto"});
  write("notes.sto", "what I make of it");
  EXPECT_NE(finish({"whole.sto"}, {(folder / "body.osim").string()}).find("old.sto"), std::string::npos);
  for (const char* name : {"mine.mot", "body.osim", "notes.sto", "whole.sto"}) EXPECT_TRUE(has(name)) << name;
  EXPECT_FALSE(has("old.sto"));
}

TEST_F(ResultFolder, no_record_leads_out_of_the_folder_or_stops_a_run) {
  const std::string outside = write("outside.sto");
  const std::string hash = calc_file_hash(outside);
  fs::create_directories(folder / "in");
  for (const std::string& text :
       {R"({"command":"analyze","files":[{"file":"../outside.sto","sha256":")" + hash + R"("},{"file":""},7,null]})",
        std::string("{not json"), std::string("[]"), std::string(R"({"files":{"a":1},"command":3})")}) {
    std::ofstream(folder / "in/run.json") << text;
    nlohmann::json record;
    std::string out;
    Diagnostics diagnostics;
    EXPECT_TRUE(finish_results((folder / "in").string(), {}, EarlierRun::any_verb, record, out, diagnostics));
    EXPECT_TRUE(diagnostics.items().empty());
    EXPECT_TRUE(fs::exists(outside));
  }
}

// one folder for all tools is usual in OpenSim; a verb with a folder of its own leaves their results alone too
TEST_F(ResultFolder, tools_make_room_for_their_own_setup_alone) {
  const auto run_tool = [&](const std::string& file, const std::string& setup) {
    return finish({file}, {setup}, "run-tool", EarlierRun::same_setup);
  };
  EXPECT_EQ(run_tool("id.sto", "id.xml"), "");
  EXPECT_EQ(run_tool("so.sto", "so.xml"), "");
  EXPECT_TRUE(has("id.sto"));
  EXPECT_NE(run_tool("so_renamed.sto", "so.xml").find("so.sto"), std::string::npos);
  EXPECT_FALSE(has("so.sto"));
  EXPECT_EQ(finish({"whole.sto"}), "");
  EXPECT_TRUE(has("so_renamed.sto"));
}

}  // namespace
}  // namespace buttress
