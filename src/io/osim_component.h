#pragma once
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

/// What a type of component means to an inverse analysis, wherever it stands in a model file. Internal to io/osim_*.
namespace buttress::osim {

/// whether a list of types holds this one
template <std::size_t n>
bool contains(const std::string_view (&types)[n], std::string_view type) {
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

enum class ComponentRole {
  body,
  joint,
  constraint,
  marker,
  controller,  ///< drives actuators: counts in inverse dynamics alone
  harmless,  ///< changes no result: sensors, probes, reporters, geometry, frames and points that nothing uses by itself
  other      ///< forces, and all that is not known: read_force() takes it or puts it among the unsupported
};

/// Every type that OpenSim 4.6 registers, by name; tests/golden/opensim_4_6/components.txt holds what OpenSim's
/// inverse dynamics and static optimization make of each. Types that OpenSim does not have are `other`.
ComponentRole find_component_role(std::string_view type);
/// muscles, those that are not simulated too
bool is_opensim_muscle(std::string_view type);

}  // namespace buttress::osim
