// What is wrong with one part of a recording must neither stop what does without it nor be told as something else: a
// person who stands straight, 1.75 m tall, recorded without noise, with one thing spoilt at a time.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>

#include "app/recording_fixture_testing.h"
#include "body/data_folder.h"
#include "io/world_axes.h"
#include "track/marker_pairs.h"

namespace buttress {
namespace {

namespace fs = std::filesystem;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kHeight = 1.75;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class RecordingFaults : public RecordingFixture {
 protected:
  RecordingFaults() : RecordingFixture(person(), "stand.c3d") {}
  static const RecordedPerson& person() {
    static const RecordedPerson made = make_standing_person(4);
    return made;
  }
};

std::string find_twin(std::string marker) {
  if (marker[0] == 'R' || marker[0] == 'L') marker[0] = marker[0] == 'R' ? 'L' : 'R';
  return marker;
}

TEST_F(RecordingFaults, no_stretched_pair_of_markers_changes_the_height) {
  Diagnostics unused;
  const auto pairs = read_marker_pairs(find_data_folder() + "/marker_pairs.csv", unused);
  ASSERT_TRUE(pairs);
  const std::map<std::string, Vec3d> places = find_marker_positions(person().model, find_default_pose(person().model));
  // with these alone it is known where the legs are, and the pelvis's breadth is the only pair
  const std::set<std::string> least = {"RASI", "LASI", "C7", "RLMAL", "LLMAL", "RTOE", "LTOE"};
  std::size_t told = 0, refused = 0;
  std::size_t number = 0;
  for (const MarkerPair& pair : *pairs) {
    if (pair.side == 'l') continue;  // moved together with the right one
    ++number;
    for (const double stretch : {0.8, 1.2})
      for (const bool is_alone : {true, false}) {
        // among all others a pair weighs less, and one of both ways will do
        if (!is_alone && (stretch > 1) == (number % 2 == 0)) continue;
        RecordingChanges changes;
        std::set<std::string> known = least;
        known.insert({pair.first, pair.second, find_twin(pair.first), find_twin(pair.second)});
        if (is_alone) changes.name = keep_only(known);
        changes.place = [&](std::size_t, const std::string& marker, const Vec3d& p) {
          const bool is_twin = marker == find_twin(pair.first) && find_twin(pair.first) != pair.second;
          if (marker != pair.first && !is_twin) return p;
          const Vec3d other = places.at(is_twin ? find_twin(pair.second) : pair.second);
          return other + stretch * (p - other);
        };
        const std::string what =
            pair.first + "-" + pair.second + (is_alone ? " alone" : " among all") + " times " + std::to_string(stretch);
        const auto outcome = run(changes);
        if (!outcome) {
          ++refused;
          const Diagnostic* d = find("TRACK-021");
          EXPECT_TRUE(d ? d->advice.find("--height") != std::string::npos : find("TRACK-005") != nullptr)
              << what << "\n"
              << list();
          continue;
        }
        ++told;
        EXPECT_NEAR(outcome->size->height / kHeight, 1, 0.05) << what << "\n" << list();
        // the body that was made stands no taller than the highest landmark allows
        Diagnostics reading;
        const auto scaled = load_model({outcome->files.model, {}, false, {}, {}, false}, reading);
        ASSERT_TRUE(scaled);
        const auto standing = find_marker_positions(*scaled, find_default_pose(*scaled));
        const double height = standing.at("C7").y - standing.at("RLMAL").y,
                     recorded = places.at("C7").y - places.at("RLMAL").y;
        if (pair.first != "C7") {
          EXPECT_LT(height - recorded, 0.07) << what;
        }
      }
  }
  std::printf("%zu recordings told the height, %zu were refused\n", told, refused);
  EXPECT_GT(told, refused);
}

TEST_F(RecordingFaults, a_wide_pelvis_alone_does_not_make_a_tall_person_and_the_height_given_counts) {
  RecordingChanges changes;
  changes.name = keep_only({"RASI", "LASI", "C7", "RLMAL", "LLMAL", "RTOE", "LTOE", "RLEL", "LLEL"});
  changes.place = [](std::size_t, const std::string& marker, const Vec3d& p) {
    return marker == "RASI" || marker == "LASI" ? Vec3d{p.x, p.y, 1.15 * p.z} : p;
  };
  const auto outcome = run(changes);
  ASSERT_TRUE(outcome) << list();
  EXPECT_NEAR(outcome->size->height, kHeight, 0.02);
  ASSERT_TRUE(find("TRACK-021")) << list();
  EXPECT_EQ(find("TRACK-021")->severity, Severity::warning);
  EXPECT_NE(find("TRACK-021")->advice.find("--height"), std::string::npos);
  EXPECT_LT(outcome->rms, 0.01);
  // an arm tells nothing of a height, and without trunk and pelvis nothing else does
  changes = {};
  changes.name = keep_only({"RLMAL", "LLMAL", "RTOE", "LTOE", "RLEL", "RFAradius", "LLEL", "LFAradius"});
  EXPECT_FALSE(run(changes));
  ASSERT_TRUE(find("TRACK-021")) << list();
  EXPECT_NE(find("TRACK-021")->message.find("forearm"), std::string::npos);
  EXPECT_EQ(find("TRACK-021")->advice, "Give --height.");
  request.choices.height = 1.7;
  const auto given = run(changes);
  ASSERT_TRUE(given) << list();
  EXPECT_NEAR(given->size->factors.at("femur_r").y, 1.7 / kHeight, 1e-9);
}

/// one parameter of a group in place of the one that the file has
void replace(C3dTestFile& file, const std::string& group, C3dTestFile::Parameter parameter) {
  std::erase_if(file.more, [&](const auto& p) { return p.group == group && p.name == parameter.name; });
  parameter.group = group;
  file.more.push_back(std::move(parameter));
}

TEST_F(RecordingFaults, broken_plates_and_channels_do_not_stop_what_needs_none) {
  const auto infinite = std::numeric_limits<double>::infinity();
  struct Fault {
    const char* id;  ///< what the file gets when its plates are needed
    std::function<void(C3dTestFile&)> change;
  };
  const std::vector<Fault> faults = {
      {"C3D-020",
       [](C3dTestFile& f) {
         replace(f, "FORCE_PLATFORM", {"", "TYPE", 2, {2}, {7, 2}, {}});
       }},
      {"C3D-021",
       [](C3dTestFile& f) {
         replace(f, "FORCE_PLATFORM", {"", "CHANNEL", 2, {6, 2}, {1, 2, 3, 4, 5, 6, 20, 21, 22, 23, 24, 25}, {}});
       }},
      {"C3D-022",
       [](C3dTestFile& f) {
         replace(f, "FORCE_PLATFORM", {"", "CORNERS", 4, {3, 4, 2}, std::vector<double>(24, 1), {}});
       }},
      {"C3D-023",
       [](C3dTestFile& f) {
         replace(f, "FORCE_PLATFORM", {"", "TYPE", 2, {2}, {4, 4}, {}});
       }},
      {"C3D-024",
       [](C3dTestFile& f) {
         replace(f, "FORCE_PLATFORM", {"", "ORIGIN", 4, {3, 2}, {0, 0, 40, 0, 0, 40}, {}});
       }},
      {"C3D-025", [](C3dTestFile& f) { f.channel_units.assign(12, "ape"); }},
      {"C3D-028",
       [](C3dTestFile& f) {
         replace(f, "FORCE_PLATFORM", {"", "ORIGIN", 4, {1}, {0}, {}});
       }},
      {"C3D-008", [&](C3dTestFile& f) { f.general_scale = infinite; }},
      {"C3D-019",
       [](C3dTestFile& f) {
         replace(f, "EVENT", {"", "USED", 2, {}, {3}, {}});
       }},
  };
  const auto analyze = [&](const std::string& out) {
    ShownAnalyzeRequest analysis = make_analyze_request();
    analysis.out_folder = (folder / out).string();
    analysis.use_plates = false;
    analysis.lowpass_hz = 0;
    std::string record;
    diagnostics = {};
    EXPECT_EQ(run_analyze(analysis, record, diagnostics), RunStatus::done) << list();
    return read_text(folder / out / "whole_activation.sto");
  };
  RecordingChanges without;
  without.file = [](C3dTestFile& f) { replace(f, "FORCE_PLATFORM", {"", "USED", 2, {}, {0}, {}}); };
  ASSERT_TRUE(run(without)) << list();
  const std::string motion = read_text(folder / "out/stand.mot");
  const std::string activation = analyze("none");
  ASSERT_FALSE(motion.empty() || activation.empty());
  for (const Fault& fault : faults) {
    RecordingChanges changes;
    changes.file = fault.change;
    ASSERT_TRUE(run(changes)) << fault.id << "\n" << list();
    EXPECT_EQ(read_text(folder / "out/stand.mot"), motion) << fault.id;
    const bool is_of_plates = fault.id != std::string("C3D-008") && fault.id != std::string("C3D-019");
    ASSERT_TRUE(find(fault.id)) << fault.id << "\n" << list();
    if (is_of_plates) {
      EXPECT_EQ(find(fault.id)->severity, Severity::note) << list();
    }
    EXPECT_EQ(analyze(fault.id), activation) << fault.id;
    // where the plates are needed the fault is told as one
    Diagnostics needed;
    const auto recording = read_marker_file(request.marker_file, needed);
    const bool is_fatal = is_of_plates ? fault.id != std::string("C3D-024") && fault.id != std::string("C3D-025")
                                       : fault.id == std::string("C3D-008");
    EXPECT_EQ(recording.has_value(), !is_fatal) << fault.id;
  }
}

/// where a point of W stands in a file with this axis up
Vec3d to_lab(const LabAxis& up, const Vec3d& p_W) {
  return multiply_transposed(make_world_from_up(up), p_W);
}

void write_trc(const RecordedPerson& person, const LabAxis& up, const fs::path& path) {
  std::ofstream out(path);
  const std::size_t n = person.names.size();
  out << "PathFileType\t4\t(X/Y/Z)\tstand.trc\nDataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
         "OrigDataStartFrame\tOrigNumFrames\n100\t100\t"
      << person.time.size() << "\t" << n << "\tm\t100\t1\t" << person.time.size() << "\nFrame#\tTime";
  for (const std::string& name : person.names) out << "\t" << name << "\t\t";
  out << "\n\t\tX1\tY1\tZ1\n";
  for (std::size_t f = 0; f < person.time.size(); ++f) {
    out << f + 1 << "\t" << person.time[f];
    for (std::size_t m = 0; m < n; ++m) {
      const Vec3d p = to_lab(up, person.markers_W[f * n + m]);
      out << "\t" << p.x << "\t" << p.y << "\t" << p.z;
    }
    out << "\n";
  }
}

TEST_F(RecordingFaults, the_axis_that_a_message_names_is_the_one_of_the_file_that_up_wants) {
  for (const char* axis : {"+x", "-x", "+y", "-y", "+z", "-z"})
    for (const char* ending : {".trc", ".c3d"}) {
      const LabAxis up = *parse_lab_axis(axis);
      const std::string what = std::string(axis) + ending;
      request.marker_file = (folder / (std::string("stand") + ending)).string();
      request.choices.up.clear();
      if (ending == std::string(".trc")) {
        write_trc(person(), up, request.marker_file);
      } else {
        RecordingChanges changes;
        // the writer makes (x, -z, y) of it
        changes.place = [&](std::size_t, const std::string&, const Vec3d& p) {
          const Vec3d lab = to_lab(up, p);
          return Vec3d{lab.x, lab.z, -lab.y};
        };
        changes.file = [](C3dTestFile& f) {
          replace(f, "FORCE_PLATFORM", {"", "USED", 2, {}, {0}, {}});
          std::erase_if(f.more, [](const auto& p) { return p.name == "Y_SCREEN"; });
        };
        write_c3d(person(), request.marker_file, changes);
      }
      auto outcome = track_again();
      const bool is_usual = what == "+y.trc" || what == "+z.c3d";
      ASSERT_EQ(find("TRACK-004") == nullptr, is_usual) << what << "\n" << list();
      if (!is_usual) {
        EXPECT_NE(find("TRACK-004")->message.find(std::string("along ") + axis + " of the file"), std::string::npos)
            << what << "\n"
            << list();
        // nothing is usual in C3D, and there the body itself tells
        EXPECT_EQ(outcome.has_value(), ending == std::string(".c3d")) << what << "\n" << list();
      }
      if (!outcome) {
        const std::string advice = find("TRACK-004")->advice;
        const std::size_t at = advice.find("--up ") + 5;
        request.choices.up = advice.substr(at, advice.find(';') - at);
        EXPECT_EQ(format_lab_axis(*parse_lab_axis(request.choices.up)), axis);
        outcome = track_again();
      }
      ASSERT_TRUE(outcome) << what << "\n" << list();
      EXPECT_LT(outcome->rms, 1e-4) << what;
      EXPECT_NEAR(outcome->size->height, kHeight, 0.002) << what;
      // upright: the neck stands over the ankles along y
      const auto& names = outcome->recording.markers.names;
      const auto find_place = [&](const std::string& marker) {
        const auto column = static_cast<std::size_t>(std::find(names.begin(), names.end(), marker) - names.begin());
        return outcome->recording.markers.positions[3 * column + 1];
      };
      EXPECT_GT(find_place("C7") - find_place("RLMAL"), 1.2) << what;
    }
}

TEST_F(RecordingFaults, who_lies_in_a_file_that_says_what_is_up_is_left_lying) {
  request.choices.up = "z";
  RecordingChanges changes;
  changes.place = [](std::size_t, const std::string&, const Vec3d& p) { return Vec3d{p.y, p.z + 0.3, p.x}; };
  const auto outcome = run(changes);
  ASSERT_TRUE(outcome) << list();
  EXPECT_FALSE(find("TRACK-004")) << list();
  EXPECT_NEAR(outcome->size->height, kHeight, 0.002);
}

TEST_F(RecordingFaults, a_message_names_the_true_cause_of_markers_that_cannot_be_used) {
  const auto is_cluster = [](const std::string& marker) {
    return marker.size() == 4 && (marker.substr(1, 2) == "TH" || marker.substr(1, 2) == "TB");
  };
  struct Case {
    const char *names, *gaps, *id, *says;
  };
  for (const Case& c : {
           Case{"landmarks", "none", "", ""},
           {"landmarks", "all", "IK-001", "all positions are gaps"},
           {"clusters", "none", "TRACK-001", "of clusters and the like (LTB1"},
           {"clusters", "all", "TRACK-001", "of clusters and the like (LTB1"},
           {"strangers", "none", "TRACK-001", "is a marker of the model"},
           {"strangers", "all", "TRACK-001", "is a marker of the model"},
           {"both", "none", "", ""},
           {"both", "all", "IK-001", "all positions are gaps"},
           {"both", "of landmarks", "IK-001", "others were"},
           {"both", "of clusters", "", ""},
       }) {
    const std::string names = c.names, gaps = c.gaps, what = names + ", gaps: " + gaps;
    RecordingChanges changes;
    changes.name = [&](const std::string& marker) {
      const bool keeps = names == "both" || (names == "clusters" && is_cluster(marker)) ||
                         (names == "landmarks" && !is_cluster(marker));
      return keeps ? marker : "X" + marker;
    };
    changes.place = [&](std::size_t, const std::string& marker, const Vec3d& p) {
      const bool is_gap = gaps == "all" || (gaps == "of clusters" && is_cluster(marker)) ||
                          (gaps == "of landmarks" && !is_cluster(marker));
      return is_gap ? Vec3d{kNaN, kNaN, kNaN} : p;
    };
    const auto outcome = run(changes);
    EXPECT_EQ(outcome.has_value(), c.id[0] == 0) << what << "\n" << list();
    if (outcome || c.id[0] == 0) continue;
    ASSERT_TRUE(find(c.id)) << what << "\n" << list();
    EXPECT_NE(find(c.id)->message.find(c.says), std::string::npos) << what << "\n" << list();
  }
}

TEST_F(RecordingFaults, landmarks_seen_in_few_frames_are_found_among_clusters_seen_in_all) {
  RecordingChanges changes;
  changes.place = [](std::size_t frame, const std::string& marker, const Vec3d& p) {
    const bool is_cluster = marker.size() == 4 &&
                            (marker.substr(1, 2) == "TH" || marker.substr(1, 2) == "TB" || marker.substr(1, 2) == "UA");
    return frame < 3 && !is_cluster ? Vec3d{kNaN, kNaN, kNaN} : p;
  };
  ASSERT_TRUE(run(changes)) << list();
}

}  // namespace
}  // namespace buttress
