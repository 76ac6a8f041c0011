#include "numeric/butterworth.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <random>

namespace buttress {
namespace {

SampledColumns sample(std::size_t rows, double step, std::vector<double (*)(double)> functions) {
  SampledColumns s;
  s.column_count = functions.size();
  for (std::size_t i = 0; i < rows; ++i) {
    s.time.push_back(static_cast<double>(i) * step);
    for (auto f : functions) s.values.push_back(f(s.time.back()));
  }
  return s;
}

TEST(Butterworth, padding_reflects_through_the_end_points) {
  SampledColumns s;
  s.time = {0, 1, 3};
  s.column_count = 2;
  s.values = {1, 10, 2, 20, 5, 30};
  const SampledColumns p = pad_reflected(s, 2);
  EXPECT_EQ(p.time, (std::vector<double>{-3, -1, 0, 1, 3, 5, 6}));
  EXPECT_EQ(p.values, (std::vector<double>{-3, -10, 0, 0, 1, 10, 2, 20, 5, 30, 8, 40, 9, 50}));
  EXPECT_THROW(pad_reflected(s, 3), std::invalid_argument);
}

TEST(Butterworth, constants_and_straight_lines_pass_unchanged) {
  FilterReport report;
  const SampledColumns s = sample(200, 0.01, {[](double) { return 3.0; }, [](double t) { return 5.0 * t - 2.0; }});
  const SampledColumns f = filter_motion(s, 6.0, report);
  ASSERT_EQ(report.pad, 100u);
  // away from the outer ends of the padding, where the runs begin with unfiltered samples
  for (std::size_t i = 100; i < 300; ++i) {
    EXPECT_NEAR(f.values[2 * i], 3.0, 1e-12);
    EXPECT_NEAR(f.values[2 * i + 1], 5.0 * f.time[i] - 2.0, 1e-6);
  }
}

// The transfer function of the digital filter, evaluated on the unit circle from its poles: a prototype
// 1 / ((s + 1)(s^2 + s + 1)) under s = (1 - 1/z) / (1 + 1/z) / tan(pi fc T). Two passes give |H|^2 and no phase.
TEST(Butterworth, sines_are_scaled_by_the_squared_gain_of_the_prototype_without_phase) {
  const double step = 0.01, cutoff = 6.0;
  for (double frequency : {0.5, 3.0, 6.0, 12.0, 20.0}) {
    const std::size_t rows = 4000;
    std::vector<double> x(rows), y(rows);
    for (std::size_t i = 0; i < rows; ++i)
      x[i] = y[i] = std::sin(2 * std::numbers::pi * frequency * step * static_cast<double>(i) + 0.3);
    EXPECT_EQ(lowpass_forward_backward(rows, 1, y.data(), step, cutoff), cutoff);
    const std::complex<double> z = std::polar(1.0, 2 * std::numbers::pi * frequency * step);
    const std::complex<double> s = (1.0 - 1.0 / z) / (1.0 + 1.0 / z) / std::tan(std::numbers::pi * cutoff * step);
    const double gain = std::norm(1.0 / ((s + 1.0) * (s * s + s + 1.0)));
    for (std::size_t i = 1500; i < 2500; ++i) EXPECT_NEAR(y[i], gain * x[i], 1e-9) << frequency << " Hz";
    if (frequency == cutoff) {
      EXPECT_NEAR(gain, 0.5, 1e-12);
    }
  }
}

// second implementation: one column, arrays reversed by hand, direct convolution with the coefficients multiplied out
TEST(Butterworth, all_columns_at_once_equal_a_plain_loop_over_one_column) {
  std::mt19937 random(31);
  std::normal_distribution<double> value;
  const std::size_t rows = 57, columns = 5;
  const double step = 1.0 / 60, cutoff = 7.0;
  std::vector<double> values(rows * columns);
  for (double& v : values) v = value(random);
  std::vector<double> filtered = values;
  lowpass_forward_backward(rows, columns, filtered.data(), step, cutoff);
  const double k = std::tan(std::numbers::pi * cutoff * step);
  // (z + 1)^3 k^3 over ((1 + k) z + (k - 1)) ((1 + k + k^2) z^2 + 2 (k^2 - 1) z + (1 - k + k^2))
  const double p0 = 1 + k, p1 = k - 1, q0 = 1 + k + k * k, q1 = 2 * (k * k - 1), q2 = 1 - k + k * k;
  const double d[4] = {p0 * q0, p0 * q1 + p1 * q0, p0 * q2 + p1 * q1, p1 * q2};
  const double n[4] = {k * k * k, 3 * k * k * k, 3 * k * k * k, k * k * k};
  for (std::size_t c = 0; c < columns; ++c) {
    std::vector<double> x(rows), y;
    for (std::size_t i = 0; i < rows; ++i) x[i] = values[i * columns + c];
    for (int pass = 0; pass < 2; ++pass) {
      y = x;
      for (std::size_t i = 3; i < rows; ++i) {
        double sum = n[0] * x[i];
        for (std::size_t j = 1; j < 4; ++j) sum += n[j] * x[i - j] - d[j] * y[i - j];
        y[i] = sum / d[0];
      }
      x.assign(y.rbegin(), y.rend());
    }
    for (std::size_t i = 0; i < rows; ++i) EXPECT_NEAR(filtered[i * columns + c], x[i], 1e-11);
  }
}

TEST(Butterworth, uneven_steps_are_resampled_at_the_smallest_step) {
  SampledColumns s;
  s.column_count = 1;
  for (int i = 0; i < 101; ++i) s.time.push_back(std::round(i / 60.0 * 1e6) / 1e6);
  for (double t : s.time) s.values.push_back(std::sin(3 * t));
  EXPECT_FALSE(has_even_steps(s.time));
  FilterReport report;
  const SampledColumns f = filter_motion(s, 15.0, report);
  EXPECT_TRUE(report.resampled);
  EXPECT_NEAR(report.step, 0.016666, 1e-12);
  for (std::size_t i = 1; i < f.row_count(); ++i) EXPECT_NEAR(f.time[i] - f.time[i - 1], 0.016666, 1e-12);
  EXPECT_GE(f.time.back(), s.time.back());
  for (std::size_t i = 0; i < f.row_count(); ++i)
    if (f.time[i] > 0.3 && f.time[i] < 1.3) {
      EXPECT_NEAR(f.values[i], std::sin(3 * f.time[i]), 2e-4);
    }
}

TEST(Butterworth, cutoffs_above_half_the_sampling_rate_are_lowered_and_misuse_is_refused) {
  std::vector<double> y(10, 1.0);
  EXPECT_DOUBLE_EQ(lowpass_forward_backward(10, 1, y.data(), 0.01, 80.0), 49.0);
  EXPECT_THROW(lowpass_forward_backward(3, 1, y.data(), 0.01, 6.0), std::invalid_argument);
  EXPECT_THROW(lowpass_forward_backward(10, 1, y.data(), 0.0, 6.0), std::invalid_argument);
  EXPECT_THROW(lowpass_forward_backward(10, 1, y.data(), 0.01, 0.0), std::invalid_argument);
  FilterReport report;
  EXPECT_THROW(filter_motion(sample(2, 0.1, {[](double) { return 1.0; }}), 6.0, report), std::invalid_argument);
}

}  // namespace
}  // namespace buttress
