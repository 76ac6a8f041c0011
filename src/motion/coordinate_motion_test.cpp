#include "motion/coordinate_motion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "motion/coordinate_columns.h"

namespace buttress {
namespace {

constexpr double kPi = std::numbers::pi;

Coordinate make_coordinate(const std::string& name, double default_value = 0,
                           MotionType motion_type = MotionType::rotational) {
  Coordinate c;
  c.name = name;
  c.default_value = default_value;
  c.motion_type = motion_type;
  return c;
}

/// hip (rotation), slide (translation), knee, patella coupled to the knee, and patella2 coupled to the patella.
/// make_trajectory looks at coordinates and couplers alone.
Model make_test_model() {
  Model model;
  model.name = "leg";
  model.coordinates = {make_coordinate("patella2"), make_coordinate("hip", 0.25),
                       make_coordinate("slide", 0.5, MotionType::translational), make_coordinate("knee"),
                       make_coordinate("patella", 0.125)};
  // the slide stands on ground, the leg on the slide
  model.joints.resize(2);
  model.joints[1].parent_body = 1;
  for (const std::size_t c : {0u, 1u, 3u, 4u}) model.coordinates[c].joint = 1;
  // the coupler of patella2 stands first although it needs the one of patella
  model.couplers = {{"c2", 0, 4, make_line(2.0, 1.0)}, {"c1", 4, 3, make_polynomial({0.5, 2.0, 3.0})}};
  model.coordinates[0].coupler = 0;
  model.coordinates[4].coupler = 1;
  return model;
}

Table make_table(const std::vector<std::string>& columns, std::size_t rows, double step,
                 double (*f)(double, std::size_t)) {
  Table table;
  table.columns = columns;
  table.degrees_stated = true;
  for (std::size_t r = 0; r < rows; ++r) {
    table.time.push_back(static_cast<double>(r) * step);
    for (std::size_t c = 0; c < columns.size(); ++c) table.values.push_back(f(table.time.back(), c));
  }
  return table;
}

double wave(double t, std::size_t column) {
  return std::sin((2.0 + static_cast<double>(column)) * t);
}

Diagnostic find(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id) return d;
  return {};
}

TEST(CoordinateMotion, columns_are_recognised_in_every_spelling) {
  const Model model = make_test_model();
  const auto expect = [&](const char* label, ColumnMeaning::Kind kind, int coordinate) {
    const ColumnMeaning meaning = find_column_meaning(model, label);
    EXPECT_EQ(meaning.kind, kind) << label;
    EXPECT_EQ(meaning.coordinate, coordinate) << label;
  };
  expect("hip", ColumnMeaning::value, 1);
  expect("/jointset/hip_r/hip/value", ColumnMeaning::value, 1);
  expect("hip_r/hip/speed", ColumnMeaning::speed, 1);
  expect("hip_r/hip", ColumnMeaning::value, 1);
  expect("hip_u", ColumnMeaning::speed, 1);
  expect("/forceset/soleus_r/activation", ColumnMeaning::muscle_state, -1);
  expect("soleus_r.fiber_length", ColumnMeaning::muscle_state, -1);
  expect("ground_force_vx", ColumnMeaning::other, -1);
  expect("/value", ColumnMeaning::other, -1);
  expect("", ColumnMeaning::other, -1);
}

// analytic derivatives of the sampled sines are the reference; the error is that of a quintic spline of this step
TEST(CoordinateMotion, derivatives_are_those_of_the_sampled_functions_and_only_angles_change_unit) {
  const Model model = make_test_model();
  Table table = make_table({"hip", "slide", "knee"}, 301, 0.01, wave);
  table.in_degrees = true;
  Diagnostics diagnostics;
  const auto motion = make_trajectory(model, table, "walk.mot", {}, diagnostics);
  ASSERT_TRUE(motion);
  EXPECT_FALSE(diagnostics.has_errors());
  ASSERT_EQ(motion->frame_count(), 301u);
  const double degree = kPi / 180;
  for (std::size_t r = 50; r < 250; ++r) {
    const double t = table.time[r];
    EXPECT_NEAR(motion->q[r * 5 + 1], degree * std::sin(2 * t), 1e-14);
    EXPECT_NEAR(motion->qd[r * 5 + 1], degree * 2 * std::cos(2 * t), 1e-9);
    EXPECT_NEAR(motion->qdd[r * 5 + 1], degree * -4 * std::sin(2 * t), 1e-7);
    EXPECT_NEAR(motion->q[r * 5 + 2], std::sin(3 * t), 1e-13);
    EXPECT_NEAR(motion->qdd[r * 5 + 2], -9 * std::sin(3 * t), 1e-5);
  }
}

TEST(CoordinateMotion, couplers_set_value_speed_and_acceleration_even_in_a_chain) {
  const Model model = make_test_model();
  const Table table = make_table({"knee", "patella"}, 201, 0.01, [](double t, std::size_t) { return 0.3 * t * t; });
  Diagnostics diagnostics;
  const auto motion = make_trajectory(model, table, "walk.sto", {}, diagnostics);
  ASSERT_TRUE(motion);
  for (std::size_t r = 60; r < 140; ++r) {
    // patella = 0.5 + 2 k + 3 k^2 with k = 0.3 t^2, differentiated by hand; patella2 = 1 + 2 patella
    const double t = table.time[r], k = 0.3 * t * t, kd = 0.6 * t, kdd = 0.6;
    const double p = 0.5 + 2 * k + 3 * k * k, pd = (2 + 6 * k) * kd, pdd = (2 + 6 * k) * kdd + 6 * kd * kd;
    EXPECT_NEAR(motion->q[r * 5 + 4], p, 1e-12);
    EXPECT_NEAR(motion->qd[r * 5 + 4], pd, 1e-7);
    EXPECT_NEAR(motion->qdd[r * 5 + 4], pdd, 1e-5);
    EXPECT_NEAR(motion->q[r * 5], 1 + 2 * p, 1e-12);
    EXPECT_NEAR(motion->qdd[r * 5], 2 * pdd, 1e-5);
  }
  const std::string said = find(diagnostics, "MOTION-010").message;
  EXPECT_NE(said.find("patella (by up to "), std::string::npos) << said;
  EXPECT_NE(said.find(" rad)"), std::string::npos) << said;
  EXPECT_EQ(said.find(" m)"), std::string::npos) << said;

  MotionOptions options;
  options.couplers = CouplerRule::when_missing;
  const auto held = make_trajectory(model, table, "walk.sto", options, diagnostics);
  ASSERT_TRUE(held);
  EXPECT_NEAR(held->q[100 * 5 + 4], 0.3, 1e-12) << "the column stays";
  EXPECT_NEAR(held->q[100 * 5], 1.6, 1e-12) << "the missing one follows it";

  options.couplers = CouplerRule::ignore;
  const auto ignored = make_trajectory(model, table, "walk.sto", options, diagnostics);
  ASSERT_TRUE(ignored);
  EXPECT_EQ(ignored->q[100 * 5], 0.0) << "the default value";
}

TEST(CoordinateMotion, coordinates_without_column_rest_or_follow_their_prescription) {
  Model model = make_test_model();
  model.coordinates[2].prescribed = true;
  model.coordinates[2].prescribed_function = make_polynomial({1.0, 2.0, 3.0});
  const Table table = make_table({"knee", "soleus.activation", "ground_force_vx"}, 20, 0.1, wave);
  Diagnostics diagnostics;
  const auto motion = make_trajectory(model, table, "walk.sto", {}, diagnostics);
  ASSERT_TRUE(motion);
  EXPECT_EQ(motion->q[5 + 1], 0.25);
  EXPECT_EQ(motion->qd[5 + 1], 0.0);
  EXPECT_NEAR(motion->q[5 + 2], 1 + 0.2 + 0.03, 1e-15);
  EXPECT_NEAR(motion->qd[5 + 2], 2 + 0.6, 1e-15);
  EXPECT_NEAR(motion->qdd[5 + 2], 6.0, 1e-15);
  const Diagnostic missing = find(diagnostics, "MOTION-004");
  EXPECT_EQ(missing.severity, Severity::note);
  EXPECT_NE(missing.message.find("hip (stays at 0.25)"), std::string::npos) << missing.message;
  EXPECT_NE(missing.message.find("patella (coupled)"), std::string::npos);
  EXPECT_NE(find(diagnostics, "MOTION-005").message.find("ground_force_vx"), std::string::npos);
  EXPECT_EQ(find(diagnostics, "MOTION-005").message.find("soleus"), std::string::npos);

  // where OpenSim assembles, what is clamped goes to its bound
  Model clamped = model;
  clamped.has_constraints = true;
  clamped.coordinates[1].clamped = true;
  clamped.coordinates[1].range_min = 0.5, clamped.coordinates[1].range_max = 1;
  MotionOptions options;
  options.couplers = CouplerRule::assemble;
  Diagnostics assembled;
  const auto held = make_trajectory(clamped, table, "walk.sto", options, assembled);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->q[5 + 1], 0.5);
  EXPECT_NE(find(assembled, "MOTION-004").message.find("hip (stays at 0.5)"), std::string::npos)
      << find(assembled, "MOTION-004").message;

