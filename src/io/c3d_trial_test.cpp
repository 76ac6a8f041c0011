#include "io/c3d_trial.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "base/skips_testing.h"
#include "io/c3d_test_file.h"
#include "io/table_reader.h"
#include "motion/external_loads.h"

namespace buttress {
namespace {

std::string shared_folder() {
  if (const char* path = std::getenv("BUTTRESS_SHARED")) return path;
  return std::string(BUTTRESS_SOURCE_DIR) + "/../shared";
}

Diagnostic find(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id) return d;
  return {};
}

std::string list(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.items()) text += format_diagnostic(d) + "\n";
  return text;
}

/// what the last of so many digits stands for: 855.68 with five digits -> 0.01
double find_digit_step(double value, int digits) {
  return value == 0 ? 0 : std::pow(10.0, std::floor(std::log10(std::abs(value))) + 1 - digits);
}

/// rows of cells after the line that begins with `before_rows`, blank lines left out
std::vector<std::vector<std::string>> read_cells(const std::string& path, const std::string& before_rows) {
  std::ifstream in(path);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  bool is_after = false;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::vector<std::string> cells;
    for (std::string word; words >> word;) cells.push_back(word);
    if (is_after && !cells.empty()) rows.push_back(cells);
    if (!cells.empty() && cells.front() == before_rows) is_after = true;
  }
  return rows;
}

std::string reference_folder() {
  return shared_folder() + "/data/osim_core_io_formats/c3d/";
}

// the .trc files were exported from the same recordings by another program (Mokka, on btk), every tenth frame, to five
// digits; so this proves names, order, units, gaps and time
TEST(C3dTrial, markers_of_opensims_c3d_files_are_those_of_its_trc_files_to_their_printed_digits) {
  if (!std::filesystem::exists(reference_folder())) GTEST_SKIP() << kNoSharedData;
  for (const std::string trial_name : {"walking2", "walking5"}) {
    Diagnostics diagnostics;
    const auto trial = read_c3d(reference_folder() + trial_name + ".c3d", diagnostics);
    ASSERT_TRUE(trial) << list(diagnostics);
    const std::string reference = reference_folder() + "std_" + trial_name + "_markers.trc";
    std::ifstream in(reference);
    std::string line;
    for (int i = 0; i < 4; ++i) std::getline(in, line);
    std::istringstream words(line);
    std::vector<std::string> names;
    for (std::string word; words >> word;) names.push_back(word);
    names.erase(names.begin(), names.begin() + 2);
    EXPECT_EQ(trial->markers.names, names);
    EXPECT_EQ(trial->markers.units_in_file, "mm");
    const auto rows = read_cells(reference, "X1");
    EXPECT_GT(rows.size(), 100u);
    std::size_t compared = 0, gaps = 0;
    double worst = 0;
    for (const auto& row : rows) {
      ASSERT_EQ(row.size(), 2 + 3 * names.size());
      const double time = std::stod(row[1]);
      const auto frame = static_cast<std::size_t>(std::lround(time * 250));
      ASSERT_LT(frame, trial->markers.time.size());
      EXPECT_NEAR(trial->markers.time[frame], time, 1e-9);
      for (std::size_t i = 0; i < 3 * names.size(); ++i) {
        const double ours = 1000 * trial->markers.positions[frame * 3 * names.size() + i];
        const double theirs = std::stod(row[2 + i]);
        ASSERT_EQ(std::isnan(ours), std::isnan(theirs)) << names[i / 3] << " at " << time;
        if (std::isnan(ours)) {
          ++gaps;
          continue;
        }
        // five digits, rounded from six: 56.681496 stands as 56.6815, then 56.682
        const double error = std::abs(ours - theirs) / find_digit_step(theirs, 5);
        worst = std::max(worst, error);
        ++compared;
        ASSERT_LE(error, 0.55 + 1e-9) << names[i / 3] << " at " << time << ": " << ours << " " << row[2 + i];
      }
    }
    EXPECT_GT(compared, 2000u);
    EXPECT_GT(gaps, 0u);
  }
}

