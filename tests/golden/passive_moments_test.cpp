// Passive moments of hip, knee and ankle of the built-in body against those measured in people at rest: Riener and
// Edrich 1999, J Biomech 32:539, whose formulas give the moment of all structures over a joint from the angles of its
// neighbours too. The passive shifts in data/models/fibre_shifts.csv were fitted to them, so the test proves two
// things: how near the body comes, and that no shift would bring it nearer.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <numbers>
#include <regex>

#include "io/osim_reader.h"
#include "model/compile.h"
#include "multibody/kinematics.h"
#include "muscle/fiber_force.h"
#include "muscle/path_kinematics.h"

namespace buttress {
namespace {

struct Posture {
  double hip_deg, knee_deg, ankle_deg;  // flexion, flexion, dorsiflexion
};

using Moments = std::array<double, 3>;  // N m: hip flexion, knee flexion, dorsiflexion

/// Riener and Edrich 1999 with dorsiflexion positive
Moments calc_measured(const Posture& p) {
  const double h = p.hip_deg, k = p.knee_deg, a = p.ankle_deg;
  const auto e = [](double x) { return std::exp(x); };
  return {e(1.4655 - 0.0034 * k - 0.0750 * h) - e(1.3403 - 0.0226 * k + 0.0305 * h) + 8.072,
          e(1.800 + 0.0460 * a - 0.0352 * k + 0.0217 * h) - e(-3.971 + 0.0004 * a + 0.0495 * k - 0.0128 * h) - 4.820 +
              e(2.220 - 0.150 * k),
          -(e(2.1016 + 0.0843 * a - 0.0176 * k) - e(-7.9763 - 0.1949 * a + 0.0008 * k) - 1.792)};
}

/// within reach of the experiments: hamstrings and calf not stretched to the limit
std::vector<Posture> make_postures() {
  std::vector<Posture> postures;
  for (double hip : {-15, 0, 15, 30, 45, 60, 75, 90, 105})
    for (double knee : {5, 25, 45, 70, 95})
      if (hip - 0.6 * knee < 75) postures.push_back({hip, knee, 0});
  for (double ankle : {-30, -20, -10, 0, 10, 20, 25})
    for (double knee : {5, 30, 70})
      if (ankle <= 15 || knee >= 20) postures.push_back({20, knee, ankle});
  return postures;
}

class PassiveMoments : public testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = std::string(BUTTRESS_SOURCE_DIR) + "/data/models/";
    Diagnostics diagnostics;
    auto spec = read_osim(folder + "buttress_body.osim", diagnostics);
    ASSERT_TRUE(spec);
    // the right leg alone: nothing else bends here
    std::erase_if(spec->muscles, [](const MuscleSpec& m) {
      return !m.name.ends_with("_r") || !m.path.points.back().frame.body.ends_with("_r");
    });
    const auto compiled = compile(*spec, {}, diagnostics);
    ASSERT_TRUE(compiled);
    model = *compiled;
    for (int m : {model.find_muscle("glmax1_r"), model.find_muscle("soleus_r"), model.find_muscle("Ps_L3_TP_r")})
      ASSERT_GE(m, 0);
    postures = make_postures();
    place_all();

    std::ifstream shifts(folder + "fibre_shifts.csv");
    const std::regex muscle("\\w+_r\\b");
    for (std::string line; std::getline(shifts, line);) {
      std::vector<int> group;
      for (std::sregex_iterator i(line.begin(), line.end(), muscle), end; i != end; ++i)
        if (model.find_muscle(i->str()) >= 0) group.push_back(model.find_muscle(i->str()));
      if (!group.empty()) groups.push_back(group);
    }
    ASSERT_EQ(groups.size(), 13u);
  }

