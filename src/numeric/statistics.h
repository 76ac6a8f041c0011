#pragma once
#include <vector>

/// Numbers that say how well two lists of values agree.
namespace buttress {

/// Ranks 1..n in increasing order; equal values share the mean of their ranks.
std::vector<double> calc_ranks(const std::vector<double>& values);

/// Spearman's rank correlation: Pearson's correlation of the ranks, which is exact with ties (Kendall 1970, Rank
/// Correlation Methods, ch. 3). Nothing to say, NaN, for fewer than two pairs or when one list has a single value only.
/// Throws std::invalid_argument for lists of different length.
double calc_spearman(const std::vector<double>& a, const std::vector<double>& b);

/// the middle value; the mean of both in the middle for an even count; NaN for none
double calc_median(std::vector<double> values);

/// Median of |computed - measured| / |measured|. Throws std::invalid_argument for lists of different length or a
/// measured value of zero.
double calc_median_relative_error(const std::vector<double>& computed, const std::vector<double>& measured);

/// Which of the bands cut by the increasing limits a value lies in: 0 up to and with limits[0], and so on.
int find_band(double value, const std::vector<double>& limits);

/// How often two lists fall into the same bands, as shares 0..1 of all pairs; NaN for none.
struct BandAgreement {
  double same = 0;
  double same_or_next = 0;
};
/// Throws std::invalid_argument for lists of different length.
BandAgreement calc_band_agreement(const std::vector<double>& computed, const std::vector<double>& measured,
                                  const std::vector<double>& limits);

}  // namespace buttress
