#include "opensim/tool_force_records.h"

#include <algorithm>

#include "muscle/passive_forces.inl"

namespace buttress {

namespace {

const std::string& name_of(const Model& model, int body) {
  return model.bodies[static_cast<std::size_t>(body)].name;
}

std::vector<std::string> make_passive_columns(const Model& model, const PassiveForce& force) {
  const std::string& name = force.spec.name;
  std::vector<std::string> columns;
  const auto add = [&](int body, const char* what) {
    for (const char* axis : {"X", "Y", "Z"})
      columns.push_back(name + "." + name_of(model, body) + "." + what + "." + axis);
  };
  switch (force.spec.kind) {
    case PassiveForceKind::bushing:
    case PassiveForceKind::expression_bushing:
    case PassiveForceKind::function_bushing:
      for (int body : {force.frame1.body, force.frame2.body}) {
        add(body, "force");
        add(body, "torque");
      }
      return columns;
    case PassiveForceKind::point_to_point_spring:
    case PassiveForceKind::expression_point_to_point:
      for (int body : {force.frame1.body, force.frame2.body}) {
        add(body, "force");
        add(body, "point");
      }
      return columns;
    case PassiveForceKind::coordinate_limit:
      return {name, "PotentialEnergy"};
    case PassiveForceKind::coordinate_spring:
      return {name + "_Force"};
    case PassiveForceKind::path_spring:
    case PassiveForceKind::expression_path:
      return {name + "_tension"};
    case PassiveForceKind::blankevoort_ligament:
      for (const char* what :
           {"force_spring", "force_damping", "force_total", "length", "lengthening_speed", "strain", "strain_rate"})
        columns.push_back(name + "." + what);
      return columns;
    case PassiveForceKind::smooth_sphere_half_space:
      for (const char* surface : {"Sphere", "HalfSpace"})
        for (const char* what : {"force", "torque"})
          for (const char* axis : {"X", "Y", "Z"}) columns.push_back(name + "." + surface + "." + what + "." + axis);
      return columns;
    case PassiveForceKind::hunt_crossley:
      for (const TouchingSurface& surface : force.surfaces) {
        add(surface.frame.body, "force");
        add(surface.frame.body, "torque");
      }
      return columns;
    case PassiveForceKind::meyer_fregly_2016:
      add(force.frame1.body, "force");
      return columns;
    case PassiveForceKind::expression_coordinate:
    case PassiveForceKind::ligament:
      return {name};
  }
  return columns;
}

/// energy in a stop whose stiffness rises along a quintic step over the transition
double calc_limit_energy(const PassiveForceSpec& spec, double q) {
  const bool above = q > spec.upper_limit;
  const double depth = above ? q - spec.upper_limit : spec.lower_limit - q, width = spec.transition;
  if (depth <= 0) return 0;
  const double stiffness = above ? spec.upper_stiffness : spec.lower_stiffness;
  if (depth >= width) return stiffness * (0.5 * depth * depth - width * width / 7);
  const double x = depth / width;
  return stiffness * depth * depth * x * x * x * (2 - 2.5 * x + 6.0 / 7 * x * x);
}

void append(const Vec3d& v, std::vector<double>& values) {
  values.insert(values.end(), {v.x, v.y, v.z});
}

void append_passive_record(const FrameDynamics& d, ForceRecord& record, std::vector<double>& values) {
  const PassiveForce& force = record.alone.passive_forces[0];
  const Kinematics<double>& kin = d.chain.kinematics;
  PassiveForceWorkspace<double>& ws = record.workspace;
  update_passive_forces(record.alone, record.plan, kin, d.chain.q.data(), d.chain.qd.data(),
                        d.chain.paths.length.data(), d.chain.path_speed.data(), ws);
  const auto place = [&](const BodyFrame& frame, const Vec3d& point) {
    return kin.X_WB[static_cast<std::size_t>(frame.body)] * (frame.X_BF * point);
  };
  // all that the force does to a body, about the body's origin
  const auto append_on_body = [&](int body) {
    const std::size_t b = static_cast<std::size_t>(body);
    append(ws.body_wrench[b].force, values);
    append(moment_about(ws.body_wrench[b], kin.X_WB[b].p), values);
  };
  switch (force.spec.kind) {
    case PassiveForceKind::bushing:
    case PassiveForceKind::expression_bushing: {
      // on both bodies at the origin of the second frame
      const Wrench<double>& on2 = ws.body_wrench[static_cast<std::size_t>(force.frame2.body)];
      const Vec3d moment = moment_about(on2, place(force.frame2, {0, 0, 0}));
      append(-on2.force, values);
      append(-moment, values);
      append(on2.force, values);
      append(moment, values);
      return;
    }
    case PassiveForceKind::point_to_point_spring:
    case PassiveForceKind::expression_point_to_point: {
      const Vec3d& on1 = ws.body_wrench[static_cast<std::size_t>(force.frame1.body)].force;
      append(on1, values);
      append(place(force.frame1, force.spec.point1), values);
      append(-on1, values);
      append(place(force.frame2, force.spec.point2), values);
      return;
    }
    case PassiveForceKind::coordinate_limit:
      values.push_back(ws.coordinate_force[static_cast<std::size_t>(force.coordinate)]);
      values.push_back(calc_limit_energy(force.spec, d.chain.q[static_cast<std::size_t>(force.coordinate)]));
      return;
    case PassiveForceKind::coordinate_spring:
    case PassiveForceKind::expression_coordinate:
      values.push_back(ws.coordinate_force[static_cast<std::size_t>(force.coordinate)]);
      return;
    case PassiveForceKind::ligament:
    case PassiveForceKind::path_spring:
    case PassiveForceKind::expression_path:
      values.push_back(ws.tension[0]);
      return;
    case PassiveForceKind::blankevoort_ligament: {
      const std::size_t path = static_cast<std::size_t>(force.path);
      const double length = d.chain.paths.length[path], speed = d.chain.path_speed[path],
                   slack = force.spec.resting_length;
      const double elastic = passive_detail::calc_blankevoort_tension(force.spec, length, 0.0);
      values.insert(values.end(), {elastic, ws.tension[0] - elastic, ws.tension[0], length, speed, length / slack - 1,
                                   speed / slack});
      return;
    }
    case PassiveForceKind::function_bushing:
      append_on_body(force.frame1.body);
      append_on_body(force.frame2.body);
      return;
    case PassiveForceKind::smooth_sphere_half_space:
    case PassiveForceKind::hunt_crossley:
      for (const TouchingSurface& surface : force.surfaces) append_on_body(surface.frame.body);
      return;
    case PassiveForceKind::meyer_fregly_2016:
      append(ws.body_wrench[static_cast<std::size_t>(force.frame1.body)].force, values);
      return;
  }
}

}  // namespace

std::vector<ForceRecord> make_force_records(const Model& model) {
  std::vector<ForceRecord> records;
  for (std::size_t m = 0; m < model.muscles.size(); ++m) {
    if (!model.muscles[m].applies_force) continue;
    ForceRecord record;
    record.name = model.muscles[m].name;
    record.muscle = static_cast<int>(m);
    record.columns = {record.name};
    records.push_back(std::move(record));
  }
  for (std::size_t a = 0; a < model.actuators.size(); ++a) {
    ForceRecord record;
    record.name = model.actuators[a].name;
    record.actuator = static_cast<int>(a);
    record.columns = {record.name};
    records.push_back(std::move(record));
  }
  for (std::size_t p = 0; p < model.passive_forces.size(); ++p) {
    ForceRecord record;
    record.name = model.passive_forces[p].spec.name;
    record.passive = static_cast<int>(p);
    record.columns = make_passive_columns(model, model.passive_forces[p]);
    record.alone.bodies = model.bodies;
    record.alone.coordinates = model.coordinates;
    record.alone.passive_forces = {model.passive_forces[p]};
    record.plan = make_passive_force_plan(record.alone);
    record.workspace = make_passive_force_workspace<double>(record.alone);
    records.push_back(std::move(record));
  }

  // the files' order; of two forces with one name the first stands where the name first does
  std::vector<bool> placed(records.size(), false);
  std::vector<ForceRecord> ordered;
  const auto place = [&](std::size_t i) {
    placed[i] = true;
    ordered.push_back(std::move(records[i]));
  };
  for (const std::string& name : model.force_order)
    for (std::size_t i = 0; i < records.size(); ++i)
      if (!placed[i] && records[i].name == name) {
        place(i);
        break;
      }
  for (std::size_t i = 0; i < records.size(); ++i)
    if (!placed[i]) place(i);
  return ordered;
}

void append_force_record(const FrameDynamics& d, ForceRecord& record, std::vector<double>& values) {
  if (record.muscle >= 0)
    values.push_back(d.applied.muscle[static_cast<std::size_t>(record.muscle)]);
  else if (record.actuator >= 0)
    values.push_back(d.applied.actuator[static_cast<std::size_t>(record.actuator)]);
  else
    append_passive_record(d, record, values);
}

void append_load_records(const AnalyzeTrial& trial, std::size_t frame, const FrameDynamics& d,
                         std::vector<double>& values) {
  const std::vector<LoadTrajectory::Load>& loads = trial.trial.loads.loads;
  const auto pose = [&](int body) { return d.chain.kinematics.X_WB[static_cast<std::size_t>(body)]; };
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const double* v = &trial.trial.loads.values[(frame * loads.size() + i) * 9];
    const Mat3d R = pose(loads[i].force_frame_body).R;
    append(R * Vec3d{v[0], v[1], v[2]}, values);
    if (loads[i].has_point)
      append(inverse(pose(loads[i].body)) * (pose(loads[i].point_frame_body) * Vec3d{v[3], v[4], v[5]}), values);
    if (loads[i].has_torque) append(R * Vec3d{v[6], v[7], v[8]}, values);
  }
}

}  // namespace buttress
