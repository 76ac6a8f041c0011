#pragma once
#include <string>

namespace buttress {

/// folder of the built-in data (data/ of the repository); the environment variable BUTTRESS_DATA overrides it
std::string find_data_folder();

}  // namespace buttress
