#include "io/c3d_reader.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "io/c3d_description.h"

namespace buttress {

namespace {

constexpr std::uint64_t kBlockBytes = 512;
/// more than any program writes; bounds the memory a lying file can ask for
constexpr std::uint64_t kMostParameterBytes = 2u << 20;
constexpr std::uint64_t kBufferBytes = 1u << 20;

bool read_at(std::istream& stream, std::uint64_t byte, unsigned char* out, std::size_t count) {
  stream.clear();
  stream.seekg(static_cast<std::streamoff>(byte));
  stream.read(reinterpret_cast<char*>(out), static_cast<std::streamsize>(count));
  return static_cast<std::size_t>(stream.gcount()) == count;
}

/// Turns the bytes of one frame into numbers. Compiled for each processor and number kind: the loop over points is
/// where the time goes.
template <C3dProcessor processor, bool is_float>
void decode_frame(const unsigned char* bytes, const C3dDescription& d, double* positions, double* analogs) {
  constexpr std::size_t width = is_float ? 4 : 2;
  const double kNaN = std::numeric_limits<double>::quiet_NaN();
  const auto number = [](const unsigned char* p) {
    if constexpr (is_float)
      return decode_c3d_float(p, processor);
    else
      return static_cast<double>(decode_c3d_integer(p, processor));
  };
  const double scale_of_file = is_float ? 1.0 : d.point_scale;
  for (std::size_t point = 0; point < d.point_count; ++point, bytes += 4 * width, positions += 3) {
    const double x = number(bytes), y = number(bytes + width), z = number(bytes + 2 * width);
    const double residual = number(bytes + 3 * width);
    const bool is_gap = !(residual >= 0) || (x == 0 && y == 0 && z == 0) || !std::isfinite(x + y + z);
    const double scale = d.is_marker[point] ? scale_of_file * d.point_unit_m : scale_of_file;
    positions[0] = is_gap ? kNaN : x * scale;
    positions[1] = is_gap ? kNaN : y * scale;
    positions[2] = is_gap ? kNaN : z * scale;
  }
  for (std::size_t sample = 0; sample < d.samples_per_frame; ++sample)
    for (const C3dChannel& channel : d.channels) {
      double raw = number(bytes);
      if (!is_float && d.analog_is_unsigned && raw < 0) raw += 65536;
      *analogs++ = (raw - channel.offset) * channel.scale;
      bytes += width;
    }
}

using FrameDecoder = void (*)(const unsigned char*, const C3dDescription&, double*, double*);

FrameDecoder find_decoder(C3dProcessor processor, bool is_float) {
  switch (processor) {
    case C3dProcessor::dec:
      return is_float ? decode_frame<C3dProcessor::dec, true> : decode_frame<C3dProcessor::dec, false>;
    case C3dProcessor::mips:
      return is_float ? decode_frame<C3dProcessor::mips, true> : decode_frame<C3dProcessor::mips, false>;
    default:
      return is_float ? decode_frame<C3dProcessor::intel, true> : decode_frame<C3dProcessor::intel, false>;
  }
}

}  // namespace

std::optional<C3dReader> C3dReader::open(const std::string& path, Diagnostics& diagnostics) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    diagnostics.error("C3D-002", path, 0, "this is a folder, not a C3D file", "Name the file in it.");
    return std::nullopt;
  }
  errno = 0;
  auto stream = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*stream) {
    const std::string reason = errno != 0 ? std::strerror(errno) : "it cannot be opened";
    diagnostics.error("C3D-001", path, 0, "the file cannot be read: " + reason,
                      "Check path, spelling and permissions.");
    return std::nullopt;
  }
  return open_stream(std::move(stream), path, diagnostics);
}

std::optional<C3dReader> C3dReader::open_bytes(std::string bytes, const std::string& file_name,
                                               Diagnostics& diagnostics) {
  return open_stream(std::make_unique<std::istringstream>(std::move(bytes)), file_name, diagnostics);
}

