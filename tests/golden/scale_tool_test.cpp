// run-tool of gait2392's ScaleTool setup as shipped, against the scaled model that was published with it (masses, mass
// centres, joint frames, muscle points) and against OpenSim 4.6 (masses, inertias, fibre and tendon lengths, which the
// published model has unscaled). That proves the scaling. Marker places are OpenSim's solution of a static pose, which
// stops short of the minimum; they are compared coarsely.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "base/run_status.h"
#include "base/skips_testing.h"
#include "io/c3d_test_file.h"
#include "io/trc_reader.h"
#include "opensim/run_tool.h"
#include "recordings_testing.h"

namespace buttress {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class ScaleToolReference : public testing::Test {
 protected:
  void SetUp() override {
    const std::string data = find_data();
    if (data.empty()) GTEST_SKIP() << kNoSharedData;
    set = data + "gait2392_walk/";
    folder = fs::path(testing::TempDir()) / "buttress_scale_tool_test";
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (const char* file : {"subject01_Setup_Scale.xml", "gait2392_Scale_MarkerSet.xml", "subject01_static.trc"})
      fs::copy_file(set + "ik/" + file, folder / file);
    fs::copy_file(set + "models/gait2392_thelen2003muscle.osim", folder / "gait2392_simbody.osim");
  }
  void TearDown() override { fs::remove_all(folder); }

  RunStatus run(const std::string& setup = "subject01_Setup_Scale.xml") {
    RunToolRequest request;
    request.setup_file = (folder / setup).string();
    return run_tool(request, written, diagnostics);
  }
  bool has(const std::string& id) const {
    for (const Diagnostic& d : diagnostics.items())
      if (d.id == id) return true;
    return false;
  }
  void write(const std::string& file, const std::string& text) { std::ofstream(folder / file) << text; }
  void spoil(const std::string& file, const std::string& old, const std::string& now) {
    std::string text = read_text(folder / file);
    ASSERT_NE(text.find(old), std::string::npos) << old;
    write(file, text.replace(text.find(old), old.size(), now));
  }