  MotionOptions analyze = make_analyze_options(-1, -kInfinity, kInfinity, 1);
  EXPECT_EQ(make_trajectory(model, table, "walk.sto", analyze, diagnostics)->q[5 + 1], 0.0);
}

TEST(CoordinateMotion, rows_of_a_window_are_those_of_openSims_findIndex) {
  const std::vector<double> time = {0, 1, 2, 3, 4, 5, 6, 7};
  using Rows = std::vector<std::size_t>;
  EXPECT_EQ(find_window_rows(time, 1, 3, 1), (Rows{1, 2, 3}));
  EXPECT_EQ(find_window_rows(time, 1.5, 3.9, 1), (Rows{1, 2, 3}));
  EXPECT_EQ(find_window_rows(time, -5, 0.5, 1), (Rows{0}));
  EXPECT_EQ(find_window_rows(time, 1, 7, 3), (Rows{1, 3, 6, 7}));
  EXPECT_EQ(find_window_rows(time, 6.2, 99, 1), (Rows{6, 7}));
  EXPECT_EQ(find_window_rows({}, 0, 1, 1), Rows{});
}

TEST(CoordinateMotion, an_open_window_ends_with_the_data_even_after_padding) {
  const Model model = make_test_model();
  const Table table = make_table({"hip"}, 101, 0.015625, wave);
  MotionOptions options = make_inverse_dynamics_options(6, -kInfinity, kInfinity);
  Diagnostics diagnostics;
  auto motion = make_trajectory(model, table, "walk.sto", options, diagnostics);
  ASSERT_TRUE(motion);
  EXPECT_EQ(motion->time, table.time);
  EXPECT_EQ(find(diagnostics, "MOTION-013").id, "");
  options.start = -0.25;
  motion = make_trajectory(model, table, "walk.sto", options, diagnostics);
  ASSERT_TRUE(motion);
  EXPECT_EQ(motion->time.front(), -0.25);
  EXPECT_EQ(find(diagnostics, "MOTION-013").severity, Severity::warning);
}

