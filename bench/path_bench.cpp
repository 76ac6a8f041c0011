// Microseconds per frame of update_paths() for each model file given, in double, four and eight lanes. Every width's
// answers are compared with double's first; a difference above 1e-12 m (1e-10 for moment arms) stops the program.
//
//   path_bench model.osim [more.osim ...]
//
// The motion is 1600 frames in which every coordinate swings over the middle half of its range (at most +-0.6).
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "io/osim_reader.h"
#include "model/compile.h"
#include "path_bench_width.h"

namespace {

using namespace buttress;
using namespace buttress::path_bench;

Motion make_motion(const Model& model) {
  Motion motion;
  motion.frames = 1600;
  motion.coordinates = model.coordinates.size();
  motion.q.resize(motion.frames * motion.coordinates);
  for (std::size_t f = 0; f < motion.frames; ++f) {
    double* q = &motion.q[f * motion.coordinates];
    for (std::size_t c = 0; c < motion.coordinates; ++c) {
      const Coordinate& k = model.coordinates[c];
      const double low = std::isfinite(k.range_min) ? k.range_min : -0.5;
      const double high = std::isfinite(k.range_max) ? k.range_max : 0.5;
      const double swing = std::min(0.25 * (high - low), 0.6), middle = 0.5 * (low + high);
      const double rate = 0.005 * (1 + 0.37 * static_cast<double>(c % 7));
      q[c] = k.motion_type != MotionType::rotational
                 ? k.default_value
                 : middle + swing * std::sin(rate * static_cast<double>(f) + static_cast<double>(c));
    }
    for (const Coupler& coupler : model.couplers)
      q[coupler.dependent] = evaluate(coupler.function, q[coupler.independent]).f;
  }
  return motion;
}

void compare(const char* what, const std::vector<double>& a, const std::vector<double>& b, double bound) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  if (largest < bound) return;
  fmt::print("{} differ by {}, more than {}\n", what, largest, bound);
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    Diagnostics diagnostics;
    const auto spec = read_osim(argv[i], diagnostics);
    CompileOptions options;
    if (spec)
      for (const UnsupportedSpec& u : spec->unsupported) options.ignore.push_back(u.name.empty() ? u.type : u.name);
    const auto model = spec ? compile(*spec, options, diagnostics) : std::nullopt;
    if (!model) {
      fmt::print("{} is not a model that can be read\n", argv[i]);
      return 1;
    }
    const PathPlan plan = make_path_plan(*model);
    const Motion motion = make_motion(*model);
    fmt::print("{}: {} paths, {} moment arms\n", argv[i], model->paths.size(), plan.columns.size());
    for (const bool together : {true, false}) {
      const Timing one = run<double>(*model, plan, motion, together);
      fmt::print("  {:28} double {:7.3f}", together ? "neighbouring frames" : "pieces side by side",
                 one.microseconds_per_frame);
      if (__builtin_cpu_supports("avx2")) {
        const Timing four = run_avx2(*model, plan, motion, together);
        compare("lengths", one.lengths, four.lengths, 1e-12);
        compare("moment arms", one.moment_arms, four.moment_arms, 1e-10);
        fmt::print("   4 lanes {:7.3f}", four.microseconds_per_frame);
      }
      if (__builtin_cpu_supports("avx512dq")) {
        const Timing eight = run_avx512(*model, plan, motion, together);
        compare("lengths", one.lengths, eight.lengths, 1e-12);
        compare("moment arms", one.moment_arms, eight.moment_arms, 1e-10);
        fmt::print("   8 lanes {:7.3f}", eight.microseconds_per_frame);
      }
      fmt::print("  us/frame\n");
    }
  }
}
