#pragma once

namespace buttress {

/// version of the engine, "0.1.0": that of the project in CMakeLists.txt
const char* engine_version();

}  // namespace buttress
