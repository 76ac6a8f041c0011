#include "load/coupled_ligament.h"

#include <map>
#include <utility>

namespace buttress {

namespace {

/// the joint of the coordinate to which the one coordinate of `joint` is coupled, or -1
int find_driving_joint(const Model& model, const Joint& joint) {
  int only = -1;
  for (int k = 0; k < joint.axis_count; ++k)
    for (const AxisTerm& term : model.axes[static_cast<std::size_t>(joint.first_axis + k)].terms) {
      if (term.coordinate < 0) continue;
      if (only >= 0 && only != term.coordinate) return -1;
      only = term.coordinate;
    }
  if (only < 0) return -1;
  const int coupler = model.coordinates[static_cast<std::size_t>(only)].coupler;
  if (coupler < 0) return -1;
  const int driver = model.couplers[static_cast<std::size_t>(coupler)].independent;
  return model.coordinates[static_cast<std::size_t>(driver)].joint;
}

}  // namespace

std::vector<CoupledLigament> find_coupled_ligaments(const Model& model) {
  // sums of the points by pair of bodies; ordered, so that the result does not depend on addresses
  struct Sum {
    Vec3d lever{0, 0, 0}, far{0, 0, 0};
    int count = 0;
  };
  std::map<std::pair<int, int>, Sum> sums;
  for (const Muscle& muscle : model.muscles) {
    const Path& path = model.paths[static_cast<std::size_t>(muscle.path)];
    for (std::size_t i = 0; i + 1 < path.points.size(); ++i)
      for (const bool forward : {true, false}) {
        const PathPoint& lever = path.points[forward ? i : i + 1];
        const PathPoint& far = path.points[forward ? i + 1 : i];
        if (lever.body <= 0 || far.body <= 0 || lever.body == far.body) continue;
        if (lever.kind != PathPointKind::fixed || far.kind != PathPointKind::fixed) continue;
        const Joint& joint = model.joints[static_cast<std::size_t>(lever.body) - 1];
        if (joint.parent_body != model.parent_of(far.body) || find_driving_joint(model, joint) != far.body - 1)
          continue;
        Sum& sum = sums[{lever.body, far.body}];
        sum.lever = sum.lever + lever.p_B;
        sum.far = sum.far + far.p_B;
        ++sum.count;
      }
  }
  std::vector<CoupledLigament> ligaments;
  ligaments.reserve(sums.size());
  for (const auto& [bodies, sum] : sums)
    ligaments.push_back(
        {bodies.first - 1, bodies.first, (1.0 / sum.count) * sum.lever, bodies.second, (1.0 / sum.count) * sum.far});
  return ligaments;
}

}  // namespace buttress
