#include "view/simulation_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <set>

#include "body/osim_scaling.h"
#include "io/table_writer.h"
#include "io/text_file.h"
#include "view/movement_report.h"
#include "view/movement_text.h"
#include "view/report.h"
#include "view/result_folder.h"
#include "view/result_record.h"
#include "view/run_record.h"
#include "view/strength_text.h"

namespace buttress {

namespace {

/// the movement itself, as OpenSim reads it
Table make_coordinate_table(const Model& model, const CoordinateTrajectory& motion) {
  Table table;
  table.name = "Coordinates";
  table.in_degrees = true;
  table.time = motion.time;
  table.values = motion.q;
  for (const Coordinate& c : model.coordinates) table.columns.push_back(c.name);
  for (std::size_t c = 0; c < model.coordinates.size(); ++c)
    for (std::size_t f = 0; f < motion.time.size() && model.coordinates[c].motion_type == MotionType::rotational; ++f)
      table.at(f, c) *= 180 / std::numbers::pi;
  return table;
}

/// The body of this run as a model for other programs: coordinates that the generic body locks and the movement moves
/// are free in it, for OpenSim's tools put locked coordinates back.
bool write_body(const SimulatedBody& body, const CoordinateTrajectory& motion, const std::string& file,
                Diagnostics& diagnostics) {
  const std::string& body_file = body.files.front();
  auto document =
      body.of.text.empty() ? read_xml(body_file, diagnostics) : parse_xml(body.of.text, body_file, diagnostics);
  if (!document) return false;
  const Model& model = *body.of.model;
  std::set<std::string> moved;
  for (std::size_t c = 0; c < model.coordinates.size(); ++c) {
    const Coordinate& coordinate = model.coordinates[c];
    for (std::size_t f = 0; coordinate.locked && f < motion.frame_count(); ++f)
      if (motion.q[f * model.coordinates.size() + c] != coordinate.default_value) moved.insert(coordinate.name);
  }
  unlock_coordinates(*document, moved);
  return write_text_file(file, format_xml(*document), diagnostics);
}

/// the figure at each keyframe that differs from those before it
std::string make_phase_pictures(const RunResult& result, const SolvedMovement& solved) {
  const std::size_t n = result.model->coordinates.size();
  std::vector<std::size_t> shown;
  std::string html;
  for (const SolvedPhase& phase : solved.phases) {
    const double* q = &result.q[phase.frame * n];
    const bool is_new = std::none_of(shown.begin(), shown.end(), [&](std::size_t f) {
      return std::equal(q, q + n, &result.q[f * n], [](double a, double b) { return std::abs(a - b) < 0.02; });
    });
    if (!is_new) continue;
    shown.push_back(phase.frame);
    html +=
        make_posture_pictures(result, phase.frame, fmt::format("{:.1f} s: {}", result.time[phase.frame], phase.name));
  }
  if (shown.size() < 2) return {};
  return "<details><summary>The movement step by step</summary>" + html + "</details>\n";
}

std::size_t find_shown_frame(const RunResult& result) {
  return find_busiest_frame(result.conditions.back(), result.frame_count());
}

}  // namespace

std::string make_simulation_text(const Simulation& simulation, const Words& words) {
  const RunResult& result = simulation.result;
  std::string settings;
  for (const MovementParameter& p : simulation.movement.parameters)
    settings += fmt::format(", {}={:g}", p.name, p.value);
  std::string heading = fmt::format("{}: built-in body, {:.0f} kg, {} muscles{}.\n", simulation.movement.title,
                                    result.mass, result.model->muscles.size(), settings);
  if (!simulation.solved.remark.empty()) heading += simulation.solved.remark + "\n";
  std::string strength;
  if (result.strength)
    strength = fmt::format("\nStrength: a {} (--person changes this, --strength-as-modelled switches it off)\n{}",
                           describe_person(*result.person), make_strength_lines(*result.strength));
  return make_movement_text(result, simulation.findings, heading, strength, words);
}

std::string make_simulation_record(const Simulation& simulation, const Words& words, const Diagnostics& diagnostics) {
  const RunResult& result = simulation.result;
  auto record = make_run_record(result, diagnostics);
  record["movement"] = simulation.movement.name;
  record["person"] = describe_person(*result.person);
  if (result.strength) record["body_strength"] = make_strength_record(*result.model, *result.strength);
  for (const MovementParameter& p : simulation.movement.parameters) record["parameters"][p.name] = p.value;
  add_movement_records(simulation.findings, record);
  record["conditions"] = make_condition_records(result, words);
  return format_run_record(record);
}

std::string make_simulation_picture(const Simulation& simulation) {
  const RunResult& result = simulation.result;
  const std::size_t frame = find_shown_frame(result);
  return make_stick_figure_svg(find_posture(result, frame), find_figures(result, frame),
                               result.motion_name + ": " + result.conditions.back().title);
}

bool write_simulation(const Simulation& simulation, const Words& words, const std::string& folder, std::string& record,
                      Diagnostics& diagnostics) {
  const RunResult& result = simulation.result;
  const std::size_t frame = find_shown_frame(result);
  const std::string when =
      result.frame_count() < 2 ? "" : fmt::format(", when the joints carry most ({:.1f} s)", result.time[frame]);
  std::string html = make_posture_pictures(result, frame, result.motion_name + when);
  html += make_phase_pictures(result, simulation.solved);
  html += make_movement_sections(result, simulation.findings, words);
  const std::vector<std::string> written = {folder + "/coordinates.sto", folder + "/body.osim"};
  return make_folder(folder, diagnostics) &&
         write_sto(written[0], make_coordinate_table(*result.model, simulation.solved.motion), diagnostics) &&
         write_body(*simulation.body, simulation.solved.motion, written[1], diagnostics) &&
         write_result_folder(result, words, folder, html, written, record, diagnostics);
}

}  // namespace buttress