TEST(CoordinateMotion, frames_may_be_wanted_at_other_times_than_rows) {
  const Model model = make_test_model();
  const Table table = make_table({"hip"}, 101, 0.01, wave);
  MotionOptions options;
  options.times = {0.4975, 0.123, 1.0};
  Diagnostics diagnostics;
  const auto motion = make_trajectory(model, table, "walk.sto", options, diagnostics);
  ASSERT_TRUE(motion);
  EXPECT_EQ(motion->time, options.times);
  for (std::size_t r = 0; r < 2; ++r) EXPECT_NEAR(motion->q[r * 5 + 1], std::sin(2 * options.times[r]), 1e-9);
  options.times = {2.0};
  EXPECT_FALSE(make_trajectory(model, table, "walk.sto", options, diagnostics));
  EXPECT_EQ(find(diagnostics, "MOTION-003").severity, Severity::error);
}

TEST(CoordinateMotion, speeds_come_from_a_states_file_when_asked) {
  const Model model = make_test_model();
  // the speed column is not the derivative of the value column, so the source shows
  const Table table = make_table({"/jointset/j/hip/value", "/jointset/j/hip/speed"}, 201, 0.01,
                                 [](double t, std::size_t c) { return c == 0 ? 0.1 * t : std::sin(3 * t); });
  MotionOptions options = make_analyze_options(-1, -kInfinity, kInfinity, 1);
  options.speeds = SpeedSource::file;
  Diagnostics diagnostics;
  const auto motion = make_trajectory(model, table, "states.sto", options, diagnostics);
  ASSERT_TRUE(motion);
  EXPECT_NEAR(motion->qd[100 * 5 + 1], std::sin(3.0), 1e-12);
  EXPECT_NEAR(motion->qdd[100 * 5 + 1], 3 * std::cos(3.0), 1e-8);
  const Table only_values = make_table({"hip"}, 201, 0.01, wave);
  EXPECT_FALSE(make_trajectory(model, only_values, "x.sto", options, diagnostics));
  EXPECT_EQ(find(diagnostics, "MOTION-014").severity, Severity::error);
  const auto with_speeds = make_trajectory(model, only_values, "x.sto", options, diagnostics, &only_values);
  ASSERT_TRUE(with_speeds);
  EXPECT_NEAR(with_speeds->qd[100 * 5 + 1], std::sin(2.0), 1e-12) << "a file of speeds may use the coordinates' names";
}

