#include "numeric/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace buttress {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

void require_equal_lengths(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) throw std::invalid_argument("lists of different length cannot be paired");
}

double calc_mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::vector<double> calc_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && !(values[order[first]] < values[order[end]])) ++end;
    // ranks first + 1 to end are shared
    for (std::size_t i = first; i < end; ++i) ranks[order[i]] = 0.5 * static_cast<double>(first + 1 + end);
    first = end;
  }
  return ranks;
}

double calc_spearman(const std::vector<double>& a, const std::vector<double>& b) {
  require_equal_lengths(a, b);
  if (a.size() < 2) return kNothing;
  const std::vector<double> x = calc_ranks(a), y = calc_ranks(b);
  const double mean_x = calc_mean(x), mean_y = calc_mean(y);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : kNothing;
}

double calc_median(std::vector<double> values) {
  if (values.empty()) return kNothing;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

double calc_median_relative_error(const std::vector<double>& computed, const std::vector<double>& measured) {
  require_equal_lengths(computed, measured);
  std::vector<double> errors;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    if (measured[i] == 0) throw std::invalid_argument("a measured value of zero has no relative error");
    errors.push_back(std::abs((computed[i] - measured[i]) / measured[i]));
  }
  return calc_median(errors);
}

int find_band(double value, const std::vector<double>& limits) {
  return static_cast<int>(std::lower_bound(limits.begin(), limits.end(), value) - limits.begin());
}

BandAgreement calc_band_agreement(const std::vector<double>& computed, const std::vector<double>& measured,
                                  const std::vector<double>& limits) {
  require_equal_lengths(computed, measured);
  if (computed.empty()) return {kNothing, kNothing};
  BandAgreement agreement;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    const int apart = std::abs(find_band(computed[i], limits) - find_band(measured[i], limits));
    agreement.same += apart == 0;
    agreement.same_or_next += apart <= 1;
  }
  const double count = static_cast<double>(computed.size());
  return {agreement.same / count, agreement.same_or_next / count};
}

}  // namespace buttress
