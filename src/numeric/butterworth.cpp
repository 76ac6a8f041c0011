#include "numeric/butterworth.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "numeric/spline_fit.h"

namespace buttress {

namespace {

constexpr double kMostResampledRows = 100000;

double find_smallest_step(const std::vector<double>& time) {
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < time.size(); ++i) smallest = std::min(smallest, time[i] - time[i - 1]);
  return smallest;
}

/// what adding and subtracting such times leaves uncertain, s
double find_rounding(const std::vector<double>& time) {
  return 4 * std::numeric_limits<double>::epsilon() * std::max(std::abs(time.front()), std::abs(time.back()));
}
/// the power of ten at or above x
double find_decimal_unit(double x) {
  return x > 0 ? std::pow(10.0, std::ceil(std::log10(x))) : 0.0;
}
double round_to(double x, double unit) {
  // a division by a whole power of ten gives the nearest decimal, a product with its inverse does not
  const double inverse = std::round(1 / unit);
  return unit > 0 && std::isfinite(inverse) ? std::round(x * inverse) / inverse : x;
}

/// y[n] = a0 (x[n] + 3 x[n-1] + 3 x[n-2] + x[n-3]) - b1 y[n-1] - b2 y[n-2] - b3 y[n-3]
struct ThirdOrderFilter {
  double a0, b1, b2, b3;
};

ThirdOrderFilter make_butterworth(double step, double cutoff_hz) {
  // bilinear transform of 1 / ((s + 1)(s^2 + s + 1)) with the cutoff frequency pre-warped
  const double w = std::tan(std::numbers::pi * cutoff_hz * step), w2 = w * w, w3 = w2 * w;
  const double denominator = (w + 1) * (w2 + w + 1);
  return {w3 / denominator, (3 * w3 + 2 * w2 - 2 * w - 3) / denominator, (3 * w3 - 2 * w2 - 2 * w + 3) / denominator,
          (w - 1) * (w2 - w + 1) / denominator};
}

/// one pass over all columns; rows are visited first to last or last to first. `history` holds the last three input
/// rows, which the output overwrites
void run_pass(const ThirdOrderFilter& filter, std::size_t rows, std::size_t columns, double* values, bool backward,
              std::vector<double>& history) {
  const auto row = [&](std::size_t i) { return values + (backward ? rows - 1 - i : i) * columns; };
  double *x1 = history.data(), *x2 = x1 + columns, *x3 = x2 + columns;
  std::copy_n(row(0), columns, x3);
  std::copy_n(row(1), columns, x2);
  std::copy_n(row(2), columns, x1);
  for (std::size_t i = 3; i < rows; ++i) {
    double* y = row(i);
    const double *y1 = row(i - 1), *y2 = row(i - 2), *y3 = row(i - 3);
    for (std::size_t c = 0; c < columns; ++c) {
      const double x = y[c];
      y[c] =
          filter.a0 * (x + 3.0 * (x1[c] + x2[c]) + x3[c]) - filter.b1 * y1[c] - filter.b2 * y2[c] - filter.b3 * y3[c];
      x3[c] = x;
    }
    // the row of x[n-3] has just received x[n]
    double* const newest = x3;
    x3 = x2;
    x2 = x1;
    x1 = newest;
  }
}

}  // namespace

SampledColumns pad_reflected(const SampledColumns& samples, std::size_t pad) {
  const std::size_t n = samples.row_count(), columns = samples.column_count;
  if (pad == 0) return samples;
  if (pad >= n) throw std::invalid_argument("padding must be shorter than the signal");
  SampledColumns padded;
  padded.column_count = columns;
  padded.time.resize(n + 2 * pad);
  padded.values.resize((n + 2 * pad) * columns);
  const auto reflect = [&](const double* from, double* to, std::size_t width) {
    std::copy_n(from, n * width, to + pad * width);
    const double *first = from, *last = from + (n - 1) * width;
    for (std::size_t k = 1; k <= pad; ++k)
      for (std::size_t c = 0; c < width; ++c) {
        to[(pad - k) * width + c] = 2.0 * first[c] - from[k * width + c];
        to[(pad + n - 1 + k) * width + c] = 2.0 * last[c] - from[(n - 1 - k) * width + c];
      }
  };
  reflect(samples.time.data(), padded.time.data(), 1);
  reflect(samples.values.data(), padded.values.data(), columns);
  return padded;
}

bool has_even_steps(const std::vector<double>& time) {
  if (time.size() < 3) return true;
  const double mean = (time.back() - time.front()) / static_cast<double>(time.size() - 1);
  const double slack = find_rounding(time);
  for (std::size_t i = 1; i + 1 < time.size(); ++i)
    if (!(std::abs(time[i] - (time.front() + static_cast<double>(i) * mean)) <= slack)) return false;
  return true;
}

SampledColumns resample_evenly(const SampledColumns& samples, double& step) {
  if (!(step > 0)) throw std::invalid_argument("the time step must be positive");
  const SplineTable spline = make_spline_table(samples.time, samples.values.data(), samples.column_count, 5);
  const double first = samples.time.front(), last = samples.time.back();
  if ((last - first) / step > kMostResampledRows) step = (last - first) / kMostResampledRows;
  SampledColumns even;
  even.column_count = samples.column_count;
  // what differences of rounded times have behind their last digit is no part of the step
  const double unit = find_decimal_unit(find_rounding(samples.time));
  step = round_to(step, unit);
  for (std::size_t i = 0;; ++i) {
    const double t = round_to(first + static_cast<double>(i) * step, unit);
    if (t > round_to(last, unit)) break;
    even.time.push_back(t);
  }
  even.values.resize(even.time.size() * even.column_count);
  evaluate_spline_table(spline, even.time, even.values.data(), nullptr, nullptr);
  return even;
}

double lowpass_forward_backward(std::size_t row_count, std::size_t column_count, double* values, double step,
                                double cutoff_hz) {
  if (row_count < 4) throw std::invalid_argument("the filter needs at least 4 rows");
  if (!(step > 0) || !std::isfinite(step)) throw std::invalid_argument("the time step must be positive");
  if (!(cutoff_hz > 0)) throw std::invalid_argument("the cutoff frequency must be positive");
  if (cutoff_hz >= 0.5 / step) cutoff_hz = 0.49 / step;
  const ThirdOrderFilter filter = make_butterworth(step, cutoff_hz);
  std::vector<double> history(3 * column_count);
  run_pass(filter, row_count, column_count, values, false, history);
  run_pass(filter, row_count, column_count, values, true, history);
  return cutoff_hz;
}

SampledColumns filter_motion(const SampledColumns& samples, double cutoff_hz, FilterReport& report) {
  if (samples.row_count() < 3) throw std::invalid_argument("filtering needs at least 3 rows");
  const double smallest = find_smallest_step(samples.time);
  if (!(smallest > 0)) throw std::invalid_argument("times must increase");
  report.pad = samples.row_count() / 2;
  SampledColumns result = pad_reflected(samples, report.pad);
  report.step = find_smallest_step(result.time);
  report.resampled = !has_even_steps(result.time);
  if (report.resampled) result = resample_evenly(result, report.step);
  report.cutoff_hz =
      lowpass_forward_backward(result.row_count(), result.column_count, result.values.data(), report.step, cutoff_hz);
  return result;
}

}  // namespace buttress
