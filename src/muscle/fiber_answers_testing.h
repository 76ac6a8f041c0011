#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "muscle/fiber_force.inl"
#include "muscle/passive_expression.inl"

namespace buttress::fiber_testing {

/// what update_fibers() gives for one frame, and a formula of its first number, for comparing widths of Lanes
struct FiberAnswers {
  std::vector<double> values;
};

template <class T>
std::vector<FiberAnswers> find_answers(const Model& model, const FiberPlan& plan, const Expression& formula,
                                       const std::vector<std::vector<double>>& lengths,
                                       const std::vector<std::vector<double>>& speeds) {
  const std::size_t width = lanes_of<T>, muscles = model.muscles.size();
  FiberWorkspace<T> ws = make_fiber_workspace<T>(plan);
  std::vector<T> length(muscles), speed(muscles);
  std::vector<FiberAnswers> answers(lengths.size());
  for (std::size_t first = 0; first < lengths.size(); first += width) {
    for (std::size_t m = 0; m < muscles; ++m)
      for (std::size_t i = 0; i < width; ++i) {
        const std::size_t frame = std::min(first + i, lengths.size() - 1);
        set_lane(length[m], i, lengths[frame][m]);
        set_lane(speed[m], i, speeds[frame][m]);
      }
    update_fibers(model, plan, length.data(), speed.data(), ws);
    const T variables[2] = {length[0], speed[0]};
    const T by_formula = evaluate(formula, variables);
    for (std::size_t i = 0; i < width && first + i < lengths.size(); ++i) {
      std::vector<double>& values = answers[first + i].values;
      for (const std::vector<T>* field : {&ws.active_force, &ws.passive_force, &ws.norm_fiber_length,
                                          &ws.norm_fiber_velocity, &ws.cos_pennation, &ws.tendon_length})
        for (const T& v : *field) values.push_back(get_lane(v, i));
      values.push_back(get_lane(by_formula, i));
    }
  }
  return answers;
}

}  // namespace buttress::fiber_testing
