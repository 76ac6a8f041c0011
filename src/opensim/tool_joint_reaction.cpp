#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/table_reader.h"
#include "opensim/tool_analyses.h"
#include "opensim/tool_force_records.h"

namespace buttress {

namespace {

std::string join_names(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

/// a frame in which a load may be expressed
struct ExpressedFrame {
  int body = 0;
  Posed X_BE = Posed::identity();
  std::string name;
};

/// By keyword, by body, or as a frame of a joint: "JOINT/BODY_offset" (or its whole path), the name that OpenSim 4
/// gives the joint frames of older files and writes into its own. Frames under other names are not kept by the reader.
std::optional<ExpressedFrame> find_frame(const Model& model, int joint_index, const std::string& wanted) {
  const auto name_of_body = [&](int b) { return model.bodies[static_cast<std::size_t>(b)].name; };
  const int child = joint_index + 1, parent = model.parent_of(child);
  const int body = wanted == "ground"   ? 0
                   : wanted == "child"  ? child
                   : wanted == "parent" ? parent
                                        : model.find_body(wanted);
  if (body >= 0) return ExpressedFrame{body, Posed::identity(), name_of_body(body)};
  const std::size_t slash = wanted.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string frame = wanted.substr(slash + 1), owner = wanted.substr(0, slash);
  const int owning_joint = model.find_joint(owner.substr(owner.rfind('/') + 1));  // npos + 1 is the whole name
  if (owning_joint < 0) return std::nullopt;
  const Joint& joint = model.joints[static_cast<std::size_t>(owning_joint)];
  if (frame == name_of_body(owning_joint + 1) + "_offset") return ExpressedFrame{owning_joint + 1, joint.X_BM, frame};
  if (frame == name_of_body(joint.parent_body) + "_offset")
    return ExpressedFrame{joint.parent_body, {joint.X_PF.R, joint.p_PF_given}, frame};
  return std::nullopt;
}

/// the requests of the setup, each with the name of its columns
struct NamedRequest {
  ReactionRequest request;
  std::string label;
};

std::vector<NamedRequest> make_requests(const Model& model, const JointReactionChoices& choices,
                                        Diagnostics& diagnostics) {
  std::vector<std::string> joints = choices.joints, known;
  for (const std::string& name : model.joint_order)
    if (model.find_joint(name) >= 0) known.push_back(name);
  if (joints.empty() || joints[0] == "ALL" || joints[0] == "all") joints = known;
  const auto check_length = [&](const std::vector<std::string>& list, const char* what) {
    if (list.size() > 1 && list.size() != joints.size())
      diagnostics.error("JR-002", "", 0,
                        fmt::format("{} has {} entries for {} joints", what, list.size(), joints.size()),
                        "Give one entry for all joints, or one for each.");
  };
  check_length(choices.apply_on_bodies, "apply_on_bodies");
  check_length(choices.express_in_frames, "express_in_frame");
  std::vector<NamedRequest> requests;
  if (diagnostics.has_errors()) return requests;
  const auto pick = [](const std::vector<std::string>& list, std::size_t i, const char* otherwise) {
    return list.empty() ? std::string(otherwise) : list.size() == 1 ? list[0] : list[i];
  };
  for (std::size_t i = 0; i < joints.size(); ++i) {
    const int j = model.find_joint(joints[i]);
    if (j < 0) {
      diagnostics.error("JR-001", "", 0, "the model has no joint '" + joints[i] + "'",
                        "Joints: " + join_names(known) + ".");
      continue;
    }
    const std::string on = pick(choices.apply_on_bodies, i, "child");
    const std::string in = pick(choices.express_in_frames, i, "ground");
    const int child = j + 1, parent = model.joints[static_cast<std::size_t>(j)].parent_body;
    NamedRequest named;
    named.request.joint = j;
    if (on == "parent") {
      named.request.on_parent = true;
    } else if (on != "child") {
      diagnostics.error("JR-003", "", 0, "apply_on_bodies has '" + on + "', expected child or parent");
      continue;
    }
    const auto frame = find_frame(model, j, in);
    if (!frame) {
      diagnostics.error("JR-003", "", 0,
                        "express_in_frame has '" + in + "', which is no body or joint frame of the model",
                        "Use ground, child, parent, the name of a body, or JOINT/BODY_offset.");
      continue;
    }
    named.request.expressed_in_body = frame->body;
    named.request.X_BE = frame->X_BE;
    named.label = joints[i] + "_on_" +
                  model.bodies[static_cast<std::size_t>(named.request.on_parent ? parent : child)].name + "_in_" +
                  frame->name;
    requests.push_back(named);
  }
  return requests;
}

/// which column of the force table holds each force, by its name or the last part of its path
struct ForceColumns {
  std::vector<int> muscle, actuator;
};

int find_force_column(const Table& table, const std::string& name) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string& label = table.columns[c];
    if (label == name) return static_cast<int>(c);
    // OpenSim 4 paths: /forceset/soleus_r or /forceset/soleus_r|actuation
    const std::string stem = label.substr(0, label.find('|'));
    const std::size_t slash = stem.rfind('/');
    if (slash != std::string::npos && stem.substr(slash + 1) == name) return static_cast<int>(c);
  }
  return -1;
}

ForceColumns find_force_columns(const Model& model, const Trial& trial, const Table& table, const std::string& file,
                                Diagnostics& diagnostics) {
  ForceColumns columns;
  std::vector<std::string> missing;
  std::vector<bool> used(table.columns.size(), false);
  const auto find = [&](const std::string& name) {
    const int c = find_force_column(table, name);
    if (c < 0)
      missing.push_back(name);
    else
      used[static_cast<std::size_t>(c)] = true;
    return c;
  };
  for (const Muscle& m : model.muscles) columns.muscle.push_back(m.applies_force ? find(m.name) : -1);
  for (const Actuator& a : model.actuators) columns.actuator.push_back(find(a.name));
  if (!missing.empty())
    diagnostics.error("JR-004", file, 0, "the forces file has no column for " + join_names(missing),
                      "Use the force file of a static optimization of this very model with the same force sets.");
  // columns of external loads and springs belong there; these follow from their own file and from the motion
  std::vector<std::string> loads = trial.load_columns(model);
  for (const ForceRecord& record : make_force_records(model))
    loads.insert(loads.end(), record.columns.begin(), record.columns.end());
  std::vector<std::string> extra;
  for (std::size_t c = 0; c < used.size(); ++c)
    if (!used[c] && std::find(loads.begin(), loads.end(), table.columns[c]) == loads.end())
      extra.push_back(table.columns[c]);
  if (!extra.empty())
    diagnostics.warning("JR-005", file, 0,
                        "columns that are no muscle or actuator of the model are not used: " + join_names(extra));
  return columns;
}

/// linear between rows, as OpenSim's Storage::getDataAtTime; held at the ends
void interpolate_row(const Table& table, double time, std::vector<double>& row) {
  const std::size_t width = table.columns.size();
  const auto after = std::lower_bound(table.time.begin(), table.time.end(), time);
  std::size_t i = static_cast<std::size_t>(after - table.time.begin());
  i = std::clamp<std::size_t>(i, 1, std::max<std::size_t>(1, table.time.size() - 1));
  double w = 0;
  if (table.time.size() > 1) w = std::clamp((time - table.time[i - 1]) / (table.time[i] - table.time[i - 1]), 0.0, 1.0);
  for (std::size_t c = 0; c < width; ++c)
    row[c] = table.time.size() > 1 ? (1 - w) * table.at(i - 1, c) + w * table.at(i, c) : table.at(0, c);
}

}  // namespace

