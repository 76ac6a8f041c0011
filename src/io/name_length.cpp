#include "io/name_length.h"

#include <fmt/format.h>

namespace buttress {

bool check_name_length(std::string_view name, const std::string& file, int line, Diagnostics& diagnostics) {
  if (name.size() <= kLongestName) return true;
  // a damaged file may hold anything; the message stays one line
  std::string beginning(name.substr(0, 40));
  for (char& c : beginning)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  diagnostics.error("NAME-001", file, line,
                    fmt::format("the name that begins with '{}' has {} characters, at most {} are expected", beginning,
                                name.size(), kLongestName),
                    "Give it a shorter name; if no such name was written, the file is damaged.");
  return false;
}

}  // namespace buttress
