#pragma once
#include <algorithm>
#include <vector>

#include "multibody/kinematics.inl"
#include "muscle/path_kinematics.inl"

namespace buttress::path_testing {

/// what update_paths() gives at one pose, for comparing widths of Lanes
struct PathAnswers {
  std::vector<double> length, moment_arm, wrench;
};

template <class T>
std::vector<PathAnswers> find_answers(const Model& model, const PathPlan& plan,
                                      const std::vector<std::vector<double>>& poses) {
  Kinematics<T> kin = make_kinematics<T>(model);
  PathWorkspace<T> ws = make_path_workspace<T>(model, plan);
  std::vector<T> q(model.coordinates.size());
  std::vector<PathAnswers> answers(poses.size());
  const std::size_t width = lanes_of<T>;
  for (std::size_t first = 0; first < poses.size(); first += width) {
    for (std::size_t c = 0; c < q.size(); ++c)
      for (std::size_t i = 0; i < width; ++i) set_lane(q[c], i, poses[std::min(first + i, poses.size() - 1)][c]);
    update_positions(model, q.data(), kin);
    update_paths(model, plan, kin, q.data(), ws);
    for (std::size_t i = 0; i < width && first + i < poses.size(); ++i) {
      PathAnswers& a = answers[first + i];
      for (const T& v : ws.length) a.length.push_back(get_lane(v, i));
      for (const T& v : ws.moment_arm) a.moment_arm.push_back(get_lane(v, i));
      for (const Wrench<T>& w : ws.body_wrench)
        for (const T& v : {w.force.x, w.force.y, w.force.z, w.moment.x, w.moment.y, w.moment.z})
          a.wrench.push_back(get_lane(v, i));
    }
  }
  return answers;
}

#if defined(__x86_64__)
/// path_avx2_test.cpp and path_avx512_test.cpp, compiled for those processors
std::vector<PathAnswers> find_answers_avx2(const Model& model, const PathPlan& plan,
                                           const std::vector<std::vector<double>>& poses);
std::vector<PathAnswers> find_answers_avx512(const Model& model, const PathPlan& plan,
                                             const std::vector<std::vector<double>>& poses);
#endif

}  // namespace buttress::path_testing