// OpenSim's tables keep N, mm and N mm; ours are SI, and the ratios 1000 are exact
TEST(C3dTrial, forces_of_opensims_c3d_files_are_those_of_its_tables_at_plate_and_centre_of_pressure) {
  if (!std::filesystem::exists(reference_folder())) GTEST_SKIP() << kNoSharedData;
  for (const std::string trial_name : {"walking2", "walking5"}) {
    Diagnostics diagnostics;
    const auto trial = read_c3d(reference_folder() + trial_name + ".c3d", diagnostics);
    ASSERT_TRUE(trial) << list(diagnostics);
    EXPECT_FALSE(find(diagnostics, "C3D-024").id.empty()) << "their origins are given upside down";
    ASSERT_EQ(trial->plates.size(), 2u);
    for (const bool at_point : {false, true}) {
      const auto rows =
          read_cells(reference_folder() + (at_point ? "std_cop_" : "std_") + trial_name + "_grfs.sto", "time");
      ASSERT_GT(rows.size(), 80u);
      double worst = 0;
      for (const auto& row : rows) {
        ASSERT_EQ(row.size(), 19u);
        const auto sample = static_cast<std::size_t>(std::lround(std::stod(row[0]) * 2000));
        for (std::size_t plate = 0; plate < 2; ++plate) {
          const C3dPlateLoads& loads = trial->plates[plate];
          const PlateLoad& load = loads.samples.at(sample);
          const Vec3<double> point = at_point ? load.point : loads.plate.p_LC_L;
          const Vec3<double> moment = at_point ? load.moment_point : load.moment_C;
          const double ours[9] = {load.force.x,  load.force.y,   load.force.z,   1e3 * point.x, 1e3 * point.y,
                                  1e3 * point.z, 1e3 * moment.x, 1e3 * moment.y, 1e3 * moment.z};
          for (std::size_t i = 0; i < 9; ++i) {
            const std::string& cell = row[1 + 9 * plate + i];
            const double theirs = std::stod(cell);
            // printed with eight decimals; the table with the centre of pressure was rounded to ten digits before,
            // the zero in front of the point among them
            const double step = 0.5e-8 + 1e-14 * std::abs(theirs) +
                                (at_point ? 0.5 * find_digit_step(std::max(1.0, std::abs(theirs)), 10) : 0);
            worst = std::max(worst, std::abs(ours[i] - theirs) / step);
          }
        }
      }
      EXPECT_LE(worst, 1.0) << trial_name << (at_point ? " at the point" : " at the plate");
    }
  }
}

TEST(C3dTrial, channels_of_opensims_c3d_files_are_those_of_its_tables) {
  if (!std::filesystem::exists(reference_folder())) GTEST_SKIP() << kNoSharedData;
  for (const std::string trial_name : {"walking2", "walking5"}) {
    Diagnostics diagnostics;
    const auto trial = read_c3d(reference_folder() + trial_name + ".c3d", diagnostics);
    const auto table = read_table(reference_folder() + "std_" + trial_name + "_analog.sto", diagnostics);
    ASSERT_TRUE(trial && table) << list(diagnostics);
    EXPECT_EQ(trial->analogs.columns, table->columns);
    for (std::size_t row = 0; row < table->row_count(); ++row) {
      const auto sample = static_cast<std::size_t>(std::lround(table->time[row] * 2000));
      for (std::size_t c = 0; c < table->column_count(); ++c)
        EXPECT_NEAR(trial->analogs.at(sample, c), table->at(row, c), 5e-16 * std::abs(table->at(row, c)) * 10);
    }
  }
}

/// A force at a point of a plate and a free moment, all in the plate's axes and from its centre.
struct Push {
  Vec3<double> force, p_CQ;
  double moment_z;
};

Push make_push(std::mt19937& random) {
  std::uniform_real_distribution<double> unit(-1, 1);
  return {{80 * unit(random), 60 * unit(random), -700 + 300 * unit(random)},
          {0.25 * unit(random), 0.2 * unit(random), 0},
          8 * unit(random)};
}

