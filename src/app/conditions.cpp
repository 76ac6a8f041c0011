#include "app/conditions.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "app/report.h"
#include "app/result_folder.h"
#include "app/result_tables.h"
#include "app/run_record.h"
#include "io/table_reader.h"

namespace buttress {

namespace {

std::string make_title(const std::vector<StrengthChange>& changes) {
  if (changes.empty()) return "whole";
  std::vector<std::string> parts;
  parts.reserve(changes.size());
  for (const StrengthChange& change : changes)
    parts.push_back(fmt::format("{} at {:.3g} %", change.target, 100 * change.factor));
  return fmt::format("{}", fmt::join(parts, ", "));
}

Condition run_with(const Analysis& analysis, const Model& model, const MuscleGroups& groups, const ChainInput& input,
                   const std::vector<ChainLoad>& loads, const ChainOptions& options,
                   const std::vector<StrengthChange>& changes, unsigned thread_count) {
  Condition condition;
  condition.title = make_title(changes);
  condition.changes = changes;
  condition.plan = make_chain_plan(model, options, loads);
  condition.output = make_chain_output(condition.plan, input.frame_count);
  ChainRunOptions run;
  run.thread_count = thread_count;
  run_chain(condition.plan, input, run, condition.output);
  summarise(analysis, model, groups, input, condition);
  // from here on the plan is only looked at: pictures show what the ground does as they show other loads
  for (const ContactGroup& group : condition.plan.contact_groups) condition.plan.loads.push_back({group.name, 0, 0, 0});
  return condition;
}

/// joints that no muscle crosses are driven by their net moment; people must know
void add_rows_without_muscles(const Model& model, const ChainPlan& plan, Analysis& analysis) {
  std::vector<std::string> names;
  const std::vector<bool> is_free = find_free_roots(model);
  for (std::size_t r = 0; r < plan.row_of_independent.size(); ++r) {
    const Coordinate& coordinate = model.coordinates[static_cast<std::size_t>(model.independent[r])];
    if (plan.row_of_independent[r] < 0 && !is_free[static_cast<std::size_t>(coordinate.joint)])
      names.push_back(coordinate.name);
  }
  if (!names.empty())
    analysis.notes.push_back(
        fmt::format("No muscle of this body acts on {}: their moments are not shared out.", fmt::join(names, ", ")));
}

}  // namespace

void run_conditions(Analysis& analysis, const Model& model, const MuscleGroups& groups, const ChainInput& input,
                    const std::vector<ChainLoad>& loads, ChainOptions options,
                    const std::vector<StrengthChange>& changes, const std::vector<double>& strengths,
                    unsigned thread_count) {
  for (const std::string& ignored : model.ignored) analysis.notes.push_back("Left out as asked: " + ignored + ".");
  analysis.conditions.push_back(run_with(analysis, model, groups, input, loads, options, {}, thread_count));
  if (!changes.empty()) {
    // what is weak is so against the body as it is, whose muscles may have been brought to a person's strength
    if (options.strength.empty()) options.strength.assign(strengths.size(), 1.0);
    for (std::size_t m = 0; m < strengths.size(); ++m) options.strength[m] *= strengths[m];
    analysis.conditions.push_back(run_with(analysis, model, groups, input, loads, options, changes, thread_count));
  }
  analysis.joint_moments = make_joint_moments(model, analysis.conditions[0].output, input.frame_count);
  add_rows_without_muscles(model, analysis.conditions[0].plan, analysis);
}

std::size_t find_busiest_frame(const Condition& condition, std::size_t frames) {
  std::size_t busiest = 0;
  double most = -1;
  for (std::size_t f = 0; f < frames; ++f) {
    double sum = 0;
    for (const Series& s : condition.joint_loads) sum += std::abs(s.values[f]);
    if (sum > most) most = sum, busiest = f;
  }
  return busiest;
}

std::vector<double> find_drawn_loads(const Condition& condition, const double* loads, std::size_t frame) {
  const std::size_t contact = condition.plan.contact_groups.size() * 9;
  std::vector<double> drawn;
  if (loads) drawn.assign(loads, loads + condition.plan.loads.size() * 9 - contact);
  if (contact == 0) return drawn;
  drawn.insert(drawn.end(), &condition.output.contact[0] + frame * contact,
               &condition.output.contact[0] + (frame + 1) * contact);
  return drawn;
}

nlohmann::json make_condition_records(const Analysis& analysis) {
  nlohmann::json records = nlohmann::json::array();
  for (const Condition& c : analysis.conditions) {
    nlohmann::json entry = {{"title", c.title},
                            {"frames", analysis.time.size()},
                            {"unsolved_frames", c.trust.unsolved_frames},
                            {"peak_residual_force_N", c.trust.peak_residual_force},
                            {"peak_residual_moment_Nm", c.trust.peak_residual_moment},
                            {"sound", c.trust.sound},
                            {"warnings", c.trust.warnings}};
    for (const StrengthChange& change : c.changes) entry["strength"][change.target] = change.factor;
    for (const Series& s : c.joint_loads) entry["peak_joint_loads_BW"][s.name] = s.peak();
    const std::size_t contacts = c.plan.contact_groups.size();
    for (std::size_t g = 0; g < contacts; ++g) {
      double peak = 0;
      for (std::size_t f = 0; f < analysis.time.size(); ++f)
        peak = std::max(peak, c.output.contact[(f * contacts + g) * 9 + 1]);
      entry["peak_vertical_ground_force_N"][c.plan.contact_groups[g].name] = peak;
    }
    for (const Series& s : c.group_activations) entry["peak_group_activations"][s.name] = s.peak();
    for (const Series& s : c.group_forces) entry["peak_group_forces_N"][s.name] = s.peak();
    for (const ReserveUse& use : c.trust.reserves) entry["peak_reserves_Nm"][use.coordinate] = use.peak;
    for (const SaturatedMuscle& m : c.saturated) entry["saturated_share_of_frames"][m.name] = m.share_of_frames;
    records.push_back(std::move(entry));
  }
  return records;
}

bool write_analysis(const Analysis& analysis, const Model& model, const std::string& folder,
                    std::vector<std::string> written, nlohmann::json& record, std::string& record_text,
                    const std::string& picture_svg, Diagnostics& diagnostics) {
  if (!make_folder(folder, diagnostics)) return false;
  bool good = true;
  const auto write_table = [&](const std::string& path, const Table& table) {
    good = write_sto(path, table, diagnostics) && good;
    written.push_back(path);
  };
  for (std::size_t i = 0; i < analysis.conditions.size(); ++i) {
    const Condition& condition = analysis.conditions[i];
    const std::string prefix = folder + (i == 0 ? "/whole_" : "/weakened_");
    if (i == 0)
      write_table(folder + "/joint_moments.sto", make_joint_moment_table(model, condition.output, analysis.time));
    write_table(prefix + "activation.sto",
                make_column_table(condition.plan, "activations", condition.output.activation, analysis.time));
    write_table(prefix + "force.sto",
                make_column_table(condition.plan, "forces in N", condition.output.force, analysis.time));
    if (!condition.plan.contact_groups.empty())
      write_table(prefix + "ground_forces.sto",
                  make_ground_force_table(condition.plan, condition.output, analysis.time));
    if (condition.plan.options.reactions)
      write_table(prefix + "joint_loads.sto", make_reaction_table(model, condition.output, analysis.time));
  }
  const std::string report = folder + "/report.html";
  good = write_text_file(report, make_report_html(analysis, picture_svg), diagnostics) && good;
  written.push_back(report);
  return finish_results(folder, written, EarlierRun::any_verb, record, record_text, diagnostics) && good;
}

}  // namespace buttress
