#include "load/contact.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "multibody/kinematics.h"

namespace buttress {

ContactSurface make_floor(double height) {
  ContactSurface floor;
  floor.name = "floor";
  floor.p_W = {0, height, 0};
  return floor;
}

double estimate_floor_height(const Model& model, const ContactSet& contacts, const double* q, std::size_t frame_count) {
  if (contacts.points.empty() || frame_count == 0) return 0;
  Kinematics<double> kin = make_kinematics<double>(model);
  std::vector<double> lowest;
  for (std::size_t f = 0; f < frame_count; ++f) {
    update_positions(model, q + f * model.coordinates.size(), kin);
    double low = std::numeric_limits<double>::infinity();
    for (const ContactPoint& p : contacts.points)
      low = std::min(low, (kin.X_WB[static_cast<std::size_t>(p.body)] * p.p_B).y);
    lowest.push_back(low);
  }
  const auto middle = lowest.begin() + static_cast<std::ptrdiff_t>(frame_count / 2);
  std::nth_element(lowest.begin(), middle, lowest.end());
  return *middle;
}

std::vector<ContactGroup> find_contact_groups(const ContactSet& contacts) {
  std::map<std::string, std::set<int>> surfaces_of;
  for (const ContactPoint& p : contacts.points) surfaces_of[p.group].insert(p.surface);
  std::map<std::pair<std::string, int>, std::size_t> place;
  std::vector<ContactGroup> groups;
  for (std::size_t i = 0; i < contacts.points.size(); ++i) {
    const ContactPoint& p = contacts.points[i];
    const auto [at, is_new] = place.emplace(std::pair{p.group, p.surface}, groups.size());
    if (is_new) {
      std::string name = p.group;
      if (surfaces_of[p.group].size() > 1) name += " on " + contacts.surfaces[static_cast<std::size_t>(p.surface)].name;
      groups.push_back({name, p.surface, {}});
    }
    groups[at->second].points.push_back(static_cast<int>(i));
  }
  return groups;
}

}  // namespace buttress