/// Kistler's sensors at (+-a, +-b, depth): forces that add up to the push. Three equations fix four vertical forces up
/// to a twist, chosen at random, and three fix four horizontal ones.
std::vector<double> make_sensor_forces(const Push& push, double a, double b, double depth, std::mt19937& random) {
  const double place[4][2] = {{a, b}, {-a, b}, {-a, -b}, {a, -b}};
  // moment about the origin at the sensors' plane, C is `-depth` above it along z
  const Vec3<double> p_OQ = push.p_CQ + Vec3<double>{0, 0, depth};
  const Vec3<double> moment = cross(p_OQ, push.force) + Vec3<double>{0, 0, push.moment_z};
  Eigen::Matrix<double, 6, 8> effect = Eigen::Matrix<double, 6, 8>::Zero();
  // channels fx12 fx34 fy14 fy23 fz1 ... fz4
  for (int i = 0; i < 2; ++i) {
    effect(0, i) = 1;
    effect(5, i) = -(i == 0 ? b : -b);
    effect(1, 2 + i) = 1;
    effect(5, 2 + i) = i == 0 ? a : -a;
  }
  for (int i = 0; i < 4; ++i) {
    effect(2, 4 + i) = 1;
    effect(3, 4 + i) = place[i][1];
    effect(4, 4 + i) = -place[i][0];
  }
  Eigen::Matrix<double, 6, 1> wanted;
  wanted << push.force.x, push.force.y, push.force.z, moment.x, moment.y, moment.z;
  const auto solver = effect.completeOrthogonalDecomposition();
  Eigen::Matrix<double, 8, 1> some;
  for (int i = 0; i < 8; ++i) some[i] = std::uniform_real_distribution<double>(-50, 50)(random);
  const Eigen::Matrix<double, 8, 1> forces = solver.solve(wanted) + some - solver.solve(effect * some);
  return {forces.data(), forces.data() + 8};
}

/// A file with one plate of each type, and what acts on each at every sample.
struct PlateFile {
  C3dTestFile file;
  std::string bytes;
  std::vector<std::array<Push, 4>> pushes;
};

PlateFile make_plate_file(const std::string& moment_unit = "Nmm") {
  PlateFile made;
  std::mt19937 random(11);
  C3dTestFile& file = made.file;
  file.frame_count = 20;
  file.channels.clear();
  file.channel_units.clear();
  const std::size_t channels[4] = {6, 6, 8, 6};
  const double moment_scale = moment_unit == "Nmm" ? 1e3 : 1;
  for (std::size_t type = 1; type <= 4; ++type)
    for (std::size_t i = 0; i < channels[type - 1]; ++i) {
      file.channels.push_back(std::to_string(type) + "_" + std::to_string(i));
      file.channel_units.push_back(type == 4            ? "V"
                                   : type == 3 || i < 3 ? "N"
                                   : type == 1 && i < 5 ? "mm"
                                                        : moment_unit);
    }
  file.channel_scales.assign(file.channels.size(), 1);
  file.channel_offsets.assign(file.channels.size(), 0);
  // each plate lies elsewhere and is turned; corners in the order +x+y, -x+y, -x-y, +x-y of the plate, z down
  std::vector<double> corners, origins, matrices;
  const double half_x = 300, half_y = 200, depth = -40;
  for (int plate = 0; plate < 4; ++plate) {
    const double turn = 0.7 * plate, c = std::cos(turn), s = std::sin(turn);
    const double signs[4][2] = {{1, 1}, {-1, 1}, {-1, -1}, {1, -1}};
    // x_P = (c, s, 0), y_P = (s, -c, 0), z_P = (0, 0, -1) in L
    for (const auto& sign : signs)
      for (double v : {1000.0 * plate + sign[0] * half_x * c + sign[1] * half_y * s,
                       500 + sign[0] * half_x * s - sign[1] * half_y * c, 10.0})
        corners.push_back(v);
    for (double v : plate == 2 ? std::vector<double>{120, 80, depth} : std::vector<double>{3, -4, depth})
      origins.push_back(plate == 0 ? 0 : v);
  }
  Eigen::Matrix<double, 6, 6> calibration;
  for (int r = 0; r < 6; ++r)
    for (int col = 0; col < 6; ++col)
      calibration(r, col) = (r == col ? 100.0 : 0.0) + std::uniform_real_distribution<double>(-9, 9)(random);
  for (int plate = 0; plate < 4; ++plate)
    for (int col = 0; col < 6; ++col)
      for (int r = 0; r < 6; ++r) matrices.push_back(plate == 3 ? calibration(r, col) : 0);
  file.more = {{"FORCE_PLATFORM", "USED", 2, {}, {4}, {}},
               {"FORCE_PLATFORM", "TYPE", 2, {4}, {1, 2, 3, 4}, {}},
               {"FORCE_PLATFORM", "CORNERS", 4, {3, 4, 4}, corners, {}},
               {"FORCE_PLATFORM", "ORIGIN", 4, {3, 4}, origins, {}},
               {"FORCE_PLATFORM", "CAL_MATRIX", 4, {6, 6, 4}, matrices, {}},
               {"FORCE_PLATFORM",
                "CHANNEL",
                2,
                {8, 4},
                {1,  2,  3,  4,  5,  6,  0,  0,  7,  8,  9,  10, 11, 12, 0, 0,
                 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0},
                {}},
               {"POINT", "Y_SCREEN", -1, {2}, {}, {"+Z"}}};
  made.bytes = file.make_head();
  for (std::uint64_t frame = 0; frame < file.frame_count; ++frame) {
    std::vector<double> analogs;
    for (std::size_t sample = 0; sample < file.samples_per_frame; ++sample) {
      std::array<Push, 4> pushes;
      for (Push& push : pushes) push = make_push(random);
      made.pushes.push_back(pushes);
      const auto add = [&](std::initializer_list<double> values) { analogs.insert(analogs.end(), values); };
      add({pushes[0].force.x, pushes[0].force.y, pushes[0].force.z, 1e3 * pushes[0].p_CQ.x, 1e3 * pushes[0].p_CQ.y,
           moment_scale * pushes[0].moment_z});
      for (int plate : {1, 3}) {
        if (plate == 3)
          for (double v : make_sensor_forces(pushes[2], 0.12, 0.08, 1e-3 * depth, random)) analogs.push_back(v);
        // the origin lies at -p_OC from C
        const Push& push = pushes[static_cast<std::size_t>(plate)];
        const Vec3<double> p_OQ = push.p_CQ + 1e-3 * Vec3<double>{3, -4, depth};
        const Vec3<double> m = cross(p_OQ, push.force) + Vec3<double>{0, 0, push.moment_z};
        Eigen::Matrix<double, 6, 1> all;
        const double scale = plate == 3 ? 1e3 : moment_scale;
        all << push.force.x, push.force.y, push.force.z, scale * m.x, scale * m.y, scale * m.z;
        if (plate == 3) all = calibration.lu().solve(all).eval();
        for (int i = 0; i < 6; ++i) analogs.push_back(all[i]);
      }
    }
    made.bytes += file.make_frame(std::vector<double>(9, 100.0), analogs);
  }
  return made;
}

