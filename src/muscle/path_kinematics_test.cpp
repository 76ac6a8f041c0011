// Lengths, moment arms and pulls on random models with every kind of joint, point and wrap object. The references are
// the exact derivative of the length by dual numbers, differences of the length, and the balance of forces: together
// they prove that R is the slope of the length that is reported, not that the length is the right one (wrap_test.cpp).
#include "muscle/path_kinematics.inl"

#include <gtest/gtest.h>

#include <map>

#include "base/skips_testing.h"
#include "muscle/path_testing.h"
#include "simd/dual.h"

namespace buttress::path_testing {
namespace {

struct Engine {
  Model model;
  PathPlan plan;
  Kinematics<double> kin;
  PathWorkspace<double> ws;
  explicit Engine(Model m)
      : model(std::move(m)),
        plan(make_path_plan(model)),
        kin(make_kinematics<double>(model)),
        ws(make_path_workspace<double>(model, plan)) {}
  void update(const std::vector<double>& q) {
    update_positions(model, q.data(), kin);
    update_paths(model, plan, kin, q.data(), ws);
  }
  /// R of path p for coordinate c, 0 when it is not in the pattern
  double find_arm(std::size_t p, int c) const {
    for (int k = plan.row_start[p]; k < plan.row_start[p + 1]; ++k)
      if (plan.columns[static_cast<std::size_t>(k)] == c) return ws.moment_arm[static_cast<std::size_t>(k)];
    return 0;
  }
  double find_straight_length(std::size_t p) const {
    double length = 0;
    const Path& path = model.paths[p];
    for (std::size_t i = 0; i + 1 < path.points.size(); ++i) {
      const auto where = [&](const PathPoint& point) {
        return kin.X_WB[static_cast<std::size_t>(point.body)] * point.p_B;
      };
      length += norm(where(path.points[i + 1]) - where(path.points[i]));
    }
    return length;
  }
};

TEST(PathKinematics, moment_arms_are_minus_the_exact_slope_of_the_length) {
  std::map<std::string, int> wrapped;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Engine e(make_random_model(seed));
    Kinematics<Dual<double>> kin = make_kinematics<Dual<double>>(e.model);
    PathWorkspace<Dual<double>> ws = make_path_workspace<Dual<double>>(e.model, e.plan);
    Random random(1000 + seed);
    for (int pose = 0; pose < 5; ++pose) {
      const std::vector<double> q = make_pose(e.model, random, 0.5);
      e.update(q);
      for (int c = 0; c < e.model.coordinate_count(); ++c) {
        std::vector<Dual<double>> dual(q.begin(), q.end());
        dual[static_cast<std::size_t>(c)].d = 1;
        update_positions(e.model, dual.data(), kin);
        update_paths(e.model, e.plan, kin, dual.data(), ws);
        for (std::size_t p = 0; p < e.model.paths.size(); ++p) {
          EXPECT_NEAR(ws.length[p].v, e.ws.length[p], 1e-11) << "seed " << seed << " path " << p;
          EXPECT_NEAR(-ws.length[p].d, e.find_arm(p, c), 1e-8)
              << "seed " << seed << " pose " << pose << " path " << p << " coordinate " << c << " method "
              << static_cast<int>(e.plan.recipes[p].method) << " object "
              << (e.model.paths[p].wraps.empty()
                      ? -1
                      : static_cast<int>(
                            e.model.wrap_objects[static_cast<std::size_t>(e.model.paths[p].wraps[0].wrap_object)]
                                .kind));
        }
      }
      // the sweep is worth something only if the objects are met
      for (std::size_t p = 0; p < e.model.paths.size(); ++p) {
        const Path& path = e.model.paths[p];
        bool plain = true;
        for (const PathPoint& point : path.points) plain = plain && point.kind == PathPointKind::fixed;
        if (path.wraps.empty() || !plain) continue;
        if (e.ws.length[p] > e.find_straight_length(p) + 1e-6)
          ++wrapped[path.wraps.size() > 1
                        ? "several"
                        : std::to_string(static_cast<int>(
                              e.model.wrap_objects[static_cast<std::size_t>(path.wraps[0].wrap_object)].kind))];
      }
    }
  }
  for (const char* kind : {"0", "1", "2", "3", "several"}) EXPECT_GT(wrapped[kind], 40) << kind;
}

TEST(PathKinematics, moment_arms_agree_with_differences_of_the_length) {
  // central differences see jumps of the length, so poses where an object is just met or left are counted, not compared
  int compared = 0, jumps = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    Engine e(make_random_model(seed));
    Random random(2000 + seed);
    const std::vector<double> q = make_pose(e.model, random, 0.5);
    e.update(q);
    const std::vector<double> arms = e.ws.moment_arm;
    for (int c = 0; c < e.model.coordinate_count(); ++c) {
      const double h = 1e-5;
      std::vector<double> at = q;
      std::vector<std::vector<double>> lengths;
      for (double step : {-2 * h, -h, h, 2 * h}) {
        at[static_cast<std::size_t>(c)] = q[static_cast<std::size_t>(c)] + step;
        e.update(at);
        lengths.push_back(e.ws.length);
      }
      e.update(q);
      for (std::size_t p = 0; p < e.model.paths.size(); ++p) {
        const double wide = (lengths[3][p] - lengths[0][p]) / (4 * h), near = (lengths[2][p] - lengths[1][p]) / (2 * h);
        if (std::abs(wide - near) > 1e-6) {
          ++jumps;
          continue;
        }
        ++compared;
        EXPECT_NEAR(-near, e.find_arm(p, c), 1e-5) << "seed " << seed << " path " << p << " coordinate " << c;
      }
    }
  }
  EXPECT_GT(compared, 5000);
  EXPECT_LT(jumps, compared / 200);
}

