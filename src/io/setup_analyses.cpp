#include "io/setup_analyses.h"

#include <algorithm>

#include "io/setup_fields.h"
#include "io/setup_tasks.h"
#include "io/table_header.h"

namespace buttress {

namespace {

struct AnalysisType {
  const char* name;
  AnalysisKind kind;
};
constexpr AnalysisType kAnalysisTypes[] = {
    {"StaticOptimization", AnalysisKind::static_optimization}, {"JointReaction", AnalysisKind::joint_reaction},
    {"MuscleAnalysis", AnalysisKind::muscle_analysis},         {"Kinematics", AnalysisKind::kinematics},
    {"BodyKinematics", AnalysisKind::body_kinematics},         {"PointKinematics", AnalysisKind::point_kinematics},
    {"ForceReporter", AnalysisKind::force_reporter},           {"Actuation", AnalysisKind::actuation},
    {"StatesReporter", AnalysisKind::states_reporter}};

AnalysisKind find_analysis_kind(std::string_view type) {
  for (const AnalysisType& known : kAnalysisTypes)
    if (type == known.name) return known.kind;
  return AnalysisKind::unsupported;
}

void read_static_optimization(SetupFields& fields, const XmlDocument& document, AnalysisSetup& analysis,
                              Diagnostics& diagnostics) {
  analysis.use_model_force_set = fields.flag("use_model_force_set", analysis.use_model_force_set);
  analysis.activation_exponent = fields.number("activation_exponent", analysis.activation_exponent);
  analysis.use_muscle_physiology = fields.flag("use_muscle_physiology", analysis.use_muscle_physiology);
  analysis.optimizer_convergence_criterion =
      fields.number("optimizer_convergence_criterion", analysis.optimizer_convergence_criterion);
  analysis.optimizer_max_iterations = fields.integer("optimizer_max_iterations", analysis.optimizer_max_iterations);
  if (!(analysis.activation_exponent >= 1 && analysis.activation_exponent <= 100))
    diagnostics.error("SETUP-011", document.file, fields.line_of("activation_exponent"),
                      "activation_exponent must be a number from 1 to 100", "OpenSim's default is 2.");
}

void read_joint_reaction(SetupFields& fields, const XmlDocument& document, AnalysisSetup& analysis,
                         Diagnostics& diagnostics) {
  analysis.forces_file = fields.path("forces_file");
  analysis.joint_names = fields.words("joint_names", analysis.joint_names);
  analysis.apply_on_bodies = fields.words("apply_on_bodies", analysis.apply_on_bodies);
  analysis.express_in_frame = fields.words("express_in_frame", analysis.express_in_frame);
  const std::size_t joints = analysis.joint_names.size();
  const auto check_length = [&](const char* name, const std::vector<std::string>& list) {
    if (list.size() == 1 || list.size() == joints) return;
    diagnostics.error("SETUP-008", document.file, fields.line_of(name),
                      std::string("<").append(name) + "> has " + std::to_string(list.size()) + " entries for " +
                          std::to_string(joints) + " joint names",
                      "Give one entry for all joints, or one for each.");
  };
  check_length("apply_on_bodies", analysis.apply_on_bodies);
  check_length("express_in_frame", analysis.express_in_frame);
  for (std::string& side : analysis.apply_on_bodies) {
    side = to_lower(side);
    if (side != "child" && side != "parent")
      diagnostics.error("SETUP-008", document.file, fields.line_of("apply_on_bodies"),
                        "<apply_on_bodies> holds \"" + side + "\"", "Expected child or parent.");
  }
}

}  // namespace

std::string list_analysis_types() {
  std::string list;
  for (const AnalysisType& known : kAnalysisTypes) list += (list.empty() ? "" : ", ") + std::string(known.name);
  return list;
}

AnalysisSetup read_analysis(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics) {
  SetupFields fields(document, node, diagnostics);
  AnalysisSetup analysis;
  analysis.type = node.name();
  analysis.kind = find_analysis_kind(analysis.type);
  analysis.name = node.attribute("name").as_string(analysis.type.c_str());
  if (analysis.name.empty()) analysis.name = analysis.type;
  analysis.line = document.line_of(node);
  analysis.on = fields.flag("on", analysis.on);
  analysis.start_time = fields.number("start_time", analysis.start_time);
  analysis.end_time = fields.number("end_time", analysis.end_time);
  analysis.step_interval = fields.integer("step_interval", analysis.step_interval);
  analysis.in_degrees = fields.flag("in_degrees", analysis.in_degrees);
  if (analysis.step_interval < 1)
    diagnostics.error("SETUP-011", document.file, fields.line_of("step_interval"), "step_interval must be 1 or more",
                      "");
  if (analysis.kind == AnalysisKind::unsupported) return analysis;
  if (analysis.kind == AnalysisKind::static_optimization)
    read_static_optimization(fields, document, analysis, diagnostics);
  if (analysis.kind == AnalysisKind::joint_reaction) read_joint_reaction(fields, document, analysis, diagnostics);
  if (analysis.kind == AnalysisKind::kinematics)
    analysis.coordinates = fields.words("coordinates", analysis.coordinates);
  if (analysis.kind == AnalysisKind::body_kinematics) {
    analysis.bodies = fields.words("bodies", analysis.bodies);
    analysis.express_results_in_body_local_frame = fields.flag("express_results_in_body_local_frame", false);
  }
  if (analysis.kind == AnalysisKind::point_kinematics) {
    analysis.body_name = fields.text("body_name", analysis.body_name);
    analysis.relative_to_body_name = fields.text("relative_to_body_name", analysis.relative_to_body_name);
    analysis.point_name = fields.text("point_name", analysis.point_name);
    if (const pugi::xml_node point = fields.find("point"))
      if (const auto numbers = read_numbers(document, point, diagnostics, 3))
        std::copy_n(numbers->begin(), 3, analysis.point.begin());
  }
  if (analysis.kind == AnalysisKind::force_reporter)
    analysis.include_constraint_forces = fields.flag("include_constraint_forces", false);
  if (analysis.kind == AnalysisKind::muscle_analysis) {
    analysis.muscle_list = fields.words("muscle_list", analysis.muscle_list);
    analysis.moment_arm_coordinate_list =
        fields.words("moment_arm_coordinate_list", analysis.moment_arm_coordinate_list);
    analysis.compute_moments = fields.flag("compute_moments", analysis.compute_moments);
  }
  warn_of_unknown(fields, document, diagnostics);
  return analysis;
}

}  // namespace buttress