// the pushes are turned into what each plate's electronics would say by statics alone, and must come back
TEST(C3dTrial, plates_of_types_1_to_4_give_back_force_point_and_free_moment) {
  for (const std::string moment_unit : {"Nmm", "N.m"}) {
    const PlateFile made = make_plate_file(moment_unit);
    Diagnostics diagnostics;
    const auto trial = parse_c3d(made.bytes, "plates.c3d", diagnostics);
    ASSERT_TRUE(trial) << list(diagnostics);
    EXPECT_TRUE(diagnostics.items().empty()) << list(diagnostics);
    ASSERT_EQ(trial->plates.size(), 4u);
    for (std::size_t plate = 0; plate < 4; ++plate) {
      const double turn = 0.7 * static_cast<double>(plate), c = std::cos(turn), s = std::sin(turn);
      const auto to_lab = [&](const Vec3<double>& v) {
        return Vec3<double>{c * v.x + s * v.y, s * v.x - c * v.y, -v.z};
      };
      ASSERT_EQ(trial->plates[plate].samples.size(), made.pushes.size());
      for (std::size_t i = 0; i < made.pushes.size(); ++i) {
        const Push& push = made.pushes[i][plate];
        const PlateLoad& load = trial->plates[plate].samples[i];
        const Vec3<double> force = to_lab(push.force), free_moment{0, 0, -push.moment_z};
        const Vec3<double> point = to_lab(push.p_CQ) + Vec3<double>{static_cast<double>(plate), 0.5, 0.01};
        // the file holds floats, and the matrix of type 4 mixes moments of 1e5 N mm into the forces
        EXPECT_LT(norm(load.force - force), plate == 3 ? 1e-2 : 2e-3) << "type " << plate + 1;
        EXPECT_LT(norm(load.point - point), 1e-5) << "type " << plate + 1;
        EXPECT_LT(norm(load.moment_point - free_moment), 1e-3) << "type " << plate + 1;
        const Vec3<double> moment_C =
            cross(load.point - trial->plates[plate].plate.p_LC_L, load.force) + load.moment_point;
        EXPECT_LT(norm(load.moment_C - moment_C), 1e-9);
      }
    }
  }
}

