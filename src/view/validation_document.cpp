#include "view/validation_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/decimal.h"
#include "validate/validation_quantities.h"
#include "view/scatter_chart.h"

namespace buttress {

namespace {

constexpr const char* kBegin = "<!-- buttress validate: begin -->";
constexpr const char* kEnd = "<!-- buttress validate: end -->";

/// "238 (196 to 280)"; the range only where there is one
std::string format_measured(const ComparedRow& row, const QuantityTitle& title) {
  if (row.low == row.high) return fmt::format("{:.{}f}", row.measured, title.decimals);
  return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", row.measured, title.decimals, row.low, title.decimals, row.high,
                     title.decimals);
}

std::string list_sources(const Evidence& evidence, const ComparedRow& row) {
  std::string list;
  for (std::size_t c : row.comparisons) {
    // author and year
    std::string source = evidence.measurements[evidence.comparisons[c].measurement].source;
    source = source.substr(0, source.find_first_of(",(;"));
    while (!source.empty() && source.back() == ' ') source.pop_back();
    if (list.find(source) == std::string::npos) list += (list.empty() ? "" : ", ") + source;
  }
  return list;
}

/// one line of a table; rows that do not count are set in italics
std::string make_row(const std::vector<std::string>& cells, bool counts) {
  std::string line = "|";
  for (const std::string& cell : cells) line += cell.empty() ? " |" : counts ? " " + cell + " |" : " *" + cell + "* |";
  return line + "\n";
}

std::string describe_certainty(const ComparedRow& row) {
  return fmt::format("{}{}", name_of(row.certainty), row.counts ? "" : ", not counted");
}

std::string make_order_table(const Validation& validation, const ComparedQuantity& quantity) {
  std::string text =
      "| exercise | movement | in people | computed | agrees | from, how sure |\n|---|---|---|---|---|---|\n";
  for (const ComparedRow& row : quantity.rows) {
    const Measurement& m =
        validation.evidence.measurements[validation.evidence.comparisons[row.comparisons.front()].measurement];
    const bool below = std::isfinite(m.high);
    const std::string computed = row.computed ? fmt::format("{:.2f} of walking", *row.computed) : row.why_not;
    const std::string agrees = !row.computed ? "" : (*row.computed < 1) == below ? "yes" : "no";
    text += make_row({row.activity, row.movement, below ? "below walking" : "as walking or above", computed, agrees,
                      list_sources(validation.evidence, row) + ", " + describe_certainty(row)},
                     row.counts);
  }
  return text;
}

std::string make_value_table(const Validation& validation, const ComparedQuantity& quantity,
                             const QuantityTitle& title) {
  std::string text =
      "| activity | movement | measured | computed | computed / measured | from, how sure "
      "|\n|---|---|---|---|---|---|\n";
  for (const ComparedRow& row : quantity.rows) {
    const std::string computed = row.computed ? fmt::format("{:.{}f}", *row.computed, title.decimals) : row.why_not;
    const std::string ratio = row.computed ? fmt::format("{:.2f}", *row.computed / row.measured) : "";
    text += make_row(
        {row.activity + (row.remark.empty() ? "" : " (" + row.remark + ")"), row.movement, format_measured(row, title),
         computed, ratio, list_sources(validation.evidence, row) + ", " + describe_certainty(row)},
        row.counts);
  }
  return text;
}

std::string make_quantity_part(const Validation& validation, const QuantityTitle& title) {
  const ComparedQuantity* quantity = find_quantity(validation, title.quantity);
  if (!quantity) return {};
  std::string text = fmt::format("### {}{}\n\n", title.title, title.unit.empty() ? "" : ", " + title.unit);
  if (!title.explanation.empty()) text += title.explanation + "\n\n";
  if (title.has_plot && quantity->count > 0)
    text += fmt::format("![{}: computed over measured](validation/{}.svg)\n\n", title.title, title.quantity);
  const bool is_order = title.quantity == "vertebral_order";
  text += is_order ? make_order_table(validation, *quantity) : make_value_table(validation, *quantity, title);
  if (!is_order && quantity->count > 1 && title.quantity != "gluteal_to_tfl_index")
    text += fmt::format(
        "\n{} activities: rank correlation {:.2f}, median error {:.0f} %, computed over measured {:.2f} (median).\n",
        quantity->count, quantity->spearman, 100 * quantity->median_error, quantity->median_ratio);
  return text + "\n";
}

std::string make_bar_table(const Validation& validation) {
  std::string text = "| what | bar | came out | | activities | missing |\n|---|---|---|---|---|---|\n";
  for (const ValidationBar& bar : validation.bars)
    text += fmt::format("| {} | {} | {} | **{}** | {} | {} |\n", bar.what, bar.bar, bar.number, name_of(bar.state),
                        bar.count, bar.missing);
  return text;
}

/// activities that were measured and that no movement of ours answers to, by quantity
std::string make_left_over_list(const Validation& validation) {
  std::vector<bool> used(validation.evidence.measurements.size());
  for (const Comparison& c : validation.evidence.comparisons) used[c.measurement] = true;
  std::map<std::string, std::string> lists;
  for (std::size_t i = 0; i < used.size(); ++i) {
    const Measurement& m = validation.evidence.measurements[i];
    // the reference of the pressures is compared with every one of them
    if (used[i] || m.id == "disc.standing") continue;
    std::string& list = lists[m.quantity];
    if (list.find(m.activity) == std::string::npos) list += (list.empty() ? "" : "; ") + m.activity;
  }
  std::string text;
  for (const auto& [quantity, list] : lists) {
    std::string words = quantity;
    std::replace(words.begin(), words.end(), '_', ' ');
    text += fmt::format("- {}: {}.\n", words, list);
  }
  return text;
}

/// one line for each movement with something to be wary of: the first and worst, and how many there are
std::string make_care_list(const Validation& validation, const Words& words) {
  std::string text;
  for (const ValidationRun& run : validation.runs) {
    const std::vector<Note>& warnings = run.curves.trust.warnings;
    if (warnings.empty()) continue;
    text += fmt::format("- `{}`{}: {}{}\n", run.movement, run.settings.empty() ? "" : " (" + run.settings + ")",
                        say(words, warnings.front()),
                        warnings.size() > 1 ? fmt::format(" And {} more.", warnings.size() - 1) : "");
  }
  return text;
}

constexpr const char* kWhatItProves =
    "Four people with a hip prosthesis, five with a knee prosthesis, one volunteer with a sensor in one disc, five "
    "with a "
    "vertebral body replacement and rods that carry part of the load: that is nearly everything that was ever measured "
    "inside "
    "people. From one to the next of them, walking loads the hip by 32 to 44 % more or less (Damm 2015), so an average "
    "over a few cannot tell a good generic body from a lucky one, and an error below about 25 % has no meaning. They "
    "were older "
    "than most who exercise, had been operated on, and moved as they liked; our movements are typed after "
    "descriptions. "
    "Patients with joint prostheses avoid pain and effort.\n\n"
    "EMG is not force. It is given in per cent of a maximal effort that differs between laboratories, with standard "
    "deviations "
    "of 30 to 100 % of the mean; the same exercise came out at 39, 42 and 81 % for one muscle. Agreement in rank and "
    "band says that the "
    "right exercises are called hard and easy, no more. Recruitment of least effort has no co-contraction, so "
    "muscles that people tense to be stable come out too low.\n\n"
    "What agreement here can show: that loads are of the right size and order across activities, on average over "
    "people. What it cannot "
    "show: that a number is right for one person, that a weak muscle changes loads in people as it does here, that "
    "less load means less "
    "pain. Where a bar is missed, the number stands here as it came out.\n";

}  // namespace

