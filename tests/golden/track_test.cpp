// `buttress track` on public recordings. What the references can prove:
// - OpenCap's subject 4 came with a model that an expert scaled and OpenSim's inverse kinematics on it. On that model
//   as it is, our angles must be OpenSim's but for its clamps (tests/golden/inverse_kinematics_test.cpp). Scaled once
//   more by us, it must stay as it is. From the built-in body our sizes must be near the expert's; angles then differ
//   by what another body and markers that were not moved differ, mostly a constant, so course and constant are looked
//   at apart.
// - OpenSim's two C3D files hold one person who walks there and back, recorded without a static trial: both must give
//   the same size, and their plates the foot whose ankle marker is nearest, which needs no model.
// They cannot prove sizes to better than a marker's width of skin.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "app/shell_testing.h"
#include "base/run_status.h"
#include "base/skips_testing.h"
#include "body/document_scaling.h"
#include "io/table_reader.h"
#include "multibody/kinematics.h"
#include "recordings_testing.h"
#include "track/plate_assignment.h"

namespace buttress {
namespace {

namespace fs = std::filesystem;

/// RMS difference over time of one coordinate: all of it, and without its constant part
struct Difference {
  double rms = 0, constant = 0, course = 0;  ///< degrees
};

class TrackReference : public testing::Test {
 protected:
  void SetUp() override {
    data = find_data();
    if (data.empty()) GTEST_SKIP() << kNoSharedData;
    opencap = data + "opencap_s4_squat_sts_walk/";
    out = (fs::path(testing::TempDir()) / "buttress_track_golden").string();
  }
  void TearDown() override { fs::remove_all(out); }

  std::optional<ShownTrackOutcome> run(const std::string& model, const std::string& markers, double mass, bool scale) {
    diagnostics = {};
    ShownTrackRequest request;
    request.model_file = model;
    request.marker_file = markers;
    request.out_folder = out;
    request.choices.mass = mass;
    request.choices.scale = scale;
    auto outcome = track(request, status, diagnostics);
    for (const Diagnostic& d : diagnostics.items())
      if (d.severity == Severity::error) ADD_FAILURE() << format_diagnostic(d);
    return outcome;
  }

  /// our coordinates against a reference motion, at the same rows
  std::map<std::string, Difference> compare(const ShownTrackOutcome& outcome, const std::string& reference_file) {
    std::map<std::string, Difference> differences;
    Diagnostics reading;
    const auto ours = read_table(outcome.files.motion, reading), theirs = read_table(reference_file, reading);
    EXPECT_TRUE(ours && theirs && theirs->in_degrees);
    EXPECT_EQ(ours->row_count(), theirs->row_count());
    const auto rows = static_cast<double>(ours->row_count());
    for (std::size_t c = 0; c < ours->column_count(); ++c) {
      const int other = theirs->find_column(ours->columns[c]);
      if (other < 0 || ours->columns[c].find("_t") == ours->columns[c].size() - 3) continue;
      double sum = 0, squares = 0;
      for (std::size_t r = 0; r < ours->row_count(); ++r) {
        const double d = ours->at(r, c) - theirs->at(r, static_cast<std::size_t>(other));
        sum += d;
        squares += d * d;
      }
      const double mean = sum / rows;
      differences[ours->columns[c]] = {std::sqrt(squares / rows), mean,
                                       std::sqrt(std::max(0.0, squares / rows - mean * mean))};
    }
    return differences;
  }

