#include "multibody/kinematics.h"

namespace buttress {

std::vector<int> find_first_terms(const Model& model) {
  std::vector<int> first;
  first.reserve(model.axes.size() + 1);
  int count = 0;
  for (const Axis& axis : model.axes) {
    first.push_back(count);
    count += static_cast<int>(axis.terms.size());
  }
  first.push_back(count);
  return first;
}

}  // namespace buttress