std::vector<ValidationPlot> make_validation_plots(const Validation& validation) {
  std::vector<ValidationPlot> plots;
  for (const QuantityTitle& title : list_quantity_titles()) {
    const ComparedQuantity* quantity = find_quantity(validation, title.quantity);
    if (!quantity || !title.has_plot || quantity->count == 0) continue;
    std::vector<ScatterPoint> points;
    for (const ComparedRow& row : quantity->rows) {
      // of rows that do not count, only those whose size is known are drawn
      if (!row.computed || row.certainty == Certainty::low) continue;
      points.push_back({row.movement, row.measured, *row.computed, row.low, row.high, row.counts});
    }
    ScatterBand band;
    band.share = title.band_share;
    if (title.band_share > 0) band.title = fmt::format("within {:.0f} %", 100 * title.band_share);
    if (title.in_emg_bands) band = {0, {20, 40, 60}, "in the same band"};
    plots.push_back({title.quantity + ".svg", make_scatter_svg(title.title, title.unit, points, band)});
  }
  return plots;
}

std::string make_validation_section(const Validation& validation, const std::vector<GlobalNumber>& numbers,
                                    const Words& words) {
  std::size_t there = 0, computed = 0;
  for (const ValidationRun& run : validation.runs) there += run.in_library, computed += run.computed;
  std::string text = std::string(kBegin) + "\n";
  text += fmt::format(
      "Made by `buttress validate` from `data/evidence/`; what is written between these marks by hand is lost. {} "
      "movements on the "
      "built-in body, {} of them computed. How sure a measured number is: verified (read in the source), or from "
      "memory: H (well "
      "remembered), M (probably right to the digit), L (order of magnitude, never counted). Rows in *italics* do not "
      "count.\n\n",
      there, computed);
  text += "### What had to be reached\n\n" + make_bar_table(validation) + "\n";
  for (const QuantityTitle& title : list_quantity_titles()) text += make_quantity_part(validation, title);
  const std::string care = make_care_list(validation, words);
  if (!care.empty())
    text +=
        "### Movements to be read with care\n\nThey count all the same. `buttress simulate NAME` says everything.\n" +
        care + "\n";
  text += "### Measured, and not compared\n\nNo movement of the library is the same activity with the same load:\n" +
          make_left_over_list(validation) + "\n";
  text +=
      "### Numbers that hold for everything\n\nNo number is set for one movement, activity or measurement. What is set "
      "once for "
      "the whole body and all movements:\n\n| number | value | where |\n|---|---|---|\n";
  for (const GlobalNumber& n : numbers) text += fmt::format("| {} | {} | {} |\n", n.name, n.value, n.where);
  text += "\n### What this can and cannot prove\n\n" + std::string(kWhatItProves);
  return text + kEnd;
}