// second algorithm: the spline of speeds is fitted here by hand
TEST(CoordinateMotion, accelerations_can_be_the_slope_of_splined_speeds) {
  const Model model = make_test_model();
  const Table table = make_table({"hip"}, 40, 0.05, wave);
  Diagnostics diagnostics;
  const auto motion =
      make_trajectory(model, table, "x.sto", make_analyze_options(-1, -kInfinity, kInfinity, 1), diagnostics);
  ASSERT_TRUE(motion);
  std::vector<double> speeds;
  const PiecewisePolynomial q = make_gcv_spline(table.time, table.values, 5);
  for (double t : table.time) speeds.push_back(evaluate(q, t).df);
  const PiecewisePolynomial u = make_gcv_spline(table.time, speeds, 5);
  for (std::size_t r = 1; r + 1 < 40; ++r) EXPECT_NEAR(motion->qdd[r * 5 + 1], evaluate(u, table.time[r]).df, 1e-9);
}

TEST(CoordinateMotion, every_fault_is_named) {
  const Model model = make_test_model();
  const auto expect = [&](const Table& table, const MotionOptions& options, const std::string& id, const char* part) {
    Diagnostics diagnostics;
    EXPECT_FALSE(make_trajectory(model, table, "walk.mot", options, diagnostics)) << id;
    EXPECT_EQ(find(diagnostics, id).severity, Severity::error);
    EXPECT_EQ(find(diagnostics, id).file, "walk.mot") << id;
    EXPECT_NE((find(diagnostics, id).message + find(diagnostics, id).advice).find(part), std::string::npos)
        << find(diagnostics, id).message;
  };
  const Table good = make_table({"hip"}, 20, 0.1, wave);
  expect(make_table({"elbow"}, 20, 0.1, wave), {}, "MOTION-001", "knee");
  MotionOptions window;
  window.start = 1;
  window.end = 0.5;
  expect(good, window, "MOTION-002", "0.5");
  window.start = 5;
  window.end = 6;
  expect(good, window, "MOTION-003", "0 to 1.9 s");
  Table gap = good;
  gap.values[7] = NAN;
  expect(gap, {}, "MOTION-009", "0.7 s");
  MotionOptions filter;
  filter.lowpass_hz = 6;
  expect(make_table({"hip"}, 2, 0.1, wave), filter, "MOTION-008", "2 rows");
  Table backward = good;
  backward.time[3] = -1;
  expect(backward, {}, "MOTION-017", "increase");
}

TEST(CoordinateMotion, what_is_moved_is_said_in_the_unit_of_the_coordinate) {
  Model model = make_test_model();
  const Table table = make_table({"knee", "patella", "slide"}, 20, 0.1, [](double, std::size_t) { return 0.25; });
  const auto say = [&](MotionType type, CouplerRule couplers, const char* id) {
    for (Coordinate& coordinate : model.coordinates) coordinate.motion_type = type;
    MotionOptions options;
    options.couplers = couplers;
    Diagnostics diagnostics;
    EXPECT_TRUE(make_trajectory(model, table, "walk.mot", options, diagnostics));
    return find(diagnostics, id).message;
  };
  const auto ends_with = [](const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
  };
  // the patella is 0.5 + 2 / 4 + 3 / 16 = 1.1875 where its column says 0.25
  EXPECT_TRUE(
      ends_with(say(MotionType::rotational, CouplerRule::apply, "MOTION-010"), "patella (by up to 0.9375 rad)"));
  EXPECT_TRUE(
      ends_with(say(MotionType::translational, CouplerRule::apply, "MOTION-010"), "patella (by up to 0.9375 m)"));
  EXPECT_TRUE(ends_with(say(MotionType::coupled, CouplerRule::apply, "MOTION-010"), "patella (by up to 0.9375)"));
  // the slide is held at 0.5
  model.coordinates[2].locked = true;
  EXPECT_TRUE(
      ends_with(say(MotionType::translational, CouplerRule::assemble, "MOTION-015"), "slide (moved by up to 0.25 m)"));
}