  std::string data, opencap, out;
  RunStatus status = RunStatus::done;
  Diagnostics diagnostics;
};

/// distance between the centres of two joints in the default pose, m
double find_length(const Model& model, const std::string& from_child, const std::string& to_child) {
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, find_default_pose(model).data(), kin);
  return norm(kin.p_WM_W[static_cast<std::size_t>(model.find_body(from_child) - 1)] -
              kin.p_WM_W[static_cast<std::size_t>(model.find_body(to_child) - 1)]);
}

TEST_F(TrackReference, on_the_experts_model_angles_are_OpenSims) {
  for (const std::string trial : {"squats1", "STS1", "walking1"}) {
    const auto outcome = run(opencap + "model_manually_scaled.osim", opencap + trial + ".trc", 0, false);
    ASSERT_TRUE(outcome);
    EXPECT_LT(outcome->rms, 0.014);
    double worst = 0;
    std::string worst_name;
    for (const auto& [name, d] : compare(*outcome, opencap + trial + "_ik_manually_scaled_model.mot")) {
      // no marker shows the toes; OpenSim leaves the forearms at 11 degrees from their bound
      if (name.rfind("mtp", 0) == 0 || name.rfind("pro_sup", 0) == 0) continue;
      if (d.rms > worst) worst = d.rms, worst_name = name;
    }
    std::printf("%s: %zu frames in %.2f s, markers %.1f mm RMS, worst angle %s %.2f degrees RMS\n", trial.c_str(),
                outcome->result.time.size(), outcome->seconds, 1000 * outcome->rms, worst_name.c_str(), worst);
    EXPECT_LT(worst, 2.5) << worst_name;
  }
}

TEST_F(TrackReference, the_experts_model_keeps_its_size) {
  for (const std::string trial : {"squats1", "STS1", "walking1"}) {
    const auto outcome = run(opencap + "model_manually_scaled.osim", opencap + trial + ".trc", 62.6, true);
    ASSERT_TRUE(outcome);
    std::printf("%s:", trial.c_str());
    for (const SegmentSize& s : outcome->size->segments) std::printf(" %s %.3f", s.segment.c_str(), s.factor);
    std::printf("\n");
    for (const SegmentSize& s : outcome->size->segments) {
      // Skin slides by up to 2 cm over a bent knee (Leardini 2005, Gait Posture 21:212): 4 % of a shank when the person
      // sits. The expert moved the markers of the shoulders, which are the only ones above the elbow.
      const bool is_leg = s.segment == "thigh" || s.segment == "shank" || s.segment == "foot";
      EXPECT_NEAR(s.factor, 1, is_leg ? 0.04 : 0.08) << trial << " " << s.segment;
    }
  }
}

TEST_F(TrackReference, the_built_in_body_comes_to_the_size_an_expert_found) {
  Diagnostics reading;
  const Model expert = read_model(opencap + "model_manually_scaled.osim");
  for (const std::string trial : {"squats1", "STS1", "walking1"}) {
    const auto outcome = run("body", opencap + trial + ".trc", 62.6, true);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->naming.map_name, "opencap");
    EXPECT_LT(outcome->rms, 0.025);
    const auto model = load_model({outcome->files.model, {}, false, {}, {}, false}, reading);
    ASSERT_TRUE(model);
    EXPECT_NEAR(model->total_mass, 62.6, 1e-6);
    for (const auto& [what, from, to] :
         {std::tuple{"thigh", "femur_r", "tibia_r"}, {"shank", "tibia_r", "talus_r"}, {"foot", "calcn_r", "toes_r"}}) {
      const double ours = find_length(*model, from, to), theirs = find_length(expert, from, to);
      std::printf("%s: %s %.1f mm, expert %.1f mm\n", trial.c_str(), what, 1000 * ours, 1000 * theirs);
      EXPECT_NEAR(ours / theirs, 1, 0.04) << what;
    }
  }
}

TEST_F(TrackReference, movements_of_the_built_in_body_run_as_OpenSims_on_the_experts_model) {
  for (const std::string trial : {"squats1", "STS1", "walking1"}) {
    const auto outcome = run("body", opencap + trial + ".trc", 62.6, true);
    ASSERT_TRUE(outcome);
    const auto differences = compare(*outcome, opencap + trial + "_ik_manually_scaled_model.mot");
    std::printf("%s, degrees RMS (constant, course):", trial.c_str());
    for (const auto& [name, d] : differences)
      std::printf(" %s %.1f (%.1f, %.1f)", name.c_str(), d.rms, d.constant, d.course);
    std::printf("\n");
    for (const char* name :
         {"pelvis_tilt", "pelvis_list", "pelvis_rotation", "hip_flexion_r", "hip_flexion_l", "hip_adduction_r",
          "hip_adduction_l", "knee_angle_r", "knee_angle_l", "ankle_angle_r", "ankle_angle_l"}) {
      EXPECT_LT(differences.at(name).course, 4) << trial << " " << name;
      EXPECT_LT(differences.at(name).rms, 11) << trial << " " << name;
    }
  }
}

