#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "io/osim_reader.h"
#include "model/compile.h"

/// What the golden tests on public recordings share.
namespace buttress {

/// the data folder of the recordings beside the repository, ending in '/'; empty when it is absent
inline std::string find_data() {
  const char* given = std::getenv("BUTTRESS_SHARED");
  const std::string folder = given ? given : std::string(BUTTRESS_SOURCE_DIR) + "/../shared";
  return std::filesystem::exists(folder + "/data") ? folder + "/data/" : "";
}

/// a model without the elements that we do not simulate
inline Model read_model(const std::string& file) {
  Diagnostics diagnostics;
  const auto spec = read_osim(file, diagnostics);
  EXPECT_TRUE(spec) << file;
  CompileOptions options;
  for (const UnsupportedSpec& u : spec->unsupported) options.ignore.push_back(u.name.empty() ? u.type : u.name);
  auto model = compile(*spec, options, diagnostics);
  EXPECT_TRUE(model) << file;
  return *model;
}

}  // namespace buttress