TEST(CoordinateMotion, a_misspelt_coordinate_is_a_warning_that_names_it) {
  const Model model = make_test_model();
  const auto say = [&](const std::vector<std::string>& columns) {
    Diagnostics diagnostics;
    EXPECT_TRUE(make_trajectory(model, make_table(columns, 20, 0.1, wave), "walk.mot", {}, diagnostics));
    return find(diagnostics, "MOTION-005");
  };
  for (const char* label : {"knees", "nkee", "Knee", "/jointset/knee_r/kne/value"}) {
    const Diagnostic said = say({"hip", label});
    EXPECT_EQ(said.severity, Severity::warning) << label;
    EXPECT_NE(said.message.find(std::string("the column ") + label + " "), std::string::npos) << said.message;
    EXPECT_NE(said.advice.find("knee"), std::string::npos) << said.advice;
  }
  // the coordinate has a column of its own, or nothing is near
  for (const char* label : {"knees", "ground_force_vx"})
    EXPECT_EQ(say({"hip", "knee", label}).severity, Severity::note) << label;
}

TEST(CoordinateMotion, degrees_read_as_radians_are_refused_where_no_joint_could_go) {
  Model model = make_test_model();
  Coordinate& knee = model.coordinates[3];
  knee.range_min = -2, knee.range_max = 0.2;
  MotionOptions options;
  options.refuse_impossible_angles = true;
  Table table = make_table({"knee"}, 20, 0.1, [](double t, std::size_t) { return 1 - 40 * t; });
  const auto run = [&] {
    Diagnostics diagnostics;
    const bool has_motion = make_trajectory(model, table, "walk.mot", options, diagnostics).has_value();
    const Diagnostic said = find(diagnostics, "MOTION-007");
    EXPECT_EQ(has_motion, said.severity == Severity::warning || said.id.empty());
    return said;
  };
  const Diagnostic said = run();
  EXPECT_EQ(said.severity, Severity::error);
  EXPECT_EQ(said.file, "walk.mot");
  EXPECT_NE(said.message.find("knee goes from -75 to 1, its range in the model is -2 to 0.2 rad"), std::string::npos)
      << said.message;
  EXPECT_NE(said.advice.find("inDegrees=yes"), std::string::npos) << said.advice;

  // OpenSim's tools compute
  options.refuse_impossible_angles = false;
  EXPECT_EQ(run().severity, Severity::warning);
  options.refuse_impossible_angles = true;
  // a joint to ground, an axle, and a coordinate that goes by its coupler may be anywhere
  knee.joint = 0;
  EXPECT_EQ(run().severity, Severity::warning);
  knee.joint = 1;
  knee.range_min = -kPi, knee.range_max = kPi;
  EXPECT_EQ(run().severity, Severity::warning);
  knee.range_min = knee.range_max = 0;
  EXPECT_EQ(run().severity, Severity::warning);
  // within a turn of its range an angle may be counted from elsewhere
  knee.range_min = -2, knee.range_max = 0.2;
  for (double& value : table.values) value *= 8.2 / 75;
  EXPECT_EQ(run().id, "");
  for (double& value : table.values) value *= 75 / 8.2;
  table.in_degrees = true;
  EXPECT_EQ(run().id, "");
}

TEST(CoordinateMotion, doubtful_motions_are_warned_about) {
  Model model = make_test_model();
  model.coordinates[3].locked = true;
  Table table =
      make_table({"hip", "knee", "/jointset/j/hip/value"}, 20, 0.1, [](double t, std::size_t) { return 90 * t; });
  table.degrees_stated = false;
  MotionOptions options;
  options.lowpass_hz = 6;
  Diagnostics diagnostics;
  ASSERT_TRUE(make_trajectory(model, table, "walk.sto", options, diagnostics));
  for (const char* id : {"MOTION-006", "MOTION-007", "MOTION-012", "MOTION-015", "MOTION-016"})
    EXPECT_EQ(find(diagnostics, id).severity, Severity::warning) << id;

  // three rows carry a spline of degree 1, one row a pose
  for (std::size_t rows : {1u, 3u}) {
    Diagnostics few;
    const auto motion = make_trajectory(model, make_table({"hip"}, rows, 0.1, wave), "x.sto", {}, few);
    ASSERT_TRUE(motion);
    EXPECT_EQ(find(few, "MOTION-008").severity, Severity::warning);
    EXPECT_EQ(motion->frame_count(), rows);
    EXPECT_EQ(motion->qdd[1], 0.0);
  }
}

TEST(CoordinateMotion, the_unit_of_a_table_of_slides_alone_need_not_be_stated) {
  Table table = make_table({"slide"}, 20, 0.1, wave);
  table.degrees_stated = false;
  Diagnostics diagnostics;
  ASSERT_TRUE(make_trajectory(make_test_model(), table, "slide.sto", {}, diagnostics));
  EXPECT_EQ(find(diagnostics, "MOTION-016").id, "");
}

