#include "io/text_file.h"

#include <filesystem>
#include <fstream>

namespace buttress {

bool make_folder(const std::string& path, Diagnostics& diagnostics) {
  std::error_code problem;
  std::filesystem::create_directories(path, problem);
  if (!problem && std::filesystem::is_directory(path, problem)) return true;
  diagnostics.error("APP-001", path, 0, "the results folder cannot be made",
                    "Choose another folder with --results or --out, or check its permissions.");
  return false;
}

bool write_text_file(const std::string& path, const std::string& text, Diagnostics& diagnostics) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return true;
  diagnostics.error("APP-001", path, 0, "the file cannot be written", "Check the folder's permissions and free space.");
  return false;
}

}  // namespace buttress
