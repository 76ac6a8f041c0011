// Inverse kinematics of one frame, warm: OpenCap's squat (35 coordinates, 45 markers) with the setup as shipped.
//   ik_bench        prints the mean, the median and the 99th percentile of the time per frame, and the marker RMS
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "io/osim_reader.h"
#include "io/setup_reader.h"
#include "io/trc_reader.h"
#include "model/compile.h"
#include "motion/inverse_kinematics.h"
#include "motion/pose_fit.h"

namespace {

using namespace buttress;

int run(const std::string& folder) {
  Diagnostics diagnostics;
  const auto spec = read_osim(folder + "model_manually_scaled.osim", diagnostics);
  const auto recording = read_trc(folder + "squats1.trc", diagnostics);
  const auto setup = read_setup(folder + "squats1_ik_on_manually_scaled_setup.xml", diagnostics);
  if (!spec || !recording || !setup) {
    std::printf("the OpenCap set is not in ../shared\n");
    return 0;
  }
  CompileOptions options;
  for (const UnsupportedSpec& u : spec->unsupported) options.ignore.push_back(u.name.empty() ? u.type : u.name);
  const auto model = compile(*spec, options, diagnostics);
  if (!model) return 1;
  InverseKinematicsOptions ik;
  ik.markers = setup->tasks.markers;
  const auto checked = calc_inverse_kinematics(*model, *recording, ik, nullptr, "", diagnostics);
  if (!checked) return 1;

  // the same fits again, each from the pose of the frame before, one by one under the clock
  std::vector<FitMarker> markers;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < checked->markers.size(); ++i) {
    for (std::size_t m = 0; m < model->markers.size(); ++m)
      if (model->markers[m].name == checked->markers[i]) markers.push_back({static_cast<int>(m), checked->weights[i]});
    columns.push_back(static_cast<std::size_t>(
        std::find(recording->names.begin(), recording->names.end(), checked->markers[i]) - recording->names.begin()));
  }
  const PoseFitPlan plan = make_pose_fit_plan(*model, markers, {});
  PoseFitWorkspace ws = make_pose_fit_workspace(plan);
  const std::size_t n = model->coordinates.size(), frames = checked->time.size();
  std::vector<double> q(checked->q.begin(), checked->q.begin() + static_cast<std::ptrdiff_t>(n)), micros;
  std::vector<double> observed(markers.size() * 3);
  double worst_difference = 0;
  long iterations = 0;
  for (std::size_t f = 0; f < frames; ++f) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      std::copy_n(recording->positions.data() + (f * recording->names.size() + columns[i]) * 3, 3, &observed[3 * i]);
    const auto start = std::chrono::steady_clock::now();
    const PoseFitResult fit = fit_pose(plan, observed.data(), nullptr, {}, q.data(), ws);
    micros.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
    iterations += fit.iterations;
    for (std::size_t c = 0; c < n; ++c)
      worst_difference = std::max(worst_difference, std::abs(q[c] - checked->q[f * n + c]));
  }
  double sum = 0, squares = 0;
  for (const double t : micros) sum += t;
  for (const double e : checked->marker_errors) squares += e * e;
  std::sort(micros.begin(), micros.end());
  std::printf(
      "%zu frames, %zu markers, %zu coordinates: mean %.1f us, median %.1f us, p99 %.1f us, worst %.1f us; "
      "%.2f iterations a frame\n",
      frames, markers.size(), n, sum / static_cast<double>(frames), micros[frames / 2], micros[frames * 99 / 100],
      micros.back(), static_cast<double>(iterations) / static_cast<double>(frames));
  std::printf("marker RMS %.4f mm; differs from calc_inverse_kinematics by %.1e at most\n",
              1000 * std::sqrt(squares / static_cast<double>(checked->marker_errors.size())), worst_difference);
  return worst_difference < 1e-6 ? 0 : 1;
}

}  // namespace

int main() {
  return run(std::string(BUTTRESS_SHARED_FOLDER) + "/data/opencap_s4_squat_sts_walk/");
}
