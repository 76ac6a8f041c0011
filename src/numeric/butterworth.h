#pragma once
#include <cstddef>
#include <vector>

/// The zero-phase low-pass filter that OpenSim's tools put on coordinates: the motion is lengthened at both ends by
/// its point reflection, brought to even steps if they are not, and run forward and backward through a Butterworth
/// filter of third order.
namespace buttress {

/// Samples of several columns over time; values are [time.size() x column_count], row-major.
struct SampledColumns {
  std::vector<double> time;
  std::size_t column_count = 0;
  std::vector<double> values;
  std::size_t row_count() const { return time.size(); }
};

/// Lengthens every column and the time itself by `pad` rows at each end, reflected through the end point:
/// row -k is 2 row(0) - row(k), so value and slope go on (OpenSim Signal::Pad).
/// Throws std::invalid_argument unless pad < row count.
SampledColumns pad_reflected(const SampledColumns& samples, std::size_t pad);

/// Steps are even when every time lies within the rounding of a double of first + i * mean step, as decimals of an even
/// rate do. Departure: OpenSim asks that the mean step exceed the smallest by no more than 2^-52 s, which such times
/// miss by their last bit; it resamples them, which changes nothing but that bit. Times printed with too few digits for
/// their rate are uneven for both.
bool has_even_steps(const std::vector<double>& time);

/// Brings the samples to even steps with quintic natural splines (OpenSim Storage::resample): rows at first time,
/// + step, + 2 step, ... up to the last time. `step` loses what is below the rounding of the times, and so do the new
/// times: decimals remain decimals (OpenSim sums the times up, to 24.19999999995045). `step` is enlarged to keep to
/// 100,000 rows.
/// Throws std::invalid_argument for fewer than 6 rows, times that do not increase or a step that is not positive.
SampledColumns resample_evenly(const SampledColumns& samples, double& step);

/// Runs every column forward and backward through the filter, in place (OpenSim Signal::LowpassIIR). The first three
/// samples of each run are taken over unfiltered, as there. A cutoff of half the sampling rate or more is lowered to
/// 0.49 of that rate. Returns the cutoff used, Hz. Each pass halves the power at the cutoff, so the gain there is 1/2.
/// Throws std::invalid_argument for fewer than 4 rows or a step or cutoff that is not positive.
double lowpass_forward_backward(std::size_t row_count, std::size_t column_count, double* values, double step,
                                double cutoff_hz);

/// What filter_motion did, for messages.
struct FilterReport {
  double cutoff_hz = 0;  ///< after the check against the sampling rate
  double step = 0;       ///< s, between the rows of the result
  bool resampled = false;
  std::size_t pad = 0;  ///< rows added at each end
};

/// What OpenSim's InverseDynamicsTool and AnalyzeTool do with coordinates: pad by half the row count, make the steps
/// even, filter. The padding stays in the result, whose times therefore begin before and end after the data's own.
/// Throws std::invalid_argument for fewer than 3 rows, times that do not increase or a cutoff that is not positive.
SampledColumns filter_motion(const SampledColumns& samples, double cutoff_hz, FilterReport& report);

}  // namespace buttress