TEST(C3dTrial, a_plate_that_makes_no_sense_is_an_error_unless_markers_alone_are_wanted) {
  const struct {
    const char* id;
    const char* name;
    C3dTestFile::Parameter parameter;
  } cases[] = {{"C3D-020", "TYPE", {"FORCE_PLATFORM", "TYPE", 2, {4}, {1, 2, 3, 5}, {}}},
               {"C3D-021", "CHANNEL", {"FORCE_PLATFORM", "CHANNEL", 2, {6}, {1, 2, 3, 4, 5, 6}, {}}},
               {"C3D-021", "CHANNEL", {"FORCE_PLATFORM", "CHANNEL", 2, {8, 4}, std::vector<double>(32, 27), {}}},
               {"C3D-022", "CORNERS", {"FORCE_PLATFORM", "CORNERS", 4, {3, 4, 4}, std::vector<double>(48, 1), {}}},
               {"C3D-023", "CAL_MATRIX", {"FORCE_PLATFORM", "CAL_MATRIX", 4, {6}, std::vector<double>(6, 1), {}}},
               {"C3D-028", "ORIGIN", {"FORCE_PLATFORM", "ORIGIN", 4, {3}, {0, 0, -40}, {}}}};
  for (const auto& c : cases) {
    PlateFile made = make_plate_file();
    const std::string frames = made.bytes.substr(made.file.make_head().size());
    for (C3dTestFile::Parameter& parameter : made.file.more)
      if (parameter.name == c.name) parameter = c.parameter;
    const std::string bytes = made.file.make_head() + frames;
    Diagnostics diagnostics, without;
    EXPECT_FALSE(parse_c3d(bytes, "plates.c3d", diagnostics)) << c.id;
    EXPECT_EQ(find(diagnostics, c.id).severity, Severity::error) << c.id << list(diagnostics);
    EXPECT_EQ(find(diagnostics, c.id).file, "plates.c3d") << list(diagnostics);
    EXPECT_TRUE(parse_c3d(bytes, "plates.c3d", without, {.with_plates = false})) << list(without);
  }
}

TEST(C3dTrial, moments_in_the_wrong_unit_are_noticed_by_the_centre_of_pressure) {
  // numbers in N mm under a head that says N m: the point flies off
  const PlateFile made = make_plate_file("N.m");
  const PlateFile wrong = make_plate_file("Nmm");
  const std::string wrong_frames = wrong.bytes.substr(wrong.file.make_head().size());
  Diagnostics diagnostics;
  ASSERT_TRUE(parse_c3d(made.file.make_head() + wrong_frames, "unit.c3d", diagnostics)) << list(diagnostics);
  EXPECT_EQ(find(diagnostics, "C3D-026").severity, Severity::warning);
  EXPECT_NE(find(diagnostics, "C3D-026").message.find("plate 2"), std::string::npos);
}

TEST(C3dTrial, an_unknown_unit_of_a_channel_is_a_warning) {
  PlateFile made = make_plate_file();
  const std::string frames = made.bytes.substr(made.file.make_head().size());
  made.file.channel_units[6] = "?";
  Diagnostics diagnostics;
  ASSERT_TRUE(parse_c3d(made.file.make_head() + frames, "unit.c3d", diagnostics));
  EXPECT_EQ(find(diagnostics, "C3D-025").severity, Severity::warning) << list(diagnostics);
}

