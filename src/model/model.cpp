#include "model/model.h"

namespace buttress {

namespace {

template <class Item>
int find_by_name(const std::vector<Item>& items, const std::string& wanted) {
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].name == wanted) return static_cast<int>(i);
  return -1;
}

}  // namespace

int Model::find_body(const std::string& wanted) const {
  return find_by_name(bodies, wanted);
}
int Model::find_joint(const std::string& wanted) const {
  return find_by_name(joints, wanted);
}
int Model::find_coordinate(const std::string& wanted) const {
  return find_by_name(coordinates, wanted);
}
int Model::find_muscle(const std::string& wanted) const {
  return find_by_name(muscles, wanted);
}

bool Model::is_in_subtree(int body, int ancestor) const {
  // parents stand before their children, so the walk up ends at the ancestor or below its index
  while (body > ancestor) body = parent_of(body);
  return body == ancestor;
}

}  // namespace buttress