  std::string set;
  fs::path folder;
  std::vector<std::string> written;
  Diagnostics diagnostics;
};

void expect_near(const Vec3d& a, const Vec3d& b, double tolerance, const std::string& what) {
  EXPECT_NEAR(norm(a - b), 0, tolerance) << what;
}

TEST_F(ScaleToolReference, gait2392_is_the_published_scaled_model) {
  ASSERT_EQ(run(), RunStatus::done) << format_diagnostic(diagnostics.items().back());
  const Model ours = read_model((folder / "subject01_simbody.osim").string());
  const Model reference = read_model(set + "id/subject01_simbody.osim");
  EXPECT_EQ(ours.name, "subject01");
  EXPECT_NEAR(ours.total_mass, 72.6, 1e-9);
  ASSERT_EQ(ours.body_count(), reference.body_count());
  for (int b = 1; b < ours.body_count(); ++b) {
    const Body& a = ours.bodies[static_cast<std::size_t>(b)];
    const int other = reference.find_body(a.name);
    ASSERT_GE(other, 0) << a.name;
    const Body& r = reference.bodies[static_cast<std::size_t>(other)];
    EXPECT_NEAR(a.mass / r.mass, 1, 1e-4) << a.name;
    expect_near(a.p_BBcm_B, r.p_BBcm_B, 1e-6, a.name);
  }
  // scale factors show in the joint frames and in the points of muscles
  for (const Joint& joint : ours.joints) {
    const int other = reference.find_joint(joint.name);
    ASSERT_GE(other, 0) << joint.name;
    expect_near(joint.X_PF.p, reference.joints[static_cast<std::size_t>(other)].X_PF.p, 1e-6, joint.name);
  }
  ASSERT_EQ(ours.muscles.size(), reference.muscles.size());
  for (const Muscle& m : ours.muscles) {
    const Muscle& r = reference.muscles[static_cast<std::size_t>(reference.find_muscle(m.name))];
    const auto& points = ours.paths[static_cast<std::size_t>(m.path)].points;
    const auto& others = reference.paths[static_cast<std::size_t>(r.path)].points;
    ASSERT_EQ(points.size(), others.size()) << m.name;
    // moving points of the published model are not scaled; those of OpenSim 4.6 are, which shows in the lengths below
    for (std::size_t i = 0; i < points.size(); ++i)
      if (points[i].kind != PathPointKind::moving) expect_near(points[i].p_B, others[i].p_B, 1e-6, m.name);
  }
  // markers that the static trial lacks are gone, the others stand where they were recorded
  EXPECT_EQ(ours.markers.size(), reference.markers.size());
  for (const Marker& m : ours.markers)
    for (const Marker& r : reference.markers)
      if (m.name == r.name) expect_near(m.p_B, r.p_B, 0.02, m.name);
  // the setup scales patellae that this model does not have
  EXPECT_TRUE(has("SCALE-005"));
  for (const char* file :
       {"subject01_scaledOnly.osim", "subject01_scaleSet_applied.xml", "subject01_static_output.mot"})
    EXPECT_TRUE(fs::exists(folder / file)) << file;
}

TEST_F(ScaleToolReference, gait2392_is_what_OpenSim_makes_of_it) {
  ASSERT_EQ(run(), RunStatus::done);
  const Model ours = read_model((folder / "subject01_simbody.osim").string());
  std::ifstream golden(std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/gait2392_scaled.txt");
  std::string kind, name;
  int bodies = 0, muscles = 0;
  while (golden >> kind >> name) {
    if (kind == "body") {
      double mass = 0, x = 0, y = 0, z = 0;
      golden >> mass >> x >> y >> z;
      const Body& b = ours.bodies[static_cast<std::size_t>(ours.find_body(name))];
      EXPECT_NEAR(b.mass, mass, 1e-7) << name;
      EXPECT_NEAR(b.I_BBcm_B.xx, x, 1e-7) << name;
      EXPECT_NEAR(b.I_BBcm_B.yy, y, 1e-7) << name;
      EXPECT_NEAR(b.I_BBcm_B.zz, z, 1e-7) << name;
      ++bodies;
    } else {
      double fiber = 0, tendon = 0;
      golden >> fiber >> tendon;
      const Muscle& m = ours.muscles[static_cast<std::size_t>(ours.find_muscle(name))];
      EXPECT_NEAR(m.optimal_fiber_length, fiber, 1e-8) << name;
      EXPECT_NEAR(m.tendon_slack_length, tendon, 1e-8) << name;
      ++muscles;
    }
  }
  EXPECT_EQ(bodies, 12);
  EXPECT_EQ(muscles, 92);
}

TEST_F(ScaleToolReference, a_static_trial_in_c3d_gives_the_same_model) {
  // OpenSim reads TRC files alone here; the same numbers with z up and in four-byte floats must not matter
  ASSERT_EQ(run(), RunStatus::done);
  const Model from_trc = read_model((folder / "subject01_simbody.osim").string());
  const auto trial = read_trc((folder / "subject01_static.trc").string(), diagnostics);
  ASSERT_TRUE(trial);
  C3dTestFile file;
  file.points = trial->names;
  file.channels.clear();
  file.channel_units.clear();
  file.channel_scales.clear();
  file.channel_offsets.clear();
  file.samples_per_frame = 0;
  file.rate_hz = trial->rate_hz;
  file.frame_count = trial->time.size();
  file.more = {{"POINT", "Y_SCREEN", -1, {2}, {}, {"+Z"}}};
  std::string bytes = file.make_head();
  for (std::size_t f = 0; f < trial->time.size(); ++f) {
    std::vector<double> lab;
    for (std::size_t m = 0; m < trial->names.size(); ++m) {
      const double* p = &trial->positions[3 * (f * trial->names.size() + m)];
      lab.insert(lab.end(), {1000 * p[0], -1000 * p[2], 1000 * p[1]});
    }
    bytes += file.make_frame(lab, {});
  }
  std::ofstream(folder / "subject01_static.c3d", std::ios::binary) << bytes;
  for (int times = 0; times < 2; ++times)
    spoil("subject01_Setup_Scale.xml", "subject01_static.trc", "subject01_static.c3d");
  ASSERT_EQ(run(), RunStatus::done);
  const Model from_c3d = read_model((folder / "subject01_simbody.osim").string());
  ASSERT_EQ(from_c3d.bodies.size(), from_trc.bodies.size());
  for (std::size_t b = 1; b < from_trc.bodies.size(); ++b) {
    EXPECT_NEAR(from_c3d.bodies[b].mass, from_trc.bodies[b].mass, 1e-6);
    EXPECT_NEAR(norm(from_c3d.bodies[b].p_BBcm_B - from_trc.bodies[b].p_BBcm_B), 0, 1e-6);
  }
  ASSERT_EQ(from_c3d.markers.size(), from_trc.markers.size());
  for (std::size_t m = 0; m < from_trc.markers.size(); ++m)
    EXPECT_NEAR(norm(from_c3d.markers[m].p_B - from_trc.markers[m].p_B), 0, 1e-5) << from_trc.markers[m].name;
}

TEST_F(ScaleToolReference, masses_follow_volumes_unless_their_distribution_is_kept) {
  spoil("subject01_Setup_Scale.xml", "<preserve_mass_distribution> true", "<preserve_mass_distribution> false");
  spoil("subject01_Setup_Scale.xml", "<mass>      72.60000000 </mass>", "<mass>-1</mass>");
  ASSERT_EQ(run(), RunStatus::done);
  const Model scaled = read_model((folder / "subject01_scaledOnly.osim").string());
  const Model generic = read_model((folder / "gait2392_simbody.osim").string());
  const auto mass = [](const Model& model, const char* body) {
    return model.bodies[static_cast<std::size_t>(model.find_body(body))].mass;
  };
  EXPECT_NEAR(mass(scaled, "femur_r") / mass(generic, "femur_r"), std::pow(1.14724, 3), 1e-9);
  EXPECT_NEAR(mass(scaled, "tibia_l") / mass(generic, "tibia_l"), std::pow(0.988523, 3), 1e-9);
}

TEST_F(ScaleToolReference, a_setup_that_cannot_be_followed_says_why) {
  const std::string setup = read_text(folder / "subject01_Setup_Scale.xml");
  const auto expect = [&](const std::string& file, const std::string& old, const std::string& now,
                          const std::string& id, RunStatus status) {
    const std::string before = read_text(folder / file);
    spoil(file, old, now);
    diagnostics = {};
    EXPECT_EQ(run(), status) << id;
    EXPECT_TRUE(has(id)) << id;
    write(file, before);
  };
  const std::string xml = "subject01_Setup_Scale.xml";
  expect("gait2392_simbody.osim", "Version=\"40000\"", "Version=\"30000\"", "SCALE-001", RunStatus::bad_input);
  expect(xml, "V.Sacral Top.Head", "V.Sacral Nose", "SCALE-004", RunStatus::done);
  expect(xml, "1.14724000       1.14724000       1.14724000", "1.1 -1 1.1", "SCALE-006", RunStatus::bad_input);
  expect(xml, "1.14724000       1.14724000       1.14724000", "1.1 2.5 1.1", "SCALE-006", RunStatus::done);
  expect(xml, "<time_range>       1.00000000       2.00000000", "<time_range> 100 200", "SCALE-007",
         RunStatus::bad_input);
  expect(xml, "<max_marker_movement>      -1.00000000", "<max_marker_movement> 0.01", "SCALE-008", RunStatus::done);
  // a static trial in the wrong unit
  expect("subject01_static.trc", "\tmm\t", "\tm\t", "SCALE-006", RunStatus::bad_input);
}

}  // namespace
}  // namespace buttress
