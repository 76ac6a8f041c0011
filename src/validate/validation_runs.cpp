#include "validate/validation_runs.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>
#include <thread>

#include "base/run_status.h"
#include "base/threads.h"
#include "load/skeleton_reaction.h"
#include "movement/movement.h"

namespace buttress {

namespace {

constexpr const char* kStanding = "quiet_standing";
constexpr const char* kWalking = "walk";

std::optional<double> find_statistic(const std::vector<Series>& list, const std::string& name, Statistic statistic) {
  const Series* series = find_series(list, name);
  if (!series || series->values.empty()) return std::nullopt;
  return statistic == Statistic::peak ? series->peak() : series->mean();
}

/// value(side) for one side, or the larger of both
template <class Value>
std::optional<double> choose_side(const std::string& side, const Value& value) {
  if (side == "r" || side == "l") return value(side);
  const std::optional<double> right = value(std::string("r")), left = value(std::string("l"));
  if (!right || !left) return std::nullopt;
  return std::max(*right, *left);
}

/// activation of the two upper parts of the maximus: the electrodes lie between their lines
std::optional<double> find_surface_maximus(const ValidationRun& run, const std::string& side, Statistic statistic) {
  const Series* upper = find_series(run.curves.muscle_activations, "glmax1_" + side);
  const Series* middle = find_series(run.curves.muscle_activations, "glmax2_" + side);
  if (!upper || !middle || upper->values.size() != middle->values.size()) return std::nullopt;
  Series both = *upper;
  for (std::size_t f = 0; f < both.values.size(); ++f) both.values[f] = 0.5 * (both.values[f] + middle->values[f]);
  return find_statistic({both}, both.name, statistic);
}

/// activation of a group of one side, per cent
std::optional<double> find_activation(const ValidationRun& run, const std::string& group, const std::string& side,
                                      Statistic statistic) {
  const auto value = group == "gluteus_maximus_upper"
                         ? find_statistic(run.curves.muscle_activations, "glmax1_" + side, statistic)
                         : find_statistic(run.curves.group_activations, group + "_" + side, statistic);
  return value ? std::optional<double>(100 * *value) : std::nullopt;
}

std::optional<double> calc_index(const ValidationRun& run, const std::string& side, Statistic statistic) {
  const auto medius = find_activation(run, "gluteus_medius", side, statistic);
  const auto maximus = find_activation(run, "gluteus_maximus_upper", side, statistic);
  const auto tensor = find_activation(run, "tensor_fasciae_latae", side, statistic);
  if (!medius || !maximus || !tensor) return std::nullopt;
  return (*medius * *medius + *maximus * *maximus) / (2 * std::max(0.1, *tensor));
}

/// a / b, nothing when one of them is not known or b is no load
std::optional<double> divide(std::optional<double> a, std::optional<double> b) {
  return a && b && *b > 0 ? std::optional<double>(*a / *b) : std::nullopt;
}

bool starts_with(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

std::optional<double> calc_gravity_share(const SimulatedBody& body, const SimulatedCurves& curves,
                                         const std::string& joint) {
  const Model& model = *body.of.model;
  const Series* whole = find_series(curves.joint_loads, joint);
  if (!whole || whole->values.empty()) return std::nullopt;
  const auto peak = std::max_element(whole->values.begin(), whole->values.end());
  const std::size_t at = static_cast<std::size_t>(peak - whole->values.begin()) * model.coordinates.size();
  ChainOptions options;
  options.contacts = curves.movement.contacts;
  options.fibers = body.fibers;
  const ChainPlan plan = make_chain_plan(model, options, {});
  ReactionWorkspace workspace = make_reaction_workspace(plan);
  const double *q = &curves.movement.motion.q[at], *qd = &curves.movement.motion.qd[at];
  const std::vector<int> held = find_touching_points(plan, q, qd, workspace);
  if (!update_skeleton_reactions(plan, q, qd, 0, held, workspace)) return std::nullopt;
  const ReactionLoad load =
      find_reaction_load(model, workspace, {model.find_joint(joint), false, 0, Posed::identity()});
  return norm(load.force) / (curves.body_weight * *peak);
}

SimulatedCurves take_curves(Simulation simulation) {
  RunResult& result = simulation.result;
  Condition& whole = result.conditions[0];
  SimulatedCurves curves;
  curves.body_weight = result.body_weight;
  const std::size_t width = result.columns.size();
  for (std::size_t c = 0; c < width; ++c) {
    if (result.columns[c].muscle < 0) continue;
    Series series{result.columns[c].name, result.columns[c].name, "0..1", {}};
    for (std::size_t f = 0; f < result.frame_count(); ++f)
      series.values.push_back(whole.output.activation[f * width + c]);
    curves.muscle_activations.push_back(std::move(series));
  }
  curves.movement = std::move(simulation.solved);
  curves.joint_loads = std::move(whole.joint_loads);
  curves.group_activations = std::move(whole.group_activations);
  curves.trust = std::move(whole.trust);
  return curves;
}

}  // namespace

std::vector<ValidationRun> run_movement_library(const Library& library,
                                                const std::shared_ptr<const SimulatedBody>& body,
                                                const Evidence& evidence, unsigned thread_count,
                                                Diagnostics& diagnostics) {
  const std::vector<std::string> names = list_movements(library.file("movements"));
  std::set<std::pair<std::string, std::string>> wanted;
  for (const std::string& name : names) wanted.emplace(name, "");
  for (const Comparison& c : evidence.comparisons) wanted.emplace(c.movement, c.settings);
  std::vector<ValidationRun> runs;
  runs.reserve(wanted.size());
  for (const auto& [movement, settings] : wanted)
    runs.push_back({movement, settings, std::find(names.begin(), names.end(), movement) != names.end(), false, {}, {}});

  std::vector<Diagnostics> said(runs.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < runs.size(); i = next++) {
      if (!runs[i].in_library) continue;
      RunStatus status = RunStatus::bad_input;
      auto simulation = simulate_movement(body,
                                          {runs[i].movement,
                                           library.file("movements/" + runs[i].movement + ".json"),
                                           split_settings(runs[i].settings),
                                           {},
                                           1},
                                          status, said[i]);
      if (simulation) runs[i].curves = take_curves(std::move(*simulation));
      runs[i].computed = status == RunStatus::done;
      if (runs[i].computed && runs[i].movement == kWalking && runs[i].settings.empty())
        runs[i].hip_gravity_share = {calc_gravity_share(*body, runs[i].curves, "hip_r"),
                                     calc_gravity_share(*body, runs[i].curves, "hip_l")};
      if (status == RunStatus::not_solved)
        said[i].error("VALID-001", runs[i].movement, 0,
                      std::to_string(runs[i].curves.trust.unsolved_frames) +
                          " frames of this movement could not be solved; it is left out of the comparison",
                      "Run `buttress simulate " + runs[i].movement + "` to see more.");
    }
  };
  const std::size_t threads = std::min<std::size_t>(
      runs.size(), thread_count ? thread_count : std::max(1u, std::thread::hardware_concurrency()));
  run_on_threads(threads, work);
  for (const Diagnostics& d : said)
    for (const Diagnostic& item : d.items()) diagnostics.add(item);
  return runs;
}

const ValidationRun* find_run(const std::vector<ValidationRun>& runs, const std::string& movement,
                              const std::string& settings) {
  for (const ValidationRun& run : runs)
    if (run.movement == movement && run.settings == settings) return &run;
  return nullptr;
}

std::optional<double> calc_counterpart(const Measurement& measurement, const Comparison& comparison,
                                       const std::vector<ValidationRun>& runs) {
  const ValidationRun* run = find_run(runs, comparison.movement, comparison.settings);
  if (!run || !run->computed) return std::nullopt;
  const std::string& quantity = measurement.quantity;
  const auto find_load = [&](const ValidationRun* of, const std::string& name, Statistic statistic) {
    return of && of->computed ? find_statistic(of->curves.joint_loads, name, statistic) : std::nullopt;
  };
  const auto find_own = [&](const std::string& name) { return find_load(run, name, comparison.statistic); };
  const auto find_other = [&](const char* movement, const std::string& name) {
    return find_load(find_run(runs, movement, ""), name, Statistic::peak);
  };
  const auto in_percent = [](std::optional<double> v) { return v ? std::optional<double>(100 * *v) : std::nullopt; };

  if (quantity == "hip_contact" || quantity == "knee_contact") {
    const std::string joint = quantity == "hip_contact" ? "hip_" : "walker_knee_";
    return in_percent(choose_side(comparison.side, [&](const std::string& s) { return find_own(joint + s); }));
  }
  if (quantity == "hip_gravity_share")
    return in_percent(
        choose_side(comparison.side, [&](const std::string& s) { return run->hip_gravity_share[s == "r" ? 0 : 1]; }));
  if (quantity == "disc_pressure")
    return divide(find_own("L4_L5_compression"), find_other(kStanding, "L4_L5_compression"));
  if (quantity == "vertebral_order")
    return divide(find_own("L2_L3_compression"), find_other(kWalking, "L2_L3_compression"));
  if (quantity == "vertebral_share")
    return in_percent(divide(find_own("L2_L3_compression"), find_other(kStanding, "L2_L3_compression")));
  if (quantity == "model_spine_compression") {
    const auto load = find_own("L4_L5_compression");
    return load ? std::optional<double>(*load * run->curves.body_weight) : std::nullopt;
  }
  if (quantity == "gluteal_to_tfl_index")
    return choose_side(comparison.side,
                       [&](const std::string& s) { return calc_index(*run, s, comparison.statistic); });
  if (quantity == "emg_gluteus_maximus")
    return in_percent(choose_side(
        comparison.side, [&](const std::string& s) { return find_surface_maximus(*run, s, comparison.statistic); }));
  for (const std::string prefix : {"emg_", "fine_wire_"})
    if (starts_with(quantity, prefix))
      return choose_side(comparison.side, [&](const std::string& s) {
        return find_activation(*run, quantity.substr(prefix.size()), s, comparison.statistic);
      });
  return std::nullopt;
}

double find_measured_value(const Measurement& measurement, const Evidence& evidence) {
  double value = std::isfinite(measurement.value) ? measurement.value : 0.5 * (measurement.low + measurement.high);
  if (measurement.quantity != "disc_pressure") return value;
  for (const Measurement& m : evidence.measurements)
    if (m.id == "disc.standing") return value / m.value;
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace buttress
