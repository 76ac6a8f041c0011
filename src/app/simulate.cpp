#include "app/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/body_strength.h"
#include "app/conditions.h"
#include "app/data_folder.h"
#include "app/movement_results.h"
#include "app/report.h"
#include "app/run_record.h"
#include "app/stick_figure.h"
#include "io/contact_reader.h"

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

/// peak and mean activation of the groups that people ask for, busiest first
std::string make_activation_lines(const Analysis& analysis, std::size_t count) {
  const auto& whole = analysis.conditions[0].group_activations;
  std::vector<std::size_t> order(whole.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto is_gluteal = [&](std::size_t i) {
    return whole[i].name.rfind("gluteus", 0) == 0 || whole[i].name.rfind("tensor", 0) == 0;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (is_gluteal(a) != is_gluteal(b)) return is_gluteal(a);
    return !is_gluteal(a) && whole[a].peak() > whole[b].peak();
  });
  std::string text;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Series& s = whole[order[i]];
    if (!is_gluteal(order[i]) && (count == 0 || s.peak() < 0.01)) break;
    if (!is_gluteal(order[i])) --count;
    text += fmt::format("  {:<34}peak {:3.0f} %   mean {:3.0f} %\n", s.title, 100 * s.peak(), 100 * s.mean());
  }
  return text;
}

std::string make_text(const Analysis& analysis, const MovementSpec& movement, const Model& model,
                      const MuscleGroups& groups, const CoordinateTrajectory& motion, const std::string& heading) {
  const Condition& whole = analysis.conditions[0];
  const std::size_t frames = analysis.time.size();
  std::string text = heading;
  text += "\nJoint loads (1 BW = one body weight)\n";
  text += fmt::format("  {:<34}{:>9} {:>8}", "", "whole", "");
  if (analysis.conditions.size() > 1) text += "  |  " + analysis.conditions[1].title;
  text += "\n";
  for (const char* name :
       {"hip_r", "hip_l", "walker_knee_r", "walker_knee_l", "L3_L4_compression", "L4_L5_compression", "L4_L5_shear",
        "L5_S1_compression", "L5_S1_shear", "sacroiliac_r_compression", "sacroiliac_r_shear"}) {
    std::string remark;
    for (const PublishedLoad& p : movement.published)
      if (p.load == name) remark = fmt::format("measured in people: about {:.2f} BW ({})", p.value_BW, p.source);
    text += make_load_line(analysis, name, remark);
  }
  text += "\nActivation" + std::string(analysis.conditions.size() > 1 ? ", whole" : "") + "\n" +
          make_activation_lines(analysis, 8);
  const Series* disc = find_series(whole.joint_loads, "L4_L5_compression");
  for (char side : {'r', 'l'}) {
    const Series* gluteus = find_series(whole.group_activations, std::string("gluteus_maximus_") + side);
    if (!gluteus || !disc || disc->mean() <= 0) continue;
    text += fmt::format("  {} side: gluteal-to-TFL index {:.0f}, gluteus maximus {:.1f} % per body weight on L4-L5\n",
                        side == 'r' ? "right" : "left", calc_gluteal_index(whole, side),
                        100 * gluteus->mean() / disc->mean());
  }
  if (analysis.conditions.size() > 1)
    text += "\nWho works more, who works less\n" + make_compensation_lines(analysis, 10);
  text += "\nLongest muscles (fibre length, % of optimum: shortest to longest)\n";
  const std::vector<MuscleStretch> stretches = calc_stretches(model, groups, whole, frames);
  for (std::size_t i = 0; i < std::min<std::size_t>(6, stretches.size()); ++i)
    text +=
        fmt::format("  {:<34}{:3.0f} to {:3.0f} %\n", stretches[i].title, stretches[i].shortest, stretches[i].longest);
  const std::vector<CueResult> cues = check_cues(model, movement, motion);
  if (!cues.empty()) text += "\nForm\n";
  for (const CueResult& cue : cues)
    text += fmt::format("  {:<12}{}: {:.{}f} to {:.{}f} {}\n", cue.met ? "kept" : "NOT KEPT", cue.title, cue.lowest,
                        cue.unit == "m" ? 2 : 0, cue.highest, cue.unit == "m" ? 2 : 0, cue.unit);
  for (const Condition& c : analysis.conditions)
    for (const std::string& warning : c.trust.warnings)
      text += fmt::format("\nRead with care ({}): {}\n", c.title, warning);
  text +=
      "\nA generic body. Against measurements in people its hip and knee loads are near or up to 45 % high when "
      "standing, and\nabout twice as high in tasks with bent knees (docs/validation.md): compare, do not read single "
      "values.\nDecision support and education: not a diagnosis, not for emergencies.\n";
  return text;
}