TEST(PathKinematics, the_pulls_of_a_path_on_all_its_bodies_add_up_to_nothing) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Engine e(make_random_model(seed));
    Random random(3000 + seed);
    e.update(make_pose(e.model, random, 0.6));
    for (std::size_t p = 0; p < e.model.paths.size(); ++p) {
      Wrench<double> sum = zero_wrench<double>();
      double largest = 0;
      for (int k = e.plan.touched_start[p]; k < e.plan.touched_start[p + 1]; ++k) {
        sum += e.ws.body_wrench[static_cast<std::size_t>(k)];
        largest = std::max(largest, norm(e.ws.body_wrench[static_cast<std::size_t>(k)].force));
      }
      EXPECT_LT(norm(sum.force), 1e-10) << "seed " << seed << " path " << p;
      EXPECT_LT(norm(sum.moment), 1e-10) << "seed " << seed << " path " << p;
      // every stretch pulls with 1 N, so no body feels more than 2 N per point
      EXPECT_LT(largest, 1e3);
    }
  }
}

TEST(PathKinematics, lanes_give_what_double_gives) {
#if defined(__x86_64__)
  struct Width {
    const char* name;
    bool available;
    std::vector<PathAnswers> (*find)(const Model&, const PathPlan&, const std::vector<std::vector<double>>&);
  };
  const Width widths[] = {{"4", __builtin_cpu_supports("avx2") != 0, find_answers_avx2},
                          {"8", __builtin_cpu_supports("avx512f") != 0, find_answers_avx512}};
  bool any_width = false;
  for (const Width& width : widths) {
    if (!width.available) continue;
    any_width = true;
    for (unsigned seed = 1; seed <= 60; ++seed) {
      const Model model = make_random_model(seed);
      const PathPlan plan = make_path_plan(model);
      Random random(4000 + seed);
      std::vector<std::vector<double>> poses;
      for (int i = 0; i < 13; ++i) poses.push_back(make_pose(model, random, 0.6));
      const auto expected = find_answers<double>(model, plan, poses), found = width.find(model, plan, poses);
      for (std::size_t i = 0; i < poses.size(); ++i) {
        for (std::size_t k = 0; k < expected[i].length.size(); ++k)
          EXPECT_NEAR(expected[i].length[k], found[i].length[k], 1e-12)
              << width.name << " seed " << seed << " path " << k;
        for (std::size_t k = 0; k < expected[i].moment_arm.size(); ++k)
          EXPECT_NEAR(expected[i].moment_arm[k], found[i].moment_arm[k], 1e-10) << width.name << " seed " << seed;
        for (std::size_t k = 0; k < expected[i].wrench.size(); ++k)
          EXPECT_NEAR(expected[i].wrench[k], found[i].wrench[k], 1e-9) << width.name << " seed " << seed;
      }
    }
  }
  if (!any_width) GTEST_SKIP() << kNoWideRegisters;
#else
  GTEST_SKIP() << kNoWideRegisters;
#endif
}

