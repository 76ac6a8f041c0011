#pragma once
#include <string>
#include <string_view>

namespace buttress {

/// SHA-256 of a file in hex; empty when it cannot be read
std::string calc_file_hash(const std::string& path);
/// SHA-256 of bytes in hex
std::string calc_hash(std::string_view bytes);

}  // namespace buttress
