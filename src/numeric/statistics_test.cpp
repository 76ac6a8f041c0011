#include "numeric/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>

namespace buttress {
namespace {

TEST(Statistics, EqualValuesShareTheMeanOfTheirRanks) {
  EXPECT_EQ(calc_ranks({3, 1, 3, 2}), (std::vector<double>{3.5, 1, 3.5, 2}));
  EXPECT_TRUE(calc_ranks({}).empty());
}

TEST(Statistics, SpearmanOfAWorkedExampleWithoutTies) {
  // intelligence quotient and hours of television, a much printed example: rho = -29/165
  const std::vector<double> iq{106, 86, 100, 101, 99, 103, 97, 113, 112, 110};
  const std::vector<double> hours{7, 0, 27, 50, 28, 29, 20, 12, 6, 17};
  EXPECT_NEAR(calc_spearman(iq, hours), -29.0 / 165, 1e-15);
}

TEST(Statistics, SpearmanOfAnExampleWithTies) {
  // by hand: ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4 have the sums of squares 4.5 and 5 and of products 4.5
  EXPECT_NEAR(calc_spearman({1, 2, 2, 3}, {1, 2, 3, 4}), 4.5 / std::sqrt(4.5 * 5), 1e-15);
}

TEST(Statistics, WithoutTiesSpearmanIsTheFormulaOfSquaredRankDifferences) {
  // rho = 1 - 6 sum d^2 / (n (n^2 - 1)), a second way to the same number
  std::mt19937 engine(7);
  std::normal_distribution<double> normal;
  for (int round = 0; round < 20; ++round) {
    std::vector<double> a, b;
    for (int i = 0; i < 15; ++i) a.push_back(normal(engine)), b.push_back(0.5 * a.back() + normal(engine));
    const std::vector<double> x = calc_ranks(a), y = calc_ranks(b);
    double d2 = 0;
    for (std::size_t i = 0; i < x.size(); ++i) d2 += (x[i] - y[i]) * (x[i] - y[i]);
    EXPECT_NEAR(calc_spearman(a, b), 1 - 6 * d2 / (15.0 * (15 * 15 - 1)), 1e-12);
  }
}

TEST(Statistics, SpearmanIsNothingWhereThereIsNoOrder) {
  EXPECT_TRUE(std::isnan(calc_spearman({1}, {2})));
  EXPECT_TRUE(std::isnan(calc_spearman({1, 1, 1}, {1, 2, 3})));
  EXPECT_THROW(calc_spearman({1, 2}, {1}), std::invalid_argument);
}

TEST(Statistics, MedianIsTheMiddleValueOrTheMeanOfBoth) {
  EXPECT_EQ(calc_median({5, 1, 3}), 3);
  EXPECT_EQ(calc_median({4, 1, 3, 2}), 2.5);
  EXPECT_TRUE(std::isnan(calc_median({})));
}

TEST(Statistics, RelativeErrorsAreSharesOfTheMeasuredValue) {
  // errors 0.5, 0.1 and 1
  EXPECT_NEAR(calc_median_relative_error({3, 9, 4}, {2, 10, 2}), 0.5, 1e-15);
  EXPECT_THROW(calc_median_relative_error({1}, {0}), std::invalid_argument);
  EXPECT_THROW(calc_median_relative_error({1, 2}, {1}), std::invalid_argument);
}

TEST(Statistics, BandsEndWithTheirLimits) {
  const std::vector<double> limits{20, 40, 60};
  EXPECT_EQ(find_band(0, limits), 0);
  EXPECT_EQ(find_band(20, limits), 0);
  EXPECT_EQ(find_band(20.1, limits), 1);
  EXPECT_EQ(find_band(60, limits), 2);
  EXPECT_EQ(find_band(103, limits), 3);
}

TEST(Statistics, BandAgreementCountsTheRightBandAndItsNeighbours) {
  // same, next, next, two apart
  const BandAgreement agreement = calc_band_agreement({10, 30, 70, 10}, {15, 50, 50, 45}, {20, 40, 60});
  EXPECT_EQ(agreement.same, 0.25);
  EXPECT_EQ(agreement.same_or_next, 0.75);
  EXPECT_TRUE(std::isnan(calc_band_agreement({}, {}, {20}).same));
  EXPECT_THROW(calc_band_agreement({1}, {}, {20}), std::invalid_argument);
}

}  // namespace
}  // namespace buttress