std::optional<std::string> replace_section(const std::string& page, const std::string& section) {
  const std::size_t begin = page.find(kBegin), end = page.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) return std::nullopt;
  // a second pair would be left as it is
  if (page.find(kBegin, begin + 1) != std::string::npos || page.find(kEnd, end + 1) != std::string::npos)
    return std::nullopt;
  return page.substr(0, begin) + section + page.substr(end + std::string(kEnd).size());
}

std::string make_empty_section() {
  return std::string(kBegin) + "\n" + kEnd;
}

std::string make_validation_page(const std::string& section) {
  return "# Validation against measurements in people\n\n" + section + "\n";
}

std::string make_validation_text(const Validation& validation) {
  std::size_t computed = 0;
  for (const ValidationRun& run : validation.runs) computed += run.computed;
  std::string text = fmt::format("{} movements of the built-in body against measurements in people\n", computed);
  for (const ValidationBar& bar : validation.bars)
    text += fmt::format("  {:<7}{:<48}{:>24}   ({}; {} {}{})\n", name_of(bar.state), bar.what, bar.number, bar.bar,
                        bar.count, bar.count == 1 ? "activity" : "activities",
                        bar.missing ? fmt::format(", {} missing", bar.missing) : "");
  return text;
}

nlohmann::json make_validation_record(const Validation& validation, const std::vector<GlobalNumber>& numbers,
                                      const Words& words) {
  nlohmann::json record;
  // JSON knows no NaN; six digits are more than a simulation of a generic body bears
  const auto round = [](double value) {
    return std::isfinite(value) ? nlohmann::json(scan_decimal(format_decimal(value)).value) : nlohmann::json();
  };
  for (const ValidationBar& bar : validation.bars)
    record["bars"].push_back({{"what", bar.what},
                              {"bar", bar.bar},
                              {"number", bar.number},
                              {"state", name_of(bar.state)},
                              {"activities", bar.count},
                              {"missing", bar.missing}});
  for (const ComparedQuantity& quantity : validation.quantities) {
    nlohmann::json entry = {{"activities", quantity.count}, {"missing", quantity.missing}};
    if (quantity.quantity != "vertebral_order") {
      entry["spearman"] = round(quantity.spearman);
      entry["median_relative_error"] = round(quantity.median_error);
      entry["median_ratio"] = round(quantity.median_ratio);
    }
    for (const ComparedRow& row : quantity.rows) {
      nlohmann::json item = {{"activity", row.activity},
                             {"movement", row.movement},
                             {"measured", round(row.measured)},
                             {"computed", row.computed ? round(*row.computed) : nlohmann::json()},
                             {"certainty", name_of(row.certainty)},
                             {"counts", row.counts}};
      if (!row.why_not.empty()) item["why_not"] = row.why_not;
      for (std::size_t c : row.comparisons)
        item["measurements"].push_back(
            validation.evidence.measurements[validation.evidence.comparisons[c].measurement].id);
      entry["rows"].push_back(std::move(item));
    }
    record["quantities"][quantity.quantity] = std::move(entry);
  }
  for (const ValidationRun& run : validation.runs) {
    if (!run.in_library) continue;
    nlohmann::json entry = {{"movement", run.movement}, {"settings", run.settings}, {"computed", run.computed}};
    if (run.computed) {
      entry["sound"] = run.curves.trust.sound;
      entry["warnings"] = nlohmann::json::array();
      for (const Note& warning : run.curves.trust.warnings) entry["warnings"].push_back(say(words, warning));
    }
    record["movements"].push_back(std::move(entry));
  }
  for (const GlobalNumber& n : numbers)
    record["global_numbers"].push_back({{"name", n.name}, {"value", n.value}, {"where", n.where}});
  return record;
}

}  // namespace buttress
