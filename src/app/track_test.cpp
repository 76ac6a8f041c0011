// Tracking of a person who is made up: the built-in body at known factors in a known movement, recorded without noise
// into a C3D file by the test's own writer. So size, angles and plates are known exactly, which proves names, axes,
// units, scaling and fitting together. What is then spoilt must be told by its id.
#include "app/track.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "app/data_folder.h"
#include "app/plate_assignment.h"
#include "app/recording_fixture_testing.h"
#include "app/run_tool.h"
#include "io/table_reader.h"

namespace buttress {
namespace {

namespace fs = std::filesystem;

class Track : public RecordingFixture {
 protected:
  Track() : RecordingFixture(person(), "step.c3d") {}
  static const RecordedPerson& person() {
    static const RecordedPerson made = make_recorded_person();
    return made;
  }
  /// RMS over time of the worst angle (degrees) against the known movement; the toes bear no marker
  double find_worst_angle(const TrackOutcome& outcome, std::string& name) const {
    const Model& model = person().model;
    const std::size_t n = model.coordinates.size();
    double worst = 0;
    for (std::size_t c = 0; c < n; ++c) {
      if (model.coordinates[c].motion_type != MotionType::rotational) continue;
      double sum = 0;
      for (std::size_t f = 0; f < outcome.result.time.size(); ++f)
        sum += std::pow(outcome.result.q[f * n + c] - person().q[f * n + c], 2);
      const double rms = std::sqrt(sum / static_cast<double>(outcome.result.time.size())) * 180 / std::numbers::pi;
      if (rms > worst) worst = rms, name = model.coordinates[c].name;
    }
    return worst;
  }
};

TEST_F(Track, finds_size_and_movement_of_a_known_person) {
  const auto outcome = run();
  ASSERT_TRUE(outcome) << list();
  EXPECT_EQ(status, RunStatus::done);
  EXPECT_TRUE(outcome->naming.map_name.empty());
  for (const auto& [body, f] : person().factors) {
    const Vec3d found = outcome->size->factors.at(body);
    EXPECT_NEAR(found.x, f.x, 1e-3) << body;
    EXPECT_NEAR(found.y, f.y, 1e-3) << body;
    EXPECT_NEAR(found.z, f.z, 1e-3) << body;
  }
  std::string name;
  const double worst = find_worst_angle(*outcome, name);
  std::printf("worst angle: %s %.4f degrees, markers %.4f mm RMS, %.2f s\n", name.c_str(), worst, 1000 * outcome->rms,
              outcome->seconds);
  EXPECT_LT(worst, 0.05) << name;
  EXPECT_LT(outcome->rms, 1e-5);
  EXPECT_NEAR(outcome->mass, person().mass, 1e-9);
  // what was written reads back as the same person
  Diagnostics reading;
  const auto model = load_model({outcome->model_file, {}, false, {}, {}, false}, reading);
  ASSERT_TRUE(model);
  EXPECT_NEAR(model->total_mass, person().mass, 1e-6);
  const auto table = read_table(outcome->motion_file, reading);
  ASSERT_TRUE(table);
  EXPECT_TRUE(table->in_degrees && table->degrees_stated);
  EXPECT_EQ(table->row_count(), 101u);
  for (std::size_t m = 0; m < model->muscles.size(); ++m) {
    EXPECT_NEAR(model->muscles[m].optimal_fiber_length, person().model.muscles[m].optimal_fiber_length, 2e-4);
    EXPECT_NEAR(model->muscles[m].tendon_slack_length, person().model.muscles[m].tendon_slack_length, 5e-4);
  }
}

TEST_F(Track, finds_the_same_in_any_direction_and_under_other_names) {
  // a laboratory whose names are OpenCap's, and a person who walks the other way
  RecordingChanges changes;
  changes.place = [](std::size_t, const std::string&, const Vec3d& p) { return Vec3d{-p.x, p.y, -p.z}; };
  Diagnostics unused;
  const auto maps = read_built_in_maps(unused);
  const auto& opencap =
      *std::find_if(maps.begin(), maps.end(), [](const MarkerMap& m) { return m.file.ends_with("opencap.csv"); });
  changes.name = [&](const std::string& marker) {
    for (const MarkerMapRow& row : opencap.rows)
      if (row.marker == marker && row.theirs.size() <= 8) return row.theirs;
    return "X" + marker;
  };
  const auto outcome = run(changes);
  ASSERT_TRUE(outcome) << list();
  EXPECT_EQ(outcome->naming.map_name, "opencap");
  EXPECT_LT(outcome->rms, 1e-3);
  EXPECT_NEAR(outcome->size->factors.at("femur_r").x, 0.95, 2e-3);
  EXPECT_NEAR(outcome->size->factors.at("tibia_l").y, 1.03, 2e-3);
}

TEST_F(Track, keeps_a_model_that_is_the_persons_already) {
  ASSERT_TRUE(run()) << list();
  request.model_file = (folder / "out/buttress_body_scaled.osim").string();
  request.out_folder = (folder / "again").string();
  request.choices.scale = false;
  request.choices.mass = 0;
  const auto outcome = track(request, status, diagnostics);
  ASSERT_TRUE(outcome) << list();
  EXPECT_FALSE(outcome->size);
  EXPECT_EQ(outcome->model_file, request.model_file);
  EXPECT_LT(outcome->rms, 1e-4);
}

TEST_F(Track, fills_gaps_from_the_other_markers) {
  // each marker is lost for a while, one after the other; not those of the wrists, since with one of both the forearm
  // has two poses
  RecordingChanges changes;
  changes.place = [](std::size_t frame, const std::string& marker, const Vec3d& p) {
    const auto number = std::find(person().names.begin(), person().names.end(), marker) - person().names.begin();
    const auto start = static_cast<std::size_t>(number * 37 % 88);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const bool is_lost = marker.substr(1, 2) != "FA" && frame >= start && frame < start + 12;
    return is_lost ? Vec3d{nan, nan, nan} : p;
  };
  const auto outcome = run(changes);
  ASSERT_TRUE(outcome) << list();
  std::string name;
  EXPECT_LT(find_worst_angle(*outcome, name), 0.05) << name;
}

TEST_F(Track, names_a_marker_that_jumps_and_leaves_it_out_there) {
  RecordingChanges changes;
  changes.place = [](std::size_t frame, const std::string& marker, const Vec3d& p) {
    return marker == "RLFC" && frame >= 40 && frame < 46 ? p + Vec3d{0.3, 0.2, 0} : p;
  };
  const auto outcome = run(changes);
  ASSERT_TRUE(outcome) << list();
  ASSERT_EQ(outcome->outliers.size(), 1u);
  EXPECT_EQ(outcome->outliers[0].marker, "RLFC");
  EXPECT_EQ(outcome->outliers[0].frames, 6u);
  const Diagnostic* told = find("TRACK-011");
  ASSERT_TRUE(told) << list();
  EXPECT_NE(told->message.find("RLFC is left out of 6 of 101 frames, 0.4 to 0.45 s"), std::string::npos)
      << told->message;
  std::string name;
  EXPECT_LT(find_worst_angle(*outcome, name), 0.05) << name;
}

TEST_F(Track, tells_two_markers_whose_names_are_exchanged) {
  RecordingChanges changes;
  changes.name = [](const std::string& marker) {
    return std::string(marker == "RLEL" ? "RLMAL" : marker == "RLMAL" ? "RLEL" : marker);
  };
  const auto outcome = run(changes);
  // so far apart that the shank would be twice as long, or the person much taller than seen: an error that names them;
  // nearer ones are named
  if (!outcome) {
    ASSERT_TRUE(find("TRACK-005") || find("TRACK-021")) << list();
    const Diagnostic* d = find("TRACK-005") ? find("TRACK-005") : find("TRACK-021");
    EXPECT_NE((d->message + d->advice).find("RLMAL"), std::string::npos) << list();
  } else {
    EXPECT_TRUE(find("TRACK-011")) << list();
  }
  diagnostics = {};
  changes.name = [](const std::string& marker) {
    return std::string(marker == "RLMAL" ? "LLMAL" : marker == "LLMAL" ? "RLMAL" : marker);
  };
  const auto ankles = run(changes);
  ASSERT_TRUE(ankles) << list();
  bool is_named = false;
  for (const Diagnostic& d : diagnostics.items())
    is_named = is_named || ((d.id == "IK-007" || d.id == "TRACK-011") && d.message.find("LMAL") != std::string::npos);
  EXPECT_TRUE(is_named) << list();
}

TEST_F(Track, tells_left_and_right_exchanged_and_mirrored_axes) {
  RecordingChanges exchanged;
  exchanged.name = [](std::string marker) {
    if (marker[0] == 'R' || marker[0] == 'L') marker[0] = marker[0] == 'R' ? 'L' : 'R';
    return marker;
  };
  EXPECT_FALSE(run(exchanged));
  ASSERT_TRUE(find("TRACK-010")) << list();
  diagnostics = {};
  RecordingChanges mirrored;
  mirrored.place = [](std::size_t, const std::string&, const Vec3d& p) { return Vec3d{-p.x, p.y, p.z}; };
  EXPECT_FALSE(run(mirrored));
  ASSERT_TRUE(find("TRACK-010")) << list();
}

TEST_F(Track, tells_a_person_of_another_size_altogether) {
  RecordingChanges changes;
  changes.place = [](std::size_t, const std::string&, const Vec3d& p) { return 1000 * p; };
  EXPECT_FALSE(run(changes));
  EXPECT_TRUE(find("IK-005")) << list();
  diagnostics = {};
  // inches taken for twice their size
  changes.place = [](std::size_t, const std::string&, const Vec3d& p) { return 2 * p; };
  EXPECT_FALSE(run(changes));
  EXPECT_TRUE(find("TRACK-005")) << list();
}

TEST_F(Track, takes_the_size_from_a_static_trial) {
  // the static trial is of the same person; the movement itself is recorded without the trunk
  const std::string standing = (folder / "standing.c3d").string();
  write_c3d(person(), standing);
  request.choices.static_file = standing;
  RecordingChanges changes;
  changes.name = [](const std::string& marker) { return marker == "C7" || marker == "CLAV" ? "X" + marker : marker; };
  const auto outcome = run(changes);
  ASSERT_TRUE(outcome) << list();
  EXPECT_NEAR(outcome->size->factors.at("torso").y, 0.93, 1e-3);
  EXPECT_NEAR(outcome->size->factors.at("torso").z, 0.99, 1e-3);
}

TEST_F(Track, a_body_without_pairs_grows_with_the_height_given) {
  // ankle and toe of each leg, one of the pelvis: no distance that is in the table
  RecordingChanges changes;
  changes.name = keep_only({"RLMAL", "RTOE", "LLMAL", "LTOE", "RASI", "C7"});
  request.choices.height = 1.80;
  const auto outcome = run(changes);
  ASSERT_TRUE(outcome) << list();
  EXPECT_TRUE(find("TRACK-016")) << list();
  EXPECT_NEAR(outcome->size->factors.at("femur_r").y, 1.80 / 1.75, 1e-9);
  EXPECT_NEAR(outcome->size->height, 1.80, 1e-12);
}

TEST_F(Track, refuses_markers_that_do_not_tell_where_the_legs_are) {
  // of a laboratory with other names two may be ours by chance; one marker of a leg is too few, and so are two above
  // the knee, or hip centres
  for (const std::set<std::string>& known : {std::set<std::string>{"RASI", "LASI"},
                                             {"RASI", "LASI", "RPSI", "LPSI", "C7", "RCAL", "LCAL"},
                                             {"RASI", "LASI", "RLFC", "RMFC", "LLFC", "LMFC"},
                                             {"RASI", "LASI", "RHJC", "LHJC", "RLMAL", "LLMAL"}}) {
    diagnostics = {};
    RecordingChanges changes;
    changes.name = keep_only(known);
    EXPECT_FALSE(run(changes));
    EXPECT_EQ(status, RunStatus::bad_input);
    ASSERT_TRUE(find("TRACK-019")) << list();
    EXPECT_NE(find("TRACK-019")->message.find("RASI"), std::string::npos) << list();
    EXPECT_NE(find("TRACK-019")->advice.find("--map"), std::string::npos) << list();
  }
}

TEST_F(Track, warns_of_a_leg_that_was_not_recorded) {
  RecordingChanges changes;
  changes.name = keep_only({"RASI", "LASI", "RPSI", "LPSI", "C7", "RLFC", "RLMAL", "RCAL", "RMT5"});
  ASSERT_TRUE(run(changes)) << list();
  ASSERT_TRUE(find("TRACK-020")) << list();
  EXPECT_NE(find("TRACK-020")->message.find("the left leg"), std::string::npos) << list();
}

TEST_F(Track, plates_arrive_under_the_feet_that_stand_on_them) {
  const auto outcome = run();
  ASSERT_TRUE(outcome) << list();
  Diagnostics reading;
  const auto model = load_model({outcome->model_file, {}, false, {}, {}, false}, reading);
  CoordinateTrajectory motion;
  motion.time = outcome->result.time;
  motion.q = outcome->result.q;
  const auto loads = assign_plates(*model, motion, outcome->recording.plates, outcome->recording.plate_rate_hz,
                                   request.marker_file, diagnostics);
  ASSERT_TRUE(loads) << list();
  ASSERT_EQ(loads->loads.size(), 2u);
  for (std::size_t side = 0; side < 2; ++side) {
    EXPECT_EQ(model->bodies[static_cast<std::size_t>(loads->loads[side].body)].name, side == 0 ? "calcn_r" : "calcn_l");
    // frames inside a contact
    for (std::size_t f = side == 0 ? 22 : 52; f < (side == 0 ? 69u : 99u); ++f) {
      const double* v = &loads->values[(f * 2 + side) * 9];
      const Vec3d force = person().force[f][side], point = person().point[f][side];
      EXPECT_NEAR(v[1], force.y, 0.5) << f;
      EXPECT_NEAR(v[0], force.x, 0.5) << f;
      EXPECT_NEAR(v[2], force.z, 0.1) << f;
      EXPECT_NEAR(v[3], point.x, 5e-4) << f;
      EXPECT_NEAR(v[4], 0, 1e-6) << f;
      EXPECT_NEAR(v[5], point.z, 5e-4) << f;
    }
    EXPECT_EQ(loads->values[(10 * 2 + side) * 9 + 1], 0.0);
  }
}

TEST_F(Track, plates_that_nobody_or_both_feet_stand_on_are_errors) {
  RecordingChanges away;
  // the recording says that the plates lie elsewhere: the pressure moves with them
  RecordedPerson moved = person();
  for (auto& point : moved.point)
    for (Vec3d& p : point) p.x += 1.5;
  away.plate_x = {1.9, 1.9};
  write_c3d(moved, request.marker_file, away);
  AnalyzeRequest analyze = make_analyze_request();
  std::string record;
  EXPECT_EQ(run_analyze(analyze, record, diagnostics), RunStatus::bad_input);
  ASSERT_TRUE(find("PLATE-001")) << list();
  EXPECT_NE(find("PLATE-001")->message.find("plate 1 carries up to"), std::string::npos);

  diagnostics = {};
  RecordingChanges one;
  one.one_plate = true;
  // both feet stand still all the time
  RecordedPerson standing = person();
  for (std::size_t f = 0; f < standing.time.size(); ++f) {
    std::copy_n(person().markers_W.begin(), person().names.size(),
                standing.markers_W.begin() + static_cast<std::ptrdiff_t>(f * person().names.size()));
    for (std::size_t side = 0; side < 2; ++side) {
      standing.force[f][side] = {0, 300, 0};
      standing.point[f][side] = person().point[0][side];
    }
  }
  write_c3d(standing, request.marker_file, one);
  EXPECT_EQ(run_analyze(analyze, record, diagnostics), RunStatus::bad_input);
  EXPECT_TRUE(find("PLATE-002")) << list();

  // without plates the ground's force is found
  diagnostics = {};
  analyze.use_plates = false;
  EXPECT_EQ(run_analyze(analyze, record, diagnostics), RunStatus::done) << list();
  const auto json = nlohmann::json::parse(record);
  double ground = 0;
  for (const auto& [group, force] : json["conditions"][0]["peak_vertical_ground_force_N"].items())
    ground += force.get<double>();
  EXPECT_GT(ground, 0.9 * person().mass * 9.81);
}

TEST_F(Track, analyze_takes_a_recording_and_its_plates) {
  write_c3d(person(), request.marker_file);
  AnalyzeRequest analyze = make_analyze_request();
  std::string record;
  ASSERT_EQ(run_analyze(analyze, record, diagnostics), RunStatus::done) << list();
  const auto json = nlohmann::json::parse(record);
  EXPECT_EQ(json["loads"][0]["body"], "calcn_r");
  EXPECT_EQ(json["loads"][1]["body"], "calcn_l");
  EXPECT_NEAR(json["track"]["mass_kg"].get<double>(), person().mass, 1e-9);
  EXPECT_TRUE(find("PLATE-006")) << list();
  for (const char* file : {"report.html", "buttress_body_scaled.osim", "step.mot", "whole_activation.sto"})
    EXPECT_TRUE(fs::exists(fs::path(analyze.out_folder) / file)) << file;
}

// the plates themselves would be under both feet; whose forces count instead must be said, in the report too
TEST_F(Track, PLATE_007_plates_that_give_way_to_other_loads_are_spoken_of) {
  write_c3d(person(), request.marker_file);
  std::ofstream(folder / "loads.xml") << "<OpenSimDocument Version=\"40000\"><ExternalLoads name=\"loads\"><objects>"
                                         "<ExternalForce name=\"push\"><applied_to_body>torso</applied_to_body>"
                                         "<force_identifier>push_v</force_identifier></ExternalForce></objects>"
                                         "<datafile>loads.sto</datafile></ExternalLoads></OpenSimDocument>";
  std::ofstream(folder / "loads.sto") << "x\nversion=1\nnRows=2\nnColumns=4\ninDegrees=no\nendheader\n"
                                         "time\tpush_vx\tpush_vy\tpush_vz\n0\t5\t0\t0\n1\t5\t0\t0\n";
  const auto analyze = [&](const std::string& loads, const std::string& contacts, bool use_plates) {
    AnalyzeRequest wanted = make_analyze_request();
    wanted.loads_file = loads;
    wanted.contacts_file = contacts;
    wanted.use_plates = use_plates;
    wanted.start = 0.3, wanted.end = 0.34;
    diagnostics = {};
    std::string record;
    EXPECT_NE(run_analyze(wanted, record, diagnostics), RunStatus::bad_input) << list();
    return find("PLATE-007");
  };
  const Diagnostic* said = analyze((folder / "loads.xml").string(), "", true);
  ASSERT_TRUE(said) << list();
  EXPECT_EQ(said->severity, Severity::note);
  EXPECT_EQ(said->message, "the 2 force plates of the recording are not used, since --loads was given");
  std::ifstream report(folder / "out/report.html");
  const std::string html{std::istreambuf_iterator<char>(report), std::istreambuf_iterator<char>()};
  EXPECT_NE(html.find("since --loads was given"), std::string::npos);
  said = analyze("", find_data_folder() + "/models/buttress_contacts.csv", true);
  ASSERT_TRUE(said) << list();
  EXPECT_NE(said->message.find("--contacts"), std::string::npos);
  EXPECT_FALSE(analyze("", "", true)) << list();
  EXPECT_FALSE(analyze((folder / "loads.xml").string(), "", false)) << list();
}

TEST_F(Track, run_tool_reads_markers_from_c3d) {
  ASSERT_TRUE(run()) << list();
  const std::string setup = (folder / "ik.xml").string();
  std::ofstream(setup) << "<OpenSimDocument Version=\"40000\"><InverseKinematicsTool name=\"ik\"><model_file>"
                          "out/buttress_body_scaled.osim</model_file><results_directory>tool</results_directory>"
                          "<marker_file>step.c3d</marker_file><output_motion_file>tool/ik.mot</output_motion_file>"
                          "</InverseKinematicsTool></OpenSimDocument>";
  RunToolRequest tool;
  tool.setup_file = setup;
  tool.results_folder = (folder / "tool").string();
  std::vector<std::string> written;
  ASSERT_EQ(run_tool(tool, written, diagnostics), RunStatus::done) << list();
  const auto ours = read_table((folder / "out/step.mot").string(), diagnostics),
             theirs = read_table((folder / "tool/ik.mot").string(), diagnostics);
  ASSERT_TRUE(ours && theirs);
  ASSERT_EQ(ours->columns, theirs->columns);
  ASSERT_EQ(ours->values.size(), theirs->values.size());
  for (std::size_t i = 0; i < ours->values.size(); ++i) ASSERT_NEAR(ours->values[i], theirs->values[i], 1e-4);
}

}  // namespace
}  // namespace buttress