// OpenSim's columns in the world frame: the same force, its moment about the world's origin turned like any vector
TEST(C3dTrial, ground_loads_have_opensims_columns_and_the_plates_wrench_in_the_world) {
  const PlateFile made = make_plate_file();
  Diagnostics diagnostics;
  auto trial = parse_c3d(made.bytes, "plates.c3d", diagnostics);
  ASSERT_TRUE(trial) << list(diagnostics);
  const C3dTrial lab = *trial;
  const Mat3<double> R_WL = make_world_from_lab(*trial, diagnostics);
  rotate_c3d_trial(R_WL, *trial);
  const Table table = make_ground_load_table(*trial, 20);
  ASSERT_EQ(table.column_count(), 36u);
  EXPECT_EQ(table.columns[0], "ground_force_1_vx");
  EXPECT_EQ(table.columns[14], "ground_force_2_pz");
  EXPECT_EQ(table.columns[35], "ground_torque_4_z");
  EXPECT_EQ(find_identified_columns(table, "ground_force_3_v"), (std::vector<int>{18, 19, 20}));
  EXPECT_EQ(find_identified_columns(table, "ground_force_3_p"), (std::vector<int>{21, 22, 23}));
  EXPECT_EQ(find_identified_columns(table, "ground_torque_3_"), (std::vector<int>{24, 25, 26}));
  ASSERT_EQ(table.row_count(), made.pushes.size());
  EXPECT_DOUBLE_EQ(table.time[3], 3 / 200.0);
  for (std::size_t row = 0; row < table.row_count(); ++row)
    for (std::size_t plate = 0; plate < 4; ++plate) {
      const double* const v = &table.values[row * 36 + 9 * plate];
      const Vec3<double> force{v[0], v[1], v[2]}, point{v[3], v[4], v[5]}, torque{v[6], v[7], v[8]};
      const PlateLoad& load = lab.plates[plate].samples[row];
      const Vec3<double> moment_L = load.moment_C + cross(lab.plates[plate].plate.p_LC_L, load.force);
      // z up in the lab is y up in the world, x stays
      const auto turn = [](const Vec3<double>& a) { return Vec3<double>{a.x, a.z, -a.y}; };
      EXPECT_LT(norm(force - turn(load.force)), 1e-9);
      EXPECT_LT(norm(torque + cross(point, force) - turn(moment_L)), 1e-9);
      EXPECT_GT(force.y, 0) << "the ground pushes up";
      EXPECT_NEAR(point.y, 0.01, 1e-6);
    }
  // nothing is left where less than the least force acts
  const Table none = make_ground_load_table(*trial, 2000);
  for (double v : none.values) EXPECT_EQ(v, 0);
}

TEST(C3dTrial, whichever_axis_is_up_becomes_y_by_a_proper_rotation) {
  for (const std::string up : {"+X", "-X", "+Y", "-Y", "+Z", "-Z"}) {
    C3dTestFile file;
    file.more.push_back({"POINT", "Y_SCREEN", -1, {2}, {}, {up}});
    std::string bytes = file.make_head();
    for (int i = 0; i < 2; ++i) bytes += file.make_frame({1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 0, 0, 0});
    Diagnostics diagnostics;
    const auto trial = parse_c3d(bytes, "up.c3d", diagnostics);
    ASSERT_TRUE(trial);
    for (double turn : {0.0, 0.4}) {
      const Mat3<double> R = make_world_from_lab(*trial, diagnostics, turn);
      Vec3<double> up_L = zero3<double>();
      (up[1] == 'X' ? up_L.x : up[1] == 'Y' ? up_L.y : up_L.z) = up[0] == '-' ? -1 : 1;
      EXPECT_LT(norm(R * up_L - Vec3<double>{0, 1, 0}), 1e-15) << up;
      const Vec3<double> x = R.column(0), y = R.column(1), z = R.column(2);
      EXPECT_LT(norm(cross(x, y) - z), 1e-15) << up;
      EXPECT_NEAR(dot(x, x) * dot(y, y), 1, 1e-15) << up;
    }
    EXPECT_TRUE(diagnostics.items().empty()) << list(diagnostics);
  }
  // without a word about it, z, with a warning
  C3dTestFile file;
  Diagnostics diagnostics;
  const auto trial = parse_c3d(file.make_head() + file.make_frame(std::vector<double>(9, 1), {0, 0, 0, 0}) +
                                   file.make_frame(std::vector<double>(9, 1), {0, 0, 0, 0}),
                               "up.c3d", diagnostics);
  ASSERT_TRUE(trial) << list(diagnostics);
  EXPECT_EQ(make_world_from_lab(*trial, diagnostics).m[1][2], 1);
  EXPECT_EQ(find(diagnostics, "C3D-027").severity, Severity::warning);
}

}  // namespace
}  // namespace buttress
