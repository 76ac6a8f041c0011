#include "load/chain_plan.h"

#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

namespace buttress {

namespace {

/// reduced rows (of Model::independent) on which coordinate c acts, with the coupler in between
struct Drive {
  int independent_row = -1;
  int coupler = -1;
};
Drive find_drive(const Model& model, int c) {
  const Coordinate& coordinate = model.coordinates[static_cast<std::size_t>(c)];
  if (coordinate.independent >= 0) return {coordinate.independent, -1};
  if (coordinate.coupler >= 0) {
    const int driver = model.couplers[static_cast<std::size_t>(coordinate.coupler)].independent;
    return {model.coordinates[static_cast<std::size_t>(driver)].independent, coordinate.coupler};
  }
  return {};
}

/// independent rows on which a wrench on `body` does work: those of all joints between it and ground
std::set<int> find_rows_of_body(const Model& model, int body) {
  std::set<int> rows;
  for (int b = body; b > 0; b = model.parent_of(b)) {
    const Joint& joint = model.joints[static_cast<std::size_t>(b) - 1];
    for (int k = 0; k < joint.axis_count; ++k)
      for (const AxisTerm& t : model.axes[static_cast<std::size_t>(joint.first_axis + k)].terms)
        if (t.coordinate >= 0) {
          const Drive d = find_drive(model, t.coordinate);
          if (d.independent_row >= 0) rows.insert(d.independent_row);
        }
  }
  return rows;
}

std::set<int> find_rows_of_path(const Model& model, const Path& path) {
  std::set<int> rows;
  for (int c : path.coordinates) {
    const Drive d = find_drive(model, c);
    if (d.independent_row >= 0) rows.insert(d.independent_row);
  }
  return rows;
}

std::set<int> find_rows_of_actuator(const Model& model, const Actuator& actuator) {
  std::set<int> rows;
  switch (actuator.kind) {
    case ActuatorKind::coordinate: {
      const Drive d = find_drive(model, actuator.coordinate);
      if (d.independent_row >= 0) rows.insert(d.independent_row);
      break;
    }
    case ActuatorKind::path:
      rows = find_rows_of_path(model, model.paths[static_cast<std::size_t>(actuator.path)]);
      break;
    case ActuatorKind::point:
    case ActuatorKind::torque:
    case ActuatorKind::point_to_point:
      rows = find_rows_of_body(model, actuator.body);
      if (acts_between_bodies(actuator)) rows.merge(find_rows_of_body(model, actuator.body_b));
      break;
  }
  return rows;
}

/// true for the coordinates of a joint on ground
bool is_root_coordinate(const Model& model, int c) {
  const int joint = model.coordinates[static_cast<std::size_t>(c)].joint;
  return model.joints[static_cast<std::size_t>(joint)].parent_body == 0;
}

}  // namespace

std::shared_ptr<const FiberPlan> make_chain_fibers(const Model& model, const ChainOptions& options) {
  auto fibers = std::make_shared<FiberPlan>(make_fiber_plan(model));
  if (options.passive_fiber_force && options.elastic_passive_tendon)
    fibers->passive_tensions = make_passive_tensions(*fibers);
  return fibers;
}

ChainPlan make_chain_plan(const Model& model, const ChainOptions& options, std::vector<ChainLoad> loads) {
  ChainPlan plan;
  plan.model = &model;
  plan.options = options;
  plan.loads = std::move(loads);
  plan.paths = make_path_plan(model, options.opensim_double_wraps ? PathRule::opensim : PathRule::geodesic);
  plan.fibers = options.fibers ? *options.fibers : *make_chain_fibers(model, options);
  if (plan.fibers.muscles.size() != model.muscles.size())
    throw std::invalid_argument("the fibres were made for another model");
  plan.passive = make_passive_force_plan(model);
  plan.first_term = find_first_terms(model);
  if (options.coupled_ligaments) plan.coupled_ligaments = find_coupled_ligaments(model);
  if (options.exponent != 2 && options.exponent != 3)
    throw std::invalid_argument("the exponent of the effort is 2 or 3");
  for (const double strength : {options.reserve_strength, options.root_residual_strength})
    if (!(strength >= 0) || !std::isfinite(strength))
      throw std::invalid_argument("the strength of a reserve is a finite number >= 0");
  plan.recruitment.exponent = options.exponent;
  plan.has_passive_forces = !model.passive_forces.empty();
  plan.strength = options.strength.empty() ? std::vector<double>(model.muscles.size(), 1.0) : options.strength;
  if (plan.strength.size() != model.muscles.size())
    throw std::invalid_argument("strength needs one factor for each muscle");
  if (!options.effort_weight.empty() && options.effort_weight.size() != model.muscles.size())
    throw std::invalid_argument("effort_weight needs one number for each muscle");
  for (double w : options.effort_weight)
    if (!(w > 0) || !std::isfinite(w)) throw std::invalid_argument("an effort weight is a finite number > 0");
  for (double s : plan.strength)
    if (!(s >= 0) || !std::isfinite(s)) throw std::invalid_argument("a strength factor is a finite number >= 0");

  for (const ContactPoint& p : options.contacts.points)
    if (p.body <= 0 || p.body >= model.body_count() || p.surface < 0 ||
        p.surface >= static_cast<int>(options.contacts.surfaces.size()) || !(p.strength >= 0))
      throw std::invalid_argument("a contact point needs a moving body, a surface and a strength >= 0");
  plan.contact_groups = find_contact_groups(options.contacts);
  const bool has_contacts = !options.contacts.points.empty();

  // which independent rows each column acts on
  std::vector<std::set<int>> column_rows;
  for (std::size_t m = 0; m < model.muscles.size(); ++m) {
    if (!model.muscles[m].applies_force) continue;
    ChainColumn column;
    column.name = model.muscles[m].name;
    column.muscle = static_cast<int>(m);
    plan.columns.push_back(column);
    const double tone = model.muscles[m].min_control;
    plan.lower.push_back(options.muscle_tone ? tone : std::min(tone, 0.0));
    plan.upper.push_back(model.muscles[m].max_control);
    column_rows.push_back(find_rows_of_path(model, model.paths[static_cast<std::size_t>(model.muscles[m].path)]));
  }
  std::set<int> muscle_rows;
  for (const auto& rows : column_rows) muscle_rows.insert(rows.begin(), rows.end());
  if (options.use_actuators)
    for (std::size_t i = 0; i < model.actuators.size(); ++i) {
      const Actuator& actuator = model.actuators[i];
      if (has_contacts && actuator.kind == ActuatorKind::coordinate && is_root_coordinate(model, actuator.coordinate))
        continue;
      ChainColumn column;
      column.name = actuator.name;
      column.actuator = static_cast<int>(i);
      plan.columns.push_back(column);
      plan.lower.push_back(actuator.min_control);
      plan.upper.push_back(actuator.max_control);
      column_rows.push_back(find_rows_of_actuator(model, actuator));
    }
  plan.first_contact_column = static_cast<int>(plan.columns.size());
  for (std::size_t i = 0; i < options.contacts.points.size(); ++i) {
    const ContactPoint& point = options.contacts.points[i];
    for (int k = 0; k < kContactColumns; ++k) {
      ChainColumn column;
      column.name = "contact_" + point.name + "_" + std::to_string(k);
      column.contact = static_cast<int>(i);
      plan.columns.push_back(column);
      plan.lower.push_back(0);
      plan.upper.push_back(1);
      column_rows.push_back(find_rows_of_body(model, point.body));
    }
  }
  plan.weight.assign(plan.columns.size(), 1.0);
  if (!options.effort_weight.empty()) {
    for (std::size_t c = 0; c < plan.columns.size(); ++c)
      if (plan.columns[c].muscle >= 0)
        plan.weight[c] = options.effort_weight[static_cast<std::size_t>(plan.columns[c].muscle)];
  }

  // rows of the problem
  plan.row_of_independent.assign(model.independent.size(), -1);
  for (std::size_t r = 0; r < model.independent.size(); ++r) {
    const bool root = has_contacts && is_root_coordinate(model, model.independent[r]);
    if (options.drop_rows_without_muscles && !root && !muscle_rows.count(static_cast<int>(r))) continue;
    plan.row_of_independent[r] = static_cast<int>(plan.rows.size());
    plan.rows.push_back(static_cast<int>(r));
    plan.reserve_strength.push_back(root ? options.root_residual_strength : options.reserve_strength);
  }

  // the matrix by columns, and which moment arm feeds which entry
  plan.column_start.push_back(0);
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    std::map<int, int> position;
    for (int independent_row : column_rows[c]) {
      const int row = plan.row_of_independent[static_cast<std::size_t>(independent_row)];
      if (row < 0) continue;
      position[row] = static_cast<int>(plan.row_index.size());
      plan.row_index.push_back(row);
    }
    plan.column_start.push_back(static_cast<int>(plan.row_index.size()));

    ChainColumn& column = plan.columns[c];
    int path = -1;
    if (column.muscle >= 0) path = model.muscles[static_cast<std::size_t>(column.muscle)].path;
    if (column.actuator >= 0) path = model.actuators[static_cast<std::size_t>(column.actuator)].path;
    column.first_entry = static_cast<int>(plan.entries.size());
    if (path >= 0)
      for (int k = plan.paths.row_start[static_cast<std::size_t>(path)];
           k < plan.paths.row_start[static_cast<std::size_t>(path) + 1]; ++k) {
        const Drive d = find_drive(model, plan.paths.columns[static_cast<std::size_t>(k)]);
        if (d.independent_row < 0) continue;
        const int row = plan.row_of_independent[static_cast<std::size_t>(d.independent_row)];
        if (row >= 0) plan.entries.push_back({k, position.at(row), d.coupler});
      }
    column.entry_count = static_cast<int>(plan.entries.size()) - column.first_entry;
  }
  plan.pattern = make_recruitment_pattern(static_cast<int>(plan.rows.size()), plan.column_start, plan.row_index);
  return plan;
}

}  // namespace buttress
