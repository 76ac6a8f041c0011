#include "io/external_loads_reader.h"

#include <filesystem>

#include "io/setup_fields.h"
#include "io/xml_document.h"

namespace buttress {

namespace {

// OpenSim's Force turned isDisabled into appliesForce
constexpr int kVersionOfAppliesForce = 30509;

bool has_errors_since(const Diagnostics& diagnostics, std::size_t count) {
  for (std::size_t i = count; i < diagnostics.items().size(); ++i)
    if (diagnostics.items()[i].severity == Severity::error) return true;
  return false;
}

std::string last_of_path(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

ExternalForceSpec read_force(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics) {
  SetupFields fields(document, node, diagnostics);
  ExternalForceSpec force;
  force.name = node.attribute("name").as_string();
  force.line = document.line_of(node);
  force.applied_to_body = last_of_path(fields.text("applied_to_body"));
  force.force_expressed_in_body = fields.text("force_expressed_in_body", "ground");
  force.point_expressed_in_body = fields.text("point_expressed_in_body", "ground");
  force.force_identifier = fields.text("force_identifier");
  force.point_identifier = fields.text("point_identifier");
  force.torque_identifier = fields.text("torque_identifier");
  force.data_source_name = fields.text("data_source_name");
  // OpenSim 4 has appliesForce, OpenSim 3 its opposite, which OpenSim ignores in newer files
  const bool is_disabled = fields.flag("isDisabled", false);
  const bool is_old = document.root().attribute("Version").as_int(0) < kVersionOfAppliesForce;
  force.applies_force = fields.flag("appliesForce", !(is_old && is_disabled));
  if (is_disabled && !is_old)
    diagnostics.warning("LOADS-030", document.file, fields.line_of("isDisabled"),
                        "external force " + force.name +
                            " has <isDisabled>, which OpenSim 4 ignores in files of version 30509 and later, and so do "
                            "we: it is not switched off",
                        "Write <appliesForce>false</appliesForce>.");
  return force;
}

/// name of the first function of a set, without the x at its end
std::string find_old_identifier(pugi::xml_node force, const char* set_name) {
  const pugi::xml_node set = force.find_child_by_attribute("FunctionSet", "name", set_name);
  const pugi::xml_node function = find_first_element(set.child("objects"));
  std::string name = function.attribute("name").as_string();
  // "#7" is the seventh column; keep it whole
  if (!name.empty() && name.front() != '#') name.pop_back();
  return name;
}

/// OpenSim 2.2 and earlier
ExternalForceSpec read_old_force(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics) {
  SetupFields fields(document, node, diagnostics);
  ExternalForceSpec force;
  force.name = node.attribute("name").as_string();
  force.line = document.line_of(node);
  const std::string body = fields.text("body");
  force.applied_to_body = last_of_path(body.empty() ? fields.text("body_name") : body);
  force.applies_force = !fields.flag("isDisabled", false);
  force.force_identifier = find_old_identifier(node, "forceFunctions");
  force.point_identifier = find_old_identifier(node, "pointFunctions");
  force.torque_identifier = find_old_identifier(node, "torqueFunctions");
  return force;
}

std::optional<ExternalLoadsSpec> read_document(const XmlDocument& document, Diagnostics& diagnostics) {
  const std::size_t problems_before = diagnostics.items().size();
  const pugi::xml_node root = document.root();
  const pugi::xml_node loads = std::string_view(root.name()) == "ExternalLoads" ? root : root.child("ExternalLoads");
  if (!loads) {
    diagnostics.error("LOADS-020", document.file, document.line_of(root),
                      "the file holds <" + std::string(root.name()) + "> without <ExternalLoads>",
                      "Expected an ExternalLoads file of OpenSim.");
    return std::nullopt;
  }
  SetupFields fields(document, loads, diagnostics);
  ExternalLoadsSpec spec;
  spec.file = document.file;
  spec.name = loads.attribute("name").as_string();
  spec.data_file = fields.path("datafile");
  if (spec.data_file.empty())
    diagnostics.note("LOADS-023", document.file, document.line_of(loads), "no <datafile> is named", "");
  if (!fields.text("external_loads_model_kinematics_file").empty())
    diagnostics.warning("LOADS-024", document.file, fields.line_of("external_loads_model_kinematics_file"),
                        "<external_loads_model_kinematics_file> is not used, nor is it by OpenSim 4",
                        "Points of application are taken as the data give them.");

  for (pugi::xml_node node : loads.child("objects").children()) {
    if (node.type() != pugi::node_element) continue;
    const std::string_view type = node.name();
    if (type == "ExternalForce") {
      spec.forces.push_back(read_force(document, node, diagnostics));
    } else if (type == "PrescribedForce") {
      spec.forces.push_back(read_old_force(document, node, diagnostics));
    } else {
      diagnostics.error("LOADS-021", document.file, document.line_of(node),
                        "<" + std::string(type) + "> is no external force", "Expected <ExternalForce>.");
      continue;
    }
    if (spec.forces.back().applied_to_body.empty())
      diagnostics.error("LOADS-022", document.file, document.line_of(node),
                        "external force " + spec.forces.back().name + " does not say on which body it acts",
                        "Give it an <applied_to_body>.");
  }
  if (spec.forces.empty() && !has_errors_since(diagnostics, problems_before))
    diagnostics.error("LOADS-021", document.file, document.line_of(loads), "there is no external force",
                      "Expected <ExternalForce> elements inside <objects>.");
  if (has_errors_since(diagnostics, problems_before)) return std::nullopt;
  return spec;
}

}  // namespace

std::optional<ExternalLoadsSpec> parse_external_loads(std::string_view text, const std::string& file_name,
                                                      Diagnostics& diagnostics) {
  const std::optional<XmlDocument> document = parse_xml(text, file_name, diagnostics);
  return document ? read_document(*document, diagnostics) : std::nullopt;
}

std::optional<ExternalLoadsSpec> read_external_loads(const std::string& path, Diagnostics& diagnostics) {
  const std::optional<XmlDocument> document = read_xml(path, diagnostics);
  return document ? read_document(*document, diagnostics) : std::nullopt;
}

}  // namespace buttress
