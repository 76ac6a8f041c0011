#pragma once
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

/// For readers that take a path: a folder of this process's own in the temporary folder, and the input in a file there.
namespace buttress {

inline std::filesystem::path find_fuzz_folder() {
  struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("buttress_fuzz_" + std::to_string(getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };
  static const Folder folder;
  return folder.path;
}

inline std::string write_fuzz_file(const std::string& name, const std::uint8_t* data, std::size_t size) {
  const std::string path = (find_fuzz_folder() / name).string();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}

}  // namespace buttress
