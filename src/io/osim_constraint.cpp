// Constraints of a .osim file.
#include <fmt/format.h>

#include <cstring>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

void add_unsupported(const Document& document, pugi::xml_node node, const std::string& name, const char* reason,
                     ModelSpec& spec) {
  UnsupportedSpec unsupported;
  unsupported.type = node.name();
  unsupported.name = name;
  unsupported.at = document.line(node);
  unsupported.kind = UnsupportedKind::constraint;
  unsupported.reason = reason;
  spec.unsupported.push_back(std::move(unsupported));
}

void read_coupler(Document& document, pugi::xml_node node, ModelSpec& spec) {
  CouplerSpec coupler;
  coupler.name = give_component_name(node, document.coupler_names);
  coupler.at = document.line(node);
  coupler.enforced = read_enabled(document, node, "isEnforced");
  coupler.dependent = last_component(read_text(document, node, "dependent_coordinate_name"));
  const std::vector<std::string> independent = split_words(read_text(document, node, "independent_coordinate_names"));
  if (independent.size() != 1) {
    // a function of several coordinates; one that is switched off changes nothing
    if (coupler.enforced && independent.size() > 1)
      add_unsupported(document, node, coupler.name, "it ties a coordinate to several others", spec);
    if (independent.empty())
      document.error("OSIM-012", node, fmt::format("{} names no independent coordinate, expected one", label_of(node)));
    return;
  }
  coupler.independent = last_component(independent[0]);
  const pugi::xml_node function = find_object(document, node, "coupled_coordinates_function");
  if (!function) {
    document.error("OSIM-005", node, fmt::format("{} has no <coupled_coordinates_function>", label_of(node)));
    return;
  }
  const auto read_in = read_function(document, function);
  if (!read_in) return;
  coupler.function = *read_in;
  double scale = 1;
  read(document, node, "scale_factor", scale);
  coupler.function.scale *= scale;
  spec.couplers.push_back(std::move(coupler));
}

}  // namespace

void read_constraint(Document& document, pugi::xml_node node, ModelSpec& spec) {
  spec.has_constraints = true;
  if (std::strcmp(node.name(), "CoordinateCouplerConstraint") == 0) return read_coupler(document, node, spec);
  if (read_enabled(document, node, "isEnforced"))
    add_unsupported(document, node, name_of(node), "it closes a loop, which shares the load with the muscles", spec);
}

}  // namespace buttress::osim
