#include "app/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/conditions.h"
#include "app/data_folder.h"
#include "app/report.h"
#include "app/run_record.h"
#include "app/single_leg_stance.h"
#include "app/stick_figure.h"

namespace buttress {

namespace {

const Series* find_series(const std::vector<Series>& list, const std::string& name) {
  for (const Series& s : list)
    if (s.name == name) return &s;
  return nullptr;
}

/// one line of the load table
std::string make_load_line(const Analysis& analysis, const std::string& name, const std::string& remark) {
  const Series* whole = find_series(analysis.conditions[0].joint_loads, name);
  if (!whole) return {};
  std::string line =
      fmt::format("  {:<34}{:6.2f} BW {:6.0f} N", whole->title, whole->peak(), whole->peak() * analysis.body_weight);
  if (analysis.conditions.size() > 1) {
    const double weak = find_series(analysis.conditions[1].joint_loads, name)->peak();
    line += fmt::format("  | {:6.2f} BW {:6.0f} N  ({:+.0f} %)", weak, weak * analysis.body_weight,
                        100 * (weak - whole->peak()) / std::abs(whole->peak()));
  }
  return line + (remark.empty() ? "" : "   " + remark) + "\n";
}

/// groups whose force changes most, as "who compensates"
std::string make_compensation_lines(const Analysis& analysis, std::size_t count) {
  const auto& whole = analysis.conditions[0].group_forces;
  const auto& weak = analysis.conditions[1].group_forces;
  std::vector<std::size_t> order(whole.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto change = [&](std::size_t i) { return weak[i].peak() - whole[i].peak(); };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return std::abs(change(a)) > std::abs(change(b)); });
  std::string text;
  for (std::size_t i = 0; i < std::min(count, order.size()); ++i) {
    const std::size_t g = order[i];
    if (std::abs(change(g)) < 1) break;
    text += fmt::format("  {:<34}{:6.0f} N -> {:6.0f} N  ({:+.0f} N)   activation {:3.0f} % -> {:3.0f} %\n",
                        whole[g].title, whole[g].peak(), weak[g].peak(), change(g),
                        100 * analysis.conditions[0].group_activations[g].peak(),
                        100 * analysis.conditions[1].group_activations[g].peak());
  }
  return text;
}

std::string make_text(const Analysis& analysis, const std::string& heading) {
  std::string text = heading;
  text += "\nJoint loads (1 BW = one body weight)\n";
  text += fmt::format("  {:<34}{:>9} {:>8}", "", "whole", "");
  if (analysis.conditions.size() > 1) text += "  |  " + analysis.conditions[1].title;
  text += "\n";
  text += make_load_line(analysis, "hip_r", "measured in people: about 2.31 BW (Bergmann 2001)");
  for (const char* name : {"knee_r", "walker_knee_r"})
    text += make_load_line(analysis, name, "measured: about 2.59 BW (Kutzner 2010)");
  for (const char* name : {"L4_L5_compression", "L4_L5_shear", "L5_S1_compression", "L5_S1_shear",
                           "sacroiliac_r_compression", "sacroiliac_r_shear"})
    text += make_load_line(analysis, name, "");
  if (analysis.conditions.size() > 1)
    text += "\nWho works more, who works less\n" + make_compensation_lines(analysis, 10);
  for (const Condition& c : analysis.conditions)
    for (const std::string& warning : c.trust.warnings)
      text += fmt::format("\nRead with care ({}): {}\n", c.title, warning);
  text +=
      "\nA generic body; a person's loads differ by a quarter or more. Decision support and education: not a "
      "diagnosis,\n"
      "not for emergencies.\n";
  return text;
}

}  // namespace

RunStatus run_simulate(const SimulateRequest& request, std::string& text, std::string& record_text,
                       Diagnostics& diagnostics) {
  StageClock clock;
  if (request.movement != "single_leg_stance") {
    diagnostics.error("SIM-001", "", 0, "there is no built-in movement '" + request.movement + "'",
                      "Built in so far: single_leg_stance.");
    return RunStatus::bad_input;
  }
  const std::string body_file = find_data_folder() + "/models/buttress_body.osim";
  const std::string group_file = find_data_folder() + "/muscle_groups.csv";
  const auto model = load_model({body_file, {}, false, {}, {}, false}, diagnostics);
  const MuscleGroups groups = read_muscle_groups(group_file, diagnostics);
  if (!model) return RunStatus::bad_input;
  const std::vector<double> strengths = make_strengths(*model, groups, request.strength, diagnostics);
  if (diagnostics.has_errors()) return RunStatus::bad_input;
  clock.finish("read");
  const auto posture = make_single_leg_stance(*model, diagnostics);
  if (!posture) return RunStatus::not_solved;

  Analysis analysis;
  analysis.model_name = "built-in body";
  analysis.motion_name = "Standing on the right leg";
  analysis.mass = model->total_mass;
  analysis.body_weight = model->total_mass * std::sqrt(dot(model->gravity_W, model->gravity_W));
  analysis.time = {0.0};
  analysis.q = posture->q;
  const std::vector<double> rest(model->coordinates.size(), 0.0);
  const ChainInput input{1, analysis.q.data(), rest.data(), rest.data(), posture->load_values.data()};
  run_conditions(analysis, *model, groups, input, posture->loads, ChainOptions{}, request.strength, strengths,
                 request.thread_count);
  clock.finish("compute");

  text = make_text(analysis,
                   fmt::format("Standing on the right leg: built-in body, {:.0f} kg, {} muscles, pelvis level.\n",
                               model->total_mass, model->muscles.size()));
  const Condition& shown = analysis.conditions.back();
  const double* const loads = posture->load_values.data();
  if (!request.picture_file.empty())
    write_text_file(request.picture_file,
                    make_stick_figure_svg(shown.plan, analysis.q.data(), find_figures(analysis, 0), loads,
                                          analysis.motion_name + ": " + shown.title),
                    diagnostics);
  auto record =
      make_run_record("simulate " + request.movement, {body_file, group_file}, &shown.plan, diagnostics, clock);
  record["conditions"] = make_condition_records(analysis);
  record_text = format_run_record(record);
  if (!request.out_folder.empty()) {
    if (write_analysis(analysis, *model, request.out_folder, record_text,
                       make_posture_pictures(analysis, 0, loads, analysis.motion_name), diagnostics))
      text += "Report: " + request.out_folder + "/report.html\n";
  }
  for (const Condition& c : analysis.conditions)
    if (c.trust.unsolved_frames > 0) return RunStatus::not_solved;
  return diagnostics.has_errors() ? RunStatus::bad_input : RunStatus::done;
}

}  // namespace buttress