/// what the carried things pull, frame by frame: mass times gravity less acceleration, at their point
struct CarriedLoads {
  std::vector<ChainLoad> loads;
  std::vector<double> values;  ///< [frames x loads x 9]
};
CarriedLoads make_carried_loads(const Model& model, const MovementSpec& movement, const CoordinateTrajectory& motion) {
  CarriedLoads carried;
  std::vector<std::size_t> bodies;
  for (const MovementLoad& l : movement.loads) {
    bodies.push_back(static_cast<std::size_t>(model.find_body(l.body)));
    carried.loads.push_back({l.name, model.find_body(l.body), 0, 0});
  }
  Kinematics<double> kin = make_kinematics<double>(model);
  const std::size_t n = model.coordinates.size();
  for (std::size_t f = 0; f < motion.frame_count() && !bodies.empty(); ++f) {
    update_positions(model, &motion.q[f * n], kin);
    update_accelerations(model, &motion.qd[f * n], &motion.qdd[f * n], kin);
    for (std::size_t l = 0; l < bodies.size(); ++l) {
      const std::size_t b = bodies[l];
      const Vec3d arm = kin.X_WB[b].R * movement.loads[l].p_B, w = kin.w_WB_W[b];
      const Vec3d a = kin.a_WB_W[b] + cross(kin.alpha_WB_W[b], arm) + cross(w, cross(w, arm));
      const Vec3d force = find_value(movement, movement.loads[l].mass_kg) * (model.gravity_W - a);
      const Vec3d p = kin.X_WB[b].p + arm;
      carried.values.insert(carried.values.end(), {force.x, force.y, force.z, p.x, p.y, p.z, 0, 0, 0});
    }
  }
  return carried;
}

