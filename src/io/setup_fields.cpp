#include "io/setup_fields.h"

#include <algorithm>
#include <filesystem>

namespace buttress {

std::string resolve_beside(const std::string& path, const std::string& file) {
  if (path.empty() || path == "Unassigned") return {};
  // files written on Windows
  std::string slashed = path;
  std::replace(slashed.begin(), slashed.end(), '\\', '/');
  const bool has_drive = slashed.size() > 1 && slashed[1] == ':';
  const std::filesystem::path target(slashed);
  if (target.is_absolute() || has_drive) return slashed;
  return (std::filesystem::path(file).parent_path() / target).lexically_normal().string();
}

pugi::xml_node find_first_element(pugi::xml_node parent) {
  return parent.find_child([](pugi::xml_node child) { return child.type() == pugi::node_element; });
}

pugi::xml_node SetupFields::find(const char* name) {
  known_.insert(name);
  const pugi::xml_node child = node_.child(name);
  return trimmed_text(child).empty() && !find_first_element(child) ? pugi::xml_node() : child;
}

std::string SetupFields::text(const char* name, const std::string& fallback) {
  const pugi::xml_node child = find(name);
  return child ? std::string(trimmed_text(child)) : fallback;
}

std::string SetupFields::path(const char* name) {
  return resolve_beside(text(name), document_.file);
}

std::vector<std::string> SetupFields::words(const char* name, const std::vector<std::string>& fallback) {
  const pugi::xml_node child = find(name);
  return child ? split_words(trimmed_text(child)) : fallback;
}

std::vector<std::string> SetupFields::paths(const char* name) {
  std::vector<std::string> resolved;
  for (const std::string& word : words(name))
    if (std::string path = resolve_beside(word, document_.file); !path.empty()) resolved.push_back(std::move(path));
  return resolved;
}

double SetupFields::number(const char* name, double fallback) {
  const pugi::xml_node child = find(name);
  return child ? read_number(document_, child, diagnostics_, NumberRange::may_be_infinite).value_or(fallback)
               : fallback;
}

int SetupFields::integer(const char* name, int fallback) {
  const pugi::xml_node child = find(name);
  return child ? read_integer(document_, child, diagnostics_).value_or(fallback) : fallback;
}

bool SetupFields::flag(const char* name, bool fallback) {
  const pugi::xml_node child = find(name);
  return child ? read_bool(document_, child, diagnostics_).value_or(fallback) : fallback;
}

int SetupFields::line_of(const char* name) const {
  const pugi::xml_node child = node_.child(name);
  return document_.line_of(child ? child : node_);
}

std::vector<pugi::xml_node> SetupFields::unknown() const {
  // after this many a user knows
  constexpr std::size_t kMostListed = 100;
  std::vector<pugi::xml_node> nodes;
  for (pugi::xml_node child : node_.children())
    if (nodes.size() < kMostListed && child.type() == pugi::node_element && known_.count(child.name()) == 0)
      nodes.push_back(child);
  return nodes;
}

}  // namespace buttress
