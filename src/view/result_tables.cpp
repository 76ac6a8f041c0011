#include "view/result_tables.h"

#include <algorithm>

namespace buttress {

TableView make_joint_moment_table(const Model& model, const ChainOutput& output, const std::vector<double>& time) {
  TableView table;
  table.name = "Inverse Dynamics Generalized Forces";
  table.time = time;
  for (const Coordinate& c : model.coordinates)
    table.columns.push_back(c.name + (c.motion_type != MotionType::rotational ? "_force" : "_moment"));
  table.values = output.joint_moment;
  return table;
}

TableView make_column_table(const std::vector<ForceColumn>& columns, const std::string& name,
                            const std::vector<double>& values, const std::vector<double>& time) {
  TableView table;
  table.name = name;
  table.time = time;
  for (const ForceColumn& c : columns) table.columns.push_back(c.name);
  table.values = values;
  return table;
}

TableView make_reaction_table(const Model& model, const ChainOutput& output, const std::vector<double>& time) {
  TableView table;
  table.name = "Joint Reaction Loads";
  table.time = time;
  for (std::size_t j = 0; j < model.joints.size(); ++j)
    for (const char* part : {"fx", "fy", "fz", "mx", "my", "mz", "px", "py", "pz"})
      table.columns.push_back(model.joints[j].name + "_on_" + model.bodies[j + 1].name + "_in_ground_" + part);
  table.values = output.reaction;
  return table;
}

TableView make_ground_force_table(const std::vector<std::string>& groups, const ChainOutput& output,
                                  const std::vector<double>& time) {
  TableView table;
  table.name = "Ground forces found without plates";
  table.time = time;
  for (std::string group : groups) {
    std::replace(group.begin(), group.end(), ' ', '_');
    for (const char* part :
         {"force_vx", "force_vy", "force_vz", "force_px", "force_py", "force_pz", "torque_x", "torque_y", "torque_z"})
      table.columns.push_back(group + "_" + part);
  }
  table.values = output.contact;
  return table;
}

}  // namespace buttress
