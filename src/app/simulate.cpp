#include "app/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <numbers>
#include <set>

#include "app/body_strength.h"
#include "app/conditions.h"
#include "app/data_folder.h"
#include "app/movement_forces.h"
#include "app/movement_report.h"
#include "app/movement_scaling.h"
#include "app/movement_support.h"
#include "app/movement_text.h"
#include "app/report.h"
#include "app/run_record.h"
#include "app/stick_figure.h"
#include "base/near_names.h"
#include "io/osim_scaling.h"
#include "io/table_reader.h"

namespace buttress {

namespace {

/// MOVE-009 for the frame that lies farthest outside, beyond 10 mm
void check_balance(const Model& model, const MovementSpec& movement, const SolvedMovement& solved,
                   const OutsideForces& outside, Diagnostics& diagnostics) {
  double worst = 0, when = 0;
  for (std::size_t f = 0; f < solved.motion.frame_count(); ++f) {
    std::vector<Wrench<double>> applied(model.bodies.size(), zero_wrench<double>());
    for (std::size_t l = 0; l < outside.loads.size(); ++l) {
      const double* v = &outside.values[(f * outside.loads.size() + l) * 9];
      const Vec3d force{v[0], v[1], v[2]};
      applied[static_cast<std::size_t>(outside.loads[l].body)] += {force, cross(Vec3d{v[3], v[4], v[5]}, force)};
    }
    const double distance = calc_distance_outside_support(model, solved, f, applied);
    if (distance > worst) worst = distance, when = solved.motion.time[f];
  }
  if (worst > 0.01)
    diagnostics.error("MOVE-009", movement.file, 0,
                      worst > 1e8
                          ? fmt::format("at {:.2f} s nothing touches the ground", when)
                          : fmt::format("the body falls over: at {:.2f} s the ground's pressure centre would have "
                                        "to be {:.0f} mm outside what touches the ground",
                                        when, 1000 * worst),
                      "Move more slowly, ask for balance in the keyframe, or support the body elsewhere.");
}

std::string find_movement_folder() {
  return find_data_folder() + "/movements";
}

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
bool write_body(const PersonBody& body, const CoordinateTrajectory& motion, const std::string& file,
                Diagnostics& diagnostics) {
  const std::string body_file = find_data_folder() + "/models/buttress_body.osim";
  auto document = body.text.empty() ? read_xml(body_file, diagnostics) : parse_xml(body.text, body_file, diagnostics);
  if (!document) return false;
  const Model& model = body.model;
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
std::string make_phase_pictures(const Analysis& analysis, const SolvedMovement& solved,
                                const std::function<std::vector<double>(std::size_t)>& find_loads_at) {
  const std::size_t n = analysis.conditions[0].plan.model->coordinates.size();
  std::vector<std::size_t> shown;
  std::string html;
  for (const SolvedPhase& phase : solved.phases) {
    const double* q = &analysis.q[phase.frame * n];
    const bool is_new = std::none_of(shown.begin(), shown.end(), [&](std::size_t f) {
      return std::equal(q, q + n, &analysis.q[f * n], [](double a, double b) { return std::abs(a - b) < 0.02; });
    });
    if (!is_new) continue;
    shown.push_back(phase.frame);
    html += make_posture_pictures(analysis, phase.frame, find_loads_at(phase.frame).data(),
                                  fmt::format("{:.1f} s: {}", analysis.time[phase.frame], phase.name));
  }
  if (shown.size() < 2) return {};
  return "<details><summary>The movement step by step</summary>" + html + "</details>\n";
}

void fill_curves(const Analysis& analysis, const SolvedMovement& movement, SimulatedCurves& curves) {
  const Condition& condition = analysis.conditions[0];
  const std::size_t frames = analysis.time.size();
  curves.body_weight = analysis.body_weight;
  curves.movement = movement;
  curves.joint_loads = condition.joint_loads;
  curves.group_activations = condition.group_activations;
  curves.trust = condition.trust;
  const std::size_t width = condition.plan.columns.size();
  for (std::size_t c = 0; c < width; ++c) {
    if (condition.plan.columns[c].muscle < 0) continue;
    Series series{condition.plan.columns[c].name, condition.plan.columns[c].name, "0..1", {}};
    for (std::size_t f = 0; f < frames; ++f) series.values.push_back(condition.output.activation[f * width + c]);
    curves.muscle_activations.push_back(std::move(series));
  }
}

}  // namespace

std::string describe_movements(Diagnostics& diagnostics) {
  std::string text;
  for (const std::string& name : list_movements(find_movement_folder())) {
    const auto movement = read_movement(find_movement_folder() + "/" + name + ".json", diagnostics);
    if (!movement) continue;
    text += fmt::format("{:<26}{}\n", name, movement->title);
    for (const MovementParameter& p : movement->parameters)
      text += fmt::format("{:<26}  {}={:g} ({:g} to {:g}): {}\n", "", p.name, p.value, p.min, p.max, p.title);
  }
  return text;
}

RunStatus run_simulate(const SimulateRequest& request, std::string& text, std::string& record_text,
                       Diagnostics& diagnostics, SimulatedCurves* curves) {
  StageClock clock;
  const bool is_file = std::filesystem::path(request.movement).extension() == ".json";
  const std::string movement_file =
      is_file ? request.movement : find_movement_folder() + "/" + request.movement + ".json";
  const std::vector<std::string> names = list_movements(find_movement_folder());
  if (!is_file && std::find(names.begin(), names.end(), request.movement) == names.end()) {
    diagnostics.error(
        "SIM-001", "", 0, "there is no built-in movement '" + request.movement + "'",
        ask_for_near_names(request.movement, names) + fmt::format("Built in: {}.", fmt::join(names, ", ")));
    return RunStatus::bad_input;
  }
  const std::string body_file = find_data_folder() + "/models/buttress_body.osim";
  const std::string contact_file = find_contact_file(), group_file = find_group_file();
  std::optional<SimulatedBody> own;
  if (!request.body) own = prepare_body(request.person_file, request.strength_as_modelled, diagnostics);
  const SimulatedBody* const body = request.body ? request.body : own ? &*own : nullptr;
  auto movement = read_movement(movement_file, diagnostics);
  if (movement && body) scale_lengths(body->of.person.height / Person{}.height, *movement);
  if (movement) set_parameters(request.settings, *movement, diagnostics);
  if (!body || !movement) return RunStatus::bad_input;
  const Model* const model = &body->of.model;
  const MuscleGroups& groups = body->groups;
  const Person& person = body->of.person;
  const std::optional<BodyStrength>& body_strength = body->strength;
  const std::vector<double> strengths = make_strengths(*model, groups, request.strength, diagnostics);
  if (diagnostics.has_errors()) return RunStatus::bad_input;
  for (MovementLoad& load : movement->loads) load.p_B = scale_point(body->of.factors, load.body, load.p_B);
  for (MovementBand& band : movement->bands) {
    band.p_from = scale_point(body->of.factors, band.from_body, band.p_from);
    band.p_to = scale_point(body->of.factors, band.to_body, band.p_to);
  }
  clock.finish("body");
  const auto solved = solve_movement(*model, *movement, body->contacts, diagnostics);
  if (!solved) return RunStatus::bad_input;
  const OutsideForces outside = make_outside_forces(*model, *movement, solved->motion);
  check_balance(*model, *movement, *solved, outside, diagnostics);
  if (diagnostics.has_errors()) return RunStatus::bad_input;
  clock.finish("movement");

  Analysis analysis;
  analysis.model_name = "built-in body";
  analysis.motion_name = movement->title;
  analysis.mass = model->total_mass;
  analysis.body_weight = model->total_mass * std::sqrt(dot(model->gravity_W, model->gravity_W));
  analysis.time = solved->motion.time;
  analysis.q = solved->motion.q;
  analysis.notes.push_back(movement->description);
  analysis.notes.push_back(kAgreementWithPeople);
  if (body_strength)
    analysis.notes.push_back(describe_strength(*body_strength, person));
  else
    analysis.notes.push_back(
        "The muscles have the forces of the generic model, too strong at the hip by a factor of about two.");
  if (person.height != Person{}.height)
    analysis.notes.push_back(
        "Seat, step, stance and all other lengths of the movement go with the person's height unless they were set.");
  analysis.notes.push_back("The forces of the ground are those that need the least effort of all muscles together.");
  if (movement->at_rest)
    analysis.notes.push_back(
        "Muscles with nothing to do are silent, as they are in people who lie at rest; elsewhere they keep a little "
        "tone.");
  if (!solved->remark.empty()) analysis.notes.push_back(solved->remark);
  for (const MovementParameter& p : movement->parameters)
    analysis.notes.push_back(fmt::format("{} = {:g}.", p.name, p.value));
  ChainOptions options;
  if (body_strength) options.strength = body_strength->factor;
  options.contacts = solved->contacts;
  options.fibers = body->fibers;
  options.effort_weight = calc_effort_weights(*model, groups);
  options.muscle_tone = !movement->at_rest;
  const ChainInput input{solved->motion.frame_count(), solved->motion.q.data(), solved->motion.qd.data(),
                         solved->motion.qdd.data(), outside.values.data()};
  run_conditions(analysis, *model, groups, input, outside.loads, options, request.strength, strengths,
                 request.thread_count);
  clock.finish("compute");
  if (curves) fill_curves(analysis, *solved, *curves);

  std::string settings;
  for (const MovementParameter& p : movement->parameters) settings += fmt::format(", {}={:g}", p.name, p.value);
  std::string heading = fmt::format("{}: built-in body, {:.0f} kg, {} muscles{}.\n", movement->title, model->total_mass,
                                    model->muscles.size(), settings);
  std::string strength_text;
  if (body_strength)
    strength_text = fmt::format("\nStrength: a {} (--person changes this, --strength-as-modelled switches it off)\n{}",
                                describe_person(person), make_strength_lines(*body_strength));
  const MovementResults results = make_movement_results(*model, *movement, groups, analysis, solved->motion);
  if (!solved->remark.empty()) heading += solved->remark + "\n";
  text = make_movement_text(analysis, results, heading, strength_text);
  const Condition& shown = analysis.conditions.back();
  const std::size_t frame = find_busiest_frame(shown, analysis.time.size());
  const auto find_loads_at = [&](std::size_t f) {
    return find_drawn_loads(shown, outside.loads.empty() ? nullptr : &outside.values[f * outside.loads.size() * 9], f);
  };
  const std::vector<double> drawn = find_loads_at(frame);
  if (!request.picture_file.empty())
    write_text_file(
        request.picture_file,
        make_stick_figure_svg(shown.plan, &analysis.q[frame * model->coordinates.size()], find_figures(analysis, frame),
                              drawn.data(), analysis.motion_name + ": " + shown.title),
        diagnostics);
  auto record = make_run_record("simulate " + request.movement,
                                {body_file, contact_file, group_file, movement_file, request.person_file}, &shown.plan,
                                diagnostics, clock);
  record["movement"] = movement->name;
  record["person"] = describe_person(person);
  if (body_strength) record["body_strength"] = make_strength_record(*model, *body_strength);
  for (const MovementParameter& p : movement->parameters) record["parameters"][p.name] = p.value;
  add_movement_records(results, record);
  record["conditions"] = make_condition_records(analysis);
  record_text = format_run_record(record);
  if (!request.out_folder.empty()) {
    const std::string when =
        analysis.time.size() < 2 ? "" : fmt::format(", when the joints carry most ({:.1f} s)", analysis.time[frame]);
    std::string html = make_posture_pictures(analysis, frame, drawn.data(), analysis.motion_name + when);
    html += make_phase_pictures(analysis, *solved, find_loads_at);
    html += make_movement_sections(analysis, results);
    const std::vector<std::string> written = {request.out_folder + "/coordinates.sto",
                                              request.out_folder + "/body.osim"};
    if (make_folder(request.out_folder, diagnostics) &&
        write_sto(written[0], make_coordinate_table(*model, solved->motion), diagnostics) &&
        write_body(body->of, solved->motion, written[1], diagnostics) &&
        write_analysis(analysis, *model, request.out_folder, written, record, record_text, html, diagnostics))
      text += "Report: " + request.out_folder + "/report.html\n";
  }
  for (const Condition& c : analysis.conditions)
    if (c.trust.unsolved_frames > 0) return RunStatus::not_solved;
  return diagnostics.has_errors() ? RunStatus::bad_input : RunStatus::done;
}

}  // namespace buttress
