#pragma once
#include <string>
#include <string_view>

#include "base/diagnostics.h"

/// How long the names in files may be: of bodies, muscles, markers and columns. Names of real files have up to about a
/// hundred characters; a damaged file may put all the rest of itself into one. Labels of .c3d files cannot be longer
/// than 255 characters.
///
/// Ids of this header:
///   NAME-001  a name is longer than any real one
namespace buttress {

inline constexpr std::size_t kLongestName = 1000;

/// False, with NAME-001, for a longer name.
bool check_name_length(std::string_view name, const std::string& file, int line, Diagnostics& diagnostics);

}  // namespace buttress
