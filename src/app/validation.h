#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/validation_runs.h"

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

struct ValidateRequest {
  std::string out_folder;  ///< empty: the docs folder beside the data folder, whose validation.md is brought up to date
  unsigned thread_count = 0;
};

/// Runs everything and writes plots (SVG), validation.json and the page validation.md into the folder: where that page
/// is there already, only what stands between the marks `<!-- buttress validate: begin -->` and `end` is replaced.
/// `text` is for the terminal, `record_text` what validation.json holds; neither holds a time, so that the same bytes
/// come out twice. Missed bars are results, not errors. VALID-001: a movement could not be solved; VALID-002: the
/// page lacks the marks; VALID-003: there is no docs folder to write to; APP-001: a file cannot be written.
RunStatus run_validate(const ValidateRequest& request, std::string& text, std::string& record_text,
                       Diagnostics& diagnostics);

}  // namespace buttress
