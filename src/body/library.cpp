#include "body/library.h"

#include <utility>

#include "io/file_hash.h"

namespace buttress {

Library::Library(std::string data_folder) : folder_(std::move(data_folder)) {}

std::string Library::find_model_file(const std::string& name) const {
  return name == "body" ? file("models/buttress_body.osim") : name;
}

std::shared_ptr<const SimulatedBody> Library::find_body(const std::string& person_file, bool strength_as_modelled,
                                                        Diagnostics& diagnostics) const {
  const std::string hash = person_file.empty() ? "default" : calc_file_hash(person_file);
  const std::string key = hash + " " + person_file + (strength_as_modelled ? " as modelled" : "");
  const std::lock_guard lock(mutex_);
  auto at = bodies_.find(key);
  if (at == bodies_.end()) {
    Prepared prepared;
    if (auto body = prepare_body(folder_, person_file, strength_as_modelled, prepared.said))
      prepared.body = std::make_shared<const SimulatedBody>(std::move(*body));
    at = bodies_.emplace(key, std::move(prepared)).first;
  }
  for (const Diagnostic& d : at->second.said.items()) diagnostics.add(d);
  std::shared_ptr<const SimulatedBody> body = at->second.body;
  // what failed may be mended by the next call
  if (!body) bodies_.erase(at);
  return body;
}

}  // namespace buttress
