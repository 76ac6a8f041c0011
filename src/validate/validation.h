#pragma once
#include <optional>
#include <string>
#include <vector>

#include "validate/validation_runs.h"

/// `buttress validate`: the movement library on the built-in body against measurements in people.
namespace buttress {

/// What measurements say about one movement and what we compute; published numbers for the same movement, settings
/// and side are one row, so that no exercise weighs more because more papers measured it.
struct ComparedRow {
  std::vector<std::size_t> comparisons;  ///< Evidence::comparisons
  std::string activity;                  ///< words of the first measurement
  std::string movement;                  ///< Comparison::title(), with its side when it has one
  double measured = 0;                   ///< mean of the published values
  double low = 0, high = 0;              ///< all that the papers give: means with their SD or range; measured when none
  std::optional<double> computed;        ///< mean of the counterparts of the published values
  std::string why_not;                   ///< when nothing was computed: the reason
  Certainty certainty = Certainty::verified;  ///< of the least sure number
  bool counts = true;
  std::string remark;
};

/// everything about one quantity
struct ComparedQuantity {
  std::string quantity;           ///< Measurement::quantity
  std::vector<ComparedRow> rows;  ///< in the order of the table of comparisons
  std::size_t count = 0;          ///< rows that count and were computed
  std::size_t missing = 0;        ///< rows that would count, but for our movement
  double spearman = 0;            ///< of the rows that count; NaN when there are too few, as are the others
  double median_error = 0;        ///< median of |computed - measured| / measured
  double median_ratio = 0;        ///< median of computed / measured
  double same_band = 0;           ///< EMG: shares of the rows in the band low (to 20 % MVIC), moderate (to 40),
  double next_band = 0;           ///< high (to 60), very high; in the right one, and in that or its neighbour
};

enum class BarState { met, missed, open };
/// "met", "missed", "open"
const char* name_of(BarState state);

/// one line of what has to be reached
struct ValidationBar {
  std::string what, bar, number;
  BarState state = BarState::open;  ///< open: good so far, but movements are missing
  std::size_t count = 0, missing = 0;
};

struct Validation {
  Evidence evidence;
  std::vector<ValidationRun> runs;
  std::vector<ComparedQuantity> quantities;
  std::vector<ValidationBar> bars;
};

/// groups, compares and judges
Validation make_validation(Evidence evidence, std::vector<ValidationRun> runs);

/// nullptr when nothing of the quantity is compared
const ComparedQuantity* find_quantity(const Validation& validation, const std::string& quantity);

}  // namespace buttress
