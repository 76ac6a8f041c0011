#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <numbers>

#include "app/shell_testing.h"
#include "body/document_scaling.h"
#include "body/model_loading.h"
#include "io/c3d_test_file.h"
#include "multibody/kinematics.inl"
#include "track/marker_naming.h"

/// For tests only: a person whose size and movement are known, made of the built-in body, recorded by markers at the
/// landmarks and by two force plates, one under each foot.
namespace buttress {

struct RecordedPerson {
  ScaleFactors factors;
  double mass = 61;
  Model model;  ///< true size
  std::vector<double> time;
  std::vector<double> q;                           ///< [frames x coordinates]
  std::vector<std::string> names;                  ///< landmarks
  std::vector<Vec3d> markers_W;                    ///< [frames x names]
  std::vector<std::array<Vec3d, 2>> force, point;  ///< [frames] right, left; in W
};

/// factors of segments that differ from one another, the same on both sides, as marker pairs can tell them
inline ScaleFactors make_known_factors(const Model& model) {
  const std::map<std::string, double> known = {
      {"pelvis", 1.05}, {"hip_bone", 1.05}, {"femur", 0.95}, {"patella", 0.95}, {"tibia", 1.03},
      {"talus", 1.08},  {"calcn", 1.08},    {"toes", 1.08},  {"humerus", 0.96}, {"ulna", 1.02},
      {"radius", 1.02}, {"hand", 1.02},     {"torso", 0.93}, {"lumbar", 0.93}};
  ScaleFactors factors;
  for (std::size_t b = 1; b < model.bodies.size(); ++b) {
    std::string name = model.bodies[b].name;
    if (name.rfind("lumbar", 0) == 0) name = "lumbar";
    if (name.size() > 2 && name[name.size() - 2] == '_') name.resize(name.size() - 2);
    factors[model.bodies[b].name] = known.at(name) * Vec3d{1, 1, 1};
  }
  // shoulders are broader than the trunk is long
  factors["torso"].z = 0.99;
  return factors;
}

inline RecordedPerson make_recorded_person() {
  RecordedPerson person;
  Diagnostics diagnostics;
  auto document = read_xml(test_library().find_model_file("body"), diagnostics);
  const auto generic = compile_document(*document, diagnostics);
  person.factors = make_known_factors(*generic);
  EXPECT_TRUE(scale_document(*document, *generic, person.factors, false, diagnostics, SlideRule::along_axis));
  set_total_mass(*document, person.mass);
  person.model = *compile_document(*document, diagnostics);
  const Model& model = person.model;

  const std::set<std::string> landmarks = find_landmarks(read_built_in_maps(test_library().data_folder(), diagnostics));
  for (const Marker& m : model.markers)
    if (landmarks.count(m.name)) person.names.push_back(m.name);

  // all joints move, smoothly and within their ranges; the feet stay over their plates
  const std::map<std::string, std::pair<double, double>> swing = {
      // mean and half range, degrees
      {"pelvis_tilt", {-5, 5}},      {"pelvis_list", {1, 3}},    {"pelvis_rotation", {3, 4}},
      {"hip_flexion", {15, 12}},     {"hip_adduction", {-3, 3}}, {"hip_rotation", {2, 5}},
      {"knee_angle", {25, 18}},      {"ankle_angle", {2, 8}},    {"subtalar_angle", {2, 4}},
      {"lumbar_extension", {-8, 6}}, {"lumbar_bending", {2, 4}}, {"lumbar_rotation", {1, 4}},
      {"arm_flex", {15, 15}},        {"arm_add", {-12, 6}},      {"arm_rot", {5, 8}},
      {"elbow_flex", {30, 15}},      {"pro_sup", {20, 10}}};
  const std::size_t n = model.coordinates.size();
  Kinematics<double> kin = make_kinematics<double>(model);
  for (int frame = 0; frame <= 100; ++frame) {
    const double t = 0.01 * frame;
    std::vector<double> q = find_default_pose(model);
    double phase = 0;
    for (std::size_t c = 0; c < n; ++c) {
      std::string name = model.coordinates[c].name;
      if (name.size() > 2 && (name.ends_with("_r") || name.ends_with("_l"))) name.resize(name.size() - 2);
      const auto s = swing.find(name);
      phase += 0.7;
      if (s != swing.end() && model.coordinates[c].independent >= 0)
        q[c] =
            std::numbers::pi / 180 * (s->second.first + s->second.second * std::sin(2 * std::numbers::pi * t + phase));
      if (name == "pelvis_tx") q[c] = 0.4 + 0.01 * std::sin(3 * t);
      if (name == "pelvis_tz") q[c] = -0.2;
    }
    for (const Coupler& k : model.couplers)
      q[static_cast<std::size_t>(k.dependent)] = evaluate(k.function, q[static_cast<std::size_t>(k.independent)]).f;
    person.time.push_back(t);
    person.q.insert(person.q.end(), q.begin(), q.end());
    const auto places = find_marker_positions(model, q);
    for (const std::string& name : person.names) person.markers_W.push_back(places.at(name));
    update_positions(model, q.data(), kin);
    std::array<Vec3d, 2> force{}, point{};
    for (int side = 0; side < 2; ++side) {
      const std::string end = side == 0 ? "_r" : "_l";
      const Vec3d heel = kin.X_WB[static_cast<std::size_t>(model.find_body("calcn" + end))].p,
                  ball = kin.X_WB[static_cast<std::size_t>(model.find_body("toes" + end))].p;
      point[static_cast<std::size_t>(side)] = {0.6 * heel.x + 0.4 * ball.x, 0, 0.6 * heel.z + 0.4 * ball.z};
      const bool stands = side == 0 ? t > 0.195 && t < 0.705 : t > 0.495;
      if (stands) force[static_cast<std::size_t>(side)] = {30 * std::sin(5 * t), 400 + 100 * std::cos(4 * t), 10};
    }
    person.force.push_back(force);
    person.point.push_back(point);
  }
  return person;
}

/// The built-in body as it is, 1.75 m tall, standing straight and still with a marker at every name that it knows.
inline RecordedPerson make_standing_person(std::size_t frames) {
  RecordedPerson person;
  Diagnostics diagnostics;
  person.model = *compile_document(*read_xml(test_library().find_model_file("body"), diagnostics), diagnostics);
  person.mass = person.model.total_mass;
  for (std::size_t f = 0; f < frames; ++f) {
    const std::vector<double> q = find_default_pose(person.model);
    person.time.push_back(0.01 * static_cast<double>(f));
    person.q.insert(person.q.end(), q.begin(), q.end());
    const auto places = find_marker_positions(person.model, q);
    if (f == 0)
      for (const auto& [name, p] : places) person.names.push_back(name);
    for (const std::string& name : person.names) person.markers_W.push_back(places.at(name));
    person.force.emplace_back();
    person.point.emplace_back();
  }
  return person;
}

/// names of markers in the file for those of the model; the place of a marker may be changed; NaN = gap
struct RecordingChanges {
  std::function<Vec3d(std::size_t frame, const std::string& marker, const Vec3d& p_W)> place;
  std::function<std::string(const std::string& marker)> name;
  std::array<double, 2> plate_x = {0.4, 0.4};  ///< m, middle of each plate along W's x
  bool one_plate = false;                      ///< both feet on one
  std::function<void(C3dTestFile&)> file;      ///< changes header and parameters before they are written
};

/// A C3D file with z up, millimetres, and the plates' six channels each, 10 samples a frame.
inline void write_c3d(const RecordedPerson& person, const std::string& path, const RecordingChanges& changes = {}) {
  const auto to_lab = [](const Vec3d& p) { return Vec3d{p.x, -p.z, p.y}; };
  C3dTestFile file;
  file.rate_hz = 100;
  file.frame_count = person.time.size();
  file.samples_per_frame = 10;
  file.points.clear();
  for (const std::string& name : person.names) file.points.push_back(changes.name ? changes.name(name) : name);
  const std::size_t plates = changes.one_plate ? 1 : 2;
  file.channels.clear();
  file.channel_units.clear();
  for (std::size_t plate = 0; plate < plates; ++plate)
    for (const char* name : {"Fx", "Fy", "Fz", "Mx", "My", "Mz"}) {
      file.channels.push_back(name + std::to_string(plate + 1));
      file.channel_units.push_back(name[0] == 'F' ? "N" : "Nmm");
    }
  file.channel_scales.assign(6 * plates, 1);
  file.channel_offsets.assign(6 * plates, 0);
  // x of a plate is the lab's x, its y the lab's -y, its z down; the origin lies 40 mm below the surface
  std::vector<double> corners, origins, numbers, types;
  std::vector<Vec3d> middle;
  for (std::size_t plate = 0; plate < plates; ++plate) {
    const double z_W = plates == 1 ? -0.2 : plate == 0 ? -0.2 + 0.16 : -0.2 - 0.16, half = plates == 1 ? 0.4 : 0.15;
    const Vec3d c = to_lab({changes.plate_x[plate], 0, z_W});
    middle.push_back(c);
    for (const auto& [sx, sy] : {std::pair{1, 1}, {-1, 1}, {-1, -1}, {1, -1}}) {
      const Vec3d corner = c + Vec3d{0.4 * sx, -half * sy, 0};
      corners.insert(corners.end(), {1000 * corner.x, 1000 * corner.y, 1000 * corner.z});
    }
    origins.insert(origins.end(), {0, 0, -40});
    types.push_back(2);
    for (std::size_t i = 0; i < 6; ++i) numbers.push_back(static_cast<double>(6 * plate + i + 1));
  }
  const int count = static_cast<int>(plates);
  file.more = {{"FORCE_PLATFORM", "USED", 2, {}, {static_cast<double>(plates)}, {}},
               {"FORCE_PLATFORM", "TYPE", 2, {count}, types, {}},
               {"FORCE_PLATFORM", "CORNERS", 4, {3, 4, count}, corners, {}},
               {"FORCE_PLATFORM", "ORIGIN", 4, {3, count}, origins, {}},
               {"FORCE_PLATFORM", "CHANNEL", 2, {6, count}, numbers, {}},
               {"POINT", "Y_SCREEN", -1, {2}, {}, {"+Z"}}};
  if (changes.file) changes.file(file);
  std::ofstream out(path, std::ios::binary);
  out << file.make_head();
  for (std::size_t f = 0; f < person.time.size(); ++f) {
    std::vector<double> positions, analogs;
    for (std::size_t m = 0; m < person.names.size(); ++m) {
      Vec3d p = person.markers_W[f * person.names.size() + m];
      if (changes.place) p = changes.place(f, person.names[m], p);
      const Vec3d lab = to_lab(p);
      positions.insert(positions.end(), {1000 * lab.x, 1000 * lab.y, 1000 * lab.z});
    }
    // what both feet do to a plate adds up; between frames it changes evenly
    for (std::size_t sample = 0; sample < file.samples_per_frame; ++sample)
      for (std::size_t plate = 0; plate < plates; ++plate) {
        Vec3d force{0, 0, 0}, moment{0, 0, 0};
        for (std::size_t side = 0; side < 2; ++side) {
          if (plates == 2 && side != plate) continue;
          const double share = static_cast<double>(sample) / static_cast<double>(file.samples_per_frame);
          const std::size_t next = std::min(f + 1, person.time.size() - 1);
          const auto between = [&](const Vec3d& a, const Vec3d& b) { return to_lab((1 - share) * a + share * b); };
          const Vec3d F = between(person.force[f][side], person.force[next][side]),
                      p = between(person.point[f][side], person.point[next][side]) - middle[plate];
          const Vec3d F_P{F.x, -F.y, -F.z}, p_OQ_P = Vec3d{p.x, -p.y, -p.z} + Vec3d{0, 0, -0.04};
          force += F_P;
          moment += cross(p_OQ_P, F_P);
        }
        analogs.insert(analogs.end(), {force.x, force.y, force.z, 1000 * moment.x, 1000 * moment.y, 1000 * moment.z});
      }
    out << file.make_frame(positions, analogs);
  }
}

}  // namespace buttress