TEST_F(TrackReference, OpenSims_example_of_walking_is_understood_by_its_names) {
  const auto outcome = run("body", data + "rajagopal_walk/markers_walk.trc", 85.3, true);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->naming.map_name, "opensim_moco");
  EXPECT_EQ(outcome->naming.known, 18u);
  EXPECT_LT(outcome->rms, 0.025);
  // its coordinates, on another model and in radians, have ten rows for one of ours
  Diagnostics reading;
  const auto ours = read_table(outcome->files.motion, reading),
             theirs = read_table(data + "rajagopal_walk/coordinates.sto", reading);
  ASSERT_TRUE(ours && theirs && !theirs->in_degrees);
  for (const char* name : {"hip_flexion_r", "hip_flexion_l", "hip_adduction_r", "hip_adduction_l", "knee_angle_r",
                           "knee_angle_l", "ankle_angle_r", "ankle_angle_l"}) {
    const int own = ours->find_column(name);
    const auto column = std::find_if(theirs->columns.begin(), theirs->columns.end(), [&](const std::string& c) {
      return c.ends_with(std::string("/") + name + "/value");
    });
    ASSERT_TRUE(own >= 0 && column != theirs->columns.end()) << name;
    double sum = 0, squares = 0, rows = 0;
    for (std::size_t r = 0, k = 0; r < theirs->row_count(); r += 10, ++rows) {
      while (k + 1 < ours->row_count() && ours->time[k] < theirs->time[r] - 0.005) ++k;
      const double d =
          ours->at(k, static_cast<std::size_t>(own)) -
          theirs->at(r, static_cast<std::size_t>(column - theirs->columns.begin())) * 180 / std::numbers::pi;
      sum += d;
      squares += d * d;
    }
    const double course = std::sqrt(squares / rows - sum * sum / rows / rows);
    std::printf("example3DWalking: %s %.1f, course %.1f degrees\n", name, sum / rows, course);
    EXPECT_LT(course, 4) << name;
    EXPECT_LT(std::abs(sum / rows), 11) << name;
  }
}

TEST_F(TrackReference, one_person_walking_there_and_back_has_one_size_and_stands_on_the_plates) {
  std::vector<std::map<std::string, double>> sizes;
  for (const std::string trial : {"walking2", "walking5"}) {
    SCOPED_TRACE(trial);
    const auto outcome = run("body", data + "osim_core_io_formats/c3d/" + trial + ".c3d", 70, true);
    ASSERT_TRUE(outcome);
    EXPECT_LT(outcome->rms, 0.022);
    sizes.emplace_back();
    for (const SegmentSize& s : outcome->size->segments) sizes.back()[s.segment] = s.factor;

    Diagnostics reading;
    const auto model = load_model({outcome->files.model, {}, false, {}, {}, false}, reading);
    ASSERT_TRUE(model);
    const CoordinateTrajectory motion{outcome->result.time, outcome->result.q, {}, {}};
    const auto loads =
        assign_plates(*model, motion, outcome->recording.plates, outcome->recording.plate_rate_hz, trial, diagnostics);
    ASSERT_TRUE(loads);
    ASSERT_EQ(loads->loads.size(), 2u);
    EXPECT_NE(loads->loads[0].body, loads->loads[1].body);
    // ankle markers, straight from the file
    const MarkerTrajectory& markers = outcome->recording.markers;
    for (std::size_t l = 0; l < 2; ++l) {
      double distance[2] = {0, 0};
      for (std::size_t f = 0; f < motion.time.size(); ++f) {
        const double* v = &loads->values[(f * 2 + l) * 9];
        if (!(v[1] > 200)) continue;
        const auto row = static_cast<std::size_t>(std::find(markers.time.begin(), markers.time.end(), motion.time[f]) -
                                                  markers.time.begin());
        for (int side = 0; side < 2; ++side) {
          const auto column = static_cast<std::size_t>(
              std::find(markers.names.begin(), markers.names.end(), side == 0 ? "RLMAL" : "LLMAL") -
              markers.names.begin());
          const double* p = &markers.positions[3 * (row * markers.names.size() + column)];
          distance[side] += std::hypot(p[0] - v[3], p[2] - v[5]);
        }
      }
      const char nearest = distance[0] < distance[1] ? 'r' : 'l';
      EXPECT_EQ(model->bodies[static_cast<std::size_t>(loads->loads[l].body)].name.back(), nearest);
      std::printf("%s: %s is under calcn_%c\n", trial.c_str(), loads->loads[l].name.c_str(), nearest);
    }
  }
  ASSERT_EQ(sizes.size(), 2u);
  for (const auto& [segment, factor] : sizes[0]) {
    std::printf("%s %.3f and %.3f\n", segment.c_str(), factor, sizes[1].at(segment));
    EXPECT_NEAR(sizes[1].at(segment), factor, 0.01) << segment;
  }
}

}  // namespace
}  // namespace buttress
