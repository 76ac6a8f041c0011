#include "io/c3d_trial.h"

#include <algorithm>
#include <cmath>

#include "io/world_axes.h"

namespace buttress {

namespace {

/// A loaded plate whose centre of pressure lies off it has the wrong units, channels or corners.
void check_points(const C3dPlateLoads& loads, const std::string& file, Diagnostics& diagnostics) {
  constexpr double kLoaded = 100, kMargin = 0.1;
  const auto& corners = loads.plate.corners_L;
  const double half_x = 0.5 * norm(corners[0] - corners[1]), half_y = 0.5 * norm(corners[0] - corners[3]);
  std::size_t loaded = 0, off = 0;
  for (const PlateLoad& load : loads.samples) {
    const Vec3<double> force_P = multiply_transposed(loads.plate.R_LP, load.force);
    if (!(std::abs(force_P.z) > kLoaded)) continue;
    ++loaded;
    const Vec3<double> p = multiply_transposed(loads.plate.R_LP, load.point - loads.plate.p_LC_L);
    if (!(std::abs(p.x) < half_x + kMargin && std::abs(p.y) < half_y + kMargin)) ++off;
  }
  if (2 * off > loaded)
    diagnostics.warning("C3D-026", file, 0,
                        "plate " + std::to_string(loads.plate.number) + ": in " + std::to_string(off) + " of " +
                            std::to_string(loaded) +
                            " samples with more than 100 N the centre of pressure lies more than 10 cm off the plate",
                        "Look at the units of the plate's moments, its channels, corners and origin.");
}

std::optional<C3dTrial> read_trial(C3dReader& reader, Diagnostics& diagnostics, const C3dTrialOptions& options) {
  C3dTrial trial;
  trial.description = reader.description();
  const C3dDescription& d = trial.description;
  if (options.with_plates) {
    const auto plates = make_c3d_plates(d, diagnostics);
    if (!plates) return std::nullopt;
    for (const C3dPlate& plate : *plates) trial.plates.push_back({plate, {}});
  }
  trial.events = d.events;
  trial.markers.file = trial.analogs.name = d.file;
  trial.markers.rate_hz = d.rate_hz;
  trial.markers.units_in_file = d.point_unit;
  std::vector<std::size_t> marker_points;
  for (std::size_t point = 0; point < d.point_count; ++point)
    if (d.is_marker[point]) {
      marker_points.push_back(point);
      trial.markers.names.push_back(d.point_names[point]);
    }
  for (const C3dChannel& channel : d.channels) trial.analogs.columns.push_back(channel.name);

  C3dBlock block;
  const std::size_t failures_before = diagnostics.items().size();
  while (reader.read_block(block, diagnostics)) {
    for (std::size_t frame = 0; frame < block.frame_count; ++frame) {
      const double* const points = block.positions.data() + frame * d.point_count * 3;
      trial.markers.time.push_back(static_cast<double>(block.first_frame + frame) / d.rate_hz);
      for (std::size_t point : marker_points)
        trial.markers.positions.insert(trial.markers.positions.end(), points + 3 * point, points + 3 * point + 3);
    }
    trial.analogs.values.insert(trial.analogs.values.end(), block.analogs.begin(), block.analogs.end());
    if (d.channel_count == 0) continue;
    for (const double* sample = block.analogs.data(); sample != block.analogs.data() + block.analogs.size();
         sample += d.channel_count)
      for (C3dPlateLoads& loads : trial.plates) loads.samples.push_back(calc_plate_load(loads.plate, sample));
  }
  if (diagnostics.items().size() > failures_before) return std::nullopt;
  if (d.channel_count > 0)
    for (std::size_t i = 0; i < d.frame_count * d.samples_per_frame; ++i)
      trial.analogs.time.push_back(static_cast<double>(i) / d.analog_rate_hz());
  for (const C3dPlateLoads& loads : trial.plates) check_points(loads, d.file, diagnostics);
  return trial;
}

}  // namespace

std::optional<C3dTrial> read_c3d(const std::string& path, Diagnostics& diagnostics, const C3dTrialOptions& options) {
  auto reader = C3dReader::open(path, diagnostics);
  if (!reader) return std::nullopt;
  return read_trial(*reader, diagnostics, options);
}

std::optional<C3dTrial> parse_c3d(std::string bytes, const std::string& file_name, Diagnostics& diagnostics,
                                  const C3dTrialOptions& options) {
  auto reader = C3dReader::open_bytes(std::move(bytes), file_name, diagnostics);
  if (!reader) return std::nullopt;
  return read_trial(*reader, diagnostics, options);
}

LabAxis find_lab_up(const C3dTrial& trial, Diagnostics& diagnostics) {
  const auto screens = find_c3d_texts(trial.description.parameters, "POINT", "Y_SCREEN");
  auto up = screens.empty() ? std::nullopt : parse_lab_axis(screens.front());
  if (!up) {
    up = LabAxis{};
    if (!trial.plates.empty()) {
      // a plate's z points away from the person
      const Vec3<double> z = trial.plates.front().plate.R_LP.column(2);
      const double components[3] = {-z.x, -z.y, -z.z};
      for (int i = 0; i < 3; ++i)
        if (std::abs(components[i]) > 0.7) up = LabAxis{i, components[i] < 0 ? -1.0 : 1.0};
      diagnostics.note("C3D-027", trial.description.file, 0,
                       "POINT:Y_SCREEN does not say which axis is up; " + format_lab_axis(*up) +
                           " is taken, as the first force plate lies");
    } else {
      diagnostics.warning("C3D-027", trial.description.file, 0,
                          "POINT:Y_SCREEN does not say which axis is up; " + format_lab_axis(*up) +
                              " is taken, unless markers of an upright body show another",
                          "If the person lies on the side, state the axis in the capture program.");
    }
  }
  return *up;
}

Mat3<double> make_world_from_lab(const C3dTrial& trial, Diagnostics& diagnostics, double turn_about_up) {
  const Mat3<double> R_WL = make_world_from_up(find_lab_up(trial, diagnostics));
  // so that no 0.0 becomes -0.0
  if (turn_about_up == 0) return R_WL;
  const double c = std::cos(turn_about_up), s = std::sin(turn_about_up);
  return Mat3<double>{{{c, 0, s}, {0, 1, 0}, {-s, 0, c}}} * R_WL;
}

void rotate_c3d_trial(const Mat3<double>& R_WL, C3dTrial& trial) {
  auto& positions = trial.markers.positions;
  for (std::size_t i = 0; i + 2 < positions.size(); i += 3) {
    const Vec3<double> p = R_WL * Vec3<double>{positions[i], positions[i + 1], positions[i + 2]};
    positions[i] = p.x;
    positions[i + 1] = p.y;
    positions[i + 2] = p.z;
  }
  for (C3dPlateLoads& loads : trial.plates) {
    for (Vec3<double>& corner : loads.plate.corners_L) corner = R_WL * corner;
    loads.plate.p_LC_L = R_WL * loads.plate.p_LC_L;
    loads.plate.R_LP = R_WL * loads.plate.R_LP;
    for (PlateLoad& load : loads.samples)
      for (Vec3<double>* v : {&load.force, &load.moment_C, &load.point, &load.moment_point}) *v = R_WL * *v;
  }
}

Table make_ground_load_table(const C3dTrial& trial, double least_force) {
  Table table;
  table.name = trial.description.file;
  table.degrees_stated = true;
  table.time = trial.analogs.time;
  for (const C3dPlateLoads& loads : trial.plates) {
    const std::string number = std::to_string(loads.plate.number);
    for (const char* part : {"_vx", "_vy", "_vz", "_px", "_py", "_pz"})
      table.columns.push_back("ground_force_" + number + part);
    for (const char* part : {"_x", "_y", "_z"}) table.columns.push_back("ground_torque_" + number + part);
  }
  table.values.assign(table.time.size() * table.columns.size(), 0.0);
  for (std::size_t plate = 0; plate < trial.plates.size(); ++plate) {
    const C3dPlateLoads& loads = trial.plates[plate];
    const Vec3<double> normal = loads.plate.R_LP.column(2);
    for (std::size_t row = 0; row < loads.samples.size(); ++row) {
      const PlateLoad& load = loads.samples[row];
      if (!(std::abs(dot(normal, load.force)) >= least_force) || !std::isfinite(load.point.x)) continue;
      double* const out = &table.at(row, 9 * plate);
      const Vec3<double> parts[3] = {load.force, load.point, load.moment_point};
      for (std::size_t i = 0; i < 3; ++i) {
        out[3 * i] = parts[i].x;
        out[3 * i + 1] = parts[i].y;
        out[3 * i + 2] = parts[i].z;
      }
    }
  }
  return table;
}

}  // namespace buttress
