// Controllers of a .osim file: what they would do to actuators over time.
#include <fmt/format.h>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

// from 4.6 on actuators are sockets; before, a list of names or ALL, of which OpenSim skips those that do not exist
constexpr int kVersionOfSockets = 40600;

void read_actuators(const Document& document, pugi::xml_node node, ControllerSpec& controller) {
  std::vector<std::string> names = split_words(read_socket(document, node, "actuators"));
  if (document.version < kVersionOfSockets && names.empty())
    names = split_words(read_text(document, node, "actuator_list"));
  for (std::string& name : names) {
    if (name == "ALL") controller.drives_all = true;
    controller.actuators.push_back(last_component(name));
  }
}

// one function of time for each actuator, in their order
void read_controls(const Document& document, pugi::xml_node node, ControllerSpec& controller) {
  if (!read_text(document, node, "controls_file").empty()) {
    controller.obstacle = "its controls stand in a file of their own";
    return;
  }
  // messages of functions are the controller's: whoever needs its controls reports them
  Diagnostics messages;
  Document quiet(document.xml, messages);
  quiet.version = document.version;
  quiet.defaults = document.defaults;
  pugi::xml_node set = find_object(document, node, "ControlFunctions");
  if (!set) set = find_property(document, node, "FunctionSet");
  for (const pugi::xml_node function : objects_of(set)) {
    const auto read_in = read_function(quiet, function);
    if (!read_in) {
      controller.obstacle = messages.items().empty() ? "a function cannot be read" : messages.items()[0].message;
      return;
    }
    controller.controls.push_back(*read_in);
  }
}

}  // namespace

void read_controller(const Document& document, pugi::xml_node node, ModelSpec& spec) {
  ControllerSpec controller;
  controller.type = node.name();
  controller.name = name_of(node);
  controller.at = document.line(node);
  controller.enabled = read_enabled(document, node, "enabled");
  read_actuators(document, node, controller);
  if (controller.type == "PrescribedController")
    read_controls(document, node, controller);
  else
    controller.obstacle = fmt::format("what a {} does cannot be computed", controller.type);
  spec.controllers.push_back(std::move(controller));
}

}  // namespace buttress::osim
