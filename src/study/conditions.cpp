#include "study/conditions.h"

#include <fmt/format.h>

#include "study/run_summary.h"

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

Condition run_with(const RunResult& result, const ChainPlan& plan, const MuscleGroups& groups, const ChainInput& input,
                   const std::vector<StrengthChange>& changes, unsigned thread_count) {
  Condition condition;
  condition.title = make_title(changes);
  condition.changes = changes;
  condition.strength = plan.strength;
  condition.output = make_chain_output(plan, input.frame_count);
  ChainRunOptions run;
  run.thread_count = thread_count;
  run_chain(plan, input, run, condition.output);
  summarise(result, groups, input, condition);
  return condition;
}

/// what the arrays of the outputs stand for
void name_arrays(const ChainPlan& plan, RunResult& result) {
  for (std::size_t c = 0; c < plan.columns.size(); ++c)
    result.columns.push_back({plan.columns[c].name, plan.columns[c].muscle, plan.upper[c]});
  for (const int row : plan.rows)
    result.rows.push_back(
        result.model->coordinates[static_cast<std::size_t>(result.model->independent[static_cast<std::size_t>(row)])]
            .name);
  for (const ContactGroup& group : plan.contact_groups) result.contact_groups.push_back(group.name);
}

/// joints that no muscle crosses are driven by their net moment; people must know
void add_rows_without_muscles(const ChainPlan& plan, RunResult& result) {
  const Model& model = *result.model;
  std::vector<std::string> names;
  const std::vector<bool> is_free = find_free_roots(model);
  for (std::size_t r = 0; r < plan.row_of_independent.size(); ++r) {
    const Coordinate& coordinate = model.coordinates[static_cast<std::size_t>(model.independent[r])];
    if (plan.row_of_independent[r] < 0 && !is_free[static_cast<std::size_t>(coordinate.joint)])
      names.push_back(coordinate.name);
  }
  if (!names.empty())
    result.notes.push_back({"no_muscle_acts", {{"coordinates", fmt::format("{}", fmt::join(names, ", "))}}});
}

}  // namespace

void run_conditions(RunResult& result, const MuscleGroups& groups, const ChainInput& input, const ChainOptions& options,
                    const std::vector<StrengthChange>& changes, const std::vector<double>& strengths,
                    unsigned thread_count) {
  const Model& model = *result.model;
  for (const std::string& ignored : model.ignored) result.notes.push_back({"left_out", {{"element", ignored}}});
  result.options = options;
  const ChainPlan whole = make_chain_plan(model, options, result.loads);
  name_arrays(whole, result);
  result.conditions.push_back(run_with(result, whole, groups, input, {}, thread_count));
  if (!changes.empty()) {
    // what is weak is so against the body as it is, whose muscles may have been brought to a person's strength
    ChainOptions weakened = options;
    weakened.strength = whole.strength;
    for (std::size_t m = 0; m < strengths.size(); ++m) weakened.strength[m] *= strengths[m];
    const ChainPlan plan = make_chain_plan(model, weakened, result.loads);
    result.conditions.push_back(run_with(result, plan, groups, input, changes, thread_count));
  }
  result.joint_moments = make_joint_moments(model, result.conditions[0].output, input.frame_count);
  add_rows_without_muscles(whole, result);
}

}  // namespace buttress