/// MOVE-009 for the frame that lies farthest outside, beyond 10 mm
void check_balance(const Model& model, const MovementSpec& movement, const SolvedMovement& solved,
                   const CarriedLoads& carried, Diagnostics& diagnostics) {
  double worst = 0, when = 0;
  for (std::size_t f = 0; f < solved.motion.frame_count(); ++f) {
    std::vector<Wrench<double>> applied(model.bodies.size(), zero_wrench<double>());
    for (std::size_t l = 0; l < carried.loads.size(); ++l) {
      const double* v = &carried.values[(f * carried.loads.size() + l) * 9];
      const Vec3d force{v[0], v[1], v[2]};
      applied[static_cast<std::size_t>(carried.loads[l].body)] += {force, cross(Vec3d{v[3], v[4], v[5]}, force)};
    }
    const double outside = calc_distance_outside_support(model, solved, f, applied);
    if (outside > worst) worst = outside, when = solved.motion.time[f];
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

/// frame at which the joint loads are largest
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
                       Diagnostics& diagnostics) {
  StageClock clock;
  const bool is_file = std::filesystem::path(request.movement).extension() == ".json";
  const std::string movement_file =
      is_file ? request.movement : find_movement_folder() + "/" + request.movement + ".json";
  const std::vector<std::string> names = list_movements(find_movement_folder());
  if (!is_file && std::find(names.begin(), names.end(), request.movement) == names.end()) {
    diagnostics.error("SIM-001", "", 0, "there is no built-in movement '" + request.movement + "'",
                      fmt::format("Built in: {}.", fmt::join(names, ", ")));
    return RunStatus::bad_input;
  }
  const std::string body_file = find_data_folder() + "/models/buttress_body.osim";
  const std::string contact_file = find_data_folder() + "/models/buttress_contacts.csv";
  const std::string group_file = find_data_folder() + "/muscle_groups.csv";
  auto movement = read_movement(movement_file, diagnostics);
  if (movement) set_parameters(request.settings, *movement, diagnostics);
  auto model = load_model({body_file, {}, false, {}, {}, false}, diagnostics);
  const MuscleGroups groups = read_muscle_groups(group_file, diagnostics);
  if (!model || !movement) return RunStatus::bad_input;
  const auto contacts = read_contacts(contact_file, *model, 0, diagnostics);
  const std::vector<double> strengths = make_strengths(*model, groups, request.strength, diagnostics);
  if (!contacts || diagnostics.has_errors()) return RunStatus::bad_input;
  clock.finish("read");
  const Person person;
  std::optional<BodyStrength> body_strength;
  if (!request.strength_as_modelled) {
    const auto tables = read_strength_tables(find_data_folder() + "/norms", diagnostics);
    if (tables) body_strength = calc_body_strength(*model, person, *tables, diagnostics);
    if (!body_strength || diagnostics.has_errors()) return RunStatus::bad_input;
    apply_strength(body_strength->factor, *model);
  }
  clock.finish("strength");
  const auto solved = solve_movement(*model, *movement, *contacts, diagnostics);
  if (!solved) return RunStatus::bad_input;
  const CarriedLoads carried = make_carried_loads(*model, *movement, solved->motion);
  check_balance(*model, *movement, *solved, carried, diagnostics);
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
  analysis.notes.push_back(
      "Against measurements in people, hip and knee loads of this body are near or up to 45 % high when standing, and "
      "about twice as high in tasks with bent knees (docs/validation.md of Buttress).");
  if (body_strength)
    analysis.notes.push_back(describe_strength(*body_strength, person));
  else
    analysis.notes.push_back(
        "The muscles have the forces of the generic model, too strong at the hip by a factor of about two.");
  analysis.notes.push_back("The forces of the ground are those that need the least effort of all muscles together.");
  for (const MovementParameter& p : movement->parameters)
    analysis.notes.push_back(fmt::format("{} = {:g}.", p.name, p.value));
  for (const CueResult& cue : check_cues(*model, *movement, solved->motion))
    analysis.notes.push_back(fmt::format("Form, {}: {} ({:.2f} to {:.2f} {}).", cue.met ? "kept" : "not kept",
                                         cue.title, cue.lowest, cue.highest, cue.unit));
  ChainOptions options;
  options.contacts = solved->contacts;
  const ChainInput input{solved->motion.frame_count(), solved->motion.q.data(), solved->motion.qd.data(),
                         solved->motion.qdd.data(), carried.values.data()};
  run_conditions(analysis, *model, groups, input, carried.loads, options, request.strength, strengths,
                 request.thread_count);
  clock.finish("compute");

  std::string settings;
  for (const MovementParameter& p : movement->parameters) settings += fmt::format(", {}={:g}", p.name, p.value);
  std::string heading = fmt::format("{}: built-in body, {:.0f} kg, {} muscles{}.\n", movement->title, model->total_mass,
                                    model->muscles.size(), settings);
  if (body_strength)
    heading += fmt::format("As strong as a {} (--strength-as-modelled switches this off):\n{}", describe_person(person),
                           make_strength_lines(*body_strength));
  text = make_text(analysis, *movement, *model, groups, solved->motion, heading);
  const Condition& shown = analysis.conditions.back();
  const std::size_t frame = find_busiest_frame(shown, analysis.time.size());
  const std::vector<double> drawn = find_drawn_loads(
      shown, carried.loads.empty() ? nullptr : &carried.values[frame * carried.loads.size() * 9], frame);
  if (!request.picture_file.empty())
    write_text_file(
        request.picture_file,
        make_stick_figure_svg(shown.plan, &analysis.q[frame * model->coordinates.size()], find_figures(analysis, frame),
                              drawn.data(), analysis.motion_name + ": " + shown.title),
        diagnostics);
  auto record = make_run_record("simulate " + request.movement, {body_file, contact_file, group_file, movement_file},
                                &shown.plan, diagnostics, clock);
  record["movement"] = movement->name;
  if (body_strength) record["body_strength"] = make_strength_record(*model, *body_strength);
  for (const MovementParameter& p : movement->parameters) record["parameters"][p.name] = p.value;
  for (const MuscleStretch& s : calc_stretches(*model, groups, analysis.conditions[0], analysis.time.size()))
    record["fibre_length_percent"][s.name] = {s.shortest, s.longest};
  for (char side : {'r', 'l'})
    record["gluteal_to_tfl_index"][std::string(1, side)] = calc_gluteal_index(analysis.conditions[0], side);
  for (const CueResult& cue : check_cues(*model, *movement, solved->motion)) record["form_cues"][cue.title] = cue.met;
  record["conditions"] = make_condition_records(analysis);
  record_text = format_run_record(record);
  if (!request.out_folder.empty()) {
    if (write_analysis(analysis, *model, request.out_folder, record_text,
                       make_posture_pictures(analysis, frame, drawn.data(), analysis.motion_name), diagnostics))
      text += "Report: " + request.out_folder + "/report.html\n";
  }
  for (const Condition& c : analysis.conditions)
    if (c.trust.unsolved_frames > 0) return RunStatus::not_solved;
  return diagnostics.has_errors() ? RunStatus::bad_input : RunStatus::done;
}

}  // namespace buttress