  /// lengths and moment arms of every posture, by which the curves do not matter
  void place_all() {
    const PathPlan plan = make_path_plan(model, PathRule::geodesic);
    PathWorkspace<double> paths = make_path_workspace<double>(model, plan);
    Kinematics<double> kin = make_kinematics<double>(model);
    const int hip = model.find_coordinate("hip_flexion_r"), knee = model.find_coordinate("knee_angle_r"),
              patella = model.find_coordinate("knee_angle_r_beta"), ankle = model.find_coordinate("ankle_angle_r");
    for (const Posture& p : postures) {
      std::vector<double> q(model.coordinates.size(), 0.0);
      const double rad = std::numbers::pi / 180;
      q[hip] = p.hip_deg * rad, q[knee] = q[patella] = p.knee_deg * rad, q[ankle] = p.ankle_deg * rad;
      update_positions(model, q.data(), kin);
      update_paths(model, plan, kin, q.data(), paths);
      std::vector<double> l;
      std::vector<Moments> r;
      for (const Muscle& m : model.muscles) {
        const std::size_t path = static_cast<std::size_t>(m.path);
        l.push_back(paths.length[path]);
        Moments arm{};
        for (int k = plan.row_start[path]; k < plan.row_start[path + 1]; ++k) {
          const int c = plan.columns[static_cast<std::size_t>(k)];
          const double value = paths.moment_arm[static_cast<std::size_t>(k)];
          // the patella follows the knee one to one
          if (c == hip) arm[0] += value;
          if (c == knee || c == patella) arm[1] += value;
          if (c == ankle) arm[2] += value;
        }
        r.push_back(arm);
      }
      lengths.push_back(l);
      arms.push_back(r);
    }
  }

  /// passive moments of the body with the passive curve of one group moved further along fibre strain
  std::vector<Moments> calc_moments(const std::vector<int>& moved, double shift) const {
    Model changed = model;
    for (int m : moved) {
      MuscleCurveSpec& curve = changed.muscles[static_cast<std::size_t>(m)].curves;
      curve.strain_at_zero_force += shift;
      curve.strain_at_one_norm_force += shift;
    }
    FiberPlan fibers = make_fiber_plan(changed);
    fibers.passive_tensions = make_passive_tensions(fibers);
    FiberWorkspace<double> ws = make_fiber_workspace<double>(fibers);
    const std::vector<double> still(model.muscles.size(), 0.0);
    std::vector<Moments> moments;
    for (std::size_t i = 0; i < postures.size(); ++i) {
      update_fibers(changed, fibers, lengths[i].data(), still.data(), ws);
      // what stands behind the knee besides muscles: data/models/passive_moments.csv
      Moments sum{0, std::exp(2.22 - 0.15 * postures[i].knee_deg), 0};
      for (std::size_t m = 0; m < model.muscles.size(); ++m)
        for (std::size_t j = 0; j < 3; ++j) sum[j] += ws.passive_force[m] * arms[i][m][j];
      moments.push_back(sum);
    }
    return moments;
  }

  /// squared errors, each over 5 N m and a fifth of the measured moment; the ankle's postures count for the ankle alone
  double calc_misfit(const std::vector<Moments>& moments) const {
    double sum = 0;
    for (std::size_t i = 0; i < postures.size(); ++i) {
      const Moments measured = calc_measured(postures[i]);
      for (std::size_t j = postures[i].ankle_deg != 0 ? 2 : 0; j < 3; ++j)
        sum += std::pow((moments[i][j] - measured[j]) / (5 + 0.2 * std::abs(measured[j])), 2);
    }
    return sum;
  }

  Model model;
  std::vector<Posture> postures;
  std::vector<std::vector<double>> lengths;
  std::vector<std::vector<Moments>> arms;
  std::vector<std::vector<int>> groups;
};

TEST_F(PassiveMoments, come_near_those_of_people_at_rest) {
  const std::vector<Moments> moments = calc_moments({}, 0);
  Moments squares{};
  for (std::size_t i = 0; i < postures.size(); ++i) {
    const Moments measured = calc_measured(postures[i]);
    for (std::size_t j = 0; j < 3; ++j) squares[j] += std::pow(moments[i][j] - measured[j], 2);
  }
  const double n = static_cast<double>(postures.size());
  std::printf("  %zu postures, RMS: hip %.2f, knee %.2f, ankle %.2f N m\n", postures.size(), std::sqrt(squares[0] / n),
              std::sqrt(squares[1] / n), std::sqrt(squares[2] / n));
  EXPECT_LT(std::sqrt(squares[0] / n), 3);
  EXPECT_LT(std::sqrt(squares[1] / n), 3);
  EXPECT_LT(std::sqrt(squares[2] / n), 2.5);
}

TEST_F(PassiveMoments, no_other_shift_of_a_group_fits_better) {
  // the fit also asked that shifts be small: half the square of each (strain) stands beside a misfit of some 20
  const double best = calc_misfit(calc_moments({}, 0));
  for (const std::vector<int>& group : groups)
    for (double shift : {-0.04, 0.04})
      EXPECT_GT(calc_misfit(calc_moments(group, shift)), best - 0.03)
          << model.muscles[static_cast<std::size_t>(group[0])].name << " moved by " << shift;
}

}  // namespace
}  // namespace buttress
