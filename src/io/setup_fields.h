#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/xml_document.h"

/// Reading the child elements of one XML element by name, with defaults, while remembering which names were known.
namespace buttress {

/// `path` with slashes, seen from the folder of `file` unless absolute; empty for "" and OpenSim's "Unassigned"
std::string resolve_beside(const std::string& path, const std::string& file);

/// the first child that is an element, not text or a comment; empty when there is none
pugi::xml_node find_first_element(pugi::xml_node parent);

class SetupFields {
 public:
  SetupFields(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics)
      : document_(document), node_(node), diagnostics_(diagnostics) {}

  /// The first child of that name, or an empty node; an element without text counts as absent for all below.
  pugi::xml_node find(const char* name);
  std::string text(const char* name, const std::string& fallback = {});
  std::string path(const char* name);
  std::vector<std::string> words(const char* name, const std::vector<std::string>& fallback = {});
  /// the words as paths
  std::vector<std::string> paths(const char* name);
  double number(const char* name, double fallback);
  int integer(const char* name, int fallback);
  bool flag(const char* name, bool fallback);
  int line_of(const char* name) const;

  /// child elements whose names nobody asked for, the first hundred
  std::vector<pugi::xml_node> unknown() const;
  void ignore(const char* name) { known_.insert(name); }

 private:
  const XmlDocument& document_;
  pugi::xml_node node_;
  Diagnostics& diagnostics_;
  std::set<std::string> known_;
};

}  // namespace buttress