TEST(CoordinateMotion, decimal_times_at_an_even_rate_are_not_resampled_and_others_stay_decimal) {
  const Model model = make_test_model();
  MotionOptions options;
  options.lowpass_hz = 6;
  // as a reader finds them: the double nearest to each printed time
  for (const double rate : {100.0, 120.0, 200.0, 60.0}) {
    Table table = make_table({"hip"}, 1300, 1 / rate, wave);
    for (std::size_t r = 0; r < 1300; ++r)
      table.time[r] = std::round((24.2 + static_cast<double>(r) / rate) * 1e8) / 1e8;
    Diagnostics quiet;
    const auto motion = make_trajectory(model, table, "walk.sto", options, quiet);
    ASSERT_TRUE(motion);
    EXPECT_EQ(find(quiet, "MOTION-011").id, "") << rate << " Hz: " << find(quiet, "MOTION-011").message;
    ASSERT_EQ(motion->frame_count(), 1300u) << rate << " Hz";
    // 1/120 and 1/60 s have no end, so that OpenSim resamples at the smallest of their rounded steps, 1e-8 s short
    const double slack = rate == 100 || rate == 200 ? 0 : 2e-5;
    for (std::size_t f = 0; f < 1300; ++f) ASSERT_NEAR(motion->time[f], table.time[f], slack) << rate << " Hz";
  }
  // a row in the middle is missing
  Table gap = make_table({"hip"}, 400, 0.01, wave);
  for (std::size_t r = 0; r < 400; ++r) gap.time[r] = static_cast<double>(2420 + r + (r >= 200)) / 100;
  Diagnostics said;
  const auto motion = make_trajectory(model, gap, "walk.sto", options, said);
  ASSERT_TRUE(motion);
  EXPECT_NE(find(said, "MOTION-011").message.find("from 0.01 to 0.02 s"), std::string::npos);
  ASSERT_EQ(motion->frame_count(), 401u);
  for (std::size_t f = 0; f < 401; ++f)
    EXPECT_EQ(motion->time[f], static_cast<double>(2420 + f) / 100) << "no digits behind the hundredths";
}

// as AnalyzeTool of OpenSim 4.6 does with models that differ in this alone
TEST(CoordinateMotion, bounds_are_kept_only_where_the_model_has_constraints) {
  Model model = make_test_model();
  model.coordinates[3].clamped = true;
  model.coordinates[3].range_min = 0.2;
  model.coordinates[3].range_max = 1;
  MotionOptions options;
  options.couplers = CouplerRule::assemble;
  const Table table = make_table({"knee"}, 20, 0.01, [](double, std::size_t) { return 0.1; });
  for (const bool has_constraints : {false, true}) {
    model.has_constraints = has_constraints;
    Diagnostics diagnostics;
    const auto motion = make_trajectory(model, table, "walk.sto", options, diagnostics);
    ASSERT_TRUE(motion);
    EXPECT_NEAR(motion->q[3], has_constraints ? 0.2 : 0.1, 1e-12);
    EXPECT_EQ(find(diagnostics, "MOTION-015").id.empty(), !has_constraints);
  }
}

TEST(CoordinateMotion, a_last_row_written_twice_does_not_upset_the_spline) {
  // as integrators write states: once more at the end, 2e-14 s later
  const Model model = make_test_model();
  const Table once = make_table({"hip", "hip_u"}, 40, 0.01, wave);
  Table twice = once;
  twice.time.push_back(once.time.back() + 2e-14);
  for (std::size_t c = 0; c < 2; ++c) twice.values.push_back(once.at(39, c) + 1e-14);
  for (SpeedSource speeds : {SpeedSource::spline, SpeedSource::file}) {
    MotionOptions options;
    options.speeds = speeds;
    Diagnostics quiet, said;
    const auto a = make_trajectory(model, once, "states.sto", options, quiet);
    const auto b = make_trajectory(model, twice, "states.sto", options, said);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(find(said, "MOTION-018").severity, Severity::note);
    EXPECT_EQ(find(said, "MOTION-018").id, "MOTION-018");
    EXPECT_EQ(a->time, b->time);
    EXPECT_EQ(a->qd, b->qd);
    EXPECT_EQ(a->qdd, b->qdd);
  }
}

}  // namespace
}  // namespace buttress
