#include "io/setup_reader.h"

#include <algorithm>
#include <array>

#include "io/setup_analyses.h"
#include "io/setup_fields.h"
#include "io/setup_tasks.h"
#include "io/table_header.h"
#include "io/xml_document.h"

namespace buttress {

namespace {

/// tools of OpenSim that are recognised and refused
constexpr std::array<std::string_view, 9> kToolsToCome = {
    "ForwardTool",      "CMCTool", "RRATool",  "IMUInverseKinematicsTool", "MocoStudy", "MocoInverse",
    "PerturbationTool", "JRATool", "MocoTrack"};

/// tools that can be run
constexpr std::array<std::string_view, 4> kTools = {"InverseKinematicsTool", "ScaleTool", "InverseDynamicsTool",
                                                    "AnalyzeTool"};

std::string list_tools() {
  std::string text;
  for (const std::string_view tool : kTools) text += (text.empty() ? "" : ", ") + std::string(tool);
  return text;
}

/// "<Model>" of an OpenSimDocument, else the root itself
std::string describe_content(pugi::xml_node root) {
  const auto in_brackets = [](pugi::xml_node node) { return std::string("<").append(node.name()).append(">"); };
  if (std::string_view(root.name()) != "OpenSimDocument") return in_brackets(root);
  for (const pugi::xml_node child : root.children()) {
    const std::string_view name = child.name();
    if (child.type() != pugi::node_element) continue;
    if (name == "Model") return "a model (<Model>)";
    if (name == "ExternalLoads") return "external loads (<ExternalLoads>)";
    return in_brackets(child);
  }
  return "an empty <OpenSimDocument>";
}

bool has_errors_since(const Diagnostics& diagnostics, std::size_t count) {
  for (std::size_t i = count; i < diagnostics.items().size(); ++i)
    if (diagnostics.items()[i].severity == Severity::error) return true;
  return false;
}

/// what both tools have
void read_common(SetupFields& fields, ToolSetup& setup) {
  setup.model_file = fields.path("model_file");
  setup.results_directory = resolve_beside(fields.text("results_directory", "."), setup.file);
  setup.coordinates_file = fields.path("coordinates_file");
  setup.external_loads_file = fields.path("external_loads_file");
  setup.lowpass_hz = fields.number("lowpass_cutoff_frequency_for_coordinates", setup.lowpass_hz);
  fields.ignore("input_directory");
  fields.ignore("defaults");
  fields.ignore("notes");
}

void read_inverse_dynamics(SetupFields& fields, const XmlDocument& document, ToolSetup& setup,
                           Diagnostics& diagnostics) {
  read_common(fields, setup);
  if (const pugi::xml_node range = fields.find("time_range"))
    if (const auto times = read_numbers(document, range, diagnostics, 2, NumberRange::may_be_infinite)) {
      setup.start = (*times)[0];
      setup.end = (*times)[1];
    }
  setup.forces_to_exclude = fields.words("forces_to_exclude");
  setup.output_gen_force_file = fields.text("output_gen_force_file", setup.output_gen_force_file);
  setup.joints_to_report_body_forces = fields.words("joints_to_report_body_forces");
  setup.output_body_forces_file = fields.text("output_body_forces_file", "body_forces_at_joints.sto");
  if (fields.find("coordinates_in_degrees")) setup.coordinates_in_degrees = fields.flag("coordinates_in_degrees", true);
}

/// AnalyzeTool of OpenSim before 2.2.1 with an InverseDynamics analysis: what is now a tool of its own.
/// True when the setup was one.
bool convert_old_inverse_dynamics(const XmlDocument& document, pugi::xml_node analyses, ToolSetup& setup,
                                  Diagnostics& diagnostics) {
  const pugi::xml_node node = analyses.child("InverseDynamics");
  if (!node || setup.version >= 20202) return false;
  SetupFields fields(document, node, diagnostics);
  if (!fields.flag("on", true)) return false;
  setup.kind = ToolKind::inverse_dynamics;
  if (!fields.flag("use_model_force_set", false)) setup.forces_to_exclude = {"Muscles"};
  setup.output_gen_force_file = setup.name + "_InverseDynamics.sto";
  return true;
}

void check_old_loads(SetupFields& fields, const XmlDocument& document, Diagnostics& diagnostics) {
  const std::string bodies = fields.text("external_loads_body1") + fields.text("external_loads_body2");
  if (!bodies.empty())
    diagnostics.error("SETUP-012", document.file, fields.line_of("external_loads_body1"),
                      "external loads are given in the form of OpenSim 1: columns of a fixed order and two bodies",
                      "Write an ExternalLoads file that names bodies and columns.");
  fields.ignore("external_loads_model_kinematics_file");
  fields.ignore("lowpass_cutoff_frequency_for_load_kinematics");
}

/// whether what the analysis reports hangs on the controls of actuators
bool uses_controls(const AnalysisSetup& analysis) {
  switch (analysis.kind) {
    case AnalysisKind::static_optimization:
    case AnalysisKind::muscle_analysis:
    case AnalysisKind::states_reporter:
    case AnalysisKind::unsupported:
      return false;
    case AnalysisKind::joint_reaction:
      return analysis.forces_file.empty();
    default:
      return true;
  }
}

/// ControlSetControllers give files of controls; other controllers, and controls where nothing needs them, are named
void read_controllers(SetupFields& fields, pugi::xml_node node, const XmlDocument& document, ToolSetup& setup,
                      Diagnostics& diagnostics) {
  const bool matters = std::any_of(setup.analyses.begin(), setup.analyses.end(),
                                   [](const AnalysisSetup& a) { return a.on && uses_controls(a); });
  const auto without_effect = [&](pugi::xml_node at, const std::string& what) {
    diagnostics.add(
        {matters ? Severity::warning : Severity::note, "SETUP-010", document.file, document.line_of(at),
         what + " has no effect here",
         matters ? "Actuators follow the model's own controllers, and .sto files of ControlSetControllers, alone."
                 : "No analysis that is on uses controls."});
  };
  // OpenSim 4 does not read it either
  if (!fields.text("controls_file").empty()) without_effect(node.child("controls_file"), "<controls_file>");
  for (pugi::xml_node controller : node.child("ControllerSet").child("objects").children()) {
    if (controller.type() != pugi::node_element) continue;
    setup.controllers.push_back(controller.attribute("name").as_string(controller.name()));
    SetupFields inner(document, controller, diagnostics);
    const std::string file = inner.path("controls_file");
    const bool enabled = inner.flag("enabled", inner.flag("isDisabled", false) == false);
    if (matters && enabled && std::string_view(controller.name()) == "ControlSetController" && !file.empty())
      setup.controls_files.push_back(file);
    else if (enabled)
      without_effect(controller, "controller " + setup.controllers.back());
  }
}

void read_analyze(SetupFields& fields, pugi::xml_node node, const XmlDocument& document, ToolSetup& setup,
                  Diagnostics& diagnostics) {
  read_common(fields, setup);
  setup.replace_force_set = fields.flag("replace_force_set", fields.flag("replace_actuator_set", false));
  setup.force_set_files = fields.paths("force_set_files");
  if (setup.force_set_files.empty()) setup.force_set_files = fields.paths("actuator_set_files");
  setup.output_precision = fields.integer("output_precision", setup.output_precision);
  setup.start = fields.number("initial_time", 0.0);
  setup.end = fields.number("final_time", 1.0);
  setup.states_file = fields.path("states_file");
  setup.speeds_file = fields.path("speeds_file");
  setup.solve_for_equilibrium = fields.flag("solve_for_equilibrium_for_auxiliary_states", false);
  if (setup.output_precision < 1 || setup.output_precision > 100)
    diagnostics.error("SETUP-011", document.file, fields.line_of("output_precision"),
                      "output_precision must be from 1 to 100", "");
  for (const char* name :
       {"maximum_number_of_integrator_steps", "maximum_integrator_step_size", "minimum_integrator_step_size",
        "integrator_error_tolerance", "integrator_fine_tolerance", "pseudo_states_file", "contact_force_set_file",
        "contact_force_set_files", "load_model_and_input", "plot_results"})
    fields.ignore(name);
  check_old_loads(fields, document, diagnostics);

  fields.ignore("controls_file");
  fields.ignore("ControllerSet");
  fields.ignore("AnalysisSet");
  const pugi::xml_node analyses = node.child("AnalysisSet").child("objects");
  if (convert_old_inverse_dynamics(document, analyses, setup, diagnostics)) return;
  bool has_one = false;
  for (pugi::xml_node child : analyses.children()) {
    if (child.type() != pugi::node_element) continue;
    setup.analyses.push_back(read_analysis(document, child, diagnostics));
    const AnalysisSetup& analysis = setup.analyses.back();
    if (!analysis.on) continue;
    if (analysis.kind != AnalysisKind::unsupported)
      has_one = true;
    else
      diagnostics.warning(
          "SETUP-006", document.file, analysis.line,
          "the analysis " + analysis.type + " is not built; it is left out and its files are not written",
          "Those that are: " + list_analysis_types() + ". Run the others in OpenSim.");
  }
  read_controllers(fields, node, document, setup, diagnostics);
  if (!has_one)
    diagnostics.error("SETUP-007", document.file,
                      document.line_of(node.child("AnalysisSet") ? node.child("AnalysisSet") : node),
                      "no analysis is on that could be run", "Switch on one of: " + list_analysis_types() + ".");
}

void read_inverse_kinematics(SetupFields& fields, pugi::xml_node node, const XmlDocument& document, ToolSetup& setup,
                             Diagnostics& diagnostics) {
  setup.model_file = fields.path("model_file");
  setup.results_directory = resolve_beside(fields.text("results_directory", "."), setup.file);
  setup.marker_file = fields.path("marker_file");
  setup.coordinates_file = fields.path("coordinate_file");
  setup.output_motion_file = fields.path("output_motion_file");
  if (const pugi::xml_node range = fields.find("time_range"))
    if (const auto times = read_numbers(document, range, diagnostics, 2, NumberRange::may_be_infinite)) {
      setup.start = (*times)[0];
      setup.end = (*times)[1];
    }
  setup.constraint_weight = fields.number("constraint_weight", setup.constraint_weight);
  setup.accuracy = fields.number("accuracy", setup.accuracy);
  setup.report_errors = fields.flag("report_errors", setup.report_errors);
  setup.report_marker_locations = fields.flag("report_marker_locations", setup.report_marker_locations);
  setup.tasks = read_task_set(document, node, diagnostics);
  for (const char* name : {"IKTaskSet", "input_directory", "defaults", "notes", "optimizer_algorithm"})
    fields.ignore(name);
  if (!(setup.accuracy > 0))
    diagnostics.error("SETUP-011", document.file, fields.line_of("accuracy"), "accuracy must be above 0", "");
  if (setup.marker_file.empty())
    diagnostics.error("SETUP-003", document.file, document.line_of(node), "<marker_file> is missing or empty",
                      "Name the .trc file of the markers.");
}

/// a ScaleTool needs marker files for what it is to do
void check_scale(const XmlDocument& document, pugi::xml_node node, const ToolSetup& setup, Diagnostics& diagnostics) {
  const ScaleSetup& scale = setup.scale;
  const bool measures = scale.scales && !scale.measurements.empty() &&
                        std::find(scale.order.begin(), scale.order.end(), "measurements") != scale.order.end();
  const auto require = [&](const char* part, const std::string& file, bool is_needed) {
    if (is_needed && file.empty())
      diagnostics.error("SETUP-003", document.file, document.line_of(node.child(part)),
                        "<marker_file> of " + std::string(part) + " is missing or empty",
                        "Name the .trc file of the static trial.");
  };
  require("ModelScaler", scale.scaler_marker_file, measures);
  require("MarkerPlacer", scale.placer_marker_file, scale.places);
  if (!scale.scales && !scale.places)
    diagnostics.error("SETUP-007", document.file, document.line_of(node),
                      "neither ModelScaler nor MarkerPlacer is there and applied", "Set <apply> of one to true.");
}

void check_setup(const SetupFields& fields, const XmlDocument& document, pugi::xml_node node, ToolSetup& setup,
                 Diagnostics& diagnostics) {
  const int line = document.line_of(node);
  if (setup.model_file.empty())
    diagnostics.error("SETUP-003", document.file, line, "<model_file> is missing or empty",
                      "Name the model's .osim file.");
  if (setup.coordinates_file.empty() && setup.states_file.empty() && setup.kind != ToolKind::inverse_kinematics &&
      setup.kind != ToolKind::scale)
    diagnostics.error("SETUP-003", document.file, line,
                      setup.kind == ToolKind::analyze ? "neither <coordinates_file> nor <states_file> is given"
                                                      : "<coordinates_file> is missing or empty",
                      "Name the .mot or .sto file of the motion.");
  if (!setup.coordinates_file.empty() && !setup.states_file.empty())
    diagnostics.warning("SETUP-005", document.file, fields.line_of("states_file"),
                        "both <states_file> and <coordinates_file> are given", "The states are taken, as in OpenSim.");
  if (setup.start > setup.end)
    diagnostics.error("SETUP-004", document.file,
                      fields.line_of(node.child("time_range") ? "time_range" : "initial_time"),
                      "the start is after the end", "Exchange the two times.");
  for (const AnalysisSetup& analysis : setup.analyses)
    if (analysis.on && (analysis.start_time > setup.start || analysis.end_time < setup.end))
      diagnostics.warning("SETUP-014", document.file, analysis.line,
                          "start_time and end_time of " + analysis.name + " have no effect, as in OpenSim",
                          "Every analysis runs from initial_time to final_time of the tool.");
}

std::optional<ToolSetup> read_document(const XmlDocument& document, Diagnostics& diagnostics) {
  const std::size_t problems_before = diagnostics.items().size();
  const pugi::xml_node root = document.root();
  // before version 10900 the tool itself is the root
  pugi::xml_node node;
  const auto consider = [&](pugi::xml_node candidate) {
    const std::string_view name = candidate.name();
    if (std::find(kTools.begin(), kTools.end(), name) != kTools.end() ||
        std::find(kToolsToCome.begin(), kToolsToCome.end(), name) != kToolsToCome.end())
      if (!node) node = candidate;
  };
  consider(root);
  for (pugi::xml_node child : root.children()) consider(child);
  if (!node) {
    diagnostics.error("SETUP-001", document.file, document.line_of(root),
                      "the file holds " + describe_content(root) + ", not the setup of a tool",
                      "Name a setup file; it holds one of the tools that are run here: " + list_tools() + ".");
    return std::nullopt;
  }
  const std::string_view tool = node.name();
  if (std::find(kTools.begin(), kTools.end(), tool) == kTools.end()) {
    diagnostics.error("SETUP-002", document.file, document.line_of(node), std::string(tool) + " is not built yet",
                      "Run it in OpenSim; the tools that are run here: " + list_tools() + ".");
    return std::nullopt;
  }

  ToolSetup setup;
  setup.file = document.file;
  setup.name = node.attribute("name").as_string();
  setup.version = node == root ? 10800 : root.attribute("Version").as_int(40000);
  SetupFields fields(document, node, diagnostics);
  if (tool == "InverseDynamicsTool") {
    setup.kind = ToolKind::inverse_dynamics;
    read_inverse_dynamics(fields, document, setup, diagnostics);
  } else if (tool == "InverseKinematicsTool") {
    setup.kind = ToolKind::inverse_kinematics;
    read_inverse_kinematics(fields, node, document, setup, diagnostics);
  } else if (tool == "ScaleTool") {
    setup.kind = ToolKind::scale;
    setup.results_directory = resolve_beside(".", setup.file);
    setup.scale = read_scale_tool(document, node, fields, setup.model_file, diagnostics);
    check_scale(document, node, setup, diagnostics);
  } else {
    setup.kind = ToolKind::analyze;
    read_analyze(fields, node, document, setup, diagnostics);
  }
  warn_of_unknown(fields, document, diagnostics);
  check_setup(fields, document, node, setup, diagnostics);
  if (has_errors_since(diagnostics, problems_before)) return std::nullopt;
  return setup;
}

}  // namespace

std::optional<ToolSetup> parse_setup(std::string_view text, const std::string& file_name, Diagnostics& diagnostics) {
  const std::optional<XmlDocument> document = parse_xml(text, file_name, diagnostics);
  return document ? read_document(*document, diagnostics) : std::nullopt;
}

std::optional<ToolSetup> read_setup(const std::string& path, Diagnostics& diagnostics) {
  const std::optional<XmlDocument> document = read_xml(path, diagnostics);
  return document ? read_document(*document, diagnostics) : std::nullopt;
}

}  // namespace buttress
