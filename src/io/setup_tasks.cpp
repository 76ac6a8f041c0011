#include "io/setup_tasks.h"

#include <algorithm>

#include "io/table_header.h"

namespace buttress {

namespace {

/// element children of <set><objects>
std::vector<pugi::xml_node> find_objects(pugi::xml_node set) {
  std::vector<pugi::xml_node> objects;
  for (pugi::xml_node child : set.child("objects").children())
    if (child.type() == pugi::node_element) objects.push_back(child);
  return objects;
}

void report_unknown(const XmlDocument& document, pugi::xml_node node, const std::string& what,
                    Diagnostics& diagnostics) {
  diagnostics.error("SETUP-013", document.file, document.line_of(node), what, "Correct or remove it.");
}

void read_coordinate_task(SetupFields& fields, const XmlDocument& document, pugi::xml_node node, double weight,
                          TaskSetSetup& set, Diagnostics& diagnostics) {
  CoordinateTask task{node.attribute("name").as_string(), weight, CoordinateTarget::default_value, 0};
  const std::string kind = fields.text("value_type", "default_value");
  if (kind == "default_value")
    task.target = CoordinateTarget::default_value;
  else if (kind == "manual_value")
    task.target = CoordinateTarget::manual_value;
  else if (kind == "from_file")
    task.target = CoordinateTarget::from_file;
  else
    report_unknown(document, node, "value_type is \"" + kind + "\"; expected default_value, manual_value or from_file",
                   diagnostics);
  task.value = fields.number("value", 0);
  set.coordinates.push_back(task);
}

TaskSetSetup read_tasks(const XmlDocument& document, pugi::xml_node set_node, Diagnostics& diagnostics) {
  TaskSetSetup set;
  for (const pugi::xml_node node : find_objects(set_node)) {
    const std::string kind = node.name();
    if (kind != "IKMarkerTask" && kind != "IKCoordinateTask") {
      report_unknown(document, node, std::string("<").append(kind) + "> is no task of inverse kinematics", diagnostics);
      continue;
    }
    SetupFields fields(document, node, diagnostics);
    const bool applies = fields.flag("apply", true);
    const double weight = fields.number("weight", 0);
    if (applies && !fields.find("weight"))
      diagnostics.note("SETUP-010", document.file, document.line_of(node),
                       kind + " '" + node.attribute("name").as_string() +
                           "' has no <weight>, which OpenSim takes for 0: it has no effect",
                       "Write its weight.");
    if (!(weight >= 0 && weight < kInfinity))
      diagnostics.error("SETUP-011", document.file, fields.line_of("weight"), "a weight must be 0 or more and finite",
                        "");
    fields.ignore("value_type");
    fields.ignore("value");
    if (applies && kind == "IKMarkerTask") set.markers.push_back({node.attribute("name").as_string(), weight});
    if (applies && kind == "IKCoordinateTask") read_coordinate_task(fields, document, node, weight, set, diagnostics);
    warn_of_unknown(fields, document, diagnostics);
  }
  return set;
}

void read_range(SetupFields& fields, const XmlDocument& document, double& start, double& end,
                Diagnostics& diagnostics) {
  const pugi::xml_node range = fields.find("time_range");
  if (!range) return;
  const auto times = read_numbers(document, range, diagnostics, 2, NumberRange::may_be_infinite);
  if (!times) return;
  start = (*times)[0];
  end = (*times)[1];
  if (start > end)
    diagnostics.error("SETUP-004", document.file, document.line_of(range), "the start is after the end",
                      "Exchange the two times.");
}

MeasurementSetup read_measurement(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics) {
  MeasurementSetup measurement;
  measurement.name = node.attribute("name").as_string();
  measurement.line = document.line_of(node);
  for (const pugi::xml_node pair : find_objects(node.child("MarkerPairSet"))) {
    const auto names = split_words(trimmed_text(pair.child("markers")));
    if (names.size() == 2)
      measurement.pairs.push_back({names[0], names[1]});
    else
      report_unknown(document, pair, "a MarkerPair names " + std::to_string(names.size()) + " markers, not two",
                     diagnostics);
  }
  for (const pugi::xml_node body : find_objects(node.child("BodyScaleSet"))) {
    BodyScaleSetup scale;
    scale.body = body.attribute("name").as_string();
    for (const std::string& axis : split_words(trimmed_text(body.child("axes")))) {
      const std::string lower = to_lower(axis);
      if (lower.size() == 1 && lower[0] >= 'x' && lower[0] <= 'z')
        scale.axis[lower[0] - 'x'] = true;
      else
        report_unknown(document, body, "the axis \"" + axis + "\" is not X, Y or Z", diagnostics);
    }
    measurement.bodies.push_back(scale);
  }
  return measurement;
}

bool applies(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics) {
  return SetupFields(document, node, diagnostics).flag("apply", true);
}

void read_model_scaler(const XmlDocument& document, pugi::xml_node node, ScaleSetup& setup, Diagnostics& diagnostics) {
  SetupFields fields(document, node, diagnostics);
  setup.scales = fields.flag("apply", true);
  setup.order = fields.words("scaling_order");
  for (const std::string& word : setup.order)
    if (word != "measurements" && word != "manualScale")
      diagnostics.error("SETUP-013", document.file, fields.line_of("scaling_order"),
                        "scaling_order holds \"" + word + "\"", "Expected measurements or manualScale.");
  for (const pugi::xml_node m : find_objects(fields.find("MeasurementSet")))
    if (applies(document, m, diagnostics)) setup.measurements.push_back(read_measurement(document, m, diagnostics));
  for (const pugi::xml_node s : find_objects(fields.find("ScaleSet"))) {
    if (!applies(document, s, diagnostics)) continue;
    ManualScaleSetup scale;
    scale.segment = trimmed_text(s.child("segment"));
    if (scale.segment.empty()) scale.segment = "unnamed_segment";
    scale.line = document.line_of(s);
    if (s.child("scales"))
      if (const auto factors = read_vec3(document, s.child("scales"), diagnostics)) scale.factors = *factors;
    setup.manual.push_back(scale);
  }
  setup.scaler_marker_file = fields.path("marker_file");
  read_range(fields, document, setup.scaler_start, setup.scaler_end, diagnostics);
  setup.preserve_mass_distribution = fields.flag("preserve_mass_distribution", false);
  setup.scaled_model_file = fields.path("output_model_file");
  setup.scale_factor_file = fields.path("output_scale_file");
  for (const char* old : {"output_joint_file", "output_muscle_file"}) fields.ignore(old);
  warn_of_unknown(fields, document, diagnostics);
}

void read_marker_placer(const XmlDocument& document, pugi::xml_node node, ScaleSetup& setup, Diagnostics& diagnostics) {
  SetupFields fields(document, node, diagnostics);
  setup.places = fields.flag("apply", true);
  fields.ignore("IKTaskSet");
  setup.tasks = read_task_set(document, node, diagnostics);
  setup.placer_marker_file = fields.path("marker_file");
  setup.coordinate_file = fields.path("coordinate_file");
  read_range(fields, document, setup.placer_start, setup.placer_end, diagnostics);
  setup.max_marker_movement = fields.number("max_marker_movement", -1);
  setup.pose_file = fields.path("output_motion_file");
  setup.placed_model_file = fields.path("output_model_file");
  setup.placed_marker_file = fields.path("output_marker_file");
  for (const char* old : {"output_joint_file", "output_muscle_file", "optimizer_algorithm"}) fields.ignore(old);
  warn_of_unknown(fields, document, diagnostics);
}

}  // namespace

void warn_of_unknown(const SetupFields& fields, const XmlDocument& document, Diagnostics& diagnostics) {
  for (pugi::xml_node node : fields.unknown())
    diagnostics.warning(
        "SETUP-009", document.file, document.line_of(node),
        std::string("<").append(node.name()) + "> in <" + node.parent().name() + "> is not known and has no effect",
        "Check its spelling.");
}

TaskSetSetup read_task_set(const XmlDocument& document, pugi::xml_node parent, Diagnostics& diagnostics) {
  const pugi::xml_node set = parent.child("IKTaskSet");
  const std::string file = resolve_beside(set.attribute("file").as_string(), document.file);
  if (file.empty()) return read_tasks(document, set, diagnostics);
  const auto other = read_xml(file, diagnostics);
  if (!other) return {};
  const pugi::xml_node root = other->root();
  return read_tasks(*other, std::string_view(root.name()) == "IKTaskSet" ? root : root.child("IKTaskSet"), diagnostics);
}

ScaleSetup read_scale_tool(const XmlDocument& document, pugi::xml_node node, SetupFields& fields,
                           std::string& model_file, Diagnostics& diagnostics) {
  ScaleSetup setup;
  setup.mass = fields.number("mass", -1);
  for (const char* name : {"height", "age", "notes", "GenericModelMaker", "ModelScaler", "MarkerPlacer", "defaults"})
    fields.ignore(name);
  if (const pugi::xml_node maker = node.child("GenericModelMaker")) {
    SetupFields inner(document, maker, diagnostics);
    model_file = inner.path("model_file");
    setup.marker_set_file = inner.path("marker_set_file");
    warn_of_unknown(inner, document, diagnostics);
  }
  if (const pugi::xml_node scaler = node.child("ModelScaler")) read_model_scaler(document, scaler, setup, diagnostics);
  if (const pugi::xml_node placer = node.child("MarkerPlacer"))
    read_marker_placer(document, placer, setup, diagnostics);
  return setup;
}

}  // namespace buttress
