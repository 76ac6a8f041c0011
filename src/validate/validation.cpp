#include "validate/validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numeric/statistics.h"

namespace buttress {

namespace {

/// low, moderate, high, very high (% MVIC), as exercises are graded in the reviews (Reiman 2012)
const std::vector<double>& emg_limits() {
  static const std::vector<double> kLimits{20, 40, 60};
  return kLimits;
}

std::string find_reason(const Measurement& measurement, const Comparison& comparison,
                        const std::vector<ValidationRun>& runs) {
  const ValidationRun* run = find_run(runs, comparison.movement, comparison.settings);
  if (!run || !run->in_library) return "not in the library";
  if (!run->computed) return "could not be computed";
  if (measurement.quantity == "vertebral_order") return "needs walk";
  return "no such load in this body";
}

/// the row that a comparison belongs to; a new one when it is the first
ComparedRow& find_row(const Evidence& evidence, const Comparison& comparison, ComparedQuantity& quantity) {
  for (ComparedRow& row : quantity.rows) {
    const Comparison& first = evidence.comparisons[row.comparisons.front()];
    if (first.title() == comparison.title() && first.side == comparison.side && first.counts == comparison.counts)
      return row;
  }
  quantity.rows.emplace_back();
  ComparedRow& row = quantity.rows.back();
  const std::string side = comparison.side == "r" ? " (right)" : comparison.side == "l" ? " (left)" : "";
  row.activity = evidence.measurements[comparison.measurement].activity;
  row.movement = comparison.title() + side;
  row.counts = comparison.counts;
  return row;
}

/// means over the published numbers of a row
void finish_row(const Evidence& evidence, const std::vector<ValidationRun>& runs, ComparedRow& row) {
  double computed = 0;
  bool complete = true;
  row.low = std::numeric_limits<double>::infinity(), row.high = -row.low;
  for (std::size_t c : row.comparisons) {
    const Comparison& comparison = evidence.comparisons[c];
    const Measurement& m = evidence.measurements[comparison.measurement];
    const double value = find_measured_value(m, evidence), sd = std::isfinite(m.sd) ? m.sd : 0;
    // a range is given in the unit of the value
    const double factor = std::isfinite(m.value) && m.value != 0 ? value / m.value : 1;
    row.measured += value / static_cast<double>(row.comparisons.size());
    row.low = std::min(row.low, std::isfinite(m.low) ? factor * m.low : value - sd);
    row.high = std::max(row.high, std::isfinite(m.high) ? factor * m.high : value + sd);
    row.certainty = std::max(row.certainty, m.certainty);
    if (!comparison.remark.empty() && row.remark.find(comparison.remark) == std::string::npos)
      row.remark += (row.remark.empty() ? "" : "; ") + comparison.remark;
    if (const auto counterpart = calc_counterpart(m, comparison, runs)) {
      computed += *counterpart / static_cast<double>(row.comparisons.size());
    } else {
      complete = false;
      row.why_not = find_reason(m, comparison, runs);
    }
  }
  row.low = std::max(0.0, row.low);
  if (complete) row.computed = computed;
}

void finish_quantity(ComparedQuantity& quantity) {
  std::vector<double> computed, measured, ratios;
  for (const ComparedRow& row : quantity.rows) {
    if (!row.counts) continue;
    if (!row.computed) {
      ++quantity.missing;
      continue;
    }
    computed.push_back(*row.computed), measured.push_back(row.measured);
    ratios.push_back(*row.computed / row.measured);
  }
  quantity.count = computed.size();
  // an order against walking has no measured number to correlate with
  if (quantity.quantity == "vertebral_order") return;
  quantity.spearman = calc_spearman(computed, measured);
  quantity.median_error = calc_median_relative_error(computed, measured);
  quantity.median_ratio = calc_median(ratios);
  const BandAgreement bands = calc_band_agreement(computed, measured, emg_limits());
  quantity.same_band = bands.same, quantity.next_band = bands.same_or_next;
}

void add_bar(const ComparedQuantity& quantity, std::string what, std::string bar, std::string number, bool reached,
             std::size_t least_count, Validation& validation) {
  const bool enough = quantity.count >= least_count;
  const BarState state = !reached ? BarState::missed : quantity.missing > 0 || !enough ? BarState::open : BarState::met;
  validation.bars.push_back(
      {std::move(what), std::move(bar), std::move(number), state, quantity.count, quantity.missing});
}

void add_bars(Validation& validation) {
  const auto add_load = [&](const char* name, const char* title, double error, double order, std::size_t least) {
    const ComparedQuantity* q = find_quantity(validation, name);
    if (!q) return;
    add_bar(*q, fmt::format("{}: median error", title), fmt::format("at most {:.0f} %", 100 * error),
            fmt::format("{:.0f} %", 100 * q->median_error), q->median_error <= error, least, validation);
    add_bar(*q, fmt::format("{}: rank correlation", title), fmt::format("at least {:.1f}", order),
            fmt::format("{:.2f}", q->spearman), q->spearman >= order, least, validation);
  };
  add_load("hip_contact", "hip contact, peaks", 0.25, 0.8, 7);
  add_load("knee_contact", "knee contact, peaks", 0.30, 0.8, 8);
  add_load("disc_pressure", "L4-L5 compression over standing", 0.25, 0.9, 10);
  for (const auto& [name, title] : {std::pair("emg_gluteus_medius", "gluteus medius against EMG"),
                                    std::pair("emg_gluteus_maximus", "gluteus maximus against EMG")}) {
    const ComparedQuantity* q = find_quantity(validation, name);
    if (!q) continue;
    add_bar(*q, fmt::format("{}: rank correlation", title), "at least 0.6", fmt::format("{:.2f}", q->spearman),
            q->spearman >= 0.6, 14, validation);
    add_bar(*q, fmt::format("{}: right band or its neighbour", title), "at least 70 %",
            fmt::format("{:.0f} % (right: {:.0f} %)", 100 * q->next_band, 100 * q->same_band), q->next_band >= 0.7, 14,
            validation);
  }
  const ComparedQuantity* share = find_quantity(validation, "hip_gravity_share");
  if (share && !share->rows.empty()) {
    const std::optional<double> percent = share->rows.front().computed;
    add_bar(*share, "gravity and speeds in hip contact, walking", "at most 10 %",
            percent ? fmt::format("{:.1f} %", *percent) : "not computed", !percent || *percent <= 10, 1, validation);
  }
  if (const ComparedQuantity* q = find_quantity(validation, "gluteal_to_tfl_index")) {
    add_bar(*q, "glute-to-TFL index: rank correlation", "at least 0.6", fmt::format("{:.2f}", q->spearman),
            q->spearman >= 0.6, 8, validation);
    std::string first;
    double best = -1;
    for (const ComparedRow& row : q->rows)
      if (row.counts && row.computed && *row.computed > best) best = *row.computed, first = row.activity;
    add_bar(*q, "glute-to-TFL index: highest", "clam", first.empty() ? "none" : first, first == "clam", 8, validation);
  }
}

}  // namespace

const char* name_of(BarState state) {
  return state == BarState::met ? "met" : state == BarState::missed ? "missed" : "open";
}

const ComparedQuantity* find_quantity(const Validation& validation, const std::string& quantity) {
  for (const ComparedQuantity& q : validation.quantities)
    if (q.quantity == quantity) return &q;
  return nullptr;
}

Validation make_validation(Evidence evidence, std::vector<ValidationRun> runs) {
  Validation validation;
  for (std::size_t c = 0; c < evidence.comparisons.size(); ++c) {
    const Comparison& comparison = evidence.comparisons[c];
    const std::string& name = evidence.measurements[comparison.measurement].quantity;
    auto at = std::find_if(validation.quantities.begin(), validation.quantities.end(),
                           [&](const ComparedQuantity& q) { return q.quantity == name; });
    if (at == validation.quantities.end()) {
      validation.quantities.emplace_back();
      at = validation.quantities.end() - 1;
      at->quantity = name;
    }
    find_row(evidence, comparison, *at).comparisons.push_back(c);
  }
  for (ComparedQuantity& quantity : validation.quantities) {
    for (ComparedRow& row : quantity.rows) finish_row(evidence, runs, row);
    finish_quantity(quantity);
  }
  validation.evidence = std::move(evidence);
  validation.runs = std::move(runs);
  add_bars(validation);
  return validation;
}

}  // namespace buttress
