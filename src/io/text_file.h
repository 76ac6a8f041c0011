#pragma once
#include <string>

#include "base/diagnostics.h"

/// Files and folders of results.
namespace buttress {

/// writes text whole; adds APP-001 when the file cannot be written
bool write_text_file(const std::string& path, const std::string& text, Diagnostics& diagnostics);
/// makes the folder and its parents; adds APP-001 when that fails
bool make_folder(const std::string& path, Diagnostics& diagnostics);

}  // namespace buttress
