#include "motion/external_loads.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "motion/coordinate_columns.h"
#include "numeric/spline_fit.h"

namespace buttress {

namespace {

bool starts_with(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

/// identifiers that would do: names without x, y, z that pick three columns
std::string list_identifiers(const Table& table) {
  std::map<std::string, int> counts;
  std::vector<std::string> order;
  for (const std::string& column : table.columns) {
    if (column.empty() || std::string("xyzXYZ123").find(column.back()) == std::string::npos) continue;
    const std::string stem = column.substr(0, column.size() - 1);
    if (++counts[stem] == 3) order.push_back(stem);
  }
  std::string text;
  for (std::size_t i = 0; i < order.size() && i < 24; ++i) text += (i ? ", " : "") + order[i];
  return text.empty() ? "The data have no three columns that end in x, y, z." : "Identifiers that would do: " + text;
}

/// body named by the file, perhaps as a path such as /bodyset/calcn_r; -1 when the model lacks it
int find_named_body(const Model& model, const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return model.find_body(slash == std::string::npos ? name : name.substr(slash + 1));
}

/// columns of one load; empty = not given
struct LoadColumns {
  std::vector<int> force, point, torque;
};

/// One force of the file: what it acts on and its columns. False when it cannot be used.
bool resolve_force(const Model& model, const ExternalLoadsSpec& spec, const ExternalForceSpec& force,
                   const Table& table, LoadTrajectory::Load& load, LoadColumns& columns, Diagnostics& diagnostics) {
  const std::string subject = "external force " + force.name + ": ";
  bool is_good = true;
  load.name = force.name;
  load.body = find_named_body(model, force.applied_to_body);
  if (load.body < 0) {
    std::string bodies;
    for (std::size_t b = 1; b < model.bodies.size() && b <= 60; ++b)
      bodies += (b > 1 ? ", " : "") + model.bodies[b].name;
    diagnostics.error("LOADS-001", spec.file, force.line,
                      subject + "the model has no body named " + force.applied_to_body, "Its bodies are: " + bodies);
    is_good = false;
  }
  const auto find_frame = [&](const std::string& name, const char* what) {
    const int body = name.empty() ? 0 : find_named_body(model, name);
    if (body >= 0) return body;
    diagnostics.warning("LOADS-002", spec.file, force.line,
                        subject + what + " is expressed in " + name + ", which is no body of the model",
                        "Ground is taken instead, as in OpenSim.");
    return 0;
  };
  load.force_frame_body = find_frame(force.force_expressed_in_body, "the force");
  load.point_frame_body = std::max(0, load.body);

  if (force.force_identifier.empty() && force.torque_identifier.empty()) {
    diagnostics.error("LOADS-004", spec.file, force.line, subject + "neither a force nor a torque is named",
                      "Give a force_identifier or a torque_identifier. " + list_identifiers(table));
    return false;
  }
  if (force.force_identifier.empty() && !force.point_identifier.empty()) {
    diagnostics.error("LOADS-004", spec.file, force.line, subject + "a point is named, but no force that acts there",
                      "Give a force_identifier, or leave the point out.");
    return false;
  }
  const auto find_columns = [&](const std::string& identifier, const char* what) {
    std::vector<int> found;
    if (identifier.empty()) return found;
    found = find_identified_columns(table, identifier);
    if (found.empty()) {
      const auto begins = std::count_if(table.columns.begin(), table.columns.end(),
                                        [&](const std::string& c) { return starts_with(c, identifier); });
      diagnostics.error("LOADS-003", spec.file, force.line,
                        subject + what + " " + identifier + " picks " + std::to_string(begins) + " columns of " +
                            (spec.data_file.empty() ? "the data" : spec.data_file) + ", expected 3",
                        list_identifiers(table));
      is_good = false;
    }
    return found;
  };
  columns.force = find_columns(force.force_identifier, "force_identifier");
  columns.point = find_columns(force.point_identifier, "point_identifier");
  columns.torque = find_columns(force.torque_identifier, "torque_identifier");
  load.has_point = !columns.point.empty();
  load.has_torque = !columns.torque.empty();
  if (load.has_point) load.point_frame_body = find_frame(force.point_expressed_in_body, "the point");
  return is_good;
}

bool is_zero(const double* v) {
  return v[0] == 0.0 && v[1] == 0.0 && v[2] == 0.0;
}

/// The nine numbers of every load at every row of the data; numbers not given are zero.
std::vector<double> gather_rows(const Table& table, const std::vector<LoadColumns>& loads) {
  std::vector<double> rows(table.row_count() * loads.size() * 9, 0.0);
  for (std::size_t r = 0; r < table.row_count(); ++r)
    for (std::size_t l = 0; l < loads.size(); ++l) {
      double* nine = rows.data() + (r * loads.size() + l) * 9;
      const std::vector<int>* const groups[3] = {&loads[l].force, &loads[l].point, &loads[l].torque};
      for (std::size_t g = 0; g < 3; ++g)
        for (std::size_t k = 0; k < groups[g]->size(); ++k)
          nine[3 * g + k] = table.at(r, static_cast<std::size_t>((*groups[g])[k]));
    }
  return rows;
}

/// Where nothing presses, the point becomes that of the nearest loaded row (zero when there is none): centres of
/// pressure of unloaded plates are noise, sometimes NaN, sometimes hundreds of metres away.
void clean_points(std::vector<double>& rows, std::size_t row_count, std::size_t load_count) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  for (std::size_t l = 0; l < load_count; ++l) {
    const auto nine = [&](std::size_t r) { return rows.data() + (r * load_count + l) * 9; };
    std::vector<std::size_t> next(row_count, kNone);
    for (std::size_t r = row_count; r-- > 0;) next[r] = !is_zero(nine(r)) ? r : r + 1 < row_count ? next[r + 1] : kNone;
    std::size_t before = kNone;
    for (std::size_t r = 0; r < row_count; ++r) {
      if (next[r] == r) {
        before = r;
        continue;
      }
      std::size_t nearest = before;
      if (before == kNone || (next[r] != kNone && next[r] - r < r - before)) nearest = next[r];
      for (std::size_t k = 3; k < 6; ++k) nine(r)[k] = nearest == kNone ? 0.0 : nine(nearest)[k];
    }
  }
}

bool check_finite(const std::vector<double>& rows, const Table& table, const std::vector<LoadTrajectory::Load>& loads,
                  const std::string& data_file, Diagnostics& diagnostics) {
  const char* const parts[3] = {"the force", "the point of the force", "the torque"};
  for (std::size_t l = 0; l < loads.size(); ++l)
    for (std::size_t r = 0; r < table.row_count(); ++r)
      for (std::size_t k = 0; k < 9; ++k)
        if (!std::isfinite(rows[(r * loads.size() + l) * 9 + k])) {
          diagnostics.error("LOADS-006", data_file, 0,
                            std::string(parts[k / 3]) + " of " + loads[l].name + " is NaN or infinite at " +
                                format_number(table.time[r]) + " s",
                            "Fill the gap, or set the force to zero while the foot is off the plate.");
          return false;
        }
  return true;
}

/// All loads between the rows; `at` lies within one step of the data.
void interpolate(const std::vector<double>& time, const std::vector<double>& rows, std::size_t width,
                 LoadInterpolation interpolation, const std::vector<double>& at, double* out) {
  if (time.size() == 1) {
    for (std::size_t f = 0; f < at.size(); ++f) std::copy_n(rows.data(), width, out + f * width);
    return;
  }
  if (interpolation == LoadInterpolation::cubic_spline && time.size() >= 4) {
    evaluate_spline_table(make_spline_table(time, rows.data(), width, 3), at, out, nullptr, nullptr);
    return;
  }
  for (std::size_t f = 0; f < at.size(); ++f) {
    const auto after = std::upper_bound(time.begin() + 1, time.end() - 1, at[f]);
    const std::size_t i = static_cast<std::size_t>(after - time.begin()) - 1;
    const double w = (at[f] - time[i]) / (time[i + 1] - time[i]);
    for (std::size_t k = 0; k < width; ++k)
      out[f * width + k] = rows[i * width + k] + w * (rows[(i + 1) * width + k] - rows[i * width + k]);
  }
}

}  // namespace

std::vector<int> find_identified_columns(const Table& table, const std::string& identifier) {
  std::vector<int> found;
  if (identifier.empty()) return found;
  // OpenSim 2: "#7" is the name of column 7, time being column 0, without its x
  if (identifier.front() == '#') {
    std::size_t index = 0;
    const auto result = std::from_chars(identifier.data() + 1, identifier.data() + identifier.size(), index);
    if (result.ec != std::errc() || index < 1 || index > table.column_count() || table.columns[index - 1].empty())
      return found;
    const std::string& label = table.columns[index - 1];
    return find_identified_columns(table, label.front() == '#' ? std::string() : label.substr(0, label.size() - 1));
  }
  for (std::size_t c = 0; c < table.column_count(); ++c)
    if (starts_with(table.columns[c], identifier)) found.push_back(static_cast<int>(c));
  if (found.size() == 3) return found;
  static constexpr std::array<std::array<const char*, 3>, 5> kEndings = {
      {{"x", "y", "z"}, {"_x", "_y", "_z"}, {".x", ".y", ".z"}, {"1", "2", "3"}, {"_1", "_2", "_3"}}};
  for (const auto& endings : kEndings) {
    found.clear();
    for (const char* ending : endings)
      if (const int c = table.find_column(identifier + ending); c >= 0) found.push_back(c);
    if (found.size() == 3) return found;
  }
  return {};
}

std::optional<LoadTrajectory> make_load_trajectory(const Model& model, const ExternalLoadsSpec& spec,
                                                   const Table& table, const std::string& data_file,
                                                   const std::vector<double>& times, Diagnostics& diagnostics,
                                                   LoadInterpolation interpolation) {
  LoadTrajectory trajectory;
  std::vector<LoadColumns> columns;
  bool is_good = true;
  for (const ExternalForceSpec& force : spec.forces) {
    if (!force.applies_force) {
      diagnostics.note("LOADS-007", spec.file, force.line, "external force " + force.name + " is switched off", "");
      continue;
    }
    LoadTrajectory::Load load;
    LoadColumns load_columns;
    if (resolve_force(model, spec, force, table, load, load_columns, diagnostics)) {
      trajectory.loads.push_back(load);
      columns.push_back(load_columns);
    } else {
      is_good = false;
    }
  }
  if (!is_good) return std::nullopt;
  if (trajectory.loads.empty()) {
    diagnostics.error("LOADS-009", spec.file, 0, "no external force acts", "Add one, or leave the external loads out.");
    return std::nullopt;
  }
  const std::size_t load_count = trajectory.loads.size(), width = load_count * 9, row_count = table.row_count();
  if (load_count > 1 &&
      std::all_of(trajectory.loads.begin(), trajectory.loads.end(),
                  [&](const LoadTrajectory::Load& l) { return l.body == trajectory.loads.front().body; }))
    diagnostics.warning("LOADS-008", spec.file, 0,
                        "all " + std::to_string(load_count) + " external forces act on " +
                            model.bodies[static_cast<std::size_t>(trajectory.loads.front().body)].name,
                        "Each plate should act on the foot that stands on it; some exporters name one body for all.");

  std::vector<double> rows = gather_rows(table, columns);
  clean_points(rows, row_count, load_count);
  if (!check_finite(rows, table, trajectory.loads, data_file, diagnostics)) return std::nullopt;

  // frames at most one step of the data beyond its ends are still covered
  const double first = table.time.front(), last = table.time.back();
  const double slack = row_count > 1 ? (last - first) / static_cast<double>(row_count - 1) : kInfinity;
  std::vector<double> inside;
  for (double t : times)
    if (t >= first - slack && t <= last + slack) inside.push_back(t);
  if (inside.size() < times.size()) {
    const std::string message = std::to_string(times.size() - inside.size()) + " of " + std::to_string(times.size()) +
                                " frames lie outside the load data, which hold " + format_number(first) + " to " +
                                format_number(last) + " s";
    if (inside.empty()) {
      diagnostics.error("LOADS-005", data_file, 0, message,
                        "Do motion and loads belong together, with the same clock?");
      return std::nullopt;
    }
    diagnostics.warning("LOADS-005", data_file, 0, message, "There the loads are taken to be zero.");
  }
  std::vector<double> values(inside.size() * width);
  interpolate(table.time, rows, width, interpolation, inside, values.data());

  trajectory.values.assign(times.size() * width, 0.0);
  std::size_t next = 0;
  for (std::size_t f = 0; f < times.size(); ++f) {
    const double t = times[f];
    if (!(t >= first - slack && t <= last + slack)) continue;
    double* out = trajectory.values.data() + f * width;
    std::copy_n(values.data() + next++ * width, width, out);
    // between two rows without force there is no force, whatever a spline rings to
    const auto after = std::upper_bound(table.time.begin(), table.time.end(), t);
    const std::size_t high =
        after == table.time.end() ? row_count - 1 : static_cast<std::size_t>(after - table.time.begin());
    const std::size_t low = after == table.time.begin() ? 0 : static_cast<std::size_t>(after - table.time.begin()) - 1;
    for (std::size_t l = 0; l < load_count; ++l) {
      const double *a = rows.data() + low * width + 9 * l, *b = rows.data() + high * width + 9 * l;
      if (is_zero(a) && is_zero(b)) std::fill_n(out + 9 * l, 6, 0.0);
      if (is_zero(a + 6) && is_zero(b + 6)) std::fill_n(out + 9 * l + 6, 3, 0.0);
    }
  }
  return trajectory;
}

}  // namespace buttress
