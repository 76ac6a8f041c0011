#pragma once
#include <cstdlib>
#include <string>

#include "base/diagnostics.h"

/// What the tests of the readers share.
namespace buttress {

/// the folder of public recordings beside the repository; it may be absent
inline std::string shared_folder() {
  if (const char* path = std::getenv("BUTTRESS_SHARED")) return path;
  return std::string(BUTTRESS_SOURCE_DIR) + "/../shared";
}

/// the first diagnostic of that id, or one with an empty id
inline Diagnostic find(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id) return d;
  return {};
}

}  // namespace buttress
