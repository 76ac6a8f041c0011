#include "study/simulation.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "movement/movement_forces.h"
#include "movement/movement_scaling.h"
#include "movement/movement_support.h"
#include "study/conditions.h"

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

/// the file's movement in the size of the body, with the settings that were asked for
std::optional<MovementSpec> read_movement_for(const SimulatedBody& body, const SimulationRequest& request,
                                              Diagnostics& diagnostics) {
  auto movement = read_movement(request.movement_file, diagnostics);
  if (!movement) return std::nullopt;
  scale_lengths(body.of.person.height / Person{}.height, *movement);
  set_parameters(request.settings, *movement, diagnostics);
  for (MovementLoad& load : movement->loads) load.p_B = scale_point(body.of.factors, load.body, load.p_B);
  for (MovementBand& band : movement->bands) {
    band.p_from = scale_point(body.of.factors, band.from_body, band.p_from);
    band.p_to = scale_point(body.of.factors, band.to_body, band.p_to);
  }
  return movement;
}

void add_notes(const Simulation& simulation, RunResult& result) {
  const MovementSpec& movement = simulation.movement;
  const auto add = [&](const char* code) { result.notes.push_back({code, {}}); };
  result.notes.push_back(make_text_note(movement.description));
  add("agreement_with_people");
  add(result.strength ? "strength_of_person" : "strength_of_generic_body");
  if (result.person->height != Person{}.height) add("lengths_by_height");
  add("ground_least_effort");
  if (movement.at_rest) add("silent_at_rest");
  if (!simulation.solved.remark.empty()) result.notes.push_back(make_text_note(simulation.solved.remark));
  for (const MovementParameter& p : movement.parameters)
    result.notes.push_back({"parameter", {{"name", p.name}, {"value", p.value}}});
}

RunResult make_result(const Simulation& simulation) {
  const SimulatedBody& body = *simulation.body;
  RunResult result;
  result.model = body.of.model;
  result.model_name = "built-in body";
  result.motion_name = simulation.movement.title;
  result.mass = result.model->total_mass;
  result.body_weight = result.mass * std::sqrt(dot(result.model->gravity_W, result.model->gravity_W));
  result.time = simulation.solved.motion.time;
  result.q = simulation.solved.motion.q;
  result.person = body.of.person;
  result.strength = body.strength;
  add_notes(simulation, result);
  return result;
}

ChainOptions make_options(const SimulatedBody& body, const MovementSpec& movement, const SolvedMovement& solved) {
  ChainOptions options;
  if (body.strength) options.strength = body.strength->factor;
  options.contacts = solved.contacts;
  options.fibers = body.fibers;
  options.effort_weight = calc_effort_weights(*body.of.model, body.groups);
  options.muscle_tone = !movement.at_rest;
  return options;
}

}  // namespace

std::optional<Simulation> simulate_movement(std::shared_ptr<const SimulatedBody> body, const SimulationRequest& request,
                                            RunStatus& status, Diagnostics& diagnostics) {
  status = RunStatus::bad_input;
  StageClock clock;
  const Model& model = *body->of.model;
  auto movement = read_movement_for(*body, request, diagnostics);
  if (!movement) return std::nullopt;
  const std::vector<double> strengths = make_strengths(model, body->groups, request.strength, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  clock.finish("body");
  auto solved = solve_movement(model, *movement, body->contacts, diagnostics);
  if (!solved) return std::nullopt;
  OutsideForces outside = make_outside_forces(model, *movement, solved->motion);
  check_balance(model, *movement, *solved, outside, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  clock.finish("movement");

  Simulation simulation{std::move(body), std::move(*movement), std::move(*solved), {}, {}};
  RunResult result = make_result(simulation);
  result.loads = std::move(outside.loads);
  result.load_values = std::move(outside.values);
  const CoordinateTrajectory& motion = simulation.solved.motion;
  const ChainInput input{motion.frame_count(), motion.q.data(), motion.qd.data(), motion.qdd.data(),
                         result.load_values.data()};
  run_conditions(result, simulation.body->groups, input,
                 make_options(*simulation.body, simulation.movement, simulation.solved), request.strength, strengths,
                 request.thread_count);
  clock.finish("compute");
  result.provenance = {"simulate " + request.movement, simulation.body->files, clock};
  result.provenance.input_files.push_back(request.movement_file);
  simulation.findings =
      make_movement_results(model, simulation.movement, simulation.body->groups, result, simulation.solved.motion);
  simulation.result = std::move(result);
  status = RunStatus::done;
  for (const Condition& c : simulation.result.conditions)
    if (c.trust.unsolved_frames > 0) status = RunStatus::not_solved;
  return simulation;
}

}  // namespace buttress
