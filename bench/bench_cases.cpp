#include "bench_cases.h"

#include <cmath>
#include <filesystem>
#include <numbers>

#include "body/data_folder.h"
#include "body/model_loading.h"

namespace buttress {

namespace {

void repeat(std::vector<double>& values, std::size_t times) {
  const std::vector<double> once = values;
  for (std::size_t i = 1; i < times; ++i) values.insert(values.end(), once.begin(), once.end());
}

}  // namespace

std::optional<BenchCase> make_rajagopal_case(const std::string& shared_folder, std::size_t repeats) {
  const std::string folder = shared_folder + "/data/rajagopal_walk/";
  if (!std::filesystem::exists(folder)) return std::nullopt;
  Diagnostics diagnostics;
  auto model = load_model({folder + "subject_walk_scaled.osim", {}, false, {}, {}, false}, diagnostics);
  if (!model) return std::nullopt;
  BenchCase c;
  c.name = "rajagopal_walk";
  c.model = std::make_unique<Model>(std::move(*model));
  TrialRequest request;
  request.motion_file = folder + "coordinates.sto";
  request.loads_file = folder + "grf_walk.xml";
  request.motion.lowpass_hz = 6;
  std::string data_file;
  auto trial = read_trial(*c.model, request, data_file, diagnostics);
  if (!trial) return std::nullopt;
  c.trial = std::move(*trial);
  for (auto* values :
       {&c.trial.motion.time, &c.trial.motion.q, &c.trial.motion.qd, &c.trial.motion.qdd, &c.trial.loads.values})
    repeat(*values, repeats);
  c.plan = make_chain_plan(*c.model, ChainOptions{}, c.trial.chain_loads());
  return c;
}

std::optional<BenchCase> make_built_in_case(std::size_t frames) {
  Diagnostics diagnostics;
  auto model = load_model({find_data_folder() + "/models/buttress_body.osim", {}, false, {}, {}, false}, diagnostics);
  if (!model) return std::nullopt;
  BenchCase c;
  c.name = "built_in_body";
  c.model = std::make_unique<Model>(std::move(*model));
  const Model& m = *c.model;
  const std::size_t n = m.coordinates.size();
  const double step = 0.01, amplitude = 10 * std::numbers::pi / 180;
  CoordinateTrajectory& motion = c.trial.motion;
  for (std::size_t f = 0; f < frames; ++f) {
    const double t = step * static_cast<double>(f);
    motion.time.push_back(t);
    for (std::size_t i = 0; i < n; ++i) {
      const Coordinate& coordinate = m.coordinates[i];
      // every joint has a pace of its own, none faster than walking
      const double pace = 2 * std::numbers::pi * (0.2 + 0.05 * static_cast<double>(i % 11));
      const bool moves = coordinate.independent >= 0 && coordinate.motion_type == MotionType::rotational;
      const double size = moves ? amplitude : 0;
      motion.q.push_back(coordinate.default_value + size * std::sin(pace * t));
      motion.qd.push_back(size * pace * std::cos(pace * t));
      motion.qdd.push_back(-size * pace * pace * std::sin(pace * t));
    }
  }
  apply_couplers(m, motion);
  for (const char* foot : {"calcn_r", "calcn_l"}) {
    LoadTrajectory::Load load;
    load.body = m.find_body(foot);
    load.point_frame_body = load.body;
    load.name = foot;
    c.trial.loads.loads.push_back(load);
  }
  for (std::size_t f = 0; f < frames; ++f)
    for (int side = 0; side < 2; ++side)
      for (double v : {0.0, 0.5 * 9.81 * m.total_mass, 0.0, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0})
        c.trial.loads.values.push_back(v);
  c.plan = make_chain_plan(m, ChainOptions{}, c.trial.chain_loads());
  return c;
}

}  // namespace buttress
