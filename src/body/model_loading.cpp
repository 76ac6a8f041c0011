#include "body/model_loading.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "body/ignored_elements.h"
#include "io/osim_reader.h"
#include "model/compile.h"
#include "muscle/fiber_force.h"
#include "muscle/passive_forces.h"
#include "muscle/path_plan.h"

namespace buttress {

namespace {

/// line of the element of that name, 0 when there is none
template <class Spec>
int find_line(const std::vector<Spec>& specs, const std::string& name) {
  const auto it = std::find_if(specs.begin(), specs.end(), [&](const Spec& s) { return s.name == name; });
  return it == specs.end() ? 0 : it->at.line;
}

/// One try of building something from a part of the model: MODEL-020 with the reason when it cannot be built.
template <class Build>
void try_building(const Build& build, const std::string& who, const std::string& file, int line,
                  Diagnostics& diagnostics) {
  try {
    build();
  } catch (const std::invalid_argument& problem) {
    diagnostics.error("MODEL-020", file, line, who + " cannot be simulated: " + problem.what(),
                      "Compare its parameters with those of a model that runs.");
  }
}

/// What shows only when paths, fibres and formulas are prepared for the computation, each under its element. The whole
/// model is tried first; only when that fails, every part by itself.
void check_plans(const Model& model, const ModelSpec& spec, Diagnostics& diagnostics) {
  for (const PassiveForceProblem& problem : find_passive_force_problems(model))
    diagnostics.error("FORCE-001", spec.file, problem.at.line, "force '" + problem.name + "': " + problem.message,
                      "Correct it, or leave the force out with --ignore " + problem.name + ".");
  try {
    make_path_plan(model);
    make_fiber_plan(model);
    return;
  } catch (const std::invalid_argument&) {
  }
  const auto check_path = [&](int path, const std::string& who, int line) {
    Model part = model;
    part.paths = {model.paths[static_cast<std::size_t>(path)]};
    try_building([&] { make_path_plan(part); }, who, spec.file, line, diagnostics);
  };
  for (const Muscle& muscle : model.muscles) {
    const std::string who = "muscle '" + muscle.name + "'";
    const int line = find_line(spec.muscles, muscle.name);
    check_path(muscle.path, who, line);
    Model part = model;
    part.muscles = {muscle};
    try_building([&] { make_fiber_plan(part); }, who, spec.file, line, diagnostics);
  }
  for (const Actuator& actuator : model.actuators)
    if (actuator.path >= 0)
      check_path(actuator.path, "actuator '" + actuator.name + "'", find_line(spec.actuators, actuator.name));
  for (const PassiveForce& force : model.passive_forces)
    if (force.path >= 0) check_path(force.path, "force '" + force.spec.name + "'", force.spec.at.line);
}

std::optional<Model> load_parts(const ModelRequest& request, const ModelParts& parts, Diagnostics& diagnostics) {
  std::optional<ModelSpec> spec = request.text.empty() ? read_osim(request.file, diagnostics, parts)
                                                       : parse_osim(request.text, request.file, diagnostics, parts);
  if (!spec) return std::nullopt;
  // the first file replaces, the others add to it
  bool replace = request.replace_force_set;
  if (request.force_set_files.empty() && replace) clear_force_set(*spec);
  for (const std::string& file : request.force_set_files) {
    if (!read_force_set(file, replace, *spec, diagnostics, parts)) return std::nullopt;
    replace = false;
  }
  for (const std::string& file : request.path_set_files)
    if (!read_path_set(file, *spec, diagnostics)) return std::nullopt;
  if (diagnostics.has_errors()) return std::nullopt;
  // a part of the model lacks names that the whole has
  if (parts == ModelParts{}) warn_of_unmatched_names(*spec, request.ignore, diagnostics);
  auto model = compile(
      *spec, CompileOptions{request.ignore, request.simbody_rates, request.use, request.needed.muscles}, diagnostics);
  if (model) check_plans(*model, *spec, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return model;
}

/// says what is wrong with parts that nobody asked for
void report_passed_over(const ModelRequest& request, const Diagnostics& whole, Diagnostics& diagnostics) {
  std::size_t count = 0;
  const Diagnostic* first = nullptr;
  for (const Diagnostic& d : whole.items()) {
    if (d.severity != Severity::error) continue;
    if (count++ == 0) first = &d;
  }
  const ModelParts& needed = request.needed;
  std::string parts;
  const auto add = [&](bool is_needed, const char* part) {
    if (!is_needed) (parts += parts.empty() ? "" : ", ") += part;
  };
  add(needed.muscles, "muscles");
  add(needed.other_forces, "other forces");
  add(needed.markers, "markers");
  diagnostics.note("MODEL-031", first->file, first->line,
                   std::to_string(count) + (count == 1 ? " fault" : " faults") +
                       " in parts of the model that are not used here (" + parts + ") " + (count == 1 ? "is" : "are") +
                       " passed over; the first is " + first->id + ": " + first->message,
                   "Mend it before you use the model for more than this.");
}

}  // namespace

std::optional<Model> load_model(const ModelRequest& request, Diagnostics& diagnostics) {
  Diagnostics whole_messages;
  const auto hand_over = [&](const Diagnostics& messages) {
    for (const Diagnostic& d : messages.items()) diagnostics.add(d);
  };
  auto whole = load_parts(request, {}, whole_messages);
  if (whole || request.needed == ModelParts{}) {
    hand_over(whole_messages);
    return whole;
  }
  // the whole has faults: perhaps not where this request looks
  Diagnostics needed_messages;
  auto needed = load_parts(request, request.needed, needed_messages);
  hand_over(needed ? needed_messages : whole_messages);
  if (needed) report_passed_over(request, whole_messages, diagnostics);
  return needed;
}

std::string resolve_path(const std::string& path, const std::string& folder) {
  const std::filesystem::path p(path);
  if (path.empty() || p.is_absolute()) return path;
  return (std::filesystem::path(folder) / p).lexically_normal().string();
}

}  // namespace buttress
