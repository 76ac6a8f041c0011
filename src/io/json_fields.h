#pragma once
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace buttress {

/// A JSON file, comments allowed; "discarded" when it cannot be read, is a folder, or is no JSON.
inline nlohmann::json read_json_file(const std::string& path) {
  // a folder opens like a file, and then cannot be read
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) return nlohmann::json(nlohmann::json::value_t::discarded);
  return nlohmann::json::parse(file, nullptr, false, true);
}

/// Reads the fields of one object of a JSON file and complains about what is missing, odd or left over: a
/// std::runtime_error whose text says where and what, for the reader to turn into a diagnostic.
class JsonFields {
 public:
  JsonFields(const nlohmann::json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) throw std::runtime_error(where_ + " is not an object {...}");
  }
  const nlohmann::json* find(const char* name) {
    known_.insert(name);
    const auto at = object_.find(name);
    return at == object_.end() ? nullptr : &*at;
  }
  const nlohmann::json& need(const char* name) {
    const nlohmann::json* value = find(name);
    if (!value) throw std::runtime_error(where_ + " lacks '" + name + "'");
    return *value;
  }
  std::string text(const char* name, bool required = true) {
    const nlohmann::json* value = required ? &need(name) : find(name);
    if (!value) return {};
    if (!value->is_string()) throw std::runtime_error(path(name) + " is not a text");
    return value->get<std::string>();
  }
  double number(const char* name, std::optional<double> otherwise = {}) {
    const nlohmann::json* value = otherwise ? find(name) : &need(name);
    if (!value) return *otherwise;
    if (!value->is_number()) throw std::runtime_error(path(name) + " is not a number");
    return value->get<double>();
  }
  bool flag(const char* name) {
    const nlohmann::json* value = find(name);
    if (!value) return false;
    if (!value->is_boolean()) throw std::runtime_error(path(name) + " is not true or false");
    return value->get<bool>();
  }
  std::vector<std::string> texts(const char* name) {
    std::vector<std::string> out;
    for (const nlohmann::json& item : list(name)) {
      if (!item.is_string()) throw std::runtime_error(path(name) + " is not a list of texts");
      out.push_back(item.get<std::string>());
    }
    return out;
  }
  std::vector<nlohmann::json> list(const char* name) {
    const nlohmann::json* value = find(name);
    if (!value) return {};
    if (!value->is_array()) throw std::runtime_error(path(name) + " is not a list [...]");
    return value->get<std::vector<nlohmann::json>>();
  }
  std::string path(const std::string& name) const { return where_ + "." + name; }
  /// a misspelt field would be ignored in silence
  void finish() const {
    for (const auto& item : object_.items())
      if (!known_.count(item.key())) throw std::runtime_error(where_ + " has an unknown field '" + item.key() + "'");
  }

 private:
  const nlohmann::json& object_;
  std::string where_;
  std::set<std::string> known_;
};

}  // namespace buttress
