#include "body/document_scaling.h"

#include <stdexcept>

#include "io/osim_reader.h"
#include "model/compile.h"
#include "multibody/kinematics.h"
#include "muscle/path_kinematics.h"

namespace buttress {

std::optional<Model> compile_document(const XmlDocument& document, Diagnostics& diagnostics) {
  const auto spec = parse_osim(format_xml(document), document.file, diagnostics);
  if (!spec) return std::nullopt;
  CompileOptions options;
  options.uses_muscles = false;
  for (const UnsupportedSpec& u : spec->unsupported) options.ignore.push_back(u.name.empty() ? u.type : u.name);
  return compile(*spec, options, diagnostics);
}

std::vector<double> find_default_pose(const Model& model) {
  std::vector<double> q(model.coordinates.size());
  for (std::size_t c = 0; c < q.size(); ++c) q[c] = model.coordinates[c].default_value;
  for (const Coupler& coupler : model.couplers)
    q[static_cast<std::size_t>(coupler.dependent)] =
        evaluate(coupler.function, q[static_cast<std::size_t>(coupler.independent)]).f;
  return q;
}

namespace {

/// lengths of the paths of all muscles, ligaments and path springs in the default pose, by name
std::map<std::string, double> calc_path_lengths(const Model& model) {
  // ratios of OpenSim's own lengths, so that fibres and tendons come out as OpenSim's
  const PathPlan plan = make_path_plan(model, PathRule::opensim);
  PathWorkspace<double> ws = make_path_workspace<double>(model, plan);
  Kinematics<double> kin = make_kinematics<double>(model);
  const std::vector<double> q = find_default_pose(model);
  update_positions(model, q.data(), kin);
  update_paths(model, plan, kin, q.data(), ws);
  std::map<std::string, double> lengths;
  for (const Muscle& m : model.muscles) lengths[m.name] = ws.length[static_cast<std::size_t>(m.path)];
  for (const PassiveForce& f : model.passive_forces)
    if (f.path >= 0) lengths[f.spec.name] = ws.length[static_cast<std::size_t>(f.path)];
  return lengths;
}

/// true when the coordinate itself is the way along its axes and turns nothing: then nothing else makes it grow
bool is_plain_slide(const Model& model, const Coordinate& coordinate) {
  const Joint& joint = model.joints[static_cast<std::size_t>(coordinate.joint)];
  for (int a = joint.first_axis; a < joint.first_axis + joint.axis_count; ++a)
    for (const AxisTerm& term : model.axes[static_cast<std::size_t>(a)].terms) {
      if (term.coordinate < 0 || model.coordinates[static_cast<std::size_t>(term.coordinate)].name != coordinate.name)
        continue;
      if (model.axes[static_cast<std::size_t>(a)].is_rotation || evaluate(term.function, 0.0).f != 0 ||
          evaluate(term.function, 1.0).f != 1)
        return false;
    }
  return true;
}

}  // namespace

std::map<std::string, Vec3d> find_marker_positions(const Model& model, const std::vector<double>& q) {
  Kinematics<double> kin = make_kinematics<double>(model);
  update_positions(model, q.data(), kin);
  std::map<std::string, Vec3d> positions;
  for (const Marker& m : model.markers) positions[m.name] = kin.X_WB[static_cast<std::size_t>(m.body)] * m.p_B;
  return positions;
}

void free_root(Model& model) {
  for (Coordinate& c : model.coordinates)
    if (model.joints[static_cast<std::size_t>(c.joint)].parent_body == 0) c.clamped = false;
}

std::set<std::string> find_slides(const Model& model, SlideRule rule) {
  std::set<std::string> slides;
  for (const Coordinate& c : model.coordinates)
    if (c.motion_type == MotionType::translational && (rule == SlideRule::opensim || is_plain_slide(model, c)))
      slides.insert(c.name);
  return slides;
}

bool scale_document(XmlDocument& document, const Model& model, const ScaleFactors& factors, bool scale_mass,
                    Diagnostics& diagnostics, SlideRule rule) {
  std::map<std::string, double> before;
  try {
    before = calc_path_lengths(model);
  } catch (const std::invalid_argument& problem) {
    diagnostics.error("MODEL-020", document.file, 0,
                      std::string("a muscle path cannot be simulated: ") + problem.what(),
                      "Compare its parameters with those of a model that runs.");
    return false;
  }
  if (!scale_geometry(document, factors, find_slides(model, rule), scale_mass, diagnostics, rule)) return false;
  const auto scaled = compile_document(document, diagnostics);
  if (!scaled) return false;
  std::map<std::string, double> ratio;
  for (const auto& [name, length] : calc_path_lengths(*scaled))
    if (const auto old = before.find(name); old != before.end() && old->second > 0) ratio[name] = length / old->second;
  scale_path_lengths(document, ratio);
  return true;
}

}  // namespace buttress