TEST(PathKinematics, lengthening_speed_is_the_rate_of_the_length) {
  Engine e(make_random_model(7));
  Random random(5);
  const std::vector<double> q = make_pose(e.model, random, 0.4), qd = make_pose(e.model, random, 1.0);
  Kinematics<Dual<double>> kin = make_kinematics<Dual<double>>(e.model);
  PathWorkspace<Dual<double>> ws = make_path_workspace<Dual<double>>(e.model, e.plan);
  std::vector<Dual<double>> dual(q.size());
  for (std::size_t i = 0; i < q.size(); ++i) dual[i] = {q[i], qd[i]};
  update_positions(e.model, dual.data(), kin);
  update_paths(e.model, e.plan, kin, dual.data(), ws);
  e.update(q);
  for (std::size_t p = 0; p < e.model.paths.size(); ++p)
    EXPECT_NEAR(ws.length[p].d, find_lengthening_speed(e.plan, e.ws, static_cast<int>(p), qd.data()), 1e-8);
}

TEST(PathKinematics, polynomial_terms_stand_in_OpenSims_order) {
  // order 2 in x, y: 1, y, y^2, x, x y, x^2 (MultivariatePolynomialFunction.h)
  Model model = make_random_model(1);
  model.paths.clear();
  Path path;
  path.is_polynomial = true;
  path.polynomial_coordinates = {2, 1};
  path.coordinates = {1, 2};
  path.polynomial_order = 2;
  path.polynomial_coefficients = {1, 2, 3, 5, 7, 11};
  model.paths.push_back(path);
  Engine e(model);
  std::vector<double> q(model.coordinates.size(), 0.0);
  const double x = q[2] = 0.3, y = q[1] = -0.7;
  e.update(q);
  EXPECT_NEAR(e.ws.length[0], 1 + 2 * y + 3 * y * y + 5 * x + 7 * x * y + 11 * x * x, 1e-14);
  EXPECT_NEAR(e.find_arm(0, 2), -(5 + 7 * y + 22 * x), 1e-14);
  EXPECT_NEAR(e.find_arm(0, 1), -(2 + 6 * y + 7 * x), 1e-14);
  EXPECT_EQ(e.plan.touched_start[1], 0);
}

TEST(PathKinematics, conditional_points_count_within_their_range_widened_by_OpenSims_tolerance) {
  Random random(3);
  Model model;
  model.bodies.push_back({});
  add_body(model, 0, random, 1, 0, false);
  Path path;
  for (int i = 0; i < 3; ++i) {
    PathPoint p;
    p.body = i == 2 ? 1 : 0;
    p.p_B = {0.1 * i, i == 1 ? 0.1 : 0.0, 0};
    path.points.push_back(p);
  }
  path.points[1].kind = PathPointKind::conditional;
  path.points[1].coordinate = 0;
  path.points[1].range_min = -0.2;
  path.points[1].range_max = 0.3;
  find_coordinates(model, path);
  model.paths.push_back(path);
  Engine e(model);
  const auto find_length = [&](double q) {
    e.update({q});
    const Vec3d a = path.points[0].p_B, b = path.points[1].p_B, c = e.kin.X_WB[1] * path.points[2].p_B;
    const double length = e.ws.length[0];
    if (std::abs(length - norm(c - a)) < 1e-14) return 0;
    return std::abs(length - norm(b - a) - norm(c - b)) < 1e-14 ? 1 : 2;
  };
  EXPECT_EQ(find_length(-0.2 - 1.1e-5), 0);
  EXPECT_EQ(find_length(-0.2 - 0.9e-5), 1);
  EXPECT_EQ(find_length(0.1), 1);
  EXPECT_EQ(find_length(0.3 + 0.9e-5), 1);
  EXPECT_EQ(find_length(0.3 + 1.1e-5), 0);
}

TEST(PathPlan, says_what_is_wrong_with_a_path) {
  Model model = make_random_model(2);
  model.paths.resize(1);
  model.paths[0].points.resize(1);
  EXPECT_THROW(make_path_plan(model), std::invalid_argument);
  model = make_random_model(2);
  model.paths[0].coordinates.clear();
  EXPECT_THROW(make_path_plan(model), std::invalid_argument);
  model = make_random_model(2);
  model.paths.back().polynomial_coefficients.push_back(1);
  EXPECT_THROW(make_path_plan(model), std::invalid_argument);
}

}  // namespace
}  // namespace buttress::path_testing
