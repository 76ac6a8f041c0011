// Muscle paths of every model at hand: lengths against OpenSim 4.4's own (osim_core_muscle_geometry), moment arms
// against those published with the LHDL hip, and, where there is no reference, moment arms against the exact derivative
// and against differences of the length over seeded poses. The last two prove consistency, the first two the answer.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <string>

#include "base/skips_testing.h"
#include "io/osim_reader.h"
#include "io/table_reader.h"
#include "model/compile.h"
#include "multibody/kinematics.inl"
#include "muscle/path_kinematics.inl"
#include "simd/dual.h"

namespace buttress {
namespace {

namespace fs = std::filesystem;

std::string find_shared() {
  const char* given = std::getenv("BUTTRESS_SHARED");
  const std::string folder = given ? given : std::string(BUTTRESS_SOURCE_DIR) + "/../shared";
  return fs::exists(folder + "/data") ? folder + "/data" : "";
}

std::optional<Model> read_model(const std::string& file) {
  Diagnostics diagnostics;
  const auto spec = read_osim(file, diagnostics);
  if (!spec) return std::nullopt;
  CompileOptions options;
  for (const UnsupportedSpec& u : spec->unsupported) options.ignore.push_back(u.name.empty() ? u.type : u.name);
  return compile(*spec, options, diagnostics);
}

template <class T>
struct Engine {
  const Model& model;
  const PathPlan& plan;
  Kinematics<T> kin;
  PathWorkspace<T> ws;
  Engine(const Model& m, const PathPlan& p)
      : model(m), plan(p), kin(make_kinematics<T>(m)), ws(make_path_workspace<T>(m, p)) {}
  void update(const std::vector<T>& q) {
    update_positions(model, q.data(), kin);
    update_paths(model, plan, kin, q.data(), ws);
  }
};

/// "/jointset/knee_r/knee_angle_r/value" or "knee_angle_r"
std::string find_coordinate_name(const std::string& column) {
  const std::string suffix = "/value";
  if (column.size() < suffix.size() || column.substr(column.size() - suffix.size()) != suffix) return column;
  const std::string path = column.substr(0, column.size() - suffix.size());
  return path.substr(path.rfind('/') + 1);
}

/// files hold it in degrees: it turns an axis by itself, one way or the other
bool is_angle(const Model& model, std::size_t c) {
  for (const Axis& axis : model.axes) {
    if (!axis.is_rotation || axis.terms.size() != 1 || axis.terms[0].coordinate != static_cast<int>(c)) continue;
    const PiecewisePolynomial& f = axis.terms[0].function;
    if (f.degree == 1 && f.piece_count() == 1 && std::abs(f.coefficients[1]) == 1) return true;
  }
  return false;
}

std::vector<double> find_pose(const Model& model, const Table& table, std::size_t row) {
  std::vector<double> q;
  for (const Coordinate& c : model.coordinates) q.push_back(c.default_value);
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    const int c = model.find_coordinate(find_coordinate_name(table.columns[k]));
    if (c < 0) continue;
    const bool degrees = table.in_degrees && is_angle(model, static_cast<std::size_t>(c));
    q[static_cast<std::size_t>(c)] = table.at(row, k) * (degrees ? std::acos(-1.0) / 180 : 1);
  }
  for (const Coupler& c : model.couplers)
    q[static_cast<std::size_t>(c.dependent)] = evaluate(c.function, q[static_cast<std::size_t>(c.independent)]).f;
  return q;
}

struct LengthCase {
  const char *model, *motion, *reference;
};

class PathLengths : public testing::TestWithParam<LengthCase> {};

TEST_P(PathLengths, are_those_of_OpenSim) {
  const std::string shared = find_shared();
  if (shared.empty()) GTEST_SKIP() << kNoSharedData;
  const std::string folder = shared + "/osim_core_muscle_geometry/";
  const auto model = read_model(folder + GetParam().model);
  ASSERT_TRUE(model);
  Diagnostics diagnostics;
  const auto motion = read_table(folder + GetParam().motion, diagnostics);
  const auto reference = read_table(folder + GetParam().reference, diagnostics);
  ASSERT_TRUE(motion && reference);
  ASSERT_EQ(motion->row_count(), reference->row_count());
  const PathPlan plan = make_path_plan(*model, PathRule::opensim);
  Engine<double> e(*model, plan);
  std::map<std::string, double> largest;
  for (std::size_t row = 0; row < motion->row_count(); ++row) {
    e.update(find_pose(*model, *motion, row));
    for (std::size_t k = 0; k < reference->columns.size(); ++k) {
      std::string name = reference->columns[k];
      name = name.substr(0, name.find('|'));
      name = name.substr(name.rfind('/') + 1);
      const int m = model->find_muscle(name);
      ASSERT_GE(m, 0) << name;
      const std::size_t p = static_cast<std::size_t>(model->muscles[static_cast<std::size_t>(m)].path);
      const std::size_t wraps = model->paths[p].wraps.size();
      const double length = e.ws.length[p];
      const double error = std::abs(length - reference->at(row, k));
      // OpenSim's own tolerance is 1e-6; its tangent points are tangent to 0.1 degree, which costs up to 1e-5 m, twice
      // that over two objects
      EXPECT_LT(error, wraps == 0 ? 1e-6 : wraps == 1 ? 1e-5 : 2e-5) << name << " row " << row;
      largest[name] = std::max(largest[name], error);
    }
  }
  for (const auto& [name, error] : largest) std::printf("  %-14s largest error %.2e m\n", name.c_str(), error);
}

INSTANTIATE_TEST_SUITE_P(OpenSim, PathLengths,
                         testing::Values(LengthCase{"subject_walk_armless_18musc.osim",
                                                    "subject_walk_armless_coordinates.mot",
                                                    "std_subject_walk_armless_muscle_lengths.sto"},
                                         LengthCase{"walk_gait1018_subject01.osim", "walk_gait1018_state_reference.mot",
                                                    "std_walk_gait1018_muscle_lengths.sto"}));

TEST(MomentArms, are_those_published_with_the_LHDL_hip) {
  const std::string shared = find_shared();
  if (shared.empty()) GTEST_SKIP() << kNoSharedData;
  const std::string folder = shared + "/lhdl_hip_moment_arms/";
  const auto model = read_model(folder + "LHDL_hip_r.osim");
  ASSERT_TRUE(model);
  const PathPlan plan = make_path_plan(*model);
  Engine<double> e(*model, plan);
  for (const std::string motion : {"hip_flexion", "hip_adduction", "hip_rotation"}) {
    Diagnostics diagnostics;
    const auto table = read_table(folder + "ref_LHDL_" + motion + ".mot", diagnostics);
    ASSERT_TRUE(table);
    const int c = model->find_coordinate(motion + "_r");
    const int angle = table->find_column(motion + "_r");
    ASSERT_TRUE(c >= 0 && angle >= 0);
    double largest = 0;
    for (std::size_t row = 0; row < table->row_count(); ++row) {
      std::vector<double> q(model->coordinates.size(), 0.0);
      // the reference's angle is in degrees, whatever its header says
      q[static_cast<std::size_t>(c)] = table->at(row, static_cast<std::size_t>(angle)) * std::acos(-1.0) / 180;
      e.update(q);
      for (std::size_t k = 0; k < table->columns.size(); ++k) {
        const int m = model->find_muscle(table->columns[k]);
        if (m < 0) continue;
        const std::size_t p = static_cast<std::size_t>(model->muscles[static_cast<std::size_t>(m)].path);
        double arm = 0;
        for (int i = plan.row_start[p]; i < plan.row_start[p + 1]; ++i)
          if (plan.columns[static_cast<std::size_t>(i)] == c) arm = e.ws.moment_arm[static_cast<std::size_t>(i)];
        const double error = std::abs(arm - table->at(row, k));
        largest = std::max(largest, error);
        EXPECT_LT(error, 1e-7) << motion << " " << table->columns[k] << " at "
                               << table->at(row, static_cast<std::size_t>(angle)) << " degrees";
      }
    }
    std::printf("  %-14s largest error %.2e m\n", motion.c_str(), largest);
  }
}

TEST(MomentArms, are_the_slope_of_the_length_for_every_model_over_its_range) {
  const std::string shared = find_shared();
  if (shared.empty()) GTEST_SKIP() << kNoSharedData;
  int models = 0, paths = 0;
  for (const auto& file : fs::recursive_directory_iterator(shared)) {
    if (file.path().extension() != ".osim") continue;
    const auto model = read_model(file.path().string());
    // files that cannot be read are the reader's tests' concern
    if (!model || model->paths.empty()) continue;
    ++models;
    paths += static_cast<int>(model->paths.size());
    const std::string name = fs::relative(file.path(), shared).string();
    std::vector<std::string> path_name(model->paths.size());
    for (const Muscle& m : model->muscles) path_name[static_cast<std::size_t>(m.path)] = m.name;
    const PathPlan plan = make_path_plan(*model);
    Engine<double> e(*model, plan);
    Engine<Dual<double>> dual(*model, plan);
    std::mt19937_64 random(20240607);
    double largest = 0;
    int compared = 0;
    std::map<std::string, int> switches;
    for (int pose = 0; pose < 100; ++pose) {
      std::vector<double> q, direction;
      for (const Coordinate& c : model->coordinates) {
        const double low = std::max(c.range_min, c.default_value - 1.5),
                     high = std::min(c.range_max, c.default_value + 1.5);
        const double size = c.motion_type != MotionType::rotational ? 0.05 : 1;
        const double x = std::uniform_real_distribution<double>(0, 1)(random);
        q.push_back(low < high && c.motion_type == MotionType::rotational ? low + x * (high - low) : c.default_value);
        direction.push_back(size * std::uniform_real_distribution<double>(-1, 1)(random));
      }
      e.update(q);
      const std::vector<double> arms = e.ws.moment_arm;
      std::vector<Dual<double>> qd(q.size());
      for (std::size_t i = 0; i < q.size(); ++i) qd[i] = {q[i], direction[i]};
      dual.update(qd);
      std::vector<double> slope(model->paths.size());
      for (std::size_t p = 0; p < slope.size(); ++p)
        slope[p] = find_lengthening_speed(plan, e.ws, static_cast<int>(p), direction.data());
      const double h = 1e-5;
      std::vector<std::vector<double>> length;
      for (double step : {-2 * h, -h, h, 2 * h}) {
        std::vector<double> at = q;
        for (std::size_t i = 0; i < q.size(); ++i) at[i] += step * direction[i];
        e.update(at);
        length.push_back(e.ws.length);
      }
      for (std::size_t p = 0; p < slope.size(); ++p) {
        const double error = std::abs(dual.ws.length[p].d - slope[p]);
        largest = std::max(largest, error);
        EXPECT_LT(error, 1e-8) << name << " " << path_name[p] << " pose " << pose;
        const double wide = (length[3][p] - length[0][p]) / (4 * h), near = (length[2][p] - length[1][p]) / (2 * h);
        // a wrap or a point that comes or goes inside the difference
        if (std::abs(wide - near) > 1e-6) {
          ++switches[path_name[p]];
          continue;
        }
        ++compared;
        EXPECT_NEAR(near, slope[p], 1e-5) << name << " " << path_name[p] << " pose " << pose;
      }
    }
    int total = 0;
    std::string named;
    for (const auto& [path, count] : switches) {
      total += count;
      if (total <= 12) named += " " + path + ":" + std::to_string(count);
    }
    std::printf("  %-70s %4zu paths, largest error %.1e, %d switches in %d:%s\n", name.c_str(), model->paths.size(),
                largest, total, compared + total, named.c_str());
    EXPECT_LT(total, (compared + total) / 50 + 5) << name;
  }
  EXPECT_GT(models, 20);
  EXPECT_GT(paths, 1000);
}

}  // namespace
}  // namespace buttress
