#include "io/file_hash.h"

#include <sodium.h>

#include <array>
#include <fstream>

namespace buttress {

namespace {

std::string format_digest(crypto_hash_sha256_state& state) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256_final(&state, digest.data());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex;
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

void add_bytes(crypto_hash_sha256_state& state, const char* bytes, std::size_t count) {
  crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(bytes),
                            static_cast<unsigned long long>(count));
}

}  // namespace

std::string calc_file_hash(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::array<char, 65536> block;
  while (file.read(block.data(), block.size()) || file.gcount() > 0)
    add_bytes(state, block.data(), static_cast<std::size_t>(file.gcount()));
  return format_digest(state);
}

std::string calc_hash(std::string_view bytes) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  add_bytes(state, bytes.data(), bytes.size());
  return format_digest(state);
}

}  // namespace buttress