std::optional<C3dReader> C3dReader::open_stream(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                                Diagnostics& diagnostics) {
  stream->seekg(0, std::ios::end);
  const std::streamoff end = stream->tellg();
  if (end < 0) {
    diagnostics.error("C3D-001", file_name, 0, "the file cannot be read: its size is not known",
                      "Give a file, not a pipe or device.");
    return std::nullopt;
  }
  const auto file_bytes = static_cast<std::uint64_t>(end);
  std::vector<unsigned char> head(kBlockBytes);
  if (file_bytes < kBlockBytes || !read_at(*stream, 0, head.data(), head.size()) || head[1] != 80) {
    diagnostics.error("C3D-003", file_name, 0,
                      file_bytes < kBlockBytes
                          ? "the file has " + std::to_string(file_bytes) + " bytes; a C3D header alone has 512"
                          : "byte 1 is " + std::to_string(head[1]) + "; it is 80 in every C3D file",
                      "Choose a C3D file, or export it again.");
    return std::nullopt;
  }

  // the parameter section begins with four bytes of its own, the last of which is the processor
  const std::uint64_t parameter_block = head[0];
  const std::uint64_t parameter_byte = (parameter_block - 1) * kBlockBytes;
  unsigned char section_head[4] = {};
  if (parameter_block == 0 || parameter_byte + 4 > file_bytes || !read_at(*stream, parameter_byte, section_head, 4)) {
    diagnostics.error("C3D-004", file_name, 0,
                      "byte 0: the parameter section is said to begin in block " + std::to_string(parameter_block) +
                          "; the file has blocks 1 to " + std::to_string((file_bytes + 511) / kBlockBytes),
                      "Export the file again; it may be cut short or damaged.");
    return std::nullopt;
  }
  if (section_head[3] < 84 || section_head[3] > 86) {
    diagnostics.error("C3D-005", file_name, 0,
                      "byte " + std::to_string(parameter_byte + 3) + ": the processor type is " +
                          std::to_string(section_head[3]) + "; 84 (Intel), 85 (DEC) and 86 (MIPS) exist",
                      "Export the file again; it may be damaged.");
    return std::nullopt;
  }
  const auto processor = static_cast<C3dProcessor>(section_head[3]);
  const C3dHeader header = decode_c3d_header(head.data(), processor);

  // a section of more than 255 blocks cannot say its length in a byte: then the data section ends it
  std::uint64_t section_end = parameter_byte + section_head[2] * kBlockBytes;
  if (header.data_block > 0) section_end = std::max(section_end, (header.data_block - 1) * kBlockBytes);
  section_end = std::min({section_end, file_bytes, parameter_byte + kMostParameterBytes});
  std::vector<unsigned char> section(section_end > parameter_byte ? section_end - parameter_byte : 0);
  if (!read_at(*stream, parameter_byte, section.data(), section.size())) {
    diagnostics.error("C3D-017", file_name, 0, "byte " + std::to_string(parameter_byte) + ": reading failed",
                      "Check the disk or network the file is on.");
    return std::nullopt;
  }
  Diagnostics found;
  auto parameters = parse_c3d_parameters(section, parameter_byte, processor, file_name, found);
  auto description =
      make_c3d_description(header, processor, std::move(parameters), parameter_byte, file_bytes, file_name, found);
  for (const Diagnostic& item : found.items()) diagnostics.add(item);
  if (!description || found.has_errors()) return std::nullopt;
  C3dReader reader;
  reader.stream_ = std::move(stream);
  reader.description_ = std::move(*description);
  reader.stream_->clear();
  reader.stream_->seekg(static_cast<std::streamoff>(reader.description_.data_byte));
  return reader;
}

bool C3dReader::read_block(C3dBlock& block, Diagnostics& diagnostics) {
  const C3dDescription& d = description_;
  if (next_frame_ >= d.frame_count) return false;
  const std::size_t fitting = static_cast<std::size_t>(std::max<std::uint64_t>(1, kBufferBytes / d.frame_bytes));
  const std::size_t count = std::min(fitting, d.frame_count - next_frame_);
  buffer_.resize(count * d.frame_bytes);
  stream_->read(reinterpret_cast<char*>(buffer_.data()), static_cast<std::streamsize>(buffer_.size()));
  if (static_cast<std::size_t>(stream_->gcount()) != buffer_.size()) {
    diagnostics.error("C3D-017", d.file, 0,
                      "byte " + std::to_string(d.data_byte + next_frame_ * d.frame_bytes) +
                          ": reading failed at frame " + std::to_string(next_frame_ + 1) + " of " +
                          std::to_string(d.frame_count),
                      "Check the disk or network the file is on, and that no program is writing to it.");
    next_frame_ = d.frame_count;
    return false;
  }
  const std::size_t samples = d.samples_per_frame * d.channel_count;
  block.first_frame = next_frame_;
  block.frame_count = count;
  block.positions.resize(count * d.point_count * 3);
  block.analogs.resize(count * samples);
  const FrameDecoder decode = find_decoder(d.processor, d.is_float);
  for (std::size_t frame = 0; frame < count; ++frame)
    decode(buffer_.data() + frame * d.frame_bytes, d, block.positions.data() + frame * d.point_count * 3,
           block.analogs.data() + frame * samples);
  next_frame_ += count;
  return true;
}

}  // namespace buttress
