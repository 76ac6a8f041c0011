#include "muscle/fiber_curves.h"

#include <cmath>
#include <stdexcept>

#include "base/assert.h"
#include "muscle/fiber_curves.inl"

namespace buttress {
namespace {

constexpr std::size_t kWidth = 8;
// place of x in its segment is kept this far from whole bins, so that rounding never picks a neighbour's row
constexpr double kMargin = 1e-11;
constexpr std::size_t kMostBins = 1000;
constexpr double kPi = 3.141592653589793238462643;

// monomial coefficients in t from -0.5 to 0.5 of the polynomial through the curve at the Chebyshev nodes of a bin
std::array<double, kWidth> fit_bin(const BezierCurve& curve, long double x_mid, long double x_per_t) {
  // Newton's divided differences, then expanded about t = 0
  std::array<long double, kWidth> node, value;
  for (std::size_t i = 0; i < kWidth; ++i) {
    node[i] = 0.5 * std::cos(kPi * (static_cast<double>(i) + 0.5) / kWidth);
    value[i] = calc_bezier_extended(curve, x_mid + x_per_t * node[i]).value;
  }
  for (std::size_t level = 1; level < kWidth; ++level)
    for (std::size_t i = kWidth - 1; i >= level; --i)
      value[i] = (value[i] - value[i - 1]) / (node[i] - node[i - level]);
  std::array<long double, kWidth> c{};
  c[0] = value[kWidth - 1];
  for (std::size_t k = kWidth - 1; k-- > 0;) {
    // c(t) = c(t) (t - node_k) + value_k
    for (std::size_t i = kWidth - 1; i > 0; --i) c[i] = c[i - 1] - node[k] * c[i];
    c[0] = value[k] - node[k] * c[0];
  }
  std::array<double, kWidth> out;
  for (std::size_t i = 0; i < kWidth; ++i) out[i] = static_cast<double>(c[i]);
  return out;
}

bool is_close_enough(const BezierCurve& curve, const std::array<double, kWidth>& c, long double x_mid,
                     long double x_per_t) {
  for (int sample = 0; sample <= 8; ++sample) {
    const long double t = -0.5L + sample / 8.0L;
    long double y = 0, dy = 0;
    for (std::size_t i = kWidth; i-- > 0;) {
      dy = dy * t + y;
      y = y * t + c[i];
    }
    // the sampled point must belong to this segment, so the very ends are left out
    const ExtendedValueSlope exact = calc_bezier_extended(curve, x_mid + x_per_t * t * (1 - 1e-15L));
    if (std::fabs(y - exact.value) > 2e-11L || std::fabs(dy / x_per_t - exact.slope) > 8e-9L) return false;
  }
  return true;
}

}  // namespace

CurveTable make_curve_table(const BezierCurve& curve) {
  CurveTable table;
  table.x_first = curve.x_first();
  table.x_last = curve.x_last();
  table.slope_before = curve.slope_before;
  table.slope_after = curve.slope_after;
  for (const BezierSegment& segment : curve.segments) {
    const double x0 = segment.x[0], x1 = segment.x[5];
    for (std::size_t i = 1; i < 6; ++i)
      if (segment.x[i] < segment.x[i - 1])
        throw std::invalid_argument("muscle curve: x must increase along every segment");
    for (std::size_t bins = 16;; bins += bins / 3) {
      std::vector<double> rows;
      const long double x_per_bin = (static_cast<long double>(x1) - x0) / static_cast<long double>(bins);
      bool good = true;
      for (std::size_t b = 0; b < bins && (good || bins > kMostBins); ++b) {
        const long double x_mid = x0 + (static_cast<long double>(b) + 0.5L) * x_per_bin;
        const auto c = fit_bin(curve, x_mid, x_per_bin);
        good = is_close_enough(curve, c, x_mid, x_per_bin) && good;
        rows.insert(rows.end(), c.begin(), c.end());
      }
      if (!good && bins <= kMostBins) continue;
      const std::size_t row_count = table.rows.size() / kWidth;
      const double first_row = static_cast<double>(row_count);
      const double scale = (static_cast<double>(bins) - 2 * kMargin) / (x1 - x0);
      table.segments.push_back({x0, scale, first_row - 0.5 + kMargin - scale * x0});
      table.rows.insert(table.rows.end(), rows.begin(), rows.end());
      break;
    }
  }
  BUTTRESS_ASSERT(!table.segments.empty());
  return table;
}

template double evaluate<double>(const CurveTable&, const double&);
template double calc_thelen_active_force<double>(const double&, double);
template double calc_thelen_passive_force<double>(const double&, double, double);
template double calc_thelen_force_velocity<double>(const double&, double, double, double);
template double calc_degroote_active_force<double>(const double&, double);
template double calc_degroote_passive_force<double>(const double&, double);
template double calc_degroote_force_velocity<double>(const double&);

}  // namespace buttress