bool calc_joint_reactions(const Model& model, const AnalyzeTrial& trial, const JointReactionChoices& choices,
                          Table& table, Diagnostics& diagnostics) {
  const std::vector<NamedRequest> requests = make_requests(model, choices, diagnostics);
  const std::vector<double>& time = trial.trial.motion.time;
  Table forces;
  ForceColumns columns;
  const bool has_file = !choices.forces_file.empty() && (!model.muscles.empty() || !model.actuators.empty());
  if (has_file) {
    auto read = read_table(choices.forces_file, diagnostics);
    if (!read) return false;
    forces = std::move(*read);
    columns = find_force_columns(model, trial.trial, forces, choices.forces_file, diagnostics);
    if (time.front() < forces.time.front() - 1e-6 || time.back() > forces.time.back() + 1e-6)
      diagnostics.error("JR-006", choices.forces_file, 0,
                        fmt::format("the forces cover {:.4f} to {:.4f} s, the motion needs {:.4f} to {:.4f} s",
                                    forces.time.front(), forces.time.back(), time.front(), time.back()),
                        "Narrow the analysis' time range, or compute forces for all of it.");
  }
  if (diagnostics.has_errors()) return false;

  table.name = "Joint Reaction Loads";
  table.time = time;
  for (const NamedRequest& r : requests)
    for (const char* part : {"fx", "fy", "fz", "mx", "my", "mz", "px", "py", "pz"})
      table.columns.push_back(r.label + "_" + part);
  FrameDynamics d = make_frame_dynamics(model, trial);
  std::vector<double> row(forces.columns.size());
  for (std::size_t f = 0; f < trial.frame_count(); ++f) {
    update_frame(trial, f, d);
    if (has_file) {
      interpolate_row(forces, time[f], row);
      for (std::size_t m = 0; m < d.applied.muscle.size(); ++m)
        if (columns.muscle[m] >= 0) d.applied.muscle[m] = row[static_cast<std::size_t>(columns.muscle[m])];
      for (std::size_t a = 0; a < d.applied.actuator.size(); ++a)
        d.applied.actuator[a] = row[static_cast<std::size_t>(columns.actuator[a])];
    }
    if (!update_frame_accelerations(trial, f, d, diagnostics)) return false;
    for (const NamedRequest& r : requests) {
      const ReactionLoad load = find_reaction_load(model, d.reaction, r.request);
      for (const Vec3d& v : {load.force, load.moment, load.point})
        for (double x : {v.x, v.y, v.z}) table.values.push_back(x);
    }
  }
  return true;
}

}  // namespace buttress
